"""The shares of a bon another titulaire took over: every price and centime of the members and of the depot, again."""

from sqlalchemy import delete, insert, update

from groupement.commandes.models import Affectation, BonDeCommande, PartDePort
from groupement.commandes.rules.demandes import TVA_DU_PORT_PCT
from groupement.commandes.rules.revision import BonRevise
from groupement.socle.argent import en_euros
from groupement.socle.db import db


def chiffrer_les_parts(bon: BonDeCommande, repris: BonRevise) -> None:
    """Write the shares of the new bon, whose affectations and shipping were those of the first. Three statements."""
    chiffrees = [
        {"id": part.affectation_id, "prix_unitaire_ht": ligne.prix_unitaire_ht, "montant_ht": en_euros(part.centimes)}
        for ligne in repris.lignes
        for part in (*ligne.membres, *([ligne.depot] if ligne.depot else []))
    ]
    if chiffrees:
        db.session.execute(update(Affectation), chiffrees)
    db.session.execute(delete(PartDePort).where(PartDePort.bon_id == bon.id))
    ports = [
        {"bon_id": bon.id, "collectivite_id": corps, "montant_ht": en_euros(part), "tva_pct": TVA_DU_PORT_PCT}
        for corps, part in repris.ports.items()
    ]
    if ports:
        db.session.execute(insert(PartDePort), ports)
