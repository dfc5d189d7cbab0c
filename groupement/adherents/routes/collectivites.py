"""The member bodies: list, sheet, identity."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import collectivites
from groupement.adherents.forms.collectivites import CollectiviteForm
from groupement.adherents.queries import listes as selections
from groupement.adherents.queries import membres
from groupement.adherents.routes import reponses
from groupement.adherents.rules.enquete import TRANCHES, libelle_de_tranche
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role, TypeCollectivite
from groupement.documents import listes
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import verrouiller_ecriture

bp = Blueprint("collectivites", __name__)

LECTEURS = ROLES_CDG | ROLES_COLLECTIVITE | {Role.CONTROLE}
MODIFICATEURS = ROLES_COLLECTIVITE | {Role.ACHETEUR, Role.ADMINISTRATEUR, Role.COMPTABLE}
C = selections.Collectivite


def _de_la_fiche(champ: str) -> Callable[[Any], Any]:
    """How a column reads a field of the body."""
    return lambda ligne: getattr(ligne.Collectivite, champ)


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
    listes.Colonne("deliberation_numero", "Délibération", affichee=False),
    listes.Colonne("deliberee_le", "Délibérée le", "date", affichee=False),
    listes.Colonne("signee_le", "Signée le", "date", affichee=False),
    listes.Colonne(
        "lots",
        "Lots rejoints",
        valeur=lambda li: li.lots.strip("[]") if li.lots else "Tous" if li.etat_adhesion else "",
        affichee=False,
    ),
    *(
        listes.Colonne(champ, intitule, valeur=_de_la_fiche(champ), affichee=False)
        for champ, intitule in (("adresse", "Adresse"), ("ville", "Ville"), ("courriel", "Courriel"))
    ),
    listes.Colonne(
        "service_requis",
        "Service Chorus obligatoire",
        valeur=lambda ligne: "oui" if ligne.Collectivite.chorus_service_requis else "non",
        affichee=False,
    ),
    listes.Colonne(
        "engagement_requis",
        "Engagement obligatoire",
        valeur=lambda ligne: "oui" if ligne.Collectivite.chorus_engagement_requis else "non",
        affichee=False,
    ),
)
TAILLES = [
    ("", "Toutes"),
    *((str(debut), libelle_de_tranche(debut)) for debut in (0, *TRANCHES)),
    (str(membres.PAS_UNE_COMMUNE), "Intercommunalités et autres"),
]
TYPES = [("", "Tous"), *((t.value, t.libelle()) for t in TypeCollectivite)]


@bp.record
def _sans_les_etages_du_dessus(etat: Any) -> None:
    """What the floors above know of a body is told by the roof: `vie_du_membre(collectivite, adhesions)`."""
    etat.app.jinja_env.globals.setdefault("vie_du_membre", lambda collectivite, adhesions: None)


@bp.get("/collectivites")
@role_requis(*ROLES_CDG, Role.CONTROLE)
def index() -> Response | str:
    """All the bodies: words, filters, pages, file."""
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "type", "epci", "adhesion", "taille")}
    requete = selections.collectivites(*filtres.values())
    liste = listes.preparer(requete, COLONNES, nom="collectivites", defaut="nom")
    if liste.export:
        return liste.export
    epci = [("", "Toutes"), *selections.choix_d_epci()]
    choix = {"types": TYPES, "epci": epci, "tailles": TAILLES}
    return render_template("adherents/collectivites.html", liste=liste, filtres=filtres, **choix)


@bp.get("/collectivites/repartition")
@role_requis(*ROLES_CDG, Role.CONTROLE)
def repartition() -> str:
    """Who has joined, by EPCI and by population, under the present convention."""
    convention = next(iter(queries.conventions()), None)
    numero = convention.id if convention else None
    parts = {"par_epci": membres.par_epci(numero), "par_population": membres.par_population(numero)}
    return render_template("adherents/repartition.html", convention=convention, **parts)


@bp.get("/ma-collectivite")
@role_requis(*ROLES_COLLECTIVITE)
def mienne() -> Response:
    """The sheet of the body one acts for."""
    return redirect(url_for(".show", collectivite_id=g.contexte.collectivite_id))


@bp.get("/collectivites/<int:collectivite_id>")
@role_requis(*LECTEURS)
def show(collectivite_id: int) -> str:
    """Everything about one member; what the floors above know of it comes by `vie_du_membre`."""
    collectivite, epci = membres.fiche_visible(collectivite_id, g.contexte)
    return render_template(
        "adherents/collectivite.html",
        c=collectivite,
        epci=epci,
        services=membres.services_de(collectivite.id),
        points=queries.points_de(collectivite.id),
        adhesions=queries.adhesions_de(collectivite.id),
        habilites=queries.habilites_de(collectivite.id, aujourdhui()),
        evenements=selections.evenements_de("collectivite", collectivite.id) if g.contexte.est_cdg else (),
    )


@bp.route("/collectivites/<int:collectivite_id>/modification", methods=["GET", "POST"])
@role_requis(*MODIFICATEURS)
def edit(collectivite_id: int) -> Response | tuple[str, int]:
    """Identity and Chorus settings."""
    if request.method == "POST":
        verrouiller_ecriture()
    collectivite = queries.collectivite_visible(collectivite_id, g.contexte, verrou=request.method == "POST")
    formulaire = CollectiviteForm(obj=collectivite, siren=collectivite.siren)
    modifier, conflit = collectivites.modifier_collectivite, None
    if formulaire.validate_on_submit():
        ecrit, conflit = reponses.ecrire(formulaire, collectivite, lambda **vu: modifier(collectivite, **vu), "siret")
        if ecrit:
            flash("La fiche est enregistrée.", "succes")
            return redirect(url_for(".show", collectivite_id=collectivite_id), 303)
    return reponses.formulaire("adherents/collectivite_edit.html", c=collectivite, f=formulaire, conflit=conflit)
