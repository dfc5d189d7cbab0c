"""A mission in figures: what its days allow to note, what they cost, how far they went.

Amounts in € HT, two places; quantities in days or hours, two places; lengths in whole mm of shelf.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from groupement.prestations.rules.tarifs import UNITES, Tarif, quantite_en_mots, tarif_du
from groupement.prestations.states import NaturePrestation
from groupement.socle.argent import arrondir
from groupement.socle.calendrier import date_fr
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import decimal_fr, euros_fr

AU_PLUS_PAR_JOUR = {"mission_jour": Decimal(1), "mission_heure": Decimal(24)}
ZERO = Decimal(0)


class JourneeRefusee(RegleRefusee):
    """A day that cannot be noted so; `champ` is the field of the form the sentence belongs to."""

    def __init__(self, champ: str, phrase: str) -> None:
        """`phrase`: what is wrong and what to do."""
        super().__init__(phrase)
        self.champ = champ


@dataclass(frozen=True, slots=True)
class Projet:
    """What is agreed with the body: who comes, what for, when, for how long (days or hours, as `nature` says)."""

    archiviste_id: int
    nature: NaturePrestation
    objet: str
    du: date
    au: date
    quantite_prevue: Decimal


@dataclass(frozen=True, slots=True)
class Journee:
    """One day of a mission: time passed, shelf treated, of which shelf set aside to be eliminated."""

    jour: date
    quantite: Decimal
    traites_mm: int = 0
    elimines_mm: int = 0


@dataclass(frozen=True, slots=True)
class LigneDeMission:
    """The days of a mission that share a rate: what is billed on one line."""

    tarif: Tarif
    du: date
    au: date
    quantite: Decimal

    @property
    def montant_ht(self) -> Decimal:
        """Quantity × rate, rounded once."""
        return arrondir(self.quantite * self.tarif.prix_unitaire_ht)

    @property
    def unite(self) -> str:
        """« jour » or « heure »."""
        return UNITES[self.tarif.nature.value]

    @property
    def explication(self) -> str:
        """« 2 jours × 310,00 € = 620,00 € HT », with the day the rate holds from."""
        return (
            f"{quantite_en_mots(self.quantite, self.unite)} × {euros_fr(self.tarif.prix_unitaire_ht)} = "
            f"{euros_fr(self.montant_ht)} HT (tarif en vigueur depuis le {date_fr(self.tarif.du)})"
        )


@dataclass(frozen=True, slots=True)
class Avancement:
    """What the days of a mission add up to, against what was planned."""

    jours: int
    quantite: Decimal
    prevue: Decimal
    traites_mm: int
    elimines_mm: int

    @property
    def rendement_mm(self) -> int | None:
        """Shelf treated (mm) for a unit of time, to the mm; None before any time is noted."""
        if not self.quantite:
            return None
        return int((self.traites_mm / self.quantite).to_integral_value(ROUND_HALF_UP))

    @property
    def reste(self) -> Decimal:
        """Time still planned; negative when the mission has gone beyond."""
        return self.prevue - self.quantite


def avancement(journees: Iterable[Journee], prevue: Decimal) -> Avancement:
    """Sums of the days of a mission planned for `prevue` days or hours."""
    faites = list(journees)
    return Avancement(
        len(faites),
        sum((journee.quantite for journee in faites), ZERO),
        prevue,
        sum(journee.traites_mm for journee in faites),
        sum(journee.elimines_mm for journee in faites),
    )


def lignes_de_mission(
    journees: Iterable[Journee], tarifs: Sequence[Tarif], nature: NaturePrestation, population: int = 0
) -> list[LigneDeMission]:
    """One line for each rate met, the oldest rate first: a rate may change while a mission goes on.

    Raises SansTarif when a day has no rate.
    """
    par_tarif: dict[Tarif, list[Journee]] = {}
    for journee in sorted(journees, key=lambda une: une.jour):
        par_tarif.setdefault(tarif_du(tarifs, nature, journee.jour, population), []).append(journee)
    return [
        LigneDeMission(tarif, siennes[0].jour, siennes[-1].jour, sum((une.quantite for une in siennes), ZERO))
        for tarif, siennes in par_tarif.items()
    ]


def total_ht(lignes: Iterable[LigneDeMission]) -> Decimal:
    """What the lines cost together."""
    return sum((ligne.montant_ht for ligne in lignes), Decimal("0.00"))


def controler_la_journee(
    journee: Journee, nature: NaturePrestation, du: date, au: date, deja_notees: Collection[date], le: date
) -> None:
    """Refuse a day that cannot be: outside the mission, to come, noted already, or longer than a day."""
    if not du <= journee.jour <= au:
        raise JourneeRefusee(
            "jour",
            f"La mission va du {date_fr(du)} au {date_fr(au)}\u00a0: choisissez un jour entre les deux, ou modifiez "
            "les dates de la mission.",
        )
    if journee.jour > le:
        raise JourneeRefusee("jour", "Ce jour n’est pas encore passé\u00a0: notez-le le moment venu.")
    if journee.jour in deja_notees:
        raise JourneeRefusee(
            "jour", f"Le {date_fr(journee.jour)} est déjà noté\u00a0: retirez-le d’abord pour le noter autrement."
        )
    au_plus = AU_PLUS_PAR_JOUR[nature.value]
    if not ZERO < journee.quantite <= au_plus:
        unite = quantite_en_mots(au_plus, UNITES[nature.value])
        raise JourneeRefusee("quantite", f"Indiquez plus de zéro et {unite} au plus, par exemple {_exemple(nature)}.")
    if journee.traites_mm < 0 or journee.elimines_mm < 0:
        raise JourneeRefusee("traites_ml", "Indiquez des mètres, zéro ou plus.")
    if journee.elimines_mm > journee.traites_mm:
        raise JourneeRefusee("elimines_ml", "Ce qui est à éliminer fait partie de ce qui est traité\u00a0: pas plus.")


def controler_les_dates(du: date, au: date, jours: Collection[date]) -> None:
    """Refuse dates out of order, or that would leave out a day already noted."""
    if au < du:
        raise JourneeRefusee(
            "au", f"La mission ne peut finir avant son début\u00a0: indiquez le {date_fr(du)} ou après."
        )
    dehors = sorted(jour for jour in jours if not du <= jour <= au)
    if dehors:
        raise JourneeRefusee("au", f"Le {date_fr(dehors[0])} est déjà noté\u00a0: gardez-le entre ces deux dates.")


def designation(objet: str, ligne: LigneDeMission) -> str:
    """What the facture will say of the line, in 300 characters at most."""
    quand = f"le {date_fr(ligne.du)}" if ligne.du == ligne.au else f"du {date_fr(ligne.du)} au {date_fr(ligne.au)}"
    return f"Mission d’archiviste\u00a0: {objet}, {quand}"[:300]


def _exemple(nature: NaturePrestation) -> str:
    """A usual quantity."""
    return decimal_fr(Decimal("0.5") if AU_PLUS_PAR_JOUR[nature.value] == 1 else Decimal("7.5"))
