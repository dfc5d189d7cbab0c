"""Money received for a facture: one way in, whatever the means; the facture's state follows."""

from datetime import date, datetime
from decimal import Decimal

from groupement.refacturation.models import Encaissement, Facture
from groupement.refacturation.queries.factures import encaissements_de
from groupement.refacturation.rules.encaissements import refus_de_virement, verbe_apres
from groupement.refacturation.states import ETATS_DUS, TRANSITIONS_FACTURE, MoyenEncaissement
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir
from groupement.socle.nombres import euros_fr


class VirementRefuse(RegleRefusee):
    """The transfer cannot be recorded; the sentence says why and what to do."""


def enregistrer_virement(
    facture: Facture, montant_ttc: Decimal, recu_le: date, reference: str, *, par: Auteur, le: datetime
) -> Encaissement:
    """Record a bank transfer for a locked facture. Raises VirementRefuse, and nothing is written."""
    if facture.etat not in ETATS_DUS:
        raise VirementRefuse(
            f"La facture {facture.numero} n’attend plus de paiement\u00a0: elle est « {facture.etat.libelle()} »."
        )
    refus = refus_de_virement(montant_ttc, facture.reste_du_ttc, recu_le, facture.emise_le, jour_a_paris(le))
    if refus is not None:
        raise VirementRefuse(refus)
    for deja in encaissements_de(facture.id):
        if (deja.montant_ttc, deja.recu_le, deja.reference) == (montant_ttc, recu_le, reference):
            raise VirementRefuse(
                f"Ce virement est déjà enregistré\u00a0: {euros_fr(montant_ttc)} du {date_fr(recu_le)}, "
                f"référence « {reference} », saisi par {deja.par}."
            )
    return encaisser(facture, montant_ttc, MoyenEncaissement.VIREMENT, recu_le, reference, par=par, le=le)


def encaisser(
    facture: Facture,
    montant_ttc: Decimal,
    moyen: MoyenEncaissement,
    recu_le: date,
    reference: str,
    *,
    par: Auteur,
    le: datetime,
) -> Encaissement:
    """Take in at most what is owed on a locked facture; the caller made sure of it, and commits."""
    ecriture = Encaissement(
        facture_id=facture.id,
        moyen=moyen,
        montant_ttc=montant_ttc,
        recu_le=recu_le,
        reference=reference[:100],
        saisi_le=le,
        par=par.nom,
    )
    db.session.add(ecriture)
    facture.paye_ttc += montant_ttc
    verbe = verbe_apres(facture.reste_du_ttc, facture.avoirs_ttc, facture.total_ttc, paiement=True)
    assert verbe is not None
    resume = f"{facture.numero}\u00a0: {euros_fr(montant_ttc)}, {moyen.libelle().lower()} du {date_fr(recu_le)}"
    franchir(facture, TRANSITIONS_FACTURE, verbe, par=par, le=le, resume=resume)
    return ecriture
