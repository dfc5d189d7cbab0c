"""What the groupement asks of each article, and the estimate of an order: a fixed number of statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, func, literal, or_, select, union_all

from groupement.catalogue.models import Article
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.commandes.models import Campagne, Commande, LigneBon, LigneCommande
from groupement.commandes.queries.bon_du_depot import unites_au_depot
from groupement.commandes.queries.offres import Offres, compter_les_ventes, ventes_des_lots
from groupement.commandes.queries.titulaires import LotsTenus, bordereaux, lots_tenus
from groupement.commandes.rules.estimation import ArticleDemande, Compte, Estimation, estimer
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.db import db

FERMES = (EtatCommande.VALIDEE, EtatCommande.REGROUPEE, EtatCommande.SERVIE, EtatCommande.SOLDEE)
COMPTEES = (EtatCommande.SOUMISE, *FERMES)
PERSONNE = 0  # the supplier of what is asked and not bought yet


def commandes_comptees(campagne: Campagne) -> Collection[EtatCommande]:
    """The orders that count for the prices: once the window is closed, what is not committed will not be bought."""
    return FERMES if campagne.etat in (EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE) else COMPTEES


class Estimable(Protocol):
    """A line of an order, or as it would be."""

    @property
    def article(self) -> Article:
        """What it asks for."""

    @property
    def unites(self) -> int:
        """Firm pieces."""

    @property
    def unites_acceptees_en_plus(self) -> int:
        """Extra pieces it takes to complete a pack."""


class Demandee(NamedTuple):
    """What the other orders of the campagne ask of an article: `unites` pieces, by packs of `unites_par_colis`.

    `au_depot`: those on the bon of the depot, where the lot has one bon per delivery place; 0 elsewhere.
    """

    lot_id: int
    unites_par_colis: int
    unites: int
    au_depot: int


@dataclass(frozen=True, slots=True)
class Groupement:
    """What an estimate rests on: whom the bons go to, what they ask, what the other orders ask by article id."""

    tenus: LotsTenus
    offres: Offres
    demandes: Mapping[int, Demandee]

    def unites(self, article_id: int) -> int:
        """The pieces of an article the other orders ask."""
        return self.demandes[article_id].unites if article_id in self.demandes else 0

    def unites_au_depot(self, article_id: int) -> int:
        """Those of them on the depot's bon of a lot with one bon per place."""
        return self.demandes[article_id].au_depot if article_id in self.demandes else 0

    def compte(self, lot_id: int, mode: ModeDeRemise) -> Compte:
        """Whose pieces reach the tiers of a lot for an order received that way."""
        if lot_id not in self.tenus.paliers_par_lieu():
            return Compte.GROUPEMENT
        return Compte.LIEU if mode is ModeDeRemise.LIVRAISON else Compte.DEPOT


def lire_le_groupement(
    tenus: LotsTenus, article_ids: Collection[int], sauf_commande_id: int | None, lots_entiers: Collection[int] = ()
) -> Groupement:
    """What the groupement asks of these articles in submitted and committed orders, and what they cost it.

    `sauf_commande_id`: the order being estimated, not to be counted twice. `lots_entiers`: lots (by id) of which every
    article asked for is read. Two statements.
    """
    perimetre: ColumnElement[bool] = Article.id.in_(article_ids)
    if lots_entiers:
        perimetre = or_(perimetre, Article.lot_id.in_(lots_entiers))
    lues = _demandees_et_vendues(tenus, sauf_commande_id, perimetre)
    demandes, vendues = {}, []
    for lot_id, campagne_id, fournisseur_id, article_id, unites, par_colis, au_depot in db.session.execute(lues):
        if fournisseur_id == PERSONNE:
            demandes[article_id] = Demandee(lot_id, par_colis, int(unites), int(au_depot))
        else:
            vendues.append((lot_id, campagne_id, fournisseur_id, article_id, unites))
    prix = prix_a_la_date({*article_ids, *demandes}, tenus.le, bordereaux(tenus.retenus))
    deja = compter_les_ventes(vendues, tenus.campagne, tenus.lots, tenus.retenus)
    return Groupement(tenus, Offres(prix, deja), demandes)


def _demandees_et_vendues(tenus: LotsTenus, sauf_commande_id: int | None, perimetre: ColumnElement[bool]) -> Any:
    """What the other orders ask, then what was sold before, of the articles of `perimetre`: one select of both."""
    demandees = _demandees(tenus, sauf_commande_id).where(perimetre)
    # Once the bons of the campagne are issued they are what its orders ask, which counts already.
    ventes = ventes_des_lots(tenus.lots, sauf=tenus.campagne)
    if ventes is None:
        return demandees
    des_articles = ventes.join(Article, Article.id == LigneBon.article_id).where(perimetre)
    return union_all(demandees, des_articles.add_columns(literal(0), literal(0)))


def _demandees(tenus: LotsTenus, sauf_commande_id: int | None) -> Any:
    """What the orders that count ask, in the columns of what was sold (to nobody yet), a pack's pieces, the depot's."""
    campagne = tenus.campagne
    par_lieu = any(lot.un_bon_par_lieu for lot in tenus.lots)
    return (
        select(
            *(Article.lot_id, Commande.campagne_id, literal(PERSONNE), Article.id, func.sum(LigneCommande.unites)),
            *(Article.unites_par_colis, func.sum(unites_au_depot()) if par_lieu else literal(0)),
        )
        .join(LigneCommande, LigneCommande.article_id == Article.id)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(Commande.campagne_id == campagne.id, Commande.id != (sauf_commande_id or 0))
        .where(Commande.etat.in_(commandes_comptees(campagne)))
        .group_by(Article.lot_id, Commande.campagne_id, Article.id, Article.unites_par_colis)
    )


def estimer_lignes(
    campagne: Campagne, lignes: Sequence[Estimable], le: date, commande: Commande | None = None
) -> Estimation:
    """The estimate of lines if the campagne ended on the day `le`.

    Three statements, none without lines. `commande`: the order the lines are of, not to be counted twice; one that is
    not begun would be delivered.
    """
    if not lignes:
        return estimer([])
    article_ids = [ligne.article.id for ligne in lignes]
    mode = commande.mode if commande else ModeDeRemise.LIVRAISON
    tenus = lots_tenus(campagne, le, article_ids)
    return estimer_dans(lire_le_groupement(tenus, article_ids, commande.id if commande else None), lignes, mode)


def estimer_dans(groupement: Groupement, lignes: Sequence[Estimable], mode: ModeDeRemise) -> Estimation:
    """The same, from what was read, for an order received that way."""
    return estimer(_demande(ligne, groupement, mode) for ligne in lignes)


def _demande(ligne: Estimable, groupement: Groupement, mode: ModeDeRemise) -> ArticleDemande:
    """A line with everything its estimate rests on."""
    article = ligne.article
    compte = groupement.compte(article.lot_id, mode)
    du_groupement = compte is Compte.GROUPEMENT
    return ArticleDemande(
        article_id=article.id,
        unites=ligne.unites,
        unites_des_autres=groupement.unites(article.id) if du_groupement else groupement.unites_au_depot(article.id),
        unites_par_colis=article.unites_par_colis,
        tva_pct=article.tva_pct,
        paliers=groupement.offres.prix.get(article.id, ()),
        deja_achetees=groupement.offres.deja_achetees(article.lot_id, article.id),
        repreneur=groupement.tenus.nom_du_repreneur(article.lot_id),
        compte=compte,
        acceptees_en_plus=ligne.unites_acceptees_en_plus,
    )
