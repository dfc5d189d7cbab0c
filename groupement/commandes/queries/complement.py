"""What a campagne misses to fill its packs and reach its next tiers: a fixed number of statements."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from groupement.catalogue.models import Article, Lot
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.estimations import COMPTEES
from groupement.commandes.queries.regroupement import deja_achetees
from groupement.commandes.rules.complement import DemandeDuGroupe, Manque
from groupement.commandes.rules.complement import manques as manques_de
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db

FERMES = (EtatCommande.VALIDEE,)


def manques(campagne: Campagne, le: date, *, etats: Collection[EtatCommande] | None = None) -> list[Manque]:
    """The articles of a campagne that miss something, by lot and reference. Three statements, or four with old tiers.

    `etats`: the orders that count. By default the committed ones, and the submitted ones too while the campagne is
    open, as on every page of that time.
    """
    comptes = etats or (COMPTEES if campagne.etat is EtatCampagne.OUVERTE else FERMES)
    lots = db.session.scalars(select(Lot).where(Lot.marche_id == campagne.marche_id).order_by(Lot.id)).all()
    prix = prix_a_la_date(campagne.marche, le)
    deja = deja_achetees(campagne, lots)
    sommes = db.session.execute(
        select(
            Article,
            func.sum(LigneCommande.unites),
            func.sum(LigneCommande.unites_acceptees_en_plus),
        )
        .join(LigneCommande, LigneCommande.article_id == Article.id)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Lot, Lot.id == Article.lot_id)
        .where(Commande.campagne_id == campagne.id, Commande.etat.in_(comptes), Article.actif)
        .group_by(Article.id, Lot.numero)
        .order_by(Lot.numero, Article.reference)
    )
    return manques_de(
        DemandeDuGroupe(
            *(article.id, article.reference, article.designation, article.unite, article.famille),
            *(article.unites_par_colis, prix.get(article.id, ()), int(fermes), int(en_plus)),
            deja_achetees=deja.get(article.lot_id, {}).get(article.id, 0),
        )
        for article, fermes, en_plus in sommes
    )
