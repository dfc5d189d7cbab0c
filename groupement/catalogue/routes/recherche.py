"""Reading a search of the catalogue from the address, and gathering what its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_sqlalchemy.pagination import Pagination
from werkzeug.datastructures import MultiDict

from groupement.adherents.acces import Contexte
from groupement.catalogue import queries
from groupement.catalogue.models import Lot, Marche
from groupement.catalogue.queries.articles import TRIS, Facettes, Filtres
from groupement.catalogue.rules.dimensions import en_centimetres
from groupement.catalogue.rules.familles import choix_de_familles
from groupement.catalogue.rules.prix import Palier
from groupement.socle.db import db

PAR_PAGE = 24
ENTIER_LISIBLE = 9  # digits
SANS_TRI = TRIS[0]
TRIS_LISIBLES = [
    (SANS_TRI, "Lot et famille"),
    ("nom", "Nom, de A à Z"),
    ("prix", "Prix, le moins cher d’abord"),
    ("-prix", "Prix, le plus cher d’abord"),
]


@dataclass(frozen=True, slots=True)
class PageCatalogue:
    """What the page shows: the marché, what was asked, what can be asked, the articles and their prices."""

    marche: Marche
    marches: Sequence[Marche]
    lots: Sequence[Lot]
    termes: str
    filtres: Filtres
    facettes: Facettes
    articles: Pagination
    prix: Mapping[int, tuple[Palier, ...]]

    @property
    def est_filtree(self) -> bool:
        """Something narrows the list."""
        return bool(self.termes) or replace(self.filtres, tri=SANS_TRI) != Filtres()

    @property
    def choix(self) -> dict[str, list[tuple[str, str]]]:
        """The lists of the filters: (value, words)."""
        return {
            "lot": [("", "Tous les lots"), *((str(lot.numero), f"{lot.numero}. {lot.intitule}") for lot in self.lots)],
            "famille": [("", "Toutes les familles"), *choix_de_familles(self.facettes.familles)],
            "norme": [("", "Toutes"), *((code, code) for code in self.facettes.normes)],
            "dos": [("", "Toutes"), *((str(dos), en_centimetres(dos)) for dos in self.facettes.dos_mm)],
            "tri": TRIS_LISIBLES,
            "marche": [(str(marche.id), f"{marche.numero}\u00a0: {marche.objet}") for marche in self.marches],
        }


def page_demandee(args: MultiDict[str, str], contexte: Contexte, le: date) -> PageCatalogue | None:
    """The page of the catalogue the address asks for; None when no marché runs that this person may look at."""
    marches = queries.marches_en_cours(le)
    marche = _marche_demande(args, marches, contexte)
    if marche is None:
        return None
    termes, filtres = args.get("q", "").strip()[:200], _filtres(args)
    voulus = queries.recherche_articles(termes, filtres, marche_id=marche.id, le=le, contexte=contexte)
    articles = _page(voulus, _entier(args.get("page", "")) or 1)
    return PageCatalogue(
        marche=marche,
        marches=marches,
        lots=marche.lots,
        termes=termes,
        filtres=filtres,
        facettes=queries.facettes(contexte, marche.id),
        articles=articles,
        prix=queries.prix_a_la_date([article.id for article in articles.items], le),
    )


def _marche_demande(args: MultiDict[str, str], marches: Sequence[Marche], contexte: Contexte) -> Marche | None:
    """The marché of the address among those that run (any one for the Centre de gestion), else the latest."""
    voulu = _entier(args.get("marche", ""))
    courant = next((marche for marche in marches if marche.id == voulu), None)
    if courant is None and voulu is not None and contexte.est_cdg:
        return queries.marche_visible(voulu, contexte)
    return courant or next(iter(marches), None)


def _page(voulus: object, numero: int) -> Pagination:
    """That page of the articles, or the last one when there are fewer."""
    page = db.paginate(voulus, page=numero, per_page=PAR_PAGE, error_out=False)  # type: ignore[arg-type]
    if page.total and numero > page.pages:
        return db.paginate(voulus, page=page.pages, per_page=PAR_PAGE, error_out=False)  # type: ignore[arg-type]
    return page


def _filtres(args: MultiDict[str, str]) -> Filtres:
    """The filters of the address; what cannot be one is ignored."""
    tri = args.get("tri", "")
    return Filtres(
        lot=_entier(args.get("lot", "")),
        famille=args.get("famille", "")[:40],
        norme=args.get("norme", "")[:40],
        dos_mm=_entier(args.get("dos", "")),
        tri=tri if tri in TRIS else SANS_TRI,
    )


def _entier(texte: str) -> int | None:
    """A number of the address, None when it is not one."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= ENTIER_LISIBLE else None


def quantite_demandee(args: MultiDict[str, str]) -> int | None:
    """The number of pieces typed on the page of an article; None for none, or for what is not one."""
    return _entier("".join(args.get("unites", "").split())) or None
