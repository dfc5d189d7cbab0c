"""Money to give back and money given back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, defer

from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.refacturation.models import Facture, Remboursement
from groupement.refacturation.queries.factures import SOLDE
from groupement.refacturation.queries.montants import en_montant
from groupement.socle.db import db

A_REMBOURSER = -SOLDE


def factures_a_rembourser(recherche: str = "") -> Select[Any]:
    """The factures paid beyond what is owed, the oldest first. A select for a list."""
    return (
        select(Facture)
        .join(Facture.collectivite)
        .where(SOLDE < 0, *[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Facture.id)
        .options(defer(Facture.fige), contains_eager(Facture.collectivite))
    )


def a_rembourser_ttc() -> Decimal:
    """All that must be given back. One statement."""
    total: Decimal | None = db.session.scalar(
        select(en_montant(func.coalesce(func.sum(A_REMBOURSER), 0), "total")).where(SOLDE < 0)
    )
    return total or Decimal("0.00")


def remboursements_de(facture_id: int) -> Sequence[Remboursement]:
    """Money given back for a facture, oldest first."""
    return db.session.scalars(select(Remboursement).filter_by(facture_id=facture_id).order_by(Remboursement.id)).all()
