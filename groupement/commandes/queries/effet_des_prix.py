"""What revised prices would change for the orders under way: asked so far, at the prices of now and of then."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from groupement.catalogue.models import Article, Lot, Titulaire
from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.catalogue.rules.revision import PrixRevise
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.bon_du_depot import unites_au_depot
from groupement.commandes.queries.offres import compter_les_ventes, ventes_des_lots
from groupement.commandes.queries.titulaires import LotsTenus, lot_tenu_par_campagne
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.argent import montant_ligne
from groupement.socle.db import db

EN_COURS = (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE)
ZERO = Decimal("0.00")
Revises = Mapping[int, PrixRevise]  # by article id


@dataclass(frozen=True, slots=True)
class Effet:
    """A campagne not yet combined: its orders with a revised article, and what they would cost (€ HT)."""

    campagne: Campagne
    commandes: int
    avant_ht: Decimal
    apres_ht: Decimal

    @property
    def ecart_ht(self) -> Decimal:
        """What the revision adds, or takes off when negative."""
        return self.apres_ht - self.avant_ht


class _SurUnBon(NamedTuple):
    """Pieces of an article that reach a tier together, and how many bons ask for just as many."""

    article_id: int
    unites_par_colis: int
    unites: int
    bons: int


def effets_de_la_revision(lot: Lot, du: date, prix: Mapping[Titulaire, Revises]) -> list[Effet]:
    """For each campagne under way, the first to open first, if its bons leave from the day `du` on.

    `prix`: the revised prices of each titulaire of the lot. Those of the one the bons of the campagne go to count, at
    the tier reached in whole packs with what it sold before, as the bons will. Three statements, four when tiers run
    over the campagne or the marché, whatever the number of orders, articles and campagnes.
    """
    articles = {n for siens in prix.values() for n, revise in siens.items() if _change(revise)}
    if not articles:
        return []
    comptes = [(campagne, int(combien)) for campagne, combien in db.session.execute(_comptes(_perimetre(articles)))]
    tenus = lot_tenu_par_campagne(lot, [campagne for campagne, _ in comptes], du)
    par_lieu = any(tenu.paliers_par_lieu() for tenu in tenus.values())
    demandes = _demandes(_perimetre(articles), par_lieu=par_lieu) if comptes else {}
    voulues = ventes_des_lots([lot]) if comptes else None
    ventes = db.session.execute(voulues).all() if voulues is not None else ()
    effets = []
    for campagne, combien in comptes:
        titulaire = tenus[campagne.id].retenus[lot.id]
        if titulaire is not None:  # nobody is left: no bon leaves
            avant, apres = _montants(prix[titulaire], demandes[campagne.id], _deja(tenus[campagne.id], ventes))
            effets.append(Effet(campagne, combien, avant, apres))
    return effets


def _change(revise: PrixRevise) -> bool:
    """Whether there is a price now, and another then."""
    return revise.change and bool(revise.actuels)


def _deja(tenus: LotsTenus, ventes: Sequence[Any]) -> Mapping[int, int]:
    """What was sold before the campagne that counts for the tiers of the lot, by article id."""
    avant = [vente for vente in ventes if vente.campagne_id != tenus.campagne.id]
    (deja,) = compter_les_ventes(avant, tenus.campagne, tenus.lots, tenus.retenus).values()
    return deja


def _montants(prix: Revises, demandes: Sequence[_SurUnBon], deja: Mapping[int, int]) -> tuple[Decimal, Decimal]:
    """What is asked costs before the revision, and after (€ HT); only articles of which the price changes."""
    avant = apres = ZERO
    for demande in demandes:
        revise = prix.get(demande.article_id)
        if revise is not None and _change(revise):
            avant += _montant(demande, revise.actuels, deja.get(demande.article_id, 0))
            apres += _montant(demande, revise.nouveaux, deja.get(demande.article_id, 0))
    return avant, apres


def _montant(demande: _SurUnBon, paliers: Sequence[Palier], deja: int) -> Decimal:
    """What the pieces asked cost (€ HT), at the tier their whole packs reach."""
    achetees = colis_necessaires(demande.unites, demande.unites_par_colis) * demande.unites_par_colis
    prix = palier_applicable(paliers, achetees + deja).prix_unitaire_ht
    return demande.bons * montant_ligne(demande.unites, prix)


def _perimetre(articles: Collection[int]) -> ColumnElement[bool]:
    """Lines of these articles, in orders of campagnes under way that still hold."""
    return (
        (LigneCommande.commande_id == Commande.id)
        & (Commande.etat != EtatCommande.ANNULEE)
        & ~Commande.urgente  # what the depot serves has its own cost
        & LigneCommande.article_id.in_(list(articles))
        & Commande.campagne_id.in_(select(Campagne.id).where(Campagne.etat.in_(EN_COURS)))
    )


def _demandes(perimetre: ColumnElement[bool], *, par_lieu: bool) -> dict[int, list[_SurUnBon]]:
    """What is asked, by campagne id. One statement.

    `par_lieu`: each delivery place reaches its tiers alone; bons that ask for as many pieces are read together.
    """
    article = (LigneCommande.article_id, Article.unites_par_colis)
    lignes = select(Commande.campagne_id, *article).join(Article, Article.id == LigneCommande.article_id)
    lignes = lignes.where(perimetre)
    if par_lieu:
        livrees = LigneCommande.unites - unites_au_depot()
        lues: Any = union_all(
            lignes.add_columns(livrees, func.count())
            .where(livrees > 0)
            .group_by(Commande.campagne_id, *article, livrees),
            lignes.add_columns(func.sum(unites_au_depot()), literal(1)).group_by(Commande.campagne_id, *article),
        )
    else:
        sommes = lignes.add_columns(func.sum(LigneCommande.unites), literal(1))
        lues = sommes.group_by(Commande.campagne_id, *article)
    demandes: dict[int, list[_SurUnBon]] = defaultdict(list)
    for campagne_id, article_id, par_colis, unites, bons in db.session.execute(lues):
        demandes[campagne_id].append(_SurUnBon(article_id, par_colis, int(unites), bons))
    return demandes


def _comptes(perimetre: ColumnElement[bool]) -> Select[Campagne, int]:
    """(campagne, how many orders), the first to open first."""
    return (
        select(Campagne, func.count(func.distinct(Commande.id)))
        .join(Commande, Commande.campagne_id == Campagne.id)
        .join(LigneCommande, LigneCommande.commande_id == Commande.id)
        .where(perimetre)
        .group_by(Campagne.id)
        .order_by(Campagne.du, Campagne.id)
    )
