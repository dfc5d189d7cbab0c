"""Too many people write at the same instant: the page says so, and nothing is called a breakdown."""

import sqlite3

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from groupement.socle import web


@pytest.mark.parametrize(
    ("dit", "statut", "phrase"),
    [
        ("database is locked", 503, "Rien n’a été enregistré."),
        ("canceling statement due to lock timeout", 503, "Rien n’a été enregistré."),
        ("disk I/O error", 500, "C’est de notre fait"),
    ],
)
def test_waiting_too_long_for_the_lock_is_not_a_breakdown(app: Flask, dit: str, statut: int, phrase: str) -> None:
    faute = OperationalError("UPDATE verrou", {}, sqlite3.OperationalError(dit))
    with app.test_request_context("/"):
        page, code = web._sur_attente(faute)
    assert code == statut
    assert phrase in page
