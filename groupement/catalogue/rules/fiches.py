"""An article as the catalogue compares it with others: what it is, its measures, its price of the day; and filters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from groupement.catalogue.rules.normes import codes_de_norme

BORDEREAU, PERTINENCE = "bordereau", "pertinence"
TRIS = (PERTINENCE, BORDEREAU, "nom", "prix", "-prix")


@dataclass(frozen=True, slots=True)
class FicheArticle:
    """An article still sold. Lengths in mm, weights in g; `prix`: base price of the day (€ HT), None when to come."""

    id: int
    lot_id: int
    lot: int
    reference: str
    designation: str
    recherche: str
    famille: str
    norme: str
    unites_par_colis: int
    fractionnable: bool
    dimensions: str
    dos_mm: int | None
    profondeur_mm: int | None
    hauteur_mm: int | None
    poids_g: int | None
    capacite_mm: int | None
    charge_kg_par_tablette: int | None
    nb_tablettes: int | None
    prix: Decimal | None

    @property
    def normes(self) -> tuple[str, ...]:
        """Its norms, one by one."""
        return codes_de_norme(self.norme)

    @property
    def nom_de_tri(self) -> str:
        """Its name without accents, to put names in the order of a dictionary."""
        return self.recherche[len(self.reference) + 1 :]

    @property
    def en_detail(self) -> bool:
        """A member may order any number of it."""
        return self.fractionnable or self.unites_par_colis == 1


@dataclass(frozen=True, slots=True)
class Filtres:
    """What narrows the catalogue; None or empty: everything. `dos_mm` is the width of a box; prices are € HT."""

    lot: int | None = None
    famille: str = ""
    norme: str = ""
    dos_mm: int | None = None
    prix_min: Decimal | None = None
    prix_max: Decimal | None = None
    en_detail: bool = False
    favoris: bool = False


@dataclass(frozen=True, slots=True)
class Facettes:
    """How many articles each value of a filter would leave, the other filters kept; values that leave none apart."""

    lots: Mapping[int, int] = field(default_factory=dict)
    familles: Mapping[str, int] = field(default_factory=dict)
    normes: Mapping[str, int] = field(default_factory=dict)
    dos_mm: Mapping[int, int] = field(default_factory=dict)
    en_detail: int = 0
    favoris: int = 0
