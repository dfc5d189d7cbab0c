"""The letter of a titulaire, as a form sends it."""

from typing import Any

from groupement.documents.pieces import lire_scan
from groupement.socle.etats import RegleRefusee


def lire_la_lettre(form: Any) -> bool:
    """Put the letter in `form.lettre_lue` once it is known to be one, None without; false, and why by the field."""
    fichier = form.lettre.data
    try:
        form.lettre_lue = (fichier.filename, lire_scan(fichier.read())) if fichier and fichier.filename else None
    except RegleRefusee as refus:  # neither a paper nor a picture
        form.lettre.errors = [str(refus)]
        return False
    return True
