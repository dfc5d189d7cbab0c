"""A window whose last day has just passed: its packs are being filled together, one body has added its part already."""

from datetime import datetime, timedelta

from groupement.adherents.models import Collectivite
from groupement.commandes.actions import automate, campagnes
from groupement.commandes.actions.complements import PageVue, ajouter
from groupement.commandes.actions.paniers import ajouter_article
from groupement.commandes.actions.reglages_campagne import Reglages
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.commandes import commande_de, lignes_affichees
from groupement.commandes.queries.vue_complement import carte_de
from groupement.commandes.rules.calendrier_campagne import matin
from groupement.commandes.states import AccesCampagne
from groupement.demo.commandes import remplir
from groupement.demo.decor import Decor, Signature
from groupement.demo.personnes import ACHIET, BAPAUME
from groupement.socle.calendrier import jour_a_paris

MEMBRES_A_COMPLETER = 12
ARTICLE = "BTE-STD-15"


def charger_campagne_a_completer(decor: Decor) -> None:
    """A small window that ended two days ago; the machine began its completion phase, for five more days."""
    jour, debut = jour_a_paris(decor.le), decor.le - timedelta(days=24)
    du, au = jour - timedelta(days=24), jour - timedelta(days=3)
    membres = _membres(decor)
    reglages = Reglages(
        acces=AccesCampagne.LISTE,
        admises=[membre.id for membre in membres],
        complement_au=jour + timedelta(days=5),
    )
    intitule, acheteur = "Campagne des petites communes", decor.pour("acheteur")
    campagne = campagnes.preparer(
        decor.marche, decor.depot, intitule=intitule, du=du, au=au, reglages=reglages, par=acheteur, le=debut
    )
    automate.avancer(campagne.id, max(debut, matin(du)))
    secretariat = Signature(f"Secrétariat de {membres[0].nom}")
    ajouter_article(campagne, membres[0].id, decor.articles[ARTICLE], 38, par=secretariat, le=debut)
    remplir(decor, campagne, membres, debut, lambda rang: "validee")
    ensuite = matin(au + timedelta(days=1))
    automate.avancer(campagne.id, ensuite)
    automate.avancer(campagne.id, ensuite)
    _completer_un_peu(decor, campagne, membres)


def _membres(decor: Decor) -> list[Collectivite]:
    """Two bodies of the demonstration's people, and ten more."""
    choisis = [membre for membre in decor.membres if membre.siren in (ACHIET, BAPAUME)]
    autres = [membre for membre in decor.membres[7::53] if membre.siren not in (ACHIET, BAPAUME)]
    return (choisis + autres)[:MEMBRES_A_COMPLETER]


def _completer_un_peu(decor: Decor, campagne: Campagne, membres: list[Collectivite]) -> None:
    """The last body adds a few of the boxes that are missing; the others are left to the visitor."""
    le = decor.le - timedelta(days=1)
    for membre in reversed(membres):
        commande, article = commande_de(campagne.id, membre.id), decor.articles[ARTICLE]
        carte = carte_de(commande, article, lignes_affichees(commande.id), jour_a_paris(le)) if commande else None
        if commande is not None and carte is not None and carte.unites and carte.refus(3) is None:
            _ajouter(commande, carte.manque.demande.fermes, decor, le)
            return


def _ajouter(commande: Commande, fermes: int, decor: Decor, le: datetime) -> None:
    """Three boxes more, by its mayor."""
    maire = Signature(f"Maire de {commande.collectivite.nom}")
    ajouter(commande, decor.articles[ARTICLE], 3, PageVue(commande.version, fermes), par=maire, le=le)
