"""May an order still change? Only while its campagne is open and its last day is not over (days of Europe/Paris).

The completion phase that may follow is no window: nothing is ordered there, packs are completed.
"""

from datetime import date

from groupement.commandes.states import EtatCampagne
from groupement.socle.calendrier import date_fr

CONSERVEE = "Votre commande est conservée telle quelle."


def motif_de_fermeture(
    etat: EtatCampagne,
    du: date,
    au: date,
    le: date,
    close_le: date | None = None,
    *,
    complement_au: date | None = None,
) -> str | None:
    """Why nothing can be ordered on the day `le`; None while the window is open.

    `close_le`: the day the buyer closed it, if that was done before `au`. `complement_au`: the last day of its
    completion phase, if it has one.
    """
    if etat is EtatCampagne.ANNULEE:
        return "La campagne a été annulée par le Centre de gestion\u00a0: on ne peut plus y commander."
    if etat is EtatCampagne.PREPAREE or le < du:
        return f"La campagne n’est pas encore ouverte\u00a0: elle ouvre le {date_fr(du)}."
    if est_en_complement(etat, complement_au, le):
        return (
            f"La campagne est close\u00a0; jusqu’au {date_fr(complement_au or au)}, vous pouvez seulement compléter "
            "des colis, si votre commande est validée."
        )
    if etat is not EtatCampagne.OUVERTE:
        return f"La campagne est close depuis le {date_fr(min(close_le or au, au))}. {CONSERVEE}"
    if le > au:
        return f"La campagne est close depuis le {date_fr(au)}. {CONSERVEE}"
    return None


def est_en_complement(etat: EtatCampagne, complement_au: date | None, le: date) -> bool:
    """Whether committed orders may be completed on the day `le`."""
    return etat is EtatCampagne.EN_COMPLEMENT and complement_au is not None and le <= complement_au


def motif_de_ne_pas_completer(etat: EtatCampagne, complement_au: date | None, le: date) -> str | None:
    """Why nothing can be completed on the day `le`; None during the phase."""
    if est_en_complement(etat, complement_au, le):
        return None
    if etat in (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE):
        return (
            "La phase de complément n’a pas commencé\u00a0: changez votre commande elle-même, tant qu’elle est ouverte."
        )
    if complement_au is None:
        return f"La campagne est close, sans phase de complément. {CONSERVEE}"
    depuis = f" depuis le {date_fr(complement_au)}" if complement_au < le else ""
    return f"La phase de complément est finie{depuis}. {CONSERVEE}"
