"""Mails are rows first: written with the act they announce, sent after its commit, retried when the server fails.

A row names its attachments (`bon_de_commande:12`); the bytes are made when the mail leaves, by whoever registered
for that name, so that a transaction never renders a PDF.
"""

import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from flask import current_app, render_template
from sqlalchemy import JSON, ColumnElement, CursorResult, Index, String, Text, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from groupement.socle.db import Base, DateHeure, colonne_etat, db
from groupement.socle.etats import EtatLibelle

ESSAIS_MAX = 8


class EtatCourriel(EtatLibelle):
    """Where a mail stands."""

    EN_ATTENTE = "en_attente", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    ABANDONNE = "abandonne", "Non remis"


@dataclass(frozen=True, slots=True)
class Piece:
    """An attachment ready to leave."""

    nom: str
    type_mime: str
    octets: bytes


class Courriel(Base):
    """One mail to one person. In demo mode it stays here and is read in the application."""

    __tablename__ = "courriel"
    __table_args__ = (Index("ix_courriel_a_envoyer", "etat", "prochain_essai_le"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    destinataire: Mapped[str] = mapped_column(String(255), index=True)
    sujet: Mapped[str] = mapped_column(String(255))
    corps: Mapped[str] = mapped_column(Text)
    pieces: Mapped[list[str]] = mapped_column(JSON, default=list)
    etat: Mapped[EtatCourriel] = mapped_column(colonne_etat(EtatCourriel), default=EtatCourriel.EN_ATTENTE)
    ecrit_le: Mapped[datetime] = mapped_column(DateHeure)
    envoye_le: Mapped[datetime | None] = mapped_column(DateHeure)
    prochain_essai_le: Mapped[datetime] = mapped_column(DateHeure)
    essais: Mapped[int] = mapped_column(default=0)
    derniere_erreur: Mapped[str | None] = mapped_column(String(500))


FabriqueDePiece = Callable[[int], Piece]
_fabriques: dict[str, FabriqueDePiece] = {}


def enregistrer_fabrique(genre: str, fabrique: FabriqueDePiece) -> None:
    """Say who makes the attachments named `genre:id`."""
    _fabriques[genre] = fabrique


def fabriquer(piece: str) -> Piece:
    """The attachment named `genre:id`. KeyError when nobody makes that kind."""
    genre, _, identifiant = piece.partition(":")
    return _fabriques[genre](int(identifiant))


def ecrire(
    destinataire: str, sujet: str, gabarit: str, *, le: datetime, pieces: list[str] | None = None, **valeurs: Any
) -> Courriel:
    """Queue a mail whose text is `templates/courriels/<gabarit>.txt`; the caller commits."""
    courriel = Courriel(
        destinataire=destinataire,
        sujet=sujet,
        corps=render_template(f"courriels/{gabarit}.txt", **valeurs),
        pieces=pieces or [],
        ecrit_le=le,
        prochain_essai_le=le,
        etat=EtatCourriel.EN_ATTENTE,
        essais=0,
    )
    db.session.add(courriel)
    return courriel


def ecrire_plusieurs(gabarit: str, lettres: Sequence[tuple[str, str, Mapping[str, Any]]], *, le: datetime) -> None:
    """Queue one mail a letter (recipient, subject, values): one statement, however many; the caller commits.

    The value `pieces`, if any, names the attachments.
    """
    texte = current_app.jinja_env.get_template(f"courriels/{gabarit}.txt")
    communs: dict[str, Any] = {}
    current_app.update_template_context(communs)
    lignes = [
        {
            "destinataire": destinataire,
            "sujet": sujet,
            "corps": texte.render(communs | dict(valeurs)),
            "pieces": list(valeurs.get("pieces", ())),
            "ecrit_le": le,
            "prochain_essai_le": le,
            "etat": EtatCourriel.EN_ATTENTE,
            "essais": 0,
        }
        for destinataire, sujet, valeurs in lettres
    ]
    if lignes:
        db.session.execute(insert(Courriel.__table__), lignes)


def a_envoyer(le: datetime) -> ColumnElement[bool]:
    """The mails whose turn has come."""
    return (Courriel.etat == EtatCourriel.EN_ATTENTE) & (Courriel.prochain_essai_le <= le)


def envoyer_en_attente(le: datetime, *, limite: int = 50) -> int:
    """Send the mails whose turn has come, each claimed then sent outside any transaction; returns how many left.

    A failure is written on the row and tried again later (1, 2, 4… minutes); after `ESSAIS_MAX` it is given up,
    visibly. Several workers may run: whoever raises the count of tries first has the mail, on either engine.
    """
    ids = db.session.scalars(select(Courriel.id).where(a_envoyer(le)).order_by(Courriel.id).limit(limite)).all()
    db.session.commit()
    return sum(_essayer(courriel_id, le) for courriel_id in ids)


def _reserver(courriel_id: int, le: datetime) -> Courriel | None:
    """The mail, its try counted and its next one put off, committed; None when another worker has it."""
    courriel = db.session.get(Courriel, courriel_id, populate_existing=True)
    assert courriel is not None
    essais = courriel.essais
    prise = db.session.execute(
        update(Courriel)
        .where(Courriel.id == courriel_id, Courriel.essais == essais, a_envoyer(le))
        .values(essais=essais + 1, prochain_essai_le=le + timedelta(minutes=2**essais)),
        execution_options={"synchronize_session": False},
    )
    db.session.commit()
    assert isinstance(prise, CursorResult)
    if not prise.rowcount:
        return None
    db.session.refresh(courriel)
    db.session.commit()  # nothing is held while the server is spoken to
    return courriel


def _essayer(courriel_id: int, le: datetime) -> bool:
    """Try one mail and write what happened on its row."""
    courriel = _reserver(courriel_id, le)
    if courriel is None:
        return False
    try:
        _remettre(courriel)
    except (OSError, smtplib.SMTPException, KeyError, ValueError) as erreur:
        courriel.derniere_erreur = f"{type(erreur).__name__} : {erreur}"[:500]
        if courriel.essais >= ESSAIS_MAX:
            courriel.etat = EtatCourriel.ABANDONNE
    else:
        courriel.etat, courriel.envoye_le, courriel.derniere_erreur = EtatCourriel.ENVOYE, le, None
    envoye = courriel.etat is EtatCourriel.ENVOYE
    db.session.commit()
    return envoye


def _remettre(courriel: Courriel) -> None:
    """Hand the mail to the SMTP server of the configuration."""
    reglages = current_app.config
    message = EmailMessage()
    message["From"], message["To"] = reglages["COURRIEL_EXPEDITEUR"], courriel.destinataire
    message["Subject"] = courriel.sujet
    message["Message-ID"] = f"<courriel-{courriel.id}@{reglages['COURRIEL_DOMAINE']}>"
    message.set_content(courriel.corps)
    for nom in courriel.pieces:
        piece = fabriquer(nom)
        principal, _, secondaire = piece.type_mime.partition("/")
        message.add_attachment(piece.octets, maintype=principal, subtype=secondaire, filename=piece.nom)
    with smtplib.SMTP(reglages["SMTP_HOTE"], reglages["SMTP_PORT"], timeout=20) as serveur:
        if reglages["SMTP_TLS"]:
            serveur.starttls()
        if reglages["SMTP_UTILISATEUR"]:
            serveur.login(reglages["SMTP_UTILISATEUR"], reglages["SMTP_MOT_DE_PASSE"])
        serveur.send_message(message)
