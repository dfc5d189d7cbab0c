"""What is ordered: windows, members' orders, their combination, the bons sent to suppliers.

Amounts in € HT unless the name says otherwise. An `Affectation` ties one member's line (or the depot's surplus) to
the line of a bon (or to the stock): every screen, mail and invoice after the regroupement reads it.
"""

from groupement.commandes.models.ajustements import Ajustement, LigneEcartee
from groupement.commandes.models.annonces import Annonce, CollectiviteAdmise
from groupement.commandes.models.bons import Affectation, AlertePlafond, BonDeCommande, LigneBon, PartDePort
from groupement.commandes.models.budgets import Budget
from groupement.commandes.models.commandes import Campagne, Commande, LigneCommande, Regroupement
from groupement.commandes.models.depannages import Depannage, EcartDeRemise
from groupement.commandes.models.desistements import Desistement
from groupement.commandes.models.echanges import ObservationDeFournisseur, PropositionDeDate
from groupement.commandes.models.versions import LigneDeVersion, PartDeVersion, VersionDeBon

__all__ = [
    "Affectation",
    "Ajustement",
    "AlertePlafond",
    "Annonce",
    "BonDeCommande",
    "Budget",
    "Campagne",
    "CollectiviteAdmise",
    "Commande",
    "Desistement",
    "Depannage",
    "EcartDeRemise",
    "LigneBon",
    "LigneCommande",
    "LigneDeVersion",
    "ObservationDeFournisseur",
    "LigneEcartee",
    "PartDePort",
    "PartDeVersion",
    "PropositionDeDate",
    "Regroupement",
    "VersionDeBon",
]
