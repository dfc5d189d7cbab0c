"""The regroupement, for the buyer: read the figures first, then issue the bons of exactly those figures."""

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.commandes.actions import regroupement as actions
from groupement.commandes.actions.regroupement import AccordManquant, ApercuPerime, Calcul, RegroupementRefuse
from groupement.commandes.forms.campagnes import RegroupementForm
from groupement.commandes.models import Campagne
from groupement.commandes.queries import bons as bons_queries
from groupement.commandes.queries import campagnes as campagnes_queries
from groupement.commandes.queries import filtre_de_l_apercu as filtres
from groupement.commandes.queries import vue_regroupement as queries
from groupement.commandes.queries.papiers_tardifs import commandes_tardives
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.queries.titulaires import desistements_de_la_campagne
from groupement.commandes.queries.verification import figures_gardees
from groupement.commandes.queries.vue_des_ajustements import ajustements_vus
from groupement.commandes.routes.cascade_de_l_apercu import vue_de_la_cascade
from groupement.commandes.rules.bons import Origine
from groupement.commandes.rules.comparaison import comparer
from groupement.commandes.states import EtatCampagne
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.affichage import pluriel
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

bp = Blueprint("regroupements", __name__, url_prefix="/campagnes/<int:campagne_id>/regroupement")
FAITES = (EtatCampagne.REGROUPEE, EtatCampagne.SOLDEE)
PAR_ARTICLE = (
    Colonne("lot", "Lot", "entier", valeur=lambda vue: vue.ligne.lot),
    Colonne("reference", "Référence", valeur=lambda vue: vue.ligne.reference),
    Colonne("designation", "Désignation", valeur=lambda vue: vue.article.designation),
    *(
        Colonne(cle, intitule, "entier", valeur=attrgetter(f"ligne.{cle}"))
        for cle, intitule in (
            ("unites_demandees", "Unités demandées"),
            ("unites_du_stock", "Unités du stock"),
            ("unites_par_colis", "Unités par colis"),
            ("colis", "Colis"),
            ("unites_achetees", "Unités achetées"),
            ("unites_acceptees_en_plus", "Acceptées en plus"),
            ("surplus_au_depot", "Surplus au dépôt"),
        )
    ),
    Colonne("prix", "Prix unitaire HT", "prix", valeur=lambda vue: vue.ligne.prix_unitaire_ht),
    Colonne("montant", "Montant HT", "montant", valeur=lambda vue: vue.ligne.montant_ht),
    Colonne("gain", "Épargné par le groupement HT", "montant", valeur=lambda vue: vue.ligne.gain_groupement_ht),
    Colonne("lieu", "Lieu du bon", valeur=lambda vue: vue.lieu),
)
PAR_MEMBRE = (
    Colonne("nom", "Collectivité", valeur=lambda ligne: ligne[0]),
    Colonne("siren", "SIREN", valeur=lambda ligne: ligne[1]),
    Colonne("lot", "Lot", "entier", valeur=lambda ligne: ligne[2]),
    Colonne("reference", "Référence", valeur=lambda ligne: ligne[3]),
    Colonne("origine", "Origine", valeur=lambda ligne: ligne[4]),
    Colonne("unites", "Unités", "entier", valeur=lambda ligne: ligne[5]),
    Colonne("en_plus", "Dont acceptées en plus", "entier", valeur=lambda ligne: ligne[6]),
    Colonne("montant", "Montant HT", "montant", valeur=lambda ligne: ligne[7]),
)


@bp.get("")
@role_requis(*ROLES_CDG)
def show(campagne_id: int) -> Any:
    """What regrouping now would give; what it gave, once done."""
    campagne = campagnes_queries.campagne_visible(campagne_id, g.contexte)
    if campagne.etat not in FAITES:
        return _apercu(campagne, RegroupementForm(formdata=None), depuis_le_stock=_depuis_le_stock())
    return _fait(campagne)


def _fait(campagne: Campagne) -> str:
    """What it gave, as it was agreed to."""
    fait = queries.regroupement_de(campagne)
    return render_template(
        "commandes/regroupement_fait.html",
        campagne=campagne,
        regroupement=fait,
        gardees=queries.preuves_gardees(fait),
        figures=figures_gardees(fait),
        bons=bons_queries.bons_de(campagne.id),
        desistements=desistements_de_la_campagne(campagne.id),
        tardives=commandes_tardives(campagne),
    )


@bp.post("")
@role_requis(Role.ACHETEUR)
def create(campagne_id: int) -> Any:
    """Issue the bons of the figures that were read; the same page again, with the new ones, when they have changed."""
    campagne = campagnes_queries.campagne_visible(campagne_id, g.contexte)
    form = RegroupementForm()
    stock = form.depuis_le_stock.data == "1"
    if not form.validate():
        return _apercu(campagne, form, depuis_le_stock=stock), 422
    try:
        phrase = _regrouper(campagne_id, form)
    except (ApercuPerime, AccordManquant, RegroupementRefuse) as refus:
        db.session.rollback()
        return _apercu(campagne, RegroupementForm(formdata=None), depuis_le_stock=stock, refus=str(refus)), 409
    flash(phrase, "succes")
    return redirect(url_for(".show", campagne_id=campagne_id), 303)


def _regrouper(campagne_id: int, form: RegroupementForm) -> str:
    """The real run, committed; the sentence that says so."""
    _, bons, _ = actions.regrouper(
        campagne_id,
        par=g.contexte,
        le=maintenant(),
        depuis_le_stock=form.depuis_le_stock.data == "1",
        empreinte=form.empreinte.data,
        ecartes=request.form.getlist("ecarte"),
    )
    db.session.commit()
    return f"{pluriel(len(bons), 'bon émis', 'bons émis')}\u00a0: chaque fournisseur reçoit le sien par courriel."


def _depuis_le_stock() -> bool:
    """Whether the depot serves first, as the address says."""
    return request.args.get("depuis_le_stock") == "1"


def _apercu(campagne: Campagne, form: RegroupementForm, *, depuis_le_stock: bool, refus: str = "") -> str:
    """The preview, its figures and what must be agreed to."""
    lue = actions.lire(campagne, aujourdhui())
    calcul = actions.calculer(lue, depuis_le_stock)
    form.empreinte.data, form.depuis_le_stock.data = calcul.empreinte, "1" if depuis_le_stock else ""
    return render_template(
        "commandes/regroupement.html",
        campagne=campagne,
        form=form,
        refus=refus,
        **_figures(campagne, lue, calcul, depuis_le_stock),
        **{"depuis_le_stock": depuis_le_stock, "acheteur": g.contexte.a_role(Role.ACHETEUR), "le": aujourdhui()},
    )


def _figures(campagne: Campagne, lue: Entree, calcul: Calcul, depuis_le_stock: bool) -> dict[str, Any]:
    """The lots and articles the filter keeps, what the buyer has decided, and the figures without that."""
    vue, filtre = queries.vue_de_l_apercu(calcul.entree, calcul.resultat), filtres.filtre_lu(request.args)
    decisions = ajustements_vus(lue.ajustements, calcul.resultat, calcul.ajustees)
    decides = {decision.article_id for decision in decisions if decision.article_id}
    sans = actions.calculer(replace(lue, decisions=()), depuis_le_stock) if decisions else calcul
    return {
        "vue": vue,
        "filtre": filtre,
        "affiches": filtres.filtrer(vue, filtre, decides),
        "decides": decides,
        "cascade": vue_de_la_cascade(campagne, lue, calcul, depuis_le_stock, aujourdhui()),
        "combien_a_decider": filtres.a_decider(vue),
        "raisons": filtres.raisons,
        "tris": [(cle, intitule) for cle, (intitule, _) in filtres.TRIS.items()],
        "decisions": decisions,
        "comparaison": comparer(sans.resultat, calcul.resultat) if decisions else None,
        "tardives": commandes_tardives(campagne),
        "peut_decider": campagne.etat is EtatCampagne.CLOSE and g.contexte.a_role(Role.ACHETEUR),
    }


@bp.get("/<any(articles, membres):par>")
@role_requis(*ROLES_CDG)
def export(campagne_id: int, par: str) -> Any:
    """The preview as a file, by article or by member: ?format=csv or xlsx."""
    campagne = campagnes_queries.campagne_visible(campagne_id, g.contexte)
    calcul = actions.previsualiser(campagne, le=aujourdhui(), depuis_le_stock=_depuis_le_stock())
    format_ = "xlsx" if request.args.get("format") == "xlsx" else "csv"
    if par == "articles":
        vue = queries.vue_de_l_apercu(calcul.entree, calcul.resultat)
        lignes: list[Any] = [ligne for lot in vue.lots for ligne in lot.lignes_des_bons]
        return listes.exporter(f"regroupement-{campagne_id}-par-article", PAR_ARTICLE, lignes, format_)
    return listes.exporter(f"regroupement-{campagne_id}-par-membre", PAR_MEMBRE, list(_membres(calcul)), format_)


def _membres(calcul: Calcul) -> Iterator[tuple[Any, ...]]:
    """One row a body and article, then its shares of shipping, then the surplus of the depot."""
    corps = queries.noms_des_corps([d.collectivite_id for d in calcul.entree.demandes])
    noms: dict[int | None, str] = {None: "Dépôt du Centre de gestion"}
    noms.update(corps.items())
    articles = {a.article_id: a for a in calcul.entree.articles_a_regrouper}
    for a in calcul.resultat.affectations:
        origine = "Stock du dépôt" if a.origine is Origine.STOCK else "Bon de commande"
        article = articles[a.article_id]
        fin = (origine, a.unites, a.unites_en_plus, a.montant_ht)
        yield (noms[a.collectivite_id], a.siren, article.lot, article.reference, *fin)
    for part in calcul.resultat.ports:
        yield noms[part.collectivite_id], part.siren, part.lot, "", "Port", None, None, part.montant_ht
    for ligne in (ligne for bon in calcul.resultat.bons for ligne in bon.lignes if ligne.surplus_au_depot):
        depot = ("Surplus", ligne.surplus_au_depot, None, ligne.montant_depot_ht)
        yield (noms[None], "", ligne.lot, ligne.reference, *depot)
