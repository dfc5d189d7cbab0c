"""Up to four articles side by side: each characteristic, and whether it differs. What none of them has is left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.dimensions import dimensions_lisibles, en_centimetres, en_kilogrammes
from groupement.catalogue.rules.familles import famille
from groupement.catalogue.rules.fiches import FicheArticle
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.unites import phrase_de_vente
from groupement.socle.argent import arrondir
from groupement.socle.nombres import decimal_fr, entier_fr, euros_fr

AU_PLUS = 4
RIEN = "–"


@dataclass(frozen=True, slots=True)
class Compare:
    """An article to compare, with its tiers of the day and the unit it is sold by."""

    fiche: FicheArticle
    paliers: tuple[Palier, ...]
    unite: str
    feuillets_max: int | None = None


@dataclass(frozen=True, slots=True)
class Caracteristique:
    """A line of the comparison: its name, what each article says, and whether they differ."""

    intitule: str
    valeurs: tuple[str, ...]

    @property
    def differe(self) -> bool:
        """The articles do not all say the same."""
        return len(set(self.valeurs)) > 1


def comparatif(articles: Sequence[Compare]) -> list[Caracteristique]:
    """The lines of the comparison, those nobody has anything to say of left out."""
    lignes = [Caracteristique(nom, tuple(lire(article) or RIEN for article in articles)) for nom, lire in LIGNES]
    return [ligne for ligne in lignes if set(ligne.valeurs) != {RIEN}]


def _prix_de_base(article: Compare) -> str:
    """The highest price one can pay."""
    return euros_fr(article.paliers[0].prix_unitaire_ht) if article.paliers else "à venir"


def _meilleur_prix(article: Compare) -> str:
    """The last tier, and where it starts."""
    if len(article.paliers) < 2:
        return ""
    dernier = article.paliers[-1]
    return f"{euros_fr(dernier.prix_unitaire_ht)} dès {entier_fr(dernier.a_partir_de)}"


def _prix_au_metre(article: Compare) -> str:
    """What a metre of shelf filled with these boxes costs, at the base price."""
    if not article.paliers or not article.fiche.dos_mm:
        return ""
    return euros_fr(arrondir(article.paliers[0].prix_unitaire_ht * 1000 / article.fiche.dos_mm))


def _longueur(mesure: str) -> Callable[[Compare], str]:
    """A length of the article in centimetres."""

    def lire(article: Compare) -> str:
        millimetres: int | None = getattr(article.fiche, mesure)
        return en_centimetres(millimetres) if millimetres else ""

    return lire


def _normes(article: Compare) -> str:
    """Its norms; said when there are none, for that is what one compares."""
    return ", ".join(article.fiche.normes) or "aucune annoncée"


def _capacite(article: Compare) -> str:
    """The metres of shelf it offers."""
    if not article.fiche.capacite_mm or not article.fiche.nb_tablettes:
        return ""
    return decimal_fr(Decimal(article.fiche.capacite_mm) / 1000, 2) + "\u00a0ml"


def _entier(nombre: int | None, suffixe: str = "") -> str:
    """A number, or nothing."""
    return entier_fr(nombre) + suffixe if nombre else ""


LIGNES: tuple[tuple[str, Callable[[Compare], str]], ...] = (
    ("Prix de base HT", _prix_de_base),
    ("Meilleur prix HT", _meilleur_prix),
    ("Prix HT par mètre de rayonnage rempli", _prix_au_metre),
    (
        "Comment il se vend",
        lambda a: phrase_de_vente(a.fiche.unites_par_colis, a.unite, fractionnable=a.fiche.fractionnable),
    ),
    ("Famille", lambda a: famille(a.fiche.famille).libelle),
    ("Dimensions", lambda a: dimensions_lisibles(a.fiche.dimensions)),
    ("Largeur du dos", _longueur("dos_mm")),
    ("Profondeur", _longueur("profondeur_mm")),
    ("Hauteur", _longueur("hauteur_mm")),
    ("Poids", lambda a: en_kilogrammes(a.fiche.poids_g) if a.fiche.poids_g else ""),
    ("Normes", _normes),
    ("Mètres linéaires offerts", _capacite),
    ("Tablettes", lambda a: _entier(a.fiche.nb_tablettes)),
    ("Charge par tablette", lambda a: _entier(a.fiche.charge_kg_par_tablette, "\u00a0kg")),
    ("Feuillets au plus", lambda a: _entier(a.feuillets_max)),
    ("Lot", lambda a: str(a.fiche.lot)),
)
