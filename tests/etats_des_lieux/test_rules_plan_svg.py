"""The drawing of a plan: to scale, numbered, readable by a screen reader, harmless in a page."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from groupement.etats_des_lieux.rules.implantation import implanter
from groupement.etats_des_lieux.rules.plan_svg import plan_svg
from groupement.etats_des_lieux.rules.salle import Mur, Porte
from tests.etats_des_lieux.salles import COULOIR, R1, R2, R4, R5, R6, W1, W2

SVG = "{http://www.w3.org/2000/svg}"


def dessin(salle, parametres=W2, **options):
    return ElementTree.fromstring(plan_svg(implanter(salle, parametres), **options))


def textes(arbre):
    return [(noeud.text or "").replace("\u00a0", " ").replace("\u202f", " ") for noeud in arbre.iter(f"{SVG}text")]


@pytest.mark.parametrize("salle", [R1, R2, R4, R5, R6, COULOIR])
def test_every_bay_has_its_own_number(salle):
    plan = implanter(salle, W2)
    numeros = [texte for texte in textes(dessin(salle)) if texte[0].isdigit() and "-" in texte]
    assert len(numeros) == len(set(numeros)) == plan.travees


def test_the_paper_is_at_one_to_fifty():
    arbre = dessin(R4)
    _, _, largeur, hauteur = map(int, arbre.attrib["viewBox"].split())
    assert (arbre.attrib["width"], arbre.attrib["height"]) == (f"{largeur // 50}.0mm", f"{hauteur // 50}.0mm")


def test_aisles_bear_their_width():
    assert {"900", "1 100"} <= set(textes(dessin(R1)))
    assert "850" in textes(dessin(R6, W1))


def test_the_double_row_has_two_faces():
    assert {"2-1-A", "2-1-B"} <= set(textes(dessin(R1)))


def test_a_bay_is_drawn_where_it_stands_north_up():
    bandes = [noeud.attrib for noeud in dessin(R1, W1).iter(f"{SVG}rect")]
    assert any((forme["x"], forme["y"], forme["width"]) == ("980", "3350", "1000") for forme in bandes)


def test_a_screen_reader_gets_the_plan_in_a_sentence():
    arbre = dessin(R1, titre="Cave <du> maire & fils")
    assert arbre.attrib["role"] == "img"
    assert arbre.findtext(f"{SVG}title") == "Cave <du> maire & fils"
    description = (arbre.findtext(f"{SVG}desc") or "").replace("\u00a0", " ").replace("\u202f", " ")
    assert description == (
        "Salle de 5 200 sur 3 800 mm : 3 épis, 16 travées (4 départs, 12 suivants), "
        "96,0 mètres linéaires sur 6 niveaux."
    )


@pytest.mark.parametrize("mur", list(Mur))
@pytest.mark.parametrize("vers_interieur", [True, False])
def test_a_door_leaf_stays_on_the_paper_and_on_its_side(mur, vers_interieur):
    arbre = dessin(replace(R4, portes=(Porte(mur, 2050, 900, vers_interieur),)))
    gauche, haut, largeur, hauteur = map(int, arbre.attrib["viewBox"].split())
    (arc,) = arbre.iter(f"{SVG}path")
    x, y = map(int, arc.attrib["d"].split()[-2:])
    assert gauche < x < gauche + largeur
    assert haut < y < haut + hauteur
    assert (0 <= x <= 8000 and 0 <= y <= 5000) == vers_interieur


@pytest.mark.parametrize("mur", list(Mur))
def test_a_wall_without_shelves_shows_the_distance_kept(mur):
    arbre = dessin(replace(R4, murs_sans_rayonnage=((mur, 600),)))
    (trait,) = [noeud.attrib for noeud in arbre.iter(f"{SVG}line") if noeud.attrib.get("stroke-dasharray") == "80 60"]
    fixe = {Mur.NORD: ("y1", "600"), Mur.SUD: ("y1", "4400"), Mur.OUEST: ("x1", "600"), Mur.EST: ("x1", "7400")}[mur]
    assert trait[fixe[0]] == fixe[1]


def test_nothing_in_the_drawing_needs_a_style_sheet_or_a_script():
    texte = plan_svg(implanter(R5, W2))
    assert "style" not in texte
    assert "script" not in texte
