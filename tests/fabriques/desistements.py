"""What titulaires declined. Written and flushed; the test commits."""

from datetime import datetime
from typing import Any

from groupement.catalogue.models import Lot
from groupement.commandes.models import Campagne, Desistement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.fichiers import deposer
from tests.fabriques import catalogue


def desistement(lot: Lot, *, de: Campagne | None, le: datetime, **champs: Any) -> Desistement:
    """A company that held the lot before declined the campagne `de` by letter: it changes nothing today."""
    valeurs: dict[str, Any] = {
        "lot": lot,
        "fournisseur": catalogue.fournisseur("Ancien titulaire (fictif)"),
        "campagne": de,
        "du": jour_a_paris(le),
        "motif": "Atelier complet jusqu’en mars.",
        "lettre": deposer("refus.pdf", "application/pdf", b"%PDF-1.7 refus", le=le),
        "par": "Hélène Vasseur",
        "le": le,
    }
    cree = Desistement(**(valeurs | champs))
    db.session.add(cree)
    db.session.flush()
    return cree
