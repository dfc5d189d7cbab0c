"""What every page of the site owes its readers: found in the map of the application, read as each role reads it."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from groupement.adherents.models import Utilisateur
from groupement.demo.personnes import PORTES
from tests.exemples.personnes import Exemples
from tests.outils import pages as outils
from tests.test_droits import invites, regles

RACINE = Path(__file__).parents[1]
GABARITS = RACINE / "templates"
INSTRUCTIONS_MAX = 12
# Pages that need more statements, each with its reason.
PLUS_D_INSTRUCTIONS: dict[str, str] = {
    "regroupements.show": "the calculation, and the papers entered once the window was over, with their reasons",
}
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.pdf)?|<[^<>]+>(\.(pdf|csv|xlsx))?|[a-z]+\.<any\(csv, xlsx\):format_>")


@dataclass(frozen=True)
class Lecture:
    """One page as one person read it."""

    endpoint: str
    adresse: str
    par: str
    statut: int
    html: str
    instructions: tuple[str, ...]

    def __str__(self) -> str:
        """Where the fault is."""
        return f"{self.adresse} ({self.endpoint}), {self.par}"


def lire(client: Any, endpoint: str, adresse: str, par: str, sql: Any) -> Lecture:
    """Ask for a page and note what it sent to the database."""
    with sql() as envoyees:
        reponse = client.get(adresse)
    est_html = reponse.mimetype == "text/html"
    return Lecture(endpoint, adresse, par, reponse.status_code, reponse.text if est_html else "", tuple(envoyees))


_LUES: dict[str, list[Lecture]] = {}


@pytest.fixture
def pages(app: Flask, exemples: Exemples, clients: Any, adresse: Any, client: Any, sql: Any) -> list[Lecture]:
    """Every page, read by each person it is for, and by a visitor when it is public; read once for all the tests."""
    if "pages" not in _LUES:
        _LUES["pages"] = list(_lire_tout(app, exemples, clients, adresse, client, sql))
    return _LUES["pages"]


def _lire_tout(app, exemples, clients, adresse, client, sql) -> Iterator[Lecture]:
    """Ours, then those of the sign-in."""
    for regle in (r for r in regles(app) if "GET" in r.methods):
        if not getattr(app.view_functions[regle.endpoint], "roles", None):
            if not regle.arguments:
                yield lire(client, regle.endpoint, regle.rule, "un visiteur", sql)
            continue
        for personne in invites(app, exemples, regle):
            yield lire(clients[personne.nom], regle.endpoint, adresse(regle), personne.nom, sql)
    for regle in app.url_map.iter_rules():
        if regle.endpoint.startswith("security.") and "GET" in regle.methods and not regle.arguments:
            for par, qui in (("un visiteur", app.test_client()), ("agent", clients[exemples.personnes[0].nom])):
                yield lire(qui, regle.endpoint, regle.rule, par, sql)


@pytest.fixture
def pages_pleines(app: Flask, demo: Callable[[str], Utilisateur], sql: Any) -> list[Lecture]:
    """The pages without an object in their address, on the whole demonstration: nine hundred bodies, full lists."""
    if "pleines" not in _LUES:
        _LUES["pleines"] = list(_lire_la_demonstration(app, demo, sql))
    return _LUES["pleines"]


def _lire_la_demonstration(app, demo, sql) -> Iterator[Lecture]:
    """Each door of the demonstration opens the pages of its roles."""
    for porte in PORTES:
        client = app.test_client().connecter(demo(porte.adresse))
        siens = {role for role, _ in porte.roles}
        for regle in regles(app):
            roles = getattr(app.view_functions[regle.endpoint], "roles", frozenset())
            if "GET" in regle.methods and not regle.arguments and (siens & roles or regle.endpoint.endswith(".index")):
                yield lire(client, regle.endpoint, regle.rule, porte.nom, sql)


def test_every_page_is_right_html_in_good_french(pages):
    fautes = []
    for lue in pages:
        if lue.html and lue.statut == 200 and lue.endpoint not in outils.FRAGMENTS:
            fautes += [f"{lue} : {faute}" for faute in outils.fautes(lue.html)]
    assert not fautes, "\n".join(fautes)


def test_every_full_page_is_right_html_in_good_french(pages_pleines):
    fautes = []
    for lue in pages_pleines:
        if lue.html and lue.statut == 200:
            fautes += [f"{lue} : {faute}" for faute in outils.fautes(lue.html)]
    assert not fautes, "\n".join(fautes)


def test_reading_changes_nothing(pages):
    fautes = [
        f"{lue} : {instruction[:80]}"
        for lue in pages
        for instruction in lue.instructions
        if not instruction.lstrip().upper().startswith(("SELECT", "WITH"))
    ]
    assert not fautes, "\n".join(fautes)


def test_a_page_asks_the_database_few_questions(pages):
    _peu_de_questions(pages)


def test_a_full_page_asks_the_database_few_questions(pages_pleines):
    _peu_de_questions(pages_pleines)


def _peu_de_questions(lues: list[Lecture]) -> None:
    """At most so many statements, for whoever reads it."""
    trop = {
        f"{lue.endpoint} : {len(lue.instructions)} ({lue})"
        for lue in lues
        if len(lue.instructions) > INSTRUCTIONS_MAX and lue.endpoint not in PLUS_D_INSTRUCTIONS
    }
    assert not trop, "\n".join(sorted(trop))


def test_no_page_asks_the_same_question_twice(pages):
    fautes = {
        f"{lue.endpoint} : {lue.instructions.count(instruction)} fois {' '.join(instruction.split())[:160]}"
        for lue in pages
        for instruction in lue.instructions
        if lue.instructions.count(instruction) > 2
    }
    assert not fautes, "\n".join(sorted(fautes))


def test_no_link_and_no_form_leads_nowhere(app, pages):
    _aucun_lien_mort(app, pages)


def test_no_link_of_a_full_page_leads_nowhere(app, pages_pleines):
    _aucun_lien_mort(app, pages_pleines)


def _aucun_lien_mort(app: Flask, lues: list[Lecture]) -> None:
    """Every address on a page is one of ours."""
    plan = app.url_map.bind("localhost")
    morts = set()
    for lue in lues:
        for methode, adresse in outils.adresses(lue.html) if lue.statut == 200 else ():
            if not _mene_quelque_part(app, plan, methode, urlsplit(adresse).path):
                morts.add(f"{lue.endpoint} : {methode} {adresse}")
    assert not morts, "\n".join(sorted(morts))


def _mene_quelque_part(app: Flask, plan: Any, methode: str, chemin: str) -> bool:
    """An address of ours, or a file that is there."""
    try:
        endpoint, valeurs = plan.match(chemin, method=methode)
    except HTTPException as erreur:
        return erreur.code == 308
    if endpoint == "static":
        return (Path(app.static_folder) / valeurs["filename"]).is_file()
    return True


def test_an_address_is_made_of_french_words_with_hyphens(app):
    etranges = [
        regle.rule
        for regle in regles(app)
        if not all(SEGMENT.fullmatch(morceau) for morceau in regle.rule.strip("/").split("/") if morceau)
    ]
    assert not etranges, etranges


def test_every_link_of_the_menu_opens_for_whom_it_is_shown(app, exemples, clients):
    fautes = []
    for personne in exemples.personnes:
        client = clients[personne.nom]
        page = outils.Page(client.get("/").text)
        liens = [b for b in page.toutes("a") if "nav" in {a.nom for a in b.dans}]
        for lien in liens:
            statut = client.get(lien.attributs["href"]).status_code
            if statut not in (200, 302, 303):
                fautes.append(f"{personne.nom} : {lien.attributs['href']} répond {statut}")
    assert not fautes, "\n".join(fautes)


def test_numbers_of_any_size_in_a_question_break_no_list(app, exemples, clients):
    filtres = "page=99999999999&campagne=99999999999&fournisseur=99999999999&bon=99999999999&lot=99999999999&tri=-"
    fautes = []
    for regle in regles(app):
        if "GET" in regle.methods and not regle.arguments:
            for personne in invites(app, exemples, regle)[:1]:
                statut = clients[personne.nom].get(f"{regle.rule}?{filtres}").status_code
                if statut >= 500:
                    fautes.append(f"{regle.rule} : {statut}")
    assert not fautes, "\n".join(fautes)


def test_strange_letters_in_a_question_break_no_list(app, exemples, clients):
    filtres = "q=%00&q=%25_%27%22&tri=nom%27&du=hier&etat=%F0%9F%93%A6&siren=%00&format=exe&campagne=x"
    fautes = []
    for regle in regles(app):
        if "GET" in regle.methods and not regle.arguments:
            for personne in invites(app, exemples, regle)[:1]:
                statut = clients[personne.nom].get(f"{regle.rule}?{filtres}").status_code
                if statut >= 500:
                    fautes.append(f"{regle.rule} : {statut}")
    assert not fautes, "\n".join(fautes)


# --- Templates ---------------------------------------------------------------------------------------------------


def gabarits() -> dict[str, str]:
    """Every template and its text."""
    fichiers = [f for f in sorted(GABARITS.rglob("*")) if f.is_file()]
    return {str(fichier.relative_to(GABARITS)): fichier.read_text() for fichier in fichiers}


def noms_dits() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every text written in the source, and a pattern for each f-string."""
    dits, motifs = set(), []
    for fichier in (RACINE / "groupement").rglob("*.py"):
        for noeud in ast.walk(ast.parse(fichier.read_text())):
            if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
                dits.add(noeud.value)
            elif isinstance(noeud, ast.JoinedStr):
                parties = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+" for v in noeud.values]
                if any(len(partie) > 5 for partie in parties):
                    motifs.append(re.compile("".join(parties)))
    return dits, motifs


def test_every_template_is_drawn_by_something():
    dits, motifs = noms_dits()
    tous = gabarits()
    cites = {nom for texte in tous.values() for nom in re.findall(r'"([\w/.-]+\.(?:html|txt))"', texte)}
    perdus = []
    for nom in tous:
        tronc = Path(nom).stem
        noms = {nom, tronc} if nom.startswith("courriels/") else {nom}
        par_motif = any(motif.fullmatch(n) for motif in motifs for n in noms)
        if not (noms & (dits | cites) or par_motif or nom.startswith("security/")):
            perdus.append(nom)
    assert not perdus, f"Gabarits que rien n’affiche : {perdus}"


def test_every_sign_in_template_has_a_page(app):
    siens = {valeur for cle, valeur in app.config.items() if cle.startswith("SECURITY_") and cle.endswith("_TEMPLATE")}
    textes = "".join(gabarits().values()) + "".join(f.read_text() for f in (RACINE / "groupement").rglob("*.py"))
    perdus = [n for n in gabarits() if n.startswith("security/") and n not in siens and f'"{n}"' not in textes]
    assert not perdus, perdus


def test_what_a_template_imports_it_or_its_children_use():
    tous, inutiles = gabarits(), []
    for nom, texte in tous.items():
        famille = texte + "".join(_descendance(nom, tous))
        for alias in re.findall(r'{%-? *import +"[^"]+" +as +(\w+)', texte):
            if not re.search(rf"\b{alias}\.\w", famille):
                inutiles.append(f"{nom} : {alias}")
        for liste in re.findall(r'{%-? *from +"[^"]+" +import +([\w, ]+?)(?: +with(?:out)? context)? *-?%}', texte):
            for macro in (m.split(" as ")[-1].strip() for m in liste.split(",")):
                if len(re.findall(rf"\b{macro}\b", texte)) < 2:
                    inutiles.append(f"{nom} : {macro}")
    assert not inutiles, "\n".join(inutiles)


def _descendance(nom: str, tous: dict[str, str]) -> Iterator[str]:
    """The templates that extend this one: its imports are theirs."""
    for autre, texte in tous.items():
        if f'{{% extends "{nom}" %}}' in texte:
            yield texte
            yield from _descendance(autre, tous)
