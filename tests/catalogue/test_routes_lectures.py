"""A supplier's file through the pages: its columns told once, remembered, shown, confirmed; a big one by the worker."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select, update

from groupement.adherents.states import Role
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.models import Article, ImportBordereau, LectureBordereauRetenue, PalierPrix, PrixArticle
from groupement.catalogue.states import EtatImportBordereau
from groupement.cli.serveur import Ronde, avancer_les_bordereaux
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Evenement
from tests.documents.test_classeurs import REFUSES
from tests.fabriques import adherents, bordereaux
from tests.fabriques import catalogue as fabriques
from tests.fabriques.bordereaux import BOITE, GRANDE, RAYON, TITRES, classeur_xlsx

DU = "2026-12-01"
FICHIER = bordereaux.bordereau_de_fournisseur()


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=3)


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


def deposer(client, marche, contenu=FICHIER, nom="bpu.xlsx", du=DU):
    donnees = {"fichier": (io.BytesIO(contenu), nom), "du": du}
    return client.post(f"/marches/{marche.id}/bordereaux/", data=donnees, content_type="multipart/form-data")


def champs(page):
    """What a browser would send of the form of columns, the secret token apart."""
    envoi = {}
    for balise in re.findall(r"<input [^>]*>", page):
        nom = re.search(r'name="([^"]+)"', balise)
        valeur = re.search(r'value="([^"]*)"', balise)
        if nom and "csrf" not in nom.group(1) and 'type="checkbox"' not in balise:
            envoi[nom.group(1)] = unescape(valeur.group(1)) if valeur else ""
    for nom, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        choisie = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        envoi[nom] = unescape(choisie.group(1))
    envoi.pop("pour", None)
    return envoi


def colonnes(client, reponse):
    """The address and the page of the columns."""
    suite = client.get(reponse.location)
    assert suite.status_code == 302, suite.text
    return suite.location, client.get(suite.location).text


def lire(client, marche, contenu=FICHIER, nom="bpu.xlsx", du=DU, **dites):
    adresse, page = colonnes(client, deposer(client, marche, contenu, nom, du))
    return client.post(adresse, data={**champs(page), **dites})


def apercu(client, marche, contenu=FICHIER, du=DU, **dites):
    reponse = lire(client, marche, contenu, du=du, **({"prix_pour": "ensemble"} | dites))
    assert reponse.status_code == 303, reponse.text
    return client.get(reponse.location).text


def confirmer(client, page, **options):
    empreinte = re.search(r'name="empreinte"[^>]*value="([^"]*)"', page).group(1)
    return client.post(
        re.search(r'action="([^"]*/application)"', page).group(1), data={"empreinte": empreinte, **options}
    )


def charger(client, marche, contenu=FICHIER, du=DU, **options):
    reponse = confirmer(client, apercu(client, marche, contenu, du), **options)
    assert reponse.status_code == 303, reponse.text
    return reponse


def compte(modele):
    return db.session.scalar(select(func.count()).select_from(modele))


def references():
    return set(db.session.scalars(select(Article.reference).where(Article.actif)))


def test_a_supplier_s_file_is_loaded_in_its_own_columns(marche, acheteur):
    adresse, page = colonnes(acheteur, deposer(acheteur, marche))
    envoi = champs(page)
    assert envoi["colonnes-0-titre"] == "Réf." and envoi["colonnes-0-champ"] == "reference"
    assert (envoi["colonnes-5-champ"], envoi["colonnes-5-seuil"]) == ("palier", "500")
    assert "CAU-10 · CAU-15 · CHE-120" in page and "prix_pour" in envoi
    reponse = acheteur.post(adresse, data={**envoi, "prix_pour": "ensemble"})
    assert reponse.status_code == 303
    page = acheteur.get(reponse.location).text
    assert "Nouveaux articles" in page and "CAU-10" in page and "3\u00a0lignes laissées de côté" in page
    assert "« TOTAL »" in page.replace("\u00a0", " ") and compte(Article) == 0
    reponse = confirmer(acheteur, page)
    assert references() == {"CAU-10", "CAU-15", "CHE-120", "RAY-100"}
    assert "Bordereau enregistré" in acheteur.get(reponse.location).text
    sources = set(db.session.scalars(select(PrixArticle.source)))
    assert len(sources) == 1 and sources.pop().startswith("bpu.xlsx (")


def test_what_is_missing_is_said_and_nothing_is_kept(marche, acheteur):
    reponse = lire(acheteur, marche)
    assert reponse.status_code == 422 and "dites pour combien le prix est donné" in reponse.text
    reponse = lire(acheteur, marche, **{"colonnes-0-champ": "", "prix_pour": "ensemble"})
    assert reponse.status_code == 422 and "Dites quelle colonne porte «\u00a0Référence\u00a0»" in reponse.text
    assert (compte(Article), compte(LectureBordereauRetenue)) == (0, 0)
    assert db.session.scalars(select(ImportBordereau.correspondance)).all() == [None, None]


def test_faults_are_told_by_sheet_line_and_column(marche, acheteur):
    contenu = classeur_xlsx({"Lot 1": [TITRES, BOITE], "Lot 2": [TITRES, (*RAYON[:4], "sur devis", *RAYON[5:])]})
    reponse = lire(acheteur, marche, contenu)
    assert reponse.status_code == 422 and compte(LectureBordereauRetenue) == 0
    for mot in ("Lot 2", "de 1 à 499 (E)", "«\u00a0sur devis\u00a0»", "Un prix supérieur à zéro"):
        assert mot.replace("\u00a0", " ") in reponse.text.replace("\u00a0", " ")
    assert reponse.text.count("Un prix supérieur à zéro") == 1


def test_a_reading_is_remembered_for_the_next_file_of_the_same_titles(marche, acheteur):
    un_lot = classeur_xlsx({"Prix": [(*TITRES[:6], *TITRES[7:]), (*BOITE[:6], *BOITE[7:])]})
    reponse = lire(acheteur, marche, un_lot, lot="2", tva="5,5", **{"colonnes-7-champ": ""})
    assert reponse.status_code == 303
    page = colonnes(acheteur, deposer(acheteur, marche, un_lot))[1]
    assert "Lu comme la dernière fois" in page and "Bruno Lefebvre" in page
    envoi = champs(page)
    assert (envoi["lot"], envoi["tva"], envoi["colonnes-7-champ"]) == ("2", "5,5", "")
    autre_marche = fabriques.marche(lots=1)
    assert "Lu comme la dernière fois" not in colonnes(acheteur, deposer(acheteur, autre_marche, un_lot))[1]


def test_a_reading_told_again_replaces_the_one_remembered(marche, acheteur):
    apercu(acheteur, marche)
    apercu(acheteur, marche, prix_pour="piece")
    retenues = db.session.scalars(select(LectureBordereauRetenue)).all()
    assert len(retenues) == 3 and {retenue.correspondance["prix_pour"] for retenue in retenues} == {"piece"}


def test_the_reading_may_be_corrected_from_the_preview(marche, acheteur):
    page = apercu(acheteur, marche)
    adresse = re.search(r'href="([^"]*/colonnes)"', page).group(1)
    envoi = champs(acheteur.get(adresse).text)
    assert envoi["prix_pour"] == "ensemble"
    page = acheteur.get(acheteur.post(adresse, data={**envoi, "prix_pour": "piece"}).location).text
    assert "12,50\u00a0€" in page


def test_the_row_of_titles_may_be_told(marche, acheteur):
    contenu = classeur_xlsx({"Lot 1": [["x", "y", "z"], ["Col1", "Col2", "Col3"], ["A-1", "Boîte", "1,74"]]})
    adresse, page = colonnes(acheteur, deposer(acheteur, marche, contenu))
    assert champs(page)["colonnes-0-titre"] == "x"
    page = acheteur.post(adresse, data={**champs(page), "feuilles-0-titres": "2", "relire": "1"}).text
    envoi = champs(page)
    assert (envoi["colonnes-0-titre"], envoi["feuilles-0-titres"]) == ("Col1", "2")
    dites = {"colonnes-0-champ": "reference", "colonnes-1-champ": "designation", "colonnes-2-champ": "prix_unitaire_ht"}
    reponse = acheteur.post(adresse, data={**envoi, **dites, "unite": "pièce", "conditionnement": "1", "tva": "20"})
    assert "A-1" in acheteur.get(reponse.location).text
    assert "Aucun tableau n’est lu" in acheteur.post(adresse, data={**envoi, "feuilles-0-titres": "0"}).text


@pytest.mark.parametrize("cas", [cas for cas in REFUSES if cas not in ("no name", "too heavy")])
def test_a_dangerous_or_unreadable_file_is_refused_and_not_kept(marche, acheteur, cas):
    nom, contenu, attendu = REFUSES[cas]
    reponse = deposer(acheteur, marche, contenu, nom)
    assert reponse.status_code == 422 and attendu.replace("« ", "«\u00a0").replace(" »", "\u00a0»") in reponse.text
    assert (compte(Fichier), compte(ImportBordereau), compte(Article)) == (0, 0, 0)


def test_a_hundred_megabytes_are_refused_before_they_are_read(marche, acheteur):
    adresse, annonce = f"/marches/{marche.id}/bordereaux/", {"CONTENT_LENGTH": str(100 * 1024 * 1024)}
    donnees = {"fichier": (io.BytesIO(FICHIER), "bpu.xlsx"), "du": DU}
    reponse = acheteur.post(adresse, data=donnees, content_type="multipart/form-data", environ_overrides=annonce)
    assert reponse.status_code == 413 and "Fichier trop lourd" in reponse.text


def test_a_renamed_reference_keeps_the_article_and_its_history(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    ancien = db.session.scalars(select(Article.id).where(Article.reference == "CAU-15")).one()
    renomme = ("NEO-15", *GRANDE[1:4], "2,20 €", *GRANDE[5:])
    contenu = classeur_xlsx({"Lot 1": [TITRES, BOITE, renomme, bordereaux.CHEMISE]})
    page = apercu(acheteur, marche, contenu)
    assert "CAU-15 devient NEO-15" in page
    confirmer(acheteur, page, renommer=str(ancien), retirer_les_absents="y")
    article = db.session.get(Article, ancien, populate_existing=True)
    assert (article.reference, article.actif) == ("NEO-15", True) and "neo 15" in article.recherche
    du = db.session.scalars(select(PrixArticle.du).where(PrixArticle.article_id == ancien).order_by(PrixArticle.du))
    assert list(du) == [date(2026, 1, 1), date(2026, 12, 1)]
    assert references() == {"CAU-10", "NEO-15", "CHE-120", "RAY-100"}


def test_a_reference_that_is_not_said_renamed_makes_a_new_article(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    contenu = classeur_xlsx({"Lot 1": [TITRES, BOITE, ("NEO-15", *GRANDE[1:]), bordereaux.CHEMISE]})
    confirmer(acheteur, apercu(acheteur, marche, contenu))
    assert references() == {"CAU-10", "CAU-15", "NEO-15", "CHE-120", "RAY-100"}


def test_a_renaming_nobody_proposed_is_not_done(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    rayon = db.session.scalars(select(Article.id).where(Article.reference == "RAY-100")).one()
    contenu = classeur_xlsx({"Lot 1": [TITRES, BOITE, ("NEO-15", *GRANDE[1:]), bordereaux.CHEMISE]})
    assert confirmer(acheteur, apercu(acheteur, marche, contenu), renommer=str(rayon)).status_code == 409
    assert compte(PrixArticle) == 4


def test_columns_the_file_does_not_have_leave_the_articles_as_they_are(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    sans_norme = classeur_xlsx({"Lot 1": [TITRES[:-1], BOITE[:-1], GRANDE[:-1], bordereaux.CHEMISE[:-1]]})
    assert "Ce bordereau ne change rien" in apercu(acheteur, marche, sans_norme)


def test_a_preview_out_of_date_is_refused_with_what_to_do(marche, acheteur):
    adresse, _ = colonnes(acheteur, deposer(acheteur, marche))
    db.session.execute(update(ImportBordereau).values(expire_le=maintenant() - timedelta(minutes=1)))
    reponse = acheteur.get(adresse)
    assert reponse.status_code == 409 and "plus de deux jours" in reponse.text
    Ronde().passer()
    assert (compte(ImportBordereau), compte(Fichier)) == (0, 0)


def test_confirming_twice_saves_once(marche, acheteur):
    page = apercu(acheteur, marche)
    premiere, seconde = confirmer(acheteur, page), confirmer(acheteur, page)
    assert (premiere.status_code, seconde.status_code) == (303, 303)
    assert compte(PrixArticle) == 4


def test_the_changes_leave_as_a_spreadsheet(marche, acheteur):
    page = apercu(acheteur, marche)
    adresse = re.search(r'href="([^"]*changements.csv)"', page).group(1)
    lignes = acheteur.get(adresse).text.splitlines()
    assert lignes[0].startswith("Changement,Lot,Référence") and lignes[1].startswith("nouveau,1,CAU-10,")
    assert acheteur.get(adresse.replace(".csv", ".xlsx")).data.startswith(b"PK")


def grand(combien, hausse=0):
    lignes = [
        (f"R-{n:05}", f"Boîte modèle {n}", "U", "par 25", (174 + n % 50 + hausse) / 100, None, 20, "33x25x10", None)
        for n in range(combien)
    ]
    return classeur_xlsx({"Lot 1": [TITRES, *lignes]})


@pytest.fixture
def tout_est_grand(monkeypatch):
    monkeypatch.setattr(imports, "OCTETS_SUR_LE_CHAMP", 10)
    monkeypatch.setattr(imports, "RANGEES_SUR_LE_CHAMP", 10)


@pytest.mark.usefixtures("tout_est_grand")
def test_a_big_file_is_read_and_saved_by_the_worker_under_the_eyes_of_the_buyer(marche, acheteur):
    reponse = deposer(acheteur, marche, grand(40))
    page = acheteur.get(reponse.location).text
    assert "En attente du serveur" in page and "<progress" in page and 'http-equiv="refresh"' not in page
    attente = acheteur.get(reponse.location, headers={"HX-Request": "true"})
    assert "HX-Redirect" not in attente.headers
    assert avancer_les_bordereaux() == 1
    assert "HX-Redirect" in acheteur.get(reponse.location, headers={"HX-Request": "true"}).headers
    adresse, page = colonnes(acheteur, reponse)
    reponse = acheteur.post(adresse, data=champs(page))
    suite = confirmer(acheteur, acheteur.get(reponse.location).text)
    assert "Enregistrement de 41\u00a0lignes" in acheteur.get(suite.location).text and compte(Article) == 0
    assert avancer_les_bordereaux() == 1 and avancer_les_bordereaux() == 0
    assert compte(Article) == 40 and "Bordereau enregistré" in acheteur.get(suite.location).text
    par = db.session.scalars(select(Evenement.par).where(Evenement.verbe == "importer le bordereau")).one()
    assert par == "Bruno Lefebvre"


@pytest.mark.usefixtures("tout_est_grand")
def test_a_big_file_that_has_no_table_is_refused_by_the_worker(marche, acheteur):
    reponse = deposer(acheteur, marche, classeur_xlsx({"a": [["seul"]]}))
    avancer_les_bordereaux()
    page = acheteur.get(reponse.location).text
    assert "Fichier refusé" in page and "Aucun tableau de prix" in page


@pytest.mark.usefixtures("tout_est_grand")
def test_a_fault_of_the_worker_refuses_the_file_and_says_so(marche, acheteur, monkeypatch, caplog):
    reponse = deposer(acheteur, marche, grand(5))
    monkeypatch.setattr(imports, "reperer", lambda classeur: 1 / 0)
    avancer_les_bordereaux()
    assert "Prévenez l’administrateur" in acheteur.get(reponse.location).text and "a échoué" in caplog.text


@pytest.mark.usefixtures("tout_est_grand")
def test_a_big_bordereau_confirmed_too_late_comes_back_for_another_look(marche, acheteur):
    reponse = deposer(acheteur, marche, grand(12))
    avancer_les_bordereaux()
    adresse, page = colonnes(acheteur, reponse)
    suite = confirmer(acheteur, acheteur.get(acheteur.post(adresse, data=champs(page)).location).text)
    fabriques.article(marche.lots[0], reference="R-00003")
    db.session.commit()
    avancer_les_bordereaux()
    assert "Le catalogue a changé entre-temps" in acheteur.get(suite.location).text
    assert db.session.scalars(select(ImportBordereau.etat)).one() is EtatImportBordereau.LU


def test_a_worker_takes_what_another_left_but_not_what_it_has(marche):
    depot = bordereaux.import_en_cours(marche, maintenant())
    depot.etat = EtatImportBordereau.A_LIRE
    db.session.commit()
    le = maintenant()
    assert imports.a_avancer(le) == depot.id and imports.prendre(depot.id, le)
    assert imports.a_avancer(le) is None and not imports.prendre(depot.id, le)
    plus_tard = le + imports.OUBLI_D_UN_TRAVAILLEUR + timedelta(seconds=1)
    assert imports.a_avancer(plus_tard) == depot.id


def test_statements_do_not_depend_on_the_number_of_lines(app, acheteur, sql):
    comptes = []
    for nombre in (100, 1_000):
        marche = fabriques.marche(lots=3)
        adresse, page = colonnes(acheteur, deposer(acheteur, marche, grand(nombre), du="2026-01-01"))
        envoi = champs(page)
        with sql() as lecture:
            reponse = acheteur.post(adresse, data=envoi)
        with sql() as vue:
            page = acheteur.get(reponse.location).text
        with sql() as ecriture:
            confirmer(acheteur, page)
        comptes.append((len(lecture), len(vue), len(ecriture)))
    assert compte(PalierPrix) == 1_100
    assert comptes[0] == comptes[1] and comptes[0] <= (18, 12, 22), comptes


def test_the_home_page_says_which_prices_are_to_be_loaded_and_goes_on_where_one_was(marche, acheteur):
    accueil = acheteur.get("/").text
    assert (
        f"Charger le bordereau des prix du marché {marche.numero}" in accueil and "Le catalogue reste vide" in accueil
    )
    deposer(acheteur, marche)
    accueil = acheteur.get("/").text
    assert "rien n’est encore enregistré" in accueil and f"/marches/{marche.id}/bordereaux/1" in accueil
    db.session.execute(update(ImportBordereau).values(expire_le=maintenant() - timedelta(minutes=1)))
    charger(acheteur, marche)
    assert "Charger le bordereau des prix" not in acheteur.get("/").text


def test_a_file_given_up_is_forgotten_but_not_one_that_is_saved(marche, acheteur):
    page = apercu(acheteur, marche)
    abandon = re.search(r'action="([^"]*/abandon)"', page).group(1)
    assert acheteur.post(abandon).location == f"/marches/{marche.id}"
    assert (compte(ImportBordereau), compte(Fichier)) == (0, 0)
    bilan = charger(acheteur, marche).location
    assert acheteur.post(f"{bilan}/abandon").status_code == 409 and compte(Fichier) == 1
