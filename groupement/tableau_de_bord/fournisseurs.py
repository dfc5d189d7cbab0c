"""What suppliers wait for from the buyers: an answer to another date, to an observation."""

from collections.abc import Iterator
from datetime import date

from flask import url_for

from groupement.commandes.queries.echanges import Attente, dates_a_repondre, observations_a_repondre
from groupement.socle.calendrier import date_fr
from groupement.tableau_de_bord.tache import Tache, avant_le, plusieurs


def reponses_attendues(le: date) -> Iterator[Tache]:
    """Dates asked, by their clock; observations, the oldest first. Two statements."""
    dates, observations = dates_a_repondre(), observations_a_repondre()
    if dates.combien:
        phrase = plusieurs(dates.combien, "autre date de livraison demandée", "autres dates de livraison demandées")
        tard = dates.echeance is not None and dates.echeance < le
        echeance = avant_le(dates.echeance, le)
        detail = "Un fournisseur ne peut pas tenir la date du bon\u00a0: acceptez ou refusez."
        yield Tache(
            "calendar-event", phrase, _ou(dates), "Répondre", detail, echeance, "danger" if tard else "attention"
        )
    if observations.combien:
        phrase = plusieurs(observations.combien, "observation de fournisseur", "observations de fournisseurs")
        depuis = f"La plus ancienne attend depuis le {date_fr(observations.depuis)}." if observations.depuis else ""
        yield Tache("journal-text", phrase, _ou(observations), "Répondre", depuis, "", "attention")


def _ou(attente: Attente) -> str:
    """The bon when there is one; the register of those that wait otherwise."""
    if attente.combien == 1:
        return url_for("bons.show", bon_id=attente.bon_id, _anchor="echanges")
    return url_for("bons.index", repondre=1)
