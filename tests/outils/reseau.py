"""No test reaches outside this machine: any socket to another address raises."""

import ipaddress
import socket
import sys
from collections.abc import Iterator

import pytest

garde = {"active": False}


class ReseauInterdit(Exception):
    """A test tried to leave the machine."""


def est_locale(hote: object) -> bool:
    """Is this host the loopback (or no host at all: bind to any, unix socket)?"""
    if hote in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(hote.decode() if isinstance(hote, bytes) else str(hote)).is_loopback
    except ValueError:
        return False


def _surveiller(evenement: str, arguments: tuple[object, ...]) -> None:
    """Python's audit hook: sees every socket of the process, the ones libraries keep for themselves included."""
    if not garde["active"] or evenement not in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        return
    if evenement == "socket.getaddrinfo":
        hote = arguments[0]
    else:
        prise, adresse = arguments[0], arguments[1]
        if getattr(prise, "family", None) not in (socket.AF_INET, socket.AF_INET6):
            return
        hote = adresse[0] if isinstance(adresse, tuple) else adresse
    if not est_locale(hote):
        raise ReseauInterdit(f"{evenement} vers {hote} : les tests ne sortent pas de la machine")


sys.addaudithook(_surveiller)  # cannot be removed, hence the switch


@pytest.fixture(scope="session", autouse=True)
def reseau() -> Iterator[None]:
    """Loopback only, for the whole session."""
    garde["active"] = True
    yield
    garde["active"] = False
