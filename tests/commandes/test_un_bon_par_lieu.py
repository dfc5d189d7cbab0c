"""A lot whose contract wants one bon per delivery place: what is written, numbered, shared, delivered and shown."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.catalogue.actions.articles import permettre_le_fractionnement
from groupement.catalogue.actions.marches import modifier_lot, termes_du_lot
from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import annulations, regroupement, revisions
from groupement.commandes.actions.revisions import RevisionRefusee
from groupement.commandes.documents.bons import papier_du_bon
from groupement.commandes.models import Affectation, BonDeCommande, LigneBon, LigneEcartee, PartDePort
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.rules.bon_a_reviser import Demande
from groupement.commandes.rules.document_regroupement import en_json
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.socle import numerotation
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE
from groupement.stock.models import MouvementStock
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.fabriques.livraisons import CDG

D = Decimal


@pytest.fixture
def reliures(app: Flask) -> SimpleNamespace:
    """A lot with one bon per place: boxes of 10 in two tiers, shipping below 300 €, and a closed campagne."""
    lot = catalogue.lot(plafond_ht=D("100000.00"), franco_ht=D("300.00"), port_ht=D("20.00"))
    lot.un_bon_par_lieu, lot.portee_palier = True, PorteePalier.CAMPAGNE
    article = catalogue.article(
        lot, reference="REL-A4", unites_par_colis=10, fractionnable=True, paliers=catalogue.paliers("1:10.00|50:8.00")
    )
    return SimpleNamespace(lot=lot, article=article, campagne=campagne(lot.marche, etat=EtatCampagne.CLOSE))


def commander(reliures: SimpleNamespace, nom: str, unites: int, en_plus: int = 0, *, depot: bool = False) -> None:
    """A committed order of that body."""
    ou = {"mode": ModeDeRemise.DEPOT} if depot else {}
    ligne = (reliures.article, unites, en_plus)
    de = reliures.campagne
    commande(de, membre(nom, de=de), [ligne], etat=EtatCommande.VALIDEE, **ou)


def lancer(reliures: SimpleNamespace, **options: bool) -> list[BonDeCommande]:
    """Regroup as the buyer would, and commit; the bons in the order of their numbers."""
    _, bons, _ = regroupement.regrouper(reliures.campagne.id, par=AUTOMATE, le=APRES, **options)
    db.session.commit()
    return bons


def trois_lieux(reliures: SimpleNamespace) -> None:
    """Wissant asks three packs, Audresselles a pack and a half, Condette collects four pieces."""
    commander(reliures, "Wissant", 30)
    commander(reliures, "Audresselles", 15)
    commander(reliures, "Condette", 4, 2, depot=True)


def test_each_place_has_its_bon_in_whole_packs_numbered_in_the_order_of_the_places(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    audresselles, wissant, depot = lancer(reliures)
    assert [bon.lieu for bon in (audresselles, wissant)] == ["Audresselles, Mairie", "Wissant, Mairie"]
    assert depot.lieu == reliures.campagne.depot.nom
    numeros = [int(bon.numero.rsplit("-", 1)[1]) for bon in (audresselles, wissant, depot)]
    assert numeros == list(range(numeros[0], numeros[0] + 3))
    assert [bon.lignes[0].unites for bon in (audresselles, wissant, depot)] == [10, 30, 10]
    assert depot.lignes[0].surplus_au_depot == 0  # 5 of Audresselles, 4 and 1 of the 2 accepted by Condette
    assert (depot.lignes[0].unites_demandees, depot.lignes[0].unites_acceptees_en_plus) == (9, 1)


def test_the_tier_counts_every_bon_of_the_lot(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    assert {ligne.prix_unitaire_ht for bon in lancer(reliures) for ligne in bon.lignes} == {D("8.00")}


def test_a_tier_by_bon_counts_one_place_only(reliures: SimpleNamespace) -> None:
    reliures.lot.portee_palier = PorteePalier.BON
    trois_lieux(reliures)
    commander(reliures, "Zutkerque", 50)
    prix = {bon.lieu: bon.lignes[0].prix_unitaire_ht for bon in lancer(reliures)}
    assert prix.pop("Zutkerque, Mairie") == D("8.00")
    assert set(prix.values()) == {D("10.00")}


def test_what_would_open_a_pack_goes_to_the_depot_with_its_share_of_the_cost(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    lancer(reliures)
    parts = db.session.execute(
        select(Affectation.collectivite_id, Affectation.point_de_livraison_id.is_(None), Affectation.unites)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .order_by(Affectation.id)
    ).all()
    assert [(au_depot, unites) for _, au_depot, unites in parts] == [(False, 10), (False, 30), (True, 5), (True, 5)]
    assert parts[0].collectivite_id == parts[2].collectivite_id
    total = select(func.sum(LigneBon.montant_ht))
    assert db.session.scalar(select(func.sum(Affectation.montant_ht))) == db.session.scalar(total) == D("400.00")


def test_shipping_is_each_bons_and_shared_by_those_it_serves(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    commander(reliures, "Zutkerque", 40)
    bons = lancer(reliures)
    assert [bon.port_ht for bon in bons] == [D("20.00"), D("20.00"), D("0.00"), D("20.00")]
    for bon in bons:
        parts = db.session.scalars(select(PartDePort).where(PartDePort.bon_id == bon.id)).all()
        assert sum((part.montant_ht for part in parts), D(0)) == bon.port_ht
    du_depot = db.session.scalars(select(PartDePort.montant_ht).where(PartDePort.bon_id == bons[-1].id)).all()
    assert sorted(du_depot) == [D("10.00"), D("10.00")]  # 5 pieces each


def test_the_ceiling_is_that_of_all_the_bons_together(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    reliures.lot.plafond_ht = D("459.99")  # 50 × 8.00 and three times 20.00 of shipping make 460.00
    db.session.commit()
    with pytest.raises(regroupement.RegroupementRefuse, match="Plafond du lot"):
        regroupement.regrouper(reliures.campagne.id, par=AUTOMATE, le=APRES)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 0
    reliures.lot.plafond_ht = D("460.00")
    assert len(lancer(reliures)) == 3


def test_a_place_below_the_minimum_is_left_out_alone_and_told(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    reliures.lot.minimum_commande_ht = D("90.00")
    db.session.commit()
    apercu = regroupement.previsualiser(reliures.campagne, le=APRES.date())
    # without Audresselles the depot has 4 pieces and 30 + 10 reach no tier: 10 × 10.00 are enough there
    assert [(refus.nom_du_lieu, refus.cle.rsplit("-", 1)[0]) for refus in apercu.resultat.refus] == [
        ("Audresselles, Mairie", "lot-1-lieu"),
        (reliures.campagne.depot.nom, "lot-1-lieu"),
    ]
    assert [bon.lieu for bon in lancer(reliures)] == ["Wissant, Mairie"]
    assert db.session.scalar(select(func.count()).select_from(LigneEcartee)) == 2


def test_every_bon_is_expected_at_its_place_and_the_supplier_has_one_mail_a_bon(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    bons = lancer(reliures)
    attendues = db.session.execute(
        select(Livraison.bon_id, func.count(LigneLivraison.id), func.sum(LigneLivraison.unites_attendues))
        .join(LigneLivraison, LigneLivraison.livraison_id == Livraison.id)
        .group_by(Livraison.id)
        .order_by(Livraison.bon_id)
    ).all()
    assert [tuple(ligne) for ligne in attendues] == [(bons[0].id, 1, 10), (bons[1].id, 1, 30), (bons[2].id, 2, 10)]
    sujets = db.session.scalars(select(Courriel.sujet).where(Courriel.sujet.startswith("Bon de commande"))).all()
    assert sujets == [f"Bon de commande {bon.numero}, {bon.lieu}" for bon in bons]


def test_the_stock_is_served_by_rank_whatever_the_place(reliures: SimpleNamespace) -> None:
    catalogue_stock = {"depot_id": reliures.campagne.depot_id, "article_id": reliures.article.id, "unites": 35}
    db.session.add(_entree(**catalogue_stock))
    trois_lieux(reliures)
    bons = lancer(reliures, depuis_le_stock=True)
    assert [(bon.lieu, bon.lignes[0].unites) for bon in bons] == [
        ("Audresselles, Mairie", 10),
        (reliures.campagne.depot.nom, 10),
    ]
    stock = select(Affectation.unites).where(Affectation.ligne_bon_id.is_(None)).order_by(Affectation.id)
    assert list(db.session.scalars(stock)) == [30, 5]


def _entree(**champs: int) -> MouvementStock:
    """Pieces at the depot."""
    return MouvementStock(valeur_ht=D("70.00"), motif="Surplus", par="Amélie", le=APRES, **champs)


def test_the_document_of_the_command_line_has_one_entry_a_bon_and_sums(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    _, bons, calcul = regroupement.regrouper(reliures.campagne.id, par=AUTOMATE, le=APRES)
    numeros = {r.cle: bon.numero for r, bon in zip(calcul.resultat.a_emettre, bons, strict=True)}
    document = en_json(1, calcul.resultat, reel=True, fournisseurs={1: "Reliure du Nord"}, numeros=numeros)
    assert [bon["lot"] for bon in document["bons"]] == [1, 1, 1]
    assert [bon["numero"] for bon in document["bons"]] == [bon.numero for bon in bons]
    total = sum((D(bon["total_ht"]) for bon in document["bons"]), D(0))
    parts = sum((D(part["total_ht"]) for part in document["parts"]), D(0))
    assert total == parts + sum((D(ligne["montant_ht"]) for ligne in document["depot"]), D(0))
    # a body served at its place and at the depot has one line an article
    assert sorted(part["lignes"][0]["unites"] for part in document["parts"]) == [5, 15, 30]
    assert all(len(part["lignes"]) == 1 for part in document["parts"])


def test_preview_and_real_run_give_the_same_bons(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    db.session.commit()
    apercu = regroupement.previsualiser(reliures.campagne, le=APRES.date())
    _, bons, _ = regroupement.regrouper(reliures.campagne.id, par=AUTOMATE, le=APRES, empreinte=apercu.empreinte)
    assert [bon.total_ttc for bon in apercu.resultat.a_emettre] == [bon.total_ttc for bon in bons]


def test_a_bon_that_moves_is_known_by_its_new_place_and_cannot_open_a_pack_on_its_way(
    reliures: SimpleNamespace,
) -> None:
    trois_lieux(reliures)
    _, wissant, _ = lancer(reliures)
    part = db.session.scalars(select(Affectation).where(Affectation.ligne_bon_id == wissant.lignes[0].id)).one()
    corps = part.collectivite_id or 0
    with pytest.raises(RevisionRefusee, match="gardez 20 ou 30"):
        reviser(wissant.id, unites={part.id: 25})
    db.session.rollback()
    reviser(wissant.id, unites={part.id: 20}, lieux={corps: None})
    assert db.session.get_one(BonDeCommande, wissant.id).lieu == reliures.campagne.depot.nom


def reviser(bon_id: int, **champs: Any) -> None:
    """Revise as the buyer would, and commit."""
    bon = bon_tenu(bon_id, CDG)
    rien: dict[str, Any] = {"unites": {}, "garder": {}, "lieux": {}}
    demande = Demande(bon.a_livrer_avant_le, bon.port_ht, **rien | champs)
    revisions.reviser(bon, demande, "Erreur de saisie.", vue=0, empreinte=None, par=CDG, le=APRES)
    db.session.commit()


def test_a_bon_sent_again_to_another_titulaire_keeps_its_place(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    second = catalogue.titulaire(reliures.lot, "Second du rang (fictif)", {reliures.article: "1:10.00|50:8.00"})
    bon = lancer(reliures)[0]
    tenu = bon_tenu(bon.id, CDG)
    nouveau = annulations.annuler(tenu, "Décliné.", second.fournisseur_id, vue=0, par=CDG, le=APRES)
    db.session.commit()
    assert nouveau is not None and nouveau.lieu == bon.lieu


def test_an_article_of_such_a_lot_is_not_shared_and_the_lot_waits_until_none_is(reliures: SimpleNamespace) -> None:
    article = reliures.article
    reliures.lot.un_bon_par_lieu = False
    avec = replace(termes_du_lot(reliures.lot), un_bon_par_lieu=True)
    with pytest.raises(RegleRefusee, match="REL-A4 se commande à l’unité"):
        modifier_lot(reliures.lot, avec, par=AUTOMATE, le=APRES)
    permettre_le_fractionnement(article, False, par=AUTOMATE, le=APRES)
    modifier_lot(reliures.lot, avec, par=AUTOMATE, le=APRES)
    assert reliures.lot.un_bon_par_lieu
    with pytest.raises(RegleRefusee, match="un bon par lieu"):
        permettre_le_fractionnement(article, True, par=AUTOMATE, le=APRES)


def test_the_buyer_reads_every_bon_before_and_after(reliures: SimpleNamespace, client_de: Any) -> None:
    trois_lieux(reliures)
    reliures.lot.minimum_commande_ht = D("75.00")
    commander(reliures, "Zutkerque", 1)
    commander(reliures, "Vimy", 5, 5)
    acheteur = client_de(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    page = acheteur.get(f"/campagnes/{reliures.campagne.id}/regroupement").text
    assert page.count("un bon par lieu de livraison") == 1 and "Les bons du lot 1, lieu par lieu" in page
    assert all(f"{nom}, Mairie" in page for nom in ("Audresselles", "Vimy", "Wissant"))
    assert "en dehors des colis entiers d’un lieu" in page and "Zutkerque, Mairie (1)" in page
    fichier = acheteur.get(f"/campagnes/{reliures.campagne.id}/regroupement/articles?format=csv").text
    assert fichier.count("REL-A4") == 4 and "Wissant, Mairie" in fichier
    lancer(reliures)
    fait = acheteur.get(f"/campagnes/{reliures.campagne.id}/regroupement").text
    assert "Les 4 bons du lot 1, un par un" in fait and "Vimy, Mairie" in fait
    registre = acheteur.get("/bons/?q=Vimy").text
    assert registre.count("Vimy, Mairie") == 1 and "Wissant" not in registre
    verification = acheteur.get(f"/campagnes/{reliures.campagne.id}/verification").text
    assert "Écart" not in verification


def test_the_paper_of_a_bon_of_one_place_lists_that_place_only(reliures: SimpleNamespace) -> None:
    trois_lieux(reliures)
    papiers = [papier_du_bon(bon) for bon in lancer(reliures)]
    assert [[lieu.collectivite for lieu in papier.lieux] for papier in papiers] == [
        ["Audresselles"],
        ["Wissant"],
        ["Centre de gestion"],
    ]
    assert all("ne va qu’à un lieu" in papier.consignes[0] for papier in papiers)


def test_statements_do_not_depend_on_the_number_of_places(reliures: SimpleNamespace, sql) -> None:
    numerotation.reserver("BC", 2026, 1)
    trois_lieux(reliures)
    with sql() as peu:
        lancer(reliures)
    grande = SimpleNamespace(
        lot=reliures.lot,
        article=reliures.article,
        campagne=campagne(reliures.lot.marche, etat=EtatCampagne.CLOSE, intitule="La grande"),
    )
    for rang in range(60):
        commander(grande, f"Commune {rang:02}", 30)
    commander(grande, "Condette", 4, depot=True)
    db.session.commit()
    db.session.expunge_all()
    grande.campagne = db.session.merge(grande.campagne, load=True)
    with sql() as beaucoup:
        bons = lancer(grande)
    assert len(bons) == 61
    assert len(beaucoup) <= len(peu), (len(peu), len(beaucoup))
