"""What a need becomes before it is an order: facts of the articles, lines proposed with their reason, their totals.

Prices are euros excluding tax, four decimals at most; amounts whole centimes; lengths mm. Nothing here is ordered:
a person reads the reasons and decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from groupement.catalogue.rules.prix import AchatsConseilles, Palier, achats_conseilles
from groupement.socle.argent import tva_par_taux
from groupement.socle.nombres import accorde, entier_fr, euros_fr

TVA_NORMALE_PCT = Decimal("20.00")


@dataclass(frozen=True)
class ArticleDispo:
    """The facts of a BPU line one can order today; `paliers` are the tiers in force, sizes None when unknown.

    `type_element` is that of the BPU (boite, depart, suivant, depart_double, suivant_double, reliure, reliure_ec,
    service…). `capacite_mm`: shelf offered by a bay, or taken by an upright box or a volume.
    """

    reference: str
    type_element: str
    unites_par_colis: int
    paliers: tuple[Palier, ...]
    dos_mm: int | None = None
    capacite_mm: int | None = None
    feuillets_max: int | None = None
    norme: str = ""
    profondeur_mm: int | None = None
    hauteur_mm: int | None = None
    tva_pct: Decimal = TVA_NORMALE_PCT

    def achats(self, unites: int) -> AchatsConseilles:
        """The ways to buy at least `unites` pieces of it, in whole packs."""
        return achats_conseilles(self.paliers, self.unites_par_colis, unites)

    def cout_ht(self, unites: int) -> Decimal:
        """What `unites` pieces cost (€), rounded up to whole packs and no more; nothing for none."""
        return self.achats(unites).au_plus_juste.montant_ht if unites else Decimal("0.00")


@dataclass(frozen=True)
class LigneProposee:
    """One line to order: `motif` says why in French, `suggestion` what buying more would save, or is empty.

    `unites_necessaires`: the pieces needed, before rounding up to whole packs.
    """

    reference: str
    unites: int
    prix_unitaire_ht: Decimal
    montant_ht: Decimal
    tva_pct: Decimal
    motif: str
    suggestion: str = ""
    unites_necessaires: int = 0


@dataclass(frozen=True)
class Proposition:
    """The lines proposed, and the French sentences on what the contract has no article for."""

    lignes: tuple[LigneProposee, ...]
    manques: tuple[str, ...] = ()

    @property
    def total_ht(self) -> Decimal:
        """Sum of the lines (€ excluding tax)."""
        return sum((ligne.montant_ht for ligne in self.lignes), Decimal("0.00"))

    @property
    def total_tva(self) -> Decimal:
        """VAT (€), rounded once per rate on the summed base."""
        bases = ((ligne.montant_ht, ligne.tva_pct) for ligne in self.lignes)
        return sum(tva_par_taux(bases).values(), Decimal("0.00"))

    @property
    def total_ttc(self) -> Decimal:
        """What is paid in the end (€)."""
        return self.total_ht + self.total_tva


def ligne_au_plus_juste(article: ArticleDispo, besoin: int, motif: str, suggestion: str = "") -> LigneProposee:
    """The line that covers `besoin` pieces in whole packs and no more, with what a higher tier would save as advice.

    Raises ValueError for a need below one piece, or an article without a price.
    """
    achats = article.achats(besoin)
    option = achats.au_plus_juste
    if option.unites != besoin:
        motif = (
            f"{motif} {accorde(option.colis, 'colis', 'colis')} de {entier_fr(article.unites_par_colis)}"
            f"\u00a0: {entier_fr(option.unites)}."
        )
    conseils = [conseil for conseil in (suggestion, conseil_de_palier(achats)) if conseil]
    return LigneProposee(
        article.reference,
        option.unites,
        option.prix_unitaire_ht,
        option.montant_ht,
        article.tva_pct,
        motif,
        " ".join(conseils),
        besoin,
    )


def conseil_de_palier(achats: AchatsConseilles) -> str:
    """The French sentence on a larger quantity that costs less; empty when there is none."""
    if not achats.economie_ht:
        return ""
    meilleure, juste = achats.moins_chere, achats.au_plus_juste
    return (
        f"En commander {entier_fr(meilleure.unites)} coûterait {euros_fr(meilleure.montant_ht)} au lieu de "
        f"{euros_fr(juste.montant_ht)} pour {entier_fr(juste.unites)}, soit {euros_fr(achats.economie_ht)} de moins"
        "\u00a0: à vous de voir selon la place et le budget."
    )


def article_nomme(articles: Iterable[ArticleDispo], reference: str) -> ArticleDispo | None:
    """The article of `reference`; None when the contract has it not."""
    return next((article for article in articles if article.reference == reference), None)
