"""« Ajouter au panier », wherever an article is shown: the block for the catalogue's pages, and what it sends."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, get_template_attribute, redirect, render_template, request, url_for
from markupsafe import Markup

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.actions.paniers import QuantiteRefusee, ajouter_article
from groupement.commandes.forms.commandes import QuantiteForm
from groupement.commandes.queries.achats import Achat, achat_possible
from groupement.commandes.queries.depannages import disponibles_au_depot
from groupement.commandes.queries.paniers import article_de, fenetre
from groupement.commandes.rules.quantites import Refus
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import entier_fr
from groupement.socle.web import chemin_local

bp = Blueprint("achats", __name__, url_prefix="/panier")


@bp.record
def _donner_le_bloc(etat: Any) -> None:
    """The catalogue's templates call `bloc_achat(article)`, an article or its id, and `lien_de_saisie()`."""
    etat.app.jinja_env.globals.update(bloc_achat=bloc_achat, lien_de_saisie=lien_de_saisie)


def bloc_achat(
    article: Any, *, message: str = "", refus: Any = None, saisie: str = "", sur_sa_page: bool = False
) -> Markup:
    """The form that puts an article in the basket; nothing for who cannot order, or when no window sells it.

    Three statements a request, however many blocks it draws. The block is drawn without the page's context.
    """
    contexte = g.get("contexte")
    if contexte is None or contexte.collectivite_id is None or not contexte.a_role(*ROLES_COLLECTIVITE):
        return Markup("")
    achat = _achat()
    propose = achat.articles.get(getattr(article, "id", article))
    if propose is None:
        return _au_depot(getattr(article, "id", article)) if sur_sa_page else Markup("")
    commande = achat.commandes.get(propose.fenetre.campagne.id)
    retour = chemin_local(request.form.get("retour") or request.full_path.rstrip("?"))
    bloc: Callable[..., Markup] = get_template_attribute("commandes/_bloc_achat.html", "bloc")
    etat = (propose, achat.unites.get(propose.id, 0), commande, len(achat.unites), retour)
    au_depot = propose.fenetre.campagne.id in achat.au_depot
    return bloc(*etat, message=message, refus=refus, saisie=saisie, au_depot=au_depot)


def lien_de_saisie() -> Markup:
    """The way to quick entry, for who may fill a basket in an open window; no statement of its own."""
    contexte = g.get("contexte")
    if contexte is None or contexte.collectivite_id is None or not contexte.a_role(*ROLES_COLLECTIVITE):
        return Markup("")
    ouverte = next((article.fenetre for article in _achat().articles.values() if article.fenetre.est_ouverte), None)
    if ouverte is None:
        return Markup("")
    bouton: Callable[..., Markup] = get_template_attribute("components/form.html", "lien_bouton")
    return Markup(" ") + bouton(url_for("saisies.new", campagne_id=ouverte.campagne.id), "Saisie rapide", "table")


@bp.post("/<int:campagne_id>/lignes")
@role_requis(*ROLES_COLLECTIVITE)
def create(campagne_id: int) -> Any:
    """Put an article in the basket."""
    form = QuantiteForm()
    campagne = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui()).campagne
    article = article_de(campagne, form.article_id)
    try:
        ajouter_article(
            *(campagne, g.contexte.collectivite_id, article, quantite_saisie(form)), par=g.contexte, le=maintenant()
        )
    except RegleRefusee as refus:
        return _refuse(article.id, article.designation, refus)
    db.session.commit()
    return _ajoute(campagne_id, article.id, article.designation, form.quantite)


def quantite_saisie(form: QuantiteForm) -> int:
    """The quantity of a form. Raises QuantiteRefusee when it is not a number."""
    if not form.validate():
        erreurs = [*form.unites.errors, *form.choix.errors, *form.unites_acceptees_en_plus.errors]
        champ = "unites_acceptees_en_plus" if form.unites_acceptees_en_plus.errors else "unites"
        raise QuantiteRefusee(champ, Refus(erreurs[0] if erreurs else "Écrivez un nombre entier, par exemple 250."))
    return form.quantite


def _achat() -> Achat:
    """What the body may buy now, read once a request."""
    if "achat" not in g:
        g.achat = achat_possible(g.contexte.collectivite_id, aujourdhui(), g.get("articles_montres"))
    achat: Achat = g.achat
    return achat


def _au_depot(article_id: int) -> Markup:
    """No window sells it: what the depot could serve now; nothing when it serves nothing. One statement."""
    disponibles = disponibles_au_depot(_achat().ouvertures, aujourdhui()).get(article_id)
    if not disponibles:
        return Markup("")
    bloc: Callable[[int], Markup] = get_template_attribute("commandes/_bloc_depot.html", "bloc")
    return bloc(disponibles)


def _refuse(article_id: int, designation: str, refus: RegleRefusee) -> Any:
    """The block again with the reason and what was typed; a page of its own without htmx."""
    db.session.rollback()
    if not isinstance(refus, QuantiteRefusee):
        if not _htmx():
            raise refus
        return render_template("commandes/_achat_refuse.html", article_id=article_id, motif=str(refus)), 409
    bloc = bloc_achat(article_id, refus=refus, saisie=request.form.get("unites", ""))
    if _htmx():
        return bloc, 422
    return render_template("commandes/panier_ajout.html", designation=designation, bloc=bloc), 422


def _ajoute(campagne_id: int, article_id: int, designation: str, unites: int) -> Any:
    """The block with what is now in the basket, or back to the page the article was on."""
    if _htmx():
        return bloc_achat(article_id, message=f"Ajouté\u00a0: {entier_fr(unites)}.")
    flash(f"{entier_fr(unites)} dans votre panier\u00a0: {designation}.", "succes")
    return redirect(chemin_local(request.form.get("retour", "")) or url_for("paniers.show", campagne=campagne_id), 303)


def _htmx() -> bool:
    """The request waits for a fragment, not for a page."""
    return request.headers.get("HX-Request") == "true"
