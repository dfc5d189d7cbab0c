"""What becomes of the members' orders when their bon is revised or cancelled: by sets, however many."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, LigneBon, LigneCommande
from groupement.commandes.states import TRANSITIONS_BON, TRANSITIONS_CAMPAGNE, TRANSITIONS_COMMANDE, EtatCommande
from groupement.socle.db import db
from groupement.socle.journal import Auteur, franchir_tous

A_VENIR = Affectation.unites_admises + Affectation.unites_refusees < Affectation.unites


def commandes_du_bon(bon_id: int) -> list[int]:
    """The orders a bon answers."""
    return list(
        db.session.scalars(
            select(LigneCommande.commande_id)
            .join(Affectation, Affectation.ligne_commande_id == LigneCommande.id)
            .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
            .where(LigneBon.bon_id == bon_id)
            .distinct()
        )
    )


def conclure(bon: BonDeCommande, commande_ids: Collection[int], resume: str, *, par: Auteur, le: datetime) -> None:
    """Orders of which nothing is left are cancelled, those of which all has come are served; the bon, the campagne."""
    db.session.flush()
    siennes = Commande.id.in_(bindparam(None, list(commande_ids), expanding=True, literal_execute=True))
    des_lignes = select(Affectation.id).join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
    reste = exists(des_lignes.where(LigneCommande.commande_id == Commande.id))
    attend = exists(des_lignes.where(LigneCommande.commande_id == Commande.id, A_VENIR))
    du_bon = select(Affectation.id).join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
    a_livrer = exists(du_bon.where(LigneBon.bon_id == BonDeCommande.id, A_VENIR))
    en_cours = (EtatCommande.REGROUPEE, EtatCommande.SERVIE)
    vivantes = exists(select(Commande.id).where(Commande.campagne_id == Campagne.id, Commande.etat.in_(en_cours)))
    franchir_tous(Commande, siennes & ~reste, TRANSITIONS_COMMANDE, "abandonner", par=par, le=le, resume=resume)
    franchir_tous(Commande, siennes & reste & ~attend, TRANSITIONS_COMMANDE, "servir", par=par, le=le)
    livre = (BonDeCommande.id == bon.id) & ~a_livrer
    franchir_tous(BonDeCommande, livre, TRANSITIONS_BON, "solder", par=par, le=le)
    finie = (Campagne.id == bon.campagne_id) & ~vivantes
    franchir_tous(Campagne, finie, TRANSITIONS_CAMPAGNE, "solder", par=par, le=le)
    db.session.expire_all()
