"""Calling the contributions of a year: everybody who is not called yet, with the amount or the reason of none."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.prestations.models import AdhesionSesam, Prestation
from groupement.prestations.queries.sesam import appelee_en, de_l_annee
from groupement.prestations.queries.tarifs import tarifs_de
from groupement.prestations.rules.sesam import Contribution, contribution
from groupement.prestations.rules.tarifs import SansTarif
from groupement.prestations.states import EtatPrestation, NaturePrestation
from groupement.socle.db import db
from groupement.socle.journal import Evenement

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Appelee:
    """A member to call: what it will owe, or why it cannot be called. `retiree`: why a first call was withdrawn."""

    collectivite_id: int
    nom: str
    population: int | None
    contribution: Contribution | None
    refus: str = ""
    retiree: str = ""


@dataclass(frozen=True, slots=True)
class Appel:
    """Everybody of a year not called yet, by name: nobody is left out without a word."""

    membres: list[Appelee]

    @property
    def appelables(self) -> list[Appelee]:
        """Those whose amount is known."""
        return [membre for membre in self.membres if membre.contribution]

    @property
    def refuses(self) -> list[Appelee]:
        """The others, each with its reason."""
        return [membre for membre in self.membres if not membre.contribution]

    @property
    def contributions(self) -> list[Contribution]:
        """What is called."""
        return [membre.contribution for membre in self.membres if membre.contribution]

    @property
    def total_ht(self) -> Decimal:
        """All of it."""
        return sum((une.montant_ht for une in self.contributions), ZERO)

    @property
    def part_cdg62_ht(self) -> Decimal:
        """What CdG62 keeps."""
        return sum((une.part_cdg62_ht for une in self.contributions), ZERO)

    @property
    def part_cdg59_ht(self) -> Decimal:
        """What CDG59 is owed once it is billed."""
        return sum((une.part_cdg59_ht for une in self.contributions), ZERO)

    @property
    def par_tranche(self) -> list[tuple[Contribution, int, Decimal]]:
        """(a contribution of the band, members in it, what they owe together), smallest bodies first."""
        bandes: dict[int, list[Contribution]] = {}
        for une in sorted(self.contributions, key=lambda une: une.tarif.population_a_partir_de):
            bandes.setdefault(une.tarif.id, []).append(une)
        return [(unes[0], len(unes), sum((une.montant_ht for une in unes), ZERO)) for unes in bandes.values()]


def appel(annee: int) -> Appel:
    """Every member of the year not called yet, with what it will owe or why it cannot be called. Three statements."""
    lignes = db.session.execute(
        select(Collectivite.id, Collectivite.nom, Collectivite.population)
        .join(AdhesionSesam, AdhesionSesam.collectivite_id == Collectivite.id)
        .outerjoin(Prestation, appelee_en(annee))
        .where(de_l_annee(annee), Prestation.id.is_(None))
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    ).all()
    tarifs, retirees = tarifs_de(NaturePrestation.SESAM), _retirees(annee)
    trouves = []
    for collectivite_id, nom, population in lignes:
        retiree = retirees.get(collectivite_id, "")
        try:
            due = contribution(tarifs, NaturePrestation.SESAM, annee, population)
            trouves.append(Appelee(collectivite_id, nom, population, due, retiree=retiree))
        except SansTarif as refus:
            trouves.append(Appelee(collectivite_id, nom, population, None, str(refus), retiree))
    return Appel(trouves)


def combien_a_appeler(annee: int) -> int:
    """How many members of the year are not called yet. One statement."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AdhesionSesam)
            .outerjoin(Prestation, appelee_en(annee))
            .where(de_l_annee(annee), Prestation.id.is_(None))
        )
        or 0
    )


def _retirees(annee: int) -> dict[int, str]:
    """Why a contribution of that year was withdrawn, by body."""
    lignes = db.session.execute(
        select(Prestation.collectivite_id, Evenement.resume)
        .join(Evenement, (Evenement.objet == Prestation.__tablename__) & (Evenement.objet_id == Prestation.id))
        .where(Prestation.annee_sesam == annee, Prestation.etat == EtatPrestation.RETIREE)
        .where(Evenement.verbe == "retirer")
        .order_by(Evenement.id)
    )
    return {collectivite_id: resume for collectivite_id, resume in lignes}
