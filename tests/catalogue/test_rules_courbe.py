"""A value that holds until the next one, drawn as steps."""

from datetime import date, timedelta
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.courbe import HAUTEUR, LARGEUR, MARGE, escalier

JOUR = date(2026, 1, 1)


def test_one_value_alone_is_not_drawn():
    assert escalier([(JOUR, D(1))], JOUR) is None


def test_steps_go_up_when_the_value_rises():
    dessin = escalier([(date(2027, 1, 1), D("1.10")), (JOUR, D("1.00"))], date(2028, 1, 1))
    assert dessin is not None
    assert dessin.trace == f"M{MARGE} {HAUTEUR - MARGE}H300V{MARGE}H{LARGEUR - MARGE}"
    assert (dessin.basse, dessin.haute) == (D("1.00"), D("1.10"))


def test_values_all_equal_lie_half_way():
    dessin = escalier([(JOUR, D(2)), (JOUR + timedelta(9), D(2))], JOUR)
    assert dessin is not None and {point.y for point in dessin.points} == {HAUTEUR // 2}


@given(
    st.lists(
        st.tuples(st.dates(JOUR, date(2035, 1, 1)), st.decimals("0.0001", "9999", places=4)),
        min_size=2,
        unique_by=lambda couple: couple[0],
    )
)
def test_every_point_stays_inside_the_frame_from_left_to_right(valeurs):
    dessin = escalier(valeurs, JOUR)
    assert dessin is not None
    abscisses = [point.x for point in dessin.points]
    assert abscisses == sorted(abscisses)
    assert all(MARGE <= p.x <= LARGEUR - MARGE and MARGE <= p.y <= HAUTEUR - MARGE for p in dessin.points)
