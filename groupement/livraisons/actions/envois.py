"""The supplier says what it sends, where, and the day it comes."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Integer, String, func, insert, literal, select, update

from groupement.commandes.actions import avis_des_echanges
from groupement.commandes.models import Affectation, BonDeCommande
from groupement.livraisons.actions.avis import prevenir_les_collectivites
from groupement.livraisons.actions.suites import rafraichir
from groupement.livraisons.models import EnvoiAnnonce, LigneEnvoi, LigneLivraison, Livraison
from groupement.livraisons.queries.fournisseurs import a_annoncer
from groupement.livraisons.queries.livraisons import parmi
from groupement.livraisons.rules.envois import Envoi, phrase_de_l_envoi
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import DateHeure, db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, Evenement, noter


def annoncer_un_envoi(
    bon: BonDeCommande,
    livraison_ids: Collection[int] | None,
    envoi: Envoi,
    *,
    partie: Mapping[int, int] | None = None,
    par: Auteur,
    le: datetime,
) -> int:
    """Announce what leaves for deliveries of a bon still to come; tell the bodies and the buyers. Returns how many.

    `livraison_ids`: None for all of them. `partie`: pieces by bon line, when not everything of the one delivery leaves.
    The deadline of the bon does not move. Raises RegleRefusee for a past day, or when none of them is to come.
    """
    if envoi.pour < jour_a_paris(le):
        raise RegleRefusee("Annoncez un jour à venir, ou aujourd’hui.")
    ids = a_annoncer(bon.id, livraison_ids)
    if not ids:
        raise RegleRefusee("Cochez au moins une livraison à venir.")
    _ecrire(bon, ids, envoi, partie, par, le)
    annoncees = sum(partie.values()) if partie else None
    phrase = phrase_de_l_envoi(envoi, len(ids), annoncees)
    _noter(ids, f"Annoncée pour le {date_fr(envoi.pour)}", par, le)
    noter(bon.__tablename__, bon.id, "annoncer un envoi", par=par, le=le, resume=phrase, avant=bon.etat, apres=bon.etat)
    rafraichir()
    sujet = f"Livraison annoncée pour le {date_fr(envoi.pour)}\u00a0: bon {bon.numero}"
    prevenir_les_collectivites(ids, sujet, "livraison_annoncee", le=le, envoi=envoi, annoncees=annoncees)
    sujet = f"Bon {bon.numero}\u00a0: envoi annoncé"
    avis_des_echanges.prevenir_les_acheteurs(bon, sujet, "annonce un envoi", par=par, le=le, texte=phrase)
    return len(ids)


def _ecrire(
    bon: BonDeCommande, ids: Collection[int], envoi: Envoi, partie: Mapping[int, int] | None, par: Auteur, le: datetime
) -> None:
    """The announcement, its lines, and the day on the deliveries: three statements, however many."""
    champs = {"pour": envoi.pour, "transporteur": envoi.transporteur, "colis": envoi.colis}
    ecrit = EnvoiAnnonce(bon_id=bon.id, bordereau=envoi.bordereau, annonce_le=le, annonce_par=par.nom, **champs)
    db.session.add(ecrit)
    db.session.flush()
    if partie is None:
        db.session.execute(_tout_ce_qui_est_attendu(ecrit.id, ids))
    else:
        (livraison_id,) = ids
        lignes = [(ligne, unites) for ligne, unites in partie.items() if unites]
        db.session.add_all(
            LigneEnvoi(envoi_id=ecrit.id, livraison_id=livraison_id, ligne_bon_id=ligne, unites=unites)
            for ligne, unites in lignes
        )
        db.session.flush()
    valeurs: dict[str, object] = {"annoncee_pour": envoi.pour}
    if envoi.bordereau:
        valeurs["bordereau"] = envoi.bordereau
    db.session.execute(
        update(Livraison).where(parmi(Livraison.id, ids)).values(valeurs),
        execution_options={"synchronize_session": False},
    )


def _tout_ce_qui_est_attendu(envoi_id: int, ids: Collection[int]):
    """A line a place and article, for every piece expected there."""
    attendues = (
        select(
            literal(envoi_id, Integer),
            LigneLivraison.livraison_id,
            Affectation.ligne_bon_id,
            func.sum(LigneLivraison.unites_attendues),
        )
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .where(parmi(LigneLivraison.livraison_id, ids))
        .group_by(LigneLivraison.livraison_id, Affectation.ligne_bon_id)
    )
    return insert(LigneEnvoi).from_select(("envoi_id", "livraison_id", "ligne_bon_id", "unites"), attendues)


def _noter(ids: Collection[int], resume: str, par: Auteur, le: datetime) -> None:
    """One line of the journal a delivery, in one statement."""
    lignes = select(
        *(literal(le, DateHeure), literal(par.nom, String), literal(par.utilisateur_id, Integer)),
        *(literal("annoncer", String), literal("livraison", String), Livraison.id, literal(resume, String)),
    ).where(parmi(Livraison.id, ids))
    colonnes = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume")
    db.session.execute(insert(Evenement).from_select(colonnes, lignes.order_by(Livraison.id)))
