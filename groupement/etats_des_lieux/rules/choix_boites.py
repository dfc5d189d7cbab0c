"""Which box to propose: the spine of the audit, the grade its documents deserve, the cheapest that can be carried.

Definitive series deserve a permanent-board box (ISO 16245 type A, the only one that may touch documents for good);
documents still to be destroyed one day are content with plain kraft, at a third of the price.
Source: docs/besoins.md, with ISO 16245:2009 and the notes of the SIAF.
"""

from collections.abc import Sequence
from decimal import Decimal

from groupement.etats_des_lieux.rules.lignes_proposees import ArticleDispo, LigneProposee, ligne_au_plus_juste
from groupement.socle.nombres import accorde, decimal_fr

BOITE = "boite"
NORME_DEFINITIF = "ISO 16245-A"
POIDS_MAX_BOITE_G = 8_000
GRAMMES_PAR_MM_DE_DOS = 50  # a full box of 10 cm weighs 5 kg


def est_de_conservation(boite: ArticleDispo) -> bool:
    """Whether the box may hold documents for ever."""
    return NORME_DEFINITIF in boite.norme


def orientation(boite: ArticleDispo, profondeur_rayonnage_mm: int | None) -> str | None:
    """How the box stands on shelves of that depth: « sur chant », « debout » on shallow ones; None if it overhangs.

    Empty when the size of one or the other is not known.
    """
    if boite.hauteur_mm is None or boite.profondeur_mm is None or profondeur_rayonnage_mm is None:
        return ""
    cotes = sorted((boite.hauteur_mm, boite.profondeur_mm))
    if cotes[1] <= profondeur_rayonnage_mm:
        return "sur chant"
    return "debout" if cotes[0] <= profondeur_rayonnage_mm else None


def choisir_boite(
    articles: Sequence[ArticleDispo], dos_mm: int, boites: int, *, definitif: bool, profondeur_mm: int | None = None
) -> ArticleDispo | None:
    """The cheapest upright box of spine `dos_mm` for `boites` pieces, of a sufficient grade, that shelves can hold.

    For temporary documents a plain box comes first, a permanent one only when there is no other. A box that takes
    no upright shelf (flat, no `capacite_mm`) is never chosen, nor one heavier than 8 kg once full.
    """
    candidates = [
        article
        for article in articles
        if article.type_element == BOITE
        and article.dos_mm == article.capacite_mm == dos_mm
        and dos_mm * GRAMMES_PAR_MM_DE_DOS <= POIDS_MAX_BOITE_G
        and (est_de_conservation(article) or not definitif)
        and orientation(article, profondeur_mm) is not None
    ]
    ordinaires = [] if definitif else [article for article in candidates if not est_de_conservation(article)]
    return min(ordinaires or candidates, key=lambda boite: (boite.cout_ht(boites), boite.reference), default=None)


def proposer_boites(
    articles: Sequence[ArticleDispo], dos_mm: int, boites: int, *, definitif: bool, profondeur_mm: int | None = None
) -> LigneProposee | str | None:
    """The line of boxes of one grade; a French sentence when the contract has none; None when none is needed."""
    if not boites:
        return None
    usage = "à garder définitivement" if definitif else "à garder un temps seulement"
    article = choisir_boite(articles, dos_mm, boites, definitif=definitif, profondeur_mm=profondeur_mm)
    if article is None:
        return _aucune_boite(dos_mm, usage, boites)
    qualite = "de conservation (ISO 16245, type A)" if est_de_conservation(article) else "kraft ordinaire"
    pose = orientation(article, profondeur_mm)
    motif = (
        f"{accorde(boites, 'boîte')} de {dos_mm} mm de dos pour les documents {usage}\u00a0: {qualite}, "
        f"la moins chère du marché{f', à ranger {pose}' if pose else ''}."
    )
    return ligne_au_plus_juste(article, boites, motif)


def _aucune_boite(dos_mm: int, usage: str, boites: int) -> str:
    """Why no box is proposed, and what to do."""
    besoin = f"{accorde(boites, 'boîte')} de {dos_mm} mm de dos pour les documents {usage}"
    poids_g = dos_mm * GRAMMES_PAR_MM_DE_DOS
    if poids_g > POIDS_MAX_BOITE_G:
        return (
            f"{besoin}\u00a0: pleine, chacune pèserait {decimal_fr(Decimal(poids_g).scaleb(-3))} kg, plus que les "
            f"{POIDS_MAX_BOITE_G // 1000} kg qu’une personne porte sans risque. Choisissez un dos de 100 ou 150 mm."
        )
    return f"{besoin}\u00a0: aucune boîte du marché ne convient. Choisissez un autre dos dans l’état des lieux."
