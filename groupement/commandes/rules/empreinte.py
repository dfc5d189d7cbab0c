"""The fingerprint of a previewed regroupement: it changes when an order, a price, a stock or an amount has changed."""

from array import array
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256

from groupement.commandes.rules.ajustements import Decision
from groupement.commandes.rules.bons import Origine, ResultatRegroupement


def empreinte_du_regroupement(
    resultat: ResultatRegroupement, decisions: Iterable[Decision] = (), a_qui: Iterable[tuple[int, int]] = ()
) -> str:
    """A SHA-256 over every bon, refusal, decision and share, in hexadecimal; the same figures give the same print.

    `a_qui`: the supplier of each lot.
    """
    condense = sha256(repr(sorted(a_qui)).encode())
    for bon in resultat.bons:
        lignes = [(ligne.reference, ligne.unites_achetees, _dit(ligne.prix_unitaire_ht)) for ligne in bon.lignes]
        condense.update(repr((*bon.cle, *map(_dit, (bon.port_ht, bon.total_ht, bon.total_ttc)), lignes)).encode())
    for refus in resultat.refus:
        condense.update(f"{refus.cle} {refus.motif}".encode())
    for decision in decisions:
        condense.update(f"{decision.decision_id} {decision.genre} {decision.unites} {decision.motif}".encode())
    parts = array("q")
    for ligne_id, corps, _, article, origine, _, demandees, en_plus, centimes, _ in resultat.affectations:
        parts.extend((ligne_id, corps, article, origine is Origine.BON, demandees, en_plus, centimes))
    condense.update(parts.tobytes())
    return condense.hexdigest()


def _dit(montant: Decimal | None) -> str:
    """An amount by its value alone: 45 and 45.00 are the same."""
    return "" if montant is None else str(montant.normalize())
