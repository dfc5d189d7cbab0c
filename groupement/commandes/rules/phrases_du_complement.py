"""What is missing to a pack or a tier, what a body may add and what is spared by it, in plain French."""

from decimal import Decimal

from groupement.catalogue.rules.unites import l_unite, unite_lisible
from groupement.commandes.rules.complement import DemandeDuGroupe, Manque
from groupement.socle.nombres import accorde, entier_fr, euros_fr

NOMS = {  # the BPU counts « pièces »: people say what they are
    "boite": ("boîte", "la boîte"),
    "chemise": ("chemise", "la chemise"),
    "conteneur": ("conteneur", "le conteneur"),
    "etiquette": ("étiquette", "l’étiquette"),
    "pochette": ("pochette", "la pochette"),
    "registre": ("registre", "le registre"),
    "sangle": ("sangle", "la sangle"),
    "tablette": ("tablette", "la tablette"),
    "tube": ("tube", "le tube"),
}


def combien(demande: DemandeDuGroupe, unites: int) -> str:
    """« 12 boîtes »."""
    nom = NOMS[demande.famille][0] if _dit_autrement(demande) else unite_lisible(demande.unite)
    return accorde(unites, nom, f"{nom}x" if nom.endswith("eau") else None)


def phrases_du_manque(manque: Manque) -> list[str]:
    """What the article misses: the pack first, then the tier."""
    return [phrase for phrase in (phrase_du_colis(manque), phrase_du_palier(manque)) if phrase]


def phrase_du_colis(manque: Manque) -> str:
    """« Il manque 12 boîtes pour compléter un colis de 50. »; empty when the packs are full."""
    if manque.colis is None:
        return ""
    manquantes = combien(manque.demande, manque.colis.unites_manquantes)
    return f"Il manque {manquantes} pour compléter un colis de {entier_fr(manque.colis.unites_par_colis)}."


def phrase_du_palier(manque: Manque) -> str:
    """« À 500 boîtes au lieu de 478, la boîte passe de 0,54 € à 0,48 €. »; empty when no tier is within reach."""
    palier = manque.palier
    if palier is None:
        return ""
    une = NOMS[manque.demande.famille][1] if _dit_autrement(manque.demande) else l_unite(manque.demande.unite)
    return (
        f"À {combien(manque.demande, palier.a_partir_de)} au lieu de {entier_fr(palier.unites_comptees)}, {une} passe "
        f"de {euros_fr(palier.prix_actuel_ht)} à {euros_fr(palier.prix_ht)}\u00a0: il en manque "
        f"{entier_fr(palier.unites_manquantes)}."
    )


def phrase_du_depot(manque: Manque) -> str:
    """What happens if nobody fills the pack; empty when the packs are full."""
    if manque.colis is None:
        return ""
    return (
        f"Sinon, {combien(manque.demande, manque.colis.unites_manquantes)} de trop "
        f"({euros_fr(manque.colis.valeur_ht)} HT) partiraient au stock du dépôt."
    )


def phrase_du_gain(manque: Manque, unites: int = 0) -> str:
    """What the tier would spare to the group, and to a body that has asked for `unites` pieces; empty without one."""
    if manque.palier is None:
        return ""
    phrase = f"Le groupement paierait {euros_fr(manque.palier.gain_ht)} HT de moins pour ce qu’il a déjà commandé"
    if unites:
        phrase += f", dont {euros_fr(manque.palier.gain_pour(unites))} pour vos {combien(manque.demande, unites)}"
    return phrase + "."


def phrase_de_l_ajout(manque: Manque, ajoutees: int, montant_ht: Decimal) -> str:
    """What adding that many pieces costs and does."""
    effets = []
    if manque.colis and manque.complete_le_colis(ajoutees):
        effets.append("le colis est complet")
    if manque.atteint_le_palier(ajoutees):
        effets.append("le prix suivant est atteint pour tout le groupement")
    phrase = f"{combien(manque.demande, ajoutees)} de plus\u00a0: {euros_fr(montant_ht)} HT"
    return f"{phrase} ({', '.join(effets)})." if effets else f"{phrase}."


def _dit_autrement(demande: DemandeDuGroupe) -> bool:
    """The article is counted in pieces and its family has a better word."""
    return demande.unite == "piece" and demande.famille in NOMS
