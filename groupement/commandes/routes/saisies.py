"""Quick entry by reference: pasted, typed or read from a file, shown first, then put in the basket."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.commandes.actions.saisies import enregistrer_saisie
from groupement.commandes.forms.saisies import RANGEES, ApercuForm, SaisieForm, garder
from groupement.commandes.queries.commandes import commande_de
from groupement.commandes.queries.paniers import Fenetre, fenetre
from groupement.commandes.queries.saisies import articles_offerts, vue_saisie
from groupement.commandes.rules.apercu_de_saisie import Apercu
from groupement.commandes.rules.saisie_rapide import LigneSaisie, en_texte
from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("saisies", __name__, url_prefix="/panier")
RELIRE = "Voici l’aperçu avec ce que vous venez de changer\u00a0: relisez-le, puis remplissez le panier."
LISTE_MAX = 2000  # references offered while typing: beyond, the page would weigh more than it helps


@bp.get("/<int:campagne_id>/saisie")
@role_requis(*ROLES_COLLECTIVITE)
def new(campagne_id: int) -> Any:
    """Where to type, paste, or choose a file."""
    return _page(_ouverte(campagne_id), SaisieForm(formdata=None))


@bp.post("/<int:campagne_id>/saisie/apercu")
@role_requis(*ROLES_COLLECTIVITE)
def create_apercu(campagne_id: int) -> Any:
    """What these lines would make of the basket; nothing is written."""
    ou, form = _ouverte(campagne_id), SaisieForm()
    lignes = form.lire()
    return _apercu(ou, lignes, form.remplace) if lignes else (_page(ou, form), 422)


@bp.post("/<int:campagne_id>/saisie/correction")
@role_requis(*ROLES_COLLECTIVITE)
def create_correction(campagne_id: int) -> Any:
    """The preview again, with what was corrected in it."""
    ou, form = _ouverte(campagne_id), ApercuForm()
    lignes = form.lire()
    return _apercu(ou, lignes, form.remplace) if lignes else (_page(ou, form), 422)


@bp.post("/<int:campagne_id>/saisie")
@role_requis(*ROLES_COLLECTIVITE)
def create(campagne_id: int) -> Any:
    """Put the lines of the preview in the basket."""
    ou, form = _ouverte(campagne_id), ApercuForm()
    lignes = form.lire()
    if lignes and form.a_change:
        return _apercu(ou, lignes, form.remplace, refus=RELIRE, ecarter=form.ecarter.data)
    try:
        apercu = _enregistrer(ou, lignes, form)
    except RegleRefusee as refus:
        return _refuse(campagne_id, lignes, form, refus)
    db.session.commit()
    flash(_phrase(apercu), "succes")
    return redirect(url_for("paniers.show", campagne=campagne_id), 303)


def _enregistrer(ou: Fenetre, lignes: list[LigneSaisie], form: ApercuForm) -> Apercu:
    """Write the lines as the form says."""
    options: dict[str, Any] = {"remplacer": form.remplace, "ecarter": bool(form.ecarter.data)}
    qui_et_quand: dict[str, Any] = {"par": g.contexte, "le": maintenant()}
    return enregistrer_saisie(ou, g.contexte.collectivite_id, lignes, form.version_vue, **options, **qui_et_quand)


def _ouverte(campagne_id: int) -> Fenetre:
    """The window, if this body may fill a basket in it now. Raises RegleRefusee otherwise, with the reason."""
    ou = fenetre(campagne_id, g.contexte.collectivite_id, aujourdhui())
    if ou.motif:
        raise RegleRefusee(ou.motif)
    return ou


def _page(ou: Fenetre, form: SaisieForm) -> Any:
    """The page to type in."""
    commande = commande_de(ou.campagne.id, g.contexte.collectivite_id)
    if commande is not None and commande.etat is not EtatCommande.BROUILLON:
        raise RegleRefusee("Votre commande est déjà envoyée\u00a0: reprenez-la d’abord pour la modifier.")
    offerts = [article for article in articles_offerts(ou, commande) if not article.motif][:LISTE_MAX]
    return render_template("commandes/saisie.html", form=form, campagne=ou.campagne, offerts=offerts, rangees=RANGEES)


def _apercu(ou: Fenetre, lignes: list[LigneSaisie], remplacer: bool, statut: int = 200, **valeurs: Any) -> Any:
    """The preview."""
    vue = vue_saisie(ou, g.contexte.collectivite_id, lignes, aujourdhui(), remplacer=remplacer)
    valeurs |= {"vue": vue, "campagne": ou.campagne, "remplacer": remplacer}
    valeurs |= {"gardees": garder(lignes), "texte": en_texte(lignes)}
    return render_template("commandes/saisie_apercu.html", **valeurs), statut


def _refuse(campagne_id: int, lignes: list[LigneSaisie], form: ApercuForm, refus: RegleRefusee) -> Any:
    """The preview as it is now, with the reason; nothing was written."""
    db.session.rollback()
    ou = _ouverte(campagne_id)
    commande = commande_de(campagne_id, g.contexte.collectivite_id)
    if commande is not None and commande.etat is not EtatCommande.BROUILLON:
        raise refus
    if not lignes:
        return _page(ou, form), 422
    statut = 409 if isinstance(refus, ConflitDeVersion) else 422
    return _apercu(ou, lignes, form.remplace, statut, refus=str(refus), ecarter=form.ecarter.data)


def _phrase(apercu: Apercu) -> str:
    """What went in the basket, and what did not."""
    ecartees = accorde(len(apercu.fautives), "ligne laissée", "lignes laissées")
    return f"Saisie enregistrée\u00a0: {apercu.bilan}." + (f" {ecartees} de côté." if apercu.fautives else "")
