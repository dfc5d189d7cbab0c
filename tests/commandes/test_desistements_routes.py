"""The pages of a titulaire that declines: what they show, whom they serve, what they refuse."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur, PrixArticle, Titulaire
from groupement.commandes.actions import regroupement
from groupement.commandes.models import BonDeCommande, Desistement
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.commandes.test_desistements import Affaire
from tests.fabriques import adherents

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"


@pytest.fixture
def affaire(app):
    """The closed campagne, its bodies and its three titulaires."""
    return Affaire()


@pytest.fixture
def acheteur(app, client_de):
    """Hélène, who buys."""
    return client_de(adherents.utilisateur(roles=[Role.ACHETEUR]))


def decliner(acheteur, affaire, **champs):
    """What the form sends."""
    saisie = {
        "fournisseur_id": affaire.ids[2],
        "motif": "Rupture de carton jusqu’en mars.",
        "du": aujourdhui().isoformat(),
    }
    return acheteur.post(f"/campagnes/{affaire.ids[0]}/desistements/{affaire.ids[1]}", data=saisie | champs)


def test_the_preview_names_the_titulaire_and_asks_whether_it_declined(affaire, acheteur):
    page = acheteur.get(f"/campagnes/{affaire.ids[0]}/regroupement").text
    assert "Titulaire du lot 1" in page and "Rang 1 sur 3" in page
    assert f"/campagnes/{affaire.ids[0]}/desistements/{affaire.ids[1]}/nouveau" in page


def test_what_changes_is_read_then_recorded_then_taken_back(affaire, acheteur):
    page = acheteur.get(f"/campagnes/{affaire.ids[0]}/desistements/{affaire.ids[1]}/nouveau").text
    assert "Le lot coûte 14,00\u00a0€ HT de moins." in page
    assert "Papeterie Y (fictive), titulaire de rang 2" in page
    assert decliner(acheteur, affaire).status_code == 303
    page = acheteur.get(f"/campagnes/{affaire.ids[0]}/regroupement").text
    assert "Rupture de carton jusqu’en mars." in page and "Rang 2 sur 3" in page
    fait = db.session.scalars(select(Desistement)).one()
    assert acheteur.post(f"/desistements/{fait.id}/levee").status_code == 303
    page = acheteur.get(f"/campagnes/{affaire.ids[0]}/regroupement").text
    assert "Rang 1 sur 3" in page and "Rupture" not in page


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"), [("motif", "", "Écrivez pourquoi"), ("du", "", "Indiquez le jour")]
)
def test_what_is_missing_is_said_by_the_field(affaire, acheteur, champ, valeur, phrase):
    reponse = decliner(acheteur, affaire, **{champ: valeur})
    assert reponse.status_code == 422 and phrase in reponse.text
    assert not db.session.scalars(select(Desistement)).all()


def test_a_letter_that_is_not_one_is_refused_and_nothing_is_written(affaire, acheteur):
    reponse = decliner(acheteur, affaire, lettre=(BytesIO(b"bonjour"), "refus.pdf"))
    assert reponse.status_code == 422 and "ni un PDF ni une photo" in reponse.text
    assert not db.session.scalars(select(Desistement)).all()


def test_a_page_that_is_out_of_date_is_told_so(affaire, acheteur):
    assert decliner(acheteur, affaire).status_code == 303
    reponse = decliner(acheteur, affaire)
    assert reponse.status_code == 409 and "Un désistement a été enregistré entre-temps" in reponse.text
    assert len(db.session.scalars(select(Desistement)).all()) == 1


def test_the_last_titulaire_has_no_form(affaire, acheteur):
    for rang in (affaire.premier, affaire.second):
        rang.retire_du = aujourdhui() - timedelta(days=1)
    db.session.commit()
    page = acheteur.get(f"/campagnes/{affaire.ids[0]}/desistements/{affaire.ids[1]}/nouveau").text
    assert "Personne ne prendrait la suite" in page and "Ce que le titulaire a répondu" not in page


def test_for_good_the_catalogue_of_the_members_changes_from_that_day(affaire, acheteur, client_de):
    membre = client_de(adherents.utilisateur(roles=[Role.AGENT]))
    article = f"/catalogue/articles/{affaire.boite.id}"
    assert "1,00\u00a0€" in membre.get(article).text
    page = acheteur.get(f"/lots/{affaire.ids[1]}/desistements").text
    assert "Aucun désistement" in page
    saisie = {"fournisseur_id": affaire.ids[2], "motif": "Cesse le carton.", "du": aujourdhui().isoformat()}
    assert acheteur.post(f"/lots/{affaire.ids[1]}/desistements", data=saisie).status_code == 303
    page = acheteur.get(f"/lots/{affaire.ids[1]}/desistements").text
    assert "Cesse le carton." in page and "En vigueur" in page
    page = membre.get(article).text
    assert "1,10\u00a0€" in page and "Prix de chaque titulaire" not in page
    page = acheteur.get(article).text
    assert "Prix de chaque titulaire du lot" in page and "ne prend plus de bon" in page


def test_the_prices_of_a_lot_are_side_by_side_and_leave_as_a_spreadsheet(affaire, acheteur):
    page = acheteur.get(f"/lots/{affaire.ids[1]}/prix").text
    assert "1,00\u00a0€" in page and "1,10\u00a0€" in page and "aucun prix" in page
    fichier = acheteur.get(f"/lots/{affaire.ids[1]}/prix?format=csv").get_data(as_text=True)
    assert "Papeterie Y (fictive) (rang 2)" in fichier


def test_the_terms_of_a_titulaire_are_its_own_where_it_has_some(affaire, acheteur):
    adresse = f"/titulaires/{affaire.troisieme.id}/conditions"
    assert "Le lot dit 30 jours" in acheteur.get(adresse).text.replace("\u00a0", " ")
    assert acheteur.post(adresse, data={"delai_livraison_jours": "0"}).status_code == 422
    assert acheteur.post(adresse, data={"delai_livraison_jours": "21", "port_ht": "12,50"}).status_code == 303
    termes = db.session.get(Titulaire, affaire.troisieme.id, populate_existing=True).termes
    assert (termes.delai_livraison_jours, str(termes.port_ht), str(termes.franco_ht)) == (21, "12.50", "100000.00")


def test_a_bon_passes_to_the_next_from_its_page(affaire, acheteur):
    _, (bon,), _ = regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=maintenant())
    db.session.commit()
    adresse, suivant = f"/bons/{bon.id}/annulation", affaire.second.fournisseur_id
    page = acheteur.get(adresse).text
    assert "Le lot coûte 14,00\u00a0€ HT de moins." in page and "Papeterie Z" not in page
    saisie = {"revision": "0", "motif": "Le titulaire décline.", "suite": str(affaire.troisieme.fournisseur_id)}
    assert acheteur.post(adresse, data=saisie).status_code == 422  # nobody chooses the third
    reponse = acheteur.post(adresse, data=saisie | {"suite": str(suivant)})
    nouveau = db.session.scalars(select(BonDeCommande).where(BonDeCommande.remplace_id == bon.id)).one()
    assert reponse.location.endswith(f"/bons/{nouveau.id}") and nouveau.fournisseur_id == suivant


BPU = "lot,reference,designation,unite,conditionnement,prix_unitaire_ht,tva,paliers\n1,{},Chemise,piece,{},{},20.00,\n"


def charger(acheteur, affaire, reference="CHE-1", colis=20, prix="2.10"):
    """The BPU of the third titulaire, sent by the page."""
    contenu = BPU.format(reference, colis, prix).encode()
    donnees = {
        "fichier": (BytesIO(contenu), "bpu.csv"),
        "titulaire": str(affaire.troisieme.fournisseur_id),
        "du": affaire.lot.marche.du.isoformat(),
    }
    return acheteur.post(f"/marches/{affaire.lot.marche_id}/bordereaux/", data=donnees)


def test_the_bpu_of_another_rank_prices_the_articles_of_the_lot_and_only_them(affaire, acheteur):
    assert "Papeterie Z (fictive)" in acheteur.get(f"/marches/{affaire.lot.marche_id}/bordereaux/nouveau").text
    apercu = charger(acheteur, affaire).location
    page = acheteur.get(apercu).text
    assert "Papeterie Z (fictive)" in page and "Textes changés" not in page and "qui entrent au catalogue" not in page
    empreinte = page.split('name="empreinte"')[1].split('value="')[1].split('"')[0]
    assert acheteur.post(f"{apercu}/application", data={"empreinte": empreinte}).status_code == 303
    siens = db.session.scalars(
        select(PrixArticle).where(PrixArticle.fournisseur_id == affaire.troisieme.fournisseur_id)
    ).all()
    assert {p.article_id for p in siens} == {affaire.boite.id, affaire.chemise.id}
    assert affaire.chemise.designation != "Chemise"  # its texts are the lot's


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [({"reference": "INCONNU"}, "n’a cette référence"), ({"colis": 10}, "le lot vend cet article par 20")],
)
def test_a_line_that_is_no_article_of_the_lot_is_refused_with_a_sentence(affaire, acheteur, champs, phrase):
    reponse = charger(acheteur, affaire, **champs)
    assert reponse.status_code == 422 and phrase in reponse.text.replace("Le lot vend", "le lot vend")


def test_a_supplier_looks_at_its_own_prices_not_at_those_before_it(affaire, client_de):
    personne = adherents.utilisateur("Paul Caron", roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur=personne, fournisseur=affaire.second.fournisseur))
    page = client_de(personne).get(f"/catalogue/articles/{affaire.boite.id}").text
    assert "1,10\u00a0€" in page and "1,00\u00a0€" not in page
