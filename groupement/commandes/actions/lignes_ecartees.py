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
from groupement.commandes.rules.demandes import Demande
from groupement.commandes.rules.ecarts import ecarts_de_regle
from groupement.commandes.states import GenreAjustement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.insertion import inserer

COLONNES = ("campagne_id", "ligne_commande_id", "collectivite_id", "ajustement_id", "reportee", "motif", "unites")


@dataclass(frozen=True, slots=True)
class Ecart:
    """A line that is not ordered, or only `servies` pieces of it: by a decision of the buyer, else by a rule."""

    demande: Demande
    motif: str
    ajustement_id: int | None
    reportee: bool
    servies: int = 0

    @property
    def manquantes(self) -> int:
        """Pieces asked and not ordered."""
        return self.demande.unites - self.servies


def ecarter_les_lignes(
    campagne: Campagne, entree: Entree, resultat: ResultatRegroupement, ajustees: DemandesAjustees, le: datetime
) -> None:
    """Keep each line left out with its reason, and write to whoever reads for its body."""
    ecarts = [*_par_decision(ajustees), *_par_refus(entree, resultat)]
    if not ecarts:
        return
    lignes = (
        (
            *(campagne.id, e.demande.ligne_id, e.demande.collectivite_id, e.ajustement_id, e.reportee, e.motif[:500]),
            e.manquantes if e.servies else None,
        )
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
    """What could not be ordered, wholly or in part."""
    articles = entree.articles_a_regrouper
    for ecart in ecarts_de_regle(articles, entree.demandes, resultat.affectations, resultat.refus):
        yield Ecart(ecart.demande, ecart.motif, None, reportee=False, servies=ecart.servies)


def _dire(campagne: Campagne, articles: dict[int, Article], ecarts: list[Ecart], le: datetime) -> None:
    """One mail a person of these bodies, with their own lines."""
    par_corps: dict[int, list[tuple[Article, Ecart]]] = defaultdict(list)
    for ecart in ecarts:
        par_corps[ecart.demande.collectivite_id].append((articles[ecart.demande.article_id], ecart))
    ids: BindParameter[int] = bindparam(None, list(par_corps), expanding=True, literal_execute=True)
    personnes = personnes_des(select(Collectivite).where(Collectivite.id.in_(ids)), jour_a_paris(le))
    lettres = [
        (
            *(adresse, f"{_sujet(par_corps[corps])}\u00a0: {campagne.intitule}"[:255]),
            {"campagne": campagne, "corps": nom, "lignes": par_corps[corps]},
        )
        for adresse, nom, corps in personnes
    ]
    ecrire_plusieurs("lignes_ecartees", lettres, le=le)


def _sujet(lignes: list[tuple[Article, Ecart]]) -> str:
    """What the mail is about, before it is opened."""
    en_partie = all(ecart.servies for _, ecart in lignes)
    return "Commandé en partie seulement" if en_partie else "Ce qui n’a pas été commandé"
