"""Bindings: how many volumes the unbound sheets of a series make, how thick they are, in which price band.

Sheets are `feuillets` (one leaf, two pages). Source: CGCT R2121-9 (deliberations bound at year end, or every five
years below 1 000 inhabitants), decree 2017-890 (civil status, every year), AD Gironde and circular IOCB1032174C
(100 to 300 sheets a volume, a session never straddles two volumes).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from groupement.etats_des_lieux.rules.ecriture import ecrire_annees, enumeration
from groupement.socle.nombres import accorde

POPULATION_RELIURE_ANNUELLE = 1000
ANNEES_PAR_PERIODE = 5
SERIES_TOUJOURS_ANNUELLES = frozenset({"etat_civil", "naissances", "mariages", "deces"})
TRANCHES_FEUILLETS = (100, 200, 300)
PLATS_MM = 6  # the two boards
FEUILLET_CENTIEMES_MM = 11  # 0.11 mm, permanent paper of 90 g
LIBELLES_SERIES = {
    "deliberations": "Délibérations",
    "arretes": "Arrêtés",
    "decisions": "Décisions",
    "etat_civil": "État civil",
    "naissances": "Naissances",
    "mariages": "Mariages",
    "deces": "Décès",
}


@dataclass(frozen=True)
class AnneeARelier:
    """One year of one series not bound yet: its `feuillets`, or the sheets of each session in order (`seances`).

    Raises ValueError, in French, when both or neither are given, a count is negative, or a session is empty.
    """

    serie: str
    annee: int
    feuillets: int | None = None
    seances: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        """Hold the either/or."""
        if (self.feuillets is None) == (self.seances is None):
            raise ValueError("indiquez soit « feuillets », soit « seances », et pas les deux")
        if self.feuillets is not None and self.feuillets < 0:
            raise ValueError("nombre de feuillets négatif, indiquez zéro ou plus")
        if self.seances is not None and min(self.seances, default=0) < 1:
            raise ValueError("une séance compte au moins un feuillet, et il faut au moins une séance")

    @property
    def total_feuillets(self) -> int:
        """Sheets of the year."""
        return sum(self.seances) if self.seances is not None else self.feuillets or 0


@dataclass(frozen=True)
class Volume:
    """One volume to bind: its series, the years its sheets come from, its sheets."""

    serie: str
    annees: tuple[int, ...]
    feuillets: int

    @property
    def epaisseur_mm(self) -> int:
        """Thickness once bound, mm."""
        return epaisseur_mm(self.feuillets)

    @property
    def tranche(self) -> int | None:
        """Upper bound of its price band, in sheets; None beyond the largest band."""
        return tranche_de_prix(self.feuillets)


@dataclass(frozen=True)
class PeriodeARelier:
    """The years of one series bound together, and the volumes they make."""

    serie: str
    annees: tuple[AnneeARelier, ...]
    volumes: tuple[Volume, ...]
    feuillets_max: int

    @property
    def explication(self) -> str:
        """How the volumes of the period were counted, in one French sentence with its figures."""
        total = sum(annee.total_feuillets for annee in self.annees)
        annees = ecrire_annees([annee.annee for annee in self.annees])
        contenu = enumeration([str(volume.feuillets) for volume in self.volumes])
        detail = f" ({contenu})" if len(self.volumes) > 1 else ""
        return (
            f"Reliure, {libelle_serie(self.serie)} {annees}\u00a0: {accorde(total, 'feuillet')}, "
            f"{self.feuillets_max} au plus par volume{self._regle_des_seances()}\u00a0: "
            f"{accorde(len(self.volumes), 'volume')}{detail}.{self._depassement()}"
        )

    def _regle_des_seances(self) -> str:
        """What was done of the sessions: kept whole, or unknown."""
        detaillees = [annee for annee in self.annees if annee.seances is not None]
        if not detaillees:
            return ""
        if len(detaillees) == len(self.annees):
            return ", sans couper une séance"
        sans_detail = [annee.annee for annee in self.annees if annee.seances is None]
        return f", sans couper une séance (séances non détaillées en {ecrire_annees(sans_detail)})"

    def _depassement(self) -> str:
        """A warning when one session alone is longer than a volume."""
        if all(volume.feuillets <= self.feuillets_max for volume in self.volumes):
            return ""
        return (
            f" Attention\u00a0: une séance dépasse à elle seule {self.feuillets_max} feuillets\u00a0; "
            "elle reste entière dans son volume, à voir avec le relieur."
        )


def libelle_serie(serie: str) -> str:
    """The French label of a series; a series without one is shown as it was written."""
    return LIBELLES_SERIES.get(serie, serie)


def feuillets_de_pages(pages: int, *, recto_seul: bool = False) -> int:
    """Sheets that carry `pages` written pages: as many when only rectos are written, else half, rounded up.

    Raises ValueError for a negative count.
    """
    if pages < 0:
        raise ValueError(f"nombre de pages impossible\u00a0: {pages}")
    return pages if recto_seul else -(-pages // 2)


def epaisseur_mm(feuillets: int) -> int:
    """Thickness (mm) of a volume: 0.11 mm a sheet and 6 mm of boards, rounded up: 200 sheets make 28 mm."""
    return -(-feuillets * FEUILLET_CENTIEMES_MM // 100) + PLATS_MM


def tranche_de_prix(feuillets: int) -> int | None:
    """Upper bound, in sheets, of the price band of a volume: 100, 200 or 300; None beyond 300."""
    return next((tranche for tranche in TRANCHES_FEUILLETS if feuillets <= tranche), None)


def annees_par_volume(serie: str, population: int) -> int:
    """Years that may be bound together: 5 below 1 000 inhabitants, else 1; civil status always 1.

    Source: CGCT R2121-9 and R2122-7; decree 2017-890 art. 10 for civil status.
    """
    if serie in SERIES_TOUJOURS_ANNUELLES or population >= POPULATION_RELIURE_ANNUELLE:
        return 1
    return ANNEES_PAR_PERIODE


def periodes_a_relier(annees: Iterable[AnneeARelier], population: int, feuillets_max: int) -> list[PeriodeARelier]:
    """The volumes of every series, period by period: series in the order first met, years in time order.

    A period starts with the first unbound year and covers five calendar years below 1 000 inhabitants (2011 opens
    2011-2015; years of the period already bound are simply absent), one year above. A volume never joins two periods
    nor two series. Raises ValueError when a year is given twice for a series, or `feuillets_max` is below one.
    """
    if feuillets_max < 1:
        raise ValueError(f"nombre de feuillets par volume impossible\u00a0: {feuillets_max}")
    par_serie: dict[str, dict[int, AnneeARelier]] = {}
    for annee in annees:
        if par_serie.setdefault(annee.serie, {}).setdefault(annee.annee, annee) is not annee:
            raise ValueError(f"{libelle_serie(annee.serie)} {annee.annee} donnée deux fois")
    return [
        PeriodeARelier(serie, groupe, tuple(_volumes(serie, groupe, feuillets_max)), feuillets_max)
        for serie, lignes in par_serie.items()
        for groupe in _groupes(sorted(lignes.values(), key=_annee), annees_par_volume(serie, population))
    ]


def _annee(ligne: AnneeARelier) -> int:
    """Sorting key: the year."""
    return ligne.annee


def _groupes(lignes: Sequence[AnneeARelier], duree: int) -> list[tuple[AnneeARelier, ...]]:
    """Cut sorted years into periods of `duree` calendar years, each opened by the first year left."""
    groupes: list[list[AnneeARelier]] = []
    for ligne in lignes:
        if groupes and ligne.annee < groupes[-1][0].annee + duree:
            groupes[-1].append(ligne)
        else:
            groupes.append([ligne])
    return [tuple(groupe) for groupe in groupes]


def _volumes(serie: str, lignes: Sequence[AnneeARelier], feuillets_max: int) -> list[Volume]:
    """Fill volumes in time order, opening a new one when the next session would exceed `feuillets_max`.

    A year without session detail may be cut anywhere: it tops up the open volume, so that a period without any
    detail makes exactly ceil(sheets / max) volumes. A session longer than the maximum has a volume of its own.
    """
    ouvert: list[tuple[int, int]] = []
    fermes: list[list[tuple[int, int]]] = []
    for annee, feuillets, secable in _morceaux(lignes):
        reste = feuillets
        while reste:
            place = feuillets_max - sum(pris for _, pris in ouvert)
            if ouvert and (place <= 0 or (reste > place and not secable)):
                fermes.append(ouvert)
                ouvert = []
                continue
            pris = min(reste, place) if secable else reste
            ouvert.append((annee, pris))
            reste -= pris
    return [_volume(serie, contenu) for contenu in [*fermes, ouvert] if contenu]


def _morceaux(lignes: Sequence[AnneeARelier]) -> list[tuple[int, int, bool]]:
    """(year, sheets, may be cut) in time order: each session, or the whole year when it has no detail."""
    return [
        (ligne.annee, feuillets, ligne.seances is None)
        for ligne in lignes
        for feuillets in (ligne.seances if ligne.seances is not None else (ligne.total_feuillets,))
    ]


def _volume(serie: str, contenu: Sequence[tuple[int, int]]) -> Volume:
    """The volume made of (year, sheets) pieces, each year named once."""
    annees = tuple(annee for annee, _ in groupby(contenu, key=lambda morceau: morceau[0]))
    return Volume(serie, annees, sum(feuillets for _, feuillets in contenu))
