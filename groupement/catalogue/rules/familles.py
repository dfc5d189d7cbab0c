"""Families of articles: the `type_element` of the BPU in words a town hall uses, and what each is for.

A family nobody knows yet gets a neutral drawing and its own name, so that a new BPU never breaks the catalogue.
"""

from collections.abc import Iterable
from dataclasses import dataclass

AUTRE = "autre"
BAIES = ("depart", "suivant", "depart_double", "suivant_double", "mobile_double")
TYPES_DE_DESSIN = frozenset(
    {
        *("boite", "conteneur", "chemise", "sangle", "etiquette", "tube", "papier", "baie", "tablette", "meuble"),
        *("outil", "registre", "service", "gants", AUTRE),
    }
)


@dataclass(frozen=True, slots=True)
class Famille:
    """A family: its key in the BPU, its name, its drawing, what it is for, and the words people look for it with."""

    cle: str
    libelle: str
    dessin: str = AUTRE
    usage: str = ""
    mots: str = ""


_CONNUES = (
    Famille(
        "boite",
        "Boîtes d’archives",
        "boite",
        "Ranger les dossiers debout sur les tablettes, à l’abri de la poussière et de la lumière. Carton permanent "
        "pour "
        "ce qui se garde toujours, kraft standard pour ce qui sera éliminé un jour.",
        "boîte archive carton cauchard",
    ),
    Famille(
        "conteneur",
        "Conteneurs de manutention",
        "conteneur",
        "Transporter plusieurs boîtes à la fois, pour un déménagement ou un versement.",
        "caisse carton déménagement",
    ),
    Famille(
        "chemise",
        "Chemises",
        "chemise",
        "Réunir les pièces d’un même dossier à l’intérieur d’une boîte.",
        "dossier pochette",
    ),
    Famille(
        "sous_chemise",
        "Sous-chemises",
        "chemise",
        "Séparer les pièces à l’intérieur d’une chemise.",
        "dossier intercalaire",
    ),
    Famille(
        "sangle",
        "Sangles et rubans",
        "sangle",
        "Tenir fermés une liasse ou un registre sans élastique, qui coupe et colle avec le temps.",
        "lien attache",
    ),
    Famille(
        "etiquette",
        "Étiquettes",
        "etiquette",
        "Inscrire la cote et le contenu d’une boîte ou d’une tablette.",
        "cote autocollant",
    ),
    Famille(
        "pochette",
        "Pochettes et housses",
        "chemise",
        "Protéger photographies, plans et registres dans une matière neutre, sans le plastique ordinaire qui les "
        "abîme.",
        "photo plastique",
    ),
    Famille(
        "tube",
        "Tubes à plans",
        "tube",
        "Conserver roulés les plans trop grands pour être rangés à plat.",
        "plan rouleau",
    ),
    Famille(
        "papier",
        "Papier permanent",
        "papier",
        "Imprimer les actes qui se gardent toujours, ou emballer des documents fragiles.",
        "ramette feuille kraft",
    ),
    Famille(
        "fantome",
        "Fantômes (fiches de déplacement)",
        "chemise",
        "Marquer sur la tablette la place d’un document sorti, et qui l’a emprunté.",
        "fiche prêt emprunt",
    ),
    Famille("petit_materiel", "Petit matériel", "gants", "Travailler proprement sur les documents.", "fourniture"),
    Famille(
        "depart",
        "Rayonnage simple face, élément de départ",
        "baie",
        "La première travée d’une rangée contre un mur\u00a0: elle a ses deux montants.",
        "étagère rayonnage travée",
    ),
    Famille(
        "suivant",
        "Rayonnage simple face, élément suivant",
        "baie",
        "Chaque travée ajoutée à une rangée\u00a0: elle partage un montant avec sa voisine et ne tient pas seule.",
        "étagère rayonnage travée",
    ),
    Famille(
        "depart_double",
        "Rayonnage double face, élément de départ",
        "baie",
        "La première travée d’une rangée au milieu de la pièce, chargée des deux côtés.",
        "étagère rayonnage travée épi",
    ),
    Famille(
        "suivant_double",
        "Rayonnage double face, élément suivant",
        "baie",
        "Chaque travée ajoutée à une rangée double\u00a0: elle partage un montant avec sa voisine.",
        "étagère rayonnage travée épi",
    ),
    Famille(
        "tablette",
        "Tablettes supplémentaires",
        "tablette",
        "Ajouter un niveau à une travée déjà en place.",
        "étagère rayonnage planche",
    ),
    Famille(
        "mobile_double",
        "Rayonnage mobile",
        "baie",
        "Loger près du double dans la même pièce\u00a0: les rangées se déplacent à la manivelle. À faire étudier, "
        "le sol doit "
        "porter la charge.",
        "étagère rayonnage compactus dense",
    ),
    Famille("rail", "Rails pour rayonnage mobile", "tablette", "Porter et guider les rangées mobiles.", "compactus"),
    Famille("accessoire", "Accessoires de rayonnage", "outil", "Compléter ou fixer les rayonnages.", "étagère"),
    Famille("meuble_plans", "Meubles à plans", "meuble", "Conserver les plans à plat, sans les plier.", "tiroir"),
    Famille(
        "manutention",
        "Escabeaux et chariots",
        "outil",
        "Atteindre et déplacer les boîtes sans risque.",
        "échelle transport",
    ),
    Famille(
        "service",
        "Pose, livraison et autres services",
        "service",
        "Une prestation, et non un objet\u00a0: elle se commande avec les fournitures qu’elle accompagne.",
        "montage installation transport",
    ),
    Famille(
        "reliure",
        "Reliures administratives",
        "registre",
        "Faire relier les délibérations et les arrêtés, comme la loi le demande. Choisissez selon le nombre de "
        "feuillets.",
        "registre délibération arrêté",
    ),
    Famille(
        "reliure_ec",
        "Reliures d’état civil",
        "registre",
        "Faire relier les actes de l’année et les tables. Le départ des registres demande l’accord du procureur.",
        "registre naissance mariage décès",
    ),
    Famille("option", "Options de reliure", "service", "S’ajoute au prix d’une reliure.", "registre supplément"),
    Famille(
        "restauration",
        "Restauration",
        "service",
        "Réparer un document ancien ou abîmé. Prenez d’abord l’avis des Archives départementales.",
        "réparation registre",
    ),
    Famille(
        "registre",
        "Registres et classeurs",
        "registre",
        "Écrire ou conserver les actes en attendant leur reliure.",
        "délibération cahier",
    ),
)
FAMILLES = {famille.cle: famille for famille in _CONNUES}


def famille(cle: str) -> Famille:
    """The family of a key; one nobody knows reads as its own key."""
    if cle in FAMILLES:
        return FAMILLES[cle]
    libelle = cle.replace("_", " ").strip().capitalize()
    return Famille(cle, libelle if cle and cle != AUTRE else "Autres articles")


def choix_de_familles(cles: Iterable[str]) -> list[tuple[str, str]]:
    """(key, name) of these families, in the order of the catalogue, unknown ones last by name."""
    rangs = {cle: rang for rang, cle in enumerate(FAMILLES)}
    ordonnees = sorted(set(cles), key=lambda cle: (rangs.get(cle, len(rangs)), cle))
    return [(cle, famille(cle).libelle) for cle in ordonnees]
