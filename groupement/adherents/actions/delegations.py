"""Lending a role while one is away, and taking it back. Both are told by mail."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.queries import delegations as queries
from groupement.adherents.rules import delegation as rules
from groupement.adherents.securite.courrier import adresse_publique
from groupement.adherents.states import DELEGABLES
from groupement.socle import courriels
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def deleguer(
    origine: Habilitation, a: Utilisateur, *, du: date, au: date, motif: str, par: Auteur, le: datetime
) -> Habilitation:
    """Lend the role `origine` to `a`, from `du` to `au` included. RegleRefusee when it may not be."""
    db.session.refresh(origine, with_for_update={"of": Habilitation})
    jour = jour_a_paris(le)
    _exiger_delegable(origine, a, par, jour)
    if faute := rules.faute_du_debut(du, jour) or rules.faute_de_la_fin(du, au, origine.au):
        raise RegleRefusee(faute)
    _exiger_sans_doublon(origine, a, du, au)
    delegation = Habilitation(
        utilisateur_id=a.id, role=origine.role, collectivite_id=origine.collectivite_id, du=du, au=au, motif=motif
    )
    delegation.origine = origine
    db.session.add(delegation)
    db.session.flush()
    noter("utilisateur", a.id, "recevoir une délégation", par=par, le=le, resume=_resume(delegation, a))
    noter("utilisateur", origine.utilisateur_id, "déléguer", par=par, le=le, resume=_resume(delegation, a))
    _prevenir(delegation, a, "delegation_donnee", "delegation_recue", "Délégation", le)
    return delegation


def _exiger_delegable(origine: Habilitation, a: Utilisateur, par: Auteur, jour: date) -> None:
    """One's own role, in force, lent to somebody else who may sign in."""
    if origine.utilisateur_id != par.utilisateur_id or origine.role not in DELEGABLES:
        raise RegleRefusee("Vous ne pouvez déléguer que l’un de vos propres rôles.")
    if origine.deleguee_par_id is not None:
        raise RegleRefusee("Ce rôle vous est délégué\u00a0: il ne se délègue pas une seconde fois.")
    if origine.du > jour or (origine.au is not None and origine.au < jour):
        raise RegleRefusee("Ce rôle n’est plus le vôtre\u00a0: il ne se délègue pas.")
    if a.id == origine.utilisateur_id:
        raise RegleRefusee("Vous ne pouvez pas vous déléguer un rôle à vous-même.")
    if not a.active:
        raise RegleRefusee(f"Le compte de {a.nom} est fermé\u00a0: choisissez une autre personne.")


def _exiger_sans_doublon(origine: Habilitation, a: Utilisateur, du: date, au: date) -> None:
    """Nobody is lent what they hold already: two mails for one order, two names for one act."""
    memes = select(Habilitation).where(
        Habilitation.utilisateur_id == a.id,
        Habilitation.role == origine.role,
        Habilitation.collectivite_id.is_(None)
        if origine.collectivite_id is None
        else Habilitation.collectivite_id == origine.collectivite_id,
    )
    for tenue in db.session.scalars(memes):
        if rules.se_recouvrent(du, au, tenue.du, tenue.au):
            par_delegation = ", par délégation," if tenue.deleguee_par_id is not None else ""
            raise RegleRefusee(f"{a.nom} a déjà ce rôle{par_delegation} pendant cette période.")


def terminer(delegation: Habilitation, *, par: Auteur, le: datetime) -> None:
    """Take the role back at once. RegleRefusee when the delegation is over."""
    assert delegation.au is not None
    if delegation.au < jour_a_paris(le):
        raise RegleRefusee("Cette délégation est déjà terminée.")
    retirer(delegation, par=par, le=le)


def retirer(delegation: Habilitation, *, par: Auteur, le: datetime) -> None:
    """End it: yesterday was its last day, or it never was; both are told."""
    a, hier = delegation.utilisateur, jour_a_paris(le) - timedelta(days=1)
    delegant = delegation.origine.utilisateur if delegation.origine else a
    for personne in (a, delegant):
        noter("utilisateur", personne.id, "terminer une délégation", par=par, le=le, resume=_resume(delegation, a))
    _prevenir(delegation, a, "delegation_terminee", "delegation_terminee", "Fin de la délégation", le)
    if delegation.du > hier:
        db.session.delete(delegation)
    else:
        delegation.au = hier
    db.session.flush()


def retirer_celles_de(habilitation: Habilitation, *, par: Auteur, le: datetime) -> None:
    """A role that ends takes with it what was lent from it: the present ends, the past stays."""
    jour = jour_a_paris(le)
    for delegation in queries.delegations_issues_de(habilitation.id):
        if delegation.au is not None and delegation.au >= jour:
            retirer(delegation, par=par, le=le)


def a_ete_pretee(habilitation: Habilitation) -> bool:
    """Whether something was ever lent from this role: its row then stays, for the history of the others."""
    db.session.flush()
    issue = select(Habilitation.id).where(Habilitation.deleguee_par_id == habilitation.id).limit(1)
    return db.session.scalar(issue) is not None


def _resume(delegation: Habilitation, a: Utilisateur) -> str:
    """Who lends what to whom, until when, and why, for the journal."""
    de = delegation.origine.utilisateur.nom if delegation.origine else ""
    au = f" jusqu’au {date_fr(delegation.au)}" if delegation.au else ""
    return f"{de} à {a.nom}, {delegation.intitule}, du {date_fr(delegation.du)}{au}\u00a0: {delegation.motif}"[:500]


def _prevenir(
    delegation: Habilitation, a: Utilisateur, au_delegant: str, au_delegue: str, sujet: str, le: datetime
) -> None:
    """A mail to each of the two."""
    assert delegation.origine is not None
    delegant = delegation.origine.utilisateur
    commun: dict[str, Any] = {
        "delegant": delegant.nom,
        "delegue": a.nom,
        "role": delegation.intitule,
        "du": delegation.du,
        "au": delegation.au,
        "motif": delegation.motif,
        "lien": adresse_publique("/mon-compte"),
        "accueil": adresse_publique("/"),
    }
    for personne, gabarit in ((delegant, au_delegant), (a, au_delegue)):
        courriels.ecrire(
            personne.email, f"{sujet}\u00a0: {delegation.intitule}", gabarit, le=le, nom=personne.nom, **commun
        )
