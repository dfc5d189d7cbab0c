"""What people read: numbers, amounts, lengths and dates as they are written in France."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, RadioField, StringField
from wtforms.validators import InputRequired

from groupement.socle import affichage
from groupement.socle.apparences import APPARENCES, ICONES_DE_TON, INCONNUE, Apparence, apparence

ESPACES = str.maketrans({"\u00a0": " "})


def lu(texte: str) -> str:
    """The text with its unbreakable spaces as plain ones; a breakable space inside a number would not pass `exact`."""
    return texte.translate(ESPACES)


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        (D("1234.50"), "1 234,50 €"), (D("0"), "0,00 €"), (D("0.005"), "0,01 €"), (D("-33.34"), "−33,34 €"),
        (D("1234567.89"), "1 234 567,89 €"), (12, "12,00 €"), (D("999.999"), "1 000,00 €"), (None, "–"),
    ],
)  # fmt: skip
def test_an_amount_has_two_decimals_and_its_sign(montant: D | int | None, attendu: str) -> None:
    assert lu(affichage.euros(montant)) == attendu


def test_an_amount_is_never_cut_at_the_end_of_a_line() -> None:
    assert " " not in affichage.euros(D("1234567.89"))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_reads_back_to_itself(montant: D) -> None:
    texte = affichage.euros(montant).removesuffix("\u00a0€").replace("\u00a0", "").replace(",", ".").replace("−", "-")
    assert D(texte) == montant


@pytest.mark.parametrize(
    ("prix", "attendu"),
    [
        (D("0.5400"), "0,54 €"), (D("0.5425"), "0,5425 €"), (D("1.085"), "1,085 €"), (D("12"), "12,00 €"),
        (D("1200.1000"), "1 200,10 €"), (None, "–"),
    ],
)  # fmt: skip
def test_a_unit_price_keeps_two_to_four_decimals(prix: D | None, attendu: str) -> None:
    assert lu(affichage.prix(prix)) == attendu


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [(1300, "1 300"), (0, "0"), (-4, "−4"), (D("12.50"), "12,5"), (D("100"), "100"), (D("1E+3"), "1 000"), (None, "–")],
)
def test_a_number_drops_its_useless_zeros(valeur: D | int | None, attendu: str) -> None:
    assert lu(affichage.nombre(valeur)) == attendu


@pytest.mark.parametrize(
    ("taux", "attendu"), [(20, "20 %"), (D("5.50"), "5,5 %"), (D("62.345"), "62,35 %"), (None, "–")]
)
def test_a_rate_is_in_percent(taux: D | int | None, attendu: str) -> None:
    assert lu(affichage.pourcent(taux)) == attendu


@pytest.mark.parametrize(
    ("millimetres", "attendu"),
    [(12_600, "12,60 ml"), (0, "0,00 ml"), (5, "0,01 ml"), (4, "0,00 ml"), (1_284_500, "1 284,50 ml"), (None, "–")],
)
def test_a_length_is_shown_in_metres_from_millimetres(millimetres: int | None, attendu: str) -> None:
    assert lu(affichage.metres_lineaires(millimetres)) == attendu


@pytest.mark.parametrize(
    ("jour", "chiffres", "lettres"),
    [
        (date(2026, 11, 22), "22/11/2026", "dimanche 22 novembre 2026"),
        (date(2026, 5, 1), "01/05/2026", "vendredi 1er mai 2026"),
        (datetime(2026, 8, 31, 22, 30, tzinfo=UTC), "01/09/2026", "mardi 1er septembre 2026"),
        (None, "–", "–"),
    ],
)
def test_a_day_is_the_day_in_paris(jour: date | None, chiffres: str, lettres: str) -> None:
    assert affichage.date_fr(jour) == chiffres
    assert affichage.date_longue(jour) == lettres


@pytest.mark.parametrize(
    ("moment", "attendu"),
    [
        (datetime(2026, 11, 22, 13, 5, tzinfo=UTC), "22/11/2026 à 14 h 05"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "02/07/2026 à 0 h 30"),
        (None, "–"),
    ],
)
def test_a_moment_is_read_on_a_clock_in_paris(moment: datetime | None, attendu: str) -> None:
    assert lu(affichage.date_heure(moment)) == attendu


def test_a_moment_without_a_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="fuseau horaire"):
        affichage.date_heure(datetime(2026, 1, 1, 8, 0))  # noqa: DTZ001 - the very fault looked for


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (3, "dans 3 jours"),
        (-1, "en retard d’un jour"),
        (-12, "en retard de 12 jours"),
    ],
)
def test_a_deadline_says_how_far_it_is(ecart: int, attendu: str) -> None:
    le = date(2026, 11, 22)
    assert lu(affichage.jours_restants(date.fromordinal(le.toordinal() + ecart), le)) == attendu


def test_no_deadline_is_said_in_words() -> None:
    assert affichage.jours_restants(None, date(2026, 11, 22)) == "sans échéance"


@pytest.mark.parametrize(
    ("compte", "mots", "attendu"),
    [
        (0, ("boîte",), "0 boîte"), (1, ("boîte",), "1 boîte"), (2, ("boîte",), "2 boîtes"),
        (D("1.5"), ("mètre",), "1,5 mètre"), (1300, ("colis", "colis"), "1 300 colis"),
    ],
)  # fmt: skip
def test_the_plural_starts_at_two(compte: int | D, mots: tuple[str, ...], attendu: str) -> None:
    assert lu(affichage.pluriel(compte, *mots)) == attendu


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [("216200014", "216 200 014"), ("21620001400012", "216 200 014 00012"), ("", "–"), (None, "–")],
)
def test_a_siren_is_read_by_threes(numero: str | None, attendu: str) -> None:
    assert lu(affichage.siren(numero)) == attendu


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (850, "850 o"), (999, "999 o"), (1000, "1 Ko"), (1_250_000, "1,2 Mo"), (16_000_000, "16 Mo"),
        (5 * 10**12, "5 000 Go"), (None, "–"),
    ],
)  # fmt: skip
def test_a_file_has_a_size_one_can_say(octets: int | None, attendu: str) -> None:
    assert lu(affichage.taille(octets)) == attendu


@pytest.mark.parametrize(
    ("partie", "tout", "pourcents", "longueur"),
    [
        (310_000, 500_000, 62, "62.00"), (D("449999.99"), 500_000, 89, "90.00"), (510_000, 500_000, 102, "100.00"),
        (0, 500_000, 0, "0.00"), (5, 0, 0, "0"), (-5, 10, -50, "0.00"),
    ],
)  # fmt: skip
def test_a_share_never_claims_a_threshold_before_it_is_reached(
    partie: D | int, tout: int, pourcents: int, longueur: str
) -> None:
    assert affichage.part_entiere(partie, tout) == pourcents
    assert affichage.echelle(partie, tout) == longueur


def test_the_address_keeps_what_is_not_changed() -> None:
    args = MultiDict([("q", "boîte 10"), ("lot", "1"), ("lot", "2"), ("page", "3"), ("tri", "nom")])
    assert affichage.avec(args, tri="-nom", page=None) == "?q=bo%C3%AEte+10&lot=1&lot=2&tri=-nom"
    assert affichage.avec({"q": "a&b"}, page=2) == "?q=a%26b&page=2"


class Mesure(Form):
    """A line of a longer form."""

    longueur = StringField("Longueur", [InputRequired("Indiquez une longueur.")])


class Local(Form):
    """A form with a list, a form within, and a choice."""

    nom = StringField("Nom", [InputRequired("Indiquez un nom.")])
    acces = RadioField("Accès", [InputRequired("Choisissez.")], choices={"a": "A", "b": "B"})
    mesures = FieldList(FormField(Mesure), min_entries=2)
    porte = FormField(Mesure)


def test_every_error_of_a_form_leads_to_its_field() -> None:
    formulaire = Local(MultiDict({"mesures-0-longueur": "3"}))
    assert not formulaire.validate()
    formulaire.form_errors.append("Le local est déjà décrit.")
    assert list(affichage.erreurs_a_plat(formulaire)) == [
        ("", "", "Le local est déjà décrit."),
        ("nom", "Nom", "Indiquez un nom."),
        ("acces-0", "Accès", "Choisissez."),
        ("mesures-1-longueur", "Longueur", "Indiquez une longueur."),
        ("porte-longueur", "Longueur", "Indiquez une longueur."),
    ]


def test_an_icon_is_drawn_from_the_sprite_and_hidden_from_screen_readers() -> None:
    icone = affichage.dessin("/appli/static")
    assert 'href="/appli/static/icones.svg#basket"' in icone("basket") and 'aria-hidden="true"' in icone("basket")
    assert 'class="icone &lt;b&gt;"' in icone("basket", "<b>")
    with pytest.raises(LookupError, match="licorne"):
        icone("licorne")


def test_every_state_has_an_icon_that_exists_and_a_known_tone() -> None:
    icone = affichage.dessin("")
    for vue in (*APPARENCES.values(), INCONNUE):
        assert icone(vue.icone) and vue.ton in ICONES_DE_TON
    assert all(icone(nom) for nom in ICONES_DE_TON.values())


@pytest.mark.parametrize(
    ("demande", "attendue"),
    [
        (("validee",), Apparence("succes", "check-circle")),
        (("validee", "danger"), Apparence("danger", "check-circle")),
        (("jamais_vu",), INCONNUE),
        (("jamais_vu", "danger"), Apparence("danger", "exclamation-octagon")),
        (("jamais_vu", "", "basket"), Apparence("neutre", "basket")),
    ],
)
def test_an_unknown_state_still_has_a_look(demande: tuple[str, ...], attendue: Apparence) -> None:
    assert apparence(*demande) == attendue
