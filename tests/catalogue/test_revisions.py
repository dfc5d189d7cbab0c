"""Revising the prices of a lot: written once, from a day on, as they were shown; the papers before keep theirs."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.catalogue.actions.revisions import Clause, Releve, ecrire_la_clause, reviser, simuler
from groupement.catalogue.models import FormuleRevision, RevisionPrix
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.catalogue.queries.revisions import formule_de
from groupement.catalogue.rules.revision import Formule
from groupement.commandes.queries.effet_des_prix import effets_de_la_revision
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents, catalogue, commandes, revisions

LE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
JANVIER = date(2027, 1, 1)
LU = {"CARTON": Releve(D("112.4"), "Insee, septembre 2026")}


@pytest.fixture
def lot(app):
    lot = catalogue.lot(catalogue.marche())
    for prix in ("25:1.7400|250:1.6100", "1:12.5000", "10:0.0250"):
        catalogue.article(lot, paliers=prix)
    return lot


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


def faire(lot, du=JANVIER, releves=LU):
    empreinte = simuler(lot, formule_de(lot), du, releves).empreinte
    return reviser(lot, du, releves, empreinte, par=AUTOMATE, le=LE)


def test_every_price_of_the_lot_is_written_anew_from_the_day_on(lot):
    revisions.formule(lot)
    avant = prix_a_la_date(lot, date(2026, 12, 31))
    revision = faire(lot)
    assert (revision.coefficient, revision.retenu, revision.articles_revises) == (D("1.028"), D("1.028"), 3)
    apres = prix_a_la_date(lot, JANVIER)
    assert prix_a_la_date(lot, date(2026, 12, 31)) == avant
    prix = sorted(palier.prix_unitaire_ht for paliers in apres.values() for palier in paliers)
    assert prix == [D("0.0257"), D("1.6551"), D("1.7887"), D("12.85")]
    assert db.session.scalars(select(Evenement.verbe).where(Evenement.objet == "lot").order_by(Evenement.id)).all() == [
        "ecrire la formule de revision",
        "reviser les prix",
    ]


def test_the_next_revision_starts_again_from_the_initial_price(lot):
    revisions.formule(lot)
    faire(lot)
    faire(lot, date(2028, 1, 1), {"CARTON": Releve(D("108.9"), "Insee, septembre 2027")})
    assert prix_a_la_date(lot, date(2028, 1, 1)) == prix_a_la_date(lot, date(2026, 12, 31))


def test_a_price_of_the_same_day_or_later_stops_it(lot):
    revisions.formule(lot)
    article = simuler(lot, formule_de(lot), JANVIER, LU).articles[0]
    catalogue.prix(article, "1:2.0000", du=date(2027, 2, 1))
    with pytest.raises(RegleRefusee, match="commencent déjà le 1er février 2027"):
        faire(lot)


@pytest.mark.parametrize(
    ("du", "phrase"),
    [(date(2026, 12, 31), "avant le 1er janvier 2027"), (date(2030, 1, 1), "Le marché va du 1er janvier 2026")],
)
def test_a_day_the_contract_does_not_allow_is_refused(lot, du, phrase):
    revisions.formule(lot)
    with pytest.raises(RegleRefusee, match=phrase):
        faire(lot, du)


def test_what_was_shown_is_what_is_written_or_nothing(lot):
    revisions.formule(lot)
    vu = simuler(lot, formule_de(lot), JANVIER, LU).empreinte
    autre = {"CARTON": Releve(D("113.9"), "Insee")}
    with pytest.raises(RegleRefusee, match="ont changé depuis l’aperçu"):
        reviser(lot, JANVIER, autre, vu, par=AUTOMATE, le=LE)
    assert db.session.scalars(select(RevisionPrix)).all() == []


def test_below_the_trigger_the_revision_is_kept_and_no_price_is_written(lot):
    revisions.formule(lot, seuil_pct=D(3))
    assert faire(lot).articles_revises == 0
    assert prix_a_la_date(lot, JANVIER) == prix_a_la_date(lot, date(2026, 12, 31))


def test_two_buyers_writing_the_formula_the_second_is_told(lot):
    revisions.formule(lot)
    clause = Clause(Formule(D(20), (revisions.PAPIER,)), "CCAP", catalogue.DU, 12, {"CARTON": date(2025, 9, 1)})
    with pytest.raises(RegleRefusee, match="a changé pendant que vous écriviez"):
        ecrire_la_clause(lot, clause, 0, par=AUTOMATE, le=LE)


def test_a_revision_done_is_never_rewritten(lot):
    revisions.formule(lot)
    revision = faire(lot)
    db.session.commit()
    revision.retenu = D(2)
    with pytest.raises(Exception, match="immuable"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("combien", [3, 60])
def test_as_many_statements_for_three_articles_as_for_sixty(lot, sql, combien):
    for _ in range(combien - 3):
        catalogue.article(lot)
    revisions.formule(lot)
    empreinte = simuler(lot, formule_de(lot), JANVIER, LU).empreinte
    db.session.commit()
    with sql() as envoyees:
        reviser(lot, JANVIER, LU, empreinte, par=AUTOMATE, le=LE)
    assert len(envoyees) <= 14


def test_orders_under_way_are_valued_before_and_after_at_the_tier_they_reach_together(lot):
    revisions.formule(lot)
    simulation = simuler(lot, formule_de(lot), JANVIER, LU)
    article = simulation.articles[0]
    campagne = commandes.campagne(marche=lot.marche)
    for nom, unites in (("Ayette", 150), ("Bapaume", 100)):
        commandes.commande(campagne, adherents.collectivite(nom), lignes=[(article, unites)])
    (effet,) = effets_de_la_revision(lot, simulation.du, simulation.par_titulaire)
    prix = simulation.prix[article.id]
    assert effet.commandes == 2
    assert effet.avant_ht == 250 * prix.actuels[-1].prix_unitaire_ht
    assert effet.apres_ht == D("413.78") and effet.ecart_ht == D("11.28")


def saisie(**changes):
    return {
        "du": "2027-01-01",
        "releves-0-code": "CARTON",
        "releves-0-valeur": "112,4",
        "releves-0-source": "Insee, septembre 2026",
    } | changes


def test_the_buyer_writes_the_formula_previews_and_applies(acheteur, lot):
    page = acheteur.get(f"/lots/{lot.id}/revision")
    assert "Les prix de ce lot sont fermes" in page.text
    formule = {
        "version": "0", "source": "CCAP, article 7.2", "prix_du": "2026-01-01", "mois_entre_revisions": "12",
        "part_fixe_pct": "15", "decimales": "4", "indices-0-code": "CARTON", "indices-0-libelle": "Papier",
        "indices-0-poids_pct": "100", "indices-0-valeur_base": "108,9", "indices-0-mois_base": "2025-09-15",
    }  # fmt: skip
    assert acheteur.post(f"/lots/{lot.id}/revision/formule", data=formule).status_code == 303
    ecrite = db.session.scalars(select(FormuleRevision)).one()
    assert ecrite.indices[0].mois_base == date(2025, 9, 1)
    apercu = acheteur.get(f"/lots/{lot.id}/revision/apercu", query_string=saisie())
    assert apercu.status_code == 200 and "1,028" in apercu.text and "Rien n’est encore écrit" in apercu.text
    assert db.session.scalars(select(RevisionPrix)).all() == []
    empreinte = re.search(r'name="empreinte"[^>]*value="(\w+)"', apercu.text)[1]
    faite = acheteur.post(f"/lots/{lot.id}/revision", data=saisie(empreinte=empreinte))
    assert faite.status_code == 303
    assert "3\u00a0prix révisés à partir du 01/01/2027" in acheteur.get(faite.location).text
    encore = acheteur.post(f"/lots/{lot.id}/revision", data=saisie(empreinte=empreinte))
    assert encore.status_code == 409 and "ne permet pas de révision avant" in encore.text


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("releves-0-valeur", "", "Indiquez la valeur publiée"),
        ("releves-0-valeur", "0", "supérieur à zéro"),
        ("releves-0-valeur", "douze", "Écrivez un nombre"),
        ("releves-0-source", "", "Indiquez où vous l’avez lue"),
        ("du", "", "Indiquez à partir de quand"),
        ("du", "hier", "Écrivez une date"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_by_its_field(acheteur, lot, champ, valeur, phrase):
    revisions.formule(lot)
    reponse = acheteur.get(f"/lots/{lot.id}/revision/apercu", query_string=saisie(**{champ: valeur}))
    assert reponse.status_code == 422 and phrase in reponse.text


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("indices-0-poids_pct", "90", "font 100"),
        ("indices-0-valeur_base", "0", "supérieurs à zéro"),
        ("indices-0-mois_base", "", "Complétez cet indice"),
        ("part_fixe_pct", "100", "le prix serait ferme"),
        ("part_fixe_pct", "120", "Entre 0 et 100"),
        ("butoir_pct", "1", "au moins égal au seuil"),
        ("version", "7", "a changé pendant que vous écriviez"),
    ],
)
def test_a_formula_that_cannot_be_used_is_refused_by_its_field(acheteur, lot, champ, valeur, phrase):
    formule = {
        "version": "0", "source": "CCAP, article 7.2", "prix_du": "2026-01-01", "mois_entre_revisions": "12",
        "part_fixe_pct": "15", "decimales": "4", "seuil_pct": "2", "indices-0-code": "CARTON",
        "indices-0-poids_pct": "100", "indices-0-valeur_base": "108,9", "indices-0-mois_base": "2025-09-15",
    }  # fmt: skip
    reponse = acheteur.post(f"/lots/{lot.id}/revision/formule", data=formule | {champ: valeur})
    assert reponse.status_code in (409, 422) and phrase in reponse.text
    assert db.session.scalars(select(FormuleRevision)).all() == []
