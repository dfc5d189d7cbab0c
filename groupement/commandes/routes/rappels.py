"""« Déjà commandé par vous », on the page of an article: the block the catalogue has a place for."""

from typing import Any

from flask import Blueprint, g, get_template_attribute
from markupsafe import Markup

from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.queries.deja_commande import deja_commande

bp = Blueprint("rappels", __name__)


@bp.record
def _donner_le_bloc(etat: Any) -> None:
    """The catalogue's template calls `bloc_deja_commande(article)`."""
    etat.app.jinja_env.globals["bloc_deja_commande"] = bloc_deja_commande


def bloc_deja_commande(article: Any) -> Markup:
    """What the body acted for has ordered of this article, and nothing for who acts for no body. One statement."""
    contexte = g.get("contexte")
    if contexte is None or contexte.collectivite_id is None or not contexte.a_role(*ROLES_COLLECTIVITE):
        return Markup("")
    commandes = deja_commande(contexte.collectivite_id, article.reference)
    bloc: Any = get_template_attribute("commandes/_deja_commande.html", "bloc")
    return Markup(bloc(commandes, article)) if commandes else Markup("")
