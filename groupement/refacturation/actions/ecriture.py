"""Write the factures of a run in bulk, and what was billed back on the shares: five statements in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from groupement.commandes.models import Affectation, PartDePort
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.rules.composition import CompteMembre
from groupement.refacturation.states import EtatFacture
from groupement.socle.db import db

ZERO = Decimal("0.00")
SANS_SYNCHRONISER = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class FactureAEcrire:
    """A facture numbered, frozen and chained."""

    numero: str
    compte: CompteMembre
    emise_le: date
    echeance_le: date
    fige: dict[str, Any]
    empreinte_precedente: str
    empreinte: str


def ecrire_les_factures(run: Refacturation, documents: Sequence[FactureAEcrire]) -> dict[str, int]:
    """Factures, lines, then the units and amounts billed on the affectations and the shares of shipping.

    Returns the id of each number.
    """
    db.session.execute(insert(Facture.__table__), [_facture(run, document) for document in documents])
    numeros = dict(
        db.session.execute(select(Facture.numero, Facture.id).where(Facture.refacturation_id == run.id)).all()
    )
    lignes = [
        {
            "facture_id": numeros[document.numero],
            **{champ: getattr(ligne, champ) for champ in CHAMPS_DE_LIGNE},
        }
        for document in documents
        for ligne in document.compte.lignes
    ]
    db.session.execute(insert(LigneFacture.__table__), lignes)
    _reporter(run)
    return numeros


CHAMPS_DE_LIGNE = (
    *("affectation_id", "part_de_port_id", "reference", "designation", "unite", "unites", "prix_unitaire_ht"),
    *("refaction_ht", "montant_ht", "tva_pct"),
)


def _facture(run: Refacturation, document: FactureAEcrire) -> dict[str, Any]:
    """One row of factures."""
    totaux = document.compte.totaux
    return {
        "numero": document.numero,
        "refacturation_id": run.id,
        "collectivite_id": document.compte.membre,
        "etat": EtatFacture.EMISE,
        "emise_le": document.emise_le,
        "echeance_le": document.echeance_le,
        "total_ht": totaux.total_ht,
        "total_tva": totaux.total_tva,
        "total_ttc": totaux.total_ttc,
        "paye_ttc": ZERO,
        "avoirs_ttc": ZERO,
        "fige": document.fige,
        "empreinte_precedente": document.empreinte_precedente,
        "empreinte": document.empreinte,
    }


def _reporter(run: Refacturation) -> None:
    """What the lines of the run bill, added on the shares they bill."""
    du_run = (LigneFacture.facture_id == Facture.id) & (Facture.refacturation_id == run.id)
    db.session.execute(
        update(Affectation)
        .where(Affectation.id == LigneFacture.affectation_id, du_run)
        .values(
            unites_facturees=Affectation.unites_facturees + LigneFacture.unites,
            montant_facture_ht=Affectation.montant_facture_ht + LigneFacture.montant_ht,
        ),
        execution_options=SANS_SYNCHRONISER,
    )
    db.session.execute(
        update(PartDePort)
        .where(PartDePort.id == LigneFacture.part_de_port_id, du_run)
        .values(montant_facture_ht=PartDePort.montant_facture_ht + LigneFacture.montant_ht),
        execution_options=SANS_SYNCHRONISER,
    )
