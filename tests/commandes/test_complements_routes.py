"""The completion phase as people meet it: the page of a body, what its valideur does, what an agent proposes."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.commandes.models import LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from tests.fabriques.complements import corps, peupler, phase


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """A campagne closed three days ago, to be completed for four more days; its people signed in."""
    jour = aujourdhui()
    dates = {"du": jour - timedelta(days=30), "au": jour - timedelta(days=3), "complement_au": jour + timedelta(days=4)}
    monde = phase(**dates)
    for qui in (monde.wissant, monde.audresselles):
        qui.client, qui.client_agent = client_de(qui.valideur), client_de(qui.agent)
    return monde


def adresse(qui: Any, article: Any) -> str:
    """Where an addition is read, and made."""
    return f"/commandes/{qui.commande.id}/complements/{article.id}"


def ajouter(qui: Any, article: Any, unites: Any, *, version: int = 1, fermes: int = 38, client: Any = None) -> Any:
    """Post what the page of an addition posts."""
    donnees = {"unites": unites, "version": version, "fermes": fermes}
    return (client or qui.client).post(adresse(qui, article), data=donnees)


def unites(qui: Any, article: Any) -> int:
    """What the body has ordered of an article, read afresh."""
    db.session.rollback()
    requete = select(LigneCommande.unites).filter_by(commande_id=qui.commande.id, article_id=article.id)
    return db.session.scalar(requete) or 0


def lu(reponse: Any) -> str:
    """The page with plain spaces."""
    return str(reponse.text).replace("\u00a0", " ")


def test_the_page_says_what_is_missing_what_it_spares_and_offers_the_useful_number(monde: SimpleNamespace) -> None:
    page = lu(monde.wissant.client.get("/complement"))
    assert "Il manque 12 chemises pour compléter un colis de 50." in page
    assert "Sinon, 12 chemises de trop (4,80 € HT) partiraient au stock du dépôt." in page
    assert "À 500 boîtes au lieu de 450, la boîte passe de 0,58 € à 0,54 € : il en manque 50." in page
    assert "dont 16,00 € pour vos 400 boîtes" in page
    assert 'value="12"' in page and 'value="50"' in page and "ETI-1" not in page


def test_the_basket_leads_to_the_page_once_the_window_is_over(monde: SimpleNamespace) -> None:
    reponse = monde.wissant.client.get("/panier")
    assert (reponse.status_code, reponse.location) == (302, f"/complement?campagne={monde.campagne.id}")


def test_the_order_leads_to_the_page_and_says_until_when(monde: SimpleNamespace) -> None:
    page = lu(monde.wissant.client.get(f"/commandes/{monde.wissant.commande.id}"))
    assert f"/complement?campagne={monde.campagne.id}" in page and "Compléter les colis" in page
    assert "/reouverture" not in page and "/annulation" not in page


def test_the_valideur_reads_the_effect_then_commits_it(monde: SimpleNamespace) -> None:
    page = lu(monde.wissant.client.get(f"{adresse(monde.wissant, monde.chemise)}?unites=12"))
    assert "12 chemises de plus : 4,80 € HT (le colis est complet)." in page
    assert "Vous en aurez 30 au lieu de 18" in page and "E-2026-41" in page and "250,00 €" in page
    reponse = ajouter(monde.wissant, monde.chemise, 12)
    assert (reponse.status_code, reponse.location) == (303, f"/complement?campagne={monde.campagne.id}")
    page = lu(monde.wissant.client.get(reponse.location))
    assert "12 de plus. Votre commande passe de 0,00 € à 250,00 € HT, sous l’engagement E-2026-41." in page
    assert "Il manque 12" not in page and unites(monde.wissant, monde.chemise) == 30


def test_a_number_that_will_not_do_is_refused_by_the_nearest_and_nothing_is_written(monde: SimpleNamespace) -> None:
    for reponse in (
        ajouter(monde.wissant, monde.chemise, 13),
        monde.wissant.client.get(f"{adresse(monde.wissant, monde.chemise)}?unites=13"),
    ):
        assert reponse.status_code == 422
        assert "Il ne manque que 12 chemises" in lu(reponse) and "En ajouter 12" in lu(reponse)
    for etrange in ("", "-12", "douze", "1e9", "99999999999999999999"):
        assert ajouter(monde.wissant, monde.chemise, etrange).status_code == 422
        lien = f"{adresse(monde.wissant, monde.chemise)}?unites={etrange}"
        assert monde.wissant.client.get(lien).status_code == (200 if etrange == "" else 422)
    assert unites(monde.wissant, monde.chemise) == 18


def test_the_second_body_is_told_what_was_left(monde: SimpleNamespace) -> None:
    ajouter(monde.wissant, monde.chemise, 5)
    reponse = ajouter(monde.audresselles, monde.chemise, 12)
    page = lu(monde.audresselles.client.get(reponse.location))
    assert "il ne restait que 7 chemises à ajouter, au lieu de 12" in page
    assert unites(monde.audresselles, monde.chemise) == 27
    reponse = monde.wissant.client.get(adresse(monde.wissant, monde.chemise))
    assert (reponse.status_code, reponse.location) == (303, f"/complement?campagne={monde.campagne.id}")
    assert "Il ne manque plus rien à cet article" in lu(monde.wissant.client.get(reponse.location))


def test_an_order_changed_by_a_colleague_is_told_so_and_shown_as_it_is(monde: SimpleNamespace) -> None:
    ajouter(monde.wissant, monde.chemise, 5)
    reponse = ajouter(monde.wissant, monde.chemise, 5)
    assert reponse.status_code == 409
    assert "La commande a changé pendant que vous la lisiez" in lu(reponse) and 'value="2"' in lu(reponse)
    assert unites(monde.wissant, monde.chemise) == 23


def test_an_agent_is_told_who_decides_and_proposes_in_one_click(monde: SimpleNamespace) -> None:
    page = lu(monde.wissant.client_agent.get("/complement"))
    assert "Hervé Duquesne peut le faire" in page and "Proposer au valideur" in page
    assert ajouter(monde.wissant, monde.chemise, 12, client=monde.wissant.client_agent).status_code == 403
    chemin = f"{adresse(monde.wissant, monde.chemise)}/proposition"
    reponse = monde.wissant.client_agent.post(chemin, data={"unites": "12"})
    assert reponse.status_code == 303
    assert "Proposé à Hervé Duquesne, par courriel." in lu(monde.wissant.client_agent.get(reponse.location))
    assert db.session.scalars(select(Courriel.destinataire)).all() == ["valideur@wissant.example.org"]
    assert monde.wissant.client_agent.post(chemin, data={"unites": "12"}).status_code == 409
    assert monde.wissant.client_agent.post(chemin, data={"unites": "13"}).status_code == 422
    page = lu(monde.wissant.client_agent.get(adresse(monde.wissant, monde.chemise)))
    assert "Proposer à Hervé Duquesne" in page and "Ajouter et engager" not in page


def test_a_stranger_s_order_is_not_there(monde: SimpleNamespace) -> None:
    chemin = adresse(monde.wissant, monde.chemise)
    assert monde.audresselles.client.get(chemin).status_code == 404
    assert ajouter(monde.wissant, monde.chemise, 12, client=monde.audresselles.client).status_code == 404
    assert monde.audresselles.client_agent.post(f"{chemin}/proposition").status_code == 404
    assert monde.wissant.client.get(f"/commandes/{monde.wissant.commande.id}/complements/99999").status_code == 404


def test_an_addition_read_too_late_says_why_and_shows_the_order(monde: SimpleNamespace) -> None:
    monde.campagne.etat = EtatCampagne.CLOSE
    reponse = monde.wissant.client.get(adresse(monde.wissant, monde.chemise))
    assert (reponse.status_code, reponse.location) == (302, f"/commandes/{monde.wissant.commande.id}")
    assert "La phase de complément est finie" in lu(monde.wissant.client.get(reponse.location))
    assert ajouter(monde.wissant, monde.chemise, 12).status_code == 409
    assert "Rien à compléter en ce moment" in lu(monde.wissant.client.get("/complement"))


def test_a_body_without_a_committed_order_has_nothing_to_complete(monde: SimpleNamespace, client_de: Any) -> None:
    tardinghen = corps(monde, "Tardinghen", [(monde.chemise, 5)], etat=EtatCommande.SOUMISE)
    client = client_de(tardinghen.valideur)
    assert "Rien à compléter en ce moment" in lu(client.get("/complement"))
    assert "vous pouvez seulement compléter des colis" in lu(client.get(f"/commandes/{tardinghen.commande.id}"))
    assert client.get("/panier").status_code == 200


def test_once_everything_is_full_the_page_says_so(monde: SimpleNamespace) -> None:
    ajouter(monde.wissant, monde.chemise, 12)
    ajouter(monde.audresselles, monde.boite, 50, fermes=450)
    assert "Tout est complet" in lu(monde.wissant.client.get("/complement"))


def test_a_body_served_in_whole_packs_is_told_why_it_cannot_share(monde: SimpleNamespace) -> None:
    monde.boite.unites_par_colis, monde.boite.fractionnable = 100, False
    page = lu(monde.wissant.client.get("/complement"))
    assert "cet article va par colis entiers de 100" in page


@pytest.mark.parametrize("membres", [10, 1300])
def test_the_pages_cost_the_same_whatever_the_number_of_members(monde: SimpleNamespace, sql: Any, membres: int) -> None:
    peupler(monde, membres)
    chemin, donnees = adresse(monde.wissant, monde.chemise), {"unites": 12, "version": 1, "fermes": 38 + membres * 50}
    with sql() as page:
        assert monde.wissant.client.get("/complement").status_code == 200
    with sql() as lecture:
        assert monde.wissant.client.get(chemin).status_code == 200
    with sql() as ajout:
        assert monde.wissant.client.post(chemin, data=donnees).status_code == 303
    verrou = db.engine.dialect.name == "sqlite"  # PostgreSQL locks rows in the selects themselves
    # An addition reads whom the bons go to twice: for what the article misses, then for the whole order.
    assert (len(page), len(lecture), len(ajout)) == (10, 11, 25 + verrou)
