"""Two urgent orders of the demonstration, between two windows: one to be billed, a box short, and one to prepare.

The depot took over the boxes of an older store the day it began to serve: what packs leave over is not much.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from groupement.adherents.models import Collectivite
from groupement.commandes.actions import commandes_urgentes, depannages, remises
from groupement.commandes.actions.commandes_urgentes import DemandeDeDepannage
from groupement.commandes.models import Campagne, Commande, Depannage
from groupement.commandes.queries.depannages import guichet_de
from groupement.commandes.rules.remises import Remis
from groupement.commandes.states import MotifDEcart
from groupement.demo.decor import Decor, Signature
from groupement.demo.personnes import AYETTE, BAPAUME
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.stock.actions import Mouvement, mouvementer_plusieurs, reserver_au_depot

REMIS_IL_Y_A, A_REMETTRE_IL_Y_A = timedelta(days=30), timedelta(days=20)
EN_RESERVE = 20
# (reference, units taken over, what they cost)
REPRISE = (("BTE-STD-10", 160, "92.80"), ("BTE-CON-10", 90, "209.70"), ("CHE-120", 300, "35.40"))


def charger_depannages(decor: Decor) -> None:
    """The depot serves Ayette and Bapaume."""
    acheteur, ouverture = decor.pour("acheteur"), decor.le - REMIS_IL_Y_A - timedelta(days=2)
    annee = depannages.ouvrir(decor.marche, decor.depot, par=acheteur, le=ouverture)
    reprises = [Mouvement(decor.articles[ref].id, unites, Decimal(valeur)) for ref, unites, valeur in REPRISE]
    motif = "Reprise du magasin de l’ancien groupement"
    mouvementer_plusieurs(decor.depot, reprises, motif=motif, par=acheteur, le=ouverture)
    reserver_au_depot(decor.depot.id, decor.articles["BTE-STD-10"].id, EN_RESERVE, par=acheteur, le=ouverture)
    corps = {membre.siren: membre for membre in decor.membres}
    grenier = "Grenier inondé\u00a0: 40 ans d’état civil à remettre au sec"
    voulu = {"BTE-STD-10": 48, "BTE-CON-10": 12}
    commande, depannage = _demander(decor, annee, corps[AYETTE], grenier, voulu, decor.le - REMIS_IL_Y_A)
    le = decor.le - REMIS_IL_Y_A + timedelta(days=2)
    boite = decor.articles["BTE-CON-10"].id
    ecrasee = {
        ligne.id: Remis(11, MotifDEcart.ABIME, "boîte écrasée")
        for ligne in commande.lignes
        if ligne.article_id == boite
    }
    remises.remettre(commande, depannage, "Nathalie Caron", ecrasee, par=acheteur, le=le)
    travaux, voulu = "Versement avant les travaux de la mairie", {"BTE-CON-10": 25, "CHE-120": 100}
    _demander(decor, annee, corps[BAPAUME], travaux, voulu, decor.le - A_REMETTRE_IL_Y_A)
    if annee.du.year != jour_a_paris(decor.le).year:
        depannages.ouvrir(decor.marche, decor.depot, par=acheteur, le=decor.le)


def _demander(
    decor: Decor, annee: Campagne, membre: Collectivite, motif: str, voulu: Mapping[str, int], le: datetime
) -> tuple[Commande, Depannage]:
    """Asked by the secretary, committed by the mayor some hours later. `voulu`: units by reference."""
    guichet = guichet_de(annee, membre.id, jour_a_paris(le))
    assert guichet is not None
    unites = {decor.articles[reference].id: combien for reference, combien in voulu.items()}
    agent = Signature(f"Secrétariat de {membre.nom}")
    commande, _ = commandes_urgentes.demander(guichet, membre.id, DemandeDeDepannage(unites, motif), par=agent, le=le)
    _engager(commande, le + timedelta(hours=4))
    depannage = db.session.get_one(Depannage, commande.id)
    return commande, depannage


def _engager(commande: Commande, le: datetime) -> None:
    """The mayor commits it."""
    corps = commande.collectivite
    commandes_urgentes.valider(
        commande,
        commande.version,
        commande.total_ht,
        engagement=f"E{le.year}-{commande.id:05}" if corps.chorus_engagement_requis else "",
        code_service="MAIRIE" if corps.chorus_service_requis else "",
        par=Signature(f"Maire de {corps.nom}"),
        le=le,
    )
