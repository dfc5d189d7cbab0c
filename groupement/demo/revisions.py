"""Prices that follow an index: the clause of two lots, and the revision of this year. Indices are fictitious."""

from datetime import UTC, date, datetime
from decimal import Decimal

from groupement.catalogue.actions.revisions import Clause, Releve, ecrire_la_clause, reviser, simuler
from groupement.catalogue.models import Lot
from groupement.catalogue.queries.revisions import formule_de
from groupement.catalogue.rules.revision import Formule, Indice
from groupement.demo.decor import Decor

INDICES = {
    1: (Indice("CARTON", "Indice fictif du carton (démonstration)", Decimal(100), Decimal("108.9")),),
    2: (
        Indice("ACIER", "Indice fictif de l’acier (démonstration)", Decimal(60), Decimal("121.2")),
        Indice("TRANSPORT", "Indice fictif du transport (démonstration)", Decimal(40), Decimal("104.5")),
    ),
}
LUS = {1: {"CARTON": "110.1"}, 2: {"ACIER": "126.3", "TRANSPORT": "105.8"}}


def charger_revisions(decor: Decor) -> None:
    """Lot 1 stays below its trigger, lot 2 rises, lot 3 is firm."""
    for lot in decor.marche.lots:
        if lot.numero in INDICES:
            _ecrire_la_clause(decor, lot)
            _reviser(decor, lot)


def _ecrire_la_clause(decor: Decor, lot: Lot) -> None:
    """15 % fixed, 2 % to start, 5 % at most, 10 % to leave."""
    indices = INDICES[lot.numero]
    formule = Formule(
        Decimal(15),
        indices,
        decimales=4 if lot.numero == 1 else 2,
        seuil_pct=Decimal(2),
        butoir_pct=Decimal(5),
        sauvegarde_pct=Decimal(10),
    )
    mois = {indice.code: date(decor.an, 1, 1) for indice in indices}
    clause = Clause(formule, "CCAP, article 7.2", decor.marche.du, 12, mois)
    ecrire_la_clause(lot, clause, 0, par=decor.pour("acheteur"), le=decor.jour(4, 22))


def _reviser(decor: Decor, lot: Lot) -> None:
    """One year after the first prices, from the indices of January."""
    du = decor.marche.du.replace(year=decor.an + 1)
    source = f"Bulletin fictif de janvier {decor.an + 1}"
    releves = {code: Releve(Decimal(valeur), source) for code, valeur in LUS[lot.numero].items()}
    formule = formule_de(lot)
    assert formule is not None
    vue = simuler(lot, formule, du, releves).empreinte
    moment = datetime(decor.an + 1, 4, 20, 9, 30, tzinfo=UTC)
    reviser(lot, du, releves, vue, par=decor.pour("acheteur"), le=min(moment, decor.le))
