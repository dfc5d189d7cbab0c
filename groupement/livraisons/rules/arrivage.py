"""What a delivery brings, article by article: when it may be said to have come, and who gets what when it is short.

Quantities are pieces of one article. Source: design.md §4.4.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from groupement.commandes.states import RegleDeReliquat
from groupement.livraisons.rules.repartition import LigneAttendue, repartir_arrivage
from groupement.socle.calendrier import date_fr


def fautes_de_la_date(livree_le: date, emis_le: date, le: date) -> list[str]:
    """French sentences on the day of a delivery; empty when it holds: neither to come, nor before the bon."""
    if livree_le > le:
        return ["Cette date est à venir\u00a0: indiquez le jour où la livraison est arrivée."]
    if livree_le < emis_le:
        return [f"Le bon de commande est du {date_fr(emis_le)}\u00a0: la livraison ne peut pas être plus ancienne."]
    return []


def unites_par_ligne(
    membres: Sequence[LigneAttendue], depot: Sequence[LigneAttendue], unites: int, regle: RegleDeReliquat
) -> list[int]:
    """Good pieces for each line, members' then the depot's, in rank order; they sum to `unites`.

    The depot's own surplus is nobody's demand: it takes only what the members leave, whatever the rule.
    Raises ValueError when more came than is expected.
    """
    pour_les_membres = min(unites, sum(ligne.unites for ligne in membres))
    return repartir_arrivage(membres, pour_les_membres, regle) + repartir_arrivage(
        depot, unites - pour_les_membres, regle
    )


def refus_par_ligne(lignes: Sequence[LigneAttendue], bonnes: Sequence[int], unites_refusees: int) -> list[int]:
    """The refused pieces, laid on the lines that lack some, in their order: so that each line adds up.

    Whose line bears a refusal changes nothing of what it gets: a missing piece and a refused one are both owed.
    Raises ValueError when more is refused than the lines lack.
    """
    manques = [replace(ligne, unites=ligne.unites - b) for ligne, b in zip(lignes, bonnes, strict=True)]
    return repartir_arrivage(manques, unites_refusees, RegleDeReliquat.RANG)
