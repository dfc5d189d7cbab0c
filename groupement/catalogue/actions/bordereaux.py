"""Loading a BPU: compared first, saved after, by sets: as many statements for a thousand lines as for one.

A price is never edited: what changes is written again, from its own day on.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update

from groupement.catalogue import queries
from groupement.catalogue.actions.prix import ecrire_les_prix
from groupement.catalogue.models import Article, Lot, Marche
from groupement.catalogue.rules import comparaison as comparaisons
from groupement.catalogue.rules.bordereau import LectureBordereau, LigneBordereau
from groupement.catalogue.rules.comparaison import Comparaison, comparer, valeurs_article
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


@dataclass(frozen=True, slots=True)
class BilanImport:
    """How many articles were added, a_prix_nouveau, described anew, taken off and left as they were."""

    nouveaux: int
    prix: int
    textes: int
    retires: int
    inchanges: int


def comparer_bordereau(marche: Marche, lecture: LectureBordereau, du: date) -> Comparaison:
    """What saving this BPU from `du` on would change; nothing is written."""
    return comparer(queries.articles_connus(marche, du), lecture.lignes, du)


def importer_bordereau(
    marche: Marche,
    lecture: LectureBordereau,
    *,
    du: date,
    par: Auteur,
    le: datetime,
    retirer_les_absents: bool = False,
    renommer: Collection[int] = (),
    source: str = "",
) -> BilanImport:
    """Save a BPU: new articles, changed prices from `du` on, changed texts, and absent articles taken off if asked.

    `renommer`: the articles that only take the new reference their line gives them. All or nothing. The caller has
    locked the marché, and commits. Raises RegleRefusee for any fault, for a day outside the marché, or for a price
    already saved on that day or later.
    """
    if lecture.fautes:
        raise RegleRefusee(f"Ce bordereau a des fautes. {lecture.fautes[0].phrase()}")
    if not marche.du <= du <= marche.au:
        raise RegleRefusee(f"La date d’effet est entre le {marche.du:%d/%m/%Y} et le {marche.au:%d/%m/%Y}.")
    comparaison = comparaisons.renommer(comparer_bordereau(marche, lecture, du), renommer)
    if comparaison.refus:
        raise RegleRefusee(comparaison.refus[0].phrase())
    _ecrire_les_articles(marche, comparaison.nouveaux)
    _corriger_les_articles({change.article.id: change.ligne for change in comparaison.textes})
    retires = comparaison.disparus if retirer_les_absents else ()
    _retirer([article.id for article in retires])
    a_prix_nouveau = (*comparaison.nouveaux, *(change.ligne for change in comparaison.prix))
    _ecrire_les_prix(marche, a_prix_nouveau, du, source)
    bilan = BilanImport(
        nouveaux=len(comparaison.nouveaux),
        prix=len(comparaison.prix),
        textes=len(comparaison.textes),
        retires=len(retires),
        inchanges=len(comparaison.inchanges),
    )
    details = {"du": du.isoformat(), "source": source, **asdict(bilan)}
    noter("marche", marche.id, "importer le bordereau", par=par, le=le, resume=marche.numero, details=details)
    _oublier_les_articles_lus()
    return bilan


def _oublier_les_articles_lus() -> None:
    """Articles already read in this session are read again: the writings above went past them."""
    for objet in list(db.session.identity_map.values()):
        if isinstance(objet, Article):
            db.session.expire(objet)


def _ecrire_les_articles(marche: Marche, lignes: Iterable[LigneBordereau]) -> None:
    """The articles nobody knew. One question, one writing."""
    lots = {
        numero: lot_id
        for numero, lot_id in db.session.execute(select(Lot.numero, Lot.id).where(Lot.marche_id == marche.id))
    }
    rangees = [
        {"lot_id": lots[ligne.lot], "reference": ligne.reference, "fractionnable": False, "actif": True}
        | valeurs_article(ligne)
        for ligne in lignes
    ]
    if rangees:
        db.session.execute(insert(Article), rangees)


def _corriger_les_articles(lignes: dict[int, LigneBordereau]) -> None:
    """New descriptions; an article that had been taken off comes back. One writing."""
    rangees = [
        {"id": article_id, "reference": ligne.reference, "actif": True} | valeurs_article(ligne)
        for article_id, ligne in lignes.items()
    ]
    if rangees:
        db.session.execute(update(Article), rangees)


def _retirer(article_ids: list[int]) -> None:
    """Articles the buyer agreed to sell no longer. One writing."""
    if article_ids:
        db.session.execute(update(Article), [{"id": article_id, "actif": False} for article_id in article_ids])


def _ecrire_les_prix(marche: Marche, lignes: tuple[LigneBordereau, ...], du: date, source: str) -> None:
    """New prices from `du` on. Two questions, two writings."""
    du_marche = select(Article.id, Lot.numero, Article.reference).join(Article.lot).where(Lot.marche_id == marche.id)
    ids = {(numero, reference): article_id for article_id, numero, reference in db.session.execute(du_marche)}
    ecrire_les_prix(marche.id, {ids[ligne.lot, ligne.reference]: ligne.paliers for ligne in lignes}, du, source)
