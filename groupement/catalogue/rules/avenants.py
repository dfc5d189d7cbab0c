"""What a signed marché may become: the ground each change needs, and the ceilings that follow. Amounts in € HT.

Sources: L2194-1 and R2194-1 to R2194-9 CCP. A lot is a marché of its own: the limits count by lot. Changes of low
amount add up, in net value (directive 2014/24/UE, article 72.2): they stay strictly below 10 % of the first ceiling and
below the European threshold. Those of R2194-2 and R2194-5 stay each within 50 % (R2194-3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from groupement.catalogue.rules.termes import dernier_jour_permis
from groupement.catalogue.states import FondementAvenant
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import decimal_fr, euros_fr

ZERO = Decimal(0)
FAIBLE_PCT = Decimal(10)
IMPORTANT_PCT = Decimal(50)
A_MOITIE = frozenset({FondementAvenant.SUPPLEMENT, FondementAvenant.IMPREVU})
SANS_MOTIF = frozenset({FondementAvenant.FAIBLE_MONTANT})
# Supplies and services of local authorities, by the day they came into force (yearly notices; R2124-1 CCP).
SEUILS_EUROPEENS = ((date(2026, 1, 1), Decimal(216000)), (date(2024, 1, 1), Decimal(221000)))


@dataclass(frozen=True, slots=True)
class Effet:
    """What an avenant did to the ceiling of a lot."""

    notifie_le: date
    fondement: FondementAvenant
    avant_ht: Decimal
    apres_ht: Decimal

    @property
    def variation_ht(self) -> Decimal:
        """How much was added, or taken off."""
        return self.apres_ht - self.avant_ht


@dataclass(frozen=True, slots=True)
class LotAModifier:
    """A lot before the avenant: its ceiling today, what was already changed, what the bons have ordered."""

    lot_id: int
    numero: int
    plafond_ht: Decimal
    minimum_ht: Decimal
    commande_ht: Decimal
    effets: tuple[Effet, ...] = ()

    @property
    def initial_ht(self) -> Decimal:
        """The ceiling of the contract as signed: an error of typing put right counts as the first ceiling."""
        return plafond_initial(self.plafond_ht, self.effets)


@dataclass(frozen=True, slots=True)
class TermesAvenant:
    """An avenant as it is typed. `plafonds`: the new ceiling by lot id, those that change only."""

    numero: str
    objet: str
    fondement: FondementAvenant
    motif: str
    notifie_le: date
    plafonds: Mapping[int, Decimal]
    nouvelle_fin: date | None = None
    justification_duree: str = ""


@dataclass(frozen=True, slots=True)
class MarcheAModifier:
    """The marché before the avenant. `engage_jusqu_au`: last day of a window of orders already open or planned."""

    notifie_le: date
    du: date
    au: date
    dernier_avenant_le: date | None
    engage_jusqu_au: date | None
    justification_duree: str = ""


def seuil_europeen(le: date) -> Decimal:
    """The threshold in force that day; the oldest known before it."""
    return next((seuil for du, seuil in SEUILS_EUROPEENS if le >= du), SEUILS_EUROPEENS[-1][1])


def plafond_initial(plafond_ht: Decimal, effets: Iterable[Effet]) -> Decimal:
    """The first ceiling, from today's and what the avenants changed."""
    return plafond_ht - sum((e.variation_ht for e in effets if _compte(e)), ZERO)


def plafond_au(plafond_ht: Decimal, effets: Sequence[Effet], le: date) -> Decimal:
    """The ceiling on a day: the first one and the avenants notified by then."""
    en_vigueur = (e.variation_ht for e in effets if _compte(e) and e.notifie_le <= le)
    return plafond_initial(plafond_ht, effets) + sum(en_vigueur, ZERO)


def _compte(effet: Effet) -> bool:
    """Whether it is a change of the contract, not a typing error put right."""
    return effet.fondement is not FondementAvenant.ERREUR_DE_SAISIE


def cumul_de_faible_montant(effets: Iterable[Effet]) -> Decimal:
    """Net sum of the changes of low amount already made (R2194-9)."""
    return sum((e.variation_ht for e in effets if e.fondement is FondementAvenant.FAIBLE_MONTANT), ZERO)


def pct_du_plafond(variation_ht: Decimal, initial_ht: Decimal) -> Decimal:
    """The share of the first ceiling a change is, in %, cut to one decimal. Only to be shown: limits use amounts."""
    return (abs(variation_ht) * 100 / initial_ht).quantize(Decimal("0.1"), ROUND_DOWN)


def plafond_possible(lot: LotAModifier, le: date) -> Decimal:
    """The highest ceiling a change of low amount still allows, to the centime below the limit."""
    limite = min(lot.initial_ht * FAIBLE_PCT / 100, seuil_europeen(le))
    plus_haut = limite.quantize(Decimal("0.01"), ROUND_CEILING) - Decimal("0.01")  # strictly below
    return lot.plafond_ht + plus_haut - cumul_de_faible_montant(lot.effets)


def fautes_de_l_avenant(
    termes: TermesAvenant, marche: MarcheAModifier, lots: Sequence[LotAModifier], aujourdhui: date
) -> dict[str, str]:
    """What is wrong with an avenant, by field: `notifie_le`, `motif`, `fondement`, `nouvelle_fin`, `plafond_<lot>`."""
    fautes = _fautes_de_date(termes.notifie_le, marche, aujourdhui)
    if termes.fondement not in SANS_MOTIF and not termes.motif:
        fautes["motif"] = "Dites ce qui justifie cet avenant\u00a0: le code demande une raison pour ce fondement."
    for lot in lots:
        if lot.lot_id in termes.plafonds:
            fautes |= _fautes_du_plafond(termes.plafonds[lot.lot_id], lot)
            fautes |= _fautes_du_fondement(termes, lot)
    return fautes | _fautes_de_duree(termes, marche)


def _fautes_de_date(notifie_le: date, marche: MarcheAModifier, aujourdhui: date) -> dict[str, str]:
    """An avenant is notified after the marché, after the avenant before it, and not tomorrow."""
    if notifie_le < marche.notifie_le:
        return {"notifie_le": f"Un avenant suit la notification du marché, le {date_fr(marche.notifie_le)}."}
    if notifie_le > marche.au:
        return {"notifie_le": f"Le marché a pris fin le {date_fr(marche.au)}\u00a0: on ne le modifie plus ensuite."}
    if marche.dernier_avenant_le and notifie_le < marche.dernier_avenant_le:
        return {"notifie_le": f"L’avenant précédent est du {date_fr(marche.dernier_avenant_le)}\u00a0: suivez l’ordre."}
    if notifie_le > aujourdhui:
        return {"notifie_le": "Enregistrez l’avenant une fois notifié\u00a0: cette date est à venir."}
    return {}


def _fautes_du_plafond(plafond_ht: Decimal, lot: LotAModifier) -> dict[str, str]:
    """A ceiling is above zero, what is ordered, and the minimum."""
    champ = f"plafond_{lot.lot_id}"
    if plafond_ht <= 0:
        return {champ: "Le plafond est obligatoire et supérieur à zéro (article R2162-4)."}
    if plafond_ht < lot.commande_ht:
        return {
            champ: f"Les bons du lot {lot.numero} atteignent déjà {euros_fr(lot.commande_ht)} HT\u00a0: "
            "le plafond ne peut pas descendre en dessous."
        }
    if plafond_ht < lot.minimum_ht:
        return {champ: f"Le minimum du lot {lot.numero} est de {euros_fr(lot.minimum_ht)} HT\u00a0: restez au-dessus."}
    return {}


def _fautes_du_fondement(termes: TermesAvenant, lot: LotAModifier) -> dict[str, str]:
    """The limit in amount of the ground that was chosen."""
    variation = termes.plafonds[lot.lot_id] - lot.plafond_ht
    if termes.fondement in A_MOITIE and abs(variation) * 100 > lot.initial_ht * IMPORTANT_PCT:
        return {"fondement": _hors_limite(lot, variation, "50\u00a0% au plus (article R2194-3)")}
    if termes.fondement is not FondementAvenant.FAIBLE_MONTANT:
        return {}
    cumul = cumul_de_faible_montant(lot.effets) + variation
    if abs(cumul) * 100 >= lot.initial_ht * FAIBLE_PCT:
        suite = "moins de 10\u00a0% du plafond initial, tous avenants compris (articles R2194-8 et R2194-9)"
        return {"fondement": _hors_limite(lot, cumul, suite)}
    if abs(cumul) >= seuil_europeen(termes.notifie_le):
        suite = f"moins de {euros_fr(seuil_europeen(termes.notifie_le))} HT, le seuil européen (article R2194-8)"
        return {"fondement": _hors_limite(lot, cumul, suite)}
    return {}


def _hors_limite(lot: LotAModifier, variation: Decimal, limite: str) -> str:
    """The sentence that says by how much, and what to do."""
    pct = decimal_fr(pct_du_plafond(variation, lot.initial_ht))
    return (
        f"Lot {lot.numero}\u00a0: la modification atteint {pct}\u00a0% ({euros_fr(abs(variation))} sur "
        f"{euros_fr(lot.initial_ht)})\u00a0; ce fondement permet {limite}. Choisissez un autre fondement et dites "
        "pourquoi, ou passez un nouveau marché."
    )


def _fautes_de_duree(termes: TermesAvenant, marche: MarcheAModifier) -> dict[str, str]:
    """A new end is after the start and the windows of orders, and past four years only with a reason."""
    fin = termes.nouvelle_fin
    if fin is None:
        return {}
    if fin < max(marche.du, termes.notifie_le):
        return {"nouvelle_fin": "La nouvelle fin suit le début du marché et la notification de l’avenant."}
    if marche.engage_jusqu_au and fin < marche.engage_jusqu_au:
        return {"nouvelle_fin": f"Une campagne de commandes va jusqu’au {date_fr(marche.engage_jusqu_au)}."}
    if fin > dernier_jour_permis(marche.du) and not (termes.justification_duree or marche.justification_duree):
        return {
            "justification_duree": f"Au-delà de quatre ans (ici le {date_fr(dernier_jour_permis(marche.du))}), dites "
            "pourquoi (article L2125-1 du code de la commande publique)."
        }
    return {}
