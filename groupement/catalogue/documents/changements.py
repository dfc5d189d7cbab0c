"""What a BPU would change, as a spreadsheet: one line an article, old and new prices side by side."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from groupement.catalogue.rules.comparaison import Comparaison
from groupement.catalogue.rules.prix import Palier
from groupement.documents import tableur
from groupement.documents.tableur import Colonne
from groupement.socle.nombres import decimal_fr, entier_fr, euros_fr

COLONNES = (
    Colonne("changement", "Changement"),
    Colonne("lot", "Lot", "entier"),
    Colonne("reference", "Référence"),
    Colonne("designation", "Désignation"),
    Colonne("avant", "Prix actuels HT"),
    Colonne("apres", "Nouveaux prix HT"),
    Colonne("ecart", "Écart du prix de base (%)"),
    Colonne("textes", "Textes changés"),
)
CENTIEME = Decimal("0.01")
Ligne = tuple[str, int, str, str, str, str, str, str]


def exporter_les_changements(comparaison: Comparaison, format_: str) -> tuple[bytes, str]:
    """(bytes, media type) of the list."""
    lignes = list(_lignes(comparaison))
    if format_ == "xlsx":
        return tableur.ecrire_xlsx("Changements du bordereau", COLONNES, lignes), tableur.MIME_XLSX
    return tableur.ecrire_csv(COLONNES, lignes), tableur.MIME_CSV


def _lignes(comparaison: Comparaison) -> Iterator[Ligne]:
    """Changed prices, changed texts, new articles, then those the file no longer has."""
    for prix in comparaison.prix:
        ligne = prix.ligne
        ecart = "" if prix.ecart_pct is None else decimal_fr(prix.ecart_pct.quantize(CENTIEME))
        avant, apres = _paliers(prix.article.paliers), _paliers(ligne.paliers)
        yield "prix changé", ligne.lot, ligne.reference, ligne.designation, avant, apres, ecart, ""
    for texte in comparaison.textes:
        ecarts = " ; ".join(f"{nom} : {_mot(avant)} → {_mot(apres)}" for nom, avant, apres in texte.ecarts)
        ligne = texte.ligne
        yield "texte changé", ligne.lot, ligne.reference, ligne.designation, "", "", "", ecarts
    for ligne in comparaison.nouveaux:
        yield "nouveau", ligne.lot, ligne.reference, ligne.designation, "", _paliers(ligne.paliers), "", ""
    for article in comparaison.disparus:
        designation = str(article.valeurs["designation"])
        yield "absent", article.lot, article.reference, designation, _paliers(article.paliers), "", "", ""


def _paliers(paliers: Sequence[Palier]) -> str:
    """Price tiers in words."""
    return ", ".join(f"{euros_fr(palier.prix_unitaire_ht)} dès {entier_fr(palier.a_partir_de)}" for palier in paliers)


def _mot(valeur: object) -> str:
    """A value as a person reads it."""
    return "rien" if valeur is None or valeur == "" else str(valeur)
