"""Articles as the catalogue's rules read them, without a database: those of the sample BPU, or made by hand."""

from decimal import Decimal
from typing import Any

from groupement.catalogue.rules.fiches import FicheArticle
from groupement.catalogue.rules.recherche import texte_de_recherche
from groupement.catalogue.rules.repertoire import Repertoire

BOITE = {"dimensions": "330x250x100", "dos_mm": 100, "profondeur_mm": 330, "hauteur_mm": 250, "capacite_mm": 100}
TRAVEE = {
    "dimensions": "1060x350x2200", "profondeur_mm": 350, "hauteur_mm": 2200, "capacite_mm": 6000, "nb_tablettes": 6,
    "charge_kg_par_tablette": 100, "unites_par_colis": 1, "norme": "acier laqué",
}  # fmt: skip


def fiche(numero: int, reference: str, designation: str, famille: str = "boite", **champs: Any) -> FicheArticle:
    """An article of lot 1 at 1.74 €, in packs of 25, unless it says otherwise."""
    valeurs: dict[str, Any] = {
        "lot": 1, "norme": "", "unites_par_colis": 25, "fractionnable": False, "dimensions": "", "dos_mm": None,
        "profondeur_mm": None, "hauteur_mm": None, "poids_g": None, "capacite_mm": None,
        "charge_kg_par_tablette": None, "nb_tablettes": None, "prix": Decimal("1.74"), **champs,
    }  # fmt: skip
    valeurs.setdefault("lot_id", valeurs["lot"])
    texte = texte_de_recherche(reference, designation, famille, valeurs["norme"])
    return FicheArticle(
        id=numero, reference=reference, designation=designation, famille=famille, recherche=texte, **valeurs
    )


def boite(numero: int, reference: str = "BTE-CON-10", dos_mm: int = 100, **champs: Any) -> FicheArticle:
    """A conservation box of that spine."""
    mesures = BOITE | {"dos_mm": dos_mm, "capacite_mm": dos_mm, "dimensions": f"330x250x{dos_mm}"}
    nom = f"Boîte de conservation carton permanent dos {dos_mm // 10} cm"
    return fiche(numero, reference, nom, **(mesures | {"norme": "ISO 16245-A; ISO 9706"} | champs))


def travee(numero: int, reference: str = "RF-100-35-220-D", famille: str = "depart", **champs: Any) -> FicheArticle:
    """A bay of 1,000 useful by 350 by 2,200, six shelves of 100 kg."""
    return fiche(numero, reference, "Rayonnage fixe simple face 6 tablettes", famille, **(TRAVEE | {"lot": 2} | champs))


def petit_repertoire() -> Repertoire:
    """Boxes of two spines, a container that speaks of one, folders, bays, a binding."""
    return Repertoire(
        [
            boite(1, "BTE-CON-10"),
            boite(2, "BTE-CON-15", 150, prix=Decimal("2.12")),
            boite(3, "BTE-STD-10", norme="", prix=Decimal("0.58"), fractionnable=True),
            fiche(4, "CTN-AR-05", "Conteneur pour 5 boîtes dos 10", "conteneur", dimensions="540x360x270"),
            fiche(5, "CHE-120", "Chemise papier permanent 120 g", "chemise", dimensions="320x240", norme="ISO 9706"),
            travee(6),
            travee(7, "RF-100-35-220-S", "suivant"),
            fiche(8, "REL-A4-200", "Reliure administrative cousue A4", "reliure", lot=3, prix=None, unites_par_colis=1),
        ]
    )
