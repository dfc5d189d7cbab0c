"""Which marchés rest on a convention: told to the pages of the conventions, below."""

from typing import Any

from flask import Blueprint, get_template_attribute
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from groupement.adherents.models import Convention
from groupement.catalogue.models import Marche
from groupement.socle.db import db

bp = Blueprint("marches_des_conventions", __name__)


@bp.record
def _donner_le_bloc(etat: Any) -> None:
    """The templates of the conventions call `bloc_des_marches(convention)`."""
    etat.app.jinja_env.globals["bloc_des_marches"] = bloc_des_marches


def bloc_des_marches(convention: Convention) -> Markup:
    """The marchés that rest on it, with the day each was put to consultation; empty when none does."""
    marches = db.session.scalars(
        select(Marche)
        .where(Marche.convention_id == convention.id)
        .options(selectinload(Marche.lots))
        .order_by(Marche.du.desc(), Marche.id.desc())
    ).all()
    bloc: Any = get_template_attribute("catalogue/_marches_de_la_convention.html", "bloc")
    return Markup(bloc(marches)) if marches else Markup("")
