"""One article of the preview: who asks for it, in rank order, and what each would get."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.rules.ajustements import DemandesAjustees
from groupement.commandes.rules.bons import Affectation, Origine, ResultatRegroupement
from groupement.commandes.states import EtatCommande
from groupement.socle.argent import en_euros


@dataclass(frozen=True, slots=True)
class Recu:
    """What a line of an order would get: from the bon and from stock, extra units among those, its share of cost."""

    unites: int
    du_stock: int
    en_plus: int
    montant_ht: Decimal


def demandeurs(campagne_id: int, article_id: int) -> Select[Any]:
    """(place, line, order, body, SIREN, units, extra, en_tout) of the committed lines on an article, first come first.

    `en_tout`: how many these lines are, read with them.
    """
    ordre = (LigneCommande.rang, LigneCommande.id)
    return (
        select(
            func.row_number().over(order_by=ordre).label("place"),
            LigneCommande.id,
            Commande.id.label("commande_id"),
            Collectivite.nom,
            Collectivite.siren,
            LigneCommande.unites,
            LigneCommande.unites_acceptees_en_plus.label("en_plus"),
            func.count().over().label("en_tout"),
        )
        .join(Commande, Commande.id == LigneCommande.commande_id)
        .join(Collectivite, Collectivite.id == Commande.collectivite_id)
        .where(
            Commande.campagne_id == campagne_id,
            Commande.etat == EtatCommande.VALIDEE,
            LigneCommande.article_id == article_id,
        )
        .order_by(*ordre)
    )


def recus(resultat: ResultatRegroupement, article_id: int) -> dict[int, Recu]:
    """What each line on an article would get, by line id."""
    par_ligne: dict[int, list[Affectation]] = defaultdict(list)
    for affectation in resultat.affectations:
        if affectation.article_id == article_id:
            par_ligne[affectation.ligne_id].append(affectation)
    return {ligne_id: _recu(parts) for ligne_id, parts in par_ligne.items()}


def _recu(parts: Sequence[Affectation]) -> Recu:
    """A line served from the bon, from stock, or from both."""
    return Recu(
        unites=sum(part.unites for part in parts),
        du_stock=sum(part.unites for part in parts if part.origine is Origine.STOCK),
        en_plus=sum(part.unites_en_plus for part in parts),
        montant_ht=en_euros(sum(part.centimes for part in parts)),
    )


def motifs_d_ecart(ajustees: DemandesAjustees, article_id: int) -> Mapping[int, str]:
    """Why a line on an article is not ordered, by line id."""
    return {
        e.demande.ligne_id: f"{e.decision.genre.libelle(coordonnateur=True)}\u00a0: {e.decision.motif}"
        for e in ajustees.ecartees
        if e.demande.article_id == article_id
    }
