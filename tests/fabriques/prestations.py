"""Services for tests: rates, missions with their days, SESAM members. Each function flushes; the test commits."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from groupement.adherents.models import Collectivite, Utilisateur
from groupement.adherents.states import Role
from groupement.prestations.actions import interventions, missions, sesam
from groupement.prestations.actions.tarifs import voter
from groupement.prestations.models import AdhesionSesam, Mission, Prestation, TarifPrestation
from groupement.prestations.rules.missions import Journee, Projet
from groupement.prestations.rules.tarifs import Vote
from groupement.prestations.states import NaturePrestation
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents

LE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DU, AU = date(2026, 11, 2), date(2026, 11, 30)
D = Decimal
TRANCHES = ((0, D("60.00")), (500, D("110.37")), (2000, D("220.00")))


def tarif(
    nature: NaturePrestation = NaturePrestation.MISSION_JOUR,
    prix: str = "310.00",
    *,
    du: date = date(2025, 1, 1),
    tva_pct: str = "0",
) -> TarifPrestation:
    """One rate voted the December before."""
    return _voter(nature, du, ((0, D(prix)),), tva_pct)[0]


def tarifs_sesam(du: date = date(2025, 1, 1), tranches: Any = TRANCHES) -> list[TarifPrestation]:
    """A grid by population."""
    return _voter(NaturePrestation.SESAM, du, tranches, "0")


def _voter(nature: NaturePrestation, du: date, tranches: Any, tva_pct: str) -> list[TarifPrestation]:
    """Through the action."""
    numero = f"FICTIVE-{du.year - 1}-41"
    vote = Vote(nature, du, tranches, numero, date(du.year - 1, 12, 10), D(tva_pct))
    return voter(vote, par=AUTOMATE, le=LE)


def mission(
    pour: Collectivite | None = None,
    par: Utilisateur | None = None,
    *,
    journees: int = 0,
    commencee: bool = False,
    terminee: bool = False,
    le: datetime = LE,
    **champs: Any,
) -> Mission:
    """A mission in November; `journees` days noted make it begin, `terminee` ends it (its rate must be voted)."""
    pour, par = pour or adherents.collectivite(), par or adherents.utilisateur(roles=[Role.ARCHIVISTE])
    projet: dict[str, Any] = {
        "archiviste_id": par.id,
        "nature": NaturePrestation.MISSION_JOUR,
        "objet": "Classement des archives de l’urbanisme",
        "du": DU,
        "au": AU,
        "quantite_prevue": D("4.00"),
    }
    creee = missions.planifier(pour, Projet(**(projet | champs)), par=AUTOMATE, le=le)
    if commencee or journees or terminee:
        missions.commencer(creee, creee.version, par=AUTOMATE, le=le)
    for rang in range(journees or (1 if terminee else 0)):
        journee = Journee(creee.du + timedelta(days=rang), D("1.00"), 1700 + 100 * rang, 500)
        interventions.noter_journee(creee, journee, "Tri et cotation", creee.version, par=AUTOMATE, le=le)
    if terminee:
        missions.terminer(creee, "Fonds classé.", creee.version, par=AUTOMATE, le=le)
    return creee


def membre_sesam(
    pour: Collectivite | None = None, depuis: int = 2025, *, le: datetime = LE, **champs: Any
) -> AdhesionSesam:
    """A body that takes part (a new one when absent, of the population given)."""
    return sesam.adherer(pour or adherents.collectivite(**champs), depuis, par=AUTOMATE, le=le)


def facturer(*prestations: Prestation) -> None:
    """As if a facture had been issued for them."""
    for prestation in prestations:
        prestation.etat = type(prestation.etat).FACTUREE
    db.session.flush()
