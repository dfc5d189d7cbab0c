"""Voting a rate: a new grid from a day on; what was voted never changes."""

from datetime import datetime

from groupement.prestations.actions.ecriture import un_a_la_fois
from groupement.prestations.models import TarifPrestation
from groupement.prestations.queries.tarifs import tarifs_de
from groupement.prestations.rules.tarifs import Vote, controler_la_grille
from groupement.socle.calendrier import date_fr
from groupement.socle.db import db
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import euros_fr


def voter(vote: Vote, *, par: Auteur, le: datetime) -> list[TarifPrestation]:
    """Write the grid. Raises GrilleRefusee when it could not hold, or when that day already has one."""
    un_a_la_fois()
    deja = {tarif.du for tarif in tarifs_de(vote.nature)}
    populations = [population for population, _ in vote.tranches]
    controler_la_grille(vote.nature, vote.du, vote.deliberee_le, populations, deja)
    votes = [
        TarifPrestation(
            nature=vote.nature,
            du=vote.du,
            population_a_partir_de=population,
            prix_unitaire_ht=prix,
            tva_pct=vote.tva_pct,
            deliberation_numero=vote.deliberation_numero,
            deliberee_le=vote.deliberee_le,
        )
        for population, prix in sorted(vote.tranches)
    ]
    db.session.add_all(votes)
    db.session.flush()
    for tarif in votes:
        resume = f"{vote.nature.libelle()}, {euros_fr(tarif.prix_unitaire_ht)} à partir du {date_fr(vote.du)}"
        noter(tarif.__tablename__, tarif.id, "voter", par=par, le=le, resume=resume)
    return votes
