"""Tell the buyers, once, that a lot nears its ceiling: a line of the journal and a mail. The caller commits."""

from datetime import datetime
from decimal import Decimal

from groupement.catalogue.models import Lot
from groupement.commandes.models import AlertePlafond
from groupement.commandes.queries.echanges import adresses_des_acheteurs
from groupement.commandes.queries.suivi_marche import alertes_donnees, lots_au_seuil
from groupement.commandes.rules.plafond import SEUILS_D_ALERTE_PCT, usage_plafond
from groupement.commandes.rules.suivi_plafond import seuils_franchis
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import AUTOMATE, noter


def alerter_les_plafonds(le: datetime) -> int:
    """Look at every lot that runs; how many were told of. A threshold is told once, until the ceiling changes."""
    verrouiller_ecriture()
    lots = lots_au_seuil(SEUILS_D_ALERTE_PCT[0], jour_a_paris(le))
    donnees = alertes_donnees([lot.id for lot, _ in lots]) if lots else set()
    nouvelles = [(lot, total, neufs) for lot, total in lots if (neufs := _neufs(lot, total, donnees))]
    if not nouvelles:
        return 0
    adresses = adresses_des_acheteurs(jour_a_paris(le))
    for lot, total, seuils in nouvelles:
        _alerter(lot, total, seuils, list(adresses), le)
    return len(nouvelles)


def _neufs(lot: Lot, total: Decimal, donnees: set[tuple[int, int, Decimal]]) -> list[int]:
    """The thresholds reached that nobody was told of."""
    return [s for s in seuils_franchis(lot.plafond_ht, total) if (lot.id, s, lot.plafond_ht) not in donnees]


def _alerter(lot: Lot, total: Decimal, seuils: list[int], adresses: list[str], le: datetime) -> None:
    """A row a threshold, a line of the journal and a mail a buyer for the highest."""
    for seuil in seuils:
        db.session.add(
            AlertePlafond(lot_id=lot.id, seuil_pct=seuil, plafond_ht=lot.plafond_ht, commande_ht=total, le=le)
        )
    resume = f"{lot.marche.numero}, lot {lot.numero}, {seuils[-1]} % du plafond"
    noter("lot", lot.id, "alerter du plafond", par=AUTOMATE, le=le, resume=resume)
    sujet = f"Lot {lot.numero} du marché {lot.marche.numero}\u00a0: {seuils[-1]}\u00a0% du plafond atteints"
    valeurs = {"lot": lot, "usage": usage_plafond(lot.plafond_ht, total), "seuil": seuils[-1]}
    ecrire_plusieurs("alerte_plafond", [(adresse, sujet, valeurs) for adresse in adresses], le=le)
