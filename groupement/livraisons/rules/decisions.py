"""What a decision on a delivery admits, and what a réfaction takes off. Pieces, and € HT in whole centimes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.socle.argent import arrondir, en_centimes, en_euros, repartir_entier
from groupement.socle.nombres import accorde, euros_fr


@dataclass(frozen=True, slots=True)
class Constat:
    """What was seen of a line at the door: pieces expected, delivered, and refused among those delivered."""

    unites_attendues: int
    unites_livrees: int
    unites_refusees: int

    @property
    def unites_manquantes(self) -> int:
        """Expected, not delivered."""
        return self.unites_attendues - self.unites_livrees

    @property
    def unites_a_remplacer(self) -> int:
        """Missing or refused: what the supplier still owes."""
        return self.unites_manquantes + self.unites_refusees

    @property
    def est_conforme(self) -> bool:
        """Whether everything came and nothing was refused."""
        return self.unites_a_remplacer == 0


def fautes_du_constat(constat: Constat, *, motif: bool) -> list[str]:
    """French sentences on what was typed at the door; empty when it holds. `motif`: whether a reason was given."""
    fautes = []
    if constat.unites_livrees < 0 or constat.unites_refusees < 0:
        fautes.append("Une quantité ne peut pas être négative.")
    if constat.unites_livrees > constat.unites_attendues:
        fautes.append(
            f"Vous indiquez {accorde(constat.unites_livrees, 'unité livrée', 'unités livrées')} pour "
            f"{accorde(constat.unites_attendues, 'unité attendue', 'unités attendues')}\u00a0: "
            "refusez ce qui est en trop au livreur."
        )
    if constat.unites_refusees > constat.unites_livrees:
        fautes.append("Vous ne pouvez pas refuser plus d’unités qu’il n’en a été livré.")
    if constat.unites_refusees > 0 and not motif:
        fautes.append("Dites pourquoi vous refusez ces unités.")
    return fautes


def unites_admises(constat: Constat) -> int:
    """Pieces an admission accepts: delivered less refused. Raises ValueError when the figures cannot be."""
    if not 0 <= constat.unites_refusees <= constat.unites_livrees <= constat.unites_attendues:
        raise ValueError(f"constat impossible : {constat}")
    return constat.unites_livrees - constat.unites_refusees


def refaction_proportionnelle(montant_admis_ht: Decimal, pct: Decimal) -> Decimal:
    """The cut (€ HT) of `pct` % on what is admitted, rounded once. Raises ValueError outside 0 to 100 %."""
    if not 0 <= pct <= 100:
        raise ValueError(f"réfaction impossible : {pct} %")
    return arrondir(montant_admis_ht * pct / 100)


def fautes_de_la_refaction(refaction_ht: Decimal, montant_admis_ht: Decimal, motif: str) -> list[str]:
    """French sentences on a réfaction; empty when it holds.

    It is above zero, in whole centimes, at most what is admitted, and reasoned. Source: rules.md §2.3.
    """
    fautes = []
    if refaction_ht <= 0 or refaction_ht != arrondir(refaction_ht):
        fautes.append("La réfaction est un montant supérieur à zéro, au centime près.")
    if refaction_ht > montant_admis_ht:
        fautes.append(
            f"La réfaction ({euros_fr(refaction_ht)}) dépasse ce qui est admis ({euros_fr(montant_admis_ht)} HT)."
        )
    if not motif.strip():
        fautes.append("Une réfaction est motivée\u00a0: décrivez les défauts constatés.")
    return fautes


def partager_refaction(refaction_ht: Decimal, montants_admis_ht: Sequence[Decimal]) -> list[Decimal]:
    """The réfaction (€ HT) shared over the lines by what each admits; parts sum to it, none above its line.

    Raises ValueError when it exceeds the whole, or when nothing is admitted.
    """
    admis = [en_centimes(montant) for montant in montants_admis_ht]
    refaction = en_centimes(refaction_ht)
    if not 0 <= refaction <= sum(admis):
        raise ValueError(f"réfaction impossible : {refaction_ht} sur {en_euros(sum(admis))}")
    return [en_euros(part) for part in repartir_entier(refaction, admis)]
