"""A bon on its way to its supplier: sent, sent again, confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.liens import lien_du_bon
from groupement.commandes.rules.echanges import delais
from groupement.commandes.states import SANS_EFFET, TRANSITIONS_BON
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.etats import TransitionInterdite
from groupement.socle.journal import Auteur, franchir, noter


def envoyer_au_fournisseur(bon: BonDeCommande, le: datetime, adresse: str = "") -> str:
    """A mail to the supplier, its bon attached, its signed link; it leaves after the commit. Returns the address."""
    lettre = _lettre(bon, adresse)
    ecrire_plusieurs("bon_de_commande", [lettre], le=le)
    return lettre[0]


def envoyer_aux_fournisseurs(bons: Sequence[BonDeCommande], le: datetime) -> None:
    """A mail a bon, in one statement: a bon of one place has its own link, and is filed with that place."""
    ecrire_plusieurs("bon_de_commande", [_lettre(bon) for bon in bons], le=le)


def _lettre(bon: BonDeCommande, adresse: str = "") -> tuple[str, str, dict[str, Any]]:
    """To whom, about what, with what."""
    sujet = f"Bon de commande {bon.numero}{', ' + bon.lieu if bon.lieu else ''}"[:255]
    valeurs = {"pieces": [f"bon_de_commande:{bon.id}"], "bon": bon, "lien": lien_du_bon(bon)}
    valeurs["jours"] = delais(bon.lot.derogations).observations
    return adresse or bon.fournisseur_fige["courriel"], sujet, valeurs


def renvoyer(bon: BonDeCommande, *, par: Auteur, le: datetime) -> str:
    """Send the bon again, to the address the supplier has now. Raises TransitionInterdite when it no longer holds."""
    if bon.etat in SANS_EFFET:
        raise TransitionInterdite(f"Le bon {bon.numero} ne vaut plus\u00a0: il n’est pas renvoyé.")
    destinataire = envoyer_au_fournisseur(bon, le, bon.fournisseur.courriel)
    noter(bon.__tablename__, bon.id, "renvoyer", par=par, le=le, resume=destinataire, avant=bon.etat, apres=bon.etat)
    return destinataire


def accuser(bon: BonDeCommande, *, par: Auteur, le: datetime) -> None:
    """The supplier confirms that it has the bon."""
    franchir(bon, TRANSITIONS_BON, "accuser", par=par, le=le, resume=bon.numero)
    bon.accuse_le = le
