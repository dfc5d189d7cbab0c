"""The avenants of a marché: what changed, when and why; the next one, within what the bons allow."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions.avenants import enregistrer_avenant
from groupement.catalogue.forms.contrats import formulaire_d_avenant
from groupement.catalogue.models import Avenant, Lot, Marche
from groupement.catalogue.queries.actes import avenants_du_marche, effets_par_lot
from groupement.catalogue.rules.avenants import (
    LotAModifier,
    MarcheAModifier,
    TermesAvenant,
    fautes_de_l_avenant,
    plafond_possible,
)
from groupement.catalogue.states import FondementAvenant
from groupement.commandes.queries.regroupement import engage_par_lot, lots_verrouilles
from groupement.commandes.queries.suivi_marche import engage_jusqu_au
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture

bp = Blueprint("avenants", __name__, url_prefix="/marches")
ZERO = Decimal(0)


@bp.get("/<int:marche_id>/avenants")
@role_requis(*ROLES_CDG)
def index(marche_id: int) -> str:
    """Every avenant, and the ceilings from the first to today's."""
    marche = queries.marche_visible(marche_id, g.contexte)
    avenants, lots = avenants_du_marche(marche.id), queries.lots_du_marche(marche.id)
    a_modifier = _lots_a_modifier(marche, lots, avenants)
    possibles = [(lot, plafond_possible(lot, aujourdhui())) for lot in a_modifier]
    page = {"notifie": aujourdhui() >= marche.notifie_le, "lots": {lot.id: lot for lot in lots}}
    return render_template("commandes/avenants.html", marche=marche, avenants=avenants, possibles=possibles, **page)


@bp.route("/<int:marche_id>/avenants/nouveau", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new(marche_id: int) -> Response | str | tuple[str, int]:
    """One more avenant."""
    if request.method == "POST":
        verrouiller_ecriture()
    marche = queries.marche_visible(marche_id, g.contexte, verrou=request.method == "POST")
    lots = lots_verrouilles(marche.id) if request.method == "POST" else queries.lots_du_marche(marche.id)
    a_modifier = _lots_a_modifier(marche, lots, avenants := avenants_du_marche(marche.id))
    form = formulaire_d_avenant([(lot.id, f"Lot {lot.numero}, {lot.intitule}") for lot in lots])
    if form.is_submitted() and (reponse := _enregistrer(marche, lots, a_modifier, avenants, form)):
        return reponse
    page = render_template("commandes/avenant_new.html", marche=marche, lots=lots, a_modifier=a_modifier, form=form)
    return page, 422 if form.is_submitted() else 200


def _lots_a_modifier(marche: Marche, lots: Sequence[Lot], avenants: Sequence[Avenant]) -> list[LotAModifier]:
    """The lots as the rule wants them, with what the bons have ordered."""
    effets, engage = effets_par_lot(avenants), engage_par_lot(marche.id)
    return [
        LotAModifier(
            lot.id, lot.numero, lot.plafond_ht, lot.minimum_ht, engage.get(lot.id, ZERO), effets.get(lot.id, ())
        )
        for lot in sorted(lots, key=lambda lot: lot.numero)
    ]


def _enregistrer(
    marche: Marche, lots: Sequence[Lot], a_modifier: list[LotAModifier], avenants: Sequence[Avenant], form: Any
) -> Response | None:
    """Write it, or None with each fault beside its field."""
    if not form.validate():
        return None
    termes = _termes(lots, form)
    situation = MarcheAModifier(
        notifie_le=marche.notifie_le,
        du=marche.du,
        au=marche.au,
        dernier_avenant_le=avenants[-1].notifie_le if avenants else None,
        engage_jusqu_au=engage_jusqu_au(marche.id),
        justification_duree=marche.justification_duree,
    )
    fautes = fautes_de_l_avenant(termes, situation, a_modifier, aujourdhui())
    for champ, faute in fautes.items():
        form[champ].errors = [*form[champ].errors, faute]
    if fautes:
        return None
    enregistrer_avenant(marche, lots, termes, situation, a_modifier, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"L’avenant {termes.numero} est enregistré.", "succes")
    return redirect(url_for(".index", marche_id=marche.id), 303)


def _termes(lots: Sequence[Lot], form: Any) -> TermesAvenant:
    """The avenant that was typed; a ceiling left blank, or the same as today's, does not change."""
    saisis = {lot.id: form[f"plafond_{lot.id}"].data for lot in lots}
    return TermesAvenant(
        numero=form.numero.data,
        objet=form.objet.data,
        fondement=FondementAvenant(form.fondement.data),
        motif=(form.motif.data or "").strip(),
        notifie_le=form.notifie_le.data,
        plafonds={lot.id: saisis[lot.id] for lot in lots if saisis[lot.id] not in (None, lot.plafond_ht)},
        nouvelle_fin=form.nouvelle_fin.data,
        justification_duree=(form.justification_duree.data or "").strip(),
    )
