"""Mails between the buyers and the supplier of a bon: written with the act, sent after its commit."""

from datetime import datetime
from typing import Any

from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.echanges import adresses_des_acheteurs
from groupement.commandes.queries.liens import lien_du_bon
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire, ecrire_plusieurs
from groupement.socle.journal import Auteur


def prevenir_les_acheteurs(
    bon: BonDeCommande, sujet: str, quoi: str, *, par: Auteur, le: datetime, texte: str = "", suite: str = ""
) -> None:
    """A mail to each buyer: who did what, in their words, and what is expected."""
    valeurs = {"bon": bon, "qui": par.nom, "quoi": quoi, "texte": texte, "suite": suite}
    adresses = adresses_des_acheteurs(jour_a_paris(le))
    ecrire_plusieurs("echange_du_fournisseur", [(adresse, sujet, valeurs) for adresse in adresses], le=le)


def repondre_au_fournisseur(bon: BonDeCommande, sujet: str, *, le: datetime, **valeurs: Any) -> None:
    """A mail to the supplier, with the link of its bon."""
    lien = lien_du_bon(bon)
    ecrire(bon.fournisseur.courriel, sujet, "reponse_au_fournisseur", le=le, bon=bon, lien=lien, **valeurs)
