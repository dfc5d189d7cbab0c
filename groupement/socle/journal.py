"""The journal: who did what, when, from which state to which. Append-only; the database refuses the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    Integer,
    String,
    cast,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from groupement.socle.calendrier import date_heure_fr
from groupement.socle.db import Base, DateHeure, db
from groupement.socle.etats import EtatLibelle, Transitions, etat_suivant


class Auteur(Protocol):
    """Somebody an act can be attributed to."""

    @property
    def nom(self) -> str:
        """The name written in the journal."""

    @property
    def utilisateur_id(self) -> int | None:
        """The account, or None when the machine acted (demo, scheduled task)."""


class ObjetAEtat(Protocol):
    """What can be taken through a transition table."""

    id: Any
    etat: Any
    __tablename__: str


class Evenement(Base):
    """One line of the journal."""

    __tablename__ = "evenement"
    __table_args__ = (Index("ix_evenement_objet", "objet", "objet_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    le: Mapped[datetime] = mapped_column(DateHeure, index=True)
    par: Mapped[str] = mapped_column(String(200))
    utilisateur_id: Mapped[int | None] = mapped_column(ForeignKey("utilisateur.id"))
    verbe: Mapped[str] = mapped_column(String(60))
    objet: Mapped[str] = mapped_column(String(60))
    objet_id: Mapped[int | None]
    resume: Mapped[str] = mapped_column(String(500), default="")
    avant: Mapped[str | None] = mapped_column(String(60))
    apres: Mapped[str | None] = mapped_column(String(60))
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)


def noter(
    objet: str,
    objet_id: int | None,
    verbe: str,
    *,
    par: Auteur,
    le: datetime,
    resume: str = "",
    avant: str | None = None,
    apres: str | None = None,
    details: dict[str, Any] | None = None,
) -> Evenement:
    """Write one line; the caller commits. `details` holds JSON values only (amounts as strings)."""
    ligne = Evenement(
        objet=objet,
        objet_id=objet_id,
        verbe=verbe,
        par=par.nom,
        utilisateur_id=par.utilisateur_id,
        le=le,
        resume=resume,
        avant=avant,
        apres=apres,
        details=details,
    )
    db.session.add(ligne)
    return ligne


def noter_tous(
    objet: str, faits: Iterable[tuple[int, str]], verbe: str, *, par: Auteur, le: datetime, apres: str | None = None
) -> None:
    """Write one line for each (id, summary) of `faits`, in one statement; the caller commits."""
    commun = {"objet": objet, "verbe": verbe, "par": par.nom, "utilisateur_id": par.utilisateur_id, "le": le}
    lignes = [{**commun, "objet_id": objet_id, "resume": resume, "apres": apres} for objet_id, resume in faits]
    if lignes:
        db.session.execute(insert(Evenement), lignes)


def franchir(
    objet: ObjetAEtat, transitions: Transitions, verbe: str, *, par: Auteur, le: datetime, resume: str = ""
) -> EtatLibelle:
    """Take `objet` through the transition `verbe` and write it in the journal; the caller commits.

    Raises TransitionInterdite when the table does not allow it; nothing is written then.
    """
    avant = objet.etat
    apres = etat_suivant(avant, transitions, verbe)
    if objet.id is None:
        db.session.flush()
    noter(objet.__tablename__, objet.id, verbe, par=par, le=le, resume=resume, avant=avant, apres=apres)
    objet.etat = apres
    return apres


@dataclass(frozen=True, slots=True)
class Automate:
    """The machine itself, when no person acted."""

    nom: str = "Application"
    utilisateur_id: int | None = None


AUTOMATE = Automate()


def franchir_tous(
    modele: type[Base],
    condition: ColumnElement[bool],
    transitions: Transitions,
    verbe: str,
    *,
    par: Auteur,
    le: datetime,
    resume: str = "",
) -> int:
    """Take every row of `modele` that meets `condition` through `verbe`: two statements, however many rows.

    Rows in a state the verb does not start from are left alone; returns how many went through. The journal gets one
    line a row. Objects already loaded are refreshed by the caller when it needs their new state.
    """
    table = modele.__table__
    depuis, vers = transitions[verbe]
    concernees = condition & table.c.etat.in_(depuis)
    lignes = select(
        literal(le, DateHeure),
        literal(par.nom, String),
        literal(par.utilisateur_id, Integer),
        literal(verbe, String),
        literal(table.name, String),
        table.c.id,
        literal(resume, String),
        cast(table.c.etat, String),
        literal(vers.value, String),
    ).where(concernees)
    colonnes = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume", "avant", "apres")
    db.session.execute(insert(Evenement).from_select(colonnes, lignes.order_by(table.c.id)))
    resultat = db.session.execute(
        update(modele).where(concernees).values(etat=vers), execution_options={"synchronize_session": False}
    )
    assert isinstance(resultat, CursorResult)
    return resultat.rowcount


def derniere_modification(objet: str, objet_id: int) -> Evenement | None:
    """The last line of the journal on an object: who changed it, and when."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == objet, Evenement.objet_id == objet_id)
        .order_by(Evenement.id.desc())
        .limit(1)
    ).one_or_none()


def qui_a_change(objet: str, objet_id: int) -> str:
    """Who changed an object last, as a sentence names them: « Hélène Vasseur (22/11/2026 14 h 05) »."""
    dernier = derniere_modification(objet, objet_id)
    return f"{dernier.par} ({date_heure_fr(dernier.le)})" if dernier else "une autre personne"
