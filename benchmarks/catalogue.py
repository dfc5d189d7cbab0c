"""What the catalogue costs with 10 000 articles: its pages against a bare page of the same rows, and the search alone.

Run: python -m benchmarks.catalogue [--articles 10000] [--tours 5] [--base postgresql]

Everything is measured in one process, without HTTP: milliseconds of a request, statements, and the ratio to a bare page
that runs the very same statements and prints their rows. « après un changement » is the first page after an article
changed: the articles are read again. Figures to reach: ≤ 12 statements a page; prices at a date in one.
"""

import argparse
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, text

from benchmarks.pages import compter, en_memoire, nue, ordres_de
from benchmarks.pages_donnees import connecte
from benchmarks.regroupement import postgresql
from groupement.adherents.models import Utilisateur
from groupement.adherents.states import Role
from groupement.app import create_app
from groupement.catalogue.models import Article, Lot, Marche, PalierPrix, PrixArticle
from groupement.catalogue.queries import prix_a_la_date, repertoire
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.catalogue.rules.comparaison import valeurs_article
from groupement.catalogue.rules.recherche import texte_de_recherche
from groupement.commandes.states import EtatCampagne
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue, commandes

BPU = Path(__file__).parents[1] / "groupement" / "demo" / "donnees" / "bpu.csv"
RECHERCHES = ("boites archive", "reyonnage", "dos 10", "con-10", "BTE-COM-10", "iso 9706", "zzzzzz")
PAGES = {
    "le catalogue": "/catalogue/",
    "une recherche": "/catalogue/?q=boites+archive",
    "une recherche corrigée": "/catalogue/?q=reyonnage",
    "trois filtres": "/catalogue/?famille=boite&dos=100&norme=ISO+9706&prix_min=1",
    "la dernière page, par prix": "/catalogue/?tri=-prix&page=99999",
}


def charger(combien: int) -> tuple[Marche, Utilisateur]:
    """The sample BPU over and over until there are so many articles, an open campagne, a member who may order."""
    marche = catalogue.marche(lots=3)
    lignes = lire_bordereau(BPU.read_bytes(), (1, 2, 3)).lignes
    lots = {lot.numero: lot.id for lot in db.session.scalars(select(Lot))}
    articles, prix, paliers = [], [], []
    for numero in range(1, combien + 1):
        ligne, tour = lignes[(numero - 1) % len(lignes)], (numero - 1) // len(lignes)
        valeurs = valeurs_article(ligne)
        reference = f"{ligne.reference}-{tour}" if tour else ligne.reference
        valeurs["recherche"] = texte_de_recherche(reference, ligne.designation, valeurs["famille"], ligne.norme)
        propres = {"id": numero, "lot_id": lots[ligne.lot], "reference": reference}
        articles.append(valeurs | propres | {"fractionnable": False, "actif": True})
        prix.append({"id": numero, "article_id": numero, "du": marche.du, "source": ""})
        paliers += [
            {"prix_article_id": numero, "a_partir_de": p.a_partir_de, "prix_unitaire_ht": p.prix_unitaire_ht}
            for p in ligne.paliers
        ]
    for modele, rangees in ((Article, articles), (PrixArticle, prix), (PalierPrix, paliers)):
        db.session.execute(insert(modele), rangees)
    return marche, _membre(marche)


def _membre(marche: Marche) -> Utilisateur:
    """Somebody of Ayette, which may order in a campagne that is open."""
    corps = adherents.collectivite("Ayette", avec_siret=True)
    signee = marche.consultation_le - timedelta(days=14)
    adherents.adhesion(corps, marche.convention, deliberee_le=signee, signee_le=signee)
    quinzaine = timedelta(days=14)
    dates = {"du": aujourdhui() - quinzaine, "au": aujourdhui() + quinzaine, "etat": EtatCampagne.OUVERTE}
    commandes.campagne(marche, depot=catalogue.depot(), **dates)
    personne = adherents.utilisateur("Nathalie Caron", roles=[Role.AGENT], collectivite=corps)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return personne


def chronometrer(tours: int, faire: Callable[[], Any]) -> float:
    """Milliseconds, the median of so many times."""
    durees = []
    for _ in range(tours):
        debut = perf_counter()
        faire()
        durees.append((perf_counter() - debut) * 1000)
    return median(durees)


def mesurer_les_pages(application: Flask, client: Any, tours: int) -> None:
    """One line a page."""
    with application.app_context():
        moteur = db.engine
        boite = db.session.scalars(select(func.min(Article.id)).where(Article.reference == "BTE-CON-10")).one()
    pages = PAGES | {
        "un article": f"/catalogue/articles/{boite}?unites=901",
        "quatre articles comparés": "/catalogue/comparaison?" + "&".join(f"a={boite + n}" for n in range(4)),
    }
    for adresse in pages.values():
        client.get(adresse)
    ordres = {rang: ordres_de(client, adresse) for rang, adresse in enumerate(pages.values())}
    simple = nue(application, ordres).test_client()
    print(f"{'page':28}{'ordres SQL':>12}{'ms':>9}{'page nue':>10}{'rapport':>9}")
    for rang, (nom, adresse) in enumerate(pages.items()):
        ici = median(en_memoire(client, adresse) for _ in range(tours)) * 1000
        nus = median(en_memoire(simple, f"/lignes/{rang}") for _ in range(tours)) * 1000
        print(f"{nom:28}{compter(client, adresse, moteur):12}{ici:9.1f}{nus:10.1f}{ici / nus:9.1f}")


def mesurer_la_recherche(application: Flask, marche_id: int, tours: int) -> None:
    """The search alone, reading again after a change, and every price of a day."""
    with application.app_context():
        marche, le = db.session.get_one(Marche, marche_id), aujourdhui()
        connus = repertoire(marche.id, le)
        for termes in RECHERCHES:
            duree = chronometrer(tours, lambda termes=termes: connus.lire(termes, connus.tous))  # type: ignore[misc]
            print(f"chercher « {termes} »".ljust(40) + f"{duree:9.1f} ms")
        print(
            "tous les prix d’un jour".ljust(40) + f"{chronometrer(tours, lambda: prix_a_la_date(marche, le)):9.1f} ms"
        )

        def relire() -> None:
            db.session.execute(text("UPDATE article SET actif = actif WHERE id = 1"))
            db.session.commit()
            repertoire(marche_id, le)

        print("relire après un changement".ljust(40) + f"{chronometrer(tours, relire):9.1f} ms")


def mesurer(combien: int, tours: int, uri: str = "") -> None:
    """Load, then print."""
    with tempfile.TemporaryDirectory(prefix="groupement-catalogue-") as dossier:
        reglages = {"GROUPEMENT_INSTANCE": dossier, "GROUPEMENT_MODE": "demonstration", "RATELIMIT_ENABLED": False}
        application = create_app(reglages | ({"SQLALCHEMY_DATABASE_URI": uri} if uri else {}))
        with application.app_context():
            upgrade()
            marche, personne = charger(combien)
            marche_id, client = marche.id, connecte(application, personne)
            print(f"{db.engine.dialect.name}, {combien} articles")
            db.session.remove()
        mesurer_les_pages(application, client, tours)
        mesurer_la_recherche(application, marche_id, tours)


def main() -> None:
    """Read the command line."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--articles", type=int, default=10_000)
    arguments.add_argument("--tours", type=int, default=5)
    arguments.add_argument("--base", choices=("sqlite", "postgresql"), default="sqlite")
    choix = arguments.parse_args()
    if choix.base == "sqlite":
        mesurer(choix.articles, choix.tours)
        return
    with postgresql() as uri:
        mesurer(choix.articles, choix.tours, uri)


if __name__ == "__main__":
    main()
