"""ProConnect against a provider of ours: the way in and out, and every forgery refused with nothing written."""

from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from groupement.adherents.models import Utilisateur
from groupement.adherents.rules.proconnect import a_deux_facteurs
from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role
from groupement.app import create_app
from groupement.socle.config import ReglageInvalide, lire
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.adherents.conftest import SECRETS
from tests.fabriques.adherents import cle_d_acces, collectivite, utilisateur
from tests.outils.application import CONFIGURATION, ClientDEssai
from tests.outils.fournisseur_d_identite import CLIENT, SECRET
from tests.outils.navigateur import Serveur, sans_faute_axe

RETOUR = "/connexion/proconnect/retour"


@pytest.fixture
def ouvrir(app, fournisseur):
    """The application on the same database, registered with the provider; `en_production` or not."""
    faites = []

    def faire(en_production=False, **change):
        reglages = {
            **CONFIGURATION,
            "PROCONNECT_ISSUER": fournisseur.adresse,
            "PROCONNECT_CLIENT_ID": CLIENT,
            "PROCONNECT_CLIENT_SECRET": SECRET,
            "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"],
            "GROUPEMENT_INSTANCE": app.config["GROUPEMENT_INSTANCE"],
        }
        if en_production:
            reglages |= {**SECRETS, "GROUPEMENT_MODE": "production", "SESSION_COOKIE_SECURE": False}
        application = create_app(reglages | change)
        application.test_client_class = ClientDEssai
        faites.append(application)
        return application

    yield faire
    for application in faites:
        with application.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(ouvrir):
    """A visitor of the registered application."""
    return ouvrir().test_client()


@pytest.fixture
def agnes(session):
    """An agent whose address the provider knows, with other capitals."""
    return utilisateur(
        "Agnès Caron",
        roles=[Role.AGENT],
        collectivite=collectivite("Dainville"),
        email="Agnes.Caron@mairie.example.org",
    )


class SansSuivre(HTTPRedirectHandler):
    """The browser is the test's."""

    def redirect_request(self, *args):
        return None


def chez_lui(adresse):
    """What the provider answers to a browser: where it sends it."""
    ouvreur = build_opener(SansSuivre)
    try:
        return ouvreur.open(adresse).headers["Location"]
    except OSError as reponse:  # a redirect that is not followed
        return reponse.headers["Location"]


def partir(client, suite=""):
    """Click the button; where ProConnect is told to send us back."""
    depart = client.get("/connexion/proconnect", query_string={"next": suite} if suite else None)
    assert depart.status_code == 302, depart.text
    return depart.location


def revenir(client, adresse):
    """Come back from there."""
    retour = urlsplit(chez_lui(adresse))
    return client.get(f"{retour.path}?{retour.query}")


def aller_retour(client, suite=""):
    """The whole way."""
    return revenir(client, partir(client, suite))


def rien_d_ecrit(session):
    """No link, no line of the journal, no sign-in."""
    session.expire_all()
    return (
        session.scalar(select(func.count(Evenement.id))) == 0
        and session.scalar(select(func.count(Utilisateur.id)).where(Utilisateur.proconnect_sub.is_not(None))) == 0
        and session.scalar(select(func.count(Utilisateur.id)).where(Utilisateur.login_count.is_not(None))) == 0
    )


def test_the_first_time_links_the_account_of_that_address_and_the_next_ones_know_it(
    client, agnes, session, fournisseur
):
    reponse = aller_retour(client, "/ma-collectivite")
    assert (reponse.status_code, reponse.location) == (303, "/ma-collectivite")
    assert client.get("/mon-compte").status_code == 200
    session.expire_all()
    assert agnes.proconnect_sub == "sub-agnes" and agnes.login_count == 1
    assert session.scalars(select(Evenement.verbe)).all() == ["lier à ProConnect"]
    client.post("/deconnexion")
    fournisseur.personne["email"] = "agnes.caron-leroy@mairie.example.org"  # she married; she is still she
    assert aller_retour(client).status_code == 303
    assert session.scalars(select(Evenement.verbe)).all() == ["lier à ProConnect"]


def test_the_demand_carries_all_that_proconnect_asks_for(client, agnes, fournisseur):
    demande = {cle: valeurs[0] for cle, valeurs in parse_qs(urlsplit(partir(client)).query).items()}
    assert demande["scope"] == "openid given_name usual_name email uid siret"
    assert demande["acr_values"] == "eidas1" and demande["response_type"] == "code"
    assert demande["redirect_uri"] == "http://127.0.0.1:8000" + RETOUR and demande["client_id"] == CLIENT
    assert len(demande["state"]) >= 20 and len(demande["nonce"]) >= 20
    assert demande["code_challenge_method"] == "S256" and demande["code_challenge"]


def test_an_unknown_address_is_told_whom_to_write_to_and_no_account_is_made(client, agnes, session, fournisseur):
    fournisseur.personne = {"sub": "sub-paul", "email": "paul@mairie.example.org"}
    combien = session.scalar(select(func.count(Utilisateur.id)))
    reponse = aller_retour(client)
    assert reponse.status_code == 403 and "Compte inconnu" in reponse.text
    assert "paul@mairie.example.org" in reponse.text and "groupement@cdg62.example.org" in reponse.text
    assert session.scalar(select(func.count(Utilisateur.id))) == combien and rien_d_ecrit(session)


def test_a_closed_account_and_one_linked_to_somebody_else_stay_shut(client, agnes, session, fournisseur):
    agnes.active = False
    assert aller_retour(client).status_code == 403
    agnes.active, agnes.proconnect_sub = True, "une autre identité"
    session.commit()
    reponse = aller_retour(client)
    assert reponse.status_code == 403 and "lié à une autre identité" in reponse.text
    session.expire_all()
    assert agnes.proconnect_sub == "une autre identité" and agnes.login_count is None


def test_an_account_closed_after_it_was_linked_stays_shut(client, agnes, session):
    agnes.proconnect_sub, agnes.active = "sub-agnes", False
    assert aller_retour(client).status_code == 403
    assert client.get("/mon-compte").status_code == 302


@pytest.mark.parametrize(
    ("faute", "code", "mot"),
    [
        ("refus", 403, "interrompu"),
        *(
            (faute, 502, "ne répond pas comme prévu")
            for faute in (
                "nonce", "id_cle", "id_iss", "id_aud", "id_fin", "id_sans_fin", "id_sans_signature",
                "id_cle_publique_pour_secret", "cle", "iss", "aud", "fin", "sans_fin", "sub", "sans_signature",
                "cle_publique_pour_secret", "json", "panne /userinfo", "panne /jwks",
            )
        ),
    ],
)  # fmt: skip
def test_a_forged_or_broken_answer_is_refused_in_french_and_nothing_is_written(
    client, agnes, session, fournisseur, faute, code, mot
):
    adresse = partir(client)
    fournisseur.fautes = {faute}
    reponse = revenir(client, adresse)
    assert reponse.status_code == code and mot in reponse.text
    assert client.get("/mon-compte").status_code == 302
    assert rien_d_ecrit(session)


@pytest.mark.parametrize("faute", ["panne", "autre_emetteur"])
def test_a_provider_that_is_down_or_another_one_is_said_before_leaving(client, session, fournisseur, faute):
    fournisseur.fautes = {faute}
    reponse = client.get("/connexion/proconnect")
    assert reponse.status_code == 502 and "ne répond pas" in reponse.text
    fournisseur.fautes = set()
    assert client.get("/connexion/proconnect").status_code == 302, "une panne n’est pas retenue"


def test_a_provider_that_nobody_hears_is_a_page_too(ouvrir):
    client = ouvrir(PROCONNECT_ISSUER="http://127.0.0.1:9/api/v2").test_client()
    assert client.get("/connexion/proconnect").status_code == 502
    assert client.get("/connexion").status_code == 200


def test_an_address_that_proconnect_has_not_verified_opens_nothing(client, agnes, session, fournisseur):
    fournisseur.personne["email_verified"] = False
    assert aller_retour(client).status_code == 502 and rien_d_ecrit(session)


def test_the_state_is_of_this_browser_and_serves_once(client, ouvrir, agnes, session):
    retour = urlsplit(chez_lui(partir(client)))
    voleur = ouvrir().test_client()
    assert voleur.get(f"{retour.path}?{retour.query}").status_code == 400
    faux = client.get(f"{RETOUR}?code=x&state=inventé")
    assert faux.status_code == 400 and "Recommencez" in faux.text
    assert client.get(RETOUR).status_code == 400
    assert rien_d_ecrit(session)
    assert client.get(f"{retour.path}?{retour.query}").status_code == 303
    client.post("/deconnexion")
    assert client.get(f"{retour.path}?{retour.query}").status_code == 400


def test_a_code_that_was_spent_is_refused(client, agnes, session, fournisseur):
    retour = urlsplit(chez_lui(partir(client)))
    fournisseur._codes.clear()
    assert client.get(f"{retour.path}?{retour.query}").status_code == 502 and rien_d_ecrit(session)


def test_starting_again_and_again_does_not_fill_the_cookie(client, fournisseur):
    for _ in range(8):
        partir(client)
    with client.session_transaction() as garde:
        assert len([cle for cle in garde if cle.startswith("_state_")]) == 1


def test_the_way_back_never_leaves_the_site(client, agnes):
    assert aller_retour(client, "https://ailleurs.example.org/").location == "/"


def test_without_its_settings_there_is_no_button_and_no_address(app):
    visiteur = app.test_client()
    assert "ProConnect" not in visiteur.get("/connexion").text
    assert visiteur.get("/connexion/proconnect").status_code == visiteur.get(RETOUR).status_code == 404


def test_half_of_the_settings_stops_the_application():
    for change in ({"PROCONNECT_CLIENT_ID": "x"}, {"PROCONNECT_CLIENT_ID": "x", "PROCONNECT_CLIENT_SECRET": "y"}):
        reglages = {"PROCONNECT_ISSUER": "https://fournisseur", "PROCONNECT_ALG": "HS256", **change}
        with pytest.raises(ReglageInvalide, match="PROCONNECT"):
            lire({"GROUPEMENT_MODE": "demonstration"}, reglages)


def test_in_production_one_factor_there_asks_for_the_second_here(ouvrir, session, fournisseur):
    utilisateur("Damien Vasseur", roles=[Role.ACHETEUR], email=fournisseur.personne["email"])
    client = ouvrir(en_production=True).test_client()
    assert aller_retour(client).status_code == 303
    assert urlsplit(client.get("/collectivites").location).path == "/mon-compte/second-facteur"


@pytest.mark.parametrize(("acr", "amr"), [("eidas1", ["pwd", "mfa"]), ("eidas2", ["pwd"])])
def test_in_production_two_factors_there_are_two_factors(ouvrir, session, fournisseur, acr, amr):
    utilisateur("Damien Vasseur", roles=[Role.ACHETEUR], email=fournisseur.personne["email"])
    fournisseur.acr, fournisseur.amr = acr, amr
    client = ouvrir(en_production=True).test_client()
    assert aller_retour(client).status_code == 303
    assert client.get("/collectivites").status_code == 200


def test_whoever_has_a_key_here_shows_it_after_one_factor_there(client, agnes, session):
    cle_d_acces(agnes)
    assert "/connexion/cle" in aller_retour(client, "/mon-compte").location
    assert client.get("/mon-compte").status_code == 302


def test_production_knows_nobody_of_the_demonstration(ouvrir, session, fournisseur):
    adresse = f"agnes@{DOMAINE_DEMONSTRATION}"
    utilisateur("Agnès", roles=[Role.AGENT], email=adresse)
    fournisseur.personne["email"] = adresse
    assert aller_retour(ouvrir(en_production=True).test_client()).status_code == 403


def test_signing_out_signs_out_of_proconnect_and_survives_its_breakdown(client, agnes, fournisseur):
    aller_retour(client)
    sortie = client.post("/deconnexion")
    demande = {cle: valeurs[0] for cle, valeurs in parse_qs(urlsplit(sortie.location).query).items()}
    assert sortie.location.startswith(f"{fournisseur.adresse}/session/end?")
    assert demande["id_token_hint"] == fournisseur.id_tokens[-1] and demande["state"]
    assert demande["post_logout_redirect_uri"] == "http://127.0.0.1:8000/connexion"
    assert client.get("/mon-compte").status_code == 302
    assert "session/end" not in client.post("/deconnexion").location


@pytest.mark.parametrize(
    ("acr", "amr", "deux"),
    [
        ("eidas1", ["pwd"], False),
        ("eidas1", None, False),
        (None, None, False),
        ("eidas1", "mfa", False),
        (3, 4, False),
        (["eidas2"], [], False),
        ("eidas1", ["pwd", "mfa"], True),
        ("eidas2", [], True),
        ("eidas3", None, True),
        ("https://proconnect.gouv.fr/assurance/self-asserted-2fa", None, True),
        ("https://proconnect.gouv.fr/assurance/self-asserted", None, False),
    ],
)
def test_only_what_is_known_to_be_two_factors_counts_as_two(acr, amr, deux):
    assert a_deux_facteurs(acr, amr) is deux


def test_the_button_leads_in_and_the_head_of_the_page_leads_out(ouvrir, nouvelle_page, agnes, fournisseur, session):
    application = ouvrir()
    serveur = Serveur(application)
    application.config["ADRESSE_PUBLIQUE"] = serveur.adresse
    try:
        page = nouvelle_page()
        page.surveillance.adresse = "http://127.0.0.1:"
        page.goto(f"{serveur.adresse}/connexion?next=/mon-compte")
        sans_faute_axe(page)
        expect(page.get_by_role("link", name="Qu’est-ce que ProConnect ?").first).to_be_visible()
        page.get_by_role("link", name="S’identifier avec ProConnect").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
        page.locator("details.personne summary").click()
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")
        assert "/session/end" in [chemin for chemin, _ in fournisseur.vus]
        fournisseur.fautes = {"refus"}
        page.surveillance.tolerer(403)
        page.get_by_role("link", name="S’identifier avec ProConnect").click()
        expect(page.locator("main")).to_contain_text("Vous avez interrompu")
        sans_faute_axe(page)
    finally:
        serveur.attendre_le_calme()
        serveur.fermer()
