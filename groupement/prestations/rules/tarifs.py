"""Voted rates: which one holds on a day, for a body of that size. Prices in € HT per unit.

What is voted is a whole grid, from a day on: one price, or one for each band of population. The grid in force is the
latest whose first day is not after the day asked; inside it, the band is the highest not above the population.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.prestations.states import NaturePrestation
from groupement.socle.calendrier import date_fr
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import ESPACE_INSECABLE, decimal_fr, entier_fr

UNITES = {"mission_jour": "jour", "mission_heure": "heure", "sesam": "an"}  # what one unit of a nature is


class SansTarif(RegleRefusee):
    """No rate voted for that nature, day and population."""


class GrilleRefusee(RegleRefusee):
    """A grid that cannot be voted so; `champ` is the field of the form the sentence belongs to."""

    def __init__(self, champ: str, phrase: str) -> None:
        """`phrase`: what is wrong and what to do."""
        super().__init__(phrase)
        self.champ = champ


@dataclass(frozen=True, slots=True)
class Tarif:
    """A rate as it was voted, for bodies of at least `population_a_partir_de` inhabitants, from the day `du` on."""

    id: int
    nature: NaturePrestation
    du: date
    population_a_partir_de: int
    prix_unitaire_ht: Decimal
    tva_pct: Decimal


@dataclass(frozen=True, slots=True)
class Vote:
    """A grid as the délibération gives it: (from how many inhabitants, € HT per unit), and its VAT rate in %."""

    nature: NaturePrestation
    du: date
    tranches: Sequence[tuple[int, Decimal]]
    deliberation_numero: str
    deliberee_le: date
    tva_pct: Decimal = Decimal(0)


def grille_du(tarifs: Iterable[Tarif], nature: NaturePrestation, le: date) -> list[Tarif]:
    """The bands in force on that day, smallest bodies first; empty when nothing was voted yet."""
    votes = [tarif for tarif in tarifs if tarif.nature == nature and tarif.du <= le]
    debut = max((tarif.du for tarif in votes), default=None)
    return sorted((tarif for tarif in votes if tarif.du == debut), key=lambda tarif: tarif.population_a_partir_de)


def tarif_du(tarifs: Iterable[Tarif], nature: NaturePrestation, le: date, population: int = 0) -> Tarif:
    """The rate of a day for a body of `population` inhabitants. Raises SansTarif, in French, when there is none."""
    grille = grille_du(tarifs, nature, le)
    if not grille:
        raise SansTarif(
            f"Aucun tarif «\u00a0{nature.libelle()}\u00a0» n’est voté au {date_fr(le)}\u00a0: "
            "demandez au comptable d’enregistrer celui de la délibération."
        )
    convenables = [tarif for tarif in grille if tarif.population_a_partir_de <= population]
    if not convenables:
        raise SansTarif(
            f"Aucun tarif «\u00a0{nature.libelle()}\u00a0» n’est voté pour {entier_fr(population)}\u00a0habitants "
            f"au {date_fr(le)}\u00a0: la première tranche commence à {entier_fr(grille[0].population_a_partir_de)}."
        )
    return convenables[-1]


def controler_la_grille(
    nature: NaturePrestation, du: date, deliberee_le: date, populations: Collection[int], deja_votees: Collection[date]
) -> None:
    """Refuse a grid that could not hold: voted after it starts, already voted for that day, twice the same band."""
    if deliberee_le > du:
        raise GrilleRefusee(
            "du", f"Un tarif ne vaut pas avant d’être voté\u00a0: indiquez le {date_fr(deliberee_le)} ou après."
        )
    if du in deja_votees:
        raise GrilleRefusee(
            "du",
            f"Un tarif «\u00a0{nature.libelle()}\u00a0» est déjà voté au {date_fr(du)}, et un tarif voté ne change pas"
            "\u00a0: choisissez une autre date.",
        )
    if not populations:
        raise GrilleRefusee("tranches", "Indiquez au moins un prix.")
    if len(set(populations)) < len(populations):
        raise GrilleRefusee("tranches", "Deux prix commencent au même nombre d’habitants\u00a0: gardez-en un.")


def quantite_en_mots(quantite: Decimal, unite: str) -> str:
    """« 1,5 jour », « 2 jours »: French takes the plural from two on."""
    return f"{decimal_fr(quantite)}{ESPACE_INSECABLE}{unite}{'s' if quantite >= 2 else ''}"
