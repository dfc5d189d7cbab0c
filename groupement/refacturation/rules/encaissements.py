"""Money received against a facture: how much of it counts, which state follows, what is refused. € TTC."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.refacturation.states import EtatFacture
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import euros_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Imputation:
    """What of a sum settles the facture, and what came in excess."""

    impute_ttc: Decimal
    trop_percu_ttc: Decimal


def imputer(recu_ttc: Decimal, reste_du_ttc: Decimal) -> Imputation:
    """Share a sum received between the facture and what must be given back: never more than is owed."""
    impute = min(recu_ttc, max(reste_du_ttc, ZERO))
    return Imputation(impute, recu_ttc - impute)


def verbe_apres(
    reste_du_ttc: Decimal, avoirs_ttc: Decimal, total_ttc: Decimal, *, paiement: bool, payee: bool = False
) -> str | None:
    """The transition a facture takes when money came in (`paiement`) or an avoir was issued; None for none.

    `payee`: it was paid already, and stays so unless all of it is credited.
    """
    if reste_du_ttc > 0:
        return "encaisser_en_partie" if paiement else None
    if avoirs_ttc == total_ttc:
        return "annuler_par_avoir"
    if payee:
        return None
    return "encaisser" if paiement else "solder"


def refus_de_virement(
    montant_ttc: Decimal, reste_du_ttc: Decimal, recu_le: date, emise_le: date, le: date
) -> str | None:
    """Why a bank transfer cannot be recorded, in French; None when it can."""
    if montant_ttc <= 0:
        return "Indiquez un montant supérieur à zéro."
    if montant_ttc > reste_du_ttc:
        return (
            f"Il reste {euros_fr(reste_du_ttc)} à payer sur cette facture\u00a0: un virement de "
            f"{euros_fr(montant_ttc)} est trop élevé. Enregistrez {euros_fr(reste_du_ttc)} au plus, et le surplus "
            "sur la facture qu’il concerne."
        )
    if recu_le > le:
        return f"Le {date_fr(recu_le)} est dans le futur\u00a0: indiquez le jour où l’argent est arrivé sur le compte."
    if recu_le < emise_le:
        return f"Cette facture a été émise le {date_fr(emise_le)}\u00a0: un virement ne peut pas être arrivé avant."
    return None


def refus_de_remboursement(
    montant_ttc: Decimal, a_rembourser_ttc: Decimal, rembourse_le: date, emise_le: date, le: date
) -> str | None:
    """Why money cannot be given back so, in French; None when it can."""
    if montant_ttc <= 0:
        return "Indiquez un montant supérieur à zéro."
    if a_rembourser_ttc <= 0:
        return "Rien n’est à rembourser sur cette facture\u00a0: elle n’a pas été payée au-delà de ce qui est dû."
    if montant_ttc > a_rembourser_ttc:
        return f"Il y a {euros_fr(a_rembourser_ttc)} à rembourser sur cette facture\u00a0: indiquez ce montant au plus."
    if rembourse_le > le:
        return f"Le {date_fr(rembourse_le)} est dans le futur\u00a0: indiquez le jour où le virement est parti."
    if rembourse_le < emise_le:
        return f"Cette facture a été émise le {date_fr(emise_le)}\u00a0: un remboursement ne peut pas être parti avant."
    return None


def est_en_retard(etat: EtatFacture, reste_du_ttc: Decimal, echeance_le: date, le: date) -> bool:
    """Something is owed and the day is past."""
    return reste_du_ttc > 0 and etat is not EtatFacture.ANNULEE_PAR_AVOIR and echeance_le < le
