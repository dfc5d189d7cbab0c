"""The places a campagne delivers to, as people know them."""

from sqlalchemy import select

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.bons import ordre_des_lieux
from groupement.commandes.rules.demandes import DEPOT
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db


def lieux_de_livraison(campagne: Campagne) -> dict[int, str]:
    """The names of the places of the committed orders, by id, in the order of their bons: by body, the depot last.

    One statement.
    """
    lignes = db.session.execute(
        select(PointDeLivraison.id, Collectivite.nom, PointDeLivraison.libelle)
        .join(Collectivite, Collectivite.id == PointDeLivraison.collectivite_id)
        .join(Commande, Commande.point_de_livraison_id == PointDeLivraison.id)
        .where(Commande.campagne_id == campagne.id, Commande.etat == EtatCommande.VALIDEE)
        .order_by(*ordre_des_lieux())
    )
    return {point_id: nom_du_lieu(corps, libelle) for point_id, corps, libelle in lignes} | {DEPOT: campagne.depot.nom}


def nom_du_lieu(corps: str, libelle: str) -> str:
    """A place of a body, in a word or two."""
    return f"{corps}, {libelle}"[:300]
