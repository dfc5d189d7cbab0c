"""Whose account ProConnect opens: the one it opened before, else that of the same address. None is ever made."""

from datetime import datetime
from typing import Any

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


def reconnaitre(identite: Identite, magasin: Any, *, contact: str, le: datetime) -> Utilisateur:
    """The person to let in; linked to their ProConnect identity at the first time. RefusDeProConnect for nobody.

    `magasin` is where sign-in finds people (it keeps those of the demonstration out of production); `contact`, the
    address an unknown person is told to write to.
    """
    liee: Utilisateur | None = magasin.find_user(proconnect_sub=identite.sub)
    if liee is not None:
        return _ouvert(liee, identite, contact)
    connue: Utilisateur | None = magasin.find_user(case_insensitive=True, email=identite.email)
    personne = _ouvert(connue, identite, contact)
    if personne.proconnect_sub is not None:
        raise _refus(AUTRE, identite, contact)
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


def _ouvert(personne: Utilisateur | None, identite: Identite, contact: str) -> Utilisateur:
    """An account that is open; a closed one is as unknown as none."""
    if personne is None or not personne.active:
        raise _refus(INCONNU, identite, contact)
    return personne


def _refus(phrase: str, identite: Identite, contact: str) -> RefusDeProConnect:
    """The sentence, with the address known there and whom to write to here."""
    return RefusDeProConnect(phrase.format(email=identite.email, contact=contact), 403)
