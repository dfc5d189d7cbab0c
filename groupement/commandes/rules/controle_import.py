"""What must be true of a file of orders before any of it is written: bodies, articles, one way of delivery per body.

Any positive quantity will do here: the pack rule is the member's basket's, the buyer writes what the paper says.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from groupement.commandes.rules.acces_campagne import motif_de_refus_d_un_lot
from groupement.commandes.rules.import_commandes import LigneImportee
from groupement.commandes.rules.quantites import UNITES_MAX
from groupement.socle.lecture_csv import Faute
from groupement.socle.nombres import entier_fr


@dataclass(frozen=True, slots=True)
class MembreConnu:
    """A body: why it may not order (None when it may), its default place, what a place would be made of."""

    collectivite_id: int
    nom: str
    motif_de_refus: str | None
    point_id: int | None
    adresse: str
    code_postal: str | None
    ville: str
    est_commune: bool
    lots: Collection[int] | None = None  # the numbers joined; None: all

    @property
    def peut_recevoir(self) -> bool:
        """It has a place, or enough of an address to make one of its seat."""
        return self.point_id is not None or bool(self.code_postal)


@dataclass(frozen=True, slots=True)
class ArticleConnu:
    """An article of the marché. `article_id` is None when several lots sell that reference."""

    article_id: int | None
    a_un_prix: bool
    lot: tuple[int, str] | None = None  # its number and name


def fautes_de_l_import(
    lignes: Sequence[LigneImportee],
    membres: Mapping[str, MembreConnu],
    articles: Mapping[str, ArticleConnu],
    lots_ouverts: Collection[int] | None = None,
) -> list[Faute]:
    """Everything wrong with the lines, in their order; empty when they can all be written.

    `lots_ouverts`: the numbers of the lots of the campagne; None for all of them.
    """
    fautes: list[Faute] = []
    modes: dict[str, LigneImportee] = {}
    for ligne in lignes:
        fautes += _fautes_du_membre(ligne, membres.get(ligne.siren))
        fautes += _fautes_de_l_article(ligne, articles.get(ligne.reference))
        fautes += _fautes_du_lot(ligne, membres.get(ligne.siren), articles.get(ligne.reference), lots_ouverts)
        premiere = modes.setdefault(ligne.siren, ligne)
        if premiere.mode != ligne.mode:
            attendu = (
                "une collectivité reçoit toute sa commande de la même façon\u00a0: la ligne "
                f"{entier_fr(premiere.ligne)} dit «\u00a0{premiere.mode}\u00a0»."
            )
            fautes.append(Faute(ligne.ligne, "mode", ligne.mode, attendu))
    return fautes


def _fautes_du_membre(ligne: LigneImportee, membre: MembreConnu | None) -> list[Faute]:
    """The body is known, may order, and can be delivered."""
    if membre is None:
        return [Faute(ligne.ligne, "siren", ligne.siren, "aucune collectivité ne porte ce numéro.")]
    if membre.motif_de_refus:
        return [Faute(ligne.ligne, "siren", ligne.siren, f"{membre.nom}\u00a0: {membre.motif_de_refus}")]
    if ligne.mode == "livraison" and not membre.peut_recevoir:
        attendu = f"{membre.nom} n’a ni lieu de livraison ni code postal\u00a0: ajoutez-lui un lieu, ou écrivez depot."
        return [Faute(ligne.ligne, "mode", ligne.mode, attendu)]
    return []


def _fautes_du_lot(
    ligne: LigneImportee,
    membre: MembreConnu | None,
    article: ArticleConnu | None,
    lots_ouverts: Collection[int] | None,
) -> list[Faute]:
    """The lot of the article is open in the campagne, and the body has joined it."""
    if membre is None or membre.motif_de_refus or article is None or article.lot is None:
        return []
    motif = motif_de_refus_d_un_lot(lots_ouverts, membre.lots, *article.lot)
    return [Faute(ligne.ligne, "reference", ligne.reference, f"{membre.nom}\u00a0: {motif}")] if motif else []


def _fautes_de_l_article(ligne: LigneImportee, article: ArticleConnu | None) -> list[Faute]:
    """The article is sold under this marché, at a price, in a quantity that can be."""
    fautes = []
    if article is None:
        fautes.append(Faute(ligne.ligne, "reference", ligne.reference, "cette référence n’est pas au marché."))
    elif article.article_id is None:
        fautes.append(Faute(ligne.ligne, "reference", ligne.reference, "plusieurs lots portent cette référence."))
    elif not article.a_un_prix:
        fautes.append(Faute(ligne.ligne, "reference", ligne.reference, "cet article n’a pas de prix aujourd’hui."))
    for colonne, unites in (("unites", ligne.unites), ("unites_acceptees_en_plus", ligne.unites_acceptees_en_plus)):
        minimum = 1 if colonne == "unites" else 0
        if not minimum <= unites <= UNITES_MAX:
            fautes.append(
                Faute(ligne.ligne, colonne, str(unites), f"un nombre de {minimum} à {entier_fr(UNITES_MAX)}.")
            )
    return fautes
