"""One answer of a LimeSurvey file, read cell by cell.

What the software wrote (number, date, codes) must be right, or the file is refused. What a person typed is never a
fault: a figure in words (« environ 59 ») is proposed and kept with its words, to be confirmed by somebody.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from groupement.adherents.rules.identifiants import compacter
from groupement.adherents.rules.limesurvey import CHAMPS, FichierLimeSurvey
from groupement.socle.calendrier import PARIS
from groupement.socle.lecture_csv import Faute, dans_l_ordre, nombre_lu

OUI = frozenset({"oui", "y", "yes", "1", "o", "vrai", "true"})
NON = frozenset({"non", "n", "no", "0", "2", "faux", "false", ""})
LONGUEURS = {"nom": 200, "repondant": 200, "qualite": 100, "courriel": 255, "veut_autre": 300, "commentaire": 5000}
NOMBRES = {"archives_mm": 1000, "rayonnages_mm": 1000, "boites": 1, "reliures": 1}  # field → what one is stored as
SOUHAITS = ("veut_etat_des_lieux", "veut_archivage", "veut_groupement", "veut_sae")
PLAFOND = Decimal(100_000)  # ml or pieces: beyond, nobody's archives
CHIFFRES = re.compile(r"\d+(?:[  \u202f]\d{3})*(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class ReponseLue:
    """An answer ready to be kept; lengths in mm. `a_confirmer`: field → the words its figure was read from."""

    ligne: int
    numero_reponse: str
    recue_le: datetime | None  # None: never sent, the answer is incomplete
    textes: Mapping[str, str]
    participe: bool | None
    souhaits: Mapping[str, bool]
    nombres: Mapping[str, int | None]
    a_confirmer: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether it was sent."""
        return self.recue_le is not None


@dataclass(frozen=True, slots=True)
class LectureReponses:
    """The answers, in the order of the file, and every fault; they serve only without any."""

    reponses: tuple[ReponseLue, ...]
    fautes: tuple[Faute, ...]


def lire_reponses(fichier: FichierLimeSurvey, colonnes: Mapping[str, str]) -> LectureReponses:
    """Every answer of a file, its columns mapped (heading → field). A number of answer may appear once."""
    rangs = {champ: rang for rang, entete in enumerate(fichier.entetes) if (champ := colonnes.get(entete, ""))}
    titres = {champ: fichier.entetes[rang] for champ, rang in rangs.items()}
    fautes, reponses, vus = list(fichier.fautes), [], dict[str, int]()
    for ligne, brutes in fichier.lignes:
        cellules = {champ: brutes[rang] for champ, rang in rangs.items()}
        trouvees: list[tuple[str, str]] = []
        lue = _reponse(ligne, cellules, trouvees)
        premiere = vus.setdefault(lue.numero_reponse, ligne)
        if lue.numero_reponse and premiere != ligne:
            trouvees.append(("numero_reponse", f"cette réponse est déjà à la ligne {premiere}."))
        fautes += [Faute(ligne, titres.get(c, CHAMPS[c]), cellules.get(c, "")[:60], a) for c, a in trouvees]
        reponses.append(lue)
    return LectureReponses(tuple(reponses), dans_l_ordre(fautes))


def _reponse(ligne: int, cellules: Mapping[str, str], fautes: list[tuple[str, str]]) -> ReponseLue:
    """The values of a line; `fautes` takes (field, what is expected)."""
    a_confirmer: dict[str, str] = {}
    nombres: dict[str, int | None] = {}
    for champ, facteur in NOMBRES.items():
        nombres[champ], sur = lire_nombre(cellules.get(champ, ""), facteur)
        if not sur:
            a_confirmer[champ] = cellules[champ][:200]
    for champ, longueur in LONGUEURS.items():
        if len(cellules.get(champ, "")) > longueur:
            fautes.append((champ, f"{longueur} caractères au plus."))
    numero = cellules.get("numero_reponse", "")
    if not numero or len(numero) > 40:
        fautes.append(("numero_reponse", "le numéro que LimeSurvey donne à chaque réponse."))
    return ReponseLue(
        ligne=ligne,
        numero_reponse=numero,
        recue_le=_instant(cellules.get("recue_le", ""), fautes),
        textes={champ: cellules.get(champ, "") for champ in LONGUEURS}
        | {champ: compacter(cellules.get(champ, ""))[:20] for champ in ("siret", "siren", "insee")},
        participe=_oui_ou_non("participe", cellules, fautes) if cellules.get("participe") else None,
        souhaits={champ: _oui_ou_non(champ, cellules, fautes) for champ in SOUHAITS},
        nombres=nombres,
        a_confirmer=a_confirmer,
    )


def lire_nombre(texte: str, facteur: int = 1) -> tuple[int | None, bool]:
    """(the figure times `facteur`, whether it was written as one): « 72,5 » → (72500, True) with 1000.

    Words around a figure, several figures (the largest is proposed), none, or one that cannot be are to be confirmed.
    """
    propre = texte.strip()
    if not propre:
        return None, True
    exact = nombre_lu(propre)
    lus = [exact] if exact is not None else [nombre_lu(morceau) for morceau in CHIFFRES.findall(propre)]
    possibles = [n for n in lus if n is not None and 0 <= n <= PLAFOND]
    if not possibles:
        return None, False
    valeur = max(possibles) * facteur
    entier = int(valeur.to_integral_value(rounding="ROUND_CEILING"))
    return entier, exact is not None and entier == valeur


def _oui_ou_non(champ: str, cellules: Mapping[str, str], fautes: list[tuple[str, str]]) -> bool:
    """Oui, Y, Yes, 1 or Non, N, No, 0, 2 and an empty box; anything else is a fault."""
    lu = cellules.get(champ, "").strip().lower()
    if lu not in OUI | NON:
        fautes.append((champ, "code inconnu\u00a0; sont compris Oui, Non, Y, N et une case vide."))
    return lu in OUI


def _instant(texte: str, fautes: list[tuple[str, str]]) -> datetime | None:
    """The moment an answer was sent, read on a clock in Paris; None when it never was."""
    if not texte:
        return None
    try:
        return datetime.strptime(texte, "%Y-%m-%d %H:%M:%S").replace(tzinfo=PARIS).astimezone(UTC)
    except ValueError:
        fautes.append(("recue_le", "une date comme 2023-12-01 09:34:22, ou rien si la réponse n’a pas été envoyée."))
        return None
