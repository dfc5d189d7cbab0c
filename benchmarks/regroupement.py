"""How long a regroupement takes, committed, against the bare SQL of the same result.

Run: python -m benchmarks.regroupement [--membres 1300] [--articles 30] [--tours 3]
     python -m benchmarks.regroupement --membres 35000 --tours 1   (a million lines: a few minutes)

Both write the same rows (bons, lines, shares, deliveries to expect, states, journal), in turn, on campagnes of the
same orders; what they wrote is compared. SQLite always; PostgreSQL when `TEST_DATABASE_URL` gives one, or when its
programs are on the machine. Each engine has a process of its own, whose largest resident memory is that of the
regroupement: the orders are written, and the results compared, inside the database.
Figures to reach: ≤ 3 × the bare SQL; ≤ 2 s for 1 300 members of 30 lines; ≤ 1 GiB for 35 000.
"""

import argparse
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from statistics import median
from time import perf_counter, process_time
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import create_engine, event, make_url, text

from benchmarks.donnees_du_regroupement import charger_les_membres, charger_une_campagne
from benchmarks.sql_du_regroupement import regrouper_en_sql
from groupement.app import create_app
from groupement.commandes.actions.regroupement import regrouper
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques.commandes import APRES
from tests.outils.postgresql import Serveur, programmes

Mesure = tuple[float, int, float]
TEMOIN = (
    "SELECT article_id, collectivite_id, unites, unites_en_plus, montant_ht, rang FROM affectation WHERE campagne_id"
)
ECARTS = f"SELECT count(*) FROM ({TEMOIN} = :une EXCEPT {TEMOIN} = :autre) AS ecarts"


def chronometrer(acte: Callable[[], Any]) -> Mesure:
    """Seconds, statements and seconds of processor of `acte`, committed, from an empty session.

    The processor's are those of this process: all of it on SQLite, our half on PostgreSQL.
    """
    envoyees: list[str] = []

    def noter(*arguments: Any) -> None:
        envoyees.append(arguments[2])

    db.session.expunge_all()
    event.listen(db.engine, "before_cursor_execute", noter)
    debut, calcul = perf_counter(), process_time()
    acte()
    db.session.commit()
    duree, calcul = perf_counter() - debut, process_time() - calcul
    event.remove(db.engine, "before_cursor_execute", noter)
    return duree, len(envoyees), calcul


def mesurer(uri: str, membres: int, articles: int, tours: int) -> None:
    """Print the figures of one engine."""
    with tempfile.TemporaryDirectory(prefix="banc-") as dossier:
        reglages = {"GROUPEMENT_MODE": "demonstration", "GROUPEMENT_INSTANCE": dossier}
        app = create_app(reglages | {"SQLALCHEMY_DATABASE_URI": uri or f"sqlite:///{dossier}/banc.sqlite"})
        with app.app_context():
            upgrade()
            base = charger_les_membres(membres, articles)
            db.session.commit()
            avant = memoire_max()
            mesures = [un_tour(base, tour) for tour in range(tours)]
            application, nu = (median(m[cote][0] for m in mesures) for cote in (0, 1))
            print(f"{db.engine.dialect.name} : {membres} membres × {articles} lignes, {tours} tours, médianes")
            calcul, calcul_nu = (median(m[cote][2] for m in mesures) for cote in (0, 1))
            print(f"  application {application:.2f} s ({mesures[-1][0][1]} instructions), SQL nu {nu:.2f} s")
            print(f"  dont processeur de ce processus : {calcul:.2f} s et {calcul_nu:.2f} s")
            print(f"  rapport {application / nu:.2f} ; mémoire {memoire_max()} Mio, dont {avant} avant de commencer")
            db.session.remove()
            db.engine.dispose()


def memoire_max() -> int:
    """The largest resident memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def un_tour(base: dict[str, Any], tour: int) -> tuple[Mesure, Mesure]:
    """One campagne each way, the first to run changing at every turn; both must have written the same."""
    par_l_application = charger_une_campagne(base, f"Tour {tour}")
    en_sql = charger_une_campagne(base, f"Tour {tour}, en SQL")
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    actes = {
        0: lambda: regrouper(par_l_application, par=AUTOMATE, le=APRES),
        1: lambda: regrouper_en_sql(en_sql),
    }
    mesures = {cote: chronometrer(actes[cote]) for cote in sorted(actes, reverse=bool(tour % 2))}
    for une, autre in ((par_l_application, en_sql), (en_sql, par_l_application)):
        ecarts = db.session.scalar(text(ECARTS), {"une": une, "autre": autre})
        assert ecarts == 0, f"les deux n’ont pas écrit les mêmes parts : {ecarts} diffèrent"
    return mesures[0], mesures[1]


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a new PostgreSQL database, empty when there is none to be had."""
    serveur = None
    adresse = os.environ.get("TEST_DATABASE_URL", "")
    if not adresse and (binaires := programmes()):
        serveur = Serveur(binaires)
        adresse = serveur.adresse
    if not adresse:
        yield ""
        return
    maitre = create_engine(adresse, isolation_level="AUTOCOMMIT")
    nom = f"banc_regroupement_{os.getpid()}"
    with maitre.connect() as connexion:
        connexion.execute(text(f"CREATE DATABASE {nom}"))
    try:
        yield make_url(adresse).set(database=nom).render_as_string(hide_password=False)
    finally:
        with maitre.connect() as connexion:
            connexion.execute(text(f"DROP DATABASE {nom} WITH (FORCE)"))
        maitre.dispose()
        if serveur:
            serveur.arreter()


def mesurer_a_part(uri: str, choix: argparse.Namespace) -> None:
    """Measure in a new process: what another engine took is not counted in its memory."""
    arguments = (uri, choix.membres, choix.articles, choix.tours)
    processus = get_context("spawn").Process(target=mesurer, args=arguments)
    processus.start()
    processus.join()
    if processus.exitcode:
        raise SystemExit(processus.exitcode)


def main() -> None:
    """Read the options, print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--membres", type=int, default=1300)
    options.add_argument("--articles", type=int, default=30)
    options.add_argument("--tours", type=int, default=3)
    choix = options.parse_args()
    mesurer_a_part("", choix)
    with postgresql() as uri:
        if uri:
            mesurer_a_part(uri, choix)
        else:
            print("postgresql : introuvable, non mesuré")


if __name__ == "__main__":
    main()
