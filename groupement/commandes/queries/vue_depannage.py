"""Everything the pages of an urgent order show, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.commandes.models import Commande, Depannage, EcartDeRemise, LigneCommande
from groupement.commandes.queries.commandes import evenements_de, lignes_affichees, suivi_des_lignes
from groupement.commandes.queries.depannages import Guichet, articles_offerts, guichet_de, offres
from groupement.commandes.queries.remises import ecarts_de_remise
from groupement.commandes.rules import depannages as regle
from groupement.commandes.rules.avancement import Etape
from groupement.commandes.rules.depannages import Offre
from groupement.commandes.states import EtatCommande
from groupement.socle.argent import montant_ligne, tva_par_taux
from groupement.socle.journal import Evenement

ZERO = Decimal("0.00")
A_ENGAGER = (EtatCommande.BROUILLON, EtatCommande.SOUMISE)


@dataclass(frozen=True, slots=True)
class LigneDepannage:
    """One article: what is asked, what it costs, why the depot cannot give it (empty when it can)."""

    reference: str
    designation: str
    unite: str
    unites: int
    prix_unitaire_ht: Decimal
    tva_pct: Decimal
    montant_ht: Decimal
    disponibles: int | None = None  # before the commitment only
    refus: str = ""
    ligne_id: int = 0
    ecart: EcartDeRemise | None = None  # what was not handed over, if anything

    @property
    def remises(self) -> int:
        """Pieces handed over, or to hand over while nothing is recorded."""
        return self.unites - (self.ecart.unites if self.ecart else 0)


@dataclass(frozen=True, slots=True)
class VueDepannage:
    """An urgent order, its lines at their cost (of now, as long as nothing is committed), its history.

    `motif`: why it cannot be committed now, empty when it can.
    """

    commande: Commande
    depannage: Depannage
    lignes: Sequence[LigneDepannage]
    evenements: Sequence[Evenement]
    motif: str = ""

    @property
    def est_a_engager(self) -> bool:
        """Nothing has left the stock yet."""
        return self.commande.etat in A_ENGAGER

    @property
    def est_remise(self) -> bool:
        """The body has its articles."""
        return self.depannage.remis_le is not None

    @property
    def est_partielle(self) -> bool:
        """It was handed over, but not all of it."""
        return any(ligne.ecart for ligne in self.lignes)

    @property
    def rendu_ht(self) -> Decimal:
        """What was engaged and will not be billed."""
        return sum((ligne.ecart.montant_ht for ligne in self.lignes if ligne.ecart), ZERO)

    @property
    def a_remettre(self) -> list[tuple[int, str, int]]:
        """(line id, article, pieces) of what is set aside."""
        lignes = self.lignes if self.commande.etat is EtatCommande.REGROUPEE else ()
        return [(ligne.ligne_id, ligne.designation, ligne.unites) for ligne in lignes]

    @property
    def refus(self) -> list[str]:
        """What stands in the way, a sentence each."""
        lignes = [
            f"{ligne.designation} ({ligne.reference})\u00a0: {ligne.refus}" for ligne in self.lignes if ligne.refus
        ]
        return [*([self.motif] if self.motif else []), *lignes]

    @property
    def total_ht(self) -> Decimal:
        """What is owed, all lines together."""
        return sum((ligne.montant_ht for ligne in self.lignes), ZERO)

    @property
    def tva(self) -> dict[Decimal, Decimal]:
        """VAT of each rate, on the sum."""
        return tva_par_taux((ligne.montant_ht, ligne.tva_pct) for ligne in self.lignes) if self.lignes else {}

    @property
    def total_ttc(self) -> Decimal:
        """With VAT."""
        return self.total_ht + sum(self.tva.values(), ZERO)

    @property
    def etapes(self) -> list[Etape]:
        """The timeline."""
        connus = {etat.value: etat for etat in EtatCommande}
        passages = {connus[e.apres]: e.le for e in self.evenements if e.apres in connus and e.avant != e.apres}
        return regle.etapes(self.commande.etat, passages)


def vue_depannage(commande: Commande, depannage: Depannage, le: date) -> VueDepannage:
    """What the page of the order shows on a day."""
    evenements = evenements_de(commande.id)
    if commande.etat not in A_ENGAGER:
        ecarts = ecarts_de_remise(commande.id) if depannage.remis_le else {}
        lignes = [_ligne_servie(ligne, ecarts.get(ligne.id)) for ligne in suivi_des_lignes(commande.id)]
        return VueDepannage(commande, depannage, lignes, evenements)
    guichet = guichet_de(commande.campagne, commande.collectivite_id, le)
    offertes = offres(articles_offerts(guichet.fenetre)) if guichet else {}
    demandees = lignes_affichees(commande.id)
    refus = regle.refus_par_article(offertes, [(ligne.article_id, ligne.unites) for ligne in demandees])
    lignes = [_ligne_demandee(ligne, offertes, refus.get(ligne.article_id, "")) for ligne in demandees]
    return VueDepannage(commande, depannage, lignes, evenements, _motif(commande, guichet))


def _motif(commande: Commande, guichet: Guichet | None) -> str:
    """Why the depot does not serve the body now; empty when it does."""
    if guichet is None:
        return f"«\u00a0{commande.campagne.intitule}\u00a0» est clos\u00a0: le dépôt ne sert plus cette demande."
    return guichet.motif or ""


def _ligne_demandee(ligne: LigneCommande, offertes: Mapping[int, Offre], refus: str) -> LigneDepannage:
    """An article asked for, at its cost of now; as it was announced when the depot cannot give it any more."""
    article, offre = ligne.article, offertes.get(ligne.article_id)
    prix = ligne.prix_unitaire_ht or ZERO
    montant = montant_ligne(ligne.unites, prix)
    if offre and not refus:
        montant = offre.cout(ligne.unites)
        prix = regle.prix_moyen(montant, ligne.unites)
    return LigneDepannage(
        *(article.reference, article.designation, article.unite, ligne.unites, prix, article.tva_pct, montant),
        disponibles=offre.disponibles if offre else 0,
        refus=refus,
    )


def _ligne_servie(ligne: Any, ecart: EcartDeRemise | None) -> LigneDepannage:
    """An article that left the stock, for what is owed of it; as it was announced, for an order given up."""
    servie = ligne.montant_ht is not None
    prix = ligne.prix_final_ht if servie else ligne.prix_annonce_ht or ZERO
    montant = ligne.montant_ht if servie else montant_ligne(ligne.demandees, prix)
    return LigneDepannage(
        *(ligne.reference, ligne.designation, ligne.unite, ligne.demandees, prix, ligne.tva_pct),
        montant_ht=montant - (ecart.montant_ht if ecart else ZERO),
        ligne_id=ligne.id,
        ecart=ecart,
    )
