"""What an import of orders rests on: every body, article and order of the campagne, in a fixed number of statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import Adhesion, Collectivite
from groupement.adherents.rules.adhesion import FaitsAdhesion, motif_de_refus_de_commander
from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.models import Article, Lot
from groupement.catalogue.queries import prix_a_la_date
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.models import Campagne, CollectiviteAdmise, Commande, LigneCommande
from groupement.commandes.queries.commandes import points_par_defaut
from groupement.commandes.queries.estimations import commandes_comptees
from groupement.commandes.queries.paniers import acces_de
from groupement.commandes.rules.acces_campagne import motif_de_refus_d_acces
from groupement.commandes.rules.controle_import import ArticleConnu, MembreConnu
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class Situation:
    """The campagne before the import: bodies by SIREN, articles by reference and id, orders by body, lines."""

    membres: dict[str, MembreConnu]
    articles: dict[str, ArticleConnu]
    paliers: dict[int, tuple[Palier, ...]]
    unites_par_colis: dict[int, int]
    commandes: dict[int, Commande]
    lignes: dict[int, dict[int, LigneCommande]]  # by order id, then article id
    comptees: Collection[EtatCommande]  # the orders that count for the prices

    def lignes_de(self, commande_id: int) -> dict[int, LigneCommande]:
        """The lines an order had, by article id."""
        return self.lignes.get(commande_id, {})

    def unites_comptees(self) -> Counter[int]:
        """Units that the orders that count for the prices ask already, by article id."""
        etats = {commande.id: commande.etat for commande in self.commandes.values()}
        total: Counter[int] = Counter()
        for commande_id, lignes in self.lignes.items():
            if etats[commande_id] in self.comptees:
                total.update({article_id: ligne.unites for article_id, ligne in lignes.items()})
        return total


def situation(campagne: Campagne, le: date) -> Situation:
    """Everything the import must know; seven statements."""
    articles = db.session.execute(
        select(Article.id, Article.reference, Article.unites_par_colis, Lot.numero, Lot.intitule)
        .join(Lot, Lot.id == Article.lot_id)
        .where(Lot.marche_id == campagne.marche_id, Article.actif)
    ).all()
    paliers = prix_a_la_date(campagne.marche, le)
    vues = Counter(article.reference for article in articles)
    connus = [(numero, reference, colis, (lot, nom)) for numero, reference, colis, lot, nom in articles]
    return Situation(
        membres=_membres(campagne),
        articles={
            reference: ArticleConnu(article_id if vues[reference] == 1 else None, article_id in paliers, lot)
            for article_id, reference, _, lot in connus
        },
        paliers=paliers,
        unites_par_colis={article_id: colis for article_id, _, colis, *_ in articles},
        commandes=_commandes(campagne),
        lignes=_lignes(campagne),
        comptees=commandes_comptees(campagne),
    )


def _membres(campagne: Campagne) -> dict[str, MembreConnu]:
    """Every body with its right to order in the campagne and its default place."""
    points, consultation_le, regle = points_par_defaut(), campagne.marche.consultation_le, acces_de(campagne)
    return {
        siren: MembreConnu(
            collectivite_id=numero,
            nom=nom,
            motif_de_refus=motif_de_refus_de_commander(FaitsAdhesion(etat, signee) if etat else None, consultation_le)
            or motif_de_refus_d_acces(regle, genre, est_admise=admise is not None, lots_rejoints=lots),
            point_id=points.get(numero),
            adresse=adresse,
            code_postal=code_postal,
            ville=ville,
            est_commune=genre is TypeCollectivite.COMMUNE,
            lots=lots,
        )
        for numero, siren, nom, adresse, code_postal, ville, genre, etat, signee, lots, admise in _corps(campagne)
    }


def _corps(campagne: Campagne) -> Sequence[Any]:
    """What is known of every body, with its membership of the convention and its place in the list of the campagne."""
    adhesion = (Adhesion.collectivite_id == Collectivite.id) & (Adhesion.convention_id == campagne.marche.convention_id)
    liste = (CollectiviteAdmise.collectivite_id == Collectivite.id) & (CollectiviteAdmise.campagne_id == campagne.id)
    return db.session.execute(
        select(
            *(Collectivite.id, Collectivite.siren, Collectivite.nom, Collectivite.adresse, Collectivite.code_postal),
            *(Collectivite.ville, Collectivite.type, Adhesion.etat, Adhesion.signee_le, Adhesion.lots),
            CollectiviteAdmise.collectivite_id,
        )
        .outerjoin(Adhesion, adhesion)
        .outerjoin(CollectiviteAdmise, liste)
    ).all()


def _commandes(campagne: Campagne) -> dict[int, Commande]:
    """The orders of the campagne by body, locked."""
    voulues = select(Commande).where(Commande.campagne_id == campagne.id, Commande.etat != EtatCommande.ANNULEE)
    verrouillees = voulues.order_by(Commande.id).with_for_update().execution_options(populate_existing=True)
    return {commande.collectivite_id: commande for commande in db.session.scalars(verrouillees)}


def _lignes(campagne: Campagne) -> dict[int, dict[int, LigneCommande]]:
    """Their lines."""
    voulues = (
        select(LigneCommande)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(Commande.campagne_id == campagne.id, Commande.etat != EtatCommande.ANNULEE)
        .execution_options(populate_existing=True)
    )
    lignes: dict[int, dict[int, LigneCommande]] = defaultdict(dict)
    for ligne in db.session.scalars(voulues):
        lignes[ligne.commande_id][ligne.article_id] = ligne
    return lignes
