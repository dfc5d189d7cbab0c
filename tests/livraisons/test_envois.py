"""Shipments a supplier announces, by its link or its account: what is written, who is told, what is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from groupement.commandes.queries.liens import jeton_du_bon
from groupement.livraisons.actions.envois import annoncer_un_envoi
from groupement.livraisons.models import EnvoiAnnonce, LigneEnvoi, LigneLivraison, Livraison
from groupement.livraisons.rules.envois import Envoi, est_entiere, fautes_de_la_partie, phrase_de_l_envoi
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement
from tests.fabriques.echanges import auteur
from tests.fabriques.livraisons import LE, campagne_regroupee, livraisons_de
from tests.outils import pages

JOUR = date(2026, 12, 21)


@pytest.mark.parametrize(
    ("envoi", "combien", "annoncees", "phrase"),
    [
        (Envoi(JOUR), 1, None, "1\u00a0livraison, pour le 21 décembre 2026"),
        (
            Envoi(JOUR, "Transports Dubois", 34, "BL-7"),
            12,
            None,
            "12\u00a0livraisons, pour le 21 décembre 2026, par Transports Dubois, 34\u00a0colis, bordereau BL-7",
        ),
        (Envoi(JOUR), 1, 40, "une partie d’une livraison (40\u00a0unités), pour le 21 décembre 2026"),
    ],
)
def test_a_shipment_is_told_in_a_line(envoi, combien, annoncees, phrase):
    assert phrase_de_l_envoi(envoi, combien, annoncees) == phrase


@pytest.mark.parametrize(
    ("partie", "champs"),
    [
        ({1: 10, 2: 0}, set()),
        ({1: 30, 2: 100}, set()),
        ({1: 31, 2: 0}, {1}),
        ({1: -1, 2: 101}, {1, 2}),
        ({1: 0, 2: 0}, {0}),
        ({}, {0}),
        ({9: 1}, {9}),  # an article of another place
    ],
)
def test_a_part_is_within_what_is_expected(partie, champs):
    assert set(fautes_de_la_partie({1: 30, 2: 100}, partie)) == champs


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 500), min_size=1), st.data())
def test_a_part_that_is_right_leaves_what_is_not_announced(attendues, data):
    partie = {ligne: data.draw(st.integers(0, unites)) for ligne, unites in attendues.items()}
    assert (not fautes_de_la_partie(attendues, partie)) == (sum(partie.values()) > 0)
    assert est_entiere(attendues, partie) == (sum(partie.values()) == sum(attendues.values()))


@pytest.fixture
def bon(bon_pour_deux):
    """A bon for two members and the depot."""
    return bon_pour_deux


def courriels_a(adresse):
    """What somebody received."""
    return db.session.scalars(select(Courriel.corps).where(Courriel.destinataire == adresse)).all()


def test_a_shipment_says_where_how_many_and_tells_everybody(bon):
    ids = [livraison.id for livraison in livraisons_de([bon])]
    envoi = Envoi(JOUR, "Transports Dubois", 3, "BL-7")
    assert annoncer_un_envoi(bon, ids, envoi, par=auteur(bon), le=LE) == 2
    ecrit = db.session.scalars(select(EnvoiAnnonce)).one()
    assert (ecrit.pour, ecrit.transporteur, ecrit.colis, ecrit.bordereau) == (JOUR, "Transports Dubois", 3, "BL-7")
    assert "lien signé, Paul Martin" in ecrit.annonce_par
    lignes = db.session.execute(select(LigneEnvoi.livraison_id, LigneEnvoi.unites).order_by(LigneEnvoi.id)).all()
    assert sorted(lignes) == sorted((numero, unites) for numero in ids for unites in (30, 100))
    (lettre,) = courriels_a(f"mairie{ids[0]}@example.org")
    assert "lundi 21 décembre 2026" in lettre and "Transports Dubois, 3\u00a0colis, bordereau BL-7" in lettre
    (lettre,) = courriels_a("gaelle@cdg62.example")
    assert "annonce un envoi" in lettre and "2\u00a0livraisons, pour le 21 décembre 2026" in lettre
    fait = db.session.scalars(select(Evenement).where(Evenement.verbe == "annoncer un envoi")).one()
    assert fait.objet_id == bon.id and "Paul Martin" in fait.par


def test_a_part_of_a_place_is_announced_to_the_piece(bon):
    livraison = livraisons_de([bon])[0]
    premiere = bon.lignes[0].id
    annoncer_un_envoi(bon, [livraison.id], Envoi(JOUR), partie={premiere: 12}, par=auteur(bon), le=LE)
    ligne = db.session.scalars(select(LigneEnvoi)).one()
    assert (ligne.livraison_id, ligne.ligne_bon_id, ligne.unites) == (livraison.id, premiere, 12)
    (lettre,) = courriels_a(f"mairie{livraison.id}@example.org")
    assert "12\u00a0unités sur 130, le reste viendra ensuite" in lettre


def test_a_past_day_and_a_delivery_that_came_are_refused(bon):
    livraison = livraisons_de([bon])[0]
    with pytest.raises(RegleRefusee, match="un jour à venir"):
        annoncer_un_envoi(bon, None, Envoi(JOUR - timedelta(days=30)), par=auteur(bon), le=LE)
    (autre,) = campagne_regroupee(1)
    with pytest.raises(RegleRefusee, match="au moins une livraison"):
        annoncer_un_envoi(autre, [livraison.id], Envoi(JOUR), par=auteur(autre), le=LE)
    assert not db.session.scalar(select(func.count()).select_from(EnvoiAnnonce))


def test_the_statements_do_not_depend_on_the_places(app, sql):
    comptes = []
    for combien in (10, 1300):
        (bon,) = campagne_regroupee(combien)
        db.session.commit()
        with sql() as envoyees:
            annoncer_un_envoi(bon, None, Envoi(JOUR), par=auteur(bon), le=LE)
        comptes.append(len(envoyees))
        db.session.commit()
    assert comptes[0] == comptes[1]
    annoncees = db.session.scalar(select(func.sum(LigneEnvoi.unites)))
    assert annoncees == db.session.scalar(select(func.sum(LigneLivraison.unites_attendues)))


def test_a_link_announces_the_places_ticked_and_a_part(bon, client, deux_jours_apres):
    lien = f"/bon-recu/{jeton_du_bon(bon)}"
    une, autre = livraisons_de([bon])
    assert client.get(f"{lien}/livraisons").status_code == 303  # the bon is to be opened first
    client.post(f"{lien}/ouverture")
    page = client.get(f"{lien}/livraisons")
    assert une.collectivite.nom in page.text and not pages.fautes(page.text)
    envoi = {"revision": 0, "nom": "Paul Martin", "jour": "2026-12-21", "colis": "3", "transporteur": "Dubois"}
    assert client.post(f"{lien}/livraisons", data={**envoi, "livraison": une.id, "nom": ""}).status_code == 422
    assert client.post(f"{lien}/livraisons", data={**envoi, "livraison": une.id, "colis": "0"}).status_code == 422
    assert client.post(f"{lien}/livraisons", data=envoi).status_code == 409  # nothing ticked
    assert client.post(f"{lien}/livraisons", data={**envoi, "livraison": une.id, "revision": 2}).status_code == 409
    assert client.post(f"{lien}/livraisons", data={**envoi, "livraison": une.id}).status_code == 303
    lieu = f"{lien}/livraisons/{autre.id}"
    page = client.get(lieu)
    assert page.status_code == 200 and "sur 30" in page.text and not pages.fautes(page.text)
    lignes = {f"lignes-{n}-cle": ligne.id for n, ligne in enumerate(bon.lignes)}
    trop = client.post(lieu, data={**envoi, **lignes, "lignes-0-unites": "31", "lignes-1-unites": "0"})
    assert trop.status_code == 422 and "entre 0 et 30" in trop.text and 'value="31"' in trop.text
    rien = client.post(lieu, data={**envoi, **lignes, "lignes-0-unites": "0", "lignes-1-unites": "0"})
    assert rien.status_code == 422 and "au moins une unité" in rien.text
    assert (
        client.post(lieu, data={**envoi, **lignes, "lignes-0-unites": "5", "lignes-1-unites": "0"}).status_code == 303
    )
    assert set(db.session.scalars(select(Livraison.annoncee_pour))) == {JOUR, None}
    assert db.session.scalars(select(LigneEnvoi.unites).where(LigneEnvoi.livraison_id == autre.id)).all() == [5]
    assert "Envoi annoncé" in client.get(lien).text
    assert client.get(f"{lieu}.pdf").mimetype == "application/pdf"


def test_a_link_reaches_no_place_of_another_bon(bon, client, deux_jours_apres):
    (autre,) = campagne_regroupee(1)
    db.session.commit()
    lien, etrangere = f"/bon-recu/{jeton_du_bon(bon)}", livraisons_de([autre])[0]
    client.post(f"{lien}/ouverture")
    for suite in ("", ".pdf"):
        assert client.get(f"{lien}/livraisons/{etrangere.id}{suite}").status_code == 404
    envoi = {"revision": 0, "nom": "Paul Martin", "jour": "2026-12-21", "livraison": etrangere.id}
    assert client.post(f"{lien}/livraisons/{etrangere.id}", data=envoi).status_code == 404
    assert client.post(f"{lien}/livraisons", data=envoi).status_code == 409
    assert etrangere.annoncee_pour is None
