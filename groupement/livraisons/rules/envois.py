"""A shipment a supplier announces: what it says of it, and what of a place may leave alone. Units are pieces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import accorde, entier_fr


@dataclass(frozen=True, slots=True)
class Envoi:
    """The day, who carries, how many packages, the number of the slip; all but the day may be unknown."""

    pour: date
    transporteur: str = ""
    colis: int | None = None
    bordereau: str = ""


def phrase_de_l_envoi(envoi: Envoi, livraisons: int, annoncees: int | None = None) -> str:
    """The shipment in a line. `annoncees`: the pieces that leave, when it is only a part of one delivery."""
    quoi = accorde(livraisons, "livraison")
    if annoncees is not None:
        quoi = f"une partie d’une livraison ({accorde(annoncees, 'unité')})"
    precisions = [
        f"pour le {date_fr(envoi.pour)}",
        f"par {envoi.transporteur}" if envoi.transporteur else "",
        accorde(envoi.colis, "colis", "colis") if envoi.colis else "",
        f"bordereau {envoi.bordereau}" if envoi.bordereau else "",
    ]
    return ", ".join([quoi, *(precision for precision in precisions if precision)])


def fautes_de_la_partie(attendues: Mapping[int, int], partie: Mapping[int, int]) -> dict[int, str]:
    """What is wrong with a part of a delivery, by bon line (0: the whole); both count pieces by bon line."""
    fautes = {
        ligne: f"Indiquez entre 0 et {entier_fr(attendues.get(ligne, 0))}, ce qui est attendu à ce lieu."
        for ligne, unites in partie.items()
        if not 0 <= unites <= attendues.get(ligne, 0)
    }
    if not fautes and not any(partie.values()):
        fautes[0] = "Indiquez au moins une unité."
    return fautes


def est_entiere(attendues: Mapping[int, int], partie: Mapping[int, int]) -> bool:
    """Whether the « part » is all that is expected."""
    return all(partie.get(ligne, 0) == unites for ligne, unites in attendues.items())
