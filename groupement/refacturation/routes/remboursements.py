"""Money to give back: the list, and the page where a refund is recorded."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation.actions.remboursements import RemboursementRefuse, rembourser
from groupement.refacturation.forms import RemboursementForm
from groupement.refacturation.models import Facture
from groupement.refacturation.queries import remboursements as queries
from groupement.refacturation.queries.factures import facture_visible
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.nombres import euros_fr

bp = Blueprint("remboursements", __name__)
LECTEURS = (Role.COMPTABLE, Role.ACHETEUR, Role.ADMINISTRATEUR)
COLONNES = (
    Colonne("numero", "Facture", tri=Facture.id),
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche, valeur=lambda f: f.collectivite.nom),
    Colonne("siren", "SIREN", valeur=lambda f: f.collectivite.siren, affichee=False),
    Colonne("total_ttc", "Total TTC", "montant"),
    Colonne("avoirs_ttc", "Avoirs", "montant"),
    Colonne("recu_ttc", "Reçu", "montant", valeur=lambda f: f.paye_ttc + f.trop_percu_ttc),
    Colonne("rembourse_ttc", "Déjà rendu", "montant"),
    Colonne("a_rembourser_ttc", "À rembourser", "montant", tri=queries.A_REMBOURSER),
)


@bp.get("/remboursements/")
@role_requis(*LECTEURS)
def index() -> Any:
    """The factures paid beyond what is owed, and by how much."""
    recherche = request.args.get("q", "").strip()[:100]
    requete = queries.factures_a_rembourser(recherche)
    liste = listes.preparer(requete, COLONNES, nom="a-rembourser", cle=Facture.id)
    valeurs = {"total_ttc": queries.a_rembourser_ttc(), "recherche": recherche}
    return liste.export or render_template("refacturation/remboursements.html", liste=liste, **valeurs)


@bp.get("/factures/<int:facture_id>/remboursements/nouveau")
@role_requis(Role.COMPTABLE)
def new(facture_id: int) -> Any:
    """What is to give back on a facture, and the form."""
    facture = facture_visible(facture_id, g.contexte)
    return _page(facture, RemboursementForm(montant_ttc=facture.a_rembourser_ttc, rembourse_le=aujourdhui()))


@bp.post("/factures/<int:facture_id>/remboursements")
@role_requis(Role.COMPTABLE)
def create(facture_id: int) -> Any:
    """Record money given back."""
    form, facture = RemboursementForm(), facture_visible(facture_id, g.contexte, verrou=True)
    if not form.validate():
        return _page(facture, form, 422)
    try:
        rembourser(facture, *form.valeurs, par=g.contexte, le=maintenant())
    except RemboursementRefuse as refus:
        form.montant_ttc.errors = [str(refus)]
        return _page(facture, form, 409)
    db.session.commit()
    flash(f"Remboursement de {euros_fr(form.valeurs[0])} enregistré sur la facture {facture.numero}.", "succes")
    return redirect(url_for("factures.show", facture_id=facture.id), 303)


def _page(facture: Facture, form: RemboursementForm, code: int = 200) -> Any:
    """The page of the form."""
    faits = queries.remboursements_de(facture.id)
    return render_template("refacturation/remboursement_new.html", facture=facture, form=form, faits=faits), code
