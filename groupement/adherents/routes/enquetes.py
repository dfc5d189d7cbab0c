"""Enquêtes: the list, one in figures, its preparation, its deadline."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.actions import enquetes as actions
from groupement.adherents.forms.enquetes import EnqueteForm, ReportForm
from groupement.adherents.models import Enquete
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.queries import intentions
from groupement.adherents.queries.listes import evenements_de
from groupement.adherents.routes import reponses
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("enquetes", __name__, url_prefix="/enquetes")
LECTEURS = queries.LECTEURS
REDACTEURS = (Role.ACHETEUR, Role.ADMINISTRATEUR)
COLONNES = (
    listes.Colonne("titre", "Enquête", tri=Enquete.titre, valeur=lambda ligne: ligne.Enquete.titre),
    listes.Colonne("etat", "État", tri=Enquete.etat, valeur=lambda ligne: ligne.Enquete.etat.libelle()),
    listes.Colonne("echeance", "Dernier jour", "date", Enquete.echeance, lambda ligne: ligne.Enquete.echeance),
    listes.Colonne("envoyees", "Lettres", "entier"),
    listes.Colonne("recues", "Réponses", "entier"),
)
TEXTE_PROPOSE = (
    "Madame, Monsieur,\n\n"
    "Le Centre de gestion prépare le prochain groupement de commandes de fournitures d’archivage\u00a0: boîtes, "
    "rayonnages, reliures. Pour le dimensionner au plus juste, nous avons besoin de savoir ce que vous souhaitez.\n\n"
    "Votre réponse ne vous engage pas. Elle nous permet d’estimer les quantités et de vous proposer la convention. "
    "Une estimation suffit\u00a0: nous viendrons mesurer si vous le demandez.\n\n"
    "Nous vous prions d’agréer nos salutations distinguées."
)


@bp.get("/")
@role_requis(*LECTEURS)
def index() -> Response | str:
    """The enquêtes, the latest first."""
    liste = listes.preparer(queries.enquetes(), COLONNES, nom="enquetes")
    return liste.export or render_template("adherents/intentions/index.html", liste=liste)


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def new() -> Response | tuple[str, int]:
    """Prepare an enquête: nothing leaves yet."""
    formulaire = EnqueteForm(data={"texte": TEXTE_PROPOSE, "grace_jours": 30})
    if formulaire.validate_on_submit():
        cree = _ecrire(formulaire, lambda: actions.creer(**formulaire.valeurs(), par=g.contexte, le=maintenant()))
        if cree is not None:
            return redirect(url_for("lettres.new", enquete_id=cree.id), 303)
    return reponses.formulaire("adherents/intentions/edit.html", f=formulaire, enquete=None)


def _ecrire(formulaire: Any, action: Any) -> Any:
    """Do it and commit; None when a rule refuses, with its sentence on the form."""
    try:
        fait = action()
    except RegleRefusee as refus:
        db.session.rollback()
        formulaire.echeance.errors = [*formulaire.echeance.errors, str(refus)]
        return None
    db.session.commit()
    flash("L’enquête est enregistrée.", "succes")
    return fait or True


@bp.get("/<int:enquete_id>")
@role_requis(*LECTEURS)
def show(enquete_id: int) -> str:
    """An enquête in figures: who answered, what they want, how much."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    return render_template(
        "adherents/intentions/show.html",
        enquete=enquete,
        s=intentions.synthese(enquete.id),
        epci=intentions.par_epci(enquete.id),
        tranches=[(t.libelle, t.repondues) for t in intentions.par_population(enquete.id)],
        evenements=evenements_de("enquete", enquete.id, 8),
        le=aujourdhui(),
    )


def _a_changer(enquete_id: int) -> Enquete:
    """The enquête, held when the form is sent."""
    if request.method == "POST":
        verrouiller_ecriture()
    return queries.enquete_visible(enquete_id, g.contexte, verrou=request.method == "POST")


@bp.route("/<int:enquete_id>/modification", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def edit(enquete_id: int) -> Response | tuple[str, int]:
    """Change an enquête that has not left."""
    enquete = _a_changer(enquete_id)
    formulaire = EnqueteForm(obj=enquete)
    if formulaire.validate_on_submit() and _ecrire(formulaire, lambda: _modifier(enquete, formulaire)):
        return redirect(url_for(".show", enquete_id=enquete.id), 303)
    return reponses.formulaire("adherents/intentions/edit.html", f=formulaire, enquete=enquete)


def _modifier(enquete: Enquete, formulaire: EnqueteForm) -> None:
    """Write what was typed, unless somebody else did meanwhile."""
    if formulaire.version.data != enquete.version:
        raise ConflitDeVersion("Cette enquête a été modifiée entre-temps. Relisez-la avant de la modifier.")
    actions.modifier(enquete, formulaire.valeurs(), par=g.contexte, le=maintenant())


@bp.route("/<int:enquete_id>/report", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def edit_report(enquete_id: int) -> Response | tuple[str, int]:
    """Give more time; a closed enquête opens again."""
    enquete = _a_changer(enquete_id)
    formulaire = ReportForm()
    if formulaire.validate_on_submit():
        le, jour = maintenant(), formulaire.echeance.data
        if jour and _ecrire(formulaire, lambda: actions.reporter(enquete, jour, par=g.contexte, le=le)):
            return redirect(url_for(".show", enquete_id=enquete.id), 303)
    return reponses.formulaire("adherents/intentions/report.html", f=formulaire, enquete=enquete)


@bp.post("/<int:enquete_id>/cloture")
@role_requis(*REDACTEURS)
def create_cloture(enquete_id: int) -> Response:
    """No more answers by the links."""
    verrouiller_ecriture()
    enquete = queries.enquete_visible(enquete_id, g.contexte, verrou=True)
    actions.clore(enquete, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("L’enquête est close\u00a0: plus personne ne peut répondre par son lien.", "succes")
    return redirect(url_for(".show", enquete_id=enquete.id), 303)
