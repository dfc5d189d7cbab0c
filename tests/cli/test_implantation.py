"""`groupement implantation`: a room in, a plan out, and its drawing."""

import json

import pytest
from click.testing import CliRunner

from groupement.cli.implantation import implantation
from tests.etats_des_lieux.salles import salle_document


@pytest.fixture
def lancer(tmp_path):
    def lance(contenu, *options):
        fichier = tmp_path / "salle.json"
        fichier.write_text(json.dumps(contenu), encoding="utf-8")
        return CliRunner().invoke(implantation, [str(fichier), *options])

    return lance


def test_json_stands_alone_on_standard_output(lancer, tmp_path):
    plan = tmp_path / "plan.svg"
    fin = lancer(salle_document(), "--json", "--svg", str(plan))
    assert fin.exit_code == 0
    assert json.loads(fin.stdout)["metres_lineaires"] == "96.0"
    assert fin.stderr.startswith("Plan dessiné dans ")
    assert plan.read_text(encoding="utf-8").startswith("<svg ")


def test_without_json_a_person_reads_the_rows_and_what_to_check(lancer):
    lignes = lancer(salle_document()).stdout.replace("\u00a0", " ").splitlines()
    assert lignes[:2] == ["96,0 ml (4,86 ml par m²), 6 niveaux", "16 travées : 4 départs et 12 suivants"]
    assert lignes[3] == "  Épi 2 : 2 faces, 4 travées par face (1000, 1000, 1000, 1000 mm)"
    assert lignes[-1].startswith("Attention : La charge admissible")


def test_a_room_where_nothing_fits_is_no_fault(lancer):
    fin = lancer(salle_document(x_mm=3000, y_mm=1200, portes=[]), "--json")
    assert (fin.exit_code, json.loads(fin.stdout)["metres_lineaires"]) == (0, "0.0")


def test_each_fault_is_one_line_on_standard_error_and_nothing_is_drawn(lancer, tmp_path):
    plan = tmp_path / "plan.svg"
    fin = lancer(salle_document(foo=1, x_mm=0), "--json", "--svg", str(plan))
    assert (fin.exit_code, fin.stdout) == (2, "")
    assert len(fin.stderr.splitlines()) == 2
    assert not plan.exists()


def test_a_drawing_that_cannot_be_written_is_said(lancer, tmp_path):
    fin = lancer(salle_document(), "--json", "--svg", str(tmp_path / "absent" / "plan.svg"))
    assert (fin.exit_code, fin.stdout) == (2, "")
    assert "impossible d’écrire" in fin.stderr
