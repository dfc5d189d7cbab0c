"""The mails of a campagne, for its buyer: what was sent and to how many, what is to come, the text beforehand."""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.commandes.actions import annonces as actions
from groupement.commandes.actions.lettres_de_campagne import lettres_de
from groupement.commandes.queries.annonces import annonces_de, horaire_de
from groupement.commandes.queries.campagnes import campagne_visible
from groupement.commandes.rules.phrases_du_calendrier import PUBLICS, lignes_du_calendrier
from groupement.commandes.states import GenreAnnonce
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("annonces", __name__, url_prefix="/campagnes/<int:campagne_id>/courriels")
GENRE = "<any(ouverture, j7, j1, colis, report, complement, cloture, reouverture, annulation):genre>"


@bp.get("/")
@role_requis(*ROLES_CDG)
def index(campagne_id: int) -> Any:
    """The calendar."""
    campagne = campagne_visible(campagne_id, g.contexte)
    lignes = lignes_du_calendrier(horaire_de(campagne, annonces_de(campagne_id)), maintenant())
    return _page("campagne_courriels", campagne=campagne, lignes=lignes)


@bp.get(f"/{GENRE}")
@role_requis(*ROLES_CDG)
def show(campagne_id: int, genre: str) -> Any:
    """The text of a mail as it would leave now, and to how many."""
    campagne, choisi = campagne_visible(campagne_id, g.contexte), GenreAnnonce(genre)
    lettres = lettres_de(campagne, choisi, maintenant())
    adresse, sujet, valeurs = next(iter(lettres.lettres), ("", "", {}))
    gabarit = f"courriels/{lettres.gabarit}.txt"
    texte = render_template(gabarit, **valeurs) if adresse else ""
    lu = {"adresse": adresse, "sujet": sujet, "texte": texte, "combien": len(lettres.lettres)}
    return _page("campagne_courriel", campagne=campagne, genre=choisi, public=PUBLICS[choisi], lettres=lettres, **lu)


@bp.post(f"/{GENRE}/arret")
@role_requis(Role.ACHETEUR)
def create_arret(campagne_id: int, genre: str) -> Any:
    """Do not send this kind."""
    choisi = GenreAnnonce(genre)
    actions.couper(campagne_visible(campagne_id, g.contexte, verrou=True), choisi, par=g.contexte, le=maintenant())
    return _fait(campagne_id, f"Le courriel «\u00a0{choisi.libelle()}\u00a0» ne partira pas.")


@bp.post(f"/{GENRE}/reprise")
@role_requis(Role.ACHETEUR)
def create_reprise(campagne_id: int, genre: str) -> Any:
    """Send this kind after all."""
    choisi = GenreAnnonce(genre)
    actions.retablir(campagne_visible(campagne_id, g.contexte, verrou=True), choisi, par=g.contexte, le=maintenant())
    return _fait(campagne_id, f"Le courriel «\u00a0{choisi.libelle()}\u00a0» partira à sa date.")


def _fait(campagne_id: int, phrase: str) -> Any:
    """Commit, then back to the calendar."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for(".index", campagne_id=campagne_id), 303)


def _page(gabarit: str, **valeurs: Any) -> str:
    """A page of the mails; its buttons are for the buyer."""
    demonstration = current_app.config["DEMO"]
    acheteur = g.contexte.a_role(Role.ACHETEUR)
    return render_template(f"commandes/{gabarit}.html", acheteur=acheteur, demonstration=demonstration, **valeurs)
