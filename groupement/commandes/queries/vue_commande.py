"""Everything the page of an order shows, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from groupement.commandes.models import BonDeCommande, Commande, LigneCommande, LigneEcartee, PartDePort
from groupement.commandes.queries.commandes import evenements_de, lignes_affichees, suivi_des_lignes
from groupement.commandes.queries.estimations import estimer_lignes
from groupement.commandes.queries.papiers_tardifs import papiers_tardifs
from groupement.commandes.queries.reports import ecartees_de
from groupement.commandes.queries.vue_regroupement import regroupement_de
from groupement.commandes.rules.avancement import Etape, etapes
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.explication_de_la_ligne import (
    AchatDuGroupe,
    LigneServie,
    achats_gardes,
    phrases_de_la_ligne_servie,
)
from groupement.commandes.rules.papier_tardif import PapierTardif, phrase_du_rang
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.argent import bases_par_taux, tva_par_taux
from groupement.socle.db import db
from groupement.socle.journal import Evenement

ZERO = Decimal("0.00")
AVANT_REGROUPEMENT = (EtatCommande.BROUILLON, EtatCommande.SOUMISE, EtatCommande.VALIDEE, EtatCommande.ANNULEE)


@dataclass(frozen=True, slots=True)
class Facturable:
    """What the body will be billed once the bons are issued: goods, its share of shipping, VAT per rate on the sum."""

    articles_ht: Decimal
    port_ht: Decimal
    tva: dict[Decimal, Decimal]
    bases: dict[Decimal, Decimal]

    @property
    def total_ht(self) -> Decimal:
        """Goods and shipping."""
        return self.articles_ht + self.port_ht

    @property
    def total_ttc(self) -> Decimal:
        """With VAT."""
        return self.total_ht + sum(self.tva.values(), ZERO)


@dataclass(frozen=True, slots=True)
class VueCommande:
    """An order: an estimate before the regroupement, what was really bought after."""

    commande: Commande
    suivi: Sequence[Any]
    lignes: Sequence[LigneCommande]
    estimation: Estimation | None
    facturable: Facturable | None
    evenements: Sequence[Evenement]
    ecartees: Mapping[int, LigneEcartee] = field(default_factory=dict)  # by line: not ordered, and why
    achats: Mapping[str, AchatDuGroupe] = field(default_factory=dict)  # by reference: what the group bought

    def pourquoi(self, ligne: Any) -> list[str]:
        """Why a line of `suivi` gets what it gets, at that price."""
        servie = LigneServie(
            *(ligne.demandees, ligne.commandees or 0, ligne.du_stock or 0, ligne.dont_en_plus or 0),
            *(ligne.prix_annonce_ht, ligne.prix_final_ht),
        )
        return phrases_de_la_ligne_servie(servie, self.achats.get(ligne.reference))

    @property
    def papiers_tardifs(self) -> list[PapierTardif]:
        """The papers entered for it once the window was over."""
        return papiers_tardifs(self.evenements)

    @property
    def rang_du_papier(self) -> str:
        """What their rank means."""
        return phrase_du_rang(self.commande.campagne.regle_reliquat)

    @property
    def attendue_le(self) -> date | None:
        """The last day the supplier has to deliver."""
        return max((ligne.attendues_le for ligne in self.suivi if ligne.attendues_le), default=None)

    @property
    def etapes(self) -> list[Etape]:
        """The timeline."""
        return etapes(
            self.commande.etat,
            self._passages(),
            fin_de_campagne=self._fin(),
            attendue_le=self.attendue_le,
            annulee_le=next((e.le for e in reversed(self.evenements) if e.apres == EtatCommande.ANNULEE), None),
        )

    def _fin(self) -> date:
        """The last day before the suppliers are ordered from: that of the completion phase while it runs."""
        campagne = self.commande.campagne
        en_complement = campagne.etat is EtatCampagne.EN_COMPLEMENT
        return campagne.complement_au or campagne.au if en_complement else campagne.au

    def _passages(self) -> dict[EtatCommande, datetime]:
        """When each state was last reached; the order's own dates where the journal is silent."""
        # A line takes a new rank when it rises, even once the order has left.
        premiers = [ligne.rang for ligne in self.suivi] + [le for le in (self.commande.soumise_le,) if le]
        passages = {EtatCommande.BROUILLON: min(premiers, default=self.commande.modifiee_le)}
        for etat, le in (
            (EtatCommande.SOUMISE, self.commande.soumise_le),
            (EtatCommande.VALIDEE, self.commande.validee_le),
        ):
            if le is not None:
                passages[etat] = le
        connus = {etat.value: etat for etat in EtatCommande}
        passages |= {connus[e.apres]: e.le for e in self.evenements if e.apres in connus and e.avant != e.apres}
        return passages


def vue_commande(commande: Commande, le: date) -> VueCommande:
    """What the page of the order shows on a day."""
    suivi, evenements = suivi_des_lignes(commande.id), evenements_de(commande.id)
    if commande.etat not in AVANT_REGROUPEMENT:
        fait = regroupement_de(commande.campagne)
        achats, ecartees = achats_gardes(fait.preuves if fait else {}), ecartees_de(commande.id)
        return VueCommande(
            commande, suivi, (), None, _facturable(commande, suivi), evenements, ecartees=ecartees, achats=achats
        )
    lignes = lignes_affichees(commande.id)
    estimation = estimer_lignes(commande.campagne, lignes, le, commande)
    ecartees = ecartees_de(commande.id) if commande.etat is EtatCommande.ANNULEE else {}
    return VueCommande(commande, suivi, lignes, estimation, None, evenements, ecartees)


def _facturable(commande: Commande, suivi: Sequence[Any]) -> Facturable:
    """The body's share of the bons of the campagne."""
    ports = db.session.execute(
        select(PartDePort.montant_ht, PartDePort.tva_pct)
        .join(BonDeCommande, BonDeCommande.id == PartDePort.bon_id)
        .where(
            BonDeCommande.campagne_id == commande.campagne_id, PartDePort.collectivite_id == commande.collectivite_id
        )
    ).all()
    articles = [(ligne.montant_ht, ligne.tva_pct) for ligne in suivi if ligne.montant_ht is not None]
    paires = [*articles, *((montant, taux) for montant, taux in ports)]
    return Facturable(
        articles_ht=sum((montant for montant, _ in articles), ZERO),
        port_ht=sum((montant for montant, _ in ports), ZERO),
        tva=tva_par_taux(paires) if bases_par_taux(paires) else {},
        bases=bases_par_taux(paires),
    )
