"""The recensement of an enquête: quantities by article and year, ceilings by lot, and the file that holds them."""

from flask import Blueprint, Response, g, render_template, request

from groupement.adherents.acces import role_requis
from groupement.adherents.models import Enquete
from groupement.adherents.queries.enquetes import LECTEURS, enquete_visible
from groupement.catalogue.models import Lot
from groupement.catalogue.queries import marche_courant
from groupement.documents import tableur
from groupement.etats_des_lieux.forms.recensement import GENRES, HypothesesForm
from groupement.etats_des_lieux.queries import recensement as queries
from groupement.etats_des_lieux.rules.recensement import LigneRecensee
from groupement.socle.calendrier import aujourdhui
from groupement.socle.etats import RegleRefusee

bp = Blueprint("recensement", __name__, url_prefix="/enquetes/<int:enquete_id>/recensement")
SANS_MARCHE = "Aucun marché n’est en cours\u00a0: sans articles ni prix, rien ne peut être recensé."


def _base(enquete_id: int) -> tuple[Enquete, queries.Base | None, HypothesesForm | None]:
    """The enquête, what its recensement starts from and the assumptions; None without a marché."""
    enquete, le = enquete_visible(enquete_id, g.contexte), aujourdhui()
    marche = marche_courant(le)
    if marche is None:
        return enquete, None, None
    base = queries.base(marche, le)
    return enquete, base, HypothesesForm(request.args, {genre: base.choix(genre) for genre in GENRES})


@bp.get("")
@role_requis(*LECTEURS)
def show(enquete_id: int) -> str | tuple[str, int]:
    """Each quantity and each ceiling, with its reasoning."""
    enquete, base, formulaire = _base(enquete_id)
    juste = formulaire is not None and formulaire.est_juste()
    r = None
    if base is not None and formulaire is not None and juste:
        r = queries.recensement(enquete.id, base, formulaire.choisis(), formulaire.hypotheses())
    annees = [{"libelle": f"Année {rang + 1}", "num": True} for rang in range(r.annees if r else 0)]
    page = render_template("etats_des_lieux/recensement.html", enquete=enquete, f=formulaire, r=r, annees=annees)
    return page if juste or formulaire is None else (page, 422)


@bp.get("/dqe.<any(csv, xlsx):format_>")
@role_requis(*LECTEURS)
def show_dqe(enquete_id: int, format_: str) -> Response:
    """The quantities as a file: a « détail quantitatif estimatif »."""
    enquete, base, formulaire = _base(enquete_id)
    if base is None or formulaire is None or not formulaire.est_juste():
        raise RegleRefusee(SANS_MARCHE if base is None else "Ces hypothèses ne peuvent pas servir\u00a0: corrigez-les.")
    r = queries.recensement(enquete.id, base, formulaire.choisis(), formulaire.hypotheses())
    annees = range(formulaire.hypotheses().annees)
    colonnes, lignes = _colonnes(annees), [_ligne(lot, ligne) for lot, ligne in r.lignes]
    octets = tableur.ecrire_xlsx("DQE", colonnes, lignes) if format_ == "xlsx" else tableur.ecrire_csv(colonnes, lignes)
    genre = tableur.MIME_XLSX if format_ == "xlsx" else tableur.MIME_CSV
    return Response(
        octets, content_type=genre, headers={"Content-Disposition": f'attachment; filename="dqe.{format_}"'}
    )


def _colonnes(annees: range) -> list[tableur.Colonne]:
    """The columns of the file, a year each in the middle."""
    c = tableur.Colonne
    return [
        c("lot", "Lot", "entier"),
        c("reference", "Référence"),
        c("designation", "Désignation"),
        c("unite", "Unité"),
        c("colis", "Unités par colis", "entier"),
        c("mesurees", "Besoin mesuré", "entier"),
        c("estimees", "Besoin estimé", "entier"),
        *(c(f"annee_{rang}", f"Année {rang + 1}", "entier") for rang in annees),
        c("unites", "Total", "entier"),
        c("prix", "Prix unitaire HT", "prix"),
        c("montant", "Montant HT", "montant"),
    ]


def _ligne(lot: Lot, ligne: LigneRecensee) -> list[object]:
    """One article, in the order of the columns."""
    a = ligne.article
    return [
        *(lot.numero, a.reference, a.designation, a.unite, a.unites_par_colis),
        *(ligne.unites_mesurees, ligne.unites_estimees, *ligne.par_annee),
        *(ligne.unites, a.prix_ht, ligne.montant_ht),
    ]
