"""The end-to-end example: a town of 1 850 inhabitants, measured line by line (lengths in mm)."""

from groupement.etats_des_lieux.rules.besoins import EtatDesLieuxMesure
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure
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
