"""Factures to deposit on Chorus Pro or in the finance software, those chosen among them, and the deposits made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true

from groupement.adherents.models import Collectivite
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.documents.tableur import Colonne, ecrire_csv
from groupement.refacturation.models import ErreurDeTransmission, Facture, FactureTransmise, Transmission
from groupement.refacturation.queries.montants import centimes, en_montant
from groupement.refacturation.states import ETATS_DUS
from groupement.socle.db import db, verrouiller_ecriture

PAR_ARCHIVE = 100
SERVICE, INCOMPLETE = "service", "incomplete"  # what narrows the list by what Chorus Pro asks for
SIRET = Facture.fige[("debiteur", "siret")].as_string()
CODE_SERVICE = Facture.fige["code_service"].as_string()
ENGAGEMENT = Facture.fige["engagement"].as_string()
MANQUE = or_(
    SIRET == "",
    and_(Collectivite.chorus_service_requis, CODE_SERVICE == ""),
    and_(Collectivite.chorus_engagement_requis, ENGAGEMENT == ""),
)
BORDEREAU = (
    Colonne("numero", "Numéro"),
    Colonne("siret", "SIRET du destinataire"),
    Colonne("code_service", "Code service"),
    Colonne("engagement", "Engagement"),
    Colonne("total_ttc", "Montant TTC", "montant"),
)
VAUT = ~exists().where(ErreurDeTransmission.ligne_id == FactureTransmise.id).correlate(FactureTransmise)
DEPOSEE = exists().where(FactureTransmise.facture_id == Facture.id, VAUT)


@dataclass(frozen=True, slots=True)
class Choix:
    """Which factures: those chosen, or all those of a filtered list; `de`..`a` keeps one archive of them."""

    factures: tuple[int, ...] = ()
    recherche: str = ""
    refacturation_id: int | None = None
    chorus: str = ""
    de: int | None = None
    a: int | None = None

    @property
    def filtre(self) -> bool:
        """The list is narrowed."""
        return bool(self.recherche or self.refacturation_id or self.chorus)


@dataclass(frozen=True, slots=True)
class Resume:
    """The factures of a choice, in figures."""

    factures: int
    total_ttc: Decimal
    incompletes: int
    derniere_emission: date | None


def a_deposer() -> ColumnElement[bool]:
    """Something is owed, and no deposit that counts was recorded."""
    return Facture.etat.in_(ETATS_DUS) & ~DEPOSEE


def choisies(choix: Choix) -> ColumnElement[bool]:
    """The factures of a choice that are still to deposit."""
    conditions = [a_deposer()]
    if choix.factures:
        conditions.append(Facture.id.in_(choix.factures))
    else:
        conditions += _filtres(choix)
    if choix.de is not None and choix.a is not None:
        conditions.append(Facture.id.between(choix.de, choix.a))
    return and_(*conditions)


def _filtres(choix: Choix) -> list[ColumnElement[bool]]:
    """The conditions of a filtered list; those on the body are a subquery, so that an update may use them too."""
    conditions: list[ColumnElement[bool]] = []
    if choix.refacturation_id is not None:
        conditions.append(Facture.refacturation_id == choix.refacturation_id)
    corps: list[ColumnElement[bool]] = []
    for mot in mots(choix.recherche):
        corps.append(trouve_collectivite(mot) | Facture.numero.icontains(mot, autoescape=True))
    if choix.chorus:
        corps.append(PAR_EXIGENCE[choix.chorus])
    if corps:
        siens = exists().where(Collectivite.id == Facture.collectivite_id, *corps).correlate(Facture)
        conditions.append(siens)
    return conditions


PAR_EXIGENCE: dict[str, Any] = {SERVICE: Collectivite.chorus_service_requis, INCOMPLETE: MANQUE}


def lignes(condition: ColumnElement[bool]) -> Select[Any]:
    """Number, recipient, what Chorus Pro asks for and amount of factures, by number. A select for a list."""
    return (
        select(
            *(Facture.id, Facture.numero, Facture.emise_le, Facture.total_ttc, Facture.collectivite_id),
            Collectivite.nom.label("collectivite"),
            *(SIRET.label("siret"), CODE_SERVICE.label("code_service"), ENGAGEMENT.label("engagement")),
            Collectivite.chorus_service_requis.label("service_exige"),
            Collectivite.chorus_engagement_requis.label("engagement_exige"),
        )
        .join(Collectivite, Collectivite.id == Facture.collectivite_id)
        .where(condition)
        .order_by(Facture.id)
    )


def resume(choix: Choix) -> Resume:
    """How many, for how much, how many lack something Chorus Pro asks for, the last day of issue. One statement."""
    somme = en_montant(func.coalesce(func.sum(centimes(Facture.total_ttc)), 0), "total_ttc")
    manquent = func.coalesce(func.sum(case((MANQUE, 1), else_=0)), 0)
    ligne = db.session.execute(
        select(func.count(Facture.id), somme, manquent, func.max(Facture.emise_le))
        .join(Collectivite, Collectivite.id == Facture.collectivite_id)
        .where(choisies(choix))
    ).one()
    return Resume(ligne[0], ligne[1], int(ligne[2]), ligne[3])


def combien_a_deposer() -> int:
    """How many factures are to deposit. One statement."""
    return db.session.scalar(_combien()) or 0


@cache
def _combien() -> Select[int]:
    """The select of this count, built once."""
    return select(func.count(Facture.id)).where(a_deposer())


def archives(choix: Choix) -> Sequence[Any]:
    """The choice cut into archives of PAR_ARCHIVE factures: first and last id and number, how many. One statement."""
    rang = (func.row_number().over(order_by=Facture.id) - 1) // PAR_ARCHIVE
    rangees = select(Facture.id, Facture.numero, rang.label("rang")).where(choisies(choix)).subquery("rangees")
    c = rangees.c
    bornes = (func.min(c.id).label("de"), func.max(c.id).label("a"))
    numeros = (func.min(c.numero).label("premiere"), func.max(c.numero).label("derniere"))
    return db.session.execute(
        select(*bornes, *numeros, func.count(c.id).label("factures")).group_by(c.rang).order_by(c.rang)
    ).all()


def documents(choix: Choix) -> Sequence[Any]:
    """Number and frozen document of the factures of one archive, by number. One statement."""
    voulues = select(Facture.numero, Facture.emise_le, Facture.fige).where(choisies(choix))
    return db.session.execute(voulues.order_by(Facture.id).limit(PAR_ARCHIVE)).all()


def bordereau(choix: Choix, limite: int | None = None) -> bytes:
    """The bordereau of a choice. One statement."""
    return bordereau_de(db.session.execute(lignes(choisies(choix)).limit(limite)))


def bordereau_de(rangees: Iterable[Any]) -> bytes:
    """Number, SIRET, service, engagement and amount of factures, as CSV."""
    return ecrire_csv(BORDEREAU, ([getattr(rangee, colonne.cle) for colonne in BORDEREAU] for rangee in rangees))


def transmissions() -> Select[Any]:
    """The deposits and how many of their factures are to deposit again, the latest first. A select for a list."""
    fautes = (
        select(func.count(ErreurDeTransmission.id))
        .join(FactureTransmise, FactureTransmise.id == ErreurDeTransmission.ligne_id)
        .where(FactureTransmise.transmission_id == Transmission.id)
        .scalar_subquery()
    )
    champs = ("id", "deposee_le", "destination", "reference", "factures", "total_ttc", "par")
    colonnes = [getattr(Transmission, champ) for champ in champs]
    return select(*colonnes, fautes.label("erreurs")).order_by(Transmission.deposee_le.desc(), Transmission.id.desc())


def transmission_visible(transmission_id: int, *, verrou: bool = False) -> Transmission:
    """The deposit; 404 when there is none. Only the Centre de gestion comes here. With `verrou`, held."""
    voulue = select(Transmission).where(Transmission.id == transmission_id)
    if verrou:
        verrouiller_ecriture()
        voulue = voulue.with_for_update(of=Transmission)
    trouvee: Transmission = db.one_or_404(voulue)
    return trouvee


def factures_de(transmission_id: int) -> Select[*tuple[Any, ...]]:
    """The factures of a deposit, each with the error noted on it, if any. A select for a list."""
    return (
        select(
            *(Facture.id, Facture.numero, Facture.etat, Facture.total_ttc),
            Collectivite.nom.label("collectivite"),
            *(ErreurDeTransmission.motif, ErreurDeTransmission.le, ErreurDeTransmission.par),
        )
        .join(FactureTransmise, FactureTransmise.facture_id == Facture.id)
        .join(Collectivite, Collectivite.id == Facture.collectivite_id)
        .outerjoin(ErreurDeTransmission, ErreurDeTransmission.ligne_id == FactureTransmise.id)
        .where(FactureTransmise.transmission_id == transmission_id)
        .order_by(Facture.id)
    )


def valables(transmission_id: int, facture_id: int | None) -> ColumnElement[bool]:
    """The lines of a deposit (of one facture, if given) nobody noted an error on."""
    de_la_facture = FactureTransmise.facture_id == facture_id if facture_id is not None else true()
    return (FactureTransmise.transmission_id == transmission_id) & de_la_facture & VAUT


def combien_valables(transmission_id: int, facture_id: int | None) -> int:
    """How many such lines. One statement."""
    return db.session.scalar(select(func.count(FactureTransmise.id)).where(valables(transmission_id, facture_id))) or 0


def depots_de(facture_id: int) -> Sequence[Any]:
    """The deposits of one facture, oldest first, each with the error noted on it, if any. One statement."""
    return db.session.execute(
        select(Transmission, ErreurDeTransmission)
        .join(FactureTransmise, FactureTransmise.transmission_id == Transmission.id)
        .outerjoin(ErreurDeTransmission, ErreurDeTransmission.ligne_id == FactureTransmise.id)
        .where(FactureTransmise.facture_id == facture_id)
        .order_by(Transmission.id)
    ).all()
