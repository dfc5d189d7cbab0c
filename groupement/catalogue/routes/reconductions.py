"""How long a marché lasts: its periods, what the contract foresees, what is decided."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import reconductions as actions
from groupement.catalogue.forms.contrats import DecisionDeReconductionForm, ReconductionsForm
from groupement.catalogue.models import Marche
from groupement.catalogue.queries.actes import reconduction_visible
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules.periodes import PeriodePrevue, fautes_des_reconductions, fenetres
from groupement.catalogue.rules.termes import dernier_jour_permis
from groupement.catalogue.states import EtatReconduction, ModeReconduction
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("reconductions", __name__, url_prefix="/marches")
PAGE, SAISIE = "catalogue/marches/duree.html", "catalogue/marches/reconductions.html"


@bp.get("/<int:marche_id>/duree")
@role_requis(*ROLES_CDG)
def show(marche_id: int) -> str:
    """The periods of a marché, and the decision to take."""
    marche = queries.marche_visible(marche_id, g.contexte)
    return _page(marche, DecisionDeReconductionForm(decidee_le=aujourdhui()))


@bp.route("/<int:marche_id>/reconductions", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(marche_id: int) -> Response | str | tuple[str, int]:
    """The reconductions the contract foresees."""
    if request.method == "POST":
        verrouiller_ecriture()
    marche = queries.marche_visible(marche_id, g.contexte, verrou=request.method == "POST")
    periodes = [{"mois": r.mois, "mode": r.mode.value, "preavis_mois": r.preavis_mois} for r in marche.reconductions]
    form = ReconductionsForm(periodes=periodes, justification_duree=marche.justification_duree)
    if not form.is_submitted():
        return render_template(SAISIE, marche=marche, form=form)
    return _prevoir(marche, form)


@bp.post("/reconductions/<int:reconduction_id>/decision")
@role_requis(Role.ACHETEUR)
def create_decision(reconduction_id: int) -> Response | tuple[str, int]:
    """Renew, or not."""
    verrouiller_ecriture()
    reconduction = reconduction_visible(reconduction_id, g.contexte, verrou=True)
    form = DecisionDeReconductionForm()
    if not form.validate():
        return _page(reconduction.marche, form), 422
    return _decider(reconduction, form)


def _page(marche: Marche, form: DecisionDeReconductionForm) -> str:
    """The periods, one a line; the first that waits has the form."""
    lignes = [(r, actions.fenetre_de(r)) for r in marche.reconductions]
    non = any(r.etat is EtatReconduction.NON_RECONDUITE for r in marche.reconductions)
    a_decider = next((ligne for ligne in lignes if ligne[0].etat is EtatReconduction.PREVUE), None)
    return render_template(
        PAGE,
        marche=marche,
        form=form,
        lignes=lignes,
        a_decider=None if non else a_decider,
        quatre_ans=dernier_jour_permis(marche.du),
        le=aujourdhui(),
    )


def _prevoir(marche: Marche, form: Any) -> Response | tuple[str, int]:
    """Write what was typed, or say by the field what cannot be."""
    try:
        periodes = _periodes(form) if form.validate() else []
        raison = (form.justification_duree.data or "").strip()
        fautes = fautes_des_reconductions(marche.du, marche.au, periodes, raison)
        if not form.errors and not poser_les_fautes(form, fautes):
            actions.prevoir(marche, periodes, raison, par=g.contexte, le=maintenant())
            db.session.commit()
            fin = fenetres(marche.au, periodes)[-1].au if periodes else marche.au
            flash(f"Les reconductions sont enregistrées\u00a0: le marché peut aller jusqu’au {fin:%d/%m/%Y}.", "succes")
            return redirect(url_for(".show", marche_id=marche.id), 303)
    except RegleRefusee as refus:
        poser_les_fautes(form, {"justification_duree": str(refus)})
    return render_template(SAISIE, marche=marche, form=form), 422


def _periodes(form: Any) -> list[PeriodePrevue]:
    """The reconductions that were typed, the blank ones left out."""
    return [
        PeriodePrevue(int(p.mois.data), ModeReconduction(p.mode.data), int(p.preavis_mois.data))
        for p in (entree.form for entree in form.periodes)
        if p.mois.data is not None
    ]


def _decider(reconduction: Any, form: Any) -> Response | tuple[str, int]:
    """Write the decision, or say why it cannot be."""
    marche, reconduire = reconduction.marche, form.choix.data == "oui"
    decision = {"reconduire": reconduire, "decidee_le": form.decidee_le.data, "motif": form.motif.data.strip()}
    try:
        actions.decider(reconduction, **decision, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        poser_les_fautes(form, {"decidee_le": str(refus)})
        return _page(marche, form), 422
    db.session.commit()
    suite = f"va jusqu’au {marche.au:%d/%m/%Y}" if reconduire else f"s’arrête le {marche.au:%d/%m/%Y}"
    flash(f"Décision enregistrée\u00a0: le marché {suite}.", "succes")
    return redirect(url_for(".show", marche_id=marche.id), 303)
