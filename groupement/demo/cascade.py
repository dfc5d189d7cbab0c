"""A second titulaire of the bindings, with its own prices; the first declined this summer's small window."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from groupement.catalogue.actions.bordereaux import importer_bordereau
from groupement.catalogue.actions.fournisseurs import Coordonnees, creer_fournisseur
from groupement.catalogue.actions.titulaires import Groupement, ajouter_titulaire, fixer_les_conditions
from groupement.catalogue.models import Fournisseur
from groupement.catalogue.rules.bordereau import LectureBordereau, LigneBordereau, lire_bordereau
from groupement.catalogue.rules.cascade import TermesPropres
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.actions.desistements import Annonce, decliner_la_campagne
from groupement.commandes.models import Campagne
from groupement.demo.decor import DONNEES, Decor
from groupement.socle.argent import arrondir
from groupement.socle.calendrier import jour_a_paris

LOT = 3
SECOND = Coordonnees(
    nom="Ateliers de la Canche (fournisseur fictif)",
    siret="99999995600017",
    courriel="commandes@ateliers-canche.example.org",
    adresse="2 quai de la Canche",
    code_postal="62170",
    ville="Montreuil-sur-Mer",
    telephone="03 21 00 04 04",
)
PLUS_CHER = Decimal("1.06")


def ajouter_un_second(decor: Decor) -> None:
    """The second in rank of lot 3, the day before the notification."""
    acheteur, veille = decor.pour("acheteur"), decor.jour(4, 14)
    second = creer_fournisseur(SECOND, par=acheteur, le=veille)
    lot = decor.marche.lots[LOT - 1]
    titulaire = ajouter_titulaire(lot, second, Groupement(), par=acheteur, le=veille)
    fixer_les_conditions(titulaire, TermesPropres(delai_livraison_jours=60), par=acheteur, le=veille)


def charger_ses_prix(decor: Decor) -> None:
    """Its own BPU: the same articles, a little dearer."""
    lues = lire_bordereau((DONNEES / "bpu.csv").read_bytes(), {1, 2, 3}).lignes
    siennes = tuple(_plus_cher(ligne) for ligne in lues if ligne.lot == LOT)
    importer_bordereau(
        decor.marche,
        LectureBordereau(siennes, ()),
        du=decor.marche.du,
        par=decor.pour("acheteur"),
        le=decor.jour(4, 20),
        source="BPU de l’offre classée deuxième",
        fournisseur_id=_second(decor).id,
    )


def noter_un_desistement(decor: Decor, campagne: Campagne, le: datetime) -> None:
    """The first says no by letter; its bon of this window goes to the second."""
    lot = decor.marche.lots[LOT - 1]
    motif = "Atelier complet jusqu’à la fin du trimestre\u00a0: les délais du marché ne pourraient pas être tenus."
    annonce = Annonce(motif, jour_a_paris(le))
    premier = lot.titulaires[0].fournisseur_id
    decliner_la_campagne(campagne, lot, premier, annonce, par=decor.pour("acheteur"), le=le + timedelta(hours=2))


def _second(decor: Decor) -> Fournisseur:
    """The supplier second in rank."""
    return decor.marche.lots[LOT - 1].titulaires[1].fournisseur


def _plus_cher(ligne: LigneBordereau) -> LigneBordereau:
    """The same line at its price, in centimes."""
    return replace(
        ligne, paliers=tuple(Palier(p.a_partir_de, arrondir(p.prix_unitaire_ht * PLUS_CHER)) for p in ligne.paliers)
    )
