"""The pages of the preview the buyer changes: read, decide, take back, filter; and what the others see."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.models import Ajustement
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from tests.commandes.test_ajustements import Fenetre
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import commande, membre


@pytest.fixture
def fenetre(app):
    faite = Fenetre()
    db.session.commit()
    return faite


@pytest.fixture
def acheteur(fenetre, client_de):
    return client_de(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))


def adresse(fenetre, suite=""):
    return f"/campagnes/{fenetre.campagne.id}/regroupement{suite}"


def suivre(client, envoi, data=None):
    """Post, then read the page it leads to."""
    reponse = client.post(envoi, data=data)
    assert reponse.status_code == 303, reponse.text
    return client.get(reponse.location)


def nombre_de_decisions():
    return db.session.scalar(select(func.count()).select_from(Ajustement).where(Ajustement.retire_le.is_(None)))


def test_a_buyer_postpones_an_article_after_reading_what_it_changes_then_takes_it_back(fenetre, acheteur):
    page = acheteur.get(adresse(fenetre, f"/articles/{fenetre.boite.id}"))
    assert "Ayette" in page.text and "Bapaume" in page.text
    assert f"genre=reporter&amp;article={fenetre.boite.id}" in page.text
    nouvelle = adresse(fenetre, f"/ajustements/nouveau?genre=reporter&article={fenetre.boite.id}")
    page = acheteur.get(nouvelle)
    assert "Reporter à la prochaine campagne" in page.text and "Avec cette décision" in page.text
    envoi = nouvelle.replace("/nouveau?", "?")
    sans = acheteur.post(envoi, data={"motif": " "})
    assert sans.status_code == 422 and "Écrivez pourquoi" in sans.text and nombre_de_decisions() == 0
    faite = suivre(acheteur, envoi, data={"motif": "Plus de carton avant mars."})
    assert "Plus de carton avant mars." in faite.text and "Hélène Vasseur" in faite.text
    assert "2\u00a0lignes de commande, 930\u00a0unités" in faite.text
    ajustement = db.session.scalars(select(Ajustement)).one()
    retrait = suivre(acheteur, adresse(fenetre, f"/ajustements/{ajustement.id}/retrait"))
    assert "Décision retirée" in retrait.text and nombre_de_decisions() == 0


def test_buying_up_to_a_tier_is_offered_with_what_it_spares(fenetre, acheteur):
    page = acheteur.get(adresse(fenetre))
    assert "Acheter jusqu’au palier" in page.text  # 950 × 0.54 = 513 €, 1 000 × 0.50 = 500 €
    nouvelle = adresse(fenetre, f"/ajustements/nouveau?genre=viser&article={fenetre.boite.id}&unites=1000")
    assert nouvelle.split("?")[1].replace("&", "&amp;") in page.text
    page = acheteur.get(nouvelle)
    assert "Les bons coûtent 13,00\u00a0€ de moins." in page.text
    page = suivre(acheteur, nouvelle.replace("/nouveau?", "?"), data={"motif": "Moins cher."})
    assert "1\u00a0000\u00a0unités achetées, dont 30 aux membres qui en acceptaient plus et 40 au dépôt" in page.text
    assert "coûterait" not in re.sub(r"<details.*?</details>", "", page.text, flags=re.S)


def test_more_packs_are_recalculated_before_they_are_decided(fenetre, acheteur):
    nouvelle = adresse(fenetre, f"/ajustements/nouveau?genre=ajouter&article={fenetre.chemise.id}&colis=3")
    page = acheteur.get(nouvelle)
    assert "Acheter 3\u00a0colis de plus" in page.text
    acheteur.post(nouvelle.replace("/nouveau?", "?"), data={"motif": "Pour l’an prochain."})
    assert db.session.scalars(select(Ajustement.unites)).one() == 30


def test_the_second_buyer_reads_who_was_first_and_nothing_is_written(fenetre, acheteur, client_de):
    envoi = adresse(fenetre, f"/ajustements?genre=ecarter&article={fenetre.boite.id}")
    acheteur.post(envoi, data={"motif": "Premier."})
    second = client_de(adherents.utilisateur("Karim Benali", roles=[Role.ACHETEUR]))
    refus = second.post(envoi, data={"motif": "Second."})
    assert refus.status_code == 409 and "Hélène Vasseur en a décidé" in refus.text
    assert nombre_de_decisions() == 1


def test_an_order_or_one_of_its_lines_is_left_out_from_its_page(fenetre, acheteur):
    envoi = adresse(fenetre, f"/ajustements?genre=ecarter&commande={fenetre.de_bapaume.id}")
    assert envoi.split("?")[1].replace("&", "&amp;") in acheteur.get(f"/commandes/{fenetre.de_bapaume.id}").text
    page = suivre(acheteur, envoi, data={"motif": "Budget refusé."})
    assert "Bapaume, toute la commande" in page.text
    ligne = f"/ajustements?genre=reporter&article={fenetre.boite.id}&commande={fenetre.d_ayette.id}"
    page = suivre(acheteur, adresse(fenetre, ligne), data={"motif": "À revoir."})
    assert "pour Ayette" in page.text


@pytest.mark.parametrize(
    "suite",
    [
        "?genre=ecarter&article=99999",
        "?genre=ecarter&lot=99999",
        "?genre=ecarter&commande=99999",
    ],
)
def test_what_is_not_of_the_campagne_is_a_404(fenetre, acheteur, suite):
    assert acheteur.get(adresse(fenetre, "/ajustements/nouveau" + suite)).status_code == 404
    assert acheteur.post(adresse(fenetre, "/ajustements" + suite), data={"motif": "x"}).status_code == 404


def test_a_line_the_order_does_not_hold_is_a_404(fenetre, acheteur):
    autre = catalogue.article(fenetre.lot)
    db.session.commit()
    suite = f"?genre=ecarter&article={autre.id}&commande={fenetre.d_ayette.id}"
    assert acheteur.get(adresse(fenetre, "/ajustements/nouveau" + suite)).status_code == 404


@pytest.mark.parametrize("suite", ["", "?genre=brûler&lot=1", "?genre=viser&lot=1", "?genre=ecarter&lot=abc"])
def test_an_address_that_names_no_decision_leads_back_to_the_preview(fenetre, acheteur, suite):
    suite = suite.replace("lot=1", f"lot={fenetre.lot.id}")
    assert acheteur.get(adresse(fenetre, "/ajustements/nouveau" + suite)).status_code == 303


def test_while_the_campagne_is_open_the_preview_says_when_it_may_be_changed(fenetre, acheteur):
    fenetre.campagne.etat = EtatCampagne.OUVERTE
    db.session.commit()
    assert "une fois la campagne close" in acheteur.get(adresse(fenetre)).text
    envoi = adresse(fenetre, f"/ajustements?genre=ecarter&article={fenetre.boite.id}")
    refus = acheteur.post(envoi, data={"motif": "x"})
    assert refus.status_code == 409 and "une fois la campagne close" in refus.text


def test_the_others_of_the_centre_read_the_decisions_without_the_buttons(fenetre, acheteur, client_de):
    acheteur.post(adresse(fenetre, f"/ajustements?genre=ecarter&article={fenetre.boite.id}"), data={"motif": "Cassé."})
    comptable = client_de(adherents.utilisateur("Philippe Lemaire", roles=[Role.COMPTABLE]))
    page = comptable.get(adresse(fenetre))
    assert "Cassé." in page.text and "/retrait" not in page.text
    assert comptable.get(adresse(fenetre, f"/articles/{fenetre.chemise.id}")).status_code == 200
    assert comptable.post(adresse(fenetre, "/ajustements?genre=ecarter&lot=1"), data={"motif": "x"}).status_code == 403


def test_everything_left_out_is_said_with_the_decisions_to_take_back(fenetre, acheteur):
    for lot in (fenetre.lot, fenetre.chemise.lot):
        acheteur.post(adresse(fenetre, f"/ajustements?genre=reporter&lot={lot.id}"), data={"motif": "Panne."})
    page = acheteur.get(adresse(fenetre))
    assert "Tout ce qui était commandé est laissé de côté ou reporté." in page.text
    assert page.text.count("/retrait") == 2


@pytest.fixture
def trois_cents(fenetre):
    """Three hundred articles more in the first lot, asked by Ayette alone: some at a loss for the depot."""
    articles = [
        catalogue.article(fenetre.lot, reference=f"ART-{n:03}", unites_par_colis=10 if n % 10 else 100)
        for n in range(300)
    ]
    corps = membre("Croisilles", de=fenetre.campagne)
    commande(fenetre.campagne, corps, [(article, 10) for article in articles], etat=EtatCommande.VALIDEE)
    db.session.commit()
    return fenetre


def references(page):
    """The references of the articles listed, in the order of the page."""
    return re.findall(r'<span class="detail">(ART-\d{3}|BTE-STD-10|CHE-120)</span>', page.text)


def test_three_hundred_articles_stay_readable(trois_cents, acheteur):
    page = acheteur.get(adresse(trois_cents))
    assert len(references(page)) == 26  # twenty-five of the first lot, one of the second
    assert "Voir les 301 articles du lot" in page.text
    un_lot = acheteur.get(adresse(trois_cents, f"?lot={trois_cents.lot.numero}"))
    assert len(references(un_lot)) == 301
    a_decider = acheteur.get(adresse(trois_cents, "?voir=a-decider"))
    assert references(a_decider) == ["BTE-STD-10", *(f"ART-{n:03}" for n in range(0, 300, 10))]
    trie = acheteur.get(adresse(trois_cents, f"?lot={trois_cents.lot.numero}&tri=reference"))
    assert references(trie) == sorted(references(trie))
    assert references(acheteur.get(adresse(trois_cents, "?tri=n’importe&lot=x"))) == references(page)


def test_pages_take_as_many_statements_at_ten_as_at_a_hundred_bodies(fenetre, acheteur, sql):
    acheteur.post(adresse(fenetre, f"/ajustements?genre=ecarter&article={fenetre.chemise.id}"), data={"motif": "x"})
    pages = ("", f"/articles/{fenetre.boite.id}", f"/ajustements/nouveau?genre=ecarter&lot={fenetre.lot.id}")

    adresses = [adresse(fenetre, page) for page in pages]

    def combien():
        comptes = []
        for page in adresses:
            with sql() as envoyees:
                assert acheteur.get(page).status_code == 200
            comptes.append(len(envoyees))
        return comptes

    combien()
    peu = combien()
    for _ in range(100):
        commande(fenetre.campagne, membre(de=fenetre.campagne), [(fenetre.boite, 50)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    assert combien() == peu
    assert max(peu) <= 12, peu


def test_who_asks_is_counted_with_the_rows_on_any_page(fenetre, acheteur, sql):
    for _ in range(30):
        commande(fenetre.campagne, membre(de=fenetre.campagne), [(fenetre.boite, 50)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    article, comptes = adresse(fenetre, f"/articles/{fenetre.boite.id}"), []
    for page, places in (("", range(1, 26)), ("?page=2", range(26, 33)), ("?page=3", ()), ("?page=9999", ())):
        with sql() as envoyees:
            lue = acheteur.get(article + page)
        assert re.findall(r'data-label="Rang">(\d+)<', lue.text) == [str(place) for place in places], page
        assert "Décider" in lue.text, page  # there is somebody who asks, even past the last page
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12 and comptes[2] == comptes[3] == comptes[1] + 1, comptes


def test_nobody_asking_is_counted_as_nobody(fenetre, acheteur):
    seul = catalogue.article(fenetre.lot, reference="ART-999")
    db.session.commit()
    lue = acheteur.get(adresse(fenetre, f"/articles/{seul.id}"))
    assert "Personne n’en demande." in lue.text and "Décider" not in lue.text


def test_the_list_of_who_asks_leaves_as_a_file(fenetre, acheteur):
    page = acheteur.get(adresse(fenetre, f"/articles/{fenetre.boite.id}?format=csv"))
    assert page.text.splitlines()[1].startswith("1,Ayette,")
    assert Decimal(page.text.splitlines()[1].split(",")[3]) == 480
