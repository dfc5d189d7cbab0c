"""Correcting a facture: what an avoir gives back, what it refuses, what becomes billable again."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from groupement.commandes.models import Affectation, PartDePort
from groupement.livraisons.models import LigneLivraison
from groupement.refacturation.actions.avoirs import AvoirRefuse, Demande, emettre_avoir
from groupement.refacturation.actions.ecriture import RienAFacturer
from groupement.refacturation.actions.encaissements import VirementRefuse, enregistrer_virement
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.actions.relances import relancer
from groupement.refacturation.documents import piece_avoir, piece_facture
from groupement.refacturation.models import Avoir, Encaissement
from groupement.refacturation.queries.chaine import verifier_avoirs
from groupement.refacturation.queries.factures import facture_verrouillee
from groupement.refacturation.states import EtatFacture
from groupement.socle.courriels import Courriel, fabriquer
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import refacturation as fabrique
from tests.fabriques.refacturation import ECHUE_LE, FACTUREE_LE

D = Decimal
JOUR = FACTUREE_LE.date()


def crediter(facture, **demande):
    """Issue an avoir as the comptable would, and commit."""
    demande.setdefault("motif", "Colis écrasés, facturés par erreur.")
    avoir = emettre_avoir(facture.id, Demande(**demande), par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    db.session.expire_all()
    return avoir


def virer(facture, montant, reference="VIR 1"):
    """Record a transfer and commit."""
    vue = facture_verrouillee(facture.id)
    ecriture = enregistrer_virement(vue, D(montant), JOUR, reference, par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    return ecriture


def boites(facture):
    """Its first line."""
    return fabrique.lignes_de(facture)[0]


def test_units_credited_come_off_what_is_owed_with_their_vat(app):
    facture = fabrique.facture(unites=(100,))
    ligne = boites(facture)
    avoir = crediter(facture, unites={ligne.id: 10})
    assert (avoir.numero, avoir.total_ht, avoir.total_tva, avoir.total_ttc) == (
        *("A-2026-00001", D("5.80"), D("1.16"), D("6.96")),
    )
    assert facture.avoirs_ttc == D("6.96") and facture.etat is EtatFacture.EMISE
    assert facture.reste_du_ttc == facture.total_ttc - D("6.96")
    assert avoir.fige["facture"] == facture.numero
    assert verifier_avoirs().est_entiere and verifier_avoirs().documents == 1


def test_crediting_in_several_times_gives_back_the_whole_to_the_centime(app):
    facture = fabrique.facture(unites=(37, 53))
    for unites in (10, 11, 16):
        crediter(facture, unites={boites(facture).id: unites})
    crediter(facture, tout=True)
    assert (facture.reste_du_ttc, facture.etat) == (0, EtatFacture.ANNULEE_PAR_AVOIR)
    totaux = db.session.execute(select(func.sum(Avoir.total_ht), func.sum(Avoir.total_tva), func.sum(Avoir.total_ttc)))
    assert totaux.one() == (facture.total_ht, facture.total_tva, facture.total_ttc)
    assert verifier_avoirs().est_entiere


@pytest.mark.parametrize("mode", ["B", "C"])
def test_a_facture_without_vat_is_credited_whole_to_the_centime_too(app, monkeypatch, mode):
    monkeypatch.setitem(app.config, "MODE_TVA", mode)
    facture = fabrique.facture(unites=(37, 53))
    premier = crediter(facture, unites={boites(facture).id: 13})
    assert sum(D(ligne["montant"]) for ligne in premier.fige["lignes"]) == premier.total_ttc
    crediter(facture, tout=True)
    assert facture.etat is EtatFacture.ANNULEE_PAR_AVOIR
    assert piece_avoir(premier.id).octets.startswith(b"%PDF")


def test_what_is_credited_to_be_billed_again_is_billed_again_exactly(app):
    facture = fabrique.facture(unites=(100,))
    campagne_id = facture.refacturation.campagne_id
    crediter(facture, tout=True, a_refacturer=True)
    assert db.session.scalar(select(func.sum(Affectation.unites_facturees))) == 0
    assert db.session.scalar(select(func.sum(Affectation.montant_facture_ht))) == 0
    assert db.session.scalar(select(func.sum(PartDePort.montant_facture_ht))) == 0
    run = refacturer(campagne_id, par=AUTOMATE, le=FACTUREE_LE)
    (nouvelle,) = fabrique.factures_de(run)
    assert (nouvelle.total_ht, nouvelle.total_ttc) == (facture.total_ht, facture.total_ttc)
    assert run.preuves["preuve"]["egal"] is True


def test_what_is_credited_for_good_is_not_billed_again(app):
    facture = fabrique.facture(unites=(100,))
    crediter(facture, unites={boites(facture).id: 10})
    with pytest.raises(RienAFacturer):
        refacturer(facture.refacturation.campagne_id, par=AUTOMATE, le=FACTUREE_LE)


def test_a_refaction_decided_after_the_facture_is_settled_by_an_amount(app):
    facture = fabrique.facture(articles=1, port_ht=None, unites=(50,))
    db.session.execute(update(LigneLivraison).values(refaction_ht=D("3.00")))
    ligne = boites(facture)
    crediter(facture, montants_ht={ligne.id: D("3.00")}, motif="Réfaction de 3 €.")
    affectation = db.session.get(Affectation, ligne.affectation_id)
    assert affectation.montant_facture_ht == affectation.montant_ht - D("3.00")
    with pytest.raises(RienAFacturer):
        refacturer(facture.refacturation.campagne_id, par=AUTOMATE, le=FACTUREE_LE)
    db.session.rollback()
    crediter(facture, unites={ligne.id: 50}, a_refacturer=True)
    (nouvelle,) = fabrique.factures_de(refacturer(facture.refacturation.campagne_id, par=AUTOMATE, le=FACTUREE_LE))
    assert nouvelle.total_ht == D("26.00")  # 29,00 − 3,00: the réfaction is not forgotten


@pytest.mark.parametrize(
    ("demande", "phrase"),
    [
        ({"motif": "  ", "tout": True}, "Écrivez pourquoi"),
        ({}, "Indiquez ce qu’il faut créditer"),
        ({"unites": {1: 101}}, "100 au plus"),
        ({"montants_ht": {1: D("58.01")}}, "58,00"),
        ({"unites": {1: 2}, "montants_ht": {1: D("1.00")}}, "pas les deux"),
    ],
)
def test_an_avoir_that_cannot_be_is_refused_with_a_sentence_and_nothing_is_written(app, demande, phrase):
    facture = fabrique.facture(unites=(100,))
    db.session.commit()
    with pytest.raises(AvoirRefuse, match=phrase):
        crediter(facture, **demande)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Avoir.id))) == 0 and facture.avoirs_ttc == 0


def test_what_is_paid_beyond_an_avoir_is_to_be_given_back(app):
    facture = fabrique.facture(unites=(100,))
    virer(facture, facture.total_ttc - D("1.00"))
    crediter(facture, montants_ht={boites(facture).id: D("0.83")})
    assert (facture.reste_du_ttc, facture.a_rembourser_ttc, facture.etat) == (0, 0, EtatFacture.PAYEE)
    crediter(facture, montants_ht={boites(facture).id: D("10.00")})
    assert (facture.reste_du_ttc, facture.a_rembourser_ttc, facture.etat) == (0, D("12.00"), EtatFacture.PAYEE)
    crediter(facture, tout=True)
    assert facture.etat is EtatFacture.ANNULEE_PAR_AVOIR and facture.a_rembourser_ttc == facture.paye_ttc
    with pytest.raises(AvoirRefuse, match="rien à créditer"):
        crediter(facture, tout=True)


def test_an_avoir_on_a_facture_that_does_not_exist_is_refused(app):
    with pytest.raises(AvoirRefuse, match="n’existe pas"):
        emettre_avoir(404, Demande("x", tout=True), par=AUTOMATE, le=FACTUREE_LE)
    with pytest.raises(RegleRefusee, match="n’existe pas"):
        facture_verrouillee(404)


def test_two_avoirs_at_once_never_give_back_twice(app, en_meme_temps):
    facture = fabrique.facture(unites=(100,))
    numero = facture.id

    def annuler():
        emettre_avoir(numero, Demande("Erreur de destinataire.", tout=True), par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    reponses = en_meme_temps(annuler, annuler)
    assert sorted(type(r).__name__ for r in reponses) == ["AvoirRefuse", "NoneType"]
    assert db.session.scalar(select(func.count(Avoir.id))) == 1


def test_the_body_is_written_to_and_the_papers_are_attached(app):
    facture = fabrique.facture(unites=(100,))
    fabrique.personne_de(facture, nom="Claire Delattre")
    avoir = crediter(facture, unites={boites(facture).id: 10})
    courriel = db.session.scalars(select(Courriel).order_by(Courriel.id.desc()).limit(1)).one()
    assert courriel.pieces == [f"avoir:{avoir.id}"] and "Colis écrasés" in courriel.corps
    assert fabriquer(courriel.pieces[0]).nom == "avoir-A-2026-00001.pdf"
    assert fabriquer(f"facture:{facture.id}").octets.startswith(b"%PDF")
    assert piece_facture(facture.id).nom == "facture-F-2026-00001.pdf"


def test_transfers_settle_the_facture_part_by_part(app):
    facture = fabrique.facture(unites=(100,))
    virer(facture, "20.00")
    assert (facture.etat, facture.paye_ttc) == (EtatFacture.PARTIELLEMENT_PAYEE, D("20.00"))
    virer(facture, facture.reste_du_ttc, "VIR 2")
    assert (facture.etat, facture.reste_du_ttc) == (EtatFacture.PAYEE, 0)
    verbes = select(Evenement.verbe).where(Evenement.objet == "facture").order_by(Evenement.id)
    assert db.session.scalars(verbes).all() == ["emettre", "encaisser_en_partie", "encaisser"]


def test_a_transfer_beyond_what_is_owed_typed_twice_or_on_a_settled_facture_is_refused(app):
    facture = fabrique.facture(unites=(100,))
    db.session.commit()
    with pytest.raises(VirementRefuse, match="est trop élevé"):
        virer(facture, facture.total_ttc + D("0.01"))
    db.session.rollback()
    virer(facture, "20.00")
    with pytest.raises(VirementRefuse, match="déjà enregistré"):
        virer(facture, "20.00")
    db.session.rollback()
    virer(facture, facture.reste_du_ttc, "VIR 2")
    with pytest.raises(VirementRefuse, match="n’attend plus de paiement"):
        virer(facture, "1.00", "VIR 3")
    db.session.rollback()
    assert db.session.scalar(select(func.count(Encaissement.id))) == 2


def test_two_comptables_never_take_in_more_than_is_owed(app, en_meme_temps):
    facture = fabrique.facture(unites=(100,))
    numero, total = facture.id, facture.total_ttc

    def encaisser(reference):
        vue = facture_verrouillee(numero)
        enregistrer_virement(vue, total, JOUR, reference, par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    reponses = en_meme_temps(lambda: encaisser("VIR 1"), lambda: encaisser("VIR 2"))
    assert sorted(type(r).__name__ for r in reponses) == ["NoneType", "VirementRefuse"]


def test_late_factures_are_reminded_of_once_a_week(app, sql):
    run = fabrique.refacturation(3)
    en_retard, payee, _ = fabrique.factures_de(run)
    fabrique.personne_de(en_retard, nom="Claire Delattre")
    virer(payee, payee.total_ttc)
    with sql() as envoyees:
        assert relancer(par=AUTOMATE, le=ECHUE_LE) == 2
    assert len(envoyees) <= 7
    db.session.commit()
    (rappel,) = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("en attente de paiement")))
    assert en_retard.numero in rappel.corps and rappel.pieces == [f"facture:{en_retard.id}"]
    with pytest.raises(RegleRefusee, match="Aucune facture à relancer"):
        relancer(par=AUTOMATE, le=ECHUE_LE)
