"""A closed window, and the paper the post brings after its last day."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from groupement.adherents.states import Role
from groupement.commandes.actions.commandes_papier import Papier, saisir
from groupement.commandes.models import Commande
from groupement.commandes.queries.commandes_papier import vue_commande_papier
from groupement.commandes.rules.saisie_rapide import lire_collage
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, AU

POSTE = "Posté le 9 décembre, cachet de la poste"


def fenetre_close() -> SimpleNamespace:
    """A closed window that Ayette ordered in; Wissant, with an agent, did not."""
    marche = catalogue.marche(lots=1)
    article = catalogue.article(marche.lots[0], reference="BTE-10", unites_par_colis=1, paliers="1:2.00")
    campagne = fabrique.campagne(marche, etat=EtatCampagne.CLOSE)
    ayette, wissant = fabrique.membre("Ayette", de=campagne), fabrique.membre("Wissant", de=campagne)
    for nom, corps in (("Denis Leroy", ayette), ("Claire Delattre", wissant)):
        adherents.utilisateur(nom, roles=[Role.AGENT], collectivite=corps)
    premiere = fabrique.commande(campagne, ayette, [(article, 40)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    return SimpleNamespace(campagne=campagne, article=article, ayette=ayette, wissant=wissant, premiere=premiere)


def poster(
    monde: SimpleNamespace,
    corps: Any = None,
    *,
    recu_le: date = AU,
    motif: str = "",
    version: int | None = None,
    le: datetime = APRES,
) -> Commande:
    """What the buyer enters: thirty boxes for Wissant, from the preview of that moment."""
    corps = corps or monde.wissant
    vue = vue_commande_papier(monde.campagne, corps, lire_collage("BTE-10\t30"), jour_a_paris(le))
    papier = Papier(recu_le, "Jean Leroy, maire", ModeDeRemise.LIVRAISON, motif=motif)
    voulue = vue.version if version is None else version
    return saisir(monde.campagne, corps, vue.apercu, papier, voulue, par=AUTOMATE, le=le)
