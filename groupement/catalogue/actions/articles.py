"""What a buyer decides about one article besides its BPU line."""

from datetime import datetime

from groupement.catalogue.models import Article
from groupement.socle.journal import Auteur, noter


def permettre_le_fractionnement(article: Article, permis: bool, *, par: Auteur, le: datetime) -> None:
    """Let members order less than a pack, or not any more: the groupement then completes the packs."""
    if article.fractionnable == permis:
        return
    article.fractionnable = permis
    noter(
        *("article", article.id, "permettre le fractionnement"),
        par=par,
        le=le,
        resume=f"{article.reference} : {'à l’unité' if permis else 'par colis entiers'}",
        avant="à l’unité" if not permis else "par colis entiers",
        apres="à l’unité" if permis else "par colis entiers",
    )
