"""Who sees which audit, and what the list of them is made of."""

import pytest
from werkzeug.exceptions import NotFound

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.queries.calcul import par_categorie
from groupement.etats_des_lieux.queries.proposition import article_en_vente, travees_du_marche
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.db import db
from tests.fabriques import adherents
from tests.fabriques import etats_des_lieux as fabrique

JOUR = fabrique.LE.date()


def contexte(*roles, pour=None):
    """Somebody with these roles, for a body or for nobody."""
    personne = adherents.utilisateur(roles=list(roles), collectivite=pour)
    return Contexte("essai", "essai", personne, frozenset(roles), pour)


@pytest.mark.parametrize("etat", list(EtatEtatDesLieux))
def test_a_body_sees_its_own_audit_once_it_is_finished(app, etat):
    ville = adherents.collectivite()
    releve = fabrique.exemple(ville, etat=etat)
    agent = contexte(Role.AGENT, pour=ville)
    if etat in (EtatEtatDesLieux.VALIDE, EtatEtatDesLieux.SUIVI):
        assert queries.etat_visible(releve.id, agent) is releve
        return
    with pytest.raises(NotFound):
        queries.etat_visible(releve.id, agent)


@pytest.mark.parametrize("role", [Role.ARCHIVISTE, Role.ACHETEUR, Role.COMPTABLE, Role.ADMINISTRATEUR, Role.CONTROLE])
def test_the_centre_and_the_archives_see_every_audit(app, role):
    releve = fabrique.etat_des_lieux(etat=EtatEtatDesLieux.PLANIFIE)
    assert queries.etat_visible(releve.id, contexte(role)) is releve


def test_a_supplier_sees_none(app):
    releve = fabrique.exemple(etat=EtatEtatDesLieux.SUIVI)
    fournisseur = contexte(Role.FOURNISSEUR)
    assert not db.session.execute(queries.etats_des_lieux(fournisseur)).all()
    with pytest.raises(NotFound):
        queries.etat_visible(releve.id, fournisseur)


def test_the_list_says_what_was_measured_whatever_the_rooms(app):
    releve = fabrique.exemple()
    fabrique.local(releve, "Cave", ml=12)
    (ligne,) = db.session.execute(queries.etats_des_lieux(contexte(Role.ARCHIVISTE))).all()
    assert (ligne.EtatDesLieux, ligne.mesure_mm, ligne.eliminable_mm) == (releve, 80_200, 29_250)


def test_the_list_narrows_by_intercommunalite_and_archivist(app):
    julie, luc = fabrique.archiviste(), fabrique.archiviste("Luc Hanocq")
    ici = fabrique.etat_des_lieux(adherents.collectivite(siren_epci="200069672"), julie)
    fabrique.etat_des_lieux(adherents.collectivite(siren_epci="200033579"), luc)
    cdg = contexte(Role.ARCHIVISTE)
    par_epci = db.session.execute(queries.etats_des_lieux(cdg, siren_epci="200069672")).all()
    par_julie = db.session.execute(queries.etats_des_lieux(cdg, archiviste_id=julie.id)).all()
    assert [ligne.EtatDesLieux for ligne in par_epci] == [ligne.EtatDesLieux for ligne in par_julie] == [ici]


def test_an_audit_costs_the_same_statements_whatever_its_size(app, sql):
    petit = fabrique.etat_des_lieux(mesures=1)
    grand = fabrique.exemple(par=petit.archiviste)
    for rang in range(5):
        fabrique.local(grand, f"Local {rang}", ml=12)
    cdg, comptes, grand_id = contexte(Role.ARCHIVISTE), [], grand.id
    for etat_id in (petit.id, grand_id):
        db.session.expunge_all()
        with sql() as envoyees:
            lu = queries.etat_visible(etat_id, cdg)
            assert queries.existant_mm(lu) == (84_000 if etat_id == grand_id else 0)
            assert all(mesure.local is None for mesure in lu.mesures)
        comptes.append(len(envoyees))
    assert comptes == [5, 5]


def test_the_fonds_is_told_by_category_the_longest_first(app):
    fonds = par_categorie(fabrique.exemple())
    assert fonds[0] == ("Finances (budgets, comptes, mandats)", 22_000)
    assert sum(longueur for _, longueur in fonds) == 80_200


def test_articles_are_those_of_the_marche_in_force(app):
    fabrique.marche_du_bpu()
    assert article_en_vente(" bte-con-10 ", JOUR).reference == "BTE-CON-10"
    assert article_en_vente("BTE-CON-10", JOUR.replace(year=2035)) is None
    assert 6_000 in travees_du_marche(JOUR) and travees_du_marche(JOUR.replace(year=2035)) == []
