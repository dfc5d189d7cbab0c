"""The order of a member as a paper and as a table: rows frozen into values, whatever its state."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app

from groupement.adherents.documents import organisme
from groupement.commandes.documents.bons import SERVICE, unite
from groupement.commandes.models import Commande
from groupement.commandes.queries.vue_commande import Facturable, VueCommande
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.papier_de_commande import avertissement, mot_de_l_etat
from groupement.commandes.states import EtatCommande, ModeDeRemise, RegleDeReliquat
from groupement.documents.papiers import (
    CommandePapier,
    LigneCommandePapier,
    Totaux,
    TvaTaux,
    coordonnateur,
)
from groupement.documents.rendu import rendre_commande
from groupement.documents.tableur import Colonne, ecrire_csv, ecrire_xlsx
from groupement.socle.calendrier import date_fr, date_heure_fr
from groupement.socle.nombres import euros_fr

FERME_ET_EN_PLUS = (
    "«\u00a0Ferme\u00a0»\u00a0: ce que vous voulez. «\u00a0Accepté en plus\u00a0»\u00a0: ce que vous prendriez "
    "de plus, au même prix, si cela complète un colis du groupement."
)
RANG = "Le rang dit quand la quantité a été demandée\u00a0: s’il en manque, le premier est servi d’abord."
COLONNES = (
    Colonne("commande", "Commande"),
    Colonne("etat", "État"),
    Colonne("reference", "Référence"),
    Colonne("designation", "Désignation"),
    Colonne("unites_par_colis", "Unités par colis", "entier"),
    Colonne("demandees", "Demandé (ferme)", "entier"),
    Colonne("acceptees_en_plus", "Accepté en plus", "entier"),
    Colonne("commandees", "Commandé", "entier"),
    Colonne("dont_en_plus", "Dont en plus", "entier"),
    Colonne("du_stock", "Dont du dépôt", "entier"),
    Colonne("prix_unitaire_ht", "Prix unitaire HT", "prix"),
    Colonne("tva_pct", "TVA (%)"),
    Colonne("montant_ht", "Montant HT", "montant"),
    Colonne("nature_du_prix", "Prix"),
)


def pdf_de_commande(vue: VueCommande, le: date) -> bytes:
    """The order on paper, as it stands on the day."""
    return rendre_commande(papier_de_commande(vue, le))


def tableau_de_commande(vue: VueCommande, le: date, format_: str) -> bytes:
    """The order for a spreadsheet (xlsx) or a program (csv): a row an article, then the share of shipping."""
    papier = papier_de_commande(vue, le)
    communes = {"commande": papier.numero, "etat": papier.etat, "nature_du_prix": papier.prix}
    champs = [colonne.cle for colonne in COLONNES[2:-1]]
    lignes = [communes | {champ: getattr(ligne, champ) for champ in champs} for ligne in papier.lignes]
    if papier.port_ht:
        lignes.append(communes | {"designation": "Part du port", "montant_ht": papier.port_ht})
    return ecrire_csv(COLONNES, lignes) if format_ == "csv" else ecrire_xlsx(papier.numero, COLONNES, lignes)


def nom_de_commande(commande: Commande, extension: str) -> str:
    """The name of the file; a draft says so, never to be taken for a commitment."""
    projet = "projet-" if commande.etat is EtatCommande.BROUILLON else ""
    return f"{projet}commande-{commande.id}.{extension}"


def papier_de_commande(vue: VueCommande, le: date) -> CommandePapier:
    """The order frozen; no statement of its own."""
    commande, campagne = vue.commande, vue.commande.campagne
    achetee = vue.facturable is not None
    return CommandePapier(
        numero=f"n°\u00a0{commande.id}",
        etat=mot_de_l_etat(commande.etat),
        est_projet=commande.etat is EtatCommande.BROUILLON,
        avertissement=avertissement(commande.etat, fin=campagne.au),
        etabli_le=le,
        campagne=campagne.intitule,
        marche=f"{campagne.marche.numero}, {campagne.marche.objet}",
        coordonnateur=coordonnateur(current_app.config, SERVICE),
        collectivite=organisme(commande.collectivite),
        remise=commande.mode.libelle(),
        lieu=_lieu(commande),
        prix="définitifs" if achetee else f"estimés au {date_fr(le)}",
        lignes=tuple(_ligne(ligne, vue.estimation) for ligne in vue.suivi),
        totaux=_totaux(vue.facturable) if vue.facturable else _totaux_estimes(vue.estimation),
        port_ht=vue.facturable.port_ht if vue.facturable else Decimal("0.00"),
        port_precision="partagé selon les montants" if achetee else "",
        engagement=commande.engagement,
        code_service=commande.code_service,
        suivi=_suivi(commande),
        est_achetee=achetee,
        mentions=_mentions(vue),
    )


def _lieu(commande: Commande) -> tuple[str, ...]:
    """Where the order is received, a line each; empty while nobody has said."""
    if commande.mode is ModeDeRemise.DEPOT:
        depot = commande.campagne.depot
        return depot.nom, depot.adresse, f"{depot.code_postal} {depot.ville}"
    point = commande.point_de_livraison
    if point is None:
        return ()
    lignes = (point.libelle, point.adresse, f"{point.code_postal} {point.ville}", point.contact, point.telephone)
    return tuple(ligne for ligne in lignes if ligne)


def _ligne(suivie: Any, estimation: Estimation | None) -> LigneCommandePapier:
    """An article: estimated while nothing is bought, its share of the bons after."""
    estimee = estimation.lignes[suivie.article_id] if estimation else None
    return LigneCommandePapier(
        reference=suivie.reference,
        designation=suivie.designation,
        unite=unite(suivie.unite),
        unites_par_colis=suivie.unites_par_colis,
        demandees=suivie.demandees,
        acceptees_en_plus=suivie.acceptees_en_plus,
        commandees=None if estimation else suivie.commandees or 0,
        dont_en_plus=suivie.dont_en_plus or 0,
        du_stock=suivie.du_stock or 0,
        prix_unitaire_ht=estimee.prix_unitaire_ht if estimee else suivie.prix_final_ht,
        tva_pct=suivie.tva_pct,
        montant_ht=estimee.montant_ht if estimee else suivie.montant_ht,
        precision=f"rang\u00a0: {date_heure_fr(suivie.rang)}",
    )


def _totaux(facturable: Facturable) -> Totaux:
    """What the body owes for what was bought, shipping included."""
    tvas = tuple(TvaTaux(taux_pct=t, base_ht=facturable.bases[t], montant=tva) for t, tva in facturable.tva.items())
    return Totaux(total_ht=facturable.total_ht, tvas=tvas, total_ttc=facturable.total_ttc)


def _totaux_estimes(estimation: Estimation | None) -> Totaux | None:
    """The estimate; None when nothing has a price."""
    if estimation is None or not estimation.bases:
        return None
    tvas = tuple(
        TvaTaux(taux_pct=taux, base_ht=base, montant=estimation.tva[taux]) for taux, base in estimation.bases.items()
    )
    return Totaux(total_ht=estimation.total_ht, tvas=tvas, total_ttc=estimation.total_ttc)


def _suivi(commande: Commande) -> tuple[tuple[str, str], ...]:
    """Who sent it, who committed the money, and when."""
    faits = []
    if commande.soumise_le:
        faits.append(("Préparée par", f"{commande.soumise_par}, {date_heure_fr(commande.soumise_le)}"))
    if commande.validee_le:
        faits.append(("Validée et engagée par", f"{commande.validee_par}, {date_heure_fr(commande.validee_le)}"))
    return tuple(faits)


def _mentions(vue: VueCommande) -> tuple[str, ...]:
    """What the figures rest on."""
    commande = vue.commande
    mentions = [FERME_ET_EN_PLUS, *(papier.phrase() for papier in vue.papiers_tardifs)]
    if commande.campagne.regle_reliquat is RegleDeReliquat.RANG:
        mentions.append(RANG)
    if vue.facturable is None:
        mentions.append("Frais de port non compris\u00a0: ils dépendent de ce que tout le groupement commande.")
        if commande.validee_le:
            mentions.append(f"Estimation au moment de la validation\u00a0: {euros_fr(commande.total_ht)} HT.")
    else:
        mentions.append("Seul ce qui est reçu et accepté est facturé.")
    return tuple(mentions)
