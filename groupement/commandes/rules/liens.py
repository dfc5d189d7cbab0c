"""The signed link of a bon: who acts by it, when it ends, and what is said then."""

from dataclasses import dataclass
from datetime import date, timedelta

from groupement.socle.calendrier import date_fr

APRES_LA_FIN = timedelta(days=30)  # the link of a bon delivered or cancelled still opens so long, to read it
NOM_MAX = 100


@dataclass(frozen=True, slots=True)
class AuteurDuLien:
    """Somebody at the supplier's who acts without an account: the link says for whom, the name typed says who."""

    fournisseur: str
    tape: str = ""
    utilisateur_id: int | None = None

    @property
    def nom(self) -> str:
        """As the journal keeps it."""
        par = f"lien signé, {self.tape[:80]}" if self.tape else "lien signé"
        return f"{self.fournisseur[:90]} ({par})"


def motif_du_lien_mort(
    numero_du_lien: int, numero_valable: int, coupe_le: date | None, clos_le: date | None, le: date
) -> str:
    """Why a link well signed opens nothing any more; empty when it opens its bon.

    `clos_le`: the day the bon was wholly delivered or cancelled, if it was.
    """
    if numero_du_lien != numero_valable:
        return "Un lien plus récent le remplace\u00a0: il est dans le dernier courriel reçu pour ce bon."
    if coupe_le is not None:
        return f"Le Centre de gestion l’a fermé le {date_fr(coupe_le)}."
    if clos_le is not None and le > clos_le + APRES_LA_FIN:
        return f"Ce bon est terminé depuis le {date_fr(clos_le)}\u00a0: son lien est fermé."
    return ""
