"""`groupement sauvegarder` and `groupement restaurer`."""

from pathlib import Path

import click
from flask import current_app

from groupement.cli import archive
from groupement.cli.sortie import avec_application, dire, ecrire_json, finir_en_faute, option_json
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture


@click.command()
@click.argument("fichier", metavar="[FICHIER.zip]", required=False, type=click.Path(path_type=Path))
@option_json
@avec_application
def sauvegarder(fichier: Path | None, en_json: bool) -> None:
    """Écrire toute la base dans un fichier (par défaut : dans le dossier d’instance, à la date du jour).

    La sauvegarde contient tout, photos comprises, et se restaure sur SQLite comme sur PostgreSQL.
    """
    nom = f"sauvegarde-{maintenant():%Y%m%d-%H%M%S}.zip"
    fichier = fichier or Path(current_app.config["GROUPEMENT_INSTANCE"]) / nom
    if not fichier.parent.is_dir():
        finir_en_faute([f"Le dossier {fichier.parent} n’existe pas."])
    comptes = archive.sauvegarder(db.session.connection(), fichier)
    _rendre_compte("Sauvegarde écrite dans", fichier, comptes, en_json)


@click.command()
@click.argument("fichier", metavar="FICHIER.zip", type=click.Path(path_type=Path))
@click.option("--remplacer", is_flag=True, help="Effacer d’abord ce que la base contient.")
@option_json
@avec_application
def restaurer(fichier: Path, remplacer: bool, en_json: bool) -> None:
    """Remettre une sauvegarde dans la base : tout ou rien."""
    if not fichier.is_file():
        finir_en_faute([f"{fichier} : fichier introuvable."])
    verrouiller_ecriture()
    comptes = archive.restaurer(db.session.connection(), fichier, remplacer=remplacer)
    _rendre_compte("Base restaurée depuis", fichier, comptes, en_json)


def _rendre_compte(phrase: str, fichier: Path, comptes: dict[str, int], en_json: bool) -> None:
    """What was done."""
    total = sum(comptes.values())
    if en_json:
        ecrire_json({"fichier": str(fichier), "lignes": total, "tables": comptes})
    else:
        dire(f"{phrase} {fichier} : {total} lignes, {len(comptes)} tables.")
