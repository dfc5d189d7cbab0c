"""Loading a BPU: the file, how it reads, what it would change, then the confirmation. Nothing is saved before that."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.catalogue import queries
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.actions.imports_de_bordereau import Choix, Examen
from groupement.catalogue.documents.changements import exporter_les_changements
from groupement.catalogue.forms.bordereaux import ApplicationForm, BordereauForm
from groupement.catalogue.models import ImportBordereau, Marche
from groupement.catalogue.routes.saisies import poser_les_fautes, titulaires_d_autres_rangs
from groupement.catalogue.rules.termes import faute_de_date_d_effet
from groupement.catalogue.states import EtatImportBordereau
from groupement.documents.classeurs import ClasseurRefuse
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.lecture_csv import Faute

bp = Blueprint("bordereaux", __name__, url_prefix="/marches/<int:marche_id>/bordereaux")


@bp.get("/nouveau")
@role_requis(Role.ACHETEUR)
def new(marche_id: int) -> str:
    """The file to load, and the day its prices start."""
    marche = queries.marche_visible(marche_id, g.contexte)
    voulu = request.args.get("titulaire", "")
    form = _formulaire(marche, du=max(marche.du, aujourdhui()), titulaire=voulu)
    return render_template("catalogue/bordereaux/new.html", marche=marche, form=form, fautes=())


@bp.post("/")
@role_requis(Role.ACHETEUR)
def create(marche_id: int) -> Response | tuple[str, int]:
    """Keep the file, once it may be opened and, if it has our own columns, once it has no fault."""
    marche = queries.marche_visible(marche_id, g.contexte)
    form = _formulaire(marche)
    if not form.validate() or poser_les_fautes(form, faute_de_date_d_effet(form.du.data, marche.du, marche.au)):
        return _refus(marche, form)
    try:
        depot = _deposer(marche, form)
    except ClasseurRefuse as refus:
        poser_les_fautes(form, {"fichier": str(refus)})
        return _refus(marche, form)
    fautes = _fautes(imports.reexaminer(depot)) if depot.correspondance else ()
    return _refus(marche, form, fautes) if fautes else _garder(depot)


def _formulaire(marche: Marche, **valeurs: Any) -> Any:
    """The form of a file, with the titulaires it may be of."""
    form = BordereauForm(**valeurs)
    form.proposer(titulaires_d_autres_rangs(marche))
    return form


def _deposer(marche: Marche, form: Any) -> ImportBordereau:
    """The file that was sent, kept."""
    fichier = form.fichier.data
    return imports.deposer_bordereau(
        marche,
        fichier.filename or "",
        fichier.read(),
        du=form.du.data,
        par=g.contexte,
        le=maintenant(),
        fournisseur_id=form.fournisseur_id,
    )


def _garder(depot: ImportBordereau) -> Response:
    """Commit, and go on with the next step."""
    db.session.commit()
    return redirect(url_for(".show", marche_id=depot.marche_id, import_id=depot.id), 303)


def _refus(marche: Marche, form: Any, fautes: Sequence[Faute] = ()) -> tuple[str, int]:
    """The form again, with every fault; nothing is kept."""
    db.session.rollback()
    marche = queries.marche_visible(marche.id, g.contexte)
    return render_template("catalogue/bordereaux/new.html", marche=marche, form=form, fautes=fautes), 422


def _fautes(examen: Examen) -> Sequence[Faute]:
    """Everything that keeps this file from being saved from that day on."""
    return examen.lecture.fautes or (examen.comparaison.refus if examen.comparaison else ())


@bp.get("/<int:import_id>")
@role_requis(Role.ACHETEUR)
def show(marche_id: int, import_id: int) -> Response | str:
    """Where the loading stands: under way, to be told, to be checked, or done."""
    depot = queries.import_visible(marche_id, import_id, g.contexte, maintenant())
    if depot.etat in imports.EN_COURS or depot.etat is EtatImportBordereau.REFUSE:
        return render_template("catalogue/bordereaux/avancement.html", depot=depot, le=maintenant())
    if depot.etat is EtatImportBordereau.ENREGISTRE:
        return _aller(render_template("catalogue/bordereaux/bilan.html", depot=depot))
    if depot.correspondance is None:
        return _aller(redirect(url_for("lectures.edit", marche_id=marche_id, import_id=import_id)))
    return _aller(_apercu(depot, imports.reexaminer(depot)))


def _aller(page: str | Response) -> Response:
    """The next step; a page that was waiting for it (htmx) is told to go there."""
    if "HX-Request" not in request.headers:
        return make_response(page)
    reponse = make_response("")
    reponse.headers["HX-Redirect"] = request.url
    return reponse


@bp.post("/<int:import_id>/application")
@role_requis(Role.ACHETEUR)
def create_application(marche_id: int, import_id: int) -> Response | tuple[str, int]:
    """Save what was shown, read and compared again under the lock; if the catalogue moved, show the new preview."""
    verrouiller_ecriture()
    depot = queries.import_visible(marche_id, import_id, g.contexte, maintenant(), verrou=True)
    if depot.etat is not EtatImportBordereau.LU or depot.correspondance is None:
        return _garder(depot)
    imports.confirmer(depot, _choix(ApplicationForm()), par=g.contexte, le=maintenant())
    db.session.commit()
    if depot.message == imports.A_CHANGE:
        return _apercu(depot, imports.reexaminer(depot)), 409
    return _garder(depot)


@bp.post("/<int:import_id>/abandon")
@role_requis(Role.ACHETEUR)
def create_abandon(marche_id: int, import_id: int) -> Response:
    """Forget the file; nothing was saved."""
    verrouiller_ecriture()
    imports.abandonner(queries.import_visible(marche_id, import_id, g.contexte, maintenant(), verrou=True))
    db.session.commit()
    flash("Le fichier est oublié, aucun prix n’a changé.", "succes")
    return redirect(url_for("marches.show", marche_id=marche_id), 303)


def _choix(form: Any) -> Choix:
    """What was confirmed."""
    renommer = tuple(request.form.getlist("renommer", type=int))
    return Choix(form.empreinte.data or "", renommer, bool(form.retirer_les_absents.data))


@bp.get("/<int:import_id>/changements.<any(csv, xlsx):format_>")
@role_requis(Role.ACHETEUR)
def changements(marche_id: int, import_id: int, format_: str) -> Response:
    """Everything that would change, as a spreadsheet: the pages show the first lines of each list."""
    depot = queries.import_visible(marche_id, import_id, g.contexte, maintenant())
    comparaison = imports.reexaminer(depot).comparaison if depot.tables and depot.correspondance else None
    if comparaison is None:
        return redirect(url_for(".show", marche_id=marche_id, import_id=import_id))
    octets, genre = exporter_les_changements(comparaison, format_)
    entetes = {"Content-Disposition": f'attachment; filename="changements-du-bordereau.{format_}"'}
    return Response(octets, content_type=genre, headers=entetes)


def _apercu(depot: ImportBordereau, examen: Examen) -> str:
    """The preview."""
    form: Any = ApplicationForm(formdata=None)
    if examen.comparaison is not None:
        form.empreinte.data = examen.comparaison.empreinte
    return render_template(
        "catalogue/bordereaux/show.html",
        depot=depot,
        marche=depot.marche,
        examen=examen,
        c=examen.comparaison,
        form=form,
        fautes=_fautes(examen),
        a_change=depot.message == imports.A_CHANGE,
    )
