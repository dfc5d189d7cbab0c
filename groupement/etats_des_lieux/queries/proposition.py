"""What an audit leads to order: articles proposed at the prices of a day, or the list an archivist made of them.

Amounts in € HT. As long as nobody touched the list it follows the measures; from then on it is the archivist's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from groupement.catalogue.models import Article, Lot, Marche
from groupement.catalogue.queries import prix_a_la_date
from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.queries.calcul import mesurer
from groupement.etats_des_lieux.rules.articles import ArticleDispo, LigneProposee, Proposition, proposer_articles
from groupement.etats_des_lieux.rules.besoins import Besoins, calculer_besoins
from groupement.etats_des_lieux.rules.choix_rayonnages import SIMPLE_FACE
from groupement.socle.argent import bases_par_taux, montant_ligne, tva_par_taux
from groupement.socle.db import db

RAISON_MAX = 500  # characters, as the column says
Prix = Mapping[int, tuple[Palier, ...]]


@dataclass(frozen=True, slots=True)
class LigneChiffree:
    """One article to order: pieces needed, pieces in whole packs, why, and what they cost on the day.

    Price and amount are None when the article has no price that day.
    """

    article: Article
    unites: int
    unites_necessaires: int
    raison: str
    suggestion: str = ""
    prix_unitaire_ht: Decimal | None = None
    montant_ht: Decimal | None = None


@dataclass(frozen=True, slots=True)
class VueBesoins:
    """The needs of an audit and the articles they lead to.

    `est_modifiee`: somebody changed the list, which no longer is the one calculated. `articles`: those of the marché.
    """

    besoins: Besoins
    lignes: Sequence[LigneChiffree]
    proposees: Sequence[LigneChiffree] = ()
    manques: Sequence[str] = ()
    articles: Sequence[Article] = ()
    est_modifiee: bool = False
    sans_prix: Sequence[str] = field(default=())

    @property
    def total_ht(self) -> Decimal:
        """Sum of the lines that have a price."""
        return sum((ligne.montant_ht or Decimal(0) for ligne in self.lignes), Decimal("0.00"))

    @property
    def bases(self) -> dict[Decimal, Decimal]:
        """Amount HT by VAT rate."""
        return bases_par_taux((ligne.montant_ht or Decimal(0), ligne.article.tva_pct) for ligne in self.lignes)

    @property
    def tva_par_taux(self) -> dict[Decimal, Decimal]:
        """VAT by rate, rounded once on the summed base."""
        return tva_par_taux((ligne.montant_ht or Decimal(0), ligne.article.tva_pct) for ligne in self.lignes)

    @property
    def total_tva(self) -> Decimal:
        """VAT of all rates."""
        return sum(self.tva_par_taux.values(), Decimal("0.00"))

    @property
    def total_ttc(self) -> Decimal:
        """What would be paid in the end."""
        return self.total_ht + self.total_tva


def vue_besoins(etat: EtatDesLieux, le: date, *, proposer: bool = True) -> VueBesoins:
    """The needs of the audit, priced on a day. `proposer` false: only the list written, nothing is proposed anew."""
    besoins = calculer_besoins(mesurer(etat))
    articles = _articles_du_marche(le) if proposer else []
    ids = {article.id for article in articles} | {besoin.article_id for besoin in etat.besoins}
    prix = prix_a_la_date(ids, le) if ids else {}
    proposition = (
        proposer_articles(mesurer(etat), besoins, _disponibles(articles, prix)) if articles else Proposition(())
    )
    proposees = _lignes_de_la_proposition(proposition, articles, prix)
    ecrites = _lignes_ecrites(etat, prix, {ligne.article.id: ligne.suggestion for ligne in proposees})
    lignes = ecrites or proposees
    return VueBesoins(
        besoins=besoins,
        lignes=lignes,
        proposees=proposees,
        manques=proposition.manques,
        articles=articles,
        est_modifiee=bool(ecrites) and proposer and _quantites(ecrites) != _quantites(proposees),
        sans_prix=[ligne.article.reference for ligne in lignes if ligne.prix_unitaire_ht is None],
    )


def lignes_proposees(etat: EtatDesLieux, le: date) -> Sequence[LigneChiffree]:
    """The lines the rules propose today, whatever list was written."""
    return vue_besoins(etat, le).proposees


def _proposer(etat: EtatDesLieux, besoins: Besoins, articles: Sequence[Article], prix: Prix) -> Proposition:
    """What the rules propose; nothing without articles."""
    if not articles:
        return Proposition(())
    return proposer_articles(mesurer(etat), besoins, _disponibles(articles, prix))


def _articles_du_marche(le: date) -> Sequence[Article]:
    """Every article one can order on that day: those of the marché in force that started last. One statement."""
    courant = (
        select(Marche.id)
        .where(Marche.du <= le, Marche.au >= le)
        .order_by(Marche.du.desc(), Marche.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Article)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Lot.marche_id == courant, Article.actif)
        .order_by(Lot.numero, Article.id)
    ).all()


def _disponibles(articles: Sequence[Article], prix: Prix) -> list[ArticleDispo]:
    """The articles that have a price, as the rules read them."""
    return [
        ArticleDispo(
            reference=article.reference,
            type_element=article.famille,
            unites_par_colis=article.unites_par_colis,
            paliers=prix[article.id],
            dos_mm=article.dos_mm,
            capacite_mm=article.capacite_mm,
            feuillets_max=article.feuillets_max,
            norme=article.norme,
            profondeur_mm=article.profondeur_mm,
            hauteur_mm=article.hauteur_mm,
            tva_pct=article.tva_pct,
        )
        for article in articles
        if article.id in prix
    ]


def _lignes_de_la_proposition(proposition: Proposition, articles: Sequence[Article], prix: Prix) -> list[LigneChiffree]:
    """One line an article: two needs met by the same article are rounded up to whole packs together."""
    par_reference = {article.reference: article for article in reversed(articles)}
    reunies: dict[str, list[LigneProposee]] = {}
    for ligne in proposition.lignes:
        reunies.setdefault(ligne.reference, []).append(ligne)
    return [_reunir(par_reference[reference], lignes, prix) for reference, lignes in reunies.items()]


def _reunir(article: Article, lignes: Sequence[LigneProposee], prix: Prix) -> LigneChiffree:
    """The line of an article, priced."""
    necessaires = sum(ligne.unites_necessaires for ligne in lignes)
    unites = colis_necessaires(necessaires, article.unites_par_colis) * article.unites_par_colis
    raison = " ".join(ligne.motif for ligne in lignes)[:RAISON_MAX]
    suggestion = " ".join(ligne.suggestion for ligne in lignes if ligne.suggestion)
    return _chiffrer(article, unites, necessaires, raison, suggestion, prix)


def _lignes_ecrites(etat: EtatDesLieux, prix: Prix, suggestions: Mapping[int, str]) -> list[LigneChiffree]:
    """The list as it was written, priced on the day; advice is shown where the calculation still gives some."""
    return [
        _chiffrer(b.article, b.unites, b.unites_necessaires, b.raison, suggestions.get(b.article_id, ""), prix)
        for b in etat.besoins
    ]


def _chiffrer(
    article: Article, unites: int, necessaires: int, raison: str, suggestion: str, prix: Prix
) -> LigneChiffree:
    """A line at the tier its quantity reaches."""
    if article.id not in prix:
        return LigneChiffree(article, unites, necessaires, raison, suggestion)
    unitaire = palier_applicable(prix[article.id], unites).prix_unitaire_ht
    return LigneChiffree(article, unites, necessaires, raison, suggestion, unitaire, montant_ligne(unites, unitaire))


def _quantites(lignes: Sequence[LigneChiffree]) -> dict[int, int]:
    """Pieces by article."""
    return {ligne.article.id: ligne.unites for ligne in lignes}


def article_en_vente(reference: str, le: date) -> Article | None:
    """The article of that reference one can order on that day, whatever the case it was typed in."""
    voulue = reference.strip().upper()
    return next((article for article in _articles_du_marche(le) if article.reference.upper() == voulue), None)


def travees_du_marche(le: date) -> Sequence[int]:
    """The lengths (mm) offered by a single-faced bay of the marché in force, the shortest first."""
    return sorted(
        {
            article.capacite_mm
            for article in _articles_du_marche(le)
            if article.famille == SIMPLE_FACE[0] and article.capacite_mm
        }
    )
