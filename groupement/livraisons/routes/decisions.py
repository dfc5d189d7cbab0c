"""The buyer decides: on one delivery, or on all those received without reserve."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.livraisons.actions import decisions as actions
from groupement.livraisons.actions.decisions import Refaction, Reste
from groupement.livraisons.forms.decisions import DecisionForm
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.livraisons import articles_de, decisions_de, livraison_visible
from groupement.livraisons.routes.livraisons import gestes_possibles
from groupement.livraisons.states import TRANSITIONS_LIVRAISON
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("decisions", __name__, url_prefix="/livraisons")
DELAI_DU_RESTE = timedelta(days=15)
DITES = {
    "admettre": "Livraison acceptée.",
    "refacter": "Livraison acceptée avec un rabais.",
    "ajourner": "Livraison ajournée\u00a0: le fournisseur est prié de la représenter.",
    "rejeter": "Livraison refusée.",
}


@bp.get("/<int:livraison_id>/decision")
@role_requis(Role.ACHETEUR)
def new(livraison_id: int) -> Any:
    """What was seen, and the choice to make."""
    livraison = livraison_visible(livraison_id, g.contexte)
    if not _verbes(livraison):
        return redirect(url_for("livraisons.show", livraison_id=livraison_id))
    proposee = {"version": livraison.version, "attendu_le": aujourdhui() + DELAI_DU_RESTE}
    return _page(livraison, DecisionForm(data=proposee))


@bp.post("/<int:livraison_id>/decision")
@role_requis(Role.ACHETEUR)
def create(livraison_id: int) -> Any:
    """Take the decision, and draw what follows."""
    livraison = livraison_visible(livraison_id, g.contexte, verrou=True)
    form = _form_de(livraison, DecisionForm(), articles_de(livraison.id))
    if not form.validate():
        return _page(livraison, form), 422
    try:
        _decider(livraison, form)
    except RegleRefusee as refus:
        return _page_refusee(livraison_id, form, refus)
    db.session.commit()
    flash(DITES[form.verbe.data], "succes")
    return redirect(url_for("livraisons.show", livraison_id=livraison_id), 303)


@bp.post("/admissions")
@role_requis(Role.ACHETEUR)
def create_admissions() -> Response:
    """Admit all that came whole and sound."""
    combien = actions.admettre_sans_reserve(par=g.contexte, le=maintenant())
    db.session.commit()
    phrase = accorde(combien, "livraison acceptée", "livraisons acceptées")
    flash(f"{phrase}\u00a0: tout était arrivé en bon état." if combien else "Aucune livraison à accepter.", "succes")
    return redirect(url_for("livraisons.index", vue="sans-reserve"), 303)


def _verbes(livraison: Livraison) -> list[str]:
    """The decisions its state allows."""
    return [verbe for verbe in DITES if livraison.etat in TRANSITIONS_LIVRAISON[verbe][0]]


def _form_de(livraison: Livraison, form: DecisionForm, articles: Any) -> DecisionForm:
    """The form, knowing what the state allows and whether something is missing or refused."""
    manque = any(article.livrees - article.refusees < article.attendues for article in articles)
    return form.preparer(_verbes(livraison), manque=manque, le=aujourdhui())


def _page(livraison: Livraison, form: DecisionForm, conflit: str = "") -> str:
    """What was seen of each article, and the form."""
    articles = articles_de(livraison.id)
    return render_template(
        "livraisons/decision.html",
        livraison=livraison,
        articles=articles,
        decisions=decisions_de(livraison.id),
        form_decision=_form_de(livraison, form, articles),
        valeur_ht=actions.valeur_admissible(livraison),
        conflit=conflit,
        **gestes_possibles(livraison),
    )


def _page_refusee(livraison_id: int, form: DecisionForm, refus: RegleRefusee) -> tuple[str, int]:
    """The page with what was typed, and why it was refused."""
    db.session.rollback()
    livraison = livraison_visible(livraison_id, g.contexte)
    if isinstance(refus, ConflitDeVersion):
        form.a_jour(livraison.version)
    return _page(livraison, form, str(refus)), 409


def _decider(livraison: Livraison, form: DecisionForm) -> None:
    """The action of the decision chosen."""
    vue, par, le = form.version_vue, g.contexte, maintenant()
    motif, reste = (form.motif.data or "").strip(), Reste(form.reste_attendu_le)
    if form.verbe.data == "admettre":
        actions.admettre(livraison, vue, reste=reste, motif=motif, par=par, le=le)
    elif form.verbe.data == "refacter":
        refaction = Refaction(form.montant_ht.data, form.pct.data)
        actions.refacter(livraison, vue, refaction, motif, reste=reste, par=par, le=le)
    elif form.verbe.data == "ajourner":
        actions.ajourner(livraison, vue, motif, par=par, le=le)
    else:
        actions.rejeter(livraison, vue, motif, reste=reste, par=par, le=le)
