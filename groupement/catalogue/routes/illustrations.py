"""Pictures and data sheet of an article: shown to everybody who sees it, kept by the buyer."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reponse

from groupement.adherents.acces import role_requis
from groupement.adherents.states import TOUS, Role
from groupement.catalogue import queries
from groupement.catalogue.actions import illustrations
from groupement.catalogue.forms.illustrations import FicheTechniqueForm, PhotoForm, TexteDePhotoForm
from groupement.catalogue.models import Article, PhotoArticle
from groupement.catalogue.rules.recherche import normaliser
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee

bp = Blueprint("illustrations", __name__, url_prefix="/catalogue")
# A picture never changes under its address, and only who signed in sees it: their browser keeps it, nothing between.
GARDER = "private, max-age=31536000, immutable"


@bp.get("/photos/<int:photo_id>/<any(liste, page, grande):taille>")
@role_requis(*TOUS)
def show_photo(photo_id: int, taille: str) -> Response:
    """A picture, in the size of a list, of a page, or large."""
    octets = queries.octets_de_la_photo(photo_id, taille, g.contexte)
    return Response(octets, mimetype="image/jpeg", headers={"Cache-Control": GARDER})


@bp.get("/articles/<int:article_id>/fiche-technique")
@role_requis(*TOUS)
def show_fiche(article_id: int) -> Response:
    """The data sheet, to keep."""
    fiche = queries.fiche_technique_visible(article_id, g.contexte)
    nom = normaliser(fiche.fichier.nom.removesuffix(".pdf")).replace(" ", "-")
    entetes = {"Content-Disposition": f'attachment; filename="{nom}.pdf"'}
    return Response(fiche.fichier.octets, mimetype="application/pdf", headers=entetes)


@bp.get("/articles/<int:article_id>/illustrations")
@role_requis(Role.ACHETEUR)
def edit(article_id: int) -> str:
    """The pictures and the data sheet, to add, order, describe and take away."""
    return _page(queries.article_visible(article_id, g.contexte))


@bp.post("/articles/<int:article_id>/photos")
@role_requis(Role.ACHETEUR)
def create_photo(article_id: int) -> Reponse | tuple[str, int]:
    """One more picture."""
    article, form = _article(article_id), PhotoForm()
    try:
        if not form.validate() or form.image is None:
            return _page(article, photo=form), 422
        illustrations.ajouter_photo(article, form.image, str(form.texte.data), par=g.contexte, le=maintenant())
    except RegleRefusee as refus:
        form.photo.errors = [*form.photo.errors, str(refus)]
        return _page(article, photo=form), 422
    return _fini(article_id, "La photo est ajoutée.")


@bp.post("/photos/<int:photo_id>/premiere")
@role_requis(Role.ACHETEUR)
def create_premiere(photo_id: int) -> Reponse:
    """Make it the main picture."""
    photo, article = _photo(photo_id)
    illustrations.mettre_en_premier(photo, article, par=g.contexte, le=maintenant())
    return _fini(article.id, "Cette photo est maintenant celle des listes.")


@bp.post("/photos/<int:photo_id>/texte")
@role_requis(Role.ACHETEUR)
def update_texte(photo_id: int) -> Reponse | tuple[str, int]:
    """Change what is said of a picture to who does not see it."""
    (photo, article), form = _photo(photo_id), TexteDePhotoForm()
    if not form.validate():
        return _page(article, texte=form, photo_id=photo.id), 422
    illustrations.redire_la_photo(photo, article, str(form.texte.data), par=g.contexte, le=maintenant())
    return _fini(article.id, "La description de la photo est enregistrée.")


@bp.post("/photos/<int:photo_id>/retrait")
@role_requis(Role.ACHETEUR)
def create_retrait(photo_id: int) -> Reponse:
    """Take a picture away."""
    photo, article = _photo(photo_id)
    illustrations.retirer_photo(photo, article, par=g.contexte, le=maintenant())
    return _fini(article.id, "La photo est retirée.")


@bp.post("/articles/<int:article_id>/fiche-technique")
@role_requis(Role.ACHETEUR)
def create_fiche(article_id: int) -> Reponse | tuple[str, int]:
    """The data sheet, or the one that replaces it."""
    article, form = _article(article_id), FicheTechniqueForm()
    if not form.validate():
        return _page(article, fiche=form), 422
    illustrations.deposer_fiche_technique(article, form.octets, par=g.contexte, le=maintenant())
    return _fini(article_id, "La fiche technique est déposée.")


@bp.post("/articles/<int:article_id>/fiche-technique/retrait")
@role_requis(Role.ACHETEUR)
def create_retrait_de_fiche(article_id: int) -> Reponse:
    """Take the data sheet away."""
    article = _article(article_id)
    illustrations.retirer_fiche_technique(article, par=g.contexte, le=maintenant())
    return _fini(article_id, "La fiche technique est retirée.")


def _article(article_id: int) -> Article:
    """The article, held until what changes around it is written."""
    verrouiller_ecriture()
    return queries.article_visible(article_id, g.contexte, verrou=True)


def _photo(photo_id: int) -> tuple[PhotoArticle, Article]:
    """A picture and its article, both held."""
    verrouiller_ecriture()
    photo = queries.photo_visible(photo_id, g.contexte, verrou=True)
    return photo, queries.article_visible(photo.article_id, g.contexte, verrou=True)


def _page(article: Article, **formulaires: Any) -> str:
    """The page of the pictures, with the forms as they were sent."""
    return render_template(
        "catalogue/illustrations.html",
        article=article,
        photos=queries.photos_de(article.id),
        fiche_technique=queries.fiche_technique_de(article.id),
        photo_form=formulaires.get("photo") or PhotoForm(formdata=None),
        fiche_form=formulaires.get("fiche") or FicheTechniqueForm(formdata=None),
        texte_form=formulaires.get("texte"),
        photo_id=formulaires.get("photo_id"),
    )


def _fini(article_id: int, phrase: str) -> Reponse:
    """Commit, say so, back to the page."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for("illustrations.edit", article_id=article_id), 303)
