"""What the norms named in the BPU mean, for somebody who has never read one."""

from dataclasses import dataclass

EXPLICATIONS = {
    "ISO 9706": "Papier ou carton permanent\u00a0: sans acide, il garde ses qualités plus d’un siècle. À choisir "
    "pour tout ce "
    "qui se conserve définitivement.",
    "ISO 16245-A": "Boîte ou chemise dont le carton peut toucher les documents\u00a0: il contient une réserve "
    "alcaline qui les "
    "protège de l’acidité.",
    "ISO 16245-B": "Boîte ou chemise de conservation dont le carton ne doit pas toucher les documents\u00a0: "
    "glissez-les "
    "d’abord dans des chemises en papier permanent.",
    "NF Z40-012": "Plastique sans danger pour les documents (polyester, polyéthylène)\u00a0: il ne jaunit pas et ne "
    "colle pas.",
    "NF Z40-014": "Papiers et cartons reconnus pour la conservation des documents d’archives.",
    "ISO 14416": "Reliure faite pour les archives et les bibliothèques\u00a0: couture solide et matériaux durables.",
    "R2121-9 CGCT": "Convient aux délibérations et aux arrêtés\u00a0: l’article R2121-9 du code général des "
    "collectivités "
    "territoriales demande un papier permanent, une reliure cousue et interdit tout collage.",
    "Décret 2017-890": "Convient à l’état civil\u00a0: ce décret fixe la tenue et la reliure des registres, chaque "
    "année.",
    "acier laqué": "Rayonnage tout en métal peint\u00a0: ni bois, ni acidité, ni risque d’incendie supplémentaire.",
}


@dataclass(frozen=True, slots=True)
class Norme:
    """A norm as the BPU names it, and what it means; no explanation when nobody has written one."""

    code: str
    explication: str = ""


def codes_de_norme(texte: str) -> tuple[str, ...]:
    """The names in a cell of the BPU: « ISO 16245-A; ISO 9706 » gives two."""
    return tuple(code.strip() for code in texte.split(";") if code.strip())


def normes(texte: str) -> tuple[Norme, ...]:
    """The norms of an article, each with its explanation."""
    return tuple(Norme(code, EXPLICATIONS.get(code, "")) for code in codes_de_norme(texte))
