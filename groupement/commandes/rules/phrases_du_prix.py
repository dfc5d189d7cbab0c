"""Why an article costs what it costs while ordering, and how far the next price is, in plain French.

Amounts in € HT, quantities in pieces.
"""

from groupement.commandes.rules.estimation import Compte, LigneEstimee, phrase_du_repreneur
from groupement.commandes.rules.paliers import ExplicationPalier
from groupement.socle.nombres import accorde, entier_fr, euros_fr

NOMS_DU_PRIX = {
    Compte.GROUPEMENT: "Le prix du groupement",
    Compte.LIEU: "Le prix de votre livraison",
    Compte.DEPOT: "Le prix du retrait au dépôt",
}
UN_BON_PAR_LIEU = "Dans ce lot, chaque lieu de livraison a son bon, et chaque bon son prix\u00a0: "
OU_AJOUTER = {
    Compte.GROUPEMENT: "dans le groupement",
    Compte.LIEU: "dans votre commande",
    Compte.DEPOT: "à retirer au dépôt",
}


def nom_du_prix(ligne: LigneEstimee) -> str:
    """What the gauge of the tiers is called."""
    return NOMS_DU_PRIX[ligne.compte]


def phrases_de_la_ligne(ligne: LigneEstimee) -> list[str]:
    """Why the line costs what it costs: the quantity that counts, the tier, the product, the next tier."""
    explication = ligne.explication
    if explication is None:
        return ["Cet article n’a pas de prix aujourd’hui\u00a0: le Centre de gestion doit le publier."]
    phrases = [phrase_du_repreneur(ligne.repreneur)] if ligne.repreneur else []
    phrases.append(_phrase_de_la_quantite(ligne, explication))
    base, prix = explication.prix_de_base_ht, explication.prix_unitaire_ht
    if prix < base:
        phrases.append(f"À cette quantité, le prix est de {euros_fr(prix)} HT l’unité au lieu de {euros_fr(base)}.")
    else:
        phrases.append(f"À cette quantité, c’est le prix de base\u00a0: {euros_fr(prix)} HT l’unité.")
    a_ce_prix = ligne.montant_ht - (ligne.retiree.montant_ht if ligne.retiree else 0)
    phrases.append(f"{entier_fr(ligne.unites_a_ce_prix)} × {euros_fr(prix)} = {euros_fr(a_ce_prix)} HT.")
    return [*phrases, *_phrase_de_la_part_retiree(ligne), phrase_du_palier_suivant(ligne)]


def phrase_du_palier_suivant(ligne: LigneEstimee) -> str:
    """How far the next price is, or that the best one is reached."""
    if ligne.suivant is None:
        return f"C’est le meilleur prix {f'de {ligne.repreneur}' if ligne.repreneur else 'du marché'}."
    return (
        f"Encore {accorde(ligne.suivant.unites_manquantes, 'unité')} {OU_AJOUTER[ligne.compte]} pour passer à "
        f"{euros_fr(ligne.suivant.prix_unitaire_ht)} HT."
    )


def phrase_du_gain_suivant(ligne: LigneEstimee) -> str:
    """What the next price would spare on what is asked already; nothing to say at the best price."""
    if ligne.suivant is None or ligne.explication is None:
        return ""
    gain, mien = ligne.gain_au_suivant(ligne.unites_du_groupement), ligne.gain_au_suivant(ligne.unites_a_ce_prix)
    if gain == mien:
        return f"Vous y gagneriez {euros_fr(mien)} HT."
    tous = "Tout le groupement y gagnerait" if ligne.compte is Compte.GROUPEMENT else "Tous les retraits y gagneraient"
    return f"{tous} {euros_fr(gain)} HT, dont {euros_fr(mien)} pour vous."


def _phrase_de_la_quantite(ligne: LigneEstimee, explication: ExplicationPalier) -> str:
    """How many pieces are asked that count for this price, packs completed, and what counts besides."""
    phrase = _phrase_de_la_demande(ligne)
    if explication.unites_achetees != ligne.unites_du_groupement:
        phrase += f", soit {entier_fr(explication.unites_achetees)} en colis entiers"
    deja = explication.unites_comptees - explication.unites_achetees
    chez = f" chez {ligne.repreneur}" if ligne.repreneur else ""
    return phrase + (f"\u00a0; {entier_fr(deja)} déjà achetées{chez} comptent aussi." if deja else ".")


def _phrase_de_la_demande(ligne: LigneEstimee) -> str:
    """Whose pieces count, and how many they are."""
    demandees = accorde(ligne.unites_du_groupement, "unité")
    if ligne.compte is Compte.LIEU:
        return f"{UN_BON_PAR_LIEU}pour ce qui vous est livré, seule votre commande compte, {demandees}"
    if ligne.compte is Compte.DEPOT:
        return f"{UN_BON_PAR_LIEU}{demandees} à retirer au dépôt comptent ensemble à ce jour, les vôtres comprises"
    return f"Tout le groupement en demande {demandees} à ce jour, votre commande comprise"


def _phrase_de_la_part_retiree(ligne: LigneEstimee) -> list[str]:
    """What of a delivered line fills no pack, and its own price; nothing for the others."""
    part = ligne.retiree
    if part is None or part.prix_unitaire_ht is None:
        return []
    return [
        f"En plus des colis entiers, {accorde(part.unites, 'unité')} à retirer au dépôt, avec le bon du dépôt\u00a0: "
        f"{entier_fr(part.unites)} × {euros_fr(part.prix_unitaire_ht)} = {euros_fr(part.montant_ht)} HT."
    ]
