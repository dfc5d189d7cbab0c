"""Sixty agents in the last minute while two buyers close, in sixty-two real processes: zero lost, zero doubled."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.models import (
    Affectation,
    BonDeCommande,
    Campagne,
    Commande,
    LigneBon,
    LigneCommande,
    Regroupement,
)
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import aujourdhui
from groupement.socle.config import RACINE
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.outils.application import CONFIGURATION

AGENTS, ACHETEURS = 60, 2
CLOSE = "close depuis le"


@pytest.fixture
def plan(app: Flask) -> dict[str, Any]:
    """Sixty bodies with a filled basket in a window that is open today, and two buyers."""
    jour = aujourdhui()
    marche = catalogue.marche(
        lots=2,
        du=jour - timedelta(days=300),
        au=jour + timedelta(days=300),
        consultation_le=jour - timedelta(days=400),
    )
    boites = [catalogue.article(lot, unites_par_colis=50, fractionnable=True) for lot in marche.lots]
    campagne = fabrique.campagne(marche, du=jour - timedelta(days=20), au=jour + timedelta(days=1))
    agents = [_agent(campagne, boites, rang) for rang in range(AGENTS)]
    acheteurs = [adherents.utilisateur(f"Acheteur {rang}", roles=[Role.ACHETEUR]).id for rang in range(ACHETEURS)]
    db.session.commit()
    lieux = {cle: app.config[cle] for cle in ("SQLALCHEMY_DATABASE_URI", "GROUPEMENT_INSTANCE")}
    return {
        "configuration": CONFIGURATION | lieux,
        "agents": agents,
        "acheteurs": acheteurs,
        "campagne": campagne.id,
    }


def _agent(campagne: Campagne, boites: list[Any], rang: int) -> dict[str, Any]:
    """A body whose agent may also commit, and its basket."""
    corps = fabrique.membre(de=campagne)
    commande = fabrique.commande(campagne, corps, [(boite, 7 + rang, rang % 5) for boite in boites])
    personne = adherents.utilisateur(f"Agent {rang}", roles=[Role.AGENT, Role.VALIDEUR], collectivite=corps)
    lieu = commande.point_de_livraison_id
    return {"personne": personne.id, "commande": commande.id, "lieu": lieu, "version": commande.version}


def jouer(plan: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the agents met, and what the buyers met."""
    fini = subprocess.run(
        [sys.executable, "-m", "tests.outils.derniere_minute"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=RACINE,
        timeout=300,
        check=False,
    )
    assert fini.returncode == 0, fini.stderr[-3000:]
    recits = [json.loads(ligne) for ligne in fini.stdout.splitlines()]
    assert len(recits) == AGENTS + ACHETEURS, fini.stderr[-3000:]
    db.session.expire_all()
    return [r for r in recits if "commande" in r], [r for r in recits if "commande" not in r]


def test_sixty_agents_and_two_buyers_in_the_last_minute(plan: dict[str, Any]) -> None:
    agents, acheteurs = jouer(plan)
    dedans = {recit["commande"] for recit in agents if recit["statuts"][1][0] == 303}
    dehors = [recit for recit in agents if recit["commande"] not in dedans]
    chacun_sait_ou_il_en_est(dedans, dehors)
    un_seul_acheteur_a_gagne(acheteurs)
    rien_de_perdu_rien_en_double(plan["campagne"], dedans)


def chacun_sait_ou_il_en_est(dedans: set[int], dehors: list[dict[str, Any]]) -> None:
    """Who was told « validée » is in the bons; everybody else was told that the campagne is closed."""
    assert len(dedans) >= 10 and len(dehors) >= 5, (len(dedans), len(dehors))
    etats = dict(db.session.execute(select(Commande.id, Commande.etat)).all())
    assert {commande for commande, etat in etats.items() if etat is EtatCommande.REGROUPEE} == dedans
    for recit in dehors:
        derniere = recit["statuts"][0 if recit["statuts"][0][0] >= 400 else 1]
        assert derniere[0] in (409, 422), derniere
        assert CLOSE in derniere[1], derniere


def un_seul_acheteur_a_gagne(acheteurs: list[dict[str, Any]]) -> None:
    """One closes and one regroups; the other is told who did."""
    for acte in (0, 1):
        issues = sorted(recit["statuts"][acte][0] for recit in acheteurs)
        assert issues == [303, 409], acheteurs
        (perdant,) = (recit["statuts"][acte] for recit in acheteurs if recit["statuts"][acte][0] == 409)
        assert "l’a fait le" in perdant[1], perdant


def rien_de_perdu_rien_en_double(campagne_id: int, dedans: set[int]) -> None:
    """The orders taken, piece by piece, are the affectations; the bons are the affectations, to the centime."""
    assert db.session.get_one(Campagne, campagne_id).etat is EtatCampagne.REGROUPEE
    assert db.session.scalar(select(func.count()).select_from(Regroupement)) == 1
    demandees = dict(
        db.session.execute(
            select(LigneCommande.id, LigneCommande.unites).where(LigneCommande.commande_id.in_(dedans))
        ).all()
    )
    servies = select(Affectation.ligne_commande_id, Affectation.unites - Affectation.unites_en_plus)
    recues = db.session.execute(servies.where(Affectation.ligne_commande_id.is_not(None))).all()
    assert Counter(ligne for ligne, _ in recues).most_common(1)[0][1] == 1
    assert dict(recues) == demandees
    bons = db.session.scalars(select(BonDeCommande).order_by(BonDeCommande.id)).all()
    assert [bon.numero[-4:] for bon in bons] == ["0001", "0002"]
    for bon in bons:
        parts = db.session.execute(
            select(func.sum(Affectation.unites), func.sum(Affectation.montant_ht))
            .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
            .where(LigneBon.bon_id == bon.id)
        ).one()
        lignes = select(func.sum(LigneBon.unites), func.sum(LigneBon.montant_ht)).where(LigneBon.bon_id == bon.id)
        assert tuple(map(Decimal, parts)) == tuple(map(Decimal, db.session.execute(lignes).one()))
    emissions = select(func.count()).select_from(Evenement).where(Evenement.verbe == "emettre")
    assert db.session.scalar(emissions) == len(bons)
