"""A real server for the measures: one gunicorn worker, as in production, and a client that keeps it busy."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

CONNEXIONS = 4  # as many as the threads of the worker: it is never idle, and nobody waits in a queue
PATIENCE_SECONDES = 20.0


class Gunicorn(BaseApplication):  # type: ignore[misc]
    """The server of docs/installation.md with one worker, so that its processor time can be read."""

    def __init__(self, application: Flask, port: int) -> None:
        """Serve `application` on 127.0.0.1:`port`."""
        self.application, self.port = application, port
        super().__init__()

    def load_config(self) -> None:
        """The options of the command line in production."""
        reglages = {"bind": f"127.0.0.1:{self.port}", "worker_class": "gthread", "workers": 1, "threads": CONNEXIONS}
        for nom, valeur in {**reglages, "keepalive": 60, "loglevel": "error"}.items():
            self.cfg.set(nom, valeur)

    def load(self) -> Flask:
        """Built already: the worker inherits it."""
        return self.application


@dataclass(frozen=True, slots=True)
class Mesure:
    """What one request costs: seconds of the clock with the server busy, and seconds of its processor."""

    duree: float
    calcul: float


@dataclass(frozen=True, slots=True)
class Service:
    """A server that runs."""

    port: int
    maitre: int

    @property
    def ouvrier(self) -> int:
        """The process that answers: the only child of the master."""
        return int(Path(f"/proc/{self.maitre}/task/{self.maitre}/children").read_text().split()[0])

    def calcul(self) -> float:
        """Seconds of processor its worker has used, all its threads."""
        fils = Path(f"/proc/{self.ouvrier}/task").glob("*/schedstat")
        return sum(int(fil.read_text().split()[0]) for fil in fils) / 1e9

    def mesurer(self, adresse: str, temoin: str, combien: int) -> Mesure:
        """What each of `combien` requests costs, asked over a few connections that stay open."""
        avant, debut = self.calcul(), perf_counter()
        with ThreadPoolExecutor(CONNEXIONS) as fils:
            parts = [
                fils.submit(_demander, self.port, adresse, temoin, combien // CONNEXIONS) for _ in range(CONNEXIONS)
            ]
        faites = sum(part.result() for part in parts)
        return Mesure((perf_counter() - debut) / faites, (self.calcul() - avant) / faites)


def _demander(port: int, adresse: str, temoin: str, combien: int) -> int:
    """The same page `combien` times on one connection; returns how many were served. The thinnest client there is."""
    entetes = f"Host: 127.0.0.1:{port}\r\n" + (f"Cookie: {temoin}\r\n" if temoin else "")
    demande = f"GET {adresse} HTTP/1.1\r\n{entetes}\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDES) as prise:
        for _ in range(combien):
            prise.sendall(demande)
            _lire(prise, adresse)
    return combien


def _lire(prise: socket.socket, adresse: str) -> None:
    """One answer, whole."""
    recu = bytearray()
    while (fin := recu.find(b"\r\n\r\n")) < 0:
        recu += prise.recv(1 << 16)
    entete = bytes(recu[:fin])
    if not entete.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{adresse} : {entete.splitlines()[0].decode()}")
    longueur = int(entete.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(recu) < fin + 4 + longueur:
        recu += prise.recv(1 << 16)


def _servir(application: Flask, port: int) -> None:
    """What the process of the server does."""
    Gunicorn(application, port).run()


def _port_libre() -> int:
    """A port nobody listens on."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port: int = prise.getsockname()[1]
    return port


@contextmanager
def servir(application: Flask) -> Iterator[Service]:
    """`application` behind gunicorn, until the end of the block."""
    port = _port_libre()
    processus = get_context("fork").Process(target=_servir, args=(application, port))
    processus.start()
    try:
        yield Service(port, _attendre(port, processus))
    finally:
        processus.terminate()
        processus.join(10)


def _attendre(port: int, processus: Any) -> int:
    """The master's process, once its worker answers."""
    fin = perf_counter() + PATIENCE_SECONDES
    while perf_counter() < fin and processus.is_alive():
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.05)
            continue
        if Path(f"/proc/{processus.pid}/task/{processus.pid}/children").read_text():
            return int(processus.pid)
    raise RuntimeError(f"le serveur n’a pas démarré ({os.getpid()})")
