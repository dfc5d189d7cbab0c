"""The group of all commands. Each noun has its module; this one only puts them together."""

import click

from groupement.cli import francais
from groupement.cli.besoins import besoins
from groupement.cli.campagnes import campagne, regrouper
from groupement.cli.demonstration import demo
from groupement.cli.implantation import implantation
from groupement.cli.importer import importer
from groupement.cli.personnes import inviter
from groupement.cli.refacturation import refacturer
from groupement.cli.sauvegarde import restaurer, sauvegarder
from groupement.cli.serveur import migrer, servir, travailleur

francais.installer()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Groupement de commandes d’archivage : ce que le site fait, en ligne de commande.

    Chaque commande accepte --help ; --json écrit le résultat pour un programme.
    Fin : 0 fait, 2 données à corriger (rien n’est écrit), 3 refusé par une règle.
    """


for commande in (
    *(servir, migrer, travailleur, demo, inviter),
    *(importer, campagne, regrouper, refacturer),
    *(besoins, implantation),
    *(sauvegarder, restaurer),
):
    main.add_command(commande)
