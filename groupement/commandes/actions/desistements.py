"""A titulaire declines: recorded with its reason, withdrawn while nothing went out. The next in rank follows by itself.

Nobody chooses who comes next (CCP R2162-14): what is recorded is that the one in force declined, never its successor.
Nothing here commits.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from groupement.catalogue.models import Lot, Titulaire
from groupement.commandes.models import BonDeCommande, Campagne, Desistement
from groupement.commandes.queries import desistements as queries
from groupement.commandes.queries.titulaires import declines_de_la_campagne
from groupement.commandes.states import EtatCampagne
from groupement.documents.pieces import PieceVerifiee
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier, deposer
from groupement.socle.journal import Auteur, noter


@dataclass(frozen=True, slots=True)
class Annonce:
    """What the titulaire said: why, when (or from when), and its letter (its name, then the file read) if it wrote."""

    motif: str
    du: date
    lettre: tuple[str, PieceVerifiee] | None = None


def decliner_la_campagne(
    campagne: Campagne, lot: Lot, fournisseur_id: int, annonce: Annonce, *, par: Auteur, le: datetime
) -> Desistement:
    """The titulaire of a lot declines a closed campagne: its bons will go to the next. The caller holds both.

    `fournisseur_id`: whom the page showed. Raises RegleRefusee when it is no longer whom the bons go to, when the
    campagne is not closed, or when nobody is left.
    """
    _exiger_close(campagne)
    jour = jour_a_paris(le)
    _exiger_passe(annonce.du, jour)
    declines = declines_de_la_campagne(campagne.id)[lot.id]
    titulaire = _en_force(lot, jour, declines, fournisseur_id)
    _exiger_un_suivant(lot, jour, {*declines, fournisseur_id}, titulaire)
    desistement = Desistement(campagne_id=campagne.id, **_valeurs(lot, titulaire, annonce, par, le))
    return _ecrire(desistement, lot, f"{titulaire.fournisseur.nom}, {campagne.intitule}", par=par, le=le)


def decliner_pour_de_bon(lot: Lot, fournisseur_id: int, annonce: Annonce, *, par: Auteur, le: datetime) -> Desistement:
    """The titulaire of a lot takes no bon any more from `annonce.du` on. The caller holds the lot.

    Raises RegleRefusee when it is not whom bons would go to that day, or when nobody would be left.
    """
    if annonce.du > lot.marche.au:
        raise RegleRefusee(f"Le marché prend fin le {date_fr(lot.marche.au)}\u00a0: choisissez un jour d’ici là.")
    titulaire = _en_force(lot, annonce.du, (), fournisseur_id)
    _exiger_un_suivant(lot, annonce.du, {fournisseur_id}, titulaire)
    for campagne in queries.campagnes_a_regrouper(lot.marche_id):
        _exiger_un_suivant(lot, annonce.du, {fournisseur_id, *declines_de_la_campagne(campagne.id)[lot.id]}, titulaire)
    titulaire.retire_du = annonce.du
    desistement = Desistement(**_valeurs(lot, titulaire, annonce, par, le))
    resume = f"{titulaire.fournisseur.nom}, à partir du {date_fr(annonce.du)}"
    return _ecrire(desistement, lot, resume, par=par, le=le)


def decliner_un_bon(
    bon: BonDeCommande, titulaire: Titulaire | None, annonce: Annonce, *, par: Auteur, le: datetime
) -> Desistement:
    """The supplier of a bon declines it; the caller cancels it and holds its lot."""
    valeurs = _valeurs(bon.lot, titulaire, annonce, par, le) | {"fournisseur_id": bon.fournisseur_id}
    desistement = Desistement(bon_id=bon.id, **valeurs)
    return _ecrire(desistement, bon.lot, f"{bon.fournisseur.nom}, bon {bon.numero}", par=par, le=le)


def lever(desistement: Desistement, *, par: Auteur, le: datetime) -> None:
    """The titulaire takes bons again. The caller holds the desistement and its campagne.

    Raises RegleRefusee for one already withdrawn, for a bon (it is cancelled), and once the bons of the campagne left.
    """
    if desistement.leve_le is not None:
        raise RegleRefusee(f"Ce désistement a déjà été retiré par {desistement.leve_par}.")
    if desistement.bon_id is not None:
        raise RegleRefusee("Le bon est annulé et son remplaçant est parti\u00a0: ce désistement ne se retire plus.")
    if desistement.campagne is not None:
        _exiger_close(desistement.campagne)
    else:
        _reprendre(desistement)
    desistement.leve_le, desistement.leve_par = le, par.nom
    db.session.flush()
    resume = f"lot {desistement.lot.numero}, {desistement.fournisseur.nom}"
    noter("lot", desistement.lot_id, "lever un desistement", par=par, le=le, resume=resume)


def _reprendre(desistement: Desistement) -> None:
    """A titulaire that had declined for good is in force again, if it still holds the lot."""
    for titulaire in desistement.lot.titulaires:
        if titulaire.fournisseur_id == desistement.fournisseur_id:
            titulaire.retire_du = None


def _exiger_close(campagne: Campagne) -> None:
    """Between the last order and the bons: before, prices are those members are shown; after, bons are out."""
    if campagne.etat is EtatCampagne.CLOSE:
        return
    if campagne.etat in (EtatCampagne.REGROUPEE, EtatCampagne.SOLDEE):
        raise RegleRefusee(
            "Les bons de cette campagne sont partis\u00a0: si un titulaire décline, annulez son bon, "
            "le suivant le reprendra."
        )
    raise RegleRefusee("Closez d’abord la campagne\u00a0: le titulaire est sollicité une fois les commandes arrêtées.")


def _exiger_passe(du: date, jour: date) -> None:
    """What a titulaire said, it said already."""
    if du > jour:
        raise RegleRefusee("Indiquez le jour où le titulaire a répondu\u00a0: il ne peut pas être à venir.")


def _en_force(lot: Lot, le: date, declines: Collection[int], fournisseur_id: int) -> Titulaire:
    """Whom the bons go to that day, when it is whom the page showed."""
    titulaire = lot.titulaire_le(le, declines)
    if titulaire is None or titulaire.fournisseur_id != fournisseur_id:
        a_qui = f"les bons vont maintenant à {titulaire.fournisseur.nom}" if titulaire else "personne ne les prend"
        raise RegleRefusee(
            f"Un désistement a été enregistré entre-temps sur le lot {lot.numero}\u00a0: {a_qui}. "
            "Rien n’a été écrit, relisez la page."
        )
    return titulaire


def _exiger_un_suivant(lot: Lot, le: date, declines: Collection[int], titulaire: Titulaire) -> None:
    """Somebody must come after."""
    if lot.titulaire_le(le, declines) is None:
        raise RegleRefusee(
            f"{titulaire.fournisseur.nom} est le dernier titulaire du lot {lot.numero} qui n’a pas décliné\u00a0: "
            "personne ne prendrait la suite. Laissez le lot de côté, ou changez le titulaire du marché par un acte."
        )


def _valeurs(lot: Lot, titulaire: Titulaire | None, annonce: Annonce, par: Auteur, le: datetime) -> dict[str, object]:
    """What every desistement holds; the letter is kept with it."""
    return {
        "lot": lot,
        "fournisseur_id": titulaire.fournisseur_id if titulaire else None,
        "du": annonce.du,
        "motif": annonce.motif,
        "lettre": _garder(annonce, le),
        "par": par.nom,
        "le": le,
    }


def _garder(annonce: Annonce, le: datetime) -> Fichier | None:
    """The letter, if there is one."""
    if annonce.lettre is None:
        return None
    nom, piece = annonce.lettre
    return deposer(nom, piece.type_mime, piece.octets, le=le)


def _ecrire(desistement: Desistement, lot: Lot, resume: str, *, par: Auteur, le: datetime) -> Desistement:
    """Write it, and its line of the journal."""
    db.session.add(desistement)
    db.session.flush()
    details = {"motif": desistement.motif}
    noter(
        "lot",
        lot.id,
        "enregistrer un desistement",
        par=par,
        le=le,
        resume=f"lot {lot.numero}, {resume}",
        details=details,
    )
    return desistement
