"""`groupement inviter`: open an account from a shell, the first administrateur of a new installation above all."""

import click
from flask import current_app
from sqlalchemy import select

from groupement.adherents.actions.personnes import inviter as ouvrir_un_compte
from groupement.adherents.models import Collectivite
from groupement.adherents.securite.invitations import lien_d_invitation
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.cli.sortie import COLLEGUE, avec_application, ecrire_json, finir_en_faute, option_json
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db


@click.command()
@click.argument("nom")
@click.argument("courriel")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="Ce que la personne fera."
)
@click.option("--siren", help="SIREN de sa collectivité (agent et valideur).")
@option_json
@avec_application
def inviter(nom: str, courriel: str, role: str, siren: str | None, en_json: bool) -> None:
    """Ouvrir le compte de quelqu’un et lui envoyer le lien pour choisir son mot de passe (valable sept jours).

    Le lien est aussi affiché : sur une installation neuve, il sert au premier administrateur.
    """
    if "@" not in courriel:
        finir_en_faute([f"COURRIEL : « {courriel} » n’est pas une adresse de courriel."])
    choisi = Role(role)
    personne = ouvrir_un_compte(nom, courriel, [(choisi, _collectivite(choisi, siren))], par=COLLEGUE, le=maintenant())
    db.session.flush()
    lien = lien_d_invitation(personne)
    if en_json:
        ecrire_json({"utilisateur": personne.id, "courriel": personne.email, "lien": lien})
    else:
        click.echo(f"{personne.nom} peut choisir son mot de passe ici :\n  {lien}")
        click.echo(f"Le même lien part par courriel à {personne.email} ({current_app.config['SMTP_HOTE']}).")


def _collectivite(role: Role, siren: str | None) -> int | None:
    """The body of an agent or valideur, none for the other roles; exit 2 otherwise."""
    if role not in ROLES_COLLECTIVITE:
        if siren:
            finir_en_faute([f"--siren : un {role.value} n’agit pas pour une collectivité ; retirez cette option."])
        return None
    trouvee = db.session.scalar(select(Collectivite.id).where(Collectivite.siren == (siren or "")))
    if trouvee is None:
        finir_en_faute([f"--siren : indiquez le SIREN de la collectivité du {role.value} (9 chiffres)."])
    return trouvee
