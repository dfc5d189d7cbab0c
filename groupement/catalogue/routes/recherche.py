"""Reading a search of the catalogue from the address, and gathering what its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import g
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Row
from werkzeug.datastructures import MultiDict

from groupement.adherents.acces import Contexte
from groupement.catalogue import queries
from groupement.catalogue.models import Article, Lot, Marche
from groupement.catalogue.routes.affinage import Affinage, entier_lu, lire_affinage
from groupement.catalogue.rules.fiches import TRIS, Facettes
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.repertoire import Mots, Repertoire, tri_par_defaut

PAR_PAGE = 24
TERMES_MAX = 200  # characters of a search


class PageDIds(Pagination):
    """A page of a list of ids already in order; no statement."""

    def _query_items(self) -> list[int]:
        ids: list[int] = self._query_args["ids"]
        return ids[self._query_offset : self._query_offset + self.per_page]

    def _query_count(self) -> int:
        return len(self._query_args["ids"])


@dataclass(frozen=True, slots=True)
class Resultat:
    """What a search finds: every article in order, and what it took to find them."""

    marche: Marche
    marches: Sequence[Marche]
    repertoire: Repertoire
    termes: str
    tri: str
    mots: Mots
    affinage: Affinage
    facettes: Facettes
    ids: list[int]
    favoris: frozenset[int]
    par_mot: list[tuple[str, int]]

    @property
    def lots(self) -> Sequence[Lot]:
        """The lots of the marché."""
        return self.marche.lots

    @property
    def est_filtree(self) -> bool:
        """Something narrows the list."""
        return bool(self.termes or self.affinage.est_pose)


@dataclass(frozen=True, slots=True)
class PageCatalogue:
    """What the page shows: what was found, the articles of this page, their prices."""

    trouve: Resultat
    articles: PageDIds
    lignes: Sequence[Row[Article, int, str]]
    prix: Mapping[int, tuple[Palier, ...]]


def page_demandee(args: MultiDict[str, str], contexte: Contexte, le: date) -> PageCatalogue | None:
    """The page of the catalogue the address asks for; None when no marché runs that this person may look at."""
    trouve = chercher(args, contexte, le)
    if trouve is None:
        return None
    pages = max(1, -(-len(trouve.ids) // PAR_PAGE))
    numero = min(entier_lu(args.get("page", "")) or 1, pages)
    articles = PageDIds(page=numero, per_page=PAR_PAGE, error_out=False, ids=trouve.ids)
    g.articles_montres = frozenset(articles.items)  # the blocks of the packages above look no further
    lignes = queries.articles_illustres(articles.items) if articles.items else []
    prix = queries.prix_a_la_date(articles.items, le, queries.bordereaux_vus(contexte))
    return PageCatalogue(trouve, articles, lignes, prix)


def chercher(args: MultiDict[str, str], contexte: Contexte, le: date) -> Resultat | None:
    """Everything the address asks for, in order; None when no marché runs that this person may look at."""
    marches = queries.marches_en_cours(le)
    marche = _marche_demande(args, marches, contexte)
    if marche is None:
        return None
    repertoire = queries.repertoire(marche.id, le)
    favoris = queries.favoris_de(contexte.utilisateur_id)
    visibles = repertoire.masque_des_lots(queries.lots_vus(contexte))
    termes = args.get("q", "").strip()[:TERMES_MAX]
    tri = args["tri"] if args.get("tri", "") in TRIS else tri_par_defaut(termes)
    affinage = lire_affinage(args, repertoire)
    mots = repertoire.lire(termes, visibles)
    trouves, facettes = repertoire.filtrer(mots, affinage.filtres, favoris)
    return Resultat(
        *(marche, marches, repertoire, termes, tri, mots, affinage, facettes),
        ids=repertoire.classer(trouves, tri, mots),
        favoris=favoris,
        par_mot=repertoire.par_mot(termes, visibles) if not trouves else [],
    )


def _marche_demande(args: MultiDict[str, str], marches: Sequence[Marche], contexte: Contexte) -> Marche | None:
    """The marché of the address among those that run (any one for the Centre de gestion), else the latest."""
    voulu = entier_lu(args.get("marche", ""))
    courant = next((marche for marche in marches if marche.id == voulu), None)
    if courant is None and voulu is not None and contexte.est_cdg:
        return queries.marche_visible(voulu, contexte)
    return courant or next(iter(marches), None)


def quantite_demandee(args: MultiDict[str, str]) -> int | None:
    """The number of pieces typed on the page of an article; None for none, or for what is not one."""
    return entier_lu("".join(args.get("unites", "").split())) or None
