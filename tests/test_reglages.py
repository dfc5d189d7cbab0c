"""Every setting is documented, and only settings are: docs/reglages.md and .env.example follow socle/config.py."""

import re

from groupement.socle.config import RACINE, REGLAGES, Reglage

PAGE = (RACINE / "docs" / "reglages.md").read_text()
BARRE = r"\|"  # as it is, it would end the cell
EXEMPLE = (RACINE / ".env.example").read_text()


def ligne(reglage: Reglage) -> str:
    """The row of the page for this setting."""
    defaut = "instance/" if reglage.nom == "GROUPEMENT_INSTANCE" else reglage.defaut
    cellules = (f"`{reglage.nom}`", f"`{defaut}`" if defaut else "", reglage.aide)
    return f"| {' | '.join(cellule.replace('|', BARRE) for cellule in cellules)} |"


def test_the_page_has_one_row_for_each_setting():
    presentes = {rangee.replace("\u00a0", " ") for rangee in re.findall(r"^\| `[A-Z_]+` \|.*$", PAGE, re.M)}
    voulues = {ligne(reglage).replace("\u00a0", " ") for reglage in REGLAGES}
    assert presentes == voulues, "À écrire dans docs/reglages.md :\n" + "\n".join(voulues - presentes)


def test_the_example_shows_every_setting():
    assert set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", EXEMPLE, re.M)) == {reglage.nom for reglage in REGLAGES}
