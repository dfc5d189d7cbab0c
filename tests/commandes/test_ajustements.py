"""The buyer changes the preview: one decision a target, the same figures for the real run, members told."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.commandes.actions import regroupement
from groupement.commandes.actions.ajustements import ajuster, retirer
from groupement.commandes.models import (
    Affectation,
    Ajustement,
    BonDeCommande,
    Commande,
    LigneBon,
    LigneEcartee,
)
from groupement.commandes.queries.ajustements import Cible
from groupement.commandes.states import EtatCampagne, EtatCommande, GenreAjustement
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Automate, Evenement
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre

ECARTER, REPORTER, VISER, AJOUTER = GenreAjustement
HELENE, KARIM = Automate("Hélène Vasseur"), Automate("Karim Benali")
POURQUOI = "Le fournisseur n’a plus de carton."


class Fenetre:
    """A closed campagne of two lots: boxes by 50 and folders by 10, asked by Ayette (first) and Bapaume."""

    def __init__(self):
        self.lot = catalogue.lot(plafond_ht=Decimal("100000.00"), franco_ht=None)
        autre = catalogue.lot(self.lot.marche, plafond_ht=Decimal("100000.00"), franco_ht=None)
        tranches = catalogue.paliers("50:0.58|500:0.54|1000:0.50")
        self.boite = catalogue.article(self.lot, reference="BTE-STD-10", unites_par_colis=50, paliers=tranches)
        self.chemise = catalogue.article(autre, reference="CHE-120", unites_par_colis=10)
        self.campagne = campagne(self.lot.marche, etat=EtatCampagne.CLOSE)
        self.ayette, self.bapaume = (membre(nom, de=self.campagne) for nom in ("Ayette", "Bapaume"))
        self.ayette.courriel, self.bapaume.courriel = "mairie@ayette.test", "mairie@bapaume.test"
        self.d_ayette = self.commander(self.ayette, (self.boite, 480, 30), (self.chemise, 20))
        self.de_bapaume = self.commander(self.bapaume, (self.boite, 450), (self.chemise, 30))

    def commander(self, corps, *lignes):
        return commande(self.campagne, corps, lignes, etat=EtatCommande.VALIDEE)

    def ajuster(self, genre, unites=0, par=HELENE, motif=POURQUOI, **cible):
        return ajuster(self.campagne.id, Cible(**cible), genre, motif, unites, par=par, le=APRES)

    def apercu(self):
        return regroupement.previsualiser(self.campagne, le=APRES.date())

    def regrouper(self, **options):
        resultat = regroupement.regrouper(self.campagne.id, par=HELENE, le=APRES, **options)
        db.session.commit()
        return resultat


@pytest.fixture
def fenetre(app):
    return Fenetre()


def demandees(calcul):
    """Units asked by reference."""
    return {ligne.reference: ligne.unites_demandees for bon in calcul.resultat.bons for ligne in bon.lignes}


def test_each_target_leaves_out_what_it_names(fenetre):
    assert demandees(fenetre.apercu()) == {"BTE-STD-10": 930, "CHE-120": 50}
    for cible, reste in (
        ({"lot": fenetre.lot}, {"CHE-120": 50}),
        ({"article": fenetre.chemise}, {"BTE-STD-10": 930}),
        ({"commande": fenetre.d_ayette}, {"BTE-STD-10": 450, "CHE-120": 30}),
        ({"commande": fenetre.de_bapaume, "article": fenetre.boite}, {"BTE-STD-10": 480, "CHE-120": 50}),
    ):
        ajustement = fenetre.ajuster(ECARTER, **cible)
        assert demandees(fenetre.apercu()) == reste
        retirer(fenetre.campagne.id, ajustement.id, par=KARIM, le=APRES)
    assert demandees(fenetre.apercu()) == {"BTE-STD-10": 930, "CHE-120": 50}


def test_a_decision_is_in_the_journal_and_so_is_its_withdrawal(fenetre):
    ajustement = fenetre.ajuster(REPORTER, article=fenetre.boite)
    retirer(fenetre.campagne.id, ajustement.id, par=KARIM, le=APRES)
    faits = db.session.scalars(select(Evenement).where(Evenement.objet == "campagne").order_by(Evenement.id)).all()
    assert [(f.verbe, f.par) for f in faits] == [
        ("ajuster le regroupement", "Hélène Vasseur"),
        ("retirer un ajustement", "Karim Benali"),
    ]
    assert "BTE-STD-10" in faits[0].resume and "plus de carton" in faits[0].resume
    assert (ajustement.retire_par, ajustement.retire_le) == ("Karim Benali", APRES)


def test_the_second_buyer_is_told_who_has_decided(fenetre):
    fenetre.ajuster(ECARTER, article=fenetre.boite)
    with pytest.raises(RegleRefusee, match=r"Hélène Vasseur en a décidé.*laissé de côté"):
        fenetre.ajuster(AJOUTER, 50, par=KARIM, article=fenetre.boite)
    fenetre.ajuster(ECARTER, par=KARIM, article=fenetre.boite, commande=fenetre.d_ayette)  # another target


def test_a_decision_is_withdrawn_once(fenetre):
    ajustement = fenetre.ajuster(ECARTER, article=fenetre.boite)
    retirer(fenetre.campagne.id, ajustement.id, par=HELENE, le=APRES)
    with pytest.raises(RegleRefusee, match="Hélène Vasseur a déjà retiré"):
        retirer(fenetre.campagne.id, ajustement.id, par=KARIM, le=APRES)
    fenetre.ajuster(REPORTER, article=fenetre.boite)  # and another may be taken


def test_two_buyers_at_once_make_one_decision(fenetre, en_meme_temps):
    campagne_id, article_id = fenetre.campagne.id, fenetre.boite.id
    db.session.commit()

    def decider(par):
        def acte():
            article = db.session.get_one(type(fenetre.boite), article_id)
            ajuster(campagne_id, Cible(article=article), ECARTER, POURQUOI, par=par, le=APRES)
            db.session.commit()

        return acte

    resultats = en_meme_temps(decider(HELENE), decider(KARIM))
    refuses = [r for r in resultats if isinstance(r, RegleRefusee)]
    assert len(refuses) == 1 and "en a décidé" in str(refuses[0])
    assert db.session.scalar(select(func.count()).select_from(Ajustement)) == 1


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        (EtatCampagne.OUVERTE, "une fois la campagne close"),
        (EtatCampagne.PREPAREE, "une fois la campagne close"),
        (EtatCampagne.REGROUPEE, "Impossible de regrouper"),
    ],
)
def test_the_preview_changes_only_while_the_campagne_is_closed(fenetre, etat, phrase):
    ajustement = fenetre.ajuster(ECARTER, article=fenetre.boite)
    fenetre.campagne.etat = etat
    db.session.flush()
    with pytest.raises(TransitionInterdite, match=phrase):
        fenetre.ajuster(ECARTER, article=fenetre.chemise)
    with pytest.raises(TransitionInterdite, match=phrase):
        retirer(fenetre.campagne.id, ajustement.id, par=HELENE, le=APRES)


@pytest.mark.parametrize(
    ("genre", "unites", "phrase"),
    [(AJOUTER, 0, "combien de colis"), (AJOUTER, 30, "colis entiers de 50"), (VISER, 0, "combien de colis")],
)
def test_impossible_quantities_are_refused(fenetre, genre, unites, phrase):
    with pytest.raises(RegleRefusee, match=phrase):
        fenetre.ajuster(genre, unites, article=fenetre.boite)


def test_more_is_bought_of_an_article_only_and_always_with_a_reason(fenetre):
    with pytest.raises(RegleRefusee, match="Choisissez l’article"):
        fenetre.ajuster(AJOUTER, 50, lot=fenetre.lot)
    with pytest.raises(RegleRefusee, match="Écrivez pourquoi"):
        fenetre.ajuster(ECARTER, motif="  ", article=fenetre.boite)


def test_up_to_the_next_tier_the_extra_goes_to_who_accepts_it_then_to_the_depot(fenetre):
    fenetre.ajuster(VISER, 1000, article=fenetre.boite)
    fenetre.regrouper()
    ligne = db.session.scalars(select(LigneBon).where(LigneBon.article_id == fenetre.boite.id)).one()
    assert (ligne.unites, ligne.prix_unitaire_ht, ligne.unites_acceptees_en_plus) == (1000, Decimal("0.50"), 30)
    assert ligne.surplus_au_depot == 40
    parts = db.session.scalars(
        select(Affectation).where(Affectation.article_id == fenetre.boite.id).order_by(Affectation.rang)
    ).all()
    assert [(a.unites, a.montant_ht) for a in parts] == [
        (510, Decimal("255.00")),
        (450, Decimal("225.00")),
        (40, Decimal("20.00")),
    ]
    assert parts[-1].collectivite_id is None


def test_the_lines_left_out_are_kept_with_the_reason_and_their_bodies_are_told(fenetre):
    fenetre.ajuster(REPORTER, article=fenetre.boite)
    fenetre.ajuster(ECARTER, motif="Doublon", article=fenetre.chemise, commande=fenetre.de_bapaume)
    fenetre.regrouper()
    ecartees = db.session.scalars(select(LigneEcartee).order_by(LigneEcartee.ligne_commande_id)).all()
    assert [(e.collectivite_id, e.reportee, e.motif) for e in ecartees] == [
        (fenetre.ayette.id, True, POURQUOI),
        (fenetre.bapaume.id, True, POURQUOI),
        (fenetre.bapaume.id, False, "Doublon"),
    ]
    lettres = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("pas été commandé"))).all()
    recues = {c.destinataire: c.corps for c in lettres}
    assert set(recues) == {"mairie@ayette.test", "mairie@bapaume.test"}
    assert "Doublon" in recues["mairie@bapaume.test"] and "Doublon" not in recues["mairie@ayette.test"]
    assert "480 × " in recues["mairie@ayette.test"] and POURQUOI in recues["mairie@ayette.test"]
    assert "prochain panier" in recues["mairie@ayette.test"]


def test_an_order_wholly_left_out_is_cancelled_the_other_goes_on(fenetre):
    fenetre.ajuster(REPORTER, commande=fenetre.de_bapaume)
    fenetre.regrouper()
    db.session.expire_all()
    assert db.session.get_one(Commande, fenetre.de_bapaume.id).etat is EtatCommande.ANNULEE
    assert db.session.get_one(Commande, fenetre.d_ayette.id).etat is EtatCommande.REGROUPEE


def test_a_lot_below_its_minimum_is_told_to_its_bodies_too(fenetre):
    fenetre.lot.minimum_commande_ht = Decimal("9999.00")
    fenetre.regrouper()
    ecartees = db.session.scalars(select(LigneEcartee)).all()
    assert {(e.ajustement_id, e.reportee) for e in ecartees} == {(None, False)}
    assert len(ecartees) == 2 and "Commande trop petite" in ecartees[0].motif


def test_nothing_is_written_when_everything_is_left_out(fenetre):
    for lot in {fenetre.lot, fenetre.chemise.lot}:
        fenetre.ajuster(ECARTER, lot=lot)
    with pytest.raises(RegleRefusee, match="Tout ce qui était commandé est laissé de côté"):
        regroupement.regrouper(fenetre.campagne.id, par=HELENE, le=APRES)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 0


def test_what_was_agreed_to_includes_the_decisions(fenetre):
    vue = fenetre.apercu().empreinte
    ajustement = fenetre.ajuster(ECARTER, article=fenetre.boite)
    avec = fenetre.apercu().empreinte
    db.session.commit()
    with pytest.raises(regroupement.ApercuPerime, match="une décision a changé"):
        regroupement.regrouper(fenetre.campagne.id, par=HELENE, le=APRES, empreinte=vue)
    db.session.rollback()
    ajustement = retirer(fenetre.campagne.id, ajustement.id, par=HELENE, le=APRES)
    assert fenetre.apercu().empreinte == vue != avec
    fenetre.ajuster(ECARTER, motif="Autre motif", article=fenetre.boite)
    assert fenetre.apercu().empreinte != avec  # the reason is part of it: members read it


def test_a_decision_on_an_order_taken_back_has_no_effect(fenetre):
    fenetre.ajuster(ECARTER, commande=fenetre.de_bapaume)
    fenetre.de_bapaume.etat = EtatCommande.BROUILLON
    fenetre.commander(membre("Croisilles", de=fenetre.campagne), (fenetre.boite, 50))
    db.session.flush()
    calcul = fenetre.apercu()
    assert demandees(calcul)["BTE-STD-10"] == 530
    assert calcul.ecartes == ()


def test_a_line_may_still_be_deleted_under_a_decision(fenetre):
    """The campagne was opened again: the member takes the article out."""
    fenetre.ajuster(ECARTER, article=fenetre.boite, commande=fenetre.d_ayette)
    db.session.delete(fenetre.d_ayette.lignes[0])
    db.session.flush()
    assert fenetre.apercu().ecartes == ()


def test_a_line_of_two_databases_keeps_one_decision_in_force(fenetre):
    fenetre.ajuster(ECARTER, article=fenetre.boite)
    double = Ajustement(
        campagne_id=fenetre.campagne.id, genre=ECARTER, article_id=fenetre.boite.id, motif="x", par="y", le=APRES
    )
    db.session.add(double)
    with pytest.raises(Exception, match="(?i)unique"):
        db.session.flush()
    db.session.rollback()


def regrouper_avec_des_decisions(sql, membres):
    """How many statements a regroupement takes when an article is postponed and more is bought of another."""
    lot = catalogue.lot(plafond_ht=Decimal("900000.00"), franco_ht=None)
    boite = catalogue.article(lot, unites_par_colis=50, paliers=catalogue.paliers("50:0.58|500:0.54"))
    chemise = catalogue.article(lot, unites_par_colis=10)
    fenetre = campagne(lot.marche, etat=EtatCampagne.CLOSE)
    for numero in range(membres):
        corps = membre(de=fenetre, courriel=f"mairie-{numero}@membre.test")
        commande(fenetre, corps, [(boite, 7, 3), (chemise, 5)], etat=EtatCommande.VALIDEE)
    ajuster(fenetre.id, Cible(article=chemise), REPORTER, POURQUOI, par=HELENE, le=APRES)
    ajuster(fenetre.id, Cible(article=boite), AJOUTER, POURQUOI, 100, par=HELENE, le=APRES)
    db.session.commit()
    db.session.expunge_all()
    with sql() as envoyees:
        regroupement.regrouper(fenetre.id, par=AUTOMATE, le=APRES)
        db.session.commit()
    campagne_id = LigneEcartee.campagne_id == fenetre.id
    assert db.session.scalar(select(func.count()).select_from(LigneEcartee).where(campagne_id)) == membres
    return len(envoyees)


def test_statements_do_not_depend_on_the_number_of_members(app, sql):
    assert regrouper_avec_des_decisions(sql, 10) == regrouper_avec_des_decisions(sql, 1300)
    assert db.session.scalar(select(func.count()).where(Courriel.sujet.contains("pas été commandé"))) == 1310
