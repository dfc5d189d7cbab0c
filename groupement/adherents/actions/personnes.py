"""People: invite, give and end roles, close and open accounts. Each act is a line of the journal; nothing commits."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask_security import hash_password
from sqlalchemy import func, select

from groupement.adherents.actions import delegations
from groupement.adherents.models import CleDAcces, Habilitation, Utilisateur
from groupement.adherents.rules.verrouillage import est_verrouille
from groupement.adherents.securite.courrier import adresse_publique
from groupement.adherents.securite.invitations import lien_d_invitation
from groupement.adherents.securite.messages import SUJET_D_INVITATION
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.socle import courriels
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def inviter(
    nom: str, email: str, roles: Iterable[tuple[Role, int | None]], *, telephone: str = "", par: Auteur, le: datetime
) -> Utilisateur:
    """Open an account with its roles (role, body) from today, and write the mail with the link to choose a password.

    RegleRefusee when somebody already has that address.
    """
    email = email.strip().lower()
    if db.session.scalar(select(Utilisateur.id).where(func.lower(Utilisateur.email) == email)):
        raise RegleRefusee(f"Un compte existe déjà à l’adresse {email}\u00a0: ajoutez-lui un rôle depuis sa fiche.")
    personne = Utilisateur(nom=nom, email=email, telephone=telephone, fs_uniquifier=uuid4().hex, active=True)
    personne.echecs_de_connexion = 0
    db.session.add(personne)
    db.session.flush()
    noter("utilisateur", personne.id, "inviter", par=par, le=le, resume=f"{nom} ({email})")
    for role, collectivite_id in dict.fromkeys(roles):
        habiliter(personne, role, collectivite_id, par=par, le=le)
    db.session.flush()
    envoyer_invitation(personne, par=par, le=le)
    return personne


def envoyer_invitation(personne: Utilisateur, *, par: Auteur, le: datetime) -> None:
    """Write the mail with a new link. RegleRefusee for somebody who already chose a password."""
    if personne.password:
        raise RegleRefusee(f"{personne.nom} a déjà choisi son mot de passe\u00a0: une invitation ne servirait à rien.")
    db.session.refresh(personne, ["habilitations"])
    courriels.ecrire(
        personne.email,
        SUJET_D_INVITATION,
        "invitation",
        le=le,
        nom=personne.nom,
        par=par.nom,
        roles=[habilitation.intitule for habilitation in personne.habilitations],
        lien=lien_d_invitation(personne),
        accueil=adresse_publique("/"),
    )


def renvoyer_invitation(personne: Utilisateur, *, par: Auteur, le: datetime) -> None:
    """Send the invitation again."""
    envoyer_invitation(personne, par=par, le=le)
    noter("utilisateur", personne.id, "réinviter", par=par, le=le, resume=personne.nom)


def choisir_mot_de_passe(personne: Utilisateur, mot_de_passe: str, *, par: Auteur, le: datetime) -> None:
    """The first password, from the link of the invitation."""
    personne.password = hash_password(mot_de_passe)
    personne.echecs_de_connexion, personne.verrouille_jusqu_au = 0, None
    noter("utilisateur", personne.id, "choisir le mot de passe", par=par, le=le, resume=personne.nom)


def modifier(personne: Utilisateur, valeurs: Mapping[str, Any], *, par: Auteur, le: datetime) -> None:
    """Change name or telephone."""
    changes = {
        cle: [getattr(personne, cle), valeur] for cle, valeur in valeurs.items() if getattr(personne, cle) != valeur
    }
    if not changes:
        return
    for cle, valeur in valeurs.items():
        setattr(personne, cle, valeur)
    noter("utilisateur", personne.id, "modifier", par=par, le=le, resume=personne.nom, details=changes)


def habiliter(
    personne: Utilisateur, role: Role, collectivite_id: int | None, *, par: Auteur, le: datetime
) -> Habilitation:
    """Give a role from today on. RegleRefusee when it makes no sense or is already held."""
    if (role in ROLES_COLLECTIVITE) != (collectivite_id is not None):
        raise RegleRefusee("Un agent ou un valideur agit pour une collectivité\u00a0; les autres rôles, pour aucune.")
    aujourdhui = jour_a_paris(le)
    existante = db.session.scalars(
        select(Habilitation).where(
            Habilitation.utilisateur_id == personne.id,
            Habilitation.deleguee_par_id.is_(None),
            Habilitation.role == role,
            Habilitation.collectivite_id.is_(None)
            if collectivite_id is None
            else Habilitation.collectivite_id == collectivite_id,
        )
    ).first()
    if existante is not None and (existante.au is None or existante.au >= aujourdhui):
        raise RegleRefusee(f"{personne.nom} a déjà ce rôle.")
    habilitation = existante or Habilitation(utilisateur_id=personne.id, role=role, collectivite_id=collectivite_id)
    habilitation.du, habilitation.au = aujourdhui, None
    db.session.add(habilitation)
    db.session.flush()
    noter("utilisateur", personne.id, "habiliter", par=par, le=le, resume=f"{personne.nom}, {habilitation.intitule}")
    return habilitation


def terminer_habilitation(habilitation: Habilitation, *, par: Auteur, le: datetime) -> None:
    """End a role now: yesterday was its last day. RegleRefusee for one's own role of administrateur.

    What was lent from it ends with it; a role that was lent ends as its delegation.
    """
    personne = habilitation.utilisateur
    if habilitation.deleguee_par_id is not None:
        return delegations.terminer(habilitation, par=par, le=le)
    if habilitation.role is Role.ADMINISTRATEUR and personne.id == par.utilisateur_id:
        raise RegleRefusee(
            "Vous ne pouvez pas vous retirer le rôle d’administrateur\u00a0: demandez à un autre administrateur."
        )
    hier = jour_a_paris(le) - timedelta(days=1)
    if habilitation.au is not None and habilitation.au <= hier:
        raise RegleRefusee("Ce rôle est déjà terminé.")
    resume = f"{personne.nom}, {habilitation.intitule}"
    noter("utilisateur", personne.id, "retirer un rôle", par=par, le=le, resume=resume)
    delegations.retirer_celles_de(habilitation, par=par, le=le)
    pretee = delegations.a_ete_pretee(habilitation)
    if habilitation.du > hier and not pretee:  # given and taken away on the same day: it never was
        db.session.delete(habilitation)
    else:
        habilitation.au = hier


def desactiver(personne: Utilisateur, *, par: Auteur, le: datetime) -> None:
    """Close the account: sessions end at their next page. RegleRefusee for one's own."""
    if personne.id == par.utilisateur_id:
        raise RegleRefusee("Vous ne pouvez pas fermer votre propre compte\u00a0: demandez à un autre administrateur.")
    _basculer(personne, False, "désactiver", par, le)


def reactiver(personne: Utilisateur, *, par: Auteur, le: datetime) -> None:
    """Open the account again."""
    _basculer(personne, True, "réactiver", par, le)


def _basculer(personne: Utilisateur, active: bool, verbe: str, par: Auteur, le: datetime) -> None:
    """Set `active`, unless it is so already."""
    if personne.active == active:
        raise RegleRefusee(f"Le compte de {personne.nom} est déjà {'ouvert' if active else 'fermé'}.")
    personne.active = active
    noter("utilisateur", personne.id, verbe, par=par, le=le, resume=personne.nom)


def deverrouiller(personne: Utilisateur, *, par: Auteur, le: datetime) -> None:
    """Let somebody try again before the quarter of an hour is over."""
    personne.echecs_de_connexion, personne.verrouille_jusqu_au = 0, None
    noter("utilisateur", personne.id, "déverrouiller", par=par, le=le, resume=personne.nom)


def retirer_second_facteur(personne: Utilisateur, *, par: Auteur, le: datetime) -> None:
    """The telephone is lost, and the keys it kept: start again from the password. Sessions end at their next page."""
    cles = db.session.scalars(select(CleDAcces).where(CleDAcces.utilisateur_id == personne.id)).all()
    if not personne.tf_primary_method and not cles:
        raise RegleRefusee(f"{personne.nom} n’a enregistré ni téléphone ni clé d’accès.")
    for cle in cles:
        db.session.delete(cle)
    personne.tf_primary_method = personne.tf_totp_secret = personne.mf_recovery_codes = None
    personne.fs_uniquifier = uuid4().hex
    noter("utilisateur", personne.id, "retirer le second facteur", par=par, le=le, resume=personne.nom)


def roles_en_cours(personne: Utilisateur, le: date) -> list[str]:
    """The roles held that day, as a person reads them: one line a role, its bodies after it; lent ones included."""
    corps: dict[Role, list[str]] = {}
    for habilitation in personne.habilitations:
        if est_en_cours(habilitation, le):
            noms = corps.setdefault(habilitation.role, [])
            noms += [habilitation.collectivite.nom] if habilitation.collectivite else []
    return [
        role.libelle() + (f"\u00a0: {', '.join(sorted(set(corps[role])))}" if corps[role] else "")
        for role in Role
        if role in corps
    ]


def acces_de(personne: Utilisateur, le: datetime) -> tuple[str, str]:
    """May the person sign in? A tone and a few words."""
    if not personne.active:
        return "neutre", "Compte fermé"
    if est_verrouille(personne.verrouille_jusqu_au, le):
        return "danger", "Verrouillé un quart d’heure"
    if personne.password is None and personne.current_login_at is None:
        return "attention", "Invitation envoyée"
    return "succes", "Compte ouvert"


def est_en_cours(habilitation: Habilitation, le: date) -> bool:
    """Whether the role holds on that day; a delegated one, as long as the role it comes from."""
    if not (habilitation.du <= le and (habilitation.au is None or habilitation.au >= le)):
        return False
    origine = habilitation.origine
    return origine is None or (origine.utilisateur.active and est_en_cours(origine, le))
