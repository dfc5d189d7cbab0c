"""The rules of membership, identifiers, search, lock-out and the sentences of the journal."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from groupement.adherents.rules.adhesion import FaitsAdhesion, motif_de_refus_de_commander, motif_de_refus_des_dates
from groupement.adherents.rules.identifiants import compacter, motif_de_refus_du_siren, motif_de_refus_du_siret
from groupement.adherents.rules.phrases import PARTICIPES, nom_d_objet, phrase
from groupement.adherents.rules.recherche import mots, normaliser
from groupement.adherents.rules.verrouillage import ESSAIS_PERMIS, REPOS, est_verrouille, phrase_de_verrou, verrou
from groupement.adherents.states import EtatAdhesion

PAQUETS_A_ETATS = ("adherents", "catalogue", "commandes", "etats_des_lieux", "livraisons", "refacturation")
LANCEMENT = date(2025, 6, 1)
JOURS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MIDI = datetime(2026, 11, 22, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("etat", "signee_le", "extrait"),
    [
        (EtatAdhesion.SIGNEE, date(2025, 5, 31), None),
        (EtatAdhesion.SIGNEE, LANCEMENT, None),
        (EtatAdhesion.SIGNEE, date(2025, 6, 2), "article R2162-6"),
        (EtatAdhesion.SIGNEE, None, "la date de signature de la convention manque"),
        (EtatAdhesion.DEMANDEE, None, "ni délibérée ni signée"),
        (EtatAdhesion.DELIBEREE, None, "la convention n’est pas signée"),
        (EtatAdhesion.RETIREE, date(2025, 5, 1), "s’est retirée"),
    ],
)
def test_only_a_body_that_signed_before_the_consultation_may_order(etat, signee_le, extrait):
    motif = motif_de_refus_de_commander(FaitsAdhesion(etat, signee_le), LANCEMENT)
    assert motif is None if extrait is None else extrait in motif


def test_a_body_that_never_joined_may_not_order():
    assert "n’a pas adhéré" in motif_de_refus_de_commander(None, LANCEMENT)


def test_the_refusal_names_both_dates():
    motif = motif_de_refus_de_commander(FaitsAdhesion("signee", date(2025, 7, 14)), LANCEMENT)
    assert "14/07/2025" in motif and "01/06/2025" in motif


@given(JOURS, JOURS)
def test_signing_early_is_allowed_and_late_is_not_whatever_the_days(signee_le, consultation_le):
    motif = motif_de_refus_de_commander(FaitsAdhesion("signee", signee_le), consultation_le)
    assert (motif is None) == (signee_le <= consultation_le)


@pytest.mark.parametrize(
    ("deliberee_le", "signee_le", "champs"),
    [
        (None, None, set()),
        (date(2025, 3, 1), None, set()),
        (date(2025, 3, 1), date(2025, 3, 1), set()),
        (date(2025, 3, 1), date(2025, 2, 28), {"signee_le"}),
        (None, date(2025, 3, 1), {"deliberee_le"}),
        (date(2026, 11, 23), None, {"deliberee_le"}),
        (date(2026, 11, 1), date(2026, 11, 23), {"signee_le"}),
        (date(2026, 11, 23), date(2026, 11, 24), {"deliberee_le", "signee_le"}),
    ],
)
def test_dates_of_an_adhesion_follow_each_other_and_are_not_in_the_future(deliberee_le, signee_le, champs):
    assert set(motif_de_refus_des_dates(deliberee_le, signee_le, date(2026, 11, 22))) == champs


@pytest.mark.parametrize("siren", ["216200014", "286299995", "934483553", "356000000"])
def test_a_siren_is_not_refused_for_its_first_digit(siren):
    assert motif_de_refus_du_siren(siren) is None


@pytest.mark.parametrize(
    ("siren", "extrait"),
    [("21620001", "9 chiffres"), ("2162000A4", "9 chiffres"), ("²16200014", "9 chiffres"), ("216200015", "clé")],
)
def test_a_wrong_siren_is_refused_with_what_to_check(siren, extrait):
    assert extrait in motif_de_refus_du_siren(siren)


@pytest.mark.parametrize(
    ("siret", "siren", "extrait"),
    [
        ("28629999500014", "286299995", None),
        ("35600000049837", "356000000", None),  # La Poste: the plain sum of the digits
        ("35600000000048", "356000000", None),
        ("35600000049838", "356000000", "clé"),
        ("28629999500015", "286299995", "clé"),
        ("2862999950001", "286299995", "14 chiffres"),
        ("21629990900012", "286299995", "doit commencer par son SIREN"),
    ],
)
def test_a_siret_belongs_to_its_siren_and_has_its_key(siret, siren, extrait):
    motif = motif_de_refus_du_siret(siret, siren)
    assert motif is None if extrait is None else extrait in motif


@given(st.integers(0, 99_999_999))
def test_every_siren_with_a_right_key_passes_and_no_other(racine):
    corps = f"{racine:08}"
    cle = luhn.calc_check_digit(corps)
    justes = [chiffre for chiffre in "0123456789" if motif_de_refus_du_siren(corps + chiffre) is None]
    assert justes == [cle]


def test_numbers_are_read_as_people_write_them():
    assert compacter(" 286 299 995\u00a000014 ") == compacter("286.299.995-00014") == "28629999500014"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Hesdin-l’Abbé", "hesdin l abbe"),
        ("Œuf-en-Ternois", "oeuf en ternois"),
        ("  CA d'Hénin-Carvin ", "ca d henin carvin"),
        ("Étaples", "etaples"),
        ("%_\\", ""),
    ],
)
def test_words_are_searched_without_accents_nor_signs(texte, attendu):
    assert normaliser(texte) == attendu


@given(st.text())
def test_what_is_searched_twice_is_the_same(texte):
    assert normaliser(normaliser(texte)) == normaliser(texte)


def test_a_number_written_by_groups_is_one_word():
    assert mots("216 200 014") == ["216200014"]
    assert mots("Aix en Ergny") == ["aix", "en", "ergny"]
    assert mots("") == [] and len(mots("a " * 50)) == 8


@pytest.mark.parametrize("echecs", range(8))
def test_the_account_rests_from_the_fifth_failure_on(echecs):
    assert verrou(echecs, MIDI) == (MIDI + REPOS if echecs >= ESSAIS_PERMIS else None)


def test_a_lock_holds_until_its_instant_and_not_at_it():
    assert est_verrouille(MIDI, MIDI - timedelta(seconds=1))
    assert not est_verrouille(MIDI, MIDI) and not est_verrouille(None, MIDI)
    assert "14 h 05" in phrase_de_verrou("14 h 05")


@pytest.mark.parametrize(
    ("verbe", "objet", "attendue"),
    [
        ("valider", "commande", "Commande validée"),
        ("emettre", "bon_de_commande", "Bon de commande émis"),
        ("clore", "campagne", "Campagne close"),
        ("inviter", "utilisateur", "Compte ouvert, avec une invitation"),
        ("admettre_avec_refaction", "livraison", "Livraison admise avec réfaction"),
        ("mettre_en_orbite", "etat_des_lieux", "État des lieux\u00a0: mettre en orbite"),
    ],
)
def test_the_journal_speaks_french_and_agrees(verbe, objet, attendue):
    assert phrase(verbe, objet) == attendue


def test_a_thing_without_an_everyday_name_is_still_readable():
    assert nom_d_objet("chose_nouvelle") == "chose nouvelle"
    assert all(not participe.endswith("e") for participe in PARTICIPES.values() if " " not in participe)


def test_every_verb_of_a_transition_table_has_its_sentence():
    modules = [import_module(f"groupement.{nom}.states") for nom in PAQUETS_A_ETATS]
    tables = [v for m in modules for n, v in vars(m).items() if n.startswith("TRANSITIONS")]
    assert tables and {verbe for table in tables for verbe in table} <= set(PARTICIPES)
