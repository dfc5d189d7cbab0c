"""Number, freeze and chain the factures of a run, then write them in bulk: the same few statements however many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from groupement.commandes.models import Affectation, PartDePort
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.chaine import derniere_empreinte
from groupement.refacturation.rules.composition import CompteMembre, lignes_imprimees
from groupement.refacturation.rules.document import Debiteur, Emission, document_facture
from groupement.refacturation.rules.empreinte import empreinte
from groupement.refacturation.states import EtatFacture
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import euros_fr
from groupement.socle.numerotation import numero, reserver

SERIE = "F"
ZERO = Decimal("0.00")
SANS_SYNCHRONISER = {"synchronize_session": False}


class RienAFacturer(RegleRefusee):
    """Everything that can be billed is billed already."""


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


def verifier_l_attendu(attendu_ht: Decimal | None, total_ht: Decimal) -> None:
    """Refuse to issue another total than the one the person was shown."""
    if attendu_ht is not None and attendu_ht != total_ht:
        raise RegleRefusee(
            f"Ce qui est à facturer a changé pendant que vous lisiez la page\u00a0: {euros_fr(attendu_ht)} HT alors, "
            f"{euros_fr(total_ht)} HT maintenant. Rien n’a été émis\u00a0: relisez l’aperçu, puis recommencez."
        )


def numeroter(
    comptes: Sequence[CompteMembre],
    parties: Callable[[CompteMembre], tuple[Emission, Debiteur]],
    jour: date,
    delai_jours: int,
) -> list[FactureAEcrire]:
    """The factures of the accounts, in their order, numbered and chained, as they will be written.

    `parties` says what the facture of an account is about, and who owes it.
    """
    echeance = jour + timedelta(days=delai_jours)
    precedente = derniere_empreinte(Facture)  # before the numbers: whoever holds the end of the chain is alone
    rangs = reserver(SERIE, jour.year, len(comptes))
    documents = []
    for rang, compte in zip(rangs, comptes, strict=True):
        emission, debiteur = parties(compte)
        imprimees = lignes_imprimees(emission.mode_tva, compte.lignes, compte.totaux)
        nom = numero(SERIE, jour.year, rang)
        fige = document_facture(nom, echeance, emission, debiteur, imprimees, compte.totaux)
        suivante = empreinte(fige, precedente)
        documents.append(FactureAEcrire(nom, compte, jour, echeance, fige, precedente, suivante))
        precedente = suivante
    return documents


def ecrire_les_factures(run: Refacturation, documents: Sequence[FactureAEcrire]) -> dict[str, int]:
    """Factures, then their lines; returns the id of each number. Three statements."""
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
    return numeros


CHAMPS_DE_LIGNE = (
    *("affectation_id", "part_de_port_id", "prestation_id", "reference", "designation", "unite", "unites"),
    *("quantite", "prix_unitaire_ht", "refaction_ht", "montant_ht", "tva_pct"),
)


def _facture(run: Refacturation, document: FactureAEcrire) -> dict[str, Any]:
    """One row of factures."""
    totaux = document.compte.totaux
    return {
        "numero": document.numero,
        "refacturation_id": run.id,
        "collectivite_id": document.compte.membre,
        "commande_id": document.compte.commande,
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


def reporter(run: Refacturation) -> None:
    """What the lines of the run bill, added on the affectations and the shares of shipping. Two statements."""
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
