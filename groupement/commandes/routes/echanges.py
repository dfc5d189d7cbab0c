"""What the buyer answers the supplier of a bon, and the signed link: renewed, or closed."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.actions import reponses as actions
from groupement.commandes.actions.revisions import RevisionRefusee
from groupement.commandes.forms.echanges import ReponseDateForm, ReponseForm
from groupement.commandes.models import PropositionDeDate
from groupement.commandes.queries.bons import bon_visible
from groupement.commandes.queries.echanges import observation_de, proposition_de
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.rules.echanges import delais, phrase_de_la_reponse
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("echanges", __name__, url_prefix="/bons/<int:bon_id>")


@bp.get("/propositions/<int:proposition_id>")
@role_requis(Role.ACHETEUR)
def edit_proposition(bon_id: int, proposition_id: int) -> Any:
    """The date asked, why, and what each answer does."""
    bon = bon_visible(bon_id, g.contexte)
    proposition = proposition_de(bon, proposition_id)
    return _page_de_date(proposition, ReponseDateForm(formdata=None, data={"revision": bon.revision}))


@bp.post("/propositions/<int:proposition_id>")
@role_requis(Role.ACHETEUR)
def update_proposition(bon_id: int, proposition_id: int) -> Any:
    """Accept or refuse it."""
    proposition, form = proposition_de(bon_tenu(bon_id, g.contexte), proposition_id), ReponseDateForm()
    if not form.validate():
        return _page_de_date(proposition, form), 422
    try:
        _repondre(proposition, form)
    except (RevisionRefusee, ConflitDeVersion) as refus:
        return _refus(bon_id, proposition_id, form, str(refus))
    flash("Votre réponse est partie au fournisseur.", "succes")
    return redirect(url_for("bons.show", bon_id=bon_id), 303)


def _repondre(proposition: PropositionDeDate, form: ReponseDateForm) -> None:
    """Answer as the form says, and commit."""
    reponse, le = str(form.reponse.data or "").strip(), maintenant()
    if form.accepte:
        actions.accepter(proposition, reponse, vue=form.vue, par=g.contexte, le=le)
    else:
        actions.refuser(proposition, reponse, par=g.contexte, le=le)
    db.session.commit()


def _refus(bon_id: int, proposition_id: int, form: ReponseDateForm, refus: str) -> tuple[str, int]:
    """The page again, with what was typed and why nothing was written."""
    db.session.rollback()
    bon = bon_visible(bon_id, g.contexte)
    form.revision.data = str(bon.revision)
    return _page_de_date(proposition_de(bon, proposition_id), form, refus), 409


def _page_de_date(proposition: PropositionDeDate, form: ReponseDateForm, refus: str = "") -> str:
    """The page of a date asked."""
    bon, le = proposition.bon, aujourdhui()
    phrase = phrase_de_la_reponse(proposition.a_repondre_avant_le, le, delais(bon.lot.derogations))
    return render_template(
        "commandes/reponse_date.html", bon=bon, proposition=proposition, form=form, refus=refus, phrase=phrase
    )


@bp.get("/observations/<int:observation_id>")
@role_requis(Role.ACHETEUR)
def edit_observation(bon_id: int, observation_id: int) -> str:
    """The observation, to answer."""
    bon = bon_visible(bon_id, g.contexte)
    observation = observation_de(bon, observation_id)
    return render_template(
        "commandes/reponse_observation.html", bon=bon, observation=observation, form=ReponseForm(formdata=None)
    )


@bp.post("/observations/<int:observation_id>")
@role_requis(Role.ACHETEUR)
def update_observation(bon_id: int, observation_id: int) -> Any:
    """Answer it."""
    bon, form = bon_visible(bon_id, g.contexte, verrou=True), ReponseForm()
    observation = observation_de(bon, observation_id)
    if not form.validate():
        return render_template("commandes/reponse_observation.html", bon=bon, observation=observation, form=form), 422
    actions.repondre_a_l_observation(observation, form.reponse.data.strip(), par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Votre réponse est partie au fournisseur.", "succes")
    return redirect(url_for("bons.show", bon_id=bon_id), 303)


@bp.post("/lien")
@role_requis(Role.ACHETEUR)
def create_lien(bon_id: int) -> Any:
    """A new link for the supplier; the old ones open nothing."""
    bon = bon_visible(bon_id, g.contexte, verrou=True)
    adresse = actions.renouveler_le_lien(bon, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Un nouveau lien part vers {adresse}. Les précédents ne s’ouvrent plus.", "succes")
    return redirect(url_for("bons.show", bon_id=bon_id), 303)


@bp.post("/lien/fermeture")
@role_requis(Role.ACHETEUR)
def create_fermeture(bon_id: int) -> Any:
    """Close the link."""
    bon = bon_visible(bon_id, g.contexte, verrou=True)
    actions.couper_le_lien(bon, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Le lien est fermé. « Envoyer un nouveau lien » en donne un autre au fournisseur.", "succes")
    return redirect(url_for("bons.show", bon_id=bon_id), 303)
