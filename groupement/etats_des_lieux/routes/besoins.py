"""The last step: what is needed, the articles it leads to, and the archivist's own hand on that list."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import besoins as actions
from groupement.etats_des_lieux.forms.champs import VersionForm
from groupement.etats_des_lieux.forms.decisions import BesoinForm, UnitesForm
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.queries.calcul import par_categorie
from groupement.etats_des_lieux.queries.proposition import article_en_vente
from groupement.etats_des_lieux.routes.saisies import Reponse, enregistrer, onglets
from groupement.etats_des_lieux.rules.categories import signaler_invraisemblance
from groupement.etats_des_lieux.rules.metres_lineaires import mm_depuis_ml
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde

bp = Blueprint("besoins", __name__, url_prefix="/etats-des-lieux/<int:etat_id>/besoins")


@bp.get("")
@role_requis(Role.ARCHIVISTE)
def index(etat_id: int) -> Response | str:
    """The needs with their reasoning, and the list of articles."""
    etat = queries.etat_visible(etat_id, g.contexte)
    if etat.etat is EtatEtatDesLieux.SUIVI:
        return redirect(url_for("etats_des_lieux.show", etat_id=etat.id))
    return _page(etat, BesoinForm(formdata=None, data={"version": etat.version}))


@bp.post("")
@role_requis(Role.ARCHIVISTE)
def create(etat_id: int) -> Reponse:
    """Add an article by its reference."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        article = article_en_vente(form.reference.data, aujourdhui())
        if article is None:
            raise RegleRefusee(f"Aucun article du marché ne porte la référence «\u00a0{form.reference.data}\u00a0».")
        valeurs = (article, int(form.unites.data), form.raison.data)
        actions.ajouter_besoin(etat, *valeurs, form.version_vue, par=g.contexte, le=maintenant())
        return f"{article.reference} est dans la liste."

    return enregistrer(etat_id, lambda etat: BesoinForm(), faire, _page, _suite(etat_id))


@bp.post("/<int:article_id>")
@role_requis(Role.ARCHIVISTE)
def update(etat_id: int, article_id: int) -> Reponse:
    """Set how many of an article."""

    def faire(etat: EtatDesLieux, form: Any) -> str:
        unites = int(form.unites.data)
        actions.modifier_besoin(etat, article_id, unites, form.version_vue, par=g.contexte, le=maintenant())
        return f"Quantité enregistrée\u00a0: {accorde(unites, 'unité')}."

    def page(etat: EtatDesLieux, form: Any) -> str:
        return _page(etat, BesoinForm(formdata=None, data={"version": etat.version}), {article_id: form})

    return enregistrer(etat_id, lambda etat: _unites(article_id), faire, page, _suite(etat_id))


@bp.post("/<int:article_id>/retrait")
@role_requis(Role.ARCHIVISTE)
def create_retrait(etat_id: int, article_id: int) -> Response:
    """Take an article out of the list."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    actions.retirer_besoin(etat, article_id, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Article retiré de la liste.", "succes")
    return redirect(_suite(etat_id), 303)


@bp.post("/proposition")
@role_requis(Role.ARCHIVISTE)
def create_proposition(etat_id: int) -> Response:
    """The list as it is calculated, again."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    actions.reprendre_la_proposition(etat, VersionForm().version_vue, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("La liste est de nouveau celle qui est calculée.", "succes")
    return redirect(_suite(etat_id), 303)


def _suite(etat_id: int) -> str:
    """Where one goes after touching the list."""
    return url_for(".index", etat_id=etat_id) + "#articles"


def _unites(article_id: int, **valeurs: Any) -> UnitesForm:
    """The form of one line, told apart from the others by its article."""
    return UnitesForm(prefix=f"a{article_id}-", **valeurs)


def _page(etat: EtatDesLieux, form: Any, saisies: dict[int, Any] | None = None) -> str:
    """The needs and the list; `saisies`: the form of a line as it was sent, by article."""
    if etat.etat is EtatEtatDesLieux.SUIVI:
        raise RegleRefusee("Les besoins sont transmis à la collectivité\u00a0: la liste ne change plus.")
    vue = queries.vue_besoins(etat, aujourdhui())
    formulaires = {
        ligne.article.id: _unites(
            ligne.article.id, formdata=None, data={"version": etat.version, "unites": ligne.unites}
        )
        for ligne in vue.lignes
    }
    net_mm = mm_depuis_ml(vue.besoins.net_ml)
    return render_template(
        "etats_des_lieux/besoins.html",
        **{"etat": etat, "vue": vue, "form": form, "formulaires": formulaires | (saisies or {}), "net_mm": net_mm},
        **{"fonds": par_categorie(etat), "existant_mm": queries.existant_mm(etat)},
        alerte=signaler_invraisemblance(etat.population, net_mm) if etat.mesures else None,
        onglets=onglets(etat, "besoins"),
    )
