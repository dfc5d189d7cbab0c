"""Combine the orders of a campagne into bons: the preview and the real run are the same calculation.

The real run is one transaction under locks (campagne, then lots in id order): refused whole when a ceiling would be
passed or the campagne is not closed, and its statements do not depend on the number of members.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, select

from groupement.commandes.actions.affectations import affecter, partager_le_port, sortir_du_stock
from groupement.commandes.actions.alertes import alerter_les_plafonds
from groupement.commandes.actions.avis_de_cascade import dire_les_desistements
from groupement.commandes.actions.bons import envoyer_aux_fournisseurs
from groupement.commandes.actions.campagnes import deja_fait
from groupement.commandes.actions.emission import emettre
from groupement.commandes.actions.lignes_ecartees import ecarter_les_lignes
from groupement.commandes.actions.preuves import preuves
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, LigneCommande, Regroupement
from groupement.commandes.queries import regroupement as queries
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.chez_un_autre import chez_les_premiers
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules import bons as regle
from groupement.commandes.rules.ajustements import DemandesAjustees, appliquer, refus_des_decisions
from groupement.commandes.rules.bons import CodeRefus, ResultatRegroupement
from groupement.commandes.rules.empreinte import empreinte_du_regroupement
from groupement.commandes.rules.regroupement import regrouper as combiner
from groupement.commandes.states import TRANSITIONS_CAMPAGNE, TRANSITIONS_COMMANDE, EtatCampagne, EtatCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, franchir, franchir_tous
from groupement.socle.memoire import sans_ramasse_miettes
from groupement.stock.actions import verrouiller_depot

ApresEmission = Callable[[Sequence[BonDeCommande], Auteur, datetime], None]
# Floors above plug in here what follows the issue of bons (the deliveries to expect), in the same transaction.
apres_emission: list[ApresEmission] = []


TOUT_ECARTE = (
    "Tout ce qui était commandé est laissé de côté ou reporté\u00a0: il n’y a rien à commander. "
    "Retirez une de vos décisions, ou annulez la campagne."
)


class RegroupementRefuse(RegleRefusee):
    """The bons cannot be issued; `refus` says why, lot by lot."""

    def __init__(self, refus: Sequence[regle.Refus]) -> None:
        """Keep the reasons; the sentence is all of them."""
        super().__init__(" ".join(r.motif for r in refus))
        self.refus = tuple(refus)


class ApercuPerime(RegleRefusee):
    """The figures are no longer those that were agreed to."""


class AccordManquant(RegleRefusee):
    """Something would be left out that nobody agreed to leave out."""


@dataclass(frozen=True, slots=True)
class Calcul:
    """A regroupement worked out, not written."""

    entree: Entree  # once the buyer's decisions are followed
    resultat: ResultatRegroupement
    ajustees: DemandesAjustees

    @property
    def empreinte(self) -> str:
        """What a person who agrees to these figures agrees to."""
        return empreinte_du_regroupement(self.resultat, self.entree.decisions, self.entree.a_qui)

    @property
    def ecartes(self) -> tuple[regle.Refus, ...]:
        """What the buyer leaves out, as refusals a file can list."""
        return refus_des_decisions(self.ajustees, self.entree.decisions)


@sans_ramasse_miettes()
def previsualiser(campagne: Campagne, *, le: date, depuis_le_stock: bool = False) -> Calcul:
    """What regrouping the committed orders today would give. Writes nothing."""
    return calculer(lire(campagne, le), depuis_le_stock)


def lire(campagne: Campagne, le: date) -> Entree:
    """What regrouping the committed orders today would start from; read, not locked."""
    return queries.entree(campagne, queries.lots_du_marche(campagne.marche_id), le)


def calculer(lue: Entree, depuis_le_stock: bool) -> Calcul:
    """Follow the decisions of the buyer, then combine what is left."""
    ajustees = appliquer(lue.decisions, lue.articles_a_regrouper, lue.demandes)
    entree = lue
    if lue.decisions:
        entree = replace(lue, demandes=list(ajustees.demandes), articles_a_regrouper=list(ajustees.articles))
    resultat = combiner(
        *(entree.lots_a_regrouper, entree.articles_a_regrouper, entree.demandes),
        depuis_le_stock=depuis_le_stock,
        lieux=entree.lieux,
    )
    return Calcul(entree, resultat, ajustees)


@sans_ramasse_miettes()
def regrouper(
    campagne_id: int,
    *,
    par: Auteur,
    le: datetime,
    depuis_le_stock: bool = False,
    empreinte: str | None = None,
    ecartes: Collection[str] | None = None,
) -> tuple[Regroupement, list[BonDeCommande], Calcul]:
    """Issue the bons of a closed campagne, give every piece and centime to somebody, tell the suppliers.

    A lot below its minimum order, or an article without price, is left out and written in `preuves["refus"]`.
    `empreinte`: that of the preview a person agreed to; ApercuPerime when the figures are others by now.
    `ecartes`: the refusals (`Refus.cle`) that person agreed to leave out; None agrees to all.
    Raises TransitionInterdite (not closed, or done already) and RegroupementRefuse (a ceiling, or nothing to order).
    """
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.etat is EtatCampagne.REGROUPEE:
        raise TransitionInterdite(deja_fait(campagne, "regrouper"))
    franchir(campagne, TRANSITIONS_CAMPAGNE, "regrouper", par=par, le=le)
    lots = queries.lots_verrouilles(campagne.marche_id)
    if depuis_le_stock:
        verrouiller_depot(campagne.depot_id)  # an urgent order may be taking the same boxes
    lue = queries.entree(campagne, lots, jour_a_paris(le))
    calcul = calculer(lue, depuis_le_stock)
    _refuser_s_il_le_faut(calcul)
    _tenir_l_accord(calcul, empreinte, ecartes)
    gardees = preuves(calcul.entree, calcul.resultat, calcul.ecartes, calcul.empreinte)
    regroupement = Regroupement(
        campagne_id=campagne.id, le=le, par=par.nom, depuis_le_stock=depuis_le_stock, preuves=gardees
    )
    db.session.add(regroupement)
    premiers = chez_les_premiers(campagne, lue, jour_a_paris(le))
    annonce = calculer(premiers, depuis_le_stock) if premiers else None  # what members would pay, had nobody declined
    bons = _ecrire(campagne, calcul, par, le)
    if annonce:
        dire_les_desistements(campagne, calcul.entree, annonce.resultat, calcul.resultat, le)
    return regroupement, bons, calcul


def _ecrire(campagne: Campagne, calcul: Calcul, par: Auteur, le: datetime) -> list[BonDeCommande]:
    """The bons, the shares, the stock, the states of the orders, the deliveries to expect, the mails."""
    bons = emettre(campagne, calcul.entree, calcul.resultat, par, le)
    affecter(campagne, calcul.entree, calcul.resultat, bons)
    partager_le_port(calcul.entree, calcul.resultat, bons)
    sortir_du_stock(campagne, calcul.resultat, par, le)
    _avancer_les_commandes(campagne, par, le)
    ecarter_les_lignes(campagne, calcul.entree, calcul.resultat, calcul.ajustees, le)
    for suite in apres_emission:
        suite(bons, par, le)
    alerter_les_plafonds(le)
    envoyer_aux_fournisseurs(bons, le)
    return bons


def _tenir_l_accord(calcul: Calcul, empreinte: str | None, ecartes: Collection[str] | None) -> None:
    """What is issued is what somebody saw, and what is left out is what somebody ticked."""
    if empreinte is not None and empreinte != calcul.empreinte:
        raise ApercuPerime(
            "Une commande, un prix, le stock ou une décision a changé depuis votre aperçu\u00a0: "
            "aucun bon n’est parti. Relisez les nouveaux chiffres ci-dessous, puis confirmez."
        )
    oublies = [refus for refus in calcul.resultat.refus if ecartes is not None and refus.cle not in ecartes]
    if oublies:
        quoi = ", ".join(refus.quoi for refus in oublies)
        raise AccordManquant(f"Cochez ce que vous laissez de côté\u00a0: {quoi}. Aucun bon n’est parti.")


def _refuser_s_il_le_faut(calcul: Calcul) -> None:
    """A ceiling stops everything; so do figures that would not add up, and a regroupement of nothing."""
    resultat = calcul.resultat
    plafonds = [refus for refus in resultat.refus if refus.code is CodeRefus.PLAFOND]
    if plafonds:
        raise RegroupementRefuse(plafonds)
    if not resultat.est_exact:
        raise AssertionError("parts et bons diffèrent")
    if not resultat.bons:
        if resultat.refus:
            raise RegroupementRefuse(resultat.refus)
        if calcul.ajustees.ecartees:
            raise RegleRefusee(TOUT_ECARTE)
        raise RegleRefusee("Aucune commande validée dans cette campagne : il n’y a rien à regrouper.")


def _avancer_les_commandes(campagne: Campagne, par: Auteur, le: datetime) -> None:
    """Orders with something bought are regrouped; those of which nothing could be ordered are cancelled, and told."""
    a_quelque_chose = exists(
        select(Affectation.id)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .where(LigneCommande.commande_id == Commande.id)
    )
    validees = (Commande.campagne_id == campagne.id) & (Commande.etat == EtatCommande.VALIDEE)
    franchir_tous(Commande, validees & a_quelque_chose, TRANSITIONS_COMMANDE, "regrouper", par=par, le=le)
    franchir_tous(
        Commande,
        validees,
        TRANSITIONS_COMMANDE,
        "annuler",
        par=par,
        le=le,
        resume="Aucune de ses lignes n’a pu être commandée.",
    )
