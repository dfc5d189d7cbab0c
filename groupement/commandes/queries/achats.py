"""What the catalogue must know to offer « Ajouter au panier »: three statements, however many articles are shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.paniers import Fenetre, ouvertures
from groupement.commandes.states import EtatCommande, ModeDeRemise, NatureCampagne
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
    ouvertures: Sequence[Fenetre] = ()  # the windows it was read from, and the campagnes of urgent orders
    au_depot: set[int] = field(default_factory=set)  # the campagnes whose order is fetched at the depot


def achat_possible(collectivite_id: int, le: date, parmi: Collection[int] | None = None) -> Achat:
    """The articles of the open windows (only those of `parmi`, if given) and what the body has of them already."""
    ouvertes: dict[int, list[Fenetre]] = defaultdict(list)
    toutes = ouvertures(collectivite_id, le)
    for trouvee in toutes:
        if trouvee.campagne.nature is NatureCampagne.FENETRE:
            ouvertes[trouvee.campagne.marche_id].append(trouvee)
    if not ouvertes:
        return Achat(ouvertures=toutes)
    vendus = _articles() if parmi is None else _articles().where(Article.id.in_(parmi))
    articles = db.session.execute(vendus, {"marches": list(ouvertes)})
    campagnes = [f.campagne.id for du_marche in ouvertes.values() for f in du_marche]
    lignes = db.session.execute(_lignes(), {"collectivite_id": collectivite_id, "campagnes": campagnes}).all()
    proposes = {
        numero: ArticlePropose(numero, designation, colis, fractionnable, *_ou_l_acheter(ouvertes[marche], *lot))
        for numero, designation, colis, fractionnable, marche, *lot in articles
    }
    return Achat(
        articles=proposes,
        commandes={campagne: (numero, etat) for campagne, numero, etat, *_ in lignes},
        au_depot={campagne for campagne, *_, mode in lignes if mode is ModeDeRemise.DEPOT},
        unites=_unites(lignes, proposes),
        ouvertures=toutes,
    )


def _unites(lignes: Iterable[Any], proposes: Mapping[int, ArticlePropose]) -> dict[int, int]:
    """What the body has of each article, in the window that proposes it."""
    unites: dict[int, int] = {}
    for campagne_id, _, _, article_id, combien, _ in lignes:
        propose = proposes.get(article_id)
        if article_id is not None and (propose is None or propose.fenetre.campagne.id == campagne_id):
            unites[article_id] = combien
    return unites


def _ou_l_acheter(ouvertes: Sequence[Fenetre], numero: int, intitule: str) -> tuple[Fenetre, str | None]:
    """The first window of a marché where the body may order of this lot; else the first, with the reason."""
    motifs = [(fenetre, fenetre.motif_du_lot(numero, intitule)) for fenetre in ouvertes]
    possibles = ((fenetre, None) for fenetre, motif in motifs if fenetre.est_ouverte and motif is None)
    return next(possibles, motifs[0])


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
        .add_columns(Commande.mode)
        .outerjoin(LigneCommande, LigneCommande.commande_id == Commande.id)
        .where(
            Commande.collectivite_id == bindparam("collectivite_id"),
            Commande.campagne_id.in_(bindparam("campagnes", expanding=True)),
            Commande.etat != EtatCommande.ANNULEE,
        )
    )
