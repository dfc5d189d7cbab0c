"""Settings of the catalogue that are a choice in a list."""

from groupement.socle.etats import EtatLibelle


class PorteePalier(EtatLibelle):
    """Which quantity reaches a price tier: a setting of the lot."""

    BON = "bon", "par bon de commande"
    CAMPAGNE = "campagne", "sur toute la campagne"
    MARCHE = "marche", "sur toute la durée du marché"
