"""Flask-Security's mails are rows like the others, drawn from templates/courriels."""

from typing import Any

from flask import current_app, url_for
from flask_security import MailUtil

from groupement.socle import courriels
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db


def adresse_publique(chemin: str) -> str:
    """A page as a mail must name it: never after the Host header of the request, which anybody may write."""
    return current_app.config["ADRESSE_PUBLIQUE"].rstrip("/") + chemin


class Courrier(MailUtil):
    """Queues the mail instead of sending it, and commits: these pages announce nothing but the mail."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **kwargs: Any
    ) -> None:
        """Write the row; `template` is a text of templates/courriels."""
        jeton = kwargs.get("reset_token")
        courriels.ecrire(
            str(recipient),
            str(subject),
            template,
            le=maintenant(),
            nom=kwargs["user"].nom,
            code=kwargs.get("login_token"),
            lien=adresse_publique(url_for("security.reset_password", token=jeton)) if jeton else None,
            accueil=adresse_publique("/"),
        )
        db.session.commit()
