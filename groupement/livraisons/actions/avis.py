"""Tell the bodies, the buyers and the supplier what became of deliveries: mails written with the act, sent after it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.destinataires import acheteurs, agents_des, depots_des, parts_des_collectivites
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire, ecrire_plusieurs

Lettres = list[tuple[str, str, dict[str, Any]]]


def prevenir_les_collectivites(
    livraison_ids: Collection[int], sujet: str, gabarit: str, *, le: datetime, au_depot: str = "", **valeurs: Any
) -> None:
    """A mail to the agents of every body that has something in these deliveries: the same number of statements always.

    `au_depot`: the text for those that fetch their goods, who are told only of what is ready for them.
    """
    parts = parts_des_collectivites(livraison_ids)
    agents = agents_des({part.collectivite_id for part in parts}, jour_a_paris(le))
    depots = depots_des({part.campagne_id for part in parts if part.au_depot})
    lettres: dict[str, Lettres] = defaultdict(list)
    for part in parts:
        if part.au_depot and not (au_depot and part.admises):
            continue
        texte = au_depot if part.au_depot else gabarit
        objet = f"Votre commande vous attend au dépôt\u00a0: bon {part.numero}" if part.au_depot else sujet
        depot = depots.get(part.campagne_id)
        for personne in agents.get(part.collectivite_id, ()):
            lettres[texte].append(
                (personne.courriel, objet, {"personne": personne, "part": part, "depot": depot, **valeurs})
            )
    for texte, a_ecrire in lettres.items():
        ecrire_plusieurs(texte, a_ecrire, le=le)


def prevenir_les_acheteurs(livraison: Livraison, articles: Sequence[Any], *, le: datetime) -> None:
    """Something is missing or refused: the buyers have a decision to take."""
    qui = livraison.collectivite.nom if livraison.collectivite else "le dépôt"
    sujet = f"Livraison à décider\u00a0: bon {livraison.bon.numero}, {qui}"
    lettres: Lettres = [
        (acheteur.courriel, sujet, {"personne": acheteur, "livraison": livraison, "articles": articles, "qui": qui})
        for acheteur in acheteurs(jour_a_paris(le))
    ]
    ecrire_plusieurs("livraison_signalee", lettres, le=le)


def prevenir_le_fournisseur(livraison: Livraison, gabarit: str, sujet: str, *, le: datetime, **valeurs: Any) -> None:
    """A decision the supplier must act upon, or may comment."""
    bon = livraison.bon
    objet = f"{sujet}\u00a0: bon {bon.numero}"
    ecrire(bon.fournisseur_fige["courriel"], objet, gabarit, le=le, livraison=livraison, bon=bon, **valeurs)
