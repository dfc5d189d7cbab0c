"""What suppliers answer in the demonstration by the link of the mail: confirmed, another date, a remark, a round."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from groupement.commandes.actions import bons as actes_du_bon
from groupement.commandes.actions import echanges
from groupement.commandes.models import BonDeCommande
from groupement.commandes.rules.echanges import DateDemandee
from groupement.commandes.rules.liens import AuteurDuLien
from groupement.demo.decor import Decor
from groupement.livraisons.actions.envois import annoncer_un_envoi
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.envois import attendues_et_annoncees
from groupement.livraisons.rules.envois import Envoi
from groupement.socle.calendrier import jour_a_paris

QUI = {1: "Sylvie Caron", 2: "Bruno Lefebvre", 3: "Nadia Carlier"}  # who answers for the titulaire of each lot


def _par(bon: BonDeCommande) -> AuteurDuLien:
    """Whoever opened the mail at the supplier's."""
    return AuteurDuLien(bon.fournisseur_fige["nom"], QUI.get(bon.lot.numero, "Paul Martin"))


def confirmer(bon: BonDeCommande, le: datetime) -> None:
    """Opened, and confirmed two hours later."""
    echanges.consulter(bon, par=AuteurDuLien(bon.fournisseur_fige["nom"]), le=le - timedelta(hours=2))
    echanges.confirmer(bon, vue=bon.revision, par=_par(bon), le=le)


def demander_une_date(bon: BonDeCommande, le: datetime) -> None:
    """Three weeks more, for a machine that broke a few days ago: it waits for the buyer."""
    proposee = bon.a_livrer_avant_le + timedelta(days=21)
    motif = "La chaîne de reliure est en panne depuis lundi ; la pièce arrive sous quinze jours."
    demande = DateDemandee(proposee, jour_a_paris(le - timedelta(days=3)), motif.replace(" ;", "\u00a0;"))
    echanges.proposer_une_date(bon, demande, vue=bon.revision, par=_par(bon), le=le)


def observer_sans_confirmer(decor: Decor, bon: BonDeCommande, le: datetime) -> None:
    """A bon nobody opened: sent again, opened two days later, a remark is made."""
    actes_du_bon.renvoyer(bon, par=decor.pour("acheteur"), le=le - timedelta(days=4))
    echanges.consulter(bon, par=AuteurDuLien(bon.fournisseur_fige["nom"]), le=le - timedelta(days=2))
    texte = (
        "Le hayon annoncé pour une mairie passe mal rue du Calvaire : pouvez-vous confirmer un accès par l’arrière, "
        "ou un autre lieu ? Les montants de 2,20 m ne tournent pas dans l’escalier."
    )
    texte = texte.replace(" :", "\u00a0:").replace(" ?", "\u00a0?")
    echanges.observer(bon, texte, vue=bon.revision, par=_par(bon), le=le)


def annoncer(bon: BonDeCommande, livraisons: Sequence[Livraison], le: datetime) -> None:
    """A round of three places, next week: a part comes to the first before, and the last is put off two days."""
    jours = [jour_a_paris(le + timedelta(days=plus)) for plus in (3, 6, 8)]
    ids = [livraison.id for livraison in livraisons]
    ligne, (attendues, _) = next(iter(attendues_et_annoncees(ids[0]).items()))
    avance, tournee, retard = (Envoi(jour, "Transports Delattre") for jour in jours)
    par, hier = _par(bon), le - timedelta(hours=20)
    annoncer_un_envoi(bon, ids[:1], avance, partie={ligne: (attendues + 1) // 2}, par=par, le=hier)
    annoncer_un_envoi(bon, ids, replace(tournee, colis=14, bordereau="BL-2217"), par=par, le=hier)
    annoncer_un_envoi(bon, ids[-1:], retard, remplace=True, par=par, le=le)
