"""A second announcement for a place: another part, or another day. Nothing is lost, and what changed is told."""

import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.queries.liens import jeton_du_bon
from groupement.livraisons.actions.envois import annoncer_un_envoi
from groupement.livraisons.actions.suites import attendre_le_reste
from groupement.livraisons.documents import bon_de_livraison
from groupement.livraisons.models import EnvoiAnnonce, LigneEnvoi, Livraison
from groupement.livraisons.queries.envois import annonces_de, attendues_et_annoncees
from groupement.livraisons.queries.livraisons import articles_de
from groupement.livraisons.rules.envois import Annonce, Envoi, annoncables, jours_dits, suite_de
from groupement.livraisons.states import EtatLivraison
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement
from tests.fabriques import adherents
from tests.fabriques.echanges import auteur
from tests.fabriques.livraisons import LE, livraisons_de
from tests.outils import pages

NOEL, ROIS, MARS = date(2026, 12, 21), date(2027, 1, 4), date(2027, 3, 1)


@pytest.mark.parametrize(
    ("attendues", "remplace", "voulu"),
    [
        ({1: (30, 0), 2: (100, 0)}, False, {1: 30, 2: 100}),
        ({1: (30, 12), 2: (100, 0)}, False, {1: 18, 2: 100}),
        ({1: (30, 12), 2: (100, 0)}, True, {1: 30, 2: 100}),
        ({1: (30, 30), 2: (100, 100)}, False, {1: 30, 2: 100}),  # it can only be another day
        ({1: (30, 34), 2: (100, 0)}, False, {1: 0, 2: 100}),  # less is expected since
    ],
)
def test_a_shipment_announces_what_no_other_brings(attendues, remplace, voulu):
    assert annoncables(attendues, remplace=remplace) == voulu


@given(
    st.dictionaries(
        st.integers(1, 9), st.integers(1, 99).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1
    ),
    st.booleans(),
)
def test_shipments_that_add_up_never_bring_more_than_is_expected(attendues, remplace):
    a_dire = annoncables(attendues, remplace=remplace)
    gardees = {} if remplace or all(dites == voulues for voulues, dites in attendues.values()) else dict(attendues)
    assert sum(a_dire.values()) > 0
    assert all(a_dire[cle] + gardees.get(cle, (0, 0))[1] == voulues for cle, (voulues, _) in attendues.items())


def test_what_a_new_shipment_changes_is_read_from_all_of_them():
    vieille = Annonce(Envoi(NOEL), 130, LE, "Paul", remplacee_pour=ROIS, numero=1)
    venue, autre = (Annonce(Envoi(NOEL), 9, LE, "Paul", passee=passee, numero=2 + passee) for passee in (True, False))
    nouvelle = Annonce(Envoi(ROIS), 40, LE, "Paul", avant=(NOEL,), numero=4)
    suite = suite_de([vieille, venue, autre, nouvelle], 4)
    assert (suite.unites, suite.avant, suite.autres, suite.annoncees) == (40, (NOEL,), (autre,), 49)
    assert jours_dits([ROIS, NOEL, ROIS]) == "21 décembre 2026 et 4 janvier 2027"


@pytest.fixture
def bon(bon_pour_deux):
    """A bon for two members and the depot."""
    return bon_pour_deux


def derniere_lettre(adresse):
    """The last mail somebody received."""
    return db.session.scalars(
        select(Courriel.corps).where(Courriel.destinataire == adresse).order_by(Courriel.id.desc())
    ).first()


def annoncer(bon, ids, jour, *, le=LE, bordereau="", **options):
    """Announce, as the link would."""
    annoncer_un_envoi(bon, ids, Envoi(jour, bordereau=bordereau), par=auteur(bon), le=le, **options)
    db.session.commit()


def test_a_delivery_in_two_parts_keeps_both_days(bon):
    livraison = livraisons_de([bon])[0]
    boites = bon.lignes[0].id
    annoncer(bon, [livraison.id], ROIS, partie={boites: 12}, bordereau="BL-2")
    annoncer(bon, [livraison.id], NOEL, bordereau="BL-1")
    premiere, seconde = annonces_de(livraison.id)
    assert [(a.envoi.pour, a.unites, a.tient, a.avant) for a in (premiere, seconde)] == [
        (NOEL, 118, True, ()),
        (ROIS, 12, True, ()),
    ]
    assert [unites for _, unites in premiere.articles] == [18, 100] and "Paul Martin" in seconde.par
    assert (livraison.annoncee_pour, livraison.bordereau) == (
        NOEL,
        "BL-1",
    )  # the first that comes, whichever was said last
    lettre = derniere_lettre(f"mairie{livraison.id}@example.org")
    assert "pour le lundi 21 décembre 2026\u00a0: 118\u00a0unités sur 130, bon" in lettre
    assert "déjà annoncé tient toujours\u00a0: 12\u00a0unités le lundi 4 janvier 2027" in lettre
    assert "ne tient plus" not in lettre


def test_a_changed_day_says_what_it_was_before_and_everybody_is_told(bon):
    livraison, autre = livraisons_de([bon])
    annoncer(bon, [livraison.id], NOEL)
    annoncer(bon, None, ROIS, le=LE + timedelta(hours=2))
    vieille = next(a for a in annonces_de(livraison.id) if not a.tient)
    (nouvelle,) = [a for a in annonces_de(livraison.id) if a.tient]
    assert (nouvelle.envoi.pour, nouvelle.unites, nouvelle.avant) == (ROIS, 130, (NOEL,))
    assert (vieille.envoi.pour, vieille.unites, vieille.remplacee_pour) == (NOEL, 130, ROIS)
    assert [(a.unites, a.avant) for a in annonces_de(autre.id)] == [(130, ())]
    assert livraison.annoncee_pour == ROIS
    lettre = derniere_lettre(f"mairie{livraison.id}@example.org")
    assert "lundi 4 janvier 2027" in lettre
    assert "annoncée pour le lundi 21 décembre 2026, ce qui ne tient plus" in lettre
    assert "ne tient plus" not in derniere_lettre(f"mairie{autre.id}@example.org")
    assert "1\u00a0livraison change de jour" in derniere_lettre("gaelle@cdg62.example")
    fait = select(Evenement.resume).where(Evenement.objet == "livraison", Evenement.objet_id == livraison.id)
    assert db.session.scalars(fait.order_by(Evenement.id.desc())).first() == (
        "Annoncée pour le 4 janvier 2027, au lieu du 21 décembre 2026"
    )


def test_a_part_may_replace_what_was_announced_and_leave_the_rest_without_a_day(bon):
    livraison, boites = livraisons_de([bon])[0], bon.lignes[0].id
    annoncer(bon, [livraison.id], NOEL, partie={boites: 20})
    with pytest.raises(RegleRefusee, match="entre 0 et 10"):
        annoncer_un_envoi(bon, [livraison.id], Envoi(ROIS), partie={boites: 11}, par=auteur(bon), le=LE)
    db.session.rollback()
    annoncer(bon, [livraison.id], ROIS, partie={boites: 11}, remplace=True)
    assert attendues_et_annoncees(livraison.id) == {boites: (30, 11), bon.lignes[1].id: (100, 0)}
    lettre = derniere_lettre(f"mairie{livraison.id}@example.org")
    assert "11\u00a0unités sur 130, le reste viendra ensuite" in lettre and "ne tient plus" in lettre


def test_the_slip_of_a_shipment_replaced_goes_with_it(bon):
    livraison, autre = livraisons_de([bon])
    annoncer(bon, None, NOEL, bordereau="BL-1")
    annoncer(bon, [livraison.id], ROIS)
    assert (livraison.bordereau, autre.bordereau) == ("", "BL-1")
    assert [a.envoi.bordereau for a in annonces_de(livraison.id)] == ["", "BL-1"]  # still to be read with its shipment
    autre.etat, autre.livree_le, autre.receptionnee_par = EtatLivraison.AJOURNEE, NOEL, "Claire Delattre"
    db.session.commit()
    annoncer(bon, [autre.id], ROIS)
    assert autre.bordereau == "BL-1"  # what came with it was signed under that number


def test_what_was_announced_for_later_follows_what_is_left_to_come(bon):
    livraison, boites = livraisons_de([bon])[0], bon.lignes[0].id
    annoncer(bon, [livraison.id], NOEL, partie={boites: 30})
    annoncer(bon, [livraison.id], ROIS)
    livraison.etat, livraison.livree_le, livraison.receptionnee_par = EtatLivraison.LIVREE, NOEL, "Claire Delattre"
    livraison.lignes[0].unites_livrees = livraison.lignes[0].unites_admises = 30
    db.session.flush()
    attendre_le_reste([livraison.id], None)
    db.session.commit()
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == livraison.id)).one()
    assert suite.annoncee_pour == ROIS
    assert [(a.envoi.pour, a.unites, a.tient) for a in annonces_de(suite.id)] == [(ROIS, 100, True)]
    assert [(a.envoi.pour, a.unites, a.passee) for a in annonces_de(livraison.id)] == [(NOEL, 30, True)]


def test_what_came_before_its_day_is_not_announced_again(bon):
    livraison = livraisons_de([bon])[0]
    annoncer(bon, [livraison.id], NOEL)
    livraison.etat, livraison.receptionnee_par = EtatLivraison.LIVREE, "Claire Delattre"
    livraison.livree_le = NOEL - timedelta(days=3)
    db.session.flush()
    attendre_le_reste([livraison.id], None)
    db.session.commit()
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == livraison.id)).one()
    assert suite.annoncee_pour is None and not annonces_de(suite.id)


def test_an_adjourned_delivery_is_announced_anew_beside_the_shipment_that_came(bon):
    livraison = livraisons_de([bon])[0]
    annoncer(bon, [livraison.id], NOEL)
    livraison.etat, livraison.livree_le, livraison.receptionnee_par = EtatLivraison.AJOURNEE, NOEL, "Claire Delattre"
    db.session.commit()
    annoncer(bon, [livraison.id], ROIS)
    assert [(a.envoi.pour, a.unites, a.passee, a.avant) for a in annonces_de(livraison.id)] == [
        (NOEL, 130, True, ()),
        (ROIS, 130, False, ()),
    ]
    assert livraison.annoncee_pour == ROIS
    assert "tient toujours" not in derniere_lettre(f"mairie{livraison.id}@example.org")


def test_the_slip_names_every_day(bon, app):
    livraison = livraisons_de([bon])[0]
    annoncer(bon, [livraison.id], NOEL, partie={bon.lignes[0].id: 30})
    annoncer(bon, [livraison.id], ROIS)
    octets = bon_de_livraison(livraison, articles_de(livraison.id), annonces_de(livraison.id), app.config)
    lu = " ".join(PdfReader(io.BytesIO(octets)).pages[0].extract_text().replace("\u00a0", " ").split())
    assert "21/12/2026 (30 unités), puis le 04/01/2027 (100 unités)" in lu


def test_the_pages_show_every_shipment(bon, client, client_de, deux_jours_apres):
    livraison, autre = livraisons_de([bon])
    lien, boites = f"/bon-recu/{jeton_du_bon(bon)}", bon.lignes[0].id
    client.post(f"{lien}/ouverture")
    assert 'name="remplace"' not in client.get(f"{lien}/livraisons").text  # nothing to replace yet
    annoncer(bon, [livraison.id], NOEL, partie={boites: 12})
    lieu = f"{lien}/livraisons/{livraison.id}"
    page = client.get(lieu)
    assert "12\u00a0unités déjà annoncées" in page.text and 'value="18"' in page.text and not pages.fautes(page.text)
    envoi = {"revision": 0, "nom": "Paul Martin", "jour": ROIS.isoformat()}
    lignes = {f"lignes-{n}-cle": ligne.id for n, ligne in enumerate(bon.lignes)}
    trop = client.post(lieu, data={**envoi, **lignes, "lignes-0-unites": "19", "lignes-1-unites": "0"})
    assert trop.status_code == 422 and "entre 0 et 18, ce qui reste à annoncer" in trop.text
    reste = client.post(lieu, data={**envoi, **lignes, "lignes-0-unites": "18", "lignes-1-unites": "100"})
    assert reste.status_code == 303
    page = client.get(lieu)
    assert "checked" in page.text and 'value="30"' in page.text  # nothing is left: it can only be another day
    change = {**envoi, "jour": MARS.isoformat(), "livraison": livraison.id, "remplace": "y"}
    assert client.post(f"{lien}/livraisons", data=change).status_code == 303
    liste = client.get(f"{lien}/livraisons").text
    assert "01/03/2027" in liste and "avant\u00a0: 21/12/2026, 04/01/2027" in liste
    lieu = client.get(lieu).text
    assert lieu.count("Ne tient plus") == 2 and "Avant, c’était le 21/12/2026 et le 04/01/2027" in lieu
    acheteur = client_de(adherents.utilisateur("Odile", email="odile@cdg62.example", roles=[Role.ACHETEUR]))
    page = acheteur.get(f"/livraisons/{livraison.id}").text
    assert page.count("Ne tient plus") == 2 and "Paul Martin" in page and "30 × " in page
    assert "annoncée pour le 01/03/2027, avant\u00a0: 21/12/2026, 04/01/2027" in acheteur.get("/livraisons/").text
    assert acheteur.get(f"/livraisons/{autre.id}").text.count("Ne tient plus") == 0


def test_nothing_announced_is_ever_erased(bon):
    livraison = livraisons_de([bon])[0]
    for jour in (NOEL, ROIS, MARS, NOEL):
        annoncer(bon, [livraison.id], jour)
    assert len(db.session.scalars(select(EnvoiAnnonce)).all()) == 4
    tenues = db.session.scalars(select(LigneEnvoi).where(LigneEnvoi.remplacee_par_id.is_(None))).all()
    assert {ligne.unites for ligne in tenues} == {30, 100} and len(tenues) == 2
    assert len(annonces_de(livraison.id)) == 4
