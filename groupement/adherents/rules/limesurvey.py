"""The columns of a LimeSurvey file: which question each answers, as far as its heading says.

LimeSurvey heads its columns with codes (`Q5[SQ001]`), full texts, texts cut at fifteen letters (« Nom de la colle.. »),
or a code then its text. Codes alone say nothing: a person maps them, once a survey.
Source: LimeSurvey, export of responses to CSV.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groupement.adherents.rules.recherche import normaliser
from groupement.socle.lecture_csv import SANS_COLONNE, Faute, lire_rangees

IGNOREE = ""
CHAMPS = {
    "numero_reponse": "Numéro de la réponse",
    "recue_le": "Date d’envoi de la réponse",
    "nom": "Nom de la collectivité",
    "siret": "SIRET",
    "siren": "SIREN",
    "insee": "Code INSEE",
    "repondant": "Nom du répondant",
    "qualite": "Qualité du répondant",
    "courriel": "Courriel",
    "participe": "Souhaite participer (oui ou non)",
    "veut_etat_des_lieux": "Veut un état des lieux",
    "veut_archivage": "Veut une prestation d’archivage",
    "veut_groupement": "Veut le groupement de commandes",
    "veut_sae": "Veut le SAE SESAM",
    "veut_autre": "Autre souhait",
    "archives_mm": "Archives, en mètres linéaires",
    "boites": "Boîtes, en nombre",
    "rayonnages_mm": "Rayonnages, en mètres linéaires",
    "reliures": "Registres à relier, en nombre",
    "commentaire": "Commentaire",
}
INDISPENSABLES = ("numero_reponse", "recue_le")
QUI = ("siret", "siren", "insee", "nom")  # at least one says who answered
# What a heading, without accents or signs, is or holds; the first line that fits wins.
EXACTS = {
    "id": "numero_reponse",
    "id de la reponse": "numero_reponse",
    "response id": "numero_reponse",
    "submitdate": "recue_le",
    "date de soumission": "recue_le",
    "date submitted": "recue_le",
    "siret": "siret",
    "siren": "siren",
    "nom": "nom",
    "email": "courriel",
    "mail": "courriel",
}
CONTENUS = (
    ("siret", "siret"),
    ("siren", "siren"),
    ("insee", "insee"),
    ("courriel", "courriel"),
    ("adresse electronique", "courriel"),
    ("metrage", "archives_mm"),
    ("rayonnage", "rayonnages_mm"),
    ("reliure", "reliures"),
    ("boites", "boites"),
    ("groupement de commandes", "veut_groupement"),
    ("sesam", "veut_sae"),
    ("archivage electronique", "veut_sae"),
    ("prestation d archivage", "veut_archivage"),
    ("etat des lieux", "veut_etat_des_lieux"),
    ("souhaitez vous beneficier", "participe"),
    ("souhaitez vous participer", "participe"),
    ("nom de la collectivite", "nom"),
    ("nom de l etablissement", "nom"),
    ("repondant", "repondant"),
    ("fonction", "qualite"),
    ("qualite", "qualite"),
    ("commentaire", "commentaire"),
    ("remarque", "commentaire"),
)
# Headings in full, to recognise those LimeSurvey cut.
EN_ENTIER = {
    "nom de la collectivite ou de l etablissement": "nom",
    "nom et qualite du repondant": "repondant",
    "souhaitez vous beneficier de la mission": "participe",
    "estimation du metrage lineaire": "archives_mm",
    "date de soumission": "recue_le",
    "id de la reponse": "numero_reponse",
}
COUPE_MIN = 8  # letters a cut heading must keep to be recognised


@dataclass(frozen=True, slots=True)
class FichierLimeSurvey:
    """The file as it is: headings made unique, then (line number, cells) as wide as the headings; or its faults."""

    entetes: tuple[str, ...]
    lignes: tuple[tuple[int, tuple[str, ...]], ...]
    fautes: tuple[Faute, ...] = ()

    def exemple(self, entete: str) -> str:
        """The first answer of a column, to recognise it; cut at sixty letters."""
        rang = self.entetes.index(entete)
        trouve = next((cellules[rang] for _, cellules in self.lignes if cellules[rang]), "")
        return trouve if len(trouve) <= 60 else trouve[:59] + "…"


def lire_fichier(contenu: bytes) -> FichierLimeSurvey:
    """The headings and the cells of a file, whatever its encoding (UTF-8, cp1252, UTF-16) and separator."""
    rangees, refus = lire_rangees(contenu)
    if refus is not None:
        return FichierLimeSurvey((), (), (refus,))
    if len(rangees) < 2:
        attendu = "Le fichier ne contient aucune réponse\u00a0: exportez-le de nouveau depuis LimeSurvey."
        return FichierLimeSurvey((), (), (Faute(1, SANS_COLONNE, "", attendu),))
    entetes = _uniques(rangees[0][1])
    fautes = tuple(
        Faute(numero, SANS_COLONNE, cellules[len(entetes)], f"{len(cellules)} cellules pour {len(entetes)} colonnes.")
        for numero, cellules in rangees[1:]
        if len(cellules) > len(entetes)
    )
    largeur = len(entetes)
    lignes = tuple((numero, tuple((cellules + [""] * largeur)[:largeur])) for numero, cellules in rangees[1:])
    return FichierLimeSurvey(entetes, lignes, fautes)


def _uniques(entetes: Sequence[str]) -> tuple[str, ...]:
    """Headings told apart: full texts may repeat, and a heading may be empty."""
    vus: Counter[str] = Counter()
    noms = []
    for rang, entete in enumerate(entetes, start=1):
        nom = entete or f"Colonne {rang}"
        vus[nom] += 1
        noms.append(nom if vus[nom] == 1 else f"{nom} ({vus[nom]})")
    return tuple(noms)


def deviner(entetes: Sequence[str]) -> dict[str, str]:
    """Heading → field, for the headings that say it; a field goes to the first heading that asks for it."""
    devinees: dict[str, str] = {}
    for entete in entetes:
        champ = _champ_de(entete)
        if champ and champ not in devinees.values():
            devinees[entete] = champ
    return devinees


def _champ_de(entete: str) -> str:
    """The field a heading names, empty when it does not."""
    mots = normaliser(entete)
    if mots in EXACTS:
        return EXACTS[mots]
    if entete.rstrip().endswith(".."):
        candidats = {champ for entier, champ in EN_ENTIER.items() if entier.startswith(mots) and len(mots) >= COUPE_MIN}
        return candidats.pop() if len(candidats) == 1 else ""
    if mots.split()[-1:] in (["autre"], ["other"]):
        return "veut_autre"
    return next((champ for morceau, champ in CONTENUS if morceau in mots), "")


def numero_dans_le_nom(nom: str) -> str:
    """The number of the survey in the name LimeSurvey gives its files: results-survey123456.csv → 123456."""
    suites = "".join(c if c.isdigit() else " " for c in nom).split()
    return max(suites, key=len) if suites and len(max(suites, key=len)) >= 5 else ""


def motifs_de_refus(colonnes: Mapping[str, str]) -> list[str]:
    """What is wrong with a mapping (heading → field), as sentences; empty when it will do."""
    comptes = Counter(champ for champ in colonnes.values() if champ)
    motifs = [
        f"«\u00a0{CHAMPS[champ]}\u00a0» est demandé à {compte} colonnes\u00a0: gardez-en une seule."
        for champ, compte in comptes.items()
        if compte > 1
    ]
    motifs += [
        f"Dites quelle colonne donne «\u00a0{CHAMPS[champ]}\u00a0»\u00a0: sans elle, rien ne peut être importé."
        for champ in INDISPENSABLES
        if champ not in comptes
    ]
    if not any(champ in comptes for champ in QUI):
        motifs.append(
            "Dites quelle colonne nomme la collectivité\u00a0: son SIRET, son SIREN, son code INSEE ou son nom."
        )
    return motifs
