"""The calendar of the mails of a campagne, line by line, in plain French."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from groupement.commandes.rules.calendrier_campagne import AnnonceConnue, AVenir, Horaire, a_venir
from groupement.commandes.states import EtatCampagne, GenreAnnonce
from groupement.socle.calendrier import date_fr, date_heure_fr
from groupement.socle.nombres import accorde

TOUTES = "Toutes les collectivités qui peuvent commander."
SANS_RIEN = "Les collectivités qui n’ont rien validé\u00a0: pas commencé, panier à terminer, commande à valider."
PUBLICS = {
    GenreAnnonce.OUVERTURE: TOUTES,
    GenreAnnonce.J7: SANS_RIEN,
    GenreAnnonce.J1: SANS_RIEN,
    GenreAnnonce.COLIS: "Celles qui ont choisi un article dont un colis est incomplet, ou le prix près de baisser.",
    GenreAnnonce.REPORT: TOUTES,
    GenreAnnonce.COMPLEMENT: "Celles dont la commande validée contient un article à compléter.",
    GenreAnnonce.CLOTURE: "Celles qui ont une commande\u00a0: validée, ce qui suit\u00a0; inachevée, ce qui n’est pas "
    "commandé.",
    GenreAnnonce.REOUVERTURE: TOUTES,
    GenreAnnonce.ANNULATION: TOUTES,
}


class Sort(StrEnum):
    """What became, or will become, of a mail."""

    ENVOYE = "envoye"
    A_VENIR = "a_venir"
    COUPE = "coupe"
    SANS_SUITE = "sans_suite"


MOTS = {Sort.ENVOYE: "Envoyé", Sort.A_VENIR: "À venir", Sort.COUPE: "Coupé", Sort.SANS_SUITE: "Ne part pas"}


@dataclass(frozen=True, slots=True)
class Ligne:
    """A mail of the calendar: what it is, for whom, when, and what became of it."""

    genre: GenreAnnonce
    sort: Sort
    phrase: str

    @property
    def public(self) -> str:
        """Whom it is for."""
        return PUBLICS[self.genre]

    @property
    def mot(self) -> str:
        """What became of it, in a word."""
        return MOTS[self.sort]

    @property
    def se_coupe(self) -> bool:
        """The buyer may still switch it off, or on again."""
        return self.sort in (Sort.A_VENIR, Sort.COUPE)


def lignes_du_calendrier(horaire: Horaire, le: datetime) -> list[Ligne]:
    """What was sent, then what is to come."""
    return [_ecrite(a, horaire, le) for a in horaire.annonces] + [_prevue(a, horaire, le) for a in a_venir(horaire, le)]


def _ecrite(annonce: AnnonceConnue, horaire: Horaire, le: datetime) -> Ligne:
    """A mail written down: sent, given up, or waiting for its moment."""
    if annonce.non_envoyee:
        return Ligne(annonce.genre, Sort.SANS_SUITE, annonce.non_envoyee)
    if annonce.reglee_le is None:
        if annonce.genre in horaire.coupees:
            return Ligne(annonce.genre, Sort.COUPE, "Ne partira pas.")
        return Ligne(annonce.genre, Sort.A_VENIR, _depart(annonce.prevue_le, le))
    combien = accorde(annonce.courriels, "personne")
    phrase = f"Le {date_heure_fr(annonce.reglee_le)}, à {combien if annonce.courriels else 'personne'}."
    if annonce.sans_adresse:
        phrase += f" {accorde(annonce.sans_adresse, 'collectivité')} sans adresse\u00a0: à prévenir autrement."
    return Ligne(annonce.genre, Sort.ENVOYE, phrase)


def _prevue(prevu: AVenir, horaire: Horaire, le: datetime) -> Ligne:
    """A mail to come, or why it will not."""
    if prevu.coupee:
        return Ligne(prevu.genre, Sort.COUPE, "Ne partira pas.")
    if prevu.motif or prevu.prevue_le is None:
        return Ligne(prevu.genre, Sort.SANS_SUITE, prevu.motif)
    phrase = _depart(prevu.prevue_le, le)
    if prevu.genre is GenreAnnonce.OUVERTURE and not horaire.s_ouvre_seule:
        phrase = f"À l’ouverture, au plus tôt le {date_fr(prevu.prevue_le)} à 8\u00a0h."
    if prevu.genre is GenreAnnonce.COMPLEMENT:
        phrase = f"{phrase.removesuffix('.')}, s’il manque alors quelque chose à un colis ou à un palier."
    if prevu.genre is GenreAnnonce.CLOTURE and horaire.etat is EtatCampagne.OUVERTE:
        phrase = f"{phrase.removesuffix('.')}, ou dès que vous closez la campagne."
    return Ligne(prevu.genre, Sort.A_VENIR, phrase)


def _depart(prevue_le: datetime, le: datetime) -> str:
    """When it leaves."""
    return f"Le {date_heure_fr(prevue_le)}." if prevue_le > le else "Dans la minute."
