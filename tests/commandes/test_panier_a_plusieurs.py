"""Several people and devices on one basket: nothing is lost, nothing is written over unseen, everybody is told."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique

HTMX = {"HX-Request": "true"}


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """Claire and Marie of one town hall, an open window, a basket of twelve archives boxes sold one by one."""
    jour = aujourdhui()
    campagne = fabrique.campagne(du=jour - timedelta(days=10), au=jour + timedelta(days=10))
    lot = campagne.marche.lots[0]
    mairie = fabrique.membre("Wissant", de=campagne)
    claire = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    marie = adherents.utilisateur("Marie Dupont", roles=[Role.AGENT, Role.VALIDEUR], collectivite=mairie)
    boite = catalogue.article(lot, reference="BTE-10", unites_par_colis=1)
    chemise = catalogue.article(lot, reference="CHE-120", unites_par_colis=1, designation="Chemise 120 g")
    panier = fabrique.commande(campagne, mairie, [(boite, 12), (chemise, 40)])
    monde = SimpleNamespace(campagne=campagne, lot=lot, mairie=mairie, boite=boite, chemise=chemise, panier=panier)
    monde.claire, monde.marie = client_de(claire), client_de(marie)
    monde.ligne, monde.autre = (ligne.id for ligne in panier.lignes)
    return monde


def champs(page: str, ligne_id: int) -> dict[str, str]:
    """What the form of a line sends, as its page shows it."""
    bloc = page[page.index(f'action="/panier/lignes/{ligne_id}"') :].split("</form>")[0]
    caches = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', bloc)
    vue = re.search(r'name="vue" value="(\d+)"', page)
    dits = {nom: valeur for nom, valeur in caches if nom in ("commande", "article", "vu", "vu_en_plus")}
    return dits | ({"vue": vue[1]} if vue else {})


def poster(client: Any, ligne_id: int, vus: dict[str, str], unites: Any, **options: Any) -> Any:
    """Save a line as the page that showed `vus` does."""
    donnees = vus | {"unites": str(unites)} | options.pop("plus", {})
    return client.post(f"/panier/lignes/{ligne_id}", data=donnees, headers=options.get("headers", HTMX))


def unites(ligne_id: int) -> int | None:
    """The units of a line, read afresh."""
    return db.session.scalar(select(LigneCommande.unites).where(LigneCommande.id == ligne_id))


@pytest.mark.parametrize("entetes", [HTMX, {}])
def test_a_line_somebody_changed_meanwhile_is_refused_with_both_values(
    monde: SimpleNamespace, entetes: dict[str, str]
) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.ligne)
    assert (vus["vu"], vus["article"]) == ("12", str(monde.boite.id))
    poster(monde.marie, monde.ligne, champs(monde.marie.get("/panier").text, monde.ligne), 20)
    reponse = poster(monde.claire, monde.ligne, vus, 15, headers=entetes)
    texte = reponse.text.replace("\u00a0", " ")
    assert reponse.status_code == 409 and unites(monde.ligne) == 20
    assert "Marie Dupont a mis 20 à" in texte and "vous aviez 12 sous les yeux et demandiez 15" in texte
    assert "Garder 20" in texte and "Mettre 15" in texte and 'value="15"' in texte

    # « Mettre 15 »: now it was seen. « Garder 20 » would have changed nothing.
    suite = champs(reponse.text, monde.ligne) | {"choix": "15"}
    assert suite["vu"] == "20"
    garde = poster(monde.claire, monde.ligne, champs(reponse.text, monde.ligne) | {"garder": "oui"}, 15)
    assert garde.status_code == 200 and unites(monde.ligne) == 20
    assert poster(monde.claire, monde.ligne, suite, 15).status_code == 200 and unites(monde.ligne) == 15


def test_two_who_write_the_same_quantity_agree(monde: SimpleNamespace) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.ligne)
    poster(monde.marie, monde.ligne, vus, 20)
    assert poster(monde.claire, monde.ligne, vus, 20).status_code == 200


@pytest.mark.parametrize("entetes", [HTMX, {}])
def test_a_line_taken_out_meanwhile_says_who_and_can_be_put_back(
    monde: SimpleNamespace, entetes: dict[str, str]
) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.ligne)
    monde.marie.post(f"/panier/lignes/{monde.ligne}/retrait", data=vus)
    reponse = poster(monde.claire, monde.ligne, vus, 15, headers=entetes)
    assert reponse.status_code == 409 and unites(monde.ligne) is None
    assert "Marie Dupont a retiré BTE-10 du panier" in reponse.text and "demandiez 15" in reponse.text
    assert f'name="article" value="{monde.boite.id}"' in reponse.text and "Le remettre" in reponse.text


def test_the_number_of_a_line_taken_out_never_serves_for_another_article(monde: SimpleNamespace) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.autre)
    monde.marie.post(f"/panier/lignes/{monde.autre}/retrait", data=vus)
    nouvelle = LigneCommande(
        id=monde.autre, commande_id=monde.panier.id, article_id=catalogue.article(monde.lot).id, unites=40,
        rang=maintenant(),
    )  # fmt: skip
    db.session.add(nouvelle)
    db.session.commit()
    reponse = poster(monde.claire, monde.autre, vus, 60)
    assert reponse.status_code == 409 and "a retiré CHE-120" in reponse.text
    assert unites(monde.autre) == 40


def test_taking_out_a_line_somebody_changed_meanwhile_is_refused_too(monde: SimpleNamespace) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.ligne)
    poster(monde.marie, monde.ligne, vus, 20)
    reponse = monde.claire.post(f"/panier/lignes/{monde.ligne}/retrait", data=vus)
    assert reponse.status_code == 409 and "retiriez l’article" in reponse.text and unites(monde.ligne) == 20
    assert monde.claire.post(f"/panier/lignes/{monde.ligne}/retrait", data=vus | {"vu": "20"}).status_code == 303
    deux_fois = monde.claire.post(f"/panier/lignes/{monde.ligne}/retrait", data=vus)
    assert deux_fois.status_code == 303 and "déjà retiré" in monde.claire.get(deux_fois.location).text


@pytest.mark.parametrize("entetes", [HTMX, {}])
def test_an_order_sent_meanwhile_says_so_and_nothing_is_written(
    monde: SimpleNamespace, entetes: dict[str, str]
) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.ligne)
    panier = monde.panier
    donnees = {"version": panier.version, "lieu": panier.point_de_livraison_id}
    assert monde.marie.post(f"/commandes/{panier.id}/soumission", data=donnees).status_code == 303
    reponse = poster(monde.claire, monde.ligne, vus, 15, headers=entetes)
    assert reponse.status_code == 409 and "attend la validation" in reponse.text and unites(monde.ligne) == 12
    assert (f'id="ligne-{monde.ligne}"' in reponse.text) is bool(entetes)


def test_a_line_of_another_body_stays_unseen_whatever_the_form_says(monde: SimpleNamespace) -> None:
    autre = fabrique.commande(monde.campagne, fabrique.membre("Licques", de=monde.campagne), [(monde.boite, 12)])
    ligne = autre.lignes[0].id
    vus = {"commande": str(autre.id), "article": str(monde.boite.id), "vu": "12", "vu_en_plus": "0"}
    assert poster(monde.claire, ligne, vus, 15).status_code == 404
    assert monde.claire.post(f"/panier/lignes/{ligne}/retrait", data=vus).status_code == 404
    assert monde.claire.get(f"/commandes/{autre.id}/nouvelles?vue=1").status_code == 404
    assert poster(monde.claire, 99999, {}, 15).status_code == 404


def test_the_open_page_is_told_only_when_something_changed(monde: SimpleNamespace, sql: Any) -> None:
    adresse = f"/commandes/{monde.panier.id}/nouvelles"
    version = monde.panier.version
    with sql() as envoyees:
        assert monde.claire.get(f"{adresse}?vue={version}").status_code == 204
    assert sum("FROM commande" in requete for requete in envoyees) == 1, envoyees
    poster(monde.marie, monde.ligne, {}, 20)
    reponse = monde.claire.get(f"{adresse}?vue={version}")
    assert reponse.status_code == 200 and "Marie Dupont" in reponse.text and "Montrer les changements" in reponse.text
    assert f'name="vue" value="{version}"' in reponse.text and f'name="dite" value="{version + 1}"' in reponse.text
    assert monde.claire.get(f"{adresse}?vue={version}&dite={version + 1}").status_code == 204
    assert monde.claire.get(f"{adresse}?vue=%3Cscript%3E").text.count("<script") == 0


def test_saving_a_line_tells_what_a_colleague_changed_elsewhere(monde: SimpleNamespace) -> None:
    page = monde.claire.get("/panier").text
    vus = champs(page, monde.ligne)
    poster(monde.marie, monde.autre, {}, 75)
    reponse = poster(monde.claire, monde.ligne, vus, 15)
    assert reponse.status_code == 200 and unites(monde.ligne) == 15
    assert "Marie Dupont</strong> a changé ce panier" in reponse.text
    # What the page has not seen is not sent to the valideur from it.
    vue = re.search(r'name="version" value="(\d+)"', reponse.text)
    assert vue is not None and vue[1] == vus["vue"]
    envoi = monde.claire.post(
        f"/commandes/{monde.panier.id}/soumission",
        data={"version": vue[1], "lieu": monde.panier.point_de_livraison_id},
    )
    assert envoi.status_code == 409 and "entre-temps" in envoi.text


def test_saving_alone_says_nothing_and_follows_the_version(monde: SimpleNamespace) -> None:
    vus = champs(monde.claire.get("/panier").text, monde.ligne)
    reponse = poster(monde.claire, monde.ligne, vus, 15)
    assert "a changé ce panier" not in reponse.text
    assert f'name="vue" value="{int(vus["vue"]) + 1}"' in reponse.text


def test_a_delivery_of_what_only_the_depot_serves_is_refused_then_rounded_in_one_click(monde: SimpleNamespace) -> None:
    colis = catalogue.article(monde.lot, reference="BTE-COLIS")
    db.session.add(LigneCommande(commande_id=monde.panier.id, article_id=colis.id, unites=30, rang=maintenant()))
    monde.panier.mode = ModeDeRemise.DEPOT
    lieu, monde.panier.point_de_livraison_id = monde.panier.point_de_livraison_id, None
    adresse = f"/commandes/{monde.panier.id}/livraison"
    reponse = monde.claire.post(adresse, data={"lieu": lieu, "version": monde.panier.version}, headers=HTMX)
    texte = reponse.text.replace("\u00a0", " ")
    assert reponse.status_code == 409 and "30 unités deviennent 50, soit 34,80 € HT de plus" in texte
    assert 'name="arrondir" value="oui"' in texte
    donnees = {"lieu": lieu, "version": monde.panier.version, "arrondir": "oui"}
    assert monde.claire.post(adresse, data=donnees).status_code == 303
    commande = db.session.scalars(select(Commande).execution_options(populate_existing=True)).one()
    assert (commande.mode, commande.lignes[-1].unites) == (ModeDeRemise.LIVRAISON, 50)
    assert commande.etat is EtatCommande.BROUILLON
