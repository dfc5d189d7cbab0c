"""The list of missions, planning one, reading one, its report."""

from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.queries import noms_de_collectivites
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.prestations.actions import missions as actions
from groupement.prestations.documents import rendre
from groupement.prestations.forms.missions import JourneeForm, MissionForm, NouvelleMissionForm
from groupement.prestations.models import Mission
from groupement.prestations.queries import missions as queries
from groupement.prestations.queries import sesam
from groupement.prestations.routes.saisies import LECTEURS, Reponse, collectivite_designee, repondre
from groupement.prestations.rules.missions import total_ht
from groupement.prestations.rules.tarifs import UNITES, quantite_en_mots
from groupement.prestations.states import EtatMission
from groupement.socle.calendrier import aujourdhui, maintenant

bp = Blueprint("missions", __name__, url_prefix="/missions")


def _temps(mission: Mission, quantite: Any) -> str:
    """A quantity in the unit of the mission."""
    return quantite_en_mots(quantite or 0 * mission.quantite_prevue, UNITES[mission.nature.value])


ANNEES_PLAUSIBLES = frozenset(str(annee) for annee in range(2000, 2101))
COLONNES = (
    Colonne(
        "collectivite",
        "Collectivité",
        tri=Collectivite.nom_recherche,
        valeur=lambda ligne: ligne.Mission.collectivite.nom,
    ),
    Colonne("objet", "Objet", affichee=False, valeur=lambda ligne: ligne.Mission.objet),
    Colonne("du", "Dates", "date", Mission.du, lambda ligne: ligne.Mission.du),
    Colonne("au", "Dernier jour", "date", affichee=False, valeur=lambda ligne: ligne.Mission.au),
    Colonne("etat", "Où en est-on\u00a0?", tri=Mission.etat, valeur=lambda ligne: ligne.Mission.etat.libelle()),
    Colonne("archiviste", "Archiviste", valeur=lambda ligne: ligne.Mission.archiviste.nom),
    Colonne("temps", "Temps passé", valeur=lambda ligne: _temps(ligne.Mission, ligne.quantite)),
    Colonne(
        "prevu",
        "Temps prévu",
        affichee=False,
        valeur=lambda ligne: _temps(ligne.Mission, ligne.Mission.quantite_prevue),
    ),
    Colonne("traites_mm", "Traité", "metres"),
)

COLONNES_D_UN_MEMBRE = (Colonne("objet", "Mission", tri=Mission.objet, valeur=COLONNES[1].valeur), *COLONNES[2:])


@bp.get("/")
@role_requis(*LECTEURS)
def index() -> Response | str:
    """The missions one may read: words, filters, pages, file; for a body, its SESAM contributions too."""
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "etat", "annee")}
    annee = int(filtres["annee"]) if filtres["annee"] in ANNEES_PLAUSIBLES else None
    requete = queries.missions(g.contexte, filtres["q"], filtres["etat"], annee)
    colonnes = COLONNES if g.contexte.collectivite_id is None else COLONNES_D_UN_MEMBRE
    liste = listes.preparer(requete, colonnes, nom="missions", defaut="-du")
    return liste.export or _page_de_la_liste(liste, filtres)


def _page_de_la_liste(liste: listes.Liste, filtres: dict[str, str]) -> str:
    """For a body its missions and contributions; for the Centre de gestion, all of them with filters."""
    page: dict[str, Any] = {"liste": liste, "filtres": filtres, "temps": _temps, "choix": {}}
    if g.contexte.collectivite_id is not None:
        adhesions, contributions = sesam.de_la_collectivite(g.contexte.collectivite_id)
        return render_template("prestations/missions.html", **page, adhesions=adhesions, contributions=contributions)
    annees = [(str(annee), str(annee)) for annee in queries.annees_de_missions()]
    etats = [(etat.value, etat.libelle(coordonnateur=True)) for etat in EtatMission]
    page["choix"] = {"etat": [("", "Tous"), *etats], "annee": [("", "Toutes"), *annees]}
    return render_template("prestations/missions.html", **page)


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def new() -> Reponse | str:
    """Plan a mission."""
    form = NouvelleMissionForm(data={"archiviste": g.contexte.utilisateur_id})
    form.avec_archivistes(queries.archivistes(aujourdhui()))
    if not form.is_submitted():
        return _page_nouvelle(form)
    return repondre(form, lambda: _planifier(form), _page_nouvelle)


def _planifier(form: Any) -> tuple[str, str]:
    """Write it; the sentence and the address of the mission."""
    collectivite = collectivite_designee(form.collectivite.data, g.contexte)
    mission = actions.planifier(collectivite, form.projet(), par=g.contexte, le=maintenant())
    return f"Mission à {collectivite.nom} prévue.", url_for(".show", mission_id=mission.id)


def _page_nouvelle(form: Any) -> str:
    """The page to plan one."""
    return render_template("prestations/mission_new.html", form=form, noms=noms_de_collectivites())


@bp.get("/<int:mission_id>")
@role_requis(*LECTEURS)
def show(mission_id: int) -> str:
    """Who, when, what for; its days; what it costs and why; what is billed."""
    return page_de_la_mission(queries.mission_visible(mission_id, g.contexte))


def page_de_la_mission(mission: Mission, form: Any = None) -> str:
    """The page, with the form of a day as it was typed or empty."""
    vue, le = queries.vue_mission(mission), aujourdhui()
    if form is None:
        jour = min(max(le, mission.du), mission.au)
        form = JourneeForm(formdata=None, data={"version": mission.version, "jour": jour})
    return render_template(
        "prestations/mission.html",
        **{"mission": mission, "vue": vue, "form": form, "aujourdhui": le, "total_ht": total_ht(vue.lignes)},
        **{"unite": UNITES[mission.nature.value], "en_mots": quantite_en_mots},
        prestations=queries.prestations_de(mission.id),
        historique=queries.historique_de(mission.id) if g.contexte.est_cdg else (),
    )


@bp.get("/<int:mission_id>.pdf")
@role_requis(*LECTEURS)
def pdf(mission_id: int) -> Response:
    """The report."""
    mission = queries.mission_visible(mission_id, g.contexte)
    vue, prestations = queries.vue_mission(mission), queries.prestations_de(mission.id)
    nom = f"mission-{mission.collectivite.siren}-{mission.du:%Y-%m-%d}.pdf"
    return Response(
        rendre(mission, vue, prestations, aujourdhui(), current_app.config),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{nom}"'},
    )


@bp.route("/<int:mission_id>/modification", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def edit(mission_id: int) -> Reponse | str:
    """Change what was agreed."""
    mission = queries.mission_visible(mission_id, g.contexte, verrou=request.method == "POST")
    form = _form_de(mission)
    if not form.is_submitted():
        return _page_modification(mission_id, form)
    return repondre(form, lambda: _modifier(mission, form), lambda recu: _page_modification(mission_id, recu))


def _form_de(mission: Mission) -> MissionForm:
    """The form of a mission; its archivist stays on offer even when they have left."""
    connus = dict(queries.archivistes(aujourdhui())) | {mission.archiviste_id: mission.archiviste.nom}
    return MissionForm(data=MissionForm.depuis(mission)).avec_archivistes(list(connus.items()))


def _modifier(mission: Mission, form: Any) -> tuple[str, str]:
    """Write the changes."""
    actions.modifier(mission, form.projet(), form.version_vue, par=g.contexte, le=maintenant())
    return "Mission modifiée.", url_for(".show", mission_id=mission.id)


def _page_modification(mission_id: int, form: Any) -> str:
    """The page, under the present version."""
    mission = queries.mission_visible(mission_id, g.contexte)
    return render_template("prestations/mission_edit.html", mission=mission, form=form.a_jour(mission.version))
