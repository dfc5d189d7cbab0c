"""Enquêtes, letters and answers for tests. Each function adds to the session and flushes; the test commits."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from groupement.adherents.models import Collectivite, Enquete, Intention, Sollicitation
from groupement.adherents.states import EtatEnquete, EtatIntention, OrigineIntention
from groupement.socle.db import db
from tests.fabriques.adherents import collectivite

LE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_numeros = itertools.count(1)


def _ajouter(objet: Any) -> Any:
    """Add and flush."""
    db.session.add(objet)
    db.session.flush()
    return objet


def enquete(**valeurs: Any) -> Enquete:
    """An open enquête whose last day is far; `etat=` and `echeance=` change it."""
    defauts: dict[str, Any] = {
        "titre": "Déclaration d’intention 2027",
        "texte": "Madame, Monsieur,\n\nQue souhaitez-vous\u00a0?",
        "echeance": date(2027, 11, 1),
        "grace_jours": 30,
        "etat": EtatEnquete.OUVERTE,
        "creee_le": LE,
        "version": 1,
    }
    return _ajouter(Enquete(**(defauts | valeurs)))


def sollicitation(de: Enquete | None = None, a: Collectivite | None = None, **valeurs: Any) -> Sollicitation:
    """A letter sent by mail, long enough ago to remind (both made when absent); `courriel=""` puts it on paper."""
    de, a = de or enquete(), a or collectivite()
    defauts: dict[str, Any] = {
        "courriel": f"mairie.{a.siren}@mairie.example.org",
        "envoyee_le": datetime(2026, 10, 1, 9, 0, tzinfo=UTC),
        "relances": 0,
    }
    return _ajouter(Sollicitation(enquete_id=de.id, collectivite_id=a.id, **(defauts | valeurs)))


def intention(a: Enquete | None = None, de: Collectivite | None = None, **valeurs: Any) -> Intention:
    """An answer of LimeSurvey, attached when `de` is given, that wants the groupement."""
    a, rang = a or enquete(), next(_numeros)
    defauts: dict[str, Any] = {
        "origine": OrigineIntention.LIMESURVEY,
        "numero_limesurvey": "123456",
        "numero_reponse": f"{rang}",
        "collectivite_id": de.id if de else None,
        "etat": EtatIntention.RATTACHEE if de else EtatIntention.RECUE,
        "nom_declare": de.nom if de else "Commune inconnue",
        "repondant": "Claire Delattre",
        "courriel": "mairie@mairie.example.org",
        "participe": True,
        "veut_groupement": True,
        "boites": 100,
        "a_confirmer": {},
        "complete": True,
        "recue_le": LE,
        "version": 1,
    }
    return _ajouter(Intention(enquete_id=a.id, **(defauts | valeurs)))
