"""The supplier says what it sends, where, and the day it comes: another shipment, or another day for one."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Integer, Select, func, insert, literal, select, true, update

from groupement.commandes.actions import avis_des_echanges
from groupement.commandes.models import BonDeCommande
from groupement.livraisons.actions.avis import prevenir_les_collectivites
from groupement.livraisons.actions.suites import rafraichir
from groupement.livraisons.models import EnvoiAnnonce, LigneEnvoi, Livraison
from groupement.livraisons.queries.envois import (
    annonces_des,
    attendu_et_annonce,
    attendues_et_annoncees,
    qui_tiennent,
    tient,
)
from groupement.livraisons.queries.fournisseurs import a_annoncer
from groupement.livraisons.queries.livraisons import parmi
from groupement.livraisons.rules.envois import (
    Envoi,
    Suite,
    annoncables,
    fautes_de_la_partie,
    jours_dits,
    phrase_de_l_envoi,
    suite_de,
)
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter, noter_tous

SANS_SYNCHRONISER = {"synchronize_session": False}


def annoncer_un_envoi(
    bon: BonDeCommande,
    livraison_ids: Collection[int] | None,
    envoi: Envoi,
    *,
    partie: Mapping[int, int] | None = None,
    remplace: bool = False,
    par: Auteur,
    le: datetime,
) -> int:
    """Announce what leaves for deliveries of a bon still to come; tell the bodies and the buyers. Returns how many.

    `livraison_ids`: None for all of them. `partie`: pieces by bon line, when not everything of the one delivery leaves.
    It adds to what was announced at a place; with `remplace`, or where nothing is left to announce, it replaces it.
    The deadline of the bon does not move. Raises RegleRefusee for a past day, when none of them is to come, or for
    more than is left to announce.
    """
    if envoi.pour < jour_a_paris(le):
        raise RegleRefusee("Annoncez un jour à venir, ou aujourd’hui.")
    ids = a_annoncer(bon.id, livraison_ids)
    if not ids:
        raise RegleRefusee("Cochez au moins une livraison à venir.")
    if partie is not None:
        _refuser_la_faute(ids, partie, remplace)
    numero = _ecrire(bon, ids, envoi, partie, remplace, par, le)
    suites = {cle: suite_de(annonces, numero) for cle, annonces in annonces_des(ids).items()}
    _noter(suites, envoi, par, le)
    changees = sum(bool(suite.avant) for suite in suites.values())
    phrase = phrase_de_l_envoi(envoi, len(ids), sum(partie.values()) if partie else None, changees)
    noter(bon.__tablename__, bon.id, "annoncer un envoi", par=par, le=le, resume=phrase, avant=bon.etat, apres=bon.etat)
    rafraichir()
    sujet = f"Livraison annoncée pour le {date_fr(envoi.pour)}\u00a0: bon {bon.numero}"
    prevenir_les_collectivites(ids, sujet, "livraison_annoncee", le=le, envoi=envoi, suites=suites)
    sujet = f"Bon {bon.numero}\u00a0: envoi annoncé"
    avis_des_echanges.prevenir_les_acheteurs(bon, sujet, "annonce un envoi", par=par, le=le, texte=phrase)
    return len(ids)


def _refuser_la_faute(ids: Collection[int], partie: Mapping[int, int], remplace: bool) -> None:
    """A part is of one place, and of what is left to announce there: another shipment may have just said the rest."""
    (livraison_id,) = ids
    fautes = fautes_de_la_partie(annoncables(attendues_et_annoncees(livraison_id), remplace=remplace), partie)
    if fautes:
        raise RegleRefusee(next(iter(fautes.values())))


def _ecrire(
    bon: BonDeCommande,
    ids: Collection[int],
    envoi: Envoi,
    partie: Mapping[int, int] | None,
    remplace: bool,
    par: Auteur,
    le: datetime,
) -> int:
    """The announcement, what it replaces, its lines, the day on the deliveries: as many statements for one as for all.

    Returns its number.
    """
    champs = {"pour": envoi.pour, "transporteur": envoi.transporteur, "colis": envoi.colis}
    ecrit = EnvoiAnnonce(bon_id=bon.id, bordereau=envoi.bordereau, annonce_le=le, annonce_par=par.nom, **champs)
    db.session.add(ecrit)
    db.session.flush()
    _remplacer(ecrit.id, ids, remplace)
    if partie is None:
        db.session.execute(_tout_ce_qui_reste(ecrit.id, ids))
    else:
        (livraison_id,) = ids
        lignes = [(ligne, unites) for ligne, unites in partie.items() if unites]
        db.session.add_all(
            LigneEnvoi(envoi_id=ecrit.id, livraison_id=livraison_id, ligne_bon_id=ligne, unites=unites)
            for ligne, unites in lignes
        )
        db.session.flush()
    _dater(ids, envoi)
    _donner_le_bordereau(ids, envoi, ecrit.id)
    return ecrit.id


def _remplacer(envoi_id: int, ids: Collection[int], remplace: bool) -> None:
    """Mark what does not hold any more: all that was announced there, or only where everything already was."""
    a_dire = attendu_et_annonce(ids).subquery()
    entamees = select(a_dire.c.livraison_id).where(a_dire.c.attendues > a_dire.c.annoncees)
    concernees = true() if remplace else LigneEnvoi.livraison_id.not_in(entamees)
    db.session.execute(
        update(LigneEnvoi)
        .where(LigneEnvoi.id.in_(qui_tiennent(LigneEnvoi.id).where(parmi(Livraison.id, ids))), concernees)
        .values(remplacee_par_id=envoi_id),
        execution_options=SANS_SYNCHRONISER,
    )


def _tout_ce_qui_reste(envoi_id: int, ids: Collection[int]):
    """A line a place and article, for every piece expected there that no shipment brings yet."""
    a_dire = attendu_et_annonce(ids).subquery()
    reste = a_dire.c.attendues - a_dire.c.annoncees
    lignes: Select[tuple[int, int, int, int]] = select(
        literal(envoi_id, Integer), a_dire.c.livraison_id, a_dire.c.ligne_bon_id, reste
    ).where(reste > 0)
    return insert(LigneEnvoi).from_select(("envoi_id", "livraison_id", "ligne_bon_id", "unites"), lignes)


def _dater(ids: Collection[int], envoi: Envoi) -> None:
    """The first day that holds, on each delivery."""
    premier = (
        select(func.min(EnvoiAnnonce.pour))
        .join(LigneEnvoi, LigneEnvoi.envoi_id == EnvoiAnnonce.id)
        .where(LigneEnvoi.livraison_id == Livraison.id, tient())
        .correlate(Livraison)
        .scalar_subquery()
    )
    db.session.execute(
        update(Livraison).where(parmi(Livraison.id, ids)).values(annoncee_pour=func.coalesce(premier, envoi.pour)),
        execution_options=SANS_SYNCHRONISER,
    )


def _donner_le_bordereau(ids: Collection[int], envoi: Envoi, numero: int) -> None:
    """The slip of the shipment that comes first; that of a shipment just replaced is nobody's any more."""
    perimes = (
        select(EnvoiAnnonce.bordereau)
        .join(LigneEnvoi, LigneEnvoi.envoi_id == EnvoiAnnonce.id)
        .where(LigneEnvoi.livraison_id == Livraison.id, LigneEnvoi.remplacee_par_id == numero)
        .correlate(Livraison)
    )
    siennes = update(Livraison).where(parmi(Livraison.id, ids)).execution_options(**SANS_SYNCHRONISER)
    db.session.execute(siennes.where(Livraison.bordereau.in_(perimes)).values(bordereau=""))
    if envoi.bordereau:
        premieres = siennes.where(Livraison.annoncee_pour == envoi.pour)
        db.session.execute(premieres.values(bordereau=envoi.bordereau))


def _noter(suites: Mapping[int, Suite], envoi: Envoi, par: Auteur, le: datetime) -> None:
    """One line of the journal a delivery, with the day it was announced for before; in one statement."""
    dit = f"Annoncée pour le {date_fr(envoi.pour)}"
    faits = [
        (cle, f"{dit}, au lieu du {jours_dits(suite.avant)}" if suite.avant else dit)
        for cle, suite in sorted(suites.items())
    ]
    noter_tous("livraison", faits, "annoncer", par=par, le=le)
