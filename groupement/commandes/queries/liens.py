"""The door of the signed link: the bon it names, for whoever holds it.

The token holds the number of the bon and that of the link, signed with the key of the application. A link that is
renewed or cut, or whose bon has ended for long, opens nothing any more.
"""

from datetime import date

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import func, select

from groupement.adherents.securite.courrier import adresse_publique
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.bons import bon_parmi
from groupement.commandes.rules.liens import motif_du_lien_mort
from groupement.commandes.states import EtatBonDeCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import Evenement

FINS = {EtatBonDeCommande.SOLDE: "solder", EtatBonDeCommande.ANNULE: "annuler"}


class LienRefuse(Exception):
    """The link opens nothing: 404 when nobody signed it (no reason given), 410 when it is over, with why."""

    def __init__(self, motif: str = "") -> None:
        """`motif`: why it is over."""
        super().__init__(motif)
        self.code, self.motif = (410, motif) if motif else (404, "")


def _serialiseur() -> URLSafeSerializer:
    """Signs with the key of the application, for this use alone."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="bon-de-commande")


def jeton_du_bon(bon: BonDeCommande) -> str:
    """What tells that bon in an address."""
    return str(_serialiseur().dumps([bon.id, bon.lien_numero]))


def lien_du_bon(bon: BonDeCommande) -> str:
    """The address written to the supplier."""
    # Not url_for: mails are also written by commands, outside any request.
    plan = current_app.url_map.bind("")
    return adresse_publique(plan.build("bon_par_lien.show", {"jeton": jeton_du_bon(bon)}))


def bon_du_lien(jeton: str, le: date, *, verrou: bool = False) -> BonDeCommande:
    """The bon the link names, with its lot, campagne and supplier. Raises LienRefuse."""
    bon_id, numero = _designes(jeton)
    bon = bon_parmi(BonDeCommande.id == bon_id, verrou=verrou)
    if bon is None:
        raise LienRefuse
    coupe = bon.lien_coupe_le and jour_a_paris(bon.lien_coupe_le)
    if motif := motif_du_lien_mort(numero, bon.lien_numero, coupe, clos_le(bon), le):
        raise LienRefuse(motif)
    return bon


def _designes(jeton: str) -> tuple[int, int]:
    """The numbers of the bon and of the link. Raises LienRefuse for a link nobody signed."""
    try:
        designes = _serialiseur().loads(jeton)
    except (BadData, ValueError):
        raise LienRefuse from None
    match designes:
        case [int() as bon_id, int() as numero]:
            return bon_id, numero
    raise LienRefuse


def clos_le(bon: BonDeCommande) -> date | None:
    """The day the bon ended, as the journal says; None while it runs."""
    verbe = FINS.get(bon.etat)
    if verbe is None:
        return None
    fin = db.session.scalar(
        select(func.max(Evenement.le)).where(
            Evenement.objet == bon.__tablename__, Evenement.objet_id == bon.id, Evenement.verbe == verbe
        )
    )
    return jour_a_paris(fin or bon.emis_le)
