"""`groupement besoins`: from an audit written in JSON to what it needs, without application nor database."""

from pathlib import Path

import click

from groupement.cli.sortie import ecrire_json, finir_en_faute, option_json
from groupement.etats_des_lieux.rules.besoins import Besoins, EtatDesLieuxMesure, calculer_besoins
from groupement.etats_des_lieux.rules.ecriture import ecrire_annees
from groupement.etats_des_lieux.rules.lecture_besoins import lire_besoins, vers_json
from groupement.etats_des_lieux.rules.lecture_json import DocumentRefuse, charger_json
from groupement.etats_des_lieux.rules.reliures import Volume, libelle_serie
from groupement.socle.nombres import ESPACE_INSECABLE, accorde, decimal_fr, entier_fr


@click.command()
@click.argument("fichier", metavar="FICHIER", type=click.Path(path_type=Path))
@option_json
def besoins(fichier: Path, en_json: bool) -> None:
    """Calculer les besoins d’un état des lieux : rayonnages, boîtes, reliures.

    FICHIER est le document JSON décrit dans docs/besoins.md. Rien n’est écrit, aucune base de données n’est lue.
    """
    try:
        etat = lire_besoins(charger_json(lire_octets(fichier)))
    except DocumentRefuse as refus:
        finir_en_faute(refus.fautes)
    resultat = calculer_besoins(etat)
    if en_json:
        ecrire_json(vers_json(resultat))
        return
    for ligne in tableau(etat, resultat):
        click.echo(ligne)


def lire_octets(fichier: Path) -> bytes:
    """The bytes of `fichier`. Raises DocumentRefuse, with what to do, when it cannot be read."""
    try:
        return fichier.read_bytes()
    except FileNotFoundError:
        raise DocumentRefuse([f"{fichier}\u00a0: fichier introuvable, vérifiez son nom et son dossier."]) from None
    except OSError:
        raise DocumentRefuse([f"{fichier}\u00a0: fichier illisible, vérifiez que c’en est un et vos droits."]) from None


def tableau(etat: EtatDesLieuxMesure, resultat: Besoins) -> list[str]:
    """The need as lines of text: the figures, the volumes to bind, then the reasoning."""
    chiffres = _chiffres(etat, resultat)
    largeur = max(len(intitule) for intitule, _ in chiffres)
    colonne = max(len(valeur) for _, valeur in chiffres)
    return [
        "Ce qu’il faut",
        *(f"  {intitule:<{largeur}}  {valeur:>{colonne}}" for intitule, valeur in chiffres),
        *_volumes(resultat),
        "",
        "Comment ces chiffres sont obtenus",
        *(f"  {phrase}" for phrase in resultat.explications),
    ]


def _chiffres(etat: EtatDesLieuxMesure, resultat: Besoins) -> list[tuple[str, str]]:
    """Label and value of each figure."""
    annees = resultat.annees_avant_saturation
    longueurs = (
        ("Fonds à conserver", resultat.net_ml),
        (f"Fonds dans {accorde(etat.horizon_ans, 'an')}", resultat.horizon_ml),
        ("Rayonnage nécessaire", resultat.requis_ml),
        ("Rayonnage à équiper", resultat.a_equiper_ml),
    )
    return [
        *((intitule, f"{decimal_fr(metres, 2)}{ESPACE_INSECABLE}ml") for intitule, metres in longueurs),
        ("Travées à acheter", entier_fr(resultat.travees)),
        ("Boîtes pour le définitif", entier_fr(resultat.boites_definitif)),
        ("Boîtes pour le temporaire", entier_fr(resultat.boites_temporaire)),
        ("Volumes à relier", entier_fr(len(resultat.volumes_a_relier))),
        ("Saturation dans", "jamais" if annees is None else f"{decimal_fr(annees)}{ESPACE_INSECABLE}ans"),
        ("Poids à porter", f"{decimal_fr(resultat.poids_kg)}{ESPACE_INSECABLE}kg"),
    ]


def _volumes(resultat: Besoins) -> list[str]:
    """One line per volume to bind; nothing when there is none."""
    if not resultat.volumes_a_relier:
        return []
    return ["", "Volumes à relier", *(f"  {_volume(volume)}" for volume in resultat.volumes_a_relier)]


def _volume(volume: Volume) -> str:
    """« Délibérations 2021 : 110 feuillets »."""
    titre = f"{libelle_serie(volume.serie)} {ecrire_annees(volume.annees)}"
    return f"{titre}\u00a0: {accorde(volume.feuillets, 'feuillet')}"
