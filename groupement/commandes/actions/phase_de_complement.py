"""The completion phase of a campagne: it begins when the window ends, and something is missing that is worth filling.

Each verb locks the campagne. What the machine does at the end of a window goes through `finir`.
"""

from datetime import date, datetime

from groupement.commandes.actions.annonces import annoncer_le_complement
from groupement.commandes.actions.campagnes import clore, deja_fait
from groupement.commandes.models import Campagne
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.complement import manques_a_la_cloture
from groupement.commandes.rules.dates_du_complement import motif_de_refus_de_la_phase
from groupement.commandes.states import TRANSITIONS_CAMPAGNE, EtatCampagne
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import verrouiller_ecriture
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.nombres import accorde

RIEN_NE_MANQUE = "aucun colis incomplet, aucun palier à portée\u00a0: pas de phase de complément"


def completer(campagne_id: int, complement_au: date, *, par: Auteur, le: datetime) -> Campagne:
    """End the ordering, and let committed orders fill the packs until `complement_au`.

    Raises RegleRefusee for a day that cannot be, or when nothing is missing: closing is all that is left to do.
    """
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.etat is EtatCampagne.EN_COMPLEMENT:
        raise TransitionInterdite(deja_fait(campagne, "completer"))
    _verifier_la_fin(campagne, complement_au, le)
    combien = len(manques_a_la_cloture(campagne, jour_a_paris(le)))
    if not combien:
        raise RegleRefusee("Il ne manque rien\u00a0: aucun colis incomplet, aucun palier à portée. Closez la campagne.")
    _entrer(campagne, complement_au, combien, par, le)
    return campagne


def finir(campagne_id: int, *, par: Auteur, le: datetime) -> Campagne:
    """End the window: into its completion phase when it has one and something is missing, else it is closed."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    fin = campagne.complement_au
    if campagne.etat is not EtatCampagne.OUVERTE or fin is None or jour_a_paris(le) > fin:
        return clore(campagne_id, par=par, le=le)
    combien = len(manques_a_la_cloture(campagne, jour_a_paris(le)))
    if not combien:
        return clore(campagne_id, par=par, le=le, resume=RIEN_NE_MANQUE)
    _entrer(campagne, fin, combien, par, le)
    return campagne


def prolonger(campagne_id: int, complement_au: date, *, par: Auteur, le: datetime) -> Campagne:
    """Move the last day of the phase under way, and say so. Raises RegleRefusee for a day that cannot be."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.etat is not EtatCampagne.EN_COMPLEMENT:
        raise TransitionInterdite("La campagne n’est pas en phase de complément.")
    _verifier_la_fin(campagne, complement_au, le)
    ancien, campagne.complement_au = campagne.complement_au or campagne.au, complement_au
    resume = f"phase de complément\u00a0: {date_fr(ancien)} → {date_fr(complement_au)}"
    etat = campagne.etat
    noter(campagne.__tablename__, campagne.id, "reporter", par=par, le=le, resume=resume, avant=etat, apres=etat)
    annoncer_le_complement(campagne, par=par, le=le)
    return campagne


def _verifier_la_fin(campagne: Campagne, complement_au: date, le: datetime) -> None:
    """Raise RegleRefusee for a last day that is past, not after the campagne, or after the marché."""
    if complement_au < jour_a_paris(le):
        raise RegleRefusee(f"Le {date_fr(complement_au)} est passé\u00a0: choisissez aujourd’hui ou plus tard.")
    if motif := motif_de_refus_de_la_phase(campagne.au, complement_au, campagne.marche.au):
        raise RegleRefusee(motif)


def _entrer(campagne: Campagne, complement_au: date, combien: int, par: Auteur, le: datetime) -> None:
    """Pass into the phase."""
    resume = f"jusqu’au {date_fr(complement_au)}, {accorde(combien, 'article')} à compléter"
    franchir(campagne, TRANSITIONS_CAMPAGNE, "completer", par=par, le=le, resume=resume)
    campagne.complement_au = complement_au
    annoncer_le_complement(campagne, par=par, le=le)
