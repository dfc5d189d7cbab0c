"""The deliveries of a bon for its supplier, and the shipments it announces: behind its account and behind its link."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request

from groupement.commandes.actions.echanges import exiger_la_revision_lue
from groupement.commandes.routes.cote_fournisseur import rempli, vierge
from groupement.commandes.routes.portes import Porte
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.livraisons.actions.envois import annoncer_un_envoi
from groupement.livraisons.forms.envois import AnnonceForm, EnvoiForm, PartieForm
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.envois import a_deja_annonce, annonces_de, annonces_des, attendues_et_annoncees
from groupement.livraisons.queries.fournisseurs import A_VENIR, livraison_du_bon, livraisons_du_bon
from groupement.livraisons.queries.livraisons import articles_de
from groupement.livraisons.queries.recherche import collectivite_nommee
from groupement.livraisons.rules.envois import annoncables, est_entiere, fautes_de_la_partie
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.nombres import accorde
from groupement.socle.web import ConflitDeVersion

COLONNES = (
    Colonne("collectivite", "Livrer à", valeur=lambda li: li.collectivite or "Dépôt du Centre de gestion"),
    Colonne("ville", "Ville", affichee=False, valeur=lambda ligne: ligne.ville or ""),
    Colonne("unites", "Unités", "entier"),
    Colonne(
        "attendue_le", "Au plus tard le", "date", tri=Livraison.attendue_le, valeur=lambda li: li.Livraison.attendue_le
    ),
    Colonne("annoncee_pour", "Annoncée pour le", "date", valeur=lambda ligne: ligne.Livraison.annoncee_pour),
    Colonne("etat", "État", tri=Livraison.etat, valeur=lambda li: li.Livraison.etat.libelle(coordonnateur=True)),
)


def page_des_lieux(porte: Porte, form: AnnonceForm | None = None, refus: str = "") -> Any:
    """The places to tick, with what was ticked and typed; the bon itself while it is not opened."""
    if porte.a_ouvrir or porte.lecture_seule:
        return redirect(porte.url("show"), 303)
    bon, mots = porte.bon, request.args.get("q", "").strip()[:100]
    requete = livraisons_du_bon(bon.id)
    if mots:
        requete = requete.where(collectivite_nommee(mots))
    liste = listes.preparer(requete, COLONNES, nom=f"livraisons-{bon.numero}", par_page=50)
    if liste.export:
        return liste.export
    vues = {"cochees": _cochees(), "refus": refus, "a_venir": A_VENIR, "le": aujourdhui(), "mots": mots}
    vues["annonces"] = annonces_des([ligne.Livraison.id for ligne in liste.lignes])
    vues["deja"] = a_deja_annonce(bon.id)
    form = form or vierge(AnnonceForm, porte)
    return render_template("livraisons/fournisseur.html", porte=porte, bon=bon, liste=liste, form_annonce=form, **vues)


def annoncer(porte: Porte) -> Any:
    """Announce a shipment to the places ticked."""
    form = rempli(AnnonceForm, porte)
    if not form.validate():
        return page_des_lieux(porte, form), 422
    try:
        combien = _annoncer(porte, form, None if form.toutes.data else _cochees())
    except ConflitDeVersion:
        raise
    except RegleRefusee as refus:
        db.session.rollback()
        return page_des_lieux(porte, form, str(refus)), 409
    return _fait(porte, f"Date annoncée pour {accorde(combien, 'livraison')}.")


def _annoncer(
    porte: Porte, form: EnvoiForm, livraison_ids: set[int] | None, partie: Mapping[int, int] | None = None
) -> int:
    """Announce, on the revision the page showed."""
    exiger_la_revision_lue(porte.bon, form.vue)
    par = porte.auteur(form.nom_tape)
    return annoncer_un_envoi(
        *(porte.bon, livraison_ids, form.envoi),
        partie=partie,
        remplace=bool(form.remplace.data),
        par=par,
        le=maintenant(),
    )


def page_d_un_lieu(porte: Porte, livraison_id: int, form: PartieForm | None = None, refus: str = "") -> Any:
    """What one place expects and what was announced of it, to announce a part or another day."""
    if porte.a_ouvrir or porte.lecture_seule:
        return redirect(porte.url("show"), 303)
    livraison = livraison_du_bon(porte.bon.id, livraison_id)
    articles, attendues = articles_de(livraison_id), attendues_et_annoncees(livraison_id)
    form = (form or _partie_vierge(porte, articles, attendues)).lier(articles)
    vues = {"livraison": livraison, "form": form, "refus": refus, "a_venir": livraison.etat in A_VENIR}
    vues |= {"annonces": annonces_de(livraison_id), "attendues": sum(voulues for voulues, _ in attendues.values())}
    vues |= {"deja": {cle: dites for cle, (_, dites) in attendues.items()}}
    return render_template("livraisons/fournisseur_lieu.html", porte=porte, bon=porte.bon, **vues)


def _partie_vierge(porte: Porte, articles: Sequence[Any], attendues: Mapping[int, tuple[int, int]]) -> PartieForm:
    """What is left to announce; everything, for another day, when nothing is left."""
    form, restes = vierge(PartieForm, porte), annoncables(attendues, remplace=False)
    for article in articles:
        form.lignes.append_entry({"cle": str(article.ligne_bon_id), "unites": restes[article.ligne_bon_id]})
    form.remplace.data = all(dites >= voulues for voulues, dites in attendues.values())
    return form


def annoncer_une_partie(porte: Porte, livraison_id: int) -> Any:
    """Announce a part of what one place expects."""
    livraison_du_bon(porte.bon.id, livraison_id)
    articles, form = articles_de(livraison_id), rempli(PartieForm, porte)
    if not form.lier(articles).validate():
        return page_d_un_lieu(porte, livraison_id, form), 422
    attendues, partie = attendues_et_annoncees(livraison_id), form.partie
    if fautes := fautes_de_la_partie(annoncables(attendues, remplace=bool(form.remplace.data)), partie):
        return page_d_un_lieu(porte, livraison_id, form, form.dire(fautes)), 422
    tout = {cle: voulues for cle, (voulues, _) in attendues.items()}
    try:
        _annoncer(porte, form, {livraison_id}, None if est_entiere(tout, partie) else partie)
    except ConflitDeVersion:
        raise
    except RegleRefusee as refus:
        db.session.rollback()
        return page_d_un_lieu(porte, livraison_id, form, str(refus)), 409
    return _fait(porte, "Envoi annoncé\u00a0: la collectivité et le Centre de gestion le savent.")


def _cochees() -> set[int]:
    """The deliveries ticked; a number no column holds is none."""
    textes = request.form.getlist("livraison")
    return {int(texte) for texte in textes if texte.isascii() and texte.isdigit() and len(texte) < 10}


def _fait(porte: Porte, phrase: str) -> Any:
    """Commit, say so, and back to the list where it was."""
    db.session.commit()
    flash(phrase, "succes")
    retour = porte.url_livraisons(page=request.args.get("page"), q=request.args.get("q"))
    return redirect(retour, 303)
