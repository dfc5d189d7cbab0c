"""The share of a short article at the depot, body by body: computed by the rule, changed by a person who says why."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.livraisons.actions.constats import part_calculee
from groupement.livraisons.actions.repartition import repartir
from groupement.livraisons.forms.decisions import RepartitionForm
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import articles_de, lignes_de, livraison_visible
from groupement.livraisons.routes.livraisons import gestes_possibles
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("repartitions", __name__, url_prefix="/livraisons/<int:livraison_id>/repartitions/<int:ligne_bon_id>")


@bp.get("")
@role_requis(Role.ACHETEUR)
def edit(livraison_id: int, ligne_bon_id: int) -> Any:
    """Who gets what of an article that came to the depot."""
    livraison = livraison_visible(livraison_id, g.contexte)
    lignes, calculees = _parts(livraison, ligne_bon_id)
    donnees = [{"ligne": ligne.id, "unites": ligne.unites_livrees - ligne.unites_refusees} for ligne in lignes]
    form = RepartitionForm(data={"version": livraison.version, "parts": donnees}).lier(lignes, calculees)
    return _page(livraison, ligne_bon_id, form)


@bp.post("")
@role_requis(Role.ACHETEUR)
def update(livraison_id: int, ligne_bon_id: int) -> Any:
    """Write the share chosen."""
    livraison = livraison_visible(livraison_id, g.contexte, verrou=True)
    form = RepartitionForm().lier(*_parts(livraison, ligne_bon_id))
    if not form.validate():
        return _page(livraison, ligne_bon_id, form), 422
    try:
        _repartir(livraison, ligne_bon_id, form)
    except RegleRefusee as refus:
        return _page_refusee(livraison_id, ligne_bon_id, form, refus)
    db.session.commit()
    flash("Répartition enregistrée.", "succes")
    return redirect(url_for("livraisons.show", livraison_id=livraison_id), 303)


def _repartir(livraison: Livraison, ligne_bon_id: int, form: RepartitionForm) -> None:
    """The action, with what was typed."""
    motif = (form.motif.data or "").strip()
    repartir(livraison, ligne_bon_id, form.choisies, motif, form.version_vue, par=g.contexte, le=maintenant())


def _parts(livraison: Livraison, ligne_bon_id: int) -> tuple[Sequence[LigneLivraison], list[int]]:
    """The lines of the article, and what the rule gives each; 404 when the delivery has no such article."""
    lignes = lignes_de(livraison.id, [ligne_bon_id])
    if not lignes or livraison.collectivite_id is not None:
        abort(404)
    bonnes = sum(ligne.unites_livrees - ligne.unites_refusees for ligne in lignes)
    return lignes, part_calculee(lignes, bonnes, livraison.bon.campagne.regle_reliquat)


def _page(livraison: Livraison, ligne_bon_id: int, form: RepartitionForm, conflit: str = "") -> str:
    """The table of the shares."""
    article = next(article for article in articles_de(livraison.id) if article.ligne_bon_id == ligne_bon_id)
    return render_template(
        "livraisons/repartition.html",
        livraison=livraison,
        article=article,
        form_parts=form,
        conflit=conflit,
        **gestes_possibles(livraison),
    )


def _page_refusee(livraison_id: int, ligne_bon_id: int, form: RepartitionForm, refus: RegleRefusee) -> tuple[str, int]:
    """The page with what was typed, and why it was refused."""
    db.session.rollback()
    livraison = livraison_visible(livraison_id, g.contexte)
    form.lier(*_parts(livraison, ligne_bon_id))
    if isinstance(refus, ConflitDeVersion):
        form.a_jour(livraison.version)
    return _page(livraison, ligne_bon_id, form, str(refus)), 409
