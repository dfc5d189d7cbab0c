"""Card payments, through the real Stripe client against a Stripe on the loopback, and through the till of the demo."""

import time
from decimal import Decimal

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.refacturation.actions import paiements as actions
from groupement.refacturation.actions.encaissements import enregistrer_virement
from groupement.refacturation.gateway import (
    ECHOUE_PLUS_TARD,
    EXPIRE,
    REUSSI_PLUS_TARD,
    TERMINE,
    CaisseIndisponible,
    DemandeDePaiement,
    FausseCaisse,
)
from groupement.refacturation.models import Encaissement, EvenementPaiement, Facture, PaiementEnLigne
from groupement.refacturation.queries.factures import facture_verrouillee
from groupement.refacturation.routes.caisse import passerelle
from groupement.refacturation.states import EtatFacture, EtatPaiementEnLigne, MoyenEncaissement
from groupement.refacturation.stripe_gateway import CaisseStripe
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import refacturation as fabrique
from tests.refacturation import faux_stripe
from tests.refacturation.faux_stripe import CLE, SECRET, FauxStripe

D = Decimal


@pytest.fixture
def stripe(app, monkeypatch):
    """A Stripe on the loopback, and the application set to use it."""
    faux = FauxStripe()
    for nom, valeur in (
        ("STRIPE_SECRET_KEY", CLE), ("STRIPE_WEBHOOK_SECRET", SECRET), ("STRIPE_API_BASE", faux.adresse),
    ):  # fmt: skip
        monkeypatch.setitem(app.config, nom, valeur)
    yield faux
    faux.fermer()


@pytest.fixture
def facture(app):
    """A facture to pay."""
    return fabrique.facture()


@pytest.fixture
def valideur(facture, client_de):
    """The browser of a valideur of the body billed."""
    return client_de(fabrique.personne_de(facture, Role.VALIDEUR))


def payer(client, facture):
    """Press « Payer par carte »; the answer."""
    return client.post(f"/factures/{facture.id}/paiement")


def envoyer(client, corps, *, quand=0, secret=SECRET):
    """Send an event signed `quand` seconds from now."""
    entetes = {"Stripe-Signature": faux_stripe.signature(corps, int(time.time()) + quand, secret)}
    return client.post("/paiements/evenements", data=corps, headers=entetes, csrf=False)


def suivre(client, reponse):
    """The page a redirection leads to."""
    return client.get(reponse.location)


def evenements():
    """What was written of the events."""
    return db.session.scalars(select(EvenementPaiement).order_by(EvenementPaiement.id)).all()


def test_paying_opens_a_session_for_what_is_owed_and_sends_the_browser_there(stripe, facture, valideur):
    reponse = payer(valideur, facture)
    assert (reponse.status_code, reponse.location) == (303, "https://checkout.stripe.com/c/pay/cs_test_0001")
    (demande,) = stripe.requetes
    assert demande["line_items"]["0"]["price_data"]["unit_amount"] == str(int(facture.total_ttc * 100))
    assert (demande["mode"], demande["locale"], demande["line_items"]["0"]["price_data"]["currency"]) == (
        *("payment", "fr", "eur"),
    )
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    assert demande["client_reference_id"] == demande["metadata"]["paiement_id"] == str(paiement.id)
    assert demande["success_url"].endswith(f"/paiements/{paiement.id}")
    assert (paiement.session_id, paiement.montant_ttc) == ("cs_test_0001", facture.total_ttc)


def test_the_signed_event_settles_the_facture_and_a_replay_does_nothing(stripe, facture, valideur, client):
    payer(valideur, facture)
    corps = faux_stripe.evenement(TERMINE, stripe.sessions["cs_test_0001"])
    assert envoyer(client, corps).status_code == 200
    rejoue = envoyer(client, corps)
    assert (rejoue.status_code, rejoue.json["suite"]) == (200, "Événement déjà reçu.")
    (recu,) = db.session.scalars(select(Encaissement))
    assert (recu.moyen, recu.montant_ttc, recu.reference) == (
        MoyenEncaissement.CARTE,
        facture.total_ttc,
        "cs_test_0001",
    )
    assert (facture.etat, facture.reste_du_ttc) == (EtatFacture.PAYEE, 0)
    assert len(evenements()) == 1
    assert "Paiement reçu" in valideur.get(f"/paiements/{recu.id}").text


@pytest.mark.parametrize(
    ("quand", "secret", "gater"),
    [(0, "whsec_autre", False), (-600, SECRET, False), (0, SECRET, True)],
    ids=["wrong secret", "ten minutes old", "changed on the way"],
)
def test_what_the_gateway_did_not_sign_is_refused(stripe, facture, valideur, client, quand, secret, gater):
    payer(valideur, facture)
    corps = faux_stripe.evenement(TERMINE, stripe.sessions["cs_test_0001"])
    entetes = {"Stripe-Signature": faux_stripe.signature(corps, int(time.time()) + quand, secret)}
    corps = corps.replace(b"evt_1", b"evt_2") if gater else corps
    reponse = client.post("/paiements/evenements", data=corps, headers=entetes, csrf=False)
    assert reponse.status_code == 400
    assert not evenements() and facture.etat is EtatFacture.EMISE


def test_an_event_without_signature_or_that_is_no_event_is_refused(stripe, client):
    assert client.post("/paiements/evenements", data=b"{}", csrf=False).status_code == 400
    assert envoyer(client, b"pas du json").status_code == 400
    assert envoyer(client, b'{"object": "event", "type": "checkout.session.completed"}').status_code == 400


def test_an_event_of_another_kind_is_acknowledged_and_left(stripe, client):
    reponse = envoyer(client, faux_stripe.evenement("payment_intent.created", {"id": "pi_1"}))
    assert (reponse.status_code, evenements()) == (200, [])


def test_an_unknown_session_is_recorded_for_the_comptable(stripe, client):
    corps = faux_stripe.evenement(
        TERMINE, faux_stripe.EXEMPLE | {"id": "cs_autre", "amount_total": 500, "currency": "eur"}
    )
    assert envoyer(client, corps).status_code == 200
    (note,) = evenements()
    assert note.a_verifier and note.paiement_id is None and "5,00" in note.suite


def test_an_expiry_that_comes_after_the_payment_changes_nothing(stripe, facture, valideur, client):
    payer(valideur, facture)
    session = stripe.sessions["cs_test_0001"]
    envoyer(client, faux_stripe.evenement(TERMINE, session))
    envoyer(client, faux_stripe.evenement(EXPIRE, session, numero="evt_2", paye=False))
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    assert paiement.etat is EtatPaiementEnLigne.PAYE and facture.etat is EtatFacture.PAYEE


def test_a_payment_that_comes_after_its_expiry_counts(stripe, facture, valideur, client):
    payer(valideur, facture)
    session = stripe.sessions["cs_test_0001"]
    envoyer(client, faux_stripe.evenement(EXPIRE, session, numero="evt_2", paye=False))
    assert "Paiement abandonné" in valideur.get("/paiements/1").text
    envoyer(client, faux_stripe.evenement(TERMINE, session))
    assert facture.etat is EtatFacture.PAYEE


def test_a_bank_debit_is_counted_when_the_bank_has_said_yes_and_once(stripe, facture, valideur, client):
    payer(valideur, facture)
    session = stripe.sessions["cs_test_0001"]
    envoyer(client, faux_stripe.evenement(TERMINE, session, paye=False))
    assert facture.etat is EtatFacture.EMISE
    assert "En attente de la confirmation" in valideur.get("/paiements/1").text
    envoyer(client, faux_stripe.evenement(REUSSI_PLUS_TARD, session, numero="evt_2"))
    envoyer(client, faux_stripe.evenement(TERMINE, session, numero="evt_3"))
    assert (facture.etat, facture.paye_ttc) == (EtatFacture.PAYEE, facture.total_ttc)
    assert evenements()[-1].suite == "Ce paiement était déjà compté."


def test_a_bank_that_says_no_leaves_the_facture_to_pay(stripe, facture, valideur, client):
    payer(valideur, facture)
    session = stripe.sessions["cs_test_0001"]
    envoyer(client, faux_stripe.evenement(TERMINE, session, paye=False))
    envoyer(client, faux_stripe.evenement(ECHOUE_PLUS_TARD, session, numero="evt_2", paye=False))
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    assert paiement.etat is EtatPaiementEnLigne.EXPIRE and facture.reste_du_ttc == facture.total_ttc
    assert evenements()[-1].suite == "Paiement refusé par la banque."


def test_two_tabs_pay_the_same_facture_and_the_second_payment_is_not_lost(stripe, facture, valideur, client, client_de):
    for rang in (1, 2):
        assert payer(valideur, facture).location.endswith(f"cs_test_000{rang}")
    for rang in (1, 2):
        session = stripe.sessions[f"cs_test_000{rang}"]
        assert envoyer(client, faux_stripe.evenement(TERMINE, session, numero=f"evt_{rang}")).status_code == 200
    assert (facture.paye_ttc, facture.etat) == (facture.total_ttc, EtatFacture.PAYEE)
    _, second = db.session.scalars(select(PaiementEnLigne).order_by(PaiementEnLigne.id)).all()
    assert second.trop_percu_ttc == facture.total_ttc
    assert evenements()[-1].a_verifier
    comptable = client_de(fabrique.comptable())
    assert "À rembourser" in comptable.get("/factures/").text
    assert facture.numero in comptable.get("/paiements/?trop_percu=1").text
    assert "Reçu en trop" in comptable.get(f"/factures/{facture.id}").text
    assert "en trop" in valideur.get(f"/paiements/{second.id}").text


def test_a_transfer_recorded_meanwhile_leaves_the_excess_to_give_back(stripe, facture, valideur, client):
    payer(valideur, facture)
    vue = facture_verrouillee(facture.id)
    enregistrer_virement(vue, D("10.00"), fabrique.FACTUREE_LE.date(), "VIR 1", par=AUTOMATE, le=fabrique.FACTUREE_LE)
    db.session.commit()
    envoyer(client, faux_stripe.evenement(TERMINE, stripe.sessions["cs_test_0001"]))
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    assert (paiement.trop_percu_ttc, facture.reste_du_ttc) == (D("10.00"), 0)


@pytest.mark.parametrize(("centimes", "etat"), [(1000, EtatFacture.PARTIELLEMENT_PAYEE), (999999, EtatFacture.PAYEE)])
def test_an_amount_nobody_expected_is_recorded_and_shown(stripe, facture, valideur, client, centimes, etat):
    payer(valideur, facture)
    session = stripe.sessions["cs_test_0001"] | {"amount_total": centimes}
    assert envoyer(client, faux_stripe.evenement(TERMINE, session)).status_code == 200
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    assert facture.etat is etat
    assert facture.paye_ttc + paiement.trop_percu_ttc == D(centimes) / 100
    assert evenements()[0].a_verifier and "étaient attendus" in evenements()[0].suite


def test_another_currency_is_recorded_and_counts_for_nothing(stripe, facture, valideur, client):
    payer(valideur, facture)
    session = stripe.sessions["cs_test_0001"] | {"currency": "usd"}
    assert envoyer(client, faux_stripe.evenement(TERMINE, session)).status_code == 200
    assert evenements()[0].a_verifier and facture.paye_ttc == 0


def test_our_own_failure_is_made_good_by_the_next_delivery(stripe, facture, valideur, client, monkeypatch):
    payer(valideur, facture)
    corps = faux_stripe.evenement(TERMINE, stripe.sessions["cs_test_0001"])
    monkeypatch.setattr(actions, "encaisser", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("coupure")))
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    assert envoyer(client, corps).status_code == 500
    assert not evenements() and facture.paye_ttc == 0
    monkeypatch.undo()
    for nom, valeur in (("STRIPE_SECRET_KEY", CLE), ("STRIPE_WEBHOOK_SECRET", SECRET)):
        monkeypatch.setitem(client.application.config, nom, valeur)
    assert envoyer(client, corps).status_code == 200
    assert facture.etat is EtatFacture.PAYEE


def test_the_same_event_delivered_twice_at_once_is_counted_once(stripe, facture, valideur, app, en_meme_temps):
    payer(valideur, facture)
    corps = faux_stripe.evenement(TERMINE, stripe.sessions["cs_test_0001"])

    def livrer():
        return envoyer(app.test_client(), corps).status_code

    assert en_meme_temps(livrer, livrer) == [200, 200]
    db.session.expire_all()
    assert len(evenements()) == 1
    assert facture.paye_ttc == facture.total_ttc


def test_a_gateway_that_does_not_answer_is_told_and_the_next_try_is_another_payment(stripe, facture, valideur):
    stripe.panne = 3
    reponse = suivre(valideur, payer(valideur, facture))
    assert "Le service de paiement ne répond pas" in reponse.text
    assert payer(valideur, facture).location.endswith("cs_test_0001")
    etats = db.session.scalars(select(PaiementEnLigne.etat).order_by(PaiementEnLigne.id)).all()
    assert etats == [EtatPaiementEnLigne.EXPIRE, EtatPaiementEnLigne.OUVERT]


def test_a_cut_line_is_taken_up_again_under_the_same_key(stripe, facture, valideur, app, monkeypatch):
    monkeypatch.setitem(app.config, "STRIPE_API_BASE", "http://127.0.0.1:9")
    assert "ne répond pas" in suivre(valideur, payer(valideur, facture)).text
    monkeypatch.setitem(app.config, "STRIPE_API_BASE", stripe.adresse)
    assert payer(valideur, facture).status_code == 303
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    assert paiement.session_id == "cs_test_0001"


def test_an_event_whose_session_was_never_noted_finds_its_payment_by_our_number(stripe, facture, valideur, client):
    payer(valideur, facture)
    (paiement,) = db.session.scalars(select(PaiementEnLigne))
    paiement.session_id = None
    assert envoyer(client, faux_stripe.evenement(TERMINE, stripe.sessions["cs_test_0001"])).status_code == 200
    assert facture.etat is EtatFacture.PAYEE


def test_one_key_opens_one_session_and_cannot_serve_for_another_amount(stripe, facture):
    caisse = CaisseStripe(CLE, SECRET, stripe.adresse)
    demande = _demande(facture)
    assert caisse.ouvrir(demande) == caisse.ouvrir(demande)
    with pytest.raises(CaisseIndisponible, match="IdempotencyError"):
        caisse.ouvrir(_demande(facture, montant_ttc=D("3.00")))
    assert len(stripe.sessions) == 1


def test_a_parameter_stripe_does_not_know_is_refused_by_the_server_of_these_tests(stripe):
    assert stripe._creer({"client_reference": "1"})[0] == 400


def _demande(facture, **changes):
    """A request to open a payment."""
    valeurs = {
        "cle": "groupement-1-1", "paiement_id": 1, "facture_numero": facture.numero, "montant_ttc": facture.total_ttc,
        "courriel": "", "succes": "https://exemple.test/s", "abandon": "https://exemple.test/a",
    }  # fmt: skip
    return DemandeDePaiement(**(valeurs | changes))


def test_in_production_without_key_there_is_no_card_button_and_no_door(app, facture, valideur, monkeypatch, client):
    monkeypatch.setitem(app.config, "DEMO", False)
    assert passerelle() is None
    assert "par carte" not in valideur.get(f"/factures/{facture.id}").text
    assert payer(valideur, facture).status_code == 404
    assert client.post("/paiements/evenements", data=b"{}", csrf=False).status_code == 404
    assert valideur.get("/paiement/demonstration/demo_1_x").status_code == 404


def test_with_a_real_key_the_till_of_the_demonstration_is_closed(stripe, valideur):
    assert valideur.get("/paiement/demonstration/demo_1_x").status_code == 404


def test_the_demonstration_pays_through_the_same_path(facture, valideur):
    page = payer(valideur, facture).location
    assert page.startswith("/paiement/demonstration/demo_")
    assert "aucune carte n’est demandée" in valideur.get(page).text
    reponse = suivre(valideur, valideur.post(page, data={"bouton": "payer"}))
    assert "entièrement réglée" in reponse.text
    valideur.post(page, data={"bouton": "payer"})
    assert (facture.etat, facture.paye_ttc, len(evenements())) == (EtatFacture.PAYEE, facture.total_ttc, 1)


def test_the_demonstration_can_be_left(facture, valideur):
    page = payer(valideur, facture).location
    reponse = suivre(valideur, valideur.post(page, data={"bouton": "abandonner"}))
    assert "Paiement abandonné" in reponse.text
    assert facture.etat is EtatFacture.EMISE
    assert valideur.post(page, data={"bouton": "autre"}).status_code == 400


def test_the_till_refuses_what_it_did_not_sign(facture, client):
    assert client.post("/paiements/evenements", data=b"{}", csrf=False).status_code == 400
    caisse = FausseCaisse("secret", "", fabrique.FACTUREE_LE)
    corps, entetes = caisse.evenement_signe(TERMINE, "demo_1", 1, D("1.00"))
    assert client.post("/paiements/evenements", data=corps, headers=entetes, csrf=False).status_code == 400


def test_a_settled_facture_is_not_paid_again(facture, valideur):
    page = payer(valideur, facture).location
    valideur.post(page, data={"bouton": "payer"})
    reponse = payer(valideur, facture)
    assert reponse.status_code == 409 and "n’attend plus de paiement" in reponse.text


def test_nobody_pays_nor_sees_the_payment_of_another_body(facture, valideur, client_de):
    payer(valideur, facture)
    autre = client_de(fabrique.personne_de(fabrique.facture(), Role.AGENT))
    (paiement,) = db.session.scalars(select(PaiementEnLigne).where(PaiementEnLigne.facture_id == facture.id))
    session = paiement.session_id
    assert payer(autre, facture).status_code == 404
    assert autre.get(f"/paiements/{paiement.id}").status_code == 404
    assert autre.get(f"/paiement/demonstration/{session}").status_code == 404
    assert autre.post(f"/paiement/demonstration/{session}", data={"bouton": "payer"}).status_code == 404
    assert db.session.get(Facture, facture.id).paye_ttc == 0
