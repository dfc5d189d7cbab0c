"""What every paper shares: bodies, addresses, totals, and the refusal of figures that do not sum."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ZERO = Decimal("0.00")


class PapierIncoherent(ValueError):
    """The figures given for a paper contradict one another: nothing may be printed."""


def exiger(condition: bool, message: str) -> None:
    """Refuse the paper, with the figures in the sentence, unless `condition` holds."""
    if not condition:
        raise PapierIncoherent(message)


@dataclass(frozen=True, kw_only=True)
class Adresse:
    """A postal address: street lines from the most precise to the widest, then postcode and town."""

    lignes: tuple[str, ...]
    code_postal: str
    commune: str

    @property
    def complete(self) -> tuple[str, ...]:
        """All the lines in postal order, without the empty ones."""
        return (*(ligne for ligne in self.lignes if ligne), f"{self.code_postal} {self.commune}".strip())


@dataclass(frozen=True, kw_only=True)
class Organisme:
    """A body as a paper names it: CdG62, a supplier, a member."""

    nom: str
    adresse: Adresse
    siret: str = ""  # 14 digits, or empty when nobody gave it: never guessed
    siren: str = ""
    tva_intracommunautaire: str = ""
    telephone: str = ""
    courriel: str = ""
    service: str = ""  # "Service achats", second line of an address


def coordonnateur(reglages: Mapping[str, Any], service: str = "") -> Organisme:
    """The Centre de gestion as the settings name it; its address there is « rue|code postal|ville »."""
    rue, code_postal, commune = str(reglages["COORDONNATEUR_ADRESSE"]).split("|")
    return Organisme(
        nom=reglages["COORDONNATEUR_NOM"],
        service=service,
        adresse=Adresse(lignes=(rue,), code_postal=code_postal, commune=commune),
        siret=reglages["COORDONNATEUR_SIRET"],
        telephone=reglages["COORDONNATEUR_TELEPHONE"],
        courriel=reglages["COORDONNATEUR_COURRIEL"],
    )


def fournisseur_fige(fige: Mapping[str, str]) -> Organisme:
    """A supplier as it was when its bon was issued."""
    return Organisme(
        nom=fige["nom"],
        adresse=Adresse(lignes=(fige["adresse"],), code_postal=fige["code_postal"], commune=fige["ville"]),
        siret=fige["siret"],
        telephone=fige.get("telephone", ""),
        courriel=fige.get("courriel", ""),
    )


@dataclass(frozen=True, kw_only=True)
class Signataire:
    """Who signs or issues the paper, and in what quality."""

    nom: str
    qualite: str
    lieu: str = ""


@dataclass(frozen=True, kw_only=True)
class TvaTaux:
    """VAT of one rate: base and amount, rounded once on the summed base by whoever computed it."""

    taux_pct: Decimal
    base_ht: Decimal
    montant: Decimal


@dataclass(frozen=True, kw_only=True)
class Totaux:
    """Totals at the foot of a paper. `tvas` is empty when the paper shows no VAT (total HT = TTC)."""

    total_ht: Decimal
    tvas: tuple[TvaTaux, ...]
    total_ttc: Decimal

    def __post_init__(self) -> None:
        """Refuse bases that do not make the total, and a TTC that is not HT + VAT."""
        if self.tvas:
            bases = sum((tva.base_ht for tva in self.tvas), ZERO)
            exiger(bases == self.total_ht, f"bases de TVA {bases} ≠ total HT {self.total_ht}")
        ttc = self.total_ht + self.total_tva
        exiger(ttc == self.total_ttc, f"HT + TVA {ttc} ≠ total TTC {self.total_ttc}")

    @property
    def total_tva(self) -> Decimal:
        """VAT of all rates."""
        return sum((tva.montant for tva in self.tvas), ZERO)


def exiger_somme(montants: Iterable[Decimal], total: Decimal, quoi: str) -> None:
    """Refuse the paper unless the printed amounts make the printed total."""
    somme = sum(montants, ZERO)
    exiger(somme == total, f"{quoi} : les lignes font {somme}, le total annonce {total}")
