"""The tier a combined quantity reaches, explained: the gain, what each would pay alone, what the next tier would cost.

Amounts in € HT. « Units counted » are those that reach a tier: the units bought now plus, when the lot's tiers run
over the campagne or the marché, those bought before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier, palier_applicable
from groupement.socle.argent import en_centimes, en_euros, montant_ligne
from groupement.socle.nombres import accorde, entier_fr, euros_fr


@dataclass(frozen=True, slots=True)
class PalierAtteignable:
    """A higher tier: `unites_a_acheter` in whole packs reach it, `unites_manquantes` more than now, for `montant_ht`.

    `economie_ht` is what buying up to it spares (negative: what it costs more).
    """

    a_partir_de: int
    prix_unitaire_ht: Decimal
    unites_a_acheter: int
    unites_manquantes: int
    montant_ht: Decimal
    economie_ht: Decimal


@dataclass(frozen=True, slots=True)
class ExplicationPalier:
    """Why a line of a bon costs what it costs.

    `cout_isole_ht`: what the members would have paid, each buying whole packs alone at the tier it reaches alone.
    `gain_palier_ht`: what the tier spares against the base price. `superieurs`: the tiers above, nearest first.
    """

    unites_achetees: int
    unites_comptees: int
    prix_de_base_ht: Decimal
    prix_unitaire_ht: Decimal
    montant_ht: Decimal
    gain_palier_ht: Decimal
    cout_isole_ht: Decimal
    superieurs: tuple[PalierAtteignable, ...]

    @property
    def suivant(self) -> PalierAtteignable | None:
        """The next tier, if any."""
        return self.superieurs[0] if self.superieurs else None

    @property
    def conseil(self) -> PalierAtteignable | None:
        """The higher tier that would cost less than what is bought now, the cheapest of them; a person decides."""
        gagnants = [superieur for superieur in self.superieurs if superieur.economie_ht > 0]
        return min(gagnants, key=lambda superieur: superieur.montant_ht, default=None)


def cout_isole(paliers: Sequence[Palier], unites_par_colis: int, unites: int) -> Decimal:
    """What a body would pay (€ HT) for `unites` pieces on its own: whole packs, at the tier it reaches alone."""
    achetees = colis_necessaires(unites, unites_par_colis) * unites_par_colis
    return montant_ligne(achetees, palier_applicable(paliers, achetees).prix_unitaire_ht)


def cout_isole_total(paliers: Sequence[Palier], unites_par_colis: int, demandes: Iterable[int]) -> Decimal:
    """Sum (€ HT) of what each of the `demandes` (pieces) would cost on its own."""
    connus: dict[int, int] = {}
    total = 0
    for unites in demandes:
        if unites not in connus:
            connus[unites] = en_centimes(cout_isole(paliers, unites_par_colis, unites))
        total += connus[unites]
    return en_euros(total)


def expliquer_palier(
    paliers: Sequence[Palier],
    unites_par_colis: int,
    unites_achetees: int,
    *,
    deja_achetees: int = 0,
    cout_isole_ht: Decimal = Decimal(0),
) -> ExplicationPalier:
    """The explanation of a line of `unites_achetees` pieces (whole packs), `deja_achetees` counting for the tier.

    Raises ValueError without a price.
    """
    comptees = unites_achetees + deja_achetees
    prix = palier_applicable(paliers, comptees).prix_unitaire_ht
    base = palier_applicable(paliers, 0).prix_unitaire_ht
    montant = montant_ligne(unites_achetees, prix)
    return ExplicationPalier(
        unites_achetees=unites_achetees,
        unites_comptees=comptees,
        prix_de_base_ht=base,
        prix_unitaire_ht=prix,
        montant_ht=montant,
        gain_palier_ht=montant_ligne(unites_achetees, base) - montant,
        cout_isole_ht=cout_isole_ht,
        superieurs=_superieurs(paliers, unites_par_colis, unites_achetees, comptees, montant),
    )


def phrases_palier(explication: ExplicationPalier) -> list[str]:
    """What the page says below the unit price: the tier reached, the next, whether going up to it costs less."""
    phrases = [_phrase_atteint(explication)]
    vise = explication.conseil or explication.suivant
    if vise:
        difference = f"soit {euros_fr(abs(vise.economie_ht))} de {'moins' if vise.economie_ht > 0 else 'plus'}"
        phrases.append(
            f"Avec {accorde(vise.unites_manquantes, 'unité')} de plus, le prix passe à "
            f"{euros_fr(vise.prix_unitaire_ht)}\u00a0: {accorde(vise.unites_a_acheter, 'unité')} "
            f"coûteraient {euros_fr(vise.montant_ht)}, {difference if vise.economie_ht else 'soit autant'}."
        )
    return phrases


def _phrase_atteint(explication: ExplicationPalier) -> str:
    """The tier reached and what it spares."""
    avant = explication.unites_comptees - explication.unites_achetees
    comptees = accorde(explication.unites_comptees, "unité") + (
        f" (dont {entier_fr(avant)} déjà achetées)" if avant else ""
    )
    if explication.gain_palier_ht == 0:
        return f"{comptees}\u00a0: prix de base, {euros_fr(explication.prix_unitaire_ht)} l’unité."
    return (
        f"{comptees}\u00a0: {euros_fr(explication.prix_unitaire_ht)} l’unité au lieu de "
        f"{euros_fr(explication.prix_de_base_ht)}, soit {euros_fr(explication.gain_palier_ht)} de moins."
    )


def _superieurs(
    paliers: Sequence[Palier], unites_par_colis: int, achetees: int, comptees: int, montant: Decimal
) -> tuple[PalierAtteignable, ...]:
    """The tiers above the one reached, each with the whole packs that reach it and their cost."""
    atteint = palier_applicable(paliers, comptees).a_partir_de
    deja = comptees - achetees
    superieurs = []
    for palier in sorted(paliers, key=lambda palier: palier.a_partir_de):
        a_acheter = colis_necessaires(max(palier.a_partir_de - deja, 0), unites_par_colis) * unites_par_colis
        if palier.a_partir_de > atteint and a_acheter > achetees:
            cout = montant_ligne(a_acheter, palier_applicable(paliers, a_acheter + deja).prix_unitaire_ht)
            superieurs.append(
                PalierAtteignable(
                    *(palier.a_partir_de, palier.prix_unitaire_ht, a_acheter, a_acheter - achetees),
                    *(cout, montant - cout),
                )
            )
    return tuple(superieurs)
