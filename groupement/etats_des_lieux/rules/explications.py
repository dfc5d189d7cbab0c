"""The sentences of a need: each figure with the rule and the numbers that made it.

A reader must be able to redo every line with a pocket calculator. French, for the archivist and the town hall.
"""

from decimal import Decimal
from fractions import Fraction

from groupement.etats_des_lieux.rules.ecriture import quotient
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, ecrire_ml
from groupement.etats_des_lieux.rules.quantites import Boitage, Equipement, EtatDesLieuxMesure, Quantites
from groupement.socle.nombres import ESPACE_INSECABLE, accorde, decimal_fr, entier_fr

DEUX_POINTS = f"{ESPACE_INSECABLE}: "


def expliquer(etat: EtatDesLieuxMesure, calcul: Quantites) -> tuple[str, ...]:
    """Every sentence of the need, in the order of the calculation: metres, shelves, boxes, bindings, weight."""
    equipement = calcul.avec_eliminations
    return (
        *_fonds(calcul),
        _horizon(etat, equipement),
        _requis(etat, equipement),
        _a_equiper(etat, equipement),
        _travees(etat, equipement),
        *_sans_visa(calcul),
        _boites("définitif", calcul.definitif, etat.dos_mm),
        _boites("temporaire", calcul.temporaire, etat.dos_mm),
        *_hors_boites(etat),
        *(periode.explication for periode in calcul.periodes),
        _saturation(etat, equipement),
        _poids(etat, calcul),
    )


def _fonds(calcul: Quantites) -> list[str]:
    """What is kept, and what was left out of the metres."""
    phrases = [
        f"Fonds à conserver{DEUX_POINTS}{ecrire_ml(calcul.mesure_mm)} mesurés − {ecrire_ml(calcul.eliminable_mm)} "
        f"proposés à l’élimination = {ecrire_ml(calcul.avec_eliminations.net_mm)}."
    ]
    if calcul.grand_format_mm:
        phrases.append(
            f"Grands formats{DEUX_POINTS}{ecrire_ml(calcul.grand_format_mm)} à conserver à plat ou roulés, "
            "qui ne comptent pas dans les mètres linéaires debout, ni dans les boîtes."
        )
    return phrases


def _horizon(etat: EtatDesLieuxMesure, equipement: Equipement) -> str:
    """What there will be at the horizon."""
    return (
        f"Dans {accorde(etat.horizon_ans, 'an')}{DEUX_POINTS}{ecrire_ml(equipement.net_mm)} + {etat.horizon_ans} × "
        f"{ecrire_ml(etat.croissance_mm_an)} de croissance nette par an = {ecrire_ml(equipement.horizon_mm)}."
    )


def _requis(etat: EtatDesLieuxMesure, equipement: Equipement) -> str:
    """The shelf length that leaves air."""
    taux = decimal_fr(etat.taux_remplissage, 2)
    return (
        f"Rayonnage nécessaire, rempli à {decimal_fr(etat.taux_remplissage * 100)}{ESPACE_INSECABLE}%{DEUX_POINTS}"
        f"{ecrire_ml(equipement.horizon_mm)} ÷ {taux} = {ecrire_ml(equipement.requis_mm)}"
        f"{_au_millimetre(equipement)}."
    )


def _au_millimetre(equipement: Equipement) -> str:
    """Said when the length shown is rounded: the calculation goes on with the exact one."""
    if equipement.requis_mm.denominator == 1:
        return ""
    return " (arrondi au millimètre pour l’affichage, la suite garde la valeur exacte)"


def _a_equiper(etat: EtatDesLieuxMesure, equipement: Equipement) -> str:
    """What is missing beyond the shelving kept."""
    calcul = f"{ecrire_ml(equipement.requis_mm)} − {ecrire_ml(etat.existant_mm)} de rayonnage conservé"
    if not equipement.a_equiper_mm:
        return f"À équiper{DEUX_POINTS}{calcul}, l’existant suffit, 0,00{ESPACE_INSECABLE}ml."
    return f"À équiper{DEUX_POINTS}{calcul} (plein et vide) = {ecrire_ml(equipement.a_equiper_mm)}."


def _travees(etat: EtatDesLieuxMesure, equipement: Equipement) -> str:
    """Bays, rounded up."""
    if not equipement.travees:
        return f"Travées{DEUX_POINTS}aucune à acheter."
    return (
        f"Travées{DEUX_POINTS}{ecrire_ml(equipement.a_equiper_mm)} ÷ {ecrire_ml(etat.travee_mm)} par travée = "
        f"{quotient(equipement.a_equiper_mm / etat.travee_mm)}, à l’entier supérieur"
        f"{DEUX_POINTS}{accorde(equipement.travees, 'travée')} "
        f"({ecrire_ml(equipement.travees * etat.travee_mm)})."
    )


def _sans_visa(calcul: Quantites) -> list[str]:
    """The same need if nothing may be destroyed."""
    if not calcul.eliminable_mm:
        return []
    sans = calcul.sans_eliminations
    return [
        "Les éliminations ne sont que proposées tant que les Archives départementales n’ont pas donné leur visa"
        f"{DEUX_POINTS}sans elles, il faudrait loger {ecrire_ml(sans.net_mm)}, équiper "
        f"{ecrire_ml(sans.a_equiper_mm)} et acheter {accorde(sans.travees, 'travée')}."
    ]


def _boites(qualite: str, boitage: Boitage, dos_mm: int) -> str:
    """Boxes of one grade, rounded up once on the sum."""
    reste_mm = boitage.a_loger_mm - boitage.deja_boite_mm
    calcul = (
        f"Boîtes pour le {qualite}{DEUX_POINTS}{ecrire_ml(boitage.a_loger_mm)} de dossiers, vrac et classeurs − "
        f"{ecrire_ml(boitage.deja_boite_mm)} déjà en boîtes = {ecrire_ml(reste_mm)}"
    )
    if not boitage.boites:
        return f"{calcul}, aucune boîte à acheter."
    return (
        f"{calcul}, ÷ {ecrire_ml(dos_mm)} de dos = {quotient(Fraction(reste_mm, dos_mm))}, à l’entier supérieur"
        f"{DEUX_POINTS}{accorde(boitage.boites, 'boîte')}."
    )


def _hors_boites(etat: EtatDesLieuxMesure) -> list[str]:
    """What stands on the shelf without a box, and « already boxed » figures that mean nothing there."""
    phrases = []
    registres_mm = sum(mesure.net_mm for mesure in etat.mesures if mesure.forme is Forme.REGISTRES)
    if registres_mm:
        phrases.append(
            f"Registres{DEUX_POINTS}{ecrire_ml(registres_mm)}, comptés dans le rayonnage mais jamais mis en boîtes."
        )
    ignores_mm = sum(
        mesure.deja_boite_definitif_mm + mesure.deja_boite_temporaire_mm
        for mesure in etat.mesures
        if not mesure.forme.se_met_en_boite
    )
    if ignores_mm:
        phrases.append(
            f"{ecrire_ml(ignores_mm)} déclarés «{ESPACE_INSECABLE}déjà en boîtes{ESPACE_INSECABLE}» pour des registres "
            "ou des grands formats ne sont pas déduits, puisque ces documents ne vont pas en boîtes."
        )
    return phrases


def _saturation(etat: EtatDesLieuxMesure, equipement: Equipement) -> str:
    """How long the shelves last once equipped."""
    ans = equipement.annees_avant_saturation
    if ans is None:
        return f"Saturation{DEUX_POINTS}sans croissance, le rayonnage ne se remplit jamais davantage."
    libre_mm = equipement.capacite_mm * Fraction(etat.taux_remplissage) - equipement.net_mm
    return (
        f"Saturation{DEUX_POINTS}({ecrire_ml(etat.existant_mm)} + {accorde(equipement.travees, 'travée')} × "
        f"{ecrire_ml(etat.travee_mm)}) × {decimal_fr(etat.taux_remplissage, 2)} − {ecrire_ml(equipement.net_mm)} = "
        f"{ecrire_ml(libre_mm)} libres, ÷ {ecrire_ml(etat.croissance_mm_an)} par an = {quotient(ans, 1)}"
        f"{ESPACE_INSECABLE}ans."
    )


def _poids(etat: EtatDesLieuxMesure, calcul: Quantites) -> str:
    """What the floor carries, without judging it."""
    kilos = Decimal(calcul.poids_g).scaleb(-3)
    return (
        f"Poids{DEUX_POINTS}{ecrire_ml(calcul.avec_eliminations.net_mm)} × {entier_fr(etat.kg_par_ml)}"
        f"{ESPACE_INSECABLE}kg par mètre = {decimal_fr(kilos)}{ESPACE_INSECABLE}kg (papiers en boîtes\u00a0; "
        "des registres reliés pèsent plutôt 80 à 100 kg par mètre)."
    )
