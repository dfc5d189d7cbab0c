"""The same random campagnes through the database: what is written is what was previewed, and sums row by row."""

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select

from groupement.catalogue.models import Article, Lot
from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import regroupement
from groupement.commandes.models import (
    Affectation,
    Ajustement,
    BonDeCommande,
    Campagne,
    Commande,
    LigneBon,
    LigneCommande,
    PartDePort,
)
from groupement.commandes.rules.demandes import DEPOT, LotARegrouper
from groupement.commandes.states import EtatCampagne, EtatCommande, GenreAjustement, ModeDeRemise
from groupement.livraisons.models import LigneLivraison
from groupement.socle.argent import montant_ligne
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE
from groupement.stock.models import MouvementStock
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre
from tests.fabriques.hasard import CampagneAuHasard, campagnes

PORTEES = {True: PorteePalier.BON, False: PorteePalier.CAMPAGNE}


@given(campagnes())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_campagne_what_is_written_sums_and_stays_below_the_ceiling(
    app: Flask, hasard: CampagneAuHasard
) -> None:
    try:
        window = ecrire(hasard)
        apercu = regroupement.previsualiser(window, le=APRES.date(), depuis_le_stock=hasard.depuis_le_stock)
        try:
            _, bons, reel = regroupement.regrouper(
                window.id, par=AUTOMATE, le=APRES, depuis_le_stock=hasard.depuis_le_stock
            )
        except RegleRefusee:
            assert not apercu.resultat.a_emettre and not apercu.resultat.affectations or apercu.resultat.refus
            return
        db.session.flush()
        assert apercu.empreinte == reel.empreinte
        assert [bon.total_ttc for bon in bons] == [bon.total_ttc for bon in apercu.resultat.a_emettre]
        les_bons_somment(bons)
        personne_n_a_plus_que_demande_et_accepte(window)
        les_plafonds_tiennent(window)
        tout_est_attendu_ou_sorti_du_stock(window)
    finally:
        db.session.rollback()


def ecrire(hasard: CampagneAuHasard) -> Campagne:
    """The drawn campagne in the database, its window closed."""
    marche = catalogue.marche(lots=2)
    lots = {lot.lot: _termes(marche.lots[lot.lot - 1], lot) for lot in hasard.lots}
    window = campagne(marche, etat=EtatCampagne.CLOSE)
    articles = {tire.article_id: _article(window, lots[tire.lot], tire) for tire in hasard.articles}
    par_corps = defaultdict(list)
    for demande in hasard.demandes:
        par_corps[demande.collectivite_id].append(demande)
    for demandes in par_corps.values():
        mode = {"mode": ModeDeRemise.DEPOT} if demandes[0].lieu == DEPOT else {}
        faite = commande(window, membre(de=window), etat=EtatCommande.VALIDEE, **mode)
        faite.lignes.extend(
            LigneCommande(
                article_id=articles[d.article_id].id,
                unites=d.unites,
                unites_acceptees_en_plus=d.unites_acceptees_en_plus,
                rang=LE + timedelta(seconds=d.rang),
            )
            for d in demandes
        )
    db.session.flush()
    return window


def _termes(lot: Lot, tire: LotARegrouper) -> Lot:
    """The terms that were drawn; nothing was bought before."""
    lot.plafond_ht = max(tire.plafond_ht, Decimal("0.01"))
    lot.minimum_commande_ht, lot.franco_ht, lot.port_ht = tire.minimum_commande_ht, tire.franco_ht, tire.port_ht
    lot.un_bon_par_lieu, lot.portee_palier = tire.un_bon_par_lieu, PORTEES[tire.palier_par_bon]
    return lot


def _article(window: Campagne, lot: Lot, tire: Any) -> Article:
    """The article, its stock, what the buyer wants of it."""
    article = catalogue.article(
        *(lot,),
        reference=tire.reference,
        unites_par_colis=tire.unites_par_colis,
        tva_pct=tire.tva_pct,
        paliers=tire.paliers or None,
    )
    if tire.stock_disponible > 0:
        valeur = montant_ligne(tire.stock_disponible, tire.cout_unitaire_ht)
        entree = {"motif": "Inventaire", "par": "Amélie", "le": LE, "valeur_ht": valeur}
        db.session.add(
            MouvementStock(depot_id=window.depot_id, article_id=article.id, unites=tire.stock_disponible, **entree)
        )
    voulues = tire.palier_vise or tire.colis_en_plus * tire.unites_par_colis
    if voulues:
        genre = GenreAjustement.VISER if tire.palier_vise else GenreAjustement.AJOUTER
        qui = {"motif": "Pour le dépôt.", "par": "Amélie", "le": LE}
        db.session.add(Ajustement(campagne_id=window.id, genre=genre, article_id=article.id, unites=voulues, **qui))
    db.session.flush()
    return article


def les_bons_somment(bons: list[BonDeCommande]) -> None:
    """Members + depot = line, lines + shipping = bon, shares of the shipping = shipping."""
    for bon in bons:
        for ligne in bon.lignes:
            parts = select(func.sum(Affectation.unites), func.sum(Affectation.montant_ht))
            unites, montant = db.session.execute(parts.where(Affectation.ligne_bon_id == ligne.id)).one()
            assert (int(unites), Decimal(montant)) == (ligne.unites, ligne.montant_ht)
        ports = db.session.scalars(select(PartDePort.montant_ht).where(PartDePort.bon_id == bon.id)).all()
        assert sum(ports, Decimal(0)) == bon.port_ht
        assert sum((ligne.montant_ht for ligne in bon.lignes), Decimal(0)) + bon.port_ht == bon.total_ht
        assert bon.total_ttc == bon.total_ht + bon.total_tva
    assert [bon.numero for bon in bons] == sorted(bon.numero for bon in bons)


def personne_n_a_plus_que_demande_et_accepte(window: Campagne) -> None:
    """Line by line of the orders."""
    recues: Counter[int] = Counter()
    en_plus: Counter[int] = Counter()
    parts = select(Affectation.ligne_commande_id, Affectation.unites, Affectation.unites_en_plus)
    for ligne_id, unites, plus in db.session.execute(parts.where(Affectation.campagne_id == window.id)):
        recues[ligne_id] += unites - plus
        en_plus[ligne_id] += plus
    lignes = select(LigneCommande).join(Commande).where(Commande.campagne_id == window.id)
    for ligne in db.session.scalars(lignes):
        assert recues[ligne.id] <= ligne.unites and en_plus[ligne.id] <= ligne.unites_acceptees_en_plus


def les_plafonds_tiennent(window: Campagne) -> None:
    """The bons of each lot, together."""
    sommes = select(Lot.plafond_ht, func.sum(BonDeCommande.total_ht)).join(BonDeCommande)
    for plafond, total in db.session.execute(sommes.where(Lot.marche_id == window.marche_id).group_by(Lot.id)):
        assert Decimal(total) <= plafond


def tout_est_attendu_ou_sorti_du_stock(window: Campagne) -> None:
    """Every unit of a bon is expected at a delivery; every unit of the stock left it, at the cost charged."""
    attendues = db.session.scalar(
        select(func.sum(LigneLivraison.unites_attendues))
        .join(Affectation, Affectation.id == LigneLivraison.affectation_id)
        .where(Affectation.campagne_id == window.id)
    )
    commandees = select(func.sum(LigneBon.unites)).join(BonDeCommande).where(BonDeCommande.campagne_id == window.id)
    assert (attendues or 0) == (db.session.scalar(commandees) or 0)
    sorties = select(func.sum(MouvementStock.unites), func.sum(MouvementStock.valeur_ht)).where(
        MouvementStock.unites < 0, MouvementStock.piece == f"campagne:{window.id}"
    )
    recues = select(func.sum(Affectation.unites), func.sum(Affectation.montant_ht)).where(
        Affectation.campagne_id == window.id, Affectation.ligne_bon_id.is_(None)
    )
    (dehors, valeur), (servies, montant) = (db.session.execute(requete).one() for requete in (sorties, recues))
    assert (-(dehors or 0), -Decimal(valeur or 0)) == ((servies or 0), Decimal(montant or 0))
