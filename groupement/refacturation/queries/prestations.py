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
from groupement.refacturation.rules.composition import AVEC_TVA, LigneDue
from groupement.refacturation.rules.partage import BasesMembre, PartageTva, partager_tva
from groupement.refacturation.rules.prestations import AnneeSesam, PreuveNature, PreuvePrestations
from groupement.refacturation.rules.tva import LigneTva
from groupement.socle.db import db

ZERO = Decimal("0.00")
A_FACTURER = Prestation.etat == EtatPrestation.A_FACTURER
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
        select(Prestation, TarifPrestation)
        .join(TarifPrestation, TarifPrestation.id == Prestation.tarif_id)
        .where(A_FACTURER)
        .order_by(Prestation.rendue_le, Prestation.id)
    )
    if collectivite_id is not None:
        requete = requete.where(Prestation.collectivite_id == collectivite_id)
    if verrou:
        requete = requete.with_for_update(of=Prestation).execution_options(populate_existing=True)
    dues: dict[int, list[LigneDue]] = defaultdict(list)
    for prestation, tarif in db.session.execute(requete):
        dues[prestation.collectivite_id].append(_ligne(prestation, tarif))
    return dues


def _ligne(prestation: Prestation, tarif: TarifPrestation) -> LigneDue:
    """The line of a facture for a service."""
    return LigneDue(
        affectation_id=None,
        part_de_port_id=None,
        prestation_id=prestation.id,
        bon="",
        reference="SESAM" if tarif.nature is NaturePrestation.SESAM else "MISSION",
        designation=prestation.designation,
        unite=prestation.unite,
        unites=0,
        quantite=prestation.quantite,
        prix_unitaire_ht=prestation.prix_unitaire_ht,
        tva_pct=prestation.tva_pct,
        montant_ht=prestation.montant_ht,
        calcul={
            "nature": tarif.nature.value,
            "mission": str(prestation.mission_id or ""),
            "annee": str(prestation.annee_sesam or ""),
            "rendue_le": prestation.rendue_le.isoformat(),
            "deliberation": tarif.deliberation_numero,
            "deliberee_le": tarif.deliberee_le.isoformat(),
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
    """What a run would bill now, from sums made by the database: two statements, however many bodies."""
    base = en_montant(func.sum(centimes(Prestation.montant_ht)), "base_ht")
    groupes = (Prestation.collectivite_id, Prestation.tva_pct)
    par_corps: dict[int, dict[Decimal, Decimal]] = defaultdict(dict)
    for collectivite_id, taux, somme in db.session.execute(select(*groupes, base).where(A_FACTURER).group_by(*groupes)):
        par_corps[collectivite_id][taux] = somme
    partage = partager_tva(AVEC_TVA, [BasesMembre(corps, bases) for corps, bases in par_corps.items()])
    natures = tuple(_nature(ligne) for ligne in db.session.execute(_par_nature(A_FACTURER)))
    factures_ht = sum((total.total_ht for total in partage.membres), ZERO)
    preuve = PreuvePrestations(natures, factures_ht)
    return ApercuPrestations(
        len(par_corps), sum(nature.nombre for nature in natures), partage, preuve, tva_cumulee(partage)
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


def _nature(ligne: Any, factures_ht: Decimal | None = None) -> PreuveNature:
    """One nature of the proof; before the issue, the factures will bill what is there."""
    somme: Decimal = ligne.montant_ht
    parts = (ligne.part_cdg62_ht, ligne.part_cdg59_ht)
    return PreuveNature(ligne.nature, ligne.nombre, somme, *parts, somme if factures_ht is None else factures_ht)
