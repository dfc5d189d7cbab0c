"""Deliveries, made as the application makes them: a regrouped campagne and what it leaves to expect.

`APRES` is the morning of the regroupement; the goods come on `LIVREE_LE`, a day later than the bons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.actions import regroupement
from groupement.commandes.models import BonDeCommande, Campagne
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison, MotifDeRefus
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre

LIVREE_LE = date(2026, 12, 15)
LE = APRES + timedelta(days=2)


@dataclass(frozen=True)
class Bureau:
    """Who asks, for the doors `<objet>_visible`: the Centre de gestion, without a request."""

    est_cdg: bool = True
    collectivite_id: int | None = None
    utilisateur_id: int | None = None
    nom: str = "Gaëlle Vasseur"

    def a_role(self, *roles: Role) -> bool:
        """A buyer."""
        return Role.ACHETEUR in roles


CDG = Bureau()


def campagne_close(combien: int = 2, *, au_depot: int = 1, articles: int = 2, **champs: Any) -> Campagne:
    """A closed campagne: `combien` members delivered at home, `au_depot` that come and fetch.

    Each asks 30 boxes (packs of 50, 0,58 €) and 100 of each other article (packs of 100, 0,10 €); those of the depot
    ask 10 boxes only. The boxes beyond the demand are the depot's.
    """
    lot = catalogue.lot(plafond_ht=Decimal("1000000.00"), franco_ht=None)
    boite = catalogue.article(lot, unites_par_colis=50, paliers=catalogue.paliers("50:0.58"))
    autres = [
        catalogue.article(
            lot, designation=f"Chemise n° {n + 1}", unites_par_colis=100, paliers=catalogue.paliers("100:0.10")
        )
        for n in range(articles - 1)
    ]
    fenetre = campagne(lot.marche, etat=EtatCampagne.CLOSE, **champs)
    for _ in range(combien):
        lignes = [(boite, 30), *((autre, 100) for autre in autres)]
        commande(fenetre, membre(de=fenetre), lignes, etat=EtatCommande.VALIDEE)
    for _ in range(au_depot):
        retrait = {"mode": ModeDeRemise.DEPOT, "point_de_livraison_id": None}
        commande(fenetre, membre(de=fenetre), [(boite, 10)], etat=EtatCommande.VALIDEE, **retrait)
    db.session.flush()
    return fenetre


def campagne_regroupee(combien: int = 2, **traits: Any) -> list[BonDeCommande]:
    """The bons of such a campagne, and with them the deliveries to expect: one a member, one at the depot."""
    bons = regroupement.regrouper(campagne_close(combien, **traits).id, par=AUTOMATE, le=APRES)[1]
    db.session.flush()
    return bons


def livraisons_de(bons: Iterable[BonDeCommande], *, depot: bool = False) -> list[Livraison]:
    """The deliveries of these bons at the members' places, or at the depot."""
    lieu = Livraison.collectivite_id.is_(None) if depot else Livraison.collectivite_id.is_not(None)
    ids = [bon.id for bon in bons]
    return list(db.session.scalars(select(Livraison).where(Livraison.bon_id.in_(ids), lieu).order_by(Livraison.id)))


def livraison(
    *, depot: bool = False, recue: bool = False, signalee: bool = False, admise: bool = False, **traits: Any
) -> Livraison:
    """One delivery, at a member's (30 boxes, 100 folders) or at the depot (10 boxes for a member, 10 for the stock).

    `recue`: all came as expected; `signalee`: five boxes of it damaged and as many missing; `admise`: all is admitted.
    """
    voulue = livraisons_de(campagne_regroupee(1, **traits), depot=depot)[0]
    if recue or signalee or admise:
        _recevoir(voulue, abimees=5 if signalee else 0, manquantes=5 if signalee else 0, admise=admise)
    return voulue


def _recevoir(livraison_: Livraison, *, abimees: int, manquantes: int, admise: bool) -> None:
    """What the door saw, on the first line for what is wrong."""
    livraison_.etat = EtatLivraison.EN_VERIFICATION if abimees or manquantes else EtatLivraison.LIVREE
    livraison_.livree_le, livraison_.receptionnee_par = LIVREE_LE, "Claire Delattre"
    livraison_.bordereau, livraison_.a_verifier_avant_le = "BL-0417", date(2026, 12, 30)
    for place, ligne in enumerate(livraison_.lignes):
        ligne.unites_livrees = ligne.unites_attendues - (0 if place else manquantes)
        if abimees and not place:
            ligne.unites_refusees, ligne.motif = abimees, MotifDeRefus.ABIME
        if admise:
            ligne.unites_admises = ligne.affectation.unites_admises = ligne.unites_livrees - ligne.unites_refusees
    if admise:
        livraison_.etat, livraison_.decidee_le = EtatLivraison.ADMISE, LE
    db.session.flush()
