"""Services of the demonstration: fictitious rates, missions in every state, SESAM members called for last year."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from groupement.adherents.models import Collectivite
from groupement.demo.decor import Decor
from groupement.demo.factures import facturer_sesam
from groupement.demo.personnes import ACHIET, AYETTE, BAPAUME, sirens_des_portes
from groupement.prestations.actions import interventions, missions, sesam
from groupement.prestations.actions.tarifs import voter
from groupement.prestations.models import Mission
from groupement.prestations.rules.missions import Journee, Projet
from groupement.prestations.rules.tarifs import Vote
from groupement.prestations.states import NaturePrestation
from groupement.socle.calendrier import est_ouvre, jour_a_paris

D = Decimal
JOUR, HEURE, SESAM = NaturePrestation.MISSION_JOUR, NaturePrestation.MISSION_HEURE, NaturePrestation.SESAM
TRANCHES = (
    (0, D("60.00")),
    (500, D("110.00")),
    (2_000, D("220.00")),
    (5_000, D("450.00")),
    (20_000, D("900.00")),
)
MEMBRES_SESAM = 42


@dataclass(frozen=True, slots=True)
class Scenario:
    """A mission of the demonstration: where, when (days before the loading; below zero, after it), how far it went."""

    siren: str  # empty: one of the other members
    objet: str
    il_y_a: int
    duree: int  # days on the calendar
    prevue: str
    etat: str  # prevue, en_cours, terminee, annulee
    nature: NaturePrestation = JOUR


SCENARIOS = (
    Scenario(AYETTE, "Classement des archives de l’urbanisme", 48, 10, "8", "terminee"),
    Scenario(BAPAUME, "Récolement après les élections municipales", 27, 12, "9", "terminee"),
    Scenario(ACHIET, "Tri des dossiers de personnel et bordereaux d’élimination", 6, 12, "6", "en_cours"),
    Scenario("", "Inventaire des registres d’état civil", 20, 9, "45", "en_cours", HEURE),
    Scenario("", "Déménagement des archives dans le nouveau local", -12, 9, "5", "prevue"),
    Scenario("", "Formation des agents au classement", -3, 1, "1", "annulee"),
)
TRAVAUX = (
    "Tri des permis de construire, mise en boîtes",
    "Classement des délibérations et des arrêtés, cotation",
    "Bordereau d’élimination des pièces comptables de plus de dix ans",
    "Dépoussiérage, reconditionnement, étiquetage",
    "Rédaction du répertoire, remise en place sur les rayonnages",
)
BILANS = (
    "Les archives de l’urbanisme sont classées et cotées jusqu’à l’an dernier.\n"
    "Il reste à obtenir le visa d’élimination, puis à libérer l’étagère du fond.",
    "Le récolement est complet ; deux registres d’avant 1900 sont à restaurer.\nPrévoir une journée l’an prochain.",
)


def charger_prestations(decor: Decor) -> None:
    """Rates, then SESAM, then missions."""
    voter_les_tarifs(decor)
    appeler_l_an_dernier(decor)
    facturer_sesam(decor)
    autres = iter(_autres_communes(decor))
    for rang, scenario in enumerate(SCENARIOS):
        corps = decor.collectivites[scenario.siren] if scenario.siren else next(autres)
        _derouler(decor, scenario, corps, rang)


def voter_les_tarifs(decor: Decor) -> None:
    """A délibération that does not exist, at the end of the year before last; the day costs more since this year."""
    comptable, vote_le = decor.pour("comptable"), date(decor.an - 1, 12, 11)
    grilles = (
        (JOUR, date(decor.an, 1, 1), ((0, D("300.00")),), vote_le),
        (HEURE, date(decor.an, 1, 1), ((0, D("42.50")),), vote_le),
        (SESAM, date(decor.an, 1, 1), TRANCHES, vote_le),
        (JOUR, date(decor.an + 1, 1, 1), ((0, D("310.00")),), date(decor.an, 12, 10)),
    )
    for nature, du, tranches, delibere_le in grilles:
        numero = f"FICTIVE-{delibere_le.year}-{delibere_le.month}"
        voter(Vote(nature, du, tranches, numero, delibere_le), par=comptable, le=decor.jour(1, 12))


def appeler_l_an_dernier(decor: Decor) -> None:
    """Some forty members; all called last year, some joined since; this year is still to call."""
    comptable = decor.pour("comptable")
    for rang, membre in enumerate(_membres_de_sesam(decor)):
        depuis = decor.an + 1 if rang % 9 == 8 else decor.an
        numero = f"{decor.an - 1}-{rang + 10:03}"
        sesam.adherer(membre, depuis, par=comptable, le=decor.jour(1, 20), deliberation_numero=numero)
    sesam.appeler_les_contributions(decor.an, par=comptable, le=decor.jour(3, 2))


def _membres_de_sesam(decor: Decor) -> list[Collectivite]:
    """The bodies one signs in for, then members taken at equal steps in the list."""
    portes = [decor.collectivites[siren] for siren in sorted(sirens_des_portes())]
    restants = [membre for membre in decor.membres if membre not in portes]
    pas = max(1, len(restants) // (MEMBRES_SESAM - len(portes)))
    return (portes + restants[::pas])[:MEMBRES_SESAM]


def _autres_communes(decor: Decor) -> list[Collectivite]:
    """Members nobody signs in for, of a size an archivist spends days in."""
    portes = sirens_des_portes()
    return [m for m in decor.membres if m.siren not in portes and 3_000 <= (m.population or 0) <= 9_000]


def _derouler(decor: Decor, scenario: Scenario, corps: Collectivite, rang: int) -> Mission:
    """Plan the mission, and take it as far as it went."""
    archiviste, jour = decor.pour("archiviste"), jour_a_paris(decor.le)
    du = jour - timedelta(days=scenario.il_y_a)
    au = du + timedelta(days=scenario.duree - 1)
    projet = Projet(archiviste.id, scenario.nature, scenario.objet, du, au, D(scenario.prevue))
    mission = missions.planifier(corps, projet, par=archiviste, le=min(_matin(du), decor.le) - timedelta(days=30))
    if scenario.etat == "annulee":
        motif = "La mairie préfère attendre la fin des travaux."
        missions.annuler(mission, motif, mission.version, par=archiviste, le=decor.le - timedelta(days=1))
    if scenario.etat in ("en_cours", "terminee"):
        missions.commencer(mission, mission.version, par=archiviste, le=_matin(du))
        _noter(decor, mission, rang, jusqu_a=min(au, jour - timedelta(days=1)))
    if scenario.etat == "terminee":
        missions.terminer(mission, BILANS[rang], mission.version, par=archiviste, le=_matin(au, 17))
    return mission


def _noter(decor: Decor, mission: Mission, rang: int, jusqu_a: date) -> None:
    """A day on every working day, the last one a half."""
    jours = [mission.du + timedelta(days=ecart) for ecart in range((jusqu_a - mission.du).days + 1)]
    ouvres = [jour for jour in jours if est_ouvre(jour)]
    for numero, jour in enumerate(ouvres):
        entiere = D("7.00") if mission.nature is HEURE else D("1.00")
        quantite = entiere / 2 if jour == ouvres[-1] else entiere
        traites_mm = 900 + 250 * ((numero * 3 + rang) % 6)
        journee = Journee(jour, quantite, traites_mm, traites_mm * ((numero + rang) % 4) // 8 // 50 * 50)
        travail = TRAVAUX[(numero + rang) % len(TRAVAUX)]
        archiviste = decor.pour("archiviste")
        interventions.noter_journee(mission, journee, travail, mission.version, par=archiviste, le=_matin(jour, 16))


def _matin(jour: date, heure: int = 8) -> datetime:
    """A working hour of that day."""
    return datetime.combine(jour, time(heure), UTC)
