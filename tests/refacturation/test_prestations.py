"""Billing the services: what it writes, what it refuses, what it costs; avoirs on them."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from groupement.prestations.models import Prestation
from groupement.prestations.queries.sesam import reversement
from groupement.prestations.states import EtatPrestation
from groupement.refacturation.actions import prestations as actions
from groupement.refacturation.actions.avoirs import AvoirRefuse, Demande, emettre_avoir
from groupement.refacturation.actions.ecriture import RienAFacturer
from groupement.refacturation.actions.prestations import facturer_les_prestations
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.actions.relances import relancer
from groupement.refacturation.documents import piece_avoir, piece_facture
from groupement.refacturation.models import Avoir, Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.chaine import verifier_avoirs, verifier_factures
from groupement.refacturation.queries.prestations import apercu, par_membre, sesam_par_annee
from groupement.refacturation.rules.prestations import (
    AnneeSesam,
    PreuvePrestations,
    part_apres_credit,
    preuve_de_json,
)
from groupement.refacturation.states import EtatFacture
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents
from tests.fabriques import prestations as fabrique
from tests.fabriques import refacturation as fournitures
from tests.fabriques.refacturation import ECHUE_LE, FACTUREE_LE, factures_de, lignes_de

D = Decimal


def crediter(facture, **demande):
    """Issue an avoir as the comptable would, and commit."""
    demande.setdefault("motif", "Mission interrompue.")
    avoir = emettre_avoir(facture.id, Demande(**demande), par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    db.session.expire_all()
    return avoir


def combien(modele):
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(modele))


def etats():
    """The states of the services."""
    return set(db.session.scalars(select(Prestation.etat)))


def test_each_body_gets_one_facture_for_all_its_services_in_the_order_of_names(app):
    fabrique.des_prestations(3)
    factures = factures_de(fabrique.run())
    assert [f.numero for f in factures] == ["F-2026-00001", "F-2026-00002", "F-2026-00003"]
    assert [f.collectivite.nom for f in factures] == ["Commune 0001", "Commune 0002", "Commune 0003"]
    assert [len(lignes_de(f)) for f in factures] == [2, 1, 2]
    assert [f.total_ttc for f in factures] == [D("1242.77"), D("157.77"), D("1242.77")]
    assert {(f.etat, f.echeance_le.isoformat()) for f in factures} == {(EtatFacture.EMISE, "2027-01-21")}
    assert etats() == {EtatPrestation.FACTUREE}
    assert verifier_factures().est_entiere


def test_a_line_keeps_the_quantity_of_the_service_and_its_voted_rate(app):
    facture = fabrique.facture()
    sesam, mission = lignes_de(facture)
    assert (mission.quantite, mission.unite, mission.unites, mission.prix_unitaire_ht) == (D("3.50"), "jour", 0, D(310))
    assert (sesam.quantite, sesam.unite, sesam.reference) == (D(1), "an", "SESAM")
    assert facture.fige["objet"] == "Mission d’archiviste et contribution SESAM 2026"
    assert (facture.fige["marche"], facture.fige["convention"], facture.fige["references"]) == ("", "", [])
    assert facture.fige["lignes"][1]["calcul"]["deliberation"] == "2025-41"


@pytest.mark.parametrize("mode", ["A", "B", "C"])
def test_vat_is_that_of_each_service_whatever_the_mode_of_the_supplies(app, monkeypatch, mode):
    monkeypatch.setitem(app.config, "MODE_TVA", mode)
    facture = fabrique.facture(tva_pct="20")
    assert (facture.total_ht, facture.total_tva, facture.total_ttc) == (D("1242.77"), D("248.55"), D("1491.32"))
    assert facture.fige["mode_tva"] == "A" and facture.fige["emetteur"]["tva"].startswith("FR")
    assert not any("non applicable" in mention for mention in facture.fige["mentions"])


def test_without_vat_the_facture_says_why_and_shows_no_vat_number(app):
    facture = fabrique.facture()
    assert facture.fige["mentions"][1] == "TVA non applicable, article 256 B du code général des impôts."
    assert facture.fige["emetteur"]["tva"] == "" and facture.total_tva == 0


def test_the_proof_says_the_services_by_nature_and_whose_they_are(app):
    fabrique.des_prestations(3)
    run = fabrique.run()
    preuve = preuve_de_json(run.preuves["preuve"])
    assert preuve.est_exacte and run.preuves["preuve"]["egal"] is True
    mission, sesam = preuve.natures
    assert (mission.nombre, mission.prestations_ht, mission.part_cdg59_ht) == (2, D("2170.00"), D("0.00"))
    assert (sesam.nombre, sesam.prestations_ht) == (3, D("473.31"))
    assert (sesam.part_cdg62_ht, sesam.part_cdg59_ht) == (D("165.66"), D("307.65"))
    assert run.preuves["total_ht"] == str(preuve.factures_ht) == "2643.31"
    assert run.campagne_id is None


def test_the_preview_says_what_the_run_does(app):
    fabrique.des_prestations(4)
    vue = apercu()
    assert [ligne.total_ht for ligne in db.session.execute(par_membre())] == [D("1242.77"), D("157.77")] * 2
    run = fabrique.run(attendu_ht=vue.total_ht)
    assert (vue.membres, vue.prestations, str(vue.total_ttc)) == (4, 6, run.preuves["total_ttc"])
    assert vue.preuve == preuve_de_json(run.preuves["preuve"])


def test_supplies_and_services_share_one_series_and_one_chain(app):
    fournitures.refacturation(2)
    fabrique.des_prestations(2)
    fabrique.run()
    fournitures.refacturation(1)
    db.session.commit()
    numeros = db.session.scalars(select(Facture.numero).order_by(Facture.id)).all()
    assert numeros == [f"F-2026-{rang:05d}" for rang in range(1, 6)]
    assert verifier_factures().est_entiere and verifier_factures().documents == 5


def test_nothing_is_billed_twice_nor_what_was_withdrawn(app):
    un, autre = fabrique.corps(2)
    fabrique.sesam_a_facturer(un)
    fabrique.sesam_a_facturer(autre).etat = EtatPrestation.RETIREE
    db.session.flush()
    assert len(factures_de(fabrique.run())) == 1
    with pytest.raises(RienAFacturer, match="déjà facturées"):
        fabrique.run()


def test_another_total_than_the_one_shown_issues_nothing(app):
    fabrique.des_prestations(1)
    with pytest.raises(RegleRefusee, match="a changé pendant que vous lisiez"):
        fabrique.run(attendu_ht=D("1.00"))


def test_factures_that_do_not_make_the_services_are_refused(app, monkeypatch):
    fabrique.des_prestations(1)
    db.session.commit()
    vraie = actions.queries.preuve_du_run

    def fausse(run, factures):
        return vraie(run, {nature: montant - D("0.01") for nature, montant in factures.items()})

    monkeypatch.setattr(actions.queries, "preuve_du_run", fausse)
    with pytest.raises(RegleRefusee, match="Mission d’archiviste.*rien n’a été émis"):
        fabrique.run()
    db.session.rollback()
    assert combien(Facture) == 0 and etats() == {EtatPrestation.A_FACTURER}


def test_of_two_comptables_at_once_one_wins_and_the_other_gets_a_sentence(app, en_meme_temps):
    fabrique.des_prestations(5)

    def emettre():
        run = facturer_les_prestations(par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()
        return run.id

    reponses = en_meme_temps(emettre, emettre)
    assert sorted(type(r).__name__ for r in reponses) == ["RienAFacturer", "int"]
    assert (combien(Facture), combien(Refacturation)) == (5, 1)
    assert verifier_factures().est_entiere


def test_supplies_and_services_issued_at_once_make_one_chain_without_gaps(app, en_meme_temps):
    campagne_id = fournitures.campagne_admise(3).id
    fabrique.des_prestations(3)

    def biens():
        refacturer(campagne_id, par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    def services():
        facturer_les_prestations(par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    assert en_meme_temps(biens, services) == [None, None]
    numeros = db.session.scalars(select(Facture.numero).order_by(Facture.id)).all()
    assert numeros == [f"F-2026-{rang:05d}" for rang in range(1, 7)]
    assert verifier_factures().est_entiere


def test_an_avoir_and_a_run_at_once_never_wait_for_each_other_for_ever(app, en_meme_temps):
    ancienne = fabrique.facture(avec_mission=False)
    numero = ancienne.id
    fabrique.des_prestations(3)

    def rendre():
        emettre_avoir(numero, Demande("Erreur", tout=True, a_refacturer=True), par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    def emettre():
        facturer_les_prestations(par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    assert en_meme_temps(rendre, emettre) == [None, None]
    if EtatPrestation.A_FACTURER in etats():  # the run came first: what was given back waits for the next one
        emettre()
    assert combien(Facture) == 5 and etats() == {EtatPrestation.FACTUREE}


def test_the_number_of_statements_is_the_same_for_10_and_for_1300_bodies(app, sql):
    comptes = []
    for corps in (10, 1300):
        fabrique.des_prestations(corps)
        db.session.commit()
        with sql() as envoyees:
            facturer_les_prestations(par=AUTOMATE, le=FACTUREE_LE)
        comptes.append(len(envoyees))
        db.session.rollback()
        with sql() as lues:
            apercu()
        comptes.append(len(lues))
    assert comptes[:2] == comptes[2:] and comptes[0] <= 25 and comptes[1] == 2


def test_people_get_a_mail_with_the_facture_and_the_journal_a_line_for_each_service(app):
    (un,) = fabrique.des_prestations(1)
    adherents.utilisateur("Claire Delattre", roles=["agent"], collectivite=un)
    run = fabrique.run()
    (facture,) = factures_de(run)
    courriel = db.session.scalars(select(Courriel).where(Courriel.sujet.startswith("Facture"))).one()
    assert courriel.pieces == [f"facture:{facture.id}"] and "Mission d’archiviste" in courriel.corps
    faits = db.session.execute(select(Evenement.objet, Evenement.verbe, Evenement.apres)).all()
    assert faits.count(("prestation", "facturer", "facturee")) == 2
    assert ("refacturation", "refacturer", None) in faits and ("facture", "emettre", "emise") in faits
    assert piece_facture(facture.id).octets.startswith(b"%PDF")


def test_a_late_facture_of_services_is_reminded(app):
    facture = fabrique.facture()
    facture.collectivite.courriel = "mairie.frevent@example.org"
    assert relancer(par=AUTOMATE, le=ECHUE_LE) == 1


def test_a_whole_line_given_back_to_be_billed_again_is_billed_again(app):
    facture = fabrique.facture()
    sesam, mission = lignes_de(facture)
    avoir = crediter(facture, montants_ht={mission.id: D("1085.00")}, a_refacturer=True)
    assert avoir.fige["lignes"][0]["quantite"] == "3.50"
    assert avoir.fige["mentions"][0].startswith("TVA non applicable")
    assert db.session.get(Prestation, mission.prestation_id).etat is EtatPrestation.A_FACTURER
    assert db.session.get(Prestation, sesam.prestation_id).etat is EtatPrestation.FACTUREE
    assert db.session.get(Prestation, mission.prestation_id).credite_ht == 0
    (nouvelle,) = factures_de(fabrique.run())
    assert nouvelle.total_ht == D("1085.00")
    assert verifier_avoirs().est_entiere and piece_avoir(avoir.id).octets.startswith(b"%PDF")


def test_what_is_credited_for_good_is_remembered_on_the_service_and_never_billed_again(app):
    facture = fabrique.facture()
    sesam, _ = lignes_de(facture)
    crediter(facture, montants_ht={sesam.id: D("50.00")})
    crediter(facture, montants_ht={sesam.id: D("7.77")})
    assert db.session.get(Prestation, sesam.prestation_id).credite_ht == D("57.77")
    crediter(facture, tout=True)
    assert facture.etat is EtatFacture.ANNULEE_PAR_AVOIR
    assert db.session.scalars(select(Prestation.credite_ht).order_by(Prestation.id)).all() == [
        D("157.77"),
        D("1085.00"),
    ]
    with pytest.raises(RienAFacturer):
        fabrique.run()


def test_what_cdg59_is_owed_follows_the_avoirs_and_what_is_billed_again(app):
    facture = fabrique.facture(avec_mission=False)
    sesam = lignes_de(facture)[0]
    assert sesam_par_annee() == [AnneeSesam(2026, D("157.77"), D("0.00"), D("102.55"))]
    crediter(facture, montants_ht={sesam.id: D("57.77")})
    (annee,) = sesam_par_annee()
    assert (annee.reste_ht, annee.part_cdg62_ht, annee.part_cdg59_ht) == (D("100.00"), D("35.00"), D("65.00"))
    assert annee.part_cdg59_ht == part_apres_credit(D("157.77"), D("102.55"), D("57.77"))
    assert annee.part_cdg59_ht == reversement(2026).part_facturee_ht  # what may be paid over says the same
    autre = fabrique.facture(avec_mission=False)
    crediter(autre, tout=True, a_refacturer=True)
    assert sesam_par_annee() == [annee]  # what waits to be billed again is owed to nobody
    fabrique.run()
    assert sesam_par_annee()[0].part_cdg59_ht == D("167.55")


def test_crediting_in_several_times_gives_back_the_vat_to_the_centime(app):
    facture = fabrique.facture(tva_pct="5.5")
    for montant in ("11.11", "33.33", "99.99"):
        crediter(facture, montants_ht={lignes_de(facture)[1].id: D(montant)})
    crediter(facture, tout=True)
    totaux = select(func.sum(Avoir.total_ht), func.sum(Avoir.total_tva), func.sum(Avoir.total_ttc))
    assert db.session.execute(totaux).one() == (facture.total_ht, facture.total_tva, facture.total_ttc)


@pytest.mark.parametrize(
    ("demande", "phrase"),
    [
        ({"montants_ht": {2: D("1085.01")}}, "1 085,00"),
        ({"montants_ht": {2: D("85.00")}, "a_refacturer": True}, "créditez-la en entier"),
        ({"unites": {2: 1}}, "ne reste pas autant"),
        ({}, "Indiquez ce qu’il faut créditer"),
    ],
)
def test_an_impossible_avoir_is_refused_with_a_sentence(app, demande, phrase):
    facture = fabrique.facture()
    with pytest.raises(AvoirRefuse, match=phrase.replace(" ", "\u00a0") if "085" in phrase else phrase):
        crediter(facture, **demande)


def test_a_service_credited_in_part_cannot_go_back_whole(app):
    facture = fabrique.facture()
    crediter(facture, montants_ht={lignes_de(facture)[1].id: D("5.00")})
    with pytest.raises(AvoirRefuse, match="déjà créditée"):
        crediter(facture, tout=True, a_refacturer=True)


def test_a_line_is_about_one_thing_and_the_database_says_so(app):
    facture = fabrique.facture()
    with pytest.raises(Exception, match="(?i)immuable"):
        db.session.execute(update(LigneFacture).where(LigneFacture.facture_id == facture.id).values(quantite=D(9)))


def test_a_proof_that_misses_a_centime_of_a_part_is_not_exact(app):
    fabrique.des_prestations(1)
    lue = apercu().preuve
    mission, sesam = lue.natures
    bancale = type(sesam)(sesam.nature, 1, sesam.prestations_ht, D("55.21"), D("102.55"), sesam.factures_ht)
    assert not PreuvePrestations((mission, bancale), lue.factures_ht).est_exacte
