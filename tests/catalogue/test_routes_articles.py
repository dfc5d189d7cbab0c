"""The catalogue and the page of an article, as people see them."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from markupsafe import Markup

from groupement.adherents.states import Role
from groupement.catalogue import actions
from groupement.catalogue.models import AccesFournisseur, Article
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE, Evenement
from tests.catalogue.test_rules_articles import BPU
from tests.fabriques import adherents
from tests.fabriques import catalogue as fabriques

D = Decimal
ENTETE = (
    "lot,reference,designation,unite,conditionnement,prix_unitaire_ht,tva,paliers,dims,capacite_ml,type_element,norme"
)


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=3)


@pytest.fixture
def agent(client_de):
    return client_de(adherents.utilisateur("Amélie Delattre", roles=[Role.AGENT]))


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


def charger(marche, contenu=BPU):
    lecture = lire_bordereau(contenu, (1, 2, 3))
    actions.importer_bordereau(marche, lecture, du=marche.du, par=AUTOMATE, le=maintenant())
    db.session.commit()


def noms(reponse):
    return re.findall(r'article-nom"><a href="[^"]*">([^<]*)<', reponse.text)


def article_de(reference):
    return db.session.scalars(db.select(Article).where(Article.reference == reference)).one()


def test_the_catalogue_shows_24_articles_a_page_in_the_order_of_the_bpu(marche, agent):
    charger(marche)
    premiere, derniere = agent.get("/catalogue/"), agent.get("/catalogue/?page=4")
    assert "88\u00a0articles" in premiere.text
    assert len(noms(premiere)) == 24 and len(noms(derniere)) == 16
    assert noms(premiere)[:2] == [
        "Boîte archives standard kraft dos 8 cm à monter",
        "Boîte archives standard kraft dos 10 cm à monter",
    ]


def test_a_page_beyond_the_last_is_the_last(marche, agent):
    charger(marche)
    assert noms(agent.get("/catalogue/?page=99")) == noms(agent.get("/catalogue/?page=4"))


@pytest.mark.parametrize(
    ("recherche", "combien"),
    [
        ("q=boites+conservation&dos=100", 2),
        ("q=BTE-CON-10", 1),
        ("q=etageres+depart", 8),
        ("lot=3", 23),
        ("famille=reliure_ec", 4),
        ("norme=NF+Z40-012", 4),
        ("dos=150", 3),
        ("lot=1&famille=reliure", 0),
        ("q=100%25", 23),
        ("lot=abc&dos=xx&tri=zz&page=-3", 88),
    ],
)
def test_words_and_filters_narrow_the_list(marche, agent, recherche, combien):
    charger(marche)
    reponse = agent.get(f"/catalogue/?{recherche}")
    assert reponse.status_code == 200
    mots = "Aucun article ne correspond" if combien == 0 else f"{combien}\u00a0article"
    assert mots in reponse.text


@pytest.mark.parametrize(
    ("recherche", "combien", "phrase"),
    [
        ("dos=999", 88, "Aucun article de ce marché n’a pour largeur de dos «\u00a0999\u00a0»"),
        ("famille=<b>", 88, "&lt;b&gt;"),
        ("lot=12&norme=ISO+9706", 28, "pour lot «\u00a012\u00a0»"),
        ("prix_min=10&prix_max=5", 88, "Le prix le plus bas (10,00\u00a0€) dépasse le plus haut (5,00\u00a0€)"),
        ("prix_min=abc", 88, "«\u00a0abc\u00a0» n’est pas un prix"),
        ("prix_max=-3", 88, "n’est pas un prix"),
        ("prix_min=1,50&prix_max=2+€", 3, "Dès 1,50\u00a0€"),
        ("en_detail=peut-être", 88, "Catalogue"),
        ("q=reyonnage", 26, "Vouliez-vous dire"),
        ("q=boîte+dos+10", 4, "Compris\u00a0: un dos de 10\u00a0cm."),
        ("favoris=oui", 0, "Aucun article ne correspond"),
    ],
)
def test_what_is_not_a_filter_is_said_and_nothing_breaks(marche, agent, recherche, combien, phrase):
    charger(marche)
    reponse = agent.get(f"/catalogue/?{recherche}")
    assert reponse.status_code == 200 and phrase in reponse.text
    assert f">{combien}\u00a0article" in reponse.text


def test_each_filter_says_how_many_articles_it_leaves_and_is_taken_off_by_its_chip(marche, agent):
    charger(marche)
    texte = agent.get("/catalogue/?famille=boite&dos=100").text
    assert re.search(r"15\u00a0cm</span><span class=\"filtres-compte\">3<", texte)
    assert 'href="?dos=100"><span class="visually-hidden">Retirer le filtre </span>Boîtes d’archives' in texte


@pytest.mark.parametrize(("format_", "debut"), [("csv", "Lot"), ("xlsx", "PK")])
def test_what_was_found_leaves_as_a_file(marche, agent, format_, debut):
    charger(marche)
    fichier = agent.get(f"/catalogue/?q=reliure&format={format_}")
    assert fichier.headers["Content-Disposition"] == f'attachment; filename="catalogue.{format_}"'
    assert debut.encode() in fichier.data[:40]
    if format_ == "csv":
        assert len(fichier.data.decode("utf-8-sig").strip().splitlines()) == 15


def test_what_goes_with_an_article_is_linked_with_its_reason(marche, agent):
    charger(marche)
    texte = agent.get(f"/catalogue/articles/{article_de('BTE-CON-10').id}").text
    assert "Rayonnages où elle se range" in texte and "10\u00a0boîtes par tablette" in texte
    assert f"/catalogue/articles/{article_de('RF-100-35-220-D').id}" in texte
    assert "7,47\u00a0%" in texte and "32,50\u00a0€ sur 250" in texte
    assert "papier permanent, pour les documents définitifs" in texte


def test_articles_are_sorted_by_base_price_or_name(marche, agent):
    charger(marche)
    assert noms(agent.get("/catalogue/?tri=prix"))[0] == "Sous-chemise papier permanent 80 g 22x31"
    assert noms(agent.get("/catalogue/?tri=-prix"))[0].startswith("Épi mobile manuel")
    classes = noms(agent.get("/catalogue/?tri=nom&lot=3"))
    assert classes[0].startswith("Boîtier neutre")


def test_the_row_says_the_pack_and_the_tiers_in_words(marche, agent):
    charger(marche)
    texte = agent.get("/catalogue/?q=BTE-CON-10").text
    assert "Vendu par colis de 25" in texte
    assert "<strong>1,74\u00a0€</strong>" in texte and "la pièce" in texte
    assert "1,61\u00a0€ dès 250" in texte and "1,48\u00a0€ dès 1\u00a0000" in texte


def test_htmx_gets_the_results_alone(marche, agent):
    charger(marche)
    morceau = agent.get("/catalogue/?q=reliure", headers={"HX-Request": "true"}).text
    assert morceau.lstrip().startswith('<div id="resultats"') and "<html" not in morceau


def test_without_a_running_marche_the_page_says_what_happens_next(agent, acheteur):
    fabriques.marche(au=date(2026, 2, 1))
    assert "Aucun marché n’est en cours" in agent.get("/catalogue/").text
    assert "/marches/" in acheteur.get("/catalogue/").text


def test_the_latest_running_marche_is_shown_and_another_can_be_chosen(marche, agent):
    autre = fabriques.marche(lots=1, du=date(2026, 6, 1), objet="Reliures restaurées")
    fabriques.article(autre.lots[0], designation="Reliure")
    fabriques.article(marche.lots[0], designation="Boîte")
    assert noms(agent.get("/catalogue/")) == ["Reliure"]
    assert noms(agent.get(f"/catalogue/?marche={marche.id}")) == ["Boîte"]


def test_a_marche_to_come_is_shown_to_the_centre_de_gestion_only(marche, agent, acheteur):
    futur = fabriques.marche(lots=1, du=aujourdhui() + timedelta(days=30), au=date(2031, 12, 31))
    fabriques.article(futur.lots[0], designation="Boîte de demain")
    fabriques.article(marche.lots[0], designation="Boîte")
    adresse = f"/catalogue/?marche={futur.id}"
    assert noms(agent.get(adresse)) == ["Boîte"]
    assert noms(acheteur.get(adresse)) == ["Boîte de demain"]
    assert "Prix à venir" in acheteur.get(adresse).text


def test_an_article_taken_off_is_read_but_not_found(marche, agent):
    retire = fabriques.article(marche.lots[0], actif=False)
    assert "0\u00a0article" in agent.get("/catalogue/").text
    assert "n’est plus au catalogue" in agent.get(f"/catalogue/articles/{retire.id}").text


def test_a_supplier_sees_the_articles_of_its_own_lots_only(marche, client_de):
    personne = adherents.utilisateur("Paul Caron", roles=[Role.FOURNISSEUR])
    sien = fabriques.article(marche.lots[0], designation="Boîte à moi")
    autre = fabriques.article(marche.lots[1], designation="Baie d’un autre")
    db.session.add(AccesFournisseur(utilisateur=personne, fournisseur=marche.lots[0].titulaire))
    fournisseur = client_de(personne)
    assert noms(fournisseur.get("/catalogue/")) == ["Boîte à moi"]
    assert fournisseur.get(f"/catalogue/articles/{sien.id}").status_code == 200
    assert fournisseur.get(f"/catalogue/articles/{autre.id}").status_code == 404


def test_a_visitor_is_asked_to_sign_in(marche, client):
    assert client.get("/catalogue/").status_code == 302


def test_the_page_of_an_article_explains_prices_packs_and_norms(marche, agent):
    charger(marche)
    texte = agent.get(f"/catalogue/articles/{article_de('BTE-CON-10').id}").text
    for attendu in (
        "moins de 250", "de 250 à 999", "1\u00a0000 et plus", "commandez 25, 50, 75…", "37\u00a0unités ne font pas",
        "protège de l’acidité", "330 × 250 × 100\u00a0mm", "01/01/2026", "par bon de commande",
    ):  # fmt: skip
        assert attendu in texte
    assert "None" not in texte


@pytest.mark.parametrize(
    ("unites", "attendus"),
    [
        ("205", ["Choisissez 200", "391,50\u00a0€ HT"]),
        ("230", ["Choisissez 225", "402,50\u00a0€ HT"]),
        ("901", ["925 unités", "1\u00a0000 unités coûteraient 1\u00a0480,00\u00a0€"]),
        ("1 000", ["40\u00a0colis", "1\u00a0480,00\u00a0€ HT"]),
    ],
)
def test_a_quantity_is_costed_and_a_cheaper_one_is_only_suggested(marche, agent, unites, attendus):
    charger(marche)
    texte = agent.get(f"/catalogue/articles/{article_de('BTE-CON-10').id}", query_string={"unites": unites}).text
    for attendu in attendus:
        assert attendu.replace("925 unités", "925\u00a0unités") in texte


@pytest.mark.parametrize("unites", ["0", "-3", "abc", "1e9", "99999999999999999999", "²"])
def test_a_quantity_that_is_not_one_is_ignored(marche, agent, unites):
    article = fabriques.article(marche.lots[0])
    reponse = agent.get(f"/catalogue/articles/{article.id}", query_string={"unites": unites})
    assert reponse.status_code == 200 and "Vous paierez" not in reponse.text


def test_the_history_shows_past_and_future_prices(marche, agent):
    article = fabriques.article(marche.lots[0])
    fabriques.prix(article, "25:1.80", du=date(2029, 1, 1))
    texte = agent.get(f"/catalogue/articles/{article.id}").text
    assert "01/01/2029" in texte and "à venir" in texte and "1,80\u00a0€ dès 25" in texte


def test_the_package_above_brings_its_buying_block(app, marche, agent, monkeypatch):
    article = fabriques.article(marche.lots[0])
    monkeypatch.setitem(
        app.jinja_env.globals, "bloc_achat", lambda article_id, **_: Markup("<p>Panier {}</p>").format(article_id)
    )
    assert f"<p>Panier {article.id}</p>" in agent.get(f"/catalogue/articles/{article.id}").text


def test_the_buyer_lets_members_order_less_than_a_pack(marche, acheteur, agent):
    article = fabriques.article(marche.lots[0])
    adresse = f"/catalogue/articles/{article.id}/fractionnement"
    assert agent.post(adresse, data={"permis": "oui"}).status_code == 403
    assert acheteur.post(adresse, data={"permis": "oui"}).status_code == 303
    assert article.fractionnable
    assert "le groupement complète les colis" in agent.get(f"/catalogue/articles/{article.id}?unites=30").text
    assert "52,20\u00a0€ HT" in agent.get(f"/catalogue/articles/{article.id}?unites=30").text
    acheteur.post(adresse, data={"permis": "oui"})
    acheteur.post(adresse, data={"permis": "non"})
    lignes = db.session.scalars(db.select(Evenement).where(Evenement.objet == "article")).all()
    assert [ligne.apres for ligne in lignes] == ["à l’unité", "par colis entiers"]


def test_statements_do_not_depend_on_the_number_of_articles(marche, agent, sql):
    petite = "\n".join([ENTETE, *(f"1,A{n},Boîte {n},piece,50,0.52,20,,330x250x80,0.08,boite," for n in range(88))])
    charger(marche, petite.encode())
    comptes = []
    for _ in range(2):
        for adresse in ("/catalogue/", "/catalogue/?q=boite&tri=prix&page=2"):
            with sql() as envoyees:
                assert agent.get(adresse).status_code == 200
            comptes.append(len(envoyees))
        grande = [f"1,B{n},Caisse boîte {n},piece,50,0.52,20,50:0.52|500:0.5,,,boite," for n in range(912)]
        charger(marche, "\n".join([petite, *grande]).encode()) if len(comptes) == 2 else None
    assert comptes[0] == comptes[2] and comptes[1] == comptes[3]
    assert max(comptes) <= 12


def test_the_page_of_an_article_costs_few_statements(marche, agent, sql):
    article = fabriques.article(marche.lots[0])
    with sql() as envoyees:
        agent.get(f"/catalogue/articles/{article.id}?unites=30")
    assert len(envoyees) <= 12
