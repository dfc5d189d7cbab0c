"""The articles somebody found in the catalogue, as a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from groupement.catalogue.rules.familles import famille
from groupement.catalogue.rules.fiches import FicheArticle
from groupement.catalogue.rules.prix import Palier
from groupement.documents import tableur
from groupement.documents.tableur import Colonne
from groupement.socle.nombres import entier_fr, euros_fr

FORMATS = ("csv", "xlsx")
COLONNES = (
    Colonne("lot", "Lot", "entier"),
    Colonne("reference", "Référence"),
    Colonne("designation", "Désignation"),
    Colonne("famille", "Famille"),
    Colonne("colis", "Unités par colis", "entier"),
    Colonne("prix", "Prix de base HT", "prix"),
    Colonne("paliers", "Prix par quantité HT"),
    Colonne("dimensions", "Dimensions (mm)"),
    Colonne("dos", "Dos (mm)", "entier"),
    Colonne("norme", "Normes"),
)


def exporter_articles(
    fiches: Sequence[FicheArticle], prix: Mapping[int, tuple[Palier, ...]], format_: str
) -> tuple[bytes, str, str]:
    """(bytes, media type, name of the file): a line an article, in the order it was found."""
    lignes = (_ligne(fiche, prix.get(fiche.id, ())) for fiche in fiches)
    if format_ == "xlsx":
        return tableur.ecrire_xlsx("Catalogue", COLONNES, lignes), tableur.MIME_XLSX, "catalogue.xlsx"
    return tableur.ecrire_csv(COLONNES, lignes), tableur.MIME_CSV, "catalogue.csv"


def _ligne(fiche: FicheArticle, paliers: Iterable[Palier]) -> dict[str, Any]:
    """An article under the names of the columns."""
    return {
        "lot": fiche.lot,
        "reference": fiche.reference,
        "designation": fiche.designation,
        "famille": famille(fiche.famille).libelle,
        "colis": fiche.unites_par_colis,
        "prix": fiche.prix,
        "paliers": ", ".join(f"{euros_fr(p.prix_unitaire_ht)} dès {entier_fr(p.a_partir_de)}" for p in paliers),
        "dimensions": fiche.dimensions,
        "dos": fiche.dos_mm,
        "norme": fiche.norme,
    }
