"""What the measures of the pages are taken on: a year that ended in factures, a campagne that is open, its people."""

from dataclasses import dataclass
from datetime import timedelta
from time import time
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text, update

from benchmarks.regroupement import charger_les_membres, charger_une_campagne
from groupement.adherents.models import Adhesion, Collectivite, Utilisateur
from groupement.adherents.states import EtatAdhesion, Role
from groupement.app import create_app
from groupement.catalogue.models import AccesFournisseur, Marche
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.models import BonDeCommande, Campagne, Commande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents
from tests.fabriques.commandes import APRES
from tests.fabriques.refacturation import FACTUREE_LE, admettre

ARTICLES = 30
QUINZAINE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Page:
    """A page measured: who looks at what."""

    personne: Utilisateur
    qui: str
    adresse: str

    @property
    def nom(self) -> str:
        """As the table names it."""
        return f"{self.qui} {self.adresse}"


def connecte(application: Flask, personne: Utilisateur) -> Any:
    """A client signed in through its session."""
    client = application.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": personne.fs_uniquifier, "_fresh": True, "fs_cc": "set", "fs_paa": time()})
    return client


def preparer(membres: int, dossier: str, uri: str = "") -> tuple[Flask, list[Page]]:
    """The application, its database loaded, and the pages to look at."""
    reglages = {"GROUPEMENT_INSTANCE": dossier, "GROUPEMENT_MODE": "demonstration", "RATELIMIT_ENABLED": False}
    application = create_app(reglages | ({"SQLALCHEMY_DATABASE_URI": uri} if uri else {}))
    with application.app_context():
        upgrade()
        base = charger_les_membres(membres, ARTICLES)
        _adherer(base)
        passee, ouverte = _facturer(base), _ouvrir(base)
        pages = _pages(base, passee, ouverte)
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    return application, pages


def _adherer(base: dict[str, Any]) -> None:
    """Every body signed in time to order."""
    marche = db.session.get_one(Marche, base["marche"])
    signee = {"etat": EtatAdhesion.SIGNEE, "signee_le": marche.consultation_le - QUINZAINE}
    commun = {"convention_id": marche.convention_id, "deliberation_numero": "2025-03"}
    db.session.execute(db.insert(Adhesion), [commun | signee | {"collectivite_id": c} for _, c in base["lieux"]])


def _facturer(base: dict[str, Any]) -> int:
    """A campagne that was combined, delivered, admitted and billed to every member."""
    campagne_id = charger_une_campagne(base, "Campagne passée")
    regrouper(campagne_id, par=AUTOMATE, le=APRES)
    admettre(db.session.get_one(Campagne, campagne_id))
    refacturer(campagne_id, par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    return campagne_id


def _ouvrir(base: dict[str, Any]) -> int:
    """A campagne that is open today; one order in three is still a basket, one in three awaits its valideur."""
    campagne_id = charger_une_campagne(base, "Campagne ouverte")
    campagne = db.session.get_one(Campagne, campagne_id)
    campagne.etat, campagne.close_le = EtatCampagne.OUVERTE, None
    campagne.du, campagne.au = aujourdhui() - QUINZAINE, aujourdhui() + QUINZAINE
    for reste, etat in ((1, EtatCommande.BROUILLON), (2, EtatCommande.SOUMISE)):
        db.session.execute(
            update(Commande)
            .where(Commande.campagne_id == campagne_id, Commande.id % 3 == reste)
            .values(etat=etat, validee_le=None, soumise_le=APRES if etat is EtatCommande.SOUMISE else None)
        )
    db.session.commit()
    return campagne_id


def _pages(base: dict[str, Any], passee: int, ouverte: int) -> list[Page]:
    """The main pages of each role."""
    panier = select(func.min(Commande.collectivite_id)).filter_by(campagne_id=ouverte, etat=EtatCommande.BROUILLON)
    corps = db.session.get_one(Collectivite, db.session.scalars(panier).one())
    facture = db.session.scalars(select(Facture.id).filter_by(collectivite_id=corps.id)).one()
    bon = db.session.scalars(select(BonDeCommande).filter_by(campagne_id=passee)).first()
    assert bon is not None
    acheteur = adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR])
    comptable = adherents.utilisateur("Sylvie Caron", roles=[Role.COMPTABLE])
    membre = adherents.utilisateur("Odile Lefebvre", roles=[Role.AGENT, Role.VALIDEUR], collectivite=corps)
    fournisseur = adherents.utilisateur("Marc Duhamel", roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur_id=fournisseur.id, fournisseur_id=bon.fournisseur_id))
    vues = {
        ("agent", membre): [
            "/",
            "/catalogue/",
            "/panier",
            "/commandes",
            "/livraisons/",
            "/factures/",
            f"/factures/{facture}",
        ],
        ("acheteur", acheteur): [
            *("/", "/catalogue/", "/campagnes/", f"/campagnes/{ouverte}", f"/campagnes/{ouverte}/commandes"),
            *("/commandes", "/bons/", f"/bons/{bon.id}", "/livraisons/", "/collectivites"),
        ],
        ("comptable", comptable): ["/", "/refacturation/", "/factures/", f"/factures/{facture}"],
        ("fournisseur", fournisseur): ["/", "/fournisseur/bons"],
    }
    for role in (Role.ARCHIVISTE, Role.ADMINISTRATEUR):
        vues[role.value, adherents.utilisateur(f"Julie {role.value}", roles=[role])] = ["/"]
    return [Page(personne, qui, adresse) for (qui, personne), adresses in vues.items() for adresse in adresses]
