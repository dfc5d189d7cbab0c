"""Open, postpone, close an ordering window. Each verb locks the campagne, so that an order validated in the same
second is either in or told that it is closed."""

from datetime import date, datetime

from groupement.catalogue.models import Marche
from groupement.commandes.actions.annonces import (
    annoncer_l_annulation,
    annoncer_l_ouverture,
    annoncer_la_cloture,
    annoncer_la_reouverture,
    annoncer_le_report,
)
from groupement.commandes.actions.reglages_campagne import TOUT_OUVERT, Reglages, regler
from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import campagne_verrouillee, dernier_fait
from groupement.commandes.rules.acces_campagne import FIGE
from groupement.commandes.rules.dates_du_complement import phase_apres_report
from groupement.commandes.states import TRANSITIONS_CAMPAGNE, EtatCampagne, RegleDeReliquat
from groupement.socle.calendrier import date_fr, date_heure_fr, jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, franchir, noter
from groupement.stock.models import Depot

APRES_LA_CLOTURE = (EtatCampagne.REGROUPEE, EtatCampagne.SOLDEE)


def preparer(
    marche: Marche,
    depot: Depot,
    *,
    intitule: str,
    du: date,
    au: date,
    par: Auteur,
    le: datetime,
    regle_reliquat: RegleDeReliquat = RegleDeReliquat.RANG,
    reglages: Reglages = TOUT_OUVERT,
) -> Campagne:
    """A new window, not open yet. Raises RegleRefusee when its dates are not inside the marché's (R2162-5)."""
    _verifier_les_dates(marche, du, au)
    campagne = Campagne(
        marche=marche,
        depot=depot,
        intitule=intitule,
        du=du,
        au=au,
        regle_reliquat=regle_reliquat,
        etat=EtatCampagne.PREPAREE,
    )
    db.session.add(campagne)
    db.session.flush()
    regler(campagne, reglages)
    noter(campagne.__tablename__, campagne.id, "preparer", par=par, le=le, resume=intitule, apres=campagne.etat)
    return campagne


def _verifier_les_dates(marche: Marche, du: date, au: date) -> None:
    """A bon is only issued while the marché runs."""
    if au < du:
        raise RegleRefusee(f"La campagne doit finir le {date_fr(du)} ou après\u00a0: choisissez une date plus tardive.")
    if du < marche.du or au > marche.au:
        raise RegleRefusee(
            f"La campagne doit tenir dans la durée du marché {marche.numero}\u00a0: choisissez des dates "
            f"du {date_fr(marche.du)} au {date_fr(marche.au)} (article R2162-5 du code de la commande publique)."
        )


def modifier(
    campagne: Campagne,
    marche: Marche,
    depot: Depot,
    *,
    intitule: str,
    du: date,
    au: date,
    par: Auteur,
    le: datetime,
    regle_reliquat: RegleDeReliquat = RegleDeReliquat.RANG,
    reglages: Reglages = TOUT_OUVERT,
) -> None:
    """Change a campagne that is not open yet. Raises RegleRefusee once it is, or for dates outside the marché."""
    if campagne.etat is not EtatCampagne.PREPAREE:
        raise TransitionInterdite(
            "La campagne n’est plus en préparation\u00a0: seuls son dernier jour et la livraison annoncée changent "
            f"encore. {FIGE}"
        )
    _verifier_les_dates(marche, du, au)
    campagne.marche, campagne.depot, campagne.intitule = marche, depot, intitule
    campagne.du, campagne.au, campagne.regle_reliquat = du, au, regle_reliquat
    regler(campagne, reglages)
    noter(campagne.__tablename__, campagne.id, "modifier", par=par, le=le, resume=intitule, apres=campagne.etat)


def _franchir(campagne_id: int, verbe: str, par: Auteur, le: datetime, resume: str = "") -> Campagne:
    """Lock, then pass; who comes second is told who came first."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    faite = verbe == "clore" and campagne.etat in APRES_LA_CLOTURE
    if faite or campagne.etat is TRANSITIONS_CAMPAGNE[verbe][1]:
        raise TransitionInterdite(deja_fait(campagne, verbe))
    franchir(campagne, TRANSITIONS_CAMPAGNE, verbe, par=par, le=le, resume=resume)
    return campagne


def deja_fait(campagne: Campagne, verbe: str) -> str:
    """The sentence for a verb somebody has just done."""
    fait = dernier_fait(campagne.__tablename__, campagne.id, verbe)
    par_qui = f"{fait[0]} l’a fait le {date_heure_fr(fait[1])}" if fait else "c’est déjà fait"
    return f"Impossible de {verbe}\u00a0: {par_qui}. Rien n’a été changé par votre demande."


def ouvrir(campagne_id: int, *, par: Auteur, le: datetime) -> Campagne:
    """Let the members order. Raises RegleRefusee when its last day is past."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if jour_a_paris(le) > campagne.au:
        raise RegleRefusee(
            f"Le dernier jour de la campagne ({date_fr(campagne.au)}) est passé\u00a0: reportez-le d’abord."
        )
    if campagne.etat is EtatCampagne.OUVERTE:
        raise TransitionInterdite(deja_fait(campagne, "ouvrir"))
    franchir(campagne, TRANSITIONS_CAMPAGNE, "ouvrir", par=par, le=le)
    annoncer_l_ouverture(campagne, par=par, le=le)
    return campagne


def clore(campagne_id: int, *, par: Auteur, le: datetime, resume: str = "") -> Campagne:
    """No more orders, nothing more to complete: what is validated now is what will be bought."""
    campagne = _franchir(campagne_id, "clore", par, le, resume)
    campagne.close_le = le
    annoncer_la_cloture(campagne, par=par, le=le)
    return campagne


def rouvrir(campagne_id: int, motif: str, *, par: Auteur, le: datetime) -> Campagne:
    """Open again a campagne closed too early, with the reason."""
    campagne = _franchir(campagne_id, "rouvrir", par, le, resume=motif)
    campagne.close_le = None
    if jour_a_paris(le) > campagne.au:
        _finir_le(campagne, jour_a_paris(le))
    annoncer_la_reouverture(campagne, motif, par=par, le=le)
    return campagne


def annuler(campagne_id: int, motif: str, *, par: Auteur, le: datetime) -> Campagne:
    """Give the campagne up, with the reason: said to all who may order, once they were told it is open."""
    verrouiller_ecriture()
    etait_prete = campagne_verrouillee(campagne_id).etat is EtatCampagne.PREPAREE
    campagne = _franchir(campagne_id, "annuler", par, le, resume=motif)
    if not etait_prete:
        annoncer_l_annulation(campagne, motif, par=par, le=le)
    return campagne


def reporter(campagne_id: int, au: date, *, par: Auteur, le: datetime) -> Campagne:
    """Move the last day. Raises RegleRefusee when the date is past or outside the marché."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.etat not in {EtatCampagne.PREPAREE, EtatCampagne.OUVERTE}:
        raise TransitionInterdite("Seule une campagne en préparation ou ouverte peut être reportée.")
    if au < jour_a_paris(le):
        raise RegleRefusee(f"Le {date_fr(au)} est passé\u00a0: choisissez aujourd’hui ou plus tard.")
    _verifier_les_dates(campagne.marche, campagne.du, au)
    ancien = date_fr(campagne.au)
    _finir_le(campagne, au)
    noter(
        campagne.__tablename__,
        campagne.id,
        "reporter",
        par=par,
        le=le,
        resume=f"{ancien} → {date_fr(au)}",
        avant=campagne.etat,
        apres=campagne.etat,
    )
    annoncer_le_report(campagne, ancien, par=par, le=le)
    return campagne


def _finir_le(campagne: Campagne, au: date) -> None:
    """Move the last day; the completion phase that follows keeps its length."""
    campagne.complement_au = phase_apres_report(campagne.au, campagne.complement_au, au, campagne.marche.au)
    campagne.au = au
