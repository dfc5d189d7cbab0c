"""Where an order stands, step by step: basket, sent, committed, ordered from the supplier, delivered, billed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import date_fr

ETAPES = (
    (EtatCommande.BROUILLON, "Panier préparé"),
    (EtatCommande.SOUMISE, "Envoyée au valideur"),
    (EtatCommande.VALIDEE, "Validée"),
    (EtatCommande.REGROUPEE, "Commandée au fournisseur"),
    (EtatCommande.SERVIE, "Livrée"),
    (EtatCommande.SOLDEE, "Facturée"),
)
ORDRE = tuple(etat for etat, _ in ETAPES)


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
        passees = [Etape(dict(ETAPES)[e], date_fr(passages[e]), "faite") for e in faites]
        return [*passees, Etape("Annulée", date_fr(annulee_le) if annulee_le else "", "arretee")]
    # The first step not passed is the present one: a basket is under way, a committed order waits to be ordered.
    rang = ORDRE.index(etat) + (etat is not EtatCommande.BROUILLON)
    prevues = {
        EtatCommande.REGROUPEE: f"après le {date_fr(fin_de_campagne)}",
        EtatCommande.SERVIE: f"au plus tard le {date_fr(attendue_le)}" if attendue_le else "",
    }
    resultat = []
    for place, (reperee, libelle) in enumerate(ETAPES):
        avancement = "faite" if place < rang else "en_cours" if place == rang else "a_venir"
        quand = date_fr(passages[reperee]) if avancement == "faite" and reperee in passages else ""
        resultat.append(
            Etape(libelle, quand or (prevues.get(reperee, "") if avancement != "faite" else ""), avancement)
        )
    return resultat
