"""The papers of the re-billing, drawn from what was frozen at issue and from nothing else."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.documents.papiers import (
    Adresse,
    AvoirPapier,
    FacturePapier,
    LigneFacturePapier,
    Organisme,
    Paiement,
    ReferenceMarche,
    Totaux,
    TvaTaux,
)
from groupement.documents.rendu import rendre_avoir, rendre_facture
from groupement.refacturation.models import Avoir, Facture
from groupement.refacturation.rules.calcul import precision_de_ligne
from groupement.refacturation.rules.composition import AVEC_TVA
from groupement.socle.courriels import Piece, enregistrer_fabrique
from groupement.socle.db import db

PDF = "application/pdf"


def papier_facture(fige: Mapping[str, Any]) -> FacturePapier:
    """The facture as its paper says it."""
    paiement = fige["paiement"]
    return FacturePapier(
        numero=fige["numero"],
        emise_le=date.fromisoformat(fige["emise_le"]),
        echeance=date.fromisoformat(fige["echeance_le"]),
        emetteur=_emetteur(fige),
        debiteur=_debiteur(fige),
        lignes=_lignes(fige),
        totaux=_totaux(fige),
        paiement=Paiement(
            iban=paiement["iban"],
            bic=paiement["bic"],
            titulaire=paiement["titulaire"],
            reference=paiement["reference"],
            moyens=tuple(paiement["moyens"]),
        ),
        references=_references(fige),
        objet=fige["objet"],
        engagement=fige["engagement"],
        code_service=fige["code_service"],
        convention=fige["convention"],
        mentions=tuple(fige["mentions"]),
    )


def papier_avoir(fige: Mapping[str, Any]) -> AvoirPapier:
    """The avoir as its paper says it."""
    return AvoirPapier(
        numero=fige["numero"],
        emis_le=date.fromisoformat(fige["emis_le"]),
        facture=fige["facture"],
        facture_du=date.fromisoformat(fige["facture_du"]),
        motif=fige["motif"],
        emetteur=_emetteur(fige),
        debiteur=_debiteur(fige),
        lignes=_lignes(fige),
        totaux=_totaux(fige),
        references=_references(fige),
        engagement=fige["engagement"],
        code_service=fige["code_service"],
        mentions=tuple(fige["mentions"]),
    )


def pdf_facture(facture: Facture) -> bytes:
    """The facture as a PDF."""
    return rendre_facture(papier_facture(facture.fige))


def pdf_avoir(avoir: Avoir) -> bytes:
    """The avoir as a PDF."""
    return rendre_avoir(papier_avoir(avoir.fige))


class _Tuyau(io.RawIOBase):
    """What is written is kept until it is taken: a file whose beginning may leave before its end is known."""

    def __init__(self) -> None:
        self.attend = bytearray()

    def writable(self) -> bool:
        """Yes; it does not go back."""
        return True

    def write(self, octets: Any) -> int:
        """Keep some more."""
        self.attend += octets
        return len(octets)

    def prendre(self) -> bytes:
        """What was written since the last time."""
        octets, self.attend = bytes(self.attend), bytearray()
        return octets


def archive_des_factures(documents: Iterable[Any], bordereau: bytes, le: date) -> Iterator[bytes]:
    """A ZIP of PDFs named by the number of their facture, after their bordereau: it leaves as it is drawn.

    `documents`: numero, emise_le, fige.
    """
    tuyau = _Tuyau()
    with zipfile.ZipFile(tuyau, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entree("bordereau.csv", le), bordereau)
        yield tuyau.prendre()
        for document in documents:
            pdf = rendre_facture(papier_facture(document.fige))
            archive.writestr(_entree(f"{document.numero}.pdf", document.emise_le), pdf)
            yield tuyau.prendre()
    yield tuyau.prendre()


def _entree(nom: str, le: date) -> zipfile.ZipInfo:
    """A file of an archive, dated."""
    return zipfile.ZipInfo(nom, (le.year, le.month, le.day, 0, 0, 0))


def piece_facture(facture_id: int) -> Piece:
    """The attachment `facture:<id>` of a mail."""
    facture = db.session.get_one(Facture, facture_id)
    return Piece(f"facture-{facture.numero}.pdf", PDF, pdf_facture(facture))


def piece_avoir(avoir_id: int) -> Piece:
    """The attachment `avoir:<id>` of a mail."""
    avoir = db.session.get_one(Avoir, avoir_id)
    return Piece(f"avoir-{avoir.numero}.pdf", PDF, pdf_avoir(avoir))


enregistrer_fabrique("facture", piece_facture)
enregistrer_fabrique("avoir", piece_avoir)


def _emetteur(fige: Mapping[str, Any]) -> Organisme:
    """The Centre de gestion as it was."""
    emetteur = fige["emetteur"]
    return Organisme(
        nom=emetteur["nom"],
        adresse=_adresse(emetteur),
        siret=emetteur["siret"],
        tva_intracommunautaire=emetteur["tva"],
        telephone=emetteur["telephone"],
        courriel=emetteur["courriel"],
    )


def _debiteur(fige: Mapping[str, Any]) -> Organisme:
    """The body as it was."""
    corps = fige["debiteur"]
    return Organisme(nom=corps["nom"], adresse=_adresse(corps), siret=corps["siret"], siren=corps["siren"])


def _adresse(corps: Mapping[str, str]) -> Adresse:
    """A frozen address."""
    return Adresse(lignes=(corps["adresse"],), code_postal=corps["code_postal"], commune=corps["ville"])


def _lignes(fige: Mapping[str, Any]) -> tuple[LigneFacturePapier, ...]:
    """The lines as they were printed."""
    return tuple(
        LigneFacturePapier(
            designation=ligne["designation"],
            montant_ht=Decimal(ligne["montant"]),
            reference=ligne["reference"],
            unite=ligne["unite"],
            unites=Decimal(ligne["quantite"]) if "quantite" in ligne else ligne["unites"],
            prix_unitaire_ht=_nombre(ligne["prix_unitaire_ht"]),
            tva_pct=_nombre(ligne["tva_pct"]),
            precision=precision_de_ligne(ligne),
        )
        for ligne in fige["lignes"]
    )


def _nombre(texte: str | None) -> Decimal | None:
    """A frozen number, if there is one."""
    return Decimal(texte) if texte is not None else None


def _totaux(fige: Mapping[str, Any]) -> Totaux:
    """Totals with VAT by rate in mode A; the whole cost alone in B and C."""
    total_ttc = Decimal(fige["total_ttc"])
    if fige["mode_tva"] != AVEC_TVA:
        return Totaux(total_ht=total_ttc, tvas=(), total_ttc=total_ttc)
    tvas = tuple(
        TvaTaux(taux_pct=Decimal(tva["taux"]), base_ht=Decimal(tva["base"]), montant=Decimal(tva["montant"]))
        for tva in fige["tva"]
    )
    return Totaux(total_ht=Decimal(fige["total_ht"]), tvas=tvas, total_ttc=total_ttc)


def _references(fige: Mapping[str, Any]) -> tuple[ReferenceMarche, ...]:
    """The bons and deliveries billed."""
    return tuple(
        ReferenceMarche(
            marche=fige["marche"],
            bon=reference["bon"],
            livree_le=_jour(reference["livree_le"]),
            admise_le=_jour(reference["admise_le"]),
        )
        for reference in fige["references"]
    )


def _jour(texte: str) -> date | None:
    """A frozen day, if there is one."""
    return date.fromisoformat(texte) if texte else None
