"""The columns of a BPU as suppliers name them: which of our fields each one is likely to be.

Names are compared without accents, case or punctuation. A proposal is only that: the buyer corrects it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from groupement.catalogue.rules.recherche import normaliser
from groupement.socle.lecture_csv import nombre_lu

SEUIL = 86  # below, two names are not taken for the same
PALIER = "palier"


@dataclass(frozen=True, slots=True)
class Champ:
    """A field of an article: its key, its French name, and the names suppliers give it."""

    cle: str
    libelle: str
    synonymes: tuple[str, ...] = ()


CHAMPS = (
    Champ("lot", "Lot", ("lot", "n lot", "numero de lot", "no lot", "lot n")),
    Champ(
        "reference",
        "Référence",
        (
            *("reference", "ref", "ref article", "reference article", "reference fournisseur", "reference produit"),
            *("code", "code article", "code produit", "numero de prix", "n de prix", "n prix", "numero d article"),
            *("n article", "reference du titulaire", "ref fournisseur", "ref produit", "numero du prix"),
        ),
    ),
    Champ(
        "designation",
        "Désignation",
        (
            *("designation", "libelle", "designation de l article", "description", "produit", "intitule"),
            *("designation des fournitures", "designation des articles", "nature des prestations", "article"),
            *("designation du produit", "libelle article", "designation des prestations", "fournitures"),
        ),
    ),
    Champ(
        "unite",
        "Unité de vente",
        ("unite", "unite de vente", "unite de mesure", "u", "uv", "unite de facturation", "unite de prix", "udm"),
    ),
    Champ(
        "conditionnement",
        "Unités par colis",
        (
            *("conditionnement", "colisage", "cond", "pcb", "unites par colis", "nombre par colis"),
            *("quantite par colis", "quantite par conditionnement", "conditionnement de vente", "qte par colis"),
            *("par combien", "unites par carton", "nombre par carton", "quantite par carton"),
        ),
    ),
    Champ(
        "prix_unitaire_ht",
        "Prix unitaire HT",
        (
            *("prix unitaire ht", "prix unitaire", "pu ht", "puht", "pu", "prix ht", "prix", "tarif ht", "tarif"),
            *("prix unitaire hors taxe", "prix unitaire hors taxes", "prix unitaire en euros ht", "prix en euros ht"),
            *("prix unitaire ht en euros", "prix ht en euros", "montant unitaire ht", "prix unitaire euros ht"),
            *("prix net ht", "prix unitaire net ht", "prix remise ht"),
        ),
    ),
    Champ("tva", "Taux de TVA", ("tva", "taux de tva", "taux tva", "tva pct", "tva en", "taux")),
    Champ(
        "paliers", "Paliers écrits «\u00a025:1,74|250:1,61\u00a0»", ("paliers", "paliers de prix", "prix par paliers")
    ),
    Champ("dims", "Dimensions", ("dims", "dimensions", "format", "dimension", "taille", "dimensions mm", "dim")),
    Champ("poids_kg", "Poids", ("poids kg", "poids", "poids unitaire", "masse")),
    Champ("norme", "Norme", ("norme", "normes", "certification", "conformite", "norme s")),
    Champ("capacite_ml", "Capacité (mètres linéaires)", ("capacite ml", "capacite", "capacite lineaire")),
    Champ(
        "charge_kg_par_tablette",
        "Charge par tablette (kg)",
        ("charge kg par tablette", "charge par tablette", "charge", "charge admissible", "charge kg"),
    ),
    Champ("type_element", "Famille", ("type element", "famille", "categorie", "type", "type d element", "rubrique")),
    Champ("nb_tablettes", "Nombre de tablettes", ("nb tablettes", "nombre de tablettes", "tablettes", "niveaux")),
    Champ("feuillets_max", "Feuillets au plus", ("feuillets max", "feuillets", "nombre de feuillets")),
)
PAR_CLE: Mapping[str, Champ] = {champ.cle: champ for champ in CHAMPS}
ECARTES = ("ttc", "total", "quantite estimee", "qte estimee", "dqe", "annuel", "observation", "remarque")

NOMBRE = r"([0-9]{1,3}(?:[\s.][0-9]{3})+|[0-9]+)"
FORMES_DE_SEUIL = (  # (a shape of title, how much its number is from the threshold)
    (re.compile(rf"(?:de\s+)?{NOMBRE}\s*(?:a|-|–|/)\s*{NOMBRE}(?:\s|$|\w)"), 0),
    (re.compile(rf"(?:≥|>=|=>|a partir de|des|des la|minimum)\s*{NOMBRE}"), 0),
    (re.compile(rf"{NOMBRE}\s*(?:\w+\s+)?(?:et plus|et \+|ou plus|et au dela|\+)"), 0),
    (re.compile(rf"(?:>|plus de|au dela de|superieur a)\s*{NOMBRE}"), 1),
)
DEPUIS_UN = re.compile(rf"(?:<=?|≤|moins de|jusqu.?a|inferieur a)\s*{NOMBRE}")


def seuil_du_titre(titre: str) -> int | None:
    """The threshold a column title says: « de 1 à 499 » 1, « ≥ 500 » 500, « plus de 499 » 500; None when it says none.

    « moins de 500 » begins at 1.
    """
    texte = _sans_accents(titre)
    if DEPUIS_UN.search(texte):
        return 1
    for forme, de_plus in FORMES_DE_SEUIL:
        trouve = forme.search(texte)
        if trouve:
            return int(re.sub(r"[\s.]", "", trouve.group(1))) + de_plus
    return None


def _sans_accents(titre: str) -> str:
    """The title in lower case without accents, its signs kept."""
    return " ".join(
        titre.lower().replace("\u00a0", " ").translate(str.maketrans("àâéèêëîïôûùç", "aaeeeeiiouuc")).split()
    )


def nom_compare(titre: str) -> str:
    """A title as it is compared and remembered: what stands in brackets and the euro sign do not count."""
    sans_points = titre.replace(".", "")  # P.U. H.T.
    nom = normaliser(re.sub(r"\([^)]*\)|€", " ", sans_points))
    return nom or normaliser(sans_points)


def proposer(titres: Sequence[str]) -> dict[str, str]:
    """Our field for each title that surely has one; a field but price tiers is given once, to the nearest name, then
    to the first column."""
    proposes = {titre: PALIER for titre in titres if _est_un_palier(titre)}
    couples = sorted(
        (-_ressemblance(titre, champ), place, rang)
        for place, titre in enumerate(titres)
        for rang, champ in enumerate(CHAMPS)
        if titre not in proposes
    )
    pris: set[str] = set()
    for oppose, place, rang in couples:
        titre, cle = titres[place], CHAMPS[rang].cle
        if -oppose >= SEUIL and titre not in proposes and cle not in pris:
            proposes[titre] = cle
            pris.add(cle)
    return proposes


def _est_un_palier(titre: str) -> bool:
    """A title that says a quantity, and no other thing one counts."""
    nom = _sans_accents(titre)
    autre = any(mot in nom for mot in (*ECARTES, "feuillet", "dimension", "largeur", "hauteur", "lot ", "tva"))
    return not autre and seuil_du_titre(titre) is not None


def _ressemblance(titre: str, champ: Champ) -> int:
    """How near a title is to the names of a field, over 100."""
    nom, entier = nom_compare(titre), normaliser(titre.replace(".", ""))
    if not nom or any(mot in entier for mot in ECARTES):
        return 0
    if nom in champ.synonymes or entier in champ.synonymes:
        return 100
    proches = (fuzz.token_sort_ratio(nom, synonyme) for synonyme in champ.synonymes if len(synonyme) > 3)
    return min(int(max(proches, default=0)), 99) if len(nom) > 3 else 0


def reconnus(cellules: Iterable[str]) -> int:
    """How many different fields a row of titles names: what tells it from the lines of the table."""
    titres = tuple(dict.fromkeys(cellule for cellule in cellules if cellule and len(cellule) <= 120))
    if sum(1 for titre in titres if nombre_lu(titre) is not None) * 3 > len(titres):
        return 0  # a line of the table
    return len(set(proposer(titres).values()))
