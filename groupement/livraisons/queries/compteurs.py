"""How many deliveries wait for somebody: one statement each, for the to-do lists and the tabs."""

from datetime import date

from sqlalchemy import ColumnElement, case, exists, func, select

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


def sans_reserve() -> int:
    """Deliveries received whole and sound, that one click admits."""
    return _combien(recue_sans_reserve())


def en_retard(le: date) -> int:
    """Deliveries whose day is past and that nobody has received."""
    return _combien(est_en_retard(le))


def comptes(le: date) -> dict[str, int]:
    """How many are late, to decide, and received without reserve: the figures of the buyer's tabs. One statement."""
    voulus = {
        "en-retard": est_en_retard(le),
        "a-decider": Livraison.etat == EtatLivraison.EN_VERIFICATION,
        "sans-reserve": Livraison.etat == EtatLivraison.LIVREE,
    }
    sommes = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in voulus.values())
    attendues = Livraison.etat.in_((EtatLivraison.ANNONCEE, *NON_DECIDEES))
    return dict(zip(voulus, db.session.execute(select(*sommes).where(attendues)).one(), strict=True))


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
