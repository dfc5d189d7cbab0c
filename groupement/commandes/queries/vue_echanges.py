"""What a buyer and a supplier said to each other about a bon, on one line of time; and the clocks that run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from groupement.adherents.rules.phrases import phrase
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.echanges import Ecrit, ecrits_de
from groupement.commandes.rules.echanges import (
    delais,
    motif_de_forclusion,
    motif_sans_prolongation,
    phrase_de_la_prolongation,
    phrase_des_observations,
)
from groupement.commandes.states import EN_COURS_D_EXECUTION
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.journal import Evenement

# What of the journal of a bon passes between the two: icon, words, whether its summary is told too.
FAITS = {
    "emettre": ("send", "Bon envoyé au fournisseur", False),
    "renvoyer": ("send", "Bon renvoyé", True),
    "consulter": ("eye", "Ouvert par le fournisseur", False),
    "accuser": ("send-check", "Réception confirmée", False),
    "reviser": ("pencil-square", "Bon révisé", True),
    "reviser_en_livraison": ("pencil-square", "Bon révisé", True),
    "renouveler le lien": ("link-45deg", "Nouveau lien envoyé, les précédents sont fermés", True),
    "couper le lien": ("lock", "Lien fermé", False),
    "annoncer un envoi": ("truck", "Envoi annoncé", True),
    "livrer": ("truck", "Première livraison", False),
    "solder": ("check-circle", "Bon entièrement livré", False),
    "annuler": ("x-circle", "Bon annulé", True),
}


@dataclass(frozen=True, slots=True)
class Echange:
    """One thing said or done. `ecrit`: what the supplier wrote, with its answer, when it is that."""

    le: datetime
    icone: str
    quoi: str
    qui: str
    texte: str = ""
    ecrit: Ecrit | None = None


def vue_des_echanges(
    bon: BonDeCommande, histoire: Sequence[Evenement], le: date, *, tout: bool = False
) -> dict[str, Any]:
    """The line of time, the latest first, and what each may still do. One statement.

    `tout`: with what the journal says besides, which is the buyer's own.
    """
    ecrits = ecrits_de(bon.id)
    tous = [*_faits(histoire, tout), *(_ecrit(ecrit) for ecrit in ecrits)]
    delai, recu_le = delais(bon.lot.derogations), bon.recu_le and jour_a_paris(bon.recu_le)
    return {
        "echanges": sorted(tous, key=lambda echange: echange.le, reverse=True),
        "en_cours": bon.etat in EN_COURS_D_EXECUTION,
        "attendues": [e for e in ecrits if e.date_proposee and e.repondue_le is None],
        "forclos": motif_de_forclusion(recu_le, le, delai),
        "phrase_observations": phrase_des_observations(recu_le, le, delai),
        "sans_prolongation": motif_sans_prolongation(bon.a_livrer_avant_le, le),
        "phrase_prolongation": phrase_de_la_prolongation(bon.a_livrer_avant_le, delai),
    }


def _faits(histoire: Iterable[Evenement], tout: bool) -> Iterable[Echange]:
    """What the journal says."""
    for fait in histoire:
        if fait.verbe in FAITS:
            icone, quoi, avec = FAITS[fait.verbe]
            yield Echange(fait.le, icone, quoi, fait.par, fait.resume if avec else "")
        elif tout:
            yield Echange(fait.le, "record-circle", phrase(fait.verbe, fait.objet), fait.par, fait.resume)


def _ecrit(ecrit: Ecrit) -> Echange:
    """What the supplier wrote."""
    if ecrit.date_proposee and ecrit.a_livrer_avant_le:
        icone = "calendar-event"
        quoi = (
            f"Autre date demandée\u00a0: {date_fr(ecrit.date_proposee)}, au lieu du {date_fr(ecrit.a_livrer_avant_le)}"
        )
    else:
        icone = "journal-text"
        quoi = f"Observation sur la révision {ecrit.revision}" if ecrit.revision else "Observation du fournisseur"
    return Echange(ecrit.le, icone, quoi, ecrit.par, ecrit.texte, ecrit)
