"""Re-billing of the demonstration: last year's factures, paid but for one that is late; avoirs; money to give back."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from groupement.commandes.models import Campagne
from groupement.demo.decor import Decor
from groupement.demo.personnes import AYETTE, sirens_des_portes
from groupement.refacturation.actions.avoirs import Demande, emettre_avoir
from groupement.refacturation.actions.encaissements import encaisser, enregistrer_virement
from groupement.refacturation.actions.prestations import facturer_les_prestations
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.actions.remboursements import rembourser
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


def facturer_sesam(decor: Decor) -> None:
    """Last year's SESAM contributions, all paid; one was credited afterwards, and half of it is still to give back."""
    comptable, le = decor.pour("comptable"), decor.jour(3, 9)
    run = facturer_les_prestations(par=comptable, le=le)
    factures = db.session.scalars(select(Facture).filter_by(refacturation_id=run.id).order_by(Facture.id)).all()
    for rang, facture in enumerate(factures):
        recu = le + timedelta(days=6 + rang % 15)
        enregistrer_virement(
            facture, facture.total_ttc, jour_a_paris(recu), f"SESAM {facture.numero}", par=comptable, le=recu
        )
    creditee, plus_tard = factures[len(factures) // 2], le + timedelta(days=40)
    emettre_avoir(creditee.id, Demande("Population corrigée par l’INSEE.", tout=True), par=comptable, le=plus_tard)
    moitie = (creditee.a_rembourser_ttc / 2).quantize(Decimal("0.01"))
    rembourser(creditee, moitie, jour_a_paris(plus_tard), "MANDAT 0214", par=comptable, le=plus_tard)


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
