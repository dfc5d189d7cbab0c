"""What a buyer decides about one article besides its BPU line."""

from datetime import datetime

from groupement.catalogue.models import Article
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def permettre_le_fractionnement(article: Article, permis: bool, *, par: Auteur, le: datetime) -> None:
    """Let members order less than a pack, or not any more: the groupement then completes the packs.

    Raises RegleRefusee in a lot with one bon per place: a place is sent sealed packs.
    """
    if article.fractionnable == permis:
        return
    if permis and article.lot.un_bon_par_lieu:
        raise RegleRefusee(
            f"Le lot {article.lot.numero} donne un bon par lieu, en colis entiers\u00a0: il ne se partage pas. "
            "Pour un nombre exact, un membre choisit le retrait au dépôt."
        )
    article.fractionnable = permis
    noter(
        *("article", article.id, "permettre le fractionnement"),
        par=par,
        le=le,
        resume=f"{article.reference} : {'à l’unité' if permis else 'par colis entiers'}",
        avant="à l’unité" if not permis else "par colis entiers",
        apres="à l’unité" if permis else "par colis entiers",
    )
