"""The frozen text of a facture and of an avoir: one JSON document that holds all the paper says.

Amounts, rates and days are text, so that the document hashes alike before and after it was stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.refacturation.rules.tva import LigneTva, TotauxDocument

FORME = 1  # shape of the documents: raised when a field changes its meaning


@dataclass(frozen=True, slots=True)
class Emission:
    """What all the documents of one issue share."""

    emetteur: Mapping[str, str]
    objet: str
    marche: str
    convention: str
    mode_tva: str
    mentions: Sequence[str]
    paiement: Mapping[str, Any]
    le: date


@dataclass(frozen=True, slots=True)
class Debiteur:
    """The body billed, its order's numbers, and the deliveries concerned."""

    identite: Mapping[str, str]
    engagement: str
    code_service: str
    references: Sequence[Mapping[str, str]]


def document_facture(
    numero: str,
    echeance: date,
    emission: Emission,
    debiteur: Debiteur,
    lignes: Sequence[Mapping[str, Any]],
    totaux: TotauxDocument,
) -> dict[str, Any]:
    """All that the facture `numero` says."""
    return {
        "forme": FORME,
        "genre": "facture",
        "numero": numero,
        "emise_le": emission.le.isoformat(),
        "echeance_le": echeance.isoformat(),
        "objet": emission.objet,
        "marche": emission.marche,
        "convention": emission.convention,
        "mode_tva": emission.mode_tva,
        "emetteur": dict(emission.emetteur),
        "debiteur": dict(debiteur.identite),
        "engagement": debiteur.engagement,
        "code_service": debiteur.code_service,
        "references": [dict(reference) for reference in debiteur.references],
        "lignes": [dict(ligne) for ligne in lignes],
        **totaux_json(totaux),
        "paiement": dict(emission.paiement) | {"reference": numero},
        "mentions": list(emission.mentions),
    }


def document_avoir(
    numero: str,
    le: date,
    motif: str,
    facture: Mapping[str, Any],
    lignes: Sequence[Mapping[str, Any]],
    totaux: TotauxDocument,
    mentions: Sequence[str],
) -> dict[str, Any]:
    """All that the avoir `numero` on the frozen document `facture` says; it carries no payment means."""
    repris = ("objet", "marche", "mode_tva", "emetteur", "debiteur", "engagement", "code_service", "references")
    return {
        "forme": FORME,
        "genre": "avoir",
        "numero": numero,
        "emis_le": le.isoformat(),
        "facture": facture["numero"],
        "facture_du": facture["emise_le"],
        "motif": motif,
        **{cle: facture[cle] for cle in repris},
        "lignes": [dict(ligne) for ligne in lignes],
        **totaux_json(totaux),
        "mentions": list(mentions),
    }


def totaux_json(totaux: TotauxDocument) -> dict[str, Any]:
    """Totals and VAT by rate, as text."""
    return {
        "total_ht": str(totaux.total_ht),
        "total_tva": str(totaux.total_tva),
        "total_ttc": str(totaux.total_ttc),
        "tva": [{"taux": str(t.taux_pct), "base": str(t.base_ht), "montant": str(t.montant)} for t in totaux.tva],
    }


def totaux_lus(document: Mapping[str, Any]) -> TotauxDocument:
    """The totals of a frozen document."""
    tva = tuple(LigneTva(Decimal(t["taux"]), Decimal(t["base"]), Decimal(t["montant"])) for t in document["tva"])
    return TotauxDocument(
        Decimal(document["total_ht"]), Decimal(document["total_tva"]), Decimal(document["total_ttc"]), tva
    )


def ecart_avec(document: Mapping[str, Any], colonnes: Mapping[str, Any]) -> str | None:
    """What a row says otherwise than its frozen document, in French; None when they agree."""
    for champ, valeur in colonnes.items():
        if str(document[champ]) != str(valeur):
            return f"la colonne « {champ} » dit {valeur}, le document émis disait {document[champ]}."
    return None
