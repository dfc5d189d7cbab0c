"""What the norms named in the BPU mean, for somebody who has never read one, and where that is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Norme:
    """A norm as the BPU names it: in a few words, what it means for the buyer, and its source; empty when unknown."""

    code: str
    en_bref: str = ""
    explication: str = ""
    source: str = ""


SIAF_CONDITIONNEMENT = "note DGP/SIAF/2011/022 du Service interministériel des Archives de France"
_CONNUES = (
    Norme(
        "ISO 9706",
        "papier permanent, pour les documents définitifs",
        "Papier ou carton permanent\u00a0: sans acide, il garde ses qualités plus d’un siècle. À choisir pour tout ce "
        "qui se conserve définitivement.",
        "norme ISO 9706 (papier pour documents, prescriptions pour la permanence)",
    ),
    Norme(
        "ISO 16245-A",
        "carton de conservation, peut toucher les documents",
        "Boîte ou chemise dont le carton peut toucher les documents\u00a0: il contient une réserve alcaline qui les "
        "protège de l’acidité.",
        f"norme ISO 16245, type A\u00a0; {SIAF_CONDITIONNEMENT}",
    ),
    Norme(
        "ISO 16245-B",
        "carton de conservation, documents sous chemise seulement",
        "Boîte ou chemise de conservation dont le carton ne doit pas toucher les documents\u00a0: glissez-les d’abord "
        "dans des chemises en papier permanent.",
        f"norme ISO 16245, type B\u00a0; {SIAF_CONDITIONNEMENT}",
    ),
    Norme(
        "NF Z40-012",
        "plastique neutre, sans danger pour les documents",
        "Plastique sans danger pour les documents (polyester, polyéthylène)\u00a0: il ne jaunit pas et ne colle pas.",
        f"norme NF Z40-012\u00a0; {SIAF_CONDITIONNEMENT}",
    ),
    Norme(
        "NF Z40-014",
        "papiers et cartons de conservation",
        "Papiers et cartons reconnus pour la conservation des documents d’archives.",
        f"norme NF Z40-014\u00a0; {SIAF_CONDITIONNEMENT}",
    ),
    Norme(
        "ISO 14416",
        "reliure cousue et durable",
        "Reliure faite pour les archives et les bibliothèques\u00a0: couture solide et matériaux durables.",
        "norme ISO 14416 (exigences pour la reliure)",
    ),
    Norme(
        "R2121-9 CGCT",
        "convient aux délibérations et aux arrêtés",
        "L’article R2121-9 demande un papier permanent, une reliure cousue, et interdit tout collage.",
        "code général des collectivités territoriales, article R2121-9",
    ),
    Norme(
        "Décret 2017-890",
        "convient à l’état civil",
        "Ce décret fixe la tenue et la reliure des registres d’état civil, chaque année.",
        "décret n°\u00a02017-890 du 6 mai 2017 relatif à l’état civil",
    ),
    Norme(
        "acier laqué",
        "rayonnage tout en métal",
        "Rayonnage tout en métal peint\u00a0: ni bois, ni acidité, ni risque d’incendie supplémentaire.",
        "recommandations des Archives départementales pour les locaux d’archives",
    ),
)
EXPLICATIONS = {norme.code: norme for norme in _CONNUES}


def codes_de_norme(texte: str) -> tuple[str, ...]:
    """The names in a cell of the BPU: « ISO 16245-A; ISO 9706 » gives two."""
    return tuple(code.strip() for code in texte.split(";") if code.strip())


def normes(texte: str) -> tuple[Norme, ...]:
    """The norms of an article, each with its explanation."""
    return tuple(EXPLICATIONS.get(code, Norme(code)) for code in codes_de_norme(texte))
