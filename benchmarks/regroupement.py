"""How long a regroupement takes, committed, against the bare SQL of the same result.

Run: python -m benchmarks.regroupement [--membres 1300] [--articles 30] [--tours 3]

Both write the same rows (bons, lines, shares, deliveries to expect, states, journal), in turn, on campagnes of the
same orders; what they wrote is compared. SQLite always; PostgreSQL when `TEST_DATABASE_URL` gives one, or when its
programs are on the machine. Figures to reach for 1 300 members of 30 lines: ≤ 2 s, and ≤ 3 × the bare SQL.
"""

import argparse
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from statistics import median
from time import perf_counter, process_time
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import create_engine, event, make_url, text

from benchmarks.sql_du_regroupement import regrouper_en_sql
from groupement.app import create_app
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.catalogue import DU as DU_MARCHE
from tests.fabriques.commandes import APRES, AU, DU, LE
from tests.outils.postgresql import Serveur, programmes

Mesure = tuple[float, int, float]
TEMOIN = (
    "SELECT article_id, collectivite_id, unites, unites_en_plus, montant_ht, rang FROM affectation "
    "WHERE campagne_id = :campagne"
)


def charger_les_membres(combien: int, articles: int) -> dict[str, Any]:
    """A marché of three lots and that many bodies, each with its town hall."""
    marche, ids = catalogue.marche(), []
    for rang in range(3):
        termes = {"plafond_ht": Decimal(10**9), "franco_ht": Decimal(10**8), "port_ht": Decimal(450 + rang)}
        lot = catalogue.lot(marche, **termes)
        colis = (25, 50, 20)[rang]
        crees = [catalogue.article(lot, unites_par_colis=colis, du=DU_MARCHE) for _ in range(articles // 3)]
        ids += [article.id for article in crees]
    lieux = [adherents.point_de_livraison(adherents.collectivite(f"Commune {rang}")) for rang in range(combien)]
    couples = [(lieu.id, lieu.collectivite_id) for lieu in lieux]
    return {"marche": marche.id, "depot": catalogue.depot().id, "lieux": couples, "articles": ids}


def charger_une_campagne(base: dict[str, Any], intitule: str) -> int:
    """A closed campagne where every body has a committed order of every article; returns its id."""
    campagne = Campagne(
        marche_id=base["marche"],
        depot_id=base["depot"],
        intitule=intitule,
        du=DU,
        au=AU,
        etat=EtatCampagne.CLOSE,
        close_le=LE,
    )
    db.session.add(campagne)
    db.session.flush()
    commun = {"campagne_id": campagne.id, "mode": "livraison", "etat": EtatCommande.VALIDEE, "validee_le": LE}
    commun |= {"modifiee_le": LE, "total_ht": 0, "version": 1}
    premier = (db.session.scalar(text("SELECT max(id) FROM commande")) or 0) + 1
    commandes = [
        commun | {"id": premier + i, "collectivite_id": corps, "point_de_livraison_id": lieu}
        for i, (lieu, corps) in enumerate(base["lieux"])
    ]
    lignes = [
        {
            **{"commande_id": premier + i, "article_id": article, "rang": LE},
            **{"unites": 1 + (i * 37 + j * 11) % 240, "unites_acceptees_en_plus": (i + j) % 7 if i % 5 == 0 else 0},
        }
        for i in range(len(commandes))
        for j, article in enumerate(base["articles"])
    ]
    db.session.execute(db.insert(Commande), commandes)
    db.session.execute(db.insert(LigneCommande), lignes)
    db.session.commit()
    return campagne.id


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
            mesures = [un_tour(base, tour) for tour in range(tours)]
            application, nu = (median(m[cote][0] for m in mesures) for cote in (0, 1))
            print(f"{db.engine.dialect.name} : {membres} membres × {articles} lignes, {tours} tours, médianes")
            calcul, calcul_nu = (median(m[cote][2] for m in mesures) for cote in (0, 1))
            print(f"  application {application:.2f} s ({mesures[-1][0][1]} instructions), SQL nu {nu:.2f} s")
            print(f"  dont processeur de ce processus : {calcul:.2f} s et {calcul_nu:.2f} s")
            memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            print(f"  rapport {application / nu:.2f} ; mémoire {memoire} Mio")
            db.session.remove()
            db.engine.dispose()


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
    ecrit = [
        sorted(map(tuple, db.session.execute(text(TEMOIN), {"campagne": c})), key=str)
        for c in (par_l_application, en_sql)
    ]
    assert ecrit[0] == ecrit[1], "les deux n’ont pas écrit les mêmes parts"
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


def main() -> None:
    """Read the options, print the figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--membres", type=int, default=1300)
    options.add_argument("--articles", type=int, default=30)
    options.add_argument("--tours", type=int, default=3)
    choix = options.parse_args()
    mesurer("", choix.membres, choix.articles, choix.tours)
    with postgresql() as uri:
        if uri:
            mesurer(uri, choix.membres, choix.articles, choix.tours)
        else:
            print("postgresql : introuvable, non mesuré")


if __name__ == "__main__":
    main()
