"""What the buyer answers a supplier, and the link it gives or takes back. The caller holds the bon and commits."""

from datetime import datetime
from decimal import Decimal

from groupement.commandes.actions.avis_des_echanges import repondre_au_fournisseur
from groupement.commandes.actions.bons import envoyer_au_fournisseur
from groupement.commandes.actions.revisions import reviser
from groupement.commandes.models import BonDeCommande, ObservationDeFournisseur, PropositionDeDate
from groupement.commandes.rules.bon_a_reviser import Demande
from groupement.commandes.states import EN_COURS_D_EXECUTION, TRANSITIONS_OBSERVATION, TRANSITIONS_PROPOSITION
from groupement.socle.calendrier import date_fr
from groupement.socle.etats import TransitionInterdite
from groupement.socle.journal import Auteur, franchir, noter


def accepter(proposition: PropositionDeDate, reponse: str, *, vue: int, par: Auteur, le: datetime) -> None:
    """Give the date asked: the bon is revised, its deliveries follow, everybody is told by the revision.

    `vue`: the revision the page showed. Raises ConflitDeVersion, TransitionInterdite, RevisionRefusee.
    """
    bon = proposition.bon
    _repondre(proposition, "accepter", reponse, par, le)
    reviser(bon, _report(proposition), _motif(proposition, reponse), vue=vue, empreinte=None, par=par, le=le)


def _report(proposition: PropositionDeDate) -> Demande:
    """A revision that changes the deadline alone."""
    port: Decimal = proposition.bon.port_ht
    return Demande(proposition.date_proposee, port, unites={}, garder={}, lieux={})


def _motif(proposition: PropositionDeDate, reponse: str) -> str:
    """Why the bon is revised, as its supplier and the members read it."""
    motif = f"Date demandée par le fournisseur le {date_fr(proposition.proposee_le)}\u00a0: {proposition.motif}"
    suite = f" Réponse\u00a0: {reponse}" if reponse else ""
    return motif[: 490 - len(suite)] + suite


def refuser(proposition: PropositionDeDate, reponse: str, *, par: Auteur, le: datetime) -> None:
    """Keep the date of the bon, and say why."""
    bon = proposition.bon
    _repondre(proposition, "refuser", reponse, par, le)
    decision = (
        f"La date demandée, le {date_fr(proposition.date_proposee)}, est refusée\u00a0: "
        f"le bon est à livrer au plus tard le {date_fr(bon.a_livrer_avant_le)}."
    )
    sujet = f"Bon {bon.numero}\u00a0: votre demande de date"
    repondre_au_fournisseur(bon, sujet, le=le, decision=decision, demande=proposition.motif, reponse=reponse)


def repondre_a_l_observation(observation: ObservationDeFournisseur, reponse: str, *, par: Auteur, le: datetime) -> None:
    """Answer an observation; the bon itself changes by a revision only."""
    bon = observation.bon
    _repondre(observation, "donner_suite", reponse, par, le)
    sujet = f"Bon {bon.numero}\u00a0: réponse à votre observation"
    decision = "Le Centre de gestion a répondu à votre observation."
    repondre_au_fournisseur(bon, sujet, le=le, decision=decision, demande=observation.texte, reponse=reponse)


def _repondre(
    ecrit: PropositionDeDate | ObservationDeFournisseur, verbe: str, reponse: str, par: Auteur, le: datetime
) -> None:
    """Take it through its table, once. Raises TransitionInterdite, naming who answered first."""
    table = TRANSITIONS_PROPOSITION if isinstance(ecrit, PropositionDeDate) else TRANSITIONS_OBSERVATION
    if ecrit.repondue_le is not None:
        raise TransitionInterdite(
            f"{ecrit.repondue_par} a déjà répondu, le {date_fr(ecrit.repondue_le)}\u00a0: rien n’a été enregistré."
        )
    if ecrit.bon.etat not in EN_COURS_D_EXECUTION:
        raise TransitionInterdite(f"Le bon {ecrit.bon.numero} est terminé\u00a0: il n’y a plus à répondre.")
    franchir(ecrit, table, verbe, par=par, le=le, resume=ecrit.bon.numero)
    ecrit.repondue_le, ecrit.repondue_par, ecrit.reponse = le, par.nom, reponse


def renouveler_le_lien(bon: BonDeCommande, *, par: Auteur, le: datetime) -> str:
    """A new link, sent to the supplier with the bon; those sent before open nothing. Returns the address."""
    _exiger_un_lien_utile(bon)
    bon.lien_numero, bon.lien_coupe_le = bon.lien_numero + 1, None
    destinataire = envoyer_au_fournisseur(bon, le, bon.fournisseur.courriel)
    _noter(bon, "renouveler le lien", destinataire, par, le)
    return destinataire


def couper_le_lien(bon: BonDeCommande, *, par: Auteur, le: datetime) -> None:
    """The link sent opens nothing any more, until it is renewed."""
    _exiger_un_lien_utile(bon)
    if bon.lien_coupe_le is None:
        bon.lien_coupe_le = le
        _noter(bon, "couper le lien", bon.numero, par, le)


def _exiger_un_lien_utile(bon: BonDeCommande) -> None:
    """Raise TransitionInterdite once nothing more is to be delivered: the link ends by itself."""
    if bon.etat not in EN_COURS_D_EXECUTION:
        raise TransitionInterdite(f"Le bon {bon.numero} est terminé\u00a0: son lien se ferme de lui-même.")


def _noter(bon: BonDeCommande, verbe: str, resume: str, par: Auteur, le: datetime) -> None:
    """A line of the journal on the bon."""
    noter(bon.__tablename__, bon.id, verbe, par=par, le=le, resume=resume, avant=bon.etat, apres=bon.etat)
