"""What suppliers announced: every shipment of a place, the days that hold and those they took the place of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from groupement.commandes.models import Affectation, LigneBon
from groupement.livraisons.models import EnvoiAnnonce, LigneEnvoi, LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import parmi
from groupement.livraisons.rules.envois import Annonce, Envoi
from groupement.socle.db import db


def tient() -> ColumnElement[bool]:
    """Still to come, of LigneEnvoi, EnvoiAnnonce and Livraison: not replaced, and not for a day already seen."""
    return LigneEnvoi.remplacee_par_id.is_(None) & (
        Livraison.livree_le.is_(None) | (EnvoiAnnonce.pour > Livraison.livree_le)
    )


def qui_tiennent(*colonnes: Any) -> Select[Any]:
    """These columns of the lines announced that still hold."""
    return (
        select(*colonnes)
        .select_from(LigneEnvoi)
        .join(EnvoiAnnonce, EnvoiAnnonce.id == LigneEnvoi.envoi_id)
        .join(Livraison, Livraison.id == LigneEnvoi.livraison_id)
        .where(tient())
    )


def attendu_et_annonce(livraison_ids: Collection[int]) -> Select[Any]:
    """(livraison_id, ligne_bon_id, attendues, annoncees): pieces by place and article, announced or not."""
    attendues = (
        select(
            LigneLivraison.livraison_id,
            Affectation.ligne_bon_id,
            func.sum(LigneLivraison.unites_attendues).label("attendues"),
        )
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .where(parmi(LigneLivraison.livraison_id, livraison_ids))
        .group_by(LigneLivraison.livraison_id, Affectation.ligne_bon_id)
        .subquery()
    )
    lieu_et_article = (LigneEnvoi.livraison_id, LigneEnvoi.ligne_bon_id)
    annoncees = (
        qui_tiennent(*lieu_et_article, func.sum(LigneEnvoi.unites).label("annoncees"))
        .where(parmi(LigneEnvoi.livraison_id, livraison_ids))
        .group_by(*lieu_et_article)
        .subquery()
    )
    meme = (annoncees.c.livraison_id == attendues.c.livraison_id) & (
        annoncees.c.ligne_bon_id == attendues.c.ligne_bon_id
    )
    return select(attendues, func.coalesce(annoncees.c.annoncees, 0).label("annoncees")).outerjoin(annoncees, meme)


def attendues_et_annoncees(livraison_id: int) -> dict[int, tuple[int, int]]:
    """Pieces expected at one place and those announced, by bon line. One statement."""
    lignes = db.session.execute(attendu_et_annonce([livraison_id]))
    return {ligne.ligne_bon_id: (int(ligne.attendues), int(ligne.annoncees)) for ligne in lignes}


def annonces_des(livraison_ids: Collection[int]) -> dict[int, list[Annonce]]:
    """Every shipment announced at these places, by delivery, those that hold by day, then the others. One statement."""
    suivant = aliased(EnvoiAnnonce)
    qui = (LigneEnvoi.livraison_id, LigneEnvoi.envoi_id, LigneEnvoi.remplacee_par_id, Livraison.livree_le)
    lignes = db.session.execute(
        select(EnvoiAnnonce, *qui, suivant.pour.label("remplacee_pour"), func.sum(LigneEnvoi.unites).label("unites"))
        .join(LigneEnvoi, LigneEnvoi.envoi_id == EnvoiAnnonce.id)
        .join(Livraison, Livraison.id == LigneEnvoi.livraison_id)
        .outerjoin(suivant, suivant.id == LigneEnvoi.remplacee_par_id)
        .where(parmi(LigneEnvoi.livraison_id, livraison_ids))
        .group_by(EnvoiAnnonce.id, *qui, suivant.pour)
        .order_by(LigneEnvoi.remplacee_par_id.is_not(None), EnvoiAnnonce.pour, EnvoiAnnonce.id)
    ).all()
    avant: dict[tuple[int, int | None], list[date]] = defaultdict(list)
    for ligne in lignes:
        avant[ligne.livraison_id, ligne.remplacee_par_id].append(ligne.EnvoiAnnonce.pour)
    annonces: dict[int, list[Annonce]] = defaultdict(list)
    for ligne in lignes:
        annonces[ligne.livraison_id].append(_annonce(ligne, avant.get((ligne.livraison_id, ligne.envoi_id), ())))
    return annonces


def _annonce(ligne: Any, avant: Sequence[date]) -> Annonce:
    """A shipment at a place, as people read it."""
    dit = ligne.EnvoiAnnonce
    return Annonce(
        Envoi(dit.pour, dit.transporteur, dit.colis, dit.bordereau),
        *(int(ligne.unites), dit.annonce_le, dit.annonce_par),
        avant=tuple(avant),
        remplacee_pour=ligne.remplacee_pour,
        passee=ligne.livree_le is not None and dit.pour <= ligne.livree_le,
        numero=dit.id,
    )


def annonces_de(livraison_id: int) -> list[Annonce]:
    """The shipments announced at one place, with the pieces of each article. Two statements."""
    annonces = annonces_des([livraison_id]).get(livraison_id, [])
    articles = _articles(livraison_id) if annonces else {}
    return [replace(annonce, articles=tuple(articles[annonce.numero])) for annonce in annonces]


def _articles(livraison_id: int) -> Mapping[int, list[tuple[str, int]]]:
    """(designation, pieces) by shipment."""
    articles: dict[int, list[tuple[str, int]]] = defaultdict(list)
    lignes = db.session.execute(
        select(LigneEnvoi.envoi_id, LigneBon.designation, LigneEnvoi.unites)
        .join(LigneBon, LigneBon.id == LigneEnvoi.ligne_bon_id)
        .where(LigneEnvoi.livraison_id == livraison_id)
        .order_by(LigneEnvoi.id)
    )
    for envoi_id, designation, unites in lignes:
        articles[envoi_id].append((designation, unites))
    return articles


def a_deja_annonce(bon_id: int) -> bool:
    """Whether a shipment of this bon was ever announced."""
    return bool(db.session.scalar(select(exists().where(EnvoiAnnonce.bon_id == bon_id))))
