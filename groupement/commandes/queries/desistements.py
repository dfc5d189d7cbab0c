"""Who declined, when and why; and what the next titulaire of a bon would be paid for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, select
from sqlalchemy.orm import joinedload

from groupement.adherents.acces import Contexte
from groupement.catalogue.models import Lot, Titulaire
from groupement.commandes.models import BonDeCommande, Campagne, Desistement
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.queries.offres import offres
from groupement.commandes.queries.revisions import bon_a_reviser
from groupement.commandes.queries.titulaires import LotsTenus, declines_de_la_campagne, titulaire_du_bon
from groupement.commandes.rules.reprise import Reprise, reprendre
from groupement.commandes.states import EtatCampagne
from groupement.socle.db import db


@dataclass(frozen=True, slots=True)
class Suite:
    """The titulaire a bon would pass to, and what it would be at its prices."""

    titulaire: Titulaire
    reprise: Reprise


def desistements_du_lot(lot_id: int) -> Sequence[Desistement]:
    """Everything declined on a lot, the latest first, withdrawn ones too. One statement."""
    return db.session.scalars(
        select(Desistement)
        .where(Desistement.lot_id == lot_id)
        .options(*(joinedload(lien) for lien in (Desistement.fournisseur, Desistement.campagne, Desistement.bon)))
        .order_by(Desistement.le.desc(), Desistement.id.desc())
    ).all()


def desistement_visible(desistement_id: int, contexte: Contexte, *, verrou: bool = False) -> Desistement:
    """What a titulaire declined, for the Centre de gestion; 404 otherwise."""
    voulu = select(Desistement).where(Desistement.id == desistement_id)
    if not contexte.est_cdg:
        voulu = voulu.where(false())
    if verrou:
        voulu = voulu.with_for_update().execution_options(populate_existing=True)
    return db.one_or_404(voulu)


def lot_de_la_campagne(campagne: Campagne, lot_id: int) -> Lot:
    """A lot of the marché of a campagne, with its titulaires; 404 otherwise."""
    return db.one_or_404(select(Lot).where(Lot.id == lot_id, Lot.marche_id == campagne.marche_id))


def campagnes_a_regrouper(marche_id: int) -> Sequence[Campagne]:
    """The closed campagnes of a marché whose bons are still to be issued. One statement."""
    return db.session.scalars(
        select(Campagne).where(Campagne.marche_id == marche_id, FENETRES, Campagne.etat == EtatCampagne.CLOSE)
    ).all()


def refus_du_bon(bon: BonDeCommande) -> set[int]:
    """The suppliers this bon may not go to: its own, those that declined it before, those that declined the campagne.

    Two statements, and one for each bon it takes the place of.
    """
    souche = [bon]
    while souche[-1].remplace is not None:
        souche.append(souche[-1].remplace)
    passes = select(Desistement.fournisseur_id).where(Desistement.bon_id.in_([ancien.id for ancien in souche]))
    de_la_campagne = declines_de_la_campagne(bon.campagne_id)[bon.lot_id]
    return {bon.fournisseur_id, *de_la_campagne, *db.session.scalars(passes)}


def titulaire_suivant(bon: BonDeCommande, le: date) -> Titulaire | None:
    """Whom the bon goes to when its supplier declines it on the day `le`; None when nobody is left."""
    return bon.lot.titulaire_le(le, refus_du_bon(bon))


def peut_garder(bon: BonDeCommande, le: date) -> bool:
    """Whether the supplier of a bon may be sent a new one: it still holds the lot, and has not declined."""
    titulaire = titulaire_du_bon(bon)
    if titulaire is None:
        return False
    autres = refus_du_bon(bon) - {bon.fournisseur_id}
    return bon.lot.titulaire_le(le, autres) is titulaire


def suite_du_bon(bon: BonDeCommande, le: date) -> Suite | None:
    """The next titulaire of a bon and what the bon would be at its prices of the day; None when nobody is left."""
    suivant = titulaire_suivant(bon, le)
    if suivant is None:
        return None
    a_reviser = bon_a_reviser(bon, None)
    articles = {ligne.id: ligne.article_id for ligne in bon.lignes}
    siennes = offres(LotsTenus(bon.campagne, [bon.lot], {bon.lot_id: suivant}, le), list(articles.values()))
    reprise = reprendre(
        a_reviser,
        suivant.fournisseur.nom,
        {cle: siennes.prix.get(article_id, ()) for cle, article_id in articles.items()},
        {cle: siennes.deja_achetees(bon.lot_id, article_id) for cle, article_id in articles.items()},
        suivant.termes,
    )
    return Suite(suivant, reprise)
