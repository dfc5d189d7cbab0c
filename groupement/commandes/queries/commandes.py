"""Members' orders: the doors to an order and to a line, what a page shows of them, what became of each line."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, case, false, func, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from groupement.adherents.models import Collectivite, Habilitation, PointDeLivraison, Utilisateur
from groupement.adherents.queries import Demandeur, en_cours
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.adherents.states import Role
from groupement.catalogue.models import Article
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, LigneBon, LigneCommande
from groupement.commandes.states import EtatCommande
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import Evenement

FRAICHE = {"populate_existing": True}
ENGAGEES = (EtatCommande.VALIDEE, EtatCommande.REGROUPEE, EtatCommande.SERVIE, EtatCommande.SOLDEE)


def perimetre_commandes(contexte: Demandeur) -> Any:
    """The orders somebody may see: all for the Centre de gestion, else those of the body acted for."""
    if contexte.est_cdg:
        return true()
    return Commande.collectivite_id == contexte.collectivite_id if contexte.collectivite_id is not None else false()


def commande_visible(commande_id: int, contexte: Demandeur, verrou: bool = False) -> Commande:
    """The order, if this person may see it; 404 otherwise.

    With `verrou`: its campagne is held against closing, then the order against any other change, both read afresh.
    Always in that sequence, so that two people never wait for each other.
    """
    voulue = select(Commande).where(Commande.id == commande_id, perimetre_commandes(contexte))
    if verrou:
        verrouiller_ecriture()
        campagne = (
            select(Campagne).join(Commande, Commande.campagne_id == Campagne.id).where(Commande.id == commande_id)
        )
        db.session.scalars(campagne.with_for_update(read=True, of=Campagne).execution_options(**FRAICHE)).one_or_none()
        voulue = voulue.with_for_update(of=Commande).execution_options(**FRAICHE)
        return db.one_or_404(voulue.options(*_entete_separee()))
    return db.one_or_404(voulue.options(*_entete()))


def commande_de(campagne_id: int, collectivite_id: int, verrou: bool = False) -> Commande | None:
    """The order of a body in a campagne, whatever its state but annulled; None when it has none yet.

    With `verrou`, the body is held too: two of its people starting the basket at once make one order.
    """
    valeurs = {"campagne_id": campagne_id, "collectivite_id": collectivite_id}
    if verrou:
        verrouiller_ecriture()
        corps = select(Collectivite.id).where(Collectivite.id == collectivite_id)
        db.session.execute(corps.with_for_update(key_share=True))
    return db.session.scalars(_commande_du_corps(verrou), valeurs).one_or_none()


@cache
def _commande_du_corps(verrou: bool) -> Select[Commande]:
    """The select of that order, built once: it waits for a `campagne_id` and a `collectivite_id`."""
    voulue = select(Commande).where(
        Commande.campagne_id == bindparam("campagne_id"),
        Commande.collectivite_id == bindparam("collectivite_id"),
        Commande.etat != EtatCommande.ANNULEE,
        ~Commande.urgente,
    )
    if verrou:
        voulue = voulue.with_for_update(of=Commande).execution_options(**FRAICHE)
    return voulue.options(*(_entete_separee() if verrou else _entete()))


def ligne_visible(ligne_id: int, contexte: Demandeur, verrou: bool = False) -> LigneCommande:
    """The line, if its order may be seen; 404 otherwise. With `verrou`, order and line are held and read afresh."""
    voulue = (
        select(LigneCommande)
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .where(LigneCommande.id == ligne_id, perimetre_commandes(contexte))
    )
    if verrou:
        verrouiller_ecriture()
        commande = select(Commande).join(LigneCommande, LigneCommande.commande_id == Commande.id)
        tenue = commande.where(LigneCommande.id == ligne_id, perimetre_commandes(contexte)).with_for_update(of=Commande)
        db.session.scalars(tenue.execution_options(**FRAICHE)).one_or_none()
    options = (joinedload(LigneCommande.article), joinedload(LigneCommande.commande).joinedload(Commande.campagne))
    ligne: LigneCommande = db.one_or_404(voulue.options(*options).execution_options(**FRAICHE))
    return ligne


def _entete() -> Sequence[ExecutableOption]:
    """What every page says of an order, in one statement: body, place, campagne, marché, depot."""
    return (
        joinedload(Commande.collectivite, innerjoin=True),
        joinedload(Commande.point_de_livraison),
        joinedload(Commande.campagne, innerjoin=True).joinedload(Campagne.marche, innerjoin=True),
        joinedload(Commande.campagne, innerjoin=True).joinedload(Campagne.depot, innerjoin=True),
    )


def _entete_separee() -> Sequence[ExecutableOption]:
    """The same, by statements of their own: PostgreSQL locks no row of an outer join."""
    return (
        selectinload(Commande.collectivite),
        selectinload(Commande.point_de_livraison),
        selectinload(Commande.campagne).options(selectinload(Campagne.marche), selectinload(Campagne.depot)),
    )


def lignes_affichees(commande_id: int) -> Sequence[LigneCommande]:
    """The lines of an order with their article and lot, in the order they were put in."""
    return db.session.scalars(_lignes(), {"commande_id": commande_id}).all()


@cache
def _lignes() -> Select[LigneCommande]:
    """The select of these lines, built once: it waits for a `commande_id`."""
    return (
        select(LigneCommande)
        .join(LigneCommande.article)
        .join(Article.lot)
        .where(LigneCommande.commande_id == bindparam("commande_id"))
        .order_by(LigneCommande.id)
        .options(contains_eager(LigneCommande.article).contains_eager(Article.lot))
        .execution_options(**FRAICHE)
    )


def _devenir_des_lignes(commande_id: int) -> Subquery:
    """What became of each line of an order: its affectations summed, by `ligne_id`."""
    sommes = {
        "commandees": Affectation.unites,
        "dont_en_plus": Affectation.unites_en_plus,
        "du_stock": case((Affectation.ligne_bon_id.is_(None), Affectation.unites), else_=0),
        "admises": Affectation.unites_admises,
        "refusees": Affectation.unites_refusees,
        "facturees": Affectation.unites_facturees,
        "montant_ht": Affectation.montant_ht,
        "montant_facture_ht": Affectation.montant_facture_ht,
    }
    return (
        select(
            Affectation.ligne_commande_id.label("ligne_id"),
            *(func.sum(colonne).label(nom) for nom, colonne in sommes.items()),
            func.max(Affectation.prix_unitaire_ht).label("prix_final_ht"),
            func.max(BonDeCommande.a_livrer_avant_le).label("attendues_le"),
        )
        .outerjoin(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .outerjoin(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .where(LigneCommande.commande_id == commande_id)
        .group_by(Affectation.ligne_commande_id)
        .subquery()
    )


def suivi_des_lignes(commande_id: int) -> Sequence[Any]:
    """Each line of an order with what became of it, read from its affectations; one statement.

    Columns: id, article_id, reference, designation, unite, tva_pct, unites_par_colis, demandees, acceptees_en_plus,
    rang, prix_annonce_ht; then, None before the regroupement: commandees, dont_en_plus, du_stock, admises, refusees,
    facturees, montant_ht, montant_facture_ht, prix_final_ht, attendues_le.
    """
    devenir = _devenir_des_lignes(commande_id)
    return db.session.execute(
        select(
            *(LigneCommande.id, Article.id.label("article_id"), Article.reference, Article.designation, Article.unite),
            *(Article.tva_pct, Article.unites_par_colis, LigneCommande.unites.label("demandees")),
            LigneCommande.unites_acceptees_en_plus.label("acceptees_en_plus"),
            LigneCommande.rang,
            LigneCommande.prix_unitaire_ht.label("prix_annonce_ht"),
            *(colonne for colonne in devenir.c if colonne.name != "ligne_id"),
        )
        .join(Article, Article.id == LigneCommande.article_id)
        .outerjoin(devenir, devenir.c.ligne_id == LigneCommande.id)
        .where(LigneCommande.commande_id == commande_id)
        .order_by(LigneCommande.id)
    ).all()


def evenements_de(commande_id: int) -> Sequence[Evenement]:
    """What the journal says of an order, oldest first."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == "commande", Evenement.objet_id == commande_id)
        .order_by(Evenement.le, Evenement.id)
    ).all()


def commandes_de(contexte: Demandeur, recherche: str = "") -> Select[Any]:
    """The orders somebody may see, newest first, of the bodies the words name: a select for a list."""
    return (
        select(Commande)
        .join(Commande.campagne)
        .join(Commande.collectivite)
        .where(perimetre_commandes(contexte), *(trouve_collectivite(mot) for mot in mots(recherche)))
        .order_by(Campagne.du.desc(), Commande.id.desc())
        .options(contains_eager(Commande.campagne), contains_eager(Commande.collectivite))
    )


def points_par_defaut(collectivite_ids: Sequence[int] | None = None) -> dict[int, int]:
    """The first delivery place in use of each body, by body id; of all bodies when no ids are given. One statement."""
    premiers = (
        select(PointDeLivraison.collectivite_id, func.min(PointDeLivraison.id))
        .where(PointDeLivraison.actif)
        .group_by(PointDeLivraison.collectivite_id)
    )
    if collectivite_ids is not None:
        premiers = premiers.where(PointDeLivraison.collectivite_id.in_(collectivite_ids))
    return {collectivite_id: point_id for collectivite_id, point_id in db.session.execute(premiers)}


def personnes_de(collectivite_id: int, roles: Sequence[Role], le: date) -> Sequence[Utilisateur]:
    """The people who hold one of these roles for a body on a day, by name."""
    tenants = select(Habilitation.utilisateur_id).where(
        Habilitation.collectivite_id == collectivite_id, Habilitation.role.in_(roles), en_cours(le)
    )
    return db.session.scalars(
        select(Utilisateur).where(Utilisateur.id.in_(tenants), Utilisateur.active).order_by(Utilisateur.nom)
    ).all()


def personnes_des(collectivite_ids: Sequence[int], le: date) -> Sequence[Any]:
    """(body id, person) for every agent and valideur of these bodies on a day, each person once a body."""
    lignes = (
        select(Habilitation.collectivite_id, Utilisateur)
        .join(Utilisateur, Utilisateur.id == Habilitation.utilisateur_id)
        .where(Habilitation.collectivite_id.in_(collectivite_ids), en_cours(le), Utilisateur.active)
        .order_by(Habilitation.collectivite_id, Utilisateur.id)
    )
    uniques = {(numero, personne.id): (numero, personne) for numero, personne in db.session.execute(lignes)}
    return list(uniques.values())
