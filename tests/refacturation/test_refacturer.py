"""Billing everything admitted: what it writes, what it refuses, what it costs."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from groupement.adherents.states import Role
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, PartDePort
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.livraisons.models import LigneLivraison
from groupement.refacturation.actions import refacturation as actions
from groupement.refacturation.actions.ecriture import RienAFacturer
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.chaine import verifier_factures
from groupement.refacturation.queries.montants import par_membre
from groupement.refacturation.queries.refacturations import apercu, campagnes_a_facturer, en_json
from groupement.refacturation.states import EtatFacture, ModeTva
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents
from tests.fabriques import refacturation as fabrique
from tests.fabriques.refacturation import FACTUREE_LE

D = Decimal


def facturer(campagne, **options):
    """Bill as the comptable would, and commit."""
    run = refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE, **options)
    db.session.commit()
    db.session.expire_all()
    return run


def combien(modele):
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(modele))


def admettre_ligne(affectation_id, unites, refaction="0.00"):
    """Admit so many units of one affectation, with a réfaction."""
    db.session.execute(update(Affectation).where(Affectation.id == affectation_id).values(unites_admises=unites))
    db.session.execute(
        update(LigneLivraison)
        .where(LigneLivraison.affectation_id == affectation_id)
        .values(unites_livrees=unites, unites_admises=unites, refaction_ht=D(refaction))
    )
    db.session.expire_all()


def affectations(campagne):
    """Those of members, in order."""
    voulues = select(Affectation).where(
        Affectation.campagne_id == campagne.id, Affectation.collectivite_id.is_not(None)
    )
    return db.session.scalars(voulues.order_by(Affectation.id)).all()


def test_each_member_gets_one_facture_numbered_without_gaps_in_the_order_of_names(app):
    campagne = fabrique.campagne_admise(3)
    run = facturer(campagne)
    factures = fabrique.factures_de(run)
    assert [f.numero for f in factures] == ["F-2026-00001", "F-2026-00002", "F-2026-00003"]
    assert [f.collectivite.nom for f in factures] == ["Béthune", "Calais", "Dainville"]
    assert {f.etat for f in factures} == {EtatFacture.EMISE}
    assert {(f.emise_le.isoformat(), f.echeance_le.isoformat()) for f in factures} == {("2026-12-22", "2027-01-21")}


def test_the_factures_sum_to_what_the_bons_say_is_admitted_port_included(app):
    campagne = fabrique.campagne_admise(3)
    bon = db.session.scalars(select(BonDeCommande)).one()
    depot = db.session.scalar(select(func.sum(Affectation.montant_ht)).where(Affectation.collectivite_id.is_(None)))
    run = facturer(campagne)
    factures = fabrique.factures_de(run)
    assert sum(f.total_ht for f in factures) == bon.total_ht - depot == D("161.57")
    assert run.preuves["preuve"]["egal"] is True
    assert run.preuves["preuve"]["factures_ht"] == run.preuves["preuve"]["admis_ht"] == "161.57"
    assert run.preuves["preuve"]["depot_ht"] == str(depot) == "23.03"
    for facture in factures:
        assert facture.total_ht == sum(ligne.montant_ht for ligne in fabrique.lignes_de(facture))
        assert facture.total_ttc == facture.total_ht + facture.total_tva
        assert facture.fige["total_ttc"] == str(facture.total_ttc)


def test_the_difference_of_vat_of_mode_a_is_logged(app):
    run = facturer(fabrique.campagne_admise(3))
    assert (run.preuves["total_tva"], run.preuves["tva_fournisseur"], run.preuves["ecart_tva"]) == (
        *("29.46", "29.45", "0.01"),
    )
    ligne = db.session.scalars(select(Evenement).where(Evenement.objet == "refacturation")).one()
    assert "écart de TVA 0,01" in ligne.resume and ligne.details["ecart_tva"] == "0.01"


@pytest.mark.parametrize("mode", ["B", "C"])
def test_modes_b_and_c_share_the_supplier_s_vat_to_the_centime_and_print_none(app, monkeypatch, mode):
    monkeypatch.setitem(app.config, "MODE_TVA", mode)
    run = facturer(fabrique.campagne_admise(3))
    factures = fabrique.factures_de(run)
    assert sum(f.total_tva for f in factures) == D(run.preuves["tva_fournisseur"]) == D("29.45")
    for facture in factures:
        assert sum(D(ligne["montant"]) for ligne in facture.fige["lignes"]) == facture.total_ttc
        assert all(ligne["tva_pct"] is None for ligne in facture.fige["lignes"])
        assert facture.fige["emetteur"]["tva"] == ""


def test_a_second_run_finds_nothing_and_says_so(app):
    campagne = fabrique.campagne_admise(3)
    facturer(campagne)
    with pytest.raises(RienAFacturer, match="il n’y a rien à facturer"):
        refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE)
    db.session.rollback()
    assert (combien(Facture), combien(Refacturation)) == (3, 1)


def test_before_any_admission_there_is_nothing_to_bill(app):
    with pytest.raises(RienAFacturer):
        refacturer(fabrique.campagne_regroupee(2).id, par=AUTOMATE, le=FACTUREE_LE)


def test_what_is_refused_is_never_billed(app):
    campagne = fabrique.campagne_regroupee(2, articles=1, port_ht=None, unites=(50,))
    premiere, seconde = affectations(campagne)
    admettre_ligne(premiere.id, 40)
    db.session.execute(update(Affectation).where(Affectation.id == premiere.id).values(unites_refusees=10))
    db.session.execute(update(Affectation).where(Affectation.id == seconde.id).values(unites_refusees=50))
    run = facturer(campagne)
    (facture,) = fabrique.factures_de(run)
    (ligne,) = fabrique.lignes_de(facture)
    assert (ligne.unites, ligne.montant_ht) == (40, D("23.20"))
    (bon,) = run.preuves["preuve"]["bons"]
    assert (bon["refuse_ht"], bon["a_venir_ht"]) == ("34.80", "0.00")
    assert bon["facture_maintenant_ht"] == "23.20"


def test_a_refaction_is_taken_off_on_its_own_line_and_only_once(app):
    campagne = fabrique.campagne_regroupee(1, articles=1, port_ht=None, unites=(50,))
    (seule,) = affectations(campagne)
    admettre_ligne(seule.id, 30, "5.00")
    premier = facturer(campagne)
    (facture,) = fabrique.factures_de(premier)
    assert facture.total_ht == D("12.40")  # 30 × 0,58 − 5,00
    assert [ligne["montant"] for ligne in facture.fige["lignes"]] == ["17.40", "-5.00"]
    admettre_ligne(seule.id, 50, "5.00")
    (suivante,) = fabrique.factures_de(facturer(campagne))
    assert suivante.total_ht == D("11.60")
    db.session.refresh(seule)
    assert seule.montant_facture_ht == seule.montant_ht - D("5.00")


def test_a_refaction_beyond_what_is_admitted_is_refused_with_a_sentence(app):
    campagne = fabrique.campagne_regroupee(1, articles=1, port_ht=None, unites=(50,))
    (seule,) = affectations(campagne)
    admettre_ligne(seule.id, 10, "6.00")
    with pytest.raises(RegleRefusee, match="réfaction"):
        refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE)


def test_a_refaction_decided_after_the_facture_waits_for_an_avoir(app):
    campagne = fabrique.campagne_admise(1, articles=1, port_ht=None, unites=(50,))
    facturer(campagne)
    (seule,) = affectations(campagne)
    admettre_ligne(seule.id, 50, "3.00")
    db.session.commit()
    with pytest.raises(RienAFacturer):
        refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE)
    db.session.rollback()
    vue = apercu(campagne, ModeTva.A)
    (reste,) = vue.a_crediter
    assert (reste.montant_ht, reste.numero) == (D("3.00"), "F-2026-00001")
    assert vue.preuve.est_exacte and vue.preuve.bons[0].a_crediter_ht == D("3.00")


def test_shipping_is_billed_once_with_the_first_goods_of_its_bon(app):
    campagne = fabrique.campagne_regroupee(2, articles=1, unites=(50,))
    premiere, _ = affectations(campagne)
    admettre_ligne(premiere.id, 20)
    facturer(campagne)
    parts = db.session.scalars(select(PartDePort).order_by(PartDePort.collectivite_id)).all()
    assert [(p.montant_ht, p.montant_facture_ht) for p in parts] == [(D("22.50"), D("22.50")), (D("22.50"), D(0))]
    fabrique.admettre(campagne)
    (a, b) = fabrique.factures_de(facturer(campagne))
    assert [len(fabrique.lignes_de(f)) for f in (a, b)] == [1, 2]
    assert all(p.montant_facture_ht == p.montant_ht for p in db.session.scalars(select(PartDePort)))


def test_units_served_from_stock_are_billed_at_their_cost_without_waiting_for_a_delivery(app):
    campagne = fabrique.campagne_regroupee(1, articles=1, port_ht=None, unites=(80,), en_stock=30)
    run = facturer(campagne)
    (facture,) = fabrique.factures_de(run)
    assert [ligne["bon"] for ligne in facture.fige["lignes"]] == ["Stock du dépôt"]
    assert facture.total_ht == D("15.00")  # 30 pieces bought at 0,50 € before
    assert [bon["numero"] for bon in run.preuves["preuve"]["bons"]] == ["BC-2026-00001", "Stock du dépôt"]
    fabrique.admettre(campagne)
    (suivante,) = fabrique.factures_de(facturer(campagne))
    assert suivante.total_ht == D("29.00")


def test_a_bon_that_does_not_add_up_stops_the_run(app):
    campagne = fabrique.campagne_admise(1)
    db.session.execute(
        update(BonDeCommande).values(total_ht=D("1.00"), total_ttc=BonDeCommande.total_tva + D("1.00"), port_ht=0)
    )
    with pytest.raises(RegleRefusee, match="BC-2026-00001.*rien n’a été émis"):
        refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE)


def test_orders_and_campagne_come_to_their_end_when_all_is_billed(app):
    campagne = fabrique.campagne_regroupee(2, articles=1)
    fabrique.admettre(campagne, part=(1, 2), servir=False)
    facturer(campagne)
    assert {c.etat for c in db.session.scalars(select(Commande))} == {EtatCommande.REGROUPEE}
    fabrique.admettre(campagne)
    facturer(campagne)
    assert {c.etat for c in db.session.scalars(select(Commande))} == {EtatCommande.SOLDEE}
    assert db.session.get(Campagne, campagne.id).etat is EtatCampagne.SOLDEE
    faits = db.session.scalars(
        select(Evenement.verbe).where(Evenement.objet == "campagne").order_by(Evenement.id)
    ).all()
    assert faits[-1] == "solder"


def test_agents_and_valideurs_get_a_mail_with_the_facture(app):
    campagne = fabrique.campagne_admise(2)
    corps = db.session.scalars(select(Commande).order_by(Commande.id)).all()
    adherents.utilisateur("Amélie Carpentier", roles=[Role.AGENT], collectivite=corps[0].collectivite)
    adherents.utilisateur("Bruno Lefèvre", roles=[Role.VALIDEUR], collectivite=corps[0].collectivite)
    corps[1].collectivite.courriel = "mairie.calais@example.org"
    db.session.execute(update(Courriel).values(sujet="avant"))
    run = facturer(campagne)
    facture, autre = fabrique.factures_de(run)
    partis = db.session.scalars(
        select(Courriel).where(Courriel.sujet.startswith("Facture")).order_by(Courriel.id)
    ).all()
    assert [c.destinataire for c in partis][:2] == [
        "amelie.carpentier@mairie.example.org",
        "bruno.lefevre@mairie.example.org",
    ]
    assert partis[2].destinataire == "mairie.calais@example.org"
    assert [c.pieces for c in partis] == [[f"facture:{facture.id}"]] * 2 + [[f"facture:{autre.id}"]]
    assert facture.numero in partis[0].corps and "None" not in partis[0].corps
    assert f"/factures/{facture.id}" in partis[0].corps


def test_the_database_refuses_to_change_or_delete_a_facture(app):
    facture = fabrique.facture()
    db.session.commit()
    for ordre in (
        update(Facture).where(Facture.id == facture.id).values(total_ht=D("1.00")),
        Facture.__table__.delete().where(Facture.id == facture.id),
        update(LigneFacture).values(unites=1),
    ):
        with pytest.raises(IntegrityError, match="immuable"):
            db.session.execute(ordre)
        db.session.rollback()


def test_a_total_that_changed_since_the_page_was_shown_stops_everything(app):
    campagne = fabrique.campagne_admise(2)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="a changé pendant que vous lisiez"):
        refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE, attendu_ht=D("1.00"))
    db.session.rollback()
    assert combien(Facture) == 0
    total = apercu(campagne, ModeTva.A).total_ht
    assert fabrique.factures_de(facturer(campagne, attendu_ht=total))


def test_killed_half_way_nothing_is_left_and_the_numbers_come_back(app, monkeypatch):
    campagne = fabrique.campagne_admise(2)
    db.session.commit()
    monkeypatch.setattr(actions, "annoncer", lambda *a: (_ for _ in ()).throw(RuntimeError("coupure")))
    with pytest.raises(RuntimeError):
        refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE)
    db.session.rollback()
    assert (combien(Facture), combien(Refacturation), combien(LigneFacture)) == (0, 0, 0)
    assert db.session.scalar(select(func.sum(Affectation.unites_facturees))) == 0
    monkeypatch.undo()
    assert fabrique.factures_de(facturer(campagne))[0].numero == "F-2026-00001"


def test_of_two_comptables_at_once_one_wins_and_the_other_gets_a_sentence(app, en_meme_temps):
    campagne_id = fabrique.campagne_admise(5).id

    def emettre():
        run = refacturer(campagne_id, par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()
        return run.id

    reponses = en_meme_temps(emettre, emettre)
    assert sorted(type(r).__name__ for r in reponses) == ["RienAFacturer", "int"]
    assert (combien(Facture), combien(Refacturation)) == (5, 1)
    assert verifier_factures().est_entiere


def test_two_campagnes_at_once_make_one_chain_without_gaps(app, en_meme_temps):
    ids = [fabrique.campagne_admise(3).id, fabrique.campagne_admise(3).id]

    def emettre(campagne_id):
        refacturer(campagne_id, par=AUTOMATE, le=FACTUREE_LE)
        db.session.commit()

    assert en_meme_temps(lambda: emettre(ids[0]), lambda: emettre(ids[1])) == [None, None]
    numeros = db.session.scalars(select(Facture.numero).order_by(Facture.id)).all()
    assert numeros == [f"F-2026-{rang:05d}" for rang in range(1, 7)]
    assert verifier_factures().est_entiere


def test_the_number_of_statements_is_the_same_for_10_and_for_1300_members(app, sql):
    comptes = []
    for membres in (10, 1300):
        campagne_id = fabrique.campagne_admise(membres, articles=1).id
        db.session.commit()
        with sql() as envoyees:
            refacturer(campagne_id, par=AUTOMATE, le=FACTUREE_LE)
        comptes.append(len(envoyees))
        db.session.rollback()
    assert comptes[0] == comptes[1] <= 45


def test_the_preview_says_what_the_run_does(app):
    campagne = fabrique.campagne_regroupee(4)
    fabrique.admettre(campagne, part=(2, 3), servir=False)
    vue = apercu(campagne, ModeTva.A)
    comptes = {ligne.nom: ligne.total_ht for ligne in db.session.execute(par_membre(campagne.id))}
    ((trouvee, membres, total),) = campagnes_a_facturer()
    run = facturer(campagne)
    factures = fabrique.factures_de(run)
    assert comptes == {f.collectivite.nom: f.total_ht for f in factures}
    assert (trouvee.id, membres, total) == (campagne.id, len(factures), sum(f.total_ht for f in factures))
    assert vue.partage.tva_membres == sum(f.total_tva for f in factures)
    assert vue.preuve.bons == tuple(
        type(vue.preuve.bons[0])(
            b["numero"], *(D(b[champ]) for champ in vue.preuve.bons[0].__slots__ if champ != "numero")
        )
        for b in run.preuves["preuve"]["bons"]
    )
    assert not campagnes_a_facturer()


def test_the_run_in_json_holds_its_factures_its_totals_and_its_proof(app):
    run = facturer(fabrique.campagne_admise(2))
    texte = en_json(run)
    assert [f["numero"] for f in texte["factures"]] == ["F-2026-00001", "F-2026-00002"]
    assert texte["totaux"]["total_ht"] == str(sum(D(f["total_ht"]) for f in texte["factures"]))
    assert texte["preuve"]["egal"] is True and texte["campagne"]["intitule"] == "Campagne d’automne 2026"


@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.generate],  # shrinking would replay a database for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.tuples(*[st.integers(1, 130)] * 3), st.randoms(use_true_random=False))
def test_billed_once_never_before_admission_whatever_the_admissions(app, unites, hasard):
    campagne = fabrique.campagne_regroupee(3, articles=2, unites=unites)
    toutes = [a.id for a in affectations(campagne)]
    for etape in range(3):
        for numero in toutes:
            vue = db.session.get(Affectation, numero)
            admises = vue.unites if etape == 2 else hasard.randint(vue.unites_admises, vue.unites)
            admettre_ligne(numero, admises)
        db.session.commit()
        try:
            run = facturer(campagne)
            assert run.preuves["preuve"]["egal"] is True
        except RienAFacturer:
            db.session.rollback()
        for vue in affectations(campagne):
            lignes = db.session.scalars(select(LigneFacture).where(LigneFacture.affectation_id == vue.id)).all()
            assert sum(ligne.unites for ligne in lignes) == vue.unites_facturees == vue.unites_admises
            assert sum(ligne.montant_ht for ligne in lignes) == vue.montant_facture_ht <= vue.montant_ht
    assert all(vue.montant_facture_ht == vue.montant_ht for vue in affectations(campagne))
    factures = select(func.sum(Facture.total_ht)).join(Refacturation).where(Refacturation.campagne_id == campagne.id)
    depot = select(func.sum(Affectation.montant_ht)).where(
        Affectation.campagne_id == campagne.id, Affectation.collectivite_id.is_(None)
    )
    bons = select(func.sum(BonDeCommande.total_ht)).where(BonDeCommande.campagne_id == campagne.id)
    assert db.session.scalar(factures) + (db.session.scalar(depot) or 0) == db.session.scalar(bons)
    assert verifier_factures().est_entiere
