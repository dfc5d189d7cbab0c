"""What the floors above expect of a bon (its deliveries), and how they follow it when it changes.

They plug in at start-up; without them nothing is on its way and everything may still be taken off.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol


class Attentes(Protocol):
    """Deliveries to come, as a bon that is revised or cancelled needs them; each in a fixed number of statements."""

    def retirables(self, bon_id: int) -> Mapping[int, int]:
        """Pieces neither delivered nor announced, by affectation."""

    def est_en_route(self, bon_id: int) -> bool:
        """Whether anything of the bon is delivered, or announced by the supplier."""

    def oublier(self, bon_id: int, affectation_ids: Collection[int] | None = None) -> None:
        """Expect nothing more of the bon, or of these affectations."""

    def suivre(self, bon_id: int, retirees: Mapping[int, int], *, avant: date, apres: date) -> None:
        """Expect so many pieces less of each affectation, at its present place, for `apres` instead of `avant`."""


branchees: list[Attentes] = []
