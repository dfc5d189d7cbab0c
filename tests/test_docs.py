"""Docs that cannot rot: words, states, settings, commands and links are compared with the source."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from groupement.app import create_app
from groupement.cli import main
from groupement.socle.config import RACINE, REGLAGES
from groupement.socle.db import Base
from groupement.socle.etats import EtatLibelle

DOCS = RACINE / "docs"
PAGES = sorted([*RACINE.glob("*.md"), *DOCS.rglob("*.md"), RACINE / "tests" / "README.md"])
GUIDE = DOCS / "guide"
DOSSIERS = "groupement|tests|docs|scripts|benchmarks|templates"
ROLES = ("agent", "valideur", "acheteur", "comptable", "archiviste", "administrateur", "fournisseur")


def descendantes(classe: type) -> Iterator[type]:
    """Every class below this one, in our own packages."""
    for fille in classe.__subclasses__():
        if fille.__module__.startswith("groupement."):
            yield fille
        yield from descendantes(fille)


def mots_du_glossaire() -> set[str]:
    """What the glossary writes as code."""
    return set(re.findall(r"`([^`]+)`", (DOCS / "glossaire.md").read_text()))


def test_every_table_is_in_the_glossary() -> None:
    assert create_app  # the roof: it imports every package
    tables = {registre.class_.__name__ for registre in Base.registry.mappers}
    assert len(tables) > 40
    assert not tables - mots_du_glossaire(), "À définir dans docs/glossaire.md"


def test_every_state_is_in_the_glossary() -> None:
    assert create_app
    mots = mots_du_glossaire()
    etats = {classe.__name__: {membre.value for membre in classe} for classe in descendantes(EtatLibelle)}
    assert len(etats) > 12
    assert not set(etats) - mots, "À définir dans docs/glossaire.md"
    sans_types = {nom: valeurs - mots for nom, valeurs in etats.items() if nom != "TypeCollectivite"}
    assert not {nom: valeurs for nom, valeurs in sans_types.items() if valeurs}


def test_the_glossary_keeps_no_word_of_a_table_that_is_gone() -> None:
    connus = {registre.class_.__name__ for registre in Base.registry.mappers}
    connus |= {classe.__name__ for classe in descendantes(EtatLibelle)}
    ecrits = set(re.findall(r"^\| `([A-Z]\w+)` \|", (DOCS / "glossaire.md").read_text(), re.M))
    assert ecrits == connus


def test_the_states_are_drawn_from_their_tables() -> None:
    fiche = importlib.util.spec_from_file_location("dessiner_etats", DOCS / "dessiner_etats.py")
    assert fiche and fiche.loader
    module = importlib.util.module_from_spec(fiche)
    fiche.loader.exec_module(module)
    assert (DOCS / "etats.md").read_text() == module.page(), "Lancer make docs-etats"
    titres = {classe.__name__ for classe, _ in module.tables()}
    assert titres == set(module.TITRES)


def en_clair(texte: str) -> str:
    """The words, whatever spaces keep them together and however a table writes a bar."""
    return texte.replace("\u00a0", " ").replace("\\|", "|")


def test_every_setting_is_documented_as_it_is() -> None:
    lignes = {
        nom: (defaut.strip("` "), aide)
        for nom, defaut, aide in re.findall(
            r"^\| `(\w+)` \| ?(.*?) ?\| (.*) \|$", (DOCS / "reglages.md").read_text(), re.M
        )
    }
    assert set(lignes) == {reglage.nom for reglage in REGLAGES}
    for reglage in REGLAGES:
        defaut, aide = lignes[reglage.nom]
        assert en_clair(aide) == en_clair(reglage.aide), reglage.nom
        if reglage.nom != "GROUPEMENT_INSTANCE":
            assert en_clair(defaut) == en_clair(reglage.defaut), reglage.nom


def commandes() -> Iterator[tuple[str, click.Command]]:
    """Every command of the command line with its full name."""

    def sous(groupe: click.Group, prefixe: str) -> Iterator[tuple[str, click.Command]]:
        for nom, commande in groupe.commands.items():
            if isinstance(commande, click.Group):
                yield from sous(commande, f"{prefixe}{nom} ")
            else:
                yield f"{prefixe}{nom}", commande

    racine = main if isinstance(main, click.Group) else main.commands
    yield from sous(racine, "")


@pytest.mark.parametrize(("nom", "commande"), list(commandes()), ids=lambda v: v if isinstance(v, str) else "")
def test_every_command_and_option_is_documented(nom: str, commande: click.Command) -> None:
    page = (DOCS / "ligne-de-commande.md").read_text()
    assert nom.split()[-1] in page, nom
    options = {option for parametre in commande.params for option in parametre.opts if option.startswith("--")}
    absentes = {option for option in options if option not in page and option != "--help"}
    assert not absentes, f"{nom} : {sorted(absentes)} à documenter dans docs/ligne-de-commande.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(RACINE)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    texte = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
    morts = []
    for lien in re.findall(r"\]\(([^)\s]+)\)", texte):
        chemin, _, ancre = lien.partition("#")
        if re.match(r"[a-z]+:", chemin):
            continue
        cible = (page.parent / chemin).resolve() if chemin else page
        if not cible.exists() or (ancre and ancre not in ancres(cible)):
            morts.append(lien)
    assert not morts


def ancres(page: Path) -> set[str]:
    """The anchors a page of text offers: its titles, as forges write them."""
    titres = re.findall(r"^#+ (.+)$", page.read_text(), re.M) if page.suffix == ".md" else []
    return {re.sub(r"[^\w\- ]", "", titre.lower()).strip().replace(" ", "-") for titre in titres}


def test_every_script_named_in_the_docs_is_there() -> None:
    absents = []
    for page in PAGES:
        for nom in re.findall(
            r"`((?:groupement|tests|docs|scripts|benchmarks|templates)/[\w/.-]+\.\w+)`", page.read_text()
        ):
            if not (RACINE / nom).exists():
                absents.append(f"{page.name} : {nom}")
    assert not absents


def test_every_make_command_named_in_the_docs_is_there() -> None:
    cibles = set(re.findall(r"^([a-z-]+):", (RACINE / "Makefile").read_text(), re.M))
    nommees = {nom for page in PAGES for nom in re.findall(r"`make ([a-z-]+)", page.read_text())}
    assert not nommees - cibles


# --- The guide -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_the_guide_has_a_page_for_each_role(role: str) -> None:
    assert f"({role}.md)" in (GUIDE / "README.md").read_text()
    assert "](captures/" in (GUIDE / f"{role}.md").read_text()


def test_every_screenshot_is_shown_described_and_light() -> None:
    montrees = {}
    for page in GUIDE.glob("*.md"):
        montrees |= {
            nom: texte for texte, nom in re.findall(r"!\[([^\]]*)\]\(captures/([\w-]+\.png)\)", page.read_text())
        }
    prises = {image.name for image in (GUIDE / "captures").glob("*.png")}
    assert set(montrees) == prises
    assert not [nom for nom, texte in montrees.items() if len(texte) < 15], "Décrire chaque image"
    lourdes = [image.name for image in (GUIDE / "captures").glob("*.png") if image.stat().st_size > 200_000]
    assert not lourdes


def test_every_screenshot_is_taken_by_the_script() -> None:
    script = "".join(fichier.read_text() for fichier in (DOCS / "captures").glob("*.py"))
    prises = set(re.findall(r'carnet\.prendre\(\s*\w+,\s*"([\w-]+)"', script))
    prises |= set(re.findall(r'": "(acheteur-[\w-]+)",', script))  # the headings of a marché, in a table
    assert prises == {image.stem for image in (GUIDE / "captures").glob("*.png")}
