"""The pages of a bon for its supplier, and what it does there: the same behind its account and behind its link."""

from typing import Any, TypeVar

from flask import flash, redirect, render_template, session
from werkzeug.wrappers import Response

from groupement.commandes.actions import echanges as actions
from groupement.commandes.actions.echanges import DemandeRefusee
from groupement.commandes.forms.echanges import ConfirmationForm, FournisseurForm, ObservationForm, PropositionForm
from groupement.commandes.queries.campagnes import histoire_de
from groupement.commandes.queries.vue_echanges import vue_des_echanges
from groupement.commandes.routes.bons import en_pdf, en_tableau, vue_du_bon
from groupement.commandes.routes.portes import NOM_RETENU, Porte
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.web import ConflitDeVersion

F = TypeVar("F", bound=FournisseurForm)


def page_du_bon(porte: Porte, form: ConfirmationForm | None = None) -> str:
    """The bon; before the first opening of a revision, the page that asks to open it."""
    if porte.a_ouvrir:
        return render_template("commandes/fournisseur_ouverture.html", porte=porte, bon=porte.bon)
    bon = porte.bon
    histoire = histoire_de(bon.__tablename__, bon.id)
    return render_template(
        "commandes/fournisseur_bon.html",
        porte=porte,
        confirmation=form or vierge(ConfirmationForm, porte),
        **vue_du_bon(bon),
        **vue_des_echanges(bon, histoire, aujourdhui()),
    )


def papier(porte: Porte, revision: int | None = None) -> Response:
    """The PDF of a version that no longer holds, or of the bon: the bon itself while it is not opened."""
    if revision is None and porte.a_ouvrir:
        return redirect(porte.url("show"), 303)
    return en_pdf(porte.bon, revision)


def lieux(porte: Porte, format_: str) -> Response:
    """The list of deliveries as a file; the bon itself while it is not opened."""
    return redirect(porte.url("show"), 303) if porte.a_ouvrir else en_tableau(porte.bon, format_)


def page_pour_ecrire(porte: Porte, nom: str, form: FournisseurForm, refus: str = "") -> str | Response:
    """One form, `proposition` or `observation`; the bon itself while it is not opened."""
    if porte.a_ouvrir:
        return redirect(porte.url("show"), 303)
    echanges = vue_des_echanges(porte.bon, (), aujourdhui())
    return render_template(
        f"commandes/fournisseur_{nom}.html", porte=porte, bon=porte.bon, form=form, refus=refus, **echanges
    )


def vierge(genre, porte):
    """An empty form, on the revision shown, with the name typed before; an account needs none."""
    connus = {"revision": porte.bon.revision, "nom": session.get(NOM_RETENU, "")}
    return _sans_nom(genre(formdata=None, data=connus), porte)


def rempli(genre: type[F], porte: Porte) -> F:
    """The form as it was sent."""
    return _sans_nom(genre(), porte)


def _sans_nom(form: F, porte: Porte) -> F:
    """An account has a name already."""
    if not porte.par_lien:
        del form.nom
    return form


def ouvrir(porte: Porte) -> Response:
    """Note the first opening, and show the bon."""
    actions.consulter(porte.bon, par=porte.auteur(), le=maintenant())
    db.session.commit()
    return redirect(porte.url("show"), 303)


def confirmer(porte: Porte) -> Any:
    """Confirm the reception."""
    form = rempli(ConfirmationForm, porte)
    if not form.validate():
        return page_du_bon(porte, form), 422
    actions.confirmer(porte.bon, vue=form.vue, par=porte.auteur(form.nom_tape), le=maintenant())
    return _fait(porte, f"Merci. Le Centre de gestion sait que vous avez le bon {porte.bon.numero}.")


def proposer(porte: Porte) -> Any:
    """Ask for another date."""
    form = rempli(PropositionForm, porte)
    if not form.validate():
        return page_pour_ecrire(porte, "proposition", form), 422
    try:
        par = porte.auteur(form.nom_tape)
        actions.proposer_une_date(porte.bon, form.demande, vue=form.vue, par=par, le=maintenant())
    except DemandeRefusee as refus:
        return _refus_par_champ(porte, form, refus)
    return _fait(porte, "Votre demande est partie. La date du bon reste due tant qu’elle n’est pas acceptée.")


def _refus_par_champ(porte: Porte, form: PropositionForm, refus: DemandeRefusee) -> Any:
    """Each sentence by its field, with what was typed."""
    db.session.rollback()
    for champ, phrase in refus.fautes.items():
        if champ:
            form[champ].errors = [*form[champ].errors, phrase]
    return page_pour_ecrire(porte, "proposition", form, refus.fautes.get("", "")), 422


def observer(porte: Porte) -> Any:
    """Make an observation."""
    form = rempli(ObservationForm, porte)
    if not form.validate():
        return page_pour_ecrire(porte, "observation", form), 422
    try:
        par, texte = porte.auteur(form.nom_tape), str(form.texte.data).strip()
        actions.observer(porte.bon, texte, vue=form.vue, par=par, le=maintenant())
    except (TransitionInterdite, ConflitDeVersion):
        raise
    except RegleRefusee as refus:
        db.session.rollback()
        return page_pour_ecrire(porte, "observation", form, str(refus)), 409
    return _fait(porte, "Votre observation est partie. La réponse vous parviendra par courriel, et ici.")


def _fait(porte: Porte, phrase: str) -> Response:
    """Commit, say so, back to the bon."""
    db.session.commit()
    flash(phrase, "succes")
    return redirect(porte.url("show"), 303)
