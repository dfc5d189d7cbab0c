"""The menu of each role: what it sees on the side of every page, in the order of its work."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from flask import Flask, g, has_request_context, request, url_for

from groupement.adherents.states import Role

AGENT, VALIDEUR, ACHETEUR = Role.AGENT, Role.VALIDEUR, Role.ACHETEUR
COMPTABLE, ARCHIVISTE, ADMIN = Role.COMPTABLE, Role.ARCHIVISTE, Role.ADMINISTRATEUR
CONTROLE, FOURNISSEUR = Role.CONTROLE, Role.FOURNISSEUR


@dataclass(frozen=True, slots=True)
class Entree:
    """One line of the menu: its words, its drawing, its page, who sees it."""

    libelle: str
    icone: str
    endpoint: str
    roles: frozenset[Role]


def _pour(*roles: Role) -> frozenset[Role]:
    """The roles an entry serves."""
    return frozenset(roles)


MENU = (
    Entree("Accueil", "house", "tableau_de_bord.index", frozenset(Role)),
    Entree("Catalogue", "shop", "catalogue.index", _pour(AGENT, VALIDEUR, ACHETEUR, ARCHIVISTE, COMPTABLE)),
)


def menu() -> list[dict[str, Any]]:
    """The entries of whoever is signed in, the page shown marked as such."""
    if g.get("contexte") is None:
        return []
    return [
        {
            "libelle": entree.libelle,
            "url": url_for(entree.endpoint),
            "icone": entree.icone,
            "actif": request.endpoint == entree.endpoint or _meme_rayon(entree.endpoint),
        }
        for entree in MENU
        if entree.roles & g.contexte.roles
    ]


def _meme_rayon(endpoint: str) -> bool:
    """Whether the page shown is below the entry's page: /campagnes/12 is below /campagnes/."""
    racine = url_for(endpoint)
    return racine != "/" and request.path.startswith(racine.rstrip("/") + "/")


def installer(app: Flask) -> None:
    """Give every page its menu, the version and whether this is a demonstration."""
    app.context_processor(
        lambda: {
            "menu": menu(),
            "demo": app.config["DEMO"],
            "version": version("groupement"),
            "url_compte": url_for("compte.show") if "compte.show" in app.view_functions else "",
        }
        if has_request_context()  # mails are rendered by commands too
        else {}
    )
