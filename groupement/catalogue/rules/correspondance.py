"""How a buyer says a supplier's file reads: which column is what, and what the file does not say.

Kept for the next file of the same titles. Nothing is guessed here: `manques` says what is still to be told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from groupement.catalogue.rules.bordereau import TAUX_DE_TVA
from groupement.catalogue.rules.cellules import par_combien, taux_ecrit
from groupement.catalogue.rules.colonnes import PALIER, PAR_CLE, nom_compare, proposer, seuil_du_titre
from groupement.catalogue.rules.reperage import Table, lignes_de_la_table
from groupement.socle.lecture_csv import ENTIER_MAX, nombre_lu

A_DEFAUT = ("lot", "unite", "conditionnement", "tva")  # what may be said once for the whole file


class PrixPour(StrEnum):
    """What a price is for when the unit is « le cent » or « par 25 »."""

    PIECE = "piece"
    ENSEMBLE = "ensemble"


@dataclass(frozen=True, slots=True)
class Correspondance:
    """Titles of the file to our fields (`palier` for a price from a quantity on, its threshold in `seuils`).

    `defauts`: a value for the whole file, for a field no column gives. `titres_a`: by sheet, the row of titles the
    buyer said (0: the sheet is not read). `exacte`: the file is our own export, read as it is.
    """

    colonnes: Mapping[str, str] = field(default_factory=dict)
    seuils: Mapping[str, int] = field(default_factory=dict)
    defauts: Mapping[str, str] = field(default_factory=dict)
    prix_pour: str = ""
    titres_a: Mapping[str, int] = field(default_factory=dict)
    exacte: bool = False

    def titres(self, champ: str, table: Table) -> list[str]:
        """The titles of a table chosen for a field."""
        return [titre for titre in table.titres.values() if self.colonnes.get(titre) == champ]

    def titre(self, champ: str, table: Table) -> str | None:
        """The title of a table chosen for a field."""
        return next(iter(self.titres(champ, table)), None)

    def paliers(self, table: Table) -> list[tuple[int, str]]:
        """(threshold, title) of the price columns of a table, lowest first."""
        return sorted((self.seuils[titre], titre) for titre in self.titres(PALIER, table) if titre in self.seuils)

    def en_json(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


def depuis_json(valeurs: Mapping[str, Any]) -> Correspondance:
    """What `en_json` gave."""
    return Correspondance(**valeurs)


def correspondance_proposee(tables: Sequence[Table], retenue: Correspondance | None = None) -> Correspondance:
    """The reading to show first: the one remembered for these titles, else by their names, sheet by sheet."""
    titres = list(dict.fromkeys(titre for table in tables for titre in table.titres.values()))
    if retenue is None:
        colonnes: dict[str, str] = {}
        for table in tables:
            colonnes = proposer(list(table.titres.values())) | colonnes
        seuils = {titre: seuil for titre, cle in colonnes.items() if cle == PALIER and (seuil := seuil_du_titre(titre))}
        return Correspondance(colonnes, seuils)
    par_nom = {nom_compare(titre): titre for titre in retenue.colonnes}
    retrouves = {titre: par_nom[nom] for titre in titres if (nom := nom_compare(titre)) in par_nom}
    return Correspondance(
        {titre: retenue.colonnes[ancien] for titre, ancien in retrouves.items()},
        {titre: retenue.seuils[ancien] for titre, ancien in retrouves.items() if ancien in retenue.seuils},
        retenue.defauts,
        retenue.prix_pour,
    )


def unites_groupees(tables: Sequence[Table], correspondance: Correspondance) -> tuple[str, ...]:
    """The selling units of several pieces the file uses (« le cent », « par 25 »)."""
    trouvees: dict[str, None] = {}
    for table in tables:
        colonne = table.colonnes().get(correspondance.titre("unite", table) or "")
        if colonne is None:
            trouvees[correspondance.defauts.get("unite", "")] = None
        else:
            lignes = (rangee for rangee, _, ignoree in lignes_de_la_table(table) if ignoree is None)
            trouvees.update(dict.fromkeys(rangee.cellule(colonne) for rangee in lignes))
    return tuple(unite for unite in trouvees if par_combien(unite) > 1)


def manques(
    tables: Sequence[Table], correspondance: Correspondance, lots: Collection[int], groupees: Sequence[str]
) -> dict[str, str]:
    """What is still to be told before the file can be read: a French sentence by field."""
    fautes: dict[str, str] = {}
    for table in tables:
        ou = f" (feuille «\u00a0{table.feuille.nom}\u00a0»)" if len(tables) > 1 else ""
        for trouvees in (_champs_doubles(table, correspondance, ou), _champs_absents(table, correspondance, ou)):
            fautes = trouvees | fautes
    fautes |= _defauts_impossibles(correspondance, lots)
    if groupees:
        fautes.pop("conditionnement", None)
    if groupees and correspondance.prix_pour not in set(PrixPour):
        noms = ", ".join(f"«\u00a0{unite}\u00a0»" for unite in groupees[:3])
        fautes["prix_pour"] = f"Le fichier vend {noms}\u00a0: dites pour combien le prix est donné."
    return fautes


def _champs_doubles(table: Table, correspondance: Correspondance, ou: str) -> dict[str, str]:
    """A field chosen for two columns, two tiers of one threshold, a tier without any."""
    fautes = {
        cle: f"«\u00a0{champ.libelle}\u00a0» est choisi pour {len(titres)} colonnes{ou}\u00a0: gardez-en une."
        for cle, champ in PAR_CLE.items()
        if len(titres := correspondance.titres(cle, table)) > 1
    }
    paliers = correspondance.titres(PALIER, table)
    seuils = [correspondance.seuils.get(titre, 0) for titre in paliers]
    sans_seuil = [titre for titre, seuil in zip(paliers, seuils, strict=True) if not 1 <= seuil <= ENTIER_MAX]
    if sans_seuil:
        fautes[PALIER] = f"Dites à partir de quelle quantité vaut le prix de la colonne «\u00a0{sans_seuil[0]}\u00a0»."
    elif len(set(seuils)) < len(seuils):
        fautes[PALIER] = f"Deux colonnes de prix commencent à la même quantité{ou}\u00a0: corrigez l’une d’elles."
    return fautes


def _champs_absents(table: Table, correspondance: Correspondance, ou: str) -> dict[str, str]:
    """The fields no column and no value gives."""
    choisis = {correspondance.colonnes.get(titre, "") for titre in table.titres.values()}
    donnes = choisis | {cle for cle, texte in correspondance.defauts.items() if texte}
    fautes = {
        cle: f"Dites quelle colonne porte «\u00a0{PAR_CLE[cle].libelle}\u00a0»{ou}."
        for cle in ("reference", "designation")
        if cle not in choisis
    }
    if not choisis & {"prix_unitaire_ht", PALIER}:
        fautes["prix_unitaire_ht"] = f"Dites quelle colonne porte le prix unitaire HT{ou}."
    if "lot" not in donnes and any(lot is None for _, lot, autre in lignes_de_la_table(table) if not autre):
        fautes["lot"] = f"Le fichier ne dit pas de quel lot il est{ou}\u00a0: choisissez le lot."
    for cle in ("unite", "conditionnement", "tva"):
        if cle not in donnes:
            nom = PAR_CLE[cle].libelle
            fautes[cle] = f"Aucune colonne ne dit «\u00a0{nom}\u00a0»{ou}\u00a0: choisissez-la, ou écrivez la valeur."
    return fautes


def _defauts_impossibles(correspondance: Correspondance, lots: Collection[int]) -> dict[str, str]:
    """Values for the whole file that cannot be."""
    fautes: dict[str, str] = {}
    defauts = {cle: texte for cle, texte in correspondance.defauts.items() if texte}
    taux = nombre_lu(taux_ecrit(defauts.get("tva", "20")))
    if taux is None or taux not in TAUX_DE_TVA:
        fautes["tva"] = "Écrivez un taux de TVA\u00a0: 20, 10, 5,5, 2,1 ou 0."
    colis = nombre_lu(defauts.get("conditionnement", "1"))
    if colis is None or colis != colis.to_integral_value() or not 1 <= colis <= Decimal(ENTIER_MAX):
        fautes["conditionnement"] = "Écrivez un nombre entier, par exemple 25, ou 1 si chaque pièce se vend seule."
    if len(defauts.get("unite", "")) > 20:
        fautes["unite"] = "Écrivez vingt caractères au plus, par exemple pièce."
    if defauts.get("lot") and defauts["lot"] not in {str(lot) for lot in lots}:
        fautes["lot"] = "Choisissez un lot de ce marché."
    return fautes
