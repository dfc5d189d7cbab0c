"""A BPU from its choice to its confirmation: kept, read, told how it reads, compared, saved. Nothing here commits.

A big file is read and saved by the worker (`prendre`, `avancer`), which says how far it is; a small one at once.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update

from groupement.catalogue import queries
from groupement.catalogue.actions.bordereaux import BilanImport, comparer_bordereau, importer_bordereau
from groupement.catalogue.models import ImportBordereau, LectureBordereauRetenue, Marche
from groupement.catalogue.rules import correspondance as correspondances
from groupement.catalogue.rules.bordereau import LectureBordereau
from groupement.catalogue.rules.comparaison import Comparaison
from groupement.catalogue.rules.correspondance import Correspondance
from groupement.catalogue.rules.lecture_de_tables import LectureTables, lire_tables
from groupement.catalogue.rules.reperage import Table, est_a_notre_format, lignes_de_la_table, reperer, signature
from groupement.catalogue.states import TRANSITIONS_IMPORT_BORDEREAU, EtatImportBordereau
from groupement.documents.classeurs import Classeur, ClasseurRefuse, controler_classeur, lire_classeur
from groupement.documents.classeurs.table import depuis_json, en_json
from groupement.socle import fichiers
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Auteur, Automate, franchir

MIME = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
OCTETS_SUR_LE_CHAMP = 150_000  # beyond, the worker reads and shows how far it is
RANGEES_SUR_LE_CHAMP = 2_000
DUREE = timedelta(days=2)
OUBLI_D_UN_TRAVAILLEUR = timedelta(minutes=10)
SANS_TABLE = (
    "Aucun tableau de prix n’a été trouvé dans ce fichier\u00a0: il faut une ligne de titres (référence, désignation, "
    "prix…), puis une ligne par article."
)
PANNE = "Ce fichier n’a pas pu être traité, et rien n’a été enregistré. Prévenez l’administrateur."
A_CHANGE = "a changé"
EN_COURS = (EtatImportBordereau.A_LIRE, EtatImportBordereau.A_ENREGISTRER)


@dataclass(frozen=True, slots=True)
class Choix:
    """What the buyer confirms: the preview she saw, the articles renamed, and whether absent ones go."""

    empreinte: str
    renommer: tuple[int, ...] = ()
    retirer_les_absents: bool = False


@dataclass(frozen=True, slots=True)
class Examen:
    """A BPU read the way it was told, and what it would change (None while it has faults)."""

    lues: LectureTables
    comparaison: Comparaison | None

    @property
    def lecture(self) -> LectureBordereau:
        """Its lines and faults."""
        return self.lues.lecture


def deposer_bordereau(
    marche: Marche,
    nom: str,
    contenu: bytes,
    *,
    du: date,
    par: Auteur,
    le: datetime,
    fournisseur_id: int | None = None,
) -> ImportBordereau:
    """Keep a file to load, once it may be opened without danger; a small one is read at once. Raises ClasseurRefuse.

    `fournisseur_id`: the titulaire of another rank whose prices they are; none for the first of each lot.
    """
    controler_classeur(nom, contenu)
    sur_le_champ = len(contenu) <= OCTETS_SUR_LE_CHAMP
    classeur = lire_classeur(nom, contenu) if sur_le_champ else None
    genre = MIME["xlsx" if nom.lower().endswith(".xlsx") else "csv"]
    depot = ImportBordereau(
        marche=marche,
        fournisseur_id=fournisseur_id,
        fichier=fichiers.deposer(nom, genre, contenu, le=le),
        etat=EtatImportBordereau.A_LIRE,
        du=du,
        par=par.nom,
        utilisateur_id=par.utilisateur_id,
        depose_le=le,
        expire_le=le + DUREE,
    )
    db.session.add(depot)
    if classeur is not None:
        _retenir_les_tables(depot, classeur, par=par, le=le)
    db.session.flush()
    return depot


def _retenir_les_tables(depot: ImportBordereau, classeur: Classeur, *, par: Auteur, le: datetime) -> None:
    """Keep what was read. Raises ClasseurRefuse when there is no table in it."""
    tables = reperer(classeur)
    if not any(True for table in tables for _ in lignes_de_la_table(table)):
        raise ClasseurRefuse(SANS_TABLE)
    depot.tables = zlib.compress(json.dumps(en_json(classeur), ensure_ascii=False).encode(), 3)
    depot.rangees_lues = classeur.nombre_de_rangees
    if est_a_notre_format(tables):
        depot.correspondance = Correspondance(exacte=True).en_json()
    franchir(depot, TRANSITIONS_IMPORT_BORDEREAU, "lire", par=par, le=le, resume=depot.fichier.nom)


def classeur_lu(depot: ImportBordereau) -> Classeur:
    """The file as it was read: never its bytes again."""
    assert depot.tables is not None
    return depuis_json(json.loads(zlib.decompress(depot.tables)))


def tables_lues(depot: ImportBordereau, titres_a: Mapping[str, int] | None = None) -> tuple[Table, ...]:
    """Its tables, titles where the buyer says they are."""
    return reperer(classeur_lu(depot), titres_a)


def lecture_proposee(
    marche: Marche, tables: tuple[Table, ...]
) -> tuple[Correspondance, LectureBordereauRetenue | None]:
    """How the file is likely to read, and the earlier reading it comes from, if any."""
    retenue = queries.lecture_retenue(marche, signature(tables))
    valeurs = correspondances.depuis_json(retenue.correspondance) if retenue else None
    return correspondances.correspondance_proposee(tables, valeurs), retenue


def examiner(depot: ImportBordereau, correspondance: Correspondance, tables: tuple[Table, ...]) -> Examen:
    """What the file says and would change, read that way; nothing is written."""
    lots = [lot.numero for lot in depot.marche.lots]
    lues = lire_tables(tables, correspondance, lots)
    faute = bool(lues.lecture.fautes)
    if faute:
        return Examen(lues, None)
    return Examen(lues, comparer_bordereau(depot.marche, lues.lecture, depot.du, depot.fournisseur_id))


def reexaminer(depot: ImportBordereau) -> Examen:
    """The file, read as it was told."""
    correspondance = correspondances.depuis_json(depot.correspondance or {})
    return examiner(depot, correspondance, tables_lues(depot, correspondance.titres_a))


def retenir_la_lecture(
    depot: ImportBordereau, correspondance: Correspondance, tables: tuple[Table, ...], *, par: Auteur, le: datetime
) -> None:
    """Read the file that way from now on, and propose it for the next ones of these titles by the same suppliers."""
    depot.correspondance = correspondance.en_json()
    marque, valeurs = signature(tables), {**correspondance.en_json(), "titres_a": {}}
    tous = {titulaire.fournisseur_id for lot in depot.marche.lots for titulaire in lot.titulaires}
    fournisseurs = {depot.fournisseur_id} if depot.fournisseur_id else tous
    db.session.execute(
        delete(LectureBordereauRetenue).where(
            LectureBordereauRetenue.fournisseur_id.in_(fournisseurs), LectureBordereauRetenue.signature == marque
        )
    )
    db.session.add_all(
        LectureBordereauRetenue(fournisseur_id=rang, signature=marque, correspondance=valeurs, par=par.nom, le=le)
        for rang in sorted(fournisseurs)
    )


def confirmer(depot: ImportBordereau, choix: Choix, *, par: Auteur, le: datetime) -> None:
    """Save what was shown; a big one waits for the worker. The caller has locked the marché."""
    depot.choix, depot.pris_le = asdict(choix), None
    franchir(depot, TRANSITIONS_IMPORT_BORDEREAU, "confirmer", par=par, le=le, resume=depot.fichier.nom)
    if depot.rangees_lues <= RANGEES_SUR_LE_CHAMP:
        enregistrer(depot, par=par, le=le)


def enregistrer(depot: ImportBordereau, *, par: Auteur, le: datetime) -> BilanImport | None:
    """Save the prices if the catalogue is still the one that was shown; else give the preview back, and say so."""
    choix = Choix(**(depot.choix or {}))
    examen = reexaminer(depot)
    if examen.comparaison is None or not _est_ce_qui_fut_montre(examen.comparaison, choix):
        depot.message = A_CHANGE
        franchir(depot, TRANSITIONS_IMPORT_BORDEREAU, "rendre", par=par, le=le, resume=depot.fichier.nom)
        return None
    bilan = importer_bordereau(
        depot.marche,
        examen.lecture,
        du=depot.du,
        par=par,
        le=le,
        retirer_les_absents=choix.retirer_les_absents,
        renommer=choix.renommer,
        fournisseur_id=depot.fournisseur_id,
        source=f"{depot.fichier.nom[:150]} ({depot.fichier.sha256[:12]})",
    )
    depot.bilan, depot.tables, depot.message = asdict(bilan), None, ""
    franchir(depot, TRANSITIONS_IMPORT_BORDEREAU, "enregistrer", par=par, le=le, resume=depot.fichier.nom)
    return bilan


def _est_ce_qui_fut_montre(comparaison: Comparaison, choix: Choix) -> bool:
    """Whether the preview that was confirmed is the present one, and each renaming one it proposes."""
    proposes = {renommage.article.id for renommage in comparaison.renommages}
    return comparaison.empreinte == choix.empreinte and proposes.issuperset(choix.renommer)


def _attend(le: datetime) -> ColumnElement[bool]:
    """The loadings that wait for a worker, or whose worker has been silent for long."""
    libre = or_(ImportBordereau.pris_le.is_(None), ImportBordereau.pris_le < le - OUBLI_D_UN_TRAVAILLEUR)
    return and_(ImportBordereau.etat.in_(EN_COURS), libre, ImportBordereau.expire_le > le)


def a_avancer(le: datetime) -> int | None:
    """The next loading that waits; None when there is none."""
    return db.session.scalar(select(ImportBordereau.id).where(_attend(le)).order_by(ImportBordereau.id).limit(1))


def prendre(numero: int, le: datetime) -> bool:
    """Take a loading for this worker; false when another has it. The caller commits at once."""
    pris = db.session.execute(
        update(ImportBordereau).where(ImportBordereau.id == numero, _attend(le)).values(pris_le=le),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(pris, CursorResult)
    return bool(pris.rowcount)


def avancer(depot: ImportBordereau, *, le: datetime, publier: Callable[[], Any]) -> None:
    """Do the long work of a loading in the name of who asked for it; `publier` commits the progress now and then."""
    par = Automate(depot.par, depot.utilisateur_id)
    if depot.etat is EtatImportBordereau.A_ENREGISTRER:
        enregistrer(depot, par=par, le=le)
        return

    def dire(rangees: int, pour_cent: int) -> None:
        depot.rangees_lues, depot.avancement_pct = rangees, pour_cent
        publier()

    try:
        _retenir_les_tables(depot, lire_classeur(depot.fichier.nom, depot.fichier.octets, dire), par=par, le=le)
    except ClasseurRefuse as refus:
        refuser(depot, str(refus), par=par, le=le)


def refuser(depot: ImportBordereau, message: str, *, par: Auteur, le: datetime) -> None:
    """The file cannot be loaded; nothing was written."""
    depot.message = message
    franchir(depot, TRANSITIONS_IMPORT_BORDEREAU, "refuser", par=par, le=le, resume=depot.fichier.nom)


def abandonner(depot: ImportBordereau) -> None:
    """Forget a file the buyer gives up, bytes included, unless its prices are saved or being saved."""
    if depot.etat in (EtatImportBordereau.A_ENREGISTRER, EtatImportBordereau.ENREGISTRE):
        raise RegleRefusee("Ce bordereau est déjà confirmé\u00a0: il ne s’abandonne plus.")
    fichier = depot.fichier
    db.session.delete(depot)
    db.session.flush()
    db.session.delete(fichier)


def oublier_les_perimes(le: datetime) -> int:
    """Forget the files nobody confirmed in time, bytes included; returns how many. Two questions, two writings."""
    perimes = (ImportBordereau.expire_le <= le) & (ImportBordereau.etat != EtatImportBordereau.ENREGISTRE)
    couples = db.session.execute(select(ImportBordereau.id, ImportBordereau.fichier_id).where(perimes)).all()
    if couples:
        db.session.execute(delete(ImportBordereau).where(perimes))
        db.session.execute(delete(Fichier).where(Fichier.id.in_([fichier_id for _, fichier_id in couples])))
    return len(couples)
