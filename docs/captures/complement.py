"""The completion phase: what the buyer reads, what a valideur is asked."""

from carnet import Carnet, menu, rangee, titre


def completer(carnet: Carnet) -> None:
    """Journey of the completion phase: what is missing, and an addition read before it is made."""
    page = carnet.ouvrir("Hélène Vasseur")
    menu(page, "Campagnes")
    rangee(page, "Phase de complément").get_by_role("link").first.click()
    page.get_by_role("link", name="Voir ce qui manque").click()
    titre(page, "Colis à compléter")
    carnet.prendre(page, "acheteur-complement")
    page = carnet.ouvrir("Karine Lefebvre")
    page.get_by_role("link", name="Compléter les colis").first.click()
    page.get_by_role("button", name="Voir ce que cela coûte").first.click()
    titre(page, "Ajouter à votre commande")
    carnet.prendre(page, "valideur-complement")
