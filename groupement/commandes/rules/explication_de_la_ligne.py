"""Why a member gets what it gets of an article, and pays what it pays: sentences below the line of its order.

Quantities are pieces, unit prices € HT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groupement.socle.nombres import accorde, entier_fr, euros_fr


@dataclass(frozen=True, slots=True)
class LigneServie:
    """What a line asked and got: in all, from stock, beyond the demand; the price announced and the final one."""

    demandees: int
    recues: int
    du_stock: int
    en_plus: int
    prix_annonce_ht: Decimal | None
    prix_final_ht: Decimal | None


@dataclass(frozen=True, slots=True)
class AchatDuGroupe:
    """What the group bought of the article, as the regroupement keeps it: pieces, those the tier counts, prices."""

    unites_achetees: int
    unites_comptees: int
    prix_de_base_ht: Decimal
    prix_unitaire_ht: Decimal


def achats_gardes(preuves: Mapping[str, Any]) -> dict[str, AchatDuGroupe]:
    """The purchases by reference, of a regroupement that keeps them; an article on several bons is one purchase."""
    achats: dict[str, AchatDuGroupe] = {}
    for ligne in preuves.get("lignes", ()):
        if ligne["prix_unitaire_ht"] is None:
            continue
        deja = achats.get(ligne["reference"])
        achats[ligne["reference"]] = AchatDuGroupe(
            ligne["unites_achetees"] + (deja.unites_achetees if deja else 0),
            ligne["unites_comptees"],
            Decimal(ligne["prix_de_base_ht"]),
            Decimal(ligne["prix_unitaire_ht"]),
        )
    return achats


def phrases_de_la_ligne_servie(ligne: LigneServie, achat: AchatDuGroupe | None) -> list[str]:
    """The sentences, from what was asked to the price; none for a line nothing was served of."""
    if not ligne.recues:
        return []
    phrases = [_servi(ligne)]
    if ligne.du_stock:
        phrases.append(
            f"{accorde(ligne.du_stock, 'unité vient', 'unités viennent')} du stock du dépôt, à son coût moyen."
        )
    if achat and ligne.du_stock < ligne.recues and achat.prix_unitaire_ht == ligne.prix_final_ht:
        phrases.append(_prix(achat))
    if ligne.prix_annonce_ht is not None and ligne.prix_annonce_ht != ligne.prix_final_ht:
        phrases.append(f"Le prix annoncé à l’envoi de la commande était {euros_fr(ligne.prix_annonce_ht)}.")
    phrases.append(
        "Le montant est une part du bon, au prorata des unités\u00a0: les parts en font exactement le total."
    )
    return phrases


def _servi(ligne: LigneServie) -> str:
    """What was asked, what was ordered."""
    demandees, recues = accorde(ligne.demandees, "unité demandée", "unités demandées"), entier_fr(ligne.recues)
    if ligne.en_plus:
        return f"{demandees}\u00a0; {recues} commandées, dont {entier_fr(ligne.en_plus)} acceptées en plus."
    if ligne.recues < ligne.demandees:
        return f"{demandees}\u00a0; {recues} commandées."
    return f"{demandees}, toutes commandées."


def _prix(achat: AchatDuGroupe) -> str:
    """The tier, and why it is reached."""
    avant = achat.unites_comptees - achat.unites_achetees
    combien = f"Le groupement en achète {accorde(achat.unites_achetees, 'unité')}"
    combien += f", après {entier_fr(avant)} déjà achetées" if avant > 0 else ""
    if achat.prix_unitaire_ht == achat.prix_de_base_ht:
        return f"{combien}\u00a0: c’est le prix de base du marché, {euros_fr(achat.prix_unitaire_ht)} HT l’unité."
    return (
        f"{combien}\u00a0: cette quantité donne le prix de {euros_fr(achat.prix_unitaire_ht)} HT l’unité, au lieu de "
        f"{euros_fr(achat.prix_de_base_ht)} pour une petite commande."
    )
