"""What shelves and floor carry, and everything a plan must warn about. Never a verdict: an engineer gives it.

Three loads, at `kg_par_ml` (60 by default): one shelf, the floor under a bay, the mean over the room.
Source: docs/implantation.md (AD81 for shelves, SIAF DITN-RES-2004-001 for floors, Code du travail for dead ends).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from groupement.etats_des_lieux.rules.ecriture import quotient
from groupement.etats_des_lieux.rules.implantation import Implantation
from groupement.etats_des_lieux.rules.metres_lineaires import arrondi_entier, ecrire_ml
from groupement.etats_des_lieux.rules.salle import Mur, Porte, Salle
from groupement.socle.nombres import accorde, entier_fr

CHARGE_TABLETTE_KG_PAR_M = 100  # 100 kg on 1.00 m, 120 kg on 1.20 m
ALLEE_CONSEILLEE_MM, ALLEE_MINIMALE_MM = 800, 700
PLAFOND_CONSEILLE_MM = 2500
SURFACE_MAX_MM2 = 200_000_000
MM2_PAR_M2 = 1_000_000


@dataclass(frozen=True)
class Charges:
    """The three loads, exact: kg on the widest shelf, kg/m² under a bay, kg/m² over the whole room."""

    tablette_kg: Fraction
    emprise_kg_m2: Fraction
    moyenne_kg_m2: Fraction


def charges(plan: Implantation) -> Charges:
    """The loads of `plan`; all zero when it is empty."""
    kg_par_ml = plan.parametres.kg_par_ml
    if not plan.rangs:
        return Charges(Fraction(0), Fraction(0), Fraction(0))
    return Charges(
        Fraction(max(largeur for rang in plan.rangs for largeur in rang.largeurs_mm) * kg_par_ml, 1000),
        Fraction(plan.niveaux * kg_par_ml * 1000, plan.parametres.profondeur_mm),
        Fraction(plan.longueur_mm * kg_par_ml, 1000) * MM2_PAR_M2 / plan.salle.surface_mm2,
    )


def ml_par_m2(plan: Implantation) -> Decimal:
    """Metres of shelf per m² of room, two decimals, halves up."""
    return Decimal(arrondi_entier(Fraction(plan.longueur_mm * 100_000, plan.salle.surface_mm2))).scaleb(-2)


def avertissements(plan: Implantation, besoin_mm: int | None = None) -> tuple[str, ...]:
    """Everything to check before ordering, in French, the most serious first."""
    return (
        *_capacite(plan, besoin_mm),
        *_acces(plan),
        *_plafond(plan),
        *_plancher(plan),
        *_surface(plan.salle),
    )


def _capacite(plan: Implantation, besoin_mm: int | None) -> list[str]:
    """Nothing fits, or not enough."""
    if not plan.rangs:
        return [
            "Aucun rayonnage ne tient dans cette salle avec une allée de "
            f"{entier_fr(plan.parametres.allee_mm)} mm\u00a0: prévoyez des armoires, ou une autre salle."
        ]
    if besoin_mm is not None and besoin_mm > plan.longueur_mm:
        manque = ecrire_ml(besoin_mm - plan.longueur_mm)
        return [f"La salle ne suffit pas\u00a0: il manque {manque} sur les {ecrire_ml(besoin_mm)} demandés."]
    return []


def _acces(plan: Implantation) -> list[str]:
    """Aisles too narrow, doors badly placed, bays lost."""
    phrases = []
    allee = plan.parametres.allee_mm
    if allee < ALLEE_CONSEILLEE_MM:
        risque = "un chariot ne passe pas" if allee < ALLEE_MINIMALE_MM else "le passage est serré"
        phrases.append(f"Allées de {allee} mm, moins que les {ALLEE_CONSEILLEE_MM} mm conseillés\u00a0: {risque}.")
    if not plan.salle.portes:
        phrases.append("Aucune porte n’est indiquée\u00a0: l’accès aux travées n’a pas été vérifié.")
    phrases += [
        f"La porte du mur {porte.mur} ({entier_fr(porte.largeur_mm)} mm) n’ouvre pas sur l’allée principale."
        for porte in plan.salle.portes
        if not _ouvre_sur_l_allee_principale(plan, porte)
    ]
    if plan.rangs and plan.travees_perdues:
        phrases.append(
            f"{accorde(plan.travees_perdues, 'travée')} de moins que dans la salle vide, à cause d’une porte, "
            "d’un obstacle ou d’un passage trop étroit."
        )
    return phrases


def _ouvre_sur_l_allee_principale(plan: Implantation, porte: Porte) -> bool:
    """Whether the middle of a door gives on the main aisle; always so when there is no separate one."""
    allee = plan.allee_principale
    if allee is None or not plan.rangs:
        return True
    if porte.mur in {Mur.SUD, Mur.NORD}:
        contre_le_mur = allee.y0 == 0 if porte.mur is Mur.SUD else allee.y1 == plan.salle.y_mm
        return contre_le_mur and allee.x0 <= porte.milieu_mm <= allee.x1
    contre_le_mur = allee.x0 == 0 if porte.mur is Mur.OUEST else allee.x1 == plan.salle.x_mm
    return contre_le_mur and allee.y0 <= porte.milieu_mm <= allee.y1


def _plafond(plan: Implantation) -> list[str]:
    """A low ceiling, and the levels it takes."""
    plafond = plan.salle.plafond_mm
    if plafond is None or plafond >= PLAFOND_CONSEILLE_MM:
        return []
    perdus = plan.parametres.niveaux - plan.niveaux
    suite = f", {accorde(perdus, 'niveau', 'niveaux')} de moins par travée" if perdus else ""
    return [
        f"Plafond à {entier_fr(plafond)} mm, sous les {entier_fr(PLAFOND_CONSEILLE_MM)} mm conseillés "
        f"pour que l’air circule{suite}."
    ]


def _plancher(plan: Implantation) -> list[str]:
    """Shelf too weak, floor too weak or unknown."""
    if not plan.rangs:
        return []
    phrases = []
    if plan.parametres.kg_par_ml > CHARGE_TABLETTE_KG_PAR_M:
        phrases.append(
            f"{plan.parametres.kg_par_ml} kg par mètre dépassent les {CHARGE_TABLETTE_KG_PAR_M} kg qu’une tablette "
            "ordinaire porte par mètre\u00a0: prévoyez des tablettes renforcées."
        )
    portees, admise = charges(plan), plan.salle.charge_admissible_kg_m2
    chiffres = (
        f"{quotient(portees.emprise_kg_m2, 0)} kg/m² sous les travées et "
        f"{quotient(portees.moyenne_kg_m2, 0)} kg/m² en moyenne"
    )
    if admise is None:
        phrases.append(
            f"La charge admissible du plancher n’est pas connue\u00a0: {chiffres}. "
            "Note de calcul par un bureau d’études requise."
        )
    elif admise < max(portees.emprise_kg_m2, portees.moyenne_kg_m2):
        phrases.append(
            f"Le plancher porte {entier_fr(admise)} kg/m², le plan demande {chiffres}. "
            "Note de calcul par un bureau d’études requise."
        )
    return phrases


def _surface(salle: Salle) -> list[str]:
    """A room too large for one fire compartment."""
    if salle.surface_mm2 <= SURFACE_MAX_MM2:
        return []
    return ["Salle de plus de 200 m²\u00a0: elle doit être divisée en compartiments coupe-feu."]
