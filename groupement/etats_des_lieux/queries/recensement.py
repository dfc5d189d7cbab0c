"""What a recensement rests on: the needs of finished audits, the estimates of the bodies nobody visited. By sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import contains_eager

from groupement.adherents.models import Intention
from groupement.adherents.queries.enquetes import compte
from groupement.adherents.states import EtatIntention
from groupement.catalogue.models import Article, Lot, Marche
from groupement.catalogue.queries import prix_a_la_date
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux
from groupement.etats_des_lieux.queries.etats_des_lieux import MONTRES_A_LA_COLLECTIVITE
from groupement.etats_des_lieux.rules.recensement import (
    ArticleRecense,
    Declaration,
    Hypotheses,
    LigneRecensee,
    Plafond,
    estimees_par_article,
    plafond_suggere,
    recenser,
)
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class Sources:
    """Who is counted and how: bodies measured, bodies that only estimate, bodies that did both (measured wins)."""

    visitees: int
    declarees: int
    les_deux: int
    a_rattacher: int


def derniers_etats() -> Select[int]:
    """The number of the latest finished audit of each body."""
    rang = func.row_number().over(
        partition_by=EtatDesLieux.collectivite_id, order_by=(EtatDesLieux.visite_le.desc(), EtatDesLieux.id.desc())
    )
    finis = (
        select(EtatDesLieux.id, rang.label("rang")).where(EtatDesLieux.etat.in_(MONTRES_A_LA_COLLECTIVITE)).subquery()
    )
    return select(finis.c.id).where(finis.c.rang == 1)


def besoins_mesures(marche_id: int) -> dict[int, tuple[int, int]]:
    """Article of the marché → (pieces needed, audits that ask for it). One statement."""
    lignes = db.session.execute(
        select(Besoin.article_id, func.sum(Besoin.unites_necessaires), func.count())
        .join(Article, Article.id == Besoin.article_id)
        .join(Lot, Lot.id == Article.lot_id)
        .where(Besoin.etat_des_lieux_id.in_(derniers_etats()), Lot.marche_id == marche_id)
        .group_by(Besoin.article_id)
    )
    return {article: (int(unites), etats) for article, unites, etats in lignes}


def _visitees() -> Select[int]:
    """The bodies a finished audit measured."""
    return select(EtatDesLieux.collectivite_id).where(EtatDesLieux.etat.in_(MONTRES_A_LA_COLLECTIVITE))


def estimations(enquete_id: int) -> Declaration:
    """What the bodies estimate that want the groupement and that no finished audit measured. One statement."""
    i = Intention
    sans_boites = i.boites.is_(None)
    ligne = db.session.execute(
        select(
            func.coalesce(func.sum(i.boites), 0),
            func.count(i.boites),
            func.coalesce(func.sum(case((sans_boites, i.archives_mm))), 0),
            func.count(case((sans_boites, i.archives_mm))),
            func.coalesce(func.sum(i.rayonnages_mm), 0),
            func.count(i.rayonnages_mm),
            func.coalesce(func.sum(i.reliures), 0),
            func.count(i.reliures),
        ).where(_voulue(enquete_id), i.collectivite_id.not_in(_visitees()))
    ).one()
    return Declaration(*(int(valeur) for valeur in ligne))


def _voulue(enquete_id: int) -> ColumnElement[bool]:
    """An attached answer that counts and wants the groupement."""
    i = Intention
    return and_(i.enquete_id == enquete_id, compte(), i.collectivite_id.is_not(None), i.veut_groupement)


def sources(enquete_id: int) -> Sources:
    """How many bodies are counted, and by which figure. One statement."""
    voulue, i = _voulue(enquete_id), Intention
    mesuree = i.collectivite_id.in_(_visitees())
    en_attente = (i.enquete_id == enquete_id) & i.complete & i.veut_groupement & (i.etat == EtatIntention.RECUE)
    mesurees = select(func.count(func.distinct(EtatDesLieux.collectivite_id))).where(
        EtatDesLieux.etat.in_(MONTRES_A_LA_COLLECTIVITE)
    )
    ligne = db.session.execute(
        select(
            mesurees.scalar_subquery(),
            *(func.count(case((condition, 1))) for condition in (voulue & ~mesuree, voulue & mesuree, en_attente)),
        ).where(i.enquete_id == enquete_id)
    ).one()
    return Sources(*ligne)


# The families each estimate may be bought in.
FAMILLES = {
    "boite": ("boite",),
    "rayonnage": ("suivant", "depart", "suivant_double", "depart_double"),
    "reliure": ("reliure", "reliure_ec"),
}


@dataclass(frozen=True, slots=True)
class Recensement:
    """What a tender must foresee over so many years: lines and ceiling by lot, and who they rest on."""

    marche: Marche
    annees: int
    sources: Sources
    lots: Sequence[tuple[Lot, Sequence[LigneRecensee], Plafond]]

    @property
    def lignes(self) -> list[tuple[Lot, LigneRecensee]]:
        """All the lines with their lot, for a file."""
        return [(lot, ligne) for lot, lignes, _ in self.lots for ligne in lignes]


@dataclass(frozen=True, slots=True)
class Base:
    """What is read once for a page: the marché, its articles, the needs measured."""

    marche: Marche
    articles: Sequence[tuple[Article, ArticleRecense]]
    mesures: dict[int, tuple[int, int]]

    def choix(self, genre: str) -> list[tuple[int, str]]:
        """(number, name) of the articles one kind of estimate may be bought in, the most measured first."""
        possibles = [
            (article, recense)
            for article, recense in self.articles
            if article.famille in FAMILLES[genre] and (genre != "rayonnage" or article.capacite_mm)
        ]
        possibles.sort(key=lambda paire: -self.mesures.get(paire[0].id, (0, 0))[0])
        return [(article.id, f"{article.reference}, {article.designation}") for article, _ in possibles]


def base(marche: Marche, le: date) -> Base:
    """What a recensement on that marché starts from. Three statements."""
    return Base(marche, articles_du_marche(marche, le), besoins_mesures(marche.id))


def recensement(enquete_id: int, de: Base, choisis: Mapping[str, int], hypotheses: Hypotheses) -> Recensement:
    """Quantities and ceilings. `choisis`: boite, rayonnage, reliure → the article bought for it. Two statements."""
    declaration = estimations(enquete_id)
    articles = {recense.id: recense for _, recense in de.articles}
    estimees = estimees_par_article(declaration, articles, choisis, hypotheses)
    lignes: dict[int, list[LigneRecensee]] = {}
    for article, recense in de.articles:
        mesurees, visitees = de.mesures.get(article.id, (0, 0))
        unites, phrases = estimees.get(article.id, (0, ()))
        if mesurees or unites:
            ligne = recenser(recense, mesurees, visitees, unites, phrases, hypotheses)
            lignes.setdefault(article.lot_id, []).append(ligne)
    lots = {article.lot_id: article.lot for article, _ in de.articles}
    return Recensement(
        de.marche,
        hypotheses.annees,
        sources(enquete_id),
        [
            (lot, lignes[numero], plafond_suggere(lot.numero, lignes[numero], hypotheses))
            for numero, lot in lots.items()
            if numero in lignes
        ],
    )


def articles_du_marche(marche: Marche, le: date) -> Sequence[tuple[Article, ArticleRecense]]:
    """The articles of a marché, by lot, with the price without discount of the day. Two statements."""
    articles = db.session.scalars(
        select(Article)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Lot.marche_id == marche.id, Article.actif)
        .order_by(Lot.numero, Article.reference)
    ).all()
    prix = prix_a_la_date(marche, le)
    return [
        (
            a,
            ArticleRecense(
                id=a.id,
                reference=a.reference,
                designation=a.designation,
                unite=a.unite,
                unites_par_colis=a.unites_par_colis,
                lot=a.lot.numero,
                prix_ht=prix[a.id][0].prix_unitaire_ht if a.id in prix else None,
                capacite_mm=a.capacite_mm,
            ),
        )
        for a in articles
    ]
