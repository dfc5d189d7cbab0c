"""A LimeSurvey file: chosen, its columns mapped, shown, confirmed. Nothing is kept before the confirmation."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries as corps
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import import_limesurvey as actions
from groupement.adherents.forms.enquetes import FichierLimeSurveyForm
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.routes import reponses
from groupement.adherents.routes.enquetes import REDACTEURS
from groupement.adherents.rules.limesurvey import (
    CHAMPS,
    IGNOREE,
    FichierLimeSurvey,
    deviner,
    lire_fichier,
    motifs_de_refus,
    numero_dans_le_nom,
)
from groupement.adherents.rules.reponses import LectureReponses, lire_reponses
from groupement.socle.affichage import pluriel
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier, deposer

bp = Blueprint("import_limesurvey", __name__, url_prefix="/enquetes/<int:enquete_id>/importation")
CLE_DE_SESSION = "importation_limesurvey"  # the file of this session: its number, its print, its survey
CHOIX = [(IGNOREE, "Ne pas importer"), *CHAMPS.items()]
SANS_NUMERO = "Indiquez le numéro de l’enquête dans LimeSurvey\u00a0: il évite d’importer deux fois la même réponse."


@bp.route("", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def new(enquete_id: int) -> Response | tuple[str, int]:
    """Choose the file."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    formulaire, fautes = FichierLimeSurveyForm(), ()
    if formulaire.validate_on_submit():
        fautes = _deposer(formulaire)
        if not fautes and not formulaire.errors:
            return redirect(url_for(".edit", enquete_id=enquete.id), 303)
    return reponses.formulaire("adherents/intentions/import_fichier.html", enquete=enquete, f=formulaire, fautes=fautes)


def _deposer(formulaire: FichierLimeSurveyForm) -> Any:
    """Keep the file for this session; its faults when it cannot be read."""
    depot = formulaire.fichier.data
    octets, numero = depot.read(), formulaire.numero.data or numero_dans_le_nom(depot.filename)
    if not numero:
        formulaire.numero.errors = [SANS_NUMERO]
        return ()
    fautes = lire_fichier(octets).fautes
    if not fautes:
        fichier = deposer(depot.filename, "text/csv", octets, le=maintenant())
        db.session.commit()
        session[CLE_DE_SESSION] = [fichier.id, fichier.sha256, numero]
    return fautes


def _fichier() -> tuple[Fichier, FichierLimeSurvey, str]:
    """The file this very session laid down, read, and the number of its survey; 404 without one."""
    depose = session.get(CLE_DE_SESSION) or abort(404)
    fichier = corps.fichier_propre(depose[0], depose[1])
    return fichier, lire_fichier(fichier.octets), depose[2]


@bp.route("/colonnes", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def edit(enquete_id: int) -> Response | tuple[str, int]:
    """Say which column answers which question; what was said last time, or what the headings say, is proposed."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    fichier, lu, numero = _fichier()
    apprise = actions.correspondance(numero)
    colonnes = (
        _colonnes_choisies(lu) if request.method == "POST" else (apprise.colonnes if apprise else deviner(lu.entetes))
    )
    motifs = motifs_de_refus(colonnes) if request.method == "POST" else []
    if request.method == "POST" and not motifs:
        return _retenir(enquete.id, numero, colonnes)
    valeurs = {"enquete": enquete, "fichier": fichier, "lu": lu, "numero": numero, "apprise": apprise, "choix": CHOIX}
    return reponses.formulaire("adherents/intentions/import_colonnes.html", colonnes=colonnes, motifs=motifs, **valeurs)


def _colonnes_choisies(lu: FichierLimeSurvey) -> dict[str, str]:
    """What the form says of each column; an unknown field is none."""
    saisies = {entete: request.form.get(f"colonne-{rang}", "") for rang, entete in enumerate(lu.entetes)}
    return {entete: champ for entete, champ in saisies.items() if champ in CHAMPS}


def _retenir(enquete_id: int, numero: str, colonnes: dict[str, str]) -> Response:
    """Remember the mapping, and go on."""
    verrouiller_ecriture()
    actions.retenir_la_correspondance(numero, colonnes, par=g.contexte, le=maintenant())
    db.session.commit()
    return redirect(url_for(".show", enquete_id=enquete_id), 303)


def _lecture() -> tuple[Fichier, str, LectureReponses]:
    """The answers of the file, as its columns were mapped."""
    fichier, lu, numero = _fichier()
    apprise = actions.correspondance(numero)
    if apprise is None:
        raise RegleRefusee("Dites d’abord quelle colonne répond à quelle question.")
    return fichier, numero, lire_reponses(lu, apprise.colonnes)


@bp.get("/apercu")
@role_requis(*REDACTEURS)
def show(enquete_id: int) -> str | tuple[str, int]:
    """What the file would bring; or its faults, and then nothing can be kept."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    fichier, numero, lecture = _lecture()
    apercu = None if lecture.fautes else actions.apercevoir(enquete, numero, lecture.reponses)
    valeurs = {"fichier": fichier, "numero": numero, "lecture": lecture, "apercu": apercu, "champs": CHAMPS}
    page = render_template("adherents/intentions/import_apercu.html", enquete=enquete, **valeurs)
    return (page, 422) if lecture.fautes else page


@bp.post("/confirmation")
@role_requis(*REDACTEURS)
def create(enquete_id: int) -> Response:
    """Keep it all, or nothing."""
    verrouiller_ecriture()
    enquete = queries.enquete_visible(enquete_id, g.contexte, verrou=True)
    _, numero, lecture = _lecture()
    if lecture.fautes:
        raise RegleRefusee("Ce fichier a des fautes\u00a0: corrigez-le, rien n’est enregistré.")
    apercu, _ = actions.importer(enquete, numero, lecture.reponses, par=g.contexte, le=maintenant())
    db.session.commit()
    session.pop(CLE_DE_SESSION)
    return _suite(enquete.id, apercu)


def _suite(enquete_id: int, apercu: actions.Apercu) -> Response:
    """Where to go: attach what a person must, or read the figures."""
    nouvelles = len(apercu.nouvelles)
    flash(f"{pluriel(nouvelles, 'nouvelle réponse', 'nouvelles réponses')}, {apercu.connues} déjà connues.", "succes")
    page = "intentions.index_rattachements" if apercu.a_choisir else "enquetes.show"
    return redirect(url_for(page, enquete_id=enquete_id), 303)
