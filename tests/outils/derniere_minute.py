"""The last minute of a campagne, played by real processes: one a person, each through the site, all at once.

Run as a program: it reads on its standard input `{"configuration", "agents": [{"personne", "commande", "lieu"}],
"acheteurs": [personne], "campagne"}`, builds the application once, forks a process a person before any connection to
the database is open, and writes what each one met as JSON lines.
"""

import json
import multiprocessing
import os
import re
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask

from groupement.adherents.models import Utilisateur
from groupement.app import create_app
from groupement.socle.db import db
from tests.outils.application import ClientDEssai

PATIENCE_S = 60
EN_AVANCE, EN_RETARD = 30, 5  # so many press the button at once, so many come once it is closed; the rest race
ENGAGEES_AVANT = 10  # how many orders each buyer waits for


class Scene:
    """What the processes wait for: everybody there, enough orders committed, the window closing, the window closed."""

    def __init__(self, combien: int) -> None:
        """For `combien` processes, all forked from this one."""
        processus = multiprocessing.get_context("fork")
        self.depart = processus.Barrier(combien)
        self.engagees = processus.Semaphore(0)
        self.fermeture, self.close = processus.Event(), processus.Event()


def main() -> None:
    """Play the plan given on the standard input."""
    plan = json.load(sys.stdin)
    app = create_app(plan["configuration"])
    app.test_client_class = ClientDEssai
    with app.app_context():
        _chauffer(app, plan)
        db.session.remove()
        db.engine.dispose()  # a connection does not survive a fork
    agents, acheteurs = plan["agents"], plan["acheteurs"]
    scene = Scene(len(agents) + len(acheteurs))
    roles = [(_agent, {**agent, "quand": _quand(rang, len(agents))}) for rang, agent in enumerate(agents)]
    roles += [(_acheteur, {"personne": qui, "campagne": plan["campagne"]}) for qui in acheteurs]
    processus = multiprocessing.get_context("fork")
    lances = [processus.Process(target=_vivre, args=(app, scene, jouer, qui)) for jouer, qui in roles]
    for lance in lances:
        lance.start()
    for lance in lances:
        lance.join(PATIENCE_S)


def _quand(rang: int, combien: int) -> str:
    """When an agent presses the button: at once, as the window closes, or too late."""
    if rang < EN_AVANCE:
        return "depart"
    return "close" if rang >= combien - EN_RETARD else "fermeture"


def _chauffer(app: Flask, plan: dict[str, Any]) -> None:
    """Compile the pages once, so that sixty processes do not all do it."""
    agent = plan["agents"][0]
    client = _client(app, agent["personne"])
    client.get("/panier")
    client.get(f"/commandes/{agent['commande']}")
    _client(app, plan["acheteurs"][0]).get(f"/campagnes/{plan['campagne']}/regroupement")


def _client(app: Flask, personne: int) -> ClientDEssai:
    """A browser where the person is signed in."""
    client: ClientDEssai = app.test_client()
    return client.connecter(db.session.get_one(Utilisateur, personne))


def _vivre(app: Flask, scene: Scene, jouer: Callable[..., dict[str, Any]], qui: dict[str, Any]) -> None:
    """One process: wait for the others, act, say what happened on one line."""
    with app.app_context():
        client = _client(app, qui["personne"])
        db.session.rollback()
        scene.depart.wait(PATIENCE_S)
        recit = {"personne": qui["personne"], **jouer(client, qui, scene)}
    os.write(1, (json.dumps(recit) + "\n").encode())


def _agent(client: ClientDEssai, qui: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """Send the order, then commit it: what the two pages answered."""
    if qui["quand"] != "depart":
        getattr(scene, qui["quand"]).wait(PATIENCE_S)
    commande = qui["commande"]
    envoi = {"lieu": str(qui["lieu"]), "version": qui["version"]}
    statuts = [_poster(client, f"/commandes/{commande}/soumission", envoi)]
    version = _champ(client.get(f"/commandes/{commande}/validation").text, "version")
    statuts.append(_poster(client, f"/commandes/{commande}/validation", {"version": version}))
    scene.engagees.release()
    return {"commande": commande, "statuts": statuts}


def _acheteur(client: ClientDEssai, qui: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """Close in the middle of the rush, then issue the bons of the figures on the page."""
    for _ in range(ENGAGEES_AVANT):
        scene.engagees.acquire(timeout=PATIENCE_S)
    scene.fermeture.set()
    page = f"/campagnes/{qui['campagne']}"
    statuts = [_poster(client, f"{page}/cloture", {})]
    scene.close.set()
    empreinte = _champ(client.get(f"{page}/regroupement").text, "empreinte")
    statuts.append(_poster(client, f"{page}/regroupement", {"empreinte": empreinte, "accord": "1"}))
    return {"statuts": statuts}


def _poster(client: ClientDEssai, adresse: str, champs: dict[str, Any]) -> list[Any]:
    """(status, what the page says when it refuses)."""
    reponse = client.post(adresse, data=champs)
    texte = "" if reponse.status_code < 400 else " ".join(unescape(re.sub(r"<[^>]+>", " ", reponse.text)).split())
    return [reponse.status_code, texte]


def _champ(page: str, nom: str) -> str:
    """The value of a hidden field; empty when the page does not have it."""
    balise = re.search(rf'<input[^>]*name="{nom}"[^>]*>', page)
    valeur = re.search(r'value="([^"]*)"', balise.group()) if balise else None
    return valeur.group(1) if valeur else ""


if __name__ == "__main__":
    main()
