"""What each body gets and owes of a regroupement: its affectations and its shipping, gathered.

Quantities are pieces, amounts € HT.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.rules.bons import Affectation, Origine, ResultatRegroupement
from groupement.socle.argent import en_euros


@dataclass(frozen=True, slots=True)
class PartCollectivite:
    """A body's part: its affectations in the order of the bons, its shipping, and the sum of both."""

    collectivite_id: int
    siren: str
    affectations: tuple[Affectation, ...]
    port_ht: Decimal
    total_ht: Decimal


def parts_par_collectivite(
    resultat: ResultatRegroupement, *, origine: Origine | None = Origine.BON
) -> list[PartCollectivite]:
    """One part per body, by SIREN; only what comes from the bons unless `origine` says otherwise (None: everything).

    With `Origine.BON`, the parts and the depot's (surplus, its own shipping) sum to the bons, in pieces and centimes.
    """
    affectations: dict[tuple[str, int], list[Affectation]] = defaultdict(list)
    ports: dict[tuple[str, int], int] = defaultdict(int)
    for affectation in resultat.affectations:
        if origine in (None, affectation.origine):
            affectations[affectation.siren, affectation.collectivite_id].append(affectation)
    for part in resultat.ports if origine is not Origine.STOCK else []:
        if part.collectivite_id is not None:
            ports[part.siren, part.collectivite_id] += part.centimes
    return [
        PartCollectivite(
            collectivite_id,
            siren,
            tuple(affectations[siren, collectivite_id]),
            en_euros(ports[siren, collectivite_id]),
            en_euros(ports[siren, collectivite_id] + sum(a.centimes for a in affectations[siren, collectivite_id])),
        )
        for siren, collectivite_id in sorted(affectations)
    ]


def parts_par_lot(resultat: ResultatRegroupement, lots: Mapping[int, int]) -> dict[tuple[int, int], Decimal]:
    """What each body owes to the bons of each lot, shipping included, by body then lot; `lots`: by article id."""
    centimes: dict[tuple[int, int], int] = defaultdict(int)
    for affectation in resultat.affectations:
        if affectation.origine is Origine.BON:
            centimes[affectation.collectivite_id, lots[affectation.article_id]] += affectation.centimes
    for part in resultat.ports:
        if part.collectivite_id is not None:
            centimes[part.collectivite_id, part.lot] += part.centimes
    return {cle: en_euros(somme) for cle, somme in centimes.items()}
