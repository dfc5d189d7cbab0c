"""Articles: who may see which, and how they are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, Subquery, func, select, true
from sqlalchemy.orm import aliased, contains_eager

from groupement.adherents.acces import Contexte
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.catalogue.models import AccesFournisseur, Article, Lot, PalierPrix, PrixArticle, Titulaire
from groupement.catalogue.rules.normes import codes_de_norme
from groupement.catalogue.rules.recherche import mots_cherches
from groupement.socle.db import db

TRIS = ("bordereau", "nom", "prix", "-prix")


@dataclass(frozen=True, slots=True)
class Filtres:
    """What narrows the catalogue; None or empty: everything. `dos_mm` is the width of a box, in mm."""

    lot: int | None = None
    famille: str = ""
    norme: str = ""
    dos_mm: int | None = None
    tri: str = "bordereau"


@dataclass(frozen=True, slots=True)
class Facettes:
    """The values filters may take in a marché, so that no filter can lead nowhere."""

    familles: tuple[str, ...]
    normes: tuple[str, ...]
    dos_mm: tuple[int, ...]


def perimetre(contexte: Contexte) -> ColumnElement[bool]:
    """The articles somebody may look at: a supplier those of its own lots (prices are its own), the others all."""
    if contexte.est_cdg or contexte.a_role(*ROLES_COLLECTIVITE, Role.CONTROLE):
        return true()
    siens = (
        select(Titulaire.lot_id)
        .join(AccesFournisseur, AccesFournisseur.fournisseur_id == Titulaire.fournisseur_id)
        .where(AccesFournisseur.utilisateur_id == contexte.utilisateur_id)
    )
    return Article.lot_id.in_(siens)


def articles_visibles(contexte: Contexte, marche_id: int) -> Select[Article]:
    """The articles of a marché that are still sold and that this person may see, lot included; no order yet."""
    return (
        select(Article)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Lot.marche_id == marche_id, Article.actif, perimetre(contexte))
    )


def article_visible(article_id: int, contexte: Contexte, *, verrou: bool = False) -> Article:
    """The article, if this person may see it; 404 otherwise. One taken off the catalogue stays readable."""
    voulu = (
        select(Article)
        .join(Article.lot)
        .join(Lot.marche)
        .options(contains_eager(Article.lot).contains_eager(Lot.marche))
        .where(Article.id == article_id, perimetre(contexte))
    )
    return db.one_or_404(voulu.with_for_update(of=Article) if verrou else voulu)


def recherche_articles(
    termes: str, filtres: Filtres, *, marche_id: int, le: date, contexte: Contexte
) -> Select[Article]:
    """The articles of a marché that hold every word of `termes` and pass the filters, in the order asked.

    A word is found anywhere, accents and plurals aside; a number only as a whole. Prices are those of the day.
    """
    voulus = articles_visibles(contexte, marche_id)
    for mot in mots_cherches(termes):
        voulus = voulus.where(Article.recherche.contains(mot, autoescape=True))
    if filtres.lot is not None:
        voulus = voulus.where(Lot.numero == filtres.lot)
    if filtres.famille:
        voulus = voulus.where(Article.famille == filtres.famille)
    if filtres.norme:
        voulus = voulus.where(Article.norme.contains(filtres.norme, autoescape=True))
    if filtres.dos_mm is not None:
        voulus = voulus.where(Article.dos_mm == filtres.dos_mm)
    return _ordonner(voulus, filtres.tri, le)


def _ordonner(voulus: Select[Article], tri: str, le: date) -> Select[Article]:
    """As in the BPU, by name or by base price; always ending on a unique column, so that pages never overlap."""
    if tri == "nom":
        return voulus.order_by(Article.designation, Article.id)
    if tri not in ("prix", "-prix"):
        return voulus.order_by(Lot.numero, Article.id)
    base = _prix_de_base(le)
    ordre = base.c.prix.desc() if tri == "-prix" else base.c.prix.asc()
    return voulus.outerjoin(base, base.c.article_id == Article.id).order_by(
        ordre.nulls_last(), Article.designation, Article.id
    )


def _prix_de_base(le: date) -> Subquery:
    """(article, dearest tier): the base price of the day, tiers being cheaper and cheaper."""
    autre = aliased(PrixArticle)
    dernier = (
        select(func.max(autre.du)).where(autre.article_id == PrixArticle.article_id, autre.du <= le).scalar_subquery()
    )
    return (
        select(PrixArticle.article_id, func.max(PalierPrix.prix_unitaire_ht).label("prix"))
        .join(PalierPrix, PalierPrix.prix_article_id == PrixArticle.id)
        .where(PrixArticle.du == dernier)
        .group_by(PrixArticle.article_id)
        .subquery()
    )


def facettes(contexte: Contexte, marche_id: int) -> Facettes:
    """What the filters of a marché can be. One statement."""
    lignes = db.session.execute(
        select(Article.famille, Article.norme, Article.dos_mm)
        .join(Article.lot)
        .where(Lot.marche_id == marche_id, Article.actif, perimetre(contexte))
        .distinct()
    ).all()
    return Facettes(
        familles=tuple(sorted({ligne.famille for ligne in lignes})),
        normes=tuple(sorted({code for ligne in lignes for code in codes_de_norme(ligne.norme)})),
        dos_mm=tuple(sorted({ligne.dos_mm for ligne in lignes if ligne.dos_mm is not None})),
    )


def articles_par_reference(marche_id: int, references: Sequence[str]) -> dict[str, Article]:
    """The articles of a marché still sold, by reference, lot included. One statement for any number of references.

    A reference is unique in its lot; should two lots share one, the lot of the lowest number wins.
    """
    trouves = db.session.scalars(
        select(Article)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Lot.marche_id == marche_id, Article.actif, Article.reference.in_(references))
        .order_by(Lot.numero.desc())
    )
    return {article.reference: article for article in trouves}
