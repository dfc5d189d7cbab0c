"""The journal: who did what, when."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.queries import listes as selections
from groupement.adherents.rules.phrases import nom_d_objet, phrase
from groupement.adherents.states import Role
from groupement.documents import listes
from groupement.socle.affichage import date_heure
from groupement.socle.calendrier import PARIS
from groupement.socle.journal import Evenement

bp = Blueprint("journal", __name__)
COLONNES = (
    listes.Colonne("le", "Quand", tri=Evenement.le, valeur=lambda e: date_heure(e.le)),
    listes.Colonne("quoi", "Quoi", valeur=lambda e: phrase(e.verbe, e.objet)),
    listes.Colonne("resume", "Précision"),
    listes.Colonne("par", "Par qui", tri=Evenement.par),
    listes.Colonne("avant", "État avant", affichee=False),
    listes.Colonne("apres", "État après", affichee=False),
    listes.Colonne("objet", "Objet", affichee=False),
    listes.Colonne("objet_id", "Numéro", "entier", affichee=False),
)


def _jour(texte: str) -> date | None:
    """A day typed in the filter; nothing when it is not one."""
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


def _minuit(jour: date | None, decalage: int = 0) -> datetime | None:
    """Midnight in Paris at the start of that day, `decalage` days later."""
    return datetime.combine(jour + timedelta(days=decalage), time(), PARIS) if jour else None


@bp.get("/journal")
@role_requis(Role.ADMINISTRATEUR)
def index() -> Response | str:
    """Everything that was done: period, person, kind of thing, words."""
    filtres = {cle: request.args.get(cle, "").strip() for cle in ("q", "objet", "du", "au", "personne")}
    requete = selections.evenements(
        filtres["q"],
        filtres["objet"],
        request.args.get("personne", None, int),
        _minuit(_jour(filtres["du"])),
        _minuit(_jour(filtres["au"]), 1),
    )
    liste = listes.preparer(requete, COLONNES, nom="journal", defaut="-le", par_page=50)
    return liste.export or render_template("adherents/journal.html", liste=liste, filtres=filtres, **_choix())


@bp.app_template_global("phrase_du_journal")
def phrase_du_journal(verbe: str, objet: str) -> str:
    """A line of the journal as a sentence, for every page that shows some."""
    return phrase(verbe, objet)


def _choix() -> dict[str, list[tuple[str, str]]]:
    """What the filters propose: only what the journal holds."""
    objets = sorted((nom_d_objet(objet).capitalize(), objet) for objet in selections.objets_du_journal())
    return {
        "objets": [("", "Tout"), *((objet, nom) for nom, objet in objets)],
        "personnes": [("", "Tout le monde"), *((str(n), nom) for n, nom in selections.auteurs_du_journal())],
    }
