"""The figures of a need, exact: what an audit measured goes in, whole counts and unrounded lengths come out.

Lengths are millimetres: whole ones as `int`, those a division made as `Fraction`; only a count is rounded, upwards,
and only at the end. Source: need formulas of AD36 and the PIAF, see docs/besoins.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure, boites_pour, entier_superieur
from groupement.etats_des_lieux.rules.reliures import AnneeARelier, PeriodeARelier, periodes_a_relier

KG_PAR_ML = 60  # boxed papers, the design figure of AD64; registers are rarer and heavier, a floor study refines


@dataclass(frozen=True)
class EtatDesLieuxMesure:
    """What an audit gives the calculation; lengths in mm, `taux_remplissage` in ]0 ; 1], weights in kg per metre.

    `existant_mm` is the whole useful length of the shelving kept, occupied and free. `travee_mm` is what one new bay
    offers. `croissance_mm_an` is produced minus eliminated, in mm a year. Raises ValueError, in French.
    """

    population: int
    existant_mm: int
    croissance_mm_an: int
    mesures: tuple[Mesure, ...] = ()
    reliures: tuple[AnneeARelier, ...] = ()
    horizon_ans: int = 10
    taux_remplissage: Decimal = Decimal("0.90")
    travee_mm: int = 6000
    dos_mm: int = 100
    feuillets_max: int = 200
    kg_par_ml: int = KG_PAR_ML

    def __post_init__(self) -> None:
        """Hold what the formulas divide by or count with."""
        if min(self.population, self.existant_mm, self.croissance_mm_an, self.horizon_ans) < 0:
            raise ValueError("population, existant, croissance et horizon sont de zéro ou plus")
        if min(self.travee_mm, self.dos_mm, self.feuillets_max, self.kg_par_ml) <= 0:
            raise ValueError("travée, dos, feuillets par volume et kg par ml sont supérieurs à zéro")
        if not 0 < self.taux_remplissage <= 1:
            raise ValueError("taux de remplissage supérieur à 0 et au plus égal à 1")


@dataclass(frozen=True)
class Boitage:
    """Boxes of one grade: `a_loger_mm` of loose documents, `deja_boite_mm` already well boxed, `boites` to buy."""

    a_loger_mm: int
    deja_boite_mm: int
    boites: int


@dataclass(frozen=True)
class Equipement:
    """Shelving for one length of documents: now, at the horizon, required, to buy; then how long it lasts.

    Lengths in mm; `annees_avant_saturation` is None when nothing grows.
    """

    net_mm: int
    horizon_mm: int
    requis_mm: Fraction
    a_equiper_mm: Fraction
    travees: int
    capacite_mm: int
    annees_avant_saturation: Fraction | None


@dataclass(frozen=True)
class Quantites:
    """Every figure of a need. `avec_eliminations` is the one proposed, `sans_eliminations` the one without a visa.

    `mesure_mm`, `eliminable_mm`: upright documents only. `grand_format_mm`: measured flat, counted nowhere else.
    """

    mesure_mm: int
    eliminable_mm: int
    grand_format_mm: int
    avec_eliminations: Equipement
    sans_eliminations: Equipement
    definitif: Boitage
    temporaire: Boitage
    periodes: tuple[PeriodeARelier, ...]
    poids_g: int


def annees_avant_saturation(
    capacite_mm: int, taux_remplissage: Decimal, net_mm: int, croissance_mm_an: int
) -> Fraction | None:
    """Years before shelves filled to `taux_remplissage` are full: (capacity × rate − net) / growth, exact.

    0 when they already are; None when nothing grows, for they never will be.
    """
    if croissance_mm_an <= 0:
        return None
    return max(Fraction(0), (capacite_mm * Fraction(taux_remplissage) - net_mm) / croissance_mm_an)


def travees_pour(a_equiper_mm: Fraction | int, travee_mm: int) -> int:
    """Bays of `travee_mm` that offer `a_equiper_mm`, rounded up; none for a length at or below zero.

    Raises ValueError for a bay that offers nothing.
    """
    if travee_mm <= 0:
        raise ValueError(f"travée impossible\u00a0: {travee_mm} mm")
    return max(0, entier_superieur(Fraction(a_equiper_mm) / travee_mm))


def equipement(etat: EtatDesLieuxMesure, net_mm: int) -> Equipement:
    """The shelving `net_mm` of documents need over the horizon of `etat`, beyond what it keeps."""
    horizon_mm = net_mm + etat.horizon_ans * etat.croissance_mm_an
    requis_mm = horizon_mm / Fraction(etat.taux_remplissage)
    a_equiper_mm = max(Fraction(0), requis_mm - etat.existant_mm)
    travees = travees_pour(a_equiper_mm, etat.travee_mm)
    capacite_mm = etat.existant_mm + travees * etat.travee_mm
    duree = annees_avant_saturation(capacite_mm, etat.taux_remplissage, net_mm, etat.croissance_mm_an)
    return Equipement(net_mm, horizon_mm, requis_mm, a_equiper_mm, travees, capacite_mm, duree)


def boitage(longueurs: Iterable[tuple[int, int]], dos_mm: int) -> Boitage:
    """Boxes of spine `dos_mm` for (length, already boxed) pairs in mm, summed first and rounded up once."""
    paires = list(longueurs)
    a_loger_mm, deja_boite_mm = sum(longueur for longueur, _ in paires), sum(deja for _, deja in paires)
    return Boitage(a_loger_mm, deja_boite_mm, boites_pour(a_loger_mm - deja_boite_mm, dos_mm))


def quantites(etat: EtatDesLieuxMesure) -> Quantites:
    """Every figure of the need of `etat`; boxes serve what is there today, shelves the whole horizon.

    Registers count in metres and are never boxed; oversize is neither counted in upright metres nor boxed.
    """
    debout = [mesure for mesure in etat.mesures if mesure.forme.compte_en_metres_lineaires]
    en_boite = [mesure for mesure in etat.mesures if mesure.forme.se_met_en_boite]
    mesure_mm, net_mm = sum(mesure.mesure_mm for mesure in debout), sum(mesure.net_mm for mesure in debout)
    return Quantites(
        mesure_mm=mesure_mm,
        eliminable_mm=mesure_mm - net_mm,
        grand_format_mm=sum(mesure.net_mm for mesure in etat.mesures if mesure.forme is Forme.GRAND_FORMAT),
        avec_eliminations=equipement(etat, net_mm),
        sans_eliminations=equipement(etat, mesure_mm),
        definitif=boitage(((m.definitif_mm, m.deja_boite_definitif_mm) for m in en_boite), etat.dos_mm),
        temporaire=boitage(((m.temporaire_mm, m.deja_boite_temporaire_mm) for m in en_boite), etat.dos_mm),
        periodes=tuple(periodes_a_relier(etat.reliures, etat.population, etat.feuillets_max)),
        poids_g=net_mm * etat.kg_par_ml,
    )
