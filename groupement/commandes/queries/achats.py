"""What the catalogue must know to offer « Ajouter au panier »: three statements, however many articles are shown."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

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


@dataclass(frozen=True, slots=True)
class Achat:
    """What a body may buy now: articles by id, its order of each window, the units it has of each article."""

    articles: dict[int, ArticlePropose] = field(default_factory=dict)
    commandes: dict[int, tuple[int, EtatCommande]] = field(default_factory=dict)  # (id, state) by campagne id
    unites: dict[int, int] = field(default_factory=dict)


def achat_possible(collectivite_id: int, le: date) -> Achat:
    """The articles of the open windows and what the body has of them already."""
    ouvertes = {f.campagne.marche_id: f for f in reversed(fenetres(collectivite_id, le))}
    if not ouvertes:
        return Achat()
    articles = db.session.execute(
        select(Article.id, Article.designation, Article.unites_par_colis, Article.fractionnable, Lot.marche_id)
        .join(Lot, Lot.id == Article.lot_id)
        .where(Lot.marche_id.in_(ouvertes), Article.actif)
    )
    lignes = db.session.execute(
        select(Commande.campagne_id, Commande.id, Commande.etat, LigneCommande.article_id, LigneCommande.unites)
        .outerjoin(LigneCommande, LigneCommande.commande_id == Commande.id)
        .where(
            Commande.collectivite_id == collectivite_id,
            Commande.campagne_id.in_([f.campagne.id for f in ouvertes.values()]),
            Commande.etat != EtatCommande.ANNULEE,
        )
    ).all()
    return Achat(
        articles={
            numero: ArticlePropose(numero, designation, colis, fractionnable, ouvertes[marche])
            for numero, designation, colis, fractionnable, marche in articles
        },
        commandes={campagne: (numero, etat) for campagne, numero, etat, _, _ in lignes},
        unites={article: unites for *_, article, unites in lignes if article is not None},
    )
