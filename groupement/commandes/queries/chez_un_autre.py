"""The same regroupement at other titulaires: what was read, at their prices and terms, with what they sold before."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from groupement.catalogue.models import Titulaire
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.commandes.models import Campagne
from groupement.commandes.queries.regroupement import Entree, deja_achetees
from groupement.commandes.queries.titulaires import (
    bordereaux,
    declines_de_la_campagne,
    motif_sans_prix,
)


def chez_les_premiers(campagne: Campagne, lue: Entree, le: date) -> Entree | None:
    """At the titulaires nobody heard decline this campagne; None when none of them did. Two statements, or three."""
    declines = declines_de_la_campagne(campagne.id)
    changes = {lot.numero: lot.titulaire_le(le) for lot in lue.lots.values() if declines[lot.id]}
    return _chez(campagne, lue, changes, le) if changes else None


def chez_le_suivant(campagne: Campagne, lue: Entree, lot: int, le: date) -> tuple[Titulaire, Entree] | None:
    """At the titulaire that comes after the one in force for a lot (by number); None when nobody does."""
    en_force = lue.titulaires[lot]
    declines: Collection[int] = {en_force.fournisseur_id, *declines_de_la_campagne(campagne.id)[en_force.lot_id]}
    suivant = en_force.lot.titulaire_le(le, declines)
    return (suivant, _chez(campagne, lue, {lot: suivant}, le)) if suivant else None


def _chez(campagne: Campagne, lue: Entree, changes: Mapping[int, Titulaire | None], le: date) -> Entree:
    """What was read, with other titulaires for these lots (by number); the demand and the stock are not read again."""
    lots = [lue.lots[numero] for numero in changes]
    retenus = {lue.lots[numero].id: titulaire for numero, titulaire in changes.items()}
    noms = {lot.numero: lot.id for lot in lots}
    articles = [a.article_id for a in lue.articles_a_regrouper if a.lot in changes]
    prix = prix_a_la_date(campagne.marche, le, bordereaux(retenus)) if articles else {}
    deja = deja_achetees(campagne, lots, retenus)
    termes = {lot.numero: (changes[lot.numero] or lot.titulaires[0]).termes for lot in lots}
    return replace(
        lue,
        titulaires={
            **lue.titulaires,
            **{numero: qui or lue.lots[numero].titulaires[0] for numero, qui in changes.items()},
        },
        lots_a_regrouper=[
            replace(
                lot,
                minimum_commande_ht=termes[lot.lot].minimum_commande_ht,
                franco_ht=termes[lot.lot].franco_ht,
                port_ht=termes[lot.lot].port_ht,
                unites_deja_achetees=deja[noms[lot.lot]],
            )
            if lot.lot in changes
            else lot
            for lot in lue.lots_a_regrouper
        ],
        articles_a_regrouper=[
            replace(
                article,
                paliers=prix.get(article.article_id, ()),
                sans_prix="" if article.article_id in prix else motif_sans_prix(changes[article.lot]),
            )
            if article.lot in changes
            else article
            for article in lue.articles_a_regrouper
        ],
    )
