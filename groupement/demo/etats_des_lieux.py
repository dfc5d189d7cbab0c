"""Audits of the demonstration: a dozen bodies of every size, their rooms, measures and needs, through the actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from groupement.adherents.models import Collectivite
from groupement.adherents.states import TypeCollectivite
from groupement.demo.decor import Decor
from groupement.demo.personnes import ABLAINZEVELLE, ACHIET, AYETTE, BAPAUME, PORTES
from groupement.etats_des_lieux.actions import etapes, saisie
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.rules.categories import categorie, eliminable_propose_mm, fourchette_usuelle_ml
from groupement.etats_des_lieux.states import Forme
from groupement.socle.calendrier import jour_a_paris

# What a sorted fonds is made of, in thousandths of its length: category, share, part still to keep some years.
COMPOSITION = (
    ("D", 110, 0),
    ("E", 130, 0),
    ("G", 60, 0),
    ("T", 160, 0),
    ("L", 190, 600),
    ("O", 140, 250),
    ("2K", 70, 200),
    ("1K", 40, 500),
    ("V", 90, 300),
    ("PLANS", 10, 0),
)
LOCAUX = (
    ("Grenier de la mairie", "2e étage", (6200, 4100, 2350), "chaleur, accès difficile", None),
    ("Bureau du secrétariat", "Rez-de-chaussée", (4200, 3600, 2700), "", None),
    ("Cave de l’ancienne école", "Sous-sol", (5200, 3800, 2200), "inondation, humidité", 900),
)
# How far each audit goes, in the order bodies are taken; the first ones are those people sign in for.
PARCOURS = (
    *("suivi", "valide", "suivi", "suivi"),
    *("valide", "releve", "valide", "releve", "valide", "releve", "planifie", "planifie"),
)
TAILLES = (300, 700, 1_400, 3_000, 6_500, 12_000, 900, 250)  # inhabitants one looks for among the other members


def charger_etats_des_lieux(decor: Decor) -> None:
    """Two visits planned, three audits being entered, four finished, three sent: one to Ayette, one to Achiet."""
    for rang, (collectivite, jusqu_ou) in enumerate(zip(_collectivites(decor), PARCOURS, strict=True)):
        relever(decor, collectivite, rang, jusqu_ou)


def _collectivites(decor: Decor) -> list[Collectivite]:
    """Ayette, then Bapaume, Achiet and Ablainzevelle, then eight communes of growing size."""
    obligees = {siren for porte in PORTES for _, siren in porte.roles if siren}
    choisies = [decor.collectivites[siren] for siren in (AYETTE, BAPAUME, ACHIET, ABLAINZEVELLE)]
    communes = [m for m in decor.membres if m.type is TypeCollectivite.COMMUNE and m.population]
    restantes = [membre for membre in communes if membre.siren not in obligees]
    for taille in TAILLES:
        proche = min(restantes, key=lambda membre: (abs((membre.population or 0) - taille), membre.siren))
        restantes.remove(proche)
        choisies.append(proche)
    return choisies


def relever(decor: Decor, collectivite: Collectivite, rang: int, jusqu_ou: str) -> EtatDesLieux:
    """One audit, taken as far as `jusqu_ou`."""
    archiviste = decor.pour("archiviste")
    le = decor.le + timedelta(days=9 + rang) if jusqu_ou == "planifie" else decor.le - timedelta(days=60 - 4 * rang)
    ecrit_le = min(le, decor.le)
    etat = saisie.planifier(
        collectivite,
        visite_le=jour_a_paris(le),
        population=collectivite.population or 0,
        archiviste_id=archiviste.id,
        par=archiviste,
        le=ecrit_le - timedelta(days=12),
    )
    if jusqu_ou != "planifie":
        _mesurer(decor, etat, rang, ecrit_le)
    if jusqu_ou in ("valide", "suivi"):
        etapes.valider(etat, etat.version, par=archiviste, le=ecrit_le + timedelta(days=1))
    if jusqu_ou == "suivi":
        etapes.transmettre(etat, etat.version, par=archiviste, le=ecrit_le + timedelta(days=2))
    if rang == 2:
        visa = (f"{ecrit_le.year}-{100 + rang}", jour_a_paris(ecrit_le) + timedelta(days=9))
        etapes.enregistrer_visa(etat, *visa, etat.version, par=archiviste, le=ecrit_le + timedelta(days=10))
    return etat


def _mesurer(decor: Decor, etat: EtatDesLieux, rang: int, le: datetime) -> None:
    """A day on site: rooms, shelving, documents, growth, what is not bound."""
    archiviste = decor.pour("archiviste")
    total_mm = _longueur_mm(etat.population, rang)
    for nom, niveau, (x_mm, y_mm, hauteur_mm), risques, charge in LOCAUX[: 1 + rang % 3]:
        valeurs: dict[str, Any] = {"nom": nom, "niveau": niveau, "x_mm": x_mm, "y_mm": y_mm, "hauteur_mm": hauteur_mm}
        valeurs |= {"risques": risques, "charge_admissible_kg_m2": charge, "ferme_a_cle": rang % 2 == 0}
        local = saisie.ajouter_local(etat, valeurs, etat.version, par=archiviste, le=le)
        travees = max(1, total_mm * 3 // 5 // 5_000 // (1 + rang % 3))  # six tenths of the fonds stand on a shelf
        rayonnage = {
            "travees": travees,
            "niveaux": 5,
            "longueur_utile_mm": 1000,
            "a_garder": "inondation" not in risques,
        }
        saisie.ajouter_rayonnage(local, rayonnage, etat.version, par=archiviste, le=le)
    for ligne in _mesures(etat, total_mm):
        saisie.ajouter_mesure(etat, ligne, etat.version, par=archiviste, le=le)
    reglages = {"croissance_mm_an": max(300, etat.population * 8 // 10 // 50 * 50)}
    reglages |= {"observations": OBSERVATIONS[rang % len(OBSERVATIONS)]}  # type: ignore[dict-item]
    saisie.regler(etat, reglages, etat.version, par=archiviste, le=le)
    saisie.ajouter_reliures(etat, _reliures(etat, rang, decor.an), etat.version, par=archiviste, le=le)


OBSERVATIONS = (
    "Les archives sont classées jusqu’en 1982, le reste est en vrac. Prévoir d’être deux pour descendre les liasses.",
    "Bonne tenue des registres. Les factures de plus de dix ans occupent la moitié du local.",
    "Traces d’humidité au bas du mur nord\u00a0: rien au sol, et un hygromètre à poser.",
)


def _longueur_mm(population: int, rang: int) -> int:
    """A fonds in the usual range for the size of the body, unsorted, hence half as long again."""
    bas, haut = fourchette_usuelle_ml(population) or (1_000, 1_200)
    return (bas * 1000 + (haut - bas) * 1000 * (2 + rang % 5) // 10) * 3 // 2 // 500 * 500


def _mesures(etat: EtatDesLieux, total_mm: int) -> list[dict[str, Any]]:
    """The fonds cut by category, to the half decimetre, in the rooms in turn."""
    lignes = []
    for rang, (code, pour_mille, temporaire) in enumerate(COMPOSITION):
        mesure_mm = total_mm * pour_mille // 1000 // 50 * 50
        eliminable_mm = eliminable_propose_mm(code, mesure_mm) // 50 * 50
        temporaire_mm = (mesure_mm - eliminable_mm) * temporaire // 1000 // 50 * 50
        definitif_mm = mesure_mm - eliminable_mm - temporaire_mm
        en_boites = categorie(code).forme.se_met_en_boite
        lignes.append(
            {
                "categorie": code,
                "forme": Forme(categorie(code).forme.value),
                "intitule": "",
                "local_id": etat.locaux[rang % len(etat.locaux)].id,
                "mesure_mm": mesure_mm,
                "eliminable_mm": eliminable_mm,
                "temporaire_mm": temporaire_mm,
                "definitif_mm": definitif_mm,
                "deja_boite_temporaire_mm": temporaire_mm // 3 // 50 * 50 if en_boites else 0,
                "deja_boite_definitif_mm": definitif_mm // 3 // 50 * 50 if en_boites else 0,
            }
        )
    return lignes


def _reliures(etat: EtatDesLieux, rang: int, an: int) -> Sequence[dict[str, Any]]:
    """The deliberations of the last years, session by session for the very last."""
    annees = range(an - 4 + rang % 3, an + 1)
    parfois = [60 + rang * 7 + 5 * (annee % 4) + min(etat.population // 60, 160) for annee in annees]
    lignes: list[dict[str, Any]] = [
        {"serie": "deliberations", "annee": annee, "feuillets": feuillets, "seances": None}
        for annee, feuillets in zip(annees, parfois, strict=True)
    ]
    seances = [22 + rang, 18, 25, 20 + rang % 4]
    lignes[-1] |= {"seances": seances, "feuillets": sum(seances)}
    return lignes
