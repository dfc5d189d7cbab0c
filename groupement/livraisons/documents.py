"""The slips: what should arrive at a place, to tick and sign; what a body fetches at the depot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from groupement.commandes.documents import au_depot, au_lieu, unite
from groupement.documents.papiers import (
    BonDeLivraisonPapier,
    LieuPapier,
    LigneLieuPapier,
    coordonnateur,
    fournisseur_fige,
)
from groupement.documents.rendu import rendre_bon_de_livraison
from groupement.livraisons.models import Livraison
from groupement.livraisons.rules.envois import Annonce
from groupement.socle.calendrier import jour_a_paris


def bon_de_livraison(
    livraison: Livraison, articles: Sequence[Any], annonces: Sequence[Annonce], reglages: Mapping[str, Any]
) -> bytes:
    """The PDF slip of a delivery: what is expected at its place, and the days the supplier comes.

    `reglages`: the configuration, for our own name.
    """
    point, depot = livraison.point_de_livraison, livraison.bon.campagne.depot
    lignes = tuple(_ligne(article, article.attendues) for article in articles)
    if point is None or livraison.collectivite is None:
        lieu = au_depot(depot, str(reglages["COORDONNATEUR_NOM"]), lignes)
    else:
        lieu = au_lieu(point, livraison.collectivite, lignes)
    jours = tuple((annonce.envoi.pour, annonce.unites) for annonce in annonces if annonce.tient)
    seul = ((livraison.annoncee_pour, None),) if livraison.annoncee_pour else ()
    return rendre_bon_de_livraison(_papier(livraison, lieu, reglages, annonces=jours or seul))


def bon_de_retrait(livraison: Livraison, nom: str, lignes: Sequence[Any], reglages: Mapping[str, Any]) -> bytes:
    """The PDF slip of what one body fetches at the depot."""
    depot = livraison.bon.campagne.depot
    lieu = au_depot(depot, nom, tuple(_ligne(ligne, ligne.unites) for ligne in lignes))
    consigne = "À présenter au dépôt\u00a0: la signature vaut remise des unités comptées ci-dessus."
    return rendre_bon_de_livraison(_papier(livraison, lieu, reglages, consignes=(consigne,)))


def _papier(
    livraison: Livraison,
    lieu: LieuPapier,
    reglages: Mapping[str, Any],
    *,
    annonces: tuple[tuple[date, int | None], ...] = (),
    consignes: tuple[str, ...] = (),
) -> BonDeLivraisonPapier:
    """The slip around its place."""
    bon = livraison.bon
    return BonDeLivraisonPapier(
        bon=bon.numero,
        bon_emis_le=jour_a_paris(bon.emis_le),
        marche=bon.lot.marche.numero,
        lot=f"Lot {bon.lot.numero}\u00a0: {bon.lot.intitule}",
        donneur_d_ordre=coordonnateur(reglages),
        fournisseur=fournisseur_fige(bon.fournisseur_fige),
        lieu=lieu,
        livraison_au_plus_tard=livraison.attendue_le,
        numero=livraison.bordereau,
        annonces=annonces,
        consignes=consignes,
    )


def _ligne(article: Any, unites: int) -> LigneLieuPapier:
    """Pieces of an article; whole packs are counted as packs."""
    colis, reste = divmod(int(unites), article.unites_par_colis)
    return LigneLieuPapier(
        reference=article.reference,
        designation=article.designation,
        unite=unite(article.unite),
        unites=int(unites),
        unites_par_colis=article.unites_par_colis,
        colis=None if reste else colis,
    )
