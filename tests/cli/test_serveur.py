"""What the machine does by itself, round after round."""

from datetime import date, timedelta

from groupement.cli.serveur import Ronde, avancer_les_fenetres
from groupement.commandes.actions import automate
from groupement.commandes.models import Campagne
from groupement.commandes.states import EtatCampagne
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.calendrier import jour_a_paris, maintenant
from groupement.socle.courriels import Courriel, EtatCourriel
from groupement.socle.db import db
from tests.fabriques import commandes as fabrique
from tests.fabriques import livraisons


def test_a_round_admits_once_a_day_what_nobody_decided_on_in_time(app):
    livraison = livraisons.livraison(recue=True)
    livraison.a_verifier_avant_le = date(2020, 1, 15)
    db.session.commit()
    ronde = Ronde()
    assert ronde.passer()[1] == 1
    assert db.session.get(Livraison, livraison.id).etat is EtatLivraison.ADMISE_TACITE
    assert ronde.passer() == (0, 0)


def test_mails_of_a_demonstration_stay_in_the_application(app):
    livraisons.livraison(signalee=True)
    db.session.commit()
    Ronde().passer()
    assert {courriel.etat for courriel in db.session.scalars(db.select(Courriel))} <= {EtatCourriel.EN_ATTENTE}


def test_the_worker_can_stop_after_one_round(groupement):
    assert groupement("travailleur", "--une-fois").code == 0


def test_a_round_opens_and_announces_the_windows_and_one_fault_stops_no_other(app, monkeypatch):
    le = maintenant()
    jour = jour_a_paris(le)
    prete, cassee = (
        fabrique.campagne(intitule=nom, etat=EtatCampagne.PREPAREE, du=jour, au=jour + timedelta(days=20))
        for nom in ("Prête", "Cassée")
    )
    db.session.commit()
    avancer = automate.avancer

    def avancer_sauf_une(numero, moment):
        if numero == cassee.id:
            raise RuntimeError("panne")
        return avancer(numero, moment)

    monkeypatch.setattr(automate, "avancer", avancer_sauf_une)
    assert avancer_les_fenetres(le) == 1
    monkeypatch.undo()
    assert prete.etat is EtatCampagne.OUVERTE and cassee.etat is EtatCampagne.PREPAREE
    Ronde().passer()
    assert db.session.get(Campagne, cassee.id, populate_existing=True).etat is EtatCampagne.OUVERTE
