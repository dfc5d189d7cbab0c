"""Named selects on the catalogue: prices at a date, articles, marchés and their lots."""

from groupement.catalogue.queries.prix import prix_a_la_date

__all__ = ["prix_a_la_date"]
