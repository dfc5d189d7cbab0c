"""From the rows of an audit to what the rules calculate on. Nothing is read here beyond the audit itself."""

from collections import Counter
from decimal import Decimal

from groupement.etats_des_lieux.models import EtatDesLieux, Mesure, RegistreARelier
from groupement.etats_des_lieux.rules import metres_lineaires as regle
from groupement.etats_des_lieux.rules.besoins import Besoins, EtatDesLieuxMesure, calculer_besoins
from groupement.etats_des_lieux.rules.categories import categorie
from groupement.etats_des_lieux.rules.reliures import AnneeARelier


def existant_mm(etat: EtatDesLieux) -> int:
    """Useful length (mm) of the shelving one keeps, occupied and free."""
    return sum(r.longueur_totale_mm for local in etat.locaux for r in local.rayonnages if r.a_garder)


def mesurer(etat: EtatDesLieux) -> EtatDesLieuxMesure:
    """The audit as the rules read it."""
    return EtatDesLieuxMesure(
        population=etat.population,
        existant_mm=existant_mm(etat),
        croissance_mm_an=etat.croissance_mm_an,
        mesures=tuple(_mesure(mesure) for mesure in etat.mesures),
        reliures=tuple(_annee(ligne) for ligne in sorted(etat.reliures, key=_serie_et_annee)),
        horizon_ans=etat.horizon_ans,
        taux_remplissage=etat.remplissage_pct / Decimal(100),
        travee_mm=etat.travee_mm,
        dos_mm=etat.dos_mm,
        feuillets_max=etat.feuillets_max,
    )


def calculer(etat: EtatDesLieux) -> Besoins:
    """What the audit says is needed, with its sentences."""
    return calculer_besoins(mesurer(etat))


def par_categorie(etat: EtatDesLieux) -> list[tuple[str, int]]:
    """(plain label, mm measured) by category, the longest first."""
    sommes: Counter[str] = Counter()
    for mesure in etat.mesures:
        sommes[mesure.categorie] += mesure.mesure_mm
    return [(categorie(code).libelle, longueur) for code, longueur in sommes.most_common()]


def _mesure(mesure: Mesure) -> regle.Mesure:
    """One measured line."""
    return regle.Mesure(
        categorie=mesure.categorie,
        forme=regle.Forme(mesure.forme.value),
        mesure_mm=mesure.mesure_mm,
        eliminable_mm=mesure.eliminable_mm,
        temporaire_mm=mesure.temporaire_mm,
        definitif_mm=mesure.definitif_mm,
        deja_boite_definitif_mm=mesure.deja_boite_definitif_mm,
        deja_boite_temporaire_mm=mesure.deja_boite_temporaire_mm,
    )


def _annee(ligne: RegistreARelier) -> AnneeARelier:
    """One unbound year."""
    if ligne.seances:
        return AnneeARelier(ligne.serie, ligne.annee, seances=tuple(ligne.seances))
    return AnneeARelier(ligne.serie, ligne.annee, ligne.feuillets)


def _serie_et_annee(ligne: RegistreARelier) -> tuple[bool, str, int]:
    """Sorting key: deliberations first, as archivists do, then by name and year."""
    return ligne.serie != "deliberations", ligne.serie, ligne.annee
