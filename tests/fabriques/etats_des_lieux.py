"""Audits for tests. Each function writes and flushes; the test commits.

`exemple()` is the town of 1 850 inhabitants every figure of the documentation is worked out on.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from groupement.adherents.models import Collectivite, Utilisateur
from groupement.adherents.states import Role
from groupement.catalogue.actions.bordereaux import importer_bordereau
from groupement.catalogue.models import Marche
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.etats_des_lieux.models import EtatDesLieux, Local, Mesure, Rayonnage, RegistreARelier
from groupement.etats_des_lieux.states import EtatEtatDesLieux, Forme
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue

LE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BPU = Path(__file__).parents[2] / "groupement" / "demo" / "donnees" / "bpu.csv"
# category, form, measured, eliminable, temporary, definitive, already boxed temporary, already boxed definitive (mm)
MESURES = (
    ("D", "registres", 3200, 0, 0, 3200, 0, 0),
    ("E", "registres", 4500, 0, 0, 4500, 0, 0),
    ("T", "dossiers", 14000, 1400, 0, 12600, 0, 4000),
    ("L", "dossiers", 22000, 13200, 6600, 2200, 3000, 0),
    ("O", "dossiers", 16500, 4950, 3300, 8250, 0, 3000),
    ("2K", "dossiers", 6000, 900, 600, 4500, 0, 0),
    ("1K", "dossiers", 5000, 2500, 500, 2000, 0, 0),
    ("V", "vrac", 9000, 6300, 900, 1800, 0, 0),
)
FEUILLETS = {"deliberations": (110, 120, 135, 118, 126), "arretes": (90, 95, 88, 102, 99)}


def marche_du_bpu(**champs: Any) -> Marche:
    """A marché of three lots holding the whole price list of the demonstration."""
    cree = catalogue.marche(lots=3, **champs)
    lecture = lire_bordereau(BPU.read_bytes(), {1, 2, 3})
    importer_bordereau(cree, lecture, du=cree.du, par=AUTOMATE, le=LE, source="BPU d’essai")
    db.session.flush()
    return cree


def archiviste(nom: str = "Julie Bernard") -> Utilisateur:
    """Somebody who measures archives."""
    return adherents.utilisateur(nom, roles=[Role.ARCHIVISTE])


def etat_des_lieux(
    de: Collectivite | None = None, par: Utilisateur | None = None, *, mesures: int = 0, **champs: Any
) -> EtatDesLieux:
    """An audit being entered, with the first `mesures` lines of the example; `etat=` and the rest change it."""
    de, par = de or adherents.collectivite(), par or archiviste()
    valeurs: dict[str, Any] = {
        "etat": EtatEtatDesLieux.RELEVE,
        "visite_le": date(2026, 11, 3),
        "population": 1850,
        "croissance_mm_an": 1200,
    }
    cree = EtatDesLieux(collectivite=de, archiviste=par, **(valeurs | champs))
    cree.mesures.extend(_mesure(ligne) for ligne in MESURES[:mesures])
    db.session.add(cree)
    db.session.flush()
    return cree


def local(etat: EtatDesLieux, nom: str = "Grenier de la mairie", *, ml: int = 0, **champs: Any) -> Local:
    """A room of 5,20 × 3,80 m; `ml` metres of shelving to keep stand in it."""
    cree = Local(nom=nom, **({"niveau": "2e étage", "x_mm": 5200, "y_mm": 3800, "hauteur_mm": 2600} | champs))
    if ml:
        cree.rayonnages.append(Rayonnage(travees=ml // 6, niveaux=6, longueur_utile_mm=1000))
    etat.locaux.append(cree)
    db.session.flush()
    return cree


def exemple(de: Collectivite | None = None, par: Utilisateur | None = None, **champs: Any) -> EtatDesLieux:
    """The whole example: eight measures, 24 ml of shelving kept, ten years to bind."""
    cree = etat_des_lieux(de, par, mesures=len(MESURES), **champs)
    local(cree, ml=24)
    cree.reliures.extend(
        RegistreARelier(serie=serie, annee=2021 + rang, feuillets=feuillets)
        for serie, nombres in FEUILLETS.items()
        for rang, feuillets in enumerate(nombres)
    )
    db.session.flush()
    return cree


def _mesure(ligne: tuple[Any, ...]) -> Mesure:
    """A measured line, from the table above."""
    code, forme, mesure, eliminable, temporaire, definitif, boite_temporaire, boite_definitif = ligne
    return Mesure(
        categorie=code,
        forme=Forme(forme),
        mesure_mm=mesure,
        eliminable_mm=eliminable,
        temporaire_mm=temporaire,
        definitif_mm=definitif,
        deja_boite_temporaire_mm=boite_temporaire,
        deja_boite_definitif_mm=boite_definitif,
    )
