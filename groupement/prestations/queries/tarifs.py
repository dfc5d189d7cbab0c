"""The rates voted, as the rules read them and as people do."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from groupement.prestations.models import TarifPrestation
from groupement.prestations.rules.tarifs import Tarif
from groupement.prestations.states import NaturePrestation
from groupement.socle.db import db


def tarifs_de(*natures: NaturePrestation) -> list[Tarif]:
    """Every rate ever voted for these natures. One statement."""
    lignes = db.session.scalars(select(TarifPrestation).where(TarifPrestation.nature.in_(natures)))
    return [tarif(ligne) for ligne in lignes]


def tarif(ligne: TarifPrestation) -> Tarif:
    """A row as the rules take it."""
    return Tarif(ligne.id, ligne.nature, ligne.du, ligne.population_a_partir_de, ligne.prix_unitaire_ht, ligne.tva_pct)


def historique() -> Select[TarifPrestation]:
    """Every rate, by nature, the latest first, bands in order."""
    return select(TarifPrestation).order_by(
        TarifPrestation.nature, TarifPrestation.du.desc(), TarifPrestation.population_a_partir_de
    )


def historique_par_nature() -> dict[NaturePrestation, Sequence[TarifPrestation]]:
    """The same, nature by nature, in the order of the enum."""
    lignes = db.session.scalars(historique()).all()
    return {nature: [ligne for ligne in lignes if ligne.nature is nature] for nature in NaturePrestation}
