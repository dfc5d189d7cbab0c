"""What the machine does by itself, round after round."""

from datetime import date

from groupement.cli.serveur import Ronde
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.courriels import Courriel, EtatCourriel
from groupement.socle.db import db
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
