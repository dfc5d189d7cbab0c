"""Declarations of intent of the demonstration: a past enquête brought from LimeSurvey, and one that is running."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from groupement.adherents.actions import enquetes, import_limesurvey, intentions
from groupement.adherents.models import Collectivite, Enquete, Intention, Sollicitation
from groupement.adherents.rules.limesurvey import deviner, lire_fichier
from groupement.adherents.rules.reponses import lire_reponses
from groupement.adherents.states import EtatIntention
from groupement.demo.decor import DONNEES, Decor
from groupement.demo.personnes import AYETTE
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db

NUMERO = "482917"  # of the survey, as LimeSurvey would give it
FICHIER = "intentions-limesurvey.csv"
LETTRE = (
    "Madame, Monsieur,\n\n"
    "Le Centre de gestion prépare le prochain groupement de commandes de fournitures d’archivage\u00a0: boîtes, "
    "rayonnages, reliures. Pour le dimensionner au plus juste, nous avons besoin de savoir ce que vous souhaitez.\n\n"
    "Votre réponse ne vous engage pas. Une estimation suffit\u00a0: nous viendrons mesurer si vous le demandez.\n\n"
    "Nous vous prions d’agréer nos salutations distinguées."
)
# What some of the bodies written to have answered: wishes, archives (mm), boxes, shelving (mm), registers.
REPONSES: tuple[tuple[dict[str, bool], int | None, int | None, int | None, int | None], ...] = (
    ({"veut_groupement": True, "veut_etat_des_lieux": True}, 24_000, 120, 6_000, 4),
    ({"veut_groupement": True}, 18_500, None, None, 6),
    ({"veut_groupement": True, "veut_sae": True}, None, 50, 12_000, None),
    ({"veut_archivage": True}, 40_000, None, None, None),
    ({}, None, None, None, None),
    ({"veut_groupement": True}, 31_000, 200, None, 10),
)


def charger_intentions(decor: Decor) -> None:
    """The two enquêtes."""
    _passee(decor)
    _en_cours(decor)


def _passee(decor: Decor) -> None:
    """The sample file, brought as the buyer would: its columns as they read, two answers attached by hand."""
    acheteur, le = decor.pour("acheteur"), datetime(2023, 11, 27, 9, 0, tzinfo=UTC)
    enquete = enquetes.creer("Mission Archives 2024", LETTRE, date(2023, 12, 15), 30, par=acheteur, le=le)
    fichier = lire_fichier((DONNEES / FICHIER).read_bytes())
    colonnes, apres = deviner(fichier.entetes), datetime(2023, 12, 18, 10, 0, tzinfo=UTC)
    import_limesurvey.retenir_la_correspondance(NUMERO, colonnes, par=acheteur, le=apres)
    lues = lire_reponses(fichier, colonnes).reponses
    import_limesurvey.importer(enquete, NUMERO, lues, par=acheteur, le=apres)
    _rattacher_par_le_nom(enquete, decor, apres)


def _rattacher_par_le_nom(enquete: Enquete, decor: Decor, le: datetime) -> None:
    """Two of the answers that only gave a name; the others wait for the buyer."""
    attente = db.session.scalars(
        select(Intention)
        .where(Intention.enquete_id == enquete.id, Intention.etat == EtatIntention.RECUE)
        .order_by(Intention.nom_declare)
        .limit(2)
    ).all()
    par_nom = {c.nom_recherche: c for c in decor.collectivites.values()}
    for intention in attente:
        corps = par_nom.get(intention.nom_declare.lower().replace("-", " "))
        if corps is not None:
            intentions.rattacher(intention, corps, par=decor.pour("acheteur"), le=le)


def _en_cours(decor: Decor) -> None:
    """Letters to the intercommunalité of Ayette three weeks ago; a few bodies have answered by their link."""
    acheteur, le = decor.pour("acheteur"), decor.le - timedelta(days=21)
    echeance = jour_a_paris(decor.le) + timedelta(days=19)
    titre = f"Déclaration d’intention {decor.an + 2}"
    enquete = enquetes.creer(titre, LETTRE, echeance, 30, par=acheteur, le=le)
    epci = decor.collectivites[AYETTE].siren_epci or ""
    enquetes.envoyer(enquete, "commune", epci, "", par=acheteur, le=le)
    lettres = db.session.scalars(
        select(Sollicitation)
        .join(Sollicitation.collectivite)
        .where(Sollicitation.enquete_id == enquete.id, Collectivite.siren != AYETTE)
        .order_by(Collectivite.siren)
        .limit(len(REPONSES))
    ).all()
    for rang, (lettre, reponse) in enumerate(zip(lettres, REPONSES, strict=True)):
        _repondre(lettre, reponse, le + timedelta(days=2 + rang, minutes=37 * rang))


def _repondre(
    lettre: Sollicitation,
    reponse: tuple[dict[str, bool], int | None, int | None, int | None, int | None],
    le: datetime,
) -> None:
    """What a secretary typed behind the link."""
    souhaits, archives_mm, boites, rayonnages_mm, reliures = reponse
    valeurs = {
        "participe": bool(souhaits),
        **dict.fromkeys(("veut_etat_des_lieux", "veut_archivage", "veut_groupement", "veut_sae"), False),
        **souhaits,
        "veut_autre": "",
        "archives_mm": archives_mm,
        "boites": boites,
        "rayonnages_mm": rayonnages_mm,
        "reliures": reliures,
        "repondant": "Secrétariat",
        "qualite": "Secrétaire de mairie",
        "courriel": lettre.courriel or "mairie@collectivite.example.org",
        "commentaire": "",
    }
    intentions.repondre(lettre, valeurs, 0, le=le)
