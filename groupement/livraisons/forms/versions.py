"""A form taken on a page that may be out of date: it carries the version it was shown with."""

from wtforms import HiddenField

from groupement.socle.forms import Formulaire


class VersionForm(Formulaire):
    """The version of the page shown."""

    version = HiddenField()

    @property
    def version_vue(self) -> int:
        """The version shown; 0, which nothing has, when it is missing."""
        texte = str(self.version.data or "")
        return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else 0

    def a_jour(self, version: int) -> "VersionForm":
        """Show the page again with what was typed, under the present version. Returns itself."""
        self.version.data = str(version)
        self.version.raw_data = None
        return self
