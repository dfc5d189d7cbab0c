"""How long a marché lasts: its first period, then reconductions, each tacit or express, decided in time.

Days are inclusive. Sources: L2125-1 CCP (four years at most, unless the reason is written), R2112-4 CCP (a reconduction
is foreseen by the contract; tacit by default, and the titulaire cannot refuse it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from groupement.catalogue.rules.termes import dernier_jour_permis
from groupement.catalogue.states import EtatReconduction, ModeReconduction
from groupement.socle.calendrier import ajouter_mois, date_fr

RECONDUCTIONS_AU_PLUS = 10
UN_JOUR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodePrevue:
    """A reconduction as the contract foresees it; `preavis_mois`: the titulaire must know that long before."""

    mois: int
    mode: ModeReconduction
    preavis_mois: int


@dataclass(frozen=True, slots=True)
class Fenetre:
    """When a period would run, and the last day to decide on it."""

    du: date
    au: date
    a_decider_avant_le: date


def fin_apres(fin: date, mois: int) -> date:
    """The last day of a period of `mois` months that starts the day after `fin`."""
    return ajouter_mois(fin + UN_JOUR, mois) - UN_JOUR


def fenetres(fin_initiale: date, periodes: Sequence[PeriodePrevue]) -> list[Fenetre]:
    """The reconductions one after the other, as if each took place."""
    resultat, fin = [], fin_initiale
    for periode in periodes:
        au = fin_apres(fin, periode.mois)
        resultat.append(Fenetre(fin + UN_JOUR, au, ajouter_mois(fin, -periode.preavis_mois)))
        fin = au
    return resultat


def duree_en_mois(du: date, au: date) -> int:
    """Months from `du` to `au` inclusive, a month begun being counted: 2026-05-01 to 2030-04-30 is 48."""
    apres = au + UN_JOUR
    mois = (apres.year - du.year) * 12 + apres.month - du.month
    return mois + (ajouter_mois(du, mois) < apres)


def fautes_des_reconductions(
    du: date, fin_initiale: date, periodes: Sequence[PeriodePrevue], justification: str
) -> dict[str, str]:
    """What is wrong with the reconductions a contract foresees: nothing past four years without its reason."""
    if not periodes:
        return {}
    fin, limite = fenetres(fin_initiale, periodes)[-1].au, dernier_jour_permis(du)
    if fin > limite and not justification:
        return {
            "justification_duree": (
                f"Avec ces reconductions, le marché irait jusqu’au {date_fr(fin)}, au-delà de quatre ans "
                f"(le {date_fr(limite)})\u00a0: dites pourquoi (article L2125-1 du code de la commande publique)."
            )
        }
    return {}


@dataclass(frozen=True, slots=True)
class ADecider:
    """A reconduction to decide on: what comes before it, and its own dates."""

    rang: int
    mode: ModeReconduction
    precedente: EtatReconduction | None  # of the reconduction before; None for the first
    notifie_le: date
    fenetre: Fenetre


def faute_de_decision(reconduction: ADecider, le: date, *, reconduire: bool, aujourdhui: date) -> str:
    """Why a reconduction cannot be decided so on `le`; empty when it can."""
    derniere = reconduction.fenetre.du - UN_JOUR
    if reconduction.precedente is EtatReconduction.PREVUE:
        return f"Décidez d’abord de la reconduction n°\u00a0{reconduction.rang - 1}."
    if reconduction.precedente is EtatReconduction.NON_RECONDUITE:
        return "La reconduction précédente n’a pas eu lieu\u00a0: le marché s’arrête avant celle-ci."
    if le > aujourdhui:
        return "La décision est déjà prise\u00a0: indiquez une date passée, ou celle d’aujourd’hui."
    if le < reconduction.notifie_le:
        return f"La décision suit la notification du marché, le {date_fr(reconduction.notifie_le)}."
    if le > derniere:
        return f"Le marché a pris fin le {date_fr(derniere)}\u00a0: il fallait décider avant."
    limite = reconduction.fenetre.a_decider_avant_le
    if not reconduire and reconduction.mode is ModeReconduction.TACITE and le > limite:
        return f"Il fallait prévenir le titulaire avant la fin du {date_fr(limite)}\u00a0: la reconduction est acquise."
    return ""


def est_acquise(mode: ModeReconduction, fenetre: Fenetre, le: date) -> bool:
    """Whether silence has renewed the marché: tacit, and the day to say no has passed (R2112-4)."""
    return mode is ModeReconduction.TACITE and le > fenetre.a_decider_avant_le
