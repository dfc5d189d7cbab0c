"""Who takes part in SESAM, since when, until when."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.queries import noms_de_collectivites
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.prestations.actions import sesam as actions
from groupement.prestations.forms.sesam import AdhesionForm, FinAdhesionForm
from groupement.prestations.models import AdhesionSesam
from groupement.prestations.queries import sesam as queries
from groupement.prestations.queries.missions import LECTEURS_CDG
from groupement.prestations.routes.saisies import ARGENT, Reponse, collectivite_designee, repondre
from groupement.socle.calendrier import aujourdhui, maintenant

bp = Blueprint("adhesions_sesam", __name__, url_prefix="/sesam/adhesions")
COLONNES = (
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche, valeur=lambda a: a.collectivite.nom),
    Colonne("siren", "SIREN", affichee=False, valeur=lambda a: a.collectivite.siren),
    Colonne("depuis", "Première année", tri=AdhesionSesam.depuis),
    Colonne("jusqu_en", "Dernière année", tri=AdhesionSesam.jusqu_en),
    Colonne("deliberation_numero", "Délibération"),
)


@bp.get("")
@role_requis(*LECTEURS_CDG)
def index() -> Response | str:
    """Every membership."""
    recherche = request.args.get("q", "").strip()
    liste = listes.preparer(queries.adhesions(recherche), COLONNES, nom="adhesions-sesam", defaut="collectivite")
    return liste.export or render_template("prestations/adhesions.html", liste=liste, recherche=recherche)


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(*ARGENT)
def new() -> Reponse | str:
    """A body joins."""
    form = AdhesionForm(data={"depuis": aujourdhui().year})
    if not form.is_submitted():
        return _page(form)
    return repondre(form, lambda: _adherer(form), _page)


def _adherer(form: Any) -> tuple[str, str]:
    """Write it."""
    collectivite = collectivite_designee(form.collectivite.data, g.contexte)
    numero = form.deliberation_numero.data
    actions.adherer(collectivite, form.depuis.data, par=g.contexte, le=maintenant(), deliberation_numero=numero)
    return f"{collectivite.nom} adhère à SESAM depuis {form.depuis.data}.", url_for(".index")


def _page(form: Any) -> str:
    """The page of a new membership."""
    return render_template("prestations/adhesion_new.html", form=form, noms=noms_de_collectivites())


@bp.route("/<int:adhesion_sesam_id>/fin", methods=["GET", "POST"])
@role_requis(*ARGENT)
def new_fin(adhesion_sesam_id: int) -> Reponse | str:
    """A body leaves."""
    form = FinAdhesionForm(data={"jusqu_en": aujourdhui().year})
    if not form.is_submitted():
        return _page_de_fin(adhesion_sesam_id, form)
    adhesion = queries.adhesion_visible(adhesion_sesam_id, g.contexte, verrou=True)
    return repondre(form, lambda: _quitter(adhesion, form), lambda recu: _page_de_fin(adhesion_sesam_id, recu))


def _quitter(adhesion: AdhesionSesam, form: Any) -> tuple[str, str]:
    """Write it."""
    actions.quitter(adhesion, form.jusqu_en.data, par=g.contexte, le=maintenant())
    return f"{adhesion.collectivite.nom} quitte SESAM fin {form.jusqu_en.data}.", url_for(".index")


def _page_de_fin(adhesion_sesam_id: int, form: Any) -> str:
    """The page of an end."""
    adhesion = queries.adhesion_visible(adhesion_sesam_id, g.contexte)
    return render_template("prestations/adhesion_fin.html", adhesion=adhesion, form=form)
