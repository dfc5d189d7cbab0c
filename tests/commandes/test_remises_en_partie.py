"""An urgent order handed over in part: what is admitted, what the stock takes back or loses, what the body is told."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from groupement.commandes.actions import remises
from groupement.commandes.actions.remises import RemiseRefusee
from groupement.commandes.models import Affectation, Commande, Depannage, EcartDeRemise
from groupement.commandes.queries.depannages import depannage_visible, depannages
from groupement.commandes.queries.vue_depannage import vue_depannage
from groupement.commandes.rules.remises import RIEN_DE_REMIS, Remis
from groupement.commandes.states import EtatCommande, MotifDEcart
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.stock.models import MouvementStock
from groupement.stock.queries import stock_de
from tests.fabriques import catalogue
from tests.fabriques import depannages as fabrique
from tests.fabriques.commandes import LE
from tests.fabriques.depannages import Tout

D = Decimal
PAS_PRIS, INTROUVABLE, ABIME = MotifDEcart


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Twelve boxes committed out of forty-eight worth 27,90 €, and seven folders out of forty worth 4,72 €."""
    monde = fabrique.guichet_de_wissant(48, "27.90", acheteur="Hélène Vasseur")
    monde.boite.designation, monde.chemise.designation = "Boîte 10 cm", "Chemise à rabats"
    monde.commande = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 12, monde.chemise: 7}, engagement="E-7")
    db.session.commit()
    return monde


def en_stock(monde: SimpleNamespace, article: Any) -> tuple[int, Decimal]:
    """What lies at the depot."""
    stock = stock_de(monde.annee.depot_id, article.id)
    return stock.unites, stock.valeur_ht


def mouvements(article: Any) -> list[tuple[int, Decimal, str]]:
    """(units, value, reason) of what moved, in the order it happened."""
    lignes = (
        select(MouvementStock.unites, MouvementStock.valeur_ht, MouvementStock.motif)
        .where(MouvementStock.article_id == article.id)
        .order_by(MouvementStock.id)
    )
    return [tuple(mouvement) for mouvement in db.session.execute(lignes)]


def parts() -> list[tuple[int, int, int]]:
    """(units, admitted, refused) of each affectation."""
    lues = select(Affectation.unites, Affectation.unites_admises, Affectation.unites_refusees)
    return [tuple(part) for part in db.session.execute(lues.order_by(Affectation.id))]


def test_what_the_body_does_not_take_goes_back_for_what_it_left_at(monde):
    assert monde.commande.total_ht == D("7.81") and en_stock(monde, monde.boite) == (36, D("20.92"))
    fabrique.remise(monde.commande, {monde.boite: Remis(10, PAS_PRIS, "le coffre est plein")})
    assert parts() == [(12, 10, 2), (7, 7, 0)]
    assert en_stock(monde, monde.boite) == (38, D("22.08")) and en_stock(monde, monde.chemise) == (33, D("3.89"))
    ecart = db.session.scalars(select(EcartDeRemise)).one()
    assert (ecart.unites, ecart.montant_ht, ecart.motif, ecart.precision) == (
        2, D("1.16"), PAS_PRIS, "le coffre est plein",
    )  # fmt: skip
    assert mouvements(monde.boite)[-1] == (2, D("1.16"), "Dépannage, non remis à Wissant")


@pytest.mark.parametrize(("motif", "mot"), [(INTROUVABLE, "Introuvable au dépôt"), (ABIME, "Abîmé au dépôt")])
def test_what_the_depot_has_not_is_in_the_books_again_then_written_off_with_its_reason(monde, motif, mot):
    fabrique.remise(monde.commande, {monde.boite: Remis(10, motif)})
    *_, retour, perte = mouvements(monde.boite)
    assert retour == (2, D("1.16"), "Dépannage, non remis à Wissant")
    assert perte == (-2, D("-1.16"), f"{mot}, constaté à la remise à Wissant")
    assert en_stock(monde, monde.boite) == (36, D("20.92"))


def test_a_loss_leaves_at_the_cost_of_that_day_and_the_body_pays_none_of_it(monde):
    fabrique.stocker(monde.annee, monde.boite, 12, "100.00")
    fabrique.remise(monde.commande, {monde.boite: Remis(10, ABIME)})
    assert mouvements(monde.boite)[-1][1] == D("-4.88")  # 2 of 50 worth 122,08 €
    unites, valeur = en_stock(monde, monde.boite)
    assert (unites, valeur) == (48, D("117.20"))
    assert vue(monde).total_ht == D("6.65")


def test_the_stock_the_body_and_the_losses_make_what_was_bought(monde):
    fabrique.remise(monde.commande, {monde.boite: Remis(5, INTROUVABLE), monde.chemise: Remis(3, PAS_PRIS)})
    pertes = sum(valeur for _, valeur, motif in mouvements(monde.boite) if "constaté" in motif)
    en_rayon = en_stock(monde, monde.boite)[1] + en_stock(monde, monde.chemise)[1]
    assert en_rayon - pertes + vue(monde).total_ht == D("27.90") + D("4.72")


def vue(monde: SimpleNamespace) -> Any:
    """What the page shows."""
    return vue_depannage(*depannage_visible(monde.commande.id, Tout()), date(2026, 11, 25))


def test_the_order_says_it(monde):
    fabrique.remise(monde.commande, {monde.boite: Remis(10, ABIME)})
    page = vue(monde)
    assert [(ligne.unites, ligne.remises, ligne.montant_ht) for ligne in page.lignes] == [
        (12, 10, D("5.82")),
        (7, 7, D("0.83")),
    ]
    assert page.est_partielle and (page.total_ht, page.rendu_ht) == (D("6.65"), D("1.16"))
    assert page.commande.total_ht == D("7.81")
    ligne = db.session.execute(depannages(Tout(), etats=[EtatCommande.SERVIE])).one()
    assert (ligne.unites, ligne.non_remises, ligne.rendu_ht) == (19, 2, D("1.16"))


def test_handed_over_whole_it_has_no_difference_and_nobody_is_written_to(monde):
    avant = db.session.scalar(select(func.count()).select_from(Courriel))
    fabrique.remise(monde.commande, {monde.boite: Remis(12)})
    assert parts() == [(12, 12, 0), (7, 7, 0)] and not vue(monde).est_partielle
    assert db.session.scalar(select(func.count()).select_from(EcartDeRemise)) == 0
    assert db.session.scalar(select(func.count()).select_from(Courriel)) == avant
    ligne = db.session.execute(depannages(Tout(), etats=[EtatCommande.SERVIE])).one()
    assert (ligne.non_remises, ligne.rendu_ht) == (0, D("0.00"))


def test_the_body_reads_what_it_got_what_it_did_not_why_and_what_to_do(monde):
    fabrique.remise(monde.commande, {monde.boite: Remis(10, ABIME, "dégât des eaux")})
    lettres = db.session.scalars(select(Courriel).where(Courriel.sujet.like("%remis en partie%"))).all()
    assert sorted(lettre.destinataire for lettre in lettres) == sorted([monde.agent.email, monde.valideur.email])
    corps = lettres[0].corps.replace("\u00a0", " ").replace("\u202f", " ")
    for phrase in (
        "à Sylvie Carlier, le mardi 24 novembre 2026",
        "Boîte 10 cm (BTE-STD-10) : 10 sur 12, 5,82 € HT",
        "Chemise à rabats (CHE-120) : 7 sur 7, 0,83 € HT",
        "Boîte 10 cm (BTE-STD-10) : 2, abîmé au dépôt (« dégât des eaux »)",
        "6,65 € HT, 7,98 € TTC",
        "7,81 € HT (engagement E-7) : 1,16 € HT",
        "faites une nouvelle demande",
        "/depannage/",
    ):
        assert phrase in corps, phrase


def test_the_journal_keeps_what_is_missing(monde):
    fabrique.remise(monde.commande, {monde.boite: Remis(10, ABIME)})
    fait = db.session.scalars(select(Evenement).order_by(Evenement.id.desc()).limit(1)).one()
    assert (fait.verbe, fait.avant, fait.apres) == ("servir_en_partie", "regroupee", "servie")
    assert fait.resume == "Remis à Sylvie Carlier\u00a0; 10 sur 12 × BTE-STD-10 (abîmé au dépôt)"


@pytest.mark.parametrize(
    ("remis", "attendu"),
    [
        (Remis(13), "12\u00a0unités engagées, vous en remettez 13"),
        (Remis(10), "Il en manque 2\u00a0: choisissez pourquoi"),
        (Remis(12, ABIME), "Tout est remis, mais une raison"),
    ],
)
def test_a_line_typed_wrong_is_said_and_nothing_is_written(monde, remis, attendu):
    ligne_id = monde.commande.lignes[0].id
    with pytest.raises(RemiseRefusee, match=attendu) as refus:
        fabrique.remise(monde.commande, {monde.boite: remis, monde.chemise: Remis(3, PAS_PRIS)})
    assert list(refus.value.lignes) == [ligne_id]
    db.session.rollback()
    assert parts() == [(12, 0, 0), (7, 0, 0)] and monde.commande.etat is EtatCommande.REGROUPEE
    assert db.session.get(Depannage, monde.commande.id).remis_le is None
    assert en_stock(monde, monde.chemise)[0] == 33


def test_nothing_handed_over_is_refused_with_what_to_do_instead(monde):
    rien = {monde.boite: Remis(0, INTROUVABLE), monde.chemise: Remis(0, INTROUVABLE)}
    with pytest.raises(RegleRefusee) as refus:
        fabrique.remise(monde.commande, rien)
    assert str(refus.value) == RIEN_DE_REMIS and "Annulez" in RIEN_DE_REMIS
    db.session.rollback()
    assert monde.commande.etat is EtatCommande.REGROUPEE


def test_a_line_of_another_order_is_refused(monde):
    autre = fabrique.engage(monde.annee, monde.mairie, {monde.boite: 1})
    tenue, depannage = depannage_visible(monde.commande.id, Tout(), verrou=True)
    with pytest.raises(RegleRefusee, match="n’est pas de ce dépannage"):
        remises.remettre(tenue, depannage, "Claire", {autre.lignes[0].id: Remis(1)}, par=AUTOMATE, le=LE)


def test_after_it_neither_a_second_hand_over_nor_a_cancellation(monde):
    commande = fabrique.remise(monde.commande, {monde.boite: Remis(10, ABIME)})
    with pytest.raises(TransitionInterdite, match="déjà été remis à Sylvie Carlier"):
        fabrique.remise(commande)
    with pytest.raises(TransitionInterdite, match="ne peut plus être annulée"):
        remises.remettre_en_stock(commande, "Trop tard", par=AUTOMATE, le=LE)


def test_given_up_meanwhile_it_is_not_handed_over(monde):
    tenue, _ = depannage_visible(monde.commande.id, Tout(), verrou=True)
    remises.remettre_en_stock(tenue, "Erreur", par=monde.acheteur, le=LE)
    with pytest.raises(TransitionInterdite, match="annulé par Hélène Vasseur.*de nouveau au stock"):
        fabrique.remise(monde.commande)
    assert en_stock(monde, monde.boite) == (48, D("27.90"))


@pytest.mark.parametrize("ecart", [{"unites": 0}, {"montant_ht": D("-0.01")}])
def test_the_database_refuses_a_difference_of_nothing_or_a_negative_amount(monde, ecart):
    valeurs = {"unites": 1, "montant_ht": D("0.58"), "motif": ABIME} | ecart
    db.session.add(EcartDeRemise(ligne_commande_id=monde.commande.lignes[0].id, **valeurs))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_statements_do_not_depend_on_the_number_of_lines(monde, sql):
    articles = [catalogue.article(monde.lot, paliers=None) for _ in range(80)]
    for article in articles:
        fabrique.stocker(monde.annee, article, 9, "9.00")
    comptes = []
    for choisis in (articles[:8], articles):
        commande = fabrique.engage(monde.annee, monde.mairie, dict.fromkeys(choisis, 3))
        motifs = list(MotifDEcart)
        remis = {article: Remis(1, motifs[n % 3]) for n, article in enumerate(choisis)}
        db.session.commit()
        with sql() as envoyees:
            fabrique.remise(commande, remis)
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1], comptes
    assert db.session.scalar(select(func.count()).select_from(Commande)) == 3
