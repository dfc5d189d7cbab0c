"""The catalogue in memory: read once, kept by this process until an article or a price changes.

Each request reads the mark of the catalogue (one statement), which the database changes itself with every write of an
article, a price or a titulaire; a copy under another mark is never shown.
docs/decisions/0015-recherche-en-memoire.md says why.
"""

from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, String, cast, func, literal, select

from groupement.catalogue.models import Article, Lot, MarqueDuCatalogue, PalierPrix
from groupement.catalogue.queries.prix import bordereaux_en_vigueur, liste_en_vigueur
from groupement.catalogue.rules.fiches import FicheArticle
from groupement.catalogue.rules.repertoire import Repertoire
from groupement.socle.db import db

MARCHES_GARDES = 4  # the present marché, the one before, the one to come
Cle = tuple[int, date]
_GARDES: WeakKeyDictionary[Engine, OrderedDict[Cle, tuple[str, Repertoire]]] = WeakKeyDictionary()
_VERROU = Lock()
COLONNES = (
    *(Article.id, Article.lot_id, Lot.numero, Article.reference, Article.designation, Article.recherche),
    *(Article.famille, Article.norme, Article.unites_par_colis, Article.fractionnable, Article.dimensions),
    *(Article.dos_mm, Article.profondeur_mm, Article.hauteur_mm, Article.poids_g, Article.capacite_mm),
    *(Article.charge_kg_par_tablette, Article.nb_tablettes),
)


def repertoire(marche_id: int, le: date) -> Repertoire:
    """The articles still sold of a marché at the prices of a day. One statement, two when they have changed.

    The mark is read first: should somebody write meanwhile, what is read is newer than its mark, never older.
    """
    marque = _marque()
    gardes = _GARDES.setdefault(db.engine, OrderedDict())
    connu = gardes.get((marche_id, le))
    if connu is not None and marque and connu[0] == marque:
        return connu[1]
    lu = Repertoire([FicheArticle(*ligne) for ligne in db.session.execute(_fiches(marche_id, le))])
    if marque:
        _garder(gardes, (marche_id, le), (marque, lu))
    return lu


def _garder(gardes: OrderedDict[Cle, tuple[str, Repertoire]], cle: Cle, lu: tuple[str, Repertoire]) -> None:
    """Keep this reading, and no more than a few."""
    with _VERROU:
        gardes[cle] = lu
        gardes.move_to_end(cle)
        while len(gardes) > MARCHES_GARDES:
            gardes.popitem(last=False)


def _marque() -> str:
    """The mark of the catalogue; empty when nothing may be kept: none yet, or this very transaction is writing it."""
    ligne = db.session.execute(select(MarqueDuCatalogue.valeur, _en_cours())).one_or_none()
    if ligne is None or (ligne[1] and ligne[0].startswith(f"{ligne[1]}-")):
        return ""
    return str(ligne[0])


def _en_cours() -> ColumnElement[str]:
    """The number of the present transaction where marks hold one (PostgreSQL: one mark a transaction)."""
    if db.engine.dialect.name == "postgresql":
        return cast(func.pg_current_xact_id_if_assigned(), String)
    return literal("")


def _fiches(marche_id: int, le: date) -> Select[*tuple[Any, ...]]:
    """The columns of FicheArticle, in their order."""
    en_vigueur = bordereaux_en_vigueur(le)
    liste = liste_en_vigueur(en_vigueur.c.bordereau, le)
    base = select(func.max(PalierPrix.prix_unitaire_ht)).where(PalierPrix.prix_article_id == liste)
    return (
        select(*COLONNES, base.correlate_except(PalierPrix).scalar_subquery())
        .join(Lot, Lot.id == Article.lot_id)
        .outerjoin(en_vigueur, en_vigueur.c.lot_id == Article.lot_id)
        .where(Lot.marche_id == marche_id, Article.actif)
        .order_by(Lot.numero, Article.id)
    )
