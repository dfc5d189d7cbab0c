"""What is decided of a delivery, and all that follows: what can be billed, the stock, the rest, the bon, the order."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from groupement.adherents.models import Collectivite
from groupement.adherents.states import Role
from groupement.commandes.models import Affectation, Commande
from groupement.commandes.states import EtatBonDeCommande, EtatCommande
from groupement.livraisons.actions import decisions
from groupement.livraisons.actions.decisions import Refaction, Reste
from groupement.livraisons.actions.reception import Arrivee, ConstatArticle, receptionner, tout_est_arrive
from groupement.livraisons.models import Decision, LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import livraison_visible
from groupement.livraisons.states import EtatLivraison
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from groupement.stock.models import MouvementStock
from tests.fabriques import adherents
from tests.fabriques.livraisons import CDG, LE, LIVREE_LE, campagne_regroupee, livraison, livraisons_de

PLUS_RIEN = Reste(None)
BIENTOT = Reste(date(2027, 1, 15))
QUI = {"par": AUTOMATE, "le": LE}


def affectations(voulue):
    """(admitted, refused) of each line's affectation, as the database has them."""
    db.session.expire_all()
    return [(ligne.affectation.unites_admises, ligne.affectation.unites_refusees) for ligne in voulue.lignes]


def recevoir(voulue, **constats):
    tout = tout_est_arrive(voulue)
    for place, cle in enumerate(list(tout)):
        tout[cle] = constats.get(f"article{place}", tout[cle])
    receptionner(voulue, Arrivee(LIVREE_LE, tout), voulue.version, **QUI)
    db.session.flush()


def test_admission_admits_what_was_delivered_and_not_refused(app):
    voulue = livraison(signalee=True)  # 30 boxes: 5 missing, 5 damaged; 100 folders
    decisions.admettre(voulue, voulue.version, reste=PLUS_RIEN, **QUI)
    assert voulue.etat is EtatLivraison.ADMISE
    assert affectations(voulue) == [(20, 10), (100, 0)]
    assert [ligne.unites_admises for ligne in voulue.lignes] == [20, 100]


def test_what_is_refused_is_not_billed_until_it_comes_again(app):
    voulue = livraison(signalee=True)
    decisions.admettre(voulue, voulue.version, reste=BIENTOT, **QUI)
    assert affectations(voulue) == [(20, 0), (100, 0)]
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == voulue.id)).one()
    assert (suite.etat, suite.attendue_le) == (EtatLivraison.ANNONCEE, date(2027, 1, 15))
    assert (suite.collectivite_id, suite.point_de_livraison_id) == (
        voulue.collectivite_id,
        voulue.point_de_livraison_id,
    )
    assert [ligne.unites_attendues for ligne in suite.lignes] == [10]
    recevoir(suite)
    decisions.admettre(suite, suite.version, reste=PLUS_RIEN, **QUI)
    assert affectations(voulue) == [(30, 0), (100, 0)]


def test_the_bon_and_the_order_are_closed_when_everything_is_settled(app):
    bons = campagne_regroupee(1)
    chez_lui, au_depot = livraisons_de(bons)[0], livraisons_de(bons, depot=True)[0]
    recevoir(chez_lui, article0=ConstatArticle(20))
    decisions.admettre(chez_lui, chez_lui.version, reste=BIENTOT, **QUI)
    commande = chez_lui.lignes[0].affectation.ligne_commande.commande
    assert (commande.etat, bons[0].etat) == (EtatCommande.REGROUPEE, EtatBonDeCommande.EN_LIVRAISON)
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == chez_lui.id)).one()
    recevoir(suite, article0=ConstatArticle(4))
    decisions.admettre(suite, suite.version, reste=PLUS_RIEN, **QUI)
    assert (commande.etat, bons[0].etat) == (EtatCommande.SERVIE, EtatBonDeCommande.EN_LIVRAISON)
    recevoir(au_depot)
    decisions.admettre(au_depot, au_depot.version, reste=PLUS_RIEN, **QUI)
    assert bons[0].etat is EtatBonDeCommande.SOLDE
    assert set(db.session.scalars(select(Commande.etat))) == {EtatCommande.SERVIE}


def test_the_surplus_of_the_depot_enters_stock_at_its_part_of_the_bon_whatever_the_number_of_times(app):
    voulue = livraison(depot=True)  # 10 boxes for a member, 10 for the depot
    surplus = voulue.lignes[1].affectation
    recevoir(voulue, article0=ConstatArticle(13))
    decisions.admettre(voulue, voulue.version, reste=BIENTOT, **QUI)
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == voulue.id)).one()
    recevoir(suite)
    decisions.admettre(suite, suite.version, reste=PLUS_RIEN, **QUI)
    entrees = db.session.scalars(select(MouvementStock).order_by(MouvementStock.id)).all()
    assert [entree.unites for entree in entrees] == [3, 7]
    assert sum(entree.valeur_ht for entree in entrees) == surplus.montant_ht
    assert entrees[0].piece == f"livraison:{voulue.id}"


def test_a_refaction_is_shared_by_what_each_line_admits_and_lowers_the_stock(app):
    voulue = livraison(recue=True, depot=True)
    montant = decisions.refacter(
        voulue, voulue.version, Refaction(pct=Decimal(10)), "Cartons tachés", reste=PLUS_RIEN, **QUI
    )
    admis = sum((ligne.affectation.montant_ht for ligne in voulue.lignes), Decimal(0))
    assert voulue.etat is EtatLivraison.ADMISE_AVEC_REFACTION
    assert montant == sum(ligne.refaction_ht for ligne in voulue.lignes) == (admis / 10).quantize(Decimal("0.01"))
    au_depot = voulue.lignes[1]
    entree = db.session.scalars(select(MouvementStock)).one()
    assert entree.valeur_ht == au_depot.affectation.montant_ht - au_depot.refaction_ht
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.verbe, decision.motif, decision.refaction_ht) == ("refacter", "Cartons tachés", montant)


@pytest.mark.parametrize(
    "refaction", [Refaction(Decimal("999999.00")), Refaction(Decimal(0)), Refaction(pct=Decimal(0))]
)
def test_a_refaction_out_of_bounds_is_refused(app, refaction):
    voulue = livraison(recue=True)
    with pytest.raises(RegleRefusee, match="réfaction"):
        decisions.refacter(voulue, voulue.version, refaction, "Taches", reste=PLUS_RIEN, **QUI)


def test_a_rejection_admits_nothing(app):
    voulue = livraison(recue=True)
    decisions.rejeter(voulue, voulue.version, "Mauvais lot", reste=PLUS_RIEN, **QUI)
    assert voulue.etat is EtatLivraison.REJETEE
    assert affectations(voulue) == [(0, 30), (0, 100)]


def test_a_rejection_may_wait_for_a_replacement(app):
    voulue = livraison(recue=True)
    decisions.rejeter(voulue, voulue.version, "Mauvais lot", reste=BIENTOT, **QUI)
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == voulue.id)).one()
    assert [ligne.unites_attendues for ligne in suite.lignes] == [30, 100]
    assert affectations(voulue) == [(0, 0), (0, 0)]


def test_what_is_put_off_is_received_again_with_a_fresh_time_to_check(app):
    voulue = livraison(signalee=True)
    decisions.ajourner(voulue, voulue.version, "Remplacer les cartons mouillés", **QUI)
    assert voulue.etat is EtatLivraison.AJOURNEE
    assert affectations(voulue) == [(0, 0), (0, 0)]
    plus_tard = LE + timedelta(days=7)
    arrivee = Arrivee(plus_tard.date(), tout_est_arrive(voulue))
    receptionner(voulue, arrivee, voulue.version, par=AUTOMATE, le=plus_tard)
    assert voulue.etat is EtatLivraison.LIVREE
    assert voulue.a_verifier_avant_le == date(2027, 1, 7)
    assert voulue.decidee_le is None


@pytest.mark.parametrize("verbe", ["ajourner", "rejeter"])
def test_a_decision_against_the_supplier_says_why(app, verbe):
    voulue = livraison(recue=True)
    suite = {} if verbe == "ajourner" else {"reste": PLUS_RIEN}
    with pytest.raises(RegleRefusee, match="motivé"):
        getattr(decisions, verbe)(voulue, voulue.version, "  ", **suite, **QUI)


def test_nothing_is_decided_twice_nor_on_a_stale_page(app):
    voulue = livraison(recue=True)
    decisions.admettre(voulue, voulue.version, reste=PLUS_RIEN, **QUI)
    with pytest.raises(ConflitDeVersion):
        decisions.rejeter(voulue, 1, "Trop tard", reste=PLUS_RIEN, **QUI)
    with pytest.raises(TransitionInterdite):
        decisions.admettre(voulue, voulue.version, reste=PLUS_RIEN, **QUI)
    assert affectations(voulue) == [(30, 0), (100, 0)]


def test_silence_admits_the_day_after_the_last_day_and_not_before(app):
    voulue = livraison(signalee=True)  # to be checked by 30 December
    dernier_jour = LE.replace(day=30, hour=22)
    assert decisions.admettre_tacitement_les_echues(dernier_jour) == 0
    assert decisions.admettre_tacitement_les_echues(LE.replace(day=30, hour=23, minute=30)) == 1  # the 31st in Paris
    db.session.expire_all()
    assert voulue.etat is EtatLivraison.ADMISE_TACITE
    assert affectations(voulue) == [(20, 0), (100, 0)]
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == voulue.id)).one()
    assert suite.attendue_le == voulue.bon.a_livrer_avant_le  # what was refused is still owed
    evenement = db.session.scalars(select(Evenement).where(Evenement.verbe == "admettre_tacitement")).one()
    assert (evenement.par, evenement.avant) == ("Application", "en_verification")


def test_one_click_admits_only_what_came_whole_and_sound(app):
    bonne, signalee = livraison(recue=True), livraison(signalee=True)
    assert decisions.admettre_sans_reserve(**QUI) == 1
    assert (bonne.etat, signalee.etat) == (EtatLivraison.ADMISE, EtatLivraison.EN_VERIFICATION)
    assert decisions.admettre_sans_reserve(**QUI) == 0


def test_the_body_and_the_supplier_are_told(app):
    voulue = livraison(signalee=True)
    adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=voulue.collectivite)
    decisions.admettre(voulue, voulue.version, reste=BIENTOT, **QUI)
    a_l_agent = db.session.scalars(select(Courriel).where(Courriel.destinataire.like("claire%"))).one()
    assert "120 unités sur 130" in a_l_agent.corps.replace("\u00a0", " ")
    au_fournisseur = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("à compléter"))).one()
    assert "vendredi 15 janvier 2027" in au_fournisseur.corps


def test_a_body_that_fetches_is_told_where(app):
    voulue = livraison(depot=True, recue=True)
    voulue.lignes[0].affectation.collectivite.courriel = "mairie@example.org"
    decisions.admettre(voulue, voulue.version, reste=PLUS_RIEN, **QUI)
    mail = db.session.scalars(select(Courriel).where(Courriel.destinataire == "mairie@example.org")).one()
    assert "Bruay-la-Buissière" in mail.corps
    assert "/retraits/" in mail.corps


@pytest.mark.parametrize("acte", ["sans_reserve", "tacite", "depot"])
def test_the_same_number_of_statements_for_few_and_many(app, sql, acte):
    nombres = []
    for combien in (4, 40):
        au_depot = combien if acte == "depot" else 1
        bons = campagne_regroupee(1 if acte == "depot" else combien, au_depot=au_depot)
        for voulue in livraisons_de(bons) + livraisons_de(bons, depot=True):
            recevoir(voulue)
        premiere = livraisons_de(bons, depot=True)[0]
        db.session.execute(update(Collectivite).values(courriel="mairie@example.org"))
        db.session.commit()
        db.session.expunge_all()
        with sql() as envoyees:
            if acte == "sans_reserve":
                assert decisions.admettre_sans_reserve(**QUI) == combien + 1
            elif acte == "tacite":
                decisions.admettre_tacitement_les_echues(LE + timedelta(days=30))
            else:
                decisions.admettre(db.session.get(Livraison, premiere.id), 2, reste=PLUS_RIEN, **QUI)
            db.session.flush()
        nombres.append(len(envoyees))
        if acte == "depot":
            decisions.admettre_sans_reserve(**QUI)
        db.session.commit()
    assert nombres[0] == nombres[1], nombres
    admises = db.session.scalar(select(func.sum(LigneLivraison.unites_admises)))
    assert admises == db.session.scalar(select(func.sum(Affectation.unites)))


def test_the_last_two_deliveries_decided_at_once_close_the_bon(app, en_meme_temps):
    """Each would see the other undecided, were the campagne not held first."""
    bons = campagne_regroupee(1)
    numeros = []
    for voulue in livraisons_de(bons) + livraisons_de(bons, depot=True):
        recevoir(voulue)
        numeros.append((voulue.id, voulue.version))
    db.session.commit()

    def admettre(numero, version):
        def acte():
            decisions.admettre(livraison_visible(numero, CDG, verrou=True), version, reste=PLUS_RIEN, **QUI)
            db.session.commit()

        return acte

    assert en_meme_temps(*(admettre(*couple) for couple in numeros)) == [None, None]
    assert bons[0].etat is EtatBonDeCommande.SOLDE
    assert set(db.session.scalars(select(Commande.etat))) == {EtatCommande.SERVIE}


def test_two_buyers_decide_one_delivery_once(app, en_meme_temps):
    voulue = livraison(recue=True)
    numero, version = voulue.id, voulue.version
    db.session.commit()

    def decider(acte, *arguments):
        def jouer():
            acte(livraison_visible(numero, CDG, verrou=True), version, *arguments, reste=PLUS_RIEN, **QUI)
            db.session.commit()
            return acte.__name__

        return jouer

    reponses = en_meme_temps(decider(decisions.admettre), decider(decisions.rejeter, "Non"))
    assert sum(isinstance(reponse, ConflitDeVersion) for reponse in reponses) == 1
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
    admises, refusees = affectations(db.session.get_one(Livraison, numero))[0]
    assert {admises, refusees} == {0, 30}
