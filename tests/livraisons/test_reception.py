"""What the door saw becomes lines, a state, a deadline and, when something is wrong, a word to the buyers."""

from datetime import date

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.states import EtatBonDeCommande, RegleDeReliquat
from groupement.livraisons.actions import reception
from groupement.livraisons.actions.reception import Arrivee, ConstatArticle, tout_est_arrive
from groupement.livraisons.queries.livraisons import livraison_visible
from groupement.livraisons.states import EtatLivraison, MotifDeRefus
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents
from tests.fabriques.livraisons import CDG, LE, LIVREE_LE, campagne_regroupee, livraison, livraisons_de


def recevoir(voulue, livree_le=LIVREE_LE, **constats):
    """Receive it whole but for what is said: `article0=ConstatArticle(…)` by place."""
    tout = tout_est_arrive(voulue)
    for place, cle in enumerate(list(tout)):
        tout[cle] = constats.get(f"article{place}", tout[cle])
    reception.receptionner(voulue, Arrivee(livree_le, tout, "BL-1"), voulue.version, par=AUTOMATE, le=LE)
    db.session.flush()
    db.session.expire_all()


def test_what_came_whole_is_received_and_its_time_to_check_runs(app):
    voulue = livraison()
    recevoir(voulue)
    assert voulue.etat is EtatLivraison.LIVREE
    assert [ligne.unites_livrees for ligne in voulue.lignes] == [30, 100]
    assert voulue.a_verifier_avant_le == date(2026, 12, 30)
    assert voulue.bon.etat is EtatBonDeCommande.EN_LIVRAISON
    assert voulue.version == 2
    assert db.session.scalar(select(Courriel).where(Courriel.sujet.contains("à décider"))) is None


def test_what_is_short_or_damaged_is_signalled_to_the_buyers(app):
    adherents.utilisateur("Gaëlle Vasseur", roles=[Role.ACHETEUR])
    voulue = livraison()
    recevoir(voulue, article0=ConstatArticle(25, 5, MotifDeRefus.ABIME, "Cartons mouillés"))
    assert voulue.etat is EtatLivraison.EN_VERIFICATION
    assert (voulue.lignes[0].unites_livrees, voulue.lignes[0].unites_refusees) == (25, 5)
    mail = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("à décider"))).one()
    assert "5 refusées (abîmé) – Cartons mouillés" in mail.corps.replace("\u00a0", " ")
    assert f"/livraisons/{voulue.id}/decision" in mail.corps


def test_the_journal_keeps_the_figures_article_by_article(app):
    voulue = livraison()
    recevoir(voulue, article0=ConstatArticle(20))
    constat = db.session.scalars(select(Evenement).where(Evenement.verbe == "constater")).one()
    assert {"attendues": 30, "livrees": 20, "refusees": 0, "motif": None, "commentaire": ""} in constat.details.values()


@pytest.mark.parametrize(
    ("jour", "constat", "phrase"),
    [
        (date(2026, 12, 31), ConstatArticle(30), "à venir"),
        (date(2026, 12, 13), ConstatArticle(30), "14 décembre 2026"),
        (LIVREE_LE, ConstatArticle(31), "refusez ce qui est en trop"),
        (LIVREE_LE, ConstatArticle(10, 11, MotifDeRefus.AUTRE), "plus d’unités qu’il n’en a été livré"),
        (LIVREE_LE, ConstatArticle(30, 1), "pourquoi"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(app, jour, constat, phrase):
    voulue = livraison()
    with pytest.raises(RegleRefusee, match=phrase):
        recevoir(voulue, jour, article0=constat)
    db.session.rollback()
    assert db.session.scalar(select(Evenement).where(Evenement.verbe == "receptionner")) is None


def test_nothing_came_is_not_a_delivery(app):
    voulue = livraison()
    with pytest.raises(RegleRefusee, match="reste attendue"):
        recevoir(voulue, article0=ConstatArticle(0), article1=ConstatArticle(0))


def test_a_stale_page_overwrites_nothing(app):
    voulue = livraison()
    recevoir(voulue)
    with pytest.raises(ConflitDeVersion, match="modifiée entre-temps par Application"):
        reception.receptionner(voulue, Arrivee(LIVREE_LE, tout_est_arrive(voulue)), 1, par=AUTOMATE, le=LE)


def test_a_reception_is_put_right_as_long_as_nothing_is_decided(app):
    voulue = livraison()
    recevoir(voulue, article0=ConstatArticle(3))
    reception.corriger(voulue, voulue.version, par=AUTOMATE, le=LE)
    assert voulue.etat is EtatLivraison.ANNONCEE
    recevoir(voulue)
    assert voulue.etat is EtatLivraison.LIVREE
    assert voulue.lignes[0].unites_livrees == 30


@pytest.mark.parametrize(
    ("regle", "parts"),
    [
        # 10 boxes each for three members and 20 for the stock of the depot: 17 came, 2 of them damaged
        (RegleDeReliquat.RANG, [10, 5, 0, 0]),
        (RegleDeReliquat.QUANTITE, [5, 5, 5, 0]),
        (RegleDeReliquat.VALEUR, [5, 5, 5, 0]),
    ],
)
def test_a_shortage_at_the_depot_is_shared_by_the_rule_of_the_campagne(app, regle, parts):
    bons = campagne_regroupee(0, au_depot=3, articles=1, regle_reliquat=regle)
    voulue = livraisons_de(bons, depot=True)[0]
    assert [ligne.unites_attendues for ligne in voulue.lignes] == [10, 10, 10, 20]
    recevoir(voulue, article0=ConstatArticle(17, 2, MotifDeRefus.ABIME))
    lignes = voulue.lignes
    assert [ligne.unites_livrees - ligne.unites_refusees for ligne in lignes] == parts
    assert sum(ligne.unites_livrees for ligne in lignes) == 17
    assert sum(ligne.unites_refusees for ligne in lignes) == 2


def test_receiving_costs_the_same_for_few_and_many_members_at_the_depot(app, sql):
    nombres = []
    for combien in (2, 40):
        voulue = livraisons_de(campagne_regroupee(0, au_depot=combien, articles=1), depot=True)[0]
        cle = next(iter(tout_est_arrive(voulue)))
        arrivee = Arrivee(LIVREE_LE, {cle: ConstatArticle(11, 1, MotifDeRefus.ABIME)})
        db.session.commit()
        db.session.expunge_all()
        with sql() as envoyees:
            voulue = livraison_visible(voulue.id, CDG, verrou=True)
            reception.receptionner(voulue, arrivee, 1, par=AUTOMATE, le=LE)
            db.session.flush()
        nombres.append(len(envoyees))
        db.session.commit()
    assert nombres[0] == nombres[1]
