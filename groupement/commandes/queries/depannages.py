"""Urgent orders, read: where a body may ask for one, what the depot offers, what waits to be handed over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import contains_eager, joinedload

from groupement.adherents.queries import Demandeur
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.catalogue.models import Article, Marche
from groupement.commandes.models import Campagne, Commande, Depannage, LigneCommande
from groupement.commandes.queries.commandes import commande_visible, perimetre_commandes
from groupement.commandes.queries.paniers import Fenetre, ouvertures
from groupement.commandes.queries.remises import ecarts_des_commandes
from groupement.commandes.rules import depannages as regle
from groupement.commandes.rules.depannages import Offre
from groupement.commandes.states import EtatCampagne, EtatCommande, NatureCampagne
from groupement.socle.db import db
from groupement.stock.queries import offre_du_depot
from groupement.stock.rules.valeur import Stock

DEPANNAGES = Campagne.nature == NatureCampagne.DEPANNAGE
A_REMETTRE = (EtatCommande.REGROUPEE,)
EN_COURS = (EtatCommande.BROUILLON, EtatCommande.SOUMISE, EtatCommande.REGROUPEE)


@dataclass(frozen=True, slots=True)
class Guichet:
    """The urgent orders of a marché as a body sees them on a day; `motif`: why the depot does not serve it now."""

    fenetre: Fenetre
    motif: str | None

    @property
    def campagne(self) -> Campagne:
        """What holds the orders."""
        return self.fenetre.campagne


@dataclass(frozen=True, slots=True)
class ArticleOffert:
    """An article lying at the depot that the body may ask for."""

    article: Article
    offre: Offre


def guichets(collectivite_id: int, le: date) -> list[Guichet]:
    """Where the body may be served today, or why not, marché by marché; those that serve it first. One statement."""
    return guichets_parmi(ouvertures(collectivite_id, le), le)


def guichets_parmi(ouvertes: Sequence[Fenetre], le: date) -> list[Guichet]:
    """The same, of campagnes already read: a window open for the body comes before the depot."""
    fenetres = {
        f.campagne.marche_id: (f.campagne.intitule, f.campagne.au)
        for f in reversed(ouvertes)
        if f.campagne.nature is NatureCampagne.FENETRE and f.est_ouverte
    }
    trouves = [
        Guichet(f, f.motif or _motif(f.campagne.marche, le, fenetres.get(f.campagne.marche_id)))
        for f in ouvertes
        if f.campagne.nature is NatureCampagne.DEPANNAGE
    ]
    return sorted(trouves, key=lambda guichet: guichet.motif is not None)


def guichet_de(campagne: Campagne, collectivite_id: int, le: date) -> Guichet | None:
    """The one that holds these orders; None once it is closed, or another year's."""
    return next((g for g in guichets(collectivite_id, le) if g.campagne.id == campagne.id), None)


def _motif(marche: Marche, le: date, fenetre: tuple[str, date] | None) -> str | None:
    """Why the depot does not serve the marché to a body that may order on it."""
    return regle.motif_de_refus(marche_du=marche.du, marche_au=marche.au, le=le, fenetre_ouverte=fenetre)


def articles_offerts(fenetre: Fenetre) -> list[ArticleOffert]:
    """What lies at the depot of the lots the body may order of, by lot then name. One statement."""
    campagne = fenetre.campagne
    return [
        ArticleOffert(article, _offre(article, unites, valeur_ht, reserve))
        for article, unites, valeur_ht, reserve in offre_du_depot(campagne.depot_id, campagne.marche_id)
        if not fenetre.motif_de_l_article(article)
    ]


def disponibles_au_depot(ouvertes: Sequence[Fenetre], le: date) -> dict[int, int]:
    """The pieces the depots could serve a body today, by article id; what has run out is absent.

    `ouvertes`: what is open for it that day (`ouvertures`). One statement a marché served.
    """
    return {
        offert.article.id: offert.offre.disponibles
        for guichet in guichets_parmi(ouvertes, le)
        if guichet.motif is None
        for offert in articles_offerts(guichet.fenetre)
        if offert.offre.disponibles
    }


def _offre(article: Article, unites: int, valeur_ht: Any, reserve: int) -> Offre:
    """The article as the rule wants it."""
    return Offre(article.id, article.reference, article.tva_pct, Stock(int(unites), valeur_ht), int(reserve))


def offres(offerts: Iterable[ArticleOffert]) -> dict[int, Offre]:
    """By article id."""
    return {offert.article.id: offert.offre for offert in offerts}


def depannage_visible(commande_id: int, contexte: Demandeur, *, verrou: bool = False) -> tuple[Commande, Depannage]:
    """An urgent order and what it says besides, if this person may see it; 404 otherwise. See `commande_visible`."""
    commande = commande_visible(commande_id, contexte, verrou=verrou)
    depannage: Depannage = db.one_or_404(
        select(Depannage).where(Depannage.commande_id == commande.id).execution_options(populate_existing=verrou)
    )
    return commande, depannage


def en_cours_de(collectivite_id: int) -> Sequence[tuple[Commande, Depannage]]:
    """The urgent orders of a body that wait for somebody, the latest first. One statement."""
    lignes = db.session.execute(
        select(Commande, Depannage)
        .join(Depannage, Depannage.commande_id == Commande.id)
        .join(Commande.campagne)
        .options(contains_eager(Commande.campagne).joinedload(Campagne.depot))
        .where(Commande.urgente, Commande.collectivite_id == collectivite_id, Commande.etat.in_(EN_COURS))
        .order_by(Commande.id.desc())
    )
    return [(commande, depannage) for commande, depannage in lignes]


def depannages(contexte: Demandeur, *, etats: Sequence[EtatCommande] = (), recherche: str = "") -> Select[Any]:
    """(Commande, Depannage, unites, non_remises, rendu_ht): urgent orders, the first committed first, for a list.

    `non_remises`: units not handed over; `rendu_ht`: what they went back to the stock for, in less to pay.
    """
    unites = select(func.sum(LigneCommande.unites)).where(LigneCommande.commande_id == Commande.id).scalar_subquery()
    gardees = Commande.etat.in_(etats) if etats else Commande.etat != EtatCommande.BROUILLON
    return (
        select(Commande, Depannage, unites.label("unites"), *ecarts_des_commandes())
        .join(Depannage, Depannage.commande_id == Commande.id)
        .join(Commande.collectivite)
        .join(Commande.campagne)
        .options(contains_eager(Commande.collectivite), contains_eager(Commande.campagne))
        .where(Commande.urgente, perimetre_commandes(contexte), gardees)
        .where(*(trouve_collectivite(mot) for mot in mots(recherche)))
        .order_by(Commande.validee_le, Commande.id)
    )


def combien_a_remettre() -> int:
    """Urgent orders the depot has to hand over: for the to-do list of the buyer."""
    return db.session.scalar(_a_remettre()) or 0


@cache
def _a_remettre() -> Select[int]:
    """How many: built once."""
    return select(func.count()).select_from(Commande).where(Commande.urgente, Commande.etat.in_(A_REMETTRE))


@dataclass(frozen=True, slots=True)
class Annee:
    """A marché that runs, and the campagne of its urgent orders of the year, if the buyer opened it."""

    marche: Marche
    campagne: Campagne | None

    @property
    def est_ouverte(self) -> bool:
        """The depot serves it."""
        return self.campagne is not None and self.campagne.etat is EtatCampagne.OUVERTE


def annees(le: date) -> list[Annee]:
    """The marchés that run on a day, each with its urgent orders of the year. One statement."""
    de_l_annee: ColumnElement[bool] = (Campagne.marche_id == Marche.id) & DEPANNAGES & (Campagne.du <= le)
    lignes = db.session.execute(
        select(Marche, Campagne)
        .outerjoin(Campagne, de_l_annee & (Campagne.au >= le))
        .options(joinedload(Campagne.depot))
        .where(Marche.du <= le, Marche.au >= le)
        .order_by(Marche.du.desc(), Marche.id.desc())
    )
    return [Annee(marche, campagne) for marche, campagne in lignes]


def campagne_de_depannage(campagne_id: int, contexte: Demandeur) -> Campagne:
    """The campagne of urgent orders, for the Centre de gestion; 404 otherwise."""
    voulue = select(Campagne).where(Campagne.id == campagne_id, DEPANNAGES)
    campagne: Campagne = db.one_or_404(voulue if contexte.est_cdg else voulue.where(false()))
    return campagne
