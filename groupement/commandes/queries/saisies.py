"""What a quick entry is compared with: every article of the marché, and the basket. A fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.commandes import commande_de
from groupement.commandes.queries.estimations import estimer_lignes
from groupement.commandes.queries.paniers import Fenetre
from groupement.commandes.rules.apercu_de_saisie import Apercu, ArticleOffert, apercevoir
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.fractions import se_partage
from groupement.commandes.rules.saisie_rapide import LigneSaisie
from groupement.commandes.states import ModeDeRemise
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class _Voulue:
    """An article and its pieces, as an estimate asks for them."""

    article: Article
    unites: int
    unites_acceptees_en_plus: int


@dataclass(frozen=True, slots=True)
class VueSaisie:
    """The preview of a quick entry: its lines, what they would cost, and the version of the basket it was made on."""

    fenetre: Fenetre
    commande: Commande | None
    apercu: Apercu
    estimation: Estimation

    @property
    def version(self) -> int:
        """The version of the basket; 0 while there is none."""
        return self.commande.version if self.commande else 0


def articles_offerts(fenetre: Fenetre, commande: Commande | None) -> list[ArticleOffert]:
    """Every article the marché of a window sells, by reference, with what the basket holds of it; one statement."""
    mode = commande.mode if commande else ModeDeRemise.LIVRAISON
    dedans = (LigneCommande.article_id == Article.id) & (LigneCommande.commande_id == (commande.id if commande else 0))
    lignes = db.session.execute(
        select(
            *(Article.id, Article.reference, Article.designation, Article.unites_par_colis, Article.fractionnable),
            *(Lot.numero, Lot.intitule, func.coalesce(LigneCommande.unites, 0)),
            func.coalesce(LigneCommande.unites_acceptees_en_plus, 0),
        )
        .join(Lot, Lot.id == Article.lot_id)
        .outerjoin(LigneCommande, dedans)
        .where(Lot.marche_id == fenetre.campagne.marche_id, Article.actif)
        .order_by(Article.reference, Article.id)
    )
    return [
        ArticleOffert(
            *(numero, reference, designation, par_colis, se_partage(fractionnable, mode)),
            *(fenetre.motif_du_lot(lot, intitule), deja, en_plus),
        )
        for numero, reference, designation, par_colis, fractionnable, lot, intitule, deja, en_plus in lignes
    ]


def vue_saisie(
    fenetre: Fenetre, collectivite_id: int, saisies: Sequence[LigneSaisie], le: date, *, remplacer: bool
) -> VueSaisie:
    """What these lines would make of the basket of a body."""
    commande = commande_de(fenetre.campagne.id, collectivite_id)
    apercu = apercevoir(saisies, articles_offerts(fenetre, commande), remplacer=remplacer)
    return VueSaisie(fenetre, commande, apercu, estimer_l_apercu(fenetre.campagne, commande, apercu, le))


def estimer_l_apercu(campagne: Campagne, commande: Commande | None, apercu: Apercu, le: date) -> Estimation:
    """What the good lines would cost, on top of what the others order; `commande`: the one they would change."""
    voulus = {ligne.article.id: (ligne.apres, ligne.en_plus_apres) for ligne in apercu.bonnes if ligne.article}
    articles = db.session.scalars(select(Article).where(Article.id.in_(voulus))) if voulus else ()
    voulues = [_Voulue(article, *voulus[article.id]) for article in articles]
    return estimer_lignes(campagne, voulues, le, commande)
