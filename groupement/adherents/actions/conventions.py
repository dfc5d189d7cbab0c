"""Versions of the convention constitutive: bodies adhere to one, marchés rest on one."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import Convention
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Auteur, noter


class DateImpossible(RegleRefusee):
    """A closing date that cannot be."""

    champ = "cloture_le"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What may still be said of a version once it is adopted: until when it is signed, its lots, its text."""

    cloture_le: date | None = None
    lots: list[dict[str, Any]] = field(default_factory=list)
    texte: Fichier | None = None


def enregistrer_convention(
    intitule: str, version: str, adoptee_le: date, conditions: Conditions | None = None, *, par: Auteur, le: datetime
) -> Convention:
    """Record a version. RegleRefusee when the version is known already, or a date cannot be."""
    if db.session.scalar(select(Convention.id).where(Convention.version == version)) is not None:
        raise RegleRefusee(f"La version «\u00a0{version}\u00a0» de la convention est déjà enregistrée.")
    if adoptee_le > jour_a_paris(le):
        raise RegleRefusee("La convention n’est enregistrée qu’une fois adoptée\u00a0: cette date est dans l’avenir.")
    conditions = conditions or Conditions()
    _exiger_la_cloture(adoptee_le, conditions.cloture_le)
    convention = Convention(
        intitule=intitule, version=version, adoptee_le=adoptee_le, cloture_le=conditions.cloture_le,
        lots=conditions.lots, texte=conditions.texte,
    )  # fmt: skip
    db.session.add(convention)
    db.session.flush()
    noter("convention", convention.id, "creer", par=par, le=le, resume=f"{intitule}, version {version}")
    return convention


def completer_convention(convention: Convention, conditions: Conditions, *, par: Auteur, le: datetime) -> bool:
    """Say until when it is signed and which lots it foresees, lay down its text once; False when nothing differs.

    RegleRefusee for a closing date before its adoption, or a second text: another text is another version.
    """
    _exiger_la_cloture(convention.adoptee_le, conditions.cloture_le)
    if conditions.texte is not None and convention.texte_id is not None:
        raise RegleRefusee("Le texte de cette version est déjà déposé\u00a0: un autre texte est une nouvelle version.")
    avant = (convention.cloture_le, convention.lots)
    changes = {
        champ: [str(ancien), str(neuf)]
        for champ, ancien, neuf in zip(
            ("cloture_le", "lots"), avant, (conditions.cloture_le, conditions.lots), strict=True
        )
        if ancien != neuf
    } | ({"texte": ["", conditions.texte.nom]} if conditions.texte else {})
    if not changes:
        return False
    convention.cloture_le, convention.lots = conditions.cloture_le, conditions.lots
    convention.texte = conditions.texte or convention.texte
    noter("convention", convention.id, "modifier", par=par, le=le, resume=convention.version, details=changes)
    return True


def _exiger_la_cloture(adoptee_le: date, cloture_le: date | None) -> None:
    """The last day to sign comes after the adoption."""
    if cloture_le is not None and cloture_le < adoptee_le:
        raise DateImpossible(
            f"La clôture des adhésions ne peut pas précéder l’adoption de la convention ({adoptee_le:%d/%m/%Y})."
        )
