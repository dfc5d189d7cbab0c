"""What a supplier may still say of a bon, and until when: observations, another date. Days are calendar days.

Source: CCAG-FCS 2021, articles 3.2 (how days are counted), 3.7.2 (observations) and 13.3 (longer time). A contract may
change each length: they are arguments, read from the clauses of the lot.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from groupement.catalogue.rules.clauses import Clause, Derogations, jours
from groupement.socle.calendrier import date_fr, echeance_jours
from groupement.socle.nombres import accorde

AU_PLUS_TARD = timedelta(days=366)  # beyond, a date is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Delais:
    """How many days to make observations, to ask for another date, to answer."""

    observations: int = 15
    demande: int = 15
    reponse: int = 15


@dataclass(frozen=True, slots=True)
class DateDemandee:
    """What a supplier asks: the date, since when it knows it needs it, why."""

    date_proposee: date
    cause_le: date
    motif: str


def delais(derogations: Derogations) -> Delais:
    """The clocks of a lot."""
    clauses = (Clause.OBSERVATIONS_BON, Clause.DEMANDE_PROLONGATION, Clause.REPONSE_PROLONGATION)
    return Delais(*(jours(derogations, clause) for clause in clauses))


def fin_des_observations(recu_le: date, delai: Delais) -> date:
    """Last day to make observations on a bon received on `recu_le`."""
    return echeance_jours(recu_le, delai.observations)


def motif_de_forclusion(recu_le: date | None, le: date, delai: Delais) -> str:
    """Why no observation can be made any more; empty while one can. A bon nobody proved received starts no clock."""
    if recu_le is None or le <= (fin := fin_des_observations(recu_le, delai)):
        return ""
    return (
        f"Le délai d’observation est terminé depuis le {date_fr(fin)}\u00a0: bon reçu le {date_fr(recu_le)}, "
        f"{accorde(delai.observations, 'jour')} pour réagir (CCAG-FCS, article 3.7.2). Le bon s’exécute tel quel."
    )


def phrase_des_observations(recu_le: date | None, le: date, delai: Delais) -> str:
    """Until when observations may be made, in a sentence."""
    if recu_le is None:
        combien = accorde(delai.observations, "jour")
        return f"Le fournisseur aura {combien} pour ses observations, à partir du jour où il ouvre le bon."
    motif = motif_de_forclusion(recu_le, le, delai)
    return motif or (
        f"Observations possibles jusqu’au {date_fr(fin_des_observations(recu_le, delai))} inclus\u00a0: "
        f"{accorde(delai.observations, 'jour')} à compter du lendemain de la réception, le {date_fr(recu_le)} "
        "(CCAG-FCS, articles 3.2 et 3.7.2)."
    )


def motif_sans_prolongation(a_livrer_avant_le: date, le: date) -> str:
    """Why no other date can be asked any more; empty while one can."""
    if le <= a_livrer_avant_le:
        return ""
    return (
        f"Le délai de livraison est passé depuis le {date_fr(a_livrer_avant_le)}\u00a0: une prolongation ne se demande "
        "plus (CCAG-FCS, article 13.3). Annoncez votre livraison, ou appelez le Centre de gestion."
    )


def phrase_de_la_prolongation(a_livrer_avant_le: date, delai: Delais) -> str:
    """What asking for another date is held to, in a sentence."""
    return (
        f"Demandez-la dans les {accorde(delai.demande, 'jour')} qui suivent la cause, et au plus tard le "
        f"{date_fr(a_livrer_avant_le)}. Le Centre de gestion répond dans les {accorde(delai.reponse, 'jour')} "
        "(CCAG-FCS, article 13.3)\u00a0; tant qu’il n’a pas accepté, la date du bon reste due."
    )


def fautes_de_la_demande(demande: DateDemandee, a_livrer_avant_le: date, le: date, delai: Delais) -> dict[str, str]:
    """What is wrong with another date asked on `le`, by field (empty: the whole); nothing when it may be asked."""
    if expire := motif_sans_prolongation(a_livrer_avant_le, le):
        return {"": expire}
    fautes = {}
    if demande.date_proposee <= a_livrer_avant_le:
        fautes["date_proposee"] = (
            f"Le bon laisse déjà jusqu’au {date_fr(a_livrer_avant_le)}\u00a0: proposez un jour après, ou livrez avant."
        )
    elif demande.date_proposee > a_livrer_avant_le + AU_PLUS_TARD:
        fautes["date_proposee"] = "Proposez un jour à moins d’un an de la date du bon."
    if demande.cause_le > le:
        fautes["cause_le"] = "Indiquez le jour où vous l’avez su\u00a0: aujourd’hui, ou un jour passé."
    elif le > (fin := echeance_jours(demande.cause_le, delai.demande)):
        fautes["cause_le"] = (
            f"Une cause connue le {date_fr(demande.cause_le)} se signalait jusqu’au {date_fr(fin)}, dans les "
            f"{accorde(delai.demande, 'jour')} (CCAG-FCS, article 13.3). Appelez le Centre de gestion."
        )
    return fautes


def reponse_attendue_le(proposee_le: date, delai: Delais) -> date:
    """Last day for the buyer to answer a date asked on `proposee_le`."""
    return echeance_jours(proposee_le, delai.reponse)


def phrase_de_la_reponse(a_repondre_avant_le: date, le: date, delai: Delais) -> str:
    """Until when the buyer answers, in a sentence."""
    if le > a_repondre_avant_le:
        return (
            f"La réponse était attendue avant la fin du {date_fr(a_repondre_avant_le)}\u00a0: répondez sans attendre."
        )
    return (
        f"Répondez avant la fin du {date_fr(a_repondre_avant_le)}\u00a0: {accorde(delai.reponse, 'jour')} à compter du "
        "lendemain de la demande (CCAG-FCS, articles 3.2 et 13.3)."
    )
