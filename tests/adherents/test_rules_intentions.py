"""Rules of the declarations of intent: columns, cells, bodies, deadlines."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.adherents.rules.enquete import (
    accepte_les_reponses,
    debut_de_tranche,
    libelle_de_tranche,
    lien_valable_jusqu_au,
    motif_de_refus_de_l_echeance,
    motif_de_refus_de_relancer,
)
from groupement.adherents.rules.limesurvey import deviner, lire_fichier, motifs_de_refus, numero_dans_le_nom
from groupement.adherents.rules.rapprochement import Annuaire, Corps, Declare, rapprocher, sans_article
from groupement.adherents.rules.reponses import lire_nombre, lire_reponses

EXEMPLE = Path(__file__).parents[2] / "groupement" / "demo" / "donnees" / "intentions-limesurvey.csv"
COLONNES = {
    "id": "numero_reponse",
    "submitdate": "recue_le",
    "nom": "nom",
    "ml": "archives_mm",
    "gdc": "veut_groupement",
}


def lire(*lignes, encodage="utf-8", separateur=";"):
    """The answers of a small file."""
    texte = "\n".join(("id;submitdate;nom;ml;gdc", *lignes)).replace(";", separateur)
    return lire_reponses(lire_fichier(texte.encode(encodage)), COLONNES)


def test_the_sample_file_reads_whole_and_its_headings_say_it_all():
    fichier = lire_fichier(EXEMPLE.read_bytes())
    colonnes = deviner(fichier.entetes)
    assert len(fichier.lignes) == 140 and not fichier.fautes and not motifs_de_refus(colonnes)
    assert len(set(colonnes.values())) == 18
    lecture = lire_reponses(fichier, colonnes)
    assert not lecture.fautes and sum(not r.complete for r in lecture.reponses) == 12
    lillers = lecture.reponses[0]
    assert (lillers.numero_reponse, lillers.textes["nom"]) == ("70", "LILLERS")
    assert lillers.nombres == {"archives_mm": 59_000, "rayonnages_mm": 14_000, "boites": 200, "reliures": 10}
    assert lillers.a_confirmer == {"archives_mm": "environ 59"}
    assert lillers.recue_le == datetime(2023, 12, 1, 8, 34, 22, tzinfo=UTC)  # 9 h 34 in Paris
    assert "=SOMME(1;2)" in {r.textes["commentaire"] for r in lecture.reponses}  # its apostrophe is gone


@pytest.mark.parametrize(
    ("entete", "champ"),
    [
        ("id", "numero_reponse"),
        ("ID de la réponse", "numero_reponse"),
        ("Response ID", "numero_reponse"),
        ("submitdate", "recue_le"),
        ("Date submitted", "recue_le"),
        ("Nom de la colle.. ", "nom"),
        ("Souhaitez-vous .. ", "participe"),
        ("Prestations sou.. ", None),
        ("Q5[SQ001]", None),
        ("Q5[SQ001]. Prestations souhaitées [État des lieux]", "veut_etat_des_lieux"),
        ("Q5[other]", "veut_autre"),
        ("Prestations souhaitées [Autre]", "veut_autre"),
        ("Archivage électronique", "veut_sae"),
        ("Tête de série", None),
    ],
)
def test_a_heading_of_each_format_is_recognised_or_left_to_a_person(entete, champ):
    assert deviner([entete]) == ({entete: champ} if champ else {})


def test_repeated_and_empty_headings_are_told_apart():
    assert lire_fichier(b"id;Autre;Autre;\n1;a;b;c").entetes == ("id", "Autre", "Autre (2)", "Colonne 4")


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_any_encoding_and_separator_reads_the_same(encodage, separateur):
    lecture = lire("7;2026-11-20 10:00:00;Étaples;12.5;Y", encodage=encodage, separateur=separateur)
    assert not lecture.fautes
    assert (lecture.reponses[0].textes["nom"], lecture.reponses[0].nombres["archives_mm"]) == ("Étaples", 12_500)


@pytest.mark.parametrize(
    ("lignes", "attendus"),
    [
        (["1;hier;Ayette;;"], ["Ligne 2, colonne «\u00a0submitdate\u00a0», «\u00a0hier\u00a0»"]),
        (["1;;Ayette;;", "1;;Bapaume;;"], ["Ligne 3, colonne «\u00a0id\u00a0»", "déjà à la ligne 2"]),
        (["1;;Ayette;;A9"], ["Ligne 2, colonne «\u00a0gdc\u00a0», «\u00a0A9\u00a0»", "code inconnu"]),
        ([";;Ayette;;"], ["Ligne 2, colonne «\u00a0id\u00a0»"]),
        ([f"1;;{'x' * 201};;"], ["200 caractères"]),
        (["1;;Ayette;;;trop"], ["6 cellules pour 5 colonnes"]),
    ],
)
def test_what_the_software_wrote_wrong_is_said_by_line_and_column(lignes, attendus):
    phrases = " ".join(faute.phrase() for faute in lire(*lignes).fautes)
    assert all(attendu in phrases for attendu in attendus), phrases


def test_a_file_that_is_no_text_or_has_no_answer_is_refused():
    assert "CSV" in lire_fichier(b"\x89PNG\x00\x00").fautes[0].phrase()
    assert "aucune réponse" in lire_fichier(b"id;submitdate\n").fautes[0].phrase()
    assert "guillemets" in lire_fichier(b'id;nom\n1;"Aye\n').fautes[0].phrase()


def test_a_mapping_must_say_the_number_the_date_and_who():
    assert len(motifs_de_refus({})) == 3
    assert not motifs_de_refus({"a": "numero_reponse", "b": "recue_le", "c": "insee"})
    double = {"a": "numero_reponse", "b": "recue_le", "c": "nom", "d": "nom"}
    assert "2 colonnes" in motifs_de_refus(double)[0]


@pytest.mark.parametrize(
    ("texte", "valeur", "sur"),
    [
        ("", None, True),
        ("59", 59_000, True),
        ("72,5", 72_500, True),
        ("1 200", 1_200_000, True),
        ("environ 59", 59_000, False),
        ("59 ml", 59_000, False),
        ("50 à 60", 60_000, False),
        ("beaucoup", None, False),
        ("-3", None, False),
        ("12,3456", 12_346, False),
        ("9999999", None, False),
    ],
)
def test_a_figure_in_words_is_proposed_and_never_taken_for_sure(texte, valeur, sur):
    assert lire_nombre(texte, 1000) == (valeur, sur)


@given(st.text(max_size=40), st.sampled_from([1, 1000]))
def test_no_text_breaks_the_reading_of_a_figure(texte, facteur):
    valeur, sur = lire_nombre(texte, facteur)
    assert valeur is None or 0 <= valeur <= 100_000 * facteur
    assert valeur is not None or not sur or not texte.strip()


@given(st.integers(0, 100_000))
def test_a_plain_number_is_always_sure(nombre):
    assert lire_nombre(f"{nombre:,}".replace(",", " ")) == (nombre, True)


@pytest.mark.parametrize(
    ("nom", "numero"),
    [("results-survey123456.csv", "123456"), ("reponses.csv", ""), ("2026.csv", ""), ("survey 98765 (1).csv", "98765")],
)
def test_the_number_of_the_survey_is_in_the_name_limesurvey_gives(nom, numero):
    assert numero_dans_le_nom(nom) == numero


ANNUAIRE = Annuaire.de(
    [
        Corps(1, "Bléquin", "216201400", "21620140000018", "62140"),
        Corps(2, "Grigny", "216203919", "", "62391"),
        Corps(3, "CCAS de Grigny", "266203914", "", "62391"),
        Corps(4, "CC de Desvres-Samer", "246200844", "", ""),
        Corps(5, "Béthune", "216201194", "", "62119"),
    ]
)


@pytest.mark.parametrize(
    ("declare", "trouvee", "par"),
    [
        (Declare("BLEQUIN", siret="21620140000018", siren="216201400"), 1, "siret"),
        (Declare("Commune de Bléquin", siret="21620140099999"), 1, "siren"),
        (Declare("blequin", siren="216201400", insee="62140"), 1, "siren"),
        (Declare("", insee="62119"), 5, "insee"),
        (Declare("Grigny", siren="216203919", insee="62391"), 2, "siren"),
        (Declare("GRIGNY", insee="62391"), None, ""),  # the commune or its CCAS
        (Declare("Bléquin"), None, ""),  # a name alone never decides
        (Declare("Béthune", siren="216201400"), None, ""),  # the name contradicts the number
        (Declare("Bléquin", siren="216201400", insee="62119"), None, ""),  # the numbers contradict each other
        (Declare("Nulle part", siren="123456789"), None, ""),
    ],
)
def test_only_numbers_that_agree_say_the_body(declare, trouvee, par):
    rapprochement = rapprocher(declare, ANNUAIRE)
    assert (rapprochement.collectivite_id, rapprochement.par) == (trouvee, par)


@pytest.mark.parametrize(
    ("declare", "premiere"),
    [
        (Declare("BLEQUIN"), 1),
        (Declare("Mairie de Bethune"), 5),
        (Declare("CC DE DESVRES-SAMER"), 4),
        (Declare("Bethunes"), 5),
        (Declare("GRIGNY", insee="62391"), 2),
    ],
)
def test_a_name_proposes_the_nearest_bodies(declare, premiere):
    assert rapprocher(declare, ANNUAIRE).propositions[0].collectivite_id == premiere


def test_what_contradicts_is_said_and_both_are_proposed():
    conflit = rapprocher(Declare("Béthune", siren="216201400"), ANNUAIRE)
    assert "Bléquin" in conflit.alerte and {p.collectivite_id for p in conflit.propositions} == {1, 5}


@given(st.text(max_size=60), st.text(max_size=14), st.text(max_size=9), st.text(max_size=5))
def test_whatever_is_declared_a_body_is_never_made_up(nom, siret, siren, insee):
    rapprochement = rapprocher(Declare(nom, siret, siren, insee), ANNUAIRE)
    connus = set(ANNUAIRE.par_id)
    assert rapprochement.collectivite_id in connus | {None}
    assert {p.collectivite_id for p in rapprochement.propositions} <= connus
    assert (rapprochement.collectivite_id is None) == (rapprochement.par == "")


def test_a_name_is_compared_without_its_article():
    assert sans_article("Commune de Bléquin") == sans_article("BLEQUIN") == "blequin"


def test_the_last_day_is_included_and_the_link_lives_a_little_longer():
    fin = date(2026, 12, 15)
    assert accepte_les_reponses(True, fin, fin)
    assert not accepte_les_reponses(True, fin, fin + timedelta(days=1))
    assert not accepte_les_reponses(False, fin, fin)
    assert lien_valable_jusqu_au(fin, 30) == date(2027, 1, 14)


def test_a_deadline_leaves_time_and_is_not_for_ever():
    le = date(2026, 11, 22)
    assert "22/11/2026" in motif_de_refus_de_l_echeance(le, le)
    assert motif_de_refus_de_l_echeance(date(2028, 1, 1), le)
    assert motif_de_refus_de_l_echeance(date(2026, 11, 23), le) is None


def test_one_reminds_once_a_week_at_most():
    le = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert "ont répondu" in motif_de_refus_de_relancer(None, le)
    assert "27/11/2026" in motif_de_refus_de_relancer(le - timedelta(days=2), le)
    assert motif_de_refus_de_relancer(le - timedelta(days=7), le) is None


@pytest.mark.parametrize(
    ("population", "libelle"),
    [
        (0, "Moins de 500 habitants"),
        (499, "Moins de 500 habitants"),
        (500, "500 à 999 habitants"),
        (9_999, "5\u00a0000 à 9\u00a0999 habitants"),
        (10_000, "10\u00a0000 habitants et plus"),
    ],
)
def test_a_population_falls_in_its_band(population, libelle):
    assert libelle_de_tranche(debut_de_tranche(population)) == libelle
