"""The slips: what should arrive at a place, to tick and sign; what a body fetches at the depot."""

from collections.abc import Mapping, Sequence
from typing import Any

from groupement.commandes.documents import acces, unite
from groupement.commandes.models import BonDeCommande
from groupement.documents.papiers import Adresse, BonDeLivraisonPapier, LieuPapier, LigneLieuPapier, Organisme
from groupement.documents.rendu import rendre_bon_de_livraison
from groupement.livraisons.models import Livraison
from groupement.socle.calendrier import jour_a_paris
from groupement.stock.models import Depot


def bon_de_livraison(livraison: Livraison, articles: Sequence[Any], reglages: Mapping[str, Any]) -> bytes:
    """The PDF slip of a delivery: what is expected at its place. `reglages`: the configuration, for our own name."""
    point, depot = livraison.point_de_livraison, livraison.bon.campagne.depot
    lignes = tuple(_ligne(article, article.attendues) for article in articles)
    if point is None or livraison.collectivite is None:
        lieu = _au_depot(depot, str(reglages["COORDONNATEUR_NOM"]), lignes)
    else:
        lieu = LieuPapier(
            collectivite=livraison.collectivite.nom,
            intitule=point.libelle,
            adresse=Adresse(lignes=(point.adresse,), code_postal=point.code_postal, commune=point.ville),
            contact=point.contact,
            telephone=point.telephone,
            horaires=point.horaires,
            acces=acces(point),
            lignes=lignes,
        )
    return rendre_bon_de_livraison(_papier(livraison, lieu, reglages))


def bon_de_retrait(livraison: Livraison, nom: str, lignes: Sequence[Any], reglages: Mapping[str, Any]) -> bytes:
    """The PDF slip of what one body fetches at the depot."""
    depot = livraison.bon.campagne.depot
    lieu = _au_depot(depot, nom, tuple(_ligne(ligne, ligne.unites) for ligne in lignes))
    consigne = "À présenter au dépôt\u00a0: la signature vaut remise des unités comptées ci-dessus."
    return rendre_bon_de_livraison(_papier(livraison, lieu, reglages, consignes=(consigne,)))


def _papier(
    livraison: Livraison, lieu: LieuPapier, reglages: Mapping[str, Any], consignes: tuple[str, ...] = ()
) -> BonDeLivraisonPapier:
    """The slip around its place."""
    bon = livraison.bon
    return BonDeLivraisonPapier(
        bon=bon.numero,
        bon_emis_le=jour_a_paris(bon.emis_le),
        marche=bon.lot.marche.numero,
        lot=f"Lot {bon.lot.numero}\u00a0: {bon.lot.intitule}",
        donneur_d_ordre=_coordonnateur(reglages),
        fournisseur=_fournisseur(bon),
        lieu=lieu,
        livraison_au_plus_tard=livraison.attendue_le,
        numero=livraison.bordereau,
        annoncee_le=livraison.annoncee_pour,
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


def _au_depot(depot: Depot, nom: str, lignes: tuple[LigneLieuPapier, ...]) -> LieuPapier:
    """The depot as a place."""
    return LieuPapier(
        collectivite=nom,
        intitule=depot.nom,
        adresse=Adresse(lignes=(depot.adresse,), code_postal=depot.code_postal, commune=depot.ville),
        contact=depot.contact,
        telephone=depot.telephone,
        horaires=depot.horaires,
        lignes=lignes,
    )


def _coordonnateur(reglages: Mapping[str, Any]) -> Organisme:
    """The Centre de gestion, as configured."""
    rue, code_postal, ville = str(reglages["COORDONNATEUR_ADRESSE"]).split("|")
    return Organisme(
        nom=reglages["COORDONNATEUR_NOM"],
        adresse=Adresse(lignes=(rue,), code_postal=code_postal, commune=ville),
        siret=reglages["COORDONNATEUR_SIRET"],
        telephone=reglages["COORDONNATEUR_TELEPHONE"],
        courriel=reglages["COORDONNATEUR_COURRIEL"],
    )


def _fournisseur(bon: BonDeCommande) -> Organisme:
    """The supplier, as it was when the bon was issued."""
    fige = bon.fournisseur_fige
    return Organisme(
        nom=fige["nom"],
        adresse=Adresse(lignes=(fige["adresse"],), code_postal=fige["code_postal"], commune=fige["ville"]),
        siret=fige["siret"],
        telephone=fige.get("telephone", ""),
        courriel=fige.get("courriel", ""),
    )
