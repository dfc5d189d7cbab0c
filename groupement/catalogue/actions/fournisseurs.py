"""Suppliers."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from groupement.catalogue.models import Fournisseur
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


@dataclass(frozen=True, slots=True)
class Coordonnees:
    """How a supplier is named and reached. `siret`: 14 digits, already checked."""

    nom: str
    siret: str
    courriel: str
    adresse: str
    code_postal: str
    ville: str
    telephone: str = ""


def creer_fournisseur(coordonnees: Coordonnees, *, par: Auteur, le: datetime) -> Fournisseur:
    """Record a supplier. Raises RegleRefusee when its SIRET is already known."""
    _refuser_un_siret_connu(coordonnees.siret, None)
    fournisseur = Fournisseur(**asdict(coordonnees))
    db.session.add(fournisseur)
    db.session.flush()
    noter("fournisseur", fournisseur.id, "creer", par=par, le=le, resume=fournisseur.nom)
    return fournisseur


def modifier_fournisseur(fournisseur: Fournisseur, coordonnees: Coordonnees, *, par: Auteur, le: datetime) -> None:
    """Correct a supplier; the journal keeps what changed. Raises RegleRefusee for a SIRET another one has."""
    _refuser_un_siret_connu(coordonnees.siret, fournisseur.id)
    changes = {
        champ: [getattr(fournisseur, champ), valeur]
        for champ, valeur in asdict(coordonnees).items()
        if getattr(fournisseur, champ) != valeur
    }
    if not changes:
        return
    for champ, (_, valeur) in changes.items():
        setattr(fournisseur, champ, valeur)
    noter("fournisseur", fournisseur.id, "modifier", par=par, le=le, resume=fournisseur.nom, details=changes)


def _refuser_un_siret_connu(siret: str, sauf_id: int | None) -> None:
    """One supplier a SIRET."""
    connu = db.session.scalars(select(Fournisseur).where(Fournisseur.siret == siret)).one_or_none()
    if connu is not None and connu.id != sauf_id:
        raise RegleRefusee(f"Ce SIRET est déjà celui de «\u00a0{connu.nom}\u00a0».")
