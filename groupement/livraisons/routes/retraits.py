"""What waits at the depot for those who fetch it: the list, a body's slip, the hand-over."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.queries import collectivite_visible
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.commandes.models import BonDeCommande
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.livraisons.actions.retraits import remettre
from groupement.livraisons.documents import bon_de_retrait
from groupement.livraisons.forms.decisions import RetraitForm
from groupement.livraisons.queries import depot as queries
from groupement.livraisons.queries.recherche import collectivite_nommee
from groupement.livraisons.routes.livraisons import fichier
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db

bp = Blueprint("retraits", __name__, url_prefix="/livraisons")
COLONNES = (
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche, valeur="nom"),
    Colonne("bon", "Bon de commande", tri=BonDeCommande.numero, valeur="numero"),
    Colonne("depot", "Dépôt"),
    Colonne("unites", "Unités prêtes", "entier"),
    Colonne("depuis", "Prêtes depuis le", "date"),
)


@bp.get("/depot")
@role_requis(Role.ACHETEUR)
def index() -> Any:
    """What is ready, body by body."""
    requete, mots = queries.collectivites_au_depot(g.contexte), request.args.get("q", "").strip()[:100]
    if mots:
        requete = requete.where(collectivite_nommee(mots))
    liste = listes.preparer(requete, COLONNES, nom="depot")
    if liste.export:
        return liste.export
    return render_template("livraisons/depot.html", liste=liste, mots=mots)


@bp.get("/<int:livraison_id>/retraits/<int:collectivite_id>")
@role_requis(Role.ACHETEUR, *ROLES_COLLECTIVITE)
def show(livraison_id: int, collectivite_id: int) -> Any:
    """What one body has ready, and the form to hand it over."""
    return _page(livraison_id, collectivite_id, RetraitForm())


@bp.get("/<int:livraison_id>/retraits/<int:collectivite_id>.pdf")
@role_requis(Role.ACHETEUR, *ROLES_COLLECTIVITE)
def show_pdf(livraison_id: int, collectivite_id: int) -> Response:
    """The slip to sign when leaving with the goods."""
    lignes = queries.retrait_visible(livraison_id, collectivite_id, g.contexte)
    livraison = queries.livraison_du_retrait(livraison_id)
    nom = collectivite_visible(collectivite_id, g.contexte).nom
    octets = bon_de_retrait(livraison, nom, lignes, current_app.config)
    return fichier(octets, "application/pdf", f"bon-de-retrait-{livraison.bon.numero}-{collectivite_id}.pdf")


@bp.post("/<int:livraison_id>/retraits/<int:collectivite_id>")
@role_requis(Role.ACHETEUR)
def create(livraison_id: int, collectivite_id: int) -> Any:
    """Hand the goods over."""
    queries.retrait_visible(livraison_id, collectivite_id, g.contexte)
    form = RetraitForm()
    if not form.validate():
        return _page(livraison_id, collectivite_id, form), 422
    remettre(livraison_id, collectivite_id, form.retiree_par.data, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Remise enregistrée.", "succes")
    return redirect(url_for(".index"), 303)


def _page(livraison_id: int, collectivite_id: int, form: RetraitForm) -> str:
    """The slip on the screen."""
    lignes = queries.retrait_visible(livraison_id, collectivite_id, g.contexte)
    return render_template(
        "livraisons/retrait.html",
        lignes=lignes,
        livraison=queries.livraison_du_retrait(livraison_id),
        collectivite=collectivite_visible(collectivite_id, g.contexte),
        form_retrait=form,
        peut_remettre=g.contexte.a_role(Role.ACHETEUR) and any(ligne.retiree_le is None for ligne in lignes),
    )
