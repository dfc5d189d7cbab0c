"""The depot hands an urgent order over, or puts it back on its shelves."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.queries import en_cours
from groupement.adherents.states import Role
from groupement.commandes.actions.commandes import marquer, prevenir_les_agents
from groupement.commandes.models import Affectation, Commande, Depannage, LigneCommande
from groupement.commandes.states import TRANSITIONS_COMMANDE, EtatCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db
from groupement.socle.etats import TransitionInterdite
from groupement.socle.journal import Auteur, franchir
from groupement.stock.actions import Mouvement, mouvementer_plusieurs


def prevenir_les_acheteurs(commande: Commande, le: datetime) -> None:
    """The depot has an order to prepare."""
    adresses = db.session.scalars(
        select(Utilisateur.email)
        .join(Habilitation, Habilitation.utilisateur_id == Utilisateur.id)
        .where(Habilitation.role == Role.ACHETEUR, Utilisateur.active, en_cours(jour_a_paris(le)))
        .distinct()
        .order_by(Utilisateur.email)
    )
    unites = db.session.scalar(select(func.sum(LigneCommande.unites)).where(LigneCommande.commande_id == commande.id))
    sujet = f"Dépannage à préparer\u00a0: {commande.collectivite.nom}"
    valeurs = {"commande": commande, "unites": unites}
    ecrire_plusieurs("depannage_a_preparer", [(adresse, sujet, valeurs) for adresse in adresses], le=le)


def remettre(commande: Commande, depannage: Depannage, remis_a: str, *, par: Auteur, le: datetime) -> None:
    """The body has its units: they are admitted, and can be billed. Raises TransitionInterdite when it has already."""
    if depannage.remis_le is not None:
        raise TransitionInterdite(
            f"Ces articles ont déjà été remis à {depannage.remis_a}\u00a0: rouvrez la page pour voir quand."
        )
    franchir(commande, TRANSITIONS_COMMANDE, "servir", par=par, le=le, resume=f"Remis à {remis_a}")
    depannage.remis_le, depannage.remis_a = jour_a_paris(le), remis_a
    db.session.execute(
        update(Affectation)
        .where(Affectation.ligne_commande_id.in_(_lignes(commande)))
        .values(unites_admises=Affectation.unites),
        execution_options={"synchronize_session": False},
    )
    marquer(commande, par, le)


def remettre_en_stock(commande: Commande, motif: str, *, par: Auteur, le: datetime) -> None:
    """Give the order up before it is handed over: its units go back to the depot for what they left at."""
    if commande.etat is not EtatCommande.REGROUPEE:
        raise TransitionInterdite(
            f"Cette commande ne peut plus être annulée\u00a0: elle est «\u00a0{commande.etat_lu()}\u00a0»."
        )
    siennes = Affectation.ligne_commande_id.in_(_lignes(commande))
    parts = db.session.execute(
        select(Affectation.article_id, Affectation.unites, Affectation.montant_ht)
        .where(siennes)
        .order_by(Affectation.id)
    )
    retours = [Mouvement(article_id, unites, montant_ht) for article_id, unites, montant_ht in parts]
    texte = f"Dépannage annulé, {commande.collectivite.nom}"[:200]
    piece = f"commande:{commande.id}"
    mouvementer_plusieurs(commande.campagne.depot_id, retours, motif=texte, piece=piece, par=par, le=le)
    db.session.execute(delete(Affectation).where(siennes), execution_options={"synchronize_session": False})
    franchir(commande, TRANSITIONS_COMMANDE, "remettre_en_stock", par=par, le=le, resume=motif)
    commande.renvoi_motif = motif
    marquer(commande, par, le)
    prevenir_les_agents(commande, "Votre dépannage est annulé", "depannage_annule", par, le)


def _lignes(commande: Commande):
    """The ids of its lines."""
    return select(LigneCommande.id).where(LigneCommande.commande_id == commande.id)
