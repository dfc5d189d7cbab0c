"""What an order would cost if the campagne ended today: the tier the whole groupement reaches, VAT, how far the next.

Where each delivery place has its bon and each bon its tier, only the pieces of that bon reach it (docs/decisions/
0025-un-bon-par-lieu.md). Amounts in € HT unless the name says otherwise, quantities in pieces. An estimate and said
so: the final price follows the quantity the groupement really buys. The sentences: `rules/phrases_du_prix.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.paliers import ExplicationPalier, PalierAtteignable, expliquer_palier
from groupement.commandes.rules.par_lieu import unites_livrees
from groupement.socle.argent import bases_par_taux, montant_ligne, tva_par_taux

ZERO = Decimal("0.00")


class Compte(Enum):
    """Whose pieces reach the tiers of an article: everybody's, the order's alone at its place, or the depot's bon."""

    GROUPEMENT = "groupement"
    LIEU = "lieu"
    DEPOT = "depot"


@dataclass(frozen=True, slots=True)
class ArticleDemande:
    """An article of an order: its `unites`, what the other orders ask, what was bought before and counts for tiers.

    `repreneur`: the titulaire whose prices these are, where one before it has declined. `unites_des_autres`: those of
    the pieces `compte` names; of an order at its place (LIEU), those on the depot's bon, which what would open a pack
    there joins. `acceptees_en_plus`: the extra pieces that may fill its last pack there.
    """

    article_id: int
    unites: int
    unites_des_autres: int
    unites_par_colis: int
    tva_pct: Decimal
    paliers: tuple[Palier, ...]
    deja_achetees: int = 0
    repreneur: str = ""
    compte: Compte = Compte.GROUPEMENT
    acceptees_en_plus: int = 0


@dataclass(frozen=True, slots=True)
class LigneEstimee:
    """The estimate of a line. Without a price, `explication` is None and the amount nil.

    `unites_du_groupement`: what is asked of what `compte` names, the line's own pieces included. `retiree`: the part
    of a delivered line that fills no pack at its place; it is bought on the depot's bon, the explanation is the rest's.
    """

    article_id: int
    unites: int
    unites_du_groupement: int
    tva_pct: Decimal
    explication: ExplicationPalier | None
    montant_ht: Decimal
    repreneur: str = ""  # the titulaire whose prices these are, where one before it has declined
    compte: Compte = Compte.GROUPEMENT
    retiree: "LigneEstimee | None" = None

    @property
    def unites_a_ce_prix(self) -> int:
        """Its pieces that have the price explained: all, but those bought on the depot's bon."""
        return self.unites - (self.retiree.unites if self.retiree else 0)

    @property
    def prix_unitaire_ht(self) -> Decimal | None:
        """The price if the campagne ended today."""
        return self.explication.prix_unitaire_ht if self.explication else None

    @property
    def prix_de_base_ht(self) -> Decimal | None:
        """The price of the first tier: what the catalogue announces."""
        return self.explication.prix_de_base_ht if self.explication else None

    @property
    def suivant(self) -> PalierAtteignable | None:
        """The next tier, if any."""
        return self.explication.suivant if self.explication else None

    @property
    def gain_ht(self) -> Decimal:
        """What ordering together spares on this line, against the base price."""
        return (
            ZERO if self.prix_de_base_ht is None else montant_ligne(self.unites, self.prix_de_base_ht) - self.montant_ht
        )

    def gain_au_suivant(self, unites: int) -> Decimal:
        """What the next tier would spare on `unites` pieces; nil at the best price."""
        if self.explication is None or self.suivant is None:
            return ZERO
        return montant_ligne(unites, self.explication.prix_unitaire_ht) - montant_ligne(
            unites, self.suivant.prix_unitaire_ht
        )


@dataclass(frozen=True, slots=True)
class Estimation:
    """The estimate of an order: its lines by article, its totals, VAT per rate on the summed base."""

    lignes: dict[int, LigneEstimee]
    total_ht: Decimal
    tva: dict[Decimal, Decimal]
    bases: dict[Decimal, Decimal]
    total_ttc: Decimal
    gain_ht: Decimal

    @property
    def sans_prix(self) -> list[int]:
        """The articles nobody has given a price to."""
        return [ligne.article_id for ligne in self.lignes.values() if ligne.explication is None]

    @property
    def phrases_des_repreneurs(self) -> list[str]:
        """Whose prices some lines have, once each, in the order of the lines; nothing where the first deliver."""
        noms = dict.fromkeys(ligne.repreneur for ligne in self.lignes.values() if ligne.repreneur)
        return [phrase_du_repreneur(nom) for nom in noms]


def estimer_ligne(demande: ArticleDemande) -> LigneEstimee:
    """The estimate of one article, at the tier reached in whole packs by the groupement, or by its bon."""
    if demande.compte is not Compte.LIEU:
        return _estimer_sur_un_bon(demande)
    livrees = unites_livrees(demande.unites, demande.acceptees_en_plus, demande.unites_par_colis)
    au_lieu = _estimer_sur_un_bon(replace(demande, unites=livrees, unites_des_autres=0))
    if livrees == demande.unites:
        return au_lieu
    retiree = _estimer_sur_un_bon(replace(demande, unites=demande.unites - livrees, compte=Compte.DEPOT))
    if not livrees:
        return retiree
    return replace(au_lieu, unites=demande.unites, montant_ht=au_lieu.montant_ht + retiree.montant_ht, retiree=retiree)


def _estimer_sur_un_bon(demande: ArticleDemande) -> LigneEstimee:
    """The estimate of pieces that are all on one bon."""
    ensemble, explication, montant = demande.unites + demande.unites_des_autres, None, ZERO
    if demande.paliers:
        achetees = colis_necessaires(ensemble, demande.unites_par_colis) * demande.unites_par_colis
        explication = expliquer_palier(
            demande.paliers, demande.unites_par_colis, achetees, deja_achetees=demande.deja_achetees
        )
        montant = montant_ligne(demande.unites, explication.prix_unitaire_ht)
    return LigneEstimee(
        *(demande.article_id, demande.unites, ensemble, demande.tva_pct, explication, montant),
        repreneur=demande.repreneur if explication else "",
        compte=demande.compte,
    )


def estimer(demandes: Iterable[ArticleDemande]) -> Estimation:
    """The estimate of an order."""
    lignes = {demande.article_id: estimer_ligne(demande) for demande in demandes}
    paires = [(ligne.montant_ht, ligne.tva_pct) for ligne in lignes.values() if ligne.explication]
    taxes = tva_par_taux(paires)
    total_ht = sum((ligne.montant_ht for ligne in lignes.values()), ZERO)
    gain = sum((ligne.gain_ht for ligne in lignes.values()), ZERO)
    total_ttc = total_ht + sum(taxes.values(), ZERO)
    return Estimation(lignes, total_ht, taxes, bases_par_taux(paires), total_ttc, gain)


def phrase_du_repreneur(nom: str) -> str:
    """Whose prices these are, since a titulaire before it declined (cascade: docs/decisions/0026-cascade.md)."""
    return f"Un titulaire du lot a décliné\u00a0: le suivant, {nom}, livre à ses propres prix et conditions."
