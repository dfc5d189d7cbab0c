"""Deliveries: the door to one, the list, what a page shows of it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, undefer

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur, Fournisseur, Lot
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon
from groupement.livraisons.models import Decision, LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Evenement

FRAICHE = {"populate_existing": True}
NON_DECIDEES = (EtatLivraison.LIVREE, EtatLivraison.EN_VERIFICATION)


def parmi(colonne: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """`colonne IN (…)` with the numbers written in the statement: engines limit how many can be bound to it."""
    return colonne.in_(bindparam(None, list(ids), expanding=True, literal_execute=True))


def bons_du_fournisseur(utilisateur_id: int) -> Select[int]:
    """The bons of the suppliers a person acts for."""
    return (
        select(BonDeCommande.id)
        .join(AccesFournisseur, AccesFournisseur.fournisseur_id == BonDeCommande.fournisseur_id)
        .where(AccesFournisseur.utilisateur_id == utilisateur_id)
    )


def perimetre(contexte: Contexte) -> ColumnElement[bool]:
    """The deliveries somebody may see: all for the Centre de gestion, else their body's, or their supplier's."""
    if contexte.est_cdg:
        return true()
    if contexte.collectivite_id is not None:
        return Livraison.collectivite_id == contexte.collectivite_id
    if contexte.a_role(Role.FOURNISSEUR):
        return Livraison.bon_id.in_(bons_du_fournisseur(contexte.utilisateur_id))
    return false()


def livraison_visible(livraison_id: int, contexte: Contexte, verrou: bool = False) -> Livraison:
    """The delivery with its bon, lot, supplier, body and place, if this person may see it; 404 otherwise.

    With `verrou`, its campagne is held first, so that whatever is decided on a campagne comes one after the other,
    then the delivery, read afresh.
    """
    voulue = select(Livraison).where(Livraison.id == livraison_id, perimetre(contexte))
    if not verrou:
        return db.one_or_404(voulue.options(*entete()))
    verrouiller_ecriture()
    verrouiller_les_campagnes(Livraison.id == livraison_id)
    tenue = voulue.with_for_update(of=Livraison).execution_options(**FRAICHE)
    db.one_or_404(tenue)
    return db.one_or_404(voulue.options(*entete()).execution_options(**FRAICHE))


def verrouiller_les_campagnes(condition: ColumnElement[bool]) -> None:
    """Hold the campagnes of these deliveries until the commit, in the order of their ids."""
    campagnes = select(BonDeCommande.campagne_id).join(Livraison, Livraison.bon_id == BonDeCommande.id).where(condition)
    db.session.execute(select(Campagne.id).where(Campagne.id.in_(campagnes)).order_by(Campagne.id).with_for_update())


def entete() -> Sequence[Any]:
    """What every page says of a delivery, in one statement."""
    bon = joinedload(Livraison.bon, innerjoin=True)
    return (
        bon.joinedload(BonDeCommande.lot, innerjoin=True).joinedload(Lot.marche, innerjoin=True),
        bon.joinedload(BonDeCommande.fournisseur, innerjoin=True),
        bon.joinedload(BonDeCommande.campagne, innerjoin=True).joinedload(Campagne.depot, innerjoin=True),
        joinedload(Livraison.collectivite),
        joinedload(Livraison.point_de_livraison),
    )


def articles_de(livraison_id: int) -> Sequence[Any]:
    """A row per article of a delivery, its lines summed: at the depot, a line is only one body's share.

    Columns: ligne_bon_id, reference, designation, unite, unites_par_colis, lignes, attendues, livrees, refusees,
    admises, refaction_ht, motif, commentaire, photo_id.
    """
    sommes: tuple[tuple[str, Any], ...] = (
        ("lignes", func.count(LigneLivraison.id)),
        ("attendues", func.sum(LigneLivraison.unites_attendues)),
        ("livrees", func.sum(LigneLivraison.unites_livrees)),
        ("refusees", func.sum(LigneLivraison.unites_refusees)),
        ("admises", func.sum(LigneLivraison.unites_admises)),
        ("refaction_ht", func.sum(LigneLivraison.refaction_ht)),
        ("motif", func.max(LigneLivraison.motif)),
        ("commentaire", func.max(LigneLivraison.commentaire)),
        ("photo_id", func.max(LigneLivraison.photo_id)),
    )
    article = (LigneBon.reference, LigneBon.designation, LigneBon.unite, LigneBon.unites_par_colis)
    return db.session.execute(
        select(LigneBon.id.label("ligne_bon_id"), *article, *(somme.label(nom) for nom, somme in sommes))
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneLivraison.livraison_id == livraison_id)
        .group_by(LigneBon.id, *article)
        .order_by(LigneBon.id)
    ).all()


def lignes_de(livraison_id: int, ligne_bon_ids: Collection[int] | None = None) -> Sequence[LigneLivraison]:
    """The lines of a delivery with their affectation and body, by article and rank, the depot's own last."""
    voulues = (
        select(LigneLivraison)
        .join(LigneLivraison.affectation)
        .outerjoin(Affectation.collectivite)
        .where(LigneLivraison.livraison_id == livraison_id)
        .order_by(Affectation.ligne_bon_id, Affectation.collectivite_id.is_(None), Affectation.rang, LigneLivraison.id)
        .options(contains_eager(LigneLivraison.affectation).contains_eager(Affectation.collectivite))
        .execution_options(**FRAICHE)
    )
    if ligne_bon_ids is not None:
        voulues = voulues.where(Affectation.ligne_bon_id.in_(ligne_bon_ids))
    return db.session.scalars(voulues).all()


def signales_ailleurs(livraison_id: int) -> Sequence[Any]:
    """(designation, reference, refusees, motif): articles of this delivery refused by others, most refused first.

    When one body finds damage, the others are asked to look at theirs. One statement.
    """
    siens = (
        select(Affectation.ligne_bon_id)
        .join(LigneLivraison, LigneLivraison.affectation_id == Affectation.id)
        .where(LigneLivraison.livraison_id == livraison_id)
    )
    refusees = func.sum(LigneLivraison.unites_refusees)
    return db.session.execute(
        select(
            *(LigneBon.designation, LigneBon.reference),
            refusees.label("refusees"),
            func.max(LigneLivraison.motif).label("motif"),
        )
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.id.in_(siens), LigneLivraison.livraison_id != livraison_id, LigneLivraison.unites_refusees > 0)
        .group_by(LigneBon.id, LigneBon.designation, LigneBon.reference)
        .order_by(refusees.desc(), LigneBon.id)
    ).all()


def decisions_de(livraison_id: int) -> Sequence[Decision]:
    """What was decided on a delivery, the latest first."""
    return db.session.scalars(
        select(Decision).where(Decision.livraison_id == livraison_id).order_by(Decision.id.desc())
    ).all()


def evenements_de(livraison_id: int) -> Sequence[Evenement]:
    """What the journal says of a delivery, the latest first."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == "livraison", Evenement.objet_id == livraison_id)
        .order_by(Evenement.id.desc())
        .limit(50)
    ).all()


def parente_de(livraison: Livraison) -> Sequence[Livraison]:
    """The delivery this one completes, and those that complete it."""
    liees = or_(Livraison.id == livraison.reliquat_de_id, Livraison.reliquat_de_id == livraison.id)
    return db.session.scalars(select(Livraison).where(liees).order_by(Livraison.id)).all()


def photo_visible(photo_id: int, contexte: Contexte) -> Fichier:
    """The photograph with its bytes, if its delivery may be seen; 404 otherwise."""
    vue = (
        select(LigneLivraison.photo_id)
        .join(Livraison, Livraison.id == LigneLivraison.livraison_id)
        .where(LigneLivraison.photo_id == photo_id, perimetre(contexte))
    )
    return db.one_or_404(select(Fichier).where(Fichier.id == photo_id, Fichier.id.in_(vue)).options(undefer("*")))


def est_en_retard(le: date | BindParameter[date]) -> ColumnElement[bool]:
    """Expected, and the day is past."""
    return (Livraison.etat == EtatLivraison.ANNONCEE) & (Livraison.attendue_le < le)


def liste_des_livraisons(contexte: Contexte, le: date, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The deliveries somebody may see, what is late first, then by day expected: a select for a list.

    Columns: Livraison, numero, fournisseur, collectivite, lieu, unites, retard.
    """
    unites = (
        select(func.sum(LigneLivraison.unites_attendues))
        .where(LigneLivraison.livraison_id == Livraison.id)
        .scalar_subquery()
    )
    urgence = case((est_en_retard(le), 0), (Livraison.etat == EtatLivraison.ANNONCEE, 1), else_=2)
    return (
        select(
            Livraison,
            BonDeCommande.numero.label("numero"),
            Fournisseur.nom.label("fournisseur"),
            Collectivite.nom.label("collectivite"),
            PointDeLivraison.libelle.label("lieu"),
            unites.label("unites"),
            est_en_retard(le).label("retard"),
        )
        .join(Livraison.bon)
        .join(Fournisseur, Fournisseur.id == BonDeCommande.fournisseur_id)
        .outerjoin(Collectivite, Collectivite.id == Livraison.collectivite_id)
        .outerjoin(PointDeLivraison, PointDeLivraison.id == Livraison.point_de_livraison_id)
        .where(perimetre(contexte), *conditions)
        .order_by(urgence, Livraison.attendue_le, Livraison.id)
    )


def bons_en_cours() -> Sequence[Any]:
    """(id, numero) of the bons something was expected from, the latest first: for a filter."""
    return db.session.execute(
        select(BonDeCommande.id, BonDeCommande.numero)
        .where(BonDeCommande.id.in_(select(Livraison.bon_id)))
        .order_by(BonDeCommande.id.desc())
        .limit(100)
    ).all()


def fournisseurs_attendus() -> Sequence[Any]:
    """(id, nom) of the suppliers something was expected from, by name: for a filter."""
    attendus = select(BonDeCommande.fournisseur_id).join(Livraison, Livraison.bon_id == BonDeCommande.id)
    return db.session.execute(
        select(Fournisseur.id, Fournisseur.nom).where(Fournisseur.id.in_(attendus)).order_by(Fournisseur.nom)
    ).all()
