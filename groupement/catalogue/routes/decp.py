"""The essential data of a marché (DECP): what is missing, the file to deposit, the day it was."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import contrats
from groupement.catalogue.documents.decp import exporter_decp
from groupement.catalogue.forms.contrats import DecpForm, PublicationForm
from groupement.catalogue.models import Avenant, DonneesEssentielles, Lot, Marche
from groupement.catalogue.queries.actes import avenants_du_marche, donnees_du_marche, saisie_de
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules import decp as regles
from groupement.catalogue.rules.decp import SaisieDecp
from groupement.catalogue.rules.recherche import normaliser
from groupement.catalogue.states import FondementAvenant
from groupement.documents.decp import MIME
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("decp", __name__)
SAISIE = "catalogue/lots/decp.html"


@bp.get("/marches/<int:marche_id>/donnees-essentielles")
@role_requis(*ROLES_CDG)
def show(marche_id: int) -> str:
    """Lot by lot: what is missing, and until when to publish."""
    return _page(queries.marche_visible(marche_id, g.contexte), PublicationForm(publiee_le=aujourdhui()))


@bp.get("/marches/<int:marche_id>/donnees-essentielles/fichier")
@role_requis(*ROLES_CDG)
def show_fichier(marche_id: int) -> Response:
    """The file to deposit on the national portal: ?format=json or xml."""
    marche = queries.marche_visible(marche_id, g.contexte)
    extension = "xml" if request.args.get("format") == "xml" else "json"
    lots, siret = queries.lots_du_marche(marche.id), current_app.config["COORDONNATEUR_SIRET"]
    octets = exporter_decp(marche, lots, donnees_du_marche(marche.id), siret, extension, aujourdhui())
    nom = f"decp-{normaliser(marche.numero).replace(' ', '-')}.{extension}"
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return Response(octets, content_type=MIME[extension], headers=entetes)


@bp.post("/marches/<int:marche_id>/donnees-essentielles/publication")
@role_requis(Role.ACHETEUR)
def create_publication(marche_id: int) -> Reponse | tuple[str, int]:
    """The file was deposited: what it holds is final."""
    verrouiller_ecriture()
    marche = queries.marche_visible(marche_id, g.contexte, verrou=True)
    form = PublicationForm()
    if form.validate() and (reponse := _publier(marche, form)):
        return reponse
    return _page(marche, form), 422


@bp.route("/lots/<int:lot_id>/donnees-essentielles", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(lot_id: int) -> Reponse | str | tuple[str, int]:
    """What the application does not know of a lot."""
    lot = queries.lot_visible(lot_id, g.contexte)
    donnees = db.session.get(DonneesEssentielles, lot.id)
    form = DecpForm(obj=donnees) if donnees else DecpForm(data=_propositions(lot))
    if not form.is_submitted():
        return render_template(SAISIE, lot=lot, form=form, donnees=donnees)
    return _enregistrer(lot, donnees, form)


def _page(marche: Marche, form: PublicationForm) -> str:
    """Each lot with what is missing; each avenant with its own date."""
    lots, donnees = queries.lots_du_marche(marche.id), donnees_du_marche(marche.id)
    saisies = {lot.id: saisie_de(donnees.get(lot.id)) for lot in lots}
    manques = {lot.id: regles.ce_qui_manque(saisies[lot.id]) for lot in lots}
    avenants = avenants_du_marche(marche.id)
    total = sum((lot.plafond_ht for lot in lots), Decimal(0))
    return render_template(
        "catalogue/marches/decp.html",
        marche=marche, lots=lots, donnees=donnees, manques=manques, form=form, total=total, le=aujourdhui(),
        a_declarer=_a_declarer(lots, donnees, avenants), complet=bool(lots) and not any(manques.values()),
        obligatoire=regles.a_publier(total), avant_le=regles.a_publier_avant_le(marche.notifie_le),
        avenants=[(a, regles.a_publier_avant_le(a.notifie_le)) for a in avenants],
    )  # fmt: skip


def _a_declarer(lots: Sequence[Lot], donnees: dict[int, DonneesEssentielles], avenants: Sequence[Avenant]) -> bool:
    """Whether something is left to publish: a lot, or an avenant that changes the contract."""
    des_lots = any(lot.id not in donnees or donnees[lot.id].publiee_le is None for lot in lots)
    return des_lots or any(
        a.publie_le is None and a.fondement is not FondementAvenant.ERREUR_DE_SAISIE for a in avenants
    )


def _propositions(lot: Lot) -> dict[str, Any]:
    """What a lot of this consortium usually is; the buyer checks it."""
    return {
        "identifiant": f"{normaliser(lot.marche.numero).replace(' ', '').upper()}{lot.numero:02}"[-16:],
        "ccag": regles.CCAG[0],
        "lieu_type": regles.TYPES_DE_LIEU[0],
        "lieu_code": "62",
    }


def _enregistrer(lot: Lot, donnees: DonneesEssentielles | None, form: DecpForm) -> Reponse | tuple[str, int]:
    """Keep what was typed, incomplete or not; contradictions are said by the field."""
    try:
        if form.validate() and not poser_les_fautes(form, regles.fautes_de_la_saisie(_saisie(form))):
            contrats.enregistrer_donnees(lot, _saisie(form), par=g.contexte, le=maintenant())
            db.session.commit()
            flash(f"Les données du lot {lot.numero} sont enregistrées.", "succes")
            return redirect(url_for(".show", marche_id=lot.marche_id), 303)
    except RegleRefusee as refus:
        poser_les_fautes(form, {"identifiant": str(refus)})
    return render_template(SAISIE, lot=lot, form=form, donnees=donnees), 422


def _saisie(form: Any) -> SaisieDecp:
    """What was typed."""
    return regles.en_saisie(lambda champ: form[champ].data)


def _publier(marche: Marche, form: Any) -> Reponse | None:
    """Write the day, or None with the reason beside it."""
    jour: date = form.publiee_le.data
    lots, donnees = list(queries.lots_du_marche(marche.id)), donnees_du_marche(marche.id)
    avenants = list(avenants_du_marche(marche.id))
    try:
        contrats.declarer_publication(marche, donnees, lots, avenants, jour, par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        poser_les_fautes(form, {"publiee_le": str(refus)})
        return None
    db.session.commit()
    flash("La publication est enregistrée. Ces données ne changent plus\u00a0: un avenant s’y ajoutera.", "succes")
    return redirect(url_for(".show", marche_id=marche.id), 303)
