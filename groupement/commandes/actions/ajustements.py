"""Change what a closed campagne will order, with a reason; withdraw a change. The caller commits.

Only while the campagne is closed: before, the orders still move, and what was left out could be changed underneath.
"""

from datetime import datetime

from groupement.commandes.actions.campagnes import deja_fait
from groupement.commandes.models import Ajustement, Campagne
from groupement.commandes.queries.ajustements import Cible, ajustement_tenu, cible_de, en_vigueur
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.rules.ajustements import SORTANTS
from groupement.commandes.states import EtatCampagne, GenreAjustement
from groupement.socle.calendrier import date_heure_fr
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import accorde, entier_fr

FAITES = (EtatCampagne.REGROUPEE, EtatCampagne.SOLDEE)


def ajuster(
    campagne_id: int, cible: Cible, genre: GenreAjustement, motif: str, unites: int = 0, *, par: Auteur, le: datetime
) -> Ajustement:
    """Decide `genre` of `cible`, a target of this campagne (`queries.ajustements.cible_visible`).

    `unites`: the quantity of the tier to reach (`viser`), or how many pieces more (`ajouter`); 0 otherwise.
    Raises TransitionInterdite unless the campagne is closed, RegleRefusee when somebody has decided of it already.
    """
    campagne = _campagne_close(campagne_id)
    if not motif.strip():
        raise RegleRefusee("Écrivez pourquoi, en une phrase\u00a0: les collectivités concernées la liront.")
    _exiger_la_quantite(cible, genre, unites)
    deja = en_vigueur(campagne_id, cible)
    if deja is not None:
        raise RegleRefusee(
            f"{deja.par} en a décidé le {date_heure_fr(deja.le)}\u00a0: {phrase_de(deja)}. "
            "Retirez d’abord cette décision pour en prendre une autre. Rien n’a été changé par votre demande."
        )
    ajustement = Ajustement(
        campagne_id=campagne_id, genre=genre, unites=unites, motif=motif.strip()[:500], par=par.nom, le=le, **cible.ids
    )
    db.session.add(ajustement)
    db.session.flush()
    _noter(campagne, "ajuster le regroupement", f"{cible.nom}\u00a0: {phrase_de(ajustement)}", par, le)
    return ajustement


def retirer(campagne_id: int, ajustement_id: int, *, par: Auteur, le: datetime) -> Ajustement:
    """Take a decision back: the next preview does without it. It stays in the journal."""
    campagne = _campagne_close(campagne_id)
    ajustement = ajustement_tenu(campagne_id, ajustement_id)
    if ajustement.retire_le is not None:
        raise RegleRefusee(
            f"{ajustement.retire_par} a déjà retiré cette décision le {date_heure_fr(ajustement.retire_le)}."
        )
    ajustement.retire_le, ajustement.retire_par = le, par.nom
    quoi = f"{cible_de(ajustement).nom}\u00a0: {phrase_de(ajustement)}"
    _noter(campagne, "retirer un ajustement", quoi, par, le)
    return ajustement


def phrase_de(ajustement: Ajustement) -> str:
    """The decision in words: « reporté (Le fournisseur manque de carton.) »."""
    phrases = {
        GenreAjustement.ECARTER: "laissé de côté",
        GenreAjustement.REPORTER: "reporté à la prochaine campagne",
        GenreAjustement.VISER: f"acheter jusqu’au palier de {entier_fr(ajustement.unites)}",
        GenreAjustement.AJOUTER: f"acheter {accorde(ajustement.unites, 'unité')} de plus",
    }
    return f"{phrases[ajustement.genre]} ({ajustement.motif.rstrip('.')})"


def _campagne_close(campagne_id: int) -> Campagne:
    """The campagne, held like the real run holds it: a decision is in its figures, or is told it comes too late."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.etat in FAITES:
        raise TransitionInterdite(deja_fait(campagne, "regrouper"))
    if campagne.etat is not EtatCampagne.CLOSE:
        raise TransitionInterdite(
            "L’aperçu se modifie une fois la campagne close\u00a0: d’ici là, les commandes changent encore."
        )
    return campagne


def _exiger_la_quantite(cible: Cible, genre: GenreAjustement, unites: int) -> None:
    """What is bought in addition is so many pieces, in whole packs, of an article."""
    if genre in SORTANTS:
        return
    if cible.article is None or cible.commande is not None:
        raise RegleRefusee("Choisissez l’article dont vous voulez acheter davantage.")
    if unites < 1:
        raise RegleRefusee("Indiquez combien de colis de plus, par exemple 2.")
    par_colis = cible.article.unites_par_colis
    if genre is GenreAjustement.AJOUTER and unites % par_colis:
        raise RegleRefusee(f"Cet article s’achète par colis entiers de {entier_fr(par_colis)}.")


def _noter(campagne: Campagne, verbe: str, quoi: str, par: Auteur, le: datetime) -> None:
    """A line in the journal of the campagne."""
    noter(campagne.__tablename__, campagne.id, verbe, par=par, le=le, resume=quoi[:500])
