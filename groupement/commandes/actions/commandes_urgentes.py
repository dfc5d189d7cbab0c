"""An urgent order: asked by the body, committed by its valideur, served at once by the stock of the depot.

The units leave the stock in the transaction that commits the money, under the lock of the depot: two bodies cannot
take the same last boxes. What the body pays is what leaves the stock, to the centime.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert

from groupement.adherents.models import PointDeLivraison, Utilisateur
from groupement.commandes.actions.commandes import (
    confier_aux_valideurs,
    exiger_engagement,
    exiger_version,
    marquer,
    prevenir_les_agents,
    rendre_aux_agents,
)
from groupement.commandes.actions.remises import prevenir_les_acheteurs
from groupement.commandes.models import Affectation, Campagne, Commande, Depannage, LigneCommande
from groupement.commandes.queries import depannages as queries
from groupement.commandes.queries.commandes import lignes_affichees
from groupement.commandes.queries.depannages import Guichet
from groupement.commandes.rules import depannages as regle
from groupement.commandes.rules.depannages import LigneChiffree, Offre
from groupement.commandes.states import TRANSITIONS_COMMANDE, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, etat_suivant
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.nombres import entier_fr, euros_fr
from groupement.stock.actions import Mouvement, mouvementer_plusieurs, verrouiller_depot


class QuantitesRefusees(RegleRefusee):
    """The depot cannot serve some lines; `articles` has a sentence for each, by article id."""

    def __init__(self, articles: Mapping[int, str], references: Mapping[int, str]) -> None:
        """Keep the sentences; the message is all of them, each with its reference."""
        super().__init__(" ".join(f"{references.get(cle, 'Un article')}\u00a0: {dit}" for cle, dit in articles.items()))
        self.articles = dict(articles)


@dataclass(frozen=True, slots=True)
class DemandeDeDepannage:
    """What a body asks of the depot: units by article id, why it cannot wait, where it gets them."""

    unites: Mapping[int, int]
    motif: str
    mode: ModeDeRemise = ModeDeRemise.DEPOT
    point: PointDeLivraison | None = None


def demander(
    guichet: Guichet, collectivite_id: int, demande: DemandeDeDepannage, *, par: Auteur, le: datetime
) -> tuple[Commande, Sequence[Utilisateur]]:
    """A new urgent order, sent to the valideurs; returns both. Nothing is kept aside before they commit.

    Raises RegleRefusee when the depot does not serve the body now, QuantitesRefusees when it has not enough.
    """
    commande = Commande(
        campagne=guichet.campagne,
        collectivite_id=collectivite_id,
        urgente=True,
        etat=EtatCommande.BROUILLON,
        version=0,
        modifiee_le=le,
    )
    depannage = Depannage(commande=commande, motif=demande.motif)
    lignes = _verifier(guichet, demande)
    db.session.add_all([commande, depannage])
    db.session.flush()
    noter("commande", commande.id, "commencer", par=par, le=le, resume=demande.motif, apres=commande.etat)
    return commande, _envoyer(commande, depannage, demande, lignes, par, le)


def demander_de_nouveau(
    commande: Commande,
    depannage: Depannage,
    demande: DemandeDeDepannage,
    version: int,
    *,
    par: Auteur,
    le: datetime,
) -> Sequence[Utilisateur]:
    """Send again an order taken back, or sent back by the valideur, as it now is; returns the valideurs."""
    exiger_version(commande, version)
    lignes = _verifier(exiger_guichet(commande.campagne, commande.collectivite_id, le), demande)
    return _envoyer(commande, depannage, demande, lignes, par, le)


def _verifier(guichet: Guichet, demande: DemandeDeDepannage) -> list[LigneChiffree]:
    """What is asked, at its cost of now. Raises RegleRefusee, QuantitesRefusees."""
    if guichet.motif:
        raise RegleRefusee(guichet.motif)
    if not demande.unites:
        raise RegleRefusee("Indiquez une quantité pour un article au moins.")
    if demande.mode is ModeDeRemise.LIVRAISON and not (demande.point and guichet.campagne.depot.livre):
        raise RegleRefusee("Ce dépôt ne livre pas à cette adresse\u00a0: choisissez de venir chercher les articles.")
    offres = queries.offres(queries.articles_offerts(guichet.fenetre))
    return _chiffrer(offres, demande.unites)


def _chiffrer(offres: Mapping[int, Offre], unites: Mapping[int, int], noms: Mapping[int, str] | None = None):
    """The lines at the cost of the stock as it was read. Raises QuantitesRefusees."""
    if refus := regle.refus_par_article(offres, unites.items()):
        references = {cle: offre.reference for cle, offre in offres.items()} | dict(noms or {})
        raise QuantitesRefusees(refus, references)
    return regle.chiffrer(offres, unites.items())


def _envoyer(
    commande: Commande,
    depannage: Depannage,
    demande: DemandeDeDepannage,
    lignes: Sequence[LigneChiffree],
    par: Auteur,
    le: datetime,
) -> Sequence[Utilisateur]:
    """Write the order as asked, then take it to the valideurs."""
    depannage.motif, commande.mode = demande.motif, demande.mode
    commande.point_de_livraison = demande.point if demande.mode is ModeDeRemise.LIVRAISON else None
    commande.lignes.clear()
    db.session.flush()
    commande.lignes.extend(
        LigneCommande(
            article_id=ligne.article_id, unites=ligne.unites, rang=le, prix_unitaire_ht=ligne.prix_unitaire_ht
        )
        for ligne in lignes
    )
    commande.total_ht = regle.total_ht(lignes)
    resume = f"Coût au dépôt\u00a0: {euros_fr(commande.total_ht)} HT"
    lettre = ("Un dépannage attend votre validation", "depannage_soumis")
    return confier_aux_valideurs(commande, resume, *lettre, par=par, le=le)


def reprendre(commande: Commande, version: int, *, par: Auteur, le: datetime) -> None:
    """Take the order back from the valideur to change it."""
    exiger_version(commande, version)
    franchir(commande, TRANSITIONS_COMMANDE, "reprendre", par=par, le=le)
    marquer(commande, par, le)


def renvoyer(commande: Commande, motif: str, version: int, *, par: Auteur, le: datetime) -> None:
    """The valideur refuses, with a reason the agents get by mail."""
    exiger_version(commande, version)
    rendre_aux_agents(commande, motif, "Votre dépannage est à revoir", "depannage_renvoye", par=par, le=le)


def annuler(commande: Commande, version: int, *, par: Auteur, le: datetime) -> None:
    """Give up an order that is not committed."""
    exiger_version(commande, version)
    if commande.etat not in (EtatCommande.BROUILLON, EtatCommande.SOUMISE):
        raise RegleRefusee("Cette commande est déjà engagée\u00a0: demandez au Centre de gestion de l’annuler.")
    franchir(commande, TRANSITIONS_COMMANDE, "annuler", par=par, le=le)
    marquer(commande, par, le)


def valider(
    commande: Commande,
    version: int,
    vu_ht: Decimal,
    *,
    engagement: str = "",
    code_service: str = "",
    par: Auteur,
    le: datetime,
) -> None:
    """Commit the money and take the units out of the stock, at their cost. `vu_ht`: the total the valideur read.

    Raises QuantitesRefusees with what is left, RegleRefusee when the cost has risen, or the depot serves no more.
    """
    exiger_version(commande, version)
    etat_suivant(commande.etat, TRANSITIONS_COMMANDE, "valider")
    guichet = exiger_guichet(commande.campagne, commande.collectivite_id, le)
    exiger_engagement(commande, engagement, code_service)
    verrouiller_depot(commande.campagne.depot_id)
    lignes = _lignes_au_cout_du_jour(commande, guichet)
    total = regle.total_ht(lignes)
    if refus := regle.refus_du_total(vu_ht, total):
        raise RegleRefusee(refus)
    resume = f"Engagement {engagement or 'sans numéro'}, {euros_fr(total)} HT"
    franchir(commande, TRANSITIONS_COMMANDE, "valider", par=par, le=le, resume=resume)
    commande.engagement, commande.code_service = engagement, code_service
    commande.validee_le, commande.validee_par, commande.total_ht = le, par.nom, total
    _sortir(commande, lignes, par, le)
    marquer(commande, par, le)
    prevenir_les_agents(commande, "Votre dépannage est validé", "depannage_valide", par, le)
    prevenir_les_acheteurs(commande, le)


def _lignes_au_cout_du_jour(commande: Commande, guichet: Guichet) -> list[LigneChiffree]:
    """The lines of the order at what they cost now, in their order. Raises QuantitesRefusees."""
    lignes = lignes_affichees(commande.id)
    references = {ligne.article_id: ligne.article.reference for ligne in lignes}
    offres = queries.offres(queries.articles_offerts(guichet.fenetre))
    return _chiffrer(offres, {ligne.article_id: ligne.unites for ligne in lignes}, references)


def _sortir(commande: Commande, lignes: Sequence[LigneChiffree], par: Auteur, le: datetime) -> None:
    """The units leave the stock; each line has its affectation, for exactly what left."""
    sorties = [Mouvement(ligne.article_id, -ligne.unites) for ligne in lignes]
    motif = f"Dépannage, {commande.collectivite.nom}"[:200]
    piece = f"commande:{commande.id}"
    valeurs = mouvementer_plusieurs(commande.campagne.depot_id, sorties, motif=motif, piece=piece, par=par, le=le)
    if [-valeur for valeur in valeurs] != [ligne.montant_ht for ligne in lignes]:
        raise AssertionError("ce qui sort du stock et ce que paie la collectivité diffèrent")
    numeros = {ligne.article_id: ligne for ligne in commande.lignes}
    for ligne in lignes:
        numeros[ligne.article_id].prix_unitaire_ht = ligne.prix_unitaire_ht
    db.session.execute(insert(Affectation), [_affectation(commande, numeros, ligne) for ligne in lignes])
    resume = ", ".join(f"{entier_fr(ligne.unites)} × {numeros[ligne.article_id].article.reference}" for ligne in lignes)
    franchir(commande, TRANSITIONS_COMMANDE, "sortir_du_stock", par=par, le=le, resume=resume[:500])


def _affectation(commande: Commande, numeros: Mapping[int, LigneCommande], ligne: LigneChiffree) -> dict[str, object]:
    """Units from stock, to be admitted when they are handed over."""
    return {
        "campagne_id": commande.campagne_id,
        "ligne_commande_id": numeros[ligne.article_id].id,
        "article_id": ligne.article_id,
        "collectivite_id": commande.collectivite_id,
        "point_de_livraison_id": commande.point_de_livraison_id,
        "rang": 1,
        "unites": ligne.unites,
        "prix_unitaire_ht": ligne.prix_unitaire_ht,
        "tva_pct": ligne.tva_pct,
        "montant_ht": ligne.montant_ht,
    }


def exiger_guichet(campagne: Campagne, collectivite_id: int, le: datetime) -> Guichet:
    """Where the body is served now. Raises RegleRefusee with the reason when it is not."""
    guichet = queries.guichet_de(campagne, collectivite_id, jour_a_paris(le))
    if guichet is None:
        raise RegleRefusee(
            f"«\u00a0{campagne.intitule}\u00a0» est clos\u00a0: le dépôt ne sert plus cette demande. Annulez-la."
        )
    if guichet.motif:
        raise RegleRefusee(guichet.motif)
    return guichet
