"""The clocks of a delivery: how long each lasts, and what silence means when it has run out.

Days are counted by `socle.calendrier.echeance_jours`. Every length may be derogated by the contract: it is an
argument, the value of the CCAG-FCS 2021 (articles 28 to 31) being the default. Source: rules.md §2.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from groupement.catalogue.rules.clauses import TERMES, Clause
from groupement.socle.calendrier import date_fr, echeance_jours, jours_feries


class Horloge(StrEnum):
    """What is being waited for: each is a clause a lot may derogate from, of the same name."""

    VERIFICATION = "verification"  # the buyer checks what was delivered
    ACCORD_AJOURNEMENT = "accord_ajournement"  # the titulaire accepts to present again
    NOUVELLE_PRESENTATION = "nouvelle_presentation"  # the titulaire presents again
    CHOIX_APRES_AJOURNEMENT = "choix_apres_ajournement"  # the buyer chooses réfaction or rejet
    OBSERVATIONS_REFACTION = "observations_refaction"  # the titulaire comments a réfaction
    NOUVELLE_DECISION = "nouvelle_decision"  # the buyer answers those comments
    ENLEVEMENT = "enlevement"  # the titulaire takes rejected goods back


@dataclass(frozen=True, slots=True)
class Delai:
    """Calendar days of a clock, and what happens when nobody acts before its end (a French sentence)."""

    jours: int
    silence: str


SILENCES: Mapping[Horloge, str] = MappingProxyType(
    {
        Horloge.VERIFICATION: "La livraison est réputée admise.",
        Horloge.ACCORD_AJOURNEMENT: "L’acheteur choisit entre la réfaction et le rejet.",
        Horloge.NOUVELLE_PRESENTATION: "L’acheteur choisit entre la réfaction et le rejet.",
        Horloge.CHOIX_APRES_AJOURNEMENT: "La livraison est réputée rejetée.",
        Horloge.OBSERVATIONS_REFACTION: "La réfaction est réputée acceptée par le fournisseur.",
        Horloge.NOUVELLE_DECISION: ("Les observations sont acceptées\u00a0: la livraison est admise sans réfaction."),
        Horloge.ENLEVEMENT: "Les fournitures rejetées sont détruites ou enlevées aux frais du fournisseur.",
    }
)
DELAIS: Mapping[Horloge, Delai] = MappingProxyType(
    {horloge: Delai(int(TERMES[Clause(horloge.value)].defaut), silence) for horloge, silence in SILENCES.items()}
)


def echeance(horloge: Horloge, depuis: date, jours: int | None = None) -> date:
    """Last day of a clock started by what happened on `depuis`; `jours` when the contract derogates.

    Raises ValueError when `jours` is below one.
    """
    return echeance_jours(depuis, DELAIS[horloge].jours if jours is None else jours)


def est_echu(echeance_le: date, le: date) -> bool:
    """Whether the clock has run out on `le`: the last day is still in time, to its midnight."""
    return le > echeance_le


def echeance_verification(livree_le: date, jours: int | None = None) -> date:
    """Last day to check a delivery received on `livree_le` (CCAG-FCS 28.2)."""
    return echeance(Horloge.VERIFICATION, livree_le, jours)


def admission_tacite_le(livree_le: date, le: date, jours: int | None = None) -> date | None:
    """The day the delivery was tacitly admitted, seen from `le`: the last day to check it; None while it may still be.

    Source: CCAG-FCS 2021, articles 28.2 and 30.1: silence within the period is worth admission.
    """
    fin = echeance_verification(livree_le, jours)
    return fin if est_echu(fin, le) else None


def phrase_verification(livree_le: date, le: date, jours: int | None = None) -> str:
    """What the page says of the checking period of a delivery nobody has decided on."""
    fin = echeance_verification(livree_le, jours)
    if est_echu(fin, le):
        return f"Vérification terminée le {date_fr(fin)}\u00a0: sans décision, la livraison est réputée admise."
    return f"À vérifier avant la fin du {date_fr(fin)}\u00a0; sans décision, la livraison sera réputée admise."


def etapes_verification(livree_le: date, jours: int | None = None) -> list[str]:
    """How the last day to check was counted, in French sentences: the days, then why it was carried over."""
    duree = DELAIS[Horloge.VERIFICATION].jours if jours is None else jours
    brut, fin = livree_le + timedelta(days=duree), echeance_verification(livree_le, jours)
    etapes = [
        f"Livrée le {date_fr(livree_le)}\u00a0: le délai commence le lendemain à 0\u00a0h.",
        f"{duree} jours de calendrier mènent à la fin du {date_fr(brut)} (CCAG-FCS, articles 3.2 et 28.2).",
    ]
    if fin != brut:
        ferie = jours_feries(brut.year).get(brut)
        quoi = f"un jour férié ({ferie})" if ferie else "un samedi" if brut.weekday() == 5 else "un dimanche"
        etapes.append(f"C’est {quoi}\u00a0: le délai finit le jour ouvré suivant, le {date_fr(fin)}.")
    return etapes
