"""The supplier says when it comes."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Integer, String, insert, literal, select, update

from groupement.commandes.models import BonDeCommande
from groupement.livraisons.actions.avis import prevenir_les_collectivites
from groupement.livraisons.actions.suites import rafraichir
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.fournisseurs import a_annoncer
from groupement.livraisons.queries.livraisons import parmi
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import DateHeure, db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, Evenement


def annoncer_une_date(
    bon: BonDeCommande,
    livraison_ids: Collection[int] | None,
    pour: date,
    bordereau: str = "",
    *,
    par: Auteur,
    le: datetime,
) -> int:
    """Announce the day (and slip number) of deliveries of a bon still to come, and tell the bodies; returns how many.

    `livraison_ids`: None for all of them. The deadline of the bon does not move.
    Raises RegleRefusee for a past day, or when none of them is to come.
    """
    if pour < jour_a_paris(le):
        raise RegleRefusee("Annoncez un jour à venir, ou aujourd’hui.")
    ids = a_annoncer(bon.id, livraison_ids)
    if not ids:
        raise RegleRefusee("Cochez au moins une livraison à venir.")
    valeurs: dict[str, object] = {"annoncee_pour": pour}
    if bordereau:
        valeurs["bordereau"] = bordereau
    db.session.execute(
        update(Livraison).where(parmi(Livraison.id, ids)).values(valeurs),
        execution_options={"synchronize_session": False},
    )
    _noter(ids, f"Annoncée pour le {date_fr(pour)}", par, le)
    rafraichir()
    sujet = f"Livraison annoncée pour le {date_fr(pour)}\u00a0: bon {bon.numero}"
    prevenir_les_collectivites(ids, sujet, "livraison_annoncee", le=le)
    return len(ids)


def _noter(ids: Collection[int], resume: str, par: Auteur, le: datetime) -> None:
    """One line of the journal a delivery, in one statement."""
    lignes = select(
        *(literal(le, DateHeure), literal(par.nom, String), literal(par.utilisateur_id, Integer)),
        *(literal("annoncer", String), literal("livraison", String), Livraison.id, literal(resume, String)),
    ).where(parmi(Livraison.id, ids))
    colonnes = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume")
    db.session.execute(insert(Evenement).from_select(colonnes, lignes))
