"""Windows that open, close and tell by themselves, whom they let in, and what is written to whom."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from groupement.adherents.models import Adhesion
from groupement.adherents.states import Role, TypeCollectivite
from groupement.commandes.actions import annonces, automate
from groupement.commandes.actions import campagnes as actions
from groupement.commandes.actions.imports import ImportRefuse
from groupement.commandes.actions.paniers import ajouter_article
from groupement.commandes.actions.reglages_campagne import ReglageRefuse, Reglages, annoncer_la_livraison
from groupement.commandes.actions.relances import Public, relancer
from groupement.commandes.models import Annonce, Campagne, CollectiviteAdmise
from groupement.commandes.queries.achats import achat_possible
from groupement.commandes.queries.campagnes import adherents_de, adherents_sans_commande
from groupement.commandes.queries.paniers import fenetres, prochaine_campagne
from groupement.commandes.rules.acces_campagne import fautes_de_la_liste, lire_les_sirens, lots_ouverts
from groupement.commandes.rules.calendrier_campagne import matin
from groupement.commandes.states import AccesCampagne, EtatCampagne, EtatCommande, GenreAnnonce
from groupement.socle.calendrier import PARIS
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import AUTOMATE, Evenement
from tests.commandes.test_commandes_imports import importer
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import AU, DU, LE

PAR = {"par": AUTOMATE, "le": LE}
ACHETEUSE = SimpleNamespace(nom="Amélie Caron", utilisateur_id=None)


def paris(jour: int, mois: int, heure: int = 9, minute: int = 0) -> datetime:
    """A moment of 2026 on the clock of Paris."""
    return datetime(2026, mois, jour, heure, minute, tzinfo=PARIS)


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """A marché of two lots, an article in each, and three bodies that may order on it: a commune, a CCAS, an EPCI."""
    marche = catalogue.marche(lots=2)
    campagne = fabrique.campagne(marche, etat=EtatCampagne.PREPAREE)
    boite, rayonnage = (catalogue.article(lot, unites_par_colis=25, paliers="25:2.00") for lot in marche.lots)
    corps = {
        nom: fabrique.membre(nom, de=campagne, type=genre, courriel=f"{nom.lower().replace(' ', '.')}@example.org")
        for nom, genre in (
            ("Wissant", TypeCollectivite.COMMUNE),
            ("CCAS de Calais", TypeCollectivite.CCAS),
            ("CC de Desvres", TypeCollectivite.CC),
        )
    }
    db.session.commit()
    return SimpleNamespace(marche=marche, campagne=campagne, boite=boite, rayonnage=rayonnage, **_cles(corps))


def _cles(corps: dict[str, Any]) -> dict[str, Any]:
    """The bodies by a short name."""
    return dict(zip(("commune", "ccas", "epci"), corps.values(), strict=True))


def regler(monde: SimpleNamespace, **champs: Any) -> None:
    """Prepare the campagne again with these terms."""
    c = monde.campagne
    dates = {"intitule": c.intitule, "du": c.du, "au": c.au}
    actions.modifier(c, c.marche, c.depot, **dates, **PAR, reglages=Reglages(**champs))


def noms(select_de_corps: Any) -> list[str]:
    """The names of the bodies a select finds."""
    return [corps.nom for corps in db.session.scalars(select_de_corps)]


def courriels() -> list[Courriel]:
    """What was written, in order."""
    return list(db.session.scalars(select(Courriel).order_by(Courriel.id)))


def ouvrir(monde: SimpleNamespace, **champs: Any) -> Campagne:
    """The campagne open, its opening told."""
    regler(monde, **champs)
    automate.avancer_les_campagnes(matin(DU))
    assert monde.campagne.etat is EtatCampagne.OUVERTE
    db.session.query(Courriel).delete()
    return monde.campagne


# Who may order, and of what


@pytest.mark.parametrize(
    ("reglages", "admis"),
    [
        ({}, ["CC de Desvres", "CCAS de Calais", "Wissant"]),
        ({"acces": AccesCampagne.TYPES, "types": ["ccas", "CC"]}, ["CC de Desvres", "CCAS de Calais"]),
        ({"acces": AccesCampagne.LISTE}, ["Wissant"]),
        ({"lots": [2]}, ["CC de Desvres", "CCAS de Calais"]),  # Wissant joined lots 1 and 12 only
        ({"lots": [1, 2]}, ["CC de Desvres", "CCAS de Calais", "Wissant"]),
    ],
)
def test_the_buyer_says_who_may_order_and_everything_counts_the_same_bodies(monde, reglages, admis):
    liste = [monde.commune.id] if reglages.get("acces") is AccesCampagne.LISTE else ()
    db.session.scalars(select(Adhesion).where(Adhesion.collectivite_id == monde.commune.id)).one().lots = [1, 12]
    ouvrir(monde, **reglages, admises=liste)
    assert sorted(noms(adherents_de(monde.campagne))) == admis
    assert sorted(noms(adherents_sans_commande(monde.campagne))) == admis
    for corps in (monde.commune, monde.ccas, monde.epci):
        (vue,) = fenetres(corps.id, LE.date())
        assert vue.est_ouverte is (corps.nom in admis)
        assert vue.est_pour_d_autres is (corps.nom not in admis)


def test_a_refusal_says_why_and_what_to_do(monde):
    ouvrir(monde, acces=AccesCampagne.TYPES, types=["ccas"])
    with pytest.raises(RegleRefusee, match=r"ouverte à certains types de collectivités \(CCAS\).*écrivez au Centre"):
        ajouter_article(monde.campagne, monde.commune.id, monde.boite, 25, **PAR)
    with pytest.raises(ImportRefuse, match="Wissant\u00a0: Cette campagne est ouverte à certains types"):
        importer(monde.campagne, f"{monde.commune.siren} {monde.boite.reference} 25 0 depot")
    ajouter_article(monde.campagne, monde.ccas.id, monde.boite, 25, **PAR)


def test_a_lot_that_is_not_open_is_refused_in_the_basket_the_catalogue_and_an_import(monde):
    ouvrir(monde, lots=[1])
    with pytest.raises(RegleRefusee, match="Le lot 2 .* n’est pas ouvert dans cette campagne.*prochaine campagne"):
        ajouter_article(monde.campagne, monde.commune.id, monde.rayonnage, 25, **PAR)
    with pytest.raises(ImportRefuse, match="lot 2 .* n’est pas ouvert"):
        importer(monde.campagne, f"{monde.commune.siren} {monde.rayonnage.reference} 25 0 depot")
    achat = achat_possible(monde.commune.id, LE.date())
    assert achat.articles[monde.boite.id].hors_lot is None
    assert "pas ouvert" in (achat.articles[monde.rayonnage.id].hors_lot or "")


def test_two_windows_of_one_marche_sell_each_its_own_lots(monde):
    ouvrir(monde, lots=[1])
    autre = fabrique.campagne(monde.marche, intitule="Rayonnages", au=AU + timedelta(days=5), lots=[2])
    db.session.commit()
    achat = achat_possible(monde.commune.id, LE.date())
    vendues = {numero: (a.fenetre.campagne.id, a.hors_lot) for numero, a in achat.articles.items()}
    assert vendues == {monde.boite.id: (monde.campagne.id, None), monde.rayonnage.id: (autre.id, None)}


def test_the_window_where_a_body_may_order_comes_before_the_others(monde):
    ouvrir(monde, acces=AccesCampagne.TYPES, types=["ccas"])
    autre = fabrique.campagne(monde.marche, intitule="Pour tous", au=AU + timedelta(days=5))
    db.session.commit()
    assert [f.campagne.id for f in fenetres(monde.commune.id, LE.date())] == [autre.id, monde.campagne.id]


def test_the_next_window_announced_is_the_next_one_of_that_body(monde):
    regler(monde, acces=AccesCampagne.LISTE, admises=[monde.ccas.id])
    veille = DU - timedelta(days=1)
    assert prochaine_campagne(veille, monde.commune.id) is None
    assert prochaine_campagne(veille, monde.ccas.id) is monde.campagne


@pytest.mark.parametrize(
    ("reglages", "champ"),
    [
        ({"acces": AccesCampagne.TYPES}, "types"),
        ({"acces": AccesCampagne.LISTE}, "sirens"),
        ({"livraison_du": AU}, "livraison_du"),
        ({"livraison_au": AU}, "livraison_au"),
        ({"livraison_du": date(2027, 1, 10), "livraison_au": date(2027, 1, 9)}, "livraison_au"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_their_field(monde, reglages, champ):
    with pytest.raises(ReglageRefuse) as refus:
        regler(monde, **reglages)
    assert refus.value.champ == champ


def test_an_open_campagne_changes_its_delivery_but_neither_its_lots_nor_its_members(monde):
    ouverte = ouvrir(monde)
    with pytest.raises(TransitionInterdite, match="des commandes ont pu être passées"):
        regler(monde, lots=[1])
    annoncer_la_livraison(ouverte, date(2027, 1, 4), date(2027, 1, 29), **PAR)
    annoncer_la_livraison(ouverte, date(2027, 1, 4), date(2027, 1, 29), **PAR)  # nothing more to note
    verbes = list(db.session.scalars(select(Evenement.verbe).where(Evenement.objet == "campagne")))
    assert verbes.count("annoncer la livraison") == 1
    actions.clore(ouverte.id, **PAR)
    with pytest.raises(TransitionInterdite, match="bons de commande"):
        annoncer_la_livraison(ouverte, None, None, **PAR)


def test_a_list_replaces_the_list_before(monde):
    regler(monde, acces=AccesCampagne.LISTE, admises=[monde.ccas.id, monde.commune.id])
    regler(monde, acces=AccesCampagne.LISTE, admises=[monde.epci.id])
    assert list(db.session.scalars(select(CollectiviteAdmise.collectivite_id))) == [monde.epci.id]
    regler(monde)
    assert db.session.scalar(select(func.count()).select_from(CollectiviteAdmise)) == 0


def test_sirens_are_read_one_a_line_and_a_bad_line_is_told_by_its_number():
    texte = "216200014\n\n 216 200 154 ; Wissant\n12\n216200014\nmairie\n216200022 Achicourt"
    sirens, fautes = lire_les_sirens(texte)
    assert sirens == {"216200014": 1, "216200154": 3} | ({"216200022": 7} if "216200022" in sirens else {})
    assert [faute.split("\u00a0:")[0].split(",")[0] for faute in fautes][:3] == ["Ligne 4", "Ligne 5", "Ligne 6"]
    assert "déjà à la ligne 1" in fautes[1] and "9 chiffres" in fautes[0]


def test_a_list_names_who_is_unknown_and_who_may_not_order():
    motifs: dict[str, tuple[str, str | None]] = {"1": ("Wissant", None), "2": ("Arras", "elle s’est retirée.")}
    assert fautes_de_la_liste({"1": 1, "2": 2, "3": 5}, motifs) == [
        "Ligne 2, Arras (2)\u00a0: elle s’est retirée.",
        "Ligne 5, 3\u00a0: aucune collectivité ne porte ce SIREN, vérifiez-le.",
    ]


@pytest.mark.parametrize(("coches", "gardes"), [([1, 2], None), ([2, 1, 9], None), ([2], [2])])
def test_every_lot_ticked_is_every_lot_even_one_added_later(coches, gardes):
    assert lots_ouverts(coches, [1, 2]) == gardes


def test_no_lot_ticked_is_refused():
    with pytest.raises(ValueError, match="Cochez au moins un lot"):
        lots_ouverts([9], [1, 2])


# By itself


def test_a_window_opens_and_closes_by_itself_and_the_journal_says_the_machine_did_it(monde):
    monde.campagne.s_ouvre_seule = True
    assert automate.avancer_les_campagnes(paris(1, 11, 23, 59)) == 0
    assert automate.avancer_les_campagnes(paris(2, 11, 0, 0)) == 1
    assert monde.campagne.etat is EtatCampagne.OUVERTE
    fabrique.commande(monde.campagne, monde.commune, [(monde.boite, 25)], etat=EtatCommande.VALIDEE)
    automate.avancer_les_campagnes(paris(12, 12, 0, 1))
    assert (monde.campagne.etat, monde.campagne.close_le) == (EtatCampagne.CLOSE, paris(12, 12, 0, 1))
    faits = db.session.execute(
        select(Evenement.verbe, Evenement.par).where(Evenement.objet == "campagne", Evenement.apres.is_not(None))
    ).all()
    assert [tuple(fait) for fait in faits] == [("ouvrir", AUTOMATE.nom), ("clore", AUTOMATE.nom)]


def test_the_buyer_may_keep_the_opening_to_herself(monde):
    regler(monde, s_ouvre_seule=False)
    assert automate.avancer_les_campagnes(paris(3, 11)) == 0
    assert monde.campagne.etat is EtatCampagne.PREPAREE


def test_two_workers_at_once_open_and_tell_once(monde, en_meme_temps, app):
    monde.campagne.s_ouvre_seule = True
    db.session.commit()

    def ronde() -> int:
        fait = automate.avancer_les_campagnes(matin(DU))
        db.session.commit()
        return fait

    resultats = en_meme_temps(ronde, ronde)
    assert all(isinstance(resultat, int) for resultat in resultats), resultats
    assert db.session.scalar(select(func.count()).where(Evenement.verbe == "ouvrir")) == 1
    assert [c.destinataire for c in courriels()] == sorted(c.destinataire for c in courriels())
    assert len(courriels()) == 3


def test_a_round_with_nothing_to_do_costs_one_select(monde, sql):
    ouvrir(monde)
    db.session.commit()
    with sql() as envoyees:
        assert automate.avancer_les_campagnes(LE) == 0
    assert len(envoyees) == 1 and envoyees[0].startswith("SELECT")


def test_the_machine_leaves_urgent_orders_alone(monde):
    monde.campagne.nature = "depannage"
    db.session.commit()
    assert automate.avancer_les_campagnes(matin(DU)) == 0


# Mails


def test_the_opening_is_told_once_to_who_may_order_with_dates_lots_and_delivery(monde):
    adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=monde.commune)
    regler(monde, lots=[1], livraison_du=date(2027, 1, 4), livraison_au=date(2027, 1, 29))
    for moment in (paris(2, 11, 0, 0), matin(DU), paris(2, 11, 10), paris(3, 11)):
        automate.avancer_les_campagnes(moment)
    ecrits = courriels()
    assert len(ecrits) == 3
    corps = next(c.corps for c in ecrits if "Wissant" in c.corps)
    for dit in ("2 novembre 2026", "11 décembre 2026", "lot 1", "du 4 janvier 2027 au 29 janvier 2027", "/panier?camp"):
        assert dit in corps
    assert "lot 2" not in corps
    (annonce,) = db.session.scalars(select(Annonce))
    assert (annonce.genre, annonce.courriels, annonce.reglee_le) == (GenreAnnonce.OUVERTURE, 3, matin(DU))


def test_opened_by_hand_ahead_of_its_first_day_it_is_told_on_that_day(monde):
    actions.ouvrir(monde.campagne.id, par=ACHETEUSE, le=paris(28, 10))
    automate.avancer_les_campagnes(paris(1, 11))
    assert courriels() == []
    automate.avancer_les_campagnes(matin(DU))
    assert len(courriels()) == 3


def test_reminders_go_to_who_has_nothing_committed_and_say_what_is_left_to_do(monde):
    campagne = ouvrir(monde)
    fabrique.commande(campagne, monde.commune, [(monde.boite, 25)], etat=EtatCommande.VALIDEE)
    fabrique.commande(campagne, monde.ccas, [(monde.boite, 25)], etat=EtatCommande.SOUMISE)
    automate.avancer_les_campagnes(paris(4, 12, 8))
    par_corps = {c.destinataire: c for c in courriels()}
    assert set(par_corps) == {"ccas.de.calais@example.org", "cc.de.desvres@example.org"}
    assert "attend la validation" in par_corps["ccas.de.calais@example.org"].corps
    assert "Rien n’est commandé" in par_corps["cc.de.desvres@example.org"].corps
    assert all("encore 7\u00a0jours" in c.sujet.replace(" jours", "\u00a0jours") for c in par_corps.values())


def test_a_person_of_several_bodies_gets_one_mail_with_each_in_its_case(monde):
    claire = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=monde.commune)
    adherents.habiliter(claire, Role.AGENT, monde.ccas)
    campagne = ouvrir(monde)
    fabrique.commande(campagne, monde.ccas, [(monde.boite, 25)])
    automate.avancer_les_campagnes(paris(4, 12, 8))
    (sien,) = [c for c in courriels() if c.destinataire == claire.email]
    panier, rien = sien.corps.index("Un panier est commencé"), sien.corps.index("Rien n’est commandé")
    assert panier < sien.corps.index("CCAS de Calais") < rien < sien.corps.index("Wissant")


def test_the_day_before_who_ordered_hears_what_would_complete_a_pack(monde):
    campagne = ouvrir(monde)
    campagne_boite = monde.boite
    fabrique.commande(campagne, monde.commune, [(campagne_boite, 63)], etat=EtatCommande.VALIDEE)
    fabrique.commande(campagne, monde.ccas, [(monde.rayonnage, 50)], etat=EtatCommande.VALIDEE)
    automate.avancer_les_campagnes(matin(AU - timedelta(days=1)))
    colis = [c for c in courriels() if "colis à compléter" in c.sujet]
    assert [c.destinataire for c in colis] == ["wissant@example.org"]
    assert "Il manque 12\u00a0" in colis[0].corps and "63 dans votre commande" in colis[0].corps


def test_after_the_last_reminder_the_first_is_not_sent(monde):
    ouvrir(monde)
    automate.avancer_les_campagnes(matin(AU - timedelta(days=1)))
    genres = set(db.session.scalars(select(Annonce.genre)))
    assert GenreAnnonce.J1 in genres and GenreAnnonce.J7 not in genres


def test_closing_tells_who_ordered_what_comes_next_and_who_did_not_finish(monde):
    campagne = ouvrir(monde)
    fabrique.commande(campagne, monde.commune, [(monde.boite, 25)], etat=EtatCommande.VALIDEE)
    fabrique.commande(campagne, monde.ccas, [(monde.boite, 25)], etat=EtatCommande.SOUMISE)
    automate.avancer_les_campagnes(paris(12, 12, 0, 5))
    assert courriels() == []  # nobody is woken
    automate.avancer_les_campagnes(paris(12, 12, 8, 0))
    par_corps = {c.destinataire: c.corps for c in courriels()}
    assert set(par_corps) == {"wissant@example.org", "ccas.de.calais@example.org"}
    assert "vous n’avez rien à faire" in par_corps["wissant@example.org"]
    assert "rien n’en est commandé" in par_corps["ccas.de.calais@example.org"]


def test_a_postponement_a_reopening_and_a_cancellation_are_told_to_all_who_may_order(monde):
    campagne = ouvrir(monde)
    actions.reporter(campagne.id, date(2026, 12, 18), par=ACHETEUSE, le=LE)
    automate.avancer_les_campagnes(LE)
    assert len(courriels()) == 3 and all("c’était le 11 décembre 2026" in c.corps for c in courriels())
    actions.clore(campagne.id, par=ACHETEUSE, le=LE)
    automate.avancer_les_campagnes(LE)
    actions.rouvrir(campagne.id, "Trois communes oubliées", par=ACHETEUSE, le=LE)
    automate.avancer_les_campagnes(LE)
    assert sum("Pourquoi\u00a0: Trois communes oubliées" in c.corps for c in courriels()) == 3
    actions.annuler(campagne.id, "Le titulaire a fait faillite", par=ACHETEUSE, le=LE)
    automate.avancer_les_campagnes(LE)
    assert sum("Le titulaire a fait faillite" in c.corps for c in courriels()) == 3
    automate.avancer_les_campagnes(LE + timedelta(hours=1))
    assert len(courriels()) == 9


def test_nobody_is_told_of_the_changes_of_a_window_that_was_never_announced(monde):
    actions.reporter(monde.campagne.id, date(2026, 12, 18), par=ACHETEUSE, le=LE)
    actions.annuler(monde.campagne.id, "Erreur", par=ACHETEUSE, le=LE)
    automate.avancer_les_campagnes(LE)
    assert courriels() == []


def test_a_closing_reopened_before_its_mail_left_is_not_told(monde):
    campagne = ouvrir(monde)
    fabrique.commande(campagne, monde.commune, [(monde.boite, 25)], etat=EtatCommande.VALIDEE)
    actions.clore(campagne.id, par=ACHETEUSE, le=LE)
    actions.rouvrir(campagne.id, "Trop tôt", par=ACHETEUSE, le=LE)
    automate.avancer_les_campagnes(LE)
    assert all("est rouverte" in c.sujet for c in courriels()) and len(courriels()) == 3
    cloture = db.session.scalars(select(Annonce).where(Annonce.genre == GenreAnnonce.CLOTURE)).one()
    assert cloture.non_envoyee


def test_a_kind_of_mail_may_be_switched_off_and_on_again(monde):
    campagne = ouvrir(monde)
    annonces.couper(campagne, GenreAnnonce.J7, **PAR)
    annonces.couper(campagne, GenreAnnonce.J7, **PAR)
    automate.avancer_les_campagnes(paris(4, 12))
    assert courriels() == []
    annonces.retablir(campagne, GenreAnnonce.J7, **PAR)
    automate.avancer_les_campagnes(paris(5, 12))
    assert len(courriels()) == 3
    actions.annuler(campagne.id, "Erreur", **PAR)
    with pytest.raises(RegleRefusee, match="terminée"):
        annonces.couper(campagne, GenreAnnonce.J1, **PAR)


def test_bodies_nobody_can_be_written_for_are_counted(monde):
    monde.epci.courriel = ""
    regler(monde)
    automate.avancer_les_campagnes(matin(DU))
    (annonce,) = db.session.scalars(select(Annonce))
    assert (annonce.courriels, annonce.sans_adresse) == (2, 1)


def test_a_reminder_by_hand_waits_the_day_after_the_machine_s(monde):
    campagne = ouvrir(monde)
    automate.avancer_les_campagnes(paris(4, 12, 8))
    with pytest.raises(RegleRefusee, match="rappel automatique"):
        relancer(campagne, Public.SANS_COMMANDE, par=ACHETEUSE, le=paris(4, 12, 15))
    assert relancer(campagne, Public.SANS_COMMANDE, par=ACHETEUSE, le=paris(5, 12)).courriels == 3


@pytest.mark.parametrize("moment", [matin(DU), paris(4, 12, 8), matin(AU - timedelta(days=1)), paris(12, 12, 8)])
def test_the_statements_are_the_same_for_10_and_for_1300_members(monde, sql, moment):
    etat = EtatCampagne.PREPAREE if moment == matin(DU) else EtatCampagne.OUVERTE
    peu, beaucoup = (fabrique.campagne(monde.marche, intitule=nom, etat=etat) for nom in ("Dix", "Tous"))
    membres = _beaucoup_de_membres(beaucoup, monde.boite, 1300)
    peu.acces = AccesCampagne.LISTE
    db.session.add_all(CollectiviteAdmise(campagne_id=peu.id, collectivite_id=corps.id) for corps in membres[:10])
    for corps in membres[1:10:2]:
        fabrique.commande(peu, corps, [(monde.boite, 26)], etat=EtatCommande.SOUMISE)
    db.session.commit()
    comptes, cas = [], ((peu.id, 5), (beaucoup.id, 650))
    for numero, combien in cas:
        db.session.expunge_all()
        with sql() as envoyees:
            assert automate.avancer(numero, moment)
            db.session.flush()
        comptes.append(len(envoyees))
        ecrits = sum(a.courriels for a in db.session.scalars(select(Annonce).filter_by(campagne_id=numero)))
        assert ecrits >= combien
    assert comptes[0] == comptes[1] <= 40


def _beaucoup_de_membres(campagne: Campagne, boite: Any, combien: int) -> list[Any]:
    """So many communes with an address, one in two with an order."""
    membres = []
    for rang in range(combien):
        corps = fabrique.membre(f"Commune {rang}", de=campagne, courriel=f"mairie{rang}@example.org")
        if rang % 2:
            fabrique.commande(campagne, corps, [(boite, 26 + (rang == 1))], etat=EtatCommande.SOUMISE)
        membres.append(corps)
    return membres
