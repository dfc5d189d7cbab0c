"""Revision by index: the coefficient of the contract, its limits, the prices that follow."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.revision import (
    Formule,
    Indice,
    Verdict,
    coefficient,
    fautes_de_la_formule,
    prix_revises,
    reviser,
)

PAPIER = Indice("CARTON", "Papier et carton", D(100), D("121.2"))


def formule(base: str = "121.2", fixe: str = "15", **limites: object) -> Formule:
    """One index, the usual fixed share."""
    return Formule(D(fixe), (Indice("P", "Papier", D(100), D(base)),), **limites)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lu", "base", "arrondi"),
    [
        ("130.5", "121.2", "1.066"),  # raw 1.0652227…
        ("112.4", "108.9", "1.028"),  # raw 1.0273186…
        ("100", "108.9", "0.931"),  # raw 0.9305325…: up even when it falls
        ("121.2", "121.2", "1.000"),
    ],
)
def test_the_coefficient_is_rounded_up_to_the_thousandth(lu, base, arrondi):
    assert coefficient(formule(base), {"P": D(lu)}).arrondi == D(arrondi)


def test_several_indices_weigh_in_the_variable_part():
    deux = Formule(D("12.5"), (Indice("A", "Acier", D(60), D(100)), Indice("S", "Salaires", D(40), D(50))), decimales=2)
    resultat = coefficient(deux, {"A": D(110), "S": D(51)})
    # 0.125 + 0.875 × (0.6 × 1.1 + 0.4 × 1.02) = 1.0595
    assert resultat.brut == D("1.059500") and resultat.arrondi == D("1.060")
    assert [terme.poids for terme in resultat.termes] == [D("52.5"), D("35")]


@pytest.mark.parametrize(
    ("limites", "lu", "retenu", "verdict"),
    [
        ({"seuil_pct": D(3)}, "112.4", "1", Verdict.SOUS_LE_SEUIL),  # 1.028
        ({"seuil_pct": D("2.8")}, "112.4", "1", Verdict.SOUS_LE_SEUIL),  # equal does not pass
        ({"seuil_pct": D("2.7")}, "112.4", "1.028", Verdict.APPLIQUE),
        ({"butoir_pct": D(2)}, "112.4", "1.02", Verdict.AU_BUTOIR),
        ({"butoir_pct": D("2.8")}, "112.4", "1.028", Verdict.APPLIQUE),
        ({"butoir_pct": D(2)}, "90", "0.853", Verdict.APPLIQUE),  # the cap holds rises only
    ],
)
def test_trigger_and_cap(limites, lu, retenu, verdict):
    resultat = coefficient(formule("108.9", **limites), {"P": D(lu)})
    assert (resultat.retenu, resultat.verdict) == (D(retenu), verdict)


def test_the_safeguard_opens_on_what_the_index_asks_whatever_the_cap_grants():
    resultat = coefficient(formule("100", butoir_pct=D(5), sauvegarde_pct=D(10)), {"P": D(115)})
    assert resultat.arrondi == D("1.128") and resultat.retenu == D("1.05") and resultat.sauvegarde_ouverte
    assert not coefficient(formule("100", sauvegarde_pct=D(10)), {"P": D(105)}).sauvegarde_ouverte


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [({}, "Indiquez la valeur de l’indice P"), ({"P": D(0)}, "supérieur à zéro"), ({"P": D(-3)}, "supérieur à zéro")],
)
def test_an_index_missing_or_zero_is_refused_by_its_name(valeurs, phrase):
    with pytest.raises(ValueError, match=phrase):
        coefficient(formule(), valeurs)


@pytest.mark.parametrize(
    ("fausse", "champ"),
    [
        (Formule(D(100), (PAPIER,)), "part_fixe_pct"),
        (Formule(D(15), ()), "indices"),
        (Formule(D(15), (Indice("A", "", D(60), D(1)), Indice("B", "", D(30), D(1)))), "indices"),
        (Formule(D(15), (Indice("A", "", D(50), D(1)), Indice("A", "", D(50), D(1)))), "indices"),
        (Formule(D(15), (Indice("A", "", D(100), D(0)),)), "indices"),
        (Formule(D(15), (PAPIER,), decimales=5), "decimales"),
        (Formule(D(15), (PAPIER,), seuil_pct=D(5), butoir_pct=D(3)), "butoir_pct"),
    ],
)
def test_a_formula_that_cannot_be_used_says_where(fausse, champ):
    assert set(fautes_de_la_formule(fausse)) == {champ}
    with pytest.raises(ValueError):
        coefficient(fausse, {"A": D(1), "CARTON": D(1)})


@pytest.mark.parametrize(("decimales", "attendu"), [(4, "1.2850"), (2, "1.29"), (3, "1.285")])
def test_a_unit_price_keeps_the_decimals_of_its_lot(decimales, attendu):
    assert reviser((Palier(1, D("1.25")),), D("1.028"), decimales) == (Palier(1, D(attendu)),)


def test_an_article_keeps_its_price_when_the_coefficient_gives_the_same():
    initial = {7: (Palier(1, D("1.0000")), Palier(500, D("0.9000")))}
    revises = prix_revises(initial, initial, D("1.000"), 4)
    assert not revises[7].change
    assert prix_revises(initial, initial, D("1.100"), 4)[7].nouveaux == (Palier(1, D("1.1")), Palier(500, D("0.99")))


positifs = st.decimals("0.1", "500", places=1)


@given(base=positifs, lu=positifs, fixe=st.decimals("0", "99", places=2))
def test_rounding_up_never_loses_and_adds_less_than_a_thousandth(base, lu, fixe):
    resultat = coefficient(formule(str(base), str(fixe)), {"P": lu})
    exact = fixe / 100 + (1 - fixe / 100) * lu / base
    assert -D("1e-20") <= resultat.arrondi - exact < D("0.001") + D("1e-20")


@given(prix=st.decimals("0.0001", "900", places=4), retenu=st.decimals("0.001", "3", places=3))
def test_a_revised_price_is_positive_and_within_half_a_step(prix, retenu):
    (nouveau,) = reviser((Palier(1, prix),), retenu, 4)
    assert nouveau.prix_unitaire_ht > 0
    assert nouveau.prix_unitaire_ht == D("0.0001") or abs(nouveau.prix_unitaire_ht - prix * retenu) <= D("0.00005")
