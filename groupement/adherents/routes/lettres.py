"""The letters of an enquête: whom to write to, those that left, those to print, reminders."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask import Response as Fichier
from werkzeug.wrappers import Response

from groupement.adherents import documents
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import enquetes as actions
from groupement.adherents.models import Collectivite, Sollicitation
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.queries.listes import choix_d_epci
from groupement.adherents.routes.enquetes import LECTEURS, REDACTEURS
from groupement.adherents.states import TypeCollectivite
from groupement.documents import listes
from groupement.socle import courriels
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("lettres", __name__, url_prefix="/enquetes")
bp.record(lambda etat: courriels.enregistrer_fabrique(actions.LETTRE, documents.piece_de_la_lettre))
TYPES = [("", "Tous"), *((t.value, t.libelle()) for t in TypeCollectivite)]
S = Sollicitation
COLONNES = (
    listes.Colonne("nom", "Collectivité", tri=Collectivite.nom_recherche),
    listes.Colonne("canal", "Lettre", valeur=lambda x: x.Sollicitation.courriel or "Sur papier"),
    listes.Colonne("envoyee", "Envoyée le", "date", S.envoyee_le, lambda x: x.Sollicitation.envoyee_le),
    listes.Colonne("relances", "Relances", "entier", S.relances, lambda x: x.Sollicitation.relances),
    listes.Colonne("repondu", "Réponse", valeur=lambda x: "Reçue" if x.repondu else "Attendue"),
)


@bp.get("/<int:enquete_id>/lettres")
@role_requis(*LECTEURS)
def index(enquete_id: int) -> Response | str:
    """The letters that left, and whether they were answered."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    filtres = {cle: request.args.get(cle, "") for cle in ("reponse", "canal")}
    requete = queries.sollicitations(enquete.id, **filtres)
    liste = listes.preparer(requete, COLONNES, nom="lettres", defaut="nom")
    if liste.export:
        return liste.export
    return render_template("adherents/intentions/lettres.html", enquete=enquete, liste=liste, filtres=filtres)


def _filtres() -> dict[str, str]:
    """Whom to write to, as the address or the form says."""
    champs = {"type_": "type", "siren_epci": "epci", "adhesion": "adhesion"}
    return {nom: request.values.get(cle, "").strip() for nom, cle in champs.items()}


@bp.get("/<int:enquete_id>/envoi")
@role_requis(*REDACTEURS)
def new(enquete_id: int) -> str:
    """Choose whom to write to: how many, and how many have no address, before anything leaves."""
    enquete, filtres = queries.enquete_visible(enquete_id, g.contexte), _filtres()
    combien, sans_adresse = queries.compte_des_destinataires(enquete.id, **filtres)
    epci = [("", "Toutes"), *choix_d_epci()]
    valeurs = {"combien": combien, "sans_adresse": sans_adresse, "types": TYPES, "epci": epci}
    return render_template("adherents/intentions/envoi.html", enquete=enquete, filtres=filtres, **valeurs)


@bp.post("/<int:enquete_id>/envoi")
@role_requis(*REDACTEURS)
def create(enquete_id: int) -> Response:
    """Write to them."""
    verrouiller_ecriture()
    enquete = queries.enquete_visible(enquete_id, g.contexte, verrou=True)
    envoi = actions.envoyer(enquete, **_filtres(), par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Lettres parties\u00a0: {envoi.courriels} par courriel, {envoi.papier} à imprimer.", "succes")
    return redirect(url_for(".index", enquete_id=enquete.id), 303)


@bp.post("/<int:enquete_id>/relance")
@role_requis(*REDACTEURS)
def create_relance(enquete_id: int) -> Response:
    """Remind those who did not answer, once a week at most."""
    verrouiller_ecriture()
    enquete = queries.enquete_visible(enquete_id, g.contexte, verrou=True)
    combien = actions.relancer(enquete, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Relance partie\u00a0: {combien} courriels.", "succes")
    return redirect(url_for(".index", enquete_id=enquete.id), 303)


@bp.get("/<int:enquete_id>/lettres-a-imprimer")
@role_requis(*LECTEURS)
def show_papier(enquete_id: int) -> Response:
    """One file of the letters without an address that nobody answered, a page each."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    lettres = queries.lettres_sur_papier(enquete.id)
    if not lettres:
        raise RegleRefusee("Aucune lettre à imprimer\u00a0: toutes partent par courriel, ou ont reçu leur réponse.")
    return _pdf(documents.pdf_des_lettres(lettres), f"lettres-{enquete.id}.pdf")


@bp.get("/lettres/<int:sollicitation_id>.pdf")
@role_requis(*LECTEURS)
def show_pdf(sollicitation_id: int) -> Response:
    """One letter."""
    lettre = queries.sollicitation_visible(sollicitation_id, g.contexte)
    return _pdf(documents.pdf_des_lettres([lettre]), f"lettre-{lettre.id}.pdf")


def _pdf(octets: bytes, nom: str) -> Response:
    """The file, shown in the browser."""
    entetes = {"Content-Disposition": f'inline; filename="{nom}"'}
    return Fichier(octets, content_type="application/pdf", headers=entetes)
