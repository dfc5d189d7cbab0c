"""Strict reading of a JSON document: every fault collected, each a French line that names the key.

Numbers keep every digit typed (`Decimal`, never a float).
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from groupement.etats_des_lieux.rules.ecriture import enumeration
from groupement.etats_des_lieux.rules.metres_lineaires import mm_depuis_ml
from groupement.socle.nombres import ESPACE_INSECABLE, entier_fr

DEUX_POINTS = f"{ESPACE_INSECABLE}: "
ABSENT: object = object()  # unlike None, which a document may contain
NOMBRE_ECRIT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
DEMI_CARACTERE = re.compile("[\ud800-\udfff]")  # half of a pair, written as an escape in JSON: no file can hold it
ENTIER_MAX = 1_000_000_000


class DocumentRefuse(ValueError):
    """A document that cannot be used; `fautes` holds one French line per fault, in the order of the document."""

    def __init__(self, fautes: Iterable[str]) -> None:
        """Keep the lines; the message joins them."""
        self.fautes = tuple(fautes)
        super().__init__("\n".join(self.fautes))


def charger_json(octets: bytes) -> object:
    """The JSON value in `octets` (UTF-8, BOM allowed), its numbers as int or Decimal.

    Raises DocumentRefuse for another encoding, a syntax error (with its line), a key given twice, NaN or Infinity.
    """
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentRefuse(["Le fichier n’est pas en UTF-8, enregistrez-le dans cet encodage."]) from None
    try:
        return json.loads(
            texte, parse_float=_decimal, parse_constant=_constante, object_pairs_hook=_objet, parse_int=_entier
        )
    except json.JSONDecodeError as erreur:
        lieu = f"ligne {erreur.lineno}, colonne {erreur.colno}"
        raise DocumentRefuse([f"Le fichier n’est pas un document JSON lisible ({lieu})."]) from None
    except RecursionError:
        raise DocumentRefuse(["Le document JSON est imbriqué trop profondément."]) from None


def _decimal(texte: str) -> Decimal:
    """A JSON number with a point or an exponent, every digit kept."""
    try:
        return Decimal(texte)
    except InvalidOperation:
        raise DocumentRefuse([f"{texte}{DEUX_POINTS}nombre trop grand."]) from None


def _entier(texte: str) -> int:
    """A JSON whole number; one longer than thirty digits is a typing error."""
    if len(texte) > 30:
        raise DocumentRefuse([f"{texte[:12]}…{DEUX_POINTS}nombre trop grand."])
    return int(texte)


def _constante(texte: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    raise DocumentRefuse([f"{texte}{DEUX_POINTS}ce n’est pas un nombre."])


def _objet(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are each given once."""
    objet = dict(paires)
    if len(objet) != len(paires):
        cles = [cle for cle, _ in paires]
        double = next(cle for cle in cles if cles.count(cle) > 1)
        raise DocumentRefuse([f"{double}{DEUX_POINTS}clé donnée deux fois, gardez-en une."])
    return objet


def montrer(valeur: object) -> str:
    """A value as its author wrote it, cut when long, to be quoted in a fault."""
    if isinstance(valeur, Mapping | list):
        return "{ … }" if isinstance(valeur, Mapping) else "[ … ]"
    texte = str(valeur) if isinstance(valeur, Decimal) else json.dumps(valeur, ensure_ascii=False)
    return texte if len(texte) <= 40 else f"{texte[:40]}…"


class Lecteur:
    """Reads the values of one JSON object at `chemin`; faults go to `fautes`, shared by the whole document.

    A missing or wrong value gives a harmless one (the least allowed) and a fault, so that the reading goes on to the
    end: a document with a fault is never used.
    """

    def __init__(self, objet: Mapping[str, object], chemin: str, fautes: list[str]) -> None:
        """Start on `objet`; `chemin` is empty for the document itself."""
        self.objet, self.chemin, self.fautes = objet, chemin, fautes

    def faute(self, cle: str, phrase: str) -> None:
        """Note what is wrong with `cle`; an empty key speaks of the object itself."""
        self.fautes.append(f"{self._lieu(cle)}{DEUX_POINTS}{phrase}")

    def controler_cles(self, obligatoires: Iterable[str], facultatives: Iterable[str] = ()) -> None:
        """Refuse a key nobody knows, and an obligatory one left out."""
        attendues = list(obligatoires)
        connues = [*attendues, *facultatives]
        for cle in self.objet:
            if cle not in connues:
                self.faute(cle, f"clé inconnue, les clés possibles sont {enumeration(connues)}.")
        for cle in attendues:
            if cle not in self.objet:
                self.faute(cle, "clé absente, ajoutez-la.")

    def texte(self, cle: str) -> str:
        """A text that is not blank, without its outer spaces."""
        valeur = self.objet.get(cle, ABSENT)
        if isinstance(valeur, str) and valeur.strip() and not DEMI_CARACTERE.search(valeur):
            return valeur.strip()
        self._refuser(cle, valeur, "un texte non vide est attendu")
        return ""

    def entier(self, cle: str, minimum: int = 0, maximum: int = ENTIER_MAX) -> int:
        """A whole JSON number between the two bounds, included."""
        return self._entier(cle, self.objet.get(cle, ABSENT), minimum, maximum)

    def entiers(self, cle: str, minimum: int = 0, maximum: int = ENTIER_MAX) -> tuple[int, ...]:
        """A list, not empty, of whole JSON numbers between the two bounds, included."""
        valeurs = self.objet.get(cle, ABSENT)
        if isinstance(valeurs, list) and valeurs:
            return tuple(self._entier(f"{cle}[{i}]", valeur, minimum, maximum) for i, valeur in enumerate(valeurs))
        self._refuser(cle, valeurs, "une liste d’au moins un nombre entier est attendue")
        return (minimum,)

    def decimal(self, cle: str) -> Decimal | None:
        """A number, written as a JSON number or as a text with a point ("1.20"); None and a fault when it is not."""
        valeur = self.objet.get(cle, ABSENT)
        if isinstance(valeur, str) and NOMBRE_ECRIT.fullmatch(valeur.strip()):
            return Decimal(valeur.strip())
        if isinstance(valeur, int | Decimal) and not isinstance(valeur, bool):
            return Decimal(valeur)
        self._refuser(cle, valeur, 'un nombre avec un point est attendu, comme "1.20"')
        return None

    def longueur_mm(self, cle: str, minimum_mm: int = 0) -> int:
        """A length given in metres (ml), in whole mm; at least `minimum_mm`."""
        metres = self.decimal(cle)
        if metres is None:
            return minimum_mm
        try:
            longueur_mm = mm_depuis_ml(metres)
        except ValueError as erreur:
            self.faute(cle, f"{montrer(metres)} ne convient pas, {erreur}.")
            return minimum_mm
        if longueur_mm < minimum_mm:
            attendu = "plus de zéro" if minimum_mm else "zéro ou plus"
            self._refuser(cle, metres, f"indiquez {attendu}, en mètres")
        return max(longueur_mm, minimum_mm)

    def objets(self, cle: str) -> list["Lecteur"]:
        """A reader for each object of a list; what is not an object is a fault."""
        valeurs = self.objet.get(cle, ABSENT)
        if not isinstance(valeurs, list):
            self._refuser(cle, valeurs, "une liste est attendue")
            return []
        for rang, valeur in enumerate(valeurs):
            if not isinstance(valeur, Mapping):
                self._refuser(f"{cle}[{rang}]", valeur, "un objet { … } est attendu")
        return [
            Lecteur(valeur, self._lieu(f"{cle}[{rang}]"), self.fautes)
            for rang, valeur in enumerate(valeurs)
            if isinstance(valeur, Mapping)
        ]

    def _entier(self, cle: str, valeur: object, minimum: int, maximum: int) -> int:
        """One whole number."""
        if isinstance(valeur, int) and not isinstance(valeur, bool) and minimum <= valeur <= maximum:
            return valeur
        bornes = f"{minimum} ou plus" if maximum == ENTIER_MAX else f"de {minimum} à {entier_fr(maximum)}"
        self._refuser(cle, valeur, f"un nombre entier, {bornes}, est attendu")
        return minimum

    def _refuser(self, cle: str, valeur: object, attente: str) -> None:
        """Note a wrong value; an absent key has already been named by `controler_cles`."""
        if valeur is not ABSENT:
            self.faute(cle, f"{montrer(valeur)} ne convient pas, {attente}.")

    def _lieu(self, cle: str) -> str:
        """The path of a key of this object, such as « mesures[2].forme »."""
        return ".".join(partie for partie in (self.chemin, cle) if partie) or "document"
