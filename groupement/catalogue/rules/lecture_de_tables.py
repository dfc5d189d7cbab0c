"""From the tables of a file and what the buyer said of them to the lines of the BPU; every fault has its address."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules import cellules as ecrits
from groupement.catalogue.rules.bordereau import FACULTATIVES, LectureBordereau, assembler
from groupement.catalogue.rules.colonnes import PALIER, PAR_CLE
from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.correspondance import Correspondance, PrixPour
from groupement.catalogue.rules.reperage import Ignoree, Table, lignes_de_la_table
from groupement.documents.classeurs.table import Rangee, lettre
from groupement.socle.lecture_csv import ENTIER_MAX, Faute, Ligne, nombre_lu

ATTENDU_PRIX_LU = "un prix supérieur à zéro, avec quatre décimales au plus, par exemple 1,74."
PRIX = {"prix_unitaire_ht": "Prix unitaire HT", "paliers": "Prix par quantité"}
QUATRE_DECIMALES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class LectureTables:
    """The lines and faults of a file, and the rows that were left aside."""

    lecture: LectureBordereau
    ignorees: tuple[Ignoree, ...]


class LigneDeTable(Ligne):
    """A line whose faults bear the titles and the letters of the file, and the cell as it is written there."""

    def __init__(self, rangee: Rangee, table: Table, places: Mapping[str, int]) -> None:
        """`places`: the column of each of our fields, price tiers under their title."""
        super().__init__(rangee.numero, {})
        self.feuille = table.feuille.nom
        self._rangee, self._table, self._places = rangee, table, places

    def faute(self, colonne: str, attendu: str) -> None:
        """Note that a cell will not do; a cell is told once."""
        place = self._places.get(colonne)
        if place is None:
            if colonne in PRIX and any(deja.attendu.startswith(ATTENDU_PRIX_LU) for deja in self.fautes):
                return
            nom, valeur = PRIX.get(colonne) or PAR_CLE[colonne].libelle, self.cellules.get(colonne, "")
        else:
            nom, valeur = f"{self._table.titres[place]} ({lettre(place)})", self._rangee.cellule(place)
        if not any(deja.colonne == nom for deja in self.fautes):
            self.fautes.append(Faute(self.numero, nom, valeur[:80], attendu, self.feuille))

    def controler_la_largeur(self) -> None:
        """In a CSV file, a cell past the last title: a separator inside a value has shifted the others."""
        largeur = max(self._table.titres) + 1
        en_trop = [cellule for cellule in self._rangee.cellules[largeur:] if cellule]
        if en_trop:
            phrase = (
                f"{len(self._rangee.cellules)} cellules pour {largeur} colonnes. Une virgule dans un prix ou un "
                "texte\u00a0? Mettez la cellule entre guillemets, ou séparez les colonnes par des points-virgules."
            )
            self.fautes.append(Faute(self.numero, "", en_trop[0][:80], phrase, self.feuille))

    def anomalies(self) -> None:
        """Cells that could not be trusted when the sheet was read, if a field needs them."""
        for champ, place in self._places.items():
            phrase = self._table.feuille.anomalies.get((self.numero, place))
            if phrase:
                self.faute(champ, phrase)


def lire_tables(tables: Sequence[Table], correspondance: Correspondance, lots: Collection[int]) -> LectureTables:
    """The lines of the BPU. All the faults are found; lines are to be used only without any."""
    ignorees: list[Ignoree] = []
    lignes: list[LigneDeTable] = []
    for table in tables:
        lues = list(_lignes(table, correspondance, ignorees))
        lignes += lues
    fautes = () if lignes else (Faute(1, "", "", "sous les titres, il n’y a aucune ligne de prix à lire."),)
    return LectureTables(assembler(lignes, fautes, lots), tuple(ignorees))


def _lignes(table: Table, correspondance: Correspondance, ignorees: list[Ignoree]) -> Iterator[LigneDeTable]:
    """The lines of a table in our words; the rows left aside go to `ignorees`."""
    colonnes = table.colonnes()
    places = {
        titre if champ == PALIER else champ: colonnes[titre]
        for titre, champ in correspondance.colonnes.items()
        if titre in colonnes
    }
    if correspondance.exacte:
        places = {titre.lower(): colonne for titre, colonne in colonnes.items()}
    absentes = tuple(nom for nom in FACULTATIVES if nom not in places)
    for rangee, lot, ignoree in lignes_de_la_table(table):
        if ignoree:
            ignorees.append(ignoree)
            continue
        ligne = LigneDeTable(rangee, table, places)
        ligne.absentes = absentes
        brutes = {champ: rangee.cellule(place) for champ, place in places.items()}
        if table.feuille.anomalies:
            ligne.anomalies()
        if not table.feuille.nom:
            ligne.controler_la_largeur()
        if correspondance.exacte:
            ligne.cellules = brutes
        else:
            _traduire(ligne, brutes, correspondance, lot, table)
        yield ligne


def _traduire(
    ligne: LigneDeTable, brutes: dict[str, str], correspondance: Correspondance, lot: int | None, table: Table
) -> None:
    """The cells of a row in the words of our own format."""
    dits = {champ: texte for champ, texte in correspondance.defauts.items() if champ not in brutes}
    lues = {champ: ecrits.rien_d_ecrit(" ".join(texte.split())) for champ, texte in (dits | brutes).items()}
    if lot is not None and "lot" not in brutes:
        lues["lot"] = str(lot)
    titre_des_dimensions = correspondance.titre("dims", table) or ""
    par = ecrits.par_combien(lues.get("unite", ""))
    ligne.cellules = {
        **{champ: texte for champ, texte in lues.items() if champ in PAR_CLE},
        "lot": ecrits.lot_ecrit(lues.get("lot", "")),
        "unite": ecrits.unite_ecrite(lues.get("unite", "")),
        "conditionnement": _conditionnement(lues.get("conditionnement", ""), par),
        "tva": ecrits.taux_ecrit(lues.get("tva", "")),
        "dims": ecrits.dimensions_ecrites(lues.get("dims", ""), titre_des_dimensions),
        "poids_kg": ecrits.mesure_ecrite(lues.get("poids_kg", ""), "kg", "g"),
        "capacite_ml": ecrits.mesure_ecrite(lues.get("capacite_ml", ""), "ml", "cm"),
        "type_element": ecrits.famille_ecrite(lues.get("type_element", "")),
    }
    diviseur = par if correspondance.prix_pour == PrixPour.ENSEMBLE else 1
    _prix(ligne, lues, correspondance.paliers(table), diviseur)


def _conditionnement(texte: str, par: int) -> str:
    """How many pieces a pack holds; what the unit says when nothing else does."""
    return ecrits.conditionnement_ecrit(texte) if texte or par == 1 else str(par)


def _prix(ligne: LigneDeTable, lues: Mapping[str, str], colonnes: list[tuple[int, str]], diviseur: int) -> None:
    """The base price and the tiers written in columns, as our format writes them: `paliers` « 25:1,74|250:1,61 »."""
    par_colis = _entier(ligne.cellules["conditionnement"])
    base = lues.get("prix_unitaire_ht", "")
    if base:
        ligne.cellules["prix_unitaire_ht"] = _prix_lu(ligne, "prix_unitaire_ht", base, diviseur)
    paliers = [
        (colis_necessaires(seuil, par_colis) * par_colis, prix)
        for seuil, titre in colonnes
        if (texte := lues.get(titre, "")) and (prix := _prix_lu(ligne, titre, texte, diviseur))
    ]
    if not colonnes:
        return
    if base and (not paliers or paliers[0][0] > par_colis):
        paliers.insert(0, (par_colis, ligne.cellules["prix_unitaire_ht"]))
    elif paliers and "prix_unitaire_ht" not in lues:
        ligne.cellules["prix_unitaire_ht"] = paliers[0][1]
    gardes = [palier for rang, palier in enumerate(paliers) if rang == 0 or palier[1] != paliers[rang - 1][1]]
    ligne.cellules["paliers"] = "|".join(f"{seuil}:{prix}" for seuil, prix in gardes)


def _entier(texte: str) -> int:
    """The pack, 1 while it cannot be read (its own cell tells the fault)."""
    nombre = nombre_lu(texte)
    lisible = nombre is not None and 1 <= nombre <= ENTIER_MAX and nombre == nombre.to_integral_value()
    return int(nombre) if nombre is not None and lisible else 1


def _prix_lu(ligne: LigneDeTable, champ: str, texte: str, diviseur: int) -> str:
    """A price a piece; a fault on its own column when it cannot be."""
    ecrit = ecrits.nombre_ecrit(texte)
    prix = nombre_lu(ecrit)
    if prix is None or prix <= 0:
        ligne.faute(champ, ATTENDU_PRIX_LU)
        return ""
    a_la_piece = prix / diviseur
    if a_la_piece != a_la_piece.quantize(QUATRE_DECIMALES):
        suite = f" Divisé par {diviseur}, celui-ci en a davantage." if diviseur > 1 else ""
        ligne.faute(champ, ATTENDU_PRIX_LU + suite)
        return ""
    return f"{a_la_piece:f}".replace(".", ",") if diviseur > 1 else ecrit
