"""A shipment a supplier announces: what it says of it, and what of a place may leave alone. Units are pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import accorde, entier_fr


@dataclass(frozen=True, slots=True)
class Envoi:
    """The day, who carries, how many packages, the number of the slip; all but the day may be unknown."""

    pour: date
    transporteur: str = ""
    colis: int | None = None
    bordereau: str = ""


@dataclass(frozen=True, slots=True)
class Annonce:
    """A shipment as it was announced at one place: the pieces it brings there, who said so and when.

    `avant`: the days it took the place of. `remplacee_pour`: the day that took its place, if one did. `passee`: the
    place was delivered that day, or later.
    """

    envoi: Envoi
    unites: int
    le: datetime
    par: str
    avant: tuple[date, ...] = ()
    remplacee_pour: date | None = None
    passee: bool = False
    numero: int = 0
    articles: tuple[tuple[str, int], ...] = ()

    @property
    def tient(self) -> bool:
        """Whether it is still to come."""
        return self.remplacee_pour is None and not self.passee


@dataclass(frozen=True, slots=True)
class Suite:
    """What a new shipment changes at one place: the pieces it brings, the days it replaces, what else is announced."""

    unites: int
    avant: tuple[date, ...]
    autres: tuple[Annonce, ...]

    @property
    def annoncees(self) -> int:
        """Pieces of the place whose day is known."""
        return self.unites + sum(annonce.unites for annonce in self.autres)


def suite_de(annonces: Sequence[Annonce], numero: int) -> Suite:
    """What the shipment of that number, one of these of one place, changes there."""
    (nouvelle,) = (annonce for annonce in annonces if annonce.numero == numero)
    autres = tuple(annonce for annonce in annonces if annonce.tient and annonce.numero != numero)
    return Suite(nouvelle.unites, nouvelle.avant, autres)


def jours_dits(jours: Sequence[date]) -> str:
    """« 21 décembre 2026 et 4 janvier 2027 », each day once, in their order."""
    *debut, dernier = [date_fr(jour) for jour in sorted(set(jours))]
    return f"{', '.join(debut)} et {dernier}" if debut else dernier


def phrase_de_l_envoi(envoi: Envoi, livraisons: int, annoncees: int | None = None, changees: int = 0) -> str:
    """The shipment in a line. `annoncees`: the pieces that leave, when it is only a part of one delivery.

    `changees`: how many of the deliveries had another day announced, that does not hold any more.
    """
    quoi = accorde(livraisons, "livraison")
    if annoncees is not None:
        quoi = f"une partie d’une livraison ({accorde(annoncees, 'unité')})"
    precisions = [
        f"pour le {date_fr(envoi.pour)}",
        f"par {envoi.transporteur}" if envoi.transporteur else "",
        accorde(envoi.colis, "colis", "colis") if envoi.colis else "",
        f"bordereau {envoi.bordereau}" if envoi.bordereau else "",
        accorde(changees, "livraison change de jour", "livraisons changent de jour") if changees else "",
    ]
    return ", ".join([quoi, *(precision for precision in precisions if precision)])


def annoncables(attendues: Mapping[int, tuple[int, int]], *, remplace: bool) -> dict[int, int]:
    """Pieces a shipment may announce at a place, by bon line, from (expected, announced already).

    What no shipment brings yet; all of it when the shipment replaces the others, or when nothing is left to announce:
    it can only be another day then.
    """
    restes = {ligne: max(voulues - dites, 0) for ligne, (voulues, dites) in attendues.items()}
    if remplace or not any(restes.values()):
        return {ligne: voulues for ligne, (voulues, _) in attendues.items()}
    return restes


def fautes_de_la_partie(a_annoncer: Mapping[int, int], partie: Mapping[int, int]) -> dict[int, str]:
    """What is wrong with a part of a delivery, by bon line (0: the whole); both count pieces by bon line."""
    fautes = {
        ligne: f"Indiquez entre 0 et {entier_fr(a_annoncer.get(ligne, 0))}, ce qui reste à annoncer à ce lieu."
        for ligne, unites in partie.items()
        if not 0 <= unites <= a_annoncer.get(ligne, 0)
    }
    if not fautes and not any(partie.values()):
        fautes[0] = "Indiquez au moins une unité."
    return fautes


def est_entiere(attendues: Mapping[int, int], partie: Mapping[int, int]) -> bool:
    """Whether the « part » is all that is expected."""
    return all(partie.get(ligne, 0) == unites for ligne, unites in attendues.items())
