"""The basket as people meet it: pages, quantities refused kindly, rights, closed windows, what is typed is not lost."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.models import PointDeLivraison
from groupement.adherents.states import Role
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique

HTMX = {"HX-Request": "true"}


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """A window open today, an agent and a valideur of one body, a box in packs of 25, a fractionable folder."""
    jour = aujourdhui()
    campagne = fabrique.campagne(du=jour - timedelta(days=10), au=jour + timedelta(days=10))
    lot = campagne.marche.lots[0]
    mairie = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    valideur = adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=mairie)
    boite = catalogue.article(lot, reference="BTE-CON-10")
    chemise = catalogue.article(
        lot,
        reference="CHE-120",
        designation="Chemise 120 g",
        unites_par_colis=250,
        fractionnable=True,
        paliers="250:0.118",
    )
    monde = SimpleNamespace(
        campagne=campagne, mairie=mairie, agent=agent, valideur=valideur, boite=boite, chemise=chemise
    )
    monde.client, monde.client_valideur = client_de(agent), client_de(valideur)
    return monde


def ajouter(monde: SimpleNamespace, article: Any, unites: Any, **options: Any) -> Any:
    """Post the catalogue's « Ajouter »."""
    adresse = f"/panier/{monde.campagne.id}/lignes"
    return monde.client.post(adresse, data={"article": article.id, "unites": unites}, **options)


def la_commande() -> Commande:
    """The only order there is, read afresh."""
    return db.session.scalars(select(Commande).execution_options(populate_existing=True)).one()


def envoyer(monde: SimpleNamespace, client: Any = None, **champs: Any) -> Any:
    """Post « Envoyer au valideur » as the page does."""
    commande = la_commande()
    donnees = {"version": commande.version, "lieu": commande.point_de_livraison_id or "", **champs}
    return (client or monde.client).post(f"/commandes/{commande.id}/soumission", data=donnees)


def test_an_empty_basket_says_what_to_do_and_how_long_is_left(monde: SimpleNamespace) -> None:
    page = monde.client.get("/panier").text
    assert "Votre panier est vide" in page and "encore 10 jours" in page and "/catalogue/" in page


def test_an_article_goes_in_the_basket_and_the_page_shows_the_group_s_price(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, None, [(monde.boite, 225)], etat=EtatCommande.VALIDEE)
    reponse = ajouter(monde, monde.boite, "25")
    assert (reponse.status_code, reponse.location) == (303, f"/panier?campagne={monde.campagne.id}")
    page = monde.client.get("/panier").text
    assert "40,25" in page and "1,61" in page and "1,74" in page  # 25 at the tier of 250
    assert "Encore 750" in page.replace("\u00a0", " ")


def test_the_page_the_article_was_on_comes_back_but_never_another_site(monde: SimpleNamespace) -> None:
    adresse = f"/panier/{monde.campagne.id}/lignes"
    donnees = {"article": monde.boite.id, "unites": "25"}
    assert (
        monde.client.post(adresse, data=donnees | {"retour": "/catalogue/?q=boite"}).location == "/catalogue/?q=boite"
    )
    for piege in ("//exemple.org", "https://exemple.org", "/\\exemple.org", "javascript:alert(1)"):
        assert monde.client.post(adresse, data=donnees | {"retour": piege}).location.startswith("/panier?")


@pytest.mark.parametrize("htmx", [True, False])
def test_half_a_pack_is_refused_with_the_nearest_quantities_as_buttons(monde: SimpleNamespace, htmx: bool) -> None:
    reponse = ajouter(monde, monde.boite, "30", headers=HTMX if htmx else {})
    assert reponse.status_code == 422
    assert "par colis de 25" in reponse.text.replace("\u00a0", " ") and 'value="30"' in reponse.text
    assert re.findall(r'name="choix" value="(\d+)"', reponse.text) == ["25", "50"]
    assert ("<h1>" in reponse.text) is not htmx
    choisie = monde.client.post(
        f"/panier/{monde.campagne.id}/lignes", data={"article": monde.boite.id, "unites": "30", "choix": "50"}
    )
    assert choisie.status_code == 303
    assert la_commande().lignes[0].unites == 50


@pytest.mark.parametrize("unites", ["", "beaucoup", "0", "-25", "1e9", "99999999", "2,5"])
def test_a_quantity_that_is_not_one_is_refused_with_a_sentence(monde: SimpleNamespace, unites: str) -> None:
    reponse = ajouter(monde, monde.boite, unites, headers=HTMX)
    assert reponse.status_code == 422 and 'role="alert"' in reponse.text
    assert not db.session.scalars(select(LigneCommande)).all()


def test_thousands_may_be_typed_with_a_space(monde: SimpleNamespace) -> None:
    assert ajouter(monde, monde.boite, "1 250").status_code == 303
    assert la_commande().lignes[0].unites == 1250


def test_an_article_of_another_marche_or_sold_no_more_is_not_found(monde: SimpleNamespace) -> None:
    ailleurs, retire = catalogue.article(), catalogue.article(monde.campagne.marche.lots[0], actif=False)
    assert ajouter(monde, ailleurs, "25").status_code == 404
    assert ajouter(monde, retire, "25").status_code == 404
    assert ajouter(monde, SimpleNamespace(id="abc"), "25").status_code == 404
    assert ajouter(monde, SimpleNamespace(id="99999999999"), "25").status_code == 404


def test_a_campagne_in_preparation_is_not_found_and_a_closed_one_says_since_when(monde: SimpleNamespace) -> None:
    monde.campagne.etat, monde.campagne.close_le = EtatCampagne.CLOSE, maintenant()
    reponse = ajouter(monde, monde.boite, "25")
    assert reponse.status_code == 409 and "La campagne est close depuis le" in reponse.text
    assert "La campagne est close depuis le" in ajouter(monde, monde.boite, "25", headers=HTMX).text
    monde.campagne.etat = EtatCampagne.PREPAREE
    assert ajouter(monde, monde.boite, "25").status_code == 404


def test_a_line_is_saved_alone_with_its_totals(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25), (monde.chemise, 100)])
    premiere, seconde = (ligne.id for ligne in commande.lignes)
    reponse = monde.client.post(f"/panier/lignes/{premiere}", data={"unites": "75"}, headers=HTMX)
    assert reponse.status_code == 200
    assert f'id="ligne-{premiere}"' in reponse.text and f'id="ligne-{seconde}"' not in reponse.text
    assert 'hx-swap-oob="true"' in reponse.text and f'name="version" value="{la_commande().version}"' in reponse.text
    assert [ligne.unites for ligne in la_commande().lignes] == [75, 100]
    sans_js = monde.client.post(f"/panier/lignes/{seconde}", data={"unites": "120", "unites_acceptees_en_plus": "30"})
    assert (sans_js.status_code, la_commande().lignes[1].unites_acceptees_en_plus) == (303, 30)


@pytest.mark.parametrize("entetes", [HTMX, {}])
def test_a_line_refused_keeps_what_was_typed(monde: SimpleNamespace, entetes: dict[str, str]) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)])
    reponse = monde.client.post(f"/panier/lignes/{commande.lignes[0].id}", data={"unites": "60"}, headers=entetes)
    assert reponse.status_code == 422 and 'value="60"' in reponse.text
    assert re.findall(r'name="choix" value="(\d+)"', reponse.text) == ["50", "75"]
    assert la_commande().lignes[0].unites == 25


def test_a_line_is_taken_out(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25), (monde.chemise, 100)])
    assert monde.client.post(f"/panier/lignes/{commande.lignes[0].id}/retrait").status_code == 303
    assert [ligne.article_id for ligne in la_commande().lignes] == [monde.chemise.id]


def test_the_basket_of_another_body_is_not_there(monde: SimpleNamespace) -> None:
    autre = fabrique.commande(monde.campagne, fabrique.membre("Licques", de=monde.campagne), [(monde.boite, 25)])
    ligne = autre.lignes[0].id
    essais = [
        (f"/panier/lignes/{ligne}", {"unites": "50"}),
        (f"/panier/lignes/{ligne}/retrait", {}),
        (f"/commandes/{autre.id}/livraison", {"lieu": "depot", "version": "1"}),
        (f"/commandes/{autre.id}/soumission", {"lieu": "depot", "version": "1"}),
        (f"/commandes/{autre.id}/annulation", {"version": "1"}),
        (f"/panier/{monde.campagne.id}/reprises", {"commande": str(autre.id)}),
    ]
    for adresse, donnees in essais:
        assert monde.client.post(adresse, data=donnees).status_code == 404, adresse
    db.session.refresh(autre)
    assert (autre.etat, autre.lignes[0].unites) == (EtatCommande.BROUILLON, 25)


def test_only_people_of_a_body_have_a_basket(monde: SimpleNamespace, client: Any, client_de: Any) -> None:
    acheteur = client_de(adherents.utilisateur("Bruno Vasseur", roles=[Role.ACHETEUR]))
    assert acheteur.get("/panier").status_code == 403
    assert acheteur.post(f"/panier/{monde.campagne.id}/lignes", data={"article": monde.boite.id}).status_code == 403
    assert client.get("/panier").status_code == 302


def test_a_body_that_signed_too_late_is_told_why_and_its_orders_are_refused(
    monde: SimpleNamespace, client_de: Any
) -> None:
    tardive = adherents.collectivite("Bayenghem")
    consultation = monde.campagne.marche.consultation_le
    adherents.adhesion(tardive, monde.campagne.marche.convention, signee_le=consultation + timedelta(days=3))
    client = client_de(adherents.utilisateur("Élodie Roussel", roles=[Role.AGENT], collectivite=tardive))
    assert "R2162-6" in client.get("/panier").text
    reponse = client.post(f"/panier/{monde.campagne.id}/lignes", data={"article": monde.boite.id, "unites": "25"})
    assert reponse.status_code == 409 and "R2162-6" in reponse.text
    assert "Savoir pourquoi" in client.get(f"/catalogue/articles/{monde.boite.id}").text


def test_without_an_open_window_the_next_one_is_announced(monde: SimpleNamespace) -> None:
    monde.campagne.etat, monde.campagne.du = EtatCampagne.PREPAREE, monde.campagne.au - timedelta(days=3)
    page = monde.client.get("/panier").text
    assert "On ne peut pas commander en ce moment" in page and "Campagne d’automne 2026" in page


def test_the_delivery_place_is_kept_as_soon_as_it_is_chosen(monde: SimpleNamespace) -> None:
    ailleurs = adherents.point_de_livraison(monde.mairie, libelle="Services techniques")
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)])
    adresse = f"/commandes/{commande.id}/livraison"
    reponse = monde.client.post(adresse, data={"lieu": ailleurs.id, "version": 1}, headers=HTMX)
    assert reponse.status_code == 200 and 'id="panier-envoi"' in reponse.text
    assert la_commande().point_de_livraison_id == ailleurs.id
    monde.client.post(adresse, data={"lieu": "depot", "version": 2})
    assert (la_commande().mode, la_commande().point_de_livraison_id) == (ModeDeRemise.DEPOT, None)


def test_a_place_of_another_body_is_not_found(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)])
    etranger = adherents.point_de_livraison(adherents.collectivite("Licques"))
    reponse = monde.client.post(f"/commandes/{commande.id}/livraison", data={"lieu": etranger.id, "version": 1})
    assert reponse.status_code == 404


def test_adding_a_place_keeps_the_basket_and_chooses_it(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)])
    adresse = f"/panier/{monde.campagne.id}/lieux/nouveau"
    lieu = {"libelle": "École", "adresse": "3 rue des Dunes", "code_postal": "62179", "ville": "Wissant"}
    lieu |= {"contact": "Mme Hermant", "telephone": "03 21 00 00 01", "horaires": "9 h à 12 h"}
    fautif = monde.client.post(adresse, data=lieu | {"code_postal": "62"})
    assert fautif.status_code == 422 and "3 rue des Dunes" in fautif.text
    double = monde.client.post(adresse, data=lieu | {"libelle": "Mairie"})
    assert double.status_code == 422 and "3 rue des Dunes" in double.text
    assert monde.client.post(adresse, data=lieu).status_code == 303
    point = db.session.scalars(select(PointDeLivraison).filter_by(libelle="École")).one()
    assert (la_commande().point_de_livraison_id, la_commande().lignes[0].unites) == (point.id, 25)


def test_sending_needs_a_place_and_says_so(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)], point_de_livraison_id=None)
    reponse = envoyer(monde, lieu="")
    assert reponse.status_code == 422 and "Choisissez où livrer" in reponse.text
    assert la_commande().etat is EtatCommande.BROUILLON


def test_an_order_sent_says_who_has_to_validate(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)])
    reponse = envoyer(monde)
    assert (reponse.status_code, la_commande().etat) == (303, EtatCommande.SOUMISE)
    page = monde.client.get(reponse.location).text
    assert "Hervé Duquesne" in page and "À valider" in page
    assert monde.client.get("/panier").location == f"/commandes/{la_commande().id}"


def test_a_page_out_of_date_keeps_the_choice_and_names_who_changed_the_order(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)])
    autre = adherents.point_de_livraison(monde.mairie, libelle="Services techniques")
    monde.client_valideur.post(f"/panier/lignes/{commande.lignes[0].id}", data={"unites": "50"})
    reponse = envoyer(monde, version=1, lieu=autre.id)
    assert reponse.status_code == 409 and "entre-temps par Hervé Duquesne" in reponse.text
    assert re.search(rf'<input[^>]*checked[^>]*value="{autre.id}"', reponse.text)
    assert (la_commande().etat, la_commande().lignes[0].unites) == (EtatCommande.BROUILLON, 50)


def test_the_needs_of_the_audit_fill_the_basket_once(monde: SimpleNamespace) -> None:
    etat = EtatDesLieux(
        collectivite_id=monde.mairie.id,
        archiviste_id=monde.agent.id,
        etat=EtatEtatDesLieux.SUIVI,
        visite_le=aujourdhui() - timedelta(days=40),
        population=1000,
        transmis_le=maintenant() - timedelta(days=30),
    )
    etat.besoins = [
        Besoin(article_id=monde.boite.id, unites=100, unites_necessaires=92, raison="9,20 ml à mettre en boîtes."),
        Besoin(article_id=monde.chemise.id, unites=250, unites_necessaires=210, raison="210 dossiers."),
    ]
    db.session.add(etat)
    db.session.flush()
    assert "9,20 ml à mettre en boîtes." in monde.client.get("/panier").text
    for _ in range(2):
        assert monde.client.post(f"/panier/{monde.campagne.id}/besoins").status_code == 303
        assert [ligne.unites for ligne in la_commande().lignes] == [100, 250]
    assert "L’archiviste a relevé" not in monde.client.get("/panier").text


def test_last_year_s_order_is_taken_up_again(monde: SimpleNamespace) -> None:
    passee = fabrique.campagne(
        monde.campagne.marche,
        intitule="Campagne 2025",
        du=fabrique.DU.replace(year=2025),
        au=fabrique.AU.replace(year=2025),
        etat=EtatCampagne.SOLDEE,
    )
    ancienne = fabrique.commande(passee, monde.mairie, [(monde.boite, 75)], etat=EtatCommande.SOLDEE)
    assert "Campagne 2025" in monde.client.get("/panier").text
    assert monde.client.post(f"/panier/{monde.campagne.id}/reprises", data={"commande": ancienne.id}).status_code == 303
    nouvelle = db.session.scalars(select(Commande).filter_by(campagne_id=monde.campagne.id)).one()
    assert [ligne.unites for ligne in nouvelle.lignes] == [75]


def test_the_catalogue_offers_to_buy_without_asking_the_base_for_each_article(monde: SimpleNamespace, sql: Any) -> None:
    comptes = []
    for nombre in (2, 20):
        for _ in range(nombre):
            catalogue.article(monde.campagne.marche.lots[0])
        with sql() as envoyees:
            page = monde.client.get("/catalogue/?par_page=50").text
        assert page.count("Ajouter<") >= 2
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 14, comptes


def test_the_basket_page_costs_the_same_whatever_the_members_and_the_lines(monde: SimpleNamespace, sql: Any) -> None:
    comptes = []
    for nombre in (1, 15):
        for _ in range(nombre):
            article = catalogue.article(monde.campagne.marche.lots[0])
            fabrique.commande(monde.campagne, None, [(article, 25)], etat=EtatCommande.VALIDEE)
            ajouter(monde, article, "25")
        with sql() as envoyees:
            assert monde.client.get("/panier").status_code == 200
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12, comptes
