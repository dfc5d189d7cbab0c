"""People: who may sign in, and for whom they act."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import personnes
from groupement.adherents.forms.personnes import HabilitationForm, PersonneForm
from groupement.adherents.models import Utilisateur
from groupement.adherents.queries import delegations
from groupement.adherents.queries import listes as selections
from groupement.adherents.routes import reponses
from groupement.adherents.securite import cles
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

bp = Blueprint("personnes", __name__)
COLONNES = (
    listes.Colonne("nom", "Nom", tri=Utilisateur.nom_recherche),
    listes.Colonne("email", "Courriel", tri=Utilisateur.email),
    listes.Colonne("telephone", "Téléphone", affichee=False),
    listes.Colonne("roles", "Rôles", valeur=lambda p: " ; ".join(personnes.roles_en_cours(p, aujourdhui()))),
    listes.Colonne("acces", "Accès", valeur=lambda p: personnes.acces_de(p, maintenant())[1]),
)
ETATS = [("", "Tous"), ("ouvert", "Comptes ouverts"), ("ferme", "Comptes fermés"), ("invite", "Sans mot de passe")]


@bp.get("/personnes")
@role_requis(Role.ADMINISTRATEUR)
def index() -> Response | str:
    """Everybody who has an account."""
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "role", "etat")}
    requete = selections.personnes(filtres["q"], filtres["role"], filtres["etat"], aujourdhui())
    liste = listes.preparer(requete, COLONNES, nom="personnes", defaut="nom")
    if liste.export:
        return liste.export
    roles = [("", "Tous"), *((role.value, role.libelle()) for role in Role)]
    return render_template(
        "adherents/personnes.html", liste=liste, filtres=filtres, roles=roles, etats=ETATS, **_lecture()
    )


def _lecture() -> dict[str, object]:
    """What the templates ask of a person, with today's date."""
    jour, instant = aujourdhui(), maintenant()
    return {
        "roles_de": lambda personne: personnes.roles_en_cours(personne, jour),
        "acces_de": lambda personne: personnes.acces_de(personne, instant),
        "est_en_cours": lambda habilitation: personnes.est_en_cours(habilitation, jour),
    }


@bp.route("/personnes/nouvelle", methods=["GET", "POST"])
@role_requis(Role.ADMINISTRATEUR)
def new() -> Response | tuple[str, int]:
    """Invite somebody."""
    formulaire = PersonneForm()
    if formulaire.validate_on_submit() and (personne := _inviter(formulaire)):
        return redirect(url_for(".show", utilisateur_id=personne.id), 303)
    return reponses.formulaire("adherents/personne_new.html", f=formulaire, suggestions=queries.noms_de_collectivites())


def _inviter(formulaire: PersonneForm) -> Utilisateur | None:
    """Write the account and the mail; None when a rule refuses, its sentence beside the address."""
    try:
        personne = personnes.inviter(
            formulaire.nom.data,
            formulaire.email.data,
            formulaire.habilitations(),
            telephone=formulaire.telephone.data,
            par=g.contexte,
            le=maintenant(),
        )
    except RegleRefusee as refus:
        formulaire.email.errors = [str(refus)]
        return None
    db.session.commit()
    flash(f"{personne.nom} vient de recevoir un courriel pour choisir son mot de passe.", "succes")
    return personne


@bp.get("/personnes/<int:utilisateur_id>")
@role_requis(Role.ADMINISTRATEUR)
def show(utilisateur_id: int) -> str:
    """One account: roles, access, history."""
    return _fiche(utilisateur_id, HabilitationForm(None))


def _fiche(utilisateur_id: int, formulaire: HabilitationForm) -> str:
    """The sheet, with the form that gives a role."""
    personne = queries.utilisateur_visible(utilisateur_id, g.contexte)
    return render_template(
        "adherents/personne.html",
        personne=personne,
        f=formulaire,
        habilitations=queries.habilitations_de(personne.id),
        cles=cles.cles_de(personne.id),
        pretees=delegations.delegations_de(personne.id, aujourdhui())[0],
        evenements=selections.evenements_de("utilisateur", personne.id),
        suggestions=queries.noms_de_collectivites(),
        **_lecture(),
    )


@bp.post("/personnes/<int:utilisateur_id>/habilitations")
@role_requis(Role.ADMINISTRATEUR)
def create_habilitation(utilisateur_id: int) -> Response | tuple[str, int]:
    """Give a role."""
    personne = queries.utilisateur_visible(utilisateur_id, g.contexte, verrou=True)
    formulaire = HabilitationForm()
    if not formulaire.validate_on_submit():
        return _fiche(utilisateur_id, formulaire), 422
    for role, collectivite_id in formulaire.habilitations():
        personnes.habiliter(personne, role, collectivite_id, par=g.contexte, le=maintenant())
    return _fait(utilisateur_id, "Le rôle est donné.")


@bp.post("/habilitations/<int:habilitation_id>/fin")
@role_requis(Role.ADMINISTRATEUR)
def create_fin(habilitation_id: int) -> Response:
    """End a role."""
    habilitation = queries.habilitation_visible(habilitation_id, g.contexte, verrou=True)
    numero = habilitation.utilisateur_id
    personnes.terminer_habilitation(habilitation, par=g.contexte, le=maintenant())
    return _fait(numero, "Le rôle est retiré.")


def _fait(utilisateur_id: int, phrase: str) -> Response:
    """Commit, say so, back to the sheet."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for("personnes.show", utilisateur_id=utilisateur_id), 303)
