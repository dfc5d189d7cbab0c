"""Cancel a bon: why, and what becomes of the members' orders: the same supplier, the next in rank, or nobody."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.commandes.actions import annulations as actions
from groupement.commandes.actions.desistements import Annonce
from groupement.commandes.forms.bons import AnnulationForm
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.bons import bon_visible
from groupement.commandes.queries.desistements import Suite, peut_garder, suite_du_bon
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.routes.lettres import lire_la_lettre
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("bons_annules", __name__, url_prefix="/bons/<int:bon_id>/annulation")


@bp.get("")
@role_requis(Role.ACHETEUR)
def new(bon_id: int) -> Any:
    """What cancelling does."""
    bon = bon_visible(bon_id, g.contexte)
    empechement = actions.empechement(bon)
    return _page(bon, AnnulationForm(formdata=None, data={"revision": bon.revision}), empechement)


@bp.post("")
@role_requis(Role.ACHETEUR)
def create(bon_id: int) -> Any:
    """Cancel, and order again at once if that is what was chosen."""
    form = _propose(AnnulationForm(), bon_visible(bon_id, g.contexte))
    if not form.validate() or not lire_la_lettre(form):
        return _page(bon_visible(bon_id, g.contexte), form), 422
    bon = bon_tenu(bon_id, g.contexte)
    try:
        nouveau = _annuler(bon, form)
    except (TransitionInterdite, ConflitDeVersion):
        raise
    except RegleRefusee as refus:
        db.session.rollback()
        return _page(bon_visible(bon_id, g.contexte), form, str(refus)), 409
    return _fait(bon_id, nouveau)


def _annuler(bon: BonDeCommande, form: AnnulationForm) -> BonDeCommande | None:
    """Cancel as the form says, and commit."""
    vue = int(form.revision.data) if str(form.revision.data or "").isdecimal() else -1
    nouveau = actions.annuler(
        *(bon, form.motif.data, form.titulaire_id),
        vue=vue,
        par=g.contexte,
        le=maintenant(),
        annonce=Annonce(form.motif.data, aujourdhui(), form.lettre_lue),
        empreinte=form.empreinte.data or None,
    )
    db.session.commit()
    return nouveau


def _propose(form: AnnulationForm, bon: BonDeCommande) -> AnnulationForm:
    """The form with what may become of the demand: the order of the titulaires leaves no choice."""
    form.proposer(_suites(bon, suite_du_bon(bon, aujourdhui())))
    return form


def _suites(bon: BonDeCommande, suite: Suite | None) -> Iterator[tuple[str, str]]:
    """The same supplier while it has not declined, and the next in rank."""
    if peut_garder(bon, aujourdhui()):
        nom = bon.fournisseur.nom
        yield str(bon.fournisseur_id), f"{nom} les livre quand même, par un nouveau bon aux mêmes prix"
    if suite and not suite.reprise.refus:
        titulaire = suite.titulaire
        yield (
            str(titulaire.fournisseur_id),
            f"{bon.fournisseur.nom} décline\u00a0: {titulaire.fournisseur.nom} (rang {titulaire.rang}) prend la suite",
        )


def _page(bon: BonDeCommande, form: AnnulationForm, refus: str = "") -> str:
    """The page, with why it cannot be if it cannot."""
    suite = suite_du_bon(bon, aujourdhui())
    if suite:
        form.empreinte.data = suite.reprise.repris.empreinte
    form.proposer(_suites(bon, suite))
    return render_template("commandes/bon_annulation.html", bon=bon, form=form, refus=refus, suite=suite)


def _fait(bon_id: int, nouveau: BonDeCommande | None) -> Any:
    """To the new bon, or back to the cancelled one."""
    suite = f"Le bon {nouveau.numero} le remplace." if nouveau else "Les collectivités sont prévenues."
    flash(f"Le bon est annulé, le fournisseur le sait. {suite}", "succes")
    return redirect(url_for("bons.show", bon_id=nouveau.id if nouveau else bon_id), 303)
