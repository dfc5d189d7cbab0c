"""Reading a BPU (bordereau des prix unitaires): bytes in, lines and faults out; nothing is written on a fault.

Prices in € HT a piece, up to four decimals; lengths become whole millimetres, weights whole grams.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.prix import Palier, controler_paliers
from groupement.socle.lecture_csv import ENTIER_MAX, Faute, Ligne, dans_l_ordre, lire_tableau, nombre_lu

OBLIGATOIRES = (*("lot", "reference", "designation", "unite", "conditionnement", "prix_unitaire_ht", "tva", "paliers"),)
FACULTATIVES = (
    *("dims", "poids_kg", "norme", "capacite_ml", "charge_kg_par_tablette", "type_element"),
    *("nb_tablettes", "feuillets_max"),
)
TAUX_DE_TVA = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal("2.1"), Decimal(0))
PRIX_MAX = Decimal(1_000_000)
ATTENDU_PRIX = "un prix supérieur à zéro, avec quatre décimales au plus, par exemple 1,74."
ATTENDU_TVA = "le taux de TVA est 20, 10, 5,5, 2,1 ou 0."
ATTENDU_PALIERS = "des paliers « seuil:prix » séparés par « | », par exemple 25:1,74|250:1,61."


@dataclass(frozen=True, slots=True)
class LigneBordereau:
    """An article of the BPU and its price tiers; `ligne` is its line in the file (in `feuille`). None: not given.

    `absentes`: the columns its table does not have; what they would say is left as it is in an article already known.
    """

    ligne: int
    lot: int
    reference: str
    designation: str
    unite: str
    unites_par_colis: int
    tva_pct: Decimal
    paliers: tuple[Palier, ...]
    dimensions: str
    poids_g: int | None
    norme: str
    capacite_mm: int | None
    charge_kg_par_tablette: int | None
    type_element: str
    nb_tablettes: int | None
    feuillets_max: int | None
    feuille: str = ""
    absentes: tuple[str, ...] = ()

    @property
    def prix_unitaire_ht(self) -> Decimal:
        """The base price: that of the first tier."""
        return self.paliers[0].prix_unitaire_ht

    @property
    def mesures_mm(self) -> tuple[int, ...]:
        """The measures written « 330x250x100 », in mm; empty when the dimensions are not numbers (« sur mesure »)."""
        if not re.fullmatch(r"\d+(x\d+)*", self.dimensions):
            return ()
        return tuple(int(mesure) for mesure in self.dimensions.split("x"))


@dataclass(frozen=True, slots=True)
class LectureBordereau:
    """The articles read, in file order, and every fault found; articles are to be used only without any fault."""

    lignes: tuple[LigneBordereau, ...]
    fautes: tuple[Faute, ...]


def lire_bordereau(contenu: bytes, lots: Collection[int]) -> LectureBordereau:
    """Read a BPU file (see `lecture_csv` for the encodings and separators understood).

    `lots`: the numbers of the lots the marché has. The columns after `paliers` may be absent. A reference may appear
    once in the file. An empty `paliers` cell means one tier, from the first pack on, at `prix_unitaire_ht`.
    """
    tableau = lire_tableau(contenu, OBLIGATOIRES, FACULTATIVES)
    presentes: set[str] = set().union(*(ligne.cellules for ligne in tableau.lignes))
    for ligne in tableau.lignes:
        ligne.absentes = tuple(nom for nom in FACULTATIVES if nom not in presentes)
    return assembler(tableau.lignes, tableau.fautes, lots)


def assembler(lues: Iterable[Ligne], fautes_du_fichier: Iterable[Faute], lots: Collection[int]) -> LectureBordereau:
    """The articles of lines whose cells bear the names of our columns; a reference may appear once."""
    fautes, lignes = list(fautes_du_fichier), []
    deja_vues: dict[str, LigneBordereau] = {}
    for ligne in lues:
        article = article_de_la_ligne(ligne, lots)
        premiere = deja_vues.setdefault(article.reference, article)
        if article.reference and premiere is not article:
            ligne.faute("reference", f"cette référence est déjà {_place(premiere, article.feuille)}.")
        fautes += ligne.fautes
        if ligne.est_correcte:
            lignes.append(article)
    return LectureBordereau(tuple(lignes), dans_l_ordre(fautes))


def _place(article: LigneBordereau, feuille: str) -> str:
    """Where a line is, seen from a sheet."""
    ici = article.feuille == feuille
    return f"à la ligne {article.ligne}" + ("" if ici else f" de la feuille «\u00a0{article.feuille}\u00a0»")


def article_de_la_ligne(ligne: Ligne, lots: Collection[int]) -> LigneBordereau:
    """The article of a line; the line notes what is wrong."""
    par_colis = ligne.entier("conditionnement", 1)
    return LigneBordereau(
        ligne=ligne.numero,
        lot=_lot(ligne, lots),
        reference=ligne.texte("reference", 50),
        designation=ligne.texte("designation", 300),
        unite=ligne.texte("unite", 20),
        unites_par_colis=par_colis,
        tva_pct=_tva(ligne),
        paliers=_paliers(ligne, par_colis, _prix(ligne)),
        dimensions=ligne.texte("dims", 60, obligatoire=False),
        poids_g=ligne.milliemes_ou_rien("poids_kg"),
        norme=ligne.texte("norme", 200, obligatoire=False),
        capacite_mm=ligne.milliemes_ou_rien("capacite_ml"),
        charge_kg_par_tablette=ligne.entier_ou_rien("charge_kg_par_tablette"),
        type_element=ligne.texte("type_element", 40, obligatoire=False),
        nb_tablettes=ligne.entier_ou_rien("nb_tablettes"),
        feuillets_max=ligne.entier_ou_rien("feuillets_max", 1),
        feuille=ligne.feuille,
        absentes=ligne.absentes,
    )


def _lot(ligne: Ligne, lots: Collection[int]) -> int:
    """The lot number, one of the marché's."""
    avant = len(ligne.fautes)
    lot = ligne.entier("lot", 1)
    if len(ligne.fautes) == avant and lot not in lots:
        connus = ", ".join(str(numero) for numero in sorted(lots)) or "aucun"
        ligne.faute("lot", f"ce lot n’existe pas dans le marché (lots\u00a0: {connus}).")
    return lot


def _prix(ligne: Ligne) -> Decimal:
    """The base price; 0 when it is faulty."""
    avant = len(ligne.fautes)
    prix = ligne.decimal("prix_unitaire_ht", ATTENDU_PRIX)
    if len(ligne.fautes) > avant:
        return Decimal(0)
    if controler_paliers([Palier(1, prix)]) or prix > PRIX_MAX:
        ligne.faute("prix_unitaire_ht", ATTENDU_PRIX)
        return Decimal(0)
    return prix


def _tva(ligne: Ligne) -> Decimal:
    """The VAT rate (%), one of those in force."""
    avant = len(ligne.fautes)
    taux = ligne.decimal("tva", ATTENDU_TVA)
    if len(ligne.fautes) == avant and taux not in TAUX_DE_TVA:
        ligne.faute("tva", ATTENDU_TVA)
    return taux


def _paliers(ligne: Ligne, par_colis: int, prix_de_base: Decimal) -> tuple[Palier, ...]:
    """The price tiers, the first being the base price; one tier from the first pack on when the cell is empty."""
    cellule = ligne.cellules.get("paliers", "")
    if not cellule:
        return (Palier(par_colis, prix_de_base),)
    paliers = [_palier(morceau) for morceau in cellule.split("|")]
    lus = tuple(palier for palier in paliers if palier)
    if len(lus) < len(paliers):
        ligne.faute("paliers", ATTENDU_PALIERS)
        return (Palier(par_colis, prix_de_base),)
    for faute in controler_paliers(lus, par_colis):
        ligne.faute("paliers", faute)
    if any(palier.prix_unitaire_ht > PRIX_MAX or palier.a_partir_de > ENTIER_MAX for palier in lus):
        ligne.faute("paliers", ATTENDU_PALIERS)
    if prix_de_base and lus[0].prix_unitaire_ht != prix_de_base:
        ligne.faute("paliers", "le premier palier est au prix de la colonne prix_unitaire_ht.")
    return lus


def _palier(morceau: str) -> Palier | None:
    """A tier written « 250:1,61 », None when it cannot be read."""
    seuil, _, prix = morceau.partition(":")
    unites, prix_lu = nombre_lu(seuil.strip()), nombre_lu(prix.strip())
    if unites is None or prix_lu is None or unites != unites.to_integral_value():
        return None
    return Palier(int(unites), prix_lu)
