"""How long a BPU of many lines takes to load, from the file to the committed prices, against a bare executemany.

Run: python -m benchmarks.bordereau [--lignes 10000]

Three loadings through the worker's own functions: the first BPU (all new) from XLSX in a supplier's columns, the same
in CSV with every price changed, and the bare insertion of the same articles, prices and tiers by the DB-API. Prints
seconds by step, statements, and the ratio of the writing to the bare executemany. Figure to reach for 10 000 lines:
≤ 10 s from file to commit. SQLite always; PostgreSQL when `TEST_DATABASE_URL` gives one, or its programs are here.
"""

import argparse
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import perf_counter, process_time
from typing import Any

from flask_migrate import upgrade
from openpyxl import Workbook
from sqlalchemy import event

from benchmarks.regroupement import postgresql
from groupement.app import create_app
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.actions.imports_de_bordereau import Choix
from groupement.catalogue.models import Marche
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue

TITRES = ("Réf.", "Désignation", "Unité", "Colisage", "de 1 à 499", "≥ 500", "≥ 2 000", "TVA", "Dimensions", "Norme")


def lignes(combien: int, hausse: int = 0) -> Iterator[tuple[Any, ...]]:
    """The lines of a supplier: text prices here and there, as people have them."""
    for n in range(combien):
        prix = 174 + n % 90 + hausse
        cellules = [f"REF-{n:06}", f"Boîte de conservation modèle {n}", "U", "par 25", f"{prix / 100:.2f} €"]
        cellules += [f"{(prix - 5) / 100:.2f}".replace(".", ","), f"{(prix - 9) / 100:.2f}".replace(".", ",")]
        yield (*cellules, "20 %", "330 x 250 x 100 mm", "ISO 16245-A")


def en_xlsx(combien: int) -> bytes:
    """A workbook with a title above its table."""
    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet("Lot 1")
    feuille.append(["Bordereau des prix unitaires"])
    feuille.append([])
    feuille.append(TITRES)
    for ligne in lignes(combien):
        feuille.append(ligne)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def en_csv(combien: int) -> bytes:
    """The same table, ten centimes dearer."""
    rangees = ["Lot n° 1", ";".join(TITRES), *(";".join(map(str, ligne)) for ligne in lignes(combien, 10))]
    return "\n".join(rangees).encode("utf-8-sig")


@contextmanager
def instructions() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    envoyees: list[str] = []

    def noter(_c: Any, _k: Any, instruction: str, *_reste: Any) -> None:
        envoyees.append(instruction)

    event.listen(db.engine, "before_cursor_execute", noter)
    try:
        yield envoyees
    finally:
        event.remove(db.engine, "before_cursor_execute", noter)


def charger(marche: Marche, nom: str, contenu: bytes, du: date) -> tuple[dict[str, float], int]:
    """One BPU, from its file to its committed prices; seconds by step, and statements of the writing."""
    temps, depart = {}, perf_counter()
    depot = imports.deposer_bordereau(marche, nom, contenu, du=du, par=AUTOMATE, le=maintenant())
    db.session.commit()
    if depot.tables is None:
        imports.avancer(depot, le=maintenant(), publier=db.session.commit)
    db.session.commit()
    temps["lire le fichier"] = perf_counter() - depart
    depart = perf_counter()
    tables = imports.tables_lues(depot)
    dite, _ = imports.lecture_proposee(marche, tables)
    examen = imports.examiner(depot, dite, tables)
    assert examen.comparaison is not None, examen.lecture.fautes[:3]
    imports.retenir_la_lecture(depot, dite, tables, par=AUTOMATE, le=maintenant())
    db.session.commit()
    temps["analyser et comparer"] = perf_counter() - depart
    depart = perf_counter()
    with instructions() as envoyees:
        imports.confirmer(depot, Choix(examen.comparaison.empreinte), par=AUTOMATE, le=maintenant())
        db.session.commit()
        if depot.bilan is None:
            imports.avancer(depot, le=maintenant(), publier=db.session.commit)
        db.session.commit()
    temps["relire et enregistrer"] = perf_counter() - depart
    return temps, len(envoyees)


def inserer_a_nu(combien: int) -> float:
    """The same rows by the driver alone, in a table of their own each; seconds."""
    place = "%s" if db.engine.dialect.name == "postgresql" else "?"
    tables = {
        "nu_article": [
            (n, 1, f"REF-{n:06}", f"Boîte {n}", "boite conservation modele " * 4, 25, 2000) for n in range(combien)
        ],
        "nu_prix": [(n, n, "2026-01-01") for n in range(combien)],
        "nu_palier": [(n * 3 + p, n, 25 * (p + 1), 17400 - p) for n in range(combien) for p in range(3)],
    }
    depart = perf_counter()
    connexion = db.engine.raw_connection()
    curseur = connexion.cursor()
    for nom, rangees in tables.items():
        colonnes = ", ".join(f"c{i} {'text' if isinstance(v, str) else 'bigint'}" for i, v in enumerate(rangees[0]))
        curseur.execute(f"CREATE TABLE {nom} ({colonnes})")
        curseur.executemany(f"INSERT INTO {nom} VALUES ({', '.join([place] * len(rangees[0]))})", rangees)
    connexion.commit()
    connexion.close()
    return perf_counter() - depart


def mesurer(adresse: str, combien: int) -> None:
    """The three loadings on one database."""
    with tempfile.TemporaryDirectory(prefix="banc-") as dossier:
        reglages = {"GROUPEMENT_MODE": "demonstration", "GROUPEMENT_INSTANCE": dossier}
        uri = adresse or f"sqlite:///{dossier}/banc.sqlite"
        application = create_app(reglages | {"SQLALCHEMY_DATABASE_URI": uri})
        with application.app_context():
            upgrade()
            marche = catalogue.marche(lots=1)
            db.session.commit()
            print(f"{db.engine.dialect.name} : {combien} lignes")
            fichiers = (
                ("bpu.xlsx", en_xlsx(combien), date(2026, 2, 1)),
                ("bpu.csv", en_csv(combien), date(2026, 9, 1)),
            )
            for nom, contenu, du in fichiers:
                calcul = process_time()
                temps, nombre = charger(marche, nom, contenu, du)
                calcul = process_time() - calcul
                etapes = ", ".join(f"{etape} {secondes:.2f} s" for etape, secondes in temps.items())
                print(f"  {nom} ({len(contenu) // 1024} Kio) : {etapes}")
                print(
                    f"    en tout {sum(temps.values()):.2f} s, dont processeur {calcul:.2f} s ; "
                    f"{nombre} instructions pour relire et enregistrer"
                )
            nu = inserer_a_nu(combien)
            rapport = temps["relire et enregistrer"] / nu
            print(
                f"  executemany nu d’autant de lignes : {nu:.2f} s ; relire et enregistrer fait {rapport:.1f} fois cela"
            )
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    """Read the options, print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lignes", type=int, default=10_000)
    choix = options.parse_args()
    mesurer("", choix.lignes)
    with postgresql() as uri:
        if uri:
            mesurer(uri, choix.lignes)
        else:
            print("postgresql : introuvable, non mesuré")


if __name__ == "__main__":
    main()
