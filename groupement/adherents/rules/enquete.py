"""When an enquête takes answers, when its links stop, when one may remind, and bands of population."""

from datetime import date, datetime, timedelta

from groupement.socle.nombres import entier_fr

ENTRE_DEUX_RELANCES = timedelta(days=7)
TRANCHES = (500, 1_000, 2_000, 5_000, 10_000)  # inhabitants; each begins a band


def accepte_les_reponses(est_ouverte: bool, echeance: date, le: date) -> bool:
    """Whether a body may answer, or change its answer, on the day `le`; the last day is included."""
    return est_ouverte and le <= echeance


def lien_valable_jusqu_au(echeance: date, grace_jours: int) -> date:
    """The last day a link still shows what was answered."""
    return echeance + timedelta(days=grace_jours)


def motif_de_refus_de_l_echeance(echeance: date, le: date) -> str | None:
    """Why bodies cannot be given until that day to answer, None when they can."""
    if echeance <= le:
        return f"Laissez au moins un jour pour répondre\u00a0: choisissez une date après le {le:%d/%m/%Y}."
    return motif_de_refus_de_preparer(echeance, le)


def motif_de_refus_de_preparer(echeance: date, le: date) -> str | None:
    """Why an enquête cannot end that day; one run elsewhere may be over, only its answers will be imported."""
    if echeance > le + timedelta(days=366):
        return "Choisissez une date d’ici un an\u00a0: au-delà, les réponses auront vieilli."
    return None


def motif_de_refus_de_relancer(derniere: datetime | None, le: datetime) -> str | None:
    """Why nobody may be reminded now, None when one may; `derniere`: the last letter that went unanswered."""
    if derniere is None:
        return "Personne n’est à relancer\u00a0: toutes les collectivités qui ont une adresse ont répondu."
    if derniere + ENTRE_DEUX_RELANCES > le:
        prochaine = derniere + ENTRE_DEUX_RELANCES
        return (
            "Une relance par semaine au plus\u00a0: la dernière lettre est du "
            f"{derniere:%d/%m/%Y}, relancez à partir du {prochaine:%d/%m/%Y}."
        )
    return None


def libelle_de_tranche(debut: int) -> str:
    """A band by where it begins: 500 → « 500 à 999 habitants »."""
    if debut == 0:
        return f"Moins de {TRANCHES[0]} habitants"
    if debut == TRANCHES[-1]:
        return f"{entier_fr(debut)} habitants et plus"
    suivante = TRANCHES[TRANCHES.index(debut) + 1]
    return f"{entier_fr(debut)} à {entier_fr(suivante - 1)} habitants"


def debut_de_tranche(population: int) -> int:
    """Where the band of that many inhabitants begins."""
    return max((seuil for seuil in TRANCHES if seuil <= population), default=0)
