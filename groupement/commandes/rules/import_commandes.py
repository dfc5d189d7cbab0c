"""Reading a file of orders (`groupement importer commandes`): bytes in, lines and faults out.

Only the form is checked here: whether the body and the article exist, and whether the quantity suits the pack, is
asked of the database by the action. Quantities are pieces.
"""

from dataclasses import dataclass

from groupement.socle.lecture_csv import Faute, Ligne, dans_l_ordre, lire_tableau

OBLIGATOIRES = ("siren", "reference", "unites")
FACULTATIVES = ("unites_acceptees_en_plus", "mode")
MODES = ("livraison", "depot")


@dataclass(frozen=True, slots=True)
class LigneImportee:
    """One line of the file: a body asks `unites` of an article. `ligne` is its line in the file; file order is rank."""

    ligne: int
    siren: str
    reference: str
    unites: int
    unites_acceptees_en_plus: int
    mode: str


@dataclass(frozen=True, slots=True)
class LectureCommandes:
    """The lines read, in file order, and every fault found; lines are to be used only without any fault."""

    lignes: tuple[LigneImportee, ...]
    fautes: tuple[Faute, ...]


def lire_commandes(contenu: bytes) -> LectureCommandes:
    """Read a file of orders; the last two columns may be absent (0, `livraison`), an unknown one is refused."""
    tableau = lire_tableau(contenu, OBLIGATOIRES, FACULTATIVES)
    fautes, lignes = list(tableau.fautes), []
    for ligne in tableau.lignes:
        lue = _ligne_importee(ligne)
        fautes += ligne.fautes
        if ligne.est_correcte:
            lignes.append(lue)
    return LectureCommandes(tuple(lignes), dans_l_ordre(fautes))


def _ligne_importee(ligne: Ligne) -> LigneImportee:
    """The values of a line; the line notes what is wrong."""
    return LigneImportee(
        ligne=ligne.numero,
        siren=ligne.siren("siren"),
        reference=ligne.texte("reference", 50),
        unites=ligne.entier("unites", 1),
        unites_acceptees_en_plus=ligne.entier_ou_rien("unites_acceptees_en_plus") or 0,
        mode=ligne.parmi("mode", MODES, defaut="livraison"),
    )
