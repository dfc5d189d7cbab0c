"""The terms of a window: what it sells, to whom, when that will be delivered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert

from groupement.commandes.models import Campagne, CollectiviteAdmise
from groupement.commandes.rules.acces_campagne import FIGE, phrase_de_la_livraison
from groupement.commandes.rules.dates_du_complement import motif_de_refus_de_la_phase
from groupement.commandes.states import AccesCampagne, EtatCampagne
from groupement.socle.calendrier import date_fr
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, noter


class ReglageRefuse(RegleRefusee):
    """A term that cannot be; `champ` says which, `motifs` why."""

    def __init__(self, champ: str, *motifs: str) -> None:
        """Keep the field and the sentences; the message is all of them."""
        super().__init__(" ".join(motifs))
        self.champ, self.motifs = champ, motifs


@dataclass(frozen=True, slots=True)
class Reglages:
    """Numbers of the lots open (None: all), the bodies let in (kinds, or a list by id), the delivery announced."""

    lots: Collection[int] | None = None
    acces: AccesCampagne = AccesCampagne.TOUS
    types: Collection[str] = ()
    admises: Collection[int] = ()
    livraison_du: date | None = None
    livraison_au: date | None = None
    s_ouvre_seule: bool = True
    complement_au: date | None = None


TOUT_OUVERT = Reglages()


def regler(campagne: Campagne, reglages: Reglages) -> None:
    """Set the terms of a campagne that is prepared; three statements at most, however long the list.

    Raises ReglageRefuse for terms that let nobody in, or a delivery before the orders are known.
    """
    if campagne.etat is not EtatCampagne.PREPAREE:
        raise TransitionInterdite(FIGE)
    if reglages.acces is AccesCampagne.TYPES and not reglages.types:
        raise ReglageRefuse("types", "Cochez au moins un type de collectivité, ou ouvrez la campagne à toutes.")
    if reglages.acces is AccesCampagne.LISTE and not reglages.admises:
        raise ReglageRefuse("sirens", "Collez au moins un SIREN, ou ouvrez la campagne à toutes les collectivités.")
    if motif := motif_de_refus_de_la_phase(campagne.au, reglages.complement_au, campagne.marche.au):
        raise ReglageRefuse("complement_au", motif)
    campagne.complement_au = reglages.complement_au
    fin = reglages.complement_au or campagne.au
    _verifier_la_livraison(fin, reglages.livraison_du, reglages.livraison_au)
    campagne.lots = sorted(reglages.lots) if reglages.lots is not None else None
    campagne.acces = reglages.acces
    campagne.types = sorted(reglages.types) if reglages.acces is AccesCampagne.TYPES else []
    campagne.livraison_du, campagne.livraison_au = reglages.livraison_du, reglages.livraison_au
    campagne.s_ouvre_seule = reglages.s_ouvre_seule
    _ecrire_la_liste(campagne.id, reglages.admises if reglages.acces is AccesCampagne.LISTE else ())


def _ecrire_la_liste(campagne_id: int, admises: Collection[int]) -> None:
    """Replace the list of the bodies let in."""
    db.session.execute(delete(CollectiviteAdmise).where(CollectiviteAdmise.campagne_id == campagne_id))
    lignes = [{"campagne_id": campagne_id, "collectivite_id": numero} for numero in sorted(set(admises))]
    if lignes:
        db.session.execute(insert(CollectiviteAdmise), lignes)


def annoncer_la_livraison(campagne: Campagne, du: date | None, au: date | None, *, par: Auteur, le: datetime) -> None:
    """Change the delivery period announced, which may be while the window is open. The caller holds the campagne."""
    if campagne.etat not in (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE):
        raise TransitionInterdite(
            "La campagne est close\u00a0: ce sont maintenant ses bons de commande qui disent quand on livre."
        )
    _verifier_la_livraison(campagne.au, du, au)
    if (du, au) == (campagne.livraison_du, campagne.livraison_au):
        return
    campagne.livraison_du, campagne.livraison_au = du, au
    resume = phrase_de_la_livraison(du, au) or "aucune"
    noter(campagne.__tablename__, campagne.id, "annoncer la livraison", par=par, le=le, resume=resume)


def _verifier_la_livraison(fin: date, du: date | None, au: date | None) -> None:
    """What is ordered is known once the window is over: nothing is delivered before."""
    if du is not None and au is not None and au < du:
        raise ReglageRefuse("livraison_au", f"La livraison doit finir le {date_fr(du)} ou après.")
    for champ, jour in (("livraison_du", du), ("livraison_au", au)):
        if jour is not None and jour <= fin:
            raise ReglageRefuse(
                champ, f"La livraison vient après le dernier jour pour commander, le {date_fr(fin)}\u00a0: changez-la."
            )
