"""What changed in a basket while a page was open: who, when, and whether a line still is the one it showed."""

from dataclasses import dataclass

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from groupement.adherents.queries import Demandeur
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.commandes import ligne_visible, perimetre_commandes
from groupement.commandes.rules.lignes_vues import Main
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db
from groupement.socle.journal import Evenement

RELUS = 500  # a basket changed more often since names its last author


def derniere_main(commande: Commande, article_id: int) -> Main:
    """Who changed, or took out, the line of an article last; the last author of the order where nothing says so."""
    evenements = db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == "commande", Evenement.objet_id == commande.id)
        .order_by(Evenement.id.desc())
        .limit(RELUS)
    )
    for evenement in evenements:
        if str(article_id) in (evenement.details or {}).get("lignes", ()):
            return Main(evenement.par, evenement.le)
    return Main(commande.modifiee_par, commande.modifiee_le)


@dataclass(frozen=True, slots=True)
class EtatDuPanier:
    """What an open page asks every few seconds: the version of its order, who made it, and whether it has left."""

    commande_id: int
    campagne_id: int
    version: int
    etat: EtatCommande
    main: Main


def etat_du_panier(commande_id: int, contexte: Demandeur) -> EtatDuPanier:
    """The state of an order, if this person may see it; 404 otherwise. One short statement, no object loaded."""
    ligne = db.session.execute(
        select(
            Commande.campagne_id, Commande.version, Commande.etat, Commande.modifiee_par, Commande.modifiee_le
        ).where(Commande.id == commande_id, perimetre_commandes(contexte))
    ).one_or_none()
    if ligne is None:
        raise NotFound
    campagne_id, version, etat, par, le = ligne
    return EtatDuPanier(commande_id, campagne_id, version, etat, Main(par, le))


def ligne_encore_la(ligne_id: int, commande_id: int, article_id: int, contexte: Demandeur) -> LigneCommande | None:
    """The line, held, if it still is the one the page showed; None when it was taken out since.

    A number may serve again once its line is gone: `commande_id` and `article_id` (0: the page does not say) must
    agree. 404 when the page does not say which order it was of, or names somebody else's.
    """
    try:
        ligne = ligne_visible(ligne_id, contexte, verrou=True)
    except NotFound:
        if not commande_id:
            raise
        return None
    vue = (commande_id or ligne.commande_id, article_id or ligne.article_id)
    return ligne if vue == (ligne.commande_id, ligne.article_id) else None
