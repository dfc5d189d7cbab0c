"""What of a facture can still be credited, line by line."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from groupement.commandes.models import Affectation
from groupement.refacturation.models import Facture, LigneAvoir, LigneFacture
from groupement.refacturation.queries.a_facturer import refactions_facturees
from groupement.refacturation.queries.montants import en_montant, refactions
from groupement.refacturation.rules.avoirs import LigneCreditable
from groupement.socle.db import db

ZERO = Decimal("0.00")


def lignes_creditables(facture: Facture) -> list[LigneCreditable]:
    """The lines of a facture with what earlier avoirs took off, and the réfactions that wait. Five statements."""
    campagne_id = facture.refacturation.campagne_id
    deja = _deja_credite(facture.id)
    attentes = _refactions_en_attente(facture.id, campagne_id) if campagne_id is not None else {}
    lignes = db.session.scalars(select(LigneFacture).filter_by(facture_id=facture.id).order_by(LigneFacture.id))
    return [
        LigneCreditable(
            ligne_id=ligne.id,
            designation=ligne.designation,
            unites=ligne.unites,
            montant_ht=ligne.montant_ht,
            refaction_ht=ligne.refaction_ht,
            tva_pct=ligne.tva_pct,
            quantite=ligne.quantite,
            unite=ligne.unite,
            unites_creditees=deja[ligne.id][0],
            montant_credite_ht=deja[ligne.id][1],
            refaction_en_attente_ht=attentes.get(ligne.affectation_id, ZERO) if ligne.affectation_id else ZERO,
        )
        for ligne in lignes
    ]


def _deja_credite(facture_id: int) -> dict[int, tuple[int, Decimal]]:
    """Units and amount credited, by line."""
    trouve: dict[int, tuple[int, Decimal]] = defaultdict(lambda: (0, ZERO))
    requete = (
        select(LigneAvoir.ligne_facture_id, func.sum(LigneAvoir.unites), func.sum(LigneAvoir.montant_ht))
        .join(LigneFacture, LigneFacture.id == LigneAvoir.ligne_facture_id)
        .where(LigneFacture.facture_id == facture_id)
        .group_by(LigneAvoir.ligne_facture_id)
    )
    for ligne_id, unites, montant in db.session.execute(requete):
        trouve[ligne_id] = (int(unites), montant)
    return trouve


def _refactions_en_attente(facture_id: int, campagne_id: int) -> dict[int, Decimal]:
    """Réfactions decided and not taken off yet, by affectation of the facture."""
    decidees = refactions()
    requete: Any = (
        select(Affectation.id, en_montant(decidees.c.refaction, "refaction_ht"))
        .join(LigneFacture, LigneFacture.affectation_id == Affectation.id)
        .join(decidees, decidees.c.affectation_id == Affectation.id)
        .where(LigneFacture.facture_id == facture_id)
    )
    lignes = db.session.execute(requete).all()
    if not lignes:
        return {}
    facturees = refactions_facturees(campagne_id)
    return {numero: montant - facturees.get(numero, ZERO) for numero, montant in lignes}
