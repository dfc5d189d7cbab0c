"""What the catalogue must know to offer « Ajouter au panier »: three statements, however many articles are shown."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.paniers import Fenetre, fenetres
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class ArticlePropose:
    """An article that an open window sells."""

    id: int
    designation: str
    unites_par_colis: int
    fractionnable: bool
    fenetre: Fenetre
    hors_lot: str | None = None  # why the body may not order of its lot


@dataclass(frozen=True, slots=True)
class Achat:
    """What a body may buy now: articles by id, its order of each window, the units it has of each article."""

    articles: dict[int, ArticlePropose] = field(default_factory=dict)
    commandes: dict[int, tuple[int, EtatCommande]] = field(default_factory=dict)  # (id, state) by campagne id
    unites: dict[int, int] = field(default_factory=dict)


def achat_possible(collectivite_id: int, le: date, parmi: Collection[int] | None = None) -> Achat:
    """The articles of the open windows (only those of `parmi`, if given) and what the body has of them already."""
    ouvertes = {f.campagne.marche_id: f for f in reversed(fenetres(collectivite_id, le))}
    if not ouvertes:
        return Achat()
    vendus = _articles() if parmi is None else _articles().where(Article.id.in_(parmi))
    articles = db.session.execute(vendus, {"marches": list(ouvertes)})
    campagnes = [f.campagne.id for f in ouvertes.values()]
    lignes = db.session.execute(_lignes(), {"collectivite_id": collectivite_id, "campagnes": campagnes}).all()
    return Achat(
        articles={
            numero: ArticlePropose(
                *(numero, designation, colis, fractionnable), ouvertes[marche], ouvertes[marche].motif_du_lot(*lot)
            )
            for numero, designation, colis, fractionnable, marche, *lot in articles
        },
        commandes={campagne: (numero, etat) for campagne, numero, etat, _, _ in lignes},
        unites={article: unites for *_, article, unites in lignes if article is not None},
    )


@cache
def _articles() -> Select[*tuple[Any, ...]]:
    """The articles sold on the `marches` it waits for; built once."""
    return (
        select(Article.id, Article.designation, Article.unites_par_colis, Article.fractionnable, Lot.marche_id)
        .add_columns(Lot.numero, Lot.intitule)
        .join(Lot, Lot.id == Article.lot_id)
        .where(Lot.marche_id.in_(bindparam("marches", expanding=True)), Article.actif)
    )


@cache
def _lignes() -> Select[*tuple[Any, ...]]:
    """The orders of a body and their lines, built once: it waits for its `collectivite_id` and the `campagnes`."""
    return (
        select(Commande.campagne_id, Commande.id, Commande.etat, LigneCommande.article_id, LigneCommande.unites)
        .outerjoin(LigneCommande, LigneCommande.commande_id == Commande.id)
        .where(
            Commande.collectivite_id == bindparam("collectivite_id"),
            Commande.campagne_id.in_(bindparam("campagnes", expanding=True)),
            Commande.etat != EtatCommande.ANNULEE,
        )
    )
