"""Record that factures were deposited, all together; note a deposit that does not count. Nothing is ever undone.

The number of statements does not depend on the number of factures; the caller commits.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, insert, literal, select

from groupement.refacturation.actions.suites import inscrire
from groupement.refacturation.models import ErreurDeTransmission, Facture, FactureTransmise, Transmission
from groupement.refacturation.queries import depots as queries
from groupement.refacturation.queries.depots import Choix
from groupement.refacturation.rules.depots import refus_de_date, refus_de_depot
from groupement.refacturation.states import TRANSITIONS_FACTURE, Destination, EtatFacture
from groupement.socle import fichiers
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import DateHeure, db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir_tous, noter
from groupement.socle.nombres import accorde, euros_fr

CSV = "text/csv; charset=utf-8"
DEPOSER, SIGNALER = "deposer", "signaler_un_depot"


class DepotRefuse(RegleRefusee):
    """The deposit cannot be recorded so; the sentence says why. `champ`: the field at fault, if one is."""

    def __init__(self, phrase: str, champ: str = "") -> None:
        super().__init__(phrase)
        self.champ = champ


@dataclass(frozen=True, slots=True)
class Depot:
    """What the comptable says of a deposit; `attendues`: how many factures the page showed."""

    destination: Destination
    deposee_le: date
    reference: str
    attendues: int


def deposer(choix: Choix, depot: Depot, *, par: Auteur, le: datetime) -> Transmission:
    """Record the deposit of the factures of `choix`. Raises DepotRefuse; nothing is written then."""
    verrouiller_ecriture()
    voulues = queries.choisies(choix)
    db.session.execute(select(Facture.id).where(voulues).order_by(Facture.id).with_for_update(of=Facture)).all()
    rangees = db.session.execute(queries.lignes(voulues)).all()  # read again: another deposit may just have ended
    _controler(depot, [rangee.emise_le for rangee in rangees], jour_a_paris(le))
    octets = queries.bordereau_de(rangees)
    fichier = fichiers.deposer(f"bordereau-{depot.deposee_le.isoformat()}.csv", CSV, octets, le=le)
    transmission = Transmission(
        destination=depot.destination,
        deposee_le=depot.deposee_le,
        reference=depot.reference[:100],
        factures=len(rangees),
        total_ttc=sum(rangee.total_ttc for rangee in rangees),
        fichier_id=fichier.id,
        sha256=fichier.sha256,
        saisie_le=le,
        par=par.nom,
    )
    db.session.add(transmission)
    db.session.flush()
    lignes = select(literal(transmission.id), Facture.id).where(voulues)
    db.session.execute(insert(FactureTransmise).from_select(("transmission_id", "facture_id"), lignes))
    _journaliser(transmission, par, le)
    return transmission


def _controler(depot: Depot, emises: list[date], jour: date) -> None:
    """The factures are those the page showed, the day is possible."""
    if refus := refus_de_depot(len(emises), depot.attendues):
        raise DepotRefuse(refus)
    if refus := refus_de_date(depot.deposee_le, max(emises), jour):
        raise DepotRefuse(refus, "deposee_le")


def _journaliser(transmission: Transmission, par: Auteur, le: datetime) -> None:
    """The factures change state, each with its line; those already paid in part keep theirs. Four statements."""
    quoi = f"{transmission.destination.libelle()}, {date_fr(transmission.deposee_le)}, {transmission.reference}"
    siennes = Facture.id.in_(
        select(FactureTransmise.facture_id).where(FactureTransmise.transmission_id == transmission.id)
    )
    inscrire(DEPOSER, siennes & (Facture.etat != EtatFacture.EMISE), par, le)
    franchir_tous(Facture, siennes, TRANSITIONS_FACTURE, DEPOSER, par=par, le=le, resume=quoi[:500])
    combien = f"{accorde(transmission.factures, 'facture')}, {euros_fr(transmission.total_ttc)} TTC"
    noter("transmission", transmission.id, DEPOSER, par=par, le=le, resume=f"{quoi}\u00a0: {combien}"[:500])


def signaler(transmission: Transmission, facture_id: int | None, motif: str, *, par: Auteur, le: datetime) -> int:
    """Note that a deposit does not count, of one facture or of all; they are to deposit again. Returns how many.

    `transmission` is held. Raises DepotRefuse when nothing of it counts any more.
    """
    combien = queries.combien_valables(transmission.id, facture_id)
    if not combien:
        raise DepotRefuse("L’erreur est déjà notée\u00a0: ce dépôt ne compte plus.")
    fautives = select(
        FactureTransmise.id, literal(motif, String), literal(le, DateHeure), literal(par.nom, String)
    ).where(queries.valables(transmission.id, facture_id))
    db.session.execute(insert(ErreurDeTransmission).from_select(("ligne_id", "motif", "le", "par"), fautives))
    signalees = _signalees(transmission.id, le)
    inscrire(SIGNALER, signalees & Facture.etat.not_in((EtatFacture.DEPOSEE, EtatFacture.EMISE)), par, le)
    franchir_tous(Facture, signalees, TRANSITIONS_FACTURE, SIGNALER, par=par, le=le, resume=motif[:500])
    resume = f"{accorde(combien, 'facture')}\u00a0: {motif}"[:500]
    noter("transmission", transmission.id, SIGNALER, par=par, le=le, resume=resume)
    return combien


def _signalees(transmission_id: int, le: datetime) -> ColumnElement[bool]:
    """The factures whose error was noted at that instant, and that no other deposit covers."""
    lignes = (
        select(FactureTransmise.facture_id)
        .join(ErreurDeTransmission, ErreurDeTransmission.ligne_id == FactureTransmise.id)
        .where(FactureTransmise.transmission_id == transmission_id, ErreurDeTransmission.le == le)
    )
    return Facture.id.in_(lignes) & ~queries.DEPOSEE
