"""The recensement on real rows: nobody counted twice, the same statements whatever the number of bodies."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.adherents.states import EtatIntention, Role
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux
from groupement.etats_des_lieux.queries import recensement as queries
from groupement.etats_des_lieux.rules.recensement import Hypotheses
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import aujourdhui
from tests.fabriques import catalogue, intentions
from tests.fabriques.adherents import collectivite, utilisateur


@pytest.fixture
def boite(session):
    """A box of a marché in force."""
    marche = catalogue.marche(du=date(2026, 1, 1), au=date(2029, 12, 31))
    return catalogue.article(catalogue.lot(marche), famille="boite", unites_par_colis=25)


def audit(de, boite, unites, etat=EtatEtatDesLieux.VALIDE, visite_le=date(2026, 5, 1)):
    """A finished audit of a body that needs so many boxes."""
    archiviste = utilisateur()
    visite = EtatDesLieux(
        collectivite_id=de.id, archiviste_id=archiviste.id, etat=etat, visite_le=visite_le, population=900
    )
    visite.besoins.append(Besoin(article=boite, unites=unites, unites_necessaires=unites, raison="Mesuré."))
    return intentions._ajouter(visite)


def recenser(enquete, boite):
    """With the usual assumptions."""
    base = queries.base(boite.lot.marche, date(2026, 11, 22))
    return queries.recensement(enquete.id, base, {"boite": boite.id}, Hypotheses())


def test_a_measured_body_counts_once_by_its_measure(session, boite):
    enquete, mesuree, estime = intentions.enquete(), collectivite(), collectivite()
    audit(mesuree, boite, 30, visite_le=date(2024, 1, 1))
    audit(mesuree, boite, 50)  # the latest audit of a body, not both
    audit(collectivite(), boite, 7, EtatEtatDesLieux.RELEVE)  # not finished
    intentions.intention(enquete, mesuree, boites=900)
    intentions.intention(enquete, estime, boites=40)
    intentions.intention(enquete, collectivite(), boites=500, veut_groupement=False)
    intentions.intention(enquete, collectivite(), boites=500, complete=False)
    intentions.intention(enquete, collectivite(), boites=500, etat=EtatIntention.ECARTEE, motif="Essai.")
    intentions.intention(enquete, boites=500)  # nobody knows whose
    r = recenser(enquete, boite)
    [(_, [ligne], _)] = r.lots
    assert (ligne.unites_mesurees, ligne.unites_estimees) == (50, 40)
    s = r.sources
    assert (s.visitees, s.declarees, s.les_deux, s.a_rattacher) == (1, 1, 1, 1)


def test_metres_alone_become_boxes_and_never_beside_a_count(session, boite):
    enquete = intentions.enquete()
    intentions.intention(enquete, collectivite(), boites=None, archives_mm=50_000)
    intentions.intention(enquete, collectivite(), boites=20, archives_mm=80_000)
    [(_, [ligne], _)] = recenser(enquete, boite).lots
    assert ligne.unites_estimees == 20 + 200


def test_it_costs_the_same_for_2_and_for_60_bodies(session, boite, sql):
    comptes = []
    for combien in (2, 60):
        enquete = intentions.enquete()
        for rang in range(combien):
            corps = collectivite()
            intentions.intention(enquete, corps, boites=rang)
            audit(corps, boite, rang + 1) if rang % 2 else None
        session.flush()
        with sql() as envoyees:
            recenser(enquete, boite)
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 6


def test_the_page_the_file_and_what_cannot_be_assumed(client_de, session):
    jour = aujourdhui()
    marche = catalogue.marche(du=date(jour.year - 1, 1, 1), au=date(jour.year + 2, 12, 31))
    boite = catalogue.article(catalogue.lot(marche), famille="boite", unites_par_colis=25)
    enquete = intentions.enquete()
    intentions.intention(enquete, collectivite(), boites=40)
    client = client_de(utilisateur("Julie Bernard", roles=[Role.ARCHIVISTE]))
    adresse = f"/enquetes/{enquete.id}/recensement"
    assert boite.reference in client.get(adresse).text
    refus = client.get(f"{adresse}?annees=40")
    assert refus.status_code == 422 and "8 au plus" in refus.text
    assert client.get(f"{adresse}/dqe.xlsx?annees=x").status_code == 409
    fichier = client.get(f"{adresse}/dqe.xlsx").data
    feuille = openpyxl.load_workbook(io.BytesIO(fichier)).active
    titres, ligne = list(feuille.iter_rows(values_only=True))
    assert titres[:3] == ("Lot", "Référence", "Désignation") and titres[7:12][-1] == "Total"
    valeurs = dict(zip(titres, ligne, strict=True))
    assert sum(valeurs[f"Année {n}"] for n in range(1, 5)) == valeurs["Total"] == 50
    assert session.scalars(select(Collectivite)).all()
