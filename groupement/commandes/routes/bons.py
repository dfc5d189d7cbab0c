"""The register of the bons de commande, for the Centre de gestion; the paper and the list that go with each."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue.models import Fournisseur
from groupement.catalogue.rules.recherche import normaliser
from groupement.commandes import documents
from groupement.commandes.actions import bons as actions
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries import bons as queries
from groupement.commandes.queries import versions
from groupement.commandes.queries.campagnes import histoire_de
from groupement.commandes.queries.vue_echanges import vue_des_echanges
from groupement.commandes.queries.vue_papier import marques
from groupement.commandes.routes.portes import Porte
from groupement.commandes.states import EtatBonDeCommande
from groupement.documents import listes, tableur
from groupement.documents.listes import Colonne
from groupement.socle import courriels
from groupement.socle.calendrier import aujourdhui, jour_a_paris, maintenant
from groupement.socle.db import db
from groupement.socle.web import numero_demande

bp = Blueprint("bons", __name__, url_prefix="/bons")
bp.record(lambda etat: courriels.enregistrer_fabrique("bon_de_commande", documents.piece_du_bon))

LIEUX_PAR_PAGE = 20


def _jour(champ: str) -> Any:
    """The day of a moment of the bon, in Paris, for a spreadsheet."""
    return lambda bon: jour_a_paris(quand) if (quand := getattr(bon, champ)) else None


COLONNES = (
    Colonne("numero", "Bon", tri=BonDeCommande.numero),
    Colonne("emis_le", "Émis le", "date", tri=BonDeCommande.emis_le),
    Colonne("campagne", "Campagne", valeur=lambda bon: bon.campagne.intitule, affichee=False),
    Colonne("lot", "Lot", valeur=lambda bon: f"Lot {bon.lot.numero}, {bon.lot.intitule}"),
    Colonne("lieu", "Lieu unique", affichee=False),
    Colonne("fournisseur", "Fournisseur", tri=Fournisseur.nom, valeur=lambda bon: bon.fournisseur_fige["nom"]),
    Colonne("etat", "État", valeur=lambda bon: bon.etat.libelle(coordonnateur=True)),
    Colonne("revision", "Révision", "entier", affichee=False),
    Colonne("a_livrer_avant_le", "À livrer avant le", "date", tri=BonDeCommande.a_livrer_avant_le),
    Colonne("consulte_le", "Ouvert par le fournisseur le", "date", affichee=False, valeur=_jour("consulte_le")),
    Colonne("accuse_le", "Confirmé le", "date", affichee=False, valeur=_jour("accuse_le")),
    Colonne("a_repondre", "À répondre", affichee=False, valeur=lambda bon: "oui" if bon.attend_reponse else ""),
    Colonne("port_ht", "Port HT", "montant", affichee=False),
    Colonne("total_ht", "Total HT", "montant", tri=BonDeCommande.total_ht),
    Colonne("total_ttc", "Total TTC", "montant", affichee=False),
)
LIEUX = (
    Colonne("lieu", "Lieu", export=False),
    Colonne("articles", "Articles", "entier", export=False),
    Colonne("unites", "Unités", "entier", export=False),
)


@bp.get("/")
@role_requis(*ROLES_CDG)
def index() -> Any:
    """Every bon, filtered by what the address says."""
    liste = listes.preparer(queries.bons(g.contexte, **filtres()), COLONNES, nom="bons-de-commande")
    if liste.export:
        return liste.export
    lots, fournisseurs, campagnes = queries.choix_du_registre()
    choix = {"lots": lots, "fournisseurs": fournisseurs, "campagnes": campagnes, "etats": list(EtatBonDeCommande)}
    jauges = queries.plafonds_des_lots([bon.lot_id for bon in liste.lignes])
    return render_template("commandes/bons.html", liste=liste, choix=choix, jauges=jauges, le=aujourdhui())


def filtres() -> dict[str, Any]:
    """The filters of the register, read from the address; one that means nothing is ignored."""
    args = request.args
    etats = {etat.value: etat for etat in EtatBonDeCommande}
    return {
        "recherche": args.get("q", "").strip(),
        "lot_id": numero_demande("lot"),
        "fournisseur_id": numero_demande("fournisseur"),
        "campagne_id": numero_demande("campagne"),
        "etat": etats.get(args.get("etat", "")),
        "en_retard_le": aujourdhui() if args.get("retard") else None,
        "reponse_attendue": bool(args.get("repondre")),
    }


@bp.get("/<int:bon_id>")
@role_requis(*ROLES_CDG)
def show(bon_id: int) -> str:
    """A bon: what is ordered, at which price, for when, where to, the mails, the history."""
    bon = queries.bon_visible(bon_id, g.contexte)
    return render_template(
        "commandes/bon.html",
        **vue_du_bon(bon),
        **_vue_de_son_histoire(bon),
        courriels=queries.courriels_du_bon(bon.id),
        versions=versions.versions_de(bon.id),
        remplacant=versions.remplacant_de(bon),
        acheteur=g.contexte.a_role(Role.ACHETEUR),
    )


def _vue_de_son_histoire(bon: BonDeCommande) -> dict[str, Any]:
    """What happened to it, and what was said with its supplier."""
    histoire = histoire_de(bon.__tablename__, bon.id)
    porte = Porte(bon, "bons", "livraisons", {"bon_id": bon.id})
    return {"porte": porte, "histoire": histoire, **vue_des_echanges(bon, histoire, aujourdhui(), tout=True)}


def vue_du_bon(bon: BonDeCommande) -> dict[str, Any]:
    """What the buyer and the supplier both read of a bon, a page of places at a time."""
    lignes, revision = queries.lignes_du_bon(bon.id), versions.dernier_changement(bon)
    recherche = normaliser(request.args.get("q", ""))
    lieux = listes.preparer(queries.lieux_du_bon(bon.id, recherche), LIEUX, nom="lieux", par_page=LIEUX_PAR_PAGE)
    points = [lieu.PointDeLivraison and lieu.PointDeLivraison.id for lieu in lieux.lignes]
    contenus: dict[int | None, list[Any]] = {point: [] for point in points}
    for ligne in queries.contenu_des_lieux(bon.id, points):
        contenus[ligne.PointDeLivraison and ligne.PointDeLivraison.id].append(ligne)
    return {
        **{"bon": bon, "lignes": lignes, "lieux": lieux, "contenus": contenus, "le": aujourdhui()},
        "totaux": documents.totaux_du_bon(bon, lignes, versions.taux_du_port(bon)),
        "delai": documents.delai_du_bon(bon, bon),
        "port": documents.phrase_du_port(bon, bon),
        **{"revision": revision, "marques": marques(revision)},
        **{"unite": documents.unite, "acces": documents.acces},
    }


@bp.get("/<int:bon_id>.pdf")
@role_requis(*ROLES_CDG)
def show_pdf(bon_id: int) -> Response:
    """The bon and its list of deliveries, as the supplier receives them."""
    return en_pdf(queries.bon_visible(bon_id, g.contexte))


@bp.get("/<int:bon_id>/revisions/<int:revision>.pdf")
@role_requis(*ROLES_CDG)
def show_version(bon_id: int, revision: int) -> Response:
    """The bon as it was before a revision or its cancellation."""
    return en_pdf(queries.bon_visible(bon_id, g.contexte), revision)


@bp.get("/<int:bon_id>/lieux.<any(csv, xlsx):format_>")
@role_requis(*ROLES_CDG)
def show_lieux(bon_id: int, format_: str) -> Response:
    """The list of deliveries as a file."""
    return en_tableau(queries.bon_visible(bon_id, g.contexte), format_)


@bp.post("/<int:bon_id>/envoi")
@role_requis(Role.ACHETEUR)
def create_envoi(bon_id: int) -> Any:
    """Send the bon again to its supplier."""
    bon = queries.bon_visible(bon_id, g.contexte, verrou=True)
    adresse = actions.renvoyer(bon, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(f"Le bon {bon.numero} part à nouveau vers {adresse}.", "succes")
    return redirect(url_for(".show", bon_id=bon.id), 303)


def en_pdf(bon: BonDeCommande, revision: int | None = None) -> Response:
    """The paper, or that of a version that no longer holds, shown in the browser."""
    entetes = {"Content-Disposition": f'inline; filename="{documents.nom_du_papier(bon, revision)}"'}
    return Response(documents.pdf_du_bon(bon, revision), content_type="application/pdf", headers=entetes)


def en_tableau(bon: BonDeCommande, format_: str) -> Response:
    """The list of deliveries, taken away."""
    genre = tableur.MIME_CSV if format_ == "csv" else tableur.MIME_XLSX
    entetes = {"Content-Disposition": f'attachment; filename="{bon.numero}-lieux.{format_}"'}
    return Response(documents.liste_des_lieux(bon, format_), content_type=genre, headers=entetes)
