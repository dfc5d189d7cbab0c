"""The one door by which a body's money is committed: whoever prices an order, or adds to it, goes through here.

The budget the body gave itself is held to before anything is written.
"""

from collections.abc import Iterable

from groupement.commandes.actions import budgets
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.rules.estimation import Estimation


def engager(commande: Commande, lignes: Iterable[LigneCommande], estimation: Estimation) -> None:
    """Keep on each line the price announced, and on the order its total. Raises BudgetDepasse."""
    budgets.tenir(commande, estimation.total_ttc)
    for ligne in lignes:
        ligne.prix_unitaire_ht = estimation.lignes[ligne.article_id].prix_unitaire_ht or ligne.prix_unitaire_ht
    commande.total_ht = estimation.total_ht
