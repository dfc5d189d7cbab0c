"""A bon cancelled: its number stays, its demand goes to another bon or is given up, and nothing is lost on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions import annulations, regroupement
from groupement.commandes.models import (
    Affectation,
    BonDeCommande,
    Campagne,
    Commande,
    LigneBon,
    PartDePort,
    PartDeVersion,
    VersionDeBon,
)
from groupement.commandes.queries.regroupement import engage_par_lot
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.states import EtatBonDeCommande, EtatCampagne, EtatCommande
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.socle import numerotation
from groupement.socle.courriels import Courriel, fabriquer
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.fabriques.livraisons import CDG

LE = APRES + timedelta(days=1)


def bon_de(combien=2, **champs):
    """A bon of one lot with its shipping: `combien` bodies of 30 boxes each, and one that fetches 20 at the depot."""
    lot = catalogue.lot(franco_ht=Decimal(100000), port_ht=Decimal("45.00"), **champs)
    boite = catalogue.article(lot, reference="BTE-10", unites_par_colis=50, paliers="50:0.58|500:0.54")
    close = campagne(lot.marche, etat=EtatCampagne.CLOSE, intitule=f"Campagne {lot.id}")
    for _ in range(combien):
        corps = membre(de=close)
        adherents.utilisateur(roles=[Role.AGENT], collectivite=corps)
        commande(close, corps, [(boite, 30)], etat=EtatCommande.VALIDEE)
    commande(close, membre(de=close), [(boite, 20)], etat=EtatCommande.VALIDEE, point_de_livraison_id=None)
    _, (emis,), _ = regroupement.regrouper(close.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    return emis


@pytest.fixture
def bon(app):
    """Such a bon, of two bodies and a depot."""
    return bon_de()


def annuler(bon_id, titulaire_id=None, motif="Le titulaire décline.", vue=0):
    """Cancel as the buyer would, and commit."""
    nouveau = annulations.annuler(bon_tenu(bon_id, CDG), motif, titulaire_id, vue=vue, par=CDG, le=LE)
    db.session.commit()
    return nouveau


def combien(modele, *conditions):
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(modele).where(*conditions))


def test_a_cancelled_bon_keeps_its_number_its_lines_and_who_had_what(bon):
    numero, lignes = bon.numero, [(li.reference, li.unites, li.montant_ht) for li in bon.lignes]
    annuler(bon.id)
    relu = db.session.get(BonDeCommande, bon.id, populate_existing=True)
    assert (relu.numero, relu.etat) == (numero, EtatBonDeCommande.ANNULE)
    assert [(li.reference, li.unites, li.montant_ht) for li in relu.lignes] == lignes
    version = db.session.scalars(select(VersionDeBon)).one()
    assert (version.motif, version.revision, version.total_ht) == ("Le titulaire décline.", 0, relu.total_ht)
    parts = db.session.scalars(select(PartDeVersion)).all()
    assert sum(part.unites for part in parts) == 100
    assert sum(part.montant_ht for part in parts) + version.port_ht == relu.total_ht


def test_given_up_orders_are_cancelled_and_their_bodies_told(bon):
    annuler(bon.id)
    assert combien(Affectation) == combien(PartDePort) == combien(Livraison) == combien(LigneLivraison) == 0
    assert set(db.session.scalars(select(Commande.etat))) == {EtatCommande.ANNULEE}
    assert db.session.get(Campagne, bon.campagne_id, populate_existing=True).etat is EtatCampagne.SOLDEE
    ecrits = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("annulé"))).all()
    assert len([c for c in ecrits if c.pieces]) == 1  # the supplier
    assert len([c for c in ecrits if not c.pieces]) >= 2
    assert all("Le titulaire décline." in c.corps for c in ecrits)
    verbes = set(db.session.scalars(select(Evenement.verbe).where(Evenement.le == LE)))
    assert {"annuler", "abandonner"} <= verbes


def test_the_ceiling_forgets_a_cancelled_bon(bon):
    marche_id = bon.campagne.marche_id
    assert engage_par_lot(marche_id) == {bon.lot_id: bon.total_ht}
    annuler(bon.id)
    assert engage_par_lot(marche_id) == {}


def test_the_next_titulaire_takes_the_same_demand_at_once(bon):
    boite = bon.lignes[0].article
    second = catalogue.titulaire(bon.lot, "Second du rang (fictif)", {boite: "50:0.58|500:0.54"}).fournisseur
    parts = {(a.id, a.unites, a.montant_ht) for a in db.session.scalars(select(Affectation))}
    db.session.commit()
    db.session.expire_all()
    nouveau = annuler(bon.id, second.id)
    assert (nouveau.fournisseur_id, nouveau.remplace_id, nouveau.total_ht) == (second.id, bon.id, bon.total_ht)
    assert int(nouveau.numero[-5:]) == int(bon.numero[-5:]) + 1
    relues = db.session.scalars(select(Affectation)).all()
    assert {(a.id, a.unites, a.montant_ht) for a in relues} == parts
    assert {a.ligne_bon_id for a in relues} == {li.id for li in nouveau.lignes}
    assert sum(db.session.scalars(select(PartDePort.montant_ht).where(PartDePort.bon_id == nouveau.id))) == Decimal(45)
    assert {li.bon_id for li in db.session.scalars(select(Livraison))} == {nouveau.id}
    assert combien(LigneLivraison) == len(parts)
    assert set(db.session.scalars(select(Commande.etat))) == {EtatCommande.REGROUPEE}
    assert engage_par_lot(bon.campagne.marche_id) == {bon.lot_id: nouveau.total_ht}
    assert {c.destinataire for c in db.session.scalars(select(Courriel)) if c.pieces} >= {second.courriel}


def test_nobody_but_a_titulaire_is_asked(bon):
    with pytest.raises(RegleRefusee, match="titulaire du lot"):
        annuler(bon.id, catalogue.fournisseur("Passant (fictif)").id)


def test_a_new_bon_stays_below_the_ceiling_and_within_the_marche(bon):
    bon.lot.plafond_ht = Decimal("10.00")
    db.session.commit()
    with pytest.raises(RegleRefusee, match="Plafond du lot dépassé"):
        annuler(bon.id, bon.fournisseur_id)
    db.session.rollback()
    bon.lot.plafond_ht, bon.campagne.marche.au = Decimal("100000.00"), LE.date() - timedelta(days=1)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="R2162-5"):
        annuler(bon.id, bon.fournisseur_id)


@pytest.mark.parametrize("annonce", [{"annoncee_pour": LE.date()}, {"bordereau": "BL-1"}])
def test_what_is_announced_is_not_cancelled(bon, annonce):
    premiere = db.session.scalars(select(Livraison)).first()
    for champ, valeur in annonce.items():
        setattr(premiere, champ, valeur)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="faite ou annoncée"):
        annuler(bon.id)
    db.session.rollback()
    assert db.session.get(BonDeCommande, bon.id).etat is EtatBonDeCommande.EMIS
    assert combien(VersionDeBon) == 0


def test_a_bon_is_cancelled_once(bon):
    annuler(bon.id)
    with pytest.raises(TransitionInterdite):
        annuler(bon.id)


def test_two_buyers_at_once_cancel_one_bon_once(app, bon, en_meme_temps):
    bon_id, fournisseur_id = bon.id, bon.fournisseur_id
    issues = en_meme_temps(lambda: bool(annuler(bon_id, fournisseur_id)), lambda: bool(annuler(bon_id, fournisseur_id)))
    assert sorted(type(issue).__name__ for issue in issues) == ["TransitionInterdite", "bool"]
    assert combien(BonDeCommande) == 2
    assert combien(VersionDeBon) == 1


def test_killed_half_way_nothing_is_written(bon, monkeypatch):
    def tomber(*_args, **_valeurs):
        raise KeyboardInterrupt

    avant = {modele: combien(modele) for modele in (BonDeCommande, Affectation, LigneLivraison, Courriel, Evenement)}
    monkeypatch.setattr(annulations, "dire_l_annulation", tomber)
    with pytest.raises(KeyboardInterrupt):
        annuler(bon.id, bon.fournisseur_id)
    db.session.rollback()
    assert {modele: combien(modele) for modele in avant} == avant
    assert db.session.get(BonDeCommande, bon.id).etat is EtatBonDeCommande.EMIS
    assert list(numerotation.reserver("BC", LE.year, 1)) == [int(bon.numero[-5:]) + 1]  # no number is lost


@pytest.mark.parametrize("reemis", [True, False])
def test_statements_do_not_depend_on_the_number_of_bodies(app, sql, reemis):
    comptes = []
    for membres in (2, 40):
        emis = bon_de(membres)
        bon_id, titulaire = emis.id, emis.fournisseur_id if reemis else None
        db.session.expunge_all()
        with sql() as envoyees:
            annuler(bon_id, titulaire)
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 50


def test_the_paper_of_a_cancelled_bon_says_so(bon):
    annuler(bon.id)
    piece = fabriquer(f"bon_de_commande:{bon.id}")
    assert piece.nom == f"{bon.numero}-annule.pdf"
    assert combien(LigneBon, LigneBon.bon_id == bon.id) == 1
