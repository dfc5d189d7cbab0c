"""Loading a BPU: compared first, saved after, by sets: as many statements for a thousand lines as for one.

A price is never edited: what changes is written again, from its own day on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update

from groupement.catalogue import queries
from groupement.catalogue.actions.prix import ecrire_les_prix
from groupement.catalogue.models import Article, Fournisseur, Lot, Marche
from groupement.catalogue.rules import comparaison as comparaisons
from groupement.catalogue.rules.bordereau import LectureBordereau, LigneBordereau
from groupement.catalogue.rules.bordereau_de_rang import comparer_les_prix
from groupement.catalogue.rules.comparaison import Comparaison, comparer, valeurs_article
from groupement.catalogue.rules.prix import Palier
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


def comparer_bordereau(
    marche: Marche, lecture: LectureBordereau, du: date, fournisseur_id: int | None = None
) -> Comparaison:
    """What saving this BPU from `du` on would change; nothing is written.

    `fournisseur_id`: the titulaire of another rank whose own prices they are; none for the first of each lot.
    Raises RegleRefusee when it is none.
    """
    chez = queries.bordereaux_du_marche(marche, fournisseur_id)
    if not chez:
        raise RegleRefusee("Cette entreprise n’est plus titulaire d’un autre rang de ce marché : recommencez.")
    connus = queries.articles_connus(marche, du, chez)
    if fournisseur_id is None:
        return comparer(connus, lecture.lignes, du)
    return comparer_les_prix(connus, lecture.lignes, du, db.session.get_one(Fournisseur, fournisseur_id).nom)


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
    fournisseur_id: int | None = None,
) -> BilanImport:
    """Save a BPU: new articles, changed prices from `du` on, changed texts, and absent articles taken off if asked.

    `renommer`: the articles that only take the new reference their line gives them. All or nothing. The caller has
    locked the marché, and commits. Raises RegleRefusee for any fault, for a day outside the marché, or for a price
    already saved on that day or later. `fournisseur_id`: as for `comparer_bordereau`.
    """
    if lecture.fautes:
        raise RegleRefusee(f"Ce bordereau a des fautes. {lecture.fautes[0].phrase()}")
    if not marche.du <= du <= marche.au:
        raise RegleRefusee(f"La date d’effet est entre le {marche.du:%d/%m/%Y} et le {marche.au:%d/%m/%Y}.")
    comparaison = comparaisons.renommer(comparer_bordereau(marche, lecture, du, fournisseur_id), renommer)
    if comparaison.refus:
        raise RegleRefusee(comparaison.refus[0].phrase())
    _ecrire_les_articles(marche, comparaison.nouveaux)
    _corriger_les_articles({change.article.id: change.ligne for change in comparaison.textes})
    retires = comparaison.disparus if retirer_les_absents else ()
    _retirer([article.id for article in retires])
    a_prix_nouveau = (*comparaison.nouveaux, *(change.ligne for change in comparaison.prix))
    _ecrire_les_prix(marche, a_prix_nouveau, du, source, queries.bordereaux_du_marche(marche, fournisseur_id))
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


def _ecrire_les_prix(
    marche: Marche, lignes: tuple[LigneBordereau, ...], du: date, source: str, chez: Mapping[int, int]
) -> None:
    """New prices from `du` on, each in the bordereau of its lot. Two questions and two writings a bordereau."""
    du_marche = select(Article.id, Lot.id, Lot.numero, Article.reference).join(Article.lot)
    articles = db.session.execute(du_marche.where(Lot.marche_id == marche.id))
    connus = {(numero, reference): (article_id, lot_id) for article_id, lot_id, numero, reference in articles}
    prix: dict[int, dict[int, Sequence[Palier]]] = {}
    for ligne in lignes:
        article_id, lot_id = connus[ligne.lot, ligne.reference]
        prix.setdefault(chez[lot_id], {})[article_id] = ligne.paliers
    for bordereau, paliers in prix.items():
        ecrire_les_prix(marche.id, paliers, du, source, fournisseur_id=bordereau or None)
