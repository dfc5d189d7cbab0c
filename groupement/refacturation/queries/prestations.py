"""Services to bill: the rows a run holds, the preview by body and by nature, the proof of a run done."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from groupement.adherents.models import Collectivite
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.recherche import mots
from groupement.prestations.models import Prestation, TarifPrestation
from groupement.prestations.states import EtatPrestation, NaturePrestation
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.montants import centimes, en_montant, quand
from groupement.refacturation.queries.refacturations import tva_cumulee
from groupement.refacturation.rules.composition import AVEC_TVA, LigneDue, composer
from groupement.refacturation.rules.partage import PartageTva
from groupement.refacturation.rules.prestations import (
    AnneeSesam,
    PreuveNature,
    PreuvePrestations,
    factures_par_nature,
)
from groupement.refacturation.rules.tva import LigneTva
from groupement.socle.db import db

ZERO = Decimal("0.00")
A_FACTURER = Prestation.etat == EtatPrestation.A_FACTURER
CE_QU_UNE_LIGNE_DIT = (
    *(Prestation.id, Prestation.collectivite_id, Prestation.mission_id, Prestation.annee_sesam, Prestation.rendue_le),
    *(Prestation.designation, Prestation.unite, Prestation.quantite, Prestation.prix_unitaire_ht, Prestation.tva_pct),
    *(Prestation.montant_ht, TarifPrestation.nature, TarifPrestation.deliberation_numero, TarifPrestation.deliberee_le),
)
PARTS = (Prestation.montant_ht, Prestation.part_cdg62_ht, Prestation.part_cdg59_ht)


@dataclass(frozen=True, slots=True)
class ApercuPrestations:
    """What the next run of services would bill, and its proof."""

    membres: int
    prestations: int
    partage: PartageTva
    preuve: PreuvePrestations
    tva: tuple[LigneTva, ...]

    @property
    def total_ht(self) -> Decimal:
        """The factures together, before tax."""
        return self.preuve.factures_ht

    @property
    def total_ttc(self) -> Decimal:
        """The factures together."""
        return self.total_ht + self.partage.tva_membres


def lignes_dues(collectivite_id: int | None = None, *, verrou: bool = False) -> dict[int, list[LigneDue]]:
    """What each body owes for services, by the end of the service; with `verrou`, held until the commit.

    One statement: under PostgreSQL a second run waits here, then finds nothing left.
    """
    requete = (
        select(*CE_QU_UNE_LIGNE_DIT)
        .join(TarifPrestation, TarifPrestation.id == Prestation.tarif_id)
        .where(A_FACTURER)
        .order_by(Prestation.rendue_le, Prestation.id)
    )
    if collectivite_id is not None:
        requete = requete.where(Prestation.collectivite_id == collectivite_id)
    if verrou:
        requete = requete.with_for_update(of=Prestation)
    dues: dict[int, list[LigneDue]] = defaultdict(list)
    for due in db.session.execute(requete):
        dues[due.collectivite_id].append(_ligne(due))
    return dues


def _ligne(due: Any) -> LigneDue:
    """The line of a facture for a service."""
    return LigneDue(
        affectation_id=None,
        part_de_port_id=None,
        prestation_id=due.id,
        bon="",
        reference="SESAM" if due.nature is NaturePrestation.SESAM else "MISSION",
        designation=due.designation,
        unite=due.unite,
        unites=0,
        quantite=due.quantite,
        prix_unitaire_ht=due.prix_unitaire_ht,
        tva_pct=due.tva_pct,
        montant_ht=due.montant_ht,
        calcul={
            "nature": due.nature.value,
            "mission": str(due.mission_id or ""),
            "annee": str(due.annee_sesam or ""),
            "rendue_le": due.rendue_le.isoformat(),
            "deliberation": due.deliberation_numero,
            "deliberee_le": due.deliberee_le.isoformat(),
        },
    )


def corps_dans_l_ordre(collectivite_ids: Sequence[int]) -> Sequence[Collectivite]:
    """The bodies with services held by the run, by name: the order of the factures."""
    concernes = select(Prestation.collectivite_id).where(A_FACTURER)
    requete = select(Collectivite).where(Collectivite.id.in_(concernes))
    voulus = set(collectivite_ids)
    ordre = requete.order_by(Collectivite.nom_recherche, Collectivite.id)
    return [corps for corps in db.session.scalars(ordre) if corps.id in voulus]


def par_membre(recherche: str = "") -> Select[Any]:
    """The bodies a run would bill, by name: missions, SESAM contributions, total HT. A select for a list."""
    sesam = TarifPrestation.nature == NaturePrestation.SESAM
    montant = centimes(Prestation.montant_ht)
    par_corps = (
        select(
            Prestation.collectivite_id,
            func.count(Prestation.id).label("prestations"),
            en_montant(quand(~sesam, montant), "missions_ht"),
            en_montant(quand(sesam, montant), "sesam_ht"),
            en_montant(func.sum(montant), "total_ht"),
        )
        .join(TarifPrestation, TarifPrestation.id == Prestation.tarif_id)
        .where(A_FACTURER)
        .group_by(Prestation.collectivite_id)
        .subquery("comptes")
    )
    return (
        select(
            *(Collectivite.nom, Collectivite.siren, Collectivite.nom_recherche, par_corps),
        )
        .join(par_corps, par_corps.c.collectivite_id == Collectivite.id)
        .where(*[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )


def a_facturer() -> Any:
    """How many services and bodies wait, and for how much HT; `prestations` is 0 when none does. One statement."""
    return db.session.execute(
        select(
            func.count(Prestation.id).label("prestations"),
            func.count(func.distinct(Prestation.collectivite_id)).label("membres"),
            en_montant(func.coalesce(func.sum(centimes(Prestation.montant_ht)), 0), "total_ht"),
        ).where(A_FACTURER)
    ).one()


def apercu() -> ApercuPrestations:
    """What a run would bill now. Two statements, however many bodies, that do not know each other: the services as the
    database sums them, and the factures composed line by line as the run will.
    """
    comptes, partage = composer(AVEC_TVA, lignes_dues())
    factures = factures_par_nature(ligne for compte in comptes for ligne in compte.lignes)
    natures = tuple(
        _nature(ligne, factures.get(ligne.nature.value, ZERO)) for ligne in db.session.execute(_par_nature(A_FACTURER))
    )
    preuve = PreuvePrestations(natures, sum((compte.totaux.total_ht for compte in comptes), ZERO))
    return ApercuPrestations(
        len(comptes), sum(nature.nombre for nature in natures), partage, preuve, tva_cumulee(partage)
    )


def sesam_par_annee() -> list[AnneeSesam]:
    """The contributions billed, year by year, the latest first: less what was credited, and whose. One statement.

    The same rule as `part_apres_credit`, contribution by contribution.
    """
    montant, part = centimes(Prestation.montant_ht), centimes(Prestation.part_cdg59_ht)
    reste = montant - centimes(Prestation.credite_ht)
    due = func.sum((2 * part * reste + montant) // (2 * montant))
    sommes = (func.sum(montant), func.sum(centimes(Prestation.credite_ht)), due)
    requete = (
        select(Prestation.annee_sesam, *(en_montant(somme, f"somme_{rang}") for rang, somme in enumerate(sommes)))
        .where(Prestation.annee_sesam.is_not(None), Prestation.etat == EtatPrestation.FACTUREE)
        .group_by(Prestation.annee_sesam)
        .order_by(Prestation.annee_sesam.desc())
    )
    return [AnneeSesam(*ligne) for ligne in db.session.execute(requete)]


def preuve_du_run(run: Refacturation, factures: Mapping[str, Decimal]) -> PreuvePrestations:
    """The services the lines of a run are about, as the database sums them, against `factures` HT by nature."""
    du_run = select(LigneFacture.prestation_id).join(Facture).where(Facture.refacturation_id == run.id)
    natures = tuple(
        _nature(ligne, factures.get(ligne.nature.value, ZERO))
        for ligne in db.session.execute(_par_nature(Prestation.id.in_(du_run)))
    )
    return PreuvePrestations(natures, sum(factures.values(), ZERO))


def _par_nature(condition: ColumnElement[bool]) -> Select[Any]:
    """Services summed by nature: how many, for how much, whose. Missions first."""
    rang = case({nature.value: rang for rang, nature in enumerate(NaturePrestation)}, value=TarifPrestation.nature)
    sommes = (en_montant(func.sum(centimes(colonne)), colonne.key) for colonne in PARTS)
    return (
        select(TarifPrestation.nature, func.count(Prestation.id).label("nombre"), *sommes)
        .join(TarifPrestation, TarifPrestation.id == Prestation.tarif_id)
        .where(condition)
        .group_by(TarifPrestation.nature)
        .order_by(rang)
    )


def _nature(ligne: Any, factures_ht: Decimal) -> PreuveNature:
    """One nature of the proof: the services, and what the factures bill of them."""
    parts = (ligne.part_cdg62_ht, ligne.part_cdg59_ht)
    return PreuveNature(ligne.nature, ligne.nombre, ligne.montant_ht, *parts, factures_ht)
