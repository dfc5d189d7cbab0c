"""Deliveries still to come follow their bon when it is revised or cancelled: by sets, however many members."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    update,
)

from groupement.commandes.models import Affectation, LigneBon
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import parmi
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db

# To come, nothing seen of it, and the supplier has named no day nor slip: only these follow the bon.
OUVERTE = (
    (Livraison.etat == EtatLivraison.ANNONCEE)
    & Livraison.livree_le.is_(None)
    & Livraison.annoncee_pour.is_(None)
    & (Livraison.bordereau == "")
)
SANS_SYNCHRONISER = {"synchronize_session": False}


def retirables(bon_id: int) -> dict[int, int]:
    """Pieces neither delivered nor announced, by affectation. One statement.

    An affectation of which a delivery, received without it, speaks already keeps a piece: what is not to come any
    more is decided there.
    """
    autres = func.count(case((~OUVERTE, LigneLivraison.id)))
    ouvertes = func.sum(case((OUVERTE, LigneLivraison.unites_attendues), else_=0))
    lignes = db.session.execute(
        select(LigneLivraison.affectation_id, Affectation.unites, ouvertes, autres)
        .join(Livraison, Livraison.id == LigneLivraison.livraison_id)
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .where(Livraison.bon_id == bon_id)
        .group_by(LigneLivraison.affectation_id, Affectation.unites)
    )
    return {cle: min(int(libres), unites - 1) if ailleurs else int(libres) for cle, unites, libres, ailleurs in lignes}


def est_en_route(bon_id: int) -> bool:
    """Whether a delivery of the bon is made, or announced."""
    return bool(db.session.scalar(select(exists().where(Livraison.bon_id == bon_id, ~OUVERTE))))


def oublier(bon_id: int, affectation_ids: Collection[int] | None = None) -> None:
    """Remove what is to come: all of it, or what these affectations have in it."""
    siennes = true() if affectation_ids is None else parmi(LigneLivraison.affectation_id, affectation_ids)
    db.session.execute(
        delete(LigneLivraison).where(LigneLivraison.livraison_id.in_(_ouvertes(bon_id)), siennes),
        execution_options=SANS_SYNCHRONISER,
    )
    _retirer_les_vides(bon_id)


def suivre(bon_id: int, retirees: Mapping[int, int], *, avant: date, apres: date) -> None:
    """Put the deliveries to come in step with the affectations named in `retirees`, and with the deadline.

    At most nine statements: lines with nothing more to come, quantities, places that none went to before, the depot's
    own lines, moves, empty deliveries, days.
    """
    db.session.flush()
    if retirees:
        _compter(bon_id, retirees)
        _ouvrir_les_lieux(bon_id, retirees, apres)
        _ajouter_les_lignes(bon_id, retirees)
        _deplacer(bon_id, retirees)
        _retirer_les_vides(bon_id)
    if avant != apres:
        db.session.execute(
            update(Livraison)
            .where(Livraison.bon_id == bon_id, OUVERTE, Livraison.attendue_le == avant)
            .values(attendue_le=apres),
            execution_options=SANS_SYNCHRONISER,
        )
    db.session.expire_all()


def _ouvertes(bon_id: int) -> Select[int]:
    """The deliveries of the bon that follow it."""
    return select(Livraison.id).where(Livraison.bon_id == bon_id, OUVERTE)


def _compter(bon_id: int, retirees: Mapping[int, int]) -> None:
    """The pieces expected of each affectation: two statements, however many."""
    table = LigneLivraison.__table__
    siennes = (table.c.affectation_id == bindparam("affectation")) & table.c.livraison_id.in_(_ouvertes(bon_id))
    changees = [{"affectation": cle, "retirees": unites} for cle, unites in retirees.items() if unites]
    if changees:
        connexion, moins = db.session.connection(), bindparam("retirees", type_=Integer)
        connexion.execute(delete(table).where(siennes, table.c.unites_attendues <= moins), changees)
        reste = table.c.unites_attendues - moins
        connexion.execute(update(table).where(siennes).values(unites_attendues=reste), changees)


def _meme_lieu() -> ColumnElement[bool]:
    """A delivery and an affectation at the same place, the depot being one."""
    return func.coalesce(Livraison.point_de_livraison_id, 0) == func.coalesce(Affectation.point_de_livraison_id, 0)


def _du_bon(bon_id: int, retirees: Mapping[int, int]) -> ColumnElement[bool]:
    """The affectations concerned."""
    siennes = select(LigneBon.id).where(LigneBon.bon_id == bon_id)
    return parmi(Affectation.id, retirees) & Affectation.ligne_bon_id.in_(siennes)


def _ouvrir_les_lieux(bon_id: int, retirees: Mapping[int, int], le: date) -> None:
    """A delivery for each place that none of the bon goes to yet: a body that moves, more at the depot."""
    membre = case((Affectation.point_de_livraison_id.is_not(None), Affectation.collectivite_id))
    deja = exists(select(Livraison.id).where(Livraison.bon_id == bon_id, OUVERTE, _meme_lieu()))
    lieux = (
        select(
            *(literal(bon_id), membre, Affectation.point_de_livraison_id),
            *(literal(EtatLivraison.ANNONCEE.value, String), literal(le, Date)),
            *(literal("", String), literal("", String), literal("", String), literal(1)),
        )
        .where(_du_bon(bon_id, retirees), ~deja)
        .distinct()
    )
    colonnes = (
        *("bon_id", "collectivite_id", "point_de_livraison_id", "etat", "attendue_le"),
        *("bordereau", "receptionnee_par", "observations", "version"),
    )
    db.session.execute(insert(Livraison).from_select(colonnes, lieux, include_defaults=False))


def _la_livraison(bon_id: int) -> Select[int]:
    """The delivery to come where an affectation now goes."""
    return select(func.min(Livraison.id)).where(Livraison.bon_id == bon_id, OUVERTE, _meme_lieu())


def _ajouter_les_lignes(bon_id: int, retirees: Mapping[int, int]) -> None:
    """Affectations that expected nothing and now do: a surplus of the depot that was not there, or had come."""
    suivies = select(LigneLivraison.affectation_id).where(LigneLivraison.livraison_id.in_(_ouvertes(bon_id)))
    voulues = _du_bon(bon_id, retirees) & Affectation.collectivite_id.is_(None) & Affectation.id.not_in(suivies)
    vers = _la_livraison(bon_id).correlate(Affectation).scalar_subquery()
    nouvelles = db.session.execute(select(Affectation.id, vers).where(voulues)).all()
    if nouvelles:
        lignes = [{"affectation_id": a, "livraison_id": li, "unites_attendues": -retirees[a]} for a, li in nouvelles]
        db.session.execute(insert(LigneLivraison), lignes)


def _deplacer(bon_id: int, retirees: Mapping[int, int]) -> None:
    """Lines join the delivery of the place their affectation now goes to."""
    vers = (
        select(func.min(Livraison.id))
        .where(Livraison.bon_id == bon_id, OUVERTE, _meme_lieu(), Affectation.id == LigneLivraison.affectation_id)
        .correlate(LigneLivraison)
        .scalar_subquery()
    )
    concernees = select(Affectation.id).where(_du_bon(bon_id, retirees))
    db.session.execute(
        update(LigneLivraison)
        .where(LigneLivraison.livraison_id.in_(_ouvertes(bon_id)), LigneLivraison.affectation_id.in_(concernees))
        .values(livraison_id=vers),
        execution_options=SANS_SYNCHRONISER,
    )


def _retirer_les_vides(bon_id: int) -> None:
    """A delivery of which nothing is to come is no delivery."""
    pleine = exists(select(LigneLivraison.id).where(LigneLivraison.livraison_id == Livraison.id))
    db.session.execute(
        delete(Livraison).where(Livraison.bon_id == bon_id, OUVERTE, ~pleine), execution_options=SANS_SYNCHRONISER
    )
