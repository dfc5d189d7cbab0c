"""A bon about to be revised, what the buyer asks of it, and the words for what changes or cannot.

Amounts in € HT, quantities in pieces.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.commandes.rules.lignes_revisees import LigneAReviser


@dataclass(frozen=True, slots=True)
class BonAReviser:
    """A bon as it stands. `ports`: centimes of shipping by body; `port_facture`: some of it is billed.

    `lieux`: the places each body may choose, by body then id, None standing for the depot; `noms`: the bodies' names.
    `autres_bons_ht`: what the other bons of the lot engage of its ceiling. `lieu`: the only place it may go to, by
    name; empty when it has a list of them.
    """

    revision: int
    emis_le: date
    a_livrer_avant_le: date
    port_ht: Decimal
    tva_port_pct: Decimal
    total_ht: Decimal
    plafond_ht: Decimal
    autres_bons_ht: Decimal
    lignes: tuple[LigneAReviser, ...]
    ports: Mapping[int | None, int]
    noms: Mapping[int, str]
    lieux: Mapping[int, Mapping[int | None, str]]
    port_facture: bool = False
    lieu: str = ""


@dataclass(frozen=True, slots=True)
class Demande:
    """What the buyer asks: `unites` by affectation, `garder` by line (what members keep in all), `lieux` by body."""

    a_livrer_avant_le: date
    port_ht: Decimal
    unites: Mapping[int, int]
    garder: Mapping[int, int]
    lieux: Mapping[int, int | None]
    recalculer: bool = False


@dataclass(frozen=True, slots=True)
class Changement:
    """One thing that changes, as people read it. `genre`: bon, ligne, part or lieu; `cle`: the line's or body's id."""

    genre: str
    cle: int
    quoi: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Faute:
    """Why something cannot be. `champ`: date, port, ligne-<id>, part-<id>, lieu-<body>, or empty for the whole."""

    champ: str
    motif: str
