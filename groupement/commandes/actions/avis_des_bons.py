"""Tell the supplier and the members that a bon has changed or no longer holds: mails written with the act."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import BonDeCommande, VersionDeBon
from groupement.commandes.queries.liens import lien_du_bon
from groupement.commandes.queries.relances import personnes_des
from groupement.commandes.queries.versions import parts_des_membres
from groupement.commandes.rules.bon_a_reviser import Changement
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire, ecrire_plusieurs

Parts = Mapping[int, Sequence[Any]]


def dire_la_revision(bon: BonDeCommande, motif: str, changements: Sequence[Changement], *, le: datetime) -> None:
    """The supplier gets the new paper; each body concerned, what changes for it."""
    sujet = f"Bon de commande {bon.numero}, révision {bon.revision}"
    valeurs = {"motif": motif, "changements": changements, "lien": lien_du_bon(bon)}
    _au_fournisseur(bon, sujet, "bon_revise", le, **valeurs)
    communs = [c for c in changements if c.quoi == "Date limite de livraison" or c.genre == "prix"]
    parts: dict[int, list[Changement]] = defaultdict(list)
    for changement in changements:
        if changement.genre in ("part", "lieu"):
            parts[changement.cle].append(changement)
    tous = parts_des_membres(bon.id) if communs else {}
    a_dire = {corps: [*communs, *parts[corps]] for corps in {*tous, *parts}}
    _aux_membres(bon, f"Votre commande change\u00a0: bon {bon.numero}", "bon_revise_membre", a_dire, le, motif=motif)


def dire_l_annulation(
    bon: BonDeCommande,
    version: VersionDeBon,
    parts: Parts,
    nouveau: BonDeCommande | None,
    *,
    le: datetime,
    montants: Mapping[int, tuple[Decimal, Decimal]] | None = None,
) -> None:
    """The supplier gets the paper marked cancelled; each body, what becomes of its order.

    `montants`: the share of each body that changes, before and after (€ HT), when the next titulaire took it over.
    """
    valeurs = {"motif": version.motif, "nouveau": nouveau, "montants": montants or {}}
    _au_fournisseur(bon, f"Bon de commande {bon.numero} annulé", "bon_annule", le, **valeurs)
    sujet = (
        f"Un nouveau bon remplace {bon.numero}" if nouveau else f"Votre commande est annulée\u00a0: bon {bon.numero}"
    )
    _aux_membres(bon, sujet, "bon_annule_membre", parts, le, **valeurs)


def _au_fournisseur(bon: BonDeCommande, sujet: str, gabarit: str, le: datetime, **valeurs: Any) -> None:
    """One mail with the paper as it now is."""
    piece = f"bon_de_commande:{bon.id}"
    ecrire(bon.fournisseur_fige["courriel"], sujet, gabarit, le=le, pieces=[piece], bon=bon, **valeurs)


def _aux_membres(bon: BonDeCommande, sujet: str, gabarit: str, parts: Parts, le: datetime, **valeurs: Any) -> None:
    """One mail a person of these bodies. Two statements."""
    if not parts:
        return
    ids: BindParameter[int] = bindparam(None, list(parts), expanding=True, literal_execute=True)
    personnes = personnes_des(select(Collectivite).where(Collectivite.id.in_(ids)), jour_a_paris(le))
    ecrire_plusieurs(
        gabarit,
        [
            (adresse, sujet, {"bon": bon, "corps": nom, "corps_id": corps, "parts": parts[corps], **valeurs})
            for adresse, nom, corps in personnes
        ],
        le=le,
    )
