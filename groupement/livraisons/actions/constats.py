"""Write what was seen of an article on the lines of a delivery, each body's share of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from groupement.commandes.states import RegleDeReliquat
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import evenements_de
from groupement.livraisons.rules.arrivage import refus_par_ligne, unites_par_ligne
from groupement.livraisons.rules.repartition import LigneAttendue
from groupement.livraisons.states import MotifDeRefus
from groupement.socle.argent import montant_ligne
from groupement.socle.calendrier import date_heure_fr
from groupement.socle.db import db
from groupement.socle.web import ConflitDeVersion


@dataclass(frozen=True, slots=True)
class Reserve:
    """Why pieces of an article were refused, in what words, shown by which photograph."""

    motif: MotifDeRefus | None = None
    commentaire: str = ""
    photo_id: int | None = None


def exiger_version(livraison: Livraison, version: int) -> None:
    """Raise ConflitDeVersion, naming who changed the delivery, when the page is out of date."""
    if livraison.version == version:
        return
    derniers = evenements_de(livraison.id)
    qui = f" par {derniers[0].par} ({date_heure_fr(derniers[0].le)})" if derniers else ""
    raise ConflitDeVersion(
        f"Cette livraison a été modifiée entre-temps{qui}. Rien n’a été enregistré\u00a0: relisez-la, "
        "ce que vous avez saisi est gardé ci-dessous."
    )


def attendues_de(lignes: Sequence[LigneLivraison]) -> tuple[list[LigneAttendue], list[LigneAttendue]]:
    """The lines as the rules read them: the bodies' in rank order, then the depot's own."""
    membres: list[LigneAttendue] = []
    depot: list[LigneAttendue] = []
    for ligne in lignes:
        affectation = ligne.affectation
        attendue = LigneAttendue(
            affectation.id,
            ligne.unites_attendues,
            montant_ligne(ligne.unites_attendues, affectation.prix_unitaire_ht),
        )
        (depot if affectation.collectivite_id is None else membres).append(attendue)
    return membres, depot


def part_calculee(lignes: Sequence[LigneLivraison], bonnes: int, regle: RegleDeReliquat) -> list[int]:
    """Good pieces of one article for each of its lines, as `lignes_de` orders them."""
    membres, depot = attendues_de(lignes)
    return unites_par_ligne(membres, depot, bonnes, regle)


def ecrire_les_parts(parts: Sequence[dict[str, Any]]) -> None:
    """Write the lines, by their ids: one statement, however many."""
    if parts:
        db.session.execute(update(LigneLivraison), list(parts))


def parts_ecrites(
    lignes: Sequence[LigneLivraison], bonnes: Sequence[int], unites_refusees: int, reserve: Reserve
) -> list[dict[str, Any]]:
    """The lines of one article as they will be written: good pieces given, refused ones laid where some lack.

    The words and the photograph go with the refused pieces, or on the first line when none was refused.
    """
    membres, depot = attendues_de(lignes)
    refus = refus_par_ligne([*membres, *depot], bonnes, unites_refusees)
    return [
        {
            "id": ligne.id,
            "unites_livrees": bonnes_ici + refusees,
            "unites_refusees": refusees,
            "motif": reserve.motif if refusees else None,
            "commentaire": reserve.commentaire if refusees or not (place or unites_refusees) else "",
            "photo_id": reserve.photo_id if refusees or not (place or unites_refusees) else None,
        }
        for place, (ligne, bonnes_ici, refusees) in enumerate(zip(lignes, bonnes, refus, strict=True))
    ]
