"""Passkeys: added and taken away by their person; used to enter."""

from datetime import datetime

from sqlalchemy import select
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.registration.verify_registration_response import VerifiedRegistration

from groupement.adherents.models import CleDAcces, Utilisateur
from groupement.adherents.securite.courrier import adresse_publique
from groupement.socle import courriels
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter

CLES_AU_PLUS = 10


def ajouter(
    personne: Utilisateur, nom: str, verifiee: VerifiedRegistration, poignee: str, *, par: Auteur, le: datetime
) -> CleDAcces:
    """Keep the public half of a key just made, and write to its person. RegleRefusee for a name or a key known."""
    siennes = db.session.scalars(select(CleDAcces).where(CleDAcces.utilisateur_id == personne.id)).all()
    if any(cle.nom == nom for cle in siennes):
        raise RegleRefusee(f"Vous avez déjà une clé nommée «\u00a0{nom}\u00a0»\u00a0: donnez-lui un autre nom.")
    if len(siennes) >= CLES_AU_PLUS:
        raise RegleRefusee(f"Vous avez déjà {CLES_AU_PLUS} clés\u00a0: retirez-en une dont vous ne vous servez plus.")
    connue = select(CleDAcces.id).where(CleDAcces.identifiant == verifiee.credential_id)
    if db.session.scalar(connue) is not None:
        raise RegleRefusee("Cette clé d’accès est déjà enregistrée.")
    personne.poignee_de_cle = personne.poignee_de_cle or poignee
    cle = CleDAcces(
        utilisateur_id=personne.id,
        nom=nom,
        identifiant=verifiee.credential_id,
        cle_publique=verifiee.credential_public_key,
        compteur=verifiee.sign_count,
        creee_le=le,
    )
    db.session.add(cle)
    db.session.flush()
    noter("utilisateur", personne.id, "ajouter une clé d’accès", par=par, le=le, resume=f"{personne.nom}, {nom}")
    _prevenir(personne, "Une clé d’accès vient d’être ajoutée", "cle_ajoutee", nom, le)
    return cle


def retirer(cle: CleDAcces, *, derniere_permise: bool, par: Auteur, le: datetime) -> None:
    """Forget a key. RegleRefusee for the only second factor of somebody who must have one."""
    personne = cle.utilisateur
    autres = select(CleDAcces.id).where(CleDAcces.utilisateur_id == personne.id, CleDAcces.id != cle.id).limit(1)
    seule = personne.tf_primary_method is None and db.session.scalar(autres) is None
    if seule and not derniere_permise:
        raise RegleRefusee(
            "C’est votre seul second facteur, et le Centre de gestion en demande un\u00a0: ajoutez d’abord une autre "
            "clé, ou votre téléphone."
        )
    noter("utilisateur", personne.id, "retirer une clé d’accès", par=par, le=le, resume=f"{personne.nom}, {cle.nom}")
    _prevenir(personne, "Une clé d’accès vient d’être retirée", "cle_retiree", cle.nom, le)
    db.session.delete(cle)


def servir(cle: CleDAcces, verifiee: VerifiedAuthentication, *, le: datetime) -> None:
    """The key has just opened the door: its count and its date."""
    cle.compteur, cle.utilisee_le = verifiee.new_sign_count, le


def _prevenir(personne: Utilisateur, sujet: str, gabarit: str, cle: str, le: datetime) -> None:
    """A mail: somebody who did not do this must learn of it."""
    lien = adresse_publique("/mon-compte/cles-d-acces")
    courriels.ecrire(
        personne.email, sujet, gabarit, le=le, nom=personne.nom, cle=cle, lien=lien, accueil=adresse_publique("/")
    )
