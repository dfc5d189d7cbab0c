"""What a campagne misses to fill its packs and reach its next tiers, and who may help: fixed numbers of statements."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, select
from sqlalchemy.orm import joinedload

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Lot
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.bon_du_depot import acceptees_au_depot, unites_au_depot
from groupement.commandes.queries.estimations import FERMES, commandes_comptees
from groupement.commandes.queries.offres import Offres, offres
from groupement.commandes.queries.titulaires import LotsTenus, lots_tenus
from groupement.commandes.rules.complement import DemandeDuGroupe, Manque
from groupement.commandes.rules.complement import manques as manques_de
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from groupement.socle.journal import Evenement

VERBE = "compléter des colis"  # what the journal of an order says of an addition
PROPOSITION = "proposer un complément"


def manques(
    campagne: Campagne,
    le: date,
    *,
    etats: Collection[EtatCommande] | None = None,
    parmi: ColumnElement[bool] | None = None,
) -> list[Manque]:
    """The articles of a campagne that miss something, by lot and reference. Three statements, or four with old tiers.

    `etats`: the orders that count, by default those every page of that time counts; `parmi`: only these articles.
    """
    tenus = lots_tenus(campagne, le)
    demande = _demande(tenus, etats or commandes_comptees(campagne))
    return _manques(
        tenus, offres(tenus, campagne.marche, avant=True), demande if parmi is None else demande.where(parmi)
    )


def manque_de(campagne: Campagne, article: Article, le: date, tenus: LotsTenus | None = None) -> Manque | None:
    """What one article misses, if anything. Three statements, or four with old tiers; one less with `tenus`.

    `tenus`: the lots of the marché of the article, with whom their bons go to, when the caller has them.
    """
    tenus = tenus or lots_tenus(campagne, le, [article.id])
    demande = _demande(tenus, commandes_comptees(campagne)).where(Article.id == article.id)
    return next(iter(_manques(tenus, offres(tenus, [article.id], avant=True), demande)), None)


def _manques(tenus: LotsTenus, lues: Offres, demande: Select[Article, int, int]) -> list[Manque]:
    """What is missing to what `demande` asks."""
    par_lieu = tenus.paliers_par_lieu()
    return manques_de(
        DemandeDuGroupe(
            *(article.id, article.reference, article.designation, article.unite, article.famille),
            *(article.unites_par_colis, lues.prix.get(article.id, ()), int(fermes), int(en_plus)),
            deja_achetees=lues.deja_achetees(article.lot_id, article.id),
            au_depot_seulement=article.lot_id in par_lieu,
        )
        for article, fermes, en_plus in db.session.execute(demande)
    )


def _demande(tenus: LotsTenus, etats: Collection[EtatCommande]) -> Select[Article, int, int]:
    """(article, firm units, extras accepted) of the orders that count, by lot and reference.

    Only what the depot's bon would bring, of the lots where each place has its bon and each bon its tier.
    """
    unites: SQLColumnExpression[int] = LigneCommande.unites
    en_plus: SQLColumnExpression[int] = LigneCommande.unites_acceptees_en_plus
    if par_lieu := tenus.paliers_par_lieu():
        unites = case((Article.lot_id.in_(par_lieu), unites_au_depot()), else_=unites)
        en_plus = case((Article.lot_id.in_(par_lieu), acceptees_au_depot()), else_=en_plus)
    return (
        select(Article, func.sum(unites), func.sum(en_plus))
        .join(LigneCommande, LigneCommande.article_id == Article.id)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Lot, Lot.id == Article.lot_id)
        .where(Commande.campagne_id == tenus.campagne.id, Commande.etat.in_(etats), Article.actif)
        .group_by(Article.id, Lot.numero)
        .order_by(Lot.numero, Article.reference)
    )


def manques_a_la_cloture(campagne: Campagne, le: date) -> list[Manque]:
    """What would be missing if the campagne ended now: only committed orders count."""
    return manques(campagne, le, etats=FERMES)


def manque_tenu(campagne: Campagne, article: Article, le: date) -> Manque | None:
    """What an article misses, the article held until the commit: two bodies cannot fill the same last pieces."""
    tenu = select(Article.id).where(Article.id == article.id).with_for_update(key_share=True)
    db.session.execute(tenu)
    return manque_de(campagne, article, le)


def commandes_a_completer(collectivite_id: int, le: date) -> Sequence[Commande]:
    """The committed orders of a body in the campagnes that are being completed, the first to end first."""
    return db.session.scalars(
        select(Commande)
        .join(Commande.campagne)
        .where(
            Commande.collectivite_id == collectivite_id,
            Commande.etat == EtatCommande.VALIDEE,
            Campagne.etat == EtatCampagne.EN_COMPLEMENT,
            Campagne.complement_au >= le,
        )
        .order_by(Campagne.complement_au, Campagne.id)
        .options(
            joinedload(Commande.collectivite, innerjoin=True),
            joinedload(Commande.campagne, innerjoin=True).options(
                joinedload(Campagne.marche, innerjoin=True), joinedload(Campagne.depot, innerjoin=True)
            ),
        )
    ).all()


def manques_de_la_commande(commande: Commande, le: date) -> list[Manque]:
    """What is missing to the articles an order holds."""
    tenus = select(LigneCommande.article_id).where(LigneCommande.commande_id == commande.id)
    return manques(commande.campagne, le, parmi=Article.id.in_(tenus))


def articles_du_marche(campagne: Campagne, article_ids: Iterable[int]) -> dict[int, Article]:
    """These articles with their lot, by id. One statement."""
    voulus = select(Article).join(Article.lot).where(Article.id.in_(list(article_ids)))
    lus = db.session.scalars(voulus.where(Lot.marche_id == campagne.marche_id).options(joinedload(Article.lot)))
    return {article.id: article for article in lus}


def a_completer_en_phase(campagne: Campagne, trouves: Sequence[Manque]) -> Iterator[tuple[int, Manque, int]]:
    """(body id, what an article misses, units it committed of it) for every committed line of these. One statement."""
    par_article = {trouve.demande.article_id: trouve for trouve in trouves}
    lignes = db.session.execute(
        select(Commande.collectivite_id, LigneCommande.article_id, LigneCommande.unites)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(Commande.campagne_id == campagne.id, Commande.etat == EtatCommande.VALIDEE)
        .where(LigneCommande.article_id.in_(list(par_article)))
        .order_by(Commande.collectivite_id, LigneCommande.id)
    )
    for corps, article_id, unites in lignes:
        yield corps, par_article[article_id], unites


@dataclass(frozen=True, slots=True)
class AjoutFait:
    """An addition: by whom, of what, how much, and what it made of the order (€ HT)."""

    fait: Evenement
    commande_id: int
    collectivite: str
    article_id: int
    reference: str
    designation: str
    unites: int
    avant_ht: Decimal
    apres_ht: Decimal


def ajouts_faits(campagne_id: int) -> list[AjoutFait]:
    """What was added in the completion phase of a campagne, the latest first. Two statements."""
    lignes = db.session.execute(
        select(Evenement, Commande.id, Collectivite.nom)
        .join(Commande, Commande.id == Evenement.objet_id)
        .join(Collectivite, Collectivite.id == Commande.collectivite_id)
        .where(Evenement.objet == "commande", Evenement.verbe == VERBE, Commande.campagne_id == campagne_id)
        .order_by(Evenement.le.desc(), Evenement.id.desc())
    )
    faits = [(fait, commande_id, nom, fait.details or {}) for fait, commande_id, nom in lignes]
    noms = _articles(details["article_id"] for *_, details in faits)
    return [
        AjoutFait(
            *(fait, commande_id, nom, details["article_id"], *noms[details["article_id"]], details["unites"]),
            *(Decimal(details["avant_ht"]), Decimal(details["apres_ht"])),
        )
        for fait, commande_id, nom, details in faits
    ]


def _articles(article_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(reference, designation) of articles, by id."""
    lignes = db.session.execute(
        select(Article.id, Article.reference, Article.designation).where(Article.id.in_(set(article_ids)))
    )
    return {numero: (reference, designation) for numero, reference, designation in lignes}


def derniere_proposition(commande_id: int, article_id: int) -> Evenement | None:
    """The last time somebody proposed to complete this article of an order, if ever."""
    faits = db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == "commande", Evenement.objet_id == commande_id, Evenement.verbe == PROPOSITION)
        .order_by(Evenement.id.desc())
    )
    return next((fait for fait in faits if (fait.details or {}).get("article_id") == article_id), None)
