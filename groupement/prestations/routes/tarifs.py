"""The rates voted, and a new one."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.prestations.actions import tarifs as actions
from groupement.prestations.forms.sesam import TarifForm
from groupement.prestations.queries import tarifs as queries
from groupement.prestations.queries.missions import LECTEURS_CDG
from groupement.prestations.routes.saisies import ARGENT, Reponse, repondre
from groupement.prestations.rules.tarifs import UNITES, grille_du
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("tarifs_prestations", __name__, url_prefix="/tarifs-prestations")
COLONNES = (
    Colonne("nature", "Prestation", valeur=lambda tarif: tarif.nature.libelle()),
    Colonne("du", "En vigueur à partir du", "date"),
    Colonne("population_a_partir_de", "À partir de (habitants)", "entier"),
    Colonne("prix_unitaire_ht", "Prix HT", "prix"),
    Colonne("unite", "Unité", valeur=lambda tarif: UNITES[tarif.nature.value]),
    Colonne("tva_pct", "TVA (%)", "prix"),
    Colonne("deliberation_numero", "Délibération"),
    Colonne("deliberee_le", "Délibérée le", "date"),
)


@bp.get("/")
@role_requis(*LECTEURS_CDG)
def index() -> Response | str:
    """Every rate, nature by nature, those in force first."""
    format_ = request.args.get("format", "")
    if format_ in ("csv", "xlsx"):
        lignes = list(db.session.scalars(queries.historique()))
        return listes.exporter("tarifs-prestations", COLONNES, lignes, format_)
    historique = queries.historique_par_nature()
    return render_template(
        "prestations/tarifs.html", historique=historique, en_vigueur=_en_vigueur(historique), unites=UNITES
    )


def _en_vigueur(historique: Any) -> set[int]:
    """The rates that hold today."""
    le: date = aujourdhui()
    return {
        tarif.id
        for nature, lignes in historique.items()
        for tarif in grille_du([queries.tarif(ligne) for ligne in lignes], nature, le)
    }


@bp.route("/nouveau", methods=["GET", "POST"])
@role_requis(*ARGENT)
def new() -> Reponse | str:
    """Write what was voted."""
    form = TarifForm(data={"tva_pct": 0})
    if not form.is_submitted():
        return _page(form)
    return repondre(form, lambda: _voter(form), _page)


def _voter(form: Any) -> tuple[str, str]:
    """Write it."""
    vote = form.vote()
    actions.voter(vote, par=g.contexte, le=maintenant())
    return f"Tarif «\u00a0{vote.nature.libelle()}\u00a0» enregistré.", url_for(".index")


def _page(form: Any) -> str:
    """The page of a new rate."""
    return render_template("prestations/tarif_new.html", form=form)
