"""Giving money back: what there is to give back, what is refused, and the accounts that always balance."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from groupement.adherents.states import Role
from groupement.refacturation.actions.avoirs import Demande, emettre_avoir
from groupement.refacturation.actions.encaissements import enregistrer_virement
from groupement.refacturation.actions.remboursements import RemboursementRefuse, rembourser
from groupement.refacturation.models import Avoir, Encaissement, Facture, PaiementEnLigne, Remboursement
from groupement.refacturation.queries.factures import facture_verrouillee
from groupement.refacturation.queries.remboursements import a_rembourser_ttc
from groupement.refacturation.rules.encaissements import refus_de_remboursement, verbe_apres
from groupement.refacturation.states import EtatFacture
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents
from tests.fabriques import prestations as services
from tests.fabriques import refacturation as fabrique
from tests.fabriques.refacturation import FACTUREE_LE

D = Decimal
JOUR = FACTUREE_LE.date()


def payee_puis_creditee(montant_ht="57.77", **options):
    """A facture of 157,77 € paid whole, then credited in part."""
    facture = services.facture(avec_mission=False, **options)
    virer(facture, facture.total_ttc)
    crediter(facture, montant_ht)
    return facture


def virer(facture, montant, reference="VIR 1"):
    """Record a transfer and commit."""
    enregistrer_virement(facture_verrouillee(facture.id), D(montant), JOUR, reference, par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()


def crediter(facture, montant_ht):
    """Credit an amount of its first line and commit."""
    ligne = fabrique.lignes_de(facture)[0]
    demande = Demande("Contribution appelée deux fois.", montants_ht={ligne.id: D(montant_ht)})
    emettre_avoir(facture.id, demande, par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()


def rendre(facture, montant, reference="MANDAT 1", le=JOUR):
    """Record a refund and commit."""
    rembourser(facture_verrouillee(facture.id), D(montant), le, reference, par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()


def somme(colonne):
    """The sum of an amount over a table."""
    return db.session.scalar(select(func.sum(colonne))) or D("0.00")


@pytest.mark.parametrize(
    ("montant", "reste", "jour", "phrase"),
    [
        ("10.00", "10.00", JOUR, None),
        ("0.00", "10.00", JOUR, "supérieur à zéro"),
        ("10.01", "10.00", JOUR, "au plus"),
        ("1.00", "0.00", JOUR, "Rien n’est à rembourser"),
        ("1.00", "10.00", date(2026, 12, 23), "dans le futur"),
        ("1.00", "10.00", date(2026, 12, 21), "parti avant"),
    ],
)
def test_a_refund_never_passes_what_is_overpaid(montant, reste, jour, phrase):
    refus = refus_de_remboursement(D(montant), D(reste), jour, JOUR, JOUR)
    assert refus is None if phrase is None else phrase in refus


@pytest.mark.parametrize(
    ("avoirs", "payee", "verbe"),
    [
        ("50", False, "solder"),
        ("50", True, None),
        ("100", True, "annuler_par_avoir"),
        ("100", False, "annuler_par_avoir"),
    ],
)
def test_a_paid_facture_stays_paid_unless_all_of_it_is_credited(avoirs, payee, verbe):
    assert verbe_apres(D("0.00"), D(avoirs), D("100"), paiement=False, payee=payee) == verbe


def test_an_avoir_on_a_paid_facture_makes_a_sum_to_give_back(app):
    facture = payee_puis_creditee()
    assert (facture.etat, facture.reste_du_ttc, facture.a_rembourser_ttc) == (EtatFacture.PAYEE, 0, D("57.77"))
    assert a_rembourser_ttc() == D("57.77")


def test_it_is_given_back_in_several_times_and_the_journal_says_so(app):
    facture = payee_puis_creditee()
    rendre(facture, "50.00")
    rendre(facture, "7.77", "MANDAT 2")
    assert (facture.a_rembourser_ttc, facture.rembourse_ttc, a_rembourser_ttc()) == (0, D("57.77"), 0)
    verbes = select(func.count()).select_from(Evenement).where(Evenement.verbe == "rembourser")
    assert db.session.scalar(verbes) == 2


@pytest.mark.parametrize(("montant", "phrase"), [("57.78", "au plus"), ("0.00", "supérieur à zéro")])
def test_an_impossible_refund_is_refused_and_nothing_is_written(app, montant, phrase):
    facture = payee_puis_creditee()
    with pytest.raises(RemboursementRefuse, match=phrase):
        rendre(facture, montant)
    db.session.rollback()
    assert somme(Remboursement.montant_ttc) == 0 and facture.rembourse_ttc == 0


def test_the_same_refund_twice_is_seen(app):
    facture = payee_puis_creditee()
    rendre(facture, "20.00")
    with pytest.raises(RemboursementRefuse, match="déjà enregistré"):
        rendre(facture, "20.00")


def test_two_comptables_at_once_never_give_back_too_much(app, en_meme_temps):
    facture = payee_puis_creditee()
    numero = facture.id

    def une(reference):
        rembourser(facture_verrouillee(numero), D("57.77"), JOUR, reference, par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    reponses = en_meme_temps(lambda: une("M 1"), lambda: une("M 2"))
    assert sorted(type(r).__name__ for r in reponses) == ["NoneType", "RemboursementRefuse"]
    assert somme(Remboursement.montant_ttc) == D("57.77")


@pytest.mark.parametrize("ordre", ["UPDATE remboursement SET montant_ttc = 1", "DELETE FROM remboursement"])
def test_a_refund_cannot_be_rewritten(app, ordre):
    rendre(payee_puis_creditee(), "1.00")
    with pytest.raises(Exception, match="immuable"):
        db.session.execute(text(ordre))


def test_the_database_itself_refuses_to_give_back_too_much(app):
    facture = payee_puis_creditee()
    with pytest.raises(Exception, match="(?i)rembourse_dans_le_trop"):
        db.session.execute(text(f"UPDATE facture SET rembourse_ttc = 5778 WHERE id = {facture.id}"))


ACTES = st.lists(st.tuples(st.sampled_from(["virer", "crediter", "rendre"]), st.integers(1, 16000)), max_size=8)


@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ACTES)
def test_billed_less_credited_is_received_less_given_back_plus_still_owed(app, actes):
    facture = services.facture(avec_mission=False, tva_pct="20")
    faire = {"virer": virer, "crediter": crediter, "rendre": rendre}
    for rang, (acte, centimes) in enumerate(actes):
        options = {} if acte == "crediter" else {"reference": f"R {rang}"}
        try:
            faire[acte](facture, D(centimes) / 100, **options)
        except RegleRefusee:
            db.session.rollback()
        db.session.expire_all()
        seule = Facture.id == facture.id
        recu = somme_de(Encaissement, facture)
        assert facture.total_ttc - somme_de(Avoir, facture, "total_ttc") == (
            recu - somme_de(Remboursement, facture) + facture.reste_du_ttc - facture.a_rembourser_ttc
        )
        assert facture.reste_du_ttc == 0 or facture.a_rembourser_ttc == 0
        due = db.session.scalar(select(Facture.etat).where(seule)) in ("emise", "deposee", "partiellement_payee")
        assert due == (facture.reste_du_ttc > 0)


def somme_de(modele, facture, nom="montant_ttc"):
    """What a facture received, was credited or gave back."""
    voulue = select(func.sum(getattr(modele, nom))).where(modele.facture_id == facture.id)
    return db.session.scalar(voulue) or D("0.00")


def test_the_comptable_finds_what_to_give_back_and_records_it(app, client_de):
    facture = payee_puis_creditee(le=FACTUREE_LE.replace(year=2025))
    comptable = client_de(fabrique.comptable())
    assert "À rembourser" in comptable.get("/factures/").text
    liste = comptable.get("/remboursements/").text
    assert facture.numero in liste and "57,77" in liste
    assert ",57.77" in comptable.get("/remboursements/?format=csv").text
    assert "Enregistrer le remboursement" in comptable.get(f"/factures/{facture.id}").text
    adresse = f"/factures/{facture.id}/remboursements"
    assert "57,77" in comptable.get(f"{adresse}/nouveau").text
    valeurs = {"montant_ttc": "57,77", "rembourse_le": "", "reference": ""}
    assert comptable.post(adresse, data=valeurs).status_code == 422
    trop = {"montant_ttc": "58", "rembourse_le": "2026-01-05", "reference": "M 7"}
    refus = comptable.post(adresse, data=trop)
    assert refus.status_code == 409 and "indiquez ce montant au plus" in refus.text
    assert comptable.post(adresse, data=trop | {"montant_ttc": "57,77"}).status_code == 303
    page = comptable.get(f"/factures/{facture.id}").text
    assert "Référence M 7" in page and "Enregistrer le remboursement" not in page
    assert "Rien à rembourser" in comptable.get("/remboursements/").text


def test_a_body_reads_that_it_will_be_paid_back_but_records_nothing(app, client_de):
    facture = payee_puis_creditee()
    agent = client_de(adherents.utilisateur(roles=[Role.AGENT], collectivite=facture.collectivite))
    page = agent.get(f"/factures/{facture.id}").text
    assert "vous remboursera" in page and "Enregistrer le remboursement" not in page
    assert agent.get("/remboursements/").status_code == 403
    assert agent.post(f"/factures/{facture.id}/remboursements", data={}).status_code == 403


def test_money_paid_twice_by_card_is_to_give_back_too(app):
    facture = services.facture(avec_mission=False)
    virer(facture, facture.total_ttc)
    facture.trop_percu_ttc = D("10.00")
    db.session.add(
        PaiementEnLigne(
            facture_id=facture.id,
            montant_ttc=D("10.00"),
            trop_percu_ttc=D("10.00"),
            ouvert_le=FACTUREE_LE,
            ouvert_par="x",
        )
    )
    db.session.commit()
    assert a_rembourser_ttc() == D("10.00")
    rendre(facture, "10.00")
    assert a_rembourser_ttc() == 0
