"""Card payments: the button, the page one comes back to, the events of the gateway, the till of the demonstration."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import publique, role_requis
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation.actions import paiements as actions
from groupement.refacturation.gateway import (
    EN_TETE,
    EXPIRE,
    TERMINE,
    CaisseIndisponible,
    DemandeDePaiement,
    Session,
    SignatureRefusee,
)
from groupement.refacturation.models import EvenementPaiement, Facture, PaiementEnLigne
from groupement.refacturation.queries import paiements as queries
from groupement.refacturation.queries import remboursements
from groupement.refacturation.queries.factures import facture_visible
from groupement.refacturation.routes import caisse
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.web import csrf

bp = Blueprint("paiements", __name__)
CORPS_MAX = 256 * 1024
VERIFICATEURS = (Role.COMPTABLE, Role.ADMINISTRATEUR)
BOUTONS = {"payer": TERMINE, "abandonner": EXPIRE}
PAIEMENTS = (
    Colonne("ouvert_le", "Commencé le", tri=PaiementEnLigne.ouvert_le),
    Colonne("facture", "Facture", valeur=lambda p: p.facture.numero),
    Colonne("collectivite", "Collectivité", valeur=lambda p: p.facture.collectivite.nom),
    Colonne("etat", "État", tri=PaiementEnLigne.etat, valeur=lambda p: p.etat.libelle()),
    Colonne("montant_ttc", "Montant", "montant", tri=PaiementEnLigne.montant_ttc),
    Colonne("trop_percu_ttc", "Reçu en trop", "montant", tri=PaiementEnLigne.trop_percu_ttc),
)
EVENEMENTS = (
    Colonne("recu_le", "Reçu le", tri=EvenementPaiement.recu_le),
    Colonne("suite", "Ce qui a été fait"),
    Colonne("genre", "Genre", tri=EvenementPaiement.genre),
    Colonne("evenement_id", "Identifiant"),
)


@bp.post("/factures/<int:facture_id>/paiement")
@role_requis(*ROLES_COLLECTIVITE)
def create(facture_id: int) -> Any:
    """« Payer par carte »: open a page at the gateway and go there."""
    guichet = caisse.passerelle() or abort(404)
    facture = facture_visible(facture_id, g.contexte, verrou=True)
    paiement = actions.preparer(facture, par=g.contexte, le=maintenant())
    db.session.commit()
    try:
        session = guichet.ouvrir(_demande(facture, paiement))
    except CaisseIndisponible as panne:
        return _indisponible(facture, paiement, panne)
    return _partir(paiement, session)


def _partir(paiement: PaiementEnLigne, session: Session) -> Any:
    """Remember the session, then leave for its page."""
    actions.noter_la_session(paiement, session)
    db.session.commit()
    return redirect(session.url, 303)


def _demande(facture: Facture, paiement: PaiementEnLigne) -> DemandeDePaiement:
    """What is asked of the gateway; it brings the person back to our public address."""
    retour = current_app.config["ADRESSE_PUBLIQUE"] + url_for(".show", paiement_id=paiement.id)
    return DemandeDePaiement(
        cle=actions.cle_d_idempotence(paiement),
        paiement_id=paiement.id,
        facture_numero=facture.numero,
        montant_ttc=paiement.montant_ttc,
        courriel=g.contexte.utilisateur.email,
        succes=retour,
        abandon=f"{retour}?abandon=1",
    )


def _indisponible(facture: Facture, paiement: PaiementEnLigne, panne: CaisseIndisponible) -> Any:
    """The gateway failed: nothing is lost, the person is told."""
    current_app.logger.warning("paiement %s : %s", paiement.id, panne)
    if panne.a_repondu:
        actions.renoncer(paiement, le=maintenant())
        db.session.commit()
    flash(
        "Le service de paiement ne répond pas\u00a0: rien n’a été débité. Réessayez, ou payez par virement.", "erreur"
    )
    return redirect(url_for("factures.show", facture_id=facture.id), 303)


@bp.get("/paiements/<int:paiement_id>")
@role_requis(*ROLES_COLLECTIVITE, *VERIFICATEURS)
def show(paiement_id: int) -> Any:
    """Where the payment stands, when one comes back from the gateway."""
    paiement = queries.paiement_visible(paiement_id, g.contexte)
    return render_template("refacturation/paiement.html", paiement=paiement, abandon="abandon" in request.args)


@bp.post("/paiements/evenements")
@publique
@csrf.exempt
def create_evenement() -> Any:
    """What the gateway has to say, signed; 400 for anything it did not sign."""
    guichet = caisse.passerelle() or abort(404)
    request.max_content_length = CORPS_MAX
    try:
        entetes = {EN_TETE: request.headers.get(EN_TETE, "")}
        return {"suite": caisse.prendre_en_compte(guichet, request.get_data(), entetes)}
    except SignatureRefusee:
        return {"erreur": "signature refusée"}, 400


@bp.get("/paiements/evenements")
@role_requis(*VERIFICATEURS)
def index_evenements() -> Any:
    """Every event received and what was done with it."""
    seuls = "a_verifier" in request.args
    liste = listes.preparer(queries.evenements(seuls), EVENEMENTS, nom="evenements-de-paiement")
    return liste.export or render_template("refacturation/evenements.html", liste=liste, seuls=seuls)


@bp.get("/paiements/")
@role_requis(*VERIFICATEURS)
def index() -> Any:
    """Every online payment, and the money to give back."""
    seuls = "trop_percu" in request.args
    liste = listes.preparer(queries.paiements(seuls), PAIEMENTS, nom="paiements-par-carte")
    commun = {
        "trop_ttc": queries.trop_percus_ttc(),
        "a_rembourser_ttc": remboursements.a_rembourser_ttc(),
        "a_verifier": queries.evenements_a_verifier(),
    }
    return liste.export or render_template("refacturation/paiements.html", liste=liste, seuls=seuls, **commun)


@bp.get("/paiement/demonstration/<session_id>")
@role_requis(*ROLES_COLLECTIVITE)
def show_demonstration(session_id: str) -> Any:
    """The payment page of the demonstration."""
    if caisse.fausse_caisse() is None:
        abort(404)
    paiement = queries.paiement_de_session_visible(session_id, g.contexte)
    return render_template("refacturation/demonstration.html", paiement=paiement)


@bp.post("/paiement/demonstration/<session_id>")
@role_requis(*ROLES_COLLECTIVITE)
def create_demonstration(session_id: str) -> Any:
    """« Payer » or « Abandonner »: send the signed event the real gateway would send."""
    guichet = caisse.fausse_caisse() or abort(404)
    paiement = queries.paiement_de_session_visible(session_id, g.contexte)
    genre = BOUTONS.get(request.form.get("bouton", "")) or abort(400)
    corps, entetes = guichet.evenement_signe(genre, session_id, paiement.id, paiement.montant_ttc)
    caisse.prendre_en_compte(guichet, corps, entetes)
    abandon = 1 if genre == EXPIRE else None
    return redirect(url_for(".show", paiement_id=paiement.id, abandon=abandon), 303)
