"""The categories of communal archives: plain labels, usual form, share usually destroyed, and a check of likelihood.

The letters are those of the frame of 31 December 1926 (A to T; « I ou J » share the police), doubled before 1790;
W numbers what came after 1982; V is our letter for what nobody has sorted. Shares are planning guesses an archivist
must be able to change; no length is ever computed from a population.
"""

from dataclasses import dataclass

from groupement.etats_des_lieux.rules.metres_lineaires import Forme, ecrire_ml
from groupement.socle.nombres import entier_fr


@dataclass(frozen=True)
class Categorie:
    """One category: its code, a label anyone understands, its usual form.

    `eliminable_pct` is the share of an unsorted backlog one may propose to destroy by default.
    """

    code: str
    libelle: str
    forme: Forme = Forme.DOSSIERS
    eliminable_pct: int = 0


CATEGORIES = (
    Categorie("A", "Lois et actes du pouvoir central"),
    Categorie("B", "Actes de l’administration départementale"),
    Categorie("C", "Bibliothèque administrative"),
    Categorie("D", "Administration générale (délibérations, arrêtés)", Forme.REGISTRES),
    Categorie("E", "État civil", Forme.REGISTRES),
    Categorie("F", "Population, économie, statistiques"),
    Categorie("G", "Impôts et cadastre", Forme.REGISTRES),
    Categorie("H", "Affaires militaires"),
    Categorie("I", "Police, hygiène publique, justice"),
    Categorie("1K", "Élections", eliminable_pct=50),
    Categorie("2K", "Personnel communal", eliminable_pct=15),
    Categorie("L", "Finances (budgets, comptes, mandats)", eliminable_pct=60),
    Categorie("M", "Bâtiments communaux", eliminable_pct=30),
    Categorie("N", "Biens communaux (terres, bois, eaux)"),
    Categorie("O", "Travaux publics, voirie, réseaux", eliminable_pct=30),
    Categorie("P", "Cultes"),
    Categorie("Q", "Aide sociale"),
    Categorie("R", "Écoles, culture, sports"),
    Categorie("S", "Divers, fonds privés"),
    Categorie("T", "Urbanisme", eliminable_pct=10),
    Categorie("V", "Vrac non classé", Forme.VRAC, eliminable_pct=70),
    Categorie("W", "Archives postérieures à 1982, numérotées en continu"),
    Categorie("ANC", "Archives antérieures à 1790 (séries AA à II)"),
    Categorie("PLANS", "Plans et grands formats", Forme.GRAND_FORMAT),
)

# classified ml usual for a commune of fewer inhabitants than the key: planning guesses, to flag, never to compute
FOURCHETTES_ML = {
    500: (15, 30),
    1_000: (25, 40),
    2_000: (40, 80),
    5_000: (80, 200),
    10_000: (200, 500),
    20_000: (500, 1_000),
}


def categorie(code: str) -> Categorie:
    """The category of `code`, in any case; an unknown code makes a category that bears it as its label."""
    cherche = code.strip().upper()
    return next((connue for connue in CATEGORIES if connue.code == cherche), Categorie(code.strip(), code.strip()))


def eliminable_propose_mm(code: str, mesure_mm: int) -> int:
    """Default length (mm) to propose for elimination out of `mesure_mm` unsorted, rounded down: never too much.

    Raises ValueError for a negative length.
    """
    if mesure_mm < 0:
        raise ValueError("longueur négative, indiquez zéro ou plus")
    return mesure_mm * categorie(code).eliminable_pct // 100


def fourchette_usuelle_ml(population: int) -> tuple[int, int] | None:
    """Usual classified metres (least, most) for a commune of `population`; None from 20 000 inhabitants on."""
    return next((bornes for seuil, bornes in FOURCHETTES_ML.items() if population < seuil), None)


def signaler_invraisemblance(population: int, net_mm: int) -> str | None:
    """A French sentence when the length kept is out of the usual range for the population; None when it is not.

    Only a flag for the archivist: no standard exists, and no figure depends on it.
    """
    bornes = fourchette_usuelle_ml(population)
    if bornes is None or bornes[0] * 1000 <= net_mm <= bornes[1] * 1000:
        return None
    ecart = "moins" if net_mm < bornes[0] * 1000 else "plus"
    return (
        f"{ecrire_ml(net_mm)} à conserver, c’est {ecart} que d’habitude pour {entier_fr(population)} habitants "
        f"({entier_fr(bornes[0])} à {entier_fr(bornes[1])}\u00a0ml une fois classé)\u00a0: vérifiez les mesures. "
        "Aucun calcul n’en dépend."
    )
