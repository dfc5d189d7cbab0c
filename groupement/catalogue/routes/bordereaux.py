"""Loading a BPU: the file, then what it would change, then the confirmation. Nothing is saved before the last step."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.catalogue import actions, queries
from groupement.catalogue.forms import ApplicationForm, BordereauForm
from groupement.catalogue.models import Marche
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules.bordereau import LectureBordereau, lire_bordereau
from groupement.catalogue.rules.comparaison import Comparaison
from groupement.catalogue.rules.termes import faute_de_date_d_effet
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.fichiers import Fichier
from groupement.socle.lecture_csv import Faute

bp = Blueprint("bordereaux", __name__, url_prefix="/marches/<int:marche_id>/bordereaux")


@bp.get("/nouveau")
@role_requis(Role.ACHETEUR)
def new(marche_id: int) -> str:
    """The file to load, and the day its prices start."""
    marche = queries.marche_visible(marche_id, g.contexte)
    form = BordereauForm(du=max(marche.du, aujourdhui()))
    return render_template("catalogue/bordereaux/new.html", marche=marche, form=form, fautes=())


@bp.post("/")
@role_requis(Role.ACHETEUR)
def create(marche_id: int) -> Response | tuple[str, int]:
    """Read the file. With a fault: every fault, and nothing is kept. Else: its bytes are, and the preview is shown."""
    marche = queries.marche_visible(marche_id, g.contexte)
    form: Any = BordereauForm()
    if not form.validate() or poser_les_fautes(form, faute_de_date_d_effet(form.du.data, marche.du, marche.au)):
        return render_template("catalogue/bordereaux/new.html", marche=marche, form=form, fautes=()), 422
    contenu, du = form.fichier.data.read(), form.du.data
    fautes = _fautes(marche, contenu, du)
    if fautes:
        return render_template("catalogue/bordereaux/new.html", marche=marche, form=form, fautes=fautes), 422
    fichier = actions.deposer_bordereau(form.fichier.data.filename, contenu, le=maintenant())
    db.session.commit()
    return redirect(url_for(".show", marche_id=marche.id, fichier_id=fichier.id, du=du.isoformat()), 303)


@bp.get("/<int:fichier_id>")
@role_requis(Role.ACHETEUR)
def show(marche_id: int, fichier_id: int) -> str:
    """What the file would change: new, changed, vanished, unchanged; nothing is saved yet."""
    marche, fichier = queries.marche_visible(marche_id, g.contexte), queries.bordereau_depose(fichier_id)
    du = request.args.get("du", max(marche.du, aujourdhui()), date.fromisoformat)
    comparaison = actions.comparer_bordereau(marche, _lecture(marche, fichier.octets), du)
    form = ApplicationForm(du=du, empreinte=comparaison.empreinte)
    return _apercu(marche, fichier, comparaison, form)


@bp.post("/<int:fichier_id>/application")
@role_requis(Role.ACHETEUR)
def create_application(marche_id: int, fichier_id: int) -> Response | tuple[str, int]:
    """Save, once read and compared again under the lock; if the catalogue moved meanwhile, show the new preview."""
    verrouiller_ecriture()
    marche = queries.marche_visible(marche_id, g.contexte, verrou=True)
    fichier = queries.bordereau_depose(fichier_id)
    form: Any = ApplicationForm()
    du = form.du.data or max(marche.du, aujourdhui())
    lecture = _lecture(marche, fichier.octets)
    comparaison = actions.comparer_bordereau(marche, lecture, du)
    if not form.validate() or form.empreinte.data != comparaison.empreinte:
        return _apercu(marche, fichier, comparaison, form, a_change=True), 409
    return _appliquer(marche, fichier, lecture, form)


def _appliquer(marche: Marche, fichier: Fichier, lecture: LectureBordereau, form: Any) -> Response:
    """Save, and say what was saved."""
    bilan = actions.importer_bordereau(
        marche,
        lecture,
        du=form.du.data,
        par=g.contexte,
        le=maintenant(),
        retirer_les_absents=form.retirer_les_absents.data,
        source=f"{fichier.nom} ({fichier.sha256[:12]})",
    )
    db.session.commit()
    flash(
        f"Bordereau chargé\u00a0: {bilan.nouveaux} nouveaux, {bilan.prix} prix changés, {bilan.textes} textes changés, "
        f"{bilan.retires} retirés, {bilan.inchanges} inchangés.",
        "succes",
    )
    return redirect(url_for("marches.show", marche_id=marche.id), 303)


def _lecture(marche: Marche, contenu: bytes) -> LectureBordereau:
    """The file, read for the lots of this marché."""
    return lire_bordereau(contenu, [lot.numero for lot in marche.lots])


def _fautes(marche: Marche, contenu: bytes, du: date) -> Sequence[Faute]:
    """Everything that keeps this file from being loaded from that day on."""
    lecture = _lecture(marche, contenu)
    return lecture.fautes or actions.comparer_bordereau(marche, lecture, du).refus


def _apercu(
    marche: Marche, fichier: Fichier, comparaison: Comparaison, form: ApplicationForm, *, a_change: bool = False
) -> str:
    """The preview; `a_change`: it is not the one that was confirmed."""
    form.empreinte.data = comparaison.empreinte
    return render_template(
        "catalogue/bordereaux/show.html",
        **{"marche": marche, "fichier": fichier, "comparaison": comparaison, "form": form, "a_change": a_change},
    )
