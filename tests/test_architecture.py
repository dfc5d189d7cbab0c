"""The habits of the house, read from the source: what import-linter and ruff do not see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from groupement.adherents.rules.phrases import PARTICIPES

RACINE = Path(__file__).parents[1]
SOURCES = sorted((RACINE / "groupement").rglob("*.py"))
ARBRES = {fichier: ast.parse(fichier.read_text()) for fichier in SOURCES}
PROJET = tomllib.loads((RACINE / "pyproject.toml").read_text())
VERROUS = ("requirements.lock", "dev.lock", "construction.lock")
NOMS_BANNIS = {"utils", "helpers", "manager", "handler", "data", "info", "process", "gerer", "traiter"}
# `process` and `data` are words of WTForms, so functions may override what bears them.
MOTS_BANNIS = NOMS_BANNIS - {"data", "info", "process"}
VERBES_HTTP = {"get", "post", "route"}

# A float that is no amount, no quantity and no rate carries its reason on its line: `# float: …`.
EXPLICATION = re.compile(r"# float: \w+")


def lieu(fichier: Path, noeud: ast.AST) -> str:
    """Where a fault is, as an editor opens it."""
    return f"{fichier.relative_to(RACINE)}:{noeud.lineno}"


def fonctions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method of the project."""
    for fichier, arbre in ARBRES.items():
        for noeud in ast.walk(arbre):
            if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
                yield fichier, noeud


def lignes_du_corps(fonction: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, docstring apart: explaining is free."""
    corps = fonction.body[1:] if ast.get_docstring(fonction, clean=False) is not None else fonction.body
    return corps[-1].end_lineno - corps[0].lineno + 1 if corps else 0


def est_une_route(fonction: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Is it decorated by `@bp.get(…)` or one of its sisters?"""
    appels = [d.func for d in fonction.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(appel, ast.Attribute) and appel.attr in VERBES_HTTP for appel in appels)


def est_un_flottant(noeud: ast.AST) -> bool:
    """`float(…)`, `round(…)`, or the type float in an annotation."""
    return isinstance(noeud, ast.Name) and noeud.id in {"float", "round"}


def test_no_module_passes_300_lines() -> None:
    longs = {str(f.relative_to(RACINE)): n for f in SOURCES if (n := len(f.read_text().splitlines())) > 300}
    assert not longs, "Découper par nom : " + str(longs)


def test_no_function_passes_30_lines() -> None:
    longues = [f"{lieu(f, n)} {n.name} : {lignes_du_corps(n)}" for f, n in fonctions() if lignes_du_corps(n) > 30]
    assert not longues, "\n".join(longues)


def test_no_route_passes_12_lines() -> None:
    longues = [
        f"{lieu(f, n)} {n.name} : {lignes_du_corps(n)}"
        for f, n in fonctions()
        if est_une_route(n) and lignes_du_corps(n) > 12
    ]
    assert not longues, "\n".join(longues)


def test_no_amount_meets_a_float() -> None:
    fautes = []
    for fichier, arbre in ARBRES.items():
        lignes = fichier.read_text().splitlines()
        fautes += [
            lieu(fichier, noeud)
            for noeud in ast.walk(arbre)
            if est_un_flottant(noeud) and not EXPLICATION.search(lignes[noeud.lineno - 1])
        ]
    assert not fautes, "Decimal et socle.argent.arrondir, jamais float ni round : " + ", ".join(fautes)


def test_rules_hold_no_float_literal() -> None:
    fautes = [
        lieu(fichier, noeud)
        for fichier, arbre in ARBRES.items()
        if "rules" in fichier.parts or fichier.name == "argent.py"
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, float)
    ]
    assert not fautes, 'Écrire Decimal("…") : ' + ", ".join(fautes)


def test_no_import_hides_in_a_function() -> None:
    fautes = [
        lieu(fichier, noeud)
        for fichier, fonction in fonctions()
        for noeud in ast.walk(fonction)
        if isinstance(noeud, ast.Import | ast.ImportFrom)
    ]
    assert not fautes, "Un import caché dissimule un cycle : " + ", ".join(fautes)


def test_no_module_has_an_empty_name() -> None:
    fautes = [str(f.relative_to(RACINE)) for f in SOURCES if {f.stem, f.parent.name} & NOMS_BANNIS]
    assert not fautes, "Nommer ce que le module sait : " + ", ".join(fautes)


def test_no_function_nor_class_has_an_empty_name() -> None:
    noms = [
        (fichier, noeud)
        for fichier, arbre in ARBRES.items()
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    fautes = [
        f"{lieu(fichier, noeud)} {noeud.name}"
        for fichier, noeud in noms
        if {mot.lower() for mot in re.findall(r"[A-Z]?[a-z]+", noeud.name)} & MOTS_BANNIS
    ]
    assert not fautes, "\n".join(fautes)


def test_every_module_says_what_it_knows() -> None:
    muets = [str(f.relative_to(RACINE)) for f, arbre in ARBRES.items() if arbre.body and not ast.get_docstring(arbre)]
    assert not muets, "Docstring de module manquante : " + ", ".join(muets)


@pytest.mark.parametrize(
    "chemin", ["groupement/catalogue", "groupement/commandes", "groupement/livraisons", "templates", "tests"]
)
def test_the_folders_asked_for_exist(chemin: str) -> None:
    assert (RACINE / chemin).is_dir()


@pytest.mark.parametrize("paquet", ["flask", "flask-sqlalchemy", "wtforms", "stripe", "xhtml2pdf"])
def test_the_libraries_asked_for_are_used(paquet: str) -> None:
    assert paquet in {Requirement(ligne).name for ligne in PROJET["project"]["dependencies"]}
    module = paquet.replace("-", "_")
    assert any(re.search(rf"^(from|import) {module}\b", f.read_text(), re.M) for f in SOURCES), f"{paquet} ne sert pas"


def test_the_tests_stand_on_pytest_flask() -> None:
    assert "pytest-flask" in {Requirement(r).name for r in PROJET["project"]["optional-dependencies"]["dev"]}


@pytest.mark.parametrize("verrou", VERROUS)
def test_a_lock_names_no_registry(verrou: str) -> None:
    texte = (RACINE / verrou).read_text()
    assert "://" not in texte and "index-url" not in texte
    assert texte.count("==") and texte.count("--hash=sha256:") >= texte.count("==")


@pytest.mark.parametrize(
    ("verrou", "exigences"),
    [
        ("requirements.lock", PROJET["project"]["dependencies"]),
        ("dev.lock", PROJET["project"]["dependencies"] + PROJET["project"]["optional-dependencies"]["dev"]),
        ("construction.lock", PROJET["dependency-groups"]["construction"]),
    ],
)
def test_a_lock_satisfies_the_project(verrou: str, exigences: list[str]) -> None:
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)", (RACINE / verrou).read_text(), re.M))
    for exigence in map(Requirement, exigences):
        assert canonicalize_name(exigence.name) in versions, f"{exigence.name} : lancer make verrous"
        assert versions[canonicalize_name(exigence.name)] in exigence.specifier, f"{exigence} : lancer make verrous"


def test_dev_lock_holds_what_production_installs() -> None:
    production, dev = (set(re.findall(r"^\S+==\S+", (RACINE / v).read_text(), re.M)) for v in VERROUS[:2])
    assert production <= dev


RANG_DU_VERBE = {"noter": 2, "franchir": 2, "franchir_tous": 3}


def test_every_verb_written_in_the_journal_has_its_sentence() -> None:
    muets = set()
    for fichier, arbre in ARBRES.items():
        for appel in ast.walk(arbre):
            rang = RANG_DU_VERBE.get(getattr(getattr(appel, "func", None), "id", ""))
            verbe = appel.args[rang] if isinstance(appel, ast.Call) and rang and len(appel.args) > rang else None
            if isinstance(verbe, ast.Constant) and verbe.value not in PARTICIPES:
                muets.add(f"{lieu(fichier, appel)} : {verbe.value}")
    assert not muets, "À dire en français dans adherents/rules/phrases.py :\n" + "\n".join(sorted(muets))
