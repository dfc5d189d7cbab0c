"""Cells of a BPU as suppliers write them, in the words of our own format: « 1 234,50 € », « le cent », « 33 x 25 cm ».

Each function gives back the text it was given when it is not sure: the reader then refuses the cell, and shows it.
"""

import re
from decimal import Decimal
from functools import lru_cache

from groupement.catalogue.rules.familles import FAMILLES
from groupement.catalogue.rules.recherche import normaliser
from groupement.catalogue.rules.unites import UNITES
from groupement.socle.lecture_csv import nombre_lu

SOUVENIRS = 4096  # the same words come back on thousands of lines
FAMILLES_PAR_NOM = {normaliser(famille.libelle): cle for cle, famille in FAMILLES.items()}
MONNAIE = re.compile(r"€|\beuros?\b|\beur\b|\bh\.?\s?t\.?(?=\s|$)", re.IGNORECASE)
MILLIERS_POINT = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")  # 1.234,50
MILLIERS_VIRGULE = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")  # 1,234.50
RIEN = frozenset(
    {"-", "–", "—", "/", "néant", "neant", "sans objet", "s/o", "so", "n/a", "na", "nc", "aucun", "aucune"}
)
PAR_COMBIEN = re.compile(
    r"(?:(?:vendus? )?(?:par|les|x|×)|(?:lot|paquet|pack|bo[iî]te|carton|colis|sachet|liasse|ramette|[eé]tui)s? de)"
    r"\s*([0-9]{1,3}(?:\s[0-9]{3})+|[0-9]+)(?:\s*\w+)?",
    re.IGNORECASE,
)
COMBIEN_EN_MOTS = {
    "cent": 100,
    "centaine": 100,
    "cents": 100,
    "mille": 1000,
    "millier": 1000,
    "dizaine": 10,
    "douzaine": 12,
}
SYNONYMES_D_UNITE = {
    **{
        nom: "piece"
        for nom in ("u", "un", "unite", "unites", "pce", "pc", "pcs", "pieces", "ex", "exemplaire", "article")
    },
    **{nom: "metre" for nom in ("m", "ml", "metre lineaire", "metres")},
    **{nom: "forfait" for nom in ("ft", "fft", "ens", "ensemble")},
}
COTES = re.compile(
    r"([0-9]+(?:[.,][0-9]+)?)\s*(?:[xX×*]\s*([0-9]+(?:[.,][0-9]+)?)\s*)(?:[xX×*]\s*([0-9]+(?:[.,][0-9]+)?)\s*)?(mm|cm)?"
)
SEUL_NOMBRE = re.compile(r"[^0-9]*?([0-9]{1,3}(?:\s[0-9]{3})+|[0-9]+)[^0-9]*")


def nombre_ecrit(texte: str) -> str:
    """A price or a quantity without its currency and with one decimal comma: « 1.234,50 € » gives « 1234,50 »."""
    sans_monnaie = MONNAIE.sub("", texte).strip()
    serre = re.sub(r"\s", "", sans_monnaie)
    if MILLIERS_POINT.fullmatch(serre):
        return serre.replace(".", "")
    if MILLIERS_VIRGULE.fullmatch(serre):
        return serre.replace(",", "").replace(".", ",")
    return sans_monnaie if nombre_lu(sans_monnaie) is not None else texte


@lru_cache(SOUVENIRS)
def taux_ecrit(texte: str) -> str:
    """A rate without its sign: « 20 % » gives « 20 »."""
    taux = texte.replace("%", " ").strip()
    return taux if nombre_lu(taux) is not None else texte


@lru_cache(SOUVENIRS)
def mesure_ecrite(texte: str, unite: str, sous_unite: str) -> str:
    """A weight in kg or a length in m, written with its unit or not: « 260 g » gives « 0,26 », « 0,26 kg » too."""
    brut = texte.strip().lower()
    for fin, diviseur in ((unite, 1), (sous_unite, 1000 if sous_unite in ("g", "mm") else 100)):
        if fin and brut.endswith(fin):
            nombre = nombre_lu(brut[: -len(fin)].strip())
            return texte if nombre is None else f"{nombre / diviseur:f}"
    return nombre_ecrit(texte)


@lru_cache(SOUVENIRS)
def lot_ecrit(texte: str) -> str:
    """The number of a lot: « Lot n° 2 » gives « 2 »."""
    trouve = re.fullmatch(r"\s*lot\s*(?:n\s*[°ºo]?\.?\s*)?0*([0-9]+)(?:\b.*)?", texte, re.IGNORECASE)
    return trouve.group(1) if trouve else texte


@lru_cache(SOUVENIRS)
def par_combien(unite: str) -> int:
    """How many pieces a selling unit holds: « le cent » 100, « par 25 » 25; 1 for any other."""
    mots = normaliser(unite).split()
    en_mots = [COMBIEN_EN_MOTS[mot] for mot in mots if mot in COMBIEN_EN_MOTS]
    if len(en_mots) == 1 and len(mots) <= 3:
        return en_mots[0]
    trouve = PAR_COMBIEN.fullmatch(unite.strip())
    return max(int(re.sub(r"\s", "", trouve.group(1))), 1) if trouve else 1


@lru_cache(SOUVENIRS)
def unite_ecrite(texte: str) -> str:
    """The unit among those we know: « U », « pièces », « à l’unité » give « piece »; another stays as it is."""
    if par_combien(texte) > 1:
        return "piece"
    nom = re.sub(r"^(?:a )?(?:la|le|l|par) ", "", normaliser(texte))
    if nom in SYNONYMES_D_UNITE:
        return SYNONYMES_D_UNITE[nom]
    for cle in (nom, nom.removesuffix("s"), nom.removesuffix("x")):
        if cle in UNITES:
            return cle
    return texte


@lru_cache(SOUVENIRS)
def conditionnement_ecrit(texte: str) -> str:
    """The one whole number of a text: « colis de 25 boîtes » gives « 25 »."""
    if nombre_lu(texte) is not None:
        return texte
    if re.search(r"[0-9][.,][0-9]|-\s*[0-9]", texte):
        return texte
    trouve = SEUL_NOMBRE.fullmatch(texte)
    en_mots = par_combien(texte)
    return trouve.group(1) if trouve else str(en_mots) if en_mots > 1 else texte


@lru_cache(SOUVENIRS)
def dimensions_ecrites(texte: str, titre: str = "") -> str:
    """Sides in millimetres: « 33 x 25 x 10 cm » gives « 330x250x100 »; anything else stays as it is."""
    trouve = COTES.fullmatch(texte.strip())
    if trouve is None:
        return texte
    *cotes, unite = trouve.groups()
    fois = 10 if (unite or ("cm" if re.search(r"\bcm\b", titre.lower()) else "mm")) == "cm" else 1
    millimetres = [Decimal(cote.replace(",", ".")) * fois for cote in cotes if cote]
    if any(cote != cote.to_integral_value() for cote in millimetres):
        return texte
    return "x".join(str(int(cote)) for cote in millimetres)


@lru_cache(SOUVENIRS)
def famille_ecrite(texte: str) -> str:
    """The key of a family we know, by its key or its name; another stays as it is."""
    nom = normaliser(texte)
    return FAMILLES_PAR_NOM.get(nom) or (nom.replace(" ", "_") if nom.replace(" ", "_") in FAMILLES else texte)


def rien_d_ecrit(texte: str) -> str:
    """An empty cell for those people fill with a dash or « sans objet »."""
    return "" if texte.strip().lower() in RIEN else texte
