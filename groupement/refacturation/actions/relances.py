"""Remind the bodies whose factures are late: one mail to each of their people, at most once a week."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select

from groupement.refacturation.actions.suites import inscrire
from groupement.refacturation.models import Facture
from groupement.refacturation.queries.factures import en_retard
from groupement.refacturation.queries.personnes import destinataires
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, Evenement

ENTRE_DEUX_RELANCES = timedelta(days=7)
VERBE = "relancer"


def a_relancer(le: datetime) -> ColumnElement[bool]:
    """Late, and not reminded within the week."""
    recente = exists().where(
        Evenement.objet == "facture",
        Evenement.objet_id == Facture.id,
        Evenement.verbe == VERBE,
        Evenement.le > le - ENTRE_DEUX_RELANCES,
    )
    return en_retard(jour_a_paris(le)) & ~recente


def relancer(*, par: Auteur, le: datetime) -> int:
    """Write to the bodies of every late facture; returns how many factures. Five statements, however many.

    Raises RegleRefusee when there is none to remind of.
    """
    verrouiller_ecriture()
    factures = db.session.scalars(
        select(Facture).where(a_relancer(le)).order_by(Facture.id).with_for_update(of=Facture)
    ).all()
    if not factures:
        raise RegleRefusee(
            "Aucune facture à relancer\u00a0: celles qui sont en retard l’ont été il y a moins d’une semaine."
        )
    gens = destinataires({facture.collectivite_id for facture in factures}, jour_a_paris(le))
    lettres = [
        (
            adresse,
            f"Facture {facture.numero} en attente de paiement",
            {"nom": nom, "facture": facture, "pieces": [f"facture:{facture.id}"]},
        )
        for facture in factures
        for nom, adresse in gens.get(facture.collectivite_id, ())
    ]
    inscrire(VERBE, a_relancer(le), par, le)
    ecrire_plusieurs("facture_relance", lettres, le=le)
    return len(factures)
