"""How a form is answered: saved by its button, or shown again with all that was typed and what is wrong."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from werkzeug.wrappers import Response

from groupement.adherents.models import Collectivite
from groupement.adherents.queries import Demandeur, collectivite_visible, collectivites_designees
from groupement.adherents.states import Role
from groupement.prestations.queries.missions import LECTEURS_CDG
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

Reponse = Response | tuple[str, int]
MEMBRES = (Role.AGENT, Role.VALIDEUR)
LECTEURS = (*LECTEURS_CDG, *MEMBRES)
ARGENT = (Role.COMPTABLE, Role.ADMINISTRATEUR)  # who votes rates, calls, pays over, withdraws


def repondre(form: Any, faire: Callable[[], tuple[str, str]], page: Callable[[Any], str]) -> Reponse:
    """Do it, then say and go where `faire` returns (sentence, address); else the page again, nothing written.

    A rule that names a field puts its sentence beside it; the others head the form.
    """
    refus: RegleRefusee | None = None
    try:
        if form.validate():
            phrase, suite = faire()
            db.session.commit()
            flash(phrase, "succes")
            return redirect(suite, 303)
    except RegleRefusee as erreur:
        refus = erreur
        _signaler(form, erreur)
    db.session.rollback()
    return page(form), 409 if isinstance(refus, ConflitDeVersion) else 422


def _signaler(form: Any, refus: RegleRefusee) -> None:
    """Put the sentence beside its field, or at the head of the form."""
    nom = getattr(refus, "champ", "")
    if nom in form and not hasattr(form[nom], "entries"):
        form[nom].errors = [str(refus)]
    else:
        form.form_errors.append(str(refus))


class CollectiviteInconnue(RegleRefusee):
    """What was typed names no body, or several."""

    champ = "collectivite"


def collectivite_designee(saisi: str, contexte: Demandeur) -> Collectivite:
    """The body meant by what was typed. Raises CollectiviteInconnue, which says what to do, when it is not clear."""
    designees = collectivites_designees(saisi)
    if len(designees) == 1:
        return collectivite_visible(designees[0], contexte)
    quoi = "Plusieurs collectivités portent ce nom" if designees else "Aucune collectivité ne porte ce nom"
    raise CollectiviteInconnue(f"{quoi}\u00a0: choisissez-la dans la liste qui s’ouvre en tapant.")
