"""May an order received on paper still be entered once its window is over? Days of Europe/Paris, inclusive.

The post arrives after the last day. Until the regroupement the buyer enters such an order quietly: the window is not
opened again and nobody else is written to. What counts is the day the paper *arrived*: on or before the last day the
members were told, nothing more is asked; after it, the buyer says why, and everybody concerned reads it.

The order takes the rank of the moment it is entered, as any paper does: a day somebody types never passes before
orders that were there already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from groupement.commandes.states import EtatCampagne, RegleDeReliquat
from groupement.socle.calendrier import date_fr, date_heure_fr

SAISIR_APRES = "saisir après la clôture"  # the verb of the journal
MOTIF_MINIMUM = 10  # characters: a reason, not a dash
AVANT_L_OUVERTURE = timedelta(days=60)  # a paper may come early; not by a year, which is a slip of the keyboard
MOTIF_MAXIMUM = 300  # what its line of the journal holds beside the rest
SAISISSABLES = (EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE)
TROP_TARD = (
    "La campagne est regroupée\u00a0: les bons sont partis, ce papier n’y est pas. Gardez-le pour la prochaine "
    "campagne\u00a0; si c’est urgent, la collectivité peut demander un dépannage au dépôt."
)
REFUS = {
    EtatCampagne.PREPAREE: "La campagne n’est pas encore ouverte\u00a0: un bon papier s’y saisit une fois ouverte.",
    EtatCampagne.REGROUPEE: TROP_TARD,
    EtatCampagne.SOLDEE: "La campagne est terminée\u00a0: gardez ce papier pour la prochaine.",
    EtatCampagne.ANNULEE: "La campagne a été annulée\u00a0: aucun bon papier ne s’y saisit. Prévenez la collectivité.",
}
RANG = "Elle prend rang au moment de sa saisie, pas au jour du papier\u00a0: "


def motif_de_ne_pas_saisir(etat: EtatCampagne) -> str | None:
    """Why no paper can be entered in a campagne; None while it is open, being completed, or waits to be regrouped."""
    return REFUS.get(etat)


def est_apres_la_fin(etat: EtatCampagne, au: date, le: date) -> bool:
    """Whether members can no longer order on the day `le`: what is entered then is a late entry, and is said so."""
    return etat is not EtatCampagne.OUVERTE or le > au


def est_arrive_apres(recu_le: date, au: date) -> bool:
    """Whether the paper arrived after `au`, the last day the members were told."""
    return recu_le > au


def motif_ecrit(saisi: str) -> str:
    """A reason as it is kept: its words, on one line."""
    return " ".join(saisi.split())


def refus_de_la_date(recu_le: date, du: date, le: date) -> str | None:
    """Why a paper cannot have arrived on `recu_le`, typed on the day `le`, for a window that opened on `du`."""
    if recu_le > le:
        return "Le papier ne peut pas être arrivé dans l’avenir\u00a0: corrigez la date."
    if recu_le < du - AVANT_L_OUVERTURE:
        return (
            f"La campagne n’a ouvert que le {date_fr(du)}\u00a0: un papier arrivé le {date_fr(recu_le)} n’est pas pour "
            "elle. Vérifiez l’année."
        )
    return None


def refus_du_papier(recu_le: date, au: date, motif: str) -> str | None:
    """Why a paper that arrived on `recu_le` is not taken yet: it needs a reason. None when it may be entered."""
    if not est_arrive_apres(recu_le, au) or len(motif_ecrit(motif)) >= MOTIF_MINIMUM:
        return None
    return (
        f"Ce papier est arrivé après le dernier jour ({date_fr(au)})\u00a0: écrivez pourquoi il est accepté, en "
        f"{MOTIF_MINIMUM} caractères au moins."
    )


def phrase_du_rang(regle: RegleDeReliquat) -> str:
    """What the rank of a late paper means for what its order gets, by the rule of its campagne."""
    if regle is RegleDeReliquat.RANG:
        return RANG + "s’il manque des articles, les commandes déjà là passent avant elle."
    partage = regle.libelle()[:1].lower() + regle.libelle()[1:]
    return (
        f"{RANG}les commandes déjà là passent avant elle pour le stock du dépôt et les unités en plus. S’il manque des "
        f"articles à la livraison, ils sont partagés {partage}."
    )


@dataclass(frozen=True, slots=True)
class PapierTardif:
    """A paper entered once the window was over, as the journal keeps it.

    `fin`: the last day as it was then; `remplace`: it took the place of a basket nobody could commit any more.
    """

    recu_le: date
    signe_par: str
    fin: date
    motif: str
    saisi_le: datetime
    saisi_par: str
    remplace: bool = False

    @classmethod
    def lu(cls, details: Mapping[str, Any], saisi_le: datetime, saisi_par: str) -> "PapierTardif":
        """The paper a line of the journal keeps."""
        return cls(
            recu_le=date.fromisoformat(details["recu_le"]),
            signe_par=details["signe_par"],
            fin=date.fromisoformat(details["fin"]),
            motif=details["motif"],
            saisi_le=saisi_le,
            saisi_par=saisi_par,
            remplace=details["remplace"],
        )

    def details(self) -> dict[str, Any]:
        """What its line of the journal keeps beside its author and its moment."""
        jours = {"recu_le": self.recu_le.isoformat(), "fin": self.fin.isoformat()}
        return {**jours, "signe_par": self.signe_par, "motif": self.motif, "remplace": self.remplace}

    def phrase(self) -> str:
        """What is said of it to the body and to the buyer, the same words everywhere."""
        quand = (
            f"après le dernier jour ({date_fr(self.fin)})" if est_arrive_apres(self.recu_le, self.fin) else "à temps"
        )
        panier = " Il remplace un panier qui n’avait pas été validé à temps." if self.remplace else ""
        pourquoi = f" Accepté parce que\u00a0: «\u00a0{self.motif}\u00a0»." if self.motif else ""
        return (
            f"Bon signé par {self.signe_par}, arrivé {quand}, le {date_fr(self.recu_le)}\u00a0; saisi après la clôture "
            f"par {self.saisi_par}, le {date_heure_fr(self.saisi_le)}.{pourquoi}{panier}"
        )
