"""The test tools themselves: each guard is shown to bite."""

import smtplib
import socket
from datetime import UTC, datetime

import pytest
from flask import Flask, abort, g, url_for
from flask_wtf import CSRFProtect

from groupement.socle.courriels import Courriel, EtatCourriel, envoyer_en_attente
from tests.outils.navigateur import sans_faute_axe
from tests.outils.reseau import ReseauInterdit

LE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = (
    "<!doctype html><html lang='fr'><head><title>Essai</title></head><body><main><h1>Essai</h1>{}</main></body></html>"
)


def un_courriel(sujet: str) -> Courriel:
    """A mail waiting to leave."""
    return Courriel(destinataire="mairie@exemple.fr", sujet=sujet, corps="Bonjour", ecrit_le=LE, prochain_essai_le=LE)


def test_no_socket_leaves_the_machine():
    with pytest.raises(ReseauInterdit):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(ReseauInterdit):
        socket.getaddrinfo("example.org", 443)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as prise, pytest.raises(ReseauInterdit):
        prise.sendto(b"", ("192.0.2.1", 53))


@pytest.mark.parametrize("passage", [1, 2])
def test_each_test_finds_the_database_empty_and_numbers_at_their_start(passage, session):
    assert session.query(Courriel).count() == 0
    session.add(courriel := un_courriel("Premier"))
    session.commit()
    assert courriel.id == 1


def test_a_transaction_left_open_does_not_stop_the_next_test(session):
    session.add(un_courriel("Oublié"))
    session.flush()


def test_sql_tells_what_was_sent(session, sql):
    with sql() as envoyees:
        session.query(Courriel).count()
        session.query(Courriel).filter_by(sujet="Été").count()
    session.query(Courriel).count()
    assert len(envoyees) == 2 and all(envoyee.startswith("SELECT") for envoyee in envoyees)
    assert "Été" in str(envoyees[1].parametres)


def test_a_request_shares_neither_g_nor_the_session_of_the_test(app: Flask, client, session):
    vus = []

    def regarder(*_):
        vus.append((g.get("laisse"), session.query(Courriel).count(), id(session())))

    g.laisse = "par le test"
    session.add(courriel := un_courriel("Avant"))
    app.before_request_funcs.setdefault(None, []).insert(0, regarder)
    try:
        client.get("/")
    finally:
        app.before_request_funcs[None].remove(regarder)
    assert vus == [(None, 1, vus[0][2])] and vus[0][2] != id(session())
    assert courriel.sujet == "Avant"


def test_a_post_without_its_token_is_refused(app: Flask, client, monkeypatch):
    refus = []
    monkeypatch.setattr(CSRFProtect, "_error_response", lambda _, raison: refus.append(raison) or abort(400))
    with app.test_request_context():
        deconnexion = url_for("security.logout")
    sans = client.post(deconnexion, csrf=False)
    avec = client.post(deconnexion)
    assert (sans.status_code, len(refus)) == (400, 1) and avec.status_code in (302, 303)


def test_things_done_at_the_same_moment_both_happen(session, en_meme_temps):
    def ecrire():
        session.add(un_courriel("À deux"))
        session.commit()
        return "fait"

    def echouer():
        raise ValueError("non")

    fait, encore, rate = en_meme_temps(ecrire, ecrire, echouer)
    assert (fait, encore, str(rate)) == ("fait", "fait", "non")
    assert session.query(Courriel).count() == 2


def test_mails_reach_a_real_server_or_are_refused_by_it(session, smtp):
    session.add_all([premier := un_courriel("Été à l’école")])
    session.commit()
    assert envoyer_en_attente(LE) == 1
    assert smtp.messages[0]["Subject"] == "Été à l’école" and smtp.destinataires == [["mairie@exemple.fr"]]
    assert premier.etat is EtatCourriel.ENVOYE
    smtp.refus = "550 boite inconnue"
    with smtplib.SMTP(smtp.hote, smtp.port) as envoi, pytest.raises(smtplib.SMTPDataError):
        envoi.send_message(smtp.messages[0])


def servir(page, chemin: str, corps: str, status: int = 200, **entetes: str) -> None:
    """Answer `chemin` with a page of our own."""
    page.route(
        f"**{chemin}",
        lambda route: route.fulfill(
            status=status, body=corps, headers={"Content-Type": "text/html; charset=utf-8", **entetes}
        ),
    )


def test_a_page_without_fault_passes(page):
    servir(page, "/essai", PAGE.format("<p>Rien à dire</p>"))
    page.goto("/essai")
    sans_faute_axe(page)
    assert page.surveillance.fautes == []


def test_a_page_is_watched_for_errors_and_for_what_it_calls(page):
    servir(
        page,
        "/essai",
        PAGE.format(
            "<script>alert(1)</script><img src='/rien.png' alt=''><img src='http://ailleurs.exemple/a' alt=''>"
        ),
        **{"Content-Security-Policy": "default-src 'self'; img-src *"},
    )
    servir(page, "/rien.png", "", 404)
    servir(page, "/panne", PAGE.format(""), 500)
    servir(page, "/conflit", PAGE.format(""), 409)
    for chemin in ("/essai", "/panne", "/conflit"):
        page.goto(chemin)
    fautes = "\n".join(page.surveillance.fautes)
    page.surveillance.fautes.clear()
    for attendue in ("Content Security Policy", "HTTP 404", "HTTP 500", "appel au dehors : http://ailleurs.exemple"):
        assert attendue in fautes
    assert "HTTP 409" not in fautes


def test_axe_sees_a_field_without_label_and_a_pale_text(page):
    servir(page, "/essai", PAGE.format("<input><p style='color:#bbb;background:#fff'>Pâle</p>"))
    page.goto("/essai")
    with pytest.raises(AssertionError, match=r"(?s)color-contrast.*label"):
        sans_faute_axe(page)
