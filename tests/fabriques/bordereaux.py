"""Files of prices as suppliers send them, made on the spot, and BPU being loaded."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook

from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.models import ImportBordereau, Marche
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE

TITRES = ("Réf.", "Désignation", "Unité", "Colisage", "de 1 à 499", "≥ 500", "TVA", "Dimensions (cm)", "Norme")
BOITE = ("CAU-10", "Boîte Cauchard dos 10 cm", "U", "par 25", "1,74 €", 1.61, "20 %", "33 x 25 x 10", "ISO 16245-A")
GRANDE = ("CAU-15", "Boîte Cauchard dos 15 cm", "pièce", 25, "2,12 €", None, "20 %", "33 x 25 x 15", None)
CHEMISE = ("CHE-120", "Chemise papier permanent", "le cent", "par 100", "12,50 €", 11.25, 20, None, "ISO 9706")
RAYON = ("RAY-100", "Rayonnage départ", "travée", 1, "1 234,50 €", None, "20 %", "106 x 35 x 220", None)

Ligne = Sequence[Any]


def classeur_xlsx(feuilles: Mapping[str, Iterable[Ligne]], fusions: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook of these sheets."""
    classeur = Workbook()
    classeur.remove(classeur.active)
    for nom, lignes in feuilles.items():
        feuille = classeur.create_sheet(nom)
        for ligne in lignes:
            feuille.append(list(ligne))
        for etendue in (fusions or {}).get(nom, ()):
            feuille.merge_cells(etendue)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def bordereau_de_fournisseur() -> bytes:
    """Two lots, a sheet each: titles above, sections, an empty line, a total, a price « le cent »."""
    return classeur_xlsx(
        {
            "Lot 1": [
                ["CARTONNAGES DE LA LYS (fictif)"],
                ["Bordereau des prix unitaires – Lot n° 1 : boîtes et conditionnement"],
                [],
                TITRES,
                ["1. Boîtes"],
                BOITE,
                GRANDE,
                [],
                ["2. Chemises"],
                CHEMISE,
                ["TOTAL", None, None, None, 16.36, None, None, None, None],
            ],
            "Lot 2 rayonnages": [TITRES, RAYON],
        },
        {"Lot 1": ["A1:I1", "A2:I2"]},
    )


def avec_parties(contenu: bytes, parties: Mapping[str, bytes]) -> bytes:
    """The same archive with parts added or replaced."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as avant, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as apres:
        for nom in avant.namelist():
            if nom not in parties:
                apres.writestr(nom, avant.read(nom))
        for nom, octets in parties.items():
            apres.writestr(nom, octets)
    return sortie.getvalue()


def import_en_cours(marche: Marche, le: datetime, contenu: bytes | None = None, *, lu: bool = False) -> ImportBordereau:
    """A supplier's file chosen by the buyer; `lu`: its columns are told too. It never goes out of date."""
    depot = imports.deposer_bordereau(
        marche, "bpu.xlsx", contenu or bordereau_de_fournisseur(), du=date(2026, 12, 1), par=AUTOMATE, le=le
    )
    depot.expire_le = le + timedelta(days=10_000)
    if lu:
        tables = imports.tables_lues(depot)
        dite, _ = imports.lecture_proposee(marche, tables)
        imports.retenir_la_lecture(depot, dite, tables, par=AUTOMATE, le=le)
    db.session.flush()
    return depot
