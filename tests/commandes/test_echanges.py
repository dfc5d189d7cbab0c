"""What a supplier does with a bon and what the buyer answers: one act each, once, told and written in the journal."""

from datetime import date, timedelta

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from groupement.adherents.states import Role
from groupement.commandes.actions import echanges, reponses
from groupement.commandes.actions.annulations import annuler
from groupement.commandes.actions.echanges import DemandeRefusee
from groupement.commandes.models import BonDeCommande, PropositionDeDate
from groupement.commandes.queries import echanges as queries
from groupement.commandes.queries.liens import LienRefuse, bon_du_lien, jeton_du_bon, lien_du_bon
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.rules.echanges import DateDemandee
from groupement.commandes.rules.liens import AuteurDuLien
from groupement.commandes.states import EtatBonDeCommande, EtatObservation, EtatProposition
from groupement.livraisons.models import Livraison
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents
from tests.fabriques.commandes import APRES
from tests.fabriques.livraisons import CDG, campagne_regroupee

LE = APRES + timedelta(days=1)
JOUR = jour_a_paris(LE)


@pytest.fixture
def bon(app):
    """A bon of two members, a buyer to write to."""
    adherents.utilisateur("Gaëlle Vasseur", email="gaelle.vasseur@cdg62.example", roles=[Role.ACHETEUR])
    (emis,) = campagne_regroupee(2)
    db.session.commit()
    return emis


@pytest.fixture
def paul(bon):
    """Somebody at the supplier's, by the link."""
    return AuteurDuLien(bon.fournisseur_fige["nom"], "Paul Martin")


def demande(bon, plus=14, depuis=2):
    """Two weeks more, for want of cardboard."""
    proposee = bon.a_livrer_avant_le + timedelta(days=plus)
    return DateDemandee(proposee, JOUR - timedelta(days=depuis), "Rupture de carton")


def proposer(bon, par, le=LE, **champs):
    """Ask for it, on the present revision."""
    return echanges.proposer_une_date(bon, demande(bon, **champs), vue=bon.revision, par=par, le=le)


def courriels_a(adresse):
    """The subjects of the mails to somebody."""
    lus = select(Courriel.sujet, Courriel.corps).where(Courriel.destinataire == adresse).order_by(Courriel.id)
    return db.session.execute(lus).all()


def journal(objet, verbe):
    """Who did it."""
    return db.session.scalars(select(Evenement.par).where(Evenement.objet == objet, Evenement.verbe == verbe)).all()


def test_the_mail_of_a_bon_carries_its_own_link(bon):
    (lettre,) = courriels_a(bon.fournisseur_fige["courriel"])
    assert lien_du_bon(bon) in lettre.corps and f"/bon-recu/{jeton_du_bon(bon)}" in lettre.corps
    assert bon_du_lien(jeton_du_bon(bon), JOUR).id == bon.id


@pytest.mark.parametrize(
    "abime", [lambda j: j[:-2], lambda j: "x" + j, lambda j: j.split(".")[0], lambda j: "", str.swapcase]
)
def test_a_forged_link_names_nothing(bon, abime):
    with pytest.raises(LienRefuse) as refus:
        bon_du_lien(abime(jeton_du_bon(bon)), JOUR)
    assert refus.value.code == 404


def test_a_link_signed_for_another_use_opens_no_bon(app, bon):

    for sel, contenu in (
        ("declaration-intention", [bon.id, 1]),
        ("bon-de-commande", bon.id),
        ("bon-de-commande", "ab"),
    ):
        jeton = URLSafeSerializer(app.config["SECRET_KEY"], salt=sel).dumps(contenu)
        with pytest.raises(LienRefuse) as refus:
            bon_du_lien(jeton, JOUR)
        assert refus.value.code == 404


def test_the_first_opening_is_dated_and_the_next_ones_write_nothing(bon, paul):
    echanges.consulter(bon, par=paul, le=LE)
    echanges.consulter(bon, par=paul, le=LE + timedelta(days=3))
    assert bon.consulte_le == bon.recu_le == LE
    assert journal("bon_de_commande", "consulter") == [paul.nom]


def test_a_supplier_confirms_once_and_the_buyer_is_told(bon, paul):
    echanges.confirmer(bon, vue=0, par=paul, le=LE)
    assert (bon.etat, bon.accuse_le, bon.consulte_le) == (EtatBonDeCommande.ACCUSE, LE, LE)
    assert journal("bon_de_commande", "accuser") == [paul.nom]
    (lettre,) = courriels_a("gaelle.vasseur@cdg62.example")
    assert lettre.sujet == f"Bon {bon.numero} confirmé" and "Paul Martin" in lettre.corps
    with pytest.raises(TransitionInterdite, match="déjà confirmé"):
        echanges.confirmer(bon, vue=0, par=paul, le=LE)


def test_what_was_read_is_what_is_confirmed(bon, paul):
    for agir in (
        lambda: echanges.confirmer(bon, vue=1, par=paul, le=LE),
        lambda: echanges.observer(bon, "Prix ?", vue=-1, par=paul, le=LE),
        lambda: echanges.proposer_une_date(bon, demande(bon), vue=3, par=paul, le=LE),
    ):
        with pytest.raises(ConflitDeVersion, match="vient d’être révisé"):
            agir()


def test_a_date_asked_waits_with_its_clock_and_alone(bon, paul):
    proposition = proposer(bon, paul)
    assert proposition.etat is EtatProposition.PROPOSEE
    assert proposition.a_repondre_avant_le == date(2026, 12, 30)  # the 15th + 15 days
    assert queries.dates_a_repondre().combien == 1 and queries.dates_a_repondre().bon_id == bon.id
    with pytest.raises(DemandeRefusee, match="une seule à la fois"):
        proposer(bon, paul)
    (lettre,) = courriels_a("gaelle.vasseur@cdg62.example")
    assert "autre date demandée" in lettre.sujet and "Rupture de carton" in lettre.corps


def test_the_database_keeps_one_date_waiting_a_bon(bon, paul):
    une = proposer(bon, paul)
    champs = ("bon_id", "a_livrer_avant_le", "date_proposee", "cause_le", "motif", "proposee_le", "a_repondre_avant_le")
    db.session.add(PropositionDeDate(**{champ: getattr(une, champ) for champ in champs}, proposee_par="Une autre"))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_date_is_refused_by_field(bon, paul):
    with pytest.raises(DemandeRefusee) as refus:
        proposer(bon, paul, plus=0, depuis=60)
    assert set(refus.value.fautes) == {"date_proposee", "cause_le"}
    trop_tard = LE + timedelta(days=200)
    with pytest.raises(DemandeRefusee, match="ne se demande plus"):
        proposer(bon, paul, le=trop_tard)
    assert not queries.ecrits_de(bon.id)


def test_accepting_revises_the_bon_and_its_deliveries_and_tells_the_supplier(bon, paul):
    echanges.confirmer(bon, vue=0, par=paul, le=LE)
    proposition = proposer(bon, paul)
    tenu = bon_tenu(bon.id, CDG)
    reponses.accepter(queries.proposition_de(tenu, proposition.id), "D’accord.", vue=0, par=CDG, le=LE)
    db.session.commit()
    assert (tenu.a_livrer_avant_le, tenu.revision) == (proposition.date_proposee, 1)
    assert (tenu.etat, tenu.consulte_le, tenu.accuse_le) == (EtatBonDeCommande.MODIFIE, None, None)
    assert proposition.etat is EtatProposition.ACCEPTEE and proposition.repondue_par == CDG.nom
    assert set(db.session.scalars(select(Livraison.attendue_le))) == {proposition.date_proposee}
    lettre = courriels_a(bon.fournisseur_fige["courriel"])[-1]
    assert "révision 1" in lettre.sujet and "Rupture de carton" in lettre.corps and lien_du_bon(tenu) in lettre.corps
    assert queries.dates_a_repondre().combien == 0


def test_refusing_keeps_the_date_and_another_may_be_asked(bon, paul):
    proposition = proposer(bon, paul)
    avant = bon.a_livrer_avant_le
    reponses.refuser(proposition, "Les archives déménagent le 20.", par=CDG, le=LE)
    assert (bon.a_livrer_avant_le, bon.revision) == (avant, 0)
    lettre = courriels_a(bon.fournisseur.courriel)[-1]
    assert "refusée" in lettre.corps and "déménagent" in lettre.corps and lien_du_bon(bon) in lettre.corps
    assert proposer(bon, paul).id != proposition.id


def test_an_answer_is_given_once_and_names_who_gave_it(bon, paul):
    proposition = proposer(bon, paul)
    reponses.refuser(proposition, "Non.", par=CDG, le=LE)
    with pytest.raises(TransitionInterdite, match="Gaëlle Vasseur a déjà répondu"):
        reponses.accepter(proposition, "", vue=0, par=AUTOMATE, le=LE)
    observation = echanges.observer(bon, "Le code article a changé.", vue=0, par=paul, le=LE)
    reponses.repondre_a_l_observation(observation, "Merci.", par=CDG, le=LE)
    with pytest.raises(TransitionInterdite, match="a déjà répondu"):
        reponses.repondre_a_l_observation(observation, "Encore.", par=CDG, le=LE)
    assert observation.etat is EtatObservation.REPONDUE and observation.reponse == "Merci."


def test_two_buyers_answer_at_once_and_one_is_told(app, bon, paul, en_meme_temps):
    numero, bon_id = proposer(bon, paul).id, bon.id
    db.session.commit()

    def repondre(accepte):
        tenu = bon_tenu(bon_id, CDG)
        proposition = queries.proposition_de(tenu, numero)
        if accepte:
            reponses.accepter(proposition, "Oui.", vue=0, par=CDG, le=LE)
        else:
            reponses.refuser(proposition, "Non.", par=CDG, le=LE)
        db.session.commit()
        return accepte

    resultats = en_meme_temps(lambda: repondre(True), lambda: repondre(False))
    refus = [r for r in resultats if isinstance(r, Exception)]
    assert len(refus) == 1 and isinstance(refus[0], TransitionInterdite)
    (gagnant,) = [r for r in resultats if not isinstance(r, Exception)]
    db.session.expire_all()
    assert db.session.get_one(BonDeCommande, bon_id).revision == (1 if gagnant else 0)


def test_observations_are_made_in_time_counted_from_the_opening(bon, paul):
    echanges.consulter(bon, par=paul, le=LE)  # 15 December: until 30 December
    echanges.observer(bon, "Une référence manque.", vue=0, par=paul, le=LE + timedelta(days=15))
    with pytest.raises(RegleRefusee, match="terminé depuis le 30 décembre 2026"):
        echanges.observer(bon, "Trop tard.", vue=0, par=paul, le=LE + timedelta(days=16))
    assert [ecrit.texte for ecrit in queries.ecrits_de(bon.id)] == ["Une référence manque."]
    assert queries.observations_a_repondre().combien == 1


def test_the_contract_may_leave_less_time(bon, paul):
    bon.lot.derogations_saisies = {"observations_bon": {"valeur": "5", "article": "4.2"}}
    echanges.consulter(bon, par=paul, le=LE)
    with pytest.raises(RegleRefusee, match="5\u00a0jours"):
        echanges.observer(bon, "Trop tard.", vue=0, par=paul, le=LE + timedelta(days=10))


def test_nothing_is_asked_of_a_bon_that_is_over_and_nothing_waits_on_it(bon, paul):
    proposition = proposer(bon, paul)
    echanges.observer(bon, "Une remarque.", vue=0, par=paul, le=LE)
    annuler(bon_tenu(bon.id, CDG), "Erreur de lot", None, vue=0, par=CDG, le=LE)
    db.session.commit()
    assert queries.dates_a_repondre().combien == queries.observations_a_repondre().combien == 0
    for agir in (
        lambda: proposer(bon, paul),
        lambda: echanges.observer(bon, "Encore.", vue=0, par=paul, le=LE),
        lambda: reponses.refuser(proposition, "Non.", par=CDG, le=LE),
        lambda: reponses.renouveler_le_lien(bon, par=CDG, le=LE),
        lambda: reponses.couper_le_lien(bon, par=CDG, le=LE),
    ):
        with pytest.raises(TransitionInterdite):
            agir()


def test_renewing_kills_the_old_link_and_sends_the_new_one(bon):
    ancien = jeton_du_bon(bon)
    adresse = reponses.renouveler_le_lien(bon, par=CDG, le=LE)
    assert adresse == bon.fournisseur.courriel
    assert lien_du_bon(bon) in courriels_a(adresse)[-1].corps
    assert bon_du_lien(jeton_du_bon(bon), JOUR).id == bon.id
    with pytest.raises(LienRefuse, match="plus récent") as refus:
        bon_du_lien(ancien, JOUR)
    assert refus.value.code == 410


def test_a_closed_link_opens_again_only_by_a_new_one(bon):
    reponses.couper_le_lien(bon, par=CDG, le=LE)
    reponses.couper_le_lien(bon, par=CDG, le=LE)
    assert journal("bon_de_commande", "couper le lien") == [CDG.nom]
    with pytest.raises(LienRefuse, match="fermé le 15 décembre 2026"):
        bon_du_lien(jeton_du_bon(bon), JOUR)
    reponses.renouveler_le_lien(bon, par=CDG, le=LE)
    assert bon_du_lien(jeton_du_bon(bon), JOUR).lien_coupe_le is None


def test_the_link_of_a_cancelled_bon_still_reads_a_month(bon):
    annuler(bon_tenu(bon.id, CDG), "Erreur de lot", None, vue=0, par=CDG, le=LE)
    db.session.commit()
    assert bon_du_lien(jeton_du_bon(bon), JOUR + timedelta(days=30)).id == bon.id
    with pytest.raises(LienRefuse, match="terminé depuis le 15 décembre 2026"):
        bon_du_lien(jeton_du_bon(bon), JOUR + timedelta(days=31))


def test_the_register_finds_the_bons_that_wait_for_an_answer(bon, paul, sql):
    autre = campagne_regroupee(1)[0]
    proposer(bon, paul)
    echanges.observer(autre, "Une remarque.", vue=0, par=AuteurDuLien("Autre"), le=LE)
    db.session.flush()
    trouves = db.session.scalars(select(BonDeCommande.id).where(queries.a_repondre()).order_by(BonDeCommande.id)).all()
    assert trouves == sorted([bon.id, autre.id])
    with sql() as envoyees:
        queries.dates_a_repondre(), queries.observations_a_repondre()
    assert len(envoyees) == 2
