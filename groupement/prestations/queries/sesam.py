"""SESAM: who takes part in a year, what is called, billed, kept, owed and paid over."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import contains_eager

from groupement.adherents.models import Collectivite
from groupement.adherents.queries import Demandeur
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.prestations.models import AdhesionSesam, Prestation, ReversementSesam
from groupement.prestations.queries.missions import perimetre as perimetre_des_missions
from groupement.prestations.rules.sesam import Reversement
from groupement.prestations.states import EtatPrestation
from groupement.socle.db import Montant, db, verrouiller_ecriture

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Compte:
    """The contributions of a year, in number and in € HT: called, billed, what avoirs took off, what is left."""

    membres: int
    appelees: int
    facturees: int
    appele_ht: Decimal
    garde_ht: Decimal
    du_cdg59_ht: Decimal
    facture_ht: Decimal
    credite_ht: Decimal
    reversement: Reversement

    @property
    def a_appeler(self) -> int:
        """Members of the year who have not been called."""
        return self.membres - self.appelees

    @property
    def net_ht(self) -> Decimal:
        """Billed, less what avoirs took off."""
        return self.facture_ht - self.credite_ht

    @property
    def garde_net_ht(self) -> Decimal:
        """What CdG62 keeps of it: all that CDG59 is not owed."""
        return self.net_ht - self.reversement.part_facturee_ht


def de_l_annee(annee: int) -> ColumnElement[bool]:
    """The membership runs in that year."""
    return (AdhesionSesam.depuis <= annee) & or_(AdhesionSesam.jusqu_en.is_(None), AdhesionSesam.jusqu_en >= annee)


def appelee_en(annee: int) -> ColumnElement[bool]:
    """The contribution of that year of the body of a membership, not withdrawn."""
    return and_(
        Prestation.collectivite_id == AdhesionSesam.collectivite_id,
        Prestation.annee_sesam == annee,
        Prestation.etat != EtatPrestation.RETIREE,
    )


def membres(annee: int, recherche: str = "") -> Any:
    """(membership, contribution or nothing) of a year, by name: a select for a list."""
    return (
        select(AdhesionSesam, Prestation)
        .join(AdhesionSesam.collectivite)
        .outerjoin(Prestation, appelee_en(annee))
        .options(contains_eager(AdhesionSesam.collectivite))
        .where(de_l_annee(annee), *[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Collectivite.nom_recherche, AdhesionSesam.id)
    )


def adhesions(recherche: str = "") -> Select[Any]:
    """Every membership, by name, the latest first: a select for a list."""
    return (
        select(AdhesionSesam)
        .join(AdhesionSesam.collectivite)
        .options(contains_eager(AdhesionSesam.collectivite))
        .where(*[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Collectivite.nom_recherche, AdhesionSesam.depuis.desc(), AdhesionSesam.id)
    )


def adhesion_visible(adhesion_id: int, contexte: Demandeur, *, verrou: bool = False) -> AdhesionSesam:
    """The membership, for whoever follows SESAM at the Centre de gestion, or its own body; 404 otherwise."""
    voulue = (
        select(AdhesionSesam)
        .join(AdhesionSesam.collectivite)
        .options(contains_eager(AdhesionSesam.collectivite))
        .where(AdhesionSesam.id == adhesion_id, _perimetre(contexte, AdhesionSesam.collectivite_id))
    )
    if verrou:
        verrouiller_ecriture()
        voulue = voulue.with_for_update(of=AdhesionSesam).execution_options(populate_existing=True)
    adhesion: AdhesionSesam = db.one_or_404(voulue)
    return adhesion


def prestation_visible(prestation_id: int, contexte: Demandeur, *, verrou: bool = False) -> Prestation:
    """What is to bill, with its body, if this person may see it; 404 otherwise."""
    voulue = (
        select(Prestation)
        .join(Prestation.collectivite)
        .options(contains_eager(Prestation.collectivite))
        .where(Prestation.id == prestation_id, _perimetre(contexte, Prestation.collectivite_id))
    )
    if verrou:
        verrouiller_ecriture()
        voulue = voulue.with_for_update(of=Prestation).execution_options(populate_existing=True)
    prestation: Prestation = db.one_or_404(voulue)
    return prestation


def _perimetre(contexte: Demandeur, collectivite_id: Any) -> ColumnElement[bool]:
    """As for missions: those of the Centre de gestion concerned, or the body itself."""
    if contexte.collectivite_id is None:
        return perimetre_des_missions(contexte)
    condition: ColumnElement[bool] = collectivite_id == contexte.collectivite_id
    return condition


def compte(annee: int) -> Compte:
    """The figures of a year. Two statements."""
    facturee = Prestation.etat == EtatPrestation.FACTUREE

    def somme(colonne: Any, *, facturees: bool = False) -> ColumnElement[Decimal]:
        """Sum of an amount over what is called, or over what is billed."""
        valeur = case((facturee, colonne), else_=None) if facturees else colonne
        return func.sum(valeur, type_=colonne.type)

    ligne = db.session.execute(
        select(
            func.count(),
            func.count(Prestation.id),
            func.count(case((facturee, 1))),
            somme(Prestation.montant_ht),
            somme(Prestation.part_cdg62_ht),
            somme(Prestation.part_cdg59_ht),
            somme(Prestation.montant_ht, facturees=True),
            somme(Prestation.credite_ht, facturees=True),
        )
        .select_from(AdhesionSesam)
        .outerjoin(Prestation, appelee_en(annee))
        .where(de_l_annee(annee))
    ).one()
    membres_, appelees, facturees, *montants = ligne
    appele, garde, du_cdg59, facture, credite = (montant or ZERO for montant in montants)
    return Compte(membres_, appelees, facturees, appele, garde, du_cdg59, facture, credite, reversement(annee))


def reversement(annee: int) -> Reversement:
    """CDG59's share of what is billed for a year less what avoirs took off it, and what was paid over. One statement.

    The rule is by the column `Prestation.credite_ht`, worked out here in whole centimes.
    """
    colonnes = (Prestation.montant_ht, Prestation.part_cdg59_ht, Prestation.credite_ht)
    montant, part_ht, credite = (type_coerce(colonne, BigInteger) for colonne in colonnes)
    due = (2 * part_ht * (montant - credite) + montant) // (2 * montant)
    part = (
        select(type_coerce(func.sum(due), Montant))
        .where(Prestation.annee_sesam == annee, Prestation.etat == EtatPrestation.FACTUREE)
        .scalar_subquery()
    )
    verse = (
        select(func.sum(ReversementSesam.montant_ht, type_=ReversementSesam.montant_ht.type))
        .where(ReversementSesam.annee == annee)
        .scalar_subquery()
    )
    facturee, versee = db.session.execute(select(part, verse)).one()
    return Reversement(facturee or ZERO, versee or ZERO)


def reversements(annee: int) -> Sequence[ReversementSesam]:
    """What was paid over for a year, the latest first."""
    return db.session.scalars(
        select(ReversementSesam)
        .where(ReversementSesam.annee == annee)
        .order_by(ReversementSesam.verse_le.desc(), ReversementSesam.id.desc())
    ).all()


def annees(jusqu_a: int) -> list[int]:
    """The years with members, up to that one, the latest first; that one alone when nobody ever took part."""
    premiere = db.session.scalar(select(func.min(AdhesionSesam.depuis)))
    return list(range(jusqu_a, min(premiere or jusqu_a, jusqu_a) - 1, -1))


def autres_annees(collectivite_id: int, sauf_id: int | None = None) -> list[tuple[int, int | None]]:
    """(from, to) of the memberships of a body, but for one of them."""
    voulues = select(AdhesionSesam.depuis, AdhesionSesam.jusqu_en).where(
        AdhesionSesam.collectivite_id == collectivite_id
    )
    if sauf_id is not None:
        voulues = voulues.where(AdhesionSesam.id != sauf_id)
    return [(depuis, jusqu_en) for depuis, jusqu_en in db.session.execute(voulues)]


def derniere_annee_appelee(collectivite_id: int) -> int | None:
    """The last year a body was called for, and not withdrawn."""
    return db.session.scalar(
        select(func.max(Prestation.annee_sesam)).where(
            Prestation.collectivite_id == collectivite_id, Prestation.etat != EtatPrestation.RETIREE
        )
    )


def de_la_collectivite(collectivite_id: int) -> tuple[Sequence[AdhesionSesam], Sequence[Prestation]]:
    """The memberships of a body and its contributions not withdrawn, the latest first. Two statements."""
    siennes = db.session.scalars(
        select(AdhesionSesam)
        .where(AdhesionSesam.collectivite_id == collectivite_id)
        .order_by(AdhesionSesam.depuis.desc())
    ).all()
    appelees = db.session.scalars(
        select(Prestation)
        .where(
            Prestation.collectivite_id == collectivite_id,
            Prestation.annee_sesam.is_not(None),
            Prestation.etat != EtatPrestation.RETIREE,
        )
        .order_by(Prestation.annee_sesam.desc())
    ).all()
    return siennes, appelees
