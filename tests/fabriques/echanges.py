"""A bon its supplier opened and answered by its link. Each function writes and flushes; the test commits."""

from datetime import datetime, timedelta

from groupement.commandes.actions import echanges
from groupement.commandes.models import BonDeCommande, ObservationDeFournisseur, PropositionDeDate
from groupement.commandes.rules.echanges import DateDemandee
from groupement.commandes.rules.liens import AuteurDuLien
from groupement.socle.calendrier import jour_a_paris


def auteur(bon: BonDeCommande, nom: str = "Paul Martin") -> AuteurDuLien:
    """Somebody at the supplier's, by the link."""
    return AuteurDuLien(bon.fournisseur_fige["nom"], nom)


def proposition(bon: BonDeCommande, *, le: datetime, plus: int = 14, depuis: int = 2) -> PropositionDeDate:
    """`plus` days more are asked, for a cause known for `depuis` days."""
    proposee = bon.a_livrer_avant_le + timedelta(days=plus)
    demande = DateDemandee(proposee, jour_a_paris(le) - timedelta(days=depuis), "Rupture de carton chez le cartonnier.")
    return echanges.proposer_une_date(bon, demande, vue=bon.revision, par=auteur(bon), le=le)


def observation(bon: BonDeCommande, *, le: datetime) -> ObservationDeFournisseur:
    """A remark on the present revision."""
    texte = "La référence BTE-10 est livrée par palettes de 400\u00a0: peut-on regrouper deux lieux\u00a0?"
    return echanges.observer(bon, texte, vue=bon.revision, par=auteur(bon), le=le)


def repondu(bon: BonDeCommande, *, le: datetime) -> tuple[PropositionDeDate, ObservationDeFournisseur]:
    """Opened; another date asked and a remark made, both to answer."""
    echanges.consulter(bon, par=auteur(bon, ""), le=le)
    return proposition(bon, le=le), observation(bon, le=le)
