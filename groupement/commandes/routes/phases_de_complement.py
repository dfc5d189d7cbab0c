"""The completion phase for the buyer: what is missing, who added what, begin it, move its end."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.commandes.actions import phase_de_complement as actions
from groupement.commandes.forms.complements import PhaseForm
from groupement.commandes.models import Campagne
from groupement.commandes.queries import complement as queries
from groupement.commandes.queries.campagnes import campagne_visible
from groupement.commandes.rules import phrases_du_complement as phrases
from groupement.commandes.rules.dates_du_complement import fin_proposee
from groupement.commandes.states import EtatCampagne
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, date_fr, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite

bp = Blueprint("phases_de_complement", __name__, url_prefix="/campagnes/<int:campagne_id>/complement")
VIVANTES = (EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT)
COLONNES = (
    Colonne("reference", "Référence", valeur=lambda m: m.demande.reference),
    Colonne("designation", "Désignation", valeur=lambda m: m.demande.designation),
    Colonne("fermes", "Unités validées", "entier", valeur=lambda m: m.demande.fermes),
    Colonne("colis", "Unités par colis", "entier", valeur=lambda m: m.demande.unites_par_colis),
    Colonne("manque_colis", "Manque au colis", "entier", valeur=lambda m: m.colis and m.colis.unites_manquantes),
    Colonne("valeur_ht", "Valeur au dépôt HT", "montant", valeur=lambda m: m.colis and m.colis.valeur_ht),
    Colonne("palier", "Palier suivant", "entier", valeur=lambda m: m.palier and m.palier.a_partir_de),
    Colonne("manque_palier", "Manque au palier", "entier", valeur=lambda m: m.palier and m.palier.unites_manquantes),
    Colonne("prix_ht", "Prix suivant HT", "prix", valeur=lambda m: m.palier and m.palier.prix_ht),
    Colonne("gain_ht", "Gain du groupement HT", "montant", valeur=lambda m: m.palier and m.palier.gain_ht),
)


@bp.get("")
@role_requis(*ROLES_CDG)
def show(campagne_id: int) -> Any:
    """What is missing, article by article, and what was added, by whom."""
    campagne = campagne_visible(campagne_id, g.contexte)
    vivante = campagne.etat in VIVANTES
    manques = queries.manques_a_la_cloture(campagne, aujourdhui()) if vivante else []
    if request.args.get("format") in ("csv", "xlsx"):
        return listes.exporter(f"complement-campagne-{campagne.id}", COLONNES, manques, request.args["format"])
    ajouts = queries.ajouts_faits(campagne.id)
    ajoutees: Counter[int] = Counter()
    for ajout in ajouts:
        ajoutees[ajout.article_id] += ajout.unites
    return _page("campagne_complement", campagne, vivante=vivante, manques=manques, ajouts=ajouts, ajoutees=ajoutees)


@bp.route("/ouverture", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new(campagne_id: int) -> Any:
    """End the ordering and begin the phase."""
    campagne = campagne_visible(campagne_id, g.contexte)
    fin = fin_proposee(campagne.au, campagne.complement_au, aujourdhui(), campagne.marche.au)
    form = PhaseForm(complement_au=fin)
    if form.validate_on_submit() and _tente(partial(actions.completer, campagne_id, form.fin), form):
        phrase = f"La phase de complément est ouverte jusqu’au {date_fr(form.fin)}, au soir."
        return _fait(campagne_id, f"{phrase} Les collectivités concernées sont prévenues.")
    manques = queries.manques_a_la_cloture(campagne, aujourdhui())
    return _page("campagne_complement_ouverture", campagne, form=form, manques=manques), _statut(form)


@bp.route("/report", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(campagne_id: int) -> Any:
    """Move the last day of the phase."""
    campagne = campagne_visible(campagne_id, g.contexte)
    form = PhaseForm(obj=campagne)
    if form.validate_on_submit() and _tente(partial(actions.prolonger, campagne_id, form.fin), form):
        return _fait(campagne_id, f"La phase de complément finit maintenant le {date_fr(form.fin)}, au soir.")
    return _page("campagne_complement_report", campagne, form=form), _statut(form)


def _tente(acte: Callable[..., Campagne], form: PhaseForm) -> bool:
    """Do and commit; a rule that says no is said by the field. A state that has moved is everybody's business: 409."""
    try:
        acte(par=g.contexte, le=maintenant())
    except TransitionInterdite:
        raise
    except RegleRefusee as refus:
        db.session.rollback()
        form.complement_au.errors = [str(refus)]
        return False
    db.session.commit()
    return True


def _statut(form: PhaseForm) -> int:
    """A form that was sent and comes back was refused."""
    return 422 if form.is_submitted() else 200


def _page(gabarit: str, campagne: Campagne, **valeurs: Any) -> str:
    """A page of the phase, which shows its buttons to the buyer only."""
    droits = {"acheteur": g.contexte.a_role(Role.ACHETEUR)}
    return render_template(
        f"commandes/{gabarit}.html", campagne=campagne, phrases=phrases, le=aujourdhui(), **droits, **valeurs
    )


def _fait(campagne_id: int, phrase: str) -> Any:
    """Back to what is missing, with what was done."""
    flash(phrase, "succes")
    return redirect(url_for(".show", campagne_id=campagne_id), 303)
