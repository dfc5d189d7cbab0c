"""Two bodies after the same last pieces, two people of one body, an addition while the campagne closes: threads."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.catalogue.models import Article
from groupement.commandes.actions.campagnes import clore
from groupement.commandes.actions.complements import AjoutRefuse, Complement, PageVue, ajouter
from groupement.commandes.models import Campagne, LigneCommande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.complement import manques
from groupement.commandes.states import EtatCampagne
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE
from groupement.socle.web import ConflitDeVersion
from tests.fabriques.complements import PENDANT, corps, phase


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Twelve folders are missing; a third body is there too."""
    monde = phase()
    monde.tardinghen = corps(monde, "Tardinghen", [(monde.boite, 50)])
    monde.boite.unites_par_colis = 50
    monde.campagne_id, monde.chemise_id = monde.campagne.id, monde.chemise.id
    db.session.commit()
    return monde


def ajout(monde: SimpleNamespace, qui: Any, unites: int) -> Any:
    """What one body does from a page that said twelve were missing."""
    commande_id, contexte, chemise_id = qui.commande.id, qui.contexte, monde.chemise_id

    def agir() -> Complement:
        commande = commande_visible(commande_id, contexte, verrou=True)
        article = db.session.get_one(Article, chemise_id)
        fait = ajouter(commande, article, unites, PageVue(1, 38), par=AUTOMATE, le=PENDANT)
        db.session.commit()
        return fait

    return agir


def chemises() -> int:
    """How many folders the group asks."""
    db.session.rollback()
    return sum(db.session.scalars(select(LigneCommande.unites).join(Article).where(Article.reference == "CHE-50")))


def test_two_bodies_after_the_last_twelve_share_them(monde: SimpleNamespace, en_meme_temps: Any) -> None:
    issues = en_meme_temps(ajout(monde, monde.wissant, 12), ajout(monde, monde.audresselles, 12))
    servis = [issue for issue in issues if isinstance(issue, Complement)]
    assert [fait.unites for fait in servis] == [12]
    assert sum(isinstance(issue, AjoutRefuse) for issue in issues) == 1
    assert chemises() == 50


def test_the_second_gets_what_is_left_and_never_a_piece_more(monde: SimpleNamespace, en_meme_temps: Any) -> None:
    voulues = {monde.wissant.mairie.nom: 5, monde.audresselles.mairie.nom: 5, monde.tardinghen.mairie.nom: 5}
    corps_ = (monde.wissant, monde.audresselles, monde.tardinghen)
    issues = en_meme_temps(*(ajout(monde, qui, voulues[qui.mairie.nom]) for qui in corps_))
    assert sorted(fait.unites for fait in issues) == [2, 5, 5]
    assert sum(bool(fait.reduction) for fait in issues) == 1
    assert chemises() == 50
    assert not [m for m in manques(monde.campagne, PENDANT.date()) if m.demande.reference == "CHE-50"]


def test_two_people_of_one_body_do_not_add_twice(monde: SimpleNamespace, en_meme_temps: Any) -> None:
    issues = en_meme_temps(ajout(monde, monde.wissant, 5), ajout(monde, monde.wissant, 5))
    assert sum(isinstance(issue, ConflitDeVersion) for issue in issues) == 1
    assert chemises() == 43


def test_an_addition_is_in_before_the_close_or_told_that_it_is_over(monde: SimpleNamespace, en_meme_temps: Any) -> None:
    def fermer() -> None:
        clore(monde.campagne_id, par=AUTOMATE, le=PENDANT)
        db.session.commit()

    fait, _ = en_meme_temps(ajout(monde, monde.wissant, 12), fermer)
    assert db.session.get_one(Campagne, monde.campagne_id).etat is EtatCampagne.CLOSE
    assert chemises() == (50 if isinstance(fait, Complement) else 38)
    assert isinstance(fait, (Complement, RegleRefusee))
