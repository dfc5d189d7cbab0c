"""The proofs are kept, shown, and checked again from the rows; page, command line, real run and database agree."""

import pytest
from sqlalchemy import select, update

from groupement.adherents.states import Role
from groupement.commandes.models import Affectation, Regroupement
from groupement.commandes.queries.verification import verifier
from groupement.commandes.states import GenreAjustement
from groupement.socle.db import db
from tests.commandes.test_ajustements import Fenetre
from tests.fabriques import adherents

ECARTER, REPORTER, VISER, AJOUTER = GenreAjustement


@pytest.fixture
def faite(app):
    fenetre = Fenetre()
    fenetre.ajuster(VISER, 1000, article=fenetre.boite)
    fenetre.ajuster(ECARTER, motif="Doublon.", article=fenetre.chemise, commande=fenetre.de_bapaume)
    fenetre.regrouper()
    return fenetre


@pytest.fixture
def acheteur(faite, client_de):
    return client_de(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))


def test_the_proofs_keep_the_figures_the_decisions_and_the_fingerprint(faite):
    preuves = db.session.scalars(select(Regroupement)).one().preuves
    boite = next(ligne for ligne in preuves["lignes"] if ligne["reference"] == "BTE-STD-10")
    assert (boite["unites_achetees"], boite["unites_acceptees_en_plus"], boite["surplus_au_depot"]) == (1000, 30, 40)
    assert (boite["prix_unitaire_ht"], boite["montant_ht"], boite["prix_de_base_ht"]) == ("0.5000", "500.00", "0.5800")
    assert [a["par"] for a in preuves["ajustements"]] == ["Hélène Vasseur"] * 2
    assert "acheter jusqu’au palier de 1\u00a0000" in preuves["ajustements"][0]["decision"]
    (ecarte,) = preuves["ecartes"]
    assert ecarte["reference"] == "CHE-120" and "Bapaume" in ecarte["motif"]
    assert len(preuves["empreinte"]) == 64


def test_the_page_of_what_was_done_shows_them_and_checks_again(faite, acheteur):
    page = acheteur.get(f"/campagnes/{faite.campagne.id}/regroupement")
    assert "Ce que vous aviez changé" in page.text and "Doublon." in page.text
    assert "Vérifier maintenant" in page.text and "BTE-STD-10" in page.text
    page = acheteur.get(f"/campagnes/{faite.campagne.id}/regroupement/verification")
    assert "Tout tombe juste" in page.text and "C’est aussi le total confirmé" in page.text


def test_a_row_changed_behind_the_application_is_found(faite, acheteur):
    part = db.session.scalars(select(Affectation).where(Affectation.collectivite_id == faite.ayette.id)).first()
    db.session.execute(update(Affectation).where(Affectation.id == part.id).values(montant_ht=part.montant_ht + 1))
    db.session.commit()
    page = acheteur.get(f"/campagnes/{faite.campagne.id}/regroupement/verification")
    assert "Des sommes ne tombent pas juste" in page.text
    assert "les parts des membres et du dépôt ne font pas les lignes" in page.text


def test_before_the_regroupement_there_is_nothing_to_check(app, client_de):
    fenetre = Fenetre()
    client = client_de(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    db.session.commit()
    assert client.get(f"/campagnes/{fenetre.campagne.id}/regroupement/verification").status_code == 303


def test_the_check_takes_as_many_statements_whatever_the_bons(faite, sql):
    with sql() as envoyees:
        assert verifier(faite.campagne).est_exacte
    assert len(envoyees) == 3
