"""What an order received on paper is checked against: the body, the articles, the order it may already have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.campagnes import adherents_de
from groupement.commandes.queries.commandes import commande_de
from groupement.commandes.queries.paniers import fenetre_de
from groupement.commandes.queries.saisies import articles_offerts, estimer_l_apercu
from groupement.commandes.rules.apercu_de_saisie import Apercu, apercevoir
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.papier_tardif import est_apres_la_fin
from groupement.commandes.rules.saisie_rapide import LigneSaisie
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class VueCommandePapier:
    """A paper order before it is written: its body, what it asks, what it would cost, the order it would complete.

    `tardive`: the window is over, it is entered late.
    """

    collectivite: Collectivite
    commande: Commande | None
    apercu: Apercu
    estimation: Estimation
    tardive: bool

    @property
    def version(self) -> int:
        """The version of the order that is there; 0 without any."""
        return self.commande.version if self.commande else 0

    @property
    def est_a_valider(self) -> bool:
        """The order it completes is not committed: its valideur still has to."""
        return not self.tardive and _est_inachevee(self.commande)

    @property
    def remplace(self) -> bool:
        """The basket that is there can no longer be committed: the signed sheet takes its place."""
        return self.tardive and _est_inachevee(self.commande)


def _est_inachevee(commande: Commande | None) -> bool:
    """Whether there is an order nobody committed."""
    return commande is not None and commande.etat is not EtatCommande.VALIDEE


def est_tardive(campagne: Campagne, le: date) -> bool:
    """Whether a paper entered on the day `le` is a late entry."""
    return est_apres_la_fin(campagne.etat, campagne.au, le)


def membres_proposes(campagne: Campagne) -> Sequence[Any]:
    """(name, SIREN) of the bodies that may order in the campagne, by name."""
    adherents = adherents_de(campagne).with_only_columns(Collectivite.nom, Collectivite.siren)
    return db.session.execute(adherents).all()


def membre_designe(siren: str) -> Collectivite | None:
    """The body of a SIREN."""
    return db.session.scalars(select(Collectivite).where(Collectivite.siren == siren)).one_or_none()


def vue_commande_papier(
    campagne: Campagne, collectivite: Collectivite, saisies: Sequence[LigneSaisie], le: date
) -> VueCommandePapier:
    """What these lines would make of the order of a body. Any number of pieces will do: paper says what it says."""
    fenetre, commande = fenetre_de(campagne, collectivite.id, le), commande_de(campagne.id, collectivite.id)
    tardive = est_tardive(campagne, le)
    completee = None if tardive and _est_inachevee(commande) else commande
    offerts = [replace(article, partage=True) for article in articles_offerts(fenetre, completee)]
    apercu = apercevoir(saisies, offerts, remplacer=False)
    return VueCommandePapier(collectivite, commande, apercu, estimer_l_apercu(campagne, commande, apercu, le), tardive)
