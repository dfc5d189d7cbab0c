"""What the comparison of a BPU needs: the articles of a marché as they are saved."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from groupement.adherents.acces import Contexte
from groupement.catalogue.models import (
    Article,
    ImportBordereau,
    LectureBordereauRetenue,
    Lot,
    Marche,
    PrixArticle,
    Titulaire,
)
from groupement.catalogue.queries.marches import lots_du_marche, marche_visible
from groupement.catalogue.queries.prix import Bordereaux, bordereau, prix_a_la_date
from groupement.catalogue.rules.comparaison import TEXTES, ArticleConnu
from groupement.catalogue.states import EtatImportBordereau
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee


def bordereaux_du_marche(marche: Marche, fournisseur_id: int | None) -> dict[int, int]:
    """Which bordereau a file prices, by lot id: the first titulaire's of each; else that of a supplier of other ranks.

    Two statements.
    """
    lots = lots_du_marche(marche.id)
    if fournisseur_id is None:
        return {lot.id: lot.titulaires[0].bordereau for lot in lots}
    tenus = ((lot, titulaire) for lot in lots for titulaire in lot.titulaires)
    return {lot.id: t.bordereau for lot, t in tenus if t.fournisseur_id == fournisseur_id and t.rang > 1}


def articles_connus(marche: Marche, du: date, chez: Bordereaux) -> tuple[ArticleConnu, ...]:
    """Every article of these lots, sold or not, with the tiers of its bordereau in force on the day `du`.

    `chez`: the bordereau of each lot, by id. Two statements.
    """
    paliers = prix_a_la_date(marche, du, chez)
    derniers = (
        select(PrixArticle.article_id, bordereau().label("bordereau"), func.max(PrixArticle.du).label("du"))
        .group_by(PrixArticle.article_id, bordereau())
        .subquery()
    )
    le_sien = derniers.c.bordereau == case(dict(chez), value=Article.lot_id)
    champs = [getattr(Article, champ) for champ in TEXTES]
    lignes = db.session.execute(
        select(Article.id, Lot.numero, Article.reference, Article.actif, derniers.c.du, *champs)
        .join(Article.lot)
        .outerjoin(derniers, (derniers.c.article_id == Article.id) & le_sien)
        .where(Lot.id.in_(list(chez)))
        .order_by(Lot.numero, Article.id)
    ).all()
    return tuple(
        ArticleConnu(
            id=ligne.id,
            lot=ligne.numero,
            reference=ligne.reference,
            actif=ligne.actif,
            valeurs={champ: getattr(ligne, champ) for champ in TEXTES},
            paliers=paliers.get(ligne.id, ()),
            dernier_prix_du=ligne.du,
        )
        for ligne in lignes
    )


def import_visible(
    marche_id: int, import_id: int, contexte: Contexte, le: datetime, *, verrou: bool = False
) -> ImportBordereau:
    """A BPU being loaded in a marché this person may see; 404 otherwise. Raises RegleRefusee once it is out of date.

    `verrou`: the marché is locked, then the loading.
    """
    marche = marche_visible(marche_id, contexte, verrou=verrou)
    voulu = (
        select(ImportBordereau)
        .where(ImportBordereau.id == import_id, ImportBordereau.marche_id == marche.id)
        .options(joinedload(ImportBordereau.fichier), undefer(ImportBordereau.tables))
    )
    if verrou:
        voulu = voulu.with_for_update(of=ImportBordereau).execution_options(populate_existing=True)
    depot = db.one_or_404(voulu)
    if depot.expire_le <= le and depot.bilan is None:
        raise RegleRefusee("Cet aperçu a plus de deux jours. Choisissez à nouveau le fichier du bordereau.")
    return depot


def bordereaux_a_charger(le: datetime, jour: date) -> Sequence[tuple[Marche, int | None]]:
    """The running marchés without any article, and those whose BPU is being loaded (its id). One statement."""
    en_cours = (
        select(ImportBordereau.marche_id, func.max(ImportBordereau.id).label("id"))
        .where(ImportBordereau.etat != EtatImportBordereau.ENREGISTRE, ImportBordereau.expire_le > le)
        .group_by(ImportBordereau.marche_id)
        .subquery()
    )
    a_des_articles = select(Article.id).join(Article.lot).where(Lot.marche_id == Marche.id).exists()
    lignes = db.session.execute(
        select(Marche, en_cours.c.id)
        .outerjoin(en_cours, en_cours.c.marche_id == Marche.id)
        .where(Marche.au >= jour, or_(en_cours.c.id.is_not(None), ~a_des_articles))
        .order_by(Marche.du, Marche.id)
    )
    return [(marche, import_id) for marche, import_id in lignes]


def lecture_retenue(marche: Marche, signature: str) -> LectureBordereauRetenue | None:
    """How files of these titles were last read for a titulaire of this marché."""
    return db.session.scalar(
        select(LectureBordereauRetenue)
        .join(Titulaire, Titulaire.fournisseur_id == LectureBordereauRetenue.fournisseur_id)
        .join(Lot, Lot.id == Titulaire.lot_id)
        .where(Lot.marche_id == marche.id, LectureBordereauRetenue.signature == signature)
        .order_by(LectureBordereauRetenue.le.desc(), LectureBordereauRetenue.id)
        .limit(1)
    )
