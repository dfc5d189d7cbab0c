"""The lots a convention foresees, as a person types them: one a line, its number then its name."""

import re

LIGNE = re.compile(r"(?:lot\s*)?(\d{1,3})\s*[\u00a0 :.)–-]+\s*(\S.*)", re.IGNORECASE)
LONGUEUR = 200


class LotsIllisibles(ValueError):
    """A line cannot be read; the message says which and what to write."""


def lire_les_lots(texte: str) -> list[dict[str, object]]:
    """[{"numero": 1, "intitule": "Boîtes"}, …], by number. Raises LotsIllisibles for a line that says no lot."""
    lots: dict[int, str] = {}
    for rang, ligne in enumerate(texte.splitlines(), start=1):
        if not ligne.strip():
            continue
        lu = LIGNE.fullmatch(ligne.strip())
        if lu is None or int(lu[1]) == 0:
            raise LotsIllisibles(
                f"Ligne {rang}\u00a0: écrivez le numéro du lot puis son nom, par exemple «\u00a01 Boîtes\u00a0»."
            )
        if int(lu[1]) in lots:
            raise LotsIllisibles(f"Ligne {rang}\u00a0: le lot {int(lu[1])} est déjà écrit plus haut.")
        if len(lu[2]) > LONGUEUR:
            raise LotsIllisibles(f"Ligne {rang}\u00a0: le nom d’un lot compte {LONGUEUR} caractères au plus.")
        lots[int(lu[1])] = lu[2].strip()
    return [{"numero": numero, "intitule": lots[numero]} for numero in sorted(lots)]


def ecrire_les_lots(lots: list[dict[str, object]]) -> str:
    """The same, as they were typed."""
    return "\n".join(f"{lot['numero']} {lot['intitule']}" for lot in lots)
