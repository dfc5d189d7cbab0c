"""Why the buyer changes the preview."""

from wtforms import TextAreaField

from groupement.socle.forms import AuPlus, Formulaire, Requis


class AjustementForm(Formulaire):
    """The reason; what it is of, and how much, is in the address of the page."""

    motif = TextAreaField(
        "Motif",
        [Requis("Écrivez pourquoi, en une phrase\u00a0: les collectivités concernées la liront."), AuPlus(500)],
    )
