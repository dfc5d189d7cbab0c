"""Rows nobody may change: the database itself refuses, whatever the program says.

Each table names the columns frozen at birth; `None` freezes them all. A facture may still change state and amount paid.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, MetaData

MESSAGE = "ligne immuable : une erreur se corrige par une nouvelle écriture"
TABLES: dict[str, tuple[str, ...]] = {  # table: columns that may still change
    "evenement": (),
    "facture": ("etat", "paye_ttc", "avoirs_ttc", "trop_percu_ttc", "rembourse_ttc"),
    "ligne_facture": (),
    "avoir": (),
    "ligne_avoir": (),
    "encaissement": (),
    "remboursement": (),
    "transmission": (),
    "facture_transmise": (),
    "erreur_de_transmission": (),
    "decision": (),
    "mouvement_stock": (),
    "palier_prix": (),
    "revision_prix": (),
    "reversement_sesam": (),
    "avenant": ("publie_le",),
    "effet_avenant": (),
    "version_de_bon": (),
    "ligne_de_version": (),
    "part_de_version": (),
}


def ordres(dialecte: str, tables: dict[str, list[str]]) -> list[str]:
    """The statements that put the guards on some of TABLES; `tables` gives the columns of each."""
    debut = []
    if dialecte == "postgresql":
        debut.append(
            "CREATE OR REPLACE FUNCTION refuser_ecriture() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, colonnes in tables.items():
        figees = ", ".join(colonne for colonne in colonnes if colonne not in TABLES[table])
        for evenement, quand in (("modifier", f"UPDATE OF {figees}"), ("supprimer", "DELETE")):
            debut.append(_declencheur(dialecte, table, evenement, quand))
    return debut


def levees(dialecte: str, tables: Iterable[str]) -> list[str]:
    """The statements that take the guards off, for a migration that changes the columns of frozen tables."""
    fin = " ON {}" if dialecte == "postgresql" else ""
    return [
        f"DROP TRIGGER ne_pas_{evenement}_{table}" + fin.format(table)
        for table in tables
        for evenement in ("modifier", "supprimer")
    ]


def _declencheur(dialecte: str, table: str, evenement: str, quand: str) -> str:
    """One trigger, in the words of the dialect."""
    tete = f"CREATE TRIGGER ne_pas_{evenement}_{table} BEFORE {quand} ON {table} FOR EACH ROW "
    if dialecte == "postgresql":
        return tete + "EXECUTE FUNCTION refuser_ecriture()"
    return tete + f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"


def proteger(connexion: Connection, metadata: MetaData) -> None:
    """Put the guards on a database whose tables exist."""
    tables = {nom: [c.name for c in metadata.tables[nom].columns] for nom in TABLES}
    for ordre in ordres(connexion.dialect.name, tables):
        connexion.exec_driver_sql(ordre)
