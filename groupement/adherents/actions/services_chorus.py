"""The services of a body in Chorus Pro: added, renamed, set aside. Nothing commits."""

from datetime import datetime

from sqlalchemy import select

from groupement.adherents.models import Collectivite, ServiceChorus
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def ajouter_service(collectivite: Collectivite, code: str, nom: str, *, par: Auteur, le: datetime) -> ServiceChorus:
    """One more service. RegleRefusee when the body has one of that code, in use or set aside."""
    _refuser_le_doublon(collectivite.id, code, None)
    service = ServiceChorus(collectivite_id=collectivite.id, collectivite=collectivite, code=code, nom=nom, actif=True)
    db.session.add(service)
    db.session.flush()
    noter("service_chorus", service.id, "creer", par=par, le=le, resume=_resume(service))
    return service


def modifier_service(service: ServiceChorus, code: str, nom: str, *, par: Auteur, le: datetime) -> None:
    """Another code or name; orders already validated keep the code they were given."""
    _refuser_le_doublon(service.collectivite_id, code, service.id)
    avant = (service.code, service.nom)
    if avant == (code, nom):
        return
    service.code, service.nom = code, nom
    details = {"code": [avant[0], code], "nom": [avant[1], nom]}
    noter("service_chorus", service.id, "modifier", par=par, le=le, resume=_resume(service), details=details)


def basculer_service(service: ServiceChorus, actif: bool, *, par: Auteur, le: datetime) -> None:
    """Stop or resume offering it to orders."""
    if service.actif == actif:
        raise RegleRefusee(f"Ce service est déjà {'proposé' if actif else 'mis de côté'}.")
    service.actif = actif
    noter("service_chorus", service.id, "réactiver" if actif else "désactiver", par=par, le=le, resume=_resume(service))


def _resume(service: ServiceChorus) -> str:
    """What the journal says of it."""
    return f"{service.collectivite.nom}, {service.code} {service.nom}"


def _refuser_le_doublon(collectivite_id: int, code: str, sauf: int | None) -> None:
    """Two services of one body have two codes."""
    autre = select(ServiceChorus.nom).where(
        ServiceChorus.collectivite_id == collectivite_id, ServiceChorus.code == code, ServiceChorus.id != (sauf or 0)
    )
    if (nom := db.session.scalar(autre)) is not None:
        raise RegleRefusee(f"Ce code est déjà celui du service «\u00a0{nom}\u00a0»\u00a0: reprenez celui-là.")
