"""What of the orders is bought on the bon of the depot, in a lot that has one bon per delivery place.

The same as `rules/par_lieu.py` works out place by place, summed by the base: a body has one order in a campagne, so
that a line is all its place asks of an article. Pieces.
"""

from sqlalchemy import ColumnElement, and_, case

from groupement.catalogue.models import Article
from groupement.commandes.models import Commande, LigneCommande

_RETIREE = Commande.point_de_livraison_id.is_(None)
_HORS_DES_COLIS = LigneCommande.unites % Article.unites_par_colis
_OUVRIRAIT_UN_COLIS = and_(
    _HORS_DES_COLIS > 0,
    Article.unites_par_colis - _HORS_DES_COLIS > LigneCommande.unites_acceptees_en_plus,
)


def unites_au_depot() -> ColumnElement[int]:
    """The pieces of a line collected at the depot: all those of a pick-up order, else what would open a pack."""
    return case((_RETIREE, LigneCommande.unites), (_OUVRIRAIT_UN_COLIS, _HORS_DES_COLIS), else_=0)


def acceptees_au_depot() -> ColumnElement[int]:
    """The extra pieces of a line that may complete a pack of the depot."""
    return case((_RETIREE | _OUVRIRAIT_UN_COLIS, LigneCommande.unites_acceptees_en_plus), else_=0)
