"""Missions in the database: planned, gone through day by day, ended, billed once; every act in the journal."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.prestations.actions import interventions, missions, prestations
from groupement.prestations.actions.tarifs import voter
from groupement.prestations.models import Intervention, Mission, Prestation, TarifPrestation
from groupement.prestations.queries.missions import mission_visible, vue_mission
from groupement.prestations.rules.missions import Journee, JourneeRefusee, Projet
from groupement.prestations.rules.tarifs import GrilleRefusee, SansTarif, Vote
from groupement.prestations.states import EtatMission, EtatPrestation, NaturePrestation
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents
from tests.fabriques import prestations as fabriques
from tests.fabriques.prestations import AU, DU, LE

D = Decimal
QUI = {"par": AUTOMATE, "le": LE}
pytestmark = pytest.mark.usefixtures("app")


class Cdg:
    """An archivist, as the queries ask."""

    est_cdg, collectivite_id = True, None

    def a_role(self, *roles):
        return Role.ARCHIVISTE in roles


def verbes(objet, objet_id):
    choix = select(Evenement.verbe).filter_by(objet=objet, objet_id=objet_id).order_by(Evenement.id)
    return list(db.session.scalars(choix))


def projet(mission, **champs):
    valeurs = {nom: getattr(mission, nom) for nom in Projet.__dataclass_fields__}
    return Projet(**(valeurs | champs))


def noter(mission, jour, quantite="1.00", traites_mm=1700, elimines_mm=500):
    journee = Journee(jour, D(quantite), traites_mm, elimines_mm)
    return interventions.noter_journee(mission, journee, "Tri", mission.version, **QUI)


def test_a_mission_goes_from_plan_to_bill():
    fabriques.tarif()
    mission = fabriques.mission(adherents.collectivite("Béthune"))
    missions.commencer(mission, 1, **QUI)
    noter(mission, date(2026, 11, 3))
    noter(mission, date(2026, 11, 5), "0.50", 900, 0)
    (due,) = missions.terminer(mission, "Fonds classé.", mission.version, **QUI)
    db.session.commit()
    assert (mission.etat, mission.terminee_le, mission.bilan) == (
        EtatMission.TERMINEE,
        date(2026, 11, 20),
        "Fonds classé.",
    )
    assert (due.quantite, due.unite, due.prix_unitaire_ht, due.montant_ht) == (D("1.5"), "jour", D(310), D("465.00"))
    assert (due.part_cdg62_ht, due.part_cdg59_ht, due.rendue_le) == (D("465.00"), D("0.00"), date(2026, 11, 5))
    assert (due.etat, due.tva_pct) == (EtatPrestation.A_FACTURER, D("0.00"))
    assert verbes("mission", mission.id) == [
        "planifier", "commencer", "noter une journée", "noter une journée", "terminer",
    ]  # fmt: skip
    assert verbes("prestation", due.id) == ["creer"]


def test_a_rate_that_changes_during_a_mission_makes_two_lines():
    fabriques.tarif(prix="300.00")
    fabriques.tarif(prix="330.00", du=date(2026, 11, 4), tva_pct="20.00")
    mission = fabriques.mission(commencee=True)
    for quantieme in (2, 3, 4, 5, 6):
        noter(mission, date(2026, 11, quantieme))
    dues = missions.terminer(mission, "", mission.version, **QUI)
    assert [(une.montant_ht, une.tva_pct) for une in dues] == [(D("600.00"), D("0.00")), (D("990.00"), D("20.00"))]
    assert {une.rendue_le for une in dues} == {date(2026, 11, 6)}


def test_hours_are_billed_by_the_hour():
    fabriques.tarif(NaturePrestation.MISSION_HEURE, "45.00")
    mission = fabriques.mission(commencee=True, nature=NaturePrestation.MISSION_HEURE)
    noter(mission, DU, "7.25")
    (due,) = missions.terminer(mission, "", mission.version, **QUI)
    assert (due.quantite, due.unite, due.montant_ht) == (D("7.25"), "heure", D("326.25"))


def test_a_mission_without_a_day_or_without_a_rate_does_not_end():
    mission = fabriques.mission(commencee=True)
    with pytest.raises(RegleRefusee, match="Aucune journée n’est notée"):
        missions.terminer(mission, "", mission.version, **QUI)
    noter(mission, DU)
    with pytest.raises(SansTarif, match="demandez au comptable"):
        missions.terminer(mission, "", mission.version, **QUI)
    assert mission.etat is EtatMission.EN_COURS and mission.terminee_le is None
    assert db.session.scalar(select(func.count()).select_from(Prestation)) == 0


def test_a_finished_mission_is_taken_up_again_until_it_is_billed():
    fabriques.tarif()
    mission = fabriques.mission(journees=2, terminee=True)
    missions.reprendre(mission, mission.version, **QUI)
    retiree = db.session.scalars(select(Prestation)).one()
    db.session.refresh(retiree)
    assert (mission.etat, mission.terminee_le, retiree.etat) == (EtatMission.EN_COURS, None, EtatPrestation.RETIREE)
    noter(mission, date(2026, 11, 10))
    (due,) = missions.terminer(mission, "", mission.version, **QUI)
    assert due.quantite == D(3)
    fabriques.facturer(due)
    with pytest.raises(RegleRefusee, match="déjà facturée"):
        missions.reprendre(mission, mission.version, **QUI)
    assert mission.etat is EtatMission.TERMINEE


def test_a_mission_given_up_bills_nothing_and_says_why():
    mission = fabriques.mission(journees=1)
    missions.annuler(mission, "La mairie ferme pour travaux.", mission.version, **QUI)
    assert mission.etat is EtatMission.ANNULEE
    ligne = db.session.scalars(select(Evenement).filter_by(objet="mission", verbe="annuler")).one()
    assert ligne.resume == "La mairie ferme pour travaux."
    with pytest.raises(TransitionInterdite):
        missions.terminer(mission, "", mission.version, **QUI)


def test_days_are_noted_only_while_the_mission_goes_on():
    fabriques.tarif()
    prevue, finie = fabriques.mission(), fabriques.mission(terminee=True)
    with pytest.raises(RegleRefusee, match="commencez-la"):
        noter(prevue, DU)
    with pytest.raises(RegleRefusee, match="reprenez-la"):
        noter(finie, date(2026, 11, 12))
    with pytest.raises(RegleRefusee, match="reprenez-la"):
        interventions.retirer_journee(finie, finie.interventions[0], finie.version, **QUI)


def test_a_day_is_noted_once_and_may_be_taken_out():
    mission = fabriques.mission(journees=2)
    with pytest.raises(JourneeRefusee, match="déjà noté"):
        noter(mission, DU)
    with pytest.raises(JourneeRefusee, match="pas encore passé"):
        noter(mission, date(2026, 11, 21))
    interventions.retirer_journee(mission, mission.interventions[0], mission.version, **QUI)
    noter(mission, DU, "0.25")
    db.session.commit()
    assert [(un.jour.day, un.quantite) for un in mission.interventions] == [(2, D("0.25")), (3, D("1.00"))]


def test_what_was_agreed_changes_around_what_was_done():
    mission = fabriques.mission(journees=2)
    missions.modifier(mission, projet(mission, au=date(2026, 12, 4), objet="Récolement"), mission.version, **QUI)
    assert (mission.au, mission.objet) == (date(2026, 12, 4), "Récolement")
    with pytest.raises(JourneeRefusee, match="2 novembre 2026 est déjà noté"):
        missions.modifier(mission, projet(mission, du=date(2026, 11, 3)), mission.version, **QUI)
    with pytest.raises(JourneeRefusee, match="dans cette unité"):
        missions.modifier(mission, projet(mission, nature=NaturePrestation.MISSION_HEURE), mission.version, **QUI)
    avant = mission.version
    missions.modifier(mission, projet(mission), mission.version, **QUI)
    assert mission.version == avant
    fabriques.tarif()
    finie = fabriques.mission(terminee=True)
    with pytest.raises(RegleRefusee, match="elle ne change plus"):
        missions.modifier(finie, projet(finie, objet="Autre"), finie.version, **QUI)
    with pytest.raises(JourneeRefusee, match="avant son début"):
        fabriques.mission(du=AU, au=DU)


def test_a_page_out_of_date_changes_nothing():
    mission = fabriques.mission(commencee=True)
    perimee = mission.version - 1
    for acte in (
        lambda: missions.modifier(mission, projet(mission, objet="X"), perimee, **QUI),
        lambda: missions.terminer(mission, "", perimee, **QUI),
        lambda: missions.annuler(mission, "X", perimee, **QUI),
        lambda: interventions.noter_journee(mission, Journee(DU, D(1)), "", perimee, **QUI),
    ):
        with pytest.raises(ConflitDeVersion, match="modifiée entre-temps par Application"):
            acte()


def test_what_is_to_bill_is_withdrawn_with_a_reason_and_only_once():
    fabriques.tarif()
    mission = fabriques.mission(terminee=True)
    due = db.session.scalars(select(Prestation)).one()
    prestations.retirer(due, "Convention gratuite.", **QUI)
    assert due.etat is EtatPrestation.RETIREE and mission.etat is EtatMission.TERMINEE
    with pytest.raises(TransitionInterdite):
        prestations.retirer(due, "Encore", **QUI)


def test_a_voted_rate_is_written_once():
    fabriques.tarif(prix="300.00")
    vote = Vote(NaturePrestation.MISSION_JOUR, date(2025, 1, 1), ((0, D("310.00")),), "X", date(2024, 12, 1))
    with pytest.raises(GrilleRefusee, match="déjà voté"):
        voter(vote, **QUI)
    assert [t.prix_unitaire_ht for t in db.session.scalars(select(TarifPrestation))] == [D(300)]
    tarif = db.session.scalars(select(TarifPrestation)).one()
    assert verbes("tarif_prestation", tarif.id) == ["voter"]


def test_two_people_end_the_same_mission_only_once(session, en_meme_temps):
    fabriques.tarif()
    mission_id = fabriques.mission(journees=2).id
    session.commit()

    def finir():
        mission = mission_visible(mission_id, Cdg(), verrou=True)
        missions.terminer(mission, "", mission.version, **QUI)
        db.session.commit()

    reponses = en_meme_temps(finir, finir)
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["NoneType", "TransitionInterdite"]
    assert session.scalar(select(func.count()).select_from(Prestation)) == 1


def test_two_people_vote_the_same_day_only_once(session, en_meme_temps):
    session.commit()

    def voter_un_tarif():
        fabriques.tarif()
        db.session.commit()

    reponses = en_meme_temps(voter_un_tarif, voter_un_tarif)
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["GrilleRefusee", "NoneType"]


@pytest.mark.parametrize("journees", [1, 25])
def test_reading_a_mission_costs_the_same_whatever_its_length(session, sql, journees):
    fabriques.tarif()
    mission = fabriques.mission(commencee=True, au=date(2026, 12, 31))
    db.session.execute(
        Intervention.__table__.insert(),
        [
            {"mission_id": mission.id, "jour": date(2026, 11, rang + 2), "quantite": D(1), "travail": "Tri"}
            for rang in range(journees)
        ],
    )
    session.commit()
    session.expunge_all()
    with sql() as envoyees:
        lue = mission_visible(mission.id, Cdg())
        assert vue_mission(lue).avancement.jours == journees
    assert len(envoyees) == 3


def test_the_database_refuses_what_the_rules_forbid(session):
    mission = fabriques.mission(journees=1)
    session.commit()
    for ordre in (
        "UPDATE intervention SET elimines_mm = traites_mm + 1",
        "UPDATE mission SET au = '2026-01-01'",
        "UPDATE mission SET etat = 'terminee'",
        "UPDATE mission SET nature = 'sesam'",
    ):
        with pytest.raises(Exception, match=r"(?i)check|contrainte|violates"):
            session.execute(db.text(ordre))
        session.rollback()
    assert db.session.get(Mission, mission.id).etat is EtatMission.EN_COURS
