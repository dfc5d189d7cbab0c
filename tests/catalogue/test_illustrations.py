"""Pictures and data sheets: what may be sent, what is kept, who sees it."""

import io

import pytest
from PIL import Image

from groupement.adherents.states import Role
from groupement.catalogue import queries
from groupement.catalogue.actions import illustrations
from groupement.catalogue.models import AccesFournisseur, FicheTechnique, PhotoArticle
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques.illustrations import fiche_technique, jpeg, pdf, photo

TEXTE = "Boîte montée, vue de face"


@pytest.fixture
def article(app):
    return catalogue.article(catalogue.marche(lots=2).lots[0])


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


@pytest.fixture
def agent(client_de):
    return client_de(adherents.utilisateur("Amélie Delattre", roles=[Role.AGENT]))


def envoyer(client, article, octets, nom="photo.jpg", texte=TEXTE):
    donnees = {"photo": (io.BytesIO(octets), nom), "texte": texte}
    return client.post(f"/catalogue/articles/{article.id}/photos", data=donnees)


def deposer(client, article, octets, nom="fiche.pdf"):
    donnees = {"fichier": (io.BytesIO(octets), nom)}
    return client.post(f"/catalogue/articles/{article.id}/fiche-technique", data=donnees)


def compte(modele):
    return db.session.scalar(db.select(db.func.count()).select_from(modele))


def test_a_picture_is_kept_in_three_sizes_without_what_its_file_told(article, acheteur, agent):
    exif = Image.Exif()
    exif[0x010E] = "Derrière la mairie"
    assert envoyer(acheteur, article, jpeg(2400, 1800, exif=exif)).status_code == 303
    (gardee,) = queries.photos_de(article.id)
    tailles = {}
    for taille in ("liste", "page", "grande"):
        reponse = agent.get(f"/catalogue/photos/{gardee.id}/{taille}")
        assert reponse.mimetype == "image/jpeg" and "immutable" in reponse.headers["Cache-Control"]
        image = Image.open(io.BytesIO(reponse.data))
        tailles[taille] = image.width
        assert not image.getexif() and b"Derri" not in reponse.data
    assert tailles == {"liste": 240, "page": 720, "grande": 1600}


def test_the_picture_takes_the_place_of_the_drawing(article, acheteur, agent):
    assert 'class="dessin' in agent.get("/catalogue/").text
    envoyer(acheteur, article, jpeg())
    (gardee,) = queries.photos_de(article.id)
    liste, page = agent.get("/catalogue/").text, agent.get(f"/catalogue/articles/{article.id}").text
    assert f"/catalogue/photos/{gardee.id}/liste" in liste and 'class="dessin' not in liste
    assert f"/catalogue/photos/{gardee.id}/page" in page and f'alt="{TEXTE} (agrandir)"' in page


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "Ce fichier est vide"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n’est pas une photo"),
        (b"%PDF-1.7", "n’est pas une photo"),
        (jpeg()[:400], "incomplète ou abîmée"),
        (jpeg(9000, 6000, "PNG"), "trop grande"),
    ],
)
def test_what_is_not_a_picture_is_refused_by_its_field_and_nothing_is_kept(article, acheteur, octets, phrase):
    reponse = envoyer(acheteur, article, octets)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert compte(PhotoArticle) == compte(Fichier) == 0


def test_too_many_bytes_are_refused_by_the_field(article, acheteur, monkeypatch):
    monkeypatch.setattr("groupement.documents.images.OCTETS_MAX", 100)
    monkeypatch.setattr("groupement.catalogue.forms.illustrations.FICHE_MAX", 100)
    assert "dépasse 10\u00a0Mo" in envoyer(acheteur, article, jpeg()).text
    assert "dépasse 10\u00a0Mo" in deposer(acheteur, article, pdf()).text
    assert compte(Fichier) == 0


def test_far_too_many_are_refused_before_they_are_read(app, article, acheteur, monkeypatch):
    assert app.config["MAX_CONTENT_LENGTH"] < 50 * 1024 * 1024
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    reponse = envoyer(acheteur, article, jpeg())
    assert reponse.status_code == 413 and "trop lourd" in reponse.text
    assert compte(PhotoArticle) == 0


@pytest.mark.parametrize(("texte", "phrase"), [("  ", "Décrivez la photo"), ("a" * 201, "200")])
def test_a_picture_needs_words(article, acheteur, texte, phrase):
    reponse = envoyer(acheteur, article, jpeg(), texte=texte)
    assert reponse.status_code == 422 and phrase in reponse.text and compte(PhotoArticle) == 0


def test_a_missing_picture_is_asked_for(article, acheteur):
    reponse = acheteur.post(f"/catalogue/articles/{article.id}/photos", data={"texte": TEXTE})
    assert reponse.status_code == 422 and "Choisissez une photo." in reponse.text


def test_another_picture_becomes_the_main_one(article, acheteur):
    premiere, seconde = (photo(article, texte, le=maintenant()) for texte in ("De face", "De dos"))
    assert acheteur.post(f"/catalogue/photos/{seconde.id}/premiere").status_code == 303
    assert [gardee.id for gardee in queries.photos_de(article.id)] == [seconde.id, premiere.id]
    (ligne,) = queries.articles_illustres([article.id])
    assert (ligne.photo_id, ligne.photo_texte) == (seconde.id, "De dos")


def test_the_words_of_a_picture_change_and_the_journal_keeps_both(article, acheteur):
    gardee = photo(article, "De face", le=maintenant())
    assert acheteur.post(f"/catalogue/photos/{gardee.id}/texte", data={"texte": ""}).status_code == 422
    assert acheteur.post(f"/catalogue/photos/{gardee.id}/texte", data={"texte": "De dos"}).status_code == 303
    ligne = db.session.scalars(db.select(Evenement).where(Evenement.verbe == "décrire la photo")).one()
    assert (ligne.avant, ligne.apres) == ("De face", "De dos")


def test_a_picture_taken_away_leaves_no_bytes(article, acheteur):
    numero = photo(article, le=maintenant()).id
    assert acheteur.post(f"/catalogue/photos/{numero}/retrait").status_code == 303
    assert compte(PhotoArticle) == compte(Fichier) == 0
    assert acheteur.get(f"/catalogue/photos/{numero}/liste").status_code == 404


def test_an_article_has_eight_pictures_at_most(article, acheteur):
    for _ in range(illustrations.PHOTOS_MAX):
        photo(article, le=maintenant())
    reponse = envoyer(acheteur, article, jpeg())
    assert reponse.status_code == 422 and compte(PhotoArticle) == 8
    assert "Huit photos, c’est le maximum" in acheteur.get(f"/catalogue/articles/{article.id}/illustrations").text


def test_a_data_sheet_is_downloaded_with_its_size_said(article, acheteur, agent):
    assert deposer(acheteur, article, pdf()).status_code == 303
    page = agent.get(f"/catalogue/articles/{article.id}").text
    assert "Fiche technique du fournisseur" in page and "(PDF, " in page and "\u00a0o)" in page
    fiche = agent.get(f"/catalogue/articles/{article.id}/fiche-technique")
    assert fiche.mimetype == "application/pdf" and fiche.data == pdf()
    assert fiche.headers["Content-Disposition"].startswith("attachment")


def test_a_new_data_sheet_replaces_the_old_one_and_can_be_taken_away(article, acheteur):
    fiche_technique(article, le=maintenant())
    deposer(acheteur, article, pdf(2))
    assert compte(FicheTechnique) == compte(Fichier) == 1
    assert acheteur.post(f"/catalogue/articles/{article.id}/fiche-technique/retrait").status_code == 303
    assert compte(FicheTechnique) == compte(Fichier) == 0
    assert acheteur.get(f"/catalogue/articles/{article.id}/fiche-technique").status_code == 404


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b"PK\x03\x04 un classeur", "n’est pas un PDF"),
        (jpeg(), "n’est pas un PDF"),
        (b"%PDF-1.7 puis rien", "abîmé"),
        (pdf(0), "aucune page"),
    ],
)
def test_what_is_not_a_pdf_is_refused_and_the_old_one_stays(article, acheteur, octets, phrase):
    fiche_technique(article, le=maintenant())
    reponse = deposer(acheteur, article, octets)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert compte(FicheTechnique) == compte(Fichier) == 1


def test_only_the_buyer_illustrates(article, agent):
    gardee = photo(article, le=maintenant())
    assert envoyer(agent, article, jpeg()).status_code == 403
    assert deposer(agent, article, pdf()).status_code == 403
    assert agent.post(f"/catalogue/photos/{gardee.id}/retrait").status_code == 403
    assert "Photos et fiche technique" not in agent.get(f"/catalogue/articles/{article.id}").text


def test_a_supplier_sees_the_pictures_of_its_own_lots_only(article, client_de):
    personne = adherents.utilisateur("Paul Caron", roles=[Role.FOURNISSEUR])
    autre = catalogue.article(article.lot.marche.lots[1])
    sienne, etrangere = photo(article, le=maintenant()), photo(autre, le=maintenant())
    fiche_technique(autre, le=maintenant())
    db.session.add(AccesFournisseur(utilisateur=personne, fournisseur=article.lot.titulaire))
    fournisseur = client_de(personne)
    assert fournisseur.get(f"/catalogue/photos/{sienne.id}/liste").status_code == 200
    assert fournisseur.get(f"/catalogue/photos/{etrangere.id}/liste").status_code == 404
    assert fournisseur.get(f"/catalogue/articles/{autre.id}/fiche-technique").status_code == 404
