"""How a form is answered when it is shown, and when it is shown again with its faults."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, render_template, request

from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier
from groupement.socle.web import ConflitDeVersion

EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


def formulaire(gabarit: str, **valeurs: Any) -> tuple[str, int]:
    """The page of a form: 200 when asked for, 422 when what was sent is refused, 409 after `conflit`."""
    statut = 422 if valeurs.get("conflit") is None else 409
    return render_template(gabarit, **valeurs), statut if request.method == "POST" else 200


def ecrire(
    form: Any, objet: Any, modifier: Callable[..., Any], champ: str
) -> tuple[bool, list[tuple[str, str]] | None]:
    """Write what was typed, with the version its page was shown with, and commit: (True, None).

    Else nothing is written: the sentence is on the form (beside `champ` for a rule) and, when somebody else changed
    `objet` meanwhile, the list says what is recorded now where it differs from what was typed.
    """
    try:
        modifier(valeurs=form.valeurs(), version=form.version_vue, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        db.session.rollback()
        signaler(form, refus, champ)
        return False, form.reprendre(objet) if isinstance(refus, ConflitDeVersion) else None
    db.session.commit()
    return True, None


def signaler(form: Any, refus: RegleRefusee, champ: str = "") -> None:
    """Put the sentence of a rule beside the field it names (else `champ`), or at the head of the form."""
    nom = getattr(refus, "champ", "") or ("" if isinstance(refus, ConflitDeVersion) else champ)
    if nom and nom in form:
        form[nom].errors = [str(refus)]
    else:
        form.form_errors.append(str(refus))


def piece(fichier: Fichier, nom: str) -> Response:
    """A paper kept, shown in the browser under a plain name."""
    complet = f"{nom}.{EXTENSIONS.get(fichier.type_mime, 'bin')}"
    entetes = {"Content-Disposition": f'inline; filename="{complet}"'}
    return Response(fichier.octets, content_type=fichier.type_mime, headers=entetes)
