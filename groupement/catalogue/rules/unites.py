"""The `unite` column of the BPU, written as people say it."""

from groupement.socle.nombres import entier_fr

# name, « the unit », « sold by the unit »
UNITES = {
    "piece": ("pièce", "la pièce", "à la pièce"),
    "boite": ("boîte", "la boîte", "à la boîte"),
    "feuillet": ("feuillet", "le feuillet", "au feuillet"),
    "forfait": ("forfait", "le forfait", "au forfait"),
    "ligne": ("ligne", "la ligne", "à la ligne"),
    "metre": ("mètre", "le mètre", "au mètre"),
    "paquet": ("paquet", "le paquet", "au paquet"),
    "planche": ("planche", "la planche", "à la planche"),
    "ramette": ("ramette", "la ramette", "à la ramette"),
    "rouleau": ("rouleau", "le rouleau", "au rouleau"),
    "travee": ("travée", "la travée", "à la travée"),
    "volume": ("volume", "le volume", "au volume"),
}


def unite_lisible(unite: str) -> str:
    """The name of a unit with its accents: « piece » gives « pièce »; one nobody knows is left as it is."""
    return UNITES[unite][0] if unite in UNITES else unite


def l_unite(unite: str) -> str:
    """What a price is for: « 1,74 € la pièce »."""
    return UNITES[unite][1] if unite in UNITES else "l’unité"


def phrase_de_vente(unites_par_colis: int, unite: str, *, fractionnable: bool = False) -> str:
    """How an article is sold, in a few words: « vendu par colis de 50 »."""
    if unites_par_colis == 1:
        return f"vendu {UNITES[unite][2] if unite in UNITES else 'à l’unité'}"
    if fractionnable:
        return f"acheté par colis de {entier_fr(unites_par_colis)}, commandez le nombre qu’il vous faut"
    return f"vendu par colis de {entier_fr(unites_par_colis)}"


def exemple_de_quantite(unites_par_colis: int) -> int:
    """A quantity that does not fill its packs, to explain the rule with: half as much again as a pack of two or more.

    Raises ValueError for a pack of one, which every quantity fills.
    """
    if unites_par_colis < 2:
        raise ValueError(f"toute quantité convient à un colis de {unites_par_colis}")
    return unites_par_colis + max(unites_par_colis // 2, 1)
