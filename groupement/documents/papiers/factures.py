"""What the facture and the avoir say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.documents.papiers.commun import Organisme, Signataire, Totaux, exiger, exiger_somme


@dataclass(frozen=True, kw_only=True)
class LigneFacturePapier:
    """One line billed (or credited, as a positive amount on an avoir). A réfaction is its own negative line."""

    designation: str
    montant_ht: Decimal  # on a facture without VAT: the cost passed on
    reference: str = ""
    unite: str = ""
    unites: int | Decimal | None = None  # None: a lump sum; a service has hundredths
    prix_unitaire_ht: Decimal | None = None
    tva_pct: Decimal | None = None  # None: no VAT shown
    precision: str = ""  # "Bon 2026-012, livré et admis le 3 mars 2026"


@dataclass(frozen=True, kw_only=True)
class ReferenceMarche:
    """One bon and delivery that a facture re-bills."""

    marche: str
    bon: str
    livraison: str = ""
    livree_le: date | None = None
    admise_le: date | None = None


@dataclass(frozen=True, kw_only=True)
class Paiement:
    """How and where to pay."""

    iban: str
    bic: str = ""
    titulaire: str = ""
    reference: str = ""  # to quote with the transfer
    moyens: tuple[str, ...] = ()  # sentences: "Par virement…", "Par carte sur …"


@dataclass(frozen=True, kw_only=True)
class FacturePapier:
    """A facture to a member body. `mentions` are editable texts (VAT regime, penalties, appeal)."""

    numero: str
    emise_le: date
    echeance: date
    emetteur: Organisme
    debiteur: Organisme
    lignes: tuple[LigneFacturePapier, ...]
    totaux: Totaux
    paiement: Paiement
    references: tuple[ReferenceMarche, ...] = ()
    objet: str = ""
    engagement: str = ""
    code_service: str = ""
    convention: str = ""
    emise_par: Signataire | None = None
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a facture whose lines do not make its total."""
        verifier_lignes(self.numero, self.lignes, self.totaux)


@dataclass(frozen=True, kw_only=True)
class AvoirPapier:
    """A credit note: positive amounts, the facture it corrects, and why. It carries no payment means."""

    numero: str
    emis_le: date
    facture: str
    facture_du: date
    motif: str
    emetteur: Organisme
    debiteur: Organisme
    lignes: tuple[LigneFacturePapier, ...]
    totaux: Totaux
    references: tuple[ReferenceMarche, ...] = ()
    engagement: str = ""
    code_service: str = ""
    emise_par: Signataire | None = None
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an avoir whose lines do not make its total, or that gives no reason."""
        verifier_lignes(self.numero, self.lignes, self.totaux)
        exiger(bool(self.motif.strip()), f"avoir {self.numero} sans motif")


def verifier_lignes(numero: str, lignes: tuple[LigneFacturePapier, ...], totaux: Totaux) -> None:
    """Refuse lines that do not make the total, or a rate whose lines do not make its base."""
    exiger(bool(lignes), f"{numero} sans ligne")
    exiger_somme((ligne.montant_ht for ligne in lignes), totaux.total_ht, numero)
    for tva in totaux.tvas:
        du_taux = (ligne.montant_ht for ligne in lignes if ligne.tva_pct == tva.taux_pct)
        exiger_somme(du_taux, tva.base_ht, f"{numero}, taux {tva.taux_pct}")
