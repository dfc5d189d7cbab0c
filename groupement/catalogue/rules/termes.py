"""The terms of a marché and of its lots: what makes them acceptable. Sentences for people, empty when all is well."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.catalogue.states import PorteePalier

DUREE_MAX_ANS = 4
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class TermesMarche:
    """What a marché is created with. `au` is its last day; `justification_duree` is asked beyond four years."""

    numero: str
    objet: str
    convention_id: int
    consultation_le: date
    notifie_le: date
    du: date
    au: date
    justification_duree: str = ""


@dataclass(frozen=True, slots=True)
class TermesLot:
    """The terms of a lot; amounts in € HT, delays in calendar days. `franco_ht` None: shipping is always due."""

    intitule: str
    fournisseur_id: int
    plafond_ht: Decimal
    minimum_ht: Decimal = ZERO
    delai_livraison_jours: int = 30
    franco_ht: Decimal | None = None
    port_ht: Decimal = ZERO
    minimum_commande_ht: Decimal = ZERO
    portee_palier: PorteePalier = PorteePalier.BON
    un_bon_par_lieu: bool = False
    suivants: tuple[int, ...] = ()  # titulaires of rank 2, 3, … when the lot is created


def dernier_jour_permis(du: date) -> date:
    """The last day a marché starting on `du` may run without a justification: four years, less a day.

    Source: L2125-1 CCP, four years at most for a framework agreement of a contracting authority.
    """
    annee = du.year + DUREE_MAX_ANS
    sans_anniversaire = (du.month, du.day) == (2, 29) and not isleap(annee)  # 2096 and 2100
    anniversaire = date(annee, 3, 1) if sans_anniversaire else du.replace(year=annee)
    return date.fromordinal(anniversaire.toordinal() - 1)


def fautes_du_marche(termes: TermesMarche) -> dict[str, str]:
    """What is wrong with the dates of a marché, by field."""
    fautes = {}
    if termes.notifie_le < termes.consultation_le:
        fautes["notifie_le"] = "La notification suit le lancement de la consultation."
    if termes.du < termes.notifie_le:
        fautes["du"] = "Le marché commence le jour de sa notification, ou après."
    if termes.au < termes.du:
        fautes["au"] = "Le marché se termine après avoir commencé."
    elif termes.au > dernier_jour_permis(termes.du) and not termes.justification_duree:
        fautes["justification_duree"] = (
            f"Au-delà de quatre ans (ici le {dernier_jour_permis(termes.du):%d/%m/%Y}), "
            "la loi demande de dire pourquoi (article L2125-1 du code de la commande publique)."
        )
    return fautes


def fautes_du_lot(termes: TermesLot) -> dict[str, str]:
    """What is wrong with the terms of a lot, by field."""
    fautes = {}
    if len({termes.fournisseur_id, *termes.suivants}) <= len(termes.suivants):
        fautes["fournisseur"] = "Une entreprise ne tient qu’un rang dans un lot."
    if termes.plafond_ht <= 0:
        fautes["plafond_ht"] = "Le plafond est obligatoire et supérieur à zéro (article R2162-4)."
    elif termes.minimum_ht > termes.plafond_ht:
        fautes["minimum_ht"] = "Le minimum ne dépasse pas le plafond."
    if termes.port_ht == 0 and termes.franco_ht:
        fautes["port_ht"] = "Indiquez ce que coûte le port, ou effacez le franco de port."
    for champ in ("minimum_ht", "port_ht", "minimum_commande_ht"):
        if getattr(termes, champ) < 0:
            fautes[champ] = "Indiquez un montant positif, ou 0."
    if termes.franco_ht is not None and termes.franco_ht < 0:
        fautes["franco_ht"] = "Indiquez un montant positif, ou laissez vide."
    if termes.delai_livraison_jours < 1:
        fautes["delai_livraison_jours"] = "Indiquez au moins un jour."
    return fautes


def faute_de_date_d_effet(le: date, du: date, au: date) -> dict[str, str]:
    """What is wrong with the day prices start, in a marché running from `du` to `au`."""
    if du <= le <= au:
        return {}
    return {"du": f"La date d’effet est dans la durée du marché, du {du:%d/%m/%Y} au {au:%d/%m/%Y}."}
