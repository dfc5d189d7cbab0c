"""What an archivist does to an audit, and what the journal remembers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.catalogue.models import Article
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import besoins, etapes, saisie
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux
from groupement.etats_des_lieux.rules.metres_lineaires import Forme as FormeDeLaRegle
from groupement.etats_des_lieux.states import EtatEtatDesLieux, Forme
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents
from tests.fabriques import etats_des_lieux as fabrique
from tests.fabriques.etats_des_lieux import LE

JOUR = LE.date()
MESURE = {
    "categorie": "T",
    "forme": Forme.DOSSIERS,
    "intitule": "",
    "local_id": None,
    "mesure_mm": 14000,
    "eliminable_mm": 1400,
    "temporaire_mm": 0,
    "definitif_mm": 12600,
    "deja_boite_temporaire_mm": 0,
    "deja_boite_definitif_mm": 4000,
}


@pytest.fixture
def julie(app):
    """An archivist."""
    return fabrique.archiviste()


def verbes(etat):
    """The verbs of the journal, in order."""
    return list(
        db.session.scalars(
            select(Evenement.verbe)
            .where(Evenement.objet == "etat_des_lieux", Evenement.objet_id == etat.id)
            .order_by(Evenement.id)
        )
    )


def test_the_forms_of_the_table_are_those_of_the_rules():
    assert {forme.value for forme in Forme} == {forme.value for forme in FormeDeLaRegle}


def test_the_first_line_typed_starts_the_survey(julie):
    ville = adherents.collectivite()
    etat = saisie.planifier(
        ville, visite_le=date(2026, 12, 1), population=850, archiviste_id=julie.id, par=julie, le=LE
    )
    assert etat.etat is EtatEtatDesLieux.PLANIFIE
    saisie.ajouter_mesure(etat, MESURE, etat.version, par=julie, le=LE)
    assert etat.etat is EtatEtatDesLieux.RELEVE and etat.version == 2
    assert verbes(etat) == ["planifier", "relever", "ajouter"]


def test_a_page_out_of_date_changes_nothing_and_names_who_did(julie):
    etat = fabrique.etat_des_lieux(par=julie)
    saisie.ajouter_mesure(etat, MESURE, etat.version, par=julie, le=LE)
    with pytest.raises(ConflitDeVersion, match="modifié entre-temps par Julie Bernard"):
        saisie.ajouter_mesure(etat, MESURE, 1, par=julie, le=LE)
    assert len(etat.mesures) == 1


def test_parts_that_do_not_make_the_whole_are_refused_even_without_a_form(julie):
    etat = fabrique.etat_des_lieux(par=julie)
    with pytest.raises(RegleRefusee, match="14,00\u00a0ml mesurés, mais les parties font 13,40\u00a0ml"):
        saisie.ajouter_mesure(etat, MESURE | {"definitif_mm": 12000}, etat.version, par=julie, le=LE)


def test_a_room_of_another_audit_is_refused(julie):
    etat, autre = fabrique.etat_des_lieux(par=julie), fabrique.etat_des_lieux(par=julie)
    ailleurs = fabrique.local(autre)
    with pytest.raises(RegleRefusee, match="n’est pas de cet état des lieux"):
        saisie.ajouter_mesure(etat, MESURE | {"local_id": ailleurs.id}, etat.version, par=julie, le=LE)


def test_a_room_taken_out_leaves_its_measures(julie):
    etat = fabrique.etat_des_lieux(par=julie)
    local = fabrique.local(etat, ml=24)
    saisie.ajouter_mesure(etat, MESURE | {"local_id": local.id}, etat.version, par=julie, le=LE)
    saisie.retirer_local(local, etat.version, par=julie, le=LE)
    db.session.expire_all()
    assert not etat.locaux and [mesure.local_id for mesure in etat.mesures] == [None]


def test_only_the_shelving_kept_counts_as_there_already(julie):
    etat = fabrique.etat_des_lieux(par=julie)
    local = fabrique.local(etat, ml=24)
    vieux = {"travees": 2, "niveaux": 5, "longueur_utile_mm": 1000, "a_garder": False}
    saisie.ajouter_rayonnage(local, vieux, etat.version, par=julie, le=LE)
    assert queries.existant_mm(etat) == 24_000


def test_the_example_is_calculated_from_its_rows(julie):
    besoin = queries.calculer(fabrique.exemple(par=julie))
    assert (str(besoin.net_ml), besoin.travees, besoin.boites_temporaire, besoin.boites_definitif) == (
        *("50.95", 8, 89, 244),
    )
    assert (len(besoin.volumes_a_relier), str(besoin.annees_avant_saturation)) == (10, "11.5")


def test_validating_writes_the_list_with_needs_before_rounding(julie):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=julie)
    etapes.valider(etat, etat.version, par=julie, le=LE)
    lignes = {b.article.reference: (b.unites, b.unites_necessaires) for b in etat.besoins}
    assert lignes == {
        "BTE-STD-10": (100, 89),
        "BTE-CON-10": (250, 244),
        "RF-100-35-220-D": (2, 2),
        "RF-100-35-220-S": (6, 6),
        "POS-TRA": (8, 8),
        "LIV-RAY": (1, 1),
        "REL-A4-200": (6, 6),
        "REL-A4-100": (4, 4),
        "RES-ENL": (1, 1),
    }
    vue = queries.vue_besoins(etat, JOUR)
    assert (str(vue.total_ht), str(vue.total_tva), str(vue.total_ttc)) == ("2568.50", "513.70", "3082.20")
    assert not vue.est_modifiee


def test_an_audit_without_a_measure_is_not_validated(julie):
    etat = fabrique.etat_des_lieux(par=julie)
    with pytest.raises(RegleRefusee, match="au moins une mesure"):
        etapes.valider(etat, etat.version, par=julie, le=LE)
    assert etat.etat is EtatEtatDesLieux.RELEVE


def test_taken_up_again_a_list_nobody_changed_follows_the_measures(julie):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=julie)
    etapes.valider(etat, etat.version, par=julie, le=LE)
    etapes.reprendre(etat, etat.version, par=julie, le=LE)
    assert not etat.besoins and etat.etat is EtatEtatDesLieux.RELEVE
    saisie.ajouter_mesure(etat, MESURE | {"deja_boite_definitif_mm": 0}, etat.version, par=julie, le=LE)
    lignes = {ligne.article.reference: ligne.unites_necessaires for ligne in queries.vue_besoins(etat, JOUR).lignes}
    assert lignes["BTE-CON-10"] == 370  # 24,35 ml + 12,60 ml, by ten centimetres, rounded up once


def test_taken_up_again_a_list_somebody_changed_stays(julie):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=julie)
    etapes.valider(etat, etat.version, par=julie, le=LE)
    livraison = next(b for b in etat.besoins if b.article.reference == "LIV-RAY")
    besoins.retirer_besoin(etat, livraison.article_id, etat.version, par=julie, le=LE)
    etapes.reprendre(etat, etat.version, par=julie, le=LE)
    assert len(etat.besoins) == 8 and queries.vue_besoins(etat, JOUR).est_modifiee


def test_once_sent_nothing_changes_but_the_visa(julie):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=julie)
    etapes.valider(etat, etat.version, par=julie, le=LE)
    etapes.transmettre(etat, etat.version, par=julie, le=LE)
    premier = etat.besoins[0].article_id
    for interdit in (
        lambda: saisie.ajouter_mesure(etat, MESURE, etat.version, par=julie, le=LE),
        lambda: besoins.retirer_besoin(etat, premier, etat.version, par=julie, le=LE),
        lambda: besoins.reprendre_la_proposition(etat, etat.version, par=julie, le=LE),
        lambda: etapes.reprendre(etat, etat.version, par=julie, le=LE),
    ):
        with pytest.raises((RegleRefusee, TransitionInterdite)):
            interdit()
    etapes.enregistrer_visa(etat, "2026-214", JOUR, etat.version, par=julie, le=LE)
    assert etat.visa_numero == "2026-214"
    assert verbes(etat) == ["valider", "transmettre", "enregistrer le visa"]


def test_the_agents_get_a_mail_and_the_valideurs_only_where_there_is_none(julie):
    ville, village = adherents.collectivite(), adherents.collectivite()
    agent = adherents.utilisateur(roles=[Role.AGENT, Role.VALIDEUR], collectivite=ville)
    adherents.utilisateur(roles=[Role.VALIDEUR], collectivite=ville)
    maire = adherents.utilisateur(roles=[Role.VALIDEUR], collectivite=village)
    for corps, attendus in ((ville, [agent]), (village, [maire])):
        etat = fabrique.exemple(corps, julie)
        etapes.valider(etat, etat.version, par=julie, le=LE)
        assert etapes.transmettre(etat, etat.version, par=julie, le=LE) == attendus
    db.session.flush()
    assert set(db.session.scalars(select(Courriel.destinataire))) == {agent.email, maire.email}


def test_a_visa_of_tomorrow_is_refused(julie):
    etat = fabrique.exemple(par=julie)
    with pytest.raises(RegleRefusee, match="dans le futur"):
        etapes.enregistrer_visa(etat, "1", JOUR + timedelta(days=1), etat.version, par=julie, le=LE)


def test_one_article_that_meets_two_needs_is_rounded_up_once(julie):
    fabrique.marche_du_bpu()
    ordinaires = select(Article).where(Article.famille == "boite", ~Article.norme.contains("16245-A"))
    for article in db.session.scalars(ordinaires):
        article.actif = False
    etat = fabrique.etat_des_lieux(par=julie)
    une_boite = {"mesure_mm": 200, "eliminable_mm": 0, "temporaire_mm": 100, "definitif_mm": 100}
    saisie.ajouter_mesure(etat, MESURE | une_boite | {"deja_boite_definitif_mm": 0}, etat.version, par=julie, le=LE)
    lignes = {ligne.article.reference: ligne for ligne in queries.vue_besoins(etat, JOUR).lignes}
    assert (lignes["BTE-CON-10"].unites, lignes["BTE-CON-10"].unites_necessaires) == (25, 2)


def test_without_a_marche_nothing_is_proposed_and_the_needs_stay(julie):
    vue = queries.vue_besoins(fabrique.exemple(par=julie), JOUR)
    assert vue.besoins.travees == 8 and not vue.lignes and not vue.articles


def test_a_unit_price_missing_is_said_and_not_counted(julie):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=julie)
    etapes.valider(etat, etat.version, par=julie, le=LE)
    vue = queries.vue_besoins(etat, date(2020, 1, 1), proposer=False)
    assert len(vue.sans_prix) == 9 and str(vue.total_ht) == "0.00"


def test_the_rows_of_a_deleted_list_go_away(julie):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=julie)
    etapes.valider(etat, etat.version, par=julie, le=LE)
    etapes.reprendre(etat, etat.version, par=julie, le=LE)
    assert not db.session.scalars(select(Besoin)).all()
    assert db.session.scalars(select(EtatDesLieux)).one() is etat
