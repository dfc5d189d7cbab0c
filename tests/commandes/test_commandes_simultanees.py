"""Two people at the same moment: nothing is lost, and the close and a commitment never both win."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.commandes.actions import commandes, paniers
from groupement.commandes.actions.campagnes import clore
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.commandes import commande_visible, ligne_visible
from groupement.commandes.rules.lignes_vues import Quantites
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import LE


@pytest.fixture
def monde(app: Flask) -> SimpleNamespace:
    """An open window, a body with an agent, two articles; all committed."""
    campagne = fabrique.campagne()
    mairie = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    articles = [catalogue.article(campagne.marche.lots[0], reference=f"BTE-{n}") for n in (1, 2)]
    contexte = Contexte("c", "Wissant", agent, frozenset({Role.AGENT, Role.VALIDEUR}), mairie)
    db.session.commit()
    return SimpleNamespace(
        app=app, campagne=campagne, mairie=mairie, articles=articles, contexte=contexte, campagne_id=campagne.id
    )


def ensemble(app: Flask, *actes: Callable[[], Any]) -> list[Exception | None]:
    """Run the acts at once, each in a session of its own and committed; what each one met."""
    issues: list[Exception | None] = [None] * len(actes)
    depart = threading.Barrier(len(actes))

    def courir(rang: int, acte: Callable[[], Any]) -> None:
        with app.app_context():
            depart.wait()
            try:
                acte()
                db.session.commit()
            except RegleRefusee as refus:
                db.session.rollback()
                issues[rang] = refus
            finally:
                db.session.remove()

    fils = [threading.Thread(target=courir, args=couple) for couple in enumerate(actes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=30)
    return issues


def test_two_agents_who_start_the_basket_at_once_make_one_order(monde: SimpleNamespace) -> None:
    def ajouter(article_id: int) -> None:
        campagne = db.session.get_one(Campagne, monde.campagne_id)
        article = db.session.get_one(catalogue.Article, article_id)
        paniers.ajouter_article(campagne, monde.mairie.id, article, 25, par=AUTOMATE, le=LE)

    un, deux = (article.id for article in monde.articles)
    db.session.commit()
    assert ensemble(monde.app, lambda: ajouter(un), lambda: ajouter(deux)) == [None, None]
    assert db.session.scalar(select(func.count()).select_from(Commande)) == 1
    assert db.session.scalar(select(func.count()).select_from(LigneCommande)) == 2


@pytest.mark.parametrize("commencee", [False, True])
def test_two_adds_of_one_article_at_once_both_count(monde: SimpleNamespace, commencee: bool) -> None:
    article_id, mairie_id = monde.articles[0].id, monde.mairie.id
    if commencee:
        fabrique.commande(monde.campagne, monde.mairie, [(monde.articles[0], 25)])
    db.session.commit()

    def ajouter(unites: int) -> None:
        campagne = db.session.get_one(Campagne, monde.campagne_id)
        article = db.session.get_one(catalogue.Article, article_id)
        paniers.ajouter_article(campagne, mairie_id, article, unites, par=AUTOMATE, le=LE)

    assert ensemble(monde.app, *(lambda n=n: ajouter(n) for n in (25, 50, 75, 100))) == [None] * 4
    assert db.session.scalars(select(LigneCommande.unites)).all() == [250 + 25 * commencee]


def test_of_two_who_change_one_line_at_once_one_is_told_what_the_other_wrote(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.articles[0], 25)])
    ligne_id = commande.lignes[0].id
    db.session.commit()

    def modifier(unites: int) -> None:
        ligne = ligne_visible(ligne_id, monde.contexte, verrou=True)
        paniers.modifier_ligne(ligne, unites, vue=Quantites(25), par=monde.contexte, le=LE)

    issues = ensemble(monde.app, lambda: modifier(50), lambda: modifier(75))
    refus = [issue for issue in issues if issue is not None]
    gagnant = db.session.scalars(select(LigneCommande.unites)).one()
    assert len(refus) == 1 and isinstance(refus[0], paniers.LigneChangee)
    assert (gagnant, refus[0].actuelle.unites) in {(50, 50), (75, 75)}
    assert f"Claire Delattre a mis {gagnant}" in str(refus[0])


def test_two_agents_who_change_two_lines_keep_both_changes(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(article, 25) for article in monde.articles])
    lignes = [ligne.id for ligne in commande.lignes]
    db.session.commit()

    def modifier(ligne_id: int, unites: int) -> None:
        ligne = ligne_visible(ligne_id, monde.contexte, verrou=True)
        paniers.modifier_ligne(ligne, unites, par=AUTOMATE, le=LE)

    depart = commande.version
    assert ensemble(monde.app, lambda: modifier(lignes[0], 50), lambda: modifier(lignes[1], 75)) == [None, None]
    db.session.expire_all()
    assert [ligne.unites for ligne in commande.lignes] == [50, 75]
    assert commande.version == depart + 2


@pytest.mark.parametrize("essai", range(3))
def test_an_order_committed_as_the_window_closes_is_either_in_or_told_so(monde: SimpleNamespace, essai: int) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.articles[0], 25)], etat=EtatCommande.SOUMISE)
    commande_id, version = commande.id, commande.version
    db.session.commit()
    en_lice: list[str] = []

    def valider() -> None:
        tenue = commande_visible(commande_id, monde.contexte, verrou=True)
        commandes.valider(tenue, version, par=AUTOMATE, le=LE)
        en_lice.append("validee")

    def fermer() -> None:
        clore(monde.campagne_id, par=AUTOMATE, le=LE)
        en_lice.append("close")

    refus, rien = ensemble(monde.app, valider, fermer)
    db.session.expire_all()
    assert rien is None
    assert db.session.get_one(Campagne, monde.campagne_id).etat is EtatCampagne.CLOSE
    if en_lice[0] == "validee":
        assert (refus, commande.etat) == (None, EtatCommande.VALIDEE)
    else:
        assert "close depuis le" in str(refus) and commande.etat is EtatCommande.SOUMISE


def test_a_commitment_waits_for_a_close_under_way_and_is_refused(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.articles[0], 25)], etat=EtatCommande.SOUMISE)
    commande_id, version = commande.id, commande.version
    db.session.commit()
    tenue = threading.Event()

    def fermer() -> None:
        clore(monde.campagne_id, par=AUTOMATE, le=LE)
        db.session.flush()
        tenue.set()
        threading.Event().wait(timeout=1)  # the other one is now at the door

    def valider() -> None:
        tenue.wait(timeout=10)
        ouverte = commande_visible(commande_id, monde.contexte, verrou=True)
        commandes.valider(ouverte, version, par=AUTOMATE, le=LE)

    rien, refus = ensemble(monde.app, fermer, valider)
    assert rien is None and "close depuis le" in str(refus)
