"""What is sent to add a passkey, or to enter with one: the browser fills the answer."""

from wtforms import HiddenField

from groupement.socle.forms import AuPlus, Formulaire, Requis, TexteCourt


class CleForm(Formulaire):
    """A key that was just made, and the name its person gives it."""

    nom = TexteCourt(
        "Nom de cette clé",
        [Requis("Donnez-lui un nom, par exemple\u00a0: mon téléphone."), AuPlus(60)],
        render_kw={"autocomplete": "off"},
    )
    reponse = HiddenField()


class EntreeForm(Formulaire):
    """The signature of a key."""

    reponse = HiddenField()
    next = HiddenField()
