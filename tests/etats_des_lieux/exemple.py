"""The end-to-end example: a town of 1 850 inhabitants, measured line by line (lengths in mm)."""

from groupement.etats_des_lieux.rules.besoins import EtatDesLieuxMesure
from groupement.etats_des_lieux.rules.lecture_besoins import CLES_D_UNE_MESURE
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure, ml_depuis_mm
from groupement.etats_des_lieux.rules.reliures import AnneeARelier

MESURES = (
    Mesure("D", Forme.REGISTRES, 3200, 0, 0, 3200),
    Mesure("E", Forme.REGISTRES, 4500, 0, 0, 4500),
    Mesure("T", Forme.DOSSIERS, 14000, 1400, 0, 12600, 4000, 0),
    Mesure("L", Forme.DOSSIERS, 22000, 13200, 6600, 2200, 0, 3000),
    Mesure("M/O", Forme.DOSSIERS, 16500, 4950, 3300, 8250, 3000, 0),
    Mesure("K", Forme.DOSSIERS, 6000, 900, 600, 4500),
    Mesure("K", Forme.DOSSIERS, 5000, 2500, 500, 2000),
    Mesure("V", Forme.VRAC, 9000, 6300, 900, 1800),
)
EN_TETE = {
    "population": 1850,
    "horizon_ans": 10,
    "taux_remplissage": "0.90",
    "existant_ml": "24.00",
    "croissance_ml_an": "1.20",
    "travee_ml": "6.00",
    "dos_mm": 100,
    "feuillets_max": 200,
}
RELIURES = tuple(
    AnneeARelier(serie, 2021 + rang, feuillets)
    for serie, annees in {"deliberations": (110, 120, 135, 118, 126), "arretes": (90, 95, 88, 102, 99)}.items()
    for rang, feuillets in enumerate(annees)
)


def etat_des_lieux(**changements):
    """The audit of the example, with the fields one wants changed."""
    champs = {
        "population": 1850,
        "existant_mm": 24000,
        "croissance_mm_an": 1200,
        "mesures": MESURES,
        "reliures": RELIURES,
    }
    return EtatDesLieuxMesure(**(champs | changements))


def document(**changements):
    """The document of `docs/besoins.md`, as JSON reads it, with the keys one wants changed or added."""
    mesures = [ligne_json(MESURES[2])]
    reliures = [
        {"serie": "deliberations", "annee": 2021, "feuillets": 110},
        {"serie": "deliberations", "annee": 2022, "seances": [80, 70, 60]},
    ]
    return EN_TETE | {"mesures": mesures, "reliures": reliures} | changements


def document_complet():
    """The whole town of the example as a document."""
    reliures = [{"serie": an.serie, "annee": an.annee, "feuillets": an.feuillets} for an in RELIURES]
    return document(mesures=[ligne_json(mesure) for mesure in MESURES], reliures=reliures)


def ligne_json(mesure):
    """A measured line as the document writes it, lengths in metres."""
    return {"categorie": mesure.categorie, "forme": str(mesure.forme)} | {
        cle: str(ml_depuis_mm(getattr(mesure, cle.replace("_ml", "_mm")))) for cle in CLES_D_UNE_MESURE[2:]
    }
