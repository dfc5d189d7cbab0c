"""The bons de commande: the doors, the register, what each one says and where its goods go.

The Centre de gestion sees every bon, a supplier its own only.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, String, case, cast, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur, Fournisseur, Lot, Marche
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon, LigneCommande, PartDePort
from groupement.commandes.queries.echanges import a_repondre
from groupement.commandes.states import EN_COURS_D_EXECUTION, SANS_EFFET, EtatBonDeCommande
from groupement.socle.courriels import Courriel
from groupement.socle.db import db, verrouiller_ecriture


def perimetre_bons(contexte: Contexte) -> ColumnElement[bool]:
    """The bons somebody may see: all for the Centre de gestion, those sent to it for a supplier."""
    if contexte.est_cdg:
        return true()
    if not contexte.a_role(Role.FOURNISSEUR):
        return false()
    siens = select(AccesFournisseur.fournisseur_id).where(AccesFournisseur.utilisateur_id == contexte.utilisateur_id)
    return BonDeCommande.fournisseur_id.in_(siens)


def bon_visible(bon_id: int, contexte: Contexte, *, verrou: bool = False) -> BonDeCommande:
    """The bon with its lot, campagne, marché and supplier; 404 for whom it does not concern."""
    return bon_parmi((BonDeCommande.id == bon_id) & perimetre_bons(contexte), verrou=verrou) or abort(404)


def bon_parmi(lequel: ColumnElement[bool], *, verrou: bool = False) -> BonDeCommande | None:
    """The bon, with what its pages name; held until the commit when it is to change. None when there is none."""
    if verrou:
        verrouiller_ecriture()
        db.session.execute(select(BonDeCommande.id).where(lequel).with_for_update(of=BonDeCommande))
    voulu = _entete(select(BonDeCommande).where(lequel)).execution_options(populate_existing=verrou)
    return db.session.scalars(voulu).unique().one_or_none()


def bon_a_envoyer(bon_id: int) -> BonDeCommande:
    """The bon for a paper nobody asks for in person: a mail that leaves."""
    return db.session.scalars(_entete(select(BonDeCommande).where(BonDeCommande.id == bon_id))).unique().one()


def _entete(voulu: Select[BonDeCommande]) -> Select[BonDeCommande]:
    """What every page and paper of a bon names, in the same statement."""
    return voulu.options(
        joinedload(BonDeCommande.lot, innerjoin=True).joinedload(Lot.titulaires),
        joinedload(BonDeCommande.fournisseur, innerjoin=True),
        joinedload(BonDeCommande.remplace),
        joinedload(BonDeCommande.campagne, innerjoin=True).options(
            joinedload(Campagne.marche, innerjoin=True), joinedload(Campagne.depot, innerjoin=True)
        ),
    )


def bons(
    contexte: Contexte,
    *,
    recherche: str = "",
    lot_id: int | None = None,
    fournisseur_id: int | None = None,
    campagne_id: int | None = None,
    etat: EtatBonDeCommande | None = None,
    en_retard_le: date | None = None,
    reponse_attendue: bool = False,
) -> Select[BonDeCommande]:
    """The register, the latest first, narrowed by what is given; `en_retard_le`: those still due that day.

    `reponse_attendue`: those whose supplier waits for an answer; each says so itself, in `attend_reponse`.
    """
    attend = a_repondre()
    filtres = {
        BonDeCommande.lot_id: lot_id,
        BonDeCommande.fournisseur_id: fournisseur_id,
        BonDeCommande.campagne_id: campagne_id,
        BonDeCommande.etat: etat,
    }
    cherchees = (BonDeCommande.numero, BonDeCommande.lieu, Fournisseur.nom)
    trouve = or_(*(colonne.icontains(recherche, autoescape=True) for colonne in cherchees))
    return (
        select(BonDeCommande)
        .join(BonDeCommande.lot)
        .join(BonDeCommande.fournisseur)
        .join(BonDeCommande.campagne)
        .options(*(contains_eager(lien) for lien in (BonDeCommande.lot, BonDeCommande.fournisseur)))
        .options(contains_eager(BonDeCommande.campagne))
        .where(perimetre_bons(contexte), trouve if recherche else true())
        .options(with_expression(BonDeCommande.attend_reponse, attend))
        .where(true() if en_retard_le is None else en_retard(en_retard_le), attend if reponse_attendue else true())
        .where(*(colonne == valeur for colonne, valeur in filtres.items() if valeur is not None))
        .order_by(BonDeCommande.emis_le.desc(), BonDeCommande.id.desc())
    )


def en_retard(le: date) -> ColumnElement[bool]:
    """Past their deadline on a day, and not wholly delivered."""
    return BonDeCommande.etat.in_(EN_COURS_D_EXECUTION) & (BonDeCommande.a_livrer_avant_le < le)


def plafonds_des_lots(lot_ids: Collection[int]) -> Sequence[Any]:
    """(Lot, marche, engage_ht) of these lots, for their gauges; cancelled bons do not count. One statement."""
    vivants = (BonDeCommande.lot_id == Lot.id) & BonDeCommande.etat.not_in(SANS_EFFET)
    return db.session.execute(
        select(Lot, Marche.numero.label("marche"), func.sum(BonDeCommande.total_ht).label("engage_ht"))
        .join(Marche, Marche.id == Lot.marche_id)
        .outerjoin(BonDeCommande, vivants)
        .where(Lot.id.in_(set(lot_ids)))
        .group_by(Lot.id, Marche.numero)
        .order_by(Marche.numero, Lot.numero)
    ).all()


def bons_de(campagne_id: int) -> Sequence[BonDeCommande]:
    """The bons a campagne gave, by lot."""
    return db.session.scalars(
        select(BonDeCommande)
        .join(BonDeCommande.lot)
        .join(BonDeCommande.fournisseur)
        .options(contains_eager(BonDeCommande.lot), contains_eager(BonDeCommande.fournisseur))
        .where(BonDeCommande.campagne_id == campagne_id)
        .order_by(Lot.numero, BonDeCommande.id)
    ).all()


def choix_du_registre() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """(id, name) of the lots, suppliers and campagnes that have bons, for the filters. One statement."""
    lignes = db.session.execute(
        select(Lot.id, Lot.numero, Lot.intitule, Fournisseur.id, Fournisseur.nom, Campagne.id, Campagne.intitule)
        .select_from(BonDeCommande)
        .join(BonDeCommande.lot)
        .join(BonDeCommande.fournisseur)
        .join(BonDeCommande.campagne)
        .distinct()
        .order_by(Campagne.id.desc(), Lot.numero, Lot.id)
    ).all()
    lots = {ligne[0]: f"Lot {ligne[1]}, {ligne[2]}" for ligne in lignes}
    fournisseurs = {ligne[3]: ligne[4] for ligne in lignes}
    return (
        list(lots.items()),
        sorted(fournisseurs.items(), key=lambda c: c[1]),
        [*{ligne[5]: ligne[6] for ligne in lignes}.items()],
    )


def lignes_du_bon(bon_id: int) -> Sequence[LigneBon]:
    """The articles of a bon, as ordered."""
    return db.session.scalars(select(LigneBon).where(LigneBon.bon_id == bon_id).order_by(LigneBon.id)).all()


def taux_du_port(bon_id: int) -> Any:
    """The VAT rate of the shipping of a bon; None when it carries none."""
    return db.session.scalar(select(PartDePort.tva_pct).where(PartDePort.bon_id == bon_id).limit(1))


def lieux_du_bon(bon_id: int, recherche: str = "") -> Select[*tuple[Any, ...]]:
    """(PointDeLivraison or None for the depot, Collectivite or None, articles, units) of each place, by name."""
    recherchee = Collectivite.nom_recherche.contains(recherche, autoescape=True) if recherche else true()
    recus = (  # summed before the names are joined: a place is looked up once, not once an article
        select(
            Affectation.point_de_livraison_id,
            func.count(Affectation.article_id.distinct()).label("articles"),
            func.sum(Affectation.unites).label("unites"),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == bon_id)
        .group_by(Affectation.point_de_livraison_id)
        .subquery("recus")
    )
    return (
        select(PointDeLivraison, Collectivite, recus.c.articles, recus.c.unites)
        .select_from(recus)
        .outerjoin(PointDeLivraison, PointDeLivraison.id == recus.c.point_de_livraison_id)
        .outerjoin(Collectivite, Collectivite.id == PointDeLivraison.collectivite_id)
        .where(recherchee)
        .order_by(*ordre_des_lieux())
    )


def ordre_des_lieux() -> tuple[Any, ...]:
    """Places by the name of their body, the depot last: on the page, on the paper and in the file alike."""
    return (
        case((PointDeLivraison.id.is_(None), 1), else_=0),
        Collectivite.nom_recherche,
        PointDeLivraison.libelle,
        PointDeLivraison.id,
    )


def contenu_des_lieux(bon_id: int, point_ids: Sequence[int | None] | None = None) -> Sequence[Any]:
    """What each place receives, article by article: the place, its body, the order it answers, the article, units.

    What members collect at the depot and the depot's own surplus are one line an article there. `point_ids` narrows
    the question to some places (None among them: the depot). One statement.
    """
    requete = (
        select(
            PointDeLivraison,
            Collectivite,
            LigneBon,
            case((PointDeLivraison.id.is_not(None), func.max(LigneCommande.commande_id))).label("commande_id"),
            func.sum(Affectation.unites).label("unites"),
        )
        .select_from(Affectation)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .outerjoin(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .outerjoin(PointDeLivraison, PointDeLivraison.id == Affectation.point_de_livraison_id)
        .outerjoin(Collectivite, Collectivite.id == PointDeLivraison.collectivite_id)
        .where(LigneBon.bon_id == bon_id)
        .group_by(PointDeLivraison.id, Collectivite.id, LigneBon.id)
        .order_by(*ordre_des_lieux(), LigneBon.id)
    )
    if point_ids is not None:
        connus = [point_id for point_id in point_ids if point_id is not None]
        au_depot = Affectation.point_de_livraison_id.is_(None) if None in point_ids else false()
        requete = requete.where(or_(Affectation.point_de_livraison_id.in_(connus), au_depot))
    return db.session.execute(requete).all()


def courriels_du_bon(bon_id: int) -> Sequence[Courriel]:
    """The mails that carried the bon, the latest first."""
    nom = f'%"bon_de_commande:{bon_id}"%'
    return db.session.scalars(
        select(Courriel).where(cast(Courriel.pieces, String).like(nom)).order_by(Courriel.id.desc())
    ).all()
