"""A paper order that the post brings after the last day: it enters until the regroupement, and nobody else is told."""

from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions.imports import ImportRefuse
from groupement.commandes.actions.regroupement import ApercuPerime, previsualiser, regrouper
from groupement.commandes.documents import pdf_de_commande
from groupement.commandes.models import Affectation, Commande
from groupement.commandes.queries.commandes_papier import vue_commande_papier
from groupement.commandes.queries.papiers_tardifs import commandes_tardives
from groupement.commandes.queries.vue_commande import vue_commande
from groupement.commandes.rules.papier_tardif import SAISIR_APRES
from groupement.commandes.rules.saisie_rapide import lire_collage
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, AU, LE
from tests.fabriques.papiers_tardifs import POSTE, fenetre_close, poster


@pytest.fixture
def monde(app: Flask) -> SimpleNamespace:
    """A closed window that Ayette ordered in."""
    return fenetre_close()


def rien_n_est_ecrit() -> bool:
    """Only the order that was there."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Commande)) == 1


@pytest.mark.parametrize("etat", [EtatCampagne.CLOSE, EtatCampagne.EN_COMPLEMENT])
def test_a_paper_that_came_in_time_enters_quietly_and_is_bought(monde: Any, etat: EtatCampagne) -> None:
    monde.campagne.etat, monde.campagne.complement_au = etat, AU + timedelta(days=9)
    db.session.commit()
    commande = poster(monde)
    db.session.commit()
    assert (commande.etat, commande.total_ht) == (EtatCommande.VALIDEE, 60)
    assert (monde.campagne.etat, monde.campagne.au) == (etat, AU)  # nothing opens again
    (courriel,) = db.session.scalars(select(Courriel))  # and nobody else is written to
    assert "Claire Delattre" in courriel.corps and "vous ne pouvez plus la corriger" in courriel.corps
    assert "arrivé à temps" in courriel.corps and "peut la rouvrir" not in courriel.corps
    monde.campagne.etat = EtatCampagne.CLOSE
    regrouper(monde.campagne.id, par=AUTOMATE, le=APRES + timedelta(hours=1))
    assert sum(db.session.scalars(select(Affectation.unites))) == 70


def test_it_takes_the_rank_of_its_entry_not_that_of_the_day_somebody_typed(monde: Any) -> None:
    commande = poster(monde, recu_le=LE.date() - timedelta(days=60))
    assert [ligne.rang for ligne in commande.lignes] == [APRES]
    assert commande.validee_le == APRES
    demandes = previsualiser(monde.campagne, le=jour_a_paris(APRES)).entree.demandes
    assert [demande.collectivite_id for demande in demandes] == [monde.ayette.id, monde.wissant.id]


def test_a_paper_that_came_after_the_last_day_says_why_it_is_taken_everywhere(monde: Any) -> None:
    with pytest.raises(RegleRefusee, match="écrivez pourquoi il est accepté"):
        poster(monde, recu_le=AU + timedelta(days=1), motif="ok")
    assert rien_n_est_ecrit()
    commande = poster(monde, recu_le=AU + timedelta(days=1), motif=f" {POSTE}\n")
    db.session.commit()
    (fait,) = db.session.scalars(select(Evenement).where(Evenement.verbe == SAISIR_APRES))
    assert fait.resume.endswith(f"Accepté après le dernier jour\u00a0: {POSTE}")
    assert fait.details == {
        **{"recu_le": "2026-12-12", "fin": "2026-12-11", "signe_par": "Jean Leroy, maire"},
        **{"motif": POSTE, "remplace": False},
    }
    (courriel,) = db.session.scalars(select(Courriel))
    assert POSTE in courriel.corps
    (tardive,) = commandes_tardives(monde.campagne)
    assert tardive.commande is commande and tardive.papier.motif == POSTE
    vue = vue_commande(commande, jour_a_paris(APRES))
    assert [papier.motif for papier in vue.papiers_tardifs] == [POSTE]
    assert pdf_de_commande(vue, jour_a_paris(APRES)).startswith(b"%PDF")


def test_no_reason_is_kept_of_a_paper_that_needed_none(monde: Any) -> None:
    poster(monde, motif="Une raison de trop, écrite quand même")
    assert [tardive.papier.motif for tardive in commandes_tardives(monde.campagne)] == [""]


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        (EtatCampagne.PREPAREE, "n’est pas encore ouverte"),
        (EtatCampagne.REGROUPEE, "les bons sont partis"),
        (EtatCampagne.SOLDEE, "terminée"),
        (EtatCampagne.ANNULEE, "annulée"),
    ],
)
def test_no_paper_enters_elsewhere(monde: Any, etat: EtatCampagne, phrase: str) -> None:
    monde.campagne.etat = etat
    db.session.commit()
    with pytest.raises(RegleRefusee, match=phrase):
        poster(monde)
    assert rien_n_est_ecrit()


def test_a_campagne_regrouped_since_the_page_was_read_is_told(monde: Any) -> None:
    regrouper(monde.campagne.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="les bons sont partis, ce papier n’y est pas"):
        poster(monde)
    assert rien_n_est_ecrit()


def test_figures_agreed_to_before_a_paper_entered_are_not_those_that_leave(monde: Any) -> None:
    lue = previsualiser(monde.campagne, le=jour_a_paris(APRES)).empreinte
    poster(monde)
    db.session.commit()
    with pytest.raises(ApercuPerime, match="Une commande"):
        regrouper(monde.campagne.id, par=AUTOMATE, le=APRES, empreinte=lue)


def test_a_body_that_may_not_order_is_refused_as_it_was_in_the_window(monde: Any) -> None:
    etrangere = fabrique.membre("Tardinghen")
    db.session.commit()
    with pytest.raises(ImportRefuse, match="Tardinghen"):
        poster(monde, etrangere)
    assert rien_n_est_ecrit()


def test_a_day_to_come_is_refused(monde: Any) -> None:
    with pytest.raises(RegleRefusee, match="dans l’avenir"):
        poster(monde, recu_le=APRES.date() + timedelta(days=1), motif=POSTE)


@pytest.mark.parametrize("etat", [EtatCommande.BROUILLON, EtatCommande.SOUMISE])
def test_a_basket_nobody_can_commit_any_more_gives_way_to_the_signed_sheet(monde: Any, etat: EtatCommande) -> None:
    panier = fabrique.commande(monde.campagne, monde.wissant, [(monde.article, 7)], etat=etat)
    db.session.commit()
    version = panier.version
    with pytest.raises(ConflitDeVersion):
        poster(monde, version=version + 1)
    db.session.rollback()
    commande = poster(monde)
    db.session.commit()
    assert (panier.etat, [ligne.unites for ligne in panier.lignes]) == (EtatCommande.ANNULEE, [7])
    assert panier.version == version + 1
    assert (commande.etat, [ligne.unites for ligne in commande.lignes]) == (EtatCommande.VALIDEE, [30])
    motifs = select(Evenement.resume).where(Evenement.objet == "commande", Evenement.objet_id == panier.id)
    assert db.session.scalars(motifs).all() == ["Non validée à temps, remplacée par le bon papier signé"]
    (courriel,) = db.session.scalars(select(Courriel))
    assert "remplace un panier qui n’avait pas été validé à temps" in courriel.corps


def test_two_papers_complete_a_committed_order_and_each_is_kept(monde: Any) -> None:
    poster(monde, monde.ayette)
    apres = APRES + timedelta(hours=1)
    commande = poster(monde, monde.ayette, recu_le=AU + timedelta(days=2), motif=POSTE, le=apres)
    db.session.commit()
    assert commande.id == monde.premiere.id and [ligne.unites for ligne in commande.lignes] == [100]
    assert [ligne.rang for ligne in commande.lignes] == [apres]
    assert [t.papier.motif for t in commandes_tardives(monde.campagne)] == ["", POSTE]


def test_what_nobody_committed_no_longer_lowers_the_price_said(monde: Any) -> None:
    seuil = catalogue.article(monde.campagne.marche.lots[0], reference="SEUIL", paliers="1:2.00|100:1.00")
    soumise = fabrique.membre("Audresselles", de=monde.campagne)
    fabrique.commande(monde.campagne, soumise, [(seuil, 100)], etat=EtatCommande.SOUMISE)
    db.session.commit()
    vue = vue_commande_papier(monde.campagne, monde.wissant, lire_collage("SEUIL\t25"), APRES.date())
    assert vue.estimation.total_ht == 50


def test_members_themselves_still_cannot_order(monde: Any, client_de: Any) -> None:
    commande = poster(monde)
    db.session.commit()
    valideur = adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=monde.wissant)
    db.session.commit()
    refus = client_de(valideur).post(f"/commandes/{commande.id}/reouverture", data={"version": commande.version})
    assert refus.status_code == 409 and "close depuis" in unescape(refus.text)
