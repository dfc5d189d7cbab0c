"""A plan of shelving for a room: how much it can hold, where the rows go. Tried on the page, never stored."""

from typing import Any

from flask import Blueprint, g, render_template, request
from markupsafe import Markup

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.etats_des_lieux import queries
from groupement.etats_des_lieux.forms.plans import PlanForm
from groupement.etats_des_lieux.models import Local
from groupement.etats_des_lieux.routes.saisies import ligne_de, onglets
from groupement.etats_des_lieux.rules.charges import avertissements, charges, ml_par_m2
from groupement.etats_des_lieux.rules.ecriture import quotient
from groupement.etats_des_lieux.rules.implantation import Implantation, implanter
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml, mm_depuis_ml
from groupement.etats_des_lieux.rules.plan_svg import description, plan_svg
from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Porte, Salle

bp = Blueprint("plans", __name__, url_prefix="/etats-des-lieux/<int:etat_id>/locaux/<int:local_id>/plan")
LARGEUR_DE_PORTE_MM = 900
PLUS_GRAND_COTE_MM = 60_000  # the same bound as the command line


@bp.get("")
@role_requis(Role.ARCHIVISTE)
def show(etat_id: int, local_id: int) -> str | tuple[str, int]:
    """The best plan of the room for the door the address describes."""
    etat = queries.etat_visible(etat_id, g.contexte)
    local = ligne_de(etat.locaux, local_id)
    form = PlanForm.depuis(request.args, local.x_mm, local.y_mm)
    page = {"etat": etat, "local": local, "form": form, "onglets": onglets(etat, "locaux")}
    besoin_mm = mm_depuis_ml(queries.calculer(etat).a_equiper_ml)
    trop_grand = max(local.x_mm, local.y_mm) > PLUS_GRAND_COTE_MM
    if trop_grand or not form.validate():
        return render_template("etats_des_lieux/plan.html", **page, besoin_mm=besoin_mm, plan=None), 422
    vise_mm = besoin_mm if form.juste_assez.data == "oui" and besoin_mm else None
    plan = implanter(_salle(local, form), Parametres(), vise_mm)
    return render_template("etats_des_lieux/plan.html", **page, besoin_mm=besoin_mm, **_contenu(plan, vise_mm, local))


def _salle(local: Local, form: Any) -> Salle:
    """The room with the door of the form."""
    porte = Porte(Mur(form.mur.data), form.decalage_mm, LARGEUR_DE_PORTE_MM, form.ouverture.data == "interieur")
    return Salle(
        local.x_mm,
        local.y_mm,
        local.hauteur_mm,
        (porte,),
        charge_admissible_kg_m2=local.charge_admissible_kg_m2,
    )


def _contenu(plan: Implantation, besoin_mm: int | None, local: Local) -> dict[str, Any]:
    """The drawing, its sentence, its table and what to check."""
    portees = charges(plan)
    return {
        "plan": plan,
        # The drawing is made of numbers, and every text in it is escaped by the rule.
        "dessin": Markup(plan_svg(plan, f"Plan d’implantation, {local.nom}")),
        "phrase": description(plan),
        "densite": ml_par_m2(plan),
        "metres": ecrire_ml(plan.longueur_mm),
        "charge_emprise": quotient(portees.emprise_kg_m2, 0),
        "charge_moyenne": quotient(portees.moyenne_kg_m2, 0),
        "avertissements": avertissements(plan, besoin_mm),
    }
