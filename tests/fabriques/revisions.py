"""The revision clause of a lot."""

from datetime import date
from decimal import Decimal
from typing import Any

from groupement.catalogue.actions.revisions import Clause, ecrire_la_clause
from groupement.catalogue.models import FormuleRevision, Lot
from groupement.catalogue.rules.revision import Formule, Indice
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques.catalogue import DU
from tests.fabriques.commandes import LE

PAPIER = Indice("CARTON", "Papier et carton ondulé", Decimal(100), Decimal("108.9"))


def formule(lot: Lot, indices: tuple[Indice, ...] = (PAPIER,), **champs: Any) -> FormuleRevision:
    """15 % fixed, one index, once a year, unless told otherwise."""
    regle = Formule(Decimal(15), indices, **champs)
    mois = {indice.code: date(2025, 9, 1) for indice in indices}
    ecrite = ecrire_la_clause(lot, Clause(regle, "CCAP, article 7.2", DU, 12, mois), 0, par=AUTOMATE, le=LE)
    db.session.flush()
    return ecrite
