"""The home pages: what each role has to do today, read from every package's queries; and the public pages."""

from groupement.tableau_de_bord.pages import BLUEPRINTS

__all__ = ["BLUEPRINTS"]
