"""Two regroupements at once, and one killed in its middle: one wins, the other is told; nothing is left half done."""

import json
import signal
import subprocess
import sys
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.catalogue.models import Lot
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, LigneBon, Regroupement
from groupement.commandes.queries.regroupement import lots_verrouilles
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.livraisons.models import Livraison
from groupement.socle.config import RACINE
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.outils.application import CONFIGURATION

ECRITS = (BonDeCommande, LigneBon, Affectation, Regroupement, Livraison, Courriel)


@pytest.fixture
def monde(app: Flask) -> SimpleNamespace:
    """Two lots whose ceiling holds the bon of one campagne, not of two; a closed campagne with three orders."""
    marche = catalogue.marche(lots=2)
    articles = [catalogue.article(lot, unites_par_colis=1, paliers=catalogue.paliers("1:10.00")) for lot in marche.lots]
    for lot in marche.lots:
        lot.plafond_ht = Decimal("100.00")
    premiere = _close(marche, articles, "La première")
    db.session.commit()
    return SimpleNamespace(app=app, marche=marche, articles=articles, campagne=premiere)


def _close(marche: Any, articles: list[Any], intitule: str) -> Campagne:
    """A closed campagne with three orders of two pieces of each article: 60.00 € a lot."""
    window = campagne(marche, etat=EtatCampagne.CLOSE, intitule=intitule)
    for _ in range(3):
        commande(window, membre(de=window), [(article, 2) for article in articles], etat=EtatCommande.VALIDEE)
    return window


def lancer(campagne_id: int) -> Any:
    """What a buyer does: the run, committed."""

    def acte() -> int:
        try:
            _, bons, _ = regroupement.regrouper(campagne_id, par=AUTOMATE, le=APRES)
            db.session.commit()
            return len(bons)
        finally:
            db.session.rollback()

    return acte


def test_two_buyers_who_regroup_the_same_campagne_at_once_issue_its_bons_once(monde, en_meme_temps) -> None:
    campagne_id = monde.campagne.id
    issues = en_meme_temps(lancer(campagne_id), lancer(campagne_id), lancer(campagne_id))
    assert [issue for issue in issues if issue == 2] == [2]
    refus = [issue for issue in issues if issue != 2]
    assert all(isinstance(r, TransitionInterdite) and "Impossible de regrouper" in str(r) for r in refus), refus
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 2
    assert sum(db.session.scalars(select(Affectation.unites))) == 12


def test_two_campagnes_at_once_never_pass_the_ceiling_they_share(monde, en_meme_temps) -> None:
    autre = _close(monde.marche, monde.articles, "La seconde")
    db.session.commit()
    issues = en_meme_temps(lancer(monde.campagne.id), lancer(autre.id))
    assert sorted(issues, key=str)[0] == 2
    (refus,) = [issue for issue in issues if issue != 2]
    assert isinstance(refus, regroupement.RegroupementRefuse) and "Plafond du lot" in str(refus)
    engages = db.session.execute(
        select(BonDeCommande.lot_id, func.sum(BonDeCommande.total_ht)).group_by(BonDeCommande.lot_id)
    ).all()
    assert [total for _, total in engages] == [Decimal("60.00")] * 2
    etats = db.session.scalars(select(Campagne.etat).order_by(Campagne.id)).all()
    assert sorted(etats) == sorted([EtatCampagne.REGROUPEE, EtatCampagne.CLOSE])


def test_lots_are_locked_in_the_order_of_their_ids(monde, sql) -> None:
    with sql() as envoyees:
        lots = lots_verrouilles(monde.marche.id)
    assert [lot.id for lot in lots] == sorted(db.session.scalars(select(Lot.id)))
    assert "ORDER BY lot.id" in envoyees[0]
    assert "FOR UPDATE" in envoyees[0] or db.engine.dialect.name == "sqlite"


def test_killed_with_everything_written_nothing_is_left_and_the_next_run_starts_at_the_first_number(monde) -> None:
    campagne_id = monde.campagne.id
    courriels, journal = (db.session.scalar(select(func.count()).select_from(m)) for m in (Courriel, Evenement))
    lieux = {cle: monde.app.config[cle] for cle in ("SQLALCHEMY_DATABASE_URI", "GROUPEMENT_INSTANCE")}
    tuer({"configuration": CONFIGURATION | lieux, "campagne": campagne_id})
    db.session.expire_all()
    restes = {m.__name__: db.session.scalar(select(func.count()).select_from(m)) for m in ECRITS}
    assert restes == dict.fromkeys((m.__name__ for m in ECRITS), 0) | {"Courriel": courriels}
    assert db.session.scalar(select(func.count()).select_from(Evenement)) == journal
    assert db.session.get_one(Campagne, campagne_id).etat is EtatCampagne.CLOSE
    db.session.rollback()
    _, bons, _ = regroupement.regrouper(campagne_id, par=AUTOMATE, le=APRES)
    db.session.commit()
    assert [bon.numero[-5:] for bon in bons] == ["00001", "00002"]


def tuer(plan: dict[str, Any]) -> None:
    """Start the run in a process of its own, and kill it (SIGKILL) once everything is written and not committed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.outils.regroupement_tue"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=RACINE,
    ) as processus:
        assert processus.stdin and processus.stdout and processus.stderr
        processus.stdin.write(json.dumps(plan))
        processus.stdin.close()
        dit = processus.stdout.readline()
        processus.kill()
        processus.wait(timeout=30)
        assert dit == "ecrit\n", processus.stderr.read()[-3000:]
        assert processus.returncode == -signal.SIGKILL
