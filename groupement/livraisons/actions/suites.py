"""What a decision brings about, by sets of deliveries: affectations, stock, the rest, bons and orders."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, String, exists, func, insert, literal, select, update
from sqlalchemy.orm import aliased

from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, LigneBon, LigneCommande
from groupement.commandes.states import TRANSITIONS_BON, TRANSITIONS_COMMANDE
from groupement.livraisons.models import EnvoiAnnonce, LigneEnvoi, LigneLivraison, Livraison
from groupement.livraisons.queries.envois import qui_tiennent, tient
from groupement.livraisons.queries.livraisons import parmi
from groupement.livraisons.states import EtatLivraison
from groupement.socle.argent import part_cumulee
from groupement.socle.db import db
from groupement.socle.journal import Auteur, franchir_tous
from groupement.stock.actions import Mouvement, mouvementer_plusieurs

RESTE = LigneLivraison.unites_attendues - LigneLivraison.unites_admises
TOUCHES = (Livraison, LigneLivraison, Affectation, Commande, BonDeCommande)


def admettre_les_affectations(ids: Collection[int]) -> None:
    """Add what these deliveries admit to what each affectation has had admitted so far."""
    _ajouter(ids, Affectation.unites_admises, LigneLivraison.unites_admises)


def renoncer_au_reste(ids: Collection[int]) -> None:
    """What was not admitted will not come: it counts as refused, and is never billed."""
    _ajouter(ids, Affectation.unites_refusees, RESTE)


def _ajouter(ids: Collection[int], colonne: Any, unites: Any) -> None:
    """Add to a column of each affectation the sum of `unites` over its lines in these deliveries. One statement."""
    siennes = parmi(LigneLivraison.livraison_id, ids)
    somme: ScalarSelect[Any] = (
        select(func.sum(unites)).where(LigneLivraison.affectation_id == Affectation.id, siennes).scalar_subquery()
    )
    concernees = select(LigneLivraison.affectation_id).where(siennes)
    db.session.execute(
        update(Affectation).where(Affectation.id.in_(concernees)).values({colonne: colonne + somme}),
        execution_options={"synchronize_session": False},
    )


def entrer_en_stock(ids: Collection[int], par: Auteur, le: datetime) -> None:
    """The depot's own pieces, once admitted, enter its stock at their share of the bon, réfaction taken off.

    The value is a difference of cumulated parts: taken in several times, an affectation is worth its amount exactly.
    """
    admises = db.session.execute(
        select(
            *(Campagne.depot_id, Livraison.id.label("livraison_id"), BonDeCommande.numero, Affectation.article_id),
            *(LigneLivraison.unites_admises.label("entrees"), LigneLivraison.refaction_ht),
            *(Affectation.unites, Affectation.unites_admises, Affectation.montant_ht),
        )
        .join(Livraison, Livraison.id == LigneLivraison.livraison_id)
        .join(BonDeCommande, BonDeCommande.id == Livraison.bon_id)
        .join(Campagne, Campagne.id == BonDeCommande.campagne_id)
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .where(parmi(Livraison.id, ids), Affectation.collectivite_id.is_(None), LigneLivraison.unites_admises > 0)
        .order_by(Livraison.id, Affectation.id)
    ).all()
    entrees: dict[tuple[int, int, str], list[Mouvement]] = defaultdict(list)
    for ligne in admises:
        apres = part_cumulee(ligne.montant_ht, ligne.unites_admises, ligne.unites)
        avant = part_cumulee(ligne.montant_ht, ligne.unites_admises - ligne.entrees, ligne.unites)
        mouvement = Mouvement(ligne.article_id, ligne.entrees, apres - avant - ligne.refaction_ht)
        entrees[ligne.depot_id, ligne.livraison_id, ligne.numero].append(mouvement)
    for (depot_id, livraison_id, numero), mouvements in entrees.items():
        motif, piece = f"Surplus reçu du bon {numero}", f"livraison:{livraison_id}"
        mouvementer_plusieurs(depot_id, mouvements, motif=motif, piece=piece, par=par, le=le)


def attendre_le_reste(ids: Collection[int], attendu_le: date | None) -> None:
    """A delivery to come for each of these that left something, on that day or at the deadline of its bon.

    Three statements: the deliveries, their lines, found by what they complete, and what the supplier had announced
    for a later day, which is still to come.
    """
    jour = BonDeCommande.a_livrer_avant_le if attendu_le is None else literal(attendu_le, Date)
    laisse = exists(select(LigneLivraison.id).where(LigneLivraison.livraison_id == Livraison.id, RESTE > 0))
    parentes = (
        select(
            *(Livraison.bon_id, Livraison.id, Livraison.collectivite_id, Livraison.point_de_livraison_id),
            *(literal(EtatLivraison.ANNONCEE.value, String), jour, _premier_jour_a_venir()),
            *(*(literal("", String),) * 3, literal(1)),
        )
        .join(BonDeCommande, BonDeCommande.id == Livraison.bon_id)
        .where(parmi(Livraison.id, ids), laisse)
        .order_by(Livraison.id)
    )
    colonnes = (
        *("bon_id", "reliquat_de_id", "collectivite_id", "point_de_livraison_id", "etat", "attendue_le"),
        *("annoncee_pour", "bordereau", "receptionnee_par", "observations", "version"),
    )
    db.session.execute(insert(Livraison).from_select(colonnes, parentes, include_defaults=False))
    _attendre_les_lignes(ids)
    _attendre_les_envois(ids)


def _annonces_a_venir() -> ColumnElement[bool]:
    """Announced for after the reception and after the first day announced, of articles something is left of.

    The first shipment announced is taken to be what came, even before its day.
    """
    laisse = exists(
        select(LigneLivraison.id)
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .where(
            *(LigneLivraison.livraison_id == Livraison.id, RESTE > 0),
            Affectation.ligne_bon_id == LigneEnvoi.ligne_bon_id,
        )
        .correlate(Livraison, LigneEnvoi)
    )
    return tient() & (EnvoiAnnonce.pour > Livraison.annoncee_pour) & laisse


def _premier_jour_a_venir() -> ScalarSelect[Any]:
    """The next day announced for what a delivery left."""
    return (
        select(func.min(EnvoiAnnonce.pour))
        .join(LigneEnvoi, LigneEnvoi.envoi_id == EnvoiAnnonce.id)
        .where(LigneEnvoi.livraison_id == Livraison.id, _annonces_a_venir())
        .correlate(Livraison)
        .scalar_subquery()
    )


def _attendre_les_envois(ids: Collection[int]) -> None:
    """What was announced for later belongs to the delivery that completes this one."""
    complement = aliased(Livraison)
    vers = (
        select(func.min(complement.id))
        .where(complement.reliquat_de_id == LigneEnvoi.livraison_id)
        .correlate(LigneEnvoi)
        .scalar_subquery()
    )
    voulues = qui_tiennent(LigneEnvoi.id).where(parmi(Livraison.id, ids), _annonces_a_venir())
    db.session.execute(
        update(LigneEnvoi).where(LigneEnvoi.id.in_(voulues)).values(livraison_id=vers),
        execution_options={"synchronize_session": False},
    )


def _attendre_les_lignes(ids: Collection[int]) -> None:
    """The lines of the deliveries that complete these: what each line left."""
    rien = literal(0)
    restes = (
        select(Livraison.id, LigneLivraison.affectation_id, RESTE, rien, rien, literal("", String), rien, rien)
        .join(LigneLivraison, LigneLivraison.livraison_id == Livraison.reliquat_de_id)
        .where(parmi(Livraison.reliquat_de_id, ids), RESTE > 0)
        .order_by(Livraison.id, LigneLivraison.id)
    )
    colonnes = (
        *("livraison_id", "affectation_id", "unites_attendues", "unites_livrees", "unites_refusees", "commentaire"),
        *("unites_admises", "refaction_ht"),
    )
    db.session.execute(insert(LigneLivraison).from_select(colonnes, restes, include_defaults=False))


def solder_et_servir(ids: Collection[int], par: Auteur, le: datetime) -> None:
    """Close the bons of which nothing is still to come, and serve the orders of which every line is settled."""
    en_suspens = Affectation.unites_admises + Affectation.unites_refusees < Affectation.unites
    bons = select(Livraison.bon_id).where(parmi(Livraison.id, ids))
    bon_en_suspens = exists(
        select(Affectation.id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == BonDeCommande.id, en_suspens)
    )
    franchir_tous(
        BonDeCommande, BonDeCommande.id.in_(bons) & ~bon_en_suspens, TRANSITIONS_BON, "solder", par=par, le=le
    )
    commandes = (
        select(LigneCommande.commande_id)
        .join(Affectation, Affectation.ligne_commande_id == LigneCommande.id)
        .join(LigneLivraison, LigneLivraison.affectation_id == Affectation.id)
        .where(parmi(LigneLivraison.livraison_id, ids))
    )
    commande_en_suspens = exists(
        select(Affectation.id)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .where(LigneCommande.commande_id == Commande.id, en_suspens)
    )
    servies = Commande.id.in_(commandes) & ~commande_en_suspens
    franchir_tous(Commande, servies, TRANSITIONS_COMMANDE, "servir", par=par, le=le)


def rafraichir() -> None:
    """Make the objects at hand read again what was written by sets."""
    for objet in list(db.session):
        if isinstance(objet, TOUCHES) and not db.session.is_modified(objet):
            db.session.expire(objet)
