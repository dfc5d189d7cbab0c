"""Bill the members everything admitted and not yet billed, once and to the centime.

One transaction under the lock of the campagne: nothing is written unless the factures sum to what the bons say is
admitted. The number of statements does not depend on the number of members.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.states import NatureCampagne
from groupement.refacturation.actions.ecriture import (
    FactureAEcrire,
    RienAFacturer,
    ecrire_les_factures,
    numeroter,
    reporter,
    verifier_l_attendu,
)
from groupement.refacturation.actions.suites import annoncer, journaliser, solder
from groupement.refacturation.models import Refacturation
from groupement.refacturation.queries import a_facturer
from groupement.refacturation.queries.preuves import preuves_des_bons
from groupement.refacturation.queries.reglages import Reglages, reglages
from groupement.refacturation.rules.composition import CompteMembre, LigneDue, composer
from groupement.refacturation.rules.document import Debiteur, Emission, totaux_json
from groupement.refacturation.rules.partage import PartageTva
from groupement.refacturation.rules.preuve import Preuve, preuve_json
from groupement.refacturation.rules.tva import totaux_du_document
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Calcul:
    """A run worked out, not written."""

    comptes: tuple[CompteMembre, ...]
    partage: PartageTva
    preuve: Preuve


def refacturer(campagne_id: int, *, par: Auteur, le: datetime, attendu_ht: Decimal | None = None) -> Refacturation:
    """Issue the factures of all that is admitted in a campagne; the caller commits.

    `attendu_ht`: the total the person was shown; when it is another by now, nothing is written.
    Raises RienAFacturer, or RegleRefusee with the sentence to show.
    """
    verrouiller_ecriture()
    campagne_verrouillee(campagne_id)
    campagne = a_facturer.campagne_et_marche(campagne_id)
    assert campagne is not None
    choix = reglages()
    membres = _comptes(campagne)
    calcul = calculer(campagne, choix, list(membres))
    _verifier(calcul, attendu_ht)
    run = _ouvrir(campagne, choix, calcul, par, le)
    documents = _documents(campagne, choix, calcul, membres, le)
    numeros = ecrire_les_factures(run, documents)
    reporter(run)
    journaliser(run, documents, par, le, ecart_tva=calcul.partage.ecart)
    annoncer(documents, numeros, le)
    solder(campagne_id, par, le)
    db.session.expire(campagne, ["etat"])
    return run


def _comptes(campagne: Campagne) -> dict[int, Any]:
    """Who gets a facture, in their order: a body, by its id; or an urgent order, by its own, for its engagement."""
    par_commande = campagne.nature is NatureCampagne.DEPANNAGE
    membres = a_facturer.membres_dans_l_ordre(campagne.id)
    return {membre.commande_id if par_commande else membre.Collectivite.id: membre for membre in membres}


def calculer(campagne: Campagne, choix: Reglages, ordre: Sequence[int]) -> Calcul:
    """What a run would bill now, members in the given order, and its proof. Writes nothing."""
    dues = a_facturer.lignes_dues(campagne.id, par_commande=campagne.nature is NatureCampagne.DEPANNAGE)
    comptes, partage = composer(choix.mode.value, {membre: dues[membre] for membre in ordre if membre in dues})
    par_bon: dict[str, Decimal] = {}
    for ligne in (ligne for compte in comptes for ligne in compte.lignes):
        par_bon[ligne.bon] = par_bon.get(ligne.bon, ZERO) + ligne.montant_ht
    factures_ht = sum((compte.totaux.total_ht for compte in comptes), ZERO)
    return Calcul(comptes, partage, Preuve(preuves_des_bons(campagne.id, par_bon), factures_ht))


def _verifier(calcul: Calcul, attendu_ht: Decimal | None) -> None:
    """Something to bill, what was announced, and figures that meet."""
    if not calcul.comptes:
        raise RienAFacturer("Tout ce qui est admis est déjà facturé\u00a0: il n’y a rien à facturer.")
    verifier_l_attendu(attendu_ht, calcul.preuve.factures_ht)
    if not calcul.preuve.est_exacte:
        faux = ", ".join(bon.numero for bon in calcul.preuve.bons if not bon.est_exacte) or "les totaux"
        raise RegleRefusee(
            f"Les factures et les bons de commande diffèrent ({faux})\u00a0: rien n’a été émis. Signalez-le à "
            "l’administrateur, avec cette phrase."
        )


def _ouvrir(campagne: Campagne, choix: Reglages, calcul: Calcul, par: Auteur, le: datetime) -> Refacturation:
    """The row of the run, with its proof."""
    lignes = [ligne for compte in calcul.comptes for ligne in compte.lignes]
    totaux = totaux_du_document((ligne.montant_ht, ligne.tva_pct) for ligne in lignes)
    preuves = {
        "factures": len(calcul.comptes),
        "lignes": len(lignes),
        **totaux_json(totaux),
        "total_tva": str(calcul.partage.tva_membres),
        "total_ttc": str(totaux.total_ht + calcul.partage.tva_membres),
        "tva_fournisseur": str(calcul.partage.tva_fournisseur),
        "ecart_tva": str(calcul.partage.ecart),
        "preuve": preuve_json(calcul.preuve),
    }
    run = Refacturation(campagne_id=campagne.id, le=le, par=par.nom, mode_tva=choix.mode, preuves=preuves)
    db.session.add(run)
    db.session.flush()
    return run


def _documents(
    campagne: Campagne, choix: Reglages, calcul: Calcul, membres: Mapping[int, Any], le: datetime
) -> list[FactureAEcrire]:
    """The factures, numbered and chained, as they will be written."""
    jour = jour_a_paris(le)
    convention = campagne.marche.convention
    emission = Emission(
        emetteur=choix.emetteur,
        objet=f"Fournitures d’archivage, {campagne.intitule}",
        marche=campagne.marche.numero,
        convention=f"{convention.intitule} du {date_fr(convention.adoptee_le)}",
        mode_tva=choix.mode.value,
        mentions=choix.mentions,
        paiement=choix.paiement,
        le=jour,
    )
    livrees = a_facturer.references(campagne)

    def parties(compte: CompteMembre) -> tuple[Emission, Debiteur]:
        """The same issue for all; the bons and deliveries of each."""
        bons = {ligne.bon for ligne in compte.lignes}
        return emission, a_facturer.debiteur(membres[compte.membre], livrees.get(compte.membre, ()), bons)

    documents = numeroter(calcul.comptes, parties, jour, choix.delai_jours)
    return documents if campagne.nature is NatureCampagne.FENETRE else [_au_nom_du_corps(d, membres) for d in documents]


def _au_nom_du_corps(document: FactureAEcrire, membres: Mapping[int, Any]) -> FactureAEcrire:
    """The facture of an urgent order, owed by the body that placed it."""
    commande = document.compte.membre
    corps = membres[commande].Collectivite.id
    return replace(document, compte=replace(document.compte, membre=corps, commande=commande))


def apercu_des_lignes(campagne_id: int, collectivite_id: int) -> list[LigneDue]:
    """The lines the next run would bill to one body. Writes nothing."""
    return a_facturer.lignes_dues(campagne_id, collectivite_id).get(collectivite_id, [])
