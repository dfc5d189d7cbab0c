"""What can be billed, worked out by the database itself: the same arithmetic as `rules.partage`, in whole centimes.

The pages read their sums here, for thousands of lines at once; a run compares its own figures with these.
"""

from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from groupement.adherents.models import Collectivite
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.commandes.models import Affectation, BonDeCommande, LigneBon, LigneCommande, PartDePort
from groupement.livraisons.models import LigneLivraison
from groupement.socle.db import Montant


def centimes(colonne: Any) -> ColumnElement[int]:
    """An amount as the whole number of centimes the database holds."""
    return type_coerce(colonne, BigInteger)


def en_montant(expression: Any, nom: str) -> ColumnElement[Any]:
    """A number of centimes read back as an amount in €."""
    return type_coerce(expression, Montant).label(nom)


def cumul(pieces: Any) -> ColumnElement[int]:
    """What `pieces` of the units of an affectation are worth in all, in centimes: round_half_up(M × p / u)."""
    montant, unites = centimes(Affectation.montant_ht), Affectation.unites
    return (2 * montant * pieces + unites) // (2 * unites)


def refactions() -> Subquery:
    """The réfactions decided so far, by affectation, in centimes."""
    return (
        select(LigneLivraison.affectation_id, func.sum(centimes(LigneLivraison.refaction_ht)).label("refaction"))
        .where(LigneLivraison.refaction_ht > 0)
        .group_by(LigneLivraison.affectation_id)
        .subquery("refactions")
    )


def affectations_de_membres() -> Any:
    """Every affectation of a member, with its bon, the worth of what is admitted and what is left of it to bill."""
    decidees = refactions()
    refaction = func.coalesce(decidees.c.refaction, 0)
    admis = cumul(Affectation.unites_admises)
    net = admis - centimes(Affectation.montant_facture_ht) - refaction
    return (
        select(
            Affectation.id.label("affectation_id"),
            Affectation.campagne_id,
            Affectation.collectivite_id,
            LigneBon.bon_id,
            Affectation.tva_pct,
            (Affectation.unites_admises - Affectation.unites_facturees).label("unites"),
            centimes(Affectation.montant_ht).label("part"),
            admis.label("cumul"),
            cumul(Affectation.unites_admises + Affectation.unites_refusees).label("cumul_refuse"),
            centimes(Affectation.montant_facture_ht).label("facture"),
            refaction.label("refaction"),
            net.label("net"),
        )
        .outerjoin(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .outerjoin(decidees, decidees.c.affectation_id == Affectation.id)
        .where(Affectation.collectivite_id.is_not(None))
    )


def biens() -> Subquery:
    """Goods that can be billed now: new admitted pieces, for an amount not below zero."""
    nouvelles = Affectation.unites_admises > Affectation.unites_facturees  # as ix_affectation_a_facturer says it
    toutes = affectations_de_membres().where(nouvelles).subquery("affectations")
    return select(toutes).where(toutes.c.net >= 0).subquery("biens")


def port_du() -> ColumnElement[bool]:
    """The body's share of the port of a bon is due: it has goods of that bon billed already, or to bill now."""
    factures = exists(
        select(Affectation.id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(
            LigneBon.bon_id == PartDePort.bon_id,
            Affectation.collectivite_id == PartDePort.collectivite_id,
            or_(Affectation.unites_facturees > 0, Affectation.unites_admises > Affectation.unites_facturees),
        )
    )
    return factures & (PartDePort.montant_ht > PartDePort.montant_facture_ht) & PartDePort.collectivite_id.is_not(None)


def lignes_facturables(campagne_id: int | None = None) -> Subquery:
    """Goods and shipping to bill, one row each: campagne, body, bon, rate, units, réfaction and centimes."""
    goods = biens()
    du_port = (
        select(
            BonDeCommande.campagne_id,
            PartDePort.collectivite_id,
            PartDePort.bon_id,
            PartDePort.tva_pct,
            literal(0).label("unites"),
            literal(0).label("biens"),
            (centimes(PartDePort.montant_ht) - centimes(PartDePort.montant_facture_ht)).label("port"),
        )
        .join(BonDeCommande, BonDeCommande.id == PartDePort.bon_id)
        .where(port_du())
    )
    des_biens = select(
        *(goods.c.campagne_id, goods.c.collectivite_id, goods.c.bon_id, goods.c.tva_pct, goods.c.unites),
        goods.c.net.label("biens"),
        literal(0).label("port"),
    )
    if campagne_id is not None:
        des_biens = des_biens.where(goods.c.campagne_id == campagne_id)
        du_port = du_port.where(BonDeCommande.campagne_id == campagne_id)
    toutes = union_all(des_biens, du_port).subquery("facturables")
    return select(toutes).subquery("lignes")


def sommes(lignes: Subquery) -> dict[str, ColumnElement[Any]]:
    """The sums of such rows, in centimes."""
    return {
        "unites": func.sum(lignes.c.unites),
        "biens": func.sum(lignes.c.biens),
        "port": func.sum(lignes.c.port),
        "total": func.sum(lignes.c.biens + lignes.c.port),
    }


@cache
def total_facturable() -> Select[Decimal | None, int]:
    """(what a run of every campagne would bill HT, how many bodies): built once, for the home page."""
    lignes = lignes_facturables()
    corps = func.count(func.distinct(lignes.c.collectivite_id))
    return select(en_montant(sommes(lignes)["total"], "total"), corps)


def par_membre(campagne_id: int, recherche: str = "") -> Select[Any]:
    """The bodies a run would bill, by name: units, goods, shipping, total HT. A select for a list."""
    lignes = lignes_facturables(campagne_id)
    somme = sommes(lignes)
    par_corps = (
        select(
            lignes.c.collectivite_id,
            somme["unites"].label("unites"),
            *(en_montant(somme[nom], f"{nom}_ht") for nom in ("biens", "port", "total")),
        )
        .group_by(lignes.c.collectivite_id)
        .having(somme["total"] > 0)
        .subquery("comptes")
    )
    return (
        select(
            Collectivite.id.label("collectivite_id"),
            *(Collectivite.nom, Collectivite.siren, Collectivite.nom_recherche),
            *(par_corps.c.unites, par_corps.c.biens_ht, par_corps.c.port_ht, par_corps.c.total_ht),
        )
        .join(par_corps, par_corps.c.collectivite_id == Collectivite.id)
        .where(*[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )


def bases(campagne_id: int) -> Select[Any]:
    """What each body would be billed at each VAT rate, bodies by name as the factures will be numbered."""
    lignes = lignes_facturables(campagne_id)
    total = sommes(lignes)["total"]
    return (
        select(lignes.c.collectivite_id, lignes.c.tva_pct, en_montant(total, "base_ht"))
        .join(Collectivite, Collectivite.id == lignes.c.collectivite_id)
        .group_by(lignes.c.collectivite_id, lignes.c.tva_pct, Collectivite.nom_recherche, Collectivite.id)
        .order_by(Collectivite.nom_recherche, Collectivite.id, lignes.c.tva_pct.desc())
    )


def bases_par_commande(campagne_id: int) -> Select[Any]:
    """The same of urgent orders, billed one by one: (order, rate, base), in the order of the factures."""
    goods = biens()
    return (
        select(LigneCommande.commande_id, goods.c.tva_pct, en_montant(func.sum(goods.c.net), "base_ht"))
        .join(Affectation, Affectation.id == goods.c.affectation_id)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .join(Collectivite, Collectivite.id == goods.c.collectivite_id)
        .where(goods.c.campagne_id == campagne_id)
        .group_by(LigneCommande.commande_id, goods.c.tva_pct, Collectivite.nom_recherche, Collectivite.id)
        .order_by(Collectivite.nom_recherche, Collectivite.id, LigneCommande.commande_id, goods.c.tva_pct.desc())
    )


def a_crediter_membres() -> Subquery:
    """Affectations whose réfactions pass what is left to bill: an avoir must settle them."""
    toutes = affectations_de_membres().subquery("affectations")
    return select(toutes).where(toutes.c.net < 0).subquery("a_crediter")


def quand(condition: ColumnElement[bool], valeur: Any) -> ColumnElement[Any]:
    """The sum of `valeur` where `condition` holds, 0 when nowhere."""
    return func.coalesce(func.sum(case((condition, valeur), else_=0)), 0)
