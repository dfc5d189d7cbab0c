"""Which shelving to propose: one starter bay a row, add-on bays after it, fitting and delivery.

Neighbouring bays share an upright: a row of n bays is one « départ » and n − 1 « suivants ». Only single-faced bays of
the length the audit counted with are proposed; a double-faced run that costs less is told, since the room decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.etats_des_lieux.rules.ecriture import enumeration
from groupement.etats_des_lieux.rules.lignes_proposees import (
    ArticleDispo,
    LigneProposee,
    article_nomme,
    ligne_au_plus_juste,
)
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml
from groupement.socle.nombres import accorde, euros_fr

TRAVEES_PAR_RANG = 6  # the comfortable row is five or six bays long (ICA)
SIMPLE_FACE, DOUBLE_FACE = ("depart", "suivant"), ("depart_double", "suivant_double")
POSE, LIVRAISON = "POS-TRA", "LIV-RAY"


@dataclass(frozen=True)
class Rang:
    """Bays to buy, as starters and add-ons of one model."""

    depart: ArticleDispo
    suivant: ArticleDispo
    departs: int
    suivants: int

    @property
    def cout_ht(self) -> Decimal:
        """What they cost (€), fitting and delivery apart."""
        return self.depart.cout_ht(self.departs) + self.suivant.cout_ht(self.suivants)


def rangs_proposes(travees: int) -> int:
    """Rows to make of `travees` bays when the room plan has not said: as few as possible, six bays each at most."""
    return -(-travees // TRAVEES_PAR_RANG)


def choisir_rayonnage(
    articles: Sequence[ArticleDispo], capacite_mm: int, travees: int, rangs: int, types: tuple[str, str] = SIMPLE_FACE
) -> Rang | None:
    """The cheapest model whose bays offer exactly `capacite_mm`, for `travees` bays in `rangs` rows; None without one.

    A starter and an add-on are of one model when capacity, depth and height agree. Each is priced at its own tier.
    """
    departs = min(rangs, travees)
    possibles = [
        Rang(depart, suivant, departs, travees - departs)
        for depart in articles
        for suivant in articles
        if (depart.type_element, suivant.type_element) == types
        and depart.capacite_mm == capacite_mm
        and _modele(depart) == _modele(suivant)
    ]
    return min(possibles, key=lambda rang: (rang.cout_ht, rang.depart.reference, rang.suivant.reference), default=None)


def proposer_rayonnages(
    articles: Sequence[ArticleDispo], travee_mm: int, travees: int, rang: Rang | None
) -> tuple[list[LigneProposee], list[str]]:
    """Lines (starters, add-ons, fitting, delivery) of `travees` bays in the model `rang`, and what is missing."""
    if not travees:
        return [], []
    if rang is None:
        return [], [_aucun_modele(articles, travee_mm, travees)]
    longueur = ecrire_ml(travee_mm)
    motif = (
        f"{accorde(travees, 'travée')} de {longueur} en {accorde(rang.departs, 'rang')}\u00a0: "
        f"{accorde(rang.departs, 'départ')}, un par rang, et {accorde(rang.suivants, 'suivant')}."
    )
    lignes = [ligne_au_plus_juste(rang.depart, rang.departs, motif, _conseil_double_face(articles, rang, travee_mm))]
    if rang.suivants:
        lignes.append(ligne_au_plus_juste(rang.suivant, rang.suivants, motif))
    services = {
        POSE: (travees, f"Montage et pose, comptés par travée\u00a0: {accorde(travees, 'travée')}."),
        LIVRAISON: (1, "Livraison des rayonnages, un forfait par site."),
    }
    manques = []
    for reference, (unites, pourquoi) in services.items():
        service = article_nomme(articles, reference)
        if service is None:
            manques.append(f"La prestation {reference} n’est pas au marché\u00a0: demandez un devis.")
        else:
            lignes.append(ligne_au_plus_juste(service, unites, pourquoi))
    return lignes, manques


def _modele(article: ArticleDispo) -> tuple[int | None, int | None, int | None]:
    """What a starter and its add-ons have in common."""
    return article.capacite_mm, article.profondeur_mm, article.hauteur_mm


def _conseil_double_face(articles: Sequence[ArticleDispo], rang: Rang, travee_mm: int) -> str:
    """Advice when double-faced bays of the same length would cost less; fitting costs the same, two faces each."""
    travees = rang.departs + rang.suivants
    doubles = -(-travees // 2)
    double = choisir_rayonnage(articles, 2 * travee_mm, doubles, -(-rang.departs // 2), DOUBLE_FACE)
    if double is None or double.cout_ht >= rang.cout_ht:
        return ""
    return (
        f"En double face ({double.depart.reference}), {accorde(doubles, 'travée')} de {ecrire_ml(2 * travee_mm)} "
        f"coûteraient {euros_fr(double.cout_ht)} au lieu de {euros_fr(rang.cout_ht)}, hors pose\u00a0: "
        "possible si la salle laisse une allée de chaque côté."
    )


def _aucun_modele(articles: Sequence[ArticleDispo], travee_mm: int, travees: int) -> str:
    """Why no shelving is proposed, and which lengths exist."""
    longueurs = sorted({a.capacite_mm for a in articles if a.type_element == SIMPLE_FACE[0] and a.capacite_mm})
    existants = enumeration([ecrire_ml(longueur) for longueur in longueurs], "ou")
    besoin = (
        f"{accorde(travees, 'travée')} de {ecrire_ml(travee_mm)}\u00a0: aucun rayonnage du marché n’a cette longueur."
    )
    if not longueurs:
        return f"{besoin} Demandez un devis."
    return f"{besoin} Choisissez dans l’état des lieux une travée de {existants}."
