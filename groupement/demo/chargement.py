"""Load the demonstration: the consortium's year, through the same actions as the pages, in one transaction."""

import sys
from collections.abc import Callable
from datetime import datetime

import click

from groupement.demo.adhesions import charger_adhesions
from groupement.demo.ajustements import charger_campagne_a_regrouper
from groupement.demo.campagnes import (
    charger_campagne_en_cours,
    charger_campagne_ouverte,
    charger_campagne_passee,
)
from groupement.demo.cascade import ajouter_un_second, charger_ses_prix
from groupement.demo.complement import charger_campagne_a_completer
from groupement.demo.contrats import charger_contrat
from groupement.demo.decor import (
    Decor,
    charger_bordereau,
    charger_collectivites,
    charger_lieux,
    charger_marche,
    charger_personnes,
)
from groupement.demo.depannages import charger_depannages
from groupement.demo.etats_des_lieux import charger_etats_des_lieux
from groupement.demo.illustrations import charger_illustrations
from groupement.demo.intentions import charger_intentions
from groupement.demo.prestations import charger_prestations
from groupement.demo.revisions import charger_revisions
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

Etape = tuple[str, Callable[[Decor], None]]


ETAPES: tuple[Etape, ...] = (
    ("Collectivités", charger_collectivites),
    ("Personnes", charger_personnes),
    ("Marché", charger_marche),
    ("Second titulaire", ajouter_un_second),
    ("Bordereau des prix", charger_bordereau),
    ("Bordereau du second", charger_ses_prix),
    ("Contrat et avenant", charger_contrat),
    ("Révision des prix", charger_revisions),
    ("Photos des articles", charger_illustrations),
    ("Adhésions", charger_adhesions),
    ("Lieux de livraison", charger_lieux),
    ("États des lieux", charger_etats_des_lieux),
    ("Déclarations d’intention", charger_intentions),
    ("Missions et SESAM", charger_prestations),
    ("Campagne de l’an dernier", charger_campagne_passee),
    ("Campagne en livraison", charger_campagne_en_cours),
    ("Campagne à regrouper", charger_campagne_a_regrouper),
    ("Campagne à compléter", charger_campagne_a_completer),
    ("Dépannages du dépôt", charger_depannages),
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
