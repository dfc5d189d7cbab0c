"""Urgent orders, made as the application makes them: a depot with boxes, the year open, a body that asks."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.catalogue.models import Article, Lot
from groupement.commandes.actions import commandes_urgentes, depannages, remises
from groupement.commandes.actions.commandes_urgentes import DemandeDeDepannage
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.depannages import depannage_visible, guichet_de
from groupement.commandes.rules.remises import Remis
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from groupement.stock.actions import mouvementer
from groupement.stock.models import Depot
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import LE, membre

MOTIF = "Versement avant travaux, vendredi"


class Tout:
    """Who sees everything: the Centre de gestion."""

    est_cdg = True
    collectivite_id = None


def annee_ouverte(lot: Lot | None = None, depot: Depot | None = None, *, le: datetime = LE) -> Campagne:
    """The urgent orders of the year, open, of the marché of `lot`."""
    lot = lot or catalogue.lot()
    return depannages.ouvrir(lot.marche, depot or catalogue.depot(), par=AUTOMATE, le=le)


def stocker(campagne: Campagne, article: Article, unites: int, valeur_ht: str, *, le: datetime = LE) -> None:
    """Boxes at the depot that serves these orders."""
    valeur = Decimal(valeur_ht)
    mouvementer(campagne.depot_id, article.id, unites, valeur_ht=valeur, motif="Surplus", par=AUTOMATE, le=le)


def guichet_de_wissant(boites: int, valeur_ht: str, *, acheteur: str) -> SimpleNamespace:
    """These boxes and forty folders worth 4,72 € at the depot that serves the year; a body with its two people."""
    lot = catalogue.lot()
    annee = annee_ouverte(lot)
    mairie = membre("Wissant", de=annee)
    monde = SimpleNamespace(
        lot=lot,
        annee=annee,
        mairie=mairie,
        agent=adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie),
        valideur=adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=mairie),
        acheteur=adherents.utilisateur(acheteur, roles=[Role.ACHETEUR]),
        boite=catalogue.article(lot, reference="BTE-STD-10"),
        chemise=catalogue.article(lot, reference="CHE-120"),
    )
    stocker(annee, monde.boite, boites, valeur_ht)
    stocker(annee, monde.chemise, 40, "4.72")
    return monde


def demande(
    campagne: Campagne, pour: Collectivite, unites: Mapping[Article, int], *, le: datetime = LE, **champs: Any
) -> Commande:
    """An urgent order sent to its valideur."""
    guichet = guichet_de(campagne, pour.id, jour_a_paris(le))
    assert guichet is not None
    champs.setdefault("motif", MOTIF)
    voulu = DemandeDeDepannage({article.id: combien for article, combien in unites.items()}, **champs)
    commande, _ = commandes_urgentes.demander(guichet, pour.id, voulu, par=AUTOMATE, le=le)
    db.session.flush()
    return commande


def engage(
    campagne: Campagne, pour: Collectivite, unites: Mapping[Article, int], *, le: datetime = LE, **champs: Any
) -> Commande:
    """The same, committed: its units have left the stock."""
    numeros = {cle: champs.pop(cle) for cle in ("engagement", "code_service") if cle in champs}
    commande = demande(campagne, pour, unites, le=le, **champs)
    valider(commande.id, le=le, **numeros)
    return commande


def valider(commande_id: int, *, le: datetime = LE, **numeros: str) -> None:
    """Commit an order at the cost it was asked at."""
    commande, _ = depannage_visible(commande_id, Tout(), verrou=True)
    commandes_urgentes.valider(commande, commande.version, commande.total_ht, **numeros, par=AUTOMATE, le=le)
    db.session.flush()


def remise(commande: Commande, remis: Mapping[Article, Remis] | None = None, *, le: datetime = LE) -> Commande:
    """Handed over: it can be billed. `remis`: of the articles that miss some."""
    tenue, depannage = depannage_visible(commande.id, Tout(), verrou=True)
    lignes = {ligne.article_id: ligne.id for ligne in tenue.lignes}
    par_ligne = {lignes[article.id]: typee for article, typee in (remis or {}).items()}
    remises.remettre(tenue, depannage, "Sylvie Carlier", par_ligne, par=AUTOMATE, le=le)
    db.session.flush()
    return tenue
