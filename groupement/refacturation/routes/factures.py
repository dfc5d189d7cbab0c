"""Factures: the list of the comptable and of a body, one facture and its payments, transfers, avoirs, reminders."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.states import ROLES_COLLECTIVITE, Role
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.refacturation import documents
from groupement.refacturation.actions import relances
from groupement.refacturation.actions.encaissements import VirementRefuse, enregistrer_virement
from groupement.refacturation.forms import VirementForm
from groupement.refacturation.models import PRESTATIONS, Facture, Refacturation
from groupement.refacturation.queries import depots, remboursements
from groupement.refacturation.queries import factures as queries
from groupement.refacturation.queries.factures import Filtres
from groupement.refacturation.queries.refacturations import refacturation_visible
from groupement.refacturation.queries.vue_facture import vue_facture
from groupement.refacturation.routes.caisse import passerelle
from groupement.refacturation.rules.encaissements import est_en_retard
from groupement.refacturation.states import EtatFacture
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.nombres import accorde, euros_fr
from groupement.socle.web import numero_demande

SERVICES = "prestations"  # in the address, in the place of a campagne
bp = Blueprint("factures", __name__, url_prefix="/factures")
LECTEURS = (Role.COMPTABLE, Role.ACHETEUR, Role.ADMINISTRATEUR, *sorted(ROLES_COLLECTIVITE))
COLONNES = (
    Colonne("numero", "Facture", tri=Facture.id),
    Colonne("collectivite", "Collectivité", tri=Collectivite.nom_recherche, valeur=lambda f: f.collectivite.nom),
    Colonne("siren", "SIREN", valeur=lambda f: f.collectivite.siren, affichee=False),
    Colonne("intitule", "Pour"),
    Colonne("emise_le", "Émise le", "date", tri=Facture.emise_le, affichee=False),
    Colonne("etat", "État", tri=Facture.etat, valeur=lambda f: f.etat.libelle()),
    Colonne("echeance_le", "À payer avant le", "date", tri=Facture.echeance_le),
    Colonne("total_ht", "Total HT", "montant", affichee=False),
    Colonne("total_tva", "TVA", "montant", affichee=False),
    Colonne("total_ttc", "Total TTC", "montant", tri=Facture.total_ttc),
    Colonne("paye_ttc", "Payé", "montant", affichee=False),
    Colonne("avoirs_ttc", "Avoirs", "montant", affichee=False),
    Colonne("reste_du_ttc", "Reste à payer", "montant", tri=queries.RESTE_DU),
)
PROPRES = tuple(colonne for colonne in COLONNES if colonne.cle not in ("collectivite", "siren"))
ETATS = [
    ("", "Toutes"),
    ("a_payer", "À payer"),
    ("retard", "En retard"),
    *((etat.value, etat.libelle(coordonnateur=True)) for etat in EtatFacture),
]


@bp.get("/")
@role_requis(*LECTEURS)
def index() -> Any:
    """All the factures for the Centre de gestion, its own for a body; the late ones first."""
    filtres = _filtres()
    colonnes = COLONNES if g.contexte.est_cdg else PROPRES
    requete = queries.factures(g.contexte, aujourdhui(), filtres)
    liste = listes.preparer(requete, colonnes, nom="factures", cle=Facture.id)
    if liste.export:
        return liste.export
    commun: dict[str, Any] = {"liste": liste, "filtres": filtres, "le": aujourdhui()}
    commun["sommes"] = queries.sommes(g.contexte, aujourdhui())
    if not g.contexte.est_cdg:
        return render_template("refacturation/mes_factures.html", **commun)
    return render_template("refacturation/factures.html", **commun, **_pour_le_cdg(filtres))


def _pour_le_cdg(filtres: Filtres) -> dict[str, Any]:
    """What the list of the Centre de gestion shows besides."""
    return {
        "etats": ETATS,
        "campagnes": _campagnes(),
        "a_rembourser_ttc": remboursements.a_rembourser_ttc(),
        "a_deposer": depots.combien_a_deposer(),
        "run": _run(filtres),
    }


def _run(filtres: Filtres) -> Refacturation | None:
    """The run whose factures are asked for."""
    return refacturation_visible(filtres.refacturation_id) if filtres.refacturation_id else None


def _campagnes() -> list[tuple[str, str]]:
    """What the factures can be for: a campagne, or services."""
    services = [(SERVICES, PRESTATIONS)] if queries.prestations_facturees() else []
    return [("", "Toutes"), *services, *((str(numero), nom) for numero, nom in queries.campagnes_facturees())]


def _filtres() -> Filtres:
    """The filters of the address."""
    etat = request.args.get("etat", "")
    return Filtres(
        recherche=request.args.get("q", "").strip()[:100],
        etat=etat if etat in dict(ETATS) else "",
        campagne_id=numero_demande("campagne") if g.contexte.est_cdg else None,
        prestations=request.args.get("campagne") == SERVICES,
        refacturation_id=numero_demande("refacturation") if g.contexte.est_cdg else None,
    )


@bp.get("/<int:facture_id>")
@role_requis(*LECTEURS)
def show(facture_id: int) -> Any:
    """One facture: its lines and how they were found, what was paid, what is left."""
    return _page(queries.facture_visible(facture_id, g.contexte), VirementForm(data={"recu_le": aujourdhui()}))


def _page(facture: Facture, form: VirementForm, code: int = 200) -> Any:
    """The page of a facture, with the form of a transfer for the comptable."""
    if not form.is_submitted():
        form.montant_ttc.data = facture.reste_du_ttc
    retard = est_en_retard(facture.etat, facture.reste_du_ttc, facture.echeance_le, aujourdhui())
    vue = vue_facture(facture, carte=passerelle() is not None)
    valeurs = {"vue": vue, "facture": facture, "form": form, "retard": retard, "le": aujourdhui()}
    return render_template("refacturation/facture.html", **valeurs), code


@bp.get("/<int:facture_id>.pdf")
@role_requis(*LECTEURS)
def show_pdf(facture_id: int) -> Any:
    """The facture as it was issued."""
    facture = queries.facture_visible(facture_id, g.contexte)
    return _pdf(f"facture-{facture.numero}", documents.pdf_facture(facture))


@bp.get("/avoirs/<int:avoir_id>.pdf")
@role_requis(*LECTEURS)
def show_avoir_pdf(avoir_id: int) -> Any:
    """The avoir as it was issued."""
    avoir = queries.avoir_visible(avoir_id, g.contexte)
    return _pdf(f"avoir-{avoir.numero}", documents.pdf_avoir(avoir))


def _pdf(nom: str, octets: bytes) -> Response:
    """A PDF shown in the browser under its own name."""
    return Response(
        octets, content_type=documents.PDF, headers={"Content-Disposition": f'inline; filename="{nom}.pdf"'}
    )


@bp.post("/<int:facture_id>/virements")
@role_requis(Role.COMPTABLE)
def create_virement(facture_id: int) -> Any:
    """Record a bank transfer."""
    form = VirementForm()
    facture = queries.facture_visible(facture_id, g.contexte, verrou=True)
    if not form.validate():
        return _page(facture, form, 422)
    try:
        enregistrer_virement(facture, *form.valeurs, par=g.contexte, le=maintenant())
    except VirementRefuse as refus:
        form.montant_ttc.errors = [str(refus)]
        return _page(facture, form, 409)
    return _apres_le_virement(facture, form)


def _apres_le_virement(facture: Facture, form: VirementForm) -> Any:
    """Commit, and say what is left."""
    db.session.commit()
    reste = facture.reste_du_ttc
    suite = f"il reste {euros_fr(reste)} à payer" if reste else "la facture est payée"
    flash(f"Virement de {euros_fr(form.valeurs[0])} enregistré\u00a0: {suite}.", "succes")
    return redirect(url_for(".show", facture_id=facture.id), 303)


@bp.post("/relances")
@role_requis(Role.COMPTABLE)
def create_relances() -> Any:
    """Write to the bodies of the late factures."""
    combien = relances.relancer(par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"{accorde(combien, 'facture relancée', 'factures relancées')}\u00a0: les courriels partent.", "succes")
    return redirect(url_for(".index", etat="retard"), 303)
