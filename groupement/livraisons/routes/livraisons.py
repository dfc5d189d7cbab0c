"""The list of the deliveries, the page of one, its slip and its photographs."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, ROLES_COLLECTIVITE, Role
from groupement.catalogue.models import Fournisseur
from groupement.commandes.models import BonDeCommande
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.livraisons.documents import bon_de_livraison
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries import compteurs, depot
from groupement.livraisons.queries import livraisons as queries
from groupement.livraisons.queries.envois import annonces_de, annonces_des
from groupement.livraisons.queries.recherche import VUES, conditions
from groupement.livraisons.rules.delais import etapes_verification
from groupement.livraisons.states import TRANSITIONS_LIVRAISON
from groupement.socle.calendrier import aujourdhui

bp = Blueprint("livraisons", __name__, url_prefix="/livraisons")
QUI_RECOIT = ROLES_COLLECTIVITE | ROLES_CDG
COLONNES = (
    Colonne("bon", "Bon de commande", tri=BonDeCommande.numero, valeur="numero"),
    Colonne("fournisseur", "Fournisseur", tri=Fournisseur.nom),
    Colonne("collectivite", "Livrée à", valeur=lambda ligne: ligne.collectivite or "Dépôt"),
    Colonne("lieu", "Lieu", affichee=False, valeur=lambda ligne: ligne.lieu or ""),
    Colonne(
        "attendue_le", "Attendue le", "date", tri=Livraison.attendue_le, valeur=lambda li: li.Livraison.attendue_le
    ),
    Colonne("annoncee_pour", "Annoncée pour le", "date", affichee=False, valeur=lambda li: li.Livraison.annoncee_pour),
    Colonne("livree_le", "Reçue le", "date", affichee=False, valeur=lambda ligne: ligne.Livraison.livree_le),
    Colonne("unites", "Unités", "entier"),
    Colonne("etat", "État", tri=Livraison.etat, valeur=lambda li: li.Livraison.etat.libelle(coordonnateur=True)),
)


@bp.get("/")
@role_requis(*QUI_RECOIT)
def index() -> Any:
    """What is to be received: a body's own, or everybody's for the Centre de gestion."""
    le, vue = aujourdhui(), request.args.get("vue", "a-recevoir")
    if vue not in VUES:
        vue = "toutes"
    requete = queries.liste_des_livraisons(g.contexte, le, *conditions(vue, request.args, le))
    liste = listes.preparer(requete, COLONNES, nom="livraisons", cle=Livraison.id)
    if liste.export:
        return liste.export
    annonces = annonces_des([ligne.Livraison.id for ligne in liste.lignes])
    vues = {"liste": liste, "annonces": annonces, "vue": vue, "vues": VUES, "le": le}
    return render_template("livraisons/index.html", **vues, **_autour(g.contexte, le))


def _autour(contexte: Any, le: date) -> dict[str, Any]:
    """What stands around the list: filters and counts for the Centre de gestion, the depot's goods for a body."""
    if not contexte.est_cdg:
        return {"au_depot": depot.suivi_au_depot(contexte), "bons": (), "fournisseurs": (), "comptes": {}}
    return {
        "au_depot": (),
        "bons": queries.bons_en_cours(),
        "fournisseurs": queries.fournisseurs_attendus(),
        "comptes": compteurs.comptes(le),
    }


@bp.get("/<int:livraison_id>")
@role_requis(*QUI_RECOIT)
def show(livraison_id: int) -> Any:
    """One delivery: what is expected, what came, what was decided, until when."""
    livraison = queries.livraison_visible(livraison_id, g.contexte)
    return render_template(
        "livraisons/show.html",
        livraison=livraison,
        articles=queries.articles_de(livraison.id),
        decisions=queries.decisions_de(livraison.id),
        evenements=queries.evenements_de(livraison.id),
        annonces=annonces_de(livraison.id),
        parente=queries.parente_de(livraison),
        ailleurs=queries.signales_ailleurs(livraison.id),
        **gestes_possibles(livraison),
    )


def gestes_possibles(livraison: Livraison) -> dict[str, Any]:
    """What may be done with it by whoever looks, the day it is, and how its time to check is counted."""
    permis = {verbe for verbe, (depuis, _) in TRANSITIONS_LIVRAISON.items() if livraison.etat in depuis}
    acheteur = g.contexte.a_role(Role.ACHETEUR)
    recoit = acheteur or g.contexte.a_role(Role.AGENT)
    jours = livraison.bon.lot.verification_jours
    return {
        "le": aujourdhui(),
        "peut_recevoir": recoit and "receptionner" in permis,
        "peut_corriger": recoit and "corriger" in permis,
        "peut_decider": acheteur and "admettre" in permis,
        "peut_repartir": acheteur and livraison.collectivite_id is None and "corriger" in permis,
        "etapes_du_delai": etapes_verification(livraison.livree_le, jours) if livraison.livree_le else (),
    }


@bp.get("/<int:livraison_id>.pdf")
@role_requis(*QUI_RECOIT, Role.FOURNISSEUR)
def show_pdf(livraison_id: int) -> Response:
    """The slip to tick and sign."""
    livraison = queries.livraison_visible(livraison_id, g.contexte)
    octets = bon_de_livraison(
        livraison, queries.articles_de(livraison.id), annonces_de(livraison.id), current_app.config
    )
    return fichier(octets, "application/pdf", f"bon-de-livraison-{livraison.bon.numero}-{livraison.id}.pdf")


@bp.get("/photos/<int:photo_id>")
@role_requis(*QUI_RECOIT, Role.FOURNISSEUR)
def show_photo(photo_id: int) -> Response:
    """A photograph of what was refused."""
    photo = queries.photo_visible(photo_id, g.contexte)
    return fichier(photo.octets, "image/jpeg", f"photo-{photo.id}.jpg")


@bp.get("/photos/<int:photo_id>/miniature")
@role_requis(*QUI_RECOIT, Role.FOURNISSEUR)
def show_miniature(photo_id: int) -> Response:
    """The same, small."""
    photo = queries.photo_visible(photo_id, g.contexte)
    return fichier(photo.miniature or photo.octets, "image/jpeg", f"photo-{photo.id}-miniature.jpg")


def fichier(octets: bytes, type_mime: str, nom: str) -> Response:
    """Bytes of a kind we name ourselves, whatever was sent; shown in the page, never run."""
    entetes = {"Content-Disposition": f'inline; filename="{nom}"', "X-Content-Type-Options": "nosniff"}
    return Response(octets, mimetype=type_mime, headers=entetes)
