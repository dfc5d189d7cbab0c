"""A campagne in its completion phase: a pack of folders that misses twelve, boxes near their next price."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, insert, select

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role, TypeCollectivite
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique

AU = fabrique.AU
COMPLEMENT_AU = AU.replace(day=18)
PENDANT = datetime(2026, 12, 14, 9, 30, tzinfo=UTC)  # a Monday morning of the phase
VALIDEE = EtatCommande.VALIDEE


def phase(**champs: Any) -> SimpleNamespace:
    """Wissant and Audresselles have committed orders; folders are shared, boxes go by packs of 50.

    Folders (packs of 50): 18 + 20 asked, 12 are missing. Boxes: 400 + 50 asked, 50 more reach the tier of 500.
    Labels, of the same lot, are full. Each body has an agent and a valideur.
    """
    valeurs = {"etat": EtatCampagne.EN_COMPLEMENT, "complement_au": COMPLEMENT_AU, "close_le": None, **champs}
    campagne = fabrique.campagne(**valeurs)
    lot = campagne.marche.lots[0]
    chemise = catalogue.article(
        lot, reference="CHE-50", famille="chemise", unites_par_colis=50, fractionnable=True, paliers="50:0.40|1000:0.35"
    )
    boite = catalogue.article(lot, reference="BTE-50", unites_par_colis=50, paliers="50:0.58|500:0.54")
    etiquette = catalogue.article(lot, reference="ETI-1", famille="etiquette", unites_par_colis=1, paliers="1:2.00")
    monde = SimpleNamespace(campagne=campagne, chemise=chemise, boite=boite, etiquette=etiquette)
    monde.wissant = corps(monde, "Wissant", [(chemise, 18), (boite, 400), (etiquette, 3)])
    monde.audresselles = corps(monde, "Audresselles", [(chemise, 20), (boite, 50)])
    db.session.commit()
    return monde


def corps(
    monde: SimpleNamespace, nom: str, lignes: Any, etat: EtatCommande = VALIDEE, **champs: Any
) -> SimpleNamespace:
    """A body with its agent, its valideur and its order, committed at its total; `champs` are the order's."""
    mairie = fabrique.membre(nom, de=monde.campagne)
    courriel = nom.lower().replace(" ", "-")
    agent = adherents.utilisateur(
        "Claire Delattre", roles=[Role.AGENT], collectivite=mairie, email=f"agent@{courriel}.example.org"
    )
    valideur = adherents.utilisateur(
        "Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=mairie, email=f"valideur@{courriel}.example.org"
    )
    commande = fabrique.commande(
        monde.campagne, mairie, lignes, etat=etat, **{"engagement": "E-2026-41", "version": 1, **champs}
    )
    return SimpleNamespace(
        mairie=mairie,
        agent=agent,
        valideur=valideur,
        commande=commande,
        contexte=Contexte("v", nom, valideur, frozenset({Role.VALIDEUR}), mairie),
        contexte_agent=Contexte("a", nom, agent, frozenset({Role.AGENT}), mairie),
    )


def peupler(monde: SimpleNamespace, membres: int) -> None:
    """That many more bodies that committed a full pack of folders, each with an address; written in bulk."""
    rangs = range(1, membres + 1)
    premier = (db.session.scalar(select(func.max(Collectivite.id))) or 0) + 1
    db.session.execute(
        insert(Collectivite),
        [
            {
                "id": premier + n,
                "siren": adherents.siren_fictif(50_000 + n),
                "nom": f"Membre {n}",
                "nom_recherche": f"membre {n}",
                "type": TypeCollectivite.COMMUNE,
                "courriel": f"mairie{n}@membres.example.org",
            }
            for n in rangs
        ],
    )
    commande = (db.session.scalar(select(func.max(Commande.id))) or 0) + 1
    communs = {"campagne_id": monde.campagne.id, "etat": VALIDEE, "validee_le": fabrique.LE, "modifiee_le": fabrique.LE}
    db.session.execute(
        insert(Commande), [{"id": commande + n, "collectivite_id": premier + n, **communs} for n in rangs]
    )
    lignes = [{"commande_id": commande + n, "article_id": monde.chemise.id} for n in rangs]
    db.session.execute(insert(LigneCommande), [ligne | {"unites": 50, "rang": fabrique.LE} for ligne in lignes])
    db.session.commit()
