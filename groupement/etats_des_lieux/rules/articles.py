"""From a need to the lines one could order: boxes, shelving, bindings, each with the reason it is proposed.

Only what the need asks for, rounded up to whole packs; buying more to reach a cheaper tier is advice in the line,
never done. Prices are euros excluding tax. Source: docs/besoins.md.
"""

from collections.abc import Sequence

from groupement.etats_des_lieux.rules.besoins import Besoins, EtatDesLieuxMesure
from groupement.etats_des_lieux.rules.choix_boites import proposer_boites
from groupement.etats_des_lieux.rules.choix_rayonnages import choisir_rayonnage, proposer_rayonnages, rangs_proposes
from groupement.etats_des_lieux.rules.choix_reliures import proposer_reliures
from groupement.etats_des_lieux.rules.lignes_proposees import ArticleDispo, LigneProposee, Proposition

__all__ = ["ArticleDispo", "LigneProposee", "Proposition", "proposer_articles"]


def proposer_articles(
    etat: EtatDesLieuxMesure, besoins: Besoins, articles: Sequence[ArticleDispo], rangs: int | None = None
) -> Proposition:
    """The lines to order for `besoins`: temporary boxes, definitive boxes, shelving, fitting, delivery, bindings.

    `rangs` is the number of rows the bays stand in, from the room plan; without it rows of six bays at most.
    What the contract has no article for is said in `manques`. Raises ValueError for an article without a price.
    """
    rangs = rangs_proposes(besoins.travees) if rangs is None else max(1, rangs)
    rayonnage = choisir_rayonnage(articles, etat.travee_mm, besoins.travees, rangs)
    profondeur_mm = rayonnage.depart.profondeur_mm if rayonnage and besoins.travees else None
    boites = [
        proposer_boites(articles, etat.dos_mm, compte, definitif=definitif, profondeur_mm=profondeur_mm)
        for definitif, compte in ((False, besoins.boites_temporaire), (True, besoins.boites_definitif))
    ]
    rayonnages, rayonnages_manquants = proposer_rayonnages(articles, etat.travee_mm, besoins.travees, rayonnage)
    reliures, reliures_manquantes = proposer_reliures(articles, besoins.volumes_a_relier)
    return Proposition(
        (*(ligne for ligne in boites if isinstance(ligne, LigneProposee)), *rayonnages, *reliures),
        (*(manque for manque in boites if isinstance(manque, str)), *rayonnages_manquants, *reliures_manquantes),
    )
