"""Everything `make test` checks, one stage after the other, and a summary in the last lines.

A stage that fails does not stop the next ones: one run tells all there is to mend. What cannot be had (a browser, a
PostgreSQL) is installed where that is possible, else reported as absent; with CI set in the environment, absent is a
failure. `python -m scripts.verifier style types` runs the stages named.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.outils.chromium import chromium

BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("ESSAIS_EN_PARALLELE", "2"))
OK, ECHEC, ABSENT = "OK", "ÉCHEC", "absent"
DUREE_MAXIMALE_S = 1500  # a stage that hangs is stopped, and the others still run


@dataclass(frozen=True)
class Etape:
    """One thing to check: its commands, and what must be there first (a function that says what is missing)."""

    nom: str
    intitule: str
    commandes: Sequence[Sequence[str]]
    manque: Callable[[], str | None] = lambda: None
    reprise: Sequence[str] = ()  # run once after a failure: what is slow passes then, what is wrong fails again


def outil(nom: str, *arguments: str) -> tuple[str, ...]:
    """A command of the environment."""
    return (str(BIN / nom), *arguments)


def installer(*paquets: str) -> None:
    """Debian's packages, where we are root on a Debian; elsewhere nothing: the caller looks again and says so."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installation de {', '.join(paquets)}…", flush=True)
    environnement = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for commande in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *paquets]):
        subprocess.run(["apt-get", *commande], env=environnement, check=False, stdout=subprocess.DEVNULL)


def sans_postgresql() -> str | None:
    """What to do to have a PostgreSQL, or None when there is one."""
    trouve = subprocess.run([sys.executable, "-m", "tests.outils.postgresql"], capture_output=True, check=False)
    return None if trouve.returncode == 0 else "aucun PostgreSQL : installez postgresql, ou donnez TEST_DATABASE_URL"


def sans_chromium() -> str | None:
    """What to do to have a Chromium, or None when there is one; installs it first if that is possible."""
    if not chromium() and not os.environ.get("CHROMIUM"):
        installer("chromium", "fonts-liberation2")
    return None if chromium() else "aucun Chromium : installez chromium, ou donnez son chemin dans CHROMIUM"


def sans_poppler() -> str | None:
    """pdftoppm looks at the PDF as an image; the tests that need it skip without it, except in CI."""
    if not shutil.which("pdftoppm"):
        installer("poppler-utils")
    return None if shutil.which("pdftoppm") else "poppler-utils manque : les PDF ne seront pas regardés en image"


ETAPES = (
    Etape("style", "Mise en forme et style", [outil("ruff", "format", "--check", "."), outil("ruff", "check", ".")]),
    Etape("types", "Types", [outil("mypy")]),
    Etape("architecture", "Architecture", [outil("lint-imports", "--no-cache")]),
    Etape("unites", "Tests sans base", [[*PYTEST, "-m", "not base and not navigateur"]]),
    Etape("sqlite", "Tests sur SQLite", [[*PYTEST, "-m", "not navigateur"]]),
    Etape("postgresql", "Tests sur PostgreSQL", [[*PYTEST, "-m", "base", "--base", "postgresql"]], sans_postgresql),
    Etape(
        "navigateur",
        "Tests dans Chromium",
        [[*PYTEST, "-m", "navigateur"]],
        sans_chromium,
        # A browser on a busy machine may be late where nothing is wrong.
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "navigateur",
            "--last-failed",
            "--last-failed-no-failures",
            "none",
        ],
    ),
)
# « sqlite » runs the tests without database too.
PAR_DEFAUT = ("style", "types", "architecture", "sqlite", "postgresql", "navigateur")


def derouler(etape: Etape) -> tuple[str, str]:
    """Run one stage; gives its result and a word about it."""
    print(f"\n=== {etape.intitule}", flush=True)
    if manque := etape.manque():
        return ABSENT, manque
    codes = [executer(commande) for commande in etape.commandes]
    if any(codes) and etape.reprise:
        print("\n=== Ce qui a échoué, une seconde fois, seul", flush=True)
        return (ECHEC, "") if executer(etape.reprise) else (OK, "des tests n’ont passé qu’à la seconde fois")
    return (ECHEC if any(codes) else OK), ""


def executer(commande: Sequence[str]) -> int:
    """Run one command, in a group of its own so that nothing it started outlives it; gives its exit code."""
    processus = subprocess.Popen(commande, start_new_session=True)
    try:
        return processus.wait(timeout=DUREE_MAXIMALE_S)
    except BaseException as arret:
        arreter(processus)
        if not isinstance(arret, subprocess.TimeoutExpired):
            raise
        print(f"Arrêtée après {DUREE_MAXIMALE_S // 60} minutes.", flush=True)
        return 1


def arreter(processus: "subprocess.Popen[bytes]") -> None:
    """Ask politely (the tests then stop their database), then insist with what is left."""
    for demande, patience in ((signal.SIGINT, 15), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(processus.pid, demande)
            processus.wait(timeout=patience)


def main(noms: Sequence[str]) -> int:
    """Run the stages named (all when none is) and print the summary."""
    inconnus = [nom for nom in noms if nom not in {etape.nom for etape in ETAPES}]
    if inconnus:
        print(f"Étapes inconnues : {', '.join(inconnus)}. Connues : {', '.join(etape.nom for etape in ETAPES)}.")
        return 2
    if "sqlite" in (noms or PAR_DEFAUT) and (manque := sans_poppler()):
        print(manque)
    bilan = []
    for etape in ETAPES:
        if etape.nom in (noms or PAR_DEFAUT):
            debut = time.monotonic()
            resultat, mot = derouler(etape)
            bilan.append((resultat, etape.intitule, mot or f"{time.monotonic() - debut:.0f} s"))
    print("\n=== Bilan")
    for resultat, intitule, mot in bilan:
        print(f"{resultat:<7} {intitule} ({mot})")
    refuses = {ECHEC, ABSENT} if os.environ.get("CI") else {ECHEC}
    return int(any(resultat in refuses for resultat, *_ in bilan))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is stopped with us
    sys.exit(main(sys.argv[1:]))
