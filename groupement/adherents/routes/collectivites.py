"""The member bodies: list, sheet, identity."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import collectivites
from groupement.adherents.forms.collectivites import CollectiviteForm
from groupement.adherents.queries import listes as selections
from groupement.adherents.routes import reponses
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role, TypeCollectivite
from groupement.documents import listes
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("collectivites", __name__)

LECTEURS = ROLES_CDG | ROLES_COLLECTIVITE | {Role.CONTROLE}
MODIFICATEURS = ROLES_COLLECTIVITE | {Role.ACHETEUR, Role.ADMINISTRATEUR, Role.COMPTABLE}
C = selections.Collectivite
COLONNES = (
    listes.Colonne("nom", "Collectivité", tri=C.nom_recherche, valeur=lambda ligne: ligne.Collectivite.nom),
    listes.Colonne("siren", "SIREN", tri=C.siren, valeur=lambda ligne: ligne.Collectivite.siren),
    listes.Colonne("siret", "SIRET", valeur=lambda ligne: ligne.Collectivite.siret, affichee=False),
    listes.Colonne("type", "Type", tri=C.type, valeur=lambda ligne: ligne.Collectivite.type.libelle()),
    listes.Colonne("code_insee", "Code INSEE", valeur=lambda ligne: ligne.Collectivite.code_insee, affichee=False),
    listes.Colonne(
        "code_postal", "Code postal", tri=C.code_postal, valeur=lambda ligne: ligne.Collectivite.code_postal
    ),
    listes.Colonne("population", "Habitants", "entier", C.population, lambda ligne: ligne.Collectivite.population),
    listes.Colonne("epci", "Intercommunalité"),
    listes.Colonne(
        "adhesion",
        "Adhésion",
        valeur=lambda ligne: ligne.etat_adhesion.libelle() if ligne.etat_adhesion else "Sans adhésion",
    ),
)
TYPES = [("", "Tous"), *((t.value, t.libelle()) for t in TypeCollectivite)]


@bp.get("/collectivites")
@role_requis(*ROLES_CDG, Role.CONTROLE)
def index() -> Response | str:
    """All the bodies: words, filters, pages, file."""
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "type", "epci", "adhesion")}
    requete = selections.collectivites(*filtres.values())
    liste = listes.preparer(requete, COLONNES, nom="collectivites", defaut="nom")
    if liste.export:
        return liste.export
    epci = [("", "Toutes"), *selections.choix_d_epci()]
    return render_template("adherents/collectivites.html", liste=liste, filtres=filtres, types=TYPES, epci=epci)


@bp.get("/ma-collectivite")
@role_requis(*ROLES_COLLECTIVITE)
def mienne() -> Response:
    """The sheet of the body one acts for."""
    return redirect(url_for(".show", collectivite_id=g.contexte.collectivite_id))


@bp.get("/collectivites/<int:collectivite_id>")
@role_requis(*LECTEURS)
def show(collectivite_id: int) -> str:
    """The sheet: identity, delivery places, people, membership, history."""
    collectivite = queries.collectivite_visible(collectivite_id, g.contexte)
    return render_template(
        "adherents/collectivite.html",
        c=collectivite,
        epci=queries.par_siren(collectivite.siren_epci),
        points=queries.points_de(collectivite.id),
        adhesions=queries.adhesions_de(collectivite.id),
        habilites=queries.habilites_de(collectivite.id, aujourdhui()),
        evenements=selections.evenements_de("collectivite", collectivite.id),
    )


@bp.route("/collectivites/<int:collectivite_id>/modification", methods=["GET", "POST"])
@role_requis(*MODIFICATEURS)
def edit(collectivite_id: int) -> Response | tuple[str, int]:
    """Identity and Chorus settings."""
    if request.method == "POST":
        verrouiller_ecriture()
    collectivite = queries.collectivite_visible(collectivite_id, g.contexte, verrou=request.method == "POST")
    formulaire = CollectiviteForm(obj=collectivite, siren=collectivite.siren)
    if formulaire.validate_on_submit() and _enregistrer(collectivite, formulaire):
        return redirect(url_for(".show", collectivite_id=collectivite.id), 303)
    return reponses.formulaire("adherents/collectivite_edit.html", c=collectivite, f=formulaire)


def _enregistrer(collectivite: selections.Collectivite, formulaire: CollectiviteForm) -> bool:
    """Write what was typed; False when a rule refuses it, with its sentence on the form."""
    try:
        collectivites.modifier_collectivite(collectivite, formulaire.valeurs(), par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        formulaire.siret.errors = [str(refus)]
        return False
    db.session.commit()
    flash("La fiche est enregistrée.", "succes")
    return True
