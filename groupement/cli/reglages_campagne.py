"""The terms of a new campagne, as options of `groupement campagne ouvrir`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.models import Marche
from groupement.cli.sortie import finir_en_faute
from groupement.commandes.actions.reglages_campagne import Reglages
from groupement.commandes.queries.acces import collectivites_par_siren
from groupement.commandes.rules.acces_campagne import fautes_de_la_liste, lire_les_sirens, lots_ouverts
from groupement.commandes.states import AccesCampagne

DATE = click.DateTime(["%Y-%m-%d"])
TYPES = ", ".join(genre.value for genre in TypeCollectivite)
OPTIONS = (
    click.option("--lots", help="Numéros des lots ouverts, par exemple 1,3 (par défaut : tous)."),
    click.option("--types", help=f"Types de collectivités admis, séparés par des virgules : {TYPES}."),
    click.option(
        "--sirens",
        "fichier",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Fichier des collectivités admises, un SIREN par ligne.",
    ),
    click.option("--livraison-du", type=DATE, help="Première livraison annoncée, AAAA-MM-JJ."),
    click.option("--livraison-au", type=DATE, help="Dernière livraison annoncée, AAAA-MM-JJ."),
)


def options_des_reglages(commande: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the terms to a command."""
    for option in reversed(OPTIONS):
        commande = option(commande)
    return commande


def reglages_saisis(
    marche: Marche,
    lots: str | None,
    types: str | None,
    fichier: Path | None,
    livraison_du: datetime | None,
    livraison_au: datetime | None,
) -> Reglages:
    """The terms of these options; exit 2 with what is wrong and what to write."""
    if types and fichier:
        finir_en_faute(["--types et --sirens s’excluent : choisissez l’un des deux."])
    acces = AccesCampagne.TYPES if types else AccesCampagne.LISTE if fichier else AccesCampagne.TOUS
    return Reglages(
        lots=_lots(marche, lots),
        acces=acces,
        types=_types(types),
        admises=_admises(marche, fichier),
        livraison_du=livraison_du.date() if livraison_du else None,
        livraison_au=livraison_au.date() if livraison_au else None,
    )


def _lots(marche: Marche, saisis: str | None) -> list[int] | None:
    """The numbers of the lots, None for all."""
    if saisis is None:
        return None
    du_marche = [lot.numero for lot in marche.lots]
    numeros = [mot.strip() for mot in saisis.split(",")]
    if inconnus := [mot for mot in numeros if not mot.isdigit() or int(mot) not in du_marche]:
        possibles = ", ".join(map(str, du_marche))
        finir_en_faute([f"--lots {', '.join(inconnus)} : ce marché a les lots {possibles}."])
    return lots_ouverts([int(mot) for mot in numeros], du_marche)


def _types(saisis: str | None) -> list[str]:
    """The kinds of bodies let in."""
    valeurs = {genre.value for genre in TypeCollectivite}
    types = [mot.strip() for mot in saisis.split(",")] if saisis else []
    if inconnus := [mot for mot in types if mot not in valeurs]:
        finir_en_faute([f"--types {', '.join(inconnus)} : les types sont {TYPES}."])
    return types


def _admises(marche: Marche, fichier: Path | None) -> list[int]:
    """The ids of the bodies of the file."""
    if fichier is None:
        return []
    sirens, fautes = lire_les_sirens(fichier.read_text("utf-8-sig", errors="replace"))
    connues = collectivites_par_siren(marche, sirens)
    fautes += fautes_de_la_liste(sirens, {siren: (nom, motif) for siren, (_, nom, motif) in connues.items()})
    if fautes:
        finir_en_faute([f"{fichier.name} : {faute}" for faute in fautes])
    return [numero for numero, _, _ in connues.values()]
