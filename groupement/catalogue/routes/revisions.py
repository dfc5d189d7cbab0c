"""Revising the prices of a lot: the formula of the contract, the preview of every price, the act, those done.

The preview has a place for what the new prices would change in the orders under way, which this floor knows nothing
of: the template calls the Jinja global `bloc_effet_des_prix(lot, du, prix)`, set by the package above.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import revisions as actions
from groupement.catalogue.forms.revisions import FormuleForm, RevisionForm
from groupement.catalogue.models import FormuleRevision, Lot
from groupement.catalogue.queries.revisions import formule_de, revisions_de
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules.revision import Formule, Indice, Verdict, fautes_de_la_formule
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde

bp = Blueprint("revisions", __name__, url_prefix="/lots/<int:lot_id>/revision")
PAGE, APERCU, SAISIE = (f"catalogue/revisions/{nom}.html" for nom in ("show", "apercu", "formule"))
LIMITES = ("seuil_pct", "butoir_pct", "sauvegarde_pct")


@bp.get("")
@role_requis(*ROLES_CDG)
def show(lot_id: int) -> str:
    """The formula in words, the revisions done, and the form of the next."""
    lot = queries.lot_visible(lot_id, g.contexte)
    formule = formule_de(lot)
    return _page(lot, formule, _formulaire(formule) if formule else None)


def _page(lot: Lot, formule: FormuleRevision | None, form: Any) -> str:
    """The page of a lot whose prices move, or are firm."""
    faites = revisions_de(lot)
    return render_template(
        PAGE,
        lot=lot,
        formule=formule,
        form=form,
        revisions=faites,
        premiere_date=actions.premiere_date(formule, faites) if formule else None,
    )


@bp.get("/apercu")
@role_requis(Role.ACHETEUR)
def show_apercu(lot_id: int) -> Response | str | tuple[str, int]:
    """Every price as it would be; nothing is written."""
    lot = queries.lot_visible(lot_id, g.contexte)
    formule = formule_de(lot)
    if formule is None:
        return redirect(url_for(".show", lot_id=lot.id))
    form = _formulaire(formule, request.args)
    if not form.validate():
        return _page(lot, formule, form), 422
    return _apercu(lot, formule, form)


@bp.post("")
@role_requis(Role.ACHETEUR)
def create(lot_id: int) -> Response | str | tuple[str, int]:
    """Write the prices the preview showed."""
    verrouiller_ecriture()
    lot = queries.lot_visible(lot_id, g.contexte, verrou=True)
    formule = formule_de(lot)
    if formule is None:
        return _page(lot, None, None), 409
    form = _formulaire(formule, request.form)
    return _appliquer(lot, formule, form) if form.validate() else (_page(lot, formule, form), 422)


def _appliquer(lot: Lot, formule: FormuleRevision, form: Any) -> Response | tuple[str, int]:
    """Write, or show the preview again with the reason."""
    vue = form.empreinte.data or ""
    try:
        faite = actions.reviser(lot, form.du.data, _releves(form), vue, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        db.session.rollback()
        flash(str(refus), "erreur")
        return _apercu(lot, formule, form, 409)
    db.session.commit()
    flash(
        f"{accorde(faite.articles_revises, 'prix révisé', 'prix révisés')} à partir du {faite.du:%d/%m/%Y}.", "succes"
    )
    return redirect(url_for(".show", lot_id=lot.id), 303)


@bp.route("/formule", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(lot_id: int) -> Response | str | tuple[str, int]:
    """The revision clause of the contract."""
    if request.method == "POST":
        verrouiller_ecriture()
    lot = queries.lot_visible(lot_id, g.contexte, verrou=request.method == "POST")
    formule = formule_de(lot)
    form = FormuleForm(data=_valeurs(lot, formule))
    if not form.is_submitted():
        return render_template(SAISIE, lot=lot, formule=formule, form=form)
    return _enregistrer(lot, formule, form)


def _formulaire(formule: FormuleRevision, saisie: Any = None) -> Any:
    """The form with one line for each index of the formula, as sent or empty."""
    lignes = [{"code": indice.code} for indice in formule.indices]
    csrf = {} if request.method == "POST" else {"meta": {"csrf": False}}
    form: Any = RevisionForm(saisie, data={"releves": lignes}, **csrf)
    codes = [ligne.form.code.data for ligne in form.releves]
    if codes != [indice.code for indice in formule.indices]:  # the formula changed since the form was shown
        form = RevisionForm(None, data={"releves": lignes, "du": form.du.data}, **csrf)
    return form


def _releves(form: Any) -> dict[str, actions.Releve]:
    """The values typed, by index code."""
    return {
        ligne.form.code.data: actions.Releve(ligne.form.valeur.data, ligne.form.source.data) for ligne in form.releves
    }


def _apercu(lot: Lot, formule: FormuleRevision, form: Any, statut: int = 200) -> tuple[str, int]:
    """The preview: the calculation step by step, every price, the orders under way."""
    simulation = actions.simuler(lot, formule, form.du.data, _releves(form))
    form.empreinte.data = simulation.empreinte
    page = render_template(
        APERCU, lot=lot, formule=formule, form=form, simulation=simulation, Verdict=Verdict, releves=_releves(form)
    )
    return page, 422 if simulation.refus and statut == 200 else statut


def _valeurs(lot: Lot, formule: FormuleRevision | None) -> dict[str, Any]:
    """What the form of the formula starts with."""
    if formule is None:
        return {"version": "0", "prix_du": lot.marche.du, "mois_entre_revisions": 12}
    champs = ("source", "prix_du", "mois_entre_revisions", "part_fixe_pct", *LIMITES)
    indices = [
        {champ: getattr(indice, champ) for champ in ("code", "libelle", "poids_pct", "valeur_base", "mois_base")}
        for indice in formule.indices
    ]
    return {champ: getattr(formule, champ) for champ in champs} | {
        "version": str(formule.version),
        "decimales": str(formule.decimales),
        "indices": indices,
    }


def _enregistrer(lot: Lot, formule: FormuleRevision | None, form: Any) -> Response | tuple[str, int]:
    """Write the clause, or say by the field what cannot be."""
    if form.validate():
        saisie = _clause(form)
        fautes = fautes_de_la_formule(saisie.formule)
        if "indices" in fautes:
            form.indices[0].form.poids_pct.errors = [fautes.pop("indices")]
            return render_template(SAISIE, lot=lot, formule=formule, form=form), 422
        if not poser_les_fautes(form, fautes):
            version = int(form.version.data) if form.version.data.isdigit() else -1
            actions.ecrire_la_clause(lot, saisie, version, par=g.contexte, le=maintenant())
            db.session.commit()
            flash("La formule de révision est enregistrée.", "succes")
            return redirect(url_for(".show", lot_id=lot.id), 303)
    return render_template(SAISIE, lot=lot, formule=formule, form=form), 422


def _clause(form: Any) -> actions.Clause:
    """The clause that was typed; lines left blank do not count."""
    remplis = [ligne.form for ligne in form.indices if ligne.form.rempli]
    formule = Formule(
        part_fixe_pct=form.part_fixe_pct.data,
        indices=tuple(Indice(i.code.data, i.libelle.data, i.poids_pct.data, i.valeur_base.data) for i in remplis),
        decimales=int(form.decimales.data),
        **{limite: form[limite].data for limite in LIMITES},
    )
    mois = {i.code.data: i.mois_base.data.replace(day=1) for i in remplis}
    return actions.Clause(formule, form.source.data, form.prix_du.data, form.mois_entre_revisions.data, mois)
