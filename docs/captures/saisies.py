"""Quick entry, for the guide of the agent: lines pasted from a spreadsheet, and what the preview says of them."""

import re

from carnet import Carnet

from tests.outils.parcours import titre

LIGNES = "Référence\tQuantité\tEn plus\nBTE-CON-10\t37\t13\nCHE-170\t150\nBTE-STD-1O\t2 colis\nPAP-A4-90\t10"


def saisir(carnet: Carnet) -> None:
    """The agent pastes and reads; nothing goes in the basket."""
    page = carnet.ouvrir("Nathalie Caron", "Ayette")
    page.goto("/panier")
    page.get_by_role("link", name=re.compile("^Saisie rapide")).first.click()
    titre(page, "Saisie rapide")
    page.get_by_label("Collez vos lignes").fill(LIGNES)
    carnet.prendre(page, "agent-saisie", haut=1000)
    page.get_by_role("button", name="Relire avant de remplir").click()
    titre(page, "Relire la saisie")
    carnet.prendre(page, "agent-saisie-apercu", haut=1300)
