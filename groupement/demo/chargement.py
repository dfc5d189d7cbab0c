"""Load the demonstration: the consortium's year, through the same actions as the pages, in one transaction."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from groupement.commandes.actions import campagnes
from groupement.demo.commandes import remplir
from groupement.demo.decor import (
    Decor,
    charger_adhesions,
    charger_collectivites,
    charger_lieux,
    charger_marche,
    charger_personnes,
)
from groupement.demo.personnes import PORTES
from groupement.socle.calendrier import jour_a_paris, maintenant
from groupement.socle.db import db

Etape = tuple[str, Callable[[Decor], None]]
MEMBRES_OUVERTE = 300


def charger_campagne_ouverte(decor: Decor) -> None:
    """The window of now: three hundred orders, most of them committed."""
    acheteur = decor.pour("acheteur")
    jour = jour_a_paris(decor.le)
    debut = decor.le - timedelta(days=18)
    campagne = campagnes.preparer(
        decor.marche,
        decor.depot,
        intitule=f"Campagne d’automne {jour.year}" if jour.month >= 8 else f"Campagne de printemps {jour.year}",
        du=jour - timedelta(days=18),
        au=jour + timedelta(days=12),
        par=acheteur,
        le=debut,
    )
    campagnes.ouvrir(campagne.id, par=acheteur, le=debut)
    # The bodies people sign in for stay free: their basket is the visitor's to fill.
    libres = {siren for porte in PORTES for _, siren in porte.roles if siren}
    membres = [membre for membre in decor.membres if membre.siren not in libres][:MEMBRES_OUVERTE]
    remplir(
        decor,
        campagne,
        membres,
        debut,
        lambda rang: ("validee", "validee", "validee", "soumise", "brouillon")[rang % 5],
    )


ETAPES: tuple[Etape, ...] = (
    ("Collectivités", charger_collectivites),
    ("Personnes", charger_personnes),
    ("Marché et prix", charger_marche),
    ("Adhésions", charger_adhesions),
    ("Lieux de livraison", charger_lieux),
    ("Campagne ouverte", charger_campagne_ouverte),
)


def charger(*, avancement: bool = False, le: datetime | None = None) -> Decor:
    """Load everything and commit; nothing is left of a loading that was interrupted.

    `avancement` draws a bar on standard error. `le` is the moment dates count from (now, unless a test says).
    """
    decor = Decor(le or maintenant())
    try:
        with click.progressbar(
            ETAPES,
            label="Démonstration",
            item_show_func=lambda etape: etape[0] if etape else "",
            file=sys.stderr,
            hidden=not avancement,
        ) as barre:
            for _, etape in barre:
                etape(decor)
                db.session.flush()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return decor
