"""What a bon said before it changed: its versions, their lines, who was to receive what."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.commandes.models import (
    Affectation,
    BonDeCommande,
    LigneBon,
    LigneDeVersion,
    PartDeVersion,
    VersionDeBon,
)
from groupement.commandes.queries import bons
from groupement.commandes.queries.bons import ordre_des_lieux
from groupement.commandes.states import EtatBonDeCommande
from groupement.socle.db import db


def versions_de(bon_id: int) -> Sequence[VersionDeBon]:
    """The versions of a bon that no longer hold, the latest first."""
    return db.session.scalars(
        select(VersionDeBon).where(VersionDeBon.bon_id == bon_id).order_by(VersionDeBon.revision.desc())
    ).all()


def version_de(bon: BonDeCommande, revision: int) -> VersionDeBon:
    """One of them; 404 when the bon never had it. The caller has the bon through its own door."""
    voulue = select(VersionDeBon).where(VersionDeBon.bon_id == bon.id, VersionDeBon.revision == revision)
    version: VersionDeBon = db.one_or_404(voulue)
    return version


def lignes_de_version(version_id: int) -> Sequence[LigneDeVersion]:
    """Its articles, as they were."""
    return db.session.scalars(
        select(LigneDeVersion).where(LigneDeVersion.version_id == version_id).order_by(LigneDeVersion.ligne_bon_id)
    ).all()


def contenu_de_version(version_id: int) -> Sequence[Any]:
    """What each place was to receive, article by article, as `bons.contenu_des_lieux` says it. One statement."""
    return db.session.execute(
        select(
            PointDeLivraison,
            Collectivite,
            LigneDeVersion,
            case((PointDeLivraison.id.is_not(None), func.max(PartDeVersion.commande_id))).label("commande_id"),
            func.sum(PartDeVersion.unites).label("unites"),
        )
        .select_from(PartDeVersion)
        .join(
            LigneDeVersion,
            (LigneDeVersion.version_id == PartDeVersion.version_id)
            & (LigneDeVersion.ligne_bon_id == PartDeVersion.ligne_bon_id),
        )
        .outerjoin(PointDeLivraison, PointDeLivraison.id == PartDeVersion.point_de_livraison_id)
        .outerjoin(Collectivite, Collectivite.id == PointDeLivraison.collectivite_id)
        .where(PartDeVersion.version_id == version_id)
        .group_by(PointDeLivraison.id, Collectivite.id, LigneDeVersion.id)
        .order_by(*ordre_des_lieux(), LigneDeVersion.ligne_bon_id)
    ).all()


def parts_des_membres(bon_id: int) -> dict[int, list[Any]]:
    """(designation, reference, unites) a bon holds for each body, by body. One statement."""
    lignes = db.session.execute(
        select(Affectation.collectivite_id, LigneBon.designation, LigneBon.reference, Affectation.unites)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == bon_id, Affectation.collectivite_id.is_not(None))
        .order_by(LigneBon.id, Affectation.id)
    )
    parts: dict[int, list[Any]] = defaultdict(list)
    for ligne in lignes:
        parts[ligne.collectivite_id].append(ligne)
    return parts


def dernier_changement(bon: BonDeCommande) -> VersionDeBon | None:
    """The version the present one took the place of, which says what changed; for a cancelled bon, its end."""
    revision = bon.revision if bon.etat is EtatBonDeCommande.ANNULE else bon.revision - 1
    voulue = select(VersionDeBon).where(VersionDeBon.bon_id == bon.id, VersionDeBon.revision == revision)
    return db.session.scalars(voulue).one_or_none() if revision >= 0 else None


def taux_du_port(bon: BonDeCommande) -> Any:
    """The VAT rate of the shipping of a bon, that of a cancelled one as it was kept; None when it carries none."""
    if bon.etat is not EtatBonDeCommande.ANNULE:
        return bons.taux_du_port(bon.id)
    return version_de(bon, bon.revision).tva_port_pct


def remplacant_de(bon: BonDeCommande) -> BonDeCommande | None:
    """The bon that took the place of this one, if it was cancelled."""
    if bon.etat is not EtatBonDeCommande.ANNULE:
        return None
    return db.session.scalars(select(BonDeCommande).where(BonDeCommande.remplace_id == bon.id)).first()
