"""How a state looks, everywhere the same: one tone and one icon per stored value."""

from typing import NamedTuple


class Apparence(NamedTuple):
    """A tone (neutre, info, succes, attention, danger) and the name of an icon in static/icones.svg."""

    ton: str
    icone: str


INCONNUE = Apparence("neutre", "circle")
ICONES_DE_TON = {
    "neutre": "circle",
    "info": "info-circle",
    "succes": "check-circle",
    "attention": "exclamation-triangle",
    "danger": "exclamation-octagon",
}

A_FAIRE = Apparence("attention", "pencil")
EN_COURS = Apparence("info", "hourglass-split")
EN_ATTENTE = Apparence("attention", "clock")
FAIT = Apparence("succes", "check-circle-fill")
ARCHIVE = Apparence("neutre", "archive")
ANNULE = Apparence("neutre", "slash-circle")
REFUSE = Apparence("danger", "x-circle-fill")

APPARENCES = {
    # intention, adhésion
    "recue": Apparence("info", "inbox"),
    "rattachee": Apparence("info", "link-45deg"),
    "convertie": FAIT,
    "ecartee": ANNULE,
    "demandee": EN_ATTENTE,
    "deliberee": Apparence("info", "bank"),
    "signee": FAIT,
    "retiree": ANNULE,
    # campagne, commande
    "preparee": A_FAIRE,
    "ouverte": Apparence("succes", "unlock"),
    "en_complement": Apparence("info", "boxes"),
    "close": Apparence("neutre", "lock"),
    "brouillon": A_FAIRE,
    "soumise": EN_ATTENTE,
    "validee": Apparence("succes", "check-circle"),
    "regroupee": Apparence("info", "boxes"),
    "servie": Apparence("succes", "box-seam"),
    "soldee": FAIT,
    "renvoyee": Apparence("attention", "reply"),
    "annulee": ANNULE,
    # bon de commande
    "emis": Apparence("info", "send"),
    "accuse": Apparence("info", "send-check"),
    "en_livraison": Apparence("info", "truck"),
    "solde": FAIT,
    "modifie": Apparence("attention", "pencil-square"),
    "annule": ANNULE,
    # livraison
    "annoncee": Apparence("info", "calendar-event"),
    "livree": Apparence("info", "truck"),
    "en_verification": Apparence("attention", "clipboard-check"),
    "admise": FAIT,
    "admise_tacite": Apparence("succes", "hourglass-split"),
    "ajournee": Apparence("attention", "pause-circle"),
    "admise_avec_refaction": Apparence("attention", "percent"),
    "rejetee": REFUSE,
    # facture d’un fournisseur, facture à un membre
    "rapprochee": Apparence("info", "link-45deg"),
    "acceptee": Apparence("succes", "check-circle"),
    "suspendue": Apparence("attention", "pause-circle"),
    "emise": Apparence("info", "receipt"),
    "deposee": Apparence("info", "upload"),
    "partiellement_payee": Apparence("attention", "circle-half"),
    "payee_partiellement": Apparence("attention", "circle-half"),
    "payee": FAIT,
    "en_retard": Apparence("danger", "exclamation-octagon-fill"),
    "annulee_par_avoir": ANNULE,
    # état des lieux
    "planifie": Apparence("info", "calendar-event"),
    "releve": Apparence("attention", "rulers"),
    "valide": Apparence("succes", "check-circle"),
    "suivi": Apparence("info", "eye"),
    # mission, prestation
    "prevue": Apparence("info", "calendar-event"),
    "terminee": FAIT,
    "a_facturer": Apparence("attention", "receipt"),
    "facturee": Apparence("succes", "receipt-cutoff"),
    # courriel, travail en arrière-plan
    "en_attente": EN_ATTENTE,
    "en_cours": EN_COURS,
    "a_envoyer": EN_ATTENTE,
    "envoye": Apparence("succes", "envelope-check"),
    "echoue": REFUSE,
    "termine": FAIT,
}


def apparence(etat: str, ton: str = "", icone: str = "") -> Apparence:
    """The look of a state; a given tone or icon wins; an unknown value gets a neutral look, or its tone's icon."""
    connue = APPARENCES.get(etat, INCONNUE)
    if not ton:
        return Apparence(connue.ton, icone or connue.icone)
    return Apparence(ton, icone or (connue.icone if etat in APPARENCES else ICONES_DE_TON[ton]))
