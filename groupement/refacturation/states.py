"""States of the member's invoice, and settings of the re-billing."""

from groupement.socle.etats import EtatLibelle, Transitions


class EtatFacture(EtatLibelle):
    """A facture to a member body."""

    EMISE = "emise", "À payer", "Émise"
    DEPOSEE = "deposee", "Déposée, à payer", "Déposée"
    PARTIELLEMENT_PAYEE = "partiellement_payee", "Payée en partie"
    PAYEE = "payee", "Payée"
    ANNULEE_PAR_AVOIR = "annulee_par_avoir", "Annulée par un avoir"


_DUE = {EtatFacture.EMISE, EtatFacture.DEPOSEE, EtatFacture.PARTIELLEMENT_PAYEE}
ETATS_DUS = frozenset(_DUE)

TRANSITIONS_FACTURE: Transitions = {
    "deposer": ({EtatFacture.EMISE}, EtatFacture.DEPOSEE),
    # A deposit is never undone: noted as wrong, it leaves its facture to be deposited again.
    "signaler_un_depot": ({EtatFacture.DEPOSEE}, EtatFacture.EMISE),
    "encaisser_en_partie": (_DUE, EtatFacture.PARTIELLEMENT_PAYEE),
    "encaisser": (_DUE, EtatFacture.PAYEE),
    "solder": (_DUE, EtatFacture.PAYEE),  # what was paid and what was credited make the whole
    # A facture already paid may be credited whole: what was paid is then to be given back.
    "annuler_par_avoir": (_DUE | {EtatFacture.PAYEE}, EtatFacture.ANNULEE_PAR_AVOIR),
}


class ModeTva(EtatLibelle):
    """How VAT is passed on: a setting of the groupement, decided with the comptable (never by the software)."""

    A = "A", "Achat-revente\u00a0: HT et TVA au taux de l’article"
    B = "B", "Débours\u00a0: montant exact, sans ligne de TVA"
    C = "C", "Non assujetti\u00a0: coût TTC, «\u00a0à l’euro l’euro\u00a0»"


class MoyenEncaissement(EtatLibelle):
    """How money came in."""

    VIREMENT = "virement", "Virement"
    CARTE = "carte", "Carte bancaire"


class Destination(EtatLibelle):
    """Where factures were deposited."""

    CHORUS_PRO = "chorus_pro", "Chorus Pro"
    LOGICIEL = "logiciel", "Logiciel financier"


class EtatPaiementEnLigne(EtatLibelle):
    """An online payment opened at the gateway."""

    OUVERT = "ouvert", "En cours"
    PAYE = "paye", "Payé"
    EXPIRE = "expire", "Abandonné"


TRANSITIONS_PAIEMENT: Transitions = {
    "payer": ({EtatPaiementEnLigne.OUVERT, EtatPaiementEnLigne.EXPIRE}, EtatPaiementEnLigne.PAYE),
    "expirer": ({EtatPaiementEnLigne.OUVERT}, EtatPaiementEnLigne.EXPIRE),
}
