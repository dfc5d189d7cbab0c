"""The document of `groupement implantation`: strict reading of a room, exact writing of its plan.

The keys are fixed (docs/implantation.md). Lengths of the room are whole mm; `besoin_ml` is metres, a text with a point
or a JSON number. Lengths and loads leave as texts, counts as whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from groupement.etats_des_lieux.rules.charges import avertissements, charges, ml_par_m2
from groupement.etats_des_lieux.rules.ecriture import enumeration
from groupement.etats_des_lieux.rules.implantation import Implantation
from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse, Lecteur, montrer
from groupement.etats_des_lieux.rules.metres_lineaires import arrondi_entier
from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Porte, Rectangle, Salle

CLES_OBLIGATOIRES = ("x_mm", "y_mm")
CLES_FACULTATIVES = (
    *("plafond_mm", "portes", "obstacles", "murs_sans_rayonnage", "charge_admissible_kg_m2", "besoin_ml"),
    "parametres",
)
BORNES_DES_PARAMETRES = {  # least, most
    "allee_mm": (600, 5_000),
    "allee_principale_mm": (600, 5_000),
    "recul_mm": (0, 2_000),
    "profondeur_mm": (200, 1_000),
    "montant_mm": (0, 200),
    "niveaux": (1, 12),
    "kg_par_ml": (1, 1_000),
}
COTE_MAX_MM = 60_000
OBSTACLES_MAX, PORTES_MAX = 40, 20
LARGEUR_TRAVEE_MIN_MM, LARGEUR_TRAVEE_MAX_MM, LARGEURS_MAX = 600, 2_000, 6
OUVERTURES = {"interieur": True, "exterieur": False}


@dataclass(frozen=True)
class Demande:
    """What is asked: a room, how to draw it, and the shelf that would be enough (mm), or None for the most."""

    salle: Salle
    parametres: Parametres
    besoin_mm: int | None


def lire_implantation(document: object) -> Demande:
    """The room in `document` (a JSON value, see `charger_json`).

    Raises DocumentRefuse with every fault: unknown or missing key, wrong type, a door wider than its wall, an obstacle
    inside out or out of the room, a value out of its bounds.
    """
    if not isinstance(document, Mapping):
        raise DocumentRefuse([f"document\u00a0: {montrer(document)} ne convient pas, un objet {{ … }} est attendu."])
    lecteur = Lecteur(document, "", [])
    lecteur.controler_cles(CLES_OBLIGATOIRES, CLES_FACULTATIVES)
    x_mm, y_mm = lecteur.entier("x_mm", 1, COTE_MAX_MM), lecteur.entier("y_mm", 1, COTE_MAX_MM)
    salle = Salle(
        x_mm,
        y_mm,
        plafond_mm=_entier_ou_rien(lecteur, "plafond_mm", 1, 20_000),
        portes=tuple(_porte(ligne, x_mm, y_mm) for ligne in _liste(lecteur, "portes", PORTES_MAX)),
        obstacles=tuple(_obstacle(ligne, x_mm, y_mm) for ligne in _liste(lecteur, "obstacles", OBSTACLES_MAX)),
        murs_sans_rayonnage=_murs(lecteur),
        charge_admissible_kg_m2=_entier_ou_rien(lecteur, "charge_admissible_kg_m2", 0, 100_000),
    )
    besoin_mm = lecteur.longueur_mm("besoin_ml") if document.get("besoin_ml") is not None else None
    parametres = _parametres(lecteur)
    if lecteur.fautes:
        raise DocumentRefuse(lecteur.fautes)
    return Demande(salle, parametres, besoin_mm)


def vers_json(plan: Implantation, besoin_mm: int | None = None) -> dict[str, Any]:
    """The plan as the command prints it: metres with at least one decimal, loads with one, counts as whole numbers."""
    portees = charges(plan)
    return {
        "metres_lineaires": _metres(plan.metres_lineaires),
        "ml_par_m2": str(ml_par_m2(plan)),
        "travees": plan.travees,
        "departs": plan.departs,
        "suivants": plan.suivants,
        "rangs": [
            {
                "x0_mm": rang.rectangle.x0,
                "y0_mm": rang.rectangle.y0,
                "x1_mm": rang.rectangle.x1,
                "y1_mm": rang.rectangle.y1,
                "faces": rang.faces,
                "largeurs_mm": list(rang.largeurs_mm),
            }
            for rang in plan.rangs
        ],
        "charge_tablette_kg": _au_dixieme(portees.tablette_kg),
        "charge_emprise_kg_m2": _au_dixieme(portees.emprise_kg_m2),
        "charge_moyenne_kg_m2": _au_dixieme(portees.moyenne_kg_m2),
        "avertissements": list(avertissements(plan, besoin_mm)),
    }


def _metres(metres: Decimal) -> str:
    """Metres with one decimal, and up to three when they are needed."""
    entier, _, decimales = str(metres).partition(".")
    return f"{entier}.{decimales.rstrip('0') or '0'}"


def _au_dixieme(valeur: Fraction) -> str:
    """A load with one decimal, halves up."""
    return str(Decimal(arrondi_entier(valeur * 10)).scaleb(-1))


def _entier_ou_rien(lecteur: Lecteur, cle: str, minimum: int, maximum: int) -> int | None:
    """A whole number, or None when the key is absent or null."""
    return None if lecteur.objet.get(cle) is None else lecteur.entier(cle, minimum, maximum)


def _liste(lecteur: Lecteur, cle: str, maximum: int) -> list[Lecteur]:
    """The objects of an optional list, not too many of them."""
    lignes = lecteur.objets(cle)
    if len(lignes) > maximum:
        lecteur.faute(cle, f"{len(lignes)} éléments, {maximum} au plus sont possibles.")
        return []
    return lignes


def _choix(ligne: Lecteur, cle: str, possibles: list[str]) -> str:
    """One word among those possible; the first of them with a fault otherwise."""
    mot = ligne.texte(cle)
    if mot and mot not in possibles:
        ligne.faute(cle, f"{montrer(mot)} ne convient pas, choisissez parmi {enumeration(possibles)}.")
    return mot if mot in possibles else possibles[0]


def _porte(ligne: Lecteur, x_mm: int, y_mm: int) -> Porte:
    """A door that stands within its wall."""
    avant = len(ligne.fautes)
    ligne.controler_cles(("mur", "decalage_mm", "largeur_mm", "ouverture"))
    porte = Porte(
        Mur(_choix(ligne, "mur", list(Mur))),
        ligne.entier("decalage_mm", 0, COTE_MAX_MM),
        ligne.entier("largeur_mm", 300, 5_000),
        OUVERTURES[_choix(ligne, "ouverture", list(OUVERTURES))],
    )
    longueur = x_mm if porte.mur in {Mur.NORD, Mur.SUD} else y_mm
    if len(ligne.fautes) == avant and porte.decalage_mm + porte.largeur_mm > longueur:
        ligne.faute("", f"la porte sort du mur {porte.mur}, long de {longueur} mm.")
    return porte


def _obstacle(ligne: Lecteur, x_mm: int, y_mm: int) -> Rectangle:
    """An obstacle that stands within the room."""
    avant = len(ligne.fautes)
    cles = ("x0_mm", "y0_mm", "x1_mm", "y1_mm")
    ligne.controler_cles(cles)
    x0, y0, x1, y1 = (ligne.entier(cle, 0, COTE_MAX_MM) for cle in cles)
    if len(ligne.fautes) == avant and not (x0 < x1 <= x_mm and y0 < y1 <= y_mm):
        ligne.faute("", f"un obstacle va de x0 à x1 et de y0 à y1, dans la salle ({x_mm} × {y_mm} mm).")
    return Rectangle(x0, y0, x1, y1)


def _murs(lecteur: Lecteur) -> tuple[tuple[Mur, int], ...]:
    """The walls that take no shelf, each once, with the distance to keep."""
    murs: dict[Mur, int] = {}
    for ligne in lecteur.objets("murs_sans_rayonnage"):
        ligne.controler_cles(("mur", "recul_mm"))
        mur, recul_mm = Mur(_choix(ligne, "mur", list(Mur))), ligne.entier("recul_mm", 0, COTE_MAX_MM)
        if mur in murs:
            ligne.faute("mur", f"le mur {mur} est donné deux fois, gardez-en un.")
        murs[mur] = recul_mm
    return tuple(murs.items())


def _parametres(lecteur: Lecteur) -> Parametres:
    """What the plan is drawn with; a key left out keeps its default."""
    valeur = lecteur.objet.get("parametres", {})
    if not isinstance(valeur, Mapping):
        lecteur.faute("parametres", f"{montrer(valeur)} ne convient pas, un objet {{ … }} est attendu.")
        return Parametres()
    ligne = Lecteur(valeur, "parametres", lecteur.fautes)
    ligne.controler_cles((), (*BORNES_DES_PARAMETRES, "largeurs_mm"))
    choisis: dict[str, Any] = {
        cle: ligne.entier(cle, *bornes)
        for cle, bornes in BORNES_DES_PARAMETRES.items()
        if cle in valeur and not (cle == "allee_principale_mm" and valeur[cle] is None)
    }
    if "largeurs_mm" in valeur:
        largeurs = ligne.entiers("largeurs_mm", LARGEUR_TRAVEE_MIN_MM, LARGEUR_TRAVEE_MAX_MM)
        choisis["largeurs_mm"] = tuple(sorted(set(largeurs)))
        if len(choisis["largeurs_mm"]) > LARGEURS_MAX:
            ligne.faute("largeurs_mm", f"{LARGEURS_MAX} largeurs différentes au plus sont possibles.")
    return Parametres(**choisis)
