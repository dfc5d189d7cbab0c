"""What a command says: JSON alone on standard output, sentences on standard error, and the three ways to end.

0: done. 2: bad input, one line per fault, nothing written. 3: refused by a rule (plafond, état, droits).
"""

import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from groupement.app import create_app
from groupement.socle.config import ReglageInvalide
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Automate

FAUTE, REFUS = 2, 3
COLLEGUE = Automate("Ligne de commande")  # the author of what a command does
option_json = click.option("--json", "en_json", is_flag=True, help="Écrire le résultat en JSON, pour un programme.")


def ecrire_json(document: Any) -> None:
    """The document, alone, on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def dire(phrase: str) -> None:
    """A sentence for the person, on standard error."""
    click.echo(phrase, err=True)


def finir_en_faute(fautes: Iterable[object]) -> NoReturn:
    """One line per fault, then exit 2."""
    for faute in fautes:
        dire(str(faute))
    sys.exit(FAUTE)


def finir_en_refus(motifs: Iterable[object]) -> NoReturn:
    """One line per reason, then exit 3."""
    for motif in motifs:
        dire(str(motif))
    sys.exit(REFUS)


def avec_application(commande: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application; commit when it returns, undo everything when it does not."""

    @wraps(commande)
    def lancee(*args: Any, **kwargs: Any) -> Any:
        try:
            application = create_app()
        except ReglageInvalide as erreur:
            finir_en_faute([erreur])
        # A request context: mails hold links, and templates ask who is reading.
        with application.test_request_context(base_url=application.config["ADRESSE_PUBLIQUE"]):
            try:
                resultat = commande(*args, **kwargs)
                db.session.commit()
            except RegleRefusee as refus:
                db.session.rollback()
                finir_en_refus([refus])
            except (OperationalError, ProgrammingError) as erreur:
                db.session.rollback()
                finir_en_faute([_phrase_de_base(erreur)])
            finally:
                db.session.remove()
                db.engine.dispose()
            return resultat

    return lancee


def _phrase_de_base(erreur: Exception) -> str:
    """What to do when the database does not answer as expected."""
    detail = str(getattr(erreur, "orig", erreur)).splitlines()[0]
    if "no such table" in detail or "does not exist" in detail:
        return "La base de données n’est pas prête : lancez d’abord « groupement migrer » (ou « make run »)."
    return f"La base de données a refusé : {detail}"
