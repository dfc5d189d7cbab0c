"""Packs: what can really be bought. Quantities are pieces (`unites`), packs are `colis`."""

from groupement.socle.nombres import accorde, entier_fr


def colis_necessaires(unites: int, par_colis: int) -> int:
    """Whole packs of `par_colis` pieces needed to hold `unites` pieces, rounded up.

    Raises ValueError for a negative number of pieces or a pack below one.
    """
    if unites < 0 or par_colis < 1:
        raise ValueError(f"conditionnement impossible : {unites} unités par colis de {par_colis}")
    return -(-unites // par_colis)


def quantites_proches(unites: int, par_colis: int) -> tuple[int | None, int]:
    """The nearest quantities (pieces) in whole packs, below and above; both are `unites` when it is itself whole.

    None below when not even one pack fits: ordering zero is not ordering.
    Raises ValueError for less than one piece or a pack below one.
    """
    if unites < 1:
        raise ValueError(f"quantité impossible : {unites}")
    dessus = colis_necessaires(unites, par_colis) * par_colis
    dessous = unites // par_colis * par_colis
    return dessous or None, dessus


def est_en_colis_entiers(unites: int, par_colis: int) -> bool:
    """Whether `unites` pieces make whole packs."""
    return unites % par_colis == 0


def phrase_conditionnement(unites: int, par_colis: int, *, fractionnable: bool = False) -> str:
    """The French sentence that explains the pack rule beside a quantity of `unites` pieces.

    `fractionnable`: members may order less than a pack, the groupement completes the packs.
    Raises ValueError for less than one piece or a pack below one.
    """
    dessous, dessus = quantites_proches(unites, par_colis)
    if par_colis == 1:
        return "Cet article se commande à l’unité."
    if est_en_colis_entiers(unites, par_colis):
        return f"{accorde(unites, 'unité')}\u00a0: {_en_colis(unites, par_colis)} de {entier_fr(par_colis)}."
    if fractionnable:
        return (
            f"Cet article est acheté par colis de {entier_fr(par_colis)}, mais vous pouvez en commander "
            f"le nombre qu’il vous faut\u00a0: le groupement complète les colis."
        )
    choix = [f"{entier_fr(choisi)} ({_en_colis(choisi, par_colis)})" for choisi in (dessous, dessus) if choisi]
    return (
        f"Cet article se vend par colis de {entier_fr(par_colis)}\u00a0: {accorde(unites, 'unité')} "
        f"ne {'fait' if unites == 1 else 'font'} pas un nombre entier de colis. Choisissez {' ou '.join(choix)}."
    )


def _en_colis(unites: int, par_colis: int) -> str:
    """« 3 colis »."""
    return accorde(unites // par_colis, "colis", "colis")
