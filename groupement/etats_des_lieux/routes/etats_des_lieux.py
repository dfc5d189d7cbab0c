"""The list of audits, planning one, reading one, taking it from step to step."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.queries import collectivite_visible, collectivites_designees, noms_de_collectivites
from groupement.adherents.queries.listes import choix_d_epci
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import etapes, saisie
from groupement.etats_des_lieux.documents import rendre
from groupement.etats_des_lieux.forms.champs import VersionForm
from groupement.etats_des_lieux.forms.decisions import NouveauForm
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.queries.calcul import par_categorie
from groupement.etats_des_lieux.routes.saisies import onglets
from groupement.etats_des_lieux.rules.categories import categorie, signaler_invraisemblance
from groupement.etats_des_lieux.rules.metres_lineaires import mm_depuis_ml
from groupement.etats_des_lieux.rules.reliures import libelle_serie
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("etats_des_lieux", __name__, url_prefix="/etats-des-lieux")
LECTEURS = ROLES_CDG | ROLES_COLLECTIVITE | {Role.CONTROLE}
COLONNES = (
    Colonne(
        "collectivite",
        "Collectivité",
        tri=EtatDesLieux.collectivite.property.mapper.class_.nom_recherche,
        valeur=lambda ligne: ligne.EtatDesLieux.collectivite.nom,
    ),
    Colonne("visite", "Visite", "date", EtatDesLieux.visite_le, lambda ligne: ligne.EtatDesLieux.visite_le),
    Colonne(
        "etat",
        "Où en est-on\u00a0?",
        tri=EtatDesLieux.etat,
        valeur=lambda ligne: ligne.EtatDesLieux.etat.libelle(coordonnateur=True),
    ),
    Colonne("archiviste", "Archiviste", valeur=lambda ligne: ligne.EtatDesLieux.archiviste.nom),
    Colonne("population", "Habitants", "entier", valeur=lambda ligne: ligne.EtatDesLieux.population, affichee=False),
    Colonne("mesure_mm", "Mesuré", "metres"),
    Colonne("eliminable_mm", "Éliminable", "metres"),
    Colonne("visa", "Visa", valeur=lambda ligne: ligne.EtatDesLieux.visa_numero, affichee=False),
)


@bp.get("/")
@role_requis(*LECTEURS)
def index() -> Response | str:
    """The audits one may read: words, filters, pages, file."""
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "etat", "archiviste", "epci")}
    archiviste = int(filtres["archiviste"]) if filtres["archiviste"].isdecimal() else None
    requete = queries.etats_des_lieux(g.contexte, filtres["q"], filtres["etat"], archiviste, filtres["epci"])
    liste = listes.preparer(requete, COLONNES, nom="etats-des-lieux", defaut="-visite")
    if liste.export:
        return liste.export
    return render_template("etats_des_lieux/index.html", liste=liste, filtres=filtres, choix=_choix())


def _choix() -> dict[str, list[tuple[str, str]]]:
    """What the filters offer; a body has none to choose from."""
    etats = [("", "Tous"), *((etat.value, etat.libelle(coordonnateur=True)) for etat in EtatEtatDesLieux)]
    if g.contexte.collectivite_id is not None:
        return {}
    archivistes = [("", "Tous"), *((str(numero), nom) for numero, nom in queries.archivistes())]
    return {"etat": etats, "archiviste": archivistes, "epci": [("", "Toutes"), *choix_d_epci()]}


@bp.route("/nouveau", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def new() -> Reponse | str | tuple[str, int]:
    """Plan a visit."""
    form = NouveauForm()
    if form.is_submitted():
        verrouiller_ecriture()
        if form.validate() and (etat := _planifier(form)):
            return redirect(url_for("locaux.index", etat_id=etat.id), 303)
    page = render_template("etats_des_lieux/new.html", form=form, noms=noms_de_collectivites())
    return (page, 422) if form.is_submitted() else page


def _planifier(form: Any) -> EtatDesLieux | None:
    """Write it; None when the body or its population is not clear, with what to do beside the field."""
    designees = collectivites_designees(form.collectivite.data)
    if len(designees) != 1:
        quoi = "Plusieurs collectivités portent ce nom" if designees else "Aucune collectivité ne porte ce nom"
        form.collectivite.errors = [f"{quoi}\u00a0: choisissez-la dans la liste qui s’ouvre en tapant."]
        return None
    collectivite = collectivite_visible(designees[0], g.contexte)
    population = collectivite.population if form.population.data is None else form.population.data
    if population is None:
        form.population.errors = ["La fiche de cette collectivité ne donne pas sa population\u00a0: indiquez-la."]
        return None
    valeurs = {"visite_le": form.visite_le.data, "population": population, "archiviste_id": g.contexte.utilisateur_id}
    try:
        etat = saisie.planifier(collectivite, **valeurs, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        form.collectivite.errors = [str(refus)]
        return None
    db.session.commit()
    flash(f"Visite de {collectivite.nom} prévue. Commencez par les locaux.", "succes")
    return etat


@bp.get("/<int:etat_id>")
@role_requis(*LECTEURS)
def show(etat_id: int) -> str:
    """What was measured, what is needed and why."""
    etat = queries.etat_visible(etat_id, g.contexte)
    vue = queries.vue_besoins(etat, aujourdhui(), proposer=False)
    net_mm = mm_depuis_ml(vue.besoins.net_ml)
    page = {"etat": etat, "vue": vue, "existant_mm": queries.existant_mm(etat), "net_mm": net_mm}
    return render_template(
        "etats_des_lieux/show.html",
        **page | {"categorie": categorie, "libelle_serie": libelle_serie, "fonds": par_categorie(etat)},
        alerte=signaler_invraisemblance(etat.population, net_mm) if etat.mesures and g.contexte.est_cdg else None,
        historique=queries.historique_de(etat.id) if g.contexte.est_cdg else (),
        onglets=onglets(etat, "resume") if g.contexte.a_role(Role.ARCHIVISTE) else [],
    )


@bp.get("/<int:etat_id>.pdf")
@role_requis(*LECTEURS)
def pdf(etat_id: int) -> Response:
    """The report."""
    etat = queries.etat_visible(etat_id, g.contexte)
    proposer = etat.etat is EtatEtatDesLieux.RELEVE
    vue = queries.vue_besoins(etat, aujourdhui(), proposer=proposer)
    nom = f"etat-des-lieux-{etat.collectivite.siren}-{etat.visite_le:%Y-%m-%d}.pdf"
    return Response(
        rendre(etat, vue, aujourdhui()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{nom}"'},
    )


@bp.post("/<int:etat_id>/validation")
@role_requis(Role.ARCHIVISTE)
def create_validation(etat_id: int) -> Reponse:
    """The audit is finished."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    etapes.valider(etat, VersionForm().version_vue, par=g.contexte, le=maintenant())
    return _fait(etat, "État des lieux validé. Relisez la liste des articles, puis transmettez-la à la collectivité.")


@bp.post("/<int:etat_id>/reprise")
@role_requis(Role.ARCHIVISTE)
def create_reprise(etat_id: int) -> Reponse:
    """The audit is open again."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    etapes.reprendre(etat, VersionForm().version_vue, par=g.contexte, le=maintenant())
    return _fait(etat, "Vous pouvez de nouveau changer les mesures.")


@bp.post("/<int:etat_id>/transmission")
@role_requis(Role.ARCHIVISTE)
def create_transmission(etat_id: int) -> Reponse:
    """The needs leave for the body."""
    etat = queries.etat_visible(etat_id, g.contexte, verrou=True)
    prevenus = etapes.transmettre(etat, VersionForm().version_vue, par=g.contexte, le=maintenant())
    if prevenus:
        return _fait(etat, f"Besoins transmis. Un courriel part à {', '.join(personne.nom for personne in prevenus)}.")
    flash("Personne n’a de compte pour cette collectivité\u00a0: prévenez-la par téléphone.", "attention")
    return _fait(etat, "Besoins transmis.")


def _fait(etat: EtatDesLieux, phrase: str) -> Reponse:
    """Commit, say so, and show the audit."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for(".show", etat_id=etat.id), 303)
