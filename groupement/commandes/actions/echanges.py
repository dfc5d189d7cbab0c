"""What a supplier does with a bon, by its signed link or its account: open, confirm, ask for another date, remark.

The caller holds the bon and commits. Each act tells the buyers.
"""

from collections.abc import Mapping
from datetime import datetime

from groupement.commandes.actions.avis_des_echanges import prevenir_les_acheteurs
from groupement.commandes.actions.bons import accuser
from groupement.commandes.models import BonDeCommande, ObservationDeFournisseur, PropositionDeDate
from groupement.commandes.queries.echanges import proposition_en_attente
from groupement.commandes.rules.echanges import (
    DateDemandee,
    delais,
    fautes_de_la_demande,
    motif_de_forclusion,
    reponse_attendue_le,
)
from groupement.commandes.states import A_CONFIRMER, EN_COURS_D_EXECUTION, EtatObservation, EtatProposition
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, noter
from groupement.socle.web import ConflitDeVersion


class DemandeRefusee(RegleRefusee):
    """Another date cannot be asked; `fautes` says why, by field."""

    def __init__(self, fautes: Mapping[str, str]) -> None:
        """Keep the reasons; the sentence is all of them."""
        super().__init__(" ".join(fautes.values()))
        self.fautes = dict(fautes)


def exiger_la_revision_lue(bon: BonDeCommande, vue: int) -> None:
    """Raise ConflitDeVersion when the bon was revised since the supplier's page was shown."""
    if bon.revision != vue:
        raise ConflitDeVersion(
            f"Le bon {bon.numero} vient d’être révisé\u00a0: rien n’a été enregistré. Relisez-le, puis recommencez."
        )


def consulter(bon: BonDeCommande, *, par: Auteur, le: datetime) -> None:
    """Note the first opening of this revision: the proof that it was received. The next ones write nothing."""
    if bon.consulte_le is not None:
        return
    bon.consulte_le = le
    resume = f"{bon.numero}, révision {bon.revision}" if bon.revision else bon.numero
    noter(bon.__tablename__, bon.id, "consulter", par=par, le=le, resume=resume, avant=bon.etat, apres=bon.etat)


def confirmer(bon: BonDeCommande, *, vue: int, par: Auteur, le: datetime) -> None:
    """The supplier confirms that it has this revision, and will deliver it."""
    exiger_la_revision_lue(bon, vue)
    if bon.etat not in A_CONFIRMER:
        raise TransitionInterdite(f"Le bon {bon.numero} est déjà confirmé\u00a0: il n’y a plus rien à faire ici.")
    accuser(bon, par=par, le=le)
    if bon.consulte_le is None:
        bon.consulte_le = le
    quoi = f"a confirmé la révision {bon.revision}" if bon.revision else "a confirmé la réception"
    prevenir_les_acheteurs(bon, f"Bon {bon.numero} confirmé", quoi, par=par, le=le)


def proposer_une_date(
    bon: BonDeCommande, demande: DateDemandee, *, vue: int, par: Auteur, le: datetime
) -> PropositionDeDate:
    """Ask for another delivery date; it waits for the buyer's answer. Raises DemandeRefusee by field."""
    _exiger_en_cours(bon)
    exiger_la_revision_lue(bon, vue)
    delai, jour = delais(bon.lot.derogations), jour_a_paris(le)
    if fautes := fautes_de_la_demande(demande, bon.a_livrer_avant_le, jour, delai):
        raise DemandeRefusee(fautes)
    if proposition_en_attente(bon.id) is not None:
        raise DemandeRefusee({"": "Une date attend déjà la réponse du Centre de gestion\u00a0: une seule à la fois."})
    proposition = PropositionDeDate(
        bon_id=bon.id,
        etat=EtatProposition.PROPOSEE,
        a_livrer_avant_le=bon.a_livrer_avant_le,
        date_proposee=demande.date_proposee,
        cause_le=demande.cause_le,
        motif=demande.motif,
        proposee_le=le,
        proposee_par=par.nom,
        a_repondre_avant_le=reponse_attendue_le(jour, delai),
    )
    _ecrire(proposition, "proposer", f"{bon.numero}, {date_fr(demande.date_proposee)}", par, le)
    quoi = f"demande à livrer le {date_fr(demande.date_proposee)} au lieu du {date_fr(bon.a_livrer_avant_le)}"
    avant = f"Répondez avant la fin du {date_fr(proposition.a_repondre_avant_le)} (CCAG-FCS, article 13.3)."
    prevenir_les_acheteurs(
        bon, f"Bon {bon.numero}\u00a0: autre date demandée", quoi, par=par, le=le, texte=demande.motif, suite=avant
    )
    return proposition


def observer(bon: BonDeCommande, texte: str, *, vue: int, par: Auteur, le: datetime) -> ObservationDeFournisseur:
    """Make an observation, within the time the contract leaves. Raises RegleRefusee once it is over."""
    _exiger_en_cours(bon)
    exiger_la_revision_lue(bon, vue)
    recu_le = bon.recu_le and jour_a_paris(bon.recu_le)
    if motif := motif_de_forclusion(recu_le, jour_a_paris(le), delais(bon.lot.derogations)):
        raise RegleRefusee(motif)
    observation = ObservationDeFournisseur(
        bon_id=bon.id, etat=EtatObservation.RECUE, revision=bon.revision, texte=texte, faite_le=le, faite_par=par.nom
    )
    _ecrire(observation, "observer", bon.numero, par, le)
    sujet = f"Bon {bon.numero}\u00a0: une observation du fournisseur"
    prevenir_les_acheteurs(bon, sujet, "fait une observation", par=par, le=le, texte=texte)
    return observation


def _exiger_en_cours(bon: BonDeCommande) -> None:
    """Raise TransitionInterdite once nothing more is to be delivered."""
    if bon.etat not in EN_COURS_D_EXECUTION:
        fin = "annulé" if bon.etat == "annule" else "entièrement livré"
        raise TransitionInterdite(f"Le bon {bon.numero} est {fin}\u00a0: il n’y a plus rien à demander.")


def _ecrire(ecrit: PropositionDeDate | ObservationDeFournisseur, verbe: str, resume: str, par: Auteur, le: datetime):
    """The row and its line of the journal."""
    db.session.add(ecrit)
    db.session.flush()
    noter(ecrit.__tablename__, ecrit.id, verbe, par=par, le=le, resume=resume, apres=ecrit.etat)
