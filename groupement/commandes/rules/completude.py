"""What is missing before an order can leave: sentences that say what to do, shown on the basket before the button."""

from collections.abc import Sequence

from groupement.commandes.states import ModeDeRemise


def ce_qui_manque(
    *,
    nombre_de_lignes: int,
    mode: ModeDeRemise,
    a_un_lieu: bool,
    sans_prix: Sequence[str],
    retires: Sequence[str],
    hors_lots: Sequence[str] = (),
) -> list[str]:
    """Empty when the order may leave. `sans_prix`, `retires`: references without a price, or sold no more.

    `hors_lots`: references of lots the body may not order of.
    """
    manques = []
    if not nombre_de_lignes:
        manques.append("Votre panier est vide\u00a0: ajoutez au moins un article.")
    if mode is ModeDeRemise.LIVRAISON and not a_un_lieu:
        manques.append("Choisissez où livrer votre commande.")
    manques += [f"L’article {reference} n’a pas de prix aujourd’hui\u00a0: retirez-le." for reference in sans_prix]
    manques += [f"L’article {reference} n’est plus vendu\u00a0: retirez-le." for reference in retires]
    manques += [
        f"Votre collectivité ne peut pas commander dans le lot de l’article {reference}\u00a0: retirez-le."
        for reference in hors_lots
    ]
    return manques
