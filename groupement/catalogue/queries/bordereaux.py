"""What the comparison of a BPU needs: the articles of a marché as they are saved, in three statements."""

from datetime import date

from sqlalchemy import func, select

from groupement.catalogue.models import Article, Lot, Marche, PrixArticle
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.catalogue.rules.comparaison import TEXTES, ArticleConnu
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier

TYPE_MIME = "text/csv"


def articles_connus(marche: Marche, du: date) -> tuple[ArticleConnu, ...]:
    """Every article of the marché, sold or not, with its tiers in force on the day `du`. Two statements."""
    paliers = prix_a_la_date(marche, du)
    derniers = (
        select(PrixArticle.article_id, func.max(PrixArticle.du).label("du")).group_by(PrixArticle.article_id).subquery()
    )
    champs = [getattr(Article, champ) for champ in TEXTES]
    lignes = db.session.execute(
        select(Article.id, Lot.numero, Article.reference, Article.actif, derniers.c.du, *champs)
        .join(Article.lot)
        .outerjoin(derniers, derniers.c.article_id == Article.id)
        .where(Lot.marche_id == marche.id)
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


def bordereau_depose(fichier_id: int) -> Fichier:
    """A BPU kept for confirmation, bytes apart; 404 for any other file."""
    return db.one_or_404(select(Fichier).where(Fichier.id == fichier_id, Fichier.type_mime == TYPE_MIME))
