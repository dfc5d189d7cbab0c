"""What an urgent order looks like between two windows: the sheet of the body, the list of the buyer."""

from carnet import Carnet, titre


def depanner(carnet: Carnet) -> None:
    """Journey 7, the agent and the acheteur: once the window is closed, the depot serves."""
    page = carnet.ouvrir("Nathalie Caron", pour="Ayette")
    page.goto("/depannage")
    titre(page, "Dépannage")
    page.locator('[name="lignes-0-unites"]').fill("12")
    page.get_by_label("Pourquoi est-ce urgent").fill("Versement avant les travaux de la mairie, vendredi.")
    carnet.prendre(page, "agent-depannage", haut=1300)
    page = carnet.ouvrir("Hélène Vasseur")
    page.goto("/depannages/")
    carnet.prendre(page, "acheteur-depannages", haut=1000)
    page.get_by_role("link", name="Bapaume").first.click()
    titre(page, "Dépannage de Bapaume")
    page.get_by_text("Tout n’est pas remis").click()
    carnet.prendre(page, "acheteur-remise-en-partie", haut=1400, depuis="#remettre")
