"""Versions of the convention constitutive: bodies adhere to one, marchés rest on one."""

from datetime import date, datetime

from sqlalchemy import select

from groupement.adherents.models import Convention
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def enregistrer_convention(intitule: str, version: str, adoptee_le: date, *, par: Auteur, le: datetime) -> Convention:
    """Record a version. RegleRefusee when the version is known already, or adopted in the future."""
    if db.session.scalar(select(Convention.id).where(Convention.version == version)) is not None:
        raise RegleRefusee(f"La version «\u00a0{version}\u00a0» de la convention est déjà enregistrée.")
    if adoptee_le > jour_a_paris(le):
        raise RegleRefusee("La convention n’est enregistrée qu’une fois adoptée\u00a0: cette date est dans l’avenir.")
    convention = Convention(intitule=intitule, version=version, adoptee_le=adoptee_le)
    db.session.add(convention)
    db.session.flush()
    noter("convention", convention.id, "creer", par=par, le=le, resume=f"{intitule}, version {version}")
    return convention
