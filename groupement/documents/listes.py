"""A list that pages, sorts and leaves as a spreadsheet, from one select.

The address carries everything: `?page=2&tri=-nom&format=xlsx`. A page costs two statements (count, rows), or one when
its rows carry their own count; a file one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from flask import Response, request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, select

from groupement.documents import tableur
from groupement.socle.db import db

PAR_PAGE = 25


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column: its key in the address and the file, its heading, its kind, how it sorts and where its value is.

    `valeur` reads a row for the file: an attribute name or a function; by default the attribute named `cle`.
    `affichee` false keeps it for the file alone; `export` false for the page alone.
    """

    cle: str
    intitule: str
    genre: Literal["texte", "entier", "montant", "prix", "date", "metres"] = "texte"
    tri: ColumnElement[Any] | Any | None = None
    valeur: Callable[[Any], Any] | str | None = None
    affichee: bool = True
    export: bool = True

    def lire(self, ligne: Any) -> Any:
        """The value of a row for the file."""
        if callable(self.valeur):
            return self.valeur(ligne)
        return getattr(ligne, self.valeur or self.cle)


class _Page(Pagination):
    """Flask-SQLAlchemy's page over any select, entities or rows."""

    def _query_items(self) -> list[Any]:
        requete, cle = self._query_args["select"], self._query_args["cle"]
        if cle is None:
            return _lignes(requete.limit(self.per_page).offset(self._query_offset))
        cles = requete.with_only_columns(cle).correlate(None)
        return _lignes(requete.where(cle.in_(cles.limit(self.per_page).offset(self._query_offset))))

    def _query_count(self) -> int:
        if self._query_args["compte"] and (self.items or self.page == 1):
            return int(getattr(self.items[0], self._query_args["compte"])) if self.items else 0
        sans_ordre, cle = self._query_args["select"].order_by(None), self._query_args["cle"]
        if cle is not None:
            return db.session.scalar(sans_ordre.with_only_columns(func.count(cle))) or 0
        return db.session.scalar(select(func.count()).select_from(sans_ordre.subquery())) or 0


@dataclass(frozen=True, slots=True)
class Liste:
    """What a page shows: the rows and everything the table and pagination macros ask for."""

    lignes: list[Any]
    page: _Page
    entetes: list[dict[str, Any]]
    args: Mapping[str, str]
    tri: str
    exports: dict[str, str] = field(default_factory=dict)
    export: Response | None = None

    @property
    def total(self) -> int:
        """How many rows in all the pages."""
        return self.page.total or 0


def _lignes(requete: Select[Any]) -> list[Any]:
    """Entities when the select asks for one, rows with named columns otherwise."""
    resultat = db.session.execute(requete)
    if len(requete.column_descriptions) == 1:
        return list(resultat.unique().scalars())
    return list(resultat.unique())


def _ordonner(requete: Select[Any], colonnes: tuple[Colonne, ...], tri: str) -> Select[Any]:
    """The select in the order asked; the order it came with breaks ties. A sort nobody offers is ignored."""
    cle = tri.removeprefix("-")
    par_cle = {colonne.cle: colonne.tri for colonne in colonnes if colonne.tri is not None}
    if cle not in par_cle:
        return requete
    ordre = par_cle[cle].desc() if tri.startswith("-") else par_cle[cle].asc()
    anciens = requete._order_by_clauses
    return requete.order_by(None).order_by(ordre.nulls_last(), *anciens)


def preparer(
    requete: Select[Any],
    colonnes: tuple[Colonne, ...],
    *,
    nom: str,
    defaut: str = "",
    par_page: int = PAR_PAGE,
    cle: Any = None,
    compte: str = "",
) -> Liste:
    """The list the request asks for. `nom` names the file; `defaut` is the sort without `?tri=`.

    The select should carry an order of its own ending on a unique column, so that pages never overlap.
    `cle`, a column whose value is another for each row of a long list: the page is then found by it alone, in the same
    statement, and the database does not sort thousands of whole rows to show twenty-five.
    `compte`, a column of the rows that says how many they are in all (`count(*) OVER ()`): they are not counted apart,
    unless the page asked for is past the last.
    """
    args = request.args.to_dict()
    tri = args.get("tri", defaut)
    requete = _ordonner(requete, colonnes, tri)
    entetes = [
        {
            "libelle": c.intitule,
            "cle": c.cle if c.tri is not None else "",
            "num": c.genre in {"entier", "montant", "prix", "metres"},
        }
        for c in colonnes
        if c.affichee
    ]
    exports = {format_: f"?{_requete_texte({**args, 'format': format_})}" for format_ in ("csv", "xlsx")}
    export = None
    if args.get("format") in exports:
        export = exporter(nom, colonnes, _lignes(requete), args["format"])
    numero = min(max(request.args.get("page", 1, int), 1), 100_000)
    vue = {"page": numero, "per_page": par_page, "error_out": False, "select": requete, "cle": cle, "compte": compte}
    page = _Page(**vue) if export is None else None
    lignes = list(page.items) if page is not None else []
    return Liste(lignes, page, entetes, args, tri, exports, export)  # type: ignore[arg-type]


def _requete_texte(args: Mapping[str, str]) -> str:
    """The query string without the page number: a file holds the whole list."""
    return urlencode({cle: valeur for cle, valeur in args.items() if cle != "page" and valeur})


def exporter(nom: str, colonnes: tuple[Colonne, ...], lignes: list[Any], format_: str) -> Response:
    """The whole list as a file: CSV for scripts, XLSX for people."""
    gardees = [c for c in colonnes if c.export]
    entetes = [tableur.Colonne(c.cle, c.intitule, c.genre) for c in gardees]
    valeurs = ([c.lire(ligne) for c in gardees] for ligne in lignes)
    if format_ == "csv":
        octets, genre = tableur.ecrire_csv(entetes, valeurs), "text/csv; charset=utf-8"
    else:
        octets, genre = tableur.ecrire_xlsx(nom, entetes, valeurs), tableur.MIME_XLSX
    return Response(
        octets, content_type=genre, headers={"Content-Disposition": f'attachment; filename="{nom}.{format_}"'}
    )
