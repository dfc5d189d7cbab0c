"""The writing half of an import of orders: places, orders, lines, journal, mails, each in one statement."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from groupement.adherents.models import PointDeLivraison
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries import commandes as queries
from groupement.commandes.queries.imports import Situation
from groupement.commandes.rules.controle_import import MembreConnu
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire
from groupement.socle.db import db
from groupement.socle.journal import Auteur, Evenement
from groupement.socle.nombres import accorde

IMPORTEE = "Commande reçue par le Centre de gestion"


@dataclass(slots=True)
class CommandeVoulue:
    """What the file asks for one body: units, extra units and moment of the last rise, by article id.

    `commande`: the order it has already, if any; `total_ht`: what its order comes to once written.
    """

    membre: MembreConnu
    mode: ModeDeRemise
    commande: Commande | None
    unites: Counter[int]
    en_plus: Counter[int]
    rangs: dict[int, datetime]
    total_ht: Decimal = Decimal("0.00")


def creer_les_lieux(voulues: Sequence[CommandeVoulue]) -> list[str]:
    """A place « Mairie » for the bodies to be delivered that have none, made of their own address; their names."""
    sans_lieu = [
        voulue.membre for voulue in voulues if voulue.mode is ModeDeRemise.LIVRAISON and voulue.membre.point_id is None
    ]
    valeurs = [
        {
            "collectivite_id": membre.collectivite_id,
            "libelle": "Mairie" if membre.est_commune else "Siège",
            "adresse": membre.adresse or membre.nom,
            "code_postal": membre.code_postal,
            "ville": membre.ville or membre.nom,
        }
        for membre in sans_lieu
    ]
    _inserer(PointDeLivraison, valeurs)
    return [membre.nom for membre in sans_lieu]


def creer_les_commandes(
    campagne: Campagne, voulues: Iterable[CommandeVoulue], points: dict[int, int], par: Auteur, le: datetime
) -> None:
    """A committed order for each body that has none."""
    communs = {"campagne_id": campagne.id, "etat": EtatCommande.VALIDEE, "modifiee_le": le, "modifiee_par": par.nom}
    communs |= {"soumise_le": le, "soumise_par": par.nom, "validee_le": le, "validee_par": par.nom, "version": 1}
    valeurs = [
        {
            **communs,
            "collectivite_id": voulue.membre.collectivite_id,
            "mode": voulue.mode,
            "point_de_livraison_id": _lieu(voulue.mode, voulue.membre.collectivite_id, points),
            "total_ht": voulue.total_ht,
        }
        for voulue in voulues
        if voulue.commande is None
    ]
    _inserer(Commande, valeurs)


def _lieu(mode: ModeDeRemise, collectivite_id: int, points: dict[int, int]) -> int | None:
    """Where the body receives; None at the depot."""
    return points[collectivite_id] if mode is ModeDeRemise.LIVRAISON else None


def completer_les_commandes(
    voulues: Iterable[CommandeVoulue], points: dict[int, int], par: Auteur, le: datetime
) -> None:
    """The orders that were there: a new version and total; a place when they had none and must be delivered."""
    valeurs = [
        {
            "id": commande.id,
            "version": commande.version + 1,
            "modifiee_le": le,
            "modifiee_par": par.nom,
            "total_ht": voulue.total_ht,
            "point_de_livraison_id": commande.point_de_livraison_id
            or (points.get(commande.collectivite_id) if commande.mode is ModeDeRemise.LIVRAISON else None),
        }
        for voulue in voulues
        if (commande := voulue.commande) is not None
    ]
    _modifier(Commande, valeurs)


def numeros_des_commandes(campagne: Campagne) -> dict[int, int]:
    """The id of each body's order."""
    vives = select(Commande.collectivite_id, Commande.id).where(
        Commande.campagne_id == campagne.id, Commande.etat != EtatCommande.ANNULEE
    )
    return {collectivite_id: commande_id for collectivite_id, commande_id in db.session.execute(vives)}


def ecrire_les_lignes(
    voulues: Iterable[CommandeVoulue], avant: Situation, numeros: dict[int, int], prix: dict[int, Decimal]
) -> None:
    """New lines, and units added to those that were there: a rise takes the rank of its moment."""
    nouvelles: list[dict[str, Any]] = []
    completees: list[dict[str, Any]] = []
    for voulue in voulues:
        commande_id = numeros[voulue.membre.collectivite_id]
        for article_id, unites in voulue.unites.items():
            ligne = avant.lignes_de(commande_id).get(article_id)
            valeurs = {
                "unites": unites + (ligne.unites if ligne else 0),
                "unites_acceptees_en_plus": max(
                    voulue.en_plus[article_id], ligne.unites_acceptees_en_plus if ligne else 0
                ),
                "rang": voulue.rangs[article_id],
                "prix_unitaire_ht": prix[article_id],
            }
            if ligne is not None:
                completees.append({"id": ligne.id, **valeurs})
            else:
                nouvelles.append({"commande_id": commande_id, "article_id": article_id, **valeurs})
    _inserer(LigneCommande, nouvelles)
    _modifier(LigneCommande, completees)


def journaliser(voulues: Iterable[CommandeVoulue], numeros: dict[int, int], par: Auteur, le: datetime) -> None:
    """One line of the journal an order: who entered it, and that it came by an import."""
    _inserer(
        Evenement,
        [
            {
                "le": le,
                "par": par.nom,
                "utilisateur_id": par.utilisateur_id,
                "verbe": "importer",
                "objet": "commande",
                "objet_id": numeros[voulue.membre.collectivite_id],
                "resume": f"{IMPORTEE}\u00a0: {accorde(len(voulue.unites), 'article')}",
                "avant": voulue.commande.etat if voulue.commande else None,
                "apres": voulue.commande.etat if voulue.commande else EtatCommande.VALIDEE,
            }
            for voulue in voulues
        ],
    )


def a_valider(voulues: Iterable[CommandeVoulue]) -> list[CommandeVoulue]:
    """Those whose order was there and is not committed."""
    return [voulue for voulue in voulues if voulue.commande and voulue.commande.etat is not EtatCommande.VALIDEE]


def prevenir(voulues: Iterable[CommandeVoulue], le: datetime) -> None:
    """A mail to the people of the bodies whose basket was completed: the order still awaits them."""
    concernees = {voulue.membre.collectivite_id: voulue for voulue in a_valider(voulues)}
    if not concernees:
        return
    for collectivite_id, personne in queries.personnes_des(list(concernees), jour_a_paris(le)):
        voulue = concernees[collectivite_id]
        sujet = f"Votre commande papier est dans votre panier\u00a0: {voulue.membre.nom}"
        valeurs = {"commande": voulue.commande, "personne": personne, "nom": voulue.membre.nom}
        ecrire(personne.email, sujet, "commande_completee", le=le, **valeurs)


def _inserer(modele: type[Any], valeurs: list[dict[str, Any]]) -> None:
    """Insert rows in one statement, whatever their number."""
    if valeurs:
        db.session.execute(insert(modele.__table__), valeurs)


def _modifier(modele: type[Any], valeurs: list[dict[str, Any]]) -> None:
    """Update rows by their id in one statement, whatever their number."""
    if valeurs:
        db.session.execute(update(modele), valeurs)
