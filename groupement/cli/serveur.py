"""Commands that run the application: prepare the database, serve, send the mails."""

import os
import time
from datetime import date, datetime
from threading import Thread

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import func, select
from werkzeug.serving import make_server

from groupement.adherents.actions.enquetes import clore_les_echues
from groupement.adherents.models import Collectivite
from groupement.app import create_app
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.actions.reconductions import reconduire_les_acquises
from groupement.catalogue.models import ImportBordereau
from groupement.catalogue.states import EtatImportBordereau
from groupement.cli.sortie import avec_application, dire, finir_en_faute
from groupement.commandes.actions import automate
from groupement.commandes.actions.alertes import alerter_les_plafonds
from groupement.demo.chargement import charger
from groupement.demo.personnes import MOT_DE_PASSE, PORTES
from groupement.livraisons.actions.decisions import admettre_tacitement_les_echues
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.config import RACINE, ReglageInvalide
from groupement.socle.courriels import envoyer_en_attente
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE

PAUSE_SECONDES = 2


@click.command()
@avec_application
def migrer() -> None:
    """Mettre la base de données à la version du logiciel (la créer si elle est vide)."""
    upgrade(directory=str(RACINE / "migrations"))
    dire("La base de données est à jour.")


def _preparer(application: Flask) -> None:
    """Tables up to date, and the demonstration loaded when nobody is there yet."""
    with application.app_context():
        upgrade(directory=str(RACINE / "migrations"))
        vide = not db.session.scalar(select(func.count()).select_from(Collectivite))
        if application.config["DEMO"] and vide:
            charger(avancement=True)


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True, help="Port d’écoute."
)
@click.option("--hote", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
def servir(port: int, hote: str) -> None:
    """Préparer la base, charger la démonstration si elle est vide, et servir sur cette machine.

    Pour la production, voir docs/installation.md (gunicorn et PostgreSQL).
    """
    os.environ.setdefault("ADRESSE_PUBLIQUE", f"http://{hote}:{port}")
    try:
        application = create_app()
    except ReglageInvalide as erreur:
        finir_en_faute([erreur])
    _preparer(application)
    try:
        serveur = make_server(hote, port, application, threaded=True)
    except (OSError, SystemExit):
        finir_en_faute(
            [f"Le port {port} est déjà pris : choisissez-en un autre, par exemple make run PORT={port + 1}."]
        )
    Thread(target=_tourner_sans_fin, args=(application,), daemon=True).start()
    _annoncer(application, f"http://{hote}:{port}")
    try:
        serveur.serve_forever()
    except KeyboardInterrupt:
        dire("Arrêt.")


def _annoncer(application: Flask, adresse: str) -> None:
    """The address, and one way in for each role."""
    click.echo(f"\n  Groupement de commandes : {adresse}\n")
    if application.config["DEMO"]:
        click.echo("  Mode démonstration. Une personne par rôle (un clic sur la page de connexion, ou ce courriel) :")
        for porte in PORTES:
            click.echo(f"    {porte.role:<16} {porte.nom:<22} {porte.email}")
        click.echo(f"\n  Mot de passe commun : {MOT_DE_PASSE}. Arrêt : Ctrl+C.\n")


class Ronde:
    """What the machine does by itself: open, close and announce the windows, send the mails that wait; once a day,
    apply what silence decides, and tell the buyers of the ceilings that come near."""

    def __init__(self) -> None:
        """Nothing done yet: the first round does the day's work."""
        self.jour: date | None = None

    def passer(self) -> tuple[int, int]:
        """One round; returns how many mails left and how many deliveries were admitted by the law."""
        le, admises = maintenant(), 0
        if self.jour != aujourdhui():
            admises = admettre_tacitement_les_echues(le)
            clore_les_echues(le)
            reconduire_les_acquises(le)
            alerter_les_plafonds(le)
            imports.oublier_les_perimes(le)
            db.session.commit()
            self.jour = aujourdhui()
        avancer_les_fenetres(le)
        avancer_les_bordereaux()
        # In a demonstration mails stay where people can read them.
        envoyes = 0 if current_app.config["DEMO"] else envoyer_en_attente(le)
        return envoyes, admises


def avancer_les_fenetres(le: datetime) -> int:
    """Open, close and announce the windows that wait for it, each in its transaction; a fault in one is logged."""
    combien = 0
    for numero in automate.campagnes_a_avancer(le):
        try:
            combien += automate.avancer(numero, le)
            db.session.commit()
        except Exception:
            db.session.rollback()
            current_app.logger.exception("la campagne %s n’a pas avancé", numero)
    db.session.commit()
    return combien


def avancer_les_bordereaux() -> int:
    """Read, or save, the BPU that wait; returns how many. A fault refuses the one it met, and is logged."""
    combien = 0
    while (numero := imports.a_avancer(maintenant())) is not None:
        db.session.commit()
        pris = imports.prendre(numero, maintenant())
        db.session.commit()
        if not pris:
            continue
        combien += 1
        try:
            _avancer_le_bordereau(numero)
        except Exception as erreur:
            current_app.logger.exception("le bordereau %s a échoué", numero)
            db.session.rollback()
            depot = db.session.get_one(ImportBordereau, numero, populate_existing=True)
            phrase = str(erreur) if isinstance(erreur, RegleRefusee) else imports.PANNE
            imports.refuser(depot, phrase, par=AUTOMATE, le=maintenant())
        db.session.commit()
    db.session.commit()
    return combien


def _avancer_le_bordereau(numero: int) -> None:
    """One BPU, under the locks of what it writes."""
    depot = db.session.get_one(ImportBordereau, numero, populate_existing=True)
    if depot.etat is EtatImportBordereau.A_ENREGISTRER:
        verrouiller_ecriture()
        db.session.refresh(depot.marche, with_for_update=True)
    imports.avancer(depot, le=maintenant(), publier=db.session.commit)
    db.session.commit()


def _tourner_sans_fin(application: Flask) -> None:
    """Round after round, every few seconds; a fault is logged and the next round tries again."""
    ronde = Ronde()
    while True:
        with application.test_request_context(base_url=application.config["ADRESSE_PUBLIQUE"]):
            try:
                ronde.passer()
            except Exception:
                db.session.rollback()
                application.logger.exception("la ronde a échoué")
        time.sleep(PAUSE_SECONDES)


@click.command()
@click.option("--une-fois", is_flag=True, help="Traiter ce qui attend, puis s’arrêter.")
@avec_application
def travailleur(une_fois: bool) -> None:
    """Ouvrir et clore les campagnes, envoyer les courriels, appliquer les délais, sans fin (service en production)."""
    ronde = Ronde()
    while True:
        envoyes, admises = ronde.passer()
        if envoyes or admises:
            dire(f"{envoyes} courriel(s) envoyé(s), {admises} livraison(s) admise(s) d’office.")
        if une_fois:
            return
        time.sleep(PAUSE_SECONDES)
