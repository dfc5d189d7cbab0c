"""The document of `groupement besoins`: strict reading of the measures, exact writing of the need.

The keys are fixed (docs/besoins.md): scripts outside the project rely on them. Lengths come in metres, as texts with
a point ("1.20") or JSON numbers, to the millimetre; they leave as texts, counts as whole numbers.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from groupement.etats_des_lieux.rules.besoins import Besoins, EtatDesLieuxMesure
from groupement.etats_des_lieux.rules.ecriture import enumeration
from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse, Lecteur, montrer
from groupement.etats_des_lieux.rules.metres_lineaires import Forme, Mesure
from groupement.etats_des_lieux.rules.reliures import AnneeARelier

CLES_DU_DOCUMENT = (
    *("population", "horizon_ans", "taux_remplissage", "existant_ml", "croissance_ml_an"),
    *("travee_ml", "dos_mm", "feuillets_max", "mesures", "reliures"),
)
CLES_D_UNE_MESURE = (
    *("categorie", "forme", "mesure_ml", "eliminable_ml", "temporaire_ml", "definitif_ml"),
    *("deja_boite_definitif_ml", "deja_boite_temporaire_ml"),
)
POPULATION_MAX = 20_000_000
HORIZON_MAX_ANS = 200
DOS_MAX_MM = 1_000
FEUILLETS_MAX_PAR_VOLUME = 10_000
FEUILLETS_MAX_PAR_AN = 100_000
DECIMALES_DU_TAUX = 4
ANNEE_MIN, ANNEE_MAX = 1000, 9999


def lire_besoins(document: object) -> EtatDesLieuxMesure:
    """The audit in `document` (a JSON value, see `charger_json`).

    Raises DocumentRefuse with every fault: unknown or missing key, wrong type, negative length, parts that do not
    make the whole, rate out of ]0 ; 1], unknown form, sheets and sessions both given or both absent, year given twice.
    """
    fautes: list[str] = []
    if not isinstance(document, Mapping):
        raise DocumentRefuse([f"document\u00a0: {montrer(document)} ne convient pas, un objet {{ … }} est attendu."])
    lecteur = Lecteur(document, "", fautes)
    lecteur.controler_cles(CLES_DU_DOCUMENT)
    etat = EtatDesLieuxMesure(
        population=lecteur.entier("population", 0, POPULATION_MAX),
        horizon_ans=lecteur.entier("horizon_ans", 0, HORIZON_MAX_ANS),
        taux_remplissage=_taux(lecteur),
        existant_mm=lecteur.longueur_mm("existant_ml"),
        croissance_mm_an=lecteur.longueur_mm("croissance_ml_an"),
        travee_mm=lecteur.longueur_mm("travee_ml", minimum_mm=1),
        dos_mm=lecteur.entier("dos_mm", 1, DOS_MAX_MM),
        feuillets_max=lecteur.entier("feuillets_max", 1, FEUILLETS_MAX_PAR_VOLUME),
        mesures=tuple(mesure for ligne in lecteur.objets("mesures") if (mesure := _mesure(ligne))),
        reliures=_reliures(lecteur),
    )
    if fautes:
        raise DocumentRefuse(fautes)
    return etat


def vers_json(besoins: Besoins) -> dict[str, Any]:
    """The need as the command prints it: lengths, years and kg as texts with a point, counts as whole numbers.

    Lengths have two decimals, and a third when the millimetre needs it; years have one; a null when nothing grows.
    """
    annees = besoins.annees_avant_saturation
    return {
        "net_ml": str(besoins.net_ml),
        "horizon_ml": str(besoins.horizon_ml),
        "requis_ml": str(besoins.requis_ml),
        "a_equiper_ml": str(besoins.a_equiper_ml),
        "travees": besoins.travees,
        "boites_definitif": besoins.boites_definitif,
        "boites_temporaire": besoins.boites_temporaire,
        "volumes_a_relier": [
            {"serie": volume.serie, "annees": list(volume.annees), "feuillets": volume.feuillets}
            for volume in besoins.volumes_a_relier
        ],
        "annees_avant_saturation": None if annees is None else str(annees),
        "poids_kg": str(besoins.poids_kg),
        "explications": list(besoins.explications),
    }


def _taux(lecteur: Lecteur) -> Decimal:
    """The share of the shelves one accepts to fill: above 0, at most 1, four decimals at most."""
    taux = lecteur.decimal("taux_remplissage")
    if taux is None:
        return Decimal(1)
    if not 0 < taux <= 1 or taux != taux.quantize(Decimal(1).scaleb(-DECIMALES_DU_TAUX)):
        attente = f"un taux supérieur à 0 et au plus égal à 1, avec {DECIMALES_DU_TAUX} décimales au plus, est attendu"
        lecteur.faute("taux_remplissage", f"{montrer(taux)} ne convient pas, {attente}.")
        return Decimal(1)
    return taux


def _mesure(ligne: Lecteur) -> Mesure | None:
    """One measured line; None when it has a fault."""
    avant = len(ligne.fautes)
    ligne.controler_cles(CLES_D_UNE_MESURE)
    categorie, forme = ligne.texte("categorie"), _forme(ligne)
    longueurs = [ligne.longueur_mm(cle) for cle in CLES_D_UNE_MESURE[2:]]
    if forme is None or len(ligne.fautes) > avant:
        return None
    try:
        return Mesure(categorie, forme, *longueurs)
    except ValueError as erreur:
        ligne.faute("", f"{erreur}.")
        return None


def _forme(ligne: Lecteur) -> Forme | None:
    """The form of a measured line; None when it is unknown."""
    forme = ligne.texte("forme")
    if forme in set(Forme):
        return Forme(forme)
    if forme:
        ligne.faute("forme", f"{montrer(forme)} ne convient pas, choisissez parmi {enumeration(list(Forme))}.")
    return None


def _reliures(lecteur: Lecteur) -> tuple[AnneeARelier, ...]:
    """The unbound years; a year given twice for a series would be counted twice, so it is a fault."""
    annees: dict[tuple[str, int], AnneeARelier] = {}
    for ligne in lecteur.objets("reliures"):
        annee = _annee_a_relier(ligne)
        if annee is None:
            continue
        if (annee.serie, annee.annee) in annees:
            ligne.faute("", f"{annee.serie} {annee.annee} est donnée deux fois, réunissez ses feuillets.")
        annees[annee.serie, annee.annee] = annee
    return tuple(annees.values())


def _annee_a_relier(ligne: Lecteur) -> AnneeARelier | None:
    """One unbound year, with its sheets or its sessions; None when it has a fault."""
    avant = len(ligne.fautes)
    ligne.controler_cles(("serie", "annee"), ("feuillets", "seances"))
    serie, annee = ligne.texte("serie"), ligne.entier("annee", ANNEE_MIN, ANNEE_MAX)
    feuillets = ligne.entier("feuillets", 0, FEUILLETS_MAX_PAR_AN) if "feuillets" in ligne.objet else None
    seances = ligne.entiers("seances", 1, FEUILLETS_MAX_PAR_AN) if "seances" in ligne.objet else None
    if len(ligne.fautes) > avant:
        return None
    try:
        return AnneeARelier(serie, annee, feuillets, seances)
    except ValueError as erreur:
        ligne.faute("", f"{erreur}.")
        return None
