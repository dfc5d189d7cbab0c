"""Urgent orders of the small world: a marché without a window, whose depot serves Ayette."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from groupement.commandes.actions import commandes_urgentes
from groupement.commandes.queries.depannages import depannage_visible
from groupement.socle.journal import AUTOMATE
from tests.exemples.monde import Monde
from tests.fabriques import catalogue, depannages


def des_depannages(monde: Monde) -> dict[str, Any]:
    """One to commit, one sent back to its agent, one to hand over, as each page wants them."""
    dates = {"du": monde.jour - timedelta(days=200), "au": monde.jour + timedelta(days=500)}
    consultee = {"consultation_le": monde.jour - timedelta(days=300), "notifie_le": monde.jour - timedelta(days=220)}
    marche = catalogue.marche(convention=monde.marche.convention, objet="Petites fournitures", **dates, **consultee)
    lot = catalogue.lot(marche, titulaire=monde.lys, plafond_ht=Decimal("50000.00"))
    etiquette = catalogue.article(lot, designation="Étiquettes de cotation")
    annee = depannages.annee_ouverte(lot, monde.depot, le=monde.le)
    depannages.stocker(annee, etiquette, 60, "7.13", le=monde.le)
    soumise = depannages.demande(annee, monde.ayette, {etiquette: 12}, le=monde.le)
    renvoyee = depannages.demande(annee, monde.ayette, {etiquette: 20}, le=monde.le)
    tenue, _ = depannage_visible(renvoyee.id, depannages.Tout(), verrou=True)
    commandes_urgentes.renvoyer(tenue, "Dix suffisent.", tenue.version, par=AUTOMATE, le=monde.le)
    a_remettre = depannages.engage(annee, monde.ayette, {etiquette: 5}, le=monde.le)
    return {
        "depannages:campagne_id": annee.id,
        "remises:campagne_id": annee.id,
        "(marché servi)": marche.id,
        "depannages:commande_id": a_remettre.id,
        "remises:commande_id": a_remettre.id,
        "engagements:commande_id": soumise.id,
        "depannages.create_reprise:commande_id": soumise.id,
        "depannages.edit:commande_id": renvoyee.id,
        "depannages.create_annulation:commande_id": renvoyee.id,
    }
