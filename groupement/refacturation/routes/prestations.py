"""Billing services: what there is to bill, the future facture of a body, the issue. Pages of the re-billing."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.queries import collectivite_visible
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation.actions.prestations import facturer_les_prestations
from groupement.refacturation.forms import EmissionForm
from groupement.refacturation.models import PRESTATIONS
from groupement.refacturation.queries import prestations as queries
from groupement.refacturation.routes.refacturations import LECTEURS, bp
from groupement.refacturation.rules.calcul import lignes_affichees
from groupement.refacturation.rules.composition import AVEC_TVA, composer, lignes_imprimees
from groupement.refacturation.states import ModeTva
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.nombres import accorde

COLONNES = (
    Colonne("nom", "Collectivité", tri=Collectivite.nom_recherche),
    Colonne("siren", "SIREN", affichee=False),
    Colonne("prestations", "Prestations", "entier"),
    Colonne("missions_ht", "Missions HT", "montant"),
    Colonne("sesam_ht", "SESAM HT", "montant"),
    Colonne("total_ht", "À facturer HT", "montant"),
)


@bp.get("/prestations")
@role_requis(*LECTEURS)
def show_prestations() -> Any:
    """What would be billed to whom, and the proof that it is right."""
    recherche = request.args.get("q", "").strip()[:100]
    liste = listes.preparer(queries.par_membre(recherche), COLONNES, nom="prestations-a-facturer")
    if liste.export:
        return liste.export
    return render_template(
        "refacturation/prestations.html",
        apercu=queries.apercu(),
        liste=liste,
        recherche=recherche,
        annees=queries.sesam_par_annee(),
    )


@bp.get("/prestations/collectivites/<int:collectivite_id>")
@role_requis(*LECTEURS)
def show_prestations_collectivite(collectivite_id: int) -> Any:
    """The lines the next facture of services of a body would hold."""
    corps = collectivite_visible(collectivite_id, g.contexte)
    comptes, _ = composer(AVEC_TVA, queries.lignes_dues(collectivite_id))
    compte = comptes[0] if comptes else abort(404)
    lignes = lignes_affichees(lignes_imprimees(AVEC_TVA, compte.lignes, compte.totaux))
    retour = (PRESTATIONS, url_for(".show_prestations"))
    valeurs = {"corps": corps, "compte": compte, "lignes": lignes, "mode": ModeTva.A}
    return render_template("refacturation/collectivite.html", retour=retour, **valeurs)


@bp.post("/prestations/factures")
@role_requis(Role.COMPTABLE)
def create_factures_de_prestations() -> Any:
    """Issue the factures the preview announced."""
    run = facturer_les_prestations(par=g.contexte, le=maintenant(), attendu_ht=EmissionForm().total_vu)
    db.session.commit()
    flash(f"{accorde(run.preuves['factures'], 'facture émise', 'factures émises')}, courriels partis.", "succes")
    return redirect(url_for(".show", refacturation_id=run.id), 303)
