"""Mails as they were written: where each stands, and what it says."""

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import courriels
from groupement.adherents.queries import listes as selections
from groupement.adherents.rules.phrases import nom_d_objet
from groupement.adherents.securite.messages import SUJETS_SECRETS
from groupement.adherents.states import TOUS, Role
from groupement.documents import listes
from groupement.socle.affichage import date_heure
from groupement.socle.calendrier import maintenant
from groupement.socle.courriels import Courriel, EtatCourriel
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("courriels", __name__)
COLONNES = (
    listes.Colonne("ecrit_le", "Écrit le", tri=Courriel.ecrit_le, valeur=lambda c: date_heure(c.ecrit_le)),
    listes.Colonne("destinataire", "À", tri=Courriel.destinataire),
    listes.Colonne("sujet", "Objet", tri=Courriel.sujet),
    listes.Colonne("etat", "Envoi", tri=Courriel.etat, valeur=lambda c: c.etat.libelle()),
    listes.Colonne("derniere_erreur", "Dernière erreur", affichee=False),
)
ETATS = [("", "Tous"), *((etat.value, etat.libelle()) for etat in EtatCourriel)]


@bp.app_template_filter("nom_de_piece")
def nom_de_piece(piece: str) -> str:
    """An attachment by the kind of paper it is: « bon_de_commande:12 » → « Bon de commande n° 12 »."""
    genre, _, numero = piece.partition(":")
    nom = nom_d_objet(genre)
    return f"{nom[:1].upper()}{nom[1:]} n°\u00a0{numero}"


@bp.get("/courriels")
@role_requis(*TOUS)
def index() -> Response | str:
    """All the mails for an administrateur; in a demonstration, their own for the others."""
    tous = g.contexte.a_role(Role.ADMINISTRATEUR)
    if not tous and not current_app.config["DEMO"]:
        abort(404)
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "etat")}
    adresse = None if tous else g.contexte.utilisateur.email
    requete = selections.courriels(filtres["q"], filtres["etat"], adresse)
    liste = listes.preparer(requete, COLONNES, nom="courriels", defaut="-ecrit_le")
    page = {"liste": liste, "filtres": filtres, "etats": ETATS, "tous": tous}
    return liste.export or render_template("adherents/courriels.html", **page)


def _courriel(courriel_id: int, *, verrou: bool = False) -> Courriel:
    """The mail this person may read."""
    adresse, demo = g.contexte.utilisateur.email, current_app.config["DEMO"]
    return queries.courriel_visible(courriel_id, g.contexte, adresse, demo=demo, verrou=verrou)


@bp.get("/courriels/<int:courriel_id>")
@role_requis(*TOUS)
def show(courriel_id: int) -> str:
    """One mail, its links ready to follow; one that opens a door is read by nobody but who receives it."""
    courriel = _courriel(courriel_id)
    secret = courriel.sujet in SUJETS_SECRETS and not current_app.config["DEMO"]
    return render_template("adherents/courriel.html", c=courriel, secret=secret)


@bp.post("/courriels/<int:courriel_id>/nouvel-essai")
@role_requis(Role.ADMINISTRATEUR)
def create_nouvel_essai(courriel_id: int) -> Response:
    """Try again now."""
    verrouiller_ecriture()
    courriels.reessayer(_courriel(courriel_id, verrou=True), par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Le courriel repart dans la minute.", "succes")
    return redirect(url_for(".show", courriel_id=courriel_id), 303)
