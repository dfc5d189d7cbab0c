"""Decisions of the buyer on a regroupement. Each function writes and flushes; the test commits."""

from typing import Any

from groupement.commandes.models import Ajustement, Campagne
from groupement.commandes.states import GenreAjustement
from groupement.socle.db import db
from tests.fabriques.commandes import APRES


def ajustement(de: Campagne, **champs: Any) -> Ajustement:
    """Something left out of the campagne: give `article_id=`, `lot_id=` or `commande_id=`; `genre=` changes it."""
    valeurs = {"genre": GenreAjustement.ECARTER, "motif": "Le fournisseur n’a plus de carton.", "le": APRES}
    pris = Ajustement(campagne_id=de.id, par="Hélène Vasseur", **(valeurs | champs))
    db.session.add(pris)
    db.session.flush()
    return pris
