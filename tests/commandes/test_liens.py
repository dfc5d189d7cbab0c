"""The pages behind the signed link of a bon, and those of the buyer who answers: who opens them, what they write."""

import re
from datetime import timedelta

import pytest

from groupement.adherents.states import Role
from groupement.commandes.actions import reponses
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.echanges import ecrits_de, proposition_en_attente
from groupement.commandes.queries.liens import jeton_du_bon
from groupement.commandes.routes import cote_fournisseur, echanges, portes
from groupement.commandes.states import EtatBonDeCommande, EtatProposition
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.fabriques import adherents
from tests.fabriques import echanges as fabrique
from tests.fabriques.commandes import APRES
from tests.fabriques.livraisons import CDG, campagne_regroupee
from tests.outils import pages

LE = APRES + timedelta(days=1)


@pytest.fixture(autouse=True)
def le_lendemain(monkeypatch):
    """The clock of these pages: the day after the bons."""
    for page in (cote_fournisseur, echanges, portes):
        monkeypatch.setattr(page, "maintenant", lambda: LE, raising=False)
        monkeypatch.setattr(page, "aujourdhui", lambda: jour_a_paris(LE), raising=False)


@pytest.fixture
def bon(app):
    """A bon of two members."""
    (emis,) = campagne_regroupee(2)
    db.session.commit()
    return emis


@pytest.fixture
def lien(bon):
    """Its link."""
    return f"/bon-recu/{jeton_du_bon(bon)}"


@pytest.fixture
def acheteur(app, client_de):
    """The buyer's client."""
    return client_de(adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR]))


def relu(bon):
    """The bon as it now is."""
    return db.session.get(BonDeCommande, bon.id, populate_existing=True)


def texte(reponse):
    """What a person reads, spaces alike."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reponse.text).replace("\u00a0", " ").replace("&#39;", "’"))


def demande(bon, **champs):
    """The form of another date."""
    proposee = bon.a_livrer_avant_le + timedelta(days=10)
    valeurs = {"revision": bon.revision, "nom": "Paul Martin", "date_proposee": proposee.isoformat()}
    return valeurs | {"cause_le": "2026-12-14", "motif": "Rupture de carton"} | champs


ADRESSES = ("", "/bon.pdf", "/lieux.csv", "/revisions/0.pdf", "/proposition", "/observation", "/livraisons")
ACTES = ("/ouverture", "/accuse", "/proposition", "/observation", "/livraisons", "/livraisons/1")


@pytest.mark.parametrize("suite", ADRESSES)
def test_a_link_nobody_signed_is_a_page_that_says_so(client, bon, lien, suite):
    for faux in ("x", lien.split("/")[-1] + "x", lien.split("/")[-1].rpartition(".")[0]):
        reponse = client.get(f"/bon-recu/{faux}{suite}")
        assert reponse.status_code == 404 and "Ce lien est incomplet" in reponse.text
        assert bon.numero not in reponse.text


@pytest.mark.parametrize("suite", ADRESSES)
def test_an_old_link_is_gone_and_says_what_to_do(client, bon, lien, suite):
    reponses.renouveler_le_lien(bon, par=CDG, le=LE)
    reponse = client.get(lien + suite)
    assert reponse.status_code == 410 and "plus récent" in reponse.text and "mailto:" in reponse.text
    assert bon.numero not in reponse.text and not pages.fautes(reponse.text)


@pytest.mark.parametrize("suite", ACTES)
def test_nothing_is_written_by_a_dead_link(client, bon, lien, suite, sql):
    reponses.couper_le_lien(bon, par=CDG, le=LE)
    db.session.commit()
    with sql() as envoyees:
        assert client.post(lien + suite, data=demande(bon)).status_code == 410
        assert client.post(f"/bon-recu/faux{suite}", data=demande(bon)).status_code == 404
    assert not [i for i in envoyees if i.startswith(("INSERT", "DELETE")) or "UPDATE bon" in i]


def test_a_link_opens_its_bon_and_never_another(client, bon, lien):
    (autre,) = campagne_regroupee(1)
    db.session.commit()
    client.post(f"{lien}/ouverture")
    livraison = autre.lignes[0].id  # any number of the other bon
    assert bon.numero in client.get(lien).text and autre.numero not in client.get(lien).text
    for suite in ("", ".pdf"):
        assert client.get(f"{lien}/livraisons/{livraison + 9000}{suite}").status_code == 404
    assert client.get(f"/fournisseur/bons/{autre.id}").status_code == 302  # the link signs nobody in


def test_reading_notes_nothing_until_somebody_opens(client, bon, lien, sql):
    with sql() as envoyees:
        page = client.get(lien)
    assert "Ouvrir le bon de commande" in page.text and all(i.startswith("SELECT") for i in envoyees)
    assert relu(bon).consulte_le is None
    for suite in ("/bon.pdf", "/lieux.csv", "/proposition", "/observation", "/livraisons"):
        assert client.get(lien + suite).status_code == 303  # a mail filter that follows links proves nothing
    assert client.post(f"{lien}/ouverture").status_code == 303
    assert relu(bon).consulte_le == LE
    with sql() as envoyees:
        page = client.get(lien)
    assert "Confirmer la réception" in page.text and len(envoyees) <= 12
    assert client.get(f"{lien}/bon.pdf").mimetype == "application/pdf"
    assert client.get(f"{lien}/lieux.xlsx").status_code == client.get(f"{lien}/lieux.csv").status_code == 200


@pytest.mark.parametrize("suite", ["", "/proposition", "/observation", "/livraisons"])
def test_the_pages_of_a_link_are_right_french_html_and_stay_out_of_engines(client, bon, lien, suite):
    client.post(f"{lien}/ouverture")
    fabrique.observation(bon, le=LE)
    db.session.commit()
    reponse = client.get(lien + suite)
    assert reponse.status_code == 200 and not pages.fautes(reponse.text)
    assert "noindex" in reponse.headers["X-Robots-Tag"] and reponse.headers["Cache-Control"] == "no-store"
    assert reponse.headers["Referrer-Policy"] == "same-origin"


def test_a_supplier_confirms_with_its_name_and_once(client, bon, lien):
    client.post(f"{lien}/ouverture")
    sans_nom = client.post(f"{lien}/accuse", data={"revision": "0"})
    assert sans_nom.status_code == 422 and "Indiquez votre nom" in sans_nom.text
    assert client.post(f"{lien}/accuse", data={"revision": "1", "nom": "Paul"}).status_code == 409
    assert client.post(f"{lien}/accuse", data={"revision": "0", "nom": "Paul Martin"}).status_code == 303
    assert relu(bon).etat is EtatBonDeCommande.ACCUSE
    fait = db.session.scalars(db.select(Evenement).where(Evenement.verbe == "accuser")).one()
    assert fait.par == f"{bon.fournisseur_fige['nom']} (lien signé, Paul Martin)" and fait.utilisateur_id is None
    deux_fois = client.post(f"{lien}/accuse", data={"revision": "0", "nom": "Paul Martin"})
    assert deux_fois.status_code == 409 and "déjà confirmé" in deux_fois.text
    assert 'value="Paul Martin"' in client.get(f"{lien}/observation").text  # its name is proposed again


def test_another_date_is_asked_then_waits(client, bon, lien):
    client.post(f"{lien}/ouverture")
    tot = client.post(f"{lien}/proposition", data=demande(bon, date_proposee=bon.a_livrer_avant_le.isoformat()))
    assert tot.status_code == 422 and "Le bon laisse déjà" in texte(tot) and "Rupture de carton" in tot.text
    assert client.post(f"{lien}/proposition", data=demande(bon, motif="")).status_code == 422
    assert client.post(f"{lien}/proposition", data=demande(bon)).status_code == 303
    assert "attend la réponse du Centre de gestion" in texte(client.get(lien))
    assert "Une demande attend déjà" in texte(client.get(f"{lien}/proposition"))
    encore = client.post(f"{lien}/proposition", data=demande(bon))
    assert encore.status_code == 422 and len(ecrits_de(bon.id)) == 1


def test_after_the_deadline_the_form_gives_way_to_the_sentence(client, bon, lien, monkeypatch):
    client.post(f"{lien}/ouverture")
    tard = LE + timedelta(days=90)
    for page in (cote_fournisseur, portes):
        monkeypatch.setattr(page, "maintenant", lambda: tard, raising=False)
        monkeypatch.setattr(page, "aujourdhui", lambda: jour_a_paris(tard), raising=False)
    for suite, phrase in (("/proposition", "ne se demande plus"), ("/observation", "délai d’observation est terminé")):
        assert phrase in texte(client.get(lien)) and phrase in texte(client.get(lien + suite))
    envoi = client.post(f"{lien}/observation", data={"revision": 0, "nom": "Paul", "texte": "Trop tard"})
    assert envoi.status_code == 409 and not ecrits_de(bon.id)
    refus = client.post(f"{lien}/proposition", data=demande(bon))
    assert refus.status_code == 422 and "ne se demande plus" in texte(refus)


def test_somebody_else_signed_in_reads_the_page_and_proves_nothing(acheteur, bon, lien):
    page = acheteur.get(lien)
    assert "sans pouvoir agir à sa place" in page.text and "Confirmer la réception" not in page.text
    refus = acheteur.post(f"{lien}/ouverture")
    assert refus.status_code == 409 and "seul le fournisseur" in refus.text
    assert relu(bon).consulte_le is None


def test_links_are_tried_so_many_times_only(app, client, lien):
    app.extensions["limiteur"].enabled = True
    try:
        statuts = {client.get(f"/bon-recu/essai-{n}").status_code for n in range(70)}
    finally:
        app.extensions["limiteur"].enabled = False
    assert statuts == {404, 429}


def test_the_buyer_sees_what_waits_and_answers(acheteur, client, bon, lien):
    client.post(f"{lien}/ouverture")
    client.post(f"{lien}/proposition", data=demande(bon))
    client.post(f"{lien}/observation", data={"revision": 0, "nom": "Paul Martin", "texte": "Une référence manque."})
    proposition = proposition_en_attente(bon.id)
    assert "1 autre date de livraison demandée" in texte(acheteur.get("/"))
    assert "1 observation de fournisseur" in texte(acheteur.get("/"))
    page = texte(acheteur.get(f"/bons/{bon.id}"))
    assert "Consulté le 15/12/2026" in page and page.count("attend votre réponse") == 2
    assert bon.numero in acheteur.get("/bons/?repondre=1").text
    assert "À répondre" in acheteur.get("/bons/?repondre=1&format=csv").text
    adresse = f"/bons/{bon.id}/propositions/{proposition.id}"
    assert "Rupture de carton" in acheteur.get(adresse).text
    assert acheteur.post(adresse, data={"revision": 0}).status_code == 422
    muet = acheteur.post(adresse, data={"revision": 0, "decision": "refuser"})
    assert muet.status_code == 422 and "pourquoi vous refusez" in muet.text
    vieille = acheteur.post(adresse, data={"revision": 3, "decision": "accepter"})
    assert vieille.status_code == 409 and "révisé entre-temps" in vieille.text
    assert acheteur.post(adresse, data={"revision": 0, "decision": "accepter"}).status_code == 303
    assert proposition_en_attente(bon.id) is None and relu(bon).revision == 1
    encore = acheteur.post(adresse, data={"revision": 1, "decision": "refuser", "reponse": "Non"})
    assert encore.status_code == 409 and "a déjà répondu" in encore.text
    observation = next(ecrit for ecrit in ecrits_de(bon.id) if ecrit.genre == "observation")
    adresse = f"/bons/{bon.id}/observations/{observation.id}"
    assert acheteur.post(adresse, data={"reponse": ""}).status_code == 422
    assert acheteur.post(adresse, data={"reponse": "Elle est au lot 2."}).status_code == 303
    assert "Elle est au lot 2." in acheteur.get(f"/bons/{bon.id}").text
    assert "Ouvrir la révision 1" in client.get(lien).text
    client.post(f"{lien}/ouverture")
    assert "Elle est au lot 2." in client.get(lien).text
    assert bon.numero not in acheteur.get("/bons/?repondre=1").text


def test_an_answer_is_asked_for_under_its_own_bon_only(acheteur, bon):
    (autre,) = campagne_regroupee(1)
    proposition, observation = fabrique.repondu(autre, le=LE)
    db.session.commit()
    for suite in (f"propositions/{proposition.id}", f"observations/{observation.id}"):
        assert acheteur.get(f"/bons/{bon.id}/{suite}").status_code == 404
        assert acheteur.post(f"/bons/{bon.id}/{suite}", data={"decision": "refuser", "reponse": "x"}).status_code == 404
    assert proposition.etat is EtatProposition.PROPOSEE


def test_the_buyer_renews_and_closes_the_link(acheteur, client, bon, lien):
    assert acheteur.post(f"/bons/{bon.id}/lien/fermeture").status_code == 303
    assert client.get(lien).status_code == 410 and "Fermé le" in acheteur.get(f"/bons/{bon.id}").text
    assert acheteur.post(f"/bons/{bon.id}/lien").status_code == 303
    assert client.get(lien).status_code == 410
    assert client.get(f"/bon-recu/{jeton_du_bon(relu(bon))}").status_code == 200


def test_pages_cost_the_same_for_two_and_for_two_hundred_places(client, sql):
    comptes = []
    for combien in (2, 200):
        (bon,) = campagne_regroupee(combien)
        db.session.commit()
        lien = f"/bon-recu/{jeton_du_bon(bon)}"
        client.post(f"{lien}/ouverture")
        with sql() as envoyees:
            assert client.get(lien).status_code == client.get(f"{lien}/livraisons").status_code == 200
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 18
