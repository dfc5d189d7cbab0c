"""How a command names a campagne or a marché, and what it says when there is none."""

import click
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from groupement.catalogue.models import Marche
from groupement.cli.sortie import finir_en_faute
from groupement.commandes.models import Campagne
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db, verrouiller_ecriture
from groupement.stock.models import Depot

option_campagne = click.option(
    "--campagne", "campagne_id", type=int, required=True, help="Identifiant de la campagne (voir « campagne lister »)."
)


def campagne_designee(campagne_id: int) -> Campagne:
    """The campagne of that id; exit 2 when there is none."""
    campagne = db.session.get(Campagne, campagne_id)
    if campagne is None:
        finir_en_faute([f"--campagne {campagne_id} : cette campagne n’existe pas ; « campagne lister » les montre."])
    return campagne


def marche_designe(designation: str | None, *, verrou: bool = False) -> Marche:
    """The marché of that number or id, the current one by default; exit 2 when there is none."""
    requete = select(Marche).options(selectinload(Marche.lots)).order_by(Marche.du.desc(), Marche.id.desc())
    if verrou:
        verrouiller_ecriture()
        requete = requete.with_for_update()
    if designation is None:
        jour = aujourdhui()
        requete = requete.where(Marche.du <= jour, Marche.au >= jour)
    elif designation.isdigit():
        requete = requete.where((Marche.id == int(designation)) | (Marche.numero == designation))
    else:
        requete = requete.where(Marche.numero == designation)
    marche = db.session.scalars(requete.limit(1)).one_or_none()
    if marche is None:
        finir_en_faute([f"Aucun marché {designation or 'en cours aujourd’hui'} : indiquez --marche."])
    return marche


def depot_par_defaut() -> Depot:
    """The first depot; exit 2 when there is none."""
    depot = db.session.scalars(select(Depot).order_by(Depot.id).limit(1)).one_or_none()
    if depot is None:
        finir_en_faute(["Aucun dépôt n’est enregistré : créez-en un depuis le site."])
    return depot
