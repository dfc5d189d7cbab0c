"""Urgent orders through their actions: what may be asked, what leaves the stock, what is handed over or put back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from groupement.commandes.actions import commandes, commandes_urgentes, depannages, paniers, remises
from groupement.commandes.actions.commandes_urgentes import DemandeDeDepannage, QuantitesRefusees
from groupement.commandes.models import Affectation, Campagne, Commande, Depannage
from groupement.commandes.queries.commandes import commande_de, commande_visible, ligne_visible
from groupement.commandes.queries.depannages import annees, depannage_visible, guichet_de, guichets
from groupement.commandes.queries.paniers import campagnes_ouvertes, commande_precedente, fenetres, prochaine_campagne
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise, NatureCampagne
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from groupement.stock.actions import mouvementer, reserver_au_depot
from groupement.stock.models import MouvementStock
from groupement.stock.queries import stock_de
from groupement.stock.rules.valeur import Stock
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fenetre_fabrique
from tests.fabriques import depannages as fabrique
from tests.fabriques.commandes import LE
from tests.fabriques.depannages import MOTIF, Tout
from tests.fabriques.en_nombre import articles_semblables

D = Decimal
JOUR = date(2026, 11, 24)


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Ten boxes worth 10,01 € and forty folders at the depot that serves the year; a body with its two people."""
    monde = fabrique.guichet_de_wissant(10, "10.01", acheteur="Bruno Lefebvre")
    db.session.commit()
    return monde


def en_stock(monde: SimpleNamespace, article: Any) -> tuple[int, Decimal]:
    """What lies at the depot."""
    stock = stock_de(monde.annee.depot_id, article.id)
    return stock.unites, stock.valeur_ht


def courriels() -> list[tuple[str, str]]:
    """(to, subject) of what was written."""
    return sorted((a, b) for a, b in db.session.execute(select(Courriel.destinataire, Courriel.sujet)))


def test_the_year_is_one_campagne_of_a_marche_that_no_window_reads(monde):
    assert (monde.annee.nature, monde.annee.intitule) == (NatureCampagne.DEPANNAGE, "Dépannages 2026")
    assert (monde.annee.du, monde.annee.au) == (date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(TransitionInterdite, match="Impossible de ouvrir"):
        depannages.ouvrir(monde.lot.marche, monde.annee.depot, par=AUTOMATE, le=LE)
    assert campagnes_ouvertes(JOUR) == [] and fenetres(monde.mairie.id, JOUR) == []
    assert prochaine_campagne(date(2025, 12, 1), monde.mairie.id) is None
    assert [a.est_ouverte for a in annees(JOUR)] == [True]


def test_closed_it_serves_nobody_and_may_be_opened_again(monde):
    depannages.clore(monde.annee.id, par=AUTOMATE, le=LE)
    assert guichets(monde.mairie.id, JOUR) == []
    with pytest.raises(TransitionInterdite, match="Impossible de clore"):
        depannages.clore(monde.annee.id, par=AUTOMATE, le=LE)
    assert depannages.ouvrir(monde.lot.marche, monde.annee.depot, par=AUTOMATE, le=LE) is monde.annee
    assert guichets(monde.mairie.id, JOUR)[0].motif is None


def test_a_window_is_not_closed_as_a_year(monde):
    fenetre = fenetre_fabrique.campagne(monde.lot.marche)
    with pytest.raises(RegleRefusee, match="closez-la depuis sa page"):
        depannages.clore(fenetre.id, par=AUTOMATE, le=LE)


@pytest.mark.parametrize("annee", [2019, 2040])
def test_it_does_not_open_outside_the_marche(monde, annee):
    with pytest.raises(RegleRefusee, match="Le marché (commence|est terminé)"):
        depannages.ouvrir(monde.lot.marche, monde.annee.depot, par=AUTOMATE, le=datetime(annee, 5, 4, tzinfo=UTC))


def test_asked_the_order_waits_for_its_valideur_and_nothing_leaves_the_stock(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3})
    assert (commande.etat, commande.urgente, commande.mode) == (EtatCommande.SOUMISE, True, ModeDeRemise.DEPOT)
    assert commande.total_ht == D("3.00") and commande.lignes[0].prix_unitaire_ht == D("1.0000")
    assert db.session.get(Depannage, commande.id).motif == MOTIF
    assert en_stock(monde, monde.boite) == (10, D("10.01"))
    assert courriels() == [(monde.valideur.email, "Un dépannage attend votre validation\u00a0: Wissant")]


def test_a_body_may_have_several_of_them(monde):
    premiere = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 1})
    seconde = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 2})
    assert premiere.id != seconde.id and en_stock(monde, monde.boite)[0] == 7


def test_committed_the_units_leave_at_their_cost_to_the_centime(monde):
    commande = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 3, monde.chemise: 7}, engagement="E-12")
    parts = db.session.scalars(select(Affectation).order_by(Affectation.id)).all()
    assert [(p.unites, p.montant_ht, p.unites_admises, p.ligne_bon_id) for p in parts] == [
        (3, D("3.00"), 0, None),
        (7, D("0.83"), 0, None),
    ]
    assert sum(p.montant_ht for p in parts) == commande.total_ht == D("3.83")
    assert en_stock(monde, monde.boite) == (7, D("7.01")) and en_stock(monde, monde.chemise) == (33, D("3.89"))
    assert (commande.etat, commande.engagement) == (EtatCommande.REGROUPEE, "E-12")
    pieces = set(db.session.scalars(select(MouvementStock.piece).where(MouvementStock.unites < 0)))
    assert pieces == {f"commande:{commande.id}"}


def test_the_body_and_the_buyer_are_told(monde):
    fabrique.engage(monde.annee, monde.mairie, {monde.boite: 3})
    assert (monde.agent.email, "Votre dépannage est validé\u00a0: Wissant") in courriels()
    assert (monde.acheteur.email, "Dépannage à préparer\u00a0: Wissant") in courriels()


def test_the_last_ones_take_all_that_is_left_of_the_value(monde):
    for combien in (3, 3, 3, 1):
        fabrique.engage(monde.annee, monde.mairie, {monde.boite: combien})
    assert stock_de(monde.annee.depot_id, monde.boite.id) == Stock(0, D("0.00"))
    assert db.session.scalar(select(func.sum(Affectation.montant_ht))) == D("10.01")


def test_what_is_no_more_there_is_refused_with_what_is_left_and_nothing_is_written(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 8, monde.chemise: 1})
    mouvementer(monde.annee.depot_id, monde.boite.id, -5, motif="Casse", par=AUTOMATE, le=LE)
    db.session.commit()
    with pytest.raises(QuantitesRefusees, match="BTE-STD-10.*Il en reste 5.disponibles.*vous en demandez 8"):
        fabrique.valider(commande.id)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Affectation)) == 0
    assert db.session.get(Commande, commande.id).etat is EtatCommande.SOUMISE
    assert en_stock(monde, monde.chemise)[0] == 40


def test_what_has_run_out_is_named(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 8})
    mouvementer(monde.annee.depot_id, monde.boite.id, -10, motif="Casse", par=AUTOMATE, le=LE)
    with pytest.raises(QuantitesRefusees, match="BTE-STD-10.*Il n’en reste plus"):
        fabrique.valider(commande.id)


def test_a_cost_that_rose_since_it_was_read_is_not_committed(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3})
    fabrique.stocker(monde.annee, monde.boite, 10, "50.00")
    with pytest.raises(RegleRefusee, match="a changé pendant que vous lisiez.*3,00.*9,00"):
        fabrique.valider(commande.id)
    tenue, _ = depannage_visible(commande.id, Tout(), verrou=True)
    commandes_urgentes.valider(tenue, tenue.version, D("9.00"), par=AUTOMATE, le=LE)
    assert tenue.total_ht == D("9.00")


def test_the_reserve_of_the_depot_is_not_offered(monde):
    reserver_au_depot(monde.annee.depot_id, monde.boite.id, 8, par=AUTOMATE, le=LE)
    with pytest.raises(QuantitesRefusees, match="Il en reste 2.disponibles"):
        fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3})
    db.session.rollback()
    reserver_au_depot(monde.annee.depot_id, monde.boite.id, 0, par=AUTOMATE, le=LE)
    assert fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3}).id


def test_while_a_window_is_open_for_the_body_it_orders_there(monde):
    fenetre_fabrique.campagne(monde.lot.marche, intitule="Campagne d’automne", du=JOUR, au=date(2026, 12, 4))
    attendu = "Commandez dans la campagne «\u00a0Campagne d’automne\u00a0», ouverte jusqu’au 4 décembre 2026."
    assert guichets(monde.mairie.id, JOUR)[0].motif == attendu
    with pytest.raises(RegleRefusee, match="Commandez dans la campagne"):
        fabrique.demande(monde.annee, monde.mairie, {monde.boite: 1})


def test_a_window_that_opens_meanwhile_stops_the_commitment(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 1})
    fenetre_fabrique.campagne(monde.lot.marche, du=JOUR, au=date(2026, 12, 4))
    with pytest.raises(RegleRefusee, match="Commandez dans la campagne"):
        fabrique.valider(commande.id)


def test_the_window_of_another_marche_changes_nothing(monde):
    fenetre_fabrique.campagne(catalogue.lot().marche, du=JOUR, au=date(2026, 12, 4))
    assert guichets(monde.mairie.id, JOUR)[0].motif is None


def test_once_the_window_is_closed_the_depot_serves_again(monde):
    fenetre_fabrique.campagne(monde.lot.marche, etat=EtatCampagne.CLOSE, du=JOUR, au=date(2026, 12, 4))
    assert guichets(monde.mairie.id, JOUR)[0].motif is None


def test_a_body_that_joined_late_is_refused(monde):
    tardive = adherents.collectivite("Étaples")
    consultation = monde.lot.marche.consultation_le
    adherents.adhesion(tardive, monde.lot.marche.convention, signee_le=consultation + timedelta(days=3))
    assert "R2162-6" in (guichets(tardive.id, JOUR)[0].motif or "")


def test_articles_of_a_lot_not_joined_are_not_offered(monde):
    autre = catalogue.lot(monde.lot.marche)
    etagere = catalogue.article(autre)
    fabrique.stocker(monde.annee, etagere, 5, "100.00")
    partielle = adherents.collectivite("Guînes")
    jour = monde.lot.marche.consultation_le - timedelta(days=30)
    adherents.adhesion(partielle, monde.lot.marche.convention, signee_le=jour, lots=[monde.lot.numero])
    db.session.commit()
    with pytest.raises(QuantitesRefusees, match="Il n’en reste plus"):
        fabrique.demande(monde.annee, partielle, {etagere: 1})
    db.session.rollback()
    assert fabrique.demande(monde.annee, partielle, {monde.boite: 1}).id


def test_the_depot_delivers_only_if_it_does(monde):
    point = fenetre_fabrique.membre("Hesdin", de=monde.annee)
    lieu = adherents.point_de_livraison(point, libelle="Annexe")
    db.session.commit()
    with pytest.raises(RegleRefusee, match="ne livre pas"):
        fabrique.demande(monde.annee, point, {monde.boite: 1}, mode=ModeDeRemise.LIVRAISON, point=lieu)
    db.session.rollback()
    monde.annee.depot.livre = True
    livree = fabrique.engage(monde.annee, point, {monde.boite: 1}, mode=ModeDeRemise.LIVRAISON, point=lieu)
    part = db.session.scalars(select(Affectation)).one()
    assert (livree.point_de_livraison_id, part.point_de_livraison_id) == (lieu.id, lieu.id)


def test_sent_back_it_is_corrected_and_sent_again(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3})
    tenue, depannage = depannage_visible(commande.id, Tout(), verrou=True)
    commandes_urgentes.renvoyer(tenue, "Deux suffisent", tenue.version, par=monde.valideur, le=LE)
    assert (
        tenue.etat is EtatCommande.BROUILLON
        and "Votre dépannage est à revoir\u00a0: Wissant" in dict(courriels()).values()
    )
    voulu = DemandeDeDepannage({monde.boite.id: 2}, "Deux boîtes pour vendredi")
    with pytest.raises(ConflitDeVersion):
        commandes_urgentes.demander_de_nouveau(tenue, depannage, voulu, 0, par=AUTOMATE, le=LE)
    commandes_urgentes.demander_de_nouveau(tenue, depannage, voulu, tenue.version, par=AUTOMATE, le=LE)
    db.session.flush()
    assert [(ligne.unites) for ligne in tenue.lignes] == [2] and tenue.total_ht == D("2.00")
    assert (depannage.motif, tenue.renvoi_motif, tenue.etat) == (voulu.motif, "", EtatCommande.SOUMISE)


def test_taken_back_then_given_up(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3})
    commandes_urgentes.reprendre(commande, commande.version, par=AUTOMATE, le=LE)
    commandes_urgentes.annuler(commande, commande.version, par=AUTOMATE, le=LE)
    assert commande.etat is EtatCommande.ANNULEE
    engagee = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 3})
    with pytest.raises(RegleRefusee, match="demandez au Centre de gestion"):
        commandes_urgentes.annuler(engagee, engagee.version, par=AUTOMATE, le=LE)


def test_what_the_body_must_write_on_its_invoices_is_asked(monde):
    monde.mairie.chorus_engagement_requis = True
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 1})
    with pytest.raises(RegleRefusee, match="numéro d’engagement"):
        fabrique.valider(commande.id)


def test_handed_over_it_can_be_billed(monde):
    commande = fabrique.remise(fabrique.engage(monde.annee, monde.mairie, {monde.boite: 3}))
    assert commande.etat is EtatCommande.SERVIE
    assert db.session.scalars(select(Affectation.unites_admises)).all() == [3]
    tenue, depannage = depannage_visible(commande.id, Tout(), verrou=True)
    assert (depannage.remis_le, depannage.remis_a) == (JOUR, "Sylvie Carlier")
    with pytest.raises(TransitionInterdite, match="déjà été remis à Sylvie Carlier"):
        remises.remettre(tenue, depannage, "Autre", par=AUTOMATE, le=LE)
    with pytest.raises(TransitionInterdite, match="ne peut plus être annulée.*Remise"):
        remises.remettre_en_stock(tenue, "Trop tard", par=AUTOMATE, le=LE)


def test_given_up_before_it_is_handed_over_its_units_go_back_for_what_they_left_at(monde):
    commande = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 3, monde.chemise: 7})
    tenue, _ = depannage_visible(commande.id, Tout(), verrou=True)
    remises.remettre_en_stock(tenue, "La mairie renonce", par=monde.acheteur, le=LE)
    assert en_stock(monde, monde.boite) == (10, D("10.01")) and en_stock(monde, monde.chemise) == (40, D("4.72"))
    assert db.session.scalar(select(func.count()).select_from(Affectation)) == 0
    assert (tenue.etat, tenue.renvoi_motif) == (EtatCommande.ANNULEE, "La mairie renonce")
    assert (monde.agent.email, "Votre dépannage est annulé\u00a0: Wissant") in courriels()


def test_the_acts_of_windows_refuse_an_urgent_order(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 3})
    acte = {"par": AUTOMATE, "le": LE}
    ligne = ligne_visible(commande.lignes[0].id, Tout(), verrou=True)
    for refuser in (
        lambda: commandes.valider(commande, commande.version, **acte),
        lambda: commandes.soumettre(commande, commande.version, **acte),
        lambda: commandes.annuler(commande, commande.version, **acte),
        lambda: commandes.choisir_livraison(commande, ModeDeRemise.DEPOT, None, commande.version, **acte),
        lambda: paniers.modifier_ligne(ligne, 4, **acte),
        lambda: paniers.retirer_ligne(ligne, **acte),
    ):
        with pytest.raises(RegleRefusee, match="[Dd]épannage"):
            refuser()


def test_an_urgent_order_is_no_basket_nor_last_years_order(monde):
    fabrique.engage(monde.annee, monde.mairie, {monde.boite: 1})
    fenetre = fenetre_fabrique.campagne(monde.lot.marche)
    assert commande_precedente(monde.mairie.id, fenetre) is None
    assert commande_de(monde.annee.id, monde.mairie.id) is None


def test_its_journal_tells_it_all(monde):
    commande = fabrique.remise(fabrique.engage(monde.annee, monde.mairie, {monde.boite: 3}))
    verbes = db.session.scalars(
        select(Evenement.verbe)
        .where(Evenement.objet == "commande", Evenement.objet_id == commande.id)
        .order_by(Evenement.id)
    ).all()
    assert verbes == ["commencer", "soumettre", "valider", "sortir_du_stock", "servir"]


def test_statements_do_not_depend_on_the_number_of_articles(monde, sql):
    campagne, comptes = monde.annee, []
    seul = catalogue.article(monde.lot, paliers=None)
    fabrique.stocker(campagne, seul, 5, "5.00")
    articles = [seul, *articles_semblables(seul, 1299)]
    db.session.commit()
    for choisis in (articles[:10], articles):
        commande = fabrique.demande(campagne, monde.mairie, dict.fromkeys(choisis, 1))
        db.session.commit()
        with sql() as envoyees:
            fabrique.valider(commande.id)
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1], comptes


def test_a_year_that_is_over_serves_no_more(monde):
    commande = fabrique.demande(monde.annee, monde.mairie, {monde.boite: 1})
    plus_tard = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    assert guichet_de(monde.annee, monde.mairie.id, plus_tard.date()) is None
    with pytest.raises(RegleRefusee, match="«\u00a0Dépannages 2026\u00a0» est clos"):
        fabrique.valider(commande.id, le=plus_tard)
    assert db.session.scalar(select(func.count()).select_from(Campagne)) == 1
    suivante = depannages.ouvrir(monde.lot.marche, monde.annee.depot, par=AUTOMATE, le=plus_tard)
    assert suivante.intitule == "Dépannages 2027"
    assert commande_visible(commande.id, Tout()).campagne_id == monde.annee.id
