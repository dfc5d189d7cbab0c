"""The `unite` column of the BPU, written as people say it."""

from groupement.catalogue.rules.conditionnement import est_en_colis_entiers
from groupement.socle.nombres import entier_fr

ACCENTUEES = {"piece": "pièce", "travee": "travée", "metre": "mètre", "unite": "unité"}
PREMIER_COLIS = 1


def unite_lisible(unite: str) -> str:
    """The name of a unit with its accents: « piece » gives « pièce »; one nobody knows is left as it is."""
    return ACCENTUEES.get(unite, unite)


def phrase_de_vente(unites_par_colis: int, unite: str, *, fractionnable: bool = False) -> str:
    """How an article is sold, in a few words: « vendu par colis de 50 »."""
    if unites_par_colis == PREMIER_COLIS:
        return f"vendu à l’unité ({unite_lisible(unite)})"
    if fractionnable:
        return f"acheté par colis de {entier_fr(unites_par_colis)}, commandez le nombre qu’il vous faut"
    return f"vendu par colis de {entier_fr(unites_par_colis)}"


def exemple_de_quantite(unites_par_colis: int) -> int:
    """A quantity that does not fill its packs, to explain the rule with: half as much again as a pack."""
    exemple = unites_par_colis + max(unites_par_colis // 2, 1)
    return exemple + 1 if est_en_colis_entiers(exemple, unites_par_colis) and unites_par_colis > 2 else exemple
