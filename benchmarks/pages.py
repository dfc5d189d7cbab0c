"""What a page costs with 1 300 members loaded: against a bare `hello`, and against a bare page of the same rows.

Run: python -m benchmarks.pages [--membres 1300] [--tours 5]

In one process, requests in turn, so that a machine that slows down slows all of them. Figures to reach: ≤ 12 SQL
statements a page; ≤ 12 × hello on SQLite; ≥ 2/3 of the requests per second of the bare page.
"""

import argparse
import tempfile
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask, render_template
from flask_migrate import upgrade
from jinja2 import DictLoader
from sqlalchemy import event, select

from benchmarks.regroupement import charger_les_membres, charger_une_campagne
from groupement.adherents.models import Collectivite, Utilisateur
from groupement.adherents.states import Role
from groupement.app import create_app
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.states import EtatCampagne
from groupement.socle.db import db
from tests.fabriques import adherents

GABARIT = """<!doctype html><html lang="fr"><title>Commandes</title><table>
{% for c, nom in lignes %}<tr><td>{{ nom }}</td><td>{{ c.etat }}</td><td>{{ c.total_ht }}</td></tr>{% endfor %}
</table></html>"""
REQUETES = 20


def nue(application: Flask) -> Flask:
    """A bare Flask application on the same database: `/` says hello, `/lignes` shows a page of orders."""
    bare = Flask("nue")
    bare.config["SQLALCHEMY_DATABASE_URI"] = application.config["SQLALCHEMY_DATABASE_URI"]
    bare.jinja_loader = DictLoader({"lignes.html": GABARIT})
    db.init_app(bare)

    @bare.get("/")
    def hello() -> str:
        """The floor."""
        return "Bonjour"

    @bare.get("/lignes")
    def lignes() -> str:
        """The same rows as a page of our list of orders, in a bare table."""
        rangees = db.session.execute(
            select(Commande, Collectivite.nom)
            .join(Collectivite, Collectivite.id == Commande.collectivite_id)
            .order_by(Collectivite.nom_recherche)
            .limit(25)
        ).all()
        return render_template("lignes.html", lignes=rangees)

    return bare


def connecte(application: Flask, personne: Utilisateur) -> Any:
    """A client signed in through its session."""
    client = application.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": personne.fs_uniquifier, "_fresh": True, "fs_cc": "set", "fs_paa": perf_counter()})
    return client


def duree(client: Any, adresse: str) -> float:
    """Seconds a request takes, over a few."""
    debut = perf_counter()
    for _ in range(REQUETES):
        assert client.get(adresse).status_code == 200, adresse
    return (perf_counter() - debut) / REQUETES


def compter(client: Any, adresse: str, moteur: Any) -> int:
    """How many statements a page sends."""
    envoyees: list[str] = []

    def noter(_c: Any, _cur: Any, ordre: str, *_reste: Any) -> None:
        envoyees.append(ordre)

    event.listen(moteur, "before_cursor_execute", noter)
    client.get(adresse)
    event.remove(moteur, "before_cursor_execute", noter)
    return len([ordre for ordre in envoyees if not ordre.startswith("PRAGMA")])


def preparer(membres: int) -> tuple[Flask, Utilisateur, list[str]]:
    """1 300 members, each with an order of thirty lines in an open campagne, and a buyer."""
    dossier = tempfile.mkdtemp(prefix="groupement-pages-")
    application = create_app(
        {"GROUPEMENT_INSTANCE": dossier, "GROUPEMENT_MODE": "demonstration", "RATELIMIT_ENABLED": False}
    )
    with application.app_context():
        upgrade()
        base = charger_les_membres(membres, 30)
        campagne_id = charger_une_campagne(base, "Campagne")
        campagne = db.session.get(Campagne, campagne_id)
        assert campagne is not None
        campagne.etat, campagne.close_le = EtatCampagne.OUVERTE, None
        acheteur = adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR, Role.COMPTABLE])
        db.session.commit()
    pages = ["/", "/collectivites", "/commandes", "/catalogue/", "/campagnes/", f"/campagnes/{campagne_id}"]
    return application, acheteur, [*pages, "/bons/", "/livraisons/", "/factures/"]


def mesurer(membres: int, tours: int) -> None:
    """Print one line a page."""
    application, acheteur, pages = preparer(membres)
    bare = nue(application)
    libre, client = bare.test_client(), connecte(application, acheteur)
    mesures: dict[str, list[float]] = {adresse: [] for adresse in ["hello", "nue", *pages]}
    appels: dict[str, Callable[[], float]] = {
        "hello": lambda: duree(libre, "/"),
        "nue": lambda: duree(libre, "/lignes"),
    }
    appels |= {adresse: (lambda a=adresse: duree(client, a)) for adresse in pages}
    for _ in range(tours):
        for nom, appel in appels.items():
            mesures[nom].append(appel())
    hello, table = median(mesures["hello"]), median(mesures["nue"])
    print(f"{membres} membres ; hello {hello * 1000:.2f} ms ; page nue de 25 lignes {table * 1000:.2f} ms")
    with application.app_context():
        moteur = db.engine
    for adresse in pages:
        temps = median(mesures[adresse])
        ordres = compter(client, adresse, moteur)
        print(
            f"{adresse:<20} {temps * 1000:7.2f} ms   {temps / hello:6.1f} × hello   "
            f"{table / temps:5.2f} de la page nue   {ordres:3} ordres SQL"
        )


if __name__ == "__main__":
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--membres", type=int, default=1300)
    lecteur.add_argument("--tours", type=int, default=5)
    choix = lecteur.parse_args()
    mesurer(choix.membres, choix.tours)
