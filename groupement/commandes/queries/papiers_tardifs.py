"""The papers entered once their window was over, read in the journal, which keeps each of them for good."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from groupement.commandes.models import Campagne, Commande
from groupement.commandes.rules.papier_tardif import SAISIR_APRES, PapierTardif
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db
from groupement.socle.journal import Evenement


@dataclass(frozen=True, slots=True)
class CommandeTardive:
    """An order of the campagne and a paper that came late to it."""

    commande: Commande
    papier: PapierTardif


def papiers_tardifs(evenements: Iterable[Evenement]) -> list[PapierTardif]:
    """Those among the events of an order, in their order."""
    return [_papier(fait) for fait in evenements if fait.verbe == SAISIR_APRES]


def commandes_tardives(campagne: Campagne) -> Sequence[CommandeTardive]:
    """Those of the orders of a campagne that stand, in the order they were entered; one statement."""
    lignes = db.session.execute(
        select(Commande, Evenement)
        .join(Commande.collectivite)
        .join(Evenement, (Evenement.objet == "commande") & (Evenement.objet_id == Commande.id))
        .where(
            Commande.campagne_id == campagne.id,
            Commande.etat != EtatCommande.ANNULEE,
            Commande.papier_recu_le.is_not(None),
            Evenement.verbe == SAISIR_APRES,
        )
        .order_by(Evenement.le, Evenement.id)
        .options(contains_eager(Commande.collectivite))
    )
    return [CommandeTardive(commande, _papier(fait)) for commande, fait in lignes]


def _papier(fait: Evenement) -> PapierTardif:
    """What the journal keeps of a paper."""
    return PapierTardif.lu(fait.details or {}, fait.le, fait.par)
