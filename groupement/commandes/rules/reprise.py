"""A bon taken over by the next titulaire: the same pieces for everybody, at its prices, with its shipping.

Amounts in € HT. The tier is that of its own price list, reached by the bon and by what it already sold where the lot
counts that. Sources: CCP R2162-14 (the cascade is the lot's), R2162-4 (the ceiling).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from groupement.catalogue.rules.cascade import TermesDeLivraison
from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.bon_a_reviser import BonAReviser, Demande
from groupement.commandes.rules.changement_de_titulaire import (
    ChangementDeTitulaire,
    LigneDeLot,
    OffreDeLot,
    comparer,
)
from groupement.commandes.rules.lignes_revisees import LigneAReviser, LigneRevisee
from groupement.commandes.rules.plafond import motif_depassement
from groupement.commandes.rules.port import port_du
from groupement.commandes.rules.revision import BonRevise, reviser
from groupement.socle.argent import en_euros
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Reprise:
    """The bon as the next titulaire would have it; `refus` says why it cannot be issued, empty when it can."""

    repris: BonRevise
    changement: ChangementDeTitulaire
    montants: Mapping[int, tuple[Decimal, Decimal]]  # by body: its share before and after, shipping included
    refus: str

    @property
    def changes(self) -> dict[int, tuple[Decimal, Decimal]]:
        """The bodies whose share is not the same."""
        return {corps: parts for corps, parts in self.montants.items() if parts[0] != parts[1]}


def reprendre(
    bon: BonAReviser,
    nom: str,
    paliers: Mapping[int, tuple[Palier, ...]],
    deja_achetees: Mapping[int, int],
    termes: TermesDeLivraison,
) -> Reprise:
    """The bon at the prices of the titulaire `nom`: its tiers, and what it already sold, by line of the bon."""
    sans_prix = tuple(ligne.reference for ligne in bon.lignes if not paliers.get(ligne.ligne_id))
    lignes = tuple(
        replace(ligne, paliers=paliers.get(ligne.ligne_id, ()), deja_achetees=deja_achetees.get(ligne.ligne_id, 0))
        for ligne in bon.lignes
    )
    chez_lui = replace(bon, lignes=lignes)
    sans_port = reviser(chez_lui, _demande(bon, ZERO))
    repris = reviser(chez_lui, _demande(bon, _port(sans_port.total_ht, termes)))
    apres, avant = _offre(bon, repris.lignes), _offre(bon, bon.lignes)
    vendues = [ligne for ligne in apres if ligne.reference not in sans_prix]
    changement = comparer(OffreDeLot(avant, bon.port_ht), OffreDeLot(vendues, repris.port_ht, sans_prix))
    refus = _refus(bon, repris, nom, sans_prix, termes)
    return Reprise(repris, changement, _montants(bon, repris), refus)


def _demande(bon: BonAReviser, port_ht: Decimal) -> Demande:
    """The same pieces, prices worked out again."""
    return Demande(bon.a_livrer_avant_le, port_ht, unites={}, garder={}, lieux={}, recalculer=True)


def _port(marchandises_ht: Decimal, termes: TermesDeLivraison) -> Decimal:
    """Shipping on the terms of the other titulaire."""
    return port_du(termes.port_ht, termes.franco_ht, marchandises_ht)


def _offre(bon: BonAReviser, lignes: Sequence[LigneAReviser | LigneRevisee]) -> list[LigneDeLot]:
    """The lines of the bon as an offer."""
    references = {ligne.ligne_id: ligne.reference for ligne in bon.lignes}
    return [LigneDeLot(references[li.ligne_id], li.unites, li.prix_unitaire_ht, li.montant_ht) for li in lignes]


def _montants(bon: BonAReviser, repris: BonRevise) -> dict[int, tuple[Decimal, Decimal]]:
    """What each body owes before and after, shipping included."""
    avant, apres = dict.fromkeys(bon.noms, 0), dict.fromkeys(bon.noms, 0)
    for sommes, lignes, ports in ((avant, bon.lignes, bon.ports), (apres, repris.lignes, repris.ports)):
        for ligne in lignes:
            for part in ligne.membres:
                if part.collectivite_id is not None:
                    sommes[part.collectivite_id] = sommes.get(part.collectivite_id, 0) + part.centimes
        for corps, centimes in ports.items():
            if corps is not None:
                sommes[corps] = sommes.get(corps, 0) + centimes
    return {corps: (en_euros(avant[corps]), en_euros(apres[corps])) for corps in avant}


def _refus(bon: BonAReviser, repris: BonRevise, nom: str, sans_prix: Sequence[str], termes: TermesDeLivraison) -> str:
    """Why the next titulaire cannot have this bon."""
    if sans_prix:
        return (
            f"{nom} ne donne pas de prix pour {', '.join(sans_prix)}\u00a0: chargez son bordereau, ou retirez "
            f"{'ces articles' if len(sans_prix) > 1 else 'cet article'} du bon par une révision, puis recommencez."
        )
    marchandises = repris.total_ht - repris.port_ht
    if marchandises < termes.minimum_commande_ht:
        return (
            f"{nom} n’accepte pas de bon de moins de {euros_fr(termes.minimum_commande_ht)} HT\u00a0: "
            f"celui-ci ferait {euros_fr(marchandises)}."
        )
    return motif_depassement(bon.plafond_ht, bon.autres_bons_ht, repris.total_ht) or ""
