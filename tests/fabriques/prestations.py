"""Services for tests: rates, missions with their days, SESAM members, what is to bill. Each function flushes.

`mission` and `membre_sesam` go through the actions; `mission_a_facturer` and `sesam_a_facturer` write the row a
finished mission or a call leaves, whatever the rates voted; `run` and `facture` bill them and commit.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import Collectivite, Habilitation, Utilisateur
from groupement.adherents.states import Role
from groupement.prestations.actions import interventions, missions, sesam
from groupement.prestations.actions.tarifs import voter
from groupement.prestations.models import AdhesionSesam, Mission, Prestation, TarifPrestation
from groupement.prestations.rules.missions import Journee, Projet
from groupement.prestations.rules.sesam import partager
from groupement.prestations.rules.tarifs import UNITES, Vote
from groupement.prestations.states import EtatMission, NaturePrestation
from groupement.refacturation.actions.prestations import facturer_les_prestations
from groupement.refacturation.models import Facture, Refacturation
from groupement.socle.argent import arrondir
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents
from tests.fabriques.refacturation import FACTUREE_LE, factures_de

LE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DU, AU = date(2026, 11, 2), date(2026, 11, 30)
D = Decimal
VOTE_LE = date(2025, 12, 12)
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


# --- Services ready to be billed, written as rows: what missions and calls leave -------------------------------------


def tarif_vote(nature: NaturePrestation, prix_ht: str, tva_pct: str = "0") -> TarifPrestation:
    """The rate voted at the end of 2025, made once for each nature, price and VAT."""
    champs = {"nature": nature, "prix_unitaire_ht": D(prix_ht), "tva_pct": D(tva_pct)}
    connu = db.session.scalars(select(TarifPrestation).filter_by(**champs)).one_or_none()
    if connu is not None:
        return connu
    rang = len(db.session.scalars(select(TarifPrestation.id).filter_by(nature=nature)).all())
    numero = {"deliberation_numero": "2025-41", "deliberee_le": VOTE_LE, "population_a_partir_de": rang}
    return _ajouter(TarifPrestation(du=date(2026, 1, 1), **numero, **champs))


def mission_a_facturer(
    pour: Collectivite, quantite: str = "3.5", prix_ht: str = "310", tva_pct: str = "0", **champs: Any
) -> Prestation:
    """The days of a finished mission, to bill."""
    nature = champs.pop("nature", NaturePrestation.MISSION_JOUR)
    faite = _ajouter(
        Mission(
            collectivite_id=pour.id,
            archiviste_id=_archiviste(),
            nature=nature,
            objet="Classement des archives de la mairie",
            du=date(2026, 9, 7),
            au=date(2026, 9, 18),
            quantite_prevue=D(4),
            etat=EtatMission.TERMINEE,
            terminee_le=date(2026, 9, 18),
        )
    )
    valeurs = {
        "mission_id": faite.id,
        "designation": "Classement des archives de la mairie, du 7 au 18 septembre 2026",
        "rendue_le": date(2026, 9, 18),
    }
    return _prestation(pour, tarif_vote(nature, prix_ht, tva_pct), D(quantite), valeurs | champs)


def sesam_a_facturer(pour: Collectivite, prix_ht: str = "157.77", tva_pct: str = "0", annee: int = 2026) -> Prestation:
    """The contribution of a year, to bill."""
    valeurs = {
        "annee_sesam": annee,
        "designation": f"Contribution SESAM pour l’année {annee}",
        "rendue_le": date(annee, 1, 1),
    }
    return _prestation(pour, tarif_vote(NaturePrestation.SESAM, prix_ht, tva_pct), D(1), valeurs)


def _prestation(
    pour: Collectivite, au_tarif: TarifPrestation, quantite: Decimal, valeurs: dict[str, Any]
) -> Prestation:
    """The row, its amount and whose it is."""
    montant = arrondir(quantite * au_tarif.prix_unitaire_ht)
    cdg62, cdg59 = partager(montant) if au_tarif.nature is NaturePrestation.SESAM else (montant, D("0.00"))
    return _ajouter(
        Prestation(
            collectivite_id=pour.id,
            tarif_id=au_tarif.id,
            quantite=quantite,
            unite=UNITES[au_tarif.nature.value],
            prix_unitaire_ht=au_tarif.prix_unitaire_ht,
            tva_pct=au_tarif.tva_pct,
            montant_ht=montant,
            part_cdg62_ht=cdg62,
            part_cdg59_ht=cdg59,
            **valeurs,
        )
    )


def _ajouter(objet: Any) -> Any:
    """Add and flush."""
    db.session.add(objet)
    db.session.flush()
    return objet


def _archiviste() -> int:
    """One archivist for all the missions."""
    connu = db.session.scalar(select(Habilitation.utilisateur_id).filter_by(role=Role.ARCHIVISTE).limit(1))
    return connu or adherents.utilisateur("Nadège Flament", roles=[Role.ARCHIVISTE]).id


def corps(combien: int) -> list[Collectivite]:
    """Bodies whose names sort in the order they are made."""
    return [adherents.collectivite(f"Commune {rang + 1:04d}") for rang in range(combien)]


def des_prestations(combien: int) -> list[Collectivite]:
    """Bodies with a SESAM contribution each, and a mission for every other one."""
    crees = corps(combien)
    for rang, un in enumerate(crees):
        sesam_a_facturer(un)
        if rang % 2 == 0:
            mission_a_facturer(un)
    return crees


def run(**options: Any) -> Refacturation:
    """Bill everything as the comptable would, and commit."""
    fait = facturer_les_prestations(par=AUTOMATE, **({"le": FACTUREE_LE} | options))
    db.session.commit()
    db.session.expire_all()
    return fait


def facture(*, avec_mission: bool = True, avec_sesam: bool = True, tva_pct: str = "0", **options: Any) -> Facture:
    """A facture of one body: a mission of 3,5 days (1 085,00 €), then a contribution of 157,77 €."""
    un = adherents.collectivite("Frévent", avec_siret=True)
    if avec_sesam:
        sesam_a_facturer(un, tva_pct=tva_pct)
    if avec_mission:
        mission_a_facturer(un, tva_pct=tva_pct)
    return factures_de(run(**options))[0]
