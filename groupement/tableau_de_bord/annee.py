"""The year of a body as steps, and the next thing to do: pure, from what the queries found."""

from dataclasses import dataclass
from datetime import date

FAITE, EN_COURS, A_VENIR, ARRETEE = "faite", "en_cours", "a_venir", "arretee"


@dataclass(frozen=True, slots=True)
class Faits:
    """What is known of the year of a body. States as stored."""

    intention_le: date | None = None
    adhesion: str = ""  # the state under the present convention; empty: none
    signee_le: date | None = None
    refus: str | None = None  # why it may not order on the marché of the campagne
    audit: str = ""
    audit_le: date | None = None
    campagne: str = ""  # the name of the latest window
    campagne_etat: str = ""
    campagne_au: date | None = None
    commande: str = ""  # the state of its order there
    a_recevoir: int = 0
    recues: int = 0
    factures: int = 0
    dues: int = 0
    en_retard: int = 0
    echeance_le: date | None = None


@dataclass(frozen=True, slots=True)
class Etape:
    """One step: its name, how far it is, when, a word of detail."""

    libelle: str
    avancement: str
    quand: str = ""
    detail: str = ""
    url: str = ""


PARTIES = ("validee", "regroupee", "servie", "soldee")
COMMANDES = {
    "brouillon": "Panier à terminer",
    "soumise": "Attend le valideur",
    "validee": "Validée",
    "regroupee": "Chez le fournisseur",
    "servie": "Livrée",
    "soldee": "Facturée",
}


def etapes(faits: Faits) -> list[Etape]:
    """Declaration, adhesion, audit, order, delivery, payment, in the order of the year."""
    signee, partie = faits.adhesion == "signee", faits.commande in PARTIES
    return [
        Etape("Intention déclarée", FAITE if faits.intention_le or signee else EN_COURS, _jour(faits.intention_le)),
        _adhesion(faits),
        Etape(
            "État des lieux",
            FAITE if faits.audit in ("valide", "suivi") else EN_COURS if faits.audit else A_VENIR,
            _jour(faits.audit_le),
            "" if faits.audit else "Facultatif",
        ),
        Etape(
            "Commande",
            FAITE if partie else ARRETEE if faits.refus else EN_COURS if faits.commande else A_VENIR,
            "",
            COMMANDES.get(faits.commande, faits.campagne),
        ),
        Etape(
            "Livraison",
            EN_COURS if faits.a_recevoir else FAITE if faits.recues and partie else A_VENIR,
            "",
            f"{faits.a_recevoir} à recevoir" if faits.a_recevoir else "",
        ),
        Etape(
            "Paiement",
            EN_COURS if faits.dues else FAITE if faits.factures and partie else A_VENIR,
            _jour(faits.echeance_le) if faits.dues else "",
            "En retard" if faits.en_retard else "",
        ),
    ]


def prochaine_etape(faits: Faits, le: date) -> str:
    """What comes next, in one sentence: the most pressing first."""
    if faits.en_retard:
        return "Payer ce qui est en retard."
    if faits.a_recevoir:
        return "Recevoir la livraison attendue, et dire ce qui manque ou est abîmé."
    if faits.adhesion in ("", "demandee", "retiree"):
        return "Faire voter la délibération d’adhésion par le conseil, puis l’envoyer au Centre de gestion."
    if faits.adhesion == "deliberee":
        return "Signer la convention\u00a0: elle est délibérée."
    ouverte = faits.campagne_etat == "ouverte" and faits.campagne_au is not None and faits.campagne_au >= le
    if ouverte and faits.refus:
        return faits.refus
    if ouverte and faits.commande not in PARTIES:
        verbe = {"": "Commander", "brouillon": "Terminer le panier", "soumise": "Valider la commande"}[faits.commande]
        return f"{verbe} avant le {_jour(faits.campagne_au)} ({faits.campagne})."
    if faits.dues:
        return f"Payer avant le {_jour(faits.echeance_le)}."
    return "Rien à faire pour l’instant."


def _adhesion(faits: Faits) -> Etape:
    """Signed, on its way, or left."""
    avancement = {"signee": FAITE, "retiree": ARRETEE, "deliberee": EN_COURS, "demandee": EN_COURS}
    mots = {"deliberee": "Délibérée, à signer", "demandee": "Demandée", "retiree": "Retirée"}
    return Etape(
        "Adhésion",
        avancement.get(faits.adhesion, A_VENIR),
        _jour(faits.signee_le) if faits.adhesion == "signee" else "",
        mots.get(faits.adhesion, ""),
    )


def _jour(jour: date | None) -> str:
    """A day in figures."""
    return f"{jour:%d/%m/%Y}" if jour else ""
