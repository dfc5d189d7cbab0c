"""The last day of the completion phase: after that of the campagne, within the marché."""

from datetime import date, timedelta

from groupement.socle.calendrier import date_fr

DUREE_PROPOSEE = timedelta(days=7)


def motif_de_refus_de_la_phase(au: date, complement_au: date | None, fin_du_marche: date) -> str | None:
    """Why the phase that follows a campagne ending on `au` cannot end on `complement_au`; None when it can."""
    if complement_au is None:
        return None
    if complement_au <= au:
        return (
            f"La phase de complément vient après le dernier jour de la campagne, le {date_fr(au)}\u00a0: choisissez un "
            "jour plus tard, ou laissez vide."
        )
    if complement_au > fin_du_marche:
        return f"Le marché finit le {date_fr(fin_du_marche)}\u00a0: la phase de complément ne peut pas finir après."
    return None


def phase_apres_report(au: date, complement_au: date | None, nouvel_au: date, fin_du_marche: date) -> date | None:
    """The last day of the phase once the campagne ends on `nouvel_au`: it lasts as long as it was to, if it can.

    None when there was none, or when no day of the marché is left for it.
    """
    if complement_au is None:
        return None
    decale = min(nouvel_au + (complement_au - au), fin_du_marche)
    return decale if decale > nouvel_au else None


def fin_proposee(au: date, complement_au: date | None, le: date, fin_du_marche: date) -> date:
    """The day offered to who starts the phase by hand: the one foreseen, else a week from now."""
    if complement_au is not None and complement_au > max(au, le):
        return complement_au
    return min(max(au, le) + DUREE_PROPOSEE, fin_du_marche)
