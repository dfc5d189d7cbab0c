"""`groupement refacturer`."""

import click

from groupement.cli.designations import campagne_designee, option_campagne
from groupement.cli.sortie import COLLEGUE, avec_application, ecrire_json, option_json
from groupement.refacturation.actions.refacturation import refacturer as emettre
from groupement.refacturation.queries.refacturations import en_json as document
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db


@click.command()
@option_campagne
@option_json
@avec_application
def refacturer(campagne_id: int, en_json: bool) -> None:
    """Émettre les factures de tout ce qui est admis et pas encore facturé, en une fois."""
    campagne_designee(campagne_id)
    run = emettre(campagne_id, par=COLLEGUE, le=maintenant())
    db.session.flush()
    resultat = document(run)
    if en_json:
        ecrire_json(resultat)
        return
    for facture in resultat["factures"]:
        click.echo(f"{facture['numero']}  {facture['siren']}  {facture['total_ttc']:>12} € TTC")
    click.echo(f"{len(resultat['factures'])} factures, {resultat['totaux']['total_ttc']} € TTC.")
