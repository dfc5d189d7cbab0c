"""A bon once its lines are known: its totals and shipping, whether it can be issued, who bears the shipping, the proof.

Amounts in € HT (2 places), shares of the shipping in whole centimes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from groupement.commandes.rules.bons import (
    Affectation,
    BonRegroupe,
    CodeRefus,
    LigneRegroupee,
    Origine,
    PartPort,
    PreuveLot,
    Refus,
    TvaDuBon,
)
from groupement.commandes.rules.demandes import ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.plafond import motif_depassement
from groupement.commandes.rules.port import port_du
from groupement.socle.argent import bases_par_taux, en_centimes, en_euros, repartir_entier, tva_par_taux
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")


@dataclass(slots=True)
class LotRegroupe:
    """What a lot gives: its bons with their affectations, shares of shipping and proofs, or refusals."""

    bons: list[BonRegroupe] = field(default_factory=list)
    affectations: list[Affectation] = field(default_factory=list)
    ports: list[PartPort] = field(default_factory=list)
    refus: list[Refus] = field(default_factory=list)
    preuves: list[PreuveLot] = field(default_factory=list)


def former_le_bon(lot: LotARegrouper, lignes: Sequence[LigneRegroupee], lieu: int | None = None) -> BonRegroupe:
    """Total of the lines, with shipping when they stay below the franco, and VAT per rate."""
    marchandises = sum((ligne.montant_ht for ligne in lignes), ZERO)
    achete = any(ligne.colis for ligne in lignes)
    port = port_du(lot.port_ht, lot.franco_ht, marchandises) if achete else ZERO
    paires = [(ligne.montant_ht, ligne.tva_pct) for ligne in lignes if ligne.colis]
    paires += [(port, lot.tva_port_pct)] if port else []
    bases, taxes = bases_par_taux(paires), tva_par_taux(paires)
    total_tva = sum(taxes.values(), ZERO)
    return BonRegroupe(
        lot=lot.lot,
        lignes=tuple(lignes),
        port_ht=port,
        total_ht=marchandises + port,
        tva=tuple(TvaDuBon(taux, bases[taux], taxe) for taux, taxe in taxes.items()),
        total_tva=total_tva,
        total_ttc=marchandises + port + total_tva,
        lieu=lieu,
    )


def refus_du_minimum(lot: LotARegrouper, bon: BonRegroupe, nom_du_lieu: str = "") -> Refus | None:
    """Why the supplier would not take this bon: below the minimum order. None when it would."""
    marchandises = bon.total_ht - bon.port_ht
    if not bon.est_a_emettre or marchandises >= lot.minimum_commande_ht:
        return None
    motif = (
        f"Commande trop petite pour le fournisseur\u00a0: {euros_fr(marchandises)} HT, "
        f"pour un minimum de {euros_fr(lot.minimum_commande_ht)}. Il manque "
        f"{euros_fr(lot.minimum_commande_ht - marchandises)}."
    )
    lieu = f"{nom_du_lieu}\u00a0: {motif[0].lower()}{motif[1:]}" if nom_du_lieu else motif
    return Refus(lot.lot, None, None, CodeRefus.MINIMUM, lieu, bon.lieu, nom_du_lieu)


def refus_du_plafond(lot: LotARegrouper, bons: Sequence[BonRegroupe]) -> Refus | None:
    """Why the bons of this lot cannot be issued: above the ceiling, together. None when they can."""
    a_commander = sum((bon.total_ht for bon in bons if bon.est_a_emettre), ZERO)
    depassement = motif_depassement(lot.plafond_ht, lot.deja_engage_ht, a_commander) if a_commander else None
    return Refus(lot.lot, None, None, CodeRefus.PLAFOND, depassement) if depassement else None


def refus_sans_prix(article: ArticleARegrouper) -> Refus:
    """The refusal of an article nobody has given a price to."""
    pourquoi = article.sans_prix or "chargez son prix avant de regrouper."
    motif = f"L’article {article.reference} n’a pas de prix à cette date\u00a0: {pourquoi}"
    return Refus(article.lot, article.article_id, article.reference, CodeRefus.SANS_PRIX, motif)


def premiers_rangs(demandes: Iterable[Demande]) -> dict[int, int]:
    """The best rank each body holds in the lot, bodies from the first served to the last."""
    premiers: dict[int, int] = {}
    for demande in demandes:
        connu = premiers.get(demande.collectivite_id)
        if connu is None or demande.rang < connu:
            premiers[demande.collectivite_id] = demande.rang
    return dict(sorted(premiers.items(), key=lambda couple: couple[1]))


def partager_le_port(bon: BonRegroupe, affectations: Iterable[Affectation], premiers: dict[int, int]) -> list[PartPort]:
    """Share the shipping over the bodies by their HT amount on the bon; by pieces when every amount is nil.

    A bon that only fills the depot is shipped at the depot's cost (`collectivite_id` None).
    """
    centimes, unites, sirens = dict.fromkeys(premiers, 0), dict.fromkeys(premiers, 0), {}
    for affectation in affectations:
        if affectation.origine is Origine.BON:
            centimes[affectation.collectivite_id] += affectation.centimes
            unites[affectation.collectivite_id] += affectation.unites
            sirens[affectation.collectivite_id] = affectation.siren
    poids = centimes if any(centimes.values()) else unites
    if not any(poids.values()):
        return [PartPort(bon.lot, None, "", en_centimes(bon.port_ht), bon.lieu)]
    parts = repartir_entier(en_centimes(bon.port_ht), list(poids.values()))
    return [PartPort(bon.lot, qui, sirens[qui], part, bon.lieu) for qui, part in zip(poids, parts, strict=True) if part]


def prouver(
    bon: BonRegroupe, affectations: Iterable[Affectation], ports: Iterable[PartPort], lieu: str = ""
) -> PreuveLot:
    """Count both sides of a bon again, from the lines on one hand and from the affectations on the other."""
    unites, centimes = dict.fromkeys(Origine, 0), dict.fromkeys(Origine, 0)
    for affectation in affectations:
        unites[affectation.origine] += affectation.unites_demandees + affectation.unites_en_plus
        centimes[affectation.origine] += affectation.centimes
    return PreuveLot(
        lot=bon.lot,
        unites_achetees=sum(ligne.unites_achetees for ligne in bon.lignes),
        unites_membres=unites[Origine.BON],
        unites_depot=sum(ligne.surplus_au_depot for ligne in bon.lignes),
        total_ht=bon.total_ht,
        montant_membres_ht=en_euros(centimes[Origine.BON]),
        port_membres_ht=en_euros(sum(part.centimes for part in ports)),
        montant_depot_ht=sum((ligne.montant_depot_ht for ligne in bon.lignes), ZERO),
        unites_du_stock=sum(ligne.unites_du_stock for ligne in bon.lignes),
        unites_stock_membres=unites[Origine.STOCK],
        montant_stock_ht=sum((ligne.montant_stock_ht for ligne in bon.lignes), ZERO),
        montant_stock_membres_ht=en_euros(centimes[Origine.STOCK]),
        lieu=lieu,
    )
