"""May a body order on a marché? Only those the consultation knew of may.

Source: code de la commande publique, article R2162-6: orders are placed between the buyers identified in the notice
and the titulaire. A body that signed after the consultation was launched is therefore refused, not warned.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

ARTICLE = "article R2162-6 du code de la commande publique"
_NON_SIGNEE = {
    "demandee": "son adhésion est demandée, mais ni délibérée ni signée",
    "deliberee": "sa délibération est prise, mais la convention n’est pas signée",
    "retiree": "elle s’est retirée du groupement",
}


@dataclass(frozen=True, slots=True)
class FaitsAdhesion:
    """What is known of a body's membership of the convention of the marché; `etat` as stored ("signee")."""

    etat: str
    signee_le: date | None


def motif_de_refus_de_commander(adhesion: FaitsAdhesion | None, consultation_le: date) -> str | None:
    """Why the body may not order on the marché whose consultation was launched that day; None when it may.

    `adhesion` is None for a body that never asked to join. Signing on the very day of the launch is early enough.
    """
    if adhesion is None:
        return "Cette collectivité n’a pas adhéré à la convention du groupement\u00a0: elle ne peut pas commander."
    if adhesion.etat != "signee" or adhesion.signee_le is None:
        motif = _NON_SIGNEE.get(adhesion.etat, "la date de signature de la convention manque")
        return f"Cette collectivité ne peut pas commander\u00a0: {motif}."
    if adhesion.signee_le > consultation_le:
        return (
            f"Cette collectivité a signé la convention le {_jour(adhesion.signee_le)}, après le lancement de la "
            f"consultation ({_jour(consultation_le)})\u00a0: elle ne peut pas commander sur ce marché ({ARTICLE})."
        )
    return None


def motif_de_refus_du_lot(lots: Collection[int] | None, numero: int, intitule: str) -> str | None:
    """Why a body that joined these `lots` may not order of the lot `numero`; None when it may.

    `lots` is None for a body that joined them all: the délibération named none.
    """
    if lots is None or numero in lots:
        return None
    return f"Cette collectivité n’a pas rejoint le lot {numero} ({intitule})\u00a0: elle ne peut rien y commander."


def lots_rejoints(coches: Collection[int], prevus: Collection[int]) -> list[int] | None:
    """What is kept of the lots ticked among those foreseen: None for all of them, so that it stays « all »."""
    return None if not prevus or set(prevus) <= set(coches) else sorted(set(coches))


def motif_de_refus_du_retrait(
    retiree_le: date, signee_le: date | None, commandes_en_cours: Collection[str], le: date
) -> tuple[str, str] | None:
    """(field, sentence) when a body may not leave on that day; None when it may.

    A member answers for what is conducted for it (L2113-7): an order that the valideur has in hand, or that is
    committed and not served, is finished or cancelled first. Drafts simply cannot be sent any more.
    """
    if retiree_le > le:
        return "retiree_le", "Un retrait s’enregistre le jour où il prend effet\u00a0: cette date est dans l’avenir."
    if signee_le is not None and retiree_le < signee_le:
        return "retiree_le", f"Le retrait ne peut pas précéder la signature ({_jour(signee_le)})."
    if commandes_en_cours:
        liste = ", ".join(commandes_en_cours)
        return "", (
            f"Des commandes sont en cours\u00a0: {liste}. La collectivité en répond (article L2113-7 du code de la "
            "commande publique)\u00a0: annulez-les, ou attendez qu’elles soient livrées, puis enregistrez le retrait."
        )
    return None


def motif_de_refus_des_dates(
    deliberee_le: date | None, signee_le: date | None, le: date, cloture_le: date | None = None
) -> dict[str, str]:
    """What is wrong with the dates of an adhesion on the day `le`: field → sentence; empty when all is well.

    `cloture_le`: the last day the convention takes signatures, if it has one.
    """
    motifs = {}
    if deliberee_le is not None and deliberee_le > le:
        motifs["deliberee_le"] = "La délibération ne peut pas être datée dans le futur."
    if signee_le is not None and signee_le > le:
        motifs["signee_le"] = "La signature ne peut pas être datée dans le futur."
    elif signee_le is not None and deliberee_le is None:
        motifs["deliberee_le"] = "Indiquez la date de la délibération\u00a0: elle précède la signature."
    elif signee_le is not None and deliberee_le is not None and signee_le < deliberee_le:
        motifs["signee_le"] = f"La signature ne peut pas précéder la délibération ({_jour(deliberee_le)})."
    elif signee_le is not None and cloture_le is not None and signee_le > cloture_le:
        motifs["signee_le"] = (
            f"Cette convention ne prend plus de signature depuis le {_jour(cloture_le)}\u00a0: la collectivité "
            "adhérera à la version suivante."
        )
    return motifs


def _jour(jour: date) -> str:
    """A day in figures: 22/11/2026."""
    return f"{jour:%d/%m/%Y}"
