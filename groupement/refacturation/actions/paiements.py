"""Card payments: open one at the gateway, take in the gateway's events, each once, whatever their order."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from groupement.refacturation.actions.encaissements import encaisser
from groupement.refacturation.gateway import (
    ECHOUE_PLUS_TARD,
    EXPIRE,
    REUSSI_PLUS_TARD,
    TERMINE,
    Evenement,
    Session,
)
from groupement.refacturation.models import EvenementPaiement, Facture, PaiementEnLigne
from groupement.refacturation.queries import paiements as queries
from groupement.refacturation.rules.encaissements import imputer
from groupement.refacturation.states import (
    ETATS_DUS,
    TRANSITIONS_PAIEMENT,
    EtatPaiementEnLigne,
    MoyenEncaissement,
)
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, Automate, franchir, noter
from groupement.socle.nombres import euros_fr

CAISSE = Automate("Paiement par carte")
REFERENCE_MAX = 100


@dataclass(frozen=True, slots=True)
class Suite:
    """What was done with an event, in French; `a_verifier` when somebody must look at it."""

    phrase: str
    a_verifier: bool = False


def preparer(facture: Facture, *, par: Auteur, le: datetime) -> PaiementEnLigne:
    """The row of a payment to open for all that is owed on a locked facture; the caller commits, then asks the gateway.

    A payment the gateway never answered for is taken up again under the same key. Raises RegleRefusee.
    """
    reste = facture.reste_du_ttc
    if facture.etat not in ETATS_DUS or reste <= 0:
        raise RegleRefusee(
            f"La facture {facture.numero} n’attend plus de paiement\u00a0: elle est « {facture.etat.libelle()} »."
        )
    paiement = queries.paiement_a_reprendre(facture.id, reste)
    if paiement is None:
        paiement = PaiementEnLigne(
            facture_id=facture.id,
            montant_ttc=reste,
            etat=EtatPaiementEnLigne.OUVERT,
            ouvert_le=le,
            ouvert_par=par.nom,
            trop_percu_ttc=Decimal("0.00"),
        )
        db.session.add(paiement)
        db.session.flush()
        resume = f"{facture.numero}\u00a0: {euros_fr(reste)} par carte"
        noter("facture", facture.id, "ouvrir_paiement", par=par, le=le, resume=resume)
    return paiement


def cle_d_idempotence(paiement: PaiementEnLigne) -> str:
    """One key a payment, for ever: the moment it was opened keeps databases apart."""
    return f"groupement-{paiement.id}-{int(paiement.ouvert_le.timestamp())}"


def noter_la_session(paiement: PaiementEnLigne, session: Session) -> None:
    """Remember the page the gateway opened; the caller commits."""
    paiement.session_id = session.session_id


def renoncer(paiement: PaiementEnLigne, *, le: datetime) -> None:
    """The gateway refused to open this payment: another attempt will be another payment."""
    franchir(paiement, TRANSITIONS_PAIEMENT, "expirer", par=CAISSE, le=le, resume="refusé par le service de paiement")


def recevoir(evenement: Evenement, *, le: datetime) -> Suite | None:
    """Take in an event, in one transaction with what it changes; None for one taken in before. The caller commits."""
    paiement = queries.paiement_de_la_session(evenement.session_id, evenement.paiement_id)
    if queries.est_deja_recu(evenement.evenement_id):
        return None
    suite = _suite(evenement, paiement, le)
    db.session.add(
        EvenementPaiement(
            evenement_id=evenement.evenement_id,
            genre=evenement.genre,
            recu_le=le,
            paiement_id=paiement.id if paiement else None,
            suite=suite.phrase[:300],
            a_verifier=suite.a_verifier,
        )
    )
    db.session.flush()
    return suite


def _suite(evenement: Evenement, paiement: PaiementEnLigne | None, le: datetime) -> Suite:
    """What the event means for the payment."""
    if paiement is None:
        recu = f" de {euros_fr(evenement.montant_ttc)}" if evenement.montant_ttc is not None else ""
        return Suite(f"Session inconnue{recu}\u00a0: à rechercher chez Stripe.", a_verifier=evenement.est_paye)
    if paiement.session_id is None:
        paiement.session_id = evenement.session_id
    if evenement.genre == REUSSI_PLUS_TARD or (evenement.genre == TERMINE and evenement.est_paye):
        return _payer(evenement, paiement, le)
    if evenement.genre == TERMINE:
        return Suite("Paiement demandé à la banque\u00a0: la réponse suivra.")
    if evenement.genre in (EXPIRE, ECHOUE_PLUS_TARD):
        return _expirer(evenement, paiement, le)
    return Suite("Événement sans effet sur le paiement.")


def _payer(evenement: Evenement, paiement: PaiementEnLigne, le: datetime) -> Suite:
    """The money is there: as much as is owed settles the facture, the rest is kept aside to be given back."""
    if paiement.etat is EtatPaiementEnLigne.PAYE:
        return Suite("Ce paiement était déjà compté.")
    if evenement.montant_ttc is None:
        return Suite("Paiement dans une autre devise que l’euro\u00a0: à vérifier chez Stripe.", a_verifier=True)
    facture = queries.facture_du_paiement(paiement)
    du_ttc = facture.reste_du_ttc if facture.etat in ETATS_DUS else Decimal("0.00")
    part = imputer(evenement.montant_ttc, du_ttc)
    franchir(paiement, TRANSITIONS_PAIEMENT, "payer", par=CAISSE, le=le, resume=facture.numero)
    if part.impute_ttc > 0:
        reference = evenement.session_id[:REFERENCE_MAX]
        jour = jour_a_paris(le)
        encaisser(facture, part.impute_ttc, MoyenEncaissement.CARTE, jour, reference, par=CAISSE, le=le)
    if part.trop_percu_ttc > 0:
        paiement.trop_percu_ttc = part.trop_percu_ttc
        facture.trop_percu_ttc += part.trop_percu_ttc
        resume = f"{facture.numero}\u00a0: {euros_fr(part.trop_percu_ttc)} reçus en trop, à rembourser"
        noter("facture", facture.id, "constater_trop_percu", par=CAISSE, le=le, resume=resume)
    return _phrase(evenement.montant_ttc, paiement, facture, part.trop_percu_ttc)


def _phrase(recu_ttc: Decimal, paiement: PaiementEnLigne, facture: Facture, trop_ttc: Decimal) -> Suite:
    """What the comptable reads of a payment."""
    phrase = f"Facture {facture.numero}\u00a0: {euros_fr(recu_ttc)} reçus"
    if trop_ttc > 0:
        phrase += f", dont {euros_fr(trop_ttc)} en trop, à rembourser"
    if recu_ttc != paiement.montant_ttc:
        phrase += f"\u00a0; {euros_fr(paiement.montant_ttc)} étaient attendus"
    return Suite(f"{phrase}.", a_verifier=trop_ttc > 0 or recu_ttc != paiement.montant_ttc)


def _expirer(evenement: Evenement, paiement: PaiementEnLigne, le: datetime) -> Suite:
    """The page was left, or the bank said no. An event older than the payment it follows changes nothing."""
    if paiement.etat is not EtatPaiementEnLigne.OUVERT:
        return Suite(f"Sans effet\u00a0: ce paiement est déjà « {paiement.etat.libelle()} ».")
    franchir(paiement, TRANSITIONS_PAIEMENT, "expirer", par=CAISSE, le=le)
    if evenement.genre == ECHOUE_PLUS_TARD:
        return Suite("Paiement refusé par la banque.")
    return Suite("Page de paiement abandonnée.")
