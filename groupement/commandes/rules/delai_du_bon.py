"""How the delivery deadline of a bon was counted, in one sentence. Source: CCAG-FCS 2021, articles 3.2 and 13.1."""

from datetime import date, timedelta

from groupement.socle.calendrier import date_fr, echeance_jours, jours_feries
from groupement.socle.nombres import accorde

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def phrase_du_delai(emis_le: date, jours: int, a_livrer_avant_le: date) -> str:
    """Why goods ordered on `emis_le` are due on `a_livrer_avant_le`, for a delivery time of `jours` calendar days."""
    if echeance_jours(emis_le, jours) != a_livrer_avant_le:
        return f"Date fixée à l’émission du bon, le {date_fr(emis_le)}."
    compte = f"{accorde(jours, 'jour')} à compter du lendemain de l’envoi du bon, le {date_fr(emis_le)}"
    brut = emis_le + timedelta(days=jours)
    if brut == a_livrer_avant_le:
        return f"{compte}\u00a0; le jour de l’échéance est compris (CCAG-FCS, articles 3.2 et 13.1)."
    motif = jours_feries(brut.year).get(brut) or JOURS[brut.weekday()]
    return (
        f"{compte}\u00a0: cela mène au {date_fr(brut)} ({motif.lower()}), "
        f"reporté au premier jour ouvré qui suit (CCAG-FCS, articles 3.2 et 13.1)."
    )
