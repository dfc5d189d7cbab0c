"""The rules of a signed marché: its periods, its clauses, its avenants, its essential data."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.avenants import (
    Effet,
    LotAModifier,
    MarcheAModifier,
    TermesAvenant,
    cumul_de_faible_montant,
    fautes_de_l_avenant,
    plafond_au,
    plafond_initial,
    plafond_possible,
    seuil_europeen,
)
from groupement.catalogue.rules.clauses import (
    TERMES,
    Clause,
    Derogation,
    en_clair,
    en_derogations,
    fautes_des_derogations,
    jours,
    valeur,
)
from groupement.catalogue.rules.decp import (
    SANS_SOCIALE,
    SaisieDecp,
    a_publier,
    a_publier_avant_le,
    ce_qui_manque,
    fautes_de_la_saisie,
    type_de_groupement,
)
from groupement.catalogue.rules.periodes import (
    ADecider,
    Fenetre,
    PeriodePrevue,
    duree_en_mois,
    est_acquise,
    faute_de_decision,
    fautes_des_reconductions,
    fenetres,
    fin_apres,
)
from groupement.catalogue.states import EtatReconduction, FondementAvenant, ModeReconduction
from groupement.socle.calendrier import ajouter_mois

TACITE, EXPRESSE = ModeReconduction.TACITE, ModeReconduction.EXPRESSE
UN_AN = PeriodePrevue(12, TACITE, 3)
JOURS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 2, date(2027, 2, 15)),
    ],
)
def test_months_keep_their_day_or_end_with_the_month(jour, mois, attendu):
    assert ajouter_mois(jour, mois) == attendu


def test_a_period_ends_the_day_before_its_anniversary():
    assert fin_apres(date(2026, 4, 30), 12) == date(2027, 4, 30)
    assert fin_apres(date(2027, 12, 31), 2) == date(2028, 2, 29)


def test_reconductions_follow_one_another_with_their_notice():
    premiere, seconde = fenetres(date(2026, 4, 30), [UN_AN, PeriodePrevue(6, EXPRESSE, 2)])
    assert premiere == Fenetre(date(2026, 5, 1), date(2027, 4, 30), date(2026, 1, 30))
    assert seconde == Fenetre(date(2027, 5, 1), date(2027, 10, 31), date(2027, 2, 28))


@given(JOURS, st.lists(st.integers(1, 48), min_size=1, max_size=5))
def test_periods_leave_no_day_out_and_last_their_months(fin, durees):
    suite = fenetres(fin, [PeriodePrevue(mois, TACITE, 1) for mois in durees])
    veilles = [fin, *(fenetre.au for fenetre in suite)]
    for veille, fenetre, mois in zip(veilles, suite, durees, strict=False):
        assert fenetre.du == veille + timedelta(days=1)
        assert duree_en_mois(fenetre.du, fenetre.au) == mois or fenetre.du.day > 28
        assert fenetre.a_decider_avant_le <= veille


@pytest.mark.parametrize(
    ("du", "au", "mois"),
    [
        (date(2026, 5, 1), date(2030, 4, 30), 48),
        (date(2026, 5, 1), date(2026, 5, 31), 1),
        (date(2026, 5, 1), date(2026, 6, 1), 2),
        (date(2026, 1, 15), date(2026, 2, 14), 1),
        (date(2026, 1, 15), date(2026, 2, 15), 2),
    ],
)
def test_a_month_begun_counts(du, au, mois):
    assert duree_en_mois(du, au) == mois


def test_four_years_may_be_passed_with_a_reason_only():
    du, fin = date(2026, 5, 1), date(2027, 4, 30)
    assert fautes_des_reconductions(du, fin, [UN_AN] * 3, "") == {}
    assert "L2125-1" in fautes_des_reconductions(du, fin, [UN_AN] * 4, "")["justification_duree"]
    assert fautes_des_reconductions(du, fin, [UN_AN] * 4, "Objet complexe.") == {}
    assert fautes_des_reconductions(du, date(2031, 1, 1), [], "") == {}


A_DECIDER = ADecider(
    2, TACITE, EtatReconduction.RECONDUITE, date(2025, 12, 15), fenetres(date(2026, 12, 31), [UN_AN])[0]
)
AVANT, APRES = date(2026, 9, 1), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("changes", "le", "reconduire", "phrase"),
    [
        ({}, AVANT, True, ""),
        ({}, AVANT, False, ""),
        ({}, date(2026, 9, 30), False, ""),
        ({}, date(2026, 10, 1), False, "la reconduction est acquise"),
        ({}, APRES, True, ""),
        ({"mode": EXPRESSE}, APRES, False, ""),
        ({}, date(2027, 1, 1), True, "a pris fin le 31 décembre 2026"),
        ({}, date(2025, 12, 14), True, "suit la notification"),
        ({"precedente": EtatReconduction.PREVUE}, AVANT, True, "Décidez d’abord de la reconduction n°\u00a01"),
        ({"precedente": EtatReconduction.NON_RECONDUITE}, AVANT, True, "s’arrête avant celle-ci"),
        ({"precedente": None}, AVANT, True, ""),
    ],
)
def test_a_reconduction_is_decided_in_its_turn_and_in_time(changes, le, reconduire, phrase):
    faute = faute_de_decision(replace(A_DECIDER, **changes), le, reconduire=reconduire, aujourdhui=date(2027, 6, 1))
    assert (phrase in faute) if phrase else faute == ""


def test_a_decision_is_never_of_tomorrow():
    assert "date passée" in faute_de_decision(A_DECIDER, APRES, reconduire=True, aujourdhui=AVANT)


def test_silence_renews_the_day_after_the_notice():
    fenetre = A_DECIDER.fenetre
    assert fenetre.a_decider_avant_le == date(2026, 9, 30)
    assert not est_acquise(TACITE, fenetre, date(2026, 9, 30))
    assert est_acquise(TACITE, fenetre, date(2026, 10, 1))
    assert not est_acquise(EXPRESSE, fenetre, date(2026, 12, 1))


# Clauses


def test_a_clause_is_the_default_unless_the_ccap_says_otherwise():
    derogations = {Clause.VERIFICATION: Derogation(D(20), "8.2")}
    assert jours(derogations, Clause.VERIFICATION) == 20
    assert valeur(derogations, Clause.PENALITES_DIVISEUR) == 1000
    assert jours({}, Clause.VERIFICATION) == 15


def test_every_clause_says_where_it_comes_from_and_what_it_does():
    assert set(TERMES) == set(Clause)
    for clause, terme in TERMES.items():
        assert terme.au_moins <= terme.defaut <= terme.au_plus, clause
        assert terme.titre and terme.source and terme.effet.endswith(".")


@pytest.mark.parametrize(
    ("clause", "texte", "article", "champ", "phrase"),
    [
        (Clause.VERIFICATION, "20", "8.2", None, ""),
        (Clause.VERIFICATION, "0", "8.2", "verification", "entre 1 et 365"),
        (Clause.VERIFICATION, "2.5", "8.2", "verification", "nombre entier de jours"),
        (Clause.VERIFICATION, "20", " ", "verification_article", "quel article du CCAP"),
        (Clause.PAIEMENT, "45", "12", "paiement", "30 jours au plus"),
        (Clause.INTERETS, "5", "12", "interets", "8 points"),
        (Clause.INDEMNITE, "20", "12", "indemnite", "40"),
    ],
)
def test_a_derogation_is_within_the_law_and_names_its_article(clause, texte, article, champ, phrase):
    fautes = fautes_des_derogations({clause: Derogation(D(texte), article)})
    assert set(fautes) == ({champ} if champ else set())
    assert phrase in fautes.get(champ, "")


@given(st.dictionaries(st.sampled_from(Clause), st.tuples(st.decimals(0, 10**6, places=2), st.text(max_size=30))))
def test_derogations_are_stored_and_read_back_unchanged(saisies):
    derogations = {clause: Derogation(nombre, article) for clause, (nombre, article) in saisies.items()}
    assert en_derogations(en_clair(derogations)) == derogations
    assert en_derogations(None) == {}


# Avenants

LOT = LotAModifier(7, 1, D("100000.00"), D(0), D("30000.00"))
MARCHE = MarcheAModifier(date(2026, 1, 5), date(2026, 1, 15), date(2029, 12, 31), None, None)
AUJOURDHUI = date(2026, 11, 22)


def avenant(plafond=None, **changes):
    plafonds = {} if plafond is None else {7: D(plafond)}
    termes = TermesAvenant("1", "Hausse", FondementAvenant.FAIBLE_MONTANT, "", date(2026, 6, 1), plafonds)
    return replace(termes, **changes)


def fautes(termes, *, marche=MARCHE, lot=LOT):
    return fautes_de_l_avenant(termes, marche, [lot], AUJOURDHUI)


def apres(lot, *variations, fondement=FondementAvenant.FAIBLE_MONTANT):
    """The lot once these changes are made."""
    effets, plafond = lot.effets, lot.plafond_ht
    for variation in variations:
        effets = (*effets, Effet(date(2026, 3, 1), fondement, plafond, plafond + D(variation)))
        plafond += D(variation)
    return replace(lot, plafond_ht=plafond, effets=effets)


def test_low_amounts_add_up_below_ten_per_cent():
    un = apres(LOT, 6000)
    assert fautes(avenant("109900.00"), lot=un) == {}
    refus = fautes(avenant("110000.00"), lot=un)["fondement"]
    assert "10\u00a0%" in refus and "R2194-8" in refus and "R2194-9" in refus


def test_rises_and_falls_make_up_for_each_other():
    assert fautes(avenant("109000.00"), lot=apres(LOT, 6000, -6000)) == {}
    assert "fondement" in fautes(avenant("89000.00"))


def test_a_change_written_in_the_contract_or_a_typing_error_has_no_limit():
    for fondement in (FondementAvenant.CLAUSE, FondementAvenant.ERREUR_DE_SAISIE, FondementAvenant.NON_SUBSTANTIELLE):
        assert fautes(avenant("300000.00", fondement=fondement, motif="Article 4 du CCAP.")) == {}
        assert set(fautes(avenant("300000.00", fondement=fondement))) == {"motif"}


def test_supplements_and_the_unforeseen_stay_within_half_each():
    for fondement in (FondementAvenant.SUPPLEMENT, FondementAvenant.IMPREVU):
        assert fautes(avenant("150000.00", fondement=fondement, motif="Inondation.")) == {}
        assert "R2194-3" in fautes(avenant("150000.01", fondement=fondement, motif="Inondation."))["fondement"]
        deja = apres(LOT, 50000, fondement=fondement)
        assert fautes(avenant("200000.00", fondement=fondement, motif="Inondation."), lot=deja) == {}


def test_a_low_amount_stays_below_the_european_threshold():
    grand = replace(LOT, plafond_ht=D("5000000.00"))
    assert fautes(avenant("5215999.99"), lot=grand) == {}
    assert "seuil européen" in fautes(avenant("5216000.00"), lot=grand)["fondement"]
    assert (seuil_europeen(date(2025, 6, 1)), seuil_europeen(date(2020, 1, 1))) == (D(221000), D(221000))


@pytest.mark.parametrize(
    ("plafond", "phrase"),
    [
        ("0", "supérieur à zéro"),
        ("29999.99", "atteignent déjà 30\u00a0000,00\u00a0€"),
        ("31000", "Le minimum du lot 1 est de 40\u00a0000,00\u00a0€"),
    ],
)
def test_a_ceiling_stays_above_what_is_ordered_and_the_minimum(plafond, phrase):
    lot = replace(LOT, minimum_ht=D("40000.00"))
    termes = avenant(plafond, fondement=FondementAvenant.CLAUSE, motif="Article 4.")
    assert phrase in fautes(termes, lot=lot)["plafond_7"]


@pytest.mark.parametrize(
    ("notifie_le", "phrase"),
    [
        (date(2026, 1, 4), "suit la notification du marché, le 5 janvier 2026"),
        (date(2026, 4, 30), "L’avenant précédent est du 1er mai 2026"),
        (date(2026, 11, 23), "à venir"),
        (date(2030, 1, 1), "a pris fin le 31 décembre 2029"),
    ],
)
def test_an_avenant_comes_after_the_marche_and_not_tomorrow(notifie_le, phrase):
    marche = replace(MARCHE, dernier_avenant_le=date(2026, 5, 1))
    assert phrase in fautes(avenant(notifie_le=notifie_le), marche=marche)["notifie_le"]


@pytest.mark.parametrize(
    ("fin", "changes", "champ"),
    [
        (date(2028, 12, 31), {}, None),
        (date(2026, 1, 1), {}, "nouvelle_fin"),
        (date(2026, 12, 1), {}, "nouvelle_fin"),
        (date(2030, 12, 31), {}, "justification_duree"),
        (date(2030, 12, 31), {"justification_duree": "Chantier long."}, None),
    ],
)
def test_a_new_end_follows_the_orders_and_keeps_to_four_years(fin, changes, champ):
    marche = replace(MARCHE, engage_jusqu_au=date(2026, 12, 15))
    assert set(fautes(avenant(nouvelle_fin=fin, **changes), marche=marche)) == ({champ} if champ else set())


def test_the_ceiling_of_a_day_is_the_first_one_and_the_avenants_notified_by_then():
    effets = (
        Effet(date(2026, 3, 1), FondementAvenant.FAIBLE_MONTANT, D(100000), D(106000)),
        Effet(date(2026, 4, 1), FondementAvenant.ERREUR_DE_SAISIE, D(106000), D(116000)),
        Effet(date(2026, 5, 1), FondementAvenant.CLAUSE, D(116000), D(110000)),
    )
    assert plafond_initial(D(110000), effets) == 110000
    jours_et_plafonds = {date(2026, 2, 1): 110000, date(2026, 3, 1): 116000, date(2026, 6, 1): 110000}
    assert {jour: plafond_au(D(110000), effets, jour) for jour in jours_et_plafonds} == jours_et_plafonds


@given(
    st.decimals(1000, 10**7, places=2),
    st.lists(st.decimals(-(10**4), 10**4, places=2), max_size=4),
)
def test_what_is_said_possible_is_accepted_and_a_centime_more_is_not(initial, variations):
    lot = replace(LOT, plafond_ht=initial, commande_ht=D(0))
    for variation in variations:
        if lot.plafond_ht + variation > 0:
            lot = apres(lot, variation)
    possible = plafond_possible(lot, AUJOURDHUI)
    assert lot.initial_ht == initial
    marge = min(initial / 10, D(216000))
    assert cumul_de_faible_montant(lot.effets) + possible - lot.plafond_ht < marge
    if possible > 0 and cumul_de_faible_montant(lot.effets) + possible - lot.plafond_ht > -marge:
        assert fautes(avenant(possible), lot=lot) == {}
    assert "fondement" in fautes(avenant(max(possible + D("0.01"), D("0.01"))), lot=lot) or possible < 0


# Essential data

SAISIE = SaisieDecp(
    "2026ARCH0101", "39131100-0", "Appel d'offres ouvert", "Fournitures courantes et services", 3,
    "Définitif ferme", False, False, False, D(0), "62", "Code département", (SANS_SOCIALE,),
    ("Clause environnementale",),
)  # fmt: skip


def test_what_is_missing_is_said_in_words():
    assert ce_qui_manque(SAISIE) == []
    assert ce_qui_manque(replace(SAISIE, code_cpv="", offres_recues=None)) == [
        "le code CPV",
        "le nombre d’offres reçues",
    ]
    assert len(ce_qui_manque(None)) == 10


def test_contradictions_are_said_by_the_field():
    assert fautes_de_la_saisie(SAISIE) == {}
    double = replace(SAISIE, considerations_sociales=(SANS_SOCIALE, "Clause sociale"))
    assert "ne va pas" in fautes_de_la_saisie(double)["considerations_sociales"]
    assert "taux_avance_pct" in fautes_de_la_saisie(replace(SAISIE, taux_avance_pct=D(5)))


def test_publication_is_due_from_forty_thousand_euros_within_two_months():
    assert a_publier(D(40000)) and not a_publier(D("39999.99"))
    assert a_publier_avant_le(date(2025, 12, 31)) == date(2026, 2, 28)


def test_the_first_titulaire_says_the_kind_of_group():
    assert type_de_groupement(["solidaire", "seul"]) == "Solidaire"
    assert type_de_groupement(["conjoint"]) == "Conjoint"
    assert type_de_groupement([]) == type_de_groupement(["seul"]) == "Pas de groupement"
