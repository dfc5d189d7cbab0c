"""How many pieces a member may put in its basket, and the rank it holds for them.

A member orders whole packs, unless the article is `fractionnable`, or the order is fetched at the depot, which opens
the pack: then any number, the groupement completes the packs. Orders typed or imported by the buyer are free of that
rule (`colis_entiers=False`): what counts there is what the body wrote on paper, and the regroupement rounds the sum up
anyway. Why: docs/decisions/0009-unites-et-colis.md.
"""

from dataclasses import dataclass
from datetime import datetime

from groupement.catalogue.rules.conditionnement import est_en_colis_entiers, phrase_conditionnement, quantites_proches
from groupement.socle.nombres import accorde, entier_fr

UNITES_MAX = 1_000_000
AU_DEPOT = "Pour un nombre exact, choisissez le retrait au dépôt\u00a0: le dépôt ouvre le colis."


@dataclass(frozen=True, slots=True)
class Refus:
    """Why a quantity will not do, and the nearest ones (pieces) that will."""

    motif: str
    propositions: tuple[int, ...] = ()


def refus_de_quantite(
    unites: int, unites_par_colis: int, *, fractionnable: bool, colis_entiers: bool = True
) -> Refus | None:
    """Why `unites` pieces of an article cannot be ordered; None when they can."""
    if unites < 1:
        return Refus("Indiquez au moins une unité, ou retirez l’article du panier.", (unites_par_colis,))
    if unites > UNITES_MAX:
        return Refus(f"Indiquez {entier_fr(UNITES_MAX)} unités au plus\u00a0: au-delà, appelez le Centre de gestion.")
    if not colis_entiers or fractionnable or est_en_colis_entiers(unites, unites_par_colis):
        return None
    dessous, dessus = quantites_proches(unites, unites_par_colis)
    proches = (dessous, dessus) if dessous else (dessus,)
    return Refus(f"{phrase_conditionnement(unites, unites_par_colis)} {AU_DEPOT}", proches)


def accepte_du_surplus(unites_par_colis: int, *, fractionnable: bool) -> bool:
    """Whether asking « how many more would you take? » makes sense: only where members may share a pack."""
    return fractionnable and unites_par_colis > 1


def refus_d_unites_en_plus(en_plus: int, unites_par_colis: int, *, fractionnable: bool) -> Refus | None:
    """Why a member cannot accept `en_plus` extra pieces; None when it can. A pack is completed by less than a pack."""
    if en_plus == 0:
        return None
    if en_plus < 0:
        return Refus("Indiquez 0 si vous ne voulez rien de plus.", (0,))
    if not accepte_du_surplus(unites_par_colis, fractionnable=fractionnable):
        return Refus("Livré, cet article se commande par colis entiers\u00a0: il n’y a pas de colis à compléter.", (0,))
    if en_plus >= unites_par_colis:
        return Refus(
            f"Indiquez {entier_fr(unites_par_colis - 1)} au plus\u00a0: un colis contient "
            f"{accorde(unites_par_colis, 'unité')}, il en manque toujours moins que cela pour le compléter.",
            (unites_par_colis - 1,),
        )
    return None


def phrase_du_surplus(en_plus: int, unites: int) -> str:
    """What accepting extra pieces means, in plain words."""
    if en_plus == 0:
        return "Vous recevrez exactement ce que vous commandez."
    return (
        f"J’accepte jusqu’à {entier_fr(en_plus)} de plus si cela complète un colis du groupement\u00a0: vous recevrez "
        f"(et paierez) entre {entier_fr(unites)} et {entier_fr(unites + en_plus)} unités, au même prix unitaire."
    )


def rang_apres(rang: datetime, unites_avant: int, unites_apres: int, le: datetime) -> datetime:
    """The rank of a line once changed: raising it takes a new place in the queue, lowering it keeps the old one."""
    return le if unites_apres > unites_avant else rang
