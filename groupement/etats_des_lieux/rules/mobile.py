"""What hand-cranked mobile shelving would hold in a room: an estimate to compare with fixed rows, not a plan.

Trolleys run along x between two fixed single rows against the west and east walls; one aisle opens where one wants it.
Twice the shelf on the same floor, and twice the load. Source: PIAF, docs/implantation.md.
"""

from groupement.etats_des_lieux.rules.salle import Mur, Parametres, Salle, allee_principale_mm
from groupement.etats_des_lieux.rules.travees import meilleures_largeurs

JEU_CHARIOT_MM = 40  # between two trolleys, closed


def longueur_mobile_mm(salle: Salle, parametres: Parametres) -> int:
    """Shelf length (mm, all levels) of double-faced trolleys and two fixed rows; 0 when the aisle does not fit."""
    fixe = sum(salle.recul_mm(mur, parametres) + parametres.profondeur_mm for mur in (Mur.OUEST, Mur.EST))
    place = salle.x_mm - parametres.allee_mm - fixe
    if place < 0:
        return 0
    chariots = place // (2 * parametres.profondeur_mm + JEU_CHARIOT_MM)
    longueur = salle.y_mm - allee_principale_mm(salle, parametres) - salle.recul_mm(Mur.SUD, parametres)
    utile = sum(meilleures_largeurs(longueur, parametres.largeurs_mm, parametres.montant_mm))
    return (2 * chariots + 2) * utile * parametres.niveaux
