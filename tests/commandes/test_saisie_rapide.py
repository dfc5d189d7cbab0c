"""Quick entry: what people paste is read as they meant it, shown first, and goes in whole or not at all."""

import io
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import LigneCommande
from groupement.commandes.rules.apercu_de_saisie import ArticleOffert, apercevoir, cle_de_reference
from groupement.commandes.rules.saisie_rapide import LigneSaisie, en_texte, lire_collage, quantite_lue
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.documents.tableur import Colonne, ecrire_xlsx
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from groupement.socle.journal import derniere_modification
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique

BOITE = ArticleOffert(1, "BTE-CON-10", "Boîte de conservation dos 10 cm", 25, partage=False, deja=50)
BOITE_15 = ArticleOffert(2, "BTE-CON-15", "Boîte de conservation dos 15 cm", 25, partage=False)
CHEMISE = ArticleOffert(3, "CHE-120", "Chemise 120 g", 250, partage=True, deja=10, deja_en_plus=40)
AILLEURS = ArticleOffert(4, "RAY-200", "Rayonnage", 1, partage=False, motif="Vous n’avez pas rejoint le lot 2.")
ARTICLES = (BOITE, BOITE_15, CHEMISE, AILLEURS)


@pytest.mark.parametrize(
    ("texte", "lues"),
    [
        ("Référence\tQuantité\nBTE-10\t50\nBTE-11\t1 250\t25", [(2, "BTE-10", "50", ""), (3, "BTE-11", "1 250", "25")]),
        ("BTE-10;2 colis\r\n\r\nBTE-11;50;5", [(1, "BTE-10", "2 colis", ""), (3, "BTE-11", "50", "5")]),
        ("BTE-10, 50\nBTE-12 , 1 carton", [(1, "BTE-10", "50", ""), (2, "BTE-12", "1 carton", "")]),
        ("BTE-10 1 250", [(1, "BTE-10", "1 250", "")]),
        ("BTE-10\tBoîte dos 10\t50\t5", [(1, "BTE-10", "50", "5")]),
        ("Désignation;Réf.;Qté;Prix\nBoîte;BTE-1;5;1,74", [(2, "BTE-1", "5", "")]),
        ('"BTE-10";"50"', [(1, "BTE-10", "50", "")]),
        ('BTE-10\t1" d’épaisseur\t5', [(1, "BTE-10", "5", "")]),
        ("BTE-10;;3", [(1, "BTE-10", "", "3")]),
        ("BTE-10", [(1, "BTE-10", "", "")]),
        ("\n \n", []),
    ],
)
def test_any_usual_paste_is_read(texte: str, lues: list[tuple[int, str, str, str]]) -> None:
    assert [(li.numero, li.reference, li.quantite, li.en_plus) for li in lire_collage(texte)] == lues


@pytest.mark.parametrize(
    ("texte", "unites"),
    [
        *(("1 250", 1250), ("1\u00a0250", 1250), ("1\u202f250", 1250), ("50,00", 50), ("50 unités", 50), ("50 U.", 50)),
        *(("2 colis", 50), ("3 Cartons", 75), ("25 pièces", 25), ("12 boîtes", 12), ("0", 0)),
        *(("2,5", None), ("-5", None), ("beaucoup", None), ("1.250", None), ("", None), ("12 5", None), ("1e9", None)),
    ],
)
def test_a_quantity_is_read_only_when_it_is_surely_one(texte: str, unites: int | None) -> None:
    assert quantite_lue(texte, 25) == unites


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(texte: str) -> None:
    for ligne in lire_collage(texte):
        assert ligne.numero >= 1 and "\t" not in ligne.reference + ligne.quantite + ligne.en_plus
        assert "\n" not in ligne.reference + ligne.quantite + ligne.en_plus


REFERENCES = st.from_regex(r"[A-Z]{3}-[0-9]{2,4}", fullmatch=True)


@given(st.lists(st.tuples(REFERENCES, st.integers(1, 999_999)), min_size=1, max_size=20))
def test_what_is_written_as_a_spreadsheet_does_is_read_back(lignes: list[tuple[str, int]]) -> None:
    saisies = [LigneSaisie(rang, ref, str(unites)) for rang, (ref, unites) in enumerate(lignes, 1)]
    assert lire_collage(en_texte(saisies)) == saisies


def saisir(*lignes: tuple[str, str] | tuple[str, str, str], remplacer: bool = False) -> Any:
    """The preview of (reference, quantity, extra) lines."""
    saisies = [LigneSaisie(rang, *cellules) for rang, cellules in enumerate(lignes, 1)]
    return apercevoir(saisies, ARTICLES, remplacer=remplacer)


@pytest.mark.parametrize(("remplacer", "apres"), [(False, 125), (True, 75)])
def test_quantities_add_to_the_basket_or_replace_those_there(remplacer: bool, apres: int) -> None:
    (ligne,) = saisir(("bte con 10", "3 colis"), remplacer=remplacer).lignes
    assert (ligne.avant, ligne.unites, ligne.apres, ligne.faute) == (50, 75, apres, None)


def test_two_lines_of_one_article_add_up_and_make_whole_packs_together() -> None:
    (ligne,) = saisir(("BTE-CON-10", "10"), ("BTE-CON-10", "15")).lignes
    assert (ligne.unites, ligne.reunies, ligne.faute) == (25, (2,), None)


@pytest.mark.parametrize(
    ("cellules", "colonne", "quantites", "references"),
    [
        (("BTE-CON-10", "30"), "Quantité", (25, 50), ()),
        (("BTE-CON-10", "beaucoup"), "Quantité", (), ()),
        (("BTE-CON-10", "0"), "Quantité", (25,), ()),
        (("BTE-CON-10", "25", "5"), "Accepté en plus", (0,), ()),
        (("CHE-120", "12", "250"), "Accepté en plus", (249,), ()),
        (("BTE-CON-1O", "25"), "Référence", (), ("BTE-CON-10", "BTE-CON-15")),
        (("chemise 120", "25"), "Référence", (), ("CHE-120",)),
        (("XYZ", "25"), "Référence", (), ()),
        (("", "25"), "Référence", (), ()),
        (("RAY-200", "2"), "Référence", (), ()),
    ],
)
def test_a_fault_says_where_and_offers_what_would_do(
    cellules: Any, colonne: str, quantites: tuple[int, ...], references: tuple[str, ...]
) -> None:
    apercu = saisir(cellules)
    faute = apercu.fautives[0].faute
    assert (faute.colonne, faute.quantites) == (colonne, quantites)
    assert tuple(article.reference for article in faute.references) == references
    assert not apercu.bonnes and apercu.bilan == "rien ne change" and colonne in faute.phrase()


def test_extra_units_that_nobody_writes_stay_as_they_are() -> None:
    ajoutee, remplacee = saisir(("CHE-120", "30")).lignes[0], saisir(("CHE-120", "30", "20"), remplacer=True).lignes[0]
    assert (ajoutee.apres, ajoutee.en_plus_apres) == (40, 40)
    assert (remplacee.apres, remplacee.en_plus_apres) == (30, 20)


@given(st.lists(st.tuples(st.sampled_from([a.reference for a in ARTICLES] + ["X-1"]), st.integers(-5, 3000).map(str))))
def test_every_line_is_either_in_whole_packs_or_faulty(lignes: list[tuple[str, str]]) -> None:
    apercu = saisir(*lignes)
    for ligne in apercu.bonnes:
        assert ligne.article.partage or ligne.unites % ligne.article.unites_par_colis == 0
        assert ligne.apres == ligne.avant + ligne.unites
    repris = sum(len(ligne.reunies) for ligne in apercu.lignes)
    assert len(apercu.lignes) + repris == len(lignes)


def test_a_reference_is_known_without_its_separators() -> None:
    assert cle_de_reference(" bte_con 10 ") == cle_de_reference("BTE-CON-10") == "btecon10"


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """A window open today, an agent, a box in packs of 25 and a folder that may be split."""
    jour = aujourdhui()
    campagne = fabrique.campagne(du=jour - timedelta(days=10), au=jour + timedelta(days=10))
    lot = campagne.marche.lots[0]
    mairie = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    marie = adherents.utilisateur("Marie Dupont", roles=[Role.AGENT], collectivite=mairie)
    boite = catalogue.article(lot, reference="BTE-CON-10")
    chemise = catalogue.article(
        lot, reference="CHE-120", designation="Chemise", unites_par_colis=250, fractionnable=True
    )
    monde = SimpleNamespace(campagne=campagne, lot=lot, mairie=mairie, boite=boite, chemise=chemise)
    monde.client, monde.marie, monde.adresse = client_de(agent), client_de(marie), f"/panier/{campagne.id}/saisie"
    return monde


def caches(page: str) -> dict[str, str]:
    """What the preview sends back without anybody touching it."""
    trouves = re.findall(r'<input type="hidden" name="(lignes|version|sens_vu)" value="([^"]*)"', page)
    sens = re.findall(r'name="sens" value="(\w+)" checked', page)
    return dict(trouves) | {"sens": sens[0]}


def panier() -> dict[str, tuple[int, int]]:
    """What the basket holds: units and extra units, by reference."""
    lignes = db.session.scalars(select(LigneCommande).execution_options(populate_existing=True))
    return {li.article.reference: (li.unites, li.unites_acceptees_en_plus) for li in lignes}


def apercu_de(monde: SimpleNamespace, collage: str, **champs: Any) -> Any:
    """Post what is pasted."""
    return monde.client.post(f"{monde.adresse}/apercu", data={"collage": collage, "sens": "ajouter", **champs})


def test_pasted_lines_are_shown_then_put_in_the_basket(monde: SimpleNamespace) -> None:
    assert "Collez vos lignes" in monde.client.get(monde.adresse).text
    page = apercu_de(monde, "Référence\tQuantité\tEn plus\nBTE-CON-10\t2 colis\nche 120\t40\t30")
    assert page.status_code == 200 and panier() == {} and "2 articles ajoutés" in page.text.replace("\u00a0", " ")
    assert "87,00" in page.text  # 50 boxes at 1.74
    reponse = monde.client.post(monde.adresse, data=caches(page.text))
    assert reponse.status_code == 303 and panier() == {"BTE-CON-10": (50, 0), "CHE-120": (40, 30)}
    assert "Saisie enregistrée" in monde.client.get(reponse.location).text


def test_rows_typed_one_by_one_and_a_workbook_are_read_too(monde: SimpleNamespace) -> None:
    rangees = {"reference": ["BTE-CON-10", "", "CHE-120"], "quantite": ["25", "", "7"], "sens": "ajouter"}
    page = monde.client.post(f"{monde.adresse}/apercu", data=rangees)
    assert monde.client.post(monde.adresse, data=caches(page.text)).status_code == 303
    classeur = ecrire_xlsx("Besoins", [Colonne("r", "Référence"), Colonne("q", "Quantité", "entier")], [("CHE-120", 5)])
    fichier = {"fichier": (io.BytesIO(classeur), "besoins.xlsx"), "sens": "remplacer"}
    page = monde.client.post(f"{monde.adresse}/apercu", data=fichier, content_type="multipart/form-data")
    assert "7 → <strong>5</strong>" in page.text
    assert monde.client.post(monde.adresse, data=caches(page.text)).status_code == 303
    assert panier() == {"BTE-CON-10": (25, 0), "CHE-120": (5, 0)}


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"collage": ""}, "collez des lignes"),
        ({"fichier": (io.BytesIO(b"\x00\x01"), "photo.png")}, "n’en est pas un"),
        ({"fichier": (io.BytesIO(b"  "), "vide.csv")}, "Ce fichier est vide"),
        ({"collage": "BTE-CON-10\t25\n" * 5001}, "5 000 lignes au plus"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_field(monde: SimpleNamespace, champs: dict[str, Any], phrase: str) -> None:
    reponse = monde.client.post(f"{monde.adresse}/apercu", data=champs, content_type="multipart/form-data")
    assert reponse.status_code == 422 and phrase in reponse.text.replace("\u00a0", " ")


def test_a_faulty_line_stops_everything_until_it_is_left_out(monde: SimpleNamespace) -> None:
    page = apercu_de(monde, "BTE-CON-10\t30\nCHE-120\t40\nBTE-CON-1O\t25")
    assert 'value="1:quantite:50"' in page.text and 'value="3:reference:BTE-CON-10"' in page.text
    refus = monde.client.post(monde.adresse, data=caches(page.text))
    assert (
        refus.status_code == 422 and panier() == {} and "2 lignes ne peuvent pas" in refus.text.replace("\u00a0", " ")
    )
    accord = monde.client.post(monde.adresse, data=caches(page.text) | {"ecarter": "oui"})
    assert accord.status_code == 303 and panier() == {"CHE-120": (40, 0)}
    assert "2 lignes laissées de côté" in monde.client.get(accord.location).text.replace("\u00a0", " ")


def test_a_correction_in_a_click_is_shown_before_it_is_written(monde: SimpleNamespace) -> None:
    page = apercu_de(monde, "BTE-CON-10\t30")
    corrige = monde.client.post(f"{monde.adresse}/correction", data=caches(page.text) | {"choix": "1:quantite:50"})
    assert corrige.status_code == 200 and "À corriger" not in corrige.text and panier() == {}
    tapee = monde.client.post(monde.adresse, data=caches(page.text) | {"quantite-1": "75"})
    assert tapee.status_code == 200 and "ce que vous venez de changer" in tapee.text and panier() == {}
    autre_sens = monde.client.post(monde.adresse, data=caches(corrige.text) | {"sens": "remplacer"})
    assert autre_sens.status_code == 200 and panier() == {}
    assert monde.client.post(monde.adresse, data=caches(tapee.text)).status_code == 303
    assert panier() == {"BTE-CON-10": (75, 0)}


def test_a_basket_changed_since_the_preview_is_shown_again(monde: SimpleNamespace) -> None:
    page = apercu_de(monde, "BTE-CON-10\t25")
    monde.marie.post(f"/panier/{monde.campagne.id}/lignes", data={"article": monde.boite.id, "unites": "50"})
    reponse = monde.client.post(monde.adresse, data=caches(page.text))
    assert reponse.status_code == 409 and "Marie Dupont a changé le panier" in reponse.text
    assert "50 → <strong>75</strong>" in reponse.text and panier() == {"BTE-CON-10": (50, 0)}
    assert monde.client.post(monde.adresse, data=caches(reponse.text)).status_code == 303
    assert panier() == {"BTE-CON-10": (75, 0)}


def test_an_order_that_has_left_takes_no_entry(monde: SimpleNamespace) -> None:
    page = apercu_de(monde, "CHE-120\t25")
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)], etat=EtatCommande.SOUMISE)
    assert monde.client.post(monde.adresse, data=caches(page.text)).status_code == 409
    assert monde.client.get(monde.adresse).status_code == 409 and panier() == {"BTE-CON-10": (25, 0)}


def test_the_depot_opens_packs_for_what_is_pasted_too(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)], mode=ModeDeRemise.DEPOT)
    page = apercu_de(monde, "BTE-CON-10\t7\t18")
    assert monde.client.post(monde.adresse, data=caches(page.text)).status_code == 303
    assert panier() == {"BTE-CON-10": (32, 18)}


def test_a_thousand_lines_cost_as_many_statements_as_ten(monde: SimpleNamespace, sql: Any) -> None:
    fabrique.commande(monde.campagne, monde.mairie, [])
    comptes = []
    for debut, nombre in ((0, 10), (10, 1000)):
        references = [f"PRO-{rang:05d}" for rang in range(debut, debut + nombre)]
        for reference in references:
            catalogue.article(monde.lot, reference=reference, unites_par_colis=1, paliers="1:1.00")
        texte = "\n".join(f"{reference}\t{rang + 1}" for rang, reference in enumerate(references))
        with sql() as apercues:
            page = apercu_de(monde, texte)
        with sql() as ecrites:
            assert monde.client.post(monde.adresse, data=caches(page.text)).status_code == 303
        comptes.append((len(apercues), len(ecrites)))
    assert comptes[0][0] == comptes[1][0] <= 14 and comptes[0][1] == comptes[1][1] <= 20, comptes
    assert len(panier()) == 1010
    commande = db.session.scalars(select(LigneCommande.commande_id).limit(1)).one()
    dernier = derniere_modification("commande", commande)
    assert dernier is not None and len(dernier.details["lignes"]) == 1000
