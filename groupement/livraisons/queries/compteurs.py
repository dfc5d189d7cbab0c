"""How many deliveries wait for somebody: one statement each, for the to-do lists and the tabs."""

from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, select

from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import NON_DECIDEES, est_en_retard
from groupement.livraisons.states import EtatLivraison
from groupement.socle.db import db


def _combien(*conditions: ColumnElement[bool]) -> int:
    """How many deliveries meet them all."""
    return db.session.scalar(select(func.count()).select_from(Livraison).where(*conditions)) or 0


def a_recevoir(collectivite_id: int) -> int:
    """Deliveries a body expects, or whose second presentation it waits for."""
    attendues = Livraison.etat.in_((EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE))
    return _combien(Livraison.collectivite_id == collectivite_id, attendues)


def a_decider() -> int:
    """Deliveries signalled: something is missing, damaged or wrong, and the buyer must say what follows."""
    return _combien(Livraison.etat == EtatLivraison.EN_VERIFICATION)


def en_retard(le: date) -> int:
    """Deliveries whose day is past and that nobody has received."""
    return _combien(est_en_retard(le))


def a_faire(le: date) -> dict[str, int]:
    """The same, and `admissibles`: received whole and sound, that one click admits. One statement."""
    return dict(db.session.execute(_a_faire(), {"le": le}).one()._mapping)


@cache
def _a_faire() -> Select[*tuple[int, ...]]:
    """The select of these, built once."""
    admissibles = select(func.count()).select_from(Livraison).where(recue_sans_reserve())
    return _comptes().add_columns(admissibles.scalar_subquery().label("admissibles"))


def comptes(le: date) -> dict[str, int]:
    """How many are late, to decide, and received without reserve: the figures of the buyer's tabs. One statement."""
    return dict(db.session.execute(_comptes(), {"le": le}).one()._mapping)


@cache
def _comptes() -> Select[*tuple[int, ...]]:
    """The select of these figures, built once: it waits for the day `le`."""
    voulus = {
        "en-retard": est_en_retard(bindparam("le")),
        "a-decider": Livraison.etat == EtatLivraison.EN_VERIFICATION,
        "sans-reserve": Livraison.etat == EtatLivraison.LIVREE,
    }
    sommes = (func.coalesce(func.sum(case((vrai, 1), else_=0)), 0).label(nom) for nom, vrai in voulus.items())
    return select(*sommes).where(Livraison.etat.in_((EtatLivraison.ANNONCEE, *NON_DECIDEES)))


def recue_sans_reserve() -> ColumnElement[bool]:
    """Received, every piece of it, none refused."""
    reserve = exists(
        select(LigneLivraison.id).where(
            LigneLivraison.livraison_id == Livraison.id,
            (LigneLivraison.unites_livrees != LigneLivraison.unites_attendues) | (LigneLivraison.unites_refusees > 0),
        )
    )
    return (Livraison.etat == EtatLivraison.LIVREE) & ~reserve


def verification_echue(le: date) -> ColumnElement[bool]:
    """Received, not decided, and the time to check it has run out before `le`."""
    return Livraison.etat.in_(NON_DECIDEES) & (Livraison.a_verifier_avant_le < le)
