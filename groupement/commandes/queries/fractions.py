"""The lines of an order fetched at the depot that could not be delivered as they are. A fixed number of statements."""

from dataclasses import dataclass
from datetime import date

from groupement.catalogue.models import Article
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.commandes import lignes_affichees
from groupement.commandes.queries.estimations import estimer_dans, lire_le_groupement
from groupement.commandes.queries.titulaires import lots_tenus
from groupement.commandes.rules.fractions import LigneEnFraction, ne_se_livre_pas, quantite_commandable
from groupement.commandes.states import ModeDeRemise


@dataclass(frozen=True, slots=True)
class _Arrondie:
    """A line as it would be delivered."""

    article: Article
    unites: int
    unites_acceptees_en_plus: int


def lignes_en_fraction(commande: Commande, le: date) -> list[LigneEnFraction]:
    """Those lines, each with the whole packs it would become and what that changes to its estimate on the day."""
    lignes = lignes_affichees(commande.id)
    concernees = {ligne.id for ligne in lignes if _ne_se_livre_pas(ligne)}
    if not concernees:
        return []
    arrondies = [_livree(li) if li.id in concernees else li for li in lignes]
    articles = [ligne.article_id for ligne in lignes]
    groupement = lire_le_groupement(lots_tenus(commande.campagne, le, articles), articles, commande.id)
    avant = estimer_dans(groupement, lignes, ModeDeRemise.DEPOT).lignes
    apres = estimer_dans(groupement, arrondies, ModeDeRemise.LIVRAISON).lignes
    return [
        LigneEnFraction(
            *(ligne.id, ligne.article.reference, ligne.article.designation, ligne.unites, arrondie.unites),
            difference_ht=apres[ligne.article_id].montant_ht - avant[ligne.article_id].montant_ht,
        )
        for ligne, arrondie in zip(lignes, arrondies, strict=True)
        if ligne.id in concernees
    ]


def _ne_se_livre_pas(ligne: LigneCommande) -> bool:
    """Only the depot can serve it."""
    article = ligne.article
    quantites = (ligne.unites, ligne.unites_acceptees_en_plus, article.unites_par_colis)
    return ne_se_livre_pas(*quantites, fractionnable=article.fractionnable)


def _livree(ligne: LigneCommande) -> _Arrondie:
    """The line in whole packs."""
    unites = quantite_commandable(ligne.unites, ligne.article.unites_par_colis, fractionnable=False)
    return _Arrondie(ligne.article, unites, 0)
