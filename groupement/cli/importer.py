"""`groupement importer`: bodies, BPU and orders from files; each may be shown before it is saved."""

from datetime import date
from pathlib import Path

import click

from groupement.adherents.actions.importation import comparer_collectivites, importer_collectivites
from groupement.adherents.rules.import_collectivites import lire_collectivites
from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.actions.bordereaux import comparer_bordereau, importer_bordereau
from groupement.catalogue.models import Marche
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.cli.designations import campagne_designee, marche_designe, option_campagne
from groupement.cli.sortie import COLLEGUE, avec_application, dire, ecrire_json, finir_en_faute, option_json
from groupement.commandes.actions.imports import ImportRefuse, importer_commandes
from groupement.commandes.rules.import_commandes import lire_commandes
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

FICHIER = click.argument("fichier", metavar="FICHIER.csv", type=click.Path(path_type=Path))
APERCU = click.option("--previsualiser", is_flag=True, help="Montrer ce que l’import ferait, sans rien écrire.")
LIGNES_MAX = 200


@click.group()
def importer() -> None:
    """Importer un fichier : collectivités, bordereau des prix, commandes."""


def _octets(fichier: Path) -> bytes:
    """The file, or exit 2 with what to do."""
    try:
        return fichier.read_bytes()
    except FileNotFoundError:
        finir_en_faute([f"{fichier} : fichier introuvable, vérifiez son nom et son dossier."])
    except OSError:
        finir_en_faute([f"{fichier} : fichier illisible, vérifiez que c’en est un et vos droits."])


def _refuser(fichier: Path, fautes: object) -> None:
    """One line per fault, then exit 2."""
    phrases = [f"{fichier.name} : {faute.phrase()}" for faute in fautes]  # type: ignore[attr-defined]
    if phrases:
        finir_en_faute(phrases)


def _annoncer(document: dict[str, object], en_json: bool, phrase: str) -> None:
    """The result, for a program or for a person."""
    if en_json:
        ecrire_json(document)
    else:
        click.echo(phrase)


@importer.command()
@FICHIER
@APERCU
@option_json
@avec_application
def collectivites(fichier: Path, previsualiser: bool, en_json: bool) -> None:
    """Créer ou mettre à jour les collectivités.

    Colonnes : type, siren, nom, code_insee, code_postal, population, siren_epci.
    """
    lecture = lire_collectivites(_octets(fichier), set(TypeCollectivite))
    _refuser(fichier, lecture.fautes)
    if previsualiser:
        bilan = comparer_collectivites(lecture.lignes)
    else:
        bilan = importer_collectivites(lecture.lignes, par=COLLEGUE, le=maintenant())
    comptes = bilan.comptes()
    phrase = ", ".join(f"{combien} {nom}" for nom, combien in comptes.items())
    _annoncer({"reel": not previsualiser, **comptes}, en_json, f"Collectivités : {phrase}.")


@importer.command()
@FICHIER
@click.option("--marche", "designation", help="Numéro ou identifiant du marché (par défaut : celui en cours).")
@click.option(
    "--du", type=click.DateTime(["%Y-%m-%d"]), help="Date d’effet des prix, AAAA-MM-JJ (par défaut : aujourd’hui)."
)
@click.option("--retirer-les-absents", is_flag=True, help="Retirer de la vente les articles absents du fichier.")
@APERCU
@option_json
@avec_application
def bpu(fichier, designation, du, retirer_les_absents, previsualiser, en_json):
    """Charger un bordereau des prix unitaires (colonnes décrites dans docs/ligne-de-commande.md)."""
    marche = marche_designe(designation, verrou=not previsualiser)
    lecture = lire_bordereau(_octets(fichier), {lot.numero for lot in marche.lots})
    _refuser(fichier, lecture.fautes)
    effet = du.date() if du else max(aujourdhui(), marche.du)
    comptes = _charger_le_bpu(marche, lecture, effet, retirer_les_absents, previsualiser, fichier)
    phrase = ", ".join(f"{combien} {nom}" for nom, combien in comptes.items())
    document = {"marche": marche.numero, "du": effet.isoformat(), "reel": not previsualiser, **comptes}
    _annoncer(document, en_json, f"Bordereau du marché {marche.numero} au {effet:%d/%m/%Y} : {phrase}.")


def _charger_le_bpu(marche: Marche, lecture, du: date, retirer, previsualiser, fichier):
    """Save it, or only compare; the counts either way."""
    if previsualiser:
        c = comparer_bordereau(marche, lecture, du)
        _refuser(fichier, c.refus)
        listes = {"nouveaux": c.nouveaux, "prix": c.prix, "textes": c.textes, "disparus": c.disparus}
        return {nom: len(liste) for nom, liste in (listes | {"inchanges": c.inchanges}).items()}
    bilan = importer_bordereau(
        marche,
        lecture,
        du=du,
        par=COLLEGUE,
        le=maintenant(),
        retirer_les_absents=retirer,
        source=fichier.name[:200],
    )
    return {nom: getattr(bilan, nom) for nom in ("nouveaux", "prix", "textes", "retires", "inchanges")}


@importer.command()
@FICHIER
@option_campagne
@APERCU
@option_json
@avec_application
def commandes(fichier: Path, campagne_id: int, previsualiser: bool, en_json: bool) -> None:
    """Saisir des commandes reçues hors du site (colonnes : siren, reference, unites, unites_acceptees_en_plus, mode).

    Une commande par collectivité, l’ordre du fichier fait le rang ; les lignes s’ajoutent à la commande en cours.
    """
    lecture = lire_commandes(_octets(fichier))
    _refuser(fichier, lecture.fautes)
    try:
        bilan = importer_commandes(campagne_designee(campagne_id), lecture.lignes, par=COLLEGUE, le=maintenant())
    except ImportRefuse as refus:
        db.session.rollback()
        _refuser(fichier, refus.fautes)
        raise
    if previsualiser:
        db.session.rollback()
    for nom in bilan.a_valider:
        dire(f"{nom} : ajouté à une commande que son valideur n’a pas encore validée ; elle reste à valider.")
    document = {
        "campagne": campagne_id,
        "reel": not previsualiser,
        "commandes_creees": bilan.commandes_creees,
        "commandes_completees": bilan.commandes_completees,
        "lignes": bilan.lignes,
        "unites": bilan.unites,
        "lieux_crees": len(bilan.lieux_crees),
        "a_valider": len(bilan.a_valider),
        "total_ht": str(bilan.total_ht),
    }
    phrase = (
        f"{bilan.commandes_creees} commandes créées, {bilan.commandes_completees} complétées, {bilan.lignes} lignes, "
        f"{bilan.unites} unités."
    )
    _annoncer(document, en_json, phrase)
