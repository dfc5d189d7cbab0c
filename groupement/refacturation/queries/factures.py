"""Factures: the door to one, the list with its filters and its sums, what a page shows of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, case, exists, false, func, select, true
from sqlalchemy.orm import contains_eager, defer, joinedload, undefer

from groupement.adherents.queries import Demandeur
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.commandes.models import Campagne
from groupement.refacturation.models import Avoir, Encaissement, Facture, PaiementEnLigne, Refacturation
from groupement.refacturation.queries.montants import centimes, en_montant
from groupement.refacturation.states import ETATS_DUS, EtatFacture
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement

FRAICHE = {"populate_existing": True}
# Below zero, it is owed to the body: `Facture.solde_ttc`.
SOLDE = (
    centimes(Facture.total_ttc)
    - centimes(Facture.avoirs_ttc)
    - centimes(Facture.paye_ttc)
    - centimes(Facture.trop_percu_ttc)
    + centimes(Facture.rembourse_ttc)
)
RESTE_DU = case((SOLDE > 0, SOLDE), else_=0)
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Filtres:
    """What narrows the list of factures."""

    recherche: str = ""
    etat: str = ""  # a state, or « retard », or « a_payer »
    campagne_id: int | None = None
    prestations: bool = False  # services only
    refacturation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sommes:
    """Sums of the factures somebody may see: owed in all, of which late, and received. € TTC."""

    factures: int
    du_ttc: Decimal
    a_payer: int
    retard_ttc: Decimal
    en_retard: int
    paye_ttc: Decimal
    emis_ttc: Decimal


def perimetre_factures(contexte: Demandeur) -> ColumnElement[bool]:
    """The factures somebody may see: all for the Centre de gestion, else those of the body acted for."""
    if contexte.est_cdg:
        return true()
    return Facture.collectivite_id == contexte.collectivite_id if contexte.collectivite_id is not None else false()


def facture_visible(facture_id: int, contexte: Demandeur, *, verrou: bool = False) -> Facture:
    """The facture, if this person may see it; 404 otherwise. With `verrou`, held and read afresh."""
    voulue = select(Facture).where(Facture.id == facture_id, perimetre_factures(contexte))
    if verrou:
        verrouiller_ecriture()
        return db.one_or_404(voulue.with_for_update(of=Facture).execution_options(**FRAICHE))
    entete = (joinedload(Facture.collectivite), joinedload(Facture.refacturation).joinedload(Refacturation.campagne))
    return db.one_or_404(voulue.options(*entete))


def facture_verrouillee(facture_id: int) -> Facture:
    """The facture as it is now, held until the commit. Raises RegleRefusee when there is none."""
    verrouiller_ecriture()
    trouvee = db.session.scalars(
        select(Facture).where(Facture.id == facture_id).with_for_update(of=Facture).execution_options(**FRAICHE)
    ).one_or_none()
    if trouvee is None:
        raise RegleRefusee(f"La facture {facture_id} n’existe pas.")
    return trouvee


def en_retard(le: date | BindParameter[date]) -> ColumnElement[bool]:
    """Something is owed and the day is past."""
    return Facture.etat.in_(ETATS_DUS) & (Facture.echeance_le < le) & (RESTE_DU > 0)


def factures(contexte: Demandeur, le: date, filtres: Filtres) -> Select[Any]:
    """The factures somebody may see, the late ones first (the oldest debt first), then the newest."""
    retard = en_retard(le)
    requete = (
        select(Facture)
        .join(Facture.collectivite)
        .join(Facture.refacturation)
        .outerjoin(Refacturation.campagne)
        .where(perimetre_factures(contexte), *_selon(filtres, le))
        .order_by(case((retard, 0), else_=1), case((retard, Facture.echeance_le), else_=None).asc(), Facture.id.desc())
    )
    return requete.options(
        *(defer(Facture.fige), undefer(Facture.objet), contains_eager(Facture.collectivite)),
        contains_eager(Facture.refacturation).options(
            defer(Refacturation.preuves), contains_eager(Refacturation.campagne)
        ),
    )


def _selon(filtres: Filtres, le: date) -> list[ColumnElement[bool]]:
    """The conditions of the filters."""
    conditions: list[ColumnElement[bool]] = []
    for mot in mots(filtres.recherche):
        conditions.append(trouve_collectivite(mot) | Facture.numero.icontains(mot, autoescape=True))
    if filtres.etat == "retard":
        conditions.append(en_retard(le))
    elif filtres.etat == "a_payer":
        conditions.append(Facture.etat.in_(ETATS_DUS))
    elif filtres.etat in set(EtatFacture):
        conditions.append(Facture.etat == filtres.etat)
    if filtres.prestations:
        conditions.append(Refacturation.campagne_id.is_(None))
    if filtres.refacturation_id is not None:
        conditions.append(Facture.refacturation_id == filtres.refacturation_id)
    if filtres.campagne_id is not None:
        conditions.append(Refacturation.campagne_id == filtres.campagne_id)
    return conditions


def sommes(contexte: Demandeur, le: date) -> Sommes:
    """The sums at the head of the list, over all the factures this person may see. One statement."""
    valeurs = {"le": le} if contexte.est_cdg else {"le": le, "collectivite_id": contexte.collectivite_id}
    ligne = db.session.execute(_sommes(contexte.est_cdg), valeurs).one()
    return Sommes(ligne[0], ligne[1], int(ligne[2]), ligne[3], int(ligne[4]), ligne[5], ligne[6])


@cache
def _sommes(de_toutes: bool) -> Select[*tuple[Any, ...]]:
    """The select of these sums, built once: it waits for the day `le`, and for the `collectivite_id` of a body."""
    du = Facture.etat.in_(ETATS_DUS) & (RESTE_DU > 0)
    retard = en_retard(bindparam("le"))

    def compte(condition: ColumnElement[bool]) -> ColumnElement[int]:
        """How many meet it."""
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    def total(condition: ColumnElement[bool], montant: Any) -> Any:
        """Their amount."""
        return en_montant(func.coalesce(func.sum(case((condition, montant), else_=0)), 0), "montant")

    return select(
        *(func.count(Facture.id), total(du, RESTE_DU), compte(du), total(retard, RESTE_DU), compte(retard)),
        *(total(true(), centimes(Facture.paye_ttc)), total(true(), centimes(Facture.total_ttc))),
    ).where(true() if de_toutes else Facture.collectivite_id == bindparam("collectivite_id"))


def campagnes_facturees() -> Sequence[Row[int, str]]:
    """The campagnes with factures, for a list."""
    return db.session.execute(
        select(Campagne.id, Campagne.intitule)
        .where(Campagne.id.in_(select(Refacturation.campagne_id)))
        .order_by(Campagne.du.desc(), Campagne.id.desc())
    ).all()


def prestations_facturees() -> bool:
    """Some services were billed."""
    return bool(db.session.scalar(select(exists().where(Refacturation.campagne_id.is_(None)))))


def encaissements_de(facture_id: int) -> Sequence[Encaissement]:
    """Money received for a facture, oldest first."""
    return db.session.scalars(select(Encaissement).filter_by(facture_id=facture_id).order_by(Encaissement.id)).all()


def avoirs_de(facture_id: int) -> Sequence[Avoir]:
    """Its avoirs, oldest first."""
    return db.session.scalars(select(Avoir).filter_by(facture_id=facture_id).order_by(Avoir.id)).all()


def paiements_de(facture_id: int) -> Sequence[PaiementEnLigne]:
    """Its online payments, oldest first."""
    return db.session.scalars(
        select(PaiementEnLigne).filter_by(facture_id=facture_id).order_by(PaiementEnLigne.id)
    ).all()


def evenements_de(facture_id: int) -> Sequence[Evenement]:
    """What the journal says of a facture, oldest first."""
    return db.session.scalars(
        select(Evenement)
        .where(Evenement.objet == "facture", Evenement.objet_id == facture_id)
        .order_by(Evenement.le, Evenement.id)
    ).all()


def avoir_visible(avoir_id: int, contexte: Demandeur) -> Avoir:
    """The avoir, if this person may see its facture; 404 otherwise."""
    return db.one_or_404(
        select(Avoir)
        .join(Avoir.facture)
        .where(Avoir.id == avoir_id, perimetre_factures(contexte))
        .options(contains_eager(Avoir.facture).joinedload(Facture.collectivite))
    )
