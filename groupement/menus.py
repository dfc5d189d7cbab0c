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


MEMBRES = _pour(AGENT, VALIDEUR)
CDG = _pour(ACHETEUR, COMPTABLE, ARCHIVISTE, ADMIN)
MENU = (
    Entree("Accueil", "house", "tableau_de_bord.index", frozenset(Role)),
    Entree("Catalogue", "shop", "catalogue.index", MEMBRES | CDG),
    Entree("Panier", "basket", "paniers.show", MEMBRES),
    Entree("Mes commandes", "list-check", "commandes.index", MEMBRES),
    Entree("Campagnes", "calendar-event", "campagnes.index", _pour(ACHETEUR, COMPTABLE)),
    Entree("Commandes", "list-check", "commandes.index", _pour(ACHETEUR, COMPTABLE)),
    Entree("Bons de commande", "file-earmark-text", "bons.index", _pour(ACHETEUR, COMPTABLE)),
    Entree("Bons reçus", "file-earmark-text", "bons_recus.index", _pour(FOURNISSEUR)),
    Entree("Livraisons", "truck", "livraisons.index", MEMBRES | _pour(ACHETEUR)),
    Entree("Dépôt et stock", "boxes", "stock.index", _pour(ACHETEUR)),
    Entree("Refacturation", "receipt-cutoff", "refacturations.index", _pour(COMPTABLE)),
    Entree("Factures", "receipt", "factures.index", MEMBRES | _pour(COMPTABLE)),
    Entree("États des lieux", "rulers", "etats_des_lieux.index", MEMBRES | _pour(ARCHIVISTE, CONTROLE)),
    Entree("Missions", "calendar-check", "missions.index", MEMBRES | _pour(ARCHIVISTE, COMPTABLE, ADMIN)),
    Entree("SESAM", "archive", "sesam.index", _pour(ARCHIVISTE, COMPTABLE, ADMIN)),
    Entree("Ma collectivité", "building", "collectivites.mienne", MEMBRES),
    Entree("Collectivités", "buildings", "collectivites.index", CDG | _pour(CONTROLE)),
    Entree("Intentions", "megaphone", "enquetes.index", _pour(ACHETEUR, ADMIN, ARCHIVISTE)),
    Entree("Conventions", "file-earmark-check", "conventions.index", _pour(ACHETEUR, ADMIN)),
    Entree("Marchés", "bank", "marches.index", _pour(ACHETEUR)),
    Entree("Fournisseurs", "person-badge", "fournisseurs.index", _pour(ACHETEUR)),
    Entree("Personnes", "people", "personnes.index", _pour(ADMIN)),
    Entree("Journal", "journal-text", "journal.index", _pour(ADMIN)),
    Entree("Courriels", "envelope", "courriels.index", _pour(ADMIN)),
)


def menu() -> list[dict[str, Any]]:
    """The entries of whoever is signed in, the page shown marked as such."""
    if g.get("contexte") is None:
        return []
    siennes = [(entree, url_for(entree.endpoint)) for entree in MENU if entree.roles & g.contexte.roles]
    return [
        {
            "libelle": entree.libelle,
            "url": url,
            "icone": entree.icone,
            "actif": request.endpoint == entree.endpoint or _meme_rayon(url),
        }
        for entree, url in siennes
    ]


def _meme_rayon(racine: str) -> bool:
    """Whether the page shown is below the entry's page: /campagnes/12 is below /campagnes/."""
    return racine != "/" and request.path.startswith(racine.rstrip("/") + "/")


def installer(app: Flask) -> None:
    """Give every page its menu, the version and whether this is a demonstration."""
    numero = version("groupement")
    app.context_processor(
        lambda: (
            {
                "menu": menu(),
                "demo": app.config["DEMO"],
                "version": numero,
                "url_compte": url_for("compte.show") if "compte.show" in app.view_functions else "",
            }
            if has_request_context()  # mails are rendered by commands too
            else {}
        )
    )
