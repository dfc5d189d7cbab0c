"""An article of a bon revised: who gives up what, what is still bought, and every piece and centime given again.

Quantities are pieces, shares whole centimes HT. Extra units a member had accepted are given up before firm ones; what
is opened of the last pack goes to the depot; prices stay those of the bon unless its tiers are worked out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.socle.argent import en_centimes, montant_ligne, repartir_entier


@dataclass(frozen=True, slots=True)
class Part:
    """What a body (None: the depot) has of an article. `retirables`: pieces neither delivered nor announced.

    `affectation_id` is None for a surplus that does not exist yet.
    """

    affectation_id: int | None
    collectivite_id: int | None
    unites: int
    en_plus: int
    centimes: int
    retirables: int
    point_id: int | None = None

    @property
    def plancher(self) -> int:
        """The pieces that cannot be taken back: delivered, or on their way."""
        return self.unites - self.retirables


@dataclass(frozen=True, slots=True)
class LigneAReviser:
    """An article of a bon with the members' parts in rank order, and the depot's.

    `figee`: something of it is billed, or in the depot's stock at its price: nothing of it can change any more.
    `entamee`: something of it is admitted. `paliers` and `deja_achetees` are those of the day of issue.
    """

    ligne_id: int
    reference: str
    designation: str
    unites_par_colis: int
    unites_demandees: int
    unites_du_stock: int
    unites: int
    prix_unitaire_ht: Decimal
    tva_pct: Decimal
    montant_ht: Decimal
    membres: tuple[Part, ...]
    depot: Part | None = None
    paliers: tuple[Palier, ...] = ()
    deja_achetees: int = 0
    figee: bool = False
    entamee: bool = False

    @property
    def aux_membres(self) -> int:
        """What the members have of it."""
        return sum(part.unites for part in self.membres)


@dataclass(frozen=True, slots=True)
class LigneRevisee:
    """The same article after the revision; `liberees` pieces were given up by members."""

    ligne_id: int
    unites_demandees: int
    colis: int
    unites: int
    unites_acceptees_en_plus: int
    surplus_au_depot: int
    prix_unitaire_ht: Decimal
    montant_ht: Decimal
    membres: tuple[Part, ...]
    depot: Part | None
    liberees: int

    @property
    def est_exacte(self) -> bool:
        """Whether members and depot make the line, in pieces and to the centime."""
        parts = [*self.membres, *([self.depot] if self.depot else [])]
        unites, centimes = sum(p.unites for p in parts), sum(p.centimes for p in parts)
        return unites == self.unites and centimes == en_centimes(self.montant_ht)


def retirer_par_la_fin(ligne: LigneAReviser, garder: int) -> dict[int, int]:
    """New units by affectation id when the members keep `garder` pieces in all: last in rank give up first.

    Nobody goes below what is delivered or announced: the sum may stay above `garder`.
    """
    a_retirer = ligne.aux_membres - garder
    nouvelles: dict[int, int] = {}
    for part in reversed(ligne.membres):
        retire = min(part.retirables, max(a_retirer, 0))
        if retire and part.affectation_id is not None:
            nouvelles[part.affectation_id] = part.unites - retire
            a_retirer -= retire
    return nouvelles


def reviser_ligne(ligne: LigneAReviser, nouvelles: Mapping[int, int], *, recalculer: bool = False) -> LigneRevisee:
    """The line once the affectations named in `nouvelles` (id: units) have those units.

    Raises ValueError for units above what the part has, or below what cannot be taken back.
    """
    membres = [_reduire(part, nouvelles.get(part.affectation_id or 0, part.unites)) for part in ligne.membres]
    liberees = ligne.aux_membres - sum(part.unites for part in membres)
    unites, depot = (ligne.unites, ligne.depot) if not liberees else _acheter(ligne, sum(p.unites for p in membres))
    prix = _prix(ligne, unites) if recalculer else ligne.prix_unitaire_ht
    montant = montant_ligne(unites, prix)
    if liberees or prix != ligne.prix_unitaire_ht:
        membres, depot = _partager(en_centimes(montant), membres, depot)
    en_plus = sum(part.en_plus for part in membres)
    surplus = depot.unites if depot else 0
    return LigneRevisee(
        ligne_id=ligne.ligne_id,
        unites_demandees=unites - en_plus - surplus + ligne.unites_du_stock,
        colis=unites // ligne.unites_par_colis,
        unites=unites,
        unites_acceptees_en_plus=en_plus,
        surplus_au_depot=surplus,
        prix_unitaire_ht=prix,
        montant_ht=montant,
        membres=tuple(membres),
        depot=depot,
        liberees=liberees,
    )


def _reduire(part: Part, unites: int) -> Part:
    """The part with fewer units, its extra ones given up first."""
    if not part.plancher <= unites <= part.unites:
        raise ValueError(f"{unites} unités demandées, entre {part.plancher} et {part.unites} possibles")
    return replace(part, unites=unites, en_plus=max(part.en_plus - (part.unites - unites), 0))


def _acheter(ligne: LigneAReviser, aux_membres: int) -> tuple[int, Part | None]:
    """Whole packs for the members and what the depot has already had; the depot keeps what is left of them."""
    plancher = ligne.depot.plancher if ligne.depot else 0
    unites = colis_necessaires(aux_membres + plancher, ligne.unites_par_colis) * ligne.unites_par_colis
    surplus = unites - aux_membres
    if ligne.depot:
        return unites, replace(ligne.depot, unites=surplus)
    return unites, Part(None, None, surplus, 0, 0, surplus) if surplus else None


def _prix(ligne: LigneAReviser, unites: int) -> Decimal:
    """The price of the tier that quantity reaches; the bon's own once something is admitted, or with nothing left."""
    if ligne.entamee or not ligne.paliers or not unites:
        return ligne.prix_unitaire_ht
    return palier_applicable(ligne.paliers, unites + ligne.deja_achetees).prix_unitaire_ht


def _partager(centimes: int, membres: Sequence[Part], depot: Part | None) -> tuple[list[Part], Part | None]:
    """Share the amount of the line over its pieces, as at the regroupement."""
    parts = [*membres, *([depot] if depot else [])]
    poids = [part.unites for part in parts]
    valeurs = repartir_entier(centimes, poids) if any(poids) else [0] * len(parts)
    chiffrees = [replace(part, centimes=valeur) for part, valeur in zip(parts, valeurs, strict=True)]
    return chiffrees[: len(membres)], chiffrees[-1] if depot else None
