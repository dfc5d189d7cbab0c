"""« J’ai reçu la livraison »: what came, article by article, from a phone at the door."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.livraisons.actions import reception as actions
from groupement.livraisons.actions.reception import Arrivee, ConstatArticle
from groupement.livraisons.forms.receptions import ReceptionForm
from groupement.livraisons.forms.versions import VersionForm
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.livraisons import articles_de, livraison_visible, signales_ailleurs
from groupement.livraisons.states import EtatLivraison
from groupement.socle.calendrier import aujourdhui, jour_a_paris, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("receptions", __name__, url_prefix="/livraisons/<int:livraison_id>")
A_RECEVOIR = (EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE)


@bp.get("/reception")
@role_requis(Role.AGENT, Role.ACHETEUR)
def new(livraison_id: int) -> Any:
    """The form, filled with what is expected."""
    livraison = livraison_visible(livraison_id, g.contexte)
    if livraison.etat not in A_RECEVOIR:
        return redirect(url_for("livraisons.show", livraison_id=livraison_id))
    articles = articles_de(livraison.id)
    form = ReceptionForm(data=_attendu(livraison, articles)).lier(articles, **_bornes(livraison))
    return _page(livraison, form)


@bp.post("/reception")
@role_requis(Role.AGENT, Role.ACHETEUR)
def create(livraison_id: int) -> Any:
    """Write what came; any fault is said beside its line, and nothing is written."""
    livraison = livraison_visible(livraison_id, g.contexte, verrou=True)
    form = ReceptionForm().lier(articles_de(livraison.id), **_bornes(livraison))
    if not form.validate():
        return _page(livraison, form), 422
    try:
        actions.receptionner(livraison, _arrivee(form), form.version_vue, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        return _page_refusee(livraison_id, form, refus)
    db.session.commit()
    flash(*_merci(livraison))
    return redirect(url_for("livraisons.show", livraison_id=livraison_id), 303)


@bp.post("/correction")
@role_requis(Role.AGENT, Role.ACHETEUR)
def create_correction(livraison_id: int) -> Response:
    """Open the reception again, as long as nothing is decided."""
    livraison = livraison_visible(livraison_id, g.contexte, verrou=True)
    actions.corriger(livraison, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Corrigez ce qui doit l’être, puis enregistrez à nouveau.", "info")
    return redirect(url_for(".new", livraison_id=livraison_id), 303)


def _page(livraison: Livraison, form: ReceptionForm, conflit: str = "") -> str:
    """The form as it stands."""
    return render_template(
        "livraisons/reception.html",
        livraison=livraison,
        form_reception=form,
        conflit=conflit,
        ailleurs=signales_ailleurs(livraison.id),
    )


def _page_refusee(livraison_id: int, form: ReceptionForm, refus: RegleRefusee) -> tuple[str, int]:
    """The form with what was typed and why it was refused; sent again, it goes on the delivery as it now is."""
    db.session.rollback()
    livraison = livraison_visible(livraison_id, g.contexte)
    if isinstance(refus, ConflitDeVersion):
        form.a_jour(livraison.version)
    return _page(livraison, form, str(refus)), 409


def _bornes(livraison: Livraison) -> dict[str, Any]:
    """The days between which the delivery may have come."""
    return {"emis_le": jour_a_paris(livraison.bon.emis_le), "le": aujourdhui()}


def _attendu(livraison: Livraison, articles: Sequence[Any]) -> dict[str, Any]:
    """What the form is filled with: everything expected, or what was typed before when it is being corrected."""
    corrige = livraison.livree_le is not None and livraison.etat is EtatLivraison.ANNONCEE
    lignes = [
        {
            "article": article.ligne_bon_id,
            "livrees": article.livrees if corrige else article.attendues,
            "refusees": article.refusees if corrige else 0,
            "motif": article.motif.value if corrige and article.motif else "",
            "commentaire": article.commentaire if corrige else "",
        }
        for article in articles
    ]
    return {
        "version": livraison.version,
        "livree_le": livraison.livree_le if corrige else aujourdhui(),
        "bordereau": livraison.bordereau,
        "observations": livraison.observations if corrige else "",
        "lignes": lignes,
    }


def _arrivee(form: ReceptionForm) -> Arrivee:
    """What was typed, as the action takes it; a photograph already there stays unless a new one comes."""
    constats = {
        ligne.vu.ligne_bon_id: ConstatArticle(
            unites_livrees=ligne.constat.unites_livrees,
            unites_refusees=ligne.constat.unites_refusees,
            motif=ligne.motif_choisi,
            commentaire=ligne.commentaire.data,
            photo=ligne.image,
            photo_id=None if form.tout.data else ligne.vu.photo_id,
        )
        for ligne in form.lignes_liees
    }
    return Arrivee(
        form.livree_le.data or aujourdhui(), constats, form.bordereau.data, (form.observations.data or "").strip()
    )


def _merci(livraison: Livraison) -> tuple[str, str]:
    """What the page says once it is written: (message, category)."""
    if livraison.etat is EtatLivraison.EN_VERIFICATION:
        return "C’est enregistré. Le Centre de gestion est prévenu de ce qui manque ou ne va pas.", "attention"
    return "C’est enregistré\u00a0: tout est arrivé. Vous n’avez plus rien à faire.", "succes"
