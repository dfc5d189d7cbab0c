"""What a bon says on paper, and its list of deliveries: rows frozen into values, for the PDF and for spreadsheets."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import current_app

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries import bons as queries
from groupement.commandes.queries.titulaires import termes_du_bon
from groupement.commandes.queries.vue_papier import Ligne, Tete, VueDuPapier, vue_du_papier
from groupement.commandes.rules.delai_du_bon import phrase_du_delai
from groupement.commandes.states import EtatBonDeCommande
from groupement.documents.papiers import (
    Adresse,
    BonDeCommandePapier,
    LieuPapier,
    LigneBonPapier,
    LigneLieuPapier,
    Organisme,
    Signataire,
    Totaux,
    TvaTaux,
    coordonnateur,
    fournisseur_fige,
)
from groupement.documents.rendu import rendre_bon_de_commande
from groupement.documents.tableur import Colonne, ecrire_csv, ecrire_xlsx
from groupement.socle.argent import bases_par_taux, tva_par_taux
from groupement.socle.calendrier import date_fr, echeance_jours, jour_a_paris
from groupement.socle.courriels import Piece
from groupement.socle.nombres import euros_fr
from groupement.stock.models import Depot

SERVICE = "Groupement de commandes d’archivage"
UNITES = {"piece": "pièce", "travee": "travée", "unite": "unité"}  # as the BPU writes them, and as people do
CONSIGNES = (
    "Le numéro de ce bon figure sur chaque bon de livraison et sur la facture.",
    "Observations dans les quinze jours de la réception (CCAG-FCS, article 3.7).",
)
UN_SEUL_LIEU = "Ce bon ne va qu’à un lieu, décrit à la suite, en colis entiers."
COLONNES_DES_LIEUX = (
    Colonne("bon", "Bon de commande"),
    Colonne("rang", "Lieu n°", "entier"),
    Colonne("collectivite", "Collectivité"),
    Colonne("lieu", "Lieu"),
    Colonne("adresse", "Adresse"),
    Colonne("code_postal", "Code postal"),
    Colonne("ville", "Ville"),
    Colonne("contact", "Contact"),
    Colonne("telephone", "Téléphone"),
    Colonne("horaires", "Horaires"),
    Colonne("acces", "Accès et consignes"),
    Colonne("reference", "Référence"),
    Colonne("designation", "Désignation"),
    Colonne("unites", "Unités", "entier"),
    Colonne("colis", "Colis", "entier"),
)


def pdf_du_bon(bon: BonDeCommande, revision: int | None = None) -> bytes:
    """The bon and its list of deliveries, as the supplier receives them; `revision`: one that no longer holds."""
    return rendre_bon_de_commande(papier_du_bon(bon, revision))


def piece_du_bon(bon_id: int) -> Piece:
    """The bon as a mail carries it."""
    bon = queries.bon_a_envoyer(bon_id)
    return Piece(nom_du_papier(bon), "application/pdf", pdf_du_bon(bon))


def nom_du_papier(bon: BonDeCommande, revision: int | None = None) -> str:
    """The name of the file, so that two states of a bon are never taken for one another."""
    if revision is None and bon.etat is EtatBonDeCommande.ANNULE:
        return f"{bon.numero}-annule.pdf"
    revision = bon.revision if revision is None else revision
    return f"{bon.numero}-revision-{revision}.pdf" if revision else f"{bon.numero}.pdf"


def papier_du_bon(bon: BonDeCommande, revision: int | None = None) -> BonDeCommandePapier:
    """The bon as it stands, place by place, or as a version of it did. Five statements."""
    vue, emis_le, marche = vue_du_papier(bon, revision), jour_a_paris(bon.emis_le), bon.campagne.marche
    lignes, taux, tete = vue.lignes, vue.taux_du_port, vue.tete
    donneur_d_ordre = coordonnateur(current_app.config, SERVICE)
    return BonDeCommandePapier(
        numero=bon.numero,
        revision=vue.revision,
        emis_le=emis_le,
        marche=marche.numero,
        objet=marche.objet,
        lot=f"Lot {bon.lot.numero}\u00a0: {bon.lot.intitule}",
        donneur_d_ordre=donneur_d_ordre,
        fournisseur=fournisseur_fige(bon.fournisseur_fige),
        lignes=tuple(_ligne(ligne, vue) for ligne in lignes),
        totaux=totaux_du_bon(tete, lignes, taux),
        lieux=tuple(_lieux(bon, vue.contenu)),
        livraison_au_plus_tard=tete.a_livrer_avant_le,
        calcul_du_delai=delai_du_bon(bon, tete),
        facturation=donneur_d_ordre,
        signataire=_signataire(donneur_d_ordre, vue.fait_le or emis_le),
        port_ht=tete.port_ht,
        port_precision=phrase_du_port(bon, tete),
        port_tva_pct=taux,
        prix_en_vigueur_le=jour_a_paris(bon.chiffre_le),
        consignes=_consignes(bon),
        **_ce_qu_en_dit_la_version(vue),
    )


def _ce_qu_en_dit_la_version(vue: VueDuPapier) -> dict[str, Any]:
    """Why the paper is a revision, and whether it still holds."""
    return {
        "fait_le": vue.fait_le,
        "motif_revision": vue.motif,
        "changements": vue.phrases,
        "perime": vue.perime,
        "motif_perime": vue.motif_perime,
        "annule_le": vue.annule_le,
    }


def _consignes(bon: BonDeCommande) -> tuple[str, ...]:
    """What the supplier must know, and the bon this one takes the place of."""
    lieu = (UN_SEUL_LIEU,) if bon.lieu else ()
    remplace = (f"Remplace le bon {bon.remplace.numero}, annulé.",) if bon.remplace else ()
    return (*lieu, *CONSIGNES, *remplace)


def delai_du_bon(bon: BonDeCommande, tete: Tete) -> str:
    """How the deadline was counted; a revision may have fixed it."""
    emis_le, jours = jour_a_paris(bon.emis_le), termes_du_bon(bon).delai_livraison_jours
    if bon.revision and echeance_jours(emis_le, jours) != tete.a_livrer_avant_le:
        return f"Date fixée par une révision du bon émis le {date_fr(emis_le)}."
    return phrase_du_delai(emis_le, jours, tete.a_livrer_avant_le)


def _signataire(donneur_d_ordre: Organisme, le: date) -> Signataire:
    """Who signs for the groupement, where and when."""
    lieu = f"Fait à {donneur_d_ordre.adresse.commune}, le {date_fr(le)}"
    return Signataire(nom=donneur_d_ordre.nom, qualite=current_app.config["SIGNATAIRE_BONS"], lieu=lieu)


def totaux_du_bon(bon: Tete, lignes: Sequence[Ligne], taux_du_port: Decimal | None) -> Totaux:
    """The bon's totals with VAT per rate, rounded once on the summed base as at its issue."""
    paires = [(ligne.montant_ht, ligne.tva_pct) for ligne in lignes]
    paires += [(bon.port_ht, taux_du_port)] if bon.port_ht and taux_du_port is not None else []
    bases, taxes = bases_par_taux(paires), tva_par_taux(paires)
    tvas = tuple(TvaTaux(taux_pct=taux, base_ht=bases[taux], montant=taxe) for taux, taxe in taxes.items())
    return Totaux(total_ht=bon.total_ht, tvas=tvas, total_ttc=bon.total_ttc)


def phrase_du_port(bon: BonDeCommande, tete: Tete) -> str:
    """Why the bon carries shipping, or not; nothing to say when the lot has neither franco nor shipping."""
    franco = termes_du_bon(bon).franco_ht
    if franco is None:
        return "Port dû quel que soit le montant" if tete.port_ht else ""
    if tete.port_ht:
        return f"Commande inférieure au franco de {euros_fr(franco)} HT"
    return f"Franco de port atteint ({euros_fr(franco)} HT)"


def unite(nom: str) -> str:
    """The unit of an article as people write it."""
    return UNITES.get(nom, nom)


def _ligne(ligne: Ligne, vue: VueDuPapier) -> LigneBonPapier:
    """An article of the bon, marked when this revision changes it."""
    return LigneBonPapier(
        reference=ligne.reference,
        designation=ligne.designation,
        unite=unite(ligne.unite),
        unites=ligne.unites,
        colis=ligne.colis,
        unites_par_colis=ligne.unites_par_colis,
        prix_unitaire_ht=ligne.prix_unitaire_ht,
        tva_pct=ligne.tva_pct,
        montant_ht=ligne.montant_ht,
        precision=vue.mention(ligne),
    )


def _lieux(bon: BonDeCommande, contenu: Sequence[Any]) -> Iterable[LieuPapier]:
    """Each place with what it receives, in the order of the page."""
    for _, groupe in groupby(contenu, key=lambda ligne: ligne.PointDeLivraison and ligne.PointDeLivraison.id):
        lignes = list(groupe)
        point, corps = lignes[0].PointDeLivraison, lignes[0].Collectivite
        recues = tuple(_ligne_du_lieu(ligne[2], int(ligne.unites)) for ligne in lignes)
        if point:
            yield au_lieu(point, corps, recues, f"n°\u00a0{lignes[0].commande_id}")
        else:
            yield au_depot(bon.campagne.depot, "Centre de gestion", recues)


def _ligne_du_lieu(ligne: Ligne, unites: int) -> LigneLieuPapier:
    """What a place receives of an article; no packs when one is opened for several places."""
    entiers, reste = divmod(unites, ligne.unites_par_colis)
    return LigneLieuPapier(
        reference=ligne.reference,
        designation=ligne.designation,
        unite=unite(ligne.unite),
        unites=unites,
        unites_par_colis=ligne.unites_par_colis,
        colis=None if reste else entiers,
    )


def au_lieu(
    point: PointDeLivraison, corps: Collectivite, lignes: tuple[LigneLieuPapier, ...], commande: str = ""
) -> LieuPapier:
    """A member's delivery place; `commande`: the number of its order, to quote on the slip."""
    return LieuPapier(
        collectivite=corps.nom,
        intitule=point.libelle,
        adresse=Adresse(lignes=(point.adresse,), code_postal=point.code_postal, commune=point.ville),
        contact=point.contact,
        telephone=point.telephone,
        horaires=point.horaires,
        acces=acces(point),
        commande=commande,
        lignes=lignes,
    )


def au_depot(depot: Depot, nom: str, lignes: tuple[LigneLieuPapier, ...]) -> LieuPapier:
    """The depot as a place, for whoever is named: what members collect there, the surplus of packs."""
    return LieuPapier(
        collectivite=nom,
        intitule=depot.nom,
        adresse=Adresse(lignes=(depot.adresse,), code_postal=depot.code_postal, commune=depot.ville),
        contact=depot.contact,
        telephone=depot.telephone,
        horaires=depot.horaires,
        lignes=lignes,
    )


def acces(point: PointDeLivraison) -> tuple[str, ...]:
    """What the driver must know."""
    faits = (("Escalier", point.escalier), ("Quai", point.quai), ("Hayon nécessaire", point.hayon))
    return (*(mot for mot, vrai in faits if vrai), *([point.consignes] if point.consignes else []))


def liste_des_lieux(bon: BonDeCommande, format_: str) -> bytes:
    """The list of deliveries for the supplier's own software (csv) or for people (xlsx)."""
    lignes = _lignes_des_lieux(bon)
    if format_ == "csv":
        return ecrire_csv(COLONNES_DES_LIEUX, lignes)
    return ecrire_xlsx(f"Livraisons {bon.numero}", COLONNES_DES_LIEUX, lignes)


def _lignes_des_lieux(bon: BonDeCommande) -> Iterable[dict[str, Any]]:
    """The list of deliveries as a table: one row a place and article, whole addresses on each."""
    for rang, lieu in enumerate(_lieux(bon, vue_du_papier(bon).contenu), 1):
        entete = {
            **{"bon": bon.numero, "rang": rang, "collectivite": lieu.collectivite, "lieu": lieu.intitule},
            **{"adresse": ", ".join(lieu.adresse.lignes), "code_postal": lieu.adresse.code_postal},
            **{"ville": lieu.adresse.commune, "contact": lieu.contact, "telephone": lieu.telephone},
            **{"horaires": lieu.horaires, "acces": "\u00a0; ".join(lieu.acces)},
        }
        for ligne in lieu.lignes:
            article = {"reference": ligne.reference, "designation": ligne.designation}
            yield entete | article | {"unites": ligne.unites, "colis": ligne.colis}
