"""The BPU of a marché as a file, in the columns it is loaded with: what goes out comes back in unchanged."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from groupement.catalogue import queries
from groupement.catalogue.models import Article, Lot, Marche
from groupement.catalogue.rules.bordereau import FACULTATIVES, OBLIGATOIRES
from groupement.catalogue.rules.prix import Palier
from groupement.documents import tableur
from groupement.documents.tableur import Colonne, Genre
from groupement.socle.db import db

GENRES: dict[str, Genre] = {
    "lot": "entier",
    "conditionnement": "entier",
    "prix_unitaire_ht": "prix",
    "capacite_ml": "metres",
    "charge_kg_par_tablette": "entier",
    "nb_tablettes": "entier",
    "feuillets_max": "entier",
}
COLONNES = tuple(Colonne(nom, nom, GENRES.get(nom, "texte")) for nom in (*OBLIGATOIRES, *FACULTATIVES))


def exporter_bordereau(marche: Marche, format_: Literal["csv", "xlsx"], le: date) -> tuple[bytes, str]:
    """(bytes, media type) of the BPU at the prices of the day. Articles without a price that day are left out."""
    if format_ == "xlsx":
        return tableur.ecrire_xlsx(f"Bordereau {marche.numero}", COLONNES, _lignes(marche, le)), tableur.MIME_XLSX
    return tableur.ecrire_csv(COLONNES, _lignes(marche, le)), tableur.MIME_CSV


def _lignes(marche: Marche, le: date) -> Iterator[dict[str, Any]]:
    """A line for each article still sold, by lot then in the order they were loaded."""
    prix = queries.prix_a_la_date(marche, le)
    articles = db.session.scalars(
        select(Article)
        .join(Article.lot)
        .options(contains_eager(Article.lot))
        .where(Lot.marche_id == marche.id, Article.actif)
        .order_by(Lot.numero, Article.id)
    )
    return (_ligne(article, prix[article.id]) for article in articles if article.id in prix)


def _ligne(article: Article, paliers: tuple[Palier, ...]) -> dict[str, Any]:
    """The article under the names of the columns."""
    return {
        "lot": article.lot.numero,
        "reference": article.reference,
        "designation": article.designation,
        "unite": article.unite,
        "conditionnement": article.unites_par_colis,
        "prix_unitaire_ht": _prix(paliers[0].prix_unitaire_ht),
        "tva": f"{article.tva_pct:f}",
        "paliers": "|".join(f"{palier.a_partir_de}:{_prix(palier.prix_unitaire_ht):f}" for palier in paliers),
        "dims": article.dimensions,
        "poids_kg": None if article.poids_g is None else f"{Decimal(article.poids_g) / 1000:f}",
        "norme": article.norme,
        "capacite_ml": article.capacite_mm,
        "charge_kg_par_tablette": article.charge_kg_par_tablette,
        "type_element": article.famille,
        "nb_tablettes": article.nb_tablettes,
        "feuillets_max": article.feuillets_max,
    }


def _prix(prix_unitaire_ht: Decimal) -> Decimal:
    """A unit price without idle zeros beyond the centime: 1.7400 gives 1.74, 0.1180 gives 0.118."""
    entiers, _, decimales = f"{prix_unitaire_ht:.4f}".partition(".")
    return Decimal(f"{entiers}.{decimales[:2]}{decimales[2:].rstrip('0')}")
