"""The ordering windows, for the buyer: prepare one, watch who orders, what it costs, how far the next prices are."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.adherents.states import ROLES_CDG, Role
from groupement.catalogue.rules.recherche import normaliser
from groupement.commandes.actions.relances import Public, relancer
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries import bons as bons_queries
from groupement.commandes.queries import campagnes as queries
from groupement.commandes.queries import suivi_campagne
from groupement.commandes.queries.acces import combien_d_admises
from groupement.commandes.queries.paniers import acces_de
from groupement.commandes.routes.formulaire_campagne import enregistrer, formulaire
from groupement.commandes.rules.acces_campagne import FIGE, phrase_de_l_acces, phrase_de_la_livraison
from groupement.commandes.rules.suivi import SuiviArticle, par_gain
from groupement.commandes.states import EtatCommande
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, date_fr, maintenant
from groupement.socle.db import db

bp = Blueprint("campagnes", __name__, url_prefix="/campagnes")
INACHEVEES = "inachevees"
OUVREZ_LA = "Ouvrez-la quand les membres peuvent commander."
COLONNES = (
    Colonne("intitule", "Campagne", tri=Campagne.intitule, valeur=lambda ligne: ligne.Campagne.intitule),
    Colonne("marche", "Marché", valeur=lambda ligne: ligne.Campagne.marche.numero),
    Colonne("du", "Du", "date", tri=Campagne.du, valeur=lambda ligne: ligne.Campagne.du),
    Colonne("au", "Au", "date", tri=Campagne.au, valeur=lambda ligne: ligne.Campagne.au),
    Colonne("etat", "État", valeur=lambda ligne: ligne.Campagne.etat.libelle(coordonnateur=True)),
    Colonne("commandes", "Commandes", "entier"),
    Colonne("validees", "Validées", "entier"),
    Colonne("total_ht", "Validé HT, estimé", "montant"),
)
COMMANDES = (
    Colonne("nom", "Collectivité", tri=Collectivite.nom_recherche, valeur=lambda c: c.collectivite.nom),
    Colonne("siren", "SIREN", valeur=lambda c: c.collectivite.siren, affichee=False),
    Colonne("etat", "État", tri=Commande.etat, valeur=lambda c: c.etat.libelle(coordonnateur=True)),
    Colonne("mode", "Remise", valeur=lambda c: c.mode.libelle()),
    Colonne("modifiee_le", "Dernier changement", "date", tri=Commande.modifiee_le),
    Colonne("papier_recu_le", "Reçue sur papier le", "date", affichee=False),
    Colonne("engagement", "Engagement", affichee=False),
    Colonne("total_ht", "Montant HT", "montant", tri=Commande.total_ht),
)
SANS_COMMANDE = (
    Colonne("nom", "Collectivité", tri=Collectivite.nom_recherche),
    Colonne("siren", "SIREN"),
    Colonne("ville", "Ville", tri=Collectivite.ville),
    Colonne("population", "Habitants", "entier", tri=Collectivite.population),
    Colonne("courriel", "Courriel"),
)
PALIERS = (
    Colonne("lot", "Lot", "entier", valeur=lambda s: s.demande.lot),
    Colonne("reference", "Référence", valeur=lambda s: s.demande.reference),
    Colonne("designation", "Désignation", valeur=lambda s: s.demande.designation),
    Colonne("validees", "Unités validées", "entier", valeur=lambda s: s.demande.validees),
    Colonne("soumises", "Unités à valider", "entier", valeur=lambda s: s.demande.soumises),
    Colonne("prix", "Prix atteint HT", "prix", valeur=lambda s: s.explication and s.explication.prix_unitaire_ht),
    Colonne("suivant", "Palier suivant", "entier", valeur=lambda s: _suivant(s, "a_partir_de")),
    Colonne("prix_suivant", "Prix suivant HT", "prix", valeur=lambda s: _suivant(s, "prix_unitaire_ht")),
    Colonne("manquantes", "Unités manquantes", "entier"),
    Colonne("gain_suivant_ht", "Gain au palier suivant HT", "montant"),
    Colonne("montant_ht", "Montant HT", "montant"),
)


def _suivant(suivi: SuiviArticle, champ: str) -> Any:
    """A figure of the next tier, None when the best price is reached."""
    return getattr(suivi.explication.suivant, champ, None) if suivi.explication else None


@bp.get("/")
@role_requis(*ROLES_CDG)
def index() -> Any:
    """Every campagne, the latest first."""
    liste = listes.preparer(queries.campagnes(), COLONNES, nom="campagnes")
    return liste.export or _page("campagnes", liste=liste)


@bp.get("/<int:campagne_id>")
@role_requis(*ROLES_CDG)
def show(campagne_id: int) -> Any:
    """Who orders, what it costs lot by lot, the ceilings, the nearest prices, the chart, the history."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    suivi, par_epci = suivi_campagne.suivi(campagne, aujourdhui()), request.args.get("graphique") == "epci"
    return _page(
        "campagne_suivi",
        campagne=campagne,
        suivi=suivi,
        proches=par_gain(suivi.articles)[:3],
        comptes=suivi_campagne.comptes(campagne),
        courbe=(suivi_campagne.par_epci if par_epci else suivi_campagne.par_jour)(campagne.id),
        par_epci=par_epci,
        **_termes(campagne),
    )


def _termes(campagne: Campagne) -> dict[str, Any]:
    """The terms of the window in words, and what was done of it."""
    return {
        "histoire": queries.histoire_de("campagne", campagne.id),
        "bons": bons_queries.bons_de(campagne.id),
        "fige": FIGE,
        "acces": phrase_de_l_acces(acces_de(campagne), combien_d_admises(campagne)),
        "livraison": phrase_de_la_livraison(campagne.livraison_du, campagne.livraison_au),
    }


@bp.get("/<int:campagne_id>/commandes")
@role_requis(*ROLES_CDG)
def index_commandes(campagne_id: int) -> Any:
    """The members' orders, filtered, sorted, taken away."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    etat, recherche = request.args.get("etat", ""), normaliser(request.args.get("q", ""))
    requete = queries.commandes_de_la_campagne(campagne.id, recherche=recherche, etats=_etats(etat))
    liste = listes.preparer(requete, COMMANDES, nom=f"commandes-campagne-{campagne.id}", cle=Commande.id)
    return liste.export or _page("campagne_commandes", campagne=campagne, liste=liste, etat=etat, INACHEVEES=INACHEVEES)


def _etats(choisi: str) -> tuple[EtatCommande, ...]:
    """The states a filter stands for; none for one that nobody offers."""
    if choisi == INACHEVEES:
        return queries.INACHEVEES
    return tuple(etat for etat in EtatCommande if etat.value == choisi)


@bp.get("/<int:campagne_id>/sans-commande")
@role_requis(*ROLES_CDG)
def index_sans_commande(campagne_id: int) -> Any:
    """The members that have not begun an order."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    requete = queries.adherents_sans_commande(campagne, normaliser(request.args.get("q", "")))
    liste = listes.preparer(requete, SANS_COMMANDE, nom=f"sans-commande-campagne-{campagne.id}")
    relance = queries.dernier_fait("campagne", campagne.id, f"relancer {Public.SANS_COMMANDE.value}")
    return liste.export or _page("campagne_sans_commande", campagne=campagne, liste=liste, relance=relance)


@bp.get("/<int:campagne_id>/paliers")
@role_requis(*ROLES_CDG)
def index_paliers(campagne_id: int) -> Any:
    """Every article asked for, how far its next price is, what it would spare."""
    campagne = queries.campagne_visible(campagne_id, g.contexte)
    articles = suivi_campagne.suivi(campagne, aujourdhui()).articles
    proches = par_gain(articles)
    lignes = proches + [s for s in articles if s not in proches and s.demande.demandees]
    if request.args.get("format") in ("csv", "xlsx"):
        return listes.exporter(f"paliers-campagne-{campagne.id}", PALIERS, lignes, request.args["format"])
    return _page("campagne_paliers", campagne=campagne, lignes=lignes, proches=len(proches))


@bp.post("/<int:campagne_id>/relances/<any('sans-commande', inachevees):public>")
@role_requis(Role.ACHETEUR)
def create_relance(campagne_id: int, public: str) -> Any:
    """Write to those who have not ordered, or not finished."""
    campagne = queries.campagne_visible(campagne_id, g.contexte, verrou=True)
    relance = relancer(campagne, Public(public), par=g.contexte, le=maintenant())
    db.session.commit()
    sans = (
        f" {relance.sans_adresse} collectivités n’ont pas d’adresse\u00a0: appelez-les." if relance.sans_adresse else ""
    )
    flash(f"Relance envoyée à {relance.courriels} adresses.{sans}", "succes")
    return redirect(url_for(".show", campagne_id=campagne_id), 303)


@bp.route("/nouvelle", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def new() -> Any:
    """Prepare a campagne: nothing opens yet."""
    form, marches = formulaire()
    if not form.is_submitted():
        return _page("campagne_form", form=form, campagne=None, marches=marches)
    campagne = enregistrer(form, None) if form.validate() else None
    if campagne is None:
        return _page("campagne_form", form=form, campagne=None, marches=marches), 422
    quand = f"Elle s’ouvrira d’elle-même le {date_fr(campagne.du)}." if campagne.s_ouvre_seule else OUVREZ_LA
    flash(f"La campagne est prête. {quand}", "succes")
    return redirect(url_for(".show", campagne_id=campagne.id), 303)


@bp.route("/<int:campagne_id>/modification", methods=["GET", "POST"])
@role_requis(Role.ACHETEUR)
def edit(campagne_id: int) -> Any:
    """Change a campagne that is not open yet."""
    campagne = queries.campagne_visible(campagne_id, g.contexte, verrou=request.method == "POST")
    form, marches = formulaire(campagne)
    if not form.is_submitted():
        return _page("campagne_form", form=form, campagne=campagne, marches=marches)
    if not form.validate() or enregistrer(form, campagne) is None:
        return _page("campagne_form", form=form, campagne=campagne, marches=marches), 422
    flash("La campagne est modifiée.", "succes")
    return redirect(url_for(".show", campagne_id=campagne_id), 303)


def _page(gabarit: str, **valeurs: Any) -> str:
    """A page of the campagnes, which shows its buttons to the buyer only."""
    return render_template(
        f"commandes/{gabarit}.html", le=aujourdhui(), acheteur=g.contexte.a_role(Role.ACHETEUR), **valeurs
    )
