"""The reference rooms, R1 to R9, and the parameters W1 (bays of 1 000 mm) and W2 (1 000 and 1 200)."""

from dataclasses import replace

from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Porte, Rectangle, Salle

W1, W2 = Parametres(largeurs_mm=(1000,)), Parametres()
R1 = Salle(5200, 3800, portes=(Porte(Mur.OUEST, 1450, 900),))
R2 = Salle(3000, 2400, portes=(Porte(Mur.SUD, 1050, 830),))
R4 = Salle(8000, 5000, portes=(Porte(Mur.OUEST, 2050, 900, vers_interieur=True),))
PILIER = Rectangle(3800, 2300, 4200, 2700)
R5 = replace(R4, obstacles=(PILIER,))
R6 = Salle(6400, 4200, portes=(Porte(Mur.SUD, 200, 900),), murs_sans_rayonnage=((Mur.NORD, 600),))
R7 = Salle(20_000, 10_000)
PARAMETRES_R7 = Parametres(allee_principale_mm=1500, profondeur_mm=400, largeurs_mm=(1000,))
CABINET_SUD = Salle(1500, 1500, portes=(Porte(Mur.SUD, 300, 830),))
CABINET_OUEST = Salle(1500, 1500, portes=(Porte(Mur.OUEST, 300, 830),))
COULOIR = Salle(3000, 1200, portes=(Porte(Mur.SUD, 300, 830),))


def salle_document(**changements):
    """The documented room, as JSON reads it, with the keys one wants changed or added."""
    return {
        "x_mm": 5200,
        "y_mm": 3800,
        "plafond_mm": None,
        "portes": [{"mur": "O", "decalage_mm": 1450, "largeur_mm": 900, "ouverture": "exterieur"}],
        "obstacles": [],
        "murs_sans_rayonnage": [],
        "charge_admissible_kg_m2": None,
        "besoin_ml": None,
        "parametres": {"largeurs_mm": [1000, 1200]},
    } | changements
