"""Answers: the list, one of them, what a person decides of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents import queries as corps
from groupement.adherents.acces import role_requis
from groupement.adherents.actions import intentions as actions
from groupement.adherents.forms.enquetes import CorrectionForm, EcartForm, RattachementForm
from groupement.adherents.models import Collectivite, Intention
from groupement.adherents.queries import enquetes as queries
from groupement.adherents.queries import intentions
from groupement.adherents.queries.listes import choix_d_epci, evenements_de
from groupement.adherents.routes import reponses
from groupement.adherents.routes.enquetes import LECTEURS, REDACTEURS
from groupement.adherents.rules.rapprochement import Annuaire, Declare, Rapprochement, rapprocher
from groupement.adherents.states import EtatIntention
from groupement.documents import listes
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.web import ConflitDeVersion

bp = Blueprint("intentions", __name__, url_prefix="/enquetes")
A_LA_FOIS = 25  # answers to attach on one page
ENTREPRISE = "Cette réponse a été modifiée entre-temps. Relisez-la avant de la corriger."


def _de(champ: str) -> Callable[[Any], Any]:
    """A column of the answer."""
    return lambda ligne: getattr(ligne.Intention, champ)


def _oui(champ: str) -> Callable[[Any], str]:
    """A wish, in a word."""
    return lambda ligne: "Oui" if getattr(ligne.Intention, champ) else "Non"


I = Intention  # noqa: E741 (the columns below are read one by one)
COLONNES = (
    listes.Colonne(
        "collectivite",
        "Collectivité",
        tri=Collectivite.nom_recherche,
        valeur=lambda ligne: ligne.collectivite or ligne.Intention.nom_declare,
    ),
    listes.Colonne("epci", "Intercommunalité", affichee=False),
    listes.Colonne("recue", "Reçue le", "date", I.recue_le, _de("recue_le")),
    listes.Colonne("etat", "État", tri=I.etat, valeur=lambda x: x.Intention.etat.libelle(coordonnateur=True)),
    listes.Colonne("motif", "Motif", valeur=_de("motif"), affichee=False),
    listes.Colonne("etat_des_lieux", "État des lieux", valeur=_oui("veut_etat_des_lieux"), affichee=False),
    listes.Colonne("archivage", "Archivage", valeur=_oui("veut_archivage"), affichee=False),
    listes.Colonne("groupement", "Groupement", valeur=_oui("veut_groupement"), affichee=False),
    listes.Colonne("sae", "SAE SESAM", valeur=_oui("veut_sae"), affichee=False),
    listes.Colonne("autre", "Autre souhait", valeur=_de("veut_autre"), affichee=False),
    listes.Colonne("archives", "Archives", "metres", I.archives_mm, _de("archives_mm")),
    listes.Colonne("boites", "Boîtes", "entier", I.boites, _de("boites")),
    listes.Colonne("rayonnages", "Rayonnages", "metres", I.rayonnages_mm, _de("rayonnages_mm")),
    listes.Colonne("reliures", "Reliures", "entier", I.reliures, _de("reliures")),
    listes.Colonne("a_confirmer", "À confirmer", valeur=lambda x: ", ".join(x.Intention.a_confirmer), affichee=False),
    listes.Colonne("repondant", "Répondant", valeur=_de("repondant"), affichee=False),
    listes.Colonne("qualite", "Fonction", valeur=_de("qualite"), affichee=False),
    listes.Colonne("courriel", "Courriel", valeur=_de("courriel"), affichee=False),
    listes.Colonne("commentaire", "Commentaire", valeur=_de("commentaire"), affichee=False),
)
ETATS = [
    ("", "Tous"),
    *((e.value, e.libelle(coordonnateur=True)) for e in EtatIntention),
    ("incomplete", "Incomplètes"),
    ("a_confirmer", "Chiffres à confirmer"),
]
SOUHAITS = [("", "Tous"), *((cle, libelle) for cle, (_, libelle) in intentions.SOUHAITS.items())]


@bp.get("/<int:enquete_id>/reponses")
@role_requis(*LECTEURS)
def index(enquete_id: int) -> Response | str:
    """The answers: words, filters, pages, file."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "etat", "souhait", "epci")}
    liste = listes.preparer(intentions.reponses(enquete.id, *filtres.values()), COLONNES, nom="intentions")
    if liste.export:
        return liste.export
    choix = {"etats": ETATS, "souhaits": SOUHAITS, "epci": [("", "Toutes"), *choix_d_epci()]}
    return render_template("adherents/intentions/reponses.html", enquete=enquete, liste=liste, filtres=filtres, **choix)


@bp.get("/reponses/<int:intention_id>")
@role_requis(*LECTEURS)
def show(intention_id: int) -> str:
    """One answer, and what can be decided of it."""
    intention = queries.intention_visible(intention_id, g.contexte)
    recu = intention.etat is EtatIntention.RECUE
    return render_template(
        "adherents/intentions/reponse.html",
        i=intention,
        rapprochement=_rapprochement(intention, intentions.annuaire()) if recu else None,
        noms=corps.noms_de_collectivites() if recu else [],
        f=RattachementForm(formdata=None),
        ecart=EcartForm(formdata=None),
        evenements=evenements_de("intention", intention.id),
    )


def _rapprochement(intention: Intention, annuaire: Annuaire) -> Rapprochement:
    """Which bodies it may come from."""
    i = intention
    return rapprocher(Declare(i.nom_declare, i.siret_declare, i.siren_declare, i.insee_declare), annuaire)


@bp.get("/<int:enquete_id>/rattachements")
@role_requis(*LECTEURS)
def index_rattachements(enquete_id: int) -> str:
    """The answers whose body nobody is sure of, each with the bodies it may be."""
    enquete = queries.enquete_visible(enquete_id, g.contexte)
    annuaire = intentions.annuaire()
    attente = [(i, _rapprochement(i, annuaire)) for i in intentions.a_rattacher(enquete.id, A_LA_FOIS)]
    noms = [f"{c.nom} ({c.siren})" for c in annuaire.par_id.values()]
    return render_template("adherents/intentions/rattachements.html", enquete=enquete, attente=attente, noms=noms)


@bp.post("/reponses/<int:intention_id>/rattachement")
@role_requis(*REDACTEURS)
def create_rattachement(intention_id: int) -> Response:
    """A person says which body answered."""
    verrouiller_ecriture()
    intention = queries.intention_visible(intention_id, g.contexte, verrou=True)
    collectivite = corps.collectivite_visible(_designee(RattachementForm()), g.contexte)
    remplacees = actions.rattacher(intention, collectivite, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(
        f"Réponse rattachée à {collectivite.nom}." + (" Une plus ancienne est écartée." if remplacees else ""), "succes"
    )
    return redirect(url_for(".index_rattachements", enquete_id=intention.enquete_id), 303)


def _designee(formulaire: RattachementForm) -> int:
    """The body chosen among the proposals, or typed. RegleRefusee when it names none, or several."""
    if not formulaire.collectivite.data and formulaire.proposee.data:
        return int(formulaire.proposee.data)
    trouvees = corps.collectivites_designees(formulaire.collectivite.data or "")
    if len(trouvees) != 1:
        raise RegleRefusee(
            "Plusieurs collectivités portent ce nom\u00a0: écrivez son SIREN."
            if trouvees
            else "Choisissez la collectivité qui a répondu, ou écrivez son nom ou son SIREN."
        )
    return trouvees[0]


def _faire(intention_id: int, action: Callable[..., Any], phrase: str) -> Response:
    """One act on one answer, under its lock."""
    verrouiller_ecriture()
    intention = queries.intention_visible(intention_id, g.contexte, verrou=True)
    action(intention, par=g.contexte, le=maintenant())
    db.session.commit()
    flash(phrase, "succes")
    return redirect(url_for(".show", intention_id=intention_id), 303)


@bp.post("/reponses/<int:intention_id>/detachement")
@role_requis(*REDACTEURS)
def create_detachement(intention_id: int) -> Response:
    """It was not that body."""
    return _faire(intention_id, actions.detacher, "La réponse attend d’être rattachée à une autre collectivité.")


@bp.post("/reponses/<int:intention_id>/reprise")
@role_requis(*REDACTEURS)
def create_reprise(intention_id: int) -> Response:
    """It counts after all."""
    return _faire(intention_id, actions.reprendre, "La réponse est reprise\u00a0: rattachez-la.")


@bp.post("/reponses/<int:intention_id>/ecart")
@role_requis(*REDACTEURS)
def create_ecart(intention_id: int) -> Response:
    """It will not count."""
    motif = EcartForm().motif.data or ""
    return _faire(intention_id, lambda i, **qui: actions.ecarter(i, motif, **qui), "La réponse est écartée.")


@bp.route("/reponses/<int:intention_id>/correction", methods=["GET", "POST"])
@role_requis(*REDACTEURS)
def edit(intention_id: int) -> Response | tuple[str, int]:
    """Confirm or correct the figures."""
    if request.method == "POST":
        verrouiller_ecriture()
    intention = queries.intention_visible(intention_id, g.contexte, verrou=request.method == "POST")
    formulaire = CorrectionForm(intention=intention)
    if not formulaire.validate_on_submit():
        return reponses.formulaire("adherents/intentions/correction.html", i=intention, f=formulaire)
    if formulaire.version.data != intention.version:
        raise ConflitDeVersion(ENTREPRISE)
    corriger = actions.corriger
    return _faire(
        intention_id, lambda i, **qui: corriger(i, formulaire.valeurs(), **qui), "Les chiffres sont confirmés."
    )
