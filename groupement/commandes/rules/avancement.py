"""Where an order stands, step by step: basket, sent, committed, ordered from the supplier, delivered, billed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import date_fr

# state: (its words once passed, and before)
ETAPES = {
    EtatCommande.BROUILLON: ("Panier préparé", "Panier en préparation"),
    EtatCommande.SOUMISE: ("Envoyée au valideur", "Envoi au valideur"),
    EtatCommande.VALIDEE: ("Validée", "Validation"),
    EtatCommande.REGROUPEE: ("Commandée au fournisseur", "Commande au fournisseur"),
    EtatCommande.SERVIE: ("Livrée", "Livraison"),
    EtatCommande.SOLDEE: ("Facturée", "Facture"),
}
ORDRE = tuple(ETAPES)


@dataclass(frozen=True, slots=True)
class Etape:
    """One step: its words, when it was passed (or is expected), and how far it is."""

    libelle: str
    quand: str
    avancement: str
    detail: str = ""
    url: str = ""


def etapes(
    etat: EtatCommande,
    passages: Mapping[EtatCommande, datetime],
    *,
    fin_de_campagne: date,
    attendue_le: date | None = None,
    annulee_le: datetime | None = None,
) -> list[Etape]:
    """The timeline of an order. `passages`: when each state was reached; `attendue_le`: the day it is due."""
    if etat is EtatCommande.ANNULEE:
        faites = [e for e in ORDRE if e in passages]
        passees = [Etape(ETAPES[e][0], date_fr(passages[e]), "faite") for e in faites]
        return [*passees, Etape("Annulée", date_fr(annulee_le) if annulee_le else "", "arretee")]
    # The first step not passed is the present one: a basket is under way, a committed order waits to be ordered.
    rang = ORDRE.index(etat) + (etat is not EtatCommande.BROUILLON)
    prevues = {
        EtatCommande.VALIDEE: f"au plus tard le {date_fr(fin_de_campagne)}",
        EtatCommande.REGROUPEE: f"après le {date_fr(fin_de_campagne)}",
        EtatCommande.SERVIE: f"au plus tard le {date_fr(attendue_le)}" if attendue_le else "",
    }
    return [_etape(place, rang, passages, prevues) for place in range(len(ORDRE))]


def _etape(
    place: int, rang: int, passages: Mapping[EtatCommande, datetime], prevues: Mapping[EtatCommande, str]
) -> Etape:
    """The step at `place` when `rang` is the present one."""
    etat = ORDRE[place]
    faite, a_faire = ETAPES[etat]
    if place < rang:
        return Etape(faite, date_fr(passages[etat]) if etat in passages else "", "faite")
    return Etape(a_faire, prevues.get(etat, ""), "en_cours" if place == rang else "a_venir")
