"""Gathering what the page of an article shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g
from werkzeug.datastructures import MultiDict

from groupement.adherents.acces import Contexte
from groupement.catalogue import queries
from groupement.catalogue.models import Article, FicheTechnique, PhotoArticle, PrixArticle, Titulaire
from groupement.catalogue.routes.recherche import quantite_demandee
from groupement.catalogue.rules.compatibilite import Accords, accords
from groupement.catalogue.rules.courbe import Escalier, escalier
from groupement.catalogue.rules.economies import Economie, economies
from groupement.catalogue.rules.prix import AchatsConseilles, Palier, achats_conseilles
from groupement.catalogue.rules.unites import exemple_de_quantite


@dataclass(frozen=True, slots=True)
class PageArticle:
    """An article, its prices, its pictures, what goes with it; what a quantity would cost when one was asked."""

    article: Article
    le: date
    paliers: tuple[Palier, ...]
    historique: Sequence[PrixArticle]
    photos: Sequence[PhotoArticle]
    fiche_technique: FicheTechnique | None
    est_favori: bool
    accords: Sequence[Accords]
    unites: int | None
    titulaires: Sequence[tuple[Titulaire, tuple[Palier, ...]]]  # in rank, for the Centre de gestion; empty with one

    @property
    def economies(self) -> tuple[Economie, ...]:
        """What each tier saves."""
        return economies(self.paliers)

    @property
    def conseil(self) -> AchatsConseilles | None:
        """What buying that many would cost: in whole packs, unless the groupement completes them."""
        if not self.unites or not self.paliers:
            return None
        par_colis = 1 if self.article.fractionnable else self.article.unites_par_colis
        return achats_conseilles(self.paliers, par_colis, self.unites)

    @property
    def courbe(self) -> Escalier | None:
        """The price of a small quantity through time."""
        return escalier(
            [(prix.du, prix.paliers[0].prix_unitaire_ht) for prix in self.historique if prix.paliers], self.le
        )

    @property
    def exemple(self) -> int | None:
        """A quantity that does not fill its packs."""
        return exemple_de_quantite(self.article.unites_par_colis) if self.article.unites_par_colis > 1 else None


def page_de(article: Article, args: MultiDict[str, str], contexte: Contexte, le: date) -> PageArticle:
    """Everything the page of an article shows; the same number of statements whatever the size of the catalogue."""
    g.articles_montres = frozenset({article.id})
    historique = queries.historique_des_prix(article, le, queries.bordereaux_vus(contexte))
    fiche_technique, est_favori = queries.fiche_et_favori(article.id, contexte.utilisateur_id)
    return PageArticle(
        article=article,
        le=le,
        paliers=_en_vigueur(historique, le),
        historique=historique,
        photos=queries.photos_de(article.id),
        fiche_technique=fiche_technique,
        est_favori=est_favori,
        accords=_accords(article, contexte, le),
        unites=quantite_demandee(args),
        titulaires=_de_chacun(article, contexte, le),
    )


def _de_chacun(article: Article, contexte: Contexte, le: date) -> list[tuple[Titulaire, tuple[Palier, ...]]]:
    """Each titulaire and its price of the day; members only see that of the titulaire in force."""
    if not contexte.est_cdg or len(article.lot.titulaires) < 2:
        return []
    prix = queries.prix_de_chacun(article.lot, le, article.id)
    return [(t, prix.get(t.bordereau, {}).get(article.id, ())) for t in article.lot.titulaires]


def _en_vigueur(historique: Sequence[Any], le: date) -> tuple[Palier, ...]:
    """The tiers of the day, the lowest threshold first: those of the latest price list not after it."""
    actuels = next((prix.paliers for prix in historique if prix.du <= le), ())
    return tuple(Palier(palier.a_partir_de, palier.prix_unitaire_ht) for palier in actuels)


def _accords(article: Article, contexte: Contexte, le: date) -> Sequence[Accords]:
    """What goes with an article still sold."""
    repertoire = queries.repertoire(article.lot.marche_id, le)
    fiche = repertoire.par_id.get(article.id)
    return accords(fiche, repertoire, queries.lots_vus(contexte)) if fiche else ()
