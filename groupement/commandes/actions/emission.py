"""Issue the bons of a regroupement: one numbered, frozen bon per lot really bought, or per place of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import subqueryload

from groupement.commandes.models import BonDeCommande, Campagne, LigneBon
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules.bons import BonRegroupe, LigneRegroupee, ResultatRegroupement
from groupement.commandes.states import EtatBonDeCommande
from groupement.socle.calendrier import echeance_jours, jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import Auteur, noter_tous
from groupement.socle.numerotation import numero, reserver

FIGE_DU_FOURNISSEUR = ("nom", "siret", "courriel", "telephone", "adresse", "code_postal", "ville")


def emettre(
    campagne: Campagne, entree: Entree, resultat: ResultatRegroupement, par: Auteur, le: datetime
) -> list[BonDeCommande]:
    """Write the bons, numbered without gaps in the order of their lots, then of the places; the caller commits.

    The same number of statements however many bons.
    """
    a_emettre = resultat.a_emettre
    if not a_emettre:
        return []
    jour = jour_a_paris(le)
    rangs = reserver("BC", jour.year, len(a_emettre))
    numeros = [numero("BC", jour.year, rang) for rang in rangs]
    tetes = [_bon(campagne, entree, bon, nom, par, le) for nom, bon in zip(numeros, a_emettre, strict=True)]
    db.session.execute(insert(BonDeCommande), tetes)
    emis = BonDeCommande.numero.in_(bindparam(None, numeros, expanding=True, literal_execute=True))
    ids = db.session.scalars(select(BonDeCommande.id).where(emis).order_by(BonDeCommande.id)).all()
    couples = list(zip(ids, a_emettre, strict=True))
    lignes = [_ligne(entree, bon_id, ligne) for bon_id, bon in couples for ligne in bon.lignes_a_commander]
    db.session.execute(insert(LigneBon), lignes)
    faits = list(zip(ids, numeros, strict=True))
    noter_tous(BonDeCommande.__tablename__, faits, "emettre", par=par, le=le, apres=EtatBonDeCommande.EMIS)
    # Not selectinload, which asks five hundred bons at a time.
    bons = select(BonDeCommande).where(emis).order_by(BonDeCommande.id).options(subqueryload(BonDeCommande.lignes))
    return list(db.session.scalars(bons))


def _bon(
    campagne: Campagne, entree: Entree, bon: BonRegroupe, numero_du_bon: str, par: Auteur, le: datetime
) -> dict[str, Any]:
    """A bon; delivery time runs from the day of issue (CCAG-FCS 13.1)."""
    lot, titulaire = entree.lots[bon.lot], entree.titulaires[bon.lot]
    fournisseur = titulaire.fournisseur
    echeance: date = echeance_jours(jour_a_paris(le), titulaire.termes.delai_livraison_jours)
    return dict(
        numero=numero_du_bon,
        campagne_id=campagne.id,
        lot_id=lot.id,
        fournisseur_id=fournisseur.id,
        lieu="" if bon.lieu is None else entree.lieux[bon.lieu],
        emis_le=le,
        emis_par=par.nom,
        a_livrer_avant_le=echeance,
        fournisseur_fige={cle: getattr(fournisseur, cle) for cle in FIGE_DU_FOURNISSEUR},
        port_ht=bon.port_ht,
        total_ht=bon.total_ht,
        total_tva=bon.total_tva,
        total_ttc=bon.total_ttc,
    )


def _ligne(entree: Entree, bon_id: int, ligne: LigneRegroupee) -> dict[str, Any]:
    """A line of a bon, its texts as the catalogue has them now."""
    article = entree.articles[ligne.article_id]
    return dict(
        bon_id=bon_id,
        article_id=article.id,
        reference=article.reference,
        designation=article.designation,
        unite=article.unite,
        unites_par_colis=ligne.unites_par_colis,
        unites_demandees=ligne.unites_demandees,
        unites_du_stock=ligne.unites_du_stock,
        colis=ligne.colis,
        unites=ligne.unites_achetees,
        unites_acceptees_en_plus=ligne.unites_acceptees_en_plus,
        surplus_au_depot=ligne.surplus_au_depot,
        prix_unitaire_ht=ligne.prix_unitaire_ht,
        tva_pct=ligne.tva_pct,
        montant_ht=ligne.montant_ht,
    )
