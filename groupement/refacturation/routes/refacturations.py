"""Re-billing a campagne: what there is to bill, the preview with its proof, the issue, the runs done, the chain."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.queries import collectivite_visible
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation.actions import refacturation as actions
from groupement.refacturation.forms import EmissionForm
from groupement.refacturation.queries import chaine, montants, prestations
from groupement.refacturation.queries import refacturations as queries
from groupement.refacturation.queries.reglages import mode_tva
from groupement.refacturation.rules.calcul import lignes_affichees
from groupement.refacturation.rules.composition import composer, lignes_imprimees
from groupement.refacturation.rules.prestations import preuve_de_json as preuve_des_prestations
from groupement.refacturation.rules.preuve import preuve_de_json
from groupement.refacturation.states import ModeTva
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.nombres import accorde

bp = Blueprint("refacturations", __name__, url_prefix="/refacturation")
LECTEURS = (Role.COMPTABLE, Role.ACHETEUR, Role.ADMINISTRATEUR)
COLONNES = (
    Colonne("nom", "Collectivité", tri=Collectivite.nom_recherche),
    Colonne("siren", "SIREN", affichee=False),
    Colonne("unites", "Unités", "entier", valeur=lambda ligne: int(ligne.unites)),
    Colonne("biens_ht", "Articles HT", "montant"),
    Colonne("port_ht", "Livraison HT", "montant"),
    Colonne("total_ht", "À facturer HT", "montant"),
)


@bp.get("/")
@role_requis(*LECTEURS)
def index() -> Any:
    """The campagnes and services to bill, and the last runs."""
    valeurs = {"campagnes": queries.campagnes_a_facturer(), "services": prestations.a_facturer()}
    return render_template("refacturation/index.html", **valeurs, runs=queries.refacturations())


@bp.get("/campagnes/<int:campagne_id>")
@role_requis(*LECTEURS)
def show_campagne(campagne_id: int) -> Any:
    """What would be billed to whom, and the proof that it is right."""
    campagne = queries.campagne_facturable(campagne_id)
    recherche = request.args.get("q", "").strip()[:100]
    nom = f"a-facturer-{campagne_id}"
    liste = listes.preparer(montants.par_membre(campagne_id, recherche), COLONNES, nom=nom)
    if liste.export:
        return liste.export
    apercu = queries.apercu(campagne, mode_tva())
    form = EmissionForm(data={"attendu_ht": str(apercu.total_ht)})
    return render_template(
        "refacturation/campagne.html", apercu=apercu, liste=liste, form=form, modes=ModeTva, recherche=recherche
    )


@bp.get("/campagnes/<int:campagne_id>/collectivites/<int:collectivite_id>")
@role_requis(*LECTEURS)
def show_collectivite(campagne_id: int, collectivite_id: int) -> Any:
    """The lines the next facture of a body would hold."""
    campagne = queries.campagne_facturable(campagne_id)
    corps = collectivite_visible(collectivite_id, g.contexte)
    dues = actions.apercu_des_lignes(campagne_id, collectivite_id)
    comptes, _ = composer(mode_tva().value, {collectivite_id: dues})
    compte = comptes[0] if comptes else abort(404)
    lignes = lignes_affichees(lignes_imprimees(mode_tva().value, compte.lignes, compte.totaux))
    retour = (campagne.intitule, url_for(".show_campagne", campagne_id=campagne_id))
    return render_template(
        "refacturation/collectivite.html", retour=retour, corps=corps, compte=compte, lignes=lignes, mode=mode_tva()
    )


@bp.post("/campagnes/<int:campagne_id>/factures")
@role_requis(Role.COMPTABLE)
def create_factures(campagne_id: int) -> Any:
    """Issue the factures the preview announced."""
    attendu = EmissionForm().total_vu
    campagne = queries.campagne_facturable(campagne_id)
    run = actions.refacturer(campagne.id, par=g.contexte, le=maintenant(), attendu_ht=attendu)
    db.session.commit()
    flash(f"{accorde(run.preuves['factures'], 'facture émise', 'factures émises')}, courriels partis.", "succes")
    return redirect(url_for(".show", refacturation_id=run.id), 303)


@bp.get("/<int:refacturation_id>")
@role_requis(*LECTEURS)
def show(refacturation_id: int) -> Any:
    """A run done: its factures in figures, its proof as it was kept."""
    run = queries.refacturation_visible(refacturation_id)
    gardee = run.preuves["preuve"]
    if run.campagne_id is None:
        return render_template("refacturation/show.html", run=run, preuve=preuve_des_prestations(gardee))
    preuve = preuve_de_json(gardee["bons"], gardee["factures_ht"])
    return render_template("refacturation/show.html", run=run, preuve=preuve)


@bp.get("/integrite")
@role_requis(Role.COMPTABLE, Role.ADMINISTRATEUR)
def show_integrite() -> Any:
    """Whether the factures and avoirs are still those that were issued."""
    series = [
        ("Factures", chaine.verifier_factures()),
        ("Avoirs", chaine.verifier_avoirs()),
    ]
    return render_template("refacturation/integrite.html", series=series, le=maintenant())
