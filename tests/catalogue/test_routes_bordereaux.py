"""Loading a BPU through the pages: a bad file is explained and saves nothing; what is confirmed was shown."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.catalogue import queries
from groupement.catalogue.models import Article, PrixArticle
from groupement.catalogue.rules.bordereau import FACULTATIVES, OBLIGATOIRES, lire_bordereau
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier
from tests.fabriques import adherents, bordereaux
from tests.fabriques import catalogue as fabriques

BPU = (Path(__file__).parents[2] / "groupement" / "demo" / "donnees" / "bpu.csv").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
DU = "2026-11-22"


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=3)


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


def deposer(client, marche, contenu=BPU, du=DU, nom="bordereau.csv"):
    donnees = {"fichier": (io.BytesIO(contenu), nom), "du": du}
    return client.post(f"/marches/{marche.id}/bordereaux/", data=donnees, content_type="multipart/form-data")


def confirmer(client, apercu, **options):
    """Send the form of a preview as a browser would."""
    champs = dict(re.findall(r'name="(empreinte)"[^>]*value="([^"]*)"', apercu))
    action = re.search(r'action="([^"]*/application)"', apercu).group(1)
    return client.post(action, data={**champs, **options})


def charger(client, marche, contenu=BPU, du=DU, **options):
    apercu = client.get(deposer(client, marche, contenu, du).location).text
    return confirmer(client, apercu, **options)


def compte(modele):
    return db.session.scalar(select(func.count()).select_from(modele))


def test_a_bpu_is_shown_then_loaded(marche, acheteur):
    reponse = deposer(acheteur, marche)
    assert reponse.status_code == 303 and compte(Article) == 0
    apercu = acheteur.get(reponse.location).text
    assert "Nouveaux articles" in apercu and "BTE-CON-10" in apercu
    assert db.session.scalars(select(Fichier.sha256)).one() in apercu
    assert confirmer(acheteur, apercu).status_code == 303
    assert compte(Article) == 88
    bilan = acheteur.get(reponse.location).text
    assert "Bordereau enregistré" in bilan and ">88<" in bilan and "articles entrés au catalogue" in bilan
    assert "34\u00a0articles" in acheteur.get(f"/marches/{marche.id}").text


MAUVAIS = {
    "a comma decimal that splits the line": (
        BPU.replace(b"50,0.52,", b"50,0,52,", 1),
        ["52", "taux de TVA", "Un prix supérieur à zéro"],
    ),
    "a duplicate reference": (BPU.replace(b"1,BTE-STD-10", b"1,BTE-STD-08", 1), ["BTE-STD-08", "déjà à la ligne 2"]),
    "a negative price": (BPU.replace(b"50,0.52,", b"50,-0.52,", 1), ["-0.52", "Un prix supérieur à zéro"]),
    "an unknown lot": (BPU.replace(b"1,BTE-STD-08", b"9,BTE-STD-08", 1), ["Ce lot n’existe pas", "1, 2, 3"]),
    "an empty file": (b"", ["Le fichier est vide"]),
    "only a header": (BPU.splitlines()[0], ["Aucun tableau de prix"]),
    "a picture": (PNG, ["n’est pas un texte"]),
    "a threshold that is no multiple of the pack": (BPU.replace(b"|500:0.48", b"|510:0.48", 1), ["510", "multiple"]),
    "a VAT that does not exist": (BPU.replace(b"0.52,20.00", b"0.52,19.60", 1), ["19.60", "taux de TVA"]),
}


@pytest.mark.parametrize("cas", MAUVAIS)
def test_a_bad_file_is_explained_line_by_line_and_saves_nothing(marche, acheteur, cas):
    contenu, attendus = MAUVAIS[cas]
    reponse = deposer(acheteur, marche, contenu)
    assert reponse.status_code == 422
    for attendu in attendus:
        assert attendu in reponse.text
    assert "None" not in reponse.text
    assert (compte(Article), compte(Fichier)) == (0, 0)


def test_all_faults_are_listed_at_once(marche, acheteur):
    contenu = BPU.replace(b"1,BTE-STD-08", b"9,BTE-STD-08", 1).replace(b"50,0.58", b"50,-0.58", 1)
    texte = deposer(acheteur, marche, contenu).text
    assert "Ce lot n’existe pas" in texte and "-0.58" in texte


def en_francais(contenu):
    """The same table as French spreadsheets save it: semicolons, decimal commas, cp1252."""
    lignes = list(csv.reader(io.StringIO(contenu.decode())))
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    for ligne in lignes:
        plume.writerow([re.sub(r"(?<=\d)\.(?=\d)", ",", c) if re.fullmatch(r"[\d.:|]+", c) else c for c in ligne])
    return sortie.getvalue().encode("cp1252")


def test_cp1252_semicolons_and_decimal_commas_read_the_same(marche, acheteur):
    charger(acheteur, marche)
    assert b";" in en_francais(BPU) and b"0,52" in en_francais(BPU)
    apercu = acheteur.get(deposer(acheteur, marche, en_francais(BPU)).location).text
    assert "Ce bordereau ne change rien" in apercu


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({"du": DU}, "Choisissez le fichier"),
        ({"fichier": (io.BytesIO(BPU), "b.csv")}, "Indiquez la date d’effet"),
        ({"fichier": (io.BytesIO(BPU), "b.csv"), "du": "31/02/2026"}, "Écrivez une date"),
        ({"fichier": (io.BytesIO(BPU), "b.csv"), "du": "2031-01-01"}, "du 01/01/2026 au 31/12/2029"),
    ],
)
def test_a_form_that_is_not_filled_says_what_to_write(marche, acheteur, donnees, phrase):
    envoi = {cle: (io.BytesIO(BPU), valeur[1]) if cle == "fichier" else valeur for cle, valeur in donnees.items()}
    reponse = acheteur.post(f"/marches/{marche.id}/bordereaux/", data=envoi, content_type="multipart/form-data")
    assert reponse.status_code == 422 and phrase in reponse.text
    assert compte(Fichier) == 0


def test_changed_prices_stand_side_by_side_before_anything_is_saved(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    contenu = BPU.replace(b"25,1.74,20.00,25:1.74", b"25,1.80,20.00,25:1.80")
    apercu = acheteur.get(deposer(acheteur, marche, contenu).location).text
    assert "1,74\u00a0€ dès 25" in apercu and "1,80\u00a0€ dès 25" in apercu and "+3,45\u00a0%" in apercu
    assert compte(PrixArticle) == 88


def test_absent_articles_go_only_when_the_box_is_ticked(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    sans_gants = b"\n".join(ligne for ligne in BPU.splitlines() if not ligne.startswith(b"1,GAN-NIT"))
    assert "GAN-NIT" in acheteur.get(deposer(acheteur, marche, sans_gants).location).text
    charger(acheteur, marche, sans_gants)
    assert compte(Article) == sum(queries.articles_par_lot(marche.id).values())
    charger(acheteur, marche, sans_gants, retirer_les_absents="y")
    assert sum(queries.articles_par_lot(marche.id).values()) == 87


def test_a_price_of_a_day_already_saved_is_refused_at_once(marche, acheteur):
    charger(acheteur, marche)
    reponse = deposer(acheteur, marche, BPU.replace(b"1000:1.48", b"1000:1.47"))
    assert reponse.status_code == 422 and "commence déjà ce jour-là" in reponse.text


def test_a_preview_that_is_out_of_date_is_shown_again_and_saves_nothing(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    mien = BPU.replace(b"1000:1.48", b"1000:1.47")
    apercu = acheteur.get(deposer(acheteur, marche, mien).location).text
    charger(acheteur, marche, BPU.replace(b"250:1.61", b"250:1.60"), du="2026-11-01")
    reponse = confirmer(acheteur, apercu)
    assert reponse.status_code == 409 and "a changé entre-temps" in reponse.text
    assert compte(PrixArticle) == 89
    assert confirmer(acheteur, reponse.text).status_code == 303
    assert compte(PrixArticle) == 90


def test_a_bpu_is_reached_by_its_own_marche_alone(marche, acheteur):
    depot = bordereaux.import_en_cours(fabriques.marche(lots=2), maintenant())
    assert acheteur.get(f"/marches/{marche.id}/bordereaux/{depot.id}").status_code == 404
    assert acheteur.get(f"/marches/{marche.id}/bordereaux/999").status_code == 404


def test_what_goes_out_comes_back_in_unchanged(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    reponse = acheteur.get(f"/marches/{marche.id}/bordereau?format=csv")
    assert reponse.headers["Content-Disposition"] == 'attachment; filename="bordereau-2026-arch-01.csv"'
    assert reponse.text.splitlines()[0] == ",".join((*OBLIGATOIRES, *FACULTATIVES))
    assert lire_bordereau(reponse.data, (1, 2, 3)) == lire_bordereau(BPU, (1, 2, 3))
    assert "ne change rien" in acheteur.get(deposer(acheteur, marche, reponse.data).location).text


def test_the_spreadsheet_has_the_same_columns(marche, acheteur):
    charger(acheteur, marche, du="2026-01-01")
    reponse = acheteur.get(f"/marches/{marche.id}/bordereau?format=xlsx")
    feuille = load_workbook(io.BytesIO(reponse.data)).active
    lignes = list(feuille.iter_rows(values_only=True))
    assert lignes[0] == (*OBLIGATOIRES, *FACULTATIVES) and len(lignes) == 89
    assert lignes[2][1] == "BTE-STD-10" and str(lignes[2][5]) == "0.58"


def test_only_the_buyer_loads_a_bpu(marche, client_de):
    for role in (Role.AGENT, Role.COMPTABLE, Role.FOURNISSEUR):
        autre = client_de(adherents.utilisateur(roles=[role]))
        assert autre.get(f"/marches/{marche.id}/bordereaux/nouveau").status_code == 403
        assert deposer(autre, marche).status_code == 403
    assert compte(Fichier) == 0


def test_the_form_proposes_a_day_within_the_marche(acheteur):
    futur = fabriques.marche(lots=1, du=date(2027, 3, 1), au=date(2029, 1, 1))
    assert 'value="2027-03-01"' in acheteur.get(f"/marches/{futur.id}/bordereaux/nouveau").text


def test_two_buyers_confirming_the_same_bpu_save_it_once(marche, acheteur, client_de, en_meme_temps):
    autre = client_de(adherents.utilisateur("Hervé Duquesne", roles=[Role.ACHETEUR]))
    envois = [(client, client.get(deposer(client, marche).location).text) for client in (acheteur, autre)]
    reponses = en_meme_temps(*(lambda envoi=envoi: confirmer(*envoi).status_code for envoi in envois))
    assert sorted(reponses) == [303, 409]
    assert (compte(Article), compte(PrixArticle)) == (88, 88)
