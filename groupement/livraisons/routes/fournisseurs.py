"""The supplier's side: where its bons go, and the day it says it comes."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.livraisons.actions.dates_annoncees import annoncer_une_date
from groupement.livraisons.forms.decisions import AnnonceForm
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.fournisseurs import A_VENIR, bon_visible_au_fournisseur, livraisons_du_bon
from groupement.livraisons.queries.recherche import collectivite_nommee
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde

bp = Blueprint("livraisons_du_fournisseur", __name__, url_prefix="/fournisseur/bons/<int:bon_id>/livraisons")
COLONNES = (
    Colonne("collectivite", "Livrer à", valeur=lambda li: li.collectivite or "Dépôt du Centre de gestion"),
    Colonne("ville", "Ville", affichee=False, valeur=lambda ligne: ligne.ville or ""),
    Colonne("unites", "Unités", "entier"),
    Colonne(
        "attendue_le", "Au plus tard le", "date", tri=Livraison.attendue_le, valeur=lambda li: li.Livraison.attendue_le
    ),
    Colonne("annoncee_pour", "Annoncée pour le", "date", valeur=lambda ligne: ligne.Livraison.annoncee_pour),
    Colonne("etat", "État", tri=Livraison.etat, valeur=lambda li: li.Livraison.etat.libelle(coordonnateur=True)),
)


@bp.get("")
@role_requis(Role.FOURNISSEUR)
def index(bon_id: int) -> Any:
    """The places of a bon, to tick and announce."""
    return _page(bon_id, AnnonceForm(formdata=None))


@bp.post("")
@role_requis(Role.FOURNISSEUR)
def create_annonce(bon_id: int) -> Any:
    """Announce a day for the deliveries ticked."""
    bon, form = bon_visible_au_fournisseur(bon_id, g.contexte, verrou=True), AnnonceForm()
    cochees = _cochees()
    if not form.validate():
        return _page(bon_id, form, cochees), 422
    choisies = None if form.toutes.data else cochees
    try:
        combien = annoncer_une_date(
            bon, choisies, form.pour.data or aujourdhui(), form.bordereau.data, par=g.contexte, le=maintenant()
        )
    except RegleRefusee as refus:
        return _page_refusee(bon_id, form, cochees, refus)
    return _annoncee(bon_id, combien)


def _annoncee(bon_id: int, combien: int) -> Any:
    """Commit, say so, and back to the list where it was."""
    db.session.commit()
    flash(f"Date annoncée pour {accorde(combien, 'livraison')}.", "succes")
    return redirect(url_for(".index", bon_id=bon_id, page=request.args.get("page"), q=request.args.get("q")), 303)


def _cochees() -> set[int]:
    """The deliveries ticked; a number no column holds is none."""
    textes = request.form.getlist("livraison")
    return {int(texte) for texte in textes if texte.isascii() and texte.isdigit() and len(texte) < 10}


def _page(bon_id: int, form: AnnonceForm, cochees: set[int] | None = None, refus: str = "") -> Any:
    """The list, with what was ticked and typed."""
    bon, mots = bon_visible_au_fournisseur(bon_id, g.contexte), request.args.get("q", "").strip()[:100]
    requete = livraisons_du_bon(bon.id)
    if mots:
        requete = requete.where(collectivite_nommee(mots))
    liste = listes.preparer(requete, COLONNES, nom=f"livraisons-{bon.numero}", par_page=50)
    if liste.export:
        return liste.export
    return render_template(
        "livraisons/fournisseur.html",
        bon=bon,
        liste=liste,
        mots=mots,
        form_annonce=form,
        cochees=cochees or set(),
        refus=refus,
        a_venir=A_VENIR,
        le=aujourdhui(),
    )


def _page_refusee(bon_id: int, form: AnnonceForm, cochees: set[int], refus: RegleRefusee) -> tuple[Any, int]:
    """The list, and why the day cannot be announced."""
    db.session.rollback()
    return _page(bon_id, form, cochees, str(refus)), 409
