"""`groupement implantation`: from a room written in JSON to its plan, without application nor database."""

from pathlib import Path

import click

from groupement.cli.besoins import lire_octets
from groupement.cli.sortie import dire, ecrire_json, finir_en_faute, option_json
from groupement.etats_des_lieux.rules.charges import avertissements, ml_par_m2
from groupement.etats_des_lieux.rules.implantation import Implantation, implanter
from groupement.etats_des_lieux.rules.lecture_implantation import lire_implantation, vers_json
from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse, charger_json
from groupement.etats_des_lieux.rules.plan_svg import plan_svg
from groupement.socle.nombres import accorde, decimal_fr


@click.command()
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option("--svg", metavar="PLAN.svg", type=click.Path(path_type=Path), help="Dessiner aussi le plan au 1:50.")
@option_json
def implantation(fichier: Path, svg: Path | None, en_json: bool) -> None:
    """Placer le plus de rayonnages possible dans une salle, ou juste assez pour un besoin.

    FICHIER est le document JSON décrit dans docs/implantation.md. Aucune base de données n’est lue.
    """
    try:
        demande = lire_implantation(charger_json(lire_octets(fichier)))
    except DocumentRefuse as refus:
        finir_en_faute(refus.fautes)
    plan = implanter(demande.salle, demande.parametres, demande.besoin_mm)
    if svg is not None:
        _dessiner(plan, svg)
    if en_json:
        ecrire_json(vers_json(plan, demande.besoin_mm))
        return
    for ligne in tableau(plan, demande.besoin_mm):
        click.echo(ligne)


def tableau(plan: Implantation, besoin_mm: int | None) -> list[str]:
    """The plan as lines of text: totals, rows, then what to check."""
    metres, densite = decimal_fr(plan.metres_lineaires, 1), decimal_fr(ml_par_m2(plan), 2)
    rangs = [
        f"  Épi {numero}\u00a0: {accorde(rang.faces, 'face')}, {accorde(len(rang.largeurs_mm), 'travée')} par face "
        f"({', '.join(str(largeur) for largeur in rang.largeurs_mm)} mm)"
        for numero, rang in enumerate(plan.rangs, 1)
    ]
    return [
        f"{metres}\u00a0ml ({densite}\u00a0ml par m²), {accorde(plan.niveaux, 'niveau', 'niveaux')}",
        f"{accorde(plan.travees, 'travée')}\u00a0: {accorde(plan.departs, 'départ')} et "
        f"{accorde(plan.suivants, 'suivant')}",
        *rangs,
        *(f"Attention\u00a0: {phrase}" for phrase in avertissements(plan, besoin_mm)),
    ]


def _dessiner(plan: Implantation, svg: Path) -> None:
    """Write the drawing, or say why it cannot be written."""
    try:
        svg.write_text(plan_svg(plan), encoding="utf-8")
    except OSError:
        finir_en_faute([f"{svg}\u00a0: impossible d’écrire ce fichier, vérifiez le dossier et vos droits."])
    dire(f"Plan dessiné dans {svg}.")
