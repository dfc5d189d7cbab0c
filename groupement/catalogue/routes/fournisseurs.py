"""The suppliers, for the Centre de gestion."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import actions, queries
from groupement.catalogue.forms import FournisseurForm
from groupement.catalogue.models import Fournisseur
from groupement.catalogue.routes.saisies import coordonnees_saisies, poser_les_fautes
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

bp = Blueprint("fournisseurs", __name__, url_prefix="/fournisseurs")
COLONNES = (
    Colonne("nom", "Entreprise", tri=Fournisseur.nom),
    Colonne("siret", "SIRET"),
    Colonne("courriel", "Courriel des commandes"),
    Colonne("telephone", "Téléphone"),
    Colonne("ville", "Ville", tri=Fournisseur.ville),
    Colonne("adresse", "Adresse", affichee=False),
    Colonne("code_postal", "Code postal", affichee=False),
)


@bp.get("/")
@role_requis(*ROLES_CDG)
def index() -> Response | str:
    """Every supplier, by name."""
    liste = listes.preparer(queries.fournisseurs(), COLONNES, nom="fournisseurs", defaut="nom")
    return liste.export or render_template("catalogue/fournisseurs/index.html", liste=liste)


@bp.get("/<int:fournisseur_id>")
@role_requis(*ROLES_CDG)
def show(fournisseur_id: int) -> str:
    """A supplier and the lots it holds."""
    fournisseur = queries.fournisseur_visible(fournisseur_id, g.contexte)
    lots = queries.lots_tenus(fournisseur.id)
    return render_template("catalogue/fournisseurs/show.html", fournisseur=fournisseur, lots=lots)


@bp.route("/nouveau", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new() -> Reponse | str | tuple[str, int]:
    """A new supplier."""
    form = FournisseurForm()
    page = {"form": form, "fournisseur": None}
    if not form.is_submitted():
        return render_template("catalogue/fournisseurs/edit.html", **page)
    return _enregistrer(form, None, lambda: _creer(form))


@bp.route("/<int:fournisseur_id>/modification", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(fournisseur_id: int) -> Reponse | str | tuple[str, int]:
    """Correct a supplier."""
    fournisseur = queries.fournisseur_visible(fournisseur_id, g.contexte)
    form = FournisseurForm(obj=fournisseur)
    if not form.is_submitted():
        return render_template("catalogue/fournisseurs/edit.html", form=form, fournisseur=fournisseur)
    return _enregistrer(form, fournisseur, lambda: _modifier(fournisseur, form))


def _creer(form: FournisseurForm) -> Fournisseur:
    """The new supplier."""
    return actions.creer_fournisseur(coordonnees_saisies(form), par=g.contexte, le=maintenant())


def _modifier(fournisseur: Fournisseur, form: FournisseurForm) -> Fournisseur:
    """The corrected supplier."""
    actions.modifier_fournisseur(fournisseur, coordonnees_saisies(form), par=g.contexte, le=maintenant())
    return fournisseur


def _enregistrer(
    form: FournisseurForm, fournisseur: Fournisseur | None, faire: Callable[[], Fournisseur]
) -> Reponse | tuple[str, int]:
    """Do it when what was typed is right; else the page again, with what is wrong beside the field."""
    try:
        if form.validate():
            enregistre = faire()
            db.session.commit()
            flash(f"{enregistre.nom} est enregistré.", "succes")
            return redirect(url_for(".show", fournisseur_id=enregistre.id), 303)
    except RegleRefusee as refus:
        db.session.rollback()
        poser_les_fautes(form, {"siret": str(refus)})
    return render_template("catalogue/fournisseurs/edit.html", form=form, fournisseur=fournisseur), 422
