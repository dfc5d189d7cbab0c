"""Give back to a body what it paid beyond what is owed: a card payment too many, an avoir on a facture already paid."""

from datetime import date, datetime
from decimal import Decimal

from groupement.refacturation.models import Facture, Remboursement
from groupement.refacturation.queries.remboursements import remboursements_de
from groupement.refacturation.rules.encaissements import refus_de_remboursement
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import euros_fr


class RemboursementRefuse(RegleRefusee):
    """The money cannot be given back so; the sentence says why and what to do."""


def rembourser(
    facture: Facture, montant_ttc: Decimal, rembourse_le: date, reference: str, *, par: Auteur, le: datetime
) -> Remboursement:
    """Record money given back on a locked facture; the caller commits. Raises RemboursementRefuse."""
    jour = jour_a_paris(le)
    refus = refus_de_remboursement(montant_ttc, facture.a_rembourser_ttc, rembourse_le, facture.emise_le, jour)
    if refus is not None:
        raise RemboursementRefuse(refus)
    for deja in remboursements_de(facture.id):
        if (deja.montant_ttc, deja.rembourse_le, deja.reference) == (montant_ttc, rembourse_le, reference):
            raise RemboursementRefuse(
                f"Ce remboursement est déjà enregistré\u00a0: {euros_fr(montant_ttc)} du {date_fr(rembourse_le)}, "
                f"référence « {reference} », saisi par {deja.par}."
            )
    ecriture = Remboursement(
        facture_id=facture.id,
        montant_ttc=montant_ttc,
        rembourse_le=rembourse_le,
        reference=reference[:100],
        saisi_le=le,
        par=par.nom,
    )
    db.session.add(ecriture)
    facture.rembourse_ttc += montant_ttc
    resume = f"{facture.numero}\u00a0: {euros_fr(montant_ttc)} rendus le {date_fr(rembourse_le)}, {reference}"[:500]
    noter("facture", facture.id, "rembourser", par=par, le=le, resume=resume)
    return ecriture
