"""What an order would cost if the campagne ended today: the tier the whole groupement reaches, VAT, how far the next.

Amounts in € HT unless the name says otherwise, quantities in pieces. An estimate and said so: the final price follows
the quantity the groupement really buys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.paliers import ExplicationPalier, PalierAtteignable, expliquer_palier
from groupement.socle.argent import bases_par_taux, montant_ligne, tva_par_taux
from groupement.socle.nombres import accorde, entier_fr, euros_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class ArticleDemande:
    """An article of an order: its `unites`, what the other orders ask, what was bought before and counts for tiers.

    `repreneur`: the titulaire whose prices these are, where one before it has declined.
    """

    article_id: int
    unites: int
    unites_des_autres: int
    unites_par_colis: int
    tva_pct: Decimal
    paliers: tuple[Palier, ...]
    deja_achetees: int = 0
    repreneur: str = ""


@dataclass(frozen=True, slots=True)
class LigneEstimee:
    """The estimate of a line. Without a price, `explication` is None and the amount nil."""

    article_id: int
    unites: int
    unites_du_groupement: int
    tva_pct: Decimal
    explication: ExplicationPalier | None
    montant_ht: Decimal
    repreneur: str = ""  # the titulaire whose prices these are, where one before it has declined

    @property
    def prix_unitaire_ht(self) -> Decimal | None:
        """The price if the campagne ended today."""
        return self.explication.prix_unitaire_ht if self.explication else None

    @property
    def prix_de_base_ht(self) -> Decimal | None:
        """The price of the first tier: what the catalogue announces."""
        return self.explication.prix_de_base_ht if self.explication else None

    @property
    def suivant(self) -> PalierAtteignable | None:
        """The next tier, if any."""
        return self.explication.suivant if self.explication else None

    @property
    def gain_ht(self) -> Decimal:
        """What ordering together spares on this line, against the base price."""
        return (
            ZERO if self.prix_de_base_ht is None else montant_ligne(self.unites, self.prix_de_base_ht) - self.montant_ht
        )

    def gain_au_suivant(self, unites: int) -> Decimal:
        """What the next tier would spare on `unites` pieces; nil at the best price."""
        if self.explication is None or self.suivant is None:
            return ZERO
        return montant_ligne(unites, self.explication.prix_unitaire_ht) - montant_ligne(
            unites, self.suivant.prix_unitaire_ht
        )


@dataclass(frozen=True, slots=True)
class Estimation:
    """The estimate of an order: its lines by article, its totals, VAT per rate on the summed base."""

    lignes: dict[int, LigneEstimee]
    total_ht: Decimal
    tva: dict[Decimal, Decimal]
    bases: dict[Decimal, Decimal]
    total_ttc: Decimal
    gain_ht: Decimal

    @property
    def sans_prix(self) -> list[int]:
        """The articles nobody has given a price to."""
        return [ligne.article_id for ligne in self.lignes.values() if ligne.explication is None]

    @property
    def phrases_des_repreneurs(self) -> list[str]:
        """Whose prices some lines have, once each, in the order of the lines; nothing where the first deliver."""
        noms = dict.fromkeys(ligne.repreneur for ligne in self.lignes.values() if ligne.repreneur)
        return [phrase_du_repreneur(nom) for nom in noms]


def estimer_ligne(demande: ArticleDemande) -> LigneEstimee:
    """The estimate of one article, at the tier reached by the groupement in whole packs."""
    ensemble = demande.unites + demande.unites_des_autres
    if not demande.paliers:
        return LigneEstimee(demande.article_id, demande.unites, ensemble, demande.tva_pct, None, ZERO)
    achetees = colis_necessaires(ensemble, demande.unites_par_colis) * demande.unites_par_colis
    explication = expliquer_palier(
        demande.paliers, demande.unites_par_colis, achetees, deja_achetees=demande.deja_achetees
    )
    montant = montant_ligne(demande.unites, explication.prix_unitaire_ht)
    return LigneEstimee(
        *(demande.article_id, demande.unites, ensemble, demande.tva_pct, explication, montant), demande.repreneur
    )


def estimer(demandes: Iterable[ArticleDemande]) -> Estimation:
    """The estimate of an order."""
    lignes = {demande.article_id: estimer_ligne(demande) for demande in demandes}
    paires = [(ligne.montant_ht, ligne.tva_pct) for ligne in lignes.values() if ligne.explication]
    taxes = tva_par_taux(paires)
    total_ht = sum((ligne.montant_ht for ligne in lignes.values()), ZERO)
    gain = sum((ligne.gain_ht for ligne in lignes.values()), ZERO)
    total_ttc = total_ht + sum(taxes.values(), ZERO)
    return Estimation(lignes, total_ht, taxes, bases_par_taux(paires), total_ttc, gain)


def phrases_de_la_ligne(ligne: LigneEstimee) -> list[str]:
    """Why the line costs what it costs, for the member: the group's quantity, the tier, the product, the next tier."""
    explication = ligne.explication
    if explication is None:
        return ["Cet article n’a pas de prix aujourd’hui\u00a0: le Centre de gestion doit le publier."]
    phrases = [phrase_du_repreneur(ligne.repreneur)] if ligne.repreneur else []
    phrases.append(_phrase_du_groupement(ligne, explication))
    base, prix = explication.prix_de_base_ht, explication.prix_unitaire_ht
    if prix < base:
        phrases.append(f"À cette quantité, le prix est de {euros_fr(prix)} HT l’unité au lieu de {euros_fr(base)}.")
    else:
        phrases.append(f"À cette quantité, c’est le prix de base\u00a0: {euros_fr(prix)} HT l’unité.")
    phrases.append(f"{entier_fr(ligne.unites)} × {euros_fr(prix)} = {euros_fr(ligne.montant_ht)} HT.")
    return [*phrases, phrase_du_palier_suivant(ligne)]


def phrase_du_palier_suivant(ligne: LigneEstimee) -> str:
    """How far the next price is, or that the best one is reached."""
    if ligne.suivant is None:
        return f"C’est le meilleur prix {f'de {ligne.repreneur}' if ligne.repreneur else 'du marché'}."
    return (
        f"Encore {accorde(ligne.suivant.unites_manquantes, 'unité')} dans le groupement pour passer à "
        f"{euros_fr(ligne.suivant.prix_unitaire_ht)} HT."
    )


def phrase_du_gain_suivant(ligne: LigneEstimee) -> str:
    """What the next price would spare on what is asked already; nothing to say at the best price."""
    if ligne.suivant is None or ligne.explication is None:
        return ""
    gain, mien = ligne.gain_au_suivant(ligne.unites_du_groupement), ligne.gain_au_suivant(ligne.unites)
    if gain == mien:
        return f"Vous y gagneriez {euros_fr(mien)} HT."
    return f"Tout le groupement y gagnerait {euros_fr(gain)} HT, dont {euros_fr(mien)} pour vous."


def _phrase_du_groupement(ligne: LigneEstimee, explication: ExplicationPalier) -> str:
    """How many pieces the groupement asks, packs completed, and what counts besides."""
    demandees = accorde(ligne.unites_du_groupement, "unité")
    phrase = f"Tout le groupement en demande {demandees} à ce jour, votre commande comprise"
    if explication.unites_achetees != ligne.unites_du_groupement:
        phrase += f", soit {entier_fr(explication.unites_achetees)} en colis entiers"
    deja = explication.unites_comptees - explication.unites_achetees
    chez = f" chez {ligne.repreneur}" if ligne.repreneur else ""
    return phrase + (f"\u00a0; {entier_fr(deja)} déjà achetées{chez} comptent aussi." if deja else ".")


def phrase_du_repreneur(nom: str) -> str:
    """Whose prices these are, since a titulaire before it declined (cascade: docs/decisions/0026-cascade.md)."""
    return f"Un titulaire du lot a décliné\u00a0: le suivant, {nom}, livre à ses propres prix et conditions."
