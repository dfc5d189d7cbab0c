"""How a supplier's BPU reads: which of its columns is what, proposed, corrected by the buyer, remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupement.adherents.acces import role_requis
from groupement.adherents.states import Role
from groupement.catalogue import queries
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.forms.bordereaux import LectureForm, formulaire_de_lecture
from groupement.catalogue.models import ImportBordereau, LectureBordereauRetenue
from groupement.catalogue.routes.saisies import poser_les_fautes
from groupement.catalogue.rules import correspondance as correspondances
from groupement.catalogue.rules.correspondance import Correspondance
from groupement.catalogue.rules.reperage import RANGEES_REGARDEES, Colonne, Table, colonnes_a_choisir
from groupement.catalogue.states import EtatImportBordereau
from groupement.documents.classeurs import Classeur
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.lecture_csv import Faute

bp = Blueprint("lectures", __name__, url_prefix="/marches/<int:marche_id>/bordereaux/<int:import_id>/colonnes")


@dataclass(frozen=True, slots=True)
class Lecture:
    """A file on the screen where it is told how it reads."""

    depot: ImportBordereau
    classeur: Classeur
    tables: tuple[Table, ...]
    colonnes: tuple[Colonne, ...]
    proposee: Correspondance
    retenue: LectureBordereauRetenue | None

    def formulaire(self, *, saisie: bool) -> Any:
        """The form, as sent or as proposed."""
        lots = [(str(lot.numero), f"Lot {lot.numero}\u00a0: {lot.intitule}") for lot in self.depot.marche.lots]
        rangees = _rangees(self.classeur)
        return formulaire_de_lecture(self.proposee, self.tables, self.colonnes, rangees, lots, saisie=saisie)


@bp.get("")
@role_requis(Role.ACHETEUR)
def edit(marche_id: int, import_id: int) -> Response | str:
    """The columns of the file, each with what it seems to be."""
    depot = queries.import_visible(marche_id, import_id, g.contexte, maintenant())
    if depot.etat is not EtatImportBordereau.LU:
        return redirect(url_for("bordereaux.show", marche_id=marche_id, import_id=import_id))
    lecture = _lecture(depot, (depot.correspondance or {}).get("titres_a"))
    return _page(lecture, lecture.formulaire(saisie=False))


@bp.post("")
@role_requis(Role.ACHETEUR)
def update(marche_id: int, import_id: int) -> Response | str | tuple[str, int]:
    """Read the file the way it is told; with a fault, every fault is shown and nothing is kept."""
    verrouiller_ecriture()
    depot = queries.import_visible(marche_id, import_id, g.contexte, maintenant(), verrou=True)
    if depot.etat is not EtatImportBordereau.LU:
        return redirect(url_for("bordereaux.show", marche_id=marche_id, import_id=import_id), 303)
    lecture = _lecture(depot, LectureForm().titres_a)
    form = lecture.formulaire(saisie=True)
    if "relire" in request.form or {c.form.titre.data for c in form.colonnes} != {c.titre for c in lecture.colonnes}:
        return _page(lecture, lecture.formulaire(saisie=False))
    return _suivre(lecture, form)


def _lecture(depot: ImportBordereau, titres_a: dict[str, int] | None) -> Lecture:
    """The file as the screen shows it: as it was told already, as it was remembered, or by the names of its columns."""
    classeur = imports.classeur_lu(depot)
    tables = imports.tables_lues(depot, titres_a)
    proposee, retenue = imports.lecture_proposee(depot.marche, tables)
    if depot.correspondance and not depot.correspondance["exacte"]:
        proposee, retenue = correspondances.depuis_json(depot.correspondance), None
    return Lecture(depot, classeur, tables, colonnes_a_choisir(tables), proposee, retenue)


def _suivre(lecture: Lecture, form: Any) -> Response | tuple[str, int]:
    """To the preview, unless something is missing or the lines have faults."""
    dite = form.correspondance(colonne.titre for colonne in lecture.colonnes)
    lots = [lot.numero for lot in lecture.depot.marche.lots]
    groupees = correspondances.unites_groupees(lecture.tables, dite)
    manques = correspondances.manques(lecture.tables, dite, lots, groupees)
    if not form.validate() or manques or not lecture.tables:
        return _page(lecture, form, manques=_placer(form, manques)), 422
    examen = imports.examiner(lecture.depot, dite, lecture.tables)
    fautes = examen.lecture.fautes or (examen.comparaison.refus if examen.comparaison else ())
    if fautes:
        return _page(lecture, form, fautes), 422
    imports.retenir_la_lecture(lecture.depot, dite, lecture.tables, par=g.contexte, le=maintenant())
    db.session.commit()
    return redirect(url_for("bordereaux.show", marche_id=lecture.depot.marche_id, import_id=lecture.depot.id), 303)


def _placer(form: Any, manques: dict[str, str]) -> list[str]:
    """Each fault beside its field; those of columns are told above the table of columns."""
    poser_les_fautes(form, {champ: phrase for champ, phrase in manques.items() if champ in form})
    return [phrase for champ, phrase in manques.items() if champ not in form]


def _page(lecture: Lecture, form: Any, fautes: Sequence[Faute] = (), manques: Sequence[str] = ()) -> str:
    """The screen, with what is wrong."""
    return render_template(
        "catalogue/bordereaux/colonnes.html",
        lecture=lecture,
        depot=lecture.depot,
        marche=lecture.depot.marche,
        form=form,
        fautes=fautes,
        manques=manques,
        groupees=correspondances.unites_groupees(lecture.tables, lecture.proposee),
    )


def _rangees(classeur: Classeur) -> dict[str, list[tuple[str, str]]]:
    """By sheet, the rows its titles may be at, with their first words."""
    return {
        feuille.nom: [
            (str(rangee.numero), f"Ligne {rangee.numero}\u00a0: {' · '.join(_mots(rangee.cellules))}"[:90])
            for rangee in feuille.rangees[:RANGEES_REGARDEES]
        ]
        for feuille in classeur.feuilles
        if feuille.rangees
    }


def _mots(cellules: Sequence[str]) -> list[str]:
    """The first different words of a row."""
    return list(dict.fromkeys(" ".join(cellule.split())[:30] for cellule in cellules if cellule))[:5]
