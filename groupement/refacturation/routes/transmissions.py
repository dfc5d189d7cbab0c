"""The deposits made: the list, one deposit with its factures and its bordereau, the error noted on it."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation.actions import depots as actions
from groupement.refacturation.forms import ErreurDeDepotForm
from groupement.refacturation.models import Facture, Transmission
from groupement.refacturation.queries import depots as queries
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.nombres import accorde
from groupement.socle.web import numero_demande

bp = Blueprint("transmissions", __name__, url_prefix="/factures/depots")
LECTEURS = (Role.COMPTABLE, Role.ACHETEUR, Role.ADMINISTRATEUR)
DEPOTS = (
    Colonne("deposee_le", "Déposées le", "date", tri=Transmission.deposee_le),
    Colonne("destination", "Sur", valeur=lambda d: d.destination.libelle()),
    Colonne("reference", "Référence", tri=Transmission.reference),
    Colonne("par", "Par"),
    Colonne("factures", "Factures", "entier", tri=Transmission.factures),
    Colonne("total_ttc", "Total TTC", "montant", tri=Transmission.total_ttc),
    Colonne("erreurs", "À refaire", "entier"),
)
FACTURES = (
    Colonne("numero", "Facture", tri=Facture.id),
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche),
    Colonne("etat", "État", valeur=lambda f: f.etat.libelle(coordonnateur=True)),
    Colonne("total_ttc", "Total TTC", "montant", tri=Facture.total_ttc),
    Colonne("motif", "Erreur signalée"),
)


@bp.get("/")
@role_requis(*LECTEURS)
def index() -> Any:
    """The deposits, the latest first."""
    liste = listes.preparer(queries.transmissions(), DEPOTS, nom="depots")
    if liste.export:
        return liste.export
    reste = queries.combien_a_deposer()
    return render_template("refacturation/transmissions.html", liste=liste, a_deposer=reste)


@bp.get("/<int:transmission_id>")
@role_requis(*LECTEURS)
def show(transmission_id: int) -> Any:
    """One deposit and its factures."""
    transmission = queries.transmission_visible(transmission_id)
    nom = f"depot-{transmission.id}"
    liste = listes.preparer(queries.factures_de(transmission.id), FACTURES, nom=nom, cle=Facture.id)
    if liste.export:
        return liste.export
    valables = queries.combien_valables(transmission.id, None)
    return render_template("refacturation/transmission.html", depot=transmission, liste=liste, valables=valables)


@bp.get("/<int:transmission_id>/bordereau")
@role_requis(*LECTEURS)
def show_bordereau(transmission_id: int) -> Response:
    """The bordereau as it was kept."""
    fichier = queries.transmission_visible(transmission_id).fichier
    entetes = {"Content-Disposition": f'attachment; filename="{fichier.nom}"'}
    return Response(fichier.octets, content_type=fichier.type_mime, headers=entetes)


@bp.get("/<int:transmission_id>/erreurs/nouvelle")
@role_requis(Role.COMPTABLE)
def new_erreur(transmission_id: int) -> Any:
    """What is wrong with a deposit, or with the deposit of one facture."""
    return _page(queries.transmission_visible(transmission_id), ErreurDeDepotForm(formdata=None))


@bp.post("/<int:transmission_id>/erreurs")
@role_requis(Role.COMPTABLE)
def create_erreur(transmission_id: int) -> Any:
    """Note it: the factures are to deposit again."""
    form, transmission = ErreurDeDepotForm(), queries.transmission_visible(transmission_id, verrou=True)
    if not form.validate():
        return _page(transmission, form, 422)
    facture, motif = numero_demande("facture"), str(form.motif.data)
    combien = actions.signaler(transmission, facture, motif, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Erreur notée\u00a0: {accorde(combien, 'facture')} à déposer de nouveau.", "succes")
    return redirect(url_for(".show", transmission_id=transmission_id), 303)


def _page(transmission: Transmission, form: ErreurDeDepotForm, code: int = 200) -> Any:
    """The page of the form."""
    facture = numero_demande("facture")
    combien = queries.combien_valables(transmission.id, facture)
    valeurs = {"depot": transmission, "form": form, "facture": facture, "combien": combien}
    return render_template("refacturation/erreur_de_depot_new.html", **valeurs), code
