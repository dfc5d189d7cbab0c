"""The same regroupement at other titulaires: what was read, at their prices and terms, with what they sold before."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from groupement.catalogue.models import Titulaire
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.models import Campagne
from groupement.commandes.queries.offres import offres
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.queries.titulaires import LotsTenus, declines_de, motif_sans_prix
from groupement.commandes.rules.demandes import ArticleARegrouper, LotARegrouper

Changes = Mapping[int, Titulaire | None]  # by number of the lot; None: nobody is left


def chez_les_premiers(campagne: Campagne, lue: Entree, le: date) -> Entree | None:
    """At the titulaires nobody heard decline this campagne; None when none of them did. One statement, or two."""
    declines = declines_de(lue.desistements)
    changes = {lot.numero: lot.titulaire_le(le) for lot in lue.lots.values() if declines[lot.id]}
    return _chez(campagne, lue, changes, le) if changes else None


def chez_le_suivant(campagne: Campagne, lue: Entree, lot: int, le: date) -> tuple[Titulaire, Entree] | None:
    """At the titulaire that comes after the one in force for a lot (by number); None when nobody does."""
    en_force = lue.titulaires[lot]
    declines: Collection[int] = {en_force.fournisseur_id, *declines_de(lue.desistements)[en_force.lot_id]}
    suivant = en_force.lot.titulaire_le(le, declines)
    return (suivant, _chez(campagne, lue, {lot: suivant}, le)) if suivant else None


def _chez(campagne: Campagne, lue: Entree, changes: Changes, le: date) -> Entree:
    """What was read, with other titulaires for these lots (by number); the demand and the stock are not read again."""
    retenus = {lue.lots[numero].id: titulaire for numero, titulaire in changes.items()}
    siennes = offres(LotsTenus(campagne, [lue.lots[numero] for numero in changes], retenus, le), campagne.marche)
    qui = {numero: titulaire or lue.lots[numero].titulaires[0] for numero, titulaire in changes.items()}
    return replace(
        lue,
        titulaires=lue.titulaires | qui,
        lots_a_regrouper=[
            _lot(lot, qui[lot.lot], siennes.deja[lue.lots[lot.lot].id]) if lot.lot in changes else lot
            for lot in lue.lots_a_regrouper
        ],
        articles_a_regrouper=[
            _article(article, changes[article.lot], siennes.prix.get(article.article_id, ()))
            if article.lot in changes
            else article
            for article in lue.articles_a_regrouper
        ],
    )


def _lot(lot: LotARegrouper, titulaire: Titulaire, deja: Mapping[int, int]) -> LotARegrouper:
    """A lot at the terms of a titulaire, with what it sold before."""
    termes = titulaire.termes
    return replace(
        lot,
        minimum_commande_ht=termes.minimum_commande_ht,
        franco_ht=termes.franco_ht,
        port_ht=termes.port_ht,
        unites_deja_achetees=deja,
    )


def _article(article: ArticleARegrouper, titulaire: Titulaire | None, paliers: tuple[Palier, ...]) -> ArticleARegrouper:
    """An article at the prices of a titulaire, or why it has none."""
    return replace(article, paliers=paliers, sans_prix="" if paliers else motif_sans_prix(titulaire))
