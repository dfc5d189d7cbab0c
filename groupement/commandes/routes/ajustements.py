"""The buyer looks at an article of the preview, decides to leave out, to postpone or to buy more, and takes it back."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_CDG, Role
from groupement.commandes.actions import ajustements as actions
from groupement.commandes.actions import regroupement as calculs
from groupement.commandes.forms.ajustements import AjustementForm
from groupement.commandes.models import Campagne
from groupement.commandes.queries import article_de_l_apercu as queries
from groupement.commandes.queries.campagnes import campagne_visible
from groupement.commandes.queries.filtre_de_l_apercu import raisons
from groupement.commandes.queries.vue_des_ajustements import ajustements_vus
from groupement.commandes.queries.vue_regroupement import vue_de_l_apercu
from groupement.commandes.routes.decision_demandee import DecisionDemandee, decision_demandee
from groupement.commandes.states import EtatCampagne
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite

bp = Blueprint("ajustements", __name__, url_prefix="/campagnes/<int:campagne_id>/regroupement")
DEMANDEURS = (
    Colonne("place", "Rang", "entier"),
    Colonne("nom", "Collectivité"),
    Colonne("siren", "SIREN", affichee=False),
    Colonne("unites", "Demandé", "entier"),
    Colonne("en_plus", "Accepté en plus", "entier"),
)


@bp.get("/articles/<int:article_id>")
@role_requis(*ROLES_CDG)
def show_article(campagne_id: int, article_id: int) -> Any:
    """An article of the preview: every figure explained, who asks for it by rank, what may be decided."""
    campagne = campagne_visible(campagne_id, g.contexte)
    if campagne.etat in actions.FAITES:
        return redirect(url_for("regroupements.show", campagne_id=campagne_id), 303)
    demandeurs = queries.demandeurs(campagne_id, article_id)
    nom = f"regroupement-{campagne_id}-article-{article_id}"
    liste = listes.preparer(demandeurs, DEMANDEURS, nom=nom, compte="en_tout")
    if liste.export:
        return liste.export
    return _page_de_l_article(campagne, article_id, liste)


def _page_de_l_article(campagne: Campagne, article_id: int, liste: listes.Liste) -> str:
    """The page, its figures worked out as the real run would; 404 for an article of another marché."""
    calcul = calculs.previsualiser(campagne, le=aujourdhui(), depuis_le_stock=_depuis_le_stock())
    article = calcul.entree.articles.get(article_id) or abort(404)
    vue = vue_de_l_apercu(calcul.entree, calcul.resultat)
    achats = [(lot, ligne) for lot in vue.lots for ligne in lot.lignes if ligne.ligne.article_id == article.id]
    vus = ajustements_vus(calcul.entree.ajustements, calcul.resultat, calcul.ajustees)
    return render_template(
        "commandes/regroupement_article.html",
        campagne=campagne,
        article=article,
        liste=liste,
        achats=achats,
        refus=[refus for refus in calcul.resultat.refus if refus.article_id == article.id],
        raisons=[phrase for _, ligne in achats for phrase in raisons(ligne)],
        recus=queries.recus(calcul.resultat, article.id),
        motifs=queries.motifs_d_ecart(calcul.ajustees, article.id),
        decisions=[vu for vu in vus if vu.article_id == article.id],
        decide=any(vu.article_id == article.id and vu.ajustement.commande_id is None for vu in vus),
        **_commun(campagne),
    )


@bp.get("/ajustements/nouveau")
@role_requis(Role.ACHETEUR)
def new(campagne_id: int) -> Any:
    """What a decision would cost or spare, and the reason it asks for."""
    campagne = campagne_visible(campagne_id, g.contexte)
    demandee = decision_demandee(campagne, request.args)
    if demandee is None or campagne.etat is not EtatCampagne.CLOSE:
        return redirect(url_for("regroupements.show", campagne_id=campagne_id), 303)
    return _page(campagne, demandee, AjustementForm(formdata=None))


@bp.post("/ajustements")
@role_requis(Role.ACHETEUR)
def create(campagne_id: int) -> Any:
    """Take the decision of the address."""
    campagne, form = campagne_visible(campagne_id, g.contexte), AjustementForm()
    demandee = decision_demandee(campagne, request.args)
    if demandee is None:
        return redirect(url_for("regroupements.show", campagne_id=campagne_id), 303)
    if not form.validate():
        return _page(campagne, demandee, form), 422
    try:
        _decider(campagne_id, demandee, str(form.motif.data))
    except RegleRefusee as refus:
        return _refuse(campagne_id, form, refus)
    flash(f"Décision enregistrée\u00a0: {demandee.titre.lower()}, {demandee.cible.nom}.", "succes")
    return _retour(campagne_id)


def _decider(campagne_id: int, demandee: DecisionDemandee, motif: str) -> None:
    """Write it, and commit."""
    actions.ajuster(
        campagne_id, demandee.cible, demandee.genre, motif, demandee.unites, par=g.contexte, le=maintenant()
    )
    db.session.commit()


def _refuse(campagne_id: int, form: AjustementForm, refus: RegleRefusee) -> Any:
    """The page again, with why nothing was written; a campagne that is not closed any more has no such page."""
    db.session.rollback()
    campagne = campagne_visible(campagne_id, g.contexte)
    demandee = decision_demandee(campagne, request.args)
    if demandee is None or isinstance(refus, TransitionInterdite):
        raise refus
    return _page(campagne, demandee, form, refus=str(refus)), 409


@bp.post("/ajustements/<int:ajustement_id>/retrait")
@role_requis(Role.ACHETEUR)
def create_retrait(campagne_id: int, ajustement_id: int) -> Any:
    """Take a decision back."""
    campagne_visible(campagne_id, g.contexte)
    actions.retirer(campagne_id, ajustement_id, par=g.contexte, le=maintenant())
    db.session.commit()
    flash("Décision retirée\u00a0: les chiffres sont refaits sans elle.", "succes")
    return _retour(campagne_id)


def _page(campagne: Campagne, demandee: DecisionDemandee, form: AjustementForm, refus: str = "") -> str:
    """The figures before and after, and the reason."""
    lue = calculs.lire(campagne, aujourdhui())
    return render_template(
        "commandes/ajustement_new.html",
        campagne=campagne,
        demandee=demandee,
        form=form,
        refus=refus,
        deja=next((a for a in lue.ajustements if demandee.cible.est_celle_de(a)), None),
        comparaison=demandee.essayer(lue, _depuis_le_stock()),
        **_commun(campagne),
    )


def _commun(campagne: Campagne) -> dict[str, Any]:
    """What every page says: may this person decide, does the depot serve first."""
    close = campagne.etat is EtatCampagne.CLOSE
    return {"peut_decider": close and g.contexte.a_role(Role.ACHETEUR), "stock": "1" if _depuis_le_stock() else None}


def _depuis_le_stock() -> bool:
    """Whether the depot serves first, as the address says."""
    return request.args.get("depuis_le_stock") == "1"


def _retour(campagne_id: int) -> Any:
    """Back to the preview, at the decisions."""
    stock = "1" if _depuis_le_stock() else None
    adresse = url_for("regroupements.show", campagne_id=campagne_id, depuis_le_stock=stock)
    return redirect(f"{adresse}#decisions", 303)
