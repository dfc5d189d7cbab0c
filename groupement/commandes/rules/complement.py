"""The completion phase: what the group's firm demand still misses to fill a pack or to reach a tier.

Quantities are pieces, amounts € HT. Nothing may be added there but what brings a pack or a tier closer: a pack is
incomplete when accepted extras do not fill it, so that pieces would go to the depot; a tier is within reach when it
asks for no more than a quarter of what is already asked. An addition never leaves more pieces to the depot than
before, unless it reaches the tier. What the depot's stock would serve is not counted: the buyer decides that later.
Source: peers.md §3.1 (fill the pack), §3.2 (a closed order stays open for what is missing, and no more).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import Palier, palier_applicable, palier_suivant
from groupement.socle.argent import montant_ligne

PART_A_PORTEE = 4  # a tier is within reach when a fourth of what is asked, or less, would do


@dataclass(frozen=True, slots=True)
class DemandeDuGroupe:
    """What the orders that count ask of an article: firm pieces, extras accepted, what was bought for its tier.

    `au_depot_seulement`: each delivery place has its own bon, which reaches its own tier; these are then the pieces
    of the depot's bon, where packs are opened, and no tier is waited for: what a place adds counts for itself alone.
    """

    article_id: int
    reference: str
    designation: str
    unite: str
    famille: str
    unites_par_colis: int
    paliers: tuple[Palier, ...]
    fermes: int
    acceptees_en_plus: int = 0
    deja_achetees: int = 0
    au_depot_seulement: bool = False

    def achetees(self, ajoutees: int = 0) -> int:
        """The pieces that would be bought, in whole packs, with `ajoutees` more asked."""
        return colis_necessaires(self.fermes + ajoutees, self.unites_par_colis) * self.unites_par_colis

    def au_depot(self, ajoutees: int = 0) -> int:
        """The pieces nobody has asked for or accepted, which complete the last pack."""
        return max(self.achetees(ajoutees) - self.fermes - ajoutees - self.acceptees_en_plus, 0)

    def palier(self, ajoutees: int = 0) -> Palier:
        """The tier reached. Raises ValueError without a price."""
        return palier_applicable(self.paliers, self.achetees(ajoutees) + self.deja_achetees)


@dataclass(frozen=True, slots=True)
class ManqueDuColis:
    """A pack being filled: what it holds, what it misses, what the depot would have to pay for that."""

    unites_par_colis: int
    unites_manquantes: int
    valeur_ht: Decimal

    @property
    def unites_presentes(self) -> int:
        """What is in the pack already, accepted extras included."""
        return self.unites_par_colis - self.unites_manquantes


@dataclass(frozen=True, slots=True)
class ManqueDuPalier:
    """The next tier, within reach: the pieces that count now, those missing, and what its price spares.

    `gain_ht`: what the pieces already asked would cost less.
    """

    a_partir_de: int
    unites_comptees: int
    unites_manquantes: int
    prix_actuel_ht: Decimal
    prix_ht: Decimal
    gain_ht: Decimal

    def gain_pour(self, unites: int) -> Decimal:
        """What a body that has asked for `unites` pieces would spare."""
        return montant_ligne(unites, self.prix_actuel_ht) - montant_ligne(unites, self.prix_ht)


@dataclass(frozen=True, slots=True)
class Manque:
    """An article that misses something: pieces for its pack, for its next tier, or both."""

    demande: DemandeDuGroupe
    colis: ManqueDuColis | None
    palier: ManqueDuPalier | None

    @property
    def unites_au_plus(self) -> int:
        """The most that may be added, by all the members together."""
        return max((m.unites_manquantes for m in (self.colis, self.palier) if m), default=0)

    def complete_le_colis(self, ajoutees: int) -> bool:
        """Whether that many more pieces leave nothing to the depot."""
        return self.demande.au_depot(ajoutees) == 0

    def atteint_le_palier(self, ajoutees: int) -> bool:
        """Whether that many more pieces reach the tier."""
        return self.palier is not None and self.demande.palier(ajoutees).a_partir_de >= self.palier.a_partir_de

    def montant_ht(self, ajoutees: int) -> Decimal:
        """What that many more pieces cost, at the price reached with them."""
        return montant_ligne(ajoutees, self.demande.palier(ajoutees).prix_unitaire_ht)

    def rapproche(self, ajoutees: int) -> bool:
        """Whether that many more pieces bring the pack or the tier closer, and the depot no more than before."""
        if not 1 <= ajoutees <= self.unites_au_plus:
            return False
        return self.atteint_le_palier(ajoutees) or self.demande.au_depot(ajoutees) <= self.demande.au_depot()


def manque(demande: DemandeDuGroupe) -> Manque | None:
    """What the article misses; None when nothing does, when nobody asks for it, or when it has no price."""
    if demande.fermes < 1 or not demande.paliers:
        return None
    colis, palier = _du_colis(demande), _du_palier(demande)
    return Manque(demande, colis, palier) if colis or palier else None


def manques(demandes: Iterable[DemandeDuGroupe]) -> list[Manque]:
    """The articles that miss something, in the order given."""
    return [trouve for trouve in map(manque, demandes) if trouve]


def _du_colis(demande: DemandeDuGroupe) -> ManqueDuColis | None:
    """The pack being filled; None when the packs are full, accepted extras included."""
    manquantes = demande.au_depot()
    if not manquantes:
        return None
    valeur = montant_ligne(manquantes, demande.palier().prix_unitaire_ht)
    return ManqueDuColis(demande.unites_par_colis, manquantes, valeur)


def _du_palier(demande: DemandeDuGroupe) -> ManqueDuPalier | None:
    """The next tier when it is cheaper and within reach.

    Missing are the pieces that reach it in whole packs with nothing left to the depot. Accepted extras fill the last
    pack, they never open one: at least one firm piece of it must be asked.
    """
    comptees = demande.achetees() + demande.deja_achetees
    actuel, suivant = demande.palier(), palier_suivant(demande.paliers, comptees)
    if demande.au_depot_seulement or suivant is None or suivant.prix_unitaire_ht >= actuel.prix_unitaire_ht:
        return None
    par_colis = demande.unites_par_colis
    a_acheter = colis_necessaires(suivant.a_partir_de - demande.deja_achetees, par_colis) * par_colis
    manquantes = a_acheter - min(demande.acceptees_en_plus, par_colis - 1) - demande.fermes
    if manquantes * PART_A_PORTEE > demande.fermes:
        return None
    prix, prix_suivant = actuel.prix_unitaire_ht, suivant.prix_unitaire_ht
    return ManqueDuPalier(
        a_partir_de=suivant.a_partir_de,
        unites_comptees=demande.fermes + demande.deja_achetees,
        unites_manquantes=manquantes,
        prix_actuel_ht=prix,
        prix_ht=prix_suivant,
        gain_ht=montant_ligne(demande.fermes, prix) - montant_ligne(demande.fermes, prix_suivant),
    )
