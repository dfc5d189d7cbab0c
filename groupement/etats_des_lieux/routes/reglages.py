"""Steps 3 and 5: growth and settings, then the visa of the Archives départementales."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.actions import etapes, saisie
from groupement.etats_des_lieux.forms.decisions import ReglagesForm, VisaForm
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.queries.proposition import travees_du_marche
from groupement.etats_des_lieux.routes.saisies import afficher, enregistrer, onglets
from groupement.etats_des_lieux.rules.ecriture import enumeration
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml
from groupement.socle.calendrier import aujourdhui, maintenant

bp = Blueprint("reglages", __name__, url_prefix="/etats-des-lieux/<int:etat_id>")


@bp.route("/croissance", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def edit(etat_id: int) -> Response | str | tuple[str, int]:
    """Growth, horizon, filling rate, bay, spine, sheets."""
    if request.method == "GET":
        return afficher(etat_id, _page, _form)

    def faire(etat: EtatDesLieux, form: Any) -> str:
        saisie.regler(etat, form.valeurs(), form.version_vue, par=g.contexte, le=maintenant())
        return "Croissance et réglages enregistrés."

    return enregistrer(etat_id, lambda etat: ReglagesForm(), faire, _page, url_for("reliures.index", etat_id=etat_id))


@bp.route("/visa", methods=["GET", "POST"])
@role_requis(Role.ARCHIVISTE)
def edit_visa(etat_id: int) -> Response | str | tuple[str, int]:
    """The visa, which may come long after the audit was sent."""
    if request.method == "GET":
        etat = queries.etat_visible(etat_id, g.contexte)
        return _page_du_visa(etat, _visa(etat))

    def faire(etat: EtatDesLieux, form: Any) -> str:
        visa = (form.numero.data, form.accorde_le.data)
        etapes.enregistrer_visa(etat, *visa, form.version_vue, par=g.contexte, le=maintenant())
        return "Visa enregistré." if form.numero.data else "Le visa est effacé\u00a0: rien ne peut être détruit."

    return enregistrer(
        etat_id, lambda etat: VisaForm(), faire, _page_du_visa, url_for("etats_des_lieux.show", etat_id=etat_id)
    )


def _form(etat: EtatDesLieux) -> ReglagesForm:
    """The settings as they are."""
    return ReglagesForm(formdata=None, data=ReglagesForm.depuis(etat) | {"version": etat.version})


def _visa(etat: EtatDesLieux) -> VisaForm:
    """The visa as it is."""
    donnees = {"numero": etat.visa_numero, "accorde_le": etat.visa_le, "version": etat.version}
    return VisaForm(formdata=None, data=donnees)


def _page(etat: EtatDesLieux, form: Any) -> str:
    """Growth and settings; the bays of the marché are the ones worth counting with."""
    vendues = enumeration([ecrire_ml(longueur) for longueur in travees_du_marche(aujourdhui())], "ou")
    page = {"etat": etat, "form": form, "vendues": vendues}
    return render_template("etats_des_lieux/reglages.html", **page, onglets=onglets(etat, "reglages"))


def _page_du_visa(etat: EtatDesLieux, form: Any) -> str:
    """The visa, and what it is about."""
    eliminable_mm = sum(mesure.eliminable_mm for mesure in etat.mesures)
    page = {"etat": etat, "form": form, "eliminable_mm": eliminable_mm}
    return render_template("etats_des_lieux/visa.html", **page, onglets=onglets(etat, "visa"))
