"""Pages of the members (basket, orders) and of the buyer (campagnes, regroupement, bons): one module per noun."""

from groupement.commandes.routes.achats import bp as achats
from groupement.commandes.routes.ajustements import bp as ajustements
from groupement.commandes.routes.annonces import bp as annonces
from groupement.commandes.routes.avenants import bp as avenants
from groupement.commandes.routes.bons import bp as bons
from groupement.commandes.routes.bons_annules import bp as bons_annules
from groupement.commandes.routes.bons_revises import bp as bons_revises
from groupement.commandes.routes.budgets import bp as budgets
from groupement.commandes.routes.campagnes import bp as campagnes
from groupement.commandes.routes.commandes import bp as commandes
from groupement.commandes.routes.commandes_papier import bp as commandes_papier
from groupement.commandes.routes.complements import bp as complements
from groupement.commandes.routes.depannages import bp as depannages
from groupement.commandes.routes.desistements import bp as desistements
from groupement.commandes.routes.echanges import bp as echanges
from groupement.commandes.routes.effet_des_prix import bp as effet_des_prix
from groupement.commandes.routes.engagements import bp as engagements
from groupement.commandes.routes.fournisseur import bp as bons_recus
from groupement.commandes.routes.liens import bp as bon_par_lien
from groupement.commandes.routes.lignes_du_panier import bp as lignes_du_panier
from groupement.commandes.routes.ouvertures import bp as ouvertures
from groupement.commandes.routes.paniers import bp as paniers
from groupement.commandes.routes.papiers import bp as papiers_de_commande
from groupement.commandes.routes.phases_de_complement import bp as phases_de_complement
from groupement.commandes.routes.rappels import bp as rappels
from groupement.commandes.routes.regroupement import bp as regroupements
from groupement.commandes.routes.remises import bp as remises
from groupement.commandes.routes.reports import bp as reports
from groupement.commandes.routes.retraits import bp as retraits
from groupement.commandes.routes.saisies import bp as saisies
from groupement.commandes.routes.suivi_marches import bp as suivi_marches
from groupement.commandes.routes.verification import bp as verification

BLUEPRINTS = (
    achats,
    rappels,
    paniers,
    reports,
    lignes_du_panier,
    saisies,
    budgets,
    papiers_de_commande,
    commandes,
    commandes_papier,
    complements,
    phases_de_complement,
    campagnes,
    ouvertures,
    annonces,
    regroupements,
    ajustements,
    verification,
    desistements,
    bons,
    bons_annules,
    bons_revises,
    bons_recus,
    bon_par_lien,
    echanges,
    suivi_marches,
    avenants,
    effet_des_prix,
    retraits,
    depannages,
    engagements,
    remises,
)
