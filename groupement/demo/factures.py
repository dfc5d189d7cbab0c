"""Re-billing of the demonstration: last year's factures, paid but for one that is late; one avoir."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from groupement.commandes.models import Campagne
from groupement.demo.decor import Decor
from groupement.demo.personnes import AYETTE, sirens_des_portes
from groupement.refacturation.actions.avoirs import Demande, emettre_avoir
from groupement.refacturation.actions.encaissements import encaisser, enregistrer_virement
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture
from groupement.refacturation.states import MoyenEncaissement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db


def facturer(decor: Decor, campagne: Campagne, le: datetime) -> list[Facture]:
    """Issue the factures of a campagne."""
    run = refacturer(campagne.id, par=decor.pour("comptable"), le=le)
    return list(
        db.session.scalars(
            select(Facture)
            .where(Facture.refacturation_id == run.id)
            .options(joinedload(Facture.collectivite))
            .order_by(Facture.id)
        )
    )


def encaisser_presque_tout(decor: Decor, factures: list[Facture], le: datetime) -> None:
    """Transfers from all but Ayette, which is late, and one that paid half; one paid by card; one avoir."""
    comptable = decor.pour("comptable")
    portes = sirens_des_portes()
    avoir = next(facture for facture in factures if facture.collectivite.siren not in portes)
    emettre_avoir(
        avoir.id,
        Demande("Facture émise au nom de la commune au lieu de son CCAS.", tout=True),
        par=comptable,
        le=le + timedelta(days=3),
    )
    for rang, facture in enumerate(factures):
        if facture.collectivite.siren == AYETTE or facture.id == avoir.id:
            continue
        recu = le + timedelta(days=5 + rang % 5)
        reference = f"VIR {facture.collectivite.siren} {rang:03}"
        jour = jour_a_paris(recu)
        if rang == 3:
            encaisser(
                facture, facture.total_ttc, MoyenEncaissement.CARTE, jour, f"carte {rang:03}", par=comptable, le=recu
            )
        else:
            montant = (facture.total_ttc / 2).quantize(Decimal("0.01")) if rang == 9 else facture.total_ttc
            enregistrer_virement(facture, montant, jour, reference, par=comptable, le=recu)
