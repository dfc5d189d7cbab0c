"""What one body may add to an article that misses something: never more than is missing, in packs it can be served in.

Quantities are pieces. `deja`: what the body has ordered of the article; `se_partage`: it may order less than a pack
(`rules.fractions`). Two bodies may go for the same last pieces: who comes second gets what is left, and is told so.
"""

from dataclasses import dataclass

from groupement.commandes.rules.complement import Manque
from groupement.commandes.rules.phrases_du_complement import combien
from groupement.commandes.rules.quantites import Refus
from groupement.socle.nombres import entier_fr

PLUS_RIEN = "Il ne manque plus rien à cet article\u00a0: d’autres collectivités l’ont complété. Rien n’a été ajouté."


@dataclass(frozen=True, slots=True)
class Ajout:
    """The pieces let in, and what the body is told when they are fewer than it asked."""

    unites: int
    reduction: str = ""


def ajout_possible(manque: Manque, deja: int, voulues: int, *, se_partage: bool) -> int:
    """The most that may be added, `voulues` at most; 0 when nothing may."""
    plafond, pas = min(voulues, manque.unites_au_plus), _pas(manque, se_partage)
    depart = plafond if se_partage else plafond - (deja + plafond) % pas
    return next((unites for unites in range(depart, 0, -pas) if manque.rapproche(unites)), 0)


def ajout_conseille(manque: Manque, deja: int, *, se_partage: bool) -> int:
    """What a body is offered first: what fills the pack, else what reaches the tier, else the most it may."""
    if manque.colis and (unites := ajout_possible(manque, deja, manque.colis.unites_manquantes, se_partage=se_partage)):
        return unites
    return ajout_possible(manque, deja, manque.unites_au_plus, se_partage=se_partage)


def refus_d_ajout(manque: Manque, deja: int, voulues: int, *, se_partage: bool) -> Refus | None:
    """Why that many may not be added, with the nearest numbers that may; None when they may."""
    if voulues < 1:
        conseille = ajout_conseille(manque, deja, se_partage=se_partage)
        return Refus("Indiquez combien vous en ajoutez\u00a0: une unité au moins.", _non_nuls(conseille))
    if ajout_possible(manque, deja, voulues, se_partage=se_partage) == voulues:
        return None
    dessous = ajout_possible(manque, deja, voulues, se_partage=se_partage)
    return Refus(
        _motif(manque, deja, voulues, se_partage), _non_nuls(dessous, _dessus(manque, deja, voulues, se_partage))
    )


def ajout_sous_verrou(manque: Manque, deja: int, voulues: int, fermes_vues: int, *, se_partage: bool) -> Ajout | Refus:
    """What is let in once nobody else can add: all, or what is left when others came first (`fermes_vues` changed)."""
    refus = refus_d_ajout(manque, deja, voulues, se_partage=se_partage)
    if refus is None:
        return Ajout(voulues)
    reste = ajout_possible(manque, deja, voulues, se_partage=se_partage)
    if voulues < 1 or manque.demande.fermes == fermes_vues:
        return refus
    if not reste:
        return Refus(PLUS_RIEN)
    return Ajout(
        reste,
        f"D’autres collectivités ont complété cet article entre-temps\u00a0: il ne restait que "
        f"{combien(manque.demande, reste)} à ajouter, au lieu de {entier_fr(voulues)}. C’est ce que vous avez ajouté.",
    )


def _motif(manque: Manque, deja: int, voulues: int, se_partage: bool) -> str:
    """The sentence for a number above what is missing, for a pack that would be opened, or for a share of a pack."""
    demande = manque.demande
    if voulues > manque.unites_au_plus:
        return (
            f"Il ne manque que {combien(demande, manque.unites_au_plus)}\u00a0: pendant la phase de complément, "
            "personne ne peut en ajouter davantage."
        )
    if not se_partage and (deja + voulues) % demande.unites_par_colis:
        return (
            f"Livré chez vous, cet article va par colis entiers de {entier_fr(demande.unites_par_colis)}\u00a0: avec "
            f"{combien(demande, deja + voulues)}, le vôtre ne le serait pas."
        )
    return (
        f"{combien(demande, voulues)} de plus\u00a0: un nouveau colis de {entier_fr(demande.unites_par_colis)} serait "
        f"entamé, {combien(demande, demande.au_depot(voulues))} iraient au dépôt et le prix ne baisserait pas."
    )


def _dessus(manque: Manque, deja: int, voulues: int, se_partage: bool) -> int:
    """The smallest number above `voulues` that may be added; 0 when there is none."""
    pas = _pas(manque, se_partage)
    depart = voulues + 1 if se_partage else voulues + pas - (deja + voulues) % pas
    return next((u for u in range(depart, manque.unites_au_plus + 1, pas) if manque.rapproche(u)), 0)


def _pas(manque: Manque, se_partage: bool) -> int:
    """From one number to the next."""
    return 1 if se_partage else manque.demande.unites_par_colis


def _non_nuls(*unites: int) -> tuple[int, ...]:
    """The numbers that mean something."""
    return tuple(nombre for nombre in unites if nombre > 0)
