"""The periods of a marché: which reconductions the contract foresees, and what is decided of each. Nothing commits."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from groupement.catalogue.models import Marche, Reconduction
from groupement.catalogue.rules.periodes import (
    UN_JOUR,
    ADecider,
    Fenetre,
    PeriodePrevue,
    est_acquise,
    faute_de_decision,
    fautes_des_reconductions,
    fenetres,
    fin_apres,
)
from groupement.catalogue.states import TRANSITIONS_RECONDUCTION, EtatReconduction, ModeReconduction
from groupement.socle.calendrier import ajouter_mois, date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Auteur, franchir, noter


def prevoir(
    marche: Marche, periodes: Sequence[PeriodePrevue], justification: str, *, par: Auteur, le: datetime
) -> None:
    """Write the reconductions the contract foresees, in place of those written before. Refused once one is decided."""
    if any(r.etat is not EtatReconduction.PREVUE for r in marche.reconductions):
        raise RegleRefusee("Une reconduction est déjà décidée\u00a0: celles du contrat ne changent plus.")
    fautes = fautes_des_reconductions(marche.du, marche.au, periodes, justification)
    if fautes:
        raise RegleRefusee(" ".join(fautes.values()))
    marche.reconductions.clear()
    db.session.flush()
    marche.reconductions.extend(
        Reconduction(rang=rang, mois=p.mois, mode=p.mode, preavis_mois=p.preavis_mois, etat=EtatReconduction.PREVUE)
        for rang, p in enumerate(periodes, 1)
    )
    marche.justification_duree = justification
    db.session.flush()
    noter("marche", marche.id, "prevoir les reconductions", par=par, le=le, resume=f"{len(periodes)} reconduction(s)")


def fenetre_de(reconduction: Reconduction) -> Fenetre:
    """When the period would run: after those that come before it, each as decided, or as foreseen."""
    marche = reconduction.marche
    a_venir = [r for r in marche.reconductions if r.etat is EtatReconduction.PREVUE and r.rang <= reconduction.rang]
    if reconduction.etat is EtatReconduction.PREVUE:
        return fenetres(marche.au, [PeriodePrevue(r.mois, r.mode, r.preavis_mois) for r in a_venir])[-1]
    assert reconduction.au is not None or reconduction.etat is EtatReconduction.NON_RECONDUITE
    au = reconduction.au or fin_apres(marche.au, reconduction.mois)
    return Fenetre(ajouter_mois(au + UN_JOUR, -reconduction.mois), au, au)


def decider(
    reconduction: Reconduction, *, reconduire: bool, decidee_le: date, motif: str, par: Auteur, le: datetime
) -> None:
    """Renew the marché for one period, or not; its last day follows. Raises RegleRefusee with the reason."""
    a_decider = _a_decider(reconduction)
    aujourdhui = jour_a_paris(le)
    faute = faute_de_decision(a_decider, decidee_le, reconduire=reconduire, aujourdhui=aujourdhui)
    if faute:
        raise RegleRefusee(faute)
    _ecrire(reconduction, a_decider.fenetre, reconduire, decidee_le, motif, par, le)


def reconduire_les_acquises(le: datetime) -> int:
    """Renew what silence has renewed (tacit, the day to say no has passed); how many periods. The caller commits."""
    prevues = db.session.scalars(
        select(Reconduction)
        .where(Reconduction.etat == EtatReconduction.PREVUE, Reconduction.mode == ModeReconduction.TACITE)
        .options(joinedload(Reconduction.marche))
        .order_by(Reconduction.marche_id, Reconduction.rang)
        .with_for_update(of=Reconduction)
    ).all()
    faites = 0
    for reconduction in prevues:
        a_decider = _a_decider(reconduction)
        premiere = a_decider.precedente in (None, EtatReconduction.RECONDUITE)
        if premiere and est_acquise(reconduction.mode, a_decider.fenetre, jour_a_paris(le)):
            limite = a_decider.fenetre.a_decider_avant_le
            motif = f"Tacite\u00a0: aucune décision contraire avant la fin du {date_fr(limite)}."
            _ecrire(reconduction, a_decider.fenetre, True, limite, motif, AUTOMATE, le)
            faites += 1
    return faites


def _a_decider(reconduction: Reconduction) -> ADecider:
    """What the rule needs to know of a reconduction."""
    marche = reconduction.marche
    precedente = next((r.etat for r in marche.reconductions if r.rang == reconduction.rang - 1), None)
    fenetre = fenetre_de(reconduction)
    return ADecider(reconduction.rang, reconduction.mode, precedente, marche.notifie_le, fenetre)


def _ecrire(
    reconduction: Reconduction, fenetre: Fenetre, reconduire: bool, jour: date, motif: str, par: Auteur, le: datetime
) -> None:
    """The decision, and the last day of the marché that follows from it."""
    marche = reconduction.marche
    resume = f"{marche.numero}, reconduction n° {reconduction.rang}"
    franchir(
        reconduction,
        TRANSITIONS_RECONDUCTION,
        "reconduire" if reconduire else "ne pas reconduire",
        par=par,
        le=le,
        resume=resume,
    )
    reconduction.decidee_le, reconduction.decidee_par, reconduction.motif = jour, par.nom, motif
    if reconduire:
        reconduction.au = marche.au = fenetre.au
    db.session.flush()
