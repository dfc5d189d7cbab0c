"""`groupement besoins`: a file in, the need out; one French line per fault and nothing else."""

import json

import pytest
from click.testing import CliRunner

from groupement.cli.besoins import besoins
from tests.etats_des_lieux.exemple import document, document_complet


@pytest.fixture
def lancer(tmp_path):
    def lance(contenu, *options):
        fichier = tmp_path / "etat.json"
        octets = contenu if isinstance(contenu, bytes) else json.dumps(contenu).encode()
        fichier.write_bytes(octets)
        return CliRunner().invoke(besoins, [str(fichier), *options])

    return lance


def test_json_stands_alone_on_standard_output(lancer):
    fin = lancer(document_complet(), "--json")
    assert (fin.exit_code, fin.stderr) == (0, "")
    ecrit = json.loads(fin.stdout)
    assert list(ecrit) == [
        *("net_ml", "horizon_ml", "requis_ml", "a_equiper_ml", "travees", "boites_definitif", "boites_temporaire"),
        *("volumes_a_relier", "annees_avant_saturation", "poids_kg", "explications"),
    ]
    assert (ecrit["net_ml"], ecrit["travees"], ecrit["boites_definitif"]) == ("50.95", 8, 244)


def test_without_json_a_person_reads_a_table_then_the_reasoning(lancer):
    fin = lancer(document_complet())
    lignes = fin.stdout.replace("\u00a0", " ").replace("\u202f", " ").splitlines()
    assert fin.exit_code == 0
    assert lignes[:2] == ["Ce qu’il faut", "  Fonds à conserver           50,95 ml"]
    assert "  Travées à acheter                  8" in lignes
    assert "  Saturation dans             11,5 ans" in lignes
    assert "  Délibérations 2021 : 110 feuillets" in lignes
    assert "  Dans 10 ans : 50,95 ml + 10 × 1,20 ml de croissance nette par an = 62,95 ml." in lignes


def test_an_audit_that_does_not_grow_nor_bind_says_so(lancer):
    fin = lancer(document(croissance_ml_an="0", reliures=[]))
    assert "jamais" in fin.stdout
    assert "\nVolumes à relier\n" not in fin.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_each_fault_is_one_line_on_standard_error(lancer, options):
    fin = lancer(document(foo=1, population=-1, travee_ml="0"), *options)
    assert (fin.exit_code, fin.stdout) == (2, "")
    assert [ligne.split("\u00a0:")[0] for ligne in fin.stderr.splitlines()] == ["foo", "population", "travee_ml"]


@pytest.mark.parametrize("contenu", [b"", b"{", "é".encode("cp1252"), b"[1]", b'{"population": NaN}'])
def test_a_file_that_is_no_document_ends_with_2(lancer, contenu):
    fin = lancer(contenu, "--json")
    assert (fin.exit_code, fin.stdout) == (2, "")
    assert len(fin.stderr.splitlines()) == 1


def test_a_missing_file_is_said_in_french(tmp_path):
    fin = CliRunner().invoke(besoins, [str(tmp_path / "absent.json")])
    assert fin.exit_code == 2
    assert "fichier introuvable" in fin.stderr


def test_a_folder_is_not_a_document(tmp_path):
    fin = CliRunner().invoke(besoins, [str(tmp_path)])
    assert fin.exit_code == 2
    assert "fichier illisible" in fin.stderr


def test_a_number_written_in_json_is_read_exactly(lancer):
    contenu = json.dumps(document()).replace('"1.20"', "1.2").replace('"0.90"', "0.9").encode()
    assert lancer(contenu, "--json").stdout == lancer(document(), "--json").stdout
