"""States as data: an enum whose labels depend on the reader, and transition tables."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Self


class EtatLibelle(StrEnum):
    """A stored value with its French labels: for the member body, then for the coordinator (same when absent)."""

    libelle_adherent: str
    libelle_coordonnateur: str

    def __new__(cls, valeur: str, libelle: str = "", libelle_coordonnateur: str | None = None) -> Self:
        """Build the member from its stored value and its one or two labels.

        `libelle` has a default only so that looking a member up, `EtatCommande("validee")`, is typed too.
        """
        membre = str.__new__(cls, valeur)
        membre._value_ = valeur
        membre.libelle_adherent = libelle
        membre.libelle_coordonnateur = libelle_coordonnateur or libelle
        return membre

    def libelle(self, *, coordonnateur: bool = False) -> str:
        """The label the reader understands."""
        return self.libelle_coordonnateur if coordonnateur else self.libelle_adherent


# verb: (states it may start from, state it leads to)
Transitions = Mapping[str, tuple[Set[EtatLibelle], EtatLibelle]]


class RegleRefusee(Exception):
    """A rule of the domain says no; the message is a French sentence for the person who asked."""


class TransitionInterdite(RegleRefusee):
    """The verb does not start from the present state."""


def etat_suivant(etat: EtatLibelle, transitions: Transitions, verbe: str) -> EtatLibelle:
    """The state `verbe` leads to from `etat`.

    Raises TransitionInterdite, with the state's label in the sentence, when the table does not allow it.
    """
    depuis, vers = transitions[verbe]
    if etat not in depuis:
        raise TransitionInterdite(f"Impossible de {verbe} : l’état est « {etat.libelle(coordonnateur=True)} ».")
    return vers
