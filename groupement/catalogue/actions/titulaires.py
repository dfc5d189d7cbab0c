"""Who holds a lot: freely set before the notification, by a dated act after it. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupement.catalogue.actions.avenants import EnTete, ecrire_avenant
from groupement.catalogue.actions.marches import est_notifie
from groupement.catalogue.actions.prix import transmettre_les_prix
from groupement.catalogue.models import Avenant, Cotraitant, EffetAvenant, Fournisseur, Lot, Titulaire
from groupement.catalogue.queries.prix import a_des_prix_propres
from groupement.catalogue.rules.cascade import TermesPropres
from groupement.catalogue.states import MotifDeChangement, TypeGroupement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter

TITULAIRES_AU_PLUS = 10
DECALAGE = 1000  # ranks are moved away, then written: two of one rank never meet


@dataclass(frozen=True, slots=True)
class Groupement:
    """How a titulaire answered: alone, or with others (name, SIRET), for which it speaks."""

    type: TypeGroupement = TypeGroupement.SEUL
    cotraitants: tuple[tuple[str, str], ...] = ()


def instantane(titulaires: Sequence[Titulaire]) -> list[dict[str, Any]]:
    """The titulaires as they are, for an act that changes them."""
    return [
        {
            "rang": titulaire.rang,
            "nom": titulaire.fournisseur.nom,
            "siret": titulaire.fournisseur.siret,
            "groupement": titulaire.groupement.value,
            "cotraitants": [{"nom": c.nom, "siret": c.siret} for c in titulaire.cotraitants],
        }
        for titulaire in titulaires
    ]


def ajouter_titulaire(
    lot: Lot, fournisseur: Fournisseur, groupement: Groupement, *, par: Auteur, le: datetime
) -> Titulaire:
    """One more titulaire, last in rank. Before the notification only."""
    _refuser_si_notifie(lot, le)
    _refuser_un_titulaire_connu(lot, fournisseur)
    if len(lot.titulaires) >= TITULAIRES_AU_PLUS:
        raise RegleRefusee(f"Un lot a {TITULAIRES_AU_PLUS} titulaires au plus.")
    titulaire = Titulaire(lot_id=lot.id, fournisseur=fournisseur, rang=len(lot.titulaires) + 1)
    lot.titulaires.append(titulaire)
    _grouper(titulaire, groupement)
    db.session.flush()
    noter("lot", lot.id, "ajouter un titulaire", par=par, le=le, resume=f"lot {lot.numero}, {fournisseur.nom}")
    return titulaire


def preciser_groupement(titulaire: Titulaire, groupement: Groupement, *, par: Auteur, le: datetime) -> None:
    """Say with whom a titulaire answered."""
    _grouper(titulaire, groupement)
    db.session.flush()
    resume = f"{titulaire.fournisseur.nom}, {groupement.type.libelle()}, {len(groupement.cotraitants)} cotraitant(s)"
    noter("lot", titulaire.lot_id, "preciser le groupement", par=par, le=le, resume=resume)


def fixer_les_conditions(titulaire: Titulaire, termes: TermesPropres, *, par: Auteur, le: datetime) -> None:
    """The delivery terms of a titulaire, where they are not the lot's; bons already issued keep theirs."""
    for champ in ("delai_livraison_jours", "franco_ht", "port_ht", "minimum_commande_ht"):
        setattr(titulaire, champ, getattr(termes, champ))
    db.session.flush()
    resume = f"lot {titulaire.lot.numero}, {titulaire.fournisseur.nom}"
    noter("lot", titulaire.lot_id, "fixer les conditions d’un titulaire", par=par, le=le, resume=resume)


def retirer_titulaire(titulaire: Titulaire, *, par: Auteur, le: datetime) -> None:
    """Take a titulaire off before the notification; those below move up."""
    lot = titulaire.lot
    _refuser_si_notifie(lot, le)
    nom = titulaire.fournisseur.nom
    _enlever(lot, titulaire)
    _donner_les_prix_du_lot(lot)
    noter("lot", lot.id, "retirer un titulaire", par=par, le=le, resume=f"lot {lot.numero}, {nom}")


def monter_titulaire(titulaire: Titulaire, *, par: Auteur, le: datetime) -> None:
    """One rank up, before the notification."""
    lot = titulaire.lot
    _refuser_si_notifie(lot, le)
    if titulaire.rang == 1:
        raise RegleRefusee("Ce titulaire est déjà le premier.")
    ordre = list(lot.titulaires)
    place = ordre.index(titulaire)
    ordre[place - 1], ordre[place] = ordre[place], ordre[place - 1]
    _ranger(lot, ordre)
    _donner_les_prix_du_lot(lot)
    resume = f"lot {lot.numero}, {titulaire.fournisseur.nom} au rang {titulaire.rang}"
    noter("lot", lot.id, "ranger les titulaires", par=par, le=le, resume=resume)


def changer_titulaire(
    titulaire: Titulaire,
    motif: MotifDeChangement,
    remplacant: Fournisseur | None,
    entete: EnTete,
    *,
    par: Auteur,
    le: datetime,
) -> Avenant:
    """After the notification: a dated act (R2194-6). A cession names who takes the lot over, at the same rank and
    prices; after a défaillance the next in rank takes the place, at its own. Bons already issued keep their supplier.
    """
    lot = titulaire.lot
    if not est_notifie(lot.marche, jour_a_paris(le)):
        raise RegleRefusee("Le marché n’est pas encore notifié\u00a0: ses titulaires se changent librement.")
    avant = instantane(lot.titulaires)
    if motif is MotifDeChangement.CESSION:
        _ceder(titulaire, remplacant)
    else:
        _enlever(lot, titulaire)
    effet = EffetAvenant(
        lot_id=lot.id,
        plafond_avant_ht=lot.plafond_ht,
        plafond_apres_ht=lot.plafond_ht,
        titulaires_avant=avant,
        titulaires_apres=instantane(lot.titulaires),
    )
    return ecrire_avenant(lot.marche, entete, [effet], par=par, le=le)


def _ceder(titulaire: Titulaire, remplacant: Fournisseur | None) -> None:
    """Another company at the same rank."""
    if remplacant is None:
        raise RegleRefusee("Choisissez l’entreprise qui reprend le lot.")
    _refuser_un_titulaire_connu(titulaire.lot, remplacant)
    if not titulaire.prix_du_lot:
        transmettre_les_prix(titulaire.lot_id, titulaire.fournisseur_id, remplacant.id)
    titulaire.fournisseur, titulaire.retire_du = remplacant, None
    _grouper(titulaire, Groupement())
    db.session.flush()


def _enlever(lot: Lot, titulaire: Titulaire) -> None:
    """Off the list; the others close ranks."""
    restants = [autre for autre in lot.titulaires if autre is not titulaire]
    if not restants:
        raise RegleRefusee("Le lot n’aurait plus de titulaire\u00a0: choisissez plutôt qui le reprend.")
    db.session.delete(titulaire)
    db.session.flush()
    _ranger(lot, restants)


def _ranger(lot: Lot, ordre: Sequence[Titulaire]) -> None:
    """Ranks 1, 2, … in this order."""
    for decalage in (DECALAGE, 0):
        for rang, titulaire in enumerate(ordre, 1):
            titulaire.rang = rang + decalage
        db.session.flush()
    db.session.expire(lot, ["titulaires"])


def _donner_les_prix_du_lot(lot: Lot) -> None:
    """Before the notification, while nobody has prices of its own: those of the lot are those of the first."""
    if a_des_prix_propres(lot):
        return
    for titulaire in lot.titulaires:
        titulaire.prix_du_lot = titulaire.rang == 1
    db.session.flush()


def _grouper(titulaire: Titulaire, groupement: Groupement) -> None:
    """The group a titulaire speaks for, in place of what was there."""
    titulaire.groupement = groupement.type
    titulaire.cotraitants.clear()
    db.session.flush()
    titulaire.cotraitants.extend(Cotraitant(nom=nom, siret=siret) for nom, siret in groupement.cotraitants)


def _refuser_si_notifie(lot: Lot, le: datetime) -> None:
    """A signed lot changes hands by an act."""
    if est_notifie(lot.marche, jour_a_paris(le)):
        raise RegleRefusee("Le marché est notifié\u00a0: ses titulaires changent par un acte daté.")


def _refuser_un_titulaire_connu(lot: Lot, fournisseur: Fournisseur) -> None:
    """One rank a supplier."""
    for titulaire in lot.titulaires:
        if titulaire.fournisseur_id == fournisseur.id:
            raise RegleRefusee(f"{fournisseur.nom} est déjà titulaire de ce lot, au rang {titulaire.rang}.")
