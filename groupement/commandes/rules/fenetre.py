"""May an order still change? Only while its campagne is open and its last day is not over (days of Europe/Paris)."""

from datetime import date

from groupement.commandes.states import EtatCampagne
from groupement.socle.calendrier import date_fr

CONSERVEE = "Votre commande est conservée telle quelle."


def motif_de_fermeture(etat: EtatCampagne, du: date, au: date, le: date, close_le: date | None = None) -> str | None:
    """Why nothing can be ordered on the day `le`; None while the window is open.

    `close_le`: the day the buyer closed it, if that was done before `au`.
    """
    if etat is EtatCampagne.ANNULEE:
        return "La campagne a été annulée par le Centre de gestion\u00a0: on ne peut plus y commander."
    if etat is EtatCampagne.PREPAREE or le < du:
        return f"La campagne n’est pas encore ouverte\u00a0: elle ouvre le {date_fr(du)}."
    if etat is not EtatCampagne.OUVERTE:
        return f"La campagne est close depuis le {date_fr(min(close_le or au, au))}. {CONSERVEE}"
    if le > au:
        return f"La campagne est close depuis le {date_fr(au)}. {CONSERVEE}"
    return None
