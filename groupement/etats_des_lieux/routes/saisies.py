"""How a form of an audit is answered: saved by its button, or shown again with all that was typed."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import abort, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from groupement.etats_des_lieux.actions.ecriture import MODIFIABLES
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.queries import etat_visible
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

Page = Callable[[EtatDesLieux, Any], str]
Reponse = Response | tuple[str, int]
Ligne = TypeVar("Ligne", bound=Any)
ETAPES = (
    ("locaux", "1. Locaux", "locaux.index"),
    ("mesures", "2. Mesures", "mesures.index"),
    ("reglages", "3. Croissance", "reglages.edit"),
    ("reliures", "4. Reliures", "reliures.index"),
    ("visa", "5. Visa", "reglages.edit_visa"),
    ("besoins", "Besoins", "besoins.index"),
)


def onglets(etat: EtatDesLieux, ici: str) -> list[tuple[str, str, bool]]:
    """The steps of the entry, as tabs; only those that may still be written."""
    voulues = ETAPES if etat.etat in MODIFIABLES else [etape for etape in ETAPES if etape[0] in {"visa", "besoins"}]
    resume = ("Résumé", url_for("etats_des_lieux.show", etat_id=etat.id), ici == "resume")
    return [resume, *((nom, url_for(page, etat_id=etat.id), cle == ici) for cle, nom, page in voulues)]


def afficher(etat_id: int, page: Page, form: Callable[[EtatDesLieux], Any]) -> Response | str:
    """The page of a step; the summary instead once nothing may be written any more."""
    etat = etat_visible(etat_id, g.contexte)
    if etat.etat not in MODIFIABLES:
        flash("Cet état des lieux est terminé\u00a0: reprenez-le pour changer les mesures.", "info")
        return redirect(url_for("etats_des_lieux.show", etat_id=etat.id))
    return page(etat, form(etat))


def enregistrer(
    etat_id: int,
    preparer: Callable[[EtatDesLieux], Any],
    faire: Callable[[EtatDesLieux, Any], str],
    page: Page,
    suite: str,
) -> Reponse:
    """Do it and go to `suite`, saying what `faire` returns; else the page again with what was typed and what is wrong.

    When somebody changed the audit meanwhile, nothing is overwritten: the page shows it as it is now.
    """
    form = preparer(etat := etat_visible(etat_id, g.contexte, verrou=True))
    try:
        if form.validate():
            phrase = faire(etat, form)
            db.session.commit()
            flash(phrase, "succes")
            return redirect(suite, 303)
    except RegleRefusee as refus:
        return _refuser(etat_id, form, page, refus)
    return _refuser(etat_id, form, page, None)


def _refuser(etat_id: int, form: Any, page: Page, refus: RegleRefusee | None) -> tuple[str, int]:
    """Undo, and show the audit as it stands under what was typed."""
    db.session.rollback()
    etat = etat_visible(etat_id, g.contexte)
    if refus is not None:
        form.form_errors.append(str(refus))
    if not isinstance(refus, ConflitDeVersion):
        return page(etat, form), 422
    form.version.data = etat.version
    return page(etat, form), 409


def ligne_de(lignes: Sequence[Ligne], ligne_id: int) -> Ligne:
    """The row of the audit with this number; 404 when it is not one of its own."""
    for ligne in lignes:
        if ligne.id == ligne_id:
            return ligne
    abort(404)
