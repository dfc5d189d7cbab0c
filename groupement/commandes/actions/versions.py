"""Keep what a bon said before it changes: its figures, its lines, who was to receive what. Three statements."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, literal, select

from groupement.commandes.models import (
    Affectation,
    BonDeCommande,
    LigneBon,
    LigneCommande,
    LigneDeVersion,
    PartDeVersion,
    VersionDeBon,
)
from groupement.commandes.queries.bons import taux_du_port
from groupement.commandes.rules.bon_a_reviser import Changement
from groupement.socle.db import db
from groupement.socle.journal import Auteur

DE_LA_LIGNE = (
    *("reference", "designation", "unite", "unites_par_colis", "unites_demandees", "unites_du_stock", "colis"),
    *("unites", "unites_acceptees_en_plus", "surplus_au_depot", "prix_unitaire_ht", "tva_pct", "montant_ht"),
)


def archiver(
    bon: BonDeCommande, motif: str, changements: Sequence[Changement], *, par: Auteur, le: datetime
) -> VersionDeBon:
    """Write the bon as it is now as a version that no longer holds, and why."""
    version = VersionDeBon(
        bon_id=bon.id,
        revision=bon.revision,
        close_le=le,
        close_par=par.nom,
        motif=motif,
        changements=[asdict(changement) for changement in changements],
        a_livrer_avant_le=bon.a_livrer_avant_le,
        port_ht=bon.port_ht,
        tva_port_pct=taux_du_port(bon.id),
        total_ht=bon.total_ht,
        total_tva=bon.total_tva,
        total_ttc=bon.total_ttc,
    )
    db.session.add(version)
    db.session.flush()
    _copier(bon.id, version.id)
    return version


def _copier(bon_id: int, version_id: int) -> None:
    """The lines and the parts of the bon, as they are. Two statements."""
    lignes = select(literal(version_id), LigneBon.id, *(getattr(LigneBon, nom) for nom in DE_LA_LIGNE))
    db.session.execute(
        insert(LigneDeVersion).from_select(
            ("version_id", "ligne_bon_id", *DE_LA_LIGNE), lignes.where(LigneBon.bon_id == bon_id).order_by(LigneBon.id)
        )
    )
    parts = (
        select(
            *(literal(version_id), Affectation.ligne_bon_id, Affectation.collectivite_id),
            *(Affectation.point_de_livraison_id, LigneCommande.commande_id, Affectation.unites, Affectation.montant_ht),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .outerjoin(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .where(LigneBon.bon_id == bon_id)
        .order_by(Affectation.id)
    )
    colonnes = (
        *("version_id", "ligne_bon_id", "collectivite_id", "point_de_livraison_id", "commande_id"),
        *("unites", "montant_ht"),
    )
    db.session.execute(insert(PartDeVersion).from_select(colonnes, parts))
