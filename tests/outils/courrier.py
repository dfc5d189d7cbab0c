"""A real SMTP server on the loopback, that keeps what it is given."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from flask import Flask


class BoiteAuxLettres:
    """What arrived (`messages`), and where (`hote`, `port`); `refus` makes it answer an error instead."""

    def __init__(self) -> None:
        """Nothing received yet, nothing refused."""
        self.messages: list[EmailMessage] = []
        self.destinataires: list[list[str]] = []
        self.refus: str | None = None
        self.hote, self.port = "127.0.0.1", 0

    async def handle_DATA(self, server, session, envelope) -> str:
        """Keep the message, or refuse it as told ("451 plus tard", "550 inconnu")."""
        if self.refus:
            return self.refus
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.destinataires.append(envelope.rcpt_tos)
        return "250 recu"


class _Serveur(Controller):
    """On a port the system chooses."""

    def _trigger_server(self) -> None:
        """The controller knocks on its own door to start; the port is known only now."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def smtp(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoiteAuxLettres]:
    """A mailbox behind a real server, where the application sends its mails during this test."""
    boite = BoiteAuxLettres()
    serveur = _Serveur(boite, hostname=boite.hote, port=0)
    serveur.start()
    boite.port = serveur.port
    monkeypatch.setitem(app.config, "SMTP_HOTE", boite.hote)
    monkeypatch.setitem(app.config, "SMTP_PORT", boite.port)
    yield boite
    serveur.stop()
