"""The windows of the demonstration: last year's, finished; this summer's, being delivered; the open one; the next."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from groupement.adherents.models import Collectivite
from groupement.commandes.actions import automate, campagnes
from groupement.commandes.actions.reglages_campagne import TOUT_OUVERT, Reglages
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.models import BonDeCommande, Campagne
from groupement.commandes.rules.calendrier_campagne import matin
from groupement.commandes.states import AccesCampagne
from groupement.demo import echanges, factures, livraisons
from groupement.demo.ajustements import reporter_les_reliures
from groupement.demo.cascade import noter_un_desistement
from groupement.demo.commandes import remplir
from groupement.demo.decor import Decor
from groupement.demo.personnes import sirens_des_portes
from groupement.livraisons.actions import decisions
from groupement.livraisons.models import Livraison
from groupement.socle.calendrier import jour_a_paris

MEMBRES_OUVERTE, MEMBRES_PASSEE, MEMBRES_EN_COURS = 300, 60, 20


def _preparer(
    decor: Decor, intitule: str, du: date, au: date, le: datetime, reglages: Reglages = TOUT_OUVERT
) -> Campagne:
    """Prepare a window."""
    par = decor.pour("acheteur")
    return campagnes.preparer(
        decor.marche, decor.depot, intitule=intitule, du=du, au=au, reglages=reglages, par=par, le=le
    )


def _ouvrir(
    decor: Decor, intitule: str, du: date, au: date, le: datetime, reglages: Reglages = TOUT_OUVERT
) -> Campagne:
    """Prepare a window; on its first day it opens by itself, and its members are told in the morning."""
    campagne = _preparer(decor, intitule, du, au, le, reglages)
    automate.avancer(campagne.id, max(le, matin(du)))
    return campagne


def _clore_et_regrouper(
    decor: Decor, campagne: Campagne, le: datetime, muets: Collection[int] = (), *, decline: bool = False
) -> list[BonDeCommande]:
    """The buyer closes in the evening, combines the next day; the suppliers confirm, but for the lots `muets`.

    `decline`: the first titulaire of a lot said no in between, and an article was postponed.
    """
    acheteur = decor.pour("acheteur")
    campagnes.clore(campagne.id, par=acheteur, le=le)
    automate.avancer(campagne.id, le)
    if decline:
        noter_un_desistement(decor, campagne, le)
        reporter_les_reliures(decor, campagne, le)
    _, bons, _ = regrouper(campagne.id, par=acheteur, le=le + timedelta(days=1))
    for bon in bons:
        if bon.lot.numero not in muets:
            echanges.confirmer(bon, le + timedelta(days=3))
    return bons


def _membres(decor: Decor, combien: int, pas: int) -> Sequence[Collectivite]:
    """Members spread over the department, those of the demonstration's people among them."""
    portes = sirens_des_portes()
    choisis = [membre for membre in decor.membres if membre.siren in portes]
    autres = [membre for membre in decor.membres[::pas] if membre.siren not in portes]
    return (choisis + autres)[:combien]


def charger_campagne_passee(decor: Decor) -> None:
    """Last year's: ordered, delivered (one short, one damaged), billed; one facture paid late, one not paid."""
    debut = decor.jour(9, 15)
    campagne = _ouvrir(decor, f"Campagne d’automne {decor.an}", date(decor.an, 9, 15), date(decor.an, 10, 17), debut)
    remplir(decor, campagne, _membres(decor, MEMBRES_PASSEE, 13), debut, lambda rang: "validee")
    bons = _clore_et_regrouper(decor, campagne, decor.jour(10, 20, 17))
    arrivee = decor.jour(11, 18)
    attendues = livraisons.livraisons_attendues(bons, 1)
    incomplete, abimee, *autres = attendues[6:] + attendues[:6]
    livraisons.recevoir_incomplete(decor, incomplete, arrivee)
    livraisons.recevoir_abimee(decor, abimee, arrivee)
    for lot, jours in ((2, 10), (3, 14)):
        autres += livraisons.livraisons_attendues(bons, lot)
        arrivee_du_lot = arrivee + timedelta(days=jours)
        for livraison in autres:
            livraisons.recevoir_entiere(decor, livraison, arrivee_du_lot)
        autres = []
    livraisons.decider_de_tout(decor, incomplete, abimee, arrivee + timedelta(days=16))
    emises = factures.facturer(decor, campagne, decor.jour(12, 16))
    factures.encaisser_presque_tout(decor, emises, decor.jour(12, 16))


def charger_campagne_en_cours(decor: Decor) -> None:
    """A small window regrouped a month ago: some places have received, one has a problem to decide, some still wait."""
    jour = jour_a_paris(decor.le)
    debut = decor.le - timedelta(days=75)
    membres = _membres(decor, MEMBRES_EN_COURS, 31)
    liste = Reglages(acces=AccesCampagne.LISTE, admises=[membre.id for membre in membres])
    dates = (jour - timedelta(days=75), jour - timedelta(days=40))
    campagne = _ouvrir(decor, "Campagne complémentaire", *dates, debut, liste)
    remplir(decor, campagne, membres, debut, lambda rang: "validee")
    bons = _clore_et_regrouper(decor, campagne, decor.le - timedelta(days=40), muets=(2,), decline=True)
    portes = sirens_des_portes()
    attendues = [
        livraison
        for livraison in livraisons.livraisons_attendues(bons, 1)
        if livraison.collectivite is not None and livraison.collectivite.siren not in portes
    ]
    arrivee = decor.le - timedelta(days=4)
    for livraison in attendues[2:9]:
        livraisons.recevoir_entiere(decor, livraison, arrivee)
    decisions.admettre_sans_reserve(par=decor.pour("acheteur"), le=decor.le - timedelta(days=3))
    livraisons.recevoir_abimee(decor, attendues[0], decor.le - timedelta(days=2))
    livraisons.recevoir_incomplete(decor, attendues[1], decor.le - timedelta(days=1))
    _repondre(decor, {bon.lot.numero: bon for bon in bons}, attendues[9:12])


def _repondre(decor: Decor, bons: Mapping[int, BonDeCommande], attendues: Sequence[Livraison]) -> None:
    """What the suppliers say these days: a round announced, another date, a remark."""
    echanges.annoncer(bons[1], attendues, decor.le - timedelta(days=1))
    if 2 in bons:
        echanges.observer_sans_confirmer(decor, bons[2], decor.le - timedelta(days=3))
    if 3 in bons:
        echanges.demander_une_date(bons[3], decor.le - timedelta(days=5))


def charger_campagne_ouverte(decor: Decor) -> None:
    """The window of now: three hundred orders, most of them committed. The next is ready, for the EPCI and a lot."""
    jour, debut = jour_a_paris(decor.le), decor.le - timedelta(days=18)
    saison = "d’automne" if jour.month >= 8 else "de printemps"
    fin, bientot = jour + timedelta(days=12), jour + timedelta(days=45)
    livraison = Reglages(livraison_du=fin + timedelta(days=20), livraison_au=fin + timedelta(days=50))
    campagne = _ouvrir(decor, f"Campagne {saison} {jour.year}", jour - timedelta(days=18), fin, debut, livraison)
    epci = Reglages(lots=[2], acces=AccesCampagne.TYPES, types=["CC", "CA", "CU"])
    _preparer(decor, "Rayonnages des intercommunalités", bientot, bientot + timedelta(days=30), decor.le, epci)
    # The bodies people sign in for stay free: their basket is the visitor's to fill.
    portes = sirens_des_portes()
    membres = [membre for membre in decor.membres[1::3] + decor.membres[2::30] if membre.siren not in portes]
    etapes = ("validee", "validee", "validee", "soumise", "brouillon")
    remplir(decor, campagne, dict.fromkeys(membres[:MEMBRES_OUVERTE]), debut, lambda rang: etapes[rang % 5])
