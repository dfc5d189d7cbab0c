"""The buyer’s colleagues from a shell: import, open, close, regroup, with the formats and exit codes of the docs."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import BonDeCommande, Campagne, Commande, LigneCommande
from groupement.commandes.queries.campagnes import adherents_de
from groupement.commandes.states import AccesCampagne, EtatCampagne, EtatCommande
from groupement.demo.decor import DONNEES
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from tests.fabriques import catalogue
from tests.fabriques.commandes import campagne, commande, membre

ENTETE = "siren,reference,unites,unites_acceptees_en_plus,mode"


@pytest.fixture
def ouverte(app):
    """A marché of today with one box by packs of 50, an open campagne, two members."""
    jour = aujourdhui()
    marche = catalogue.marche(du=jour.replace(month=1, day=1), au=jour.replace(year=jour.year + 2, month=1, day=1))
    lot = catalogue.lot(marche, plafond_ht=Decimal("100000.00"), franco_ht=Decimal("500.00"), port_ht=Decimal("30.00"))
    boite = catalogue.article(
        lot,
        reference="BTE-STD-10",
        unites_par_colis=50,
        paliers=catalogue.paliers("50:0.58|500:0.54|2000:0.50"),
    )
    window = campagne(marche, du=jour, au=jour)
    return window, boite, membre("Ayette", de=window), membre("Bapaume", de=window)


def fichier(tmp_path, *lignes, entete=ENTETE):
    """A CSV file of orders."""
    chemin = tmp_path / "commandes.csv"
    chemin.write_text("\n".join([entete, *lignes]) + "\n", encoding="utf-8")
    return chemin


def combien(modele):
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(modele))


def test_orders_come_in_from_a_file_and_leave_as_bons(groupement, ouverte, tmp_path):
    window, _, ayette, bapaume = ouverte
    csv = fichier(tmp_path, f"{ayette.siren},BTE-STD-10,624,10,livraison", f"{bapaume.siren},BTE-STD-10,610,0,depot")
    recu = groupement("importer", "commandes", csv, "--campagne", window.id, "--json")
    assert (recu.code, recu.json["commandes_creees"], recu.json["unites"]) == (0, 2, 1234)
    assert groupement("campagne", "clore", "--campagne", window.id, "--json").json["etat"] == "close"
    apercu = groupement("regrouper", "--campagne", window.id, "--previsualiser", "--json")
    reel = groupement("regrouper", "--campagne", window.id, "--json")
    assert apercu.code == reel.code == 0
    ligne = reel.json["bons"][0]["lignes"][0]
    assert ligne == {
        "reference": "BTE-STD-10",
        "unites_demandees": 1234,
        "unites_du_stock": 0,
        "colis": 25,
        "unites_achetees": 1250,
        "unites_acceptees_en_plus": 10,
        "surplus_au_depot": 6,
        "prix_unitaire_ht": "0.5400",
        "montant_ht": "675.00",
    }
    assert reel.json["depot"] == [{"reference": "BTE-STD-10", "unites": 6, "montant_ht": "3.24"}]
    assert {part["siren"]: part["lignes"][0]["unites"] for part in reel.json["parts"]} == {
        ayette.siren: 634,
        bapaume.siren: 610,
    }
    assert reel.json["reel"] is True and reel.json["bons"][0]["numero"].startswith("BC-")
    attendu = apercu.json | {"reel": True}
    attendu["bons"][0]["numero"] = reel.json["bons"][0]["numero"]
    assert attendu == reel.json


def test_parts_and_depot_sum_to_the_bons(groupement, ouverte, tmp_path):
    window, _, ayette, bapaume = ouverte
    csv = fichier(tmp_path, f"{ayette.siren},BTE-STD-10,33", f"{bapaume.siren},BTE-STD-10,34", entete=ENTETE[:22])
    assert csv.read_text().splitlines()[0] == "siren,reference,unites"
    groupement("importer", "commandes", csv, "--campagne", window.id)
    document = groupement("regrouper", "--campagne", window.id, "--previsualiser", "--json").json
    bon = document["bons"][0]
    assert bon["port_ht"] == "30.00"
    parts = sum(Decimal(part["total_ht"]) for part in document["parts"])
    assert parts + sum(Decimal(ligne["montant_ht"]) for ligne in document["depot"]) == Decimal(bon["total_ht"])
    assert Decimal(bon["total_ht"]) + Decimal(bon["total_tva"]) == Decimal(bon["total_ttc"])


def test_lines_are_added_to_the_order_that_is_there(groupement, ouverte, tmp_path):
    window, boite, ayette, _ = ouverte
    commande(window, ayette, [(boite, 100)], etat=EtatCommande.VALIDEE)
    groupement("importer", "commandes", fichier(tmp_path, f"{ayette.siren},BTE-STD-10,50,,"), "--campagne", window.id)
    assert combien(Commande) == 1
    assert db.session.scalars(select(LigneCommande.unites)).all() == [150]


@pytest.mark.parametrize(
    ("ligne", "mot"),
    [
        ("123456789,BTE-STD-10,50,0,livraison", "siren"),
        ("{siren},INCONNUE,50,0,livraison", "INCONNUE"),
        ("{siren},BTE-STD-10,0,0,livraison", "unites"),
        ("{siren},BTE-STD-10,-5,0,livraison", "-5"),
        ("{siren},BTE-STD-10,12.5,0,livraison", "12.5"),
        ("{siren},BTE-STD-10,50,0,avion", "avion"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(groupement, ouverte, tmp_path, ligne, mot):
    window, _, ayette, bapaume = ouverte
    csv = fichier(tmp_path, f"{bapaume.siren},BTE-STD-10,50,0,livraison", ligne.format(siren=ayette.siren))
    refus = groupement("importer", "commandes", csv, "--campagne", window.id, "--json")
    assert (refus.code, refus.dit) == (2, "")
    assert "Ligne 3" in refus.erreurs and mot in refus.erreurs
    assert combien(Commande) == 0


def test_an_unknown_column_is_refused_by_its_name(groupement, ouverte, tmp_path):
    csv = fichier(tmp_path, entete="siren,reference,unites,couleur")
    refus = groupement("importer", "commandes", csv, "--campagne", ouverte[0].id)
    assert refus.code == 2 and "couleur" in refus.erreurs


def test_a_closed_campagne_refuses_orders(groupement, ouverte, tmp_path):
    window, _, ayette, _ = ouverte
    groupement("campagne", "clore", "--campagne", window.id)
    refus = groupement(
        "importer", "commandes", fichier(tmp_path, f"{ayette.siren},BTE-STD-10,50,0,depot"), "--campagne", window.id
    )
    assert refus.code == 3 and "Close" in refus.erreurs


def test_a_second_regroupement_is_refused(groupement, ouverte, tmp_path):
    window, boite, ayette, _ = ouverte
    commande(window, ayette, [(boite, 500)], etat=EtatCommande.VALIDEE)
    assert groupement("regrouper", "--campagne", window.id).code == 3
    groupement("campagne", "clore", "--campagne", window.id)
    assert groupement("regrouper", "--campagne", window.id).code == 0
    refus = groupement("regrouper", "--campagne", window.id, "--json")
    assert (refus.code, refus.dit) == (3, "")
    assert combien(BonDeCommande) == 1


def test_a_ceiling_refuses_and_says_the_figures(groupement, ouverte):
    window, boite, ayette, _ = ouverte
    boite.lot.plafond_ht = Decimal("100.00")
    commande(window, ayette, [(boite, 500)], etat=EtatCommande.VALIDEE)
    groupement("campagne", "clore", "--campagne", window.id)
    refus = groupement("regrouper", "--campagne", window.id, "--json")
    assert (refus.code, combien(BonDeCommande)) == (3, 0)
    assert "Plafond du lot dépassé" in refus.erreurs and "300,00" in refus.erreurs
    assert db.session.get(Campagne, window.id).etat is EtatCampagne.CLOSE
    apercu = groupement("regrouper", "--campagne", window.id, "--previsualiser", "--json")
    assert apercu.code == 0 and apercu.json["bons"] == [] and apercu.json["refus"][0]["lot"] == boite.lot.numero


def test_a_campagne_is_created_and_opened(groupement, ouverte):
    creee = groupement("campagne", "ouvrir", "--intitule", "Rentrée", "--json")
    assert (creee.code, creee.json["etat"], creee.json["intitule"]) == (0, "ouverte", "Rentrée")
    listees = groupement("campagne", "lister", "--json").json["campagnes"]
    assert {c["campagne"] for c in listees} == {creee.json["campagne"], ouverte[0].id}


def test_an_unknown_campagne_is_said(groupement, ouverte):
    refus = groupement("regrouper", "--campagne", 999, "--json")
    assert refus.code == 2 and "999" in refus.erreurs


def test_bodies_come_in_from_open_data_and_again_without_harm(groupement, app):
    chemin = DONNEES / "collectivites-62.csv"
    assert groupement("importer", "collectivites", chemin, "--json").json["nouvelles"] == 907
    encore = groupement("importer", "collectivites", chemin, "--json").json
    assert (encore["nouvelles"], encore["changees"], encore["inchangees"]) == (0, 0, 907)
    assert combien(Collectivite) == 907


def test_a_bpu_is_shown_before_it_is_saved(groupement, ouverte):
    marche = ouverte[0].marche
    for _ in range(2):
        catalogue.lot(marche)
    appel = ("importer", "bpu", DONNEES / "bpu.csv", "--marche", marche.numero, "--json")
    apercu = groupement(*appel, "--previsualiser").json
    fait = groupement(*appel).json
    assert apercu["nouveaux"] == fait["nouveaux"] == 87
    assert (apercu["reel"], fait["reel"]) == (False, True)


def test_help_is_french(groupement):
    aide = groupement("--help").dit
    assert "Utilisation" in aide and "Commandes" in aide and "Show this message" not in aide
    refus = groupement("regrouper")
    assert refus.code == 2 and "Il manque" in refus.erreurs
    assert json.dumps(refus.dit) == '""'


def test_a_campagne_is_opened_for_a_list_and_a_lot_from_the_command_line(groupement, ouverte, tmp_path):
    window, boite, ayette, _ = ouverte
    catalogue.lot(window.marche)
    db.session.commit()
    liste = tmp_path / "liste.txt"
    liste.write_text(f"{ayette.siren} Ayette\n", encoding="utf-8")
    ouverte_a = ("campagne", "ouvrir", "--intitule", "Ayette", "--lots", "1", "--sirens", liste, "--json")
    creee = db.session.get(Campagne, groupement(*ouverte_a).json["campagne"])
    assert (creee.lots, creee.acces, creee.etat) == ([1], AccesCampagne.LISTE, EtatCampagne.OUVERTE)
    assert [c.nom for c in db.session.scalars(adherents_de(creee))] == ["Ayette"]


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        (["--lots", "7"], "ce marché a les lots 1"),
        (["--types", "mairie"], "les types sont commune"),
        (["--types", "commune", "--sirens", "LISTE"], "s’excluent"),
        (["--sirens", "LISTE"], "Ligne 1"),
        (["--campagne", "1", "--lots", "1"], "déjà réglée"),
    ],
)
def test_wrong_terms_are_told_before_anything_is_opened(groupement, ouverte, tmp_path, options, phrase):
    liste = tmp_path / "liste.txt"
    liste.write_text("123\n", encoding="utf-8")
    refus = groupement("campagne", "ouvrir", *(liste if mot == "LISTE" else mot for mot in options))
    assert refus.code == 2 and phrase in refus.erreurs
    assert combien(Campagne) == 1
