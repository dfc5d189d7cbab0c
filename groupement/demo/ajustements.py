"""What the buyer changed before a regroupement: an article postponed this summer; a window closed and not yet done."""

from datetime import datetime, timedelta

from groupement.commandes.actions import automate, campagnes
from groupement.commandes.actions.ajustements import ajuster
from groupement.commandes.actions.reglages_campagne import Reglages
from groupement.commandes.models import Campagne
from groupement.commandes.queries.ajustements import Cible
from groupement.commandes.rules.calendrier_campagne import matin
from groupement.commandes.states import AccesCampagne, GenreAjustement
from groupement.demo.commandes import remplir
from groupement.demo.decor import Decor
from groupement.demo.personnes import sirens_des_portes
from groupement.socle.calendrier import jour_a_paris

RUPTURE = "Reliures A4 de 100 mm en rupture chez le fournisseur jusqu’au trimestre prochain."
RESERVE = "Un colis d’avance pour le dépôt\u00a0: trois communes en demandent par téléphone."
MEMBRES_A_REGROUPER = 14


def reporter_les_reliures(decor: Decor, campagne: Campagne, le: datetime) -> None:
    """The bindings of everybody wait for the next window: members find them in their next basket."""
    cible = Cible(article=decor.articles["REL-A4-100"])
    acheteur = decor.pour("acheteur")
    ajuster(campagne.id, cible, GenreAjustement.REPORTER, RUPTURE, par=acheteur, le=le + timedelta(hours=3))


def charger_campagne_a_regrouper(decor: Decor) -> None:
    """A small window closed yesterday: its preview can be changed, one decision is taken already."""
    acheteur, jour, debut = decor.pour("acheteur"), jour_a_paris(decor.le), decor.le - timedelta(days=28)
    du, au = jour - timedelta(days=28), jour - timedelta(days=2)
    intitule = "Campagne des nouveaux adhérents"
    portes = sirens_des_portes()
    membres = [m for m in decor.membres[3::41] if m.siren not in portes][:MEMBRES_A_REGROUPER]
    liste = Reglages(acces=AccesCampagne.LISTE, admises=[membre.id for membre in membres])
    campagne = campagnes.preparer(
        decor.marche, decor.depot, intitule=intitule, du=du, au=au, reglages=liste, par=acheteur, le=debut
    )
    automate.avancer(campagne.id, max(debut, matin(du)))
    remplir(decor, campagne, membres, debut, lambda rang: "validee")
    campagnes.clore(campagne.id, par=acheteur, le=decor.le - timedelta(days=1))
    automate.avancer(campagne.id, decor.le - timedelta(days=1))
    article = decor.articles["BTE-CON-10"]
    cible = Cible(article=article)
    ajuster(
        *(campagne.id, cible, GenreAjustement.AJOUTER, RESERVE, article.unites_par_colis),
        par=acheteur,
        le=decor.le - timedelta(hours=3),
    )
