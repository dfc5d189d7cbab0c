"""What a body's agent or valideur has to do: order, validate, receive, pay."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from flask import url_for
from sqlalchemy import Select, bindparam, func, select

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries.complement import commandes_a_completer, manques_de_la_commande
from groupement.commandes.queries.paniers import Fenetre, ouvertures, prochaine_campagne
from groupement.commandes.states import EtatCommande, NatureCampagne
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.refacturation.queries.factures import sommes
from groupement.socle.affichage import euros
from groupement.socle.db import db
from groupement.tableau_de_bord.depannages import taches_du_corps
from groupement.tableau_de_bord.tache import Tache, avant_le, plusieurs


def taches(contexte: Contexte, le: date) -> list[Tache]:
    """The to-do list of a body's person."""
    assert contexte.collectivite_id is not None
    return [
        *_commander(contexte, le),
        *_completer(contexte, le),
        *_recevoir(contexte, le),
        *_payer(contexte, le),
    ]


def _commander(contexte: Contexte, le: date) -> Iterator[Tache]:
    """What each open window asks of this person."""
    toutes = ouvertures(contexte.collectivite_id or 0, le)
    ouvertes = [f for f in toutes if f.campagne.nature is NatureCampagne.FENETRE]
    commandes = _commandes_en_cours(contexte.collectivite_id or 0, [f.campagne.id for f in ouvertes])
    for fenetre in (f for f in ouvertes if not f.est_pour_d_autres):
        commande, lignes = commandes.get(fenetre.campagne.id, (None, 0))
        yield _tache_de_la_fenetre(contexte, fenetre, commande, lignes, le)
    yield from taches_du_corps(contexte, toutes, le, lambda: annonce(contexte, le))


def _commandes_en_cours(collectivite_id: int, campagnes: list[int]) -> dict[int, tuple[Commande, int]]:
    """The body's order in each campagne, and how many lines it has."""
    valeurs = {"collectivite_id": collectivite_id, "campagnes": campagnes}
    trouvees = db.session.execute(_commandes(), valeurs)
    return {commande.campagne_id: (commande, combien) for commande, combien in trouvees}


@cache
def _commandes() -> Select[Commande, int]:
    """The select of these orders, built once: it waits for a `collectivite_id` and `campagnes`."""
    lignes = select(func.count(LigneCommande.id)).where(LigneCommande.commande_id == Commande.id).scalar_subquery()
    return select(Commande, lignes).where(
        Commande.collectivite_id == bindparam("collectivite_id"),
        Commande.campagne_id.in_(bindparam("campagnes", expanding=True)),
        Commande.etat != EtatCommande.ANNULEE,
    )


def _tache_de_la_fenetre(
    contexte: Contexte, fenetre: Fenetre, commande: Commande | None, lignes: int, le: date
) -> Tache:
    """Order, finish, validate, or just know where it stands."""
    campagne, echeance = fenetre.campagne, avant_le(fenetre.campagne.au, le)
    panier = url_for("paniers.show", campagne=campagne.id)
    if not fenetre.est_ouverte:
        phrase = f"Vous ne pouvez pas commander\u00a0: {campagne.intitule}"
        return Tache("slash-circle", phrase, panier, "Savoir pourquoi")
    if commande is None or (commande.etat is EtatCommande.BROUILLON and not lignes):
        url = url_for("catalogue.index")
        return Tache(
            "basket", f"Préparez votre commande\u00a0: {campagne.intitule}", url, "Choisir des articles", "", echeance
        )
    if commande.etat is EtatCommande.BROUILLON:
        phrase = f"Terminez votre panier\u00a0: {plusieurs(lignes, 'article', 'articles')}"
        motif = f"Le valideur l’a renvoyée\u00a0: {commande.renvoi_motif}" if commande.renvoi_motif else ""
        return Tache("basket", phrase, panier, "Ouvrir le panier", motif, echeance, "attention")
    return _tache_de_la_commande(contexte, commande, campagne, echeance)


def _tache_de_la_commande(contexte: Contexte, commande: Commande, campagne: Campagne, echeance: str) -> Tache:
    """An order that was sent."""
    voir = url_for("commandes.show", commande_id=commande.id)
    if commande.etat is not EtatCommande.SOUMISE:
        phrase = f"Votre commande est validée\u00a0: {campagne.intitule}"
        estimation = f"Estimation\u00a0: {euros(commande.total_ht)} HT."
        return Tache("check-circle", phrase, voir, "Suivre la commande", estimation)
    if contexte.a_role(Role.VALIDEUR):
        url = url_for("commandes.new_validation", commande_id=commande.id)
        detail = f"Préparée par {commande.soumise_par}."
        return Tache(
            "pencil-square",
            "Une commande attend votre validation",
            url,
            "Relire et valider",
            detail,
            echeance,
            "attention",
        )
    return Tache("hourglass-split", "Votre commande attend le valideur", voir, "Voir la commande", "", echeance)


def _completer(contexte: Contexte, le: date) -> Iterator[Tache]:
    """The campagnes where a committed order may still fill packs, while something it holds is missing."""
    for commande in commandes_a_completer(contexte.collectivite_id or 0, le):
        combien = len(manques_de_la_commande(commande, le))
        if combien and commande.campagne.complement_au is not None:
            yield Tache(
                "boxes",
                f"{plusieurs(combien, 'article', 'articles')} à compléter\u00a0: {commande.campagne.intitule}",
                url_for("complements.show", campagne=commande.campagne_id),
                "Compléter les colis" if contexte.a_role(Role.VALIDEUR) else "Voir ce qui manque",
                "Facultatif\u00a0: votre commande est validée, elle part telle quelle sans cela.",
                avant_le(commande.campagne.complement_au, le),
            )


def _recevoir(contexte: Contexte, le: date) -> Iterator[Tache]:
    """The deliveries to come, with the first day; the agent says what arrived, the valideur may look."""
    combien, premiere = db.session.execute(_attendues(), {"collectivite_id": contexte.collectivite_id}).one()
    if combien:
        retard, agent = premiere < le, contexte.a_role(Role.AGENT)
        yield Tache(
            "truck",
            f"{plusieurs(combien, 'livraison', 'livraisons')} à recevoir",
            url_for("livraisons.index"),
            "Dire ce qui est arrivé" if agent else "Voir lesquelles",
            "À remplir devant le livreur\u00a0: ce qui manque ou est abîmé ne vous sera pas facturé." if agent else "",
            avant_le(premiere, le),
            "attention" if retard else "",
        )


@cache
def _attendues() -> Select[int, date]:
    """(how many deliveries, the first day) of what a body expects, built once: it waits for a `collectivite_id`."""
    attendues = Livraison.etat.in_((EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE))
    corps = Livraison.collectivite_id == bindparam("collectivite_id")
    return select(func.count(Livraison.id), func.min(Livraison.attendue_le)).where(corps, attendues)


def _payer(contexte: Contexte, le: date) -> Iterator[Tache]:
    """The factures still owed."""
    somme = sommes(contexte, le)
    if somme.a_payer:
        retard = f"dont {euros(somme.retard_ttc)} en retard" if somme.en_retard else ""
        yield Tache(
            "receipt",
            f"{plusieurs(somme.a_payer, 'facture', 'factures')} à payer\u00a0: {euros(somme.du_ttc)} TTC",
            url_for("factures.index"),
            "Voir et payer",
            "Par virement avec la référence de la facture, ou par carte.",
            retard,
            "danger" if somme.en_retard else "",
        )


def annonce(contexte: Contexte, le: date) -> str:
    """What to say when there is nothing to do: when the next window opens."""
    prochaine = prochaine_campagne(le, contexte.collectivite_id or 0)
    if prochaine is None:
        return "La prochaine campagne de commande vous sera annoncée par courriel."
    return f"La prochaine campagne, {prochaine.intitule}, ouvre le {prochaine.du:%d/%m/%Y}."
