"""Entering an audit: planning it, its rooms and shelving, its measures, the years to bind, growth and settings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from groupement.adherents.models import Collectivite
from groupement.etats_des_lieux.actions.ecriture import exiger_saisie_possible, marquer
from groupement.etats_des_lieux.models import EtatDesLieux, Local, Mesure, Rayonnage, RegistreARelier
from groupement.etats_des_lieux.queries import en_cours_de
from groupement.etats_des_lieux.rules.categories import categorie
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml
from groupement.etats_des_lieux.rules.reliures import libelle_serie
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import date_fr
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import accorde

Valeurs = Mapping[str, Any]


def planifier(
    collectivite: Collectivite, *, visite_le: date, population: int, archiviste_id: int, par: Auteur, le: datetime
) -> EtatDesLieux:
    """Open the audit of a body. Raises RegleRefusee when one is already planned or being entered."""
    if en_cours_de(collectivite.id):
        raise RegleRefusee(f"Un état des lieux de {collectivite.nom} est déjà en cours\u00a0: ouvrez-le dans la liste.")
    etat = EtatDesLieux(
        collectivite=collectivite,
        archiviste_id=archiviste_id,
        etat=EtatEtatDesLieux.PLANIFIE,
        visite_le=visite_le,
        population=population,
        version=1,
    )
    db.session.add(etat)
    db.session.flush()
    resume = f"{collectivite.nom}, visite du {date_fr(visite_le)}"
    noter(etat.__tablename__, etat.id, "planifier", par=par, le=le, resume=resume, apres=etat.etat)
    return etat


def regler(etat: EtatDesLieux, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> None:
    """Visit, population, growth, horizon, filling rate, bay, spine, sheets a volume, remarks."""
    exiger_saisie_possible(etat, version)
    changes = [nom for nom, valeur in valeurs.items() if getattr(etat, nom) != valeur]
    _poser(etat, valeurs)
    marquer(etat, "regler", ", ".join(changes), par=par, le=le)


def ajouter_local(etat: EtatDesLieux, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> Local:
    """Add a room. Raises RegleRefusee when another one bears its name."""
    exiger_saisie_possible(etat, version)
    _exiger_nom_libre(etat, valeurs["nom"], None)
    local = Local(**valeurs)
    etat.locaux.append(local)
    marquer(etat, "ajouter", f"Local {local.nom}", par=par, le=le)
    return local


def modifier_local(local: Local, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> None:
    """Correct a room."""
    etat = local.etat_des_lieux
    exiger_saisie_possible(etat, version)
    _exiger_nom_libre(etat, valeurs["nom"], local)
    _poser(local, valeurs)
    marquer(etat, "modifier", f"Local {local.nom}", par=par, le=le)


def retirer_local(local: Local, version: int, *, par: Auteur, le: datetime) -> None:
    """Take a room out with its shelving; measures made in it stay, without a room."""
    etat = local.etat_des_lieux
    exiger_saisie_possible(etat, version)
    for mesure in etat.mesures:
        if mesure.local_id == local.id:
            mesure.local = None
    db.session.flush()
    etat.locaux.remove(local)
    marquer(etat, "retirer", f"Local {local.nom}", par=par, le=le)


def ajouter_rayonnage(local: Local, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> Rayonnage:
    """Add shelving that stands in a room."""
    exiger_saisie_possible(local.etat_des_lieux, version)
    rayonnage = Rayonnage(**valeurs)
    local.rayonnages.append(rayonnage)
    marquer(local.etat_des_lieux, "ajouter", _nom_du_rayonnage(rayonnage), par=par, le=le)
    return rayonnage


def modifier_rayonnage(rayonnage: Rayonnage, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> None:
    """Correct shelving."""
    etat = rayonnage.local.etat_des_lieux
    exiger_saisie_possible(etat, version)
    _poser(rayonnage, valeurs)
    marquer(etat, "modifier", _nom_du_rayonnage(rayonnage), par=par, le=le)


def retirer_rayonnage(rayonnage: Rayonnage, version: int, *, par: Auteur, le: datetime) -> None:
    """Take shelving out."""
    local = rayonnage.local
    exiger_saisie_possible(local.etat_des_lieux, version)
    nom = _nom_du_rayonnage(rayonnage)
    local.rayonnages.remove(rayonnage)
    marquer(local.etat_des_lieux, "retirer", nom, par=par, le=le)


def ajouter_mesure(etat: EtatDesLieux, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> Mesure:
    """Add a measured line; the room, if any, is one of the audit."""
    exiger_saisie_possible(etat, version)
    _exiger_mesure(etat, valeurs)
    mesure = Mesure(**valeurs)
    etat.mesures.append(mesure)
    marquer(etat, "ajouter", _nom_de_la_mesure(mesure), par=par, le=le)
    return mesure


def modifier_mesure(mesure: Mesure, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> None:
    """Correct a measured line."""
    etat = mesure.etat_des_lieux
    exiger_saisie_possible(etat, version)
    _exiger_mesure(etat, valeurs)
    _poser(mesure, valeurs)
    marquer(etat, "modifier", _nom_de_la_mesure(mesure), par=par, le=le)


def retirer_mesure(mesure: Mesure, version: int, *, par: Auteur, le: datetime) -> None:
    """Take a measured line out."""
    etat = mesure.etat_des_lieux
    exiger_saisie_possible(etat, version)
    etat.mesures.remove(mesure)
    marquer(etat, "retirer", _nom_de_la_mesure(mesure), par=par, le=le)


def ajouter_reliures(
    etat: EtatDesLieux, lignes: Sequence[Valeurs], version: int, *, par: Auteur, le: datetime
) -> list[RegistreARelier]:
    """Add unbound years. Raises RegleRefusee, and adds none, when one of them is already there."""
    exiger_saisie_possible(etat, version)
    for valeurs in lignes:
        _exiger_annee_libre(etat, valeurs, None)
    ajoutees = [RegistreARelier(**valeurs) for valeurs in lignes]
    etat.reliures.extend(ajoutees)
    resume = f"{libelle_serie(ajoutees[0].serie)}, {accorde(len(ajoutees), 'année')} à relier"
    marquer(etat, "ajouter", resume, par=par, le=le)
    return ajoutees


def modifier_reliure(ligne: RegistreARelier, valeurs: Valeurs, version: int, *, par: Auteur, le: datetime) -> None:
    """Correct an unbound year."""
    etat = ligne.etat_des_lieux
    exiger_saisie_possible(etat, version)
    _exiger_annee_libre(etat, valeurs, ligne)
    _poser(ligne, valeurs)
    marquer(etat, "modifier", _nom_de_l_annee(ligne), par=par, le=le)


def retirer_reliure(ligne: RegistreARelier, version: int, *, par: Auteur, le: datetime) -> None:
    """Take an unbound year out."""
    etat = ligne.etat_des_lieux
    exiger_saisie_possible(etat, version)
    etat.reliures.remove(ligne)
    marquer(etat, "retirer", _nom_de_l_annee(ligne), par=par, le=le)


def _poser(objet: Any, valeurs: Valeurs) -> None:
    """Write each value under its name."""
    for nom, valeur in valeurs.items():
        setattr(objet, nom, valeur)


def _exiger_nom_libre(etat: EtatDesLieux, nom: str, sauf: Local | None) -> None:
    """Raise RegleRefusee when another room of the audit bears that name."""
    if any(local.nom == nom and local is not sauf for local in etat.locaux):
        raise RegleRefusee(f"Un local s’appelle déjà «\u00a0{nom}\u00a0»\u00a0: donnez un autre nom.")


def _exiger_annee_libre(etat: EtatDesLieux, valeurs: Valeurs, sauf: RegistreARelier | None) -> None:
    """Raise RegleRefusee when that year of the series is already there."""
    cle = valeurs["serie"], valeurs["annee"]
    if any((ligne.serie, ligne.annee) == cle and ligne is not sauf for ligne in etat.reliures):
        raise RegleRefusee(
            f"{libelle_serie(cle[0])} {cle[1]}\u00a0: cette année est déjà dans la liste, modifiez sa ligne."
        )


def _exiger_mesure(etat: EtatDesLieux, valeurs: Valeurs) -> None:
    """Raise RegleRefusee when the parts do not make the whole, or the room is not one of the audit."""
    parties = valeurs["eliminable_mm"] + valeurs["temporaire_mm"] + valeurs["definitif_mm"]
    if parties != valeurs["mesure_mm"]:
        raise RegleRefusee(f"{ecrire_ml(valeurs['mesure_mm'])} mesurés, mais les parties font {ecrire_ml(parties)}.")
    if valeurs["local_id"] is not None and valeurs["local_id"] not in {local.id for local in etat.locaux}:
        raise RegleRefusee("Ce local n’est pas de cet état des lieux\u00a0: choisissez-en un de la liste.")


def _nom_du_rayonnage(rayonnage: Rayonnage) -> str:
    """« Rayonnage de 24,00 ml »."""
    return f"Rayonnage de {ecrire_ml(rayonnage.longueur_totale_mm)}, {rayonnage.local.nom}"


def _nom_de_la_mesure(mesure: Mesure) -> str:
    """« Urbanisme : 14,00 ml »."""
    return f"{categorie(mesure.categorie).libelle}\u00a0: {ecrire_ml(mesure.mesure_mm)}"


def _nom_de_l_annee(ligne: RegistreARelier) -> str:
    """« Délibérations 2021 : 110 feuillets »."""
    return f"{libelle_serie(ligne.serie)} {ligne.annee}\u00a0: {accorde(ligne.feuillets, 'feuillet')}"
