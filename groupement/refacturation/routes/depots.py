"""Factures to deposit on Chorus Pro or in the finance software, and the deposits made."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation.actions import depots as actions
from groupement.refacturation.actions.depots import Depot, DepotRefuse
from groupement.refacturation.documents import archive_des_factures
from groupement.refacturation.forms import DepotForm
from groupement.refacturation.models import Facture
from groupement.refacturation.queries import depots as queries
from groupement.refacturation.queries.depots import INCOMPLETE, PAR_ARCHIVE, SERVICE, Choix
from groupement.refacturation.queries.refacturations import refacturations
from groupement.refacturation.rules.depots import ce_qui_manque
from groupement.socle.calendrier import aujourdhui, date_fr, maintenant
from groupement.socle.db import db
from groupement.socle.nombres import accorde
from groupement.socle.web import numero_demande

bp = Blueprint("depots", __name__, url_prefix="/factures")
LECTEURS = (Role.COMPTABLE, Role.ACHETEUR, Role.ADMINISTRATEUR)
A_COCHER = "Cochez au moins une facture, ou choisissez toute la liste."
CHORUS = [("", "Toutes"), (SERVICE, "Code de service exigé"), (INCOMPLETE, "Il manque un numéro")]


def _manques(ligne: Any) -> list[str]:
    """What a facture lacks for Chorus Pro."""
    champs = ("siret", "service_exige", "code_service", "engagement_exige", "engagement")
    return ce_qui_manque(**{champ: getattr(ligne, champ) for champ in champs})


COLONNES = (
    Colonne("numero", "Facture", tri=Facture.id),
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche),
    Colonne("siret", "SIRET"),
    Colonne("code_service", "Code service"),
    Colonne("engagement", "Engagement"),
    Colonne("manque", "Il manque", valeur=lambda ligne: ", ".join(_manques(ligne)), affichee=False),
    Colonne("emise_le", "Émise le", "date", tri=Facture.emise_le),
    Colonne("total_ttc", "Total TTC", "montant", tri=Facture.total_ttc),
)


def _choix() -> Choix:
    """The factures the address asks for."""
    tout, exigence = "tout" in request.args, request.args.get("chorus", "")
    factures = () if tout else tuple(request.args.getlist("facture", int))[:1000]
    return Choix(
        factures=tuple(numero for numero in factures if 0 < numero < 2**31),
        recherche=request.args.get("q", "").strip()[:100],
        refacturation_id=numero_demande("refacturation"),
        chorus=exigence if exigence in dict(CHORUS) else "",
        de=numero_demande("de"),
        a=numero_demande("a"),
    )


def _adresse(choix: Choix) -> dict[str, Any]:
    """The same choice, for the address of a next page."""
    if choix.factures:
        return {"facture": list(choix.factures)}
    filtres = {"q": choix.recherche, "refacturation": choix.refacturation_id, "chorus": choix.chorus}
    return {"tout": 1} | {nom: valeur for nom, valeur in filtres.items() if valeur}


@bp.get("/a-deposer")
@role_requis(*LECTEURS)
def index() -> Any:
    """The factures to deposit, to choose from."""
    choix = _choix()
    requete = queries.lignes(queries.choisies(choix))
    liste = listes.preparer(requete, COLONNES, nom="a-deposer", defaut="numero", cle=Facture.id)
    if liste.export:
        return liste.export
    runs = [("", "Toutes"), *((str(run.id), f"{date_fr(run.le)}, {run.intitule}") for run in refacturations(50))]
    valeurs = {"liste": liste, "choix": choix, "runs": runs, "chorus": CHORUS, "manques": _manques}
    return render_template("refacturation/a_deposer.html", **valeurs)


@bp.get("/depots/nouveau")
@role_requis(Role.COMPTABLE)
def new() -> Any:
    """The files to upload, then the form of the deposit."""
    choix = _choix()
    if not choix.factures and "tout" not in request.args:
        flash(A_COCHER, "attention")
        return redirect(url_for(".index", **{k: v for k, v in _adresse(choix).items() if k != "tout"}), 303)
    return _page(choix, DepotForm(formdata=None, data={"deposee_le": aujourdhui()}))


@bp.post("/depots")
@role_requis(Role.COMPTABLE)
def create() -> Any:
    """Record the deposit."""
    choix, form = _choix(), DepotForm()
    if not form.validate():
        return _page(choix, form, 422)
    try:
        faite = actions.deposer(choix, Depot(*form.valeurs), par=g.contexte, le=maintenant())
    except DepotRefuse as refus:
        return _refuser(choix, form, refus)
    db.session.commit()
    flash(f"Dépôt enregistré\u00a0: {accorde(faite.factures, 'facture')}, référence {faite.reference}.", "succes")
    return redirect(url_for("transmissions.show", transmission_id=faite.id), 303)


def _refuser(choix: Choix, form: DepotForm, refus: DepotRefuse) -> Any:
    """The sentence by its field, or at the head of the form; nothing was written."""
    (form[refus.champ].errors if refus.champ else form.form_errors).append(str(refus))
    return _page(choix, form, 409)


def _page(choix: Choix, form: DepotForm, code: int = 200) -> Any:
    """The page of a deposit to record."""
    resume = queries.resume(choix)
    form.attendues.data, form.attendues.raw_data = str(resume.factures), None
    valeurs = {"archives": queries.archives(choix), "adresse": _adresse(choix), "par_archive": PAR_ARCHIVE}
    return render_template("refacturation/depot_new.html", resume=resume, form=form, **valeurs), code


@bp.get("/depots/pieces")
@role_requis(Role.COMPTABLE)
def show_archive() -> Any:
    """The PDFs of at most PAR_ARCHIVE factures to deposit and their bordereau, sent as they are drawn."""
    choix = _choix()
    documents, bordereau = queries.documents(choix), queries.bordereau(choix, PAR_ARCHIVE)
    nom = f"factures-{documents[0].numero if documents else 'aucune'}.zip"
    return _fichier(archive_des_factures(documents, bordereau, aujourdhui()), "application/zip", nom)


@bp.get("/depots/bordereau")
@role_requis(Role.COMPTABLE)
def show_bordereau() -> Any:
    """The bordereau of the factures chosen."""
    return _fichier(queries.bordereau(_choix()), actions.CSV, "bordereau.csv")


def _fichier(contenu: Any, genre: str, nom: str) -> Response:
    """A file to keep."""
    return Response(contenu, content_type=genre, headers={"Content-Disposition": f'attachment; filename="{nom}"'})
