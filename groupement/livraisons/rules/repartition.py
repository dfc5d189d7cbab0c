"""Sharing what arrived when it is less than what was ordered: by rank, pro rata of quantity, or pro rata of value.

Quantities are pieces of one article; lines come in rank order. The computed share, a person's change and its reason
stay three things: this module computes the first and checks the other two. Source: design.md §4.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.states import RegleDeReliquat
from groupement.socle.argent import en_centimes, repartir_entier
from groupement.socle.nombres import accorde


@dataclass(frozen=True, slots=True)
class LigneAttendue:
    """What a member's line expects: `unites` pieces, worth `montant_ht` (€, 2 places)."""

    affectation_id: int
    unites: int
    montant_ht: Decimal = Decimal("0.00")


def repartir_arrivage(lignes: Sequence[LigneAttendue], unites_arrivees: int, regle: RegleDeReliquat) -> list[int]:
    """Pieces for each line, aligned on `lignes` (in rank order); they sum to `unites_arrivees`, none above its demand.

    RANG serves each line in full as long as pieces are left. QUANTITE and VALEUR share in proportion, leftover pieces
    to the largest remainders, then to the first listed; by value, what a line cannot take goes to the others.
    Raises ValueError for a negative arrival or demand, or when more arrives than the lines expect.
    """
    attendues = [ligne.unites for ligne in lignes]
    if unites_arrivees < 0 or min(attendues, default=0) < 0 or unites_arrivees > sum(attendues):
        raise ValueError(f"arrivage impossible : {unites_arrivees} pour {sum(attendues)} unités attendues")
    if unites_arrivees == 0:
        return [0] * len(lignes)
    if regle is RegleDeReliquat.RANG:
        return _par_rang(attendues, unites_arrivees)
    if regle is RegleDeReliquat.VALEUR:
        return _au_prorata(attendues, [en_centimes(ligne.montant_ht) for ligne in lignes], unites_arrivees)
    return repartir_entier(unites_arrivees, attendues)


def fautes_de_la_modification(
    lignes: Sequence[LigneAttendue], calculees: Sequence[int], modifiees: Sequence[int], motif: str
) -> list[str]:
    """French sentences on a share changed by hand; empty when it holds (or when nothing was changed).

    It must give exactly what arrived, no line more than it expects, and say why.
    """
    if list(modifiees) == list(calculees):
        return []
    fautes = []
    if len(modifiees) != len(lignes) or min(modifiees, default=0) < 0:
        return ["Indiquez pour chaque ligne un nombre d’unités, zéro au moins."]
    if sum(modifiees) != sum(calculees):
        fautes.append(
            f"Vous répartissez {accorde(sum(modifiees), 'unité')}, mais {accorde(sum(calculees), 'unité')} "
            f"{'est arrivée' if sum(calculees) < 2 else 'sont arrivées'}."
        )
    if any(donnees > ligne.unites for donnees, ligne in zip(modifiees, lignes, strict=True)):
        fautes.append("Une ligne ne peut pas recevoir plus que ce qu’elle attend.")
    if not motif.strip():
        fautes.append("Dites pourquoi vous changez la répartition calculée.")
    return fautes


def _par_rang(attendues: Sequence[int], reste: int) -> list[int]:
    """Each in turn takes all it can."""
    parts = []
    for unites in attendues:
        parts.append(min(unites, reste))
        reste -= parts[-1]
    return parts


def _au_prorata(attendues: Sequence[int], poids: Sequence[int], arrivees: int) -> list[int]:
    """Share by `poids`, first filling the lines that cannot take their share; by quantity when nothing weighs."""
    parts = [0] * len(attendues)
    ouvertes = list(range(len(attendues)))
    while True:
        # a share above what a line expects always leaves pieces for the lines still open
        poids_ouverts = [poids[i] for i in ouvertes]
        if not any(poids_ouverts):
            poids_ouverts = [attendues[i] for i in ouvertes]
        proposees = dict(zip(ouvertes, repartir_entier(arrivees, poids_ouverts), strict=True))
        pleines = {i for i, part in proposees.items() if part > attendues[i]}
        if not pleines:
            return [proposees.get(i, part) for i, part in enumerate(parts)]
        for i in pleines:
            parts[i] = attendues[i]
            arrivees -= attendues[i]
        ouvertes = [i for i in ouvertes if i not in pleines]
