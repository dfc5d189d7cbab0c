"""Bodies and their delivery places: what changes is written in the journal. Nothing commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from groupement.adherents.actions.versions import exiger_version
from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.adherents.rules.recherche import normaliser
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def _reporter(objet: Any, valeurs: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write the values that differ; field → [before, after]."""
    changes = {c: [getattr(objet, c), v] for c, v in valeurs.items() if getattr(objet, c) != v}
    for champ, (_, apres) in changes.items():
        setattr(objet, champ, apres)
    return changes


def modifier_collectivite(
    collectivite: Collectivite, valeurs: Mapping[str, Any], *, version: int | None = None, par: Auteur, le: datetime
) -> bool:
    """Change the identity of a body; False when nothing differs.

    RegleRefusee when the SIRET is another's, ConflitDeVersion when the page is out of date.
    """
    exiger_version(collectivite, version, "Cette fiche a été modifiée")
    siret = valeurs.get("siret")
    if siret and db.session.scalar(
        select(Collectivite.nom).where(Collectivite.siret == siret, Collectivite.id != collectivite.id)
    ):
        raise RegleRefusee(f"Le SIRET {siret} est déjà celui d’une autre collectivité.")
    changes = _reporter(collectivite, valeurs)
    if "nom" in changes:
        collectivite.nom_recherche = normaliser(collectivite.nom)
    if changes:
        collectivite.version += 1
        noter("collectivite", collectivite.id, "modifier", par=par, le=le, resume=collectivite.nom, details=changes)
    return bool(changes)


def ajouter_point(
    collectivite: Collectivite, valeurs: Mapping[str, Any], *, par: Auteur, le: datetime
) -> PointDeLivraison:
    """A new delivery place. RegleRefusee when the body already has one of that name."""
    _refuser_le_doublon(collectivite.id, valeurs["libelle"], None)
    point = PointDeLivraison(collectivite_id=collectivite.id, actif=True, **valeurs)
    db.session.add(point)
    db.session.flush()
    noter("point_de_livraison", point.id, "creer", par=par, le=le, resume=f"{collectivite.nom}, {point.libelle}")
    return point


def modifier_point(
    point: PointDeLivraison, valeurs: Mapping[str, Any], *, version: int | None = None, par: Auteur, le: datetime
) -> bool:
    """Change a delivery place; False when nothing differs. ConflitDeVersion when the page is out of date."""
    exiger_version(point, version, "Ce lieu a été modifié")
    _refuser_le_doublon(point.collectivite_id, valeurs["libelle"], point.id)
    changes = _reporter(point, valeurs)
    if changes:
        point.version += 1
        resume = f"{point.collectivite.nom}, {point.libelle}"
        noter("point_de_livraison", point.id, "modifier", par=par, le=le, resume=resume, details=changes)
    return bool(changes)


def basculer_point(point: PointDeLivraison, actif: bool, *, par: Auteur, le: datetime) -> None:
    """Stop or resume deliveries there; what was ordered keeps its place."""
    if point.actif == actif:
        raise RegleRefusee(f"Ce lieu est déjà {'utilisé' if actif else 'mis de côté'}.")
    point.actif = actif
    point.version += 1
    resume = f"{point.collectivite.nom}, {point.libelle}"
    noter("point_de_livraison", point.id, "réactiver" if actif else "désactiver", par=par, le=le, resume=resume)


def _refuser_le_doublon(collectivite_id: int, libelle: str, sauf: int | None) -> None:
    """Two places of one body have two names."""
    autre = select(PointDeLivraison.id).where(
        PointDeLivraison.collectivite_id == collectivite_id,
        PointDeLivraison.libelle == libelle,
        PointDeLivraison.id != (sauf or 0),
    )
    if db.session.scalar(autre):
        raise RegleRefusee(
            f"Un lieu de livraison s’appelle déjà «\u00a0{libelle}\u00a0»\u00a0: donnez-lui un autre nom."
        )
