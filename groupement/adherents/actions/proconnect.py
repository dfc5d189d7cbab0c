"""Whose account ProConnect opens: the one it opened before, else that of the same address. None is ever made."""

from datetime import datetime

from flask import current_app

from groupement.adherents.models import Utilisateur
from groupement.adherents.securite.proconnect import Identite, RefusDeProConnect
from groupement.socle.db import db
from groupement.socle.journal import noter

INCONNU = (
    "ProConnect vous connaît sous l’adresse {email}, mais aucun compte n’est ouvert ici à cette adresse. Écrivez au "
    "service Archives du Centre de gestion, {contact}, qui vous invitera."
)
AUTRE = (
    "Le compte {email} est lié à une autre identité ProConnect. Écrivez au service Archives du Centre de gestion, "
    "{contact}, avant de recommencer."
)


def reconnaitre(identite: Identite, *, le: datetime) -> Utilisateur:
    """The person to let in; linked to their ProConnect identity at the first time. RefusDeProConnect for nobody."""
    magasin = current_app.extensions["security"].datastore
    liee: Utilisateur | None = magasin.find_user(proconnect_sub=identite.sub)
    if liee is not None:
        return _ouvert(liee, identite)
    connue: Utilisateur | None = magasin.find_user(case_insensitive=True, email=identite.email)
    personne = _ouvert(connue, identite)
    if personne.proconnect_sub is not None:
        raise _refus(AUTRE, identite)
    personne.proconnect_sub = identite.sub
    noter(
        "utilisateur",
        personne.id,
        "lier à ProConnect",
        par=personne,
        le=le,
        resume=f"{personne.nom} ({personne.email})",
    )
    db.session.flush()
    return personne


def _ouvert(personne: Utilisateur | None, identite: Identite) -> Utilisateur:
    """An account that is open; a closed one is as unknown as none."""
    if personne is None or not personne.active:
        raise _refus(INCONNU, identite)
    return personne


def _refus(phrase: str, identite: Identite) -> RefusDeProConnect:
    """The sentence, with the address known there and whom to write to here."""
    contact = current_app.config["COORDONNATEUR_COURRIEL"]
    return RefusDeProConnect(phrase.format(email=identite.email, contact=contact), 403)
