"""Remind the members before a campagne closes: one mail a person, all their bodies in it, at most once a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from groupement.commandes.models import Campagne
from groupement.commandes.queries import relances
from groupement.commandes.queries.annonces import annonces_de
from groupement.commandes.queries.campagnes import dernier_fait
from groupement.commandes.rules.calendrier_campagne import RAPPELS
from groupement.commandes.states import EtatCampagne
from groupement.socle.calendrier import date_fr, date_heure_fr, jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, noter


class Public(StrEnum):
    """Who is reminded."""

    SANS_COMMANDE = "sans-commande"
    INACHEVEES = "inachevees"


SELECTIONS = {Public.SANS_COMMANDE: relances.sans_commande, Public.INACHEVEES: relances.inachevees}


@dataclass(frozen=True, slots=True)
class Relance:
    """What a reminder did: mails written, and bodies without an address."""

    courriels: int
    sans_adresse: int


def _exiger_un_autre_jour_que_le_rappel(campagne: Campagne, le: datetime) -> None:
    """Raise RegleRefusee when the machine reminded them the same day."""
    rappels = (a for a in annonces_de(campagne.id) if a.genre in RAPPELS and a.reglee_le and not a.non_envoyee)
    if any(jour_a_paris(rappel.reglee_le) == jour_a_paris(le) for rappel in rappels if rappel.reglee_le):
        raise RegleRefusee("Le rappel automatique est parti aujourd’hui\u00a0: attendez demain pour les relancer.")


def relancer(campagne: Campagne, public: Public, *, par: Auteur, le: datetime) -> Relance:
    """Write to the bodies of `public`; the caller holds the campagne and commits. A fixed number of statements.

    Raises TransitionInterdite when the campagne is not open, RegleRefusee when they were reminded today already.
    """
    if campagne.etat is not EtatCampagne.OUVERTE:
        raise TransitionInterdite("On ne relance que pendant une campagne ouverte.")
    verbe = f"relancer {public.value}"
    derniere = dernier_fait(campagne.__tablename__, campagne.id, verbe)
    if derniere and jour_a_paris(derniere[1]) == jour_a_paris(le):
        raise RegleRefusee(
            f"{derniere[0]} les a déjà relancés aujourd’hui ({date_heure_fr(derniere[1])})\u00a0: "
            "attendez demain, une seconde relance le même jour lasse tout le monde."
        )
    _exiger_un_autre_jour_que_le_rappel(campagne, le)
    lignes, sans_adresse = relances.destinataires(SELECTIONS[public](campagne), jour_a_paris(le))
    corps: dict[str, list[str]] = defaultdict(list)
    for adresse, nom in lignes:
        corps[adresse].append(nom)
    sujet = f"{campagne.intitule}\u00a0: commandez avant le {date_fr(campagne.au)}"
    valeurs = {"campagne": campagne, "inachevee": public is Public.INACHEVEES}
    ecrire_plusieurs("relance", [(qui, sujet, valeurs | {"corps": noms}) for qui, noms in corps.items()], le=le)
    resume = f"{len(corps)} courriels, {sans_adresse} collectivités sans adresse"
    noter(campagne.__tablename__, campagne.id, verbe, par=par, le=le, resume=resume)
    return Relance(len(corps), sans_adresse)
