"""How the amount of a line was found, in French sentences, from the figures frozen with it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.prestations.rules.tarifs import quantite_en_mots
from groupement.refacturation.rules.composition import STOCK
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import entier_fr, euros_fr


def precision_de_ligne(ligne: Mapping[str, Any]) -> str:
    """The small line under a designation on the paper: what came of what was ordered, what the cost holds."""
    calcul, morceaux = ligne["calcul"], []
    if "deliberation" in calcul:
        return _tarif(calcul)
    if calcul.get("admises") and calcul["admises"] != calcul["commandees"]:
        morceaux.append(
            f"{_entier(calcul['admises'])} admises sur {_entier(calcul['commandees'])} commandées à ce jour"
        )
    if "tva" in calcul:
        morceaux.append(f"{_euros(calcul['montant_ht'])} HT et {_euros(calcul['tva'])} de TVA payés au fournisseur")
    if calcul.get("refaction_ht"):
        morceaux.append(f"réfaction de {_euros(calcul['refaction_ht'])} HT déduite")
    phrase = ", ".join(morceaux)
    return phrase[:1].upper() + phrase[1:]


def phrases_du_calcul(ligne: Mapping[str, Any]) -> list[str]:
    """The steps of a line, for the page of its facture."""
    calcul = ligne["calcul"]
    if "port_ht" in calcul:
        return [
            f"Le bon {ligne['bon']} porte {_euros(calcul['port_ht'])} HT de frais de livraison, partagés entre les "
            "collectivités selon le montant de leurs articles. Votre part est facturée une seule fois."
        ]
    if "quantite" in ligne:
        return _phrases_de_prestation(ligne)
    return _phrases_de_biens(ligne) if calcul.get("commandees") else []


def _phrases_de_biens(ligne: Mapping[str, Any]) -> list[str]:
    """The steps of goods: what was ordered, what of it is admitted, what was billed before."""
    calcul = ligne["calcul"]
    commandees, admises, deja = (int(calcul[cle]) for cle in ("commandees", "admises", "deja_unites"))
    phrases = [
        f"Votre part dans {_origine(ligne['bon'])}\u00a0: {entier_fr(commandees)} × {ligne['unite']}, soit "
        f"{_euros(calcul['part_ht'])} HT."
    ]
    if admises < commandees:
        phrases.append(
            f"{entier_fr(admises)} sur {entier_fr(commandees)} sont admises à ce jour\u00a0: on facture celles-là."
        )
    if deja:
        phrases.append(
            f"{entier_fr(deja)} étaient déjà facturées, pour {_euros(calcul['deja_ht'])} HT\u00a0: on les retire."
        )
    if "tva" in calcul:
        phrases.append(
            f"{_euros(calcul['montant_ht'])} HT + {_euros(calcul['tva'])} de TVA payée au fournisseur "
            f"= {_euros(ligne['montant'])}."
        )
    else:
        phrases.append(f"Montant de la ligne\u00a0: {_euros(ligne['montant'])} HT pour {entier_fr(ligne['unites'])}.")
    return phrases


def lignes_affichees(lignes: Iterable[Mapping[str, Any]]) -> list[tuple[dict[str, Any], list[str]]]:
    """Printed lines with their unit price as a number (`prix`, None for a lump sum), each with its steps.

    `combien` is the quantity as people say it: « 120 », « 3,5 jours ».
    """
    affichees = []
    for ligne in lignes:
        prix = None if "port_ht" in ligne["calcul"] or ligne["prix_unitaire_ht"] is None else ligne["prix_unitaire_ht"]
        lisibles = {"prix": Decimal(prix) if prix else None, "combien": quantite_lisible(ligne)}
        affichees.append((dict(ligne) | lisibles, phrases_du_calcul(ligne)))
    return affichees


def quantite_lisible(ligne: Mapping[str, Any]) -> str:
    """How much a printed line bills; a dash for a lump sum."""
    if "quantite" in ligne:
        return quantite_en_mots(Decimal(ligne["quantite"]), ligne["unite"])
    return "–" if ligne["unites"] is None else entier_fr(ligne["unites"])


def _phrases_de_prestation(ligne: Mapping[str, Any]) -> list[str]:
    """The steps of a service."""
    quantite = quantite_lisible(ligne)
    prix = _euros(ligne["prix_unitaire_ht"])
    return [
        f"{quantite} × {prix} HT, soit {_euros(ligne['montant'])} HT.",
        f"{_tarif(ligne['calcul'])}.",
    ]


def _tarif(calcul: Mapping[str, str]) -> str:
    """Which rate applies, and who voted it."""
    du = date_fr(date.fromisoformat(calcul["deliberee_le"]))
    return f"Tarif fixé par la délibération {calcul['deliberation']} du {du}"


def _origine(bon: str) -> str:
    """Where the pieces come from."""
    return "le stock du dépôt, au prix de revient" if bon == STOCK else f"le bon {bon}"


def _entier(texte: str) -> str:
    """A frozen whole number."""
    return entier_fr(int(texte))


def _euros(texte: str) -> str:
    """A frozen amount."""
    return euros_fr(Decimal(texte))
