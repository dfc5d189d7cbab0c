"""What the page of a facture shows, gathered in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from groupement.documents.unites import iban
from groupement.refacturation.models import Avoir, Encaissement, Facture, PaiementEnLigne, Remboursement
from groupement.refacturation.queries import factures as queries
from groupement.refacturation.queries.chaine import defaut_de
from groupement.refacturation.queries.depots import depots_de
from groupement.refacturation.queries.remboursements import remboursements_de
from groupement.refacturation.rules.calcul import lignes_affichees
from groupement.refacturation.states import ETATS_DUS, EtatPaiementEnLigne
from groupement.socle.journal import Evenement

# What the journal's verbs read like.
VERBES = {
    "emettre": "Facture émise",
    "relancer": "Rappel envoyé par courriel",
    "encaisser": "Paiement reçu, facture payée",
    "encaisser_en_partie": "Paiement partiel reçu",
    "crediter": "Avoir émis",
    "solder": "Avoir émis, il ne reste rien à payer",
    "annuler_par_avoir": "Facture annulée par un avoir",
    "ouvrir_paiement": "Paiement par carte commencé",
    "constater_trop_percu": "Somme reçue en trop",
    "rembourser": "Somme rendue à la collectivité",
    "deposer": "Facture déposée",
    "signaler_un_depot": "Dépôt signalé en erreur, à refaire",
}


@dataclass(frozen=True, slots=True)
class VueFacture:
    """A facture, its printed lines with how each was found, and its life since. `defaut`: what breaks its seal."""

    facture: Facture
    lignes: Sequence[tuple[dict[str, Any], list[str]]]
    encaissements: Sequence[Encaissement]
    avoirs: Sequence[Avoir]
    paiements: Sequence[PaiementEnLigne]
    evenements: Sequence[Evenement]
    defaut: str | None
    remboursements: Sequence[Remboursement]
    carte: bool
    depots: Sequence[Any]

    @property
    def depot(self) -> Any:
        """The deposit that counts, if there is one."""
        return next((transmission for transmission, erreur in self.depots if erreur is None), None)

    @property
    def est_due(self) -> bool:
        """Something is still to be paid."""
        return self.facture.etat in ETATS_DUS and self.facture.reste_du_ttc > 0

    @property
    def avec_tva(self) -> bool:
        """Its paper shows VAT."""
        return bool(self.facture.fige["mode_tva"] == "A")

    @property
    def iban(self) -> str:
        """Where to pay, as banks print it."""
        return iban(self.facture.fige["paiement"]["iban"])

    @property
    def paiement_en_cours(self) -> PaiementEnLigne | None:
        """The last payment begun and not finished."""
        ouverts = [p for p in self.paiements if p.etat is EtatPaiementEnLigne.OUVERT and p.session_id]
        return ouverts[-1] if ouverts else None

    def verbe(self, evenement: Evenement) -> str:
        """What happened, in words."""
        return VERBES.get(evenement.verbe, evenement.verbe.capitalize())


def vue_facture(facture: Facture, *, carte: bool) -> VueFacture:
    """Gather what the page shows. Seven statements."""
    return VueFacture(
        facture=facture,
        lignes=lignes_affichees(facture.fige["lignes"]),
        encaissements=queries.encaissements_de(facture.id),
        avoirs=queries.avoirs_de(facture.id),
        paiements=queries.paiements_de(facture.id),
        evenements=queries.evenements_de(facture.id),
        defaut=defaut_de(facture),
        remboursements=remboursements_de(facture.id),
        carte=carte,
        depots=depots_de(facture.id),
    )
