"""A bon revised: what it gives, to the piece and to the centime, and what keeps it from being issued.

Amounts in € HT, quantities in pieces. A revision only takes off: dates, shipping and places move freely, quantities
go down. Source: CCP R2162-13 (the bon says which quantity), CCAG-FCS 3.7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from groupement.commandes.rules.bon_a_reviser import BonAReviser, Changement, Demande
from groupement.commandes.rules.changements import changements
from groupement.commandes.rules.lignes_revisees import (
    LigneAReviser,
    LigneRevisee,
    Part,
    retirer_par_la_fin,
    reviser_ligne,
)
from groupement.commandes.rules.plafond import motif_depassement
from groupement.socle.argent import en_centimes, repartir_entier, tva_par_taux
from groupement.socle.nombres import accorde, entier_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class BonRevise:
    """The bon as the revision would leave it."""

    a_livrer_avant_le: date
    port_ht: Decimal
    lignes: tuple[LigneRevisee, ...]
    ports: Mapping[int | None, int]
    total_ht: Decimal
    total_tva: Decimal
    changements: tuple[Changement, ...]

    @property
    def total_ttc(self) -> Decimal:
        """With VAT."""
        return self.total_ht + self.total_tva

    @property
    def liberees(self) -> int:
        """Pieces the members give up."""
        return sum(ligne.liberees for ligne in self.lignes)

    @property
    def est_exact(self) -> bool:
        """Whether every part sums to the whole: lines, shipping, total."""
        montants = sum((ligne.montant_ht for ligne in self.lignes), ZERO)
        return (
            all(ligne.est_exacte for ligne in self.lignes)
            and sum(self.ports.values()) == en_centimes(self.port_ht)
            and montants + self.port_ht == self.total_ht
        )

    @property
    def empreinte(self) -> str:
        """What a person who agrees to this revision agrees to."""
        return sha256(repr((self.changements, str(self.total_ht), str(self.total_tva))).encode()).hexdigest()


def reviser(bon: BonAReviser, demande: Demande) -> BonRevise:
    """The bon once revised; `fautes` must be empty."""
    lignes = tuple(_ligne(ligne, demande) for ligne in bon.lignes)
    ports = _ports(bon, lignes, demande.port_ht)
    paires = [(apres.montant_ht, avant.tva_pct) for avant, apres in zip(bon.lignes, lignes, strict=True) if apres.colis]
    paires += [(demande.port_ht, bon.tva_port_pct)] if demande.port_ht else []
    return BonRevise(
        a_livrer_avant_le=demande.a_livrer_avant_le,
        port_ht=demande.port_ht,
        lignes=lignes,
        ports=ports,
        total_ht=sum((ligne.montant_ht for ligne in lignes), ZERO) + demande.port_ht,
        total_tva=sum(tva_par_taux(paires).values(), ZERO),
        changements=tuple(changements(bon, lignes, demande)),
    )


def refus(bon: BonAReviser, revise: BonRevise) -> str | None:
    """Why the revision worked out cannot be issued; None when it can."""
    if not revise.changements:
        return "Rien n’a changé\u00a0: modifiez la date, le port, une quantité ou un lieu."
    if not any(ligne.colis for ligne in revise.lignes):
        return "Il ne resterait rien sur ce bon\u00a0: annulez-le plutôt."
    if bon.lieu and (motif := _plusieurs_lieux(bon, revise)):
        return motif
    sans_rien = _perdus(bon, revise)
    if bon.port_facture and sans_rien:
        return f"Le port est déjà facturé à d’autres membres\u00a0: gardez au moins une unité pour {sans_rien[0]}."
    if revise.total_ht <= bon.total_ht:
        return None
    return motif_depassement(bon.plafond_ht, bon.autres_bons_ht, revise.total_ht)


def _plusieurs_lieux(bon: BonAReviser, revise: BonRevise) -> str | None:
    """Why a bon of one place would go to several: a pack opened for the depot, or a body that leaves the others."""
    lieux = {part.point_id for ligne in revise.lignes for part in ligne.membres if part.unites}
    if lieux - {None}:
        for avant, apres in zip(bon.lignes, revise.lignes, strict=True):
            if apres.surplus_au_depot:
                moins = apres.unites - avant.unites_par_colis
                return (
                    f"Ce bon ne va qu’à {bon.lieu}, en colis entiers\u00a0: gardez {entier_fr(moins)} ou "
                    f"{accorde(apres.unites, 'unité')} de {avant.reference}."
                )
    if len(lieux) > 1:
        return f"Ce bon ne va qu’à un lieu ({bon.lieu})\u00a0: déplacez tous ceux qu’il sert, ou personne."
    return None


def _perdus(bon: BonAReviser, revise: BonRevise) -> list[str]:
    """The bodies with a share of the shipping and no piece left."""
    restants = {part.collectivite_id for ligne in revise.lignes for part in ligne.membres if part.unites}
    return [
        bon.noms[corps] for corps, part in bon.ports.items() if corps is not None and part and corps not in restants
    ]


def _ligne(ligne: LigneAReviser, demande: Demande) -> LigneRevisee:
    """One article: what was asked of bodies one by one, then of the line as a whole; then the places."""
    cles = [part.affectation_id or 0 for part in ligne.membres]
    nouvelles = {cle: demande.unites[cle] for cle in cles if cle in demande.unites}
    if ligne.ligne_id in demande.garder:
        reduites = replace(ligne, membres=tuple(_avec(part, nouvelles) for part in ligne.membres))
        nouvelles = {**nouvelles, **retirer_par_la_fin(reduites, demande.garder[ligne.ligne_id])}
    revisee = reviser_ligne(ligne, nouvelles, recalculer=demande.recalculer and not ligne.figee)
    return replace(revisee, membres=tuple(_au_lieu(part, demande) for part in revisee.membres))


def _avec(part: Part, nouvelles: Mapping[int, int]) -> Part:
    """The part once reduced, with what can still be taken from it."""
    unites = nouvelles.get(part.affectation_id or 0, part.unites)
    return replace(part, unites=unites, retirables=part.retirables - (part.unites - unites))


def _au_lieu(part: Part, demande: Demande) -> Part:
    """The part at the place its body moves to."""
    corps = part.collectivite_id
    return replace(part, point_id=demande.lieux[corps]) if corps is not None and corps in demande.lieux else part


def _ports(bon: BonAReviser, lignes: Sequence[LigneRevisee], port_ht: Decimal) -> Mapping[int | None, int]:
    """The shipping over the bodies by their amounts, as at the regroupement; as it was when those do not change."""
    inchanges = all(
        apres.montant_ht == avant.montant_ht and not apres.liberees
        for avant, apres in zip(bon.lignes, lignes, strict=True)
    )
    if bon.port_facture or (inchanges and port_ht == bon.port_ht):
        return bon.ports
    centimes: dict[int | None, int] = {}
    unites: dict[int | None, int] = {}
    for part in (part for ligne in lignes for part in ligne.membres if part.unites):
        centimes[part.collectivite_id] = centimes.get(part.collectivite_id, 0) + part.centimes
        unites[part.collectivite_id] = unites.get(part.collectivite_id, 0) + part.unites
    if not port_ht:
        return {}
    poids = centimes if any(centimes.values()) else unites or {None: 1}
    parts = repartir_entier(en_centimes(port_ht), list(poids.values()))
    return {corps: part for corps, part in zip(poids, parts, strict=True) if part}
