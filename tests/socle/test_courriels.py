"""Mails leave after the act they announce, once, with their attachments; a failure is kept and tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from groupement.adherents.actions.personnes import inviter
from groupement.adherents.states import Role
from groupement.socle import courriels
from groupement.socle.courriels import ESSAIS_MAX, Courriel, EtatCourriel, Piece, envoyer_en_attente
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE

LE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ecrire(destinataire="mairie@ayette.example.org", pieces=(), le=LE):
    """A mail in the queue, committed."""
    courriel = Courriel(
        destinataire=destinataire,
        sujet="Votre commande est validée",
        corps="Bonjour,\n\nVotre commande part le 4 décembre : 1 250 boîtes.\n",
        pieces=list(pieces),
        ecrit_le=le,
        prochain_essai_le=le,
        etat=EtatCourriel.EN_ATTENTE,
        essais=0,
    )
    db.session.add(courriel)
    db.session.commit()
    return courriel


@pytest.fixture
def note_jointe(monkeypatch):
    """A kind of attachment made when the mail leaves."""
    faites = []

    def fabriquer(identifiant):
        faites.append(identifiant)
        return Piece(f"note-{identifiant}.pdf", "application/pdf", b"%PDF-1.7 essai")

    monkeypatch.setitem(courriels._fabriques, "note", fabriquer)
    return faites


def test_a_waiting_mail_leaves_once_with_its_attachment(app, smtp, note_jointe):
    ecrire(pieces=["note:12"])
    assert note_jointe == []
    assert envoyer_en_attente(LE) == 1
    assert envoyer_en_attente(LE) == 0
    (message,) = smtp.messages
    assert message["To"] == "mairie@ayette.example.org"
    assert message["Subject"] == "Votre commande est validée"
    corps, piece = message.iter_parts()
    assert "1 250 boîtes" in corps.get_content()
    assert (piece.get_filename(), piece.get_content()) == ("note-12.pdf", b"%PDF-1.7 essai")
    envoye = db.session.scalars(select(Courriel)).one()
    assert (envoye.etat, envoye.envoye_le, envoye.essais) == (EtatCourriel.ENVOYE, LE, 1)


def test_a_refusal_is_kept_and_tried_again_later(app, smtp):
    courriel = ecrire()
    smtp.refus = "451 boîte pleine"
    assert envoyer_en_attente(LE) == 0
    assert (courriel.essais, courriel.etat) == (1, EtatCourriel.EN_ATTENTE)
    assert "451" in courriel.derniere_erreur
    assert courriel.prochain_essai_le == LE + timedelta(minutes=1)
    smtp.refus = None
    assert envoyer_en_attente(LE) == 0  # not its turn yet
    assert envoyer_en_attente(LE + timedelta(minutes=1)) == 1
    assert courriel.derniere_erreur is None


def test_a_mail_nobody_takes_is_given_up_visibly(app, smtp):
    courriel, le = ecrire(), LE
    smtp.refus = "550 inconnu"
    for _ in range(ESSAIS_MAX):
        envoyer_en_attente(le)
        le += timedelta(days=1)
    assert (courriel.etat, courriel.essais) == (EtatCourriel.ABANDONNE, ESSAIS_MAX)
    assert envoyer_en_attente(le) == 0


def test_one_bad_mail_does_not_hold_the_others(app, smtp):
    ecrire("perdue@ayette.example.org", pieces=["inconnue:1"])
    ecrire("suivante@ayette.example.org")
    assert envoyer_en_attente(LE) == 1
    assert smtp.destinataires == [["suivante@ayette.example.org"]]


def test_a_mail_of_an_act_undone_never_leaves(app, smtp):
    db.session.add(
        Courriel(
            destinataire="personne@example.org",
            sujet="Rien",
            corps="Rien",
            pieces=[],
            ecrit_le=LE,
            prochain_essai_le=LE,
            etat=EtatCourriel.EN_ATTENTE,
            essais=0,
        )
    )
    db.session.rollback()
    assert envoyer_en_attente(LE) == 0
    assert smtp.messages == []


def test_two_workers_send_a_mail_once(app, smtp, en_meme_temps):
    for rang in range(6):
        ecrire(f"corps{rang}@example.org")
    fait = en_meme_temps(lambda: envoyer_en_attente(LE), lambda: envoyer_en_attente(LE))
    assert sum(nombre for nombre in fait if isinstance(nombre, int)) == 6
    assert sorted(smtp.destinataires) == [[f"corps{rang}@example.org"] for rang in range(6)]


def test_the_invitation_of_a_person_really_leaves(app, smtp):
    inviter("Élodie Martel", "elodie@cdg.example.org", [(Role.ACHETEUR, None)], par=AUTOMATE, le=LE)
    db.session.commit()
    assert envoyer_en_attente(LE) == 1
    assert "/invitation/" in smtp.messages[0].get_content()
