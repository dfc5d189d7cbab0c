"""CSV as spreadsheets save it: encoding and separator found, title lines above the table allowed."""

import csv
import io
from collections import Counter

from groupement.documents.classeurs.table import Classeur, ClasseurRefuse, Feuille, Rangee
from groupement.socle.lecture_csv import decoder, sans_apostrophe

SEPARATEURS = (";", ",", "\t")
LIGNES_REGARDEES = 50
RANGEES_MAX = 60_000
GUILLEMETS = "Les guillemets du fichier ne vont pas par deux\u00a0: enregistrez-le à nouveau au format CSV."


def lire_csv(nom: str, contenu: bytes) -> Classeur:
    """The one sheet of a CSV file. Raises ClasseurRefuse."""
    texte = decoder(contenu)
    if texte is None:
        raise ClasseurRefuse("Ce fichier n’est pas un texte\u00a0: dans le tableur, enregistrez-le au format CSV.")
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte), strict=True)
    rangees, debut = [], 1
    try:
        for cellules in lecteur:
            if any(cellule.strip() for cellule in cellules):
                rangees.append(Rangee(debut, tuple(sans_apostrophe(propre(cellule)) for cellule in cellules)))
            debut = lecteur.line_num + 1
            if len(rangees) > RANGEES_MAX:
                raise ClasseurRefuse("Ce fichier dépasse 60\u00a0000 lignes\u00a0: ne gardez que le bordereau.")
    except csv.Error:
        raise ClasseurRefuse(GUILLEMETS) from None
    return Classeur(nom, (Feuille("", tuple(rangees)),))


def propre(texte: str) -> str:
    """Outer spaces off, line ends alike, characters nobody can type gone."""
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "".join(c for c in lignes if c >= " " or c in "\n\t") if not lignes.isprintable() else lignes


def _separateur(texte: str) -> str:
    """The separator that parts the most lines into the same number of columns."""
    lignes = [ligne for ligne in texte.splitlines() if ligne.strip()][:LIGNES_REGARDEES]
    return max(SEPARATEURS, key=lambda separateur: _regularite(lignes, separateur))


def _regularite(lignes: list[str], separateur: str) -> int:
    """Columns × lines of the most common width above one; 0 when nothing is parted."""
    try:
        largeurs = Counter(len(cellules) for cellules in csv.reader(lignes, delimiter=separateur))
    except csv.Error:
        return 0
    return max(((largeur - 1) * combien for largeur, combien in largeurs.items()), default=0)
