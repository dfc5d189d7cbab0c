"""The buyer's pages: the whole of journey 2, what each act refuses, and what a page costs."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions import regroupement
from groupement.commandes.models import BonDeCommande, Campagne
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.outils.navigateur import TELEPHONE, sans_faute_axe

V, S, B = EtatCommande.VALIDEE, EtatCommande.SOUMISE, EtatCommande.BROUILLON
PAGES = (
    *("/campagnes/", "/campagnes/{c}", "/campagnes/{c}?graphique=epci", "/campagnes/{c}/commandes"),
    *(
        "/campagnes/{c}/sans-commande",
        "/campagnes/{c}/paliers",
        "/campagnes/{c}/cloture",
        "/campagnes/{c}/regroupement",
    ),
)


@pytest.fixture
def boite(app):
    """A box by packs of 50 with three tiers, in a lot with a franco."""
    lot = catalogue.lot(franco_ht=Decimal(1000), port_ht=Decimal("45.00"))
    return catalogue.article(lot, reference="BTE-10", unites_par_colis=50, paliers="50:0.58|500:0.54|2000:0.50")


@pytest.fixture
def acheteur(app, client_de):
    """The buyer's client."""
    return client_de(adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR]))


def ouverte(boite, **champs):
    """A campagne that is open today, whatever the day the tests run."""
    return campagne(
        boite.lot.marche, du=aujourdhui() - timedelta(days=10), au=aujourdhui() + timedelta(days=10), **champs
    )


def cache(page, nom):
    """The value of a hidden field."""
    return re.search(rf'name="{nom}"[^>]*value="([^"]*)"', page).group(1)


def test_a_buyer_leads_a_campagne_from_its_preparation_to_its_bons(boite, acheteur):
    depot = catalogue.depot()
    marche = boite.lot.marche
    terme = {"intitule": "Campagne de Noël", "marche_id": marche.id, "depot_id": depot.id, "regle_reliquat": "rang"}
    terme["lots"] = boite.lot_id
    dates = {"du": aujourdhui().isoformat(), "au": (aujourdhui() + timedelta(days=3)).isoformat()}
    assert acheteur.post("/campagnes/nouvelle", data=terme | dates).status_code == 303
    creee = db.session.scalars(select(Campagne)).one()
    racine = f"/campagnes/{creee.id}"
    assert acheteur.post(f"{racine}/ouverture").status_code == 303
    commande(creee, membre("Azincourt", de=creee), [(boite, 120)], etat=V)
    commande(creee, membre("Blangy", de=creee), [(boite, 20)], etat=S)
    commande(creee, membre("Créquy", de=creee), [(boite, 20)], etat=B)
    membre("Divion", de=creee)
    page = acheteur.get(racine).text
    assert "sur 3\u00a0commandes commencées" in page and "sur 4\u00a0membres qui peuvent commander" in page
    assert "encore 350 pour passer à 0,54\u00a0€" in page
    confirmation = acheteur.get(f"{racine}/cloture").text
    assert "Blangy" in confirmation and "Créquy" in confirmation and "Azincourt" not in confirmation
    assert acheteur.post(f"{racine}/cloture").headers["Location"] == f"{racine}/regroupement"
    apercu = acheteur.get(f"{racine}/regroupement").text
    for attendu in ("3\u00a0colis de 50", "30 au dépôt", "Port de 45,00\u00a0€", "Exacte", "132,00\u00a0€"):
        assert attendu in apercu
    envoi = {"empreinte": cache(apercu, "empreinte"), "depuis_le_stock": "", "accord": "y"}
    assert acheteur.post(f"{racine}/regroupement", data=envoi).status_code == 303
    bon = db.session.scalars(select(BonDeCommande)).one()
    faite = acheteur.get(f"{racine}/regroupement").text
    assert bon.numero in faite and "Regroupement fait" in faite and "Exacte" in faite
    assert bon.numero in acheteur.get(racine).text


def test_figures_that_changed_are_shown_before_anything_leaves(boite, acheteur):
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 120)], etat=V)
    adresse = f"/campagnes/{close.id}/regroupement"
    envoi = {"empreinte": cache(acheteur.get(adresse).text, "empreinte"), "depuis_le_stock": "", "accord": "y"}
    catalogue.prix(boite, "50:0.70", du=aujourdhui())
    refus = acheteur.post(adresse, data=envoi)
    assert refus.status_code == 409
    assert "a changé depuis votre aperçu" in refus.text and "0,70\u00a0€" in refus.text
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 0
    envoi["empreinte"] = cache(refus.text, "empreinte")
    assert acheteur.post(adresse, data=envoi).status_code == 303


def test_bons_leave_only_when_the_box_is_ticked(boite, acheteur):
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 120)], etat=V)
    adresse = f"/campagnes/{close.id}/regroupement"
    reponse = acheteur.post(adresse, data={"empreinte": cache(acheteur.get(adresse).text, "empreinte")})
    assert reponse.status_code == 422 and "Cochez la case pour confirmer" in reponse.text


def test_a_lot_below_its_minimum_must_be_ticked_to_be_left_out(boite, acheteur):
    autre = catalogue.article(
        catalogue.lot(boite.lot.marche, minimum_commande_ht=Decimal(900)), unites_par_colis=1, paliers="1:2.00"
    )
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 120), (autre, 3)], etat=V)
    adresse = f"/campagnes/{close.id}/regroupement"
    page = acheteur.get(adresse).text
    assert "Commande trop petite pour le fournisseur" in page and 'value="lot-2"' in page
    envoi = {"empreinte": cache(page, "empreinte"), "depuis_le_stock": "", "accord": "y"}
    refus = acheteur.post(adresse, data=envoi)
    assert refus.status_code == 409 and "Cochez ce que vous laissez de côté" in refus.text
    assert acheteur.post(adresse, data=envoi | {"ecarte": "lot-2"}).status_code == 303


def test_a_ceiling_that_would_be_passed_leaves_no_button(boite, acheteur):
    boite.lot.plafond_ht = Decimal("100.00")
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 1200)], etat=V)
    page = acheteur.get(f"/campagnes/{close.id}/regroupement").text
    assert "Plafond du lot dépassé" in page and "Envoyer les bons de commande" not in page


def test_the_next_tier_is_advised_when_it_costs_less(boite, acheteur):
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    commande(close, membre(de=close), [(boite, 1900)], etat=V)
    assert "acheter 100\u00a0unités de plus coûterait 26,00\u00a0€ de moins" in acheteur.get(
        f"/campagnes/{close.id}/regroupement"
    ).text.replace("\u202f", " ")


def test_the_preview_is_taken_away_by_article_and_by_member(boite, acheteur):
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    commande(close, membre("Azincourt", de=close), [(boite, 120)], etat=V)
    par_article = acheteur.get(f"/campagnes/{close.id}/regroupement/articles?format=csv").text
    assert "1,BTE-10," in par_article and ",120,0,50,3,150,0,30,0.5800,87.00," in par_article
    par_membre = acheteur.get(f"/campagnes/{close.id}/regroupement/membres?format=csv").text
    assert "Azincourt" in par_membre and "Port" in par_membre and "Dépôt du Centre de gestion" in par_membre
    assert acheteur.get(f"/campagnes/{close.id}/regroupement/membres?format=xlsx").data.startswith(b"PK")


def test_lists_are_filtered_and_taken_away(boite, acheteur):
    en_cours = ouverte(boite)
    commande(en_cours, membre("Azincourt", de=en_cours), [(boite, 120)], etat=V)
    commande(en_cours, membre("Blangy", de=en_cours), [(boite, 20)], etat=B)
    membre("Créquy", de=en_cours)
    racine = f"/campagnes/{en_cours.id}"
    assert "Azincourt" not in acheteur.get(f"{racine}/commandes?etat=inachevees").text
    assert "Blangy" in acheteur.get(f"{racine}/commandes?etat=inachevees").text
    assert "Blangy" not in acheteur.get(f"{racine}/commandes?q=azin&format=csv").text
    assert acheteur.get(f"{racine}/sans-commande?format=csv").text.count("\r\n") == 2
    assert "BTE-10" in acheteur.get(f"{racine}/paliers?format=csv").text


def test_a_reminder_leaves_from_the_page(boite, acheteur):
    en_cours = ouverte(boite)
    membre("Créquy", de=en_cours, courriel="mairie@crequy.example.org")
    adresse = f"/campagnes/{en_cours.id}/relances/sans-commande"
    assert acheteur.post(adresse).status_code == 303
    assert db.session.scalars(select(Courriel.destinataire)).all() == ["mairie@crequy.example.org"]
    assert acheteur.post(adresse).status_code == 409


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({"intitule": ""}, "Donnez un nom"),
        ({"du": "demain"}, "Écrivez une date"),
        ({"au": "2026-01-01", "du": "2026-02-01"}, "ou après"),
        ({"au": "2031-01-01"}, "dans la durée du marché"),
        ({"marche_id": "999"}, "Choisissez une valeur de la liste"),
        ({"lots": []}, "Cochez au moins un lot de ce marché"),
        ({"lots": "0"}, "Choisissez dans la liste"),
        ({"acces": "types"}, "Cochez au moins un type"),
        ({"acces": "liste"}, "Collez au moins un SIREN"),
        ({"acces": "liste", "sirens": "\n123"}, "Ligne 2, «\u00a0123\u00a0»"),
        ({"acces": "liste", "sirens": "216200014"}, "aucune collectivité ne porte ce SIREN"),
        ({"livraison_du": "2026-12-11"}, "vient après le dernier jour"),
    ],
)
def test_a_wrong_term_is_said_by_its_field_and_nothing_is_written(boite, acheteur, donnees, phrase):
    juste = {"intitule": "Noël", "marche_id": boite.lot.marche.id, "depot_id": catalogue.depot().id}
    juste |= {"regle_reliquat": "rang", "du": "2026-11-02", "au": "2026-12-11", "lots": boite.lot_id}
    reponse = acheteur.post("/campagnes/nouvelle", data=juste | donnees)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalar(select(func.count()).select_from(Campagne)) == 0


def test_postponing_to_a_past_day_is_said_by_the_field(boite, acheteur):
    en_cours = ouverte(boite)
    reponse = acheteur.post(f"/campagnes/{en_cours.id}/report", data={"au": "2026-01-02"})
    assert reponse.status_code == 422 and "est passé" in reponse.text


def test_reopening_wants_a_reason(boite, acheteur):
    close = ouverte(boite, etat=EtatCampagne.CLOSE)
    adresse = f"/campagnes/{close.id}/reouverture"
    assert "Écrivez pourquoi" in acheteur.post(adresse, data={"motif": ""}).text
    assert acheteur.post(adresse, data={"motif": "Trois communes oubliées"}).status_code == 303
    assert "Trois communes oubliées" in acheteur.get(f"/campagnes/{close.id}").text


def test_others_of_the_centre_de_gestion_read_and_change_nothing(boite, client_de):
    en_cours = ouverte(boite)
    comptable = client_de(adherents.utilisateur(roles=[Role.COMPTABLE]))
    page = comptable.get(f"/campagnes/{en_cours.id}")
    assert page.status_code == 200 and "Clore la campagne" not in page.text
    assert comptable.post(f"/campagnes/{en_cours.id}/cloture").status_code == 403


def instructions(client, adresses, sql):
    """How many statements each page sends, asked a second time."""
    comptes = {}
    for adresse in adresses:
        assert client.get(adresse).status_code == 200
        with sql() as envoyees:
            client.get(adresse)
        comptes[adresse] = len(envoyees)
    return comptes


def remplir(en_cours, boite, combien):
    """That many bodies with an order, a third of each state."""
    for rang in range(combien):
        commande(en_cours, membre(de=en_cours), [(boite, 50 + rang % 60)], etat=(V, S, B)[rang % 3])


def test_pages_cost_the_same_for_10_and_for_1300_members(boite, acheteur, sql):
    petite, grande = ouverte(boite), ouverte(boite)
    remplir(petite, boite, 10)
    remplir(grande, boite, 1290)
    peu = instructions(acheteur, [page.format(c=petite.id) for page in PAGES], sql)
    beaucoup = instructions(acheteur, [page.format(c=grande.id) for page in PAGES], sql)
    assert list(beaucoup.values()) == list(peu.values())
    assert max(beaucoup.values()) <= 12, beaucoup
    for window in (petite, grande):
        window.etat, window.close_le = EtatCampagne.CLOSE, APRES
        regroupement.regrouper(window.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    bons = [f"/bons/{numero}" for numero in db.session.scalars(select(BonDeCommande.id).order_by(BonDeCommande.id))]
    comptes = list(instructions(acheteur, [*bons, "/bons/"], sql).values())
    assert comptes[0] == comptes[1] and max(comptes) <= 12, comptes


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False, "viewport": TELEPHONE}])
def test_a_buyer_closes_reads_and_sends_in_a_browser(boite, nouvelle_page, options):
    en_cours = ouverte(boite)
    commande(en_cours, membre("Azincourt", de=en_cours), [(boite, 120, 10)], etat=V)
    commande(en_cours, membre("Blangy", de=en_cours), [(boite, 20)], etat=S)
    page = nouvelle_page(utilisateur=adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR]), **options)
    page.goto(f"/campagnes/{en_cours.id}")
    page.get_by_role("link", name="Clore la campagne").click()
    expect(page.get_by_role("link", name="Blangy")).to_be_visible()
    page.get_by_role("button", name="Clore la campagne").click()
    page.get_by_text("Pourquoi\u00a0?", exact=True).click()
    expect(page.get_by_text("10\u00a0unités aux membres qui en acceptaient plus.")).to_be_visible()
    if not options:
        sans_faute_axe(page)
    page.get_by_label("J’ai relu ces chiffres").check()
    page.get_by_role("button", name="Envoyer les bons de commande").click()
    page.get_by_role("heading", name="Regroupement fait").wait_for()
    page.locator("th a").first.click()
    expect(page.get_by_text("Azincourt, Mairie")).to_be_visible()
    if not options:
        sans_faute_axe(page)
