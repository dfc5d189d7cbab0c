"""A late paper at the second of a regroupement, of an addition, of the same paper: in, or told; never half."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article
from groupement.commandes.actions.commandes_papier import Papier, saisir
from groupement.commandes.actions.complements import AjoutRefuse, PageVue, ajouter
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.models import Affectation, Campagne, Commande, LigneCommande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.commandes_papier import vue_commande_papier
from groupement.commandes.rules.saisie_rapide import lire_collage
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, AU
from tests.fabriques.complements import PENDANT, phase
from tests.fabriques.papiers_tardifs import fenetre_close, poster


@pytest.fixture
def monde(app: Flask) -> SimpleNamespace:
    """A closed window that Ayette ordered in."""
    return fenetre_close()


def entrer(monde: SimpleNamespace) -> Any:
    """The buyer's click, committed: the campagne held first, as the route does."""
    campagne_id, corps_id = monde.campagne.id, monde.wissant.id

    def agir() -> str:
        campagne = db.session.get_one(Campagne, campagne_id)
        corps = db.session.get_one(type(monde.wissant), corps_id)
        try:
            poster(SimpleNamespace(campagne=campagne, wissant=corps))
            db.session.commit()
            return "saisie"
        finally:
            db.session.rollback()

    return agir


def combiner(campagne_id: int) -> Any:
    """The regroupement of the same second, committed."""

    def agir() -> str:
        try:
            regrouper(campagne_id, par=AUTOMATE, le=APRES)
            db.session.commit()
            return "regroupée"
        finally:
            db.session.rollback()

    return agir


def test_at_the_second_of_the_regroupement_a_paper_is_in_or_told(monde: Any, en_meme_temps: Any) -> None:
    fait, saisie = en_meme_temps(combiner(monde.campagne.id), entrer(monde))
    assert fait == "regroupée"
    achetees = sum(db.session.scalars(select(Affectation.unites)))
    etats = set(db.session.scalars(select(Commande.etat)))
    assert etats == {EtatCommande.REGROUPEE}  # never a committed order left behind the bons
    if saisie == "saisie":
        assert achetees == 70
    else:
        assert isinstance(saisie, RegleRefusee) and "les bons sont partis" in str(saisie), saisie
        assert achetees == 40


def test_the_same_paper_entered_twice_at_once_is_written_once(monde: Any, en_meme_temps: Any) -> None:
    issues = en_meme_temps(entrer(monde), entrer(monde))
    assert sorted(map(str, issues))[1] == "saisie"
    assert sum(isinstance(issue, ConflitDeVersion) for issue in issues) == 1
    assert sum(db.session.scalars(select(Commande.total_ht).where(Commande.collectivite_id == monde.wissant.id))) == 60


def test_in_the_completion_phase_a_paper_counts_in_what_is_missing(app: Flask, en_meme_temps: Any) -> None:
    monde = phase()
    tardinghen = fabrique.membre("Tardinghen", de=monde.campagne)
    db.session.commit()
    campagne_id, corps_id, commande_id, contexte = (
        *(monde.campagne.id, tardinghen.id, monde.wissant.commande.id),
        monde.wissant.contexte,
    )

    def entrer_douze() -> str:
        campagne, corps = db.session.get_one(Campagne, campagne_id), db.session.get_one(Collectivite, corps_id)
        vue = vue_commande_papier(campagne, corps, lire_collage("CHE-50\t12"), jour_a_paris(PENDANT))
        papier = Papier(AU, "Jean Leroy, maire", ModeDeRemise.LIVRAISON)
        saisir(campagne, corps, vue.apercu, papier, 0, par=AUTOMATE, le=PENDANT)
        db.session.commit()
        return "saisie"

    def completer() -> Any:
        commande = commande_visible(commande_id, contexte, verrou=True)
        chemise = db.session.scalars(select(Article).where(Article.reference == "CHE-50")).one()
        fait = ajouter(commande, chemise, 12, PageVue(1, 38), par=AUTOMATE, le=PENDANT)
        db.session.commit()
        return fait

    saisie, ajoute = en_meme_temps(entrer_douze, completer)
    assert saisie == "saisie"  # a paper is never cut down: it asks what it asks
    unites = select(func.sum(LigneCommande.unites)).join(Article).where(Article.reference == "CHE-50")
    refusee = isinstance(ajoute, AjoutRefuse)  # the paper filled the pack first: nothing is missing any more
    assert db.session.scalar(unites) == (50 if refusee else 62), ajoute
