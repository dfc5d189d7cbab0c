"""What the open data of a lot (DECP) asks, in the words of the schema v2.0.3, and until when it must be published.

Sources: R2196-1 CCP (need of 40 000 € HT or more, within two months of the notification or of each modification);
arrêté of 22 December 2022 and the schema of 139bercy/format-commande-publique.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.socle.calendrier import ajouter_mois

SEUIL_HT = Decimal(40000)
MOIS_POUR_PUBLIER = 2
PROCEDURES = (
    "Appel d'offres ouvert",
    "Procédure adaptée",
    "Appel d'offres restreint",
    "Procédure avec négociation",
    "Marché passé sans publicité ni mise en concurrence préalable",
    "Dialogue compétitif",
)
CCAG = (
    "Fournitures courantes et services",
    "Pas de CCAG",
    "Travaux",
    "Maitrise d'œuvre",
    "Marchés industriels",
    "Prestations intellectuelles",
    "Techniques de l'information et de la communication",
)
TYPES_DE_PRIX = ("Définitif révisable", "Définitif ferme", "Définitif actualisable", "Provisoire")
TYPES_DE_LIEU = (
    "Code département",
    "Code commune",
    "Code postal",
    "Code arrondissement",
    "Code canton",
    "Code région",
    "Code pays",
)
SANS_SOCIALE, SANS_ENVIRONNEMENTALE = "Pas de considération sociale", "Pas de considération environnementale"
SOCIALES = ("Clause sociale", "Critère social", "Marché réservé", SANS_SOCIALE)
ENVIRONNEMENTALES = ("Clause environnementale", "Critère environnemental", SANS_ENVIRONNEMENTALE)


@dataclass(frozen=True, slots=True)
class SaisieDecp:
    """What a buyer types for a lot; empty where it is not known yet."""

    identifiant: str
    code_cpv: str
    procedure: str
    ccag: str
    offres_recues: int | None
    type_prix: str
    innovant: bool
    sous_traitance: bool
    avance: bool
    taux_avance_pct: Decimal
    lieu_code: str
    lieu_type: str
    considerations_sociales: tuple[str, ...]
    considerations_environnementales: tuple[str, ...]


def en_saisie(lire: Callable[[str], Any]) -> SaisieDecp:
    """What was typed, each field read by its name: from a form or from a row; lists are frozen."""
    valeurs: dict[str, Any] = {champ: lire(champ) for champ in SaisieDecp.__dataclass_fields__}
    figees: dict[str, Any] = {c: tuple(v) if isinstance(v, list) else v for c, v in valeurs.items()}
    figees["taux_avance_pct"] = figees["taux_avance_pct"] or Decimal(0)
    return SaisieDecp(**figees)


MANQUES = (
    ("identifiant", "le numéro interne du lot"),
    ("code_cpv", "le code CPV"),
    ("procedure", "la procédure"),
    ("ccag", "le CCAG de référence"),
    ("offres_recues", "le nombre d’offres reçues"),
    ("type_prix", "le type de prix"),
    ("lieu_code", "le lieu d’exécution"),
    ("lieu_type", "le type de code du lieu"),
    ("considerations_sociales", "les considérations sociales"),
    ("considerations_environnementales", "les considérations environnementales"),
)


def ce_qui_manque(saisie: SaisieDecp | None) -> list[str]:
    """What is still to be typed before the record of a lot can be published, in words."""
    return [mots for champ, mots in MANQUES if saisie is None or not getattr(saisie, champ)]


def fautes_de_la_saisie(saisie: SaisieDecp) -> dict[str, str]:
    """What contradicts itself, by field."""
    fautes = {}
    for champ, aucune in (
        ("considerations_sociales", SANS_SOCIALE),
        ("considerations_environnementales", SANS_ENVIRONNEMENTALE),
    ):
        choisies = getattr(saisie, champ)
        if aucune in choisies and len(choisies) > 1:
            fautes[champ] = f"«\u00a0{aucune}\u00a0» ne va pas avec un autre choix."
    if not saisie.avance and saisie.taux_avance_pct:
        fautes["taux_avance_pct"] = "Cochez «\u00a0Une avance est versée\u00a0», ou effacez le taux."
    return fautes


def a_publier(total_ht: Decimal) -> bool:
    """Whether the law asks for the publication of a marché of that total."""
    return total_ht >= SEUIL_HT


def a_publier_avant_le(notifie_le: date) -> date:
    """The last day to publish what was notified that day."""
    return ajouter_mois(notifie_le, MOIS_POUR_PUBLIER)


def type_de_groupement(groupements: Sequence[str]) -> str:
    """The word of the schema for the titulaires of a lot: that of the first in rank decides."""
    mots = {"conjoint": "Conjoint", "solidaire": "Solidaire"}
    return mots.get(groupements[0], "Pas de groupement") if groupements else "Pas de groupement"
