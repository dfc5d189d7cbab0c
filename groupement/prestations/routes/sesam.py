"""SESAM, year by year: members, contributions, the call, what is paid over to CDG59."""

from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Collectivite
from groupement.documents import listes
from groupement.documents.listes import Colonne
from groupement.prestations.actions import sesam as actions
from groupement.prestations.forms.sesam import AppelForm, ReversementForm
from groupement.prestations.models import AdhesionSesam, Prestation
from groupement.prestations.queries import sesam as queries
from groupement.prestations.queries.appel import appel as appel_de
from groupement.prestations.queries.missions import LECTEURS_CDG
from groupement.prestations.routes.saisies import ARGENT, Reponse, repondre
from groupement.prestations.rules.sesam import PART_CDG59_PCT, PART_CDG62_PCT
from groupement.socle.affichage import euros, pluriel
from groupement.socle.calendrier import aujourdhui, maintenant

bp = Blueprint("sesam", __name__, url_prefix="/sesam")
PARTS = {"part_cdg62_pct": PART_CDG62_PCT, "part_cdg59_pct": PART_CDG59_PCT}


def _champ(nom: str) -> Any:
    """A column of the contribution of a row; nothing when it is not called."""
    return lambda ligne: getattr(ligne.Prestation, nom) if ligne.Prestation else None


COLONNES = (
    Colonne(
        "collectivite",
        "Collectivité",
        tri=Collectivite.nom_recherche,
        valeur=lambda ligne: ligne.AdhesionSesam.collectivite.nom,
    ),
    Colonne("siren", "SIREN", affichee=False, valeur=lambda ligne: ligne.AdhesionSesam.collectivite.siren),
    Colonne(
        "population",
        "Habitants",
        "entier",
        Collectivite.population,
        lambda ligne: ligne.AdhesionSesam.collectivite.population,
    ),
    Colonne("depuis", "Membre depuis", tri=AdhesionSesam.depuis, valeur=lambda ligne: ligne.AdhesionSesam.depuis),
    Colonne(
        "etat",
        "Contribution",
        tri=Prestation.etat,
        valeur=lambda ligne: ligne.Prestation.etat.libelle(coordonnateur=True) if ligne.Prestation else "À appeler",
    ),
    Colonne("montant_ht", "Montant HT", "montant", Prestation.montant_ht, _champ("montant_ht")),
    Colonne("credite_ht", "Rendu par avoir", "montant", valeur=_champ("credite_ht"), affichee=False),
    Colonne("part_cdg62_ht", "Gardé par le CdG62", "montant", valeur=_champ("part_cdg62_ht")),
    Colonne("part_cdg59_ht", "Dû au CDG59", "montant", valeur=_champ("part_cdg59_ht")),
)


def _annee_demandee() -> int:
    """The year of the address (`?annee=`), else the present one."""
    annee = request.args.get("annee", 0, int)
    return annee if 2000 <= annee <= 2100 else aujourdhui().year


@bp.get("/")
@role_requis(*LECTEURS_CDG)
def index() -> Response | str:
    """The members of a year and what each owes; what is kept, owed and paid over."""
    return _page(_annee_demandee(), None)


def _page(annee: int, form: Any) -> Response | str:
    """The page of a year, with the form of a payment as it was typed or empty; or its list as a file."""
    recherche = request.args.get("q", "").strip()
    liste = listes.preparer(queries.membres(annee, recherche), COLONNES, nom=f"sesam-{annee}", defaut="collectivite")
    if liste.export:
        return liste.export
    le = aujourdhui()
    if form is None:
        form = ReversementForm(formdata=None, data={"verse_le": le})
    return render_template(
        "prestations/sesam.html",
        **{"annee": annee, "liste": liste, "recherche": recherche, "compte": queries.compte(annee), "form": form},
        annees=sorted({annee, *queries.annees(le.year)}, reverse=True),
        reversements=queries.reversements(annee),
        annee_en_cours=le.year,
        **PARTS,
    )


@bp.route("/<int:annee>/appel", methods=["GET", "POST"])
@role_requis(*ARGENT)
def new_appel(annee: int) -> Reponse | str:
    """Who will be called and for how much, who cannot be and why; then the call."""
    _exiger_plausible(annee)
    form = AppelForm()
    if not form.is_submitted():
        return _page_de_l_appel(annee, form)
    return repondre(form, lambda: _appeler(annee, form), lambda recu: _page_de_l_appel(annee, recu))


def _appeler(annee: int, form: Any) -> tuple[str, str]:
    """Write the contributions."""
    appel = actions.appeler_les_contributions(annee, par=g.contexte, le=maintenant(), attendues=form.annoncees)
    combien = pluriel(len(appel.appelables), "contribution appelée", "contributions appelées")
    return f"{combien}, {euros(appel.total_ht)} HT.", url_for(".index", annee=annee)


def _page_de_l_appel(annee: int, form: Any) -> str:
    """The preview."""
    appel = appel_de(annee)
    form.attendues.data, form.attendues.raw_data = str(len(appel.appelables)), None
    return render_template("prestations/sesam_appel.html", annee=annee, appel=appel, form=form, **PARTS)


@bp.post("/<int:annee>/reversements")
@role_requis(*ARGENT)
def create_reversement(annee: int) -> Any:
    """A payment to CDG59."""
    _exiger_plausible(annee)
    form = ReversementForm()
    return repondre(form, lambda: _reverser(annee, form), lambda recu: str(_page(annee, recu)))


def _reverser(annee: int, form: Any) -> tuple[str, str]:
    """Write it."""
    montant, jour, reference = form.montant_ht.data, form.verse_le.data, form.reference.data
    actions.reverser(annee, montant, jour, reference, par=g.contexte, le=maintenant())
    return f"{euros(montant)} reversés au CDG59 pour {annee}.", url_for(".index", annee=annee)


def _exiger_plausible(annee: int) -> None:
    """No page for the year 3000."""
    if not 2000 <= annee <= 2100:
        abort(404)
