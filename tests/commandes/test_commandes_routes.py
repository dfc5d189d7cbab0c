"""The pages of an order: who sees it, what its valideur decides, where it stands, what is exported."""

import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.models import Affectation, Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """A window open today, a body with an agent and a valideur, its order sent; the buyer."""
    jour = aujourdhui()
    campagne = fabrique.campagne(du=jour - timedelta(days=10), au=jour + timedelta(days=10))
    mairie = fabrique.membre("Wissant", de=campagne)
    boite = catalogue.article(campagne.marche.lots[0], reference="BTE-CON-10")
    monde = SimpleNamespace(campagne=campagne, mairie=mairie, boite=boite)
    monde.agent = client_de(adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie))
    monde.valideur = client_de(adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=mairie))
    monde.acheteur = client_de(adherents.utilisateur("Bruno Vasseur", roles=[Role.ACHETEUR]))
    commande = fabrique.commande(campagne, mairie, [(boite, 100)], etat=EtatCommande.SOUMISE)
    monde.id, monde.adresse = commande.id, f"/commandes/{commande.id}"
    db.session.commit()
    return monde


def commande(monde: SimpleNamespace) -> Commande:
    """The order, read afresh."""
    return db.session.get_one(Commande, monde.id, populate_existing=True)


def decider(monde: SimpleNamespace, verbe: str, client: Any = None, **champs: Any) -> Any:
    """Post a decision of the valideur with the present version."""
    donnees = {"version": commande(monde).version, **champs}
    return (client or monde.valideur).post(f"{monde.adresse}/{verbe}", data=donnees)


def test_the_valideur_reads_then_commits_with_a_number(monde: SimpleNamespace) -> None:
    page = monde.valideur.get(f"{monde.adresse}/validation").text
    assert "174,00" in page and "208,80" in page and "Claire Delattre" in page
    reponse = decider(monde, "validation", engagement="2026-118")
    assert (reponse.status_code, reponse.location) == (303, monde.adresse)
    assert (commande(monde).etat, commande(monde).engagement) == (EtatCommande.VALIDEE, "2026-118")
    for client in (monde.agent, monde.valideur):
        suivi = client.get(monde.adresse).text
        assert "2026-118" in suivi and "Commande au fournisseur" in suivi


def test_only_a_valideur_of_the_body_decides(monde: SimpleNamespace, client_de: Any) -> None:
    voisine = fabrique.membre("Licques", de=monde.campagne)
    voisin = client_de(adherents.utilisateur("Élodie Roussel", roles=[Role.VALIDEUR, Role.AGENT], collectivite=voisine))
    for verbe in ("validation", "renvoi", "reouverture"):
        assert decider(monde, verbe, monde.agent, motif="x").status_code == 403
        assert decider(monde, verbe, monde.acheteur, motif="x").status_code == 403
        assert decider(monde, verbe, voisin, motif="x").status_code == 404
    for page in ("", "/pdf", "/validation"):
        assert voisin.get(monde.adresse + page).status_code == 404
    assert decider(monde, "reprise", voisin).status_code == decider(monde, "annulation", voisin).status_code == 404
    assert commande(monde).etat is EtatCommande.SOUMISE


def test_what_the_invoices_need_is_asked_and_what_was_typed_is_kept(monde: SimpleNamespace) -> None:
    monde.mairie.chorus_engagement_requis = monde.mairie.chorus_service_requis = True
    reponse = decider(monde, "validation", engagement="2026-118", code_service="")
    assert (
        reponse.status_code == 422
        and "Indiquez le code service." in reponse.text
        and 'value="2026-118"' in reponse.text
    )
    assert decider(monde, "validation", engagement="2026-118", code_service="ADM").status_code == 303


def test_a_decision_on_a_page_out_of_date_is_shown_again_with_what_was_typed(monde: SimpleNamespace) -> None:
    vue = commande(monde).version
    decider(monde, "reprise", monde.agent)
    monde.agent.post(
        f"/commandes/{monde.id}/soumission",
        data={"version": commande(monde).version, "lieu": commande(monde).point_de_livraison_id},
    )
    reponse = decider(monde, "validation", version=vue, engagement="2026-118")
    assert reponse.status_code == 409 and "entre-temps par Claire Delattre" in reponse.text
    assert 'value="2026-118"' in reponse.text
    assert f'name="version" type="hidden" value="{commande(monde).version}"' in reponse.text
    renvoi = decider(monde, "renvoi", version=vue, motif="Trop de boîtes")
    assert renvoi.status_code == 409 and "Trop de boîtes" in renvoi.text
    assert commande(monde).etat is EtatCommande.SOUMISE


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999999999999"])
def test_a_version_that_is_not_one_writes_nothing(monde: SimpleNamespace, version: str) -> None:
    assert decider(monde, "validation", version=version).status_code == 409
    assert commande(monde).etat is EtatCommande.SOUMISE


def test_sending_back_needs_a_reason_that_the_agent_reads_on_the_basket_and_by_mail(monde: SimpleNamespace) -> None:
    assert decider(monde, "renvoi", motif="  ").status_code == 422
    assert decider(monde, "renvoi", motif="Trop de boîtes cette année").status_code == 303
    assert "Trop de boîtes cette année" in monde.agent.get("/panier").text
    assert "Trop de boîtes cette année" in db.session.scalars(select(Courriel)).one().corps


def test_the_agent_takes_the_order_back_and_the_valideur_reopens_it(monde: SimpleNamespace) -> None:
    assert decider(monde, "reprise", monde.agent).location == f"/panier?campagne={monde.campagne.id}"
    assert commande(monde).etat is EtatCommande.BROUILLON
    donnees = {"version": commande(monde).version, "lieu": commande(monde).point_de_livraison_id}
    monde.agent.post(f"{monde.adresse}/soumission", data=donnees)
    decider(monde, "validation")
    assert decider(monde, "reprise", monde.agent).status_code == 409
    assert decider(monde, "annulation", monde.agent).status_code == 409
    assert decider(monde, "reouverture").status_code == 303
    assert commande(monde).etat is EtatCommande.BROUILLON


def test_an_order_not_committed_in_time_says_so(monde: SimpleNamespace) -> None:
    monde.campagne.etat, monde.campagne.close_le = EtatCampagne.CLOSE, maintenant()
    page = monde.agent.get(monde.adresse).text
    assert "Cette commande n’est pas partie" in page and "La campagne est close depuis le" in page
    assert decider(monde, "validation").status_code == 409
    assert commande(monde).etat is EtatCommande.SOUMISE


def test_after_the_regroupement_each_line_says_what_was_asked_ordered_admitted_and_billed(
    monde: SimpleNamespace,
) -> None:
    decider(monde, "validation")
    monde.campagne.etat, monde.campagne.close_le = EtatCampagne.CLOSE, maintenant()
    db.session.flush()
    regrouper(monde.campagne.id, par=AUTOMATE, le=maintenant())
    affectation = db.session.scalars(select(Affectation)).one()
    affectation.unites_admises, affectation.unites_refusees, affectation.unites_facturees = 90, 10, 90
    db.session.commit()
    page = monde.agent.get(monde.adresse).text
    assert "Commandée au fournisseur" in page and "10 refusées" in page.replace("\u00a0", " ")
    cellules = re.findall(r'data-label="(Demandé|Commandé|Reçu et accepté|Facturé|Montant HT)">\s*([^<\n]+)', page)
    assert [(nom, valeur.strip()) for nom, valeur in cellules] == [
        ("Demandé", "100"),
        ("Commandé", "100"),
        ("Reçu et accepté", "90"),
        ("Facturé", "90"),
        ("Montant HT", "174,00\u00a0€"),
    ]
    assert f"{Decimal('208.80')}".replace(".", ",") in page


def test_the_list_holds_the_body_s_orders_only_and_leaves_as_a_file(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, fabrique.membre("Licques", de=monde.campagne), [(monde.boite, 25)])
    page = monde.agent.get("/commandes").text
    assert page.count("/commandes/") == 1 and "Licques" not in page
    fichier = monde.agent.get("/commandes?format=csv")
    assert fichier.mimetype == "text/csv" and len(fichier.text.strip().splitlines()) == 2
    assert "Licques" in monde.acheteur.get("/commandes").text
    assert "siren" in monde.acheteur.get("/commandes?format=csv").text.lower()


def test_an_empty_list_says_what_to_do_first(monde: SimpleNamespace, client_de: Any) -> None:
    nouvelle = fabrique.membre("Licques", de=monde.campagne)
    client = client_de(adherents.utilisateur("Élodie Roussel", roles=[Role.AGENT], collectivite=nouvelle))
    assert "Vous n’avez encore rien commandé" in client.get("/commandes").text


@pytest.mark.parametrize("page", ["", "/validation"])
def test_a_page_costs_the_same_whatever_the_lines(monde: SimpleNamespace, sql: Any, page: str) -> None:
    comptes = []
    for nombre in (1, 15):
        for _ in range(nombre):
            article = catalogue.article(monde.campagne.marche.lots[0])
            fabrique.commande(monde.campagne, None, [(article, 25)], etat=EtatCommande.VALIDEE)
            db.session.add(LigneCommande(commande_id=monde.id, article_id=article.id, unites=50, rang=fabrique.LE))
        db.session.commit()
        with sql() as envoyees:
            assert monde.valideur.get(monde.adresse + page).status_code == 200
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12, comptes
