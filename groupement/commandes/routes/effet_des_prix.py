"""The block that tells, on the preview of a price revision, what it would change in the orders under way."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, get_template_attribute
from markupsafe import Markup

from groupement.catalogue.models import Lot, Titulaire
from groupement.catalogue.rules.revision import PrixRevise
from groupement.commandes.queries.effet_des_prix import effets_de_la_revision

bp = Blueprint("effet_des_prix", __name__)


@bp.record
def _donner_le_bloc(etat: Any) -> None:
    """The catalogue's template calls `bloc_effet_des_prix(lot, du, prix)`."""
    etat.app.jinja_env.globals["bloc_effet_des_prix"] = bloc_effet_des_prix


def bloc_effet_des_prix(lot: Lot, du: date, prix: Mapping[Titulaire, Mapping[int, PrixRevise]]) -> Markup:
    """The campagnes under way with these articles, before and after. Four statements at most."""
    bloc: Callable[..., Markup] = get_template_attribute("commandes/_effet_des_prix.html", "bloc")
    return bloc(effets_de_la_revision(lot, du, prix))
