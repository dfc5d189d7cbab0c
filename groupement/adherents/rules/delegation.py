"""Lending a role while one is away: from a day to a day, a year at most, never further than the role itself."""

from datetime import date, timedelta

from groupement.socle.calendrier import date_fr


def dernier_jour_possible(du: date) -> date:
    """The last day of a delegation that starts on `du`: the eve of the same day a year later."""
    if (du.month, du.day) == (2, 29):
        return date(du.year + 1, 2, 28)
    return date(du.year + 1, du.month, du.day) - timedelta(days=1)


def faute_du_debut(du: date, le: date) -> str | None:
    """Why a delegation may not start on `du` when it is written on the day `le`; None when it may."""
    if du < le:
        return "Une délégation ne commence pas dans le passé\u00a0: choisissez aujourd’hui ou un jour à venir."
    if du > dernier_jour_possible(le):
        return "Une délégation se prépare un an à l’avance au plus."
    return None


def faute_de_la_fin(du: date, au: date, fin_du_role: date | None) -> str | None:
    """Why it may not end on `au`, included; `fin_du_role` is the last day of the role lent, if it has one."""
    if au < du:
        return "Le dernier jour ne peut pas précéder le premier."
    if au > dernier_jour_possible(du):
        return f"Une délégation dure un an au plus\u00a0: jusqu’au {date_fr(dernier_jour_possible(du))} au plus tard."
    if fin_du_role is not None and au > fin_du_role:
        return f"Votre rôle se termine le {date_fr(fin_du_role)}\u00a0: vous ne pouvez pas le prêter plus longtemps."
    return None


def se_recouvrent(du: date, au: date, autre_du: date, autre_au: date | None) -> bool:
    """Whether two periods, ends included, share a day; `autre_au` None: without an end."""
    return du <= (autre_au or au) and autre_du <= au
