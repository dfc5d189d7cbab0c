"""A backup that does not depend on the database engine: one ZIP, one file of JSON lines a table, a manifest.

Restoring is all or nothing, and may go from SQLite to PostgreSQL or back. Values JSON does not know are tagged:
`$n` number, `$d` day, `$m` moment, `$o` bytes, `$j` a JSON column.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Row, Table, func, insert, select, text

from groupement.socle import immuable
from groupement.socle.db import Base
from groupement.socle.etats import RegleRefusee

FORMAT = "groupement-1"
PAQUET = 1000


class ArchiveIllisible(RegleRefusee):
    """The file is not a backup, or not of this version, or was altered."""


def _tables() -> list[Table]:
    """Every table, those referred to first."""
    return list(Base.metadata.sorted_tables)


def _coder(valeur: Any, est_json: bool) -> Any:
    """A value as JSON."""
    if valeur is None or (isinstance(valeur, str | bool | int) and not est_json):
        return valeur
    if est_json or isinstance(valeur, list):
        return {"$j": valeur}
    if isinstance(valeur, Decimal):
        return {"$n": str(valeur)}
    if isinstance(valeur, datetime):
        return {"$m": valeur.isoformat()}
    if isinstance(valeur, date):
        return {"$d": valeur.isoformat()}
    return {"$o": base64.b64encode(valeur).decode("ascii")}


DECODEURS: dict[str, Callable[[Any], Any]] = {
    "$n": Decimal,
    "$m": datetime.fromisoformat,
    "$d": date.fromisoformat,
    "$o": base64.b64decode,
    "$j": lambda valeur: valeur,
}


def _decoder(valeur: Any) -> Any:
    """A value from JSON."""
    if isinstance(valeur, dict):
        ((marque, contenu),) = valeur.items()
        return DECODEURS[marque](contenu)
    return valeur


def version_du_schema(connexion: Connection) -> str:
    """The migration the database is at."""
    return str(connexion.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def sauvegarder(connexion: Connection, chemin: Path) -> dict[str, int]:
    """Write the whole database in `chemin`; returns the number of rows by table.

    The file takes its name once whole, so that an interrupted backup never looks like one.
    """
    provisoire = chemin.with_name(chemin.name + ".partiel")
    comptes, empreintes = {}, {}
    with zipfile.ZipFile(provisoire, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in _tables():
            empreinte, combien = hashlib.sha256(), 0
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as sortie:
                for ligne in _lignes(connexion, table):
                    octets = _en_octets(table, ligne)
                    empreinte.update(octets)
                    sortie.write(octets)
                    combien += 1
            comptes[table.name], empreintes[table.name] = combien, empreinte.hexdigest()
        manifeste = {
            "format": FORMAT,
            "schema": version_du_schema(connexion),
            "lignes": comptes,
            "sha256": empreintes,
        }
        archive.writestr("manifeste.json", json.dumps(manifeste, indent=1))
    provisoire.replace(chemin)
    return comptes


def _lignes(connexion: Connection, table: Table) -> Iterator[Row[Any]]:
    """The rows of a table in the order of its key, a thousand at a time; none of what only means something here."""
    if table.info.get("propre_a_cette_base"):
        return
    ordre = list(table.primary_key.columns)
    yield from connexion.execution_options(yield_per=PAQUET).execute(select(table).order_by(*ordre))


def _en_octets(table: Table, ligne: Row[Any]) -> bytes:
    """A row as a line."""
    valeurs = {
        colonne.name: _coder(valeur, isinstance(colonne.type, JSON))
        for colonne, valeur in zip(table.columns, ligne, strict=True)
    }
    return (json.dumps(valeurs, ensure_ascii=False) + "\n").encode()


def restaurer(connexion: Connection, chemin: Path, *, remplacer: bool) -> dict[str, int]:
    """Put a backup back, in the transaction of `connexion`; returns the number of rows by table.

    Raises ArchiveIllisible, and RegleRefusee when the database holds something and `remplacer` is false.
    """
    manifeste = _manifeste(chemin, version_du_schema(connexion))
    with zipfile.ZipFile(chemin) as archive:
        _vider(connexion, remplacer)
        for table in _tables():
            _remplir(connexion, archive, table)
        immuable.proteger(connexion, Base.metadata)
    comptes: dict[str, int] = manifeste["lignes"]
    return comptes


def _manifeste(chemin: Path, schema: str) -> dict[str, Any]:
    """The manifest of a whole backup of this version, or ArchiveIllisible."""
    try:
        with zipfile.ZipFile(chemin) as archive:
            return _verifier(archive, schema)
    except (zipfile.BadZipFile, KeyError, ValueError) as erreur:
        raise ArchiveIllisible(f"{chemin.name} : ce n’est pas une sauvegarde du groupement.") from erreur


def _verifier(archive: zipfile.ZipFile, schema: str) -> dict[str, Any]:
    """The manifest, when the file is a whole backup of this version."""
    manifeste: dict[str, Any] = json.loads(archive.read("manifeste.json"))
    if manifeste.get("format") != FORMAT:
        raise ArchiveIllisible(
            "Ce fichier n’est pas une sauvegarde du groupement, ou vient d’une version plus récente."
        )
    if manifeste["schema"] != schema:
        raise ArchiveIllisible(
            f"La sauvegarde vient d’une autre version du logiciel (base {manifeste['schema']}, ici {schema}) : "
            "restaurez-la avec cette version-là, puis mettez à jour."
        )
    for nom, attendue in manifeste["sha256"].items():
        empreinte = hashlib.sha256()
        with archive.open(f"{nom}.jsonl") as entree:
            while morceau := entree.read(1 << 20):
                empreinte.update(morceau)
        if empreinte.hexdigest() != attendue:
            raise ArchiveIllisible(f"La sauvegarde est abîmée : la table {nom} a changé depuis son écriture.")
    return manifeste


def _vider(connexion: Connection, remplacer: bool) -> None:
    """Empty every table, its guards lifted; refuse when somebody is there and nobody said to replace."""
    personnes = Base.metadata.tables["utilisateur"]
    if connexion.scalar(select(func.count()).select_from(personnes)) and not remplacer:
        raise RegleRefusee("La base n’est pas vide : ajoutez --remplacer pour effacer ce qu’elle contient.")
    for table in immuable.TABLES:
        for quand in ("modifier", "supprimer"):
            sur = f" ON {table}" if connexion.dialect.name == "postgresql" else ""
            connexion.exec_driver_sql(f"DROP TRIGGER ne_pas_{quand}_{table}{sur}")
    for table in reversed(_tables()):
        _detacher(connexion, table)
        connexion.execute(table.delete())


def _detacher(connexion: Connection, table: Table) -> None:
    """A table that refers to itself is emptied in one go only once its rows let go of one another."""
    for colonne in table.columns:
        if colonne.nullable and any(cle.column.table is table for cle in colonne.foreign_keys):
            connexion.execute(table.update().values({colonne.name: None}))


def _remplir(connexion: Connection, archive: zipfile.ZipFile, table: Table) -> None:
    """Insert the rows of a table, a thousand at a time, and set its counter after them."""
    with archive.open(f"{table.name}.jsonl") as entree:
        while paquet := list(islice(entree, PAQUET)):
            lignes = [{cle: _decoder(v) for cle, v in json.loads(ligne).items()} for ligne in paquet]
            connexion.execute(insert(table), lignes)
    if connexion.dialect.name == "postgresql" and "id" in table.columns and table.name != "verrou":
        connexion.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
            f"COALESCE((SELECT max(id) FROM {table.name}), 0) + 1, false)"
        )
