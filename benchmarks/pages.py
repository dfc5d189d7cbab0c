"""What a page costs with 1 300 members loaded: against a bare `hello`, and against a bare page of the same rows.

Run: python -m benchmarks.pages [--tours 3] [--page /commandes] [--base postgresql] [--membres 1300]

Each figure is taken three ways. « HTTP » is what a visitor pays: a real gunicorn worker answers over loopback, kept
busy by four connections. « calcul » is the processor time that worker spends on a request. « en mémoire » is the same
request in one process, without HTTP: the cost of our own code alone, next to a `hello` that costs almost nothing there.
The pages take turns and the best turn counts: whatever else the machine does only adds. The bare page runs the very
statements of ours, built already, and prints every column of every row in a table, without sign-in, menu or style.
Figures to reach: ≤ 12 SQL statements; ≤ 12 × hello on SQLite, ≤ 15 × on PostgreSQL; ≥ 2/3 of the bare page's requests.
"""

import argparse
import gc
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import event, inspect

from benchmarks.pages_donnees import Page, connecte, preparer
from benchmarks.regroupement import postgresql
from benchmarks.service import Mesure, Service, servir
from groupement.socle.db import db

GABARIT = """<!doctype html><html lang="fr"><title>Les mêmes lignes</title>
{% for lignes in tables %}<table>{% for ligne in lignes %}
<tr>{% for valeur in ligne %}<td>{{ valeur }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}</html>"""
REQUETES = 80
Ordre = tuple[Any, Any]


def nue(application: Flask, ordres: dict[int, list[Ordre]]) -> Flask:
    """A bare Flask application on the same database: `/` says hello, `/lignes/<n>` shows the rows of a page."""
    bare = Flask("nue")
    bare.config["SQLALCHEMY_DATABASE_URI"] = application.config["SQLALCHEMY_DATABASE_URI"]
    bare.jinja_loader = DictLoader({"lignes.html": GABARIT})
    db.init_app(bare)

    @bare.get("/")
    def hello() -> str:
        """The floor."""
        return "Bonjour"

    @bare.get("/lignes/<int:rang>")
    def lignes(rang: int) -> str:
        """The rows of a page of ours, in bare tables."""
        tables = [db.session.execute(ordre, valeurs).unique().all() for ordre, valeurs in ordres[rang]]
        return render_template("lignes.html", tables=[[_cases(ligne) for ligne in table] for table in tables])

    return bare


def _cases(ligne: Any) -> list[Any]:
    """Every column of a row, those of its objects too."""
    cases = []
    for valeur in ligne:
        objet = inspect(valeur, raiseerr=False)
        if objet is None:
            cases.append(valeur)
        else:
            cases += [getattr(valeur, attribut.key) for attribut in objet.mapper.column_attrs]
    return cases


def ordres_de(client: Any, adresse: str) -> list[Ordre]:
    """The statements a page runs, with their values."""
    envoyes: list[Ordre] = []

    def noter(etat: Any) -> None:
        envoyes.append((etat.statement, etat.parameters))

    event.listen(db.session, "do_orm_execute", noter)
    reponse = client.get(adresse)
    event.remove(db.session, "do_orm_execute", noter)
    if reponse.status_code != 200:
        raise RuntimeError(f"{adresse} : {reponse.status}")
    return [ordre for ordre in envoyes if ordre[0].is_select]


def compter(client: Any, adresse: str, moteur: Any) -> int:
    """How many statements reach the database."""
    envoyees: list[str] = []

    def noter(_c: Any, _cur: Any, ordre: str, *_reste: Any) -> None:
        envoyees.append(ordre)

    event.listen(moteur, "before_cursor_execute", noter)
    client.get(adresse)
    event.remove(moteur, "before_cursor_execute", noter)
    return len(envoyees)


@dataclass(slots=True)
class Cote:
    """What a page cost at each turn, in memory and through the server; the best turn is kept."""

    en_memoire: list[float] = field(default_factory=list)
    servie: list[Mesure] = field(default_factory=list)

    @property
    def memoire(self) -> float:
        """Seconds without HTTP."""
        return min(self.en_memoire)

    @property
    def duree(self) -> float:
        """Seconds through the server."""
        return min(mesure.duree for mesure in self.servie)

    @property
    def calcul(self) -> float:
        """Seconds of the server's processor."""
        return min(mesure.calcul for mesure in self.servie)


def en_memoire(client: Any, adresse: str) -> float:
    """Seconds of a request in this process."""
    client.get(adresse)
    debut = perf_counter()
    for _ in range(REQUETES // 4):
        client.get(adresse)
    return (perf_counter() - debut) / (REQUETES // 4)


def mesurer(membres: int, tours: int, choisies: list[str], uri: str = "") -> None:
    """Print one line a page."""
    with tempfile.TemporaryDirectory(prefix="groupement-pages-") as dossier:
        application, pages = preparer(membres, dossier, uri)
        pages = [page for page in pages if not choisies or page.nom in choisies]
        clients = [connecte(application, page.personne) for page in pages]
        with application.app_context():
            moteur = db.engine
        for _ in range(2):  # the first answer compiles templates and statements
            ordres = {i: ordres_de(clients[i], page.adresse) for i, page in enumerate(pages)}
        nombres = [compter(clients[i], page.adresse, moteur) for i, page in enumerate(pages)]
        bare = nue(application, ordres)
        with ExitStack() as pile:
            moteur.dispose()  # a connection does not survive a fork
            gc.collect()
            services = [pile.enter_context(servir(app)) for app in (application, bare)]
            hello, cotes = _tours(tours, pages, clients, bare.test_client(), services)
            _imprimer(moteur.dialect.name, membres, hello, [*zip(pages, nombres, cotes, strict=True)])
        moteur.dispose()
        with bare.app_context():
            db.engine.dispose()


def _tours(
    tours: int, pages: list[Page], clients: list[Any], libre: Any, services: list[Service]
) -> tuple[Cote, list[tuple[Cote, Cote]]]:
    """Every page in turn, ours then the bare one, several times over."""
    notre, nu = services
    hello, cotes = Cote(), [(Cote(), Cote()) for _ in pages]
    appels: list[tuple[Cote, Callable[[], float], Callable[[int], Mesure]]] = [
        (hello, lambda: en_memoire(libre, "/"), lambda n: nu.mesurer("/", "", n * 5))
    ]
    for i, page in enumerate(pages):
        temoin = _temoin(clients[i])
        appels.append(
            (
                cotes[i][0],
                lambda i=i, page=page: en_memoire(clients[i], page.adresse),
                lambda n, page=page, temoin=temoin: notre.mesurer(page.adresse, temoin, n),
            )
        )
        appels.append(
            (
                cotes[i][1],
                lambda i=i: en_memoire(libre, f"/lignes/{i}"),
                lambda n, i=i: nu.mesurer(f"/lignes/{i}", "", n),
            )
        )
    for _, _, servir_ in appels:
        servir_(8)  # each worker compiles its templates and statements
    for _ in range(tours):
        for cote, ici, servir_ in appels:
            cote.en_memoire.append(ici())
            cote.servie.append(servir_(REQUETES))
    return hello, cotes


def _temoin(client: Any) -> str:
    """The session cookie of a client."""
    return f"session={client.get_cookie('session').value}"


def _imprimer(moteur: str, membres: int, hello: Cote, lignes: list[tuple[Page, int, tuple[Cote, Cote]]]) -> None:
    """The table."""
    print(
        f"{moteur}, {membres} membres ; hello : HTTP {hello.duree * 1e3:.2f} ms, calcul {hello.calcul * 1e3:.2f} ms,",
        end="",
    )
    print(f" en mémoire {hello.memoire * 1e3:.2f} ms")
    print(
        f"{'page':<34} {'SQL':>3} | {'HTTP':>7} {'hello':>6} {'nue':>5} | {'calcul':>7} {'hello':>6} {'nue':>5} |",
        end="",
    )
    print(f" {'mémoire':>7} {'hello':>6} {'nue':>5}")
    for page, ordres, (notre, nu) in lignes:
        print(f"{page.nom:<34} {ordres:3}", end="")
        for mesure in ("duree", "calcul", "memoire"):
            cout, plancher, bare = getattr(notre, mesure), getattr(hello, mesure), getattr(nu, mesure)
            print(f" | {cout * 1e3:7.2f} {cout / plancher:6.1f} {bare / cout:5.2f}", end="")
        print(flush=True)


def main() -> None:
    """Read the options, print the figures."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--membres", type=int, default=1300)
    lecteur.add_argument("--tours", type=int, default=3)
    lecteur.add_argument(
        "--page", action="append", default=[], help="le nom d’une page ; plusieurs fois pour plusieurs"
    )
    lecteur.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    choix = lecteur.parse_args()
    if choix.base == "sqlite":
        return mesurer(choix.membres, choix.tours, choix.page)
    with postgresql() as uri:
        if not uri:
            lecteur.error("PostgreSQL est introuvable")
        mesurer(choix.membres, choix.tours, choix.page, uri)


if __name__ == "__main__":
    main()
