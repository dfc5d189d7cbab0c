"""Write which lines of a regroupement are not ordered, and why, and tell the bodies: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article
from groupement.commandes.models import Campagne, LigneEcartee
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.queries.relances import personnes_des
from groupement.commandes.rules.ajustements import DemandesAjustees
from groupement.commandes.rules.bons import ResultatRegroupement
from groupement.commandes.rules.demandes import DEPOT, Demande
from groupement.commandes.states import GenreAjustement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.insertion import inserer

COLONNES = ("campagne_id", "ligne_commande_id", "collectivite_id", "ajustement_id", "reportee", "motif")


@dataclass(frozen=True, slots=True)
class Ecart:
    """A line that is not ordered: by a decision of the buyer, else by a rule."""

    demande: Demande
    motif: str
    ajustement_id: int | None
    reportee: bool


def ecarter_les_lignes(
    campagne: Campagne, entree: Entree, resultat: ResultatRegroupement, ajustees: DemandesAjustees, le: datetime
) -> None:
    """Keep each line left out with its reason, and write to whoever reads for its body."""
    ecarts = [*_par_decision(ajustees), *_par_refus(entree, resultat)]
    if not ecarts:
        return
    lignes = (
        (campagne.id, e.demande.ligne_id, e.demande.collectivite_id, e.ajustement_id, e.reportee, e.motif[:500])
        for e in ecarts
    )
    inserer(LigneEcartee.__table__, COLONNES, lignes)
    _dire(campagne, entree.articles, ecarts, le)


def _par_decision(ajustees: DemandesAjustees) -> Iterator[Ecart]:
    """What the buyer left out or postponed."""
    for ecartee in ajustees.ecartees:
        decision = ecartee.decision
        reportee = decision.genre is GenreAjustement.REPORTER
        yield Ecart(ecartee.demande, decision.motif, decision.decision_id, reportee)


def _par_refus(entree: Entree, resultat: ResultatRegroupement) -> Iterator[Ecart]:
    """What could not be ordered: an article without a price, a lot below its minimum order."""
    if not resultat.refus:
        return
    servies = {affectation.ligne_id for affectation in resultat.affectations}
    lots = {article.article_id: article.lot for article in entree.articles_a_regrouper}
    motifs = {(refus.lot, refus.article_id, refus.lieu): refus.motif for refus in resultat.refus}
    for demande in entree.demandes:
        if demande.ligne_id in servies:
            continue
        lot = lots[demande.article_id]
        cles = ((lot, demande.article_id, None), (lot, None, demande.lieu), (lot, None, DEPOT), (lot, None, None))
        yield Ecart(demande, next(motifs[cle] for cle in cles if cle in motifs), None, False)


def _dire(campagne: Campagne, articles: dict[int, Article], ecarts: list[Ecart], le: datetime) -> None:
    """One mail a person of these bodies, with their own lines."""
    par_corps: dict[int, list[tuple[Article, Ecart]]] = defaultdict(list)
    for ecart in ecarts:
        par_corps[ecart.demande.collectivite_id].append((articles[ecart.demande.article_id], ecart))
    ids: BindParameter[int] = bindparam(None, list(par_corps), expanding=True, literal_execute=True)
    personnes = personnes_des(select(Collectivite).where(Collectivite.id.in_(ids)), jour_a_paris(le))
    sujet = f"Ce qui n’a pas été commandé\u00a0: {campagne.intitule}"[:255]
    lettres = [
        (adresse, sujet, {"campagne": campagne, "corps": nom, "lignes": par_corps[corps]})
        for adresse, nom, corps in personnes
    ]
    ecrire_plusieurs("lignes_ecartees", lettres, le=le)
