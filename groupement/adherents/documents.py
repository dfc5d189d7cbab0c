"""A body and the letter of an enquête: their rows, frozen into papers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import current_app

from groupement.adherents.models import Collectivite, Sollicitation
from groupement.adherents.securite.declarations import lien_de_reponse
from groupement.documents.lettres import rendre_lettres
from groupement.documents.papiers import Adresse, Organisme, coordonnateur
from groupement.documents.papiers.lettres import LettrePapier
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import Piece
from groupement.socle.db import db

OBJET = "Vos archives\u00a0: que souhaite votre collectivité\u00a0?"


def pdf_des_lettres(sollicitations: Sequence[Sollicitation]) -> bytes:
    """The letters, a page each, dated of the day they left."""
    return rendre_lettres([papier(s, jour_a_paris(s.envoyee_le)) for s in sollicitations])


def piece_de_la_lettre(sollicitation_id: int) -> Piece:
    """The letter as the attachment of its mail."""
    lettre = db.session.get_one(Sollicitation, sollicitation_id)
    return Piece("lettre.pdf", "application/pdf", pdf_des_lettres([lettre]))


def papier(sollicitation: Sollicitation, le: date) -> LettrePapier:
    """What the letter says."""
    enquete = sollicitation.enquete
    expediteur = coordonnateur(current_app.config)
    return LettrePapier(
        expediteur=expediteur,
        destinataire=_au_chef(sollicitation.collectivite),
        objet=OBJET,
        paragraphes=tuple(p.strip() for p in enquete.texte.replace("\r\n", "\n").split("\n\n") if p.strip()),
        ecrite_le=le,
        echeance=enquete.echeance,
        lien=lien_de_reponse(sollicitation.id),
        lieu=expediteur.adresse.commune,
        signataire=current_app.config["SIGNATAIRE_BONS"],
    )


def organisme(c: Collectivite) -> Organisme:
    """A body as a paper names it."""
    return Organisme(
        nom=c.nom,
        adresse=Adresse(lignes=(c.adresse,), code_postal=c.code_postal or "", commune=c.ville or c.nom),
        siret=c.siret or "",
        siren=c.siren,
        courriel=c.courriel,
    )


def _au_chef(c: Collectivite) -> Organisme:
    """The body, as the window of the envelope shows it."""
    return replace(organisme(c), siret="", courriel="", service=f"À l’attention {_chef(c)}")


def _chef(c: Collectivite) -> str:
    """Who heads a body of that type, as a letter calls them."""
    return "du maire" if c.type == "commune" else "de la présidence"
