"""Open and close the urgent orders of a marché for a year: a campagne that no window reads, served by a depot."""

from datetime import datetime

from sqlalchemy import select

from groupement.catalogue.models import Marche
from groupement.commandes.actions.campagnes import deja_fait
from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.depannages import DEPANNAGES
from groupement.commandes.rules import depannages as regle
from groupement.commandes.states import TRANSITIONS_CAMPAGNE, EtatCampagne, NatureCampagne
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, franchir, noter
from groupement.stock.models import Depot


def ouvrir(marche: Marche, depot: Depot, *, par: Auteur, le: datetime) -> Campagne:
    """Let the members be served by the depot this year; opens again what was closed.

    Raises RegleRefusee outside the dates of the marché, TransitionInterdite when it is open already.
    """
    jour = jour_a_paris(le)
    if motif := regle.motif_de_refus(marche_du=marche.du, marche_au=marche.au, le=jour, fenetre_ouverte=None):
        raise RegleRefusee(motif)
    campagne = _de_l_annee(marche, jour.year)
    if campagne is None:
        return _creer(marche, depot, par=par, le=le)
    if campagne.etat is EtatCampagne.OUVERTE:
        raise TransitionInterdite(deja_fait(campagne, "ouvrir"))
    franchir(campagne, TRANSITIONS_CAMPAGNE, "rouvrir", par=par, le=le)
    campagne.close_le = None
    return campagne


def _de_l_annee(marche: Marche, annee: int) -> Campagne | None:
    """The campagne of that year, locked; the marché is held first, so that two buyers make one."""
    verrouiller_ecriture()
    db.session.execute(select(Marche.id).where(Marche.id == marche.id).with_for_update())
    du, _ = regle.periode(annee)
    return db.session.scalars(
        select(Campagne).where(Campagne.marche_id == marche.id, DEPANNAGES, Campagne.du == du).with_for_update()
    ).one_or_none()


def _creer(marche: Marche, depot: Depot, *, par: Auteur, le: datetime) -> Campagne:
    """The campagne of the year, open."""
    annee = jour_a_paris(le).year
    du, au = regle.periode(annee)
    campagne = Campagne(
        marche=marche,
        depot=depot,
        nature=NatureCampagne.DEPANNAGE,
        intitule=regle.intitule(annee),
        du=du,
        au=au,
        etat=EtatCampagne.PREPAREE,
    )
    db.session.add(campagne)
    db.session.flush()
    noter("campagne", campagne.id, "preparer", par=par, le=le, resume=campagne.intitule, apres=campagne.etat)
    franchir(campagne, TRANSITIONS_CAMPAGNE, "ouvrir", par=par, le=le, resume=f"{marche.numero}, {depot.nom}")
    return campagne


def clore(campagne_id: int, *, par: Auteur, le: datetime) -> Campagne:
    """The depot serves nobody any more, until it is opened again; what is committed is handed over as agreed."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.nature is not NatureCampagne.DEPANNAGE:
        raise RegleRefusee("Cette campagne n’est pas faite de dépannages\u00a0: closez-la depuis sa page.")
    if campagne.etat is EtatCampagne.CLOSE:
        raise TransitionInterdite(deja_fait(campagne, "clore"))
    franchir(campagne, TRANSITIONS_CAMPAGNE, "clore", par=par, le=le)
    campagne.close_le = le
    return campagne
