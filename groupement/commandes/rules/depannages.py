"""Urgent orders, served by the depot between windows: when, how many, at what cost.

Quantities are pieces, amounts € HT. The price is what the pieces cost: their share of the value of the stock (weighted
average cost), so that what members pay and what leaves the stock are the same centimes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from groupement.commandes.rules.avancement import Etape
from groupement.commandes.states import EtatCommande
from groupement.socle.argent import tva_par_taux
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import accorde, entier_fr, euros_fr
from groupement.stock.rules.valeur import Stock, valeur_de_sortie

PAS_DU_PRIX = Decimal("0.0001")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Offre:
    """An article lying at the depot; `reserve`: pieces the depot keeps for itself."""

    article_id: int
    reference: str
    tva_pct: Decimal
    stock: Stock
    reserve: int = 0

    @property
    def disponibles(self) -> int:
        """Pieces a member may ask for."""
        return max(self.stock.unites - self.reserve, 0)

    @property
    def prix_unitaire_ht(self) -> Decimal:
        """What a piece costs on average (€, 4 decimals), to show; amounts come from `cout`. Zero when none is there."""
        return prix_moyen(self.stock.valeur_ht, self.stock.unites)

    def cout(self, unites: int) -> Decimal:
        """What `unites` pieces cost (€, 2 places). Raises StockInsuffisant when there are not so many."""
        return valeur_de_sortie(self.stock, unites)


@dataclass(frozen=True, slots=True)
class LigneChiffree:
    """Pieces of an article and what they cost together."""

    article_id: int
    unites: int
    prix_unitaire_ht: Decimal
    tva_pct: Decimal
    montant_ht: Decimal


def prix_moyen(montant_ht: Decimal, unites: int) -> Decimal:
    """The price of a piece (€, 4 decimals, halves up) when `unites` cost `montant_ht`; zero for no piece."""
    return (montant_ht / unites).quantize(PAS_DU_PRIX, ROUND_HALF_UP) if unites else Decimal("0.0000")


def periode(annee: int) -> tuple[date, date]:
    """First and last day of the urgent orders of a year."""
    return date(annee, 1, 1), date(annee, 12, 31)


def intitule(annee: int) -> str:
    """The name of the campagne that holds them."""
    return f"Dépannages {annee}"


def motif_de_refus(
    *, marche_du: date, marche_au: date, le: date, fenetre_ouverte: tuple[str, date] | None
) -> str | None:
    """Why a body cannot be served by the depot on the day `le`; None when it can.

    `fenetre_ouverte`: name and last day of a window of the marché open for this body; it orders there then.
    """
    if le < marche_du:
        return f"Le marché commence le {date_fr(marche_du)}\u00a0: le dépannage ouvrira ce jour-là."
    if le > marche_au:
        return f"Le marché est terminé depuis le {date_fr(marche_au)}\u00a0: le dépôt n’en sert plus les articles."
    if fenetre_ouverte:
        nom, au = fenetre_ouverte
        return f"Commandez dans la campagne «\u00a0{nom}\u00a0», ouverte jusqu’au {date_fr(au)}."
    return None


def refus_de_la_quantite(offre: Offre, unites: int) -> str | None:
    """Why the depot cannot give `unites` pieces; None when it can. One sentence, with what is left."""
    if unites < 1:
        return "Indiquez au moins une unité, ou laissez la case vide."
    if unites <= offre.disponibles:
        return None
    if not offre.disponibles:
        return "Il n’en reste plus au dépôt\u00a0: retirez cet article."
    return (
        f"Il en reste {accorde(offre.disponibles, 'disponible')} au dépôt, vous en demandez {entier_fr(unites)}\u00a0: "
        f"demandez-en {entier_fr(offre.disponibles)} au plus."
    )


def refus_par_article(offres: Mapping[int, Offre], demandes: Iterable[tuple[int, int]]) -> dict[int, str]:
    """What cannot be served of these (article, units): a sentence by article. An article that is gone has none left."""
    refus = {}
    for article_id, unites in demandes:
        offre = offres.get(article_id, Offre(article_id, "", ZERO, Stock()))
        if phrase := refus_de_la_quantite(offre, unites):
            refus[article_id] = phrase
    return refus


def chiffrer(offres: Mapping[int, Offre], demandes: Iterable[tuple[int, int]]) -> list[LigneChiffree]:
    """What these (article, units) cost if they left the depot now. Raises StockInsuffisant, KeyError when not there."""
    return [_ligne(offres[article_id], unites) for article_id, unites in demandes]


def _ligne(offre: Offre, unites: int) -> LigneChiffree:
    """One article."""
    montant = offre.cout(unites)
    return LigneChiffree(offre.article_id, unites, prix_moyen(montant, unites), offre.tva_pct, montant)


def total_ht(lignes: Sequence[LigneChiffree]) -> Decimal:
    """What they cost together."""
    return sum((ligne.montant_ht for ligne in lignes), ZERO)


def total_ttc(lignes: Sequence[LigneChiffree]) -> Decimal:
    """With VAT, once a rate."""
    taxes = tva_par_taux((ligne.montant_ht, ligne.tva_pct) for ligne in lignes) if lignes else {}
    return total_ht(lignes) + sum(taxes.values(), ZERO)


def refus_du_total(vu_ht: Decimal, present_ht: Decimal) -> str | None:
    """Why an amount that was read cannot be committed: it has risen since. None when it has not."""
    if present_ht <= vu_ht:
        return None
    return (
        f"Le coût de ces articles a changé pendant que vous lisiez la page\u00a0: {euros_fr(vu_ht)} HT alors, "
        f"{euros_fr(present_ht)} HT maintenant. Rien n’a été engagé\u00a0: relisez, puis validez."
    )


# The steps of an urgent order: (its words once passed, and before).
ETAPES = {
    EtatCommande.BROUILLON: ("Demande préparée", "Demande à compléter"),
    EtatCommande.SOUMISE: ("Envoyée au valideur", "Envoi au valideur"),
    EtatCommande.REGROUPEE: ("Validée, mise de côté au dépôt", "Validation"),
    EtatCommande.SERVIE: ("Remise", "Remise des articles"),
    EtatCommande.SOLDEE: ("Facturée", "Facture"),
}


def etapes(etat: EtatCommande, passages: Mapping[EtatCommande, datetime]) -> list[Etape]:
    """The timeline of an urgent order. `passages`: when each state was last reached."""
    dates = {e: date_fr(quand) for e, quand in passages.items()}
    ordre = tuple(ETAPES)
    if etat is EtatCommande.ANNULEE:
        faites = [Etape(ETAPES[e][0], dates[e], "faite") for e in ordre if e in dates]
        return [*faites, Etape("Annulée", dates.get(etat, ""), "arretee")]
    rang = ordre.index(etat) + (etat is not EtatCommande.BROUILLON)
    return [
        Etape(ETAPES[e][0], dates.get(e, ""), "faite")
        if place < rang
        else Etape(ETAPES[e][1], "", "en_cours" if place == rang else "a_venir")
        for place, e in enumerate(ordre)
    ]
