"""Marchés, terms of lots and suppliers, as the buyer and the others see them."""

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.catalogue.models import Fournisseur, Lot, Marche
from groupement.catalogue.states import PorteePalier
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.fabriques import adherents
from tests.fabriques import catalogue as fabriques

D = Decimal


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=2)


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


@pytest.fixture
def comptable(client_de):
    return client_de(adherents.utilisateur("Claire Caron", roles=[Role.COMPTABLE]))


def saisie_marche(**changes):
    fournisseur = fabriques.fournisseur()
    valeurs = {
        "numero": "2026-ARCH-09", "objet": "Boîtes", "convention": str(fabriques.convention_du_catalogue().id),
        "consultation_le": "2025-09-01", "notifie_le": "2025-12-15", "du": "2026-01-01", "au": "2029-12-31",
        "justification_duree": "", "lots-0-intitule": "Boîtes", "lots-0-fournisseur": str(fournisseur.id),
        "lots-0-plafond_ht": "200 000", "lots-1-intitule": "Rayonnages", "lots-1-fournisseur": str(fournisseur.id),
        "lots-1-plafond_ht": "150 000,50", "lots-2-intitule": "", "lots-2-fournisseur": "", "lots-2-plafond_ht": "",
    }  # fmt: skip
    return {cle: valeur for cle, valeur in {**valeurs, **changes}.items() if valeur is not None}


def test_a_marche_is_created_with_its_lots_and_titulaires(acheteur):
    reponse = acheteur.post("/marches/nouveau", data=saisie_marche())
    assert reponse.status_code == 303
    marche = db.session.scalars(select(Marche)).one()
    assert [(lot.numero, lot.intitule, lot.plafond_ht) for lot in marche.lots] == [
        (1, "Boîtes", D("200000.00")), (2, "Rayonnages", D("150000.50")),
    ]  # fmt: skip
    assert marche.lots[0].titulaire.nom in acheteur.get(reponse.location).text
    assert "n’a pas encore de prix" in acheteur.get(reponse.location).text
    assert db.session.scalars(select(Evenement.verbe).where(Evenement.objet == "marche")).all() == ["creer"]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"numero": ""}, "Indiquez le numéro du marché."),
        ({"du": "31/02/2026"}, "Écrivez une date"),
        ({"notifie_le": "2025-08-01"}, "La notification suit le lancement"),
        ({"du": "2025-12-01"}, "commence le jour de sa notification"),
        ({"au": "2025-12-31"}, "se termine après avoir commencé"),
        ({"au": "2031-12-31"}, "Au-delà de quatre ans (ici le 31/12/2029)"),
        ({"lots-0-plafond_ht": ""}, "Indiquez le plafond"),
        ({"lots-0-plafond_ht": "-5"}, "Indiquez le plafond"),
        ({"lots-0-plafond_ht": "beaucoup"}, "Écrivez un nombre"),
        ({"lots-1-intitule": ""}, "Indiquez l’intitulé du lot."),
        ({"lots-1-fournisseur": ""}, "Choisissez le titulaire du lot."),
        ({"lots-1-fournisseur": "999"}, "Choisissez une valeur de la liste."),
        ({"convention": "999"}, "Choisissez une valeur de la liste."),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_stays(acheteur, changes, phrase):
    reponse = acheteur.post("/marches/nouveau", data=saisie_marche(**changes))
    assert reponse.status_code == 422 and phrase in reponse.text
    assert 'value="150 000,50"' in reponse.text
    assert db.session.scalar(select(func.count()).select_from(Marche)) == 0


def test_a_marche_without_a_lot_is_refused(acheteur):
    vides = {f"lots-{rang}-{champ}": "" for rang in (0, 1) for champ in ("intitule", "fournisseur", "plafond_ht")}
    reponse = acheteur.post("/marches/nouveau", data=saisie_marche(**vides))
    assert reponse.status_code == 422 and "Décrivez au moins un lot." in reponse.text


def test_a_number_already_taken_is_refused(marche, acheteur):
    reponse = acheteur.post("/marches/nouveau", data=saisie_marche(numero=marche.numero))
    assert reponse.status_code == 422 and "existe déjà" in reponse.text


def test_more_than_four_years_needs_a_reason_that_is_then_shown(acheteur):
    reponse = acheteur.post(
        "/marches/nouveau", data=saisie_marche(au="2031-12-31", justification_duree="Rails scellés")
    )
    assert "Rails scellés" in acheteur.get(reponse.location).text


def test_a_lot_is_added_to_the_form_without_losing_what_was_typed(acheteur):
    reponse = acheteur.post("/marches/nouveau", data=saisie_marche(ajouter_un_lot="1"))
    assert reponse.status_code == 200
    assert "Lot 4" in reponse.text and 'value="150 000,50"' in reponse.text and 'role="alert"' not in reponse.text


def test_without_a_supplier_the_page_says_what_to_do_first(acheteur):
    fabriques.convention_du_catalogue()
    texte = acheteur.get("/marches/nouveau").text
    assert "Il manque un fournisseur" in texte and "/fournisseurs/nouveau" in texte


def test_the_terms_of_each_lot_are_explained(marche, comptable):
    lot = marche.lots[0]
    lot.port_ht, lot.franco_ht, lot.portee_palier = D("25.00"), D("500.00"), PorteePalier.MARCHE
    texte = comptable.get(f"/marches/{marche.id}").text
    for attendu in (
        "de moins de 500,00\u00a0€ HT",
        "depuis le début du marché",
        "La livraison est comprise",
        "R2162-6",
    ):
        assert attendu in texte
    assert "Modifier les conditions" not in texte and "None" not in texte


def test_marches_are_listed_with_where_they_stand_and_leave_as_a_file(marche, comptable):
    fabriques.marche(du=date(2020, 1, 1), au=date(2023, 12, 31))
    fabriques.marche(du=date(2031, 1, 1), au=date(2034, 12, 31))
    texte = comptable.get("/marches/").text
    assert all(mot in texte for mot in ("En cours", "Terminé", "À venir")) and "Créer un marché" not in texte
    assert comptable.get("/marches/?format=csv").text.splitlines()[0] == "Marché,Objet,Du,Au,Lots"


def test_an_empty_list_says_what_to_do_first(acheteur):
    assert "Enregistrez d’abord les fournisseurs" in acheteur.get("/marches/").text
    assert "Ajoutez les entreprises retenues" in acheteur.get("/fournisseurs/").text


def saisie_lot(client, lot, **changes):
    page = client.get(f"/lots/{lot.id}/conditions").text
    empreinte = re.search(r'name="empreinte"[^>]*value="([^"]*)"', page).group(1)
    valeurs = {
        "intitule": lot.intitule, "fournisseur": str(lot.titulaires[0].fournisseur_id), "plafond_ht": "200 000,00",
        "minimum_ht": "0", "delai_livraison_jours": "21", "minimum_commande_ht": "100",
        "port_ht": "25", "franco_ht": "500", "portee_palier": "campagne", "empreinte": empreinte,
    }  # fmt: skip
    return {**valeurs, **changes}


@pytest.fixture
def a_notifier(marche):
    """The same marché, before its notification: everything may still change."""
    marche.notifie_le = date(2099, 1, 1)
    db.session.commit()
    return marche


def test_a_signed_lot_keeps_its_ceiling_and_its_titulaire(marche, acheteur):
    lot = marche.lots[0]
    autre = fabriques.fournisseur("Nouvelle entreprise (fictive)")
    page = acheteur.get(f"/lots/{lot.id}/conditions").text
    assert 'name="plafond_ht"' not in page and "change par un" in page
    envoi = saisie_lot(acheteur, lot, fournisseur=str(autre.id), plafond_ht="500 000")
    assert acheteur.post(f"/lots/{lot.id}/conditions", data=envoi).status_code == 303
    assert (lot.plafond_ht, lot.delai_livraison_jours) == (D("200000.00"), 21)
    assert lot.titulaire.nom != "Nouvelle entreprise (fictive)"


def test_the_terms_of_a_lot_are_changed_and_the_journal_keeps_the_old_ones(a_notifier, acheteur):
    lot = a_notifier.lots[0]
    autre = fabriques.fournisseur("Nouvelle entreprise (fictive)")
    envoi = saisie_lot(acheteur, lot, fournisseur=str(autre.id))
    assert acheteur.post(f"/lots/{lot.id}/conditions", data=envoi).status_code == 303
    assert (lot.delai_livraison_jours, lot.franco_ht, lot.portee_palier) == (21, D("500.00"), PorteePalier.CAMPAGNE)
    assert lot.titulaire.nom == "Nouvelle entreprise (fictive)"
    details = db.session.scalars(select(Evenement.details).where(Evenement.objet == "lot")).one()
    assert details["delai_livraison_jours"] == ["30", "21"] and "plafond_ht" not in details


def test_saving_the_same_terms_writes_nothing(marche, acheteur):
    lot = marche.lots[0]
    for _ in range(2):
        acheteur.post(f"/lots/{lot.id}/conditions", data=saisie_lot(acheteur, lot))
    assert db.session.scalar(select(func.count()).where(Evenement.objet == "lot")) == 1


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"plafond_ht": ""}, "Indiquez le plafond."),
        ({"plafond_ht": "0"}, "supérieur à zéro"),
        ({"minimum_ht": "300 000"}, "Le minimum ne dépasse pas le plafond."),
        ({"port_ht": "0"}, "effacez le franco de port"),
        ({"port_ht": "-1"}, "Indiquez un montant positif"),
        ({"delai_livraison_jours": "0"}, "Entre 1 et 365 jours."),
        ({"delai_livraison_jours": "2,5"}, "Écrivez un nombre entier"),
        ({"portee_palier": "lune"}, "Choisissez une valeur de la liste."),
    ],
)
def test_impossible_terms_are_refused_by_the_field(a_notifier, acheteur, changes, phrase):
    lot = a_notifier.lots[0]
    reponse = acheteur.post(f"/lots/{lot.id}/conditions", data=saisie_lot(acheteur, lot, **changes))
    assert reponse.status_code == 422 and phrase in reponse.text
    assert lot.delai_livraison_jours == 30


def test_terms_changed_meanwhile_are_never_overwritten_silently(marche, acheteur, client_de):
    lot = marche.lots[0]
    mien = saisie_lot(acheteur, lot, delai_livraison_jours="10")
    autre = client_de(adherents.utilisateur("Hervé Duquesne", roles=[Role.ACHETEUR]))
    autre.post(f"/lots/{lot.id}/conditions", data=saisie_lot(autre, lot, delai_livraison_jours="45"))
    reponse = acheteur.post(f"/lots/{lot.id}/conditions", data=mien)
    assert reponse.status_code == 409
    assert "Hervé Duquesne les a modifiées" in reponse.text and 'value="10"' in reponse.text
    assert lot.delai_livraison_jours == 45
    empreinte = re.search(r'name="empreinte"[^>]*value="([^"]*)"', reponse.text).group(1)
    assert acheteur.post(f"/lots/{lot.id}/conditions", data={**mien, "empreinte": empreinte}).status_code == 303
    assert lot.delai_livraison_jours == 10


FICHE = {
    "nom": "Cartonnages de la Lys", "siret": "73282932000074", "courriel": "bons@lys.example.org", "telephone": "",
    "adresse": "1 rue du Beffroi", "code_postal": "62400", "ville": "Béthune",
}  # fmt: skip


def test_a_supplier_is_recorded_then_corrected(acheteur):
    reponse = acheteur.post("/fournisseurs/nouveau", data={**FICHE, "siret": "732 829 320 00074"})
    assert reponse.status_code == 303
    fournisseur = db.session.scalars(select(Fournisseur)).one()
    assert fournisseur.siret == "73282932000074"
    acheteur.post(f"/fournisseurs/{fournisseur.id}/modification", data={**FICHE, "ville": "Lillers"})
    assert fournisseur.ville == "Lillers"
    verbes = db.session.scalars(select(Evenement.verbe).where(Evenement.objet == "fournisseur")).all()
    assert verbes == ["creer", "modifier"]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"nom": ""}, "Indiquez le nom de l’entreprise."),
        ({"siret": "73282932000075"}, "Ce SIRET n’existe pas"),
        ({"siret": "abc"}, "Ce SIRET n’existe pas"),
        ({"courriel": "bons"}, "Écrivez un courriel"),
        ({"code_postal": "62 40"}, "cinq chiffres"),
        ({"telephone": "appelez-moi"}, "Écrivez un numéro de téléphone"),
        ({"nom": "x" * 201}, "Écrivez 200 caractères au plus."),
    ],
)
def test_a_wrong_supplier_is_refused_by_the_field(acheteur, changes, phrase):
    reponse = acheteur.post("/fournisseurs/nouveau", data={**FICHE, **changes})
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalar(select(func.count()).select_from(Fournisseur)) == 0


def test_a_siret_already_known_is_refused(acheteur):
    connu = fabriques.fournisseur(siret="73282932000074")
    reponse = acheteur.post("/fournisseurs/nouveau", data=FICHE)
    assert reponse.status_code == 422 and connu.nom in reponse.text


def test_a_supplier_page_lists_its_lots(marche, comptable):
    lot = marche.lots[0]
    texte = comptable.get(f"/fournisseurs/{lot.titulaire.id}").text
    assert lot.intitule in texte and "200\u00a0000,00\u00a0€" in texte and "Modifier" not in texte
    libre = fabriques.fournisseur()
    assert "ne tient aucun lot" in comptable.get(f"/fournisseurs/{libre.id}").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.VALIDEUR, Role.CONTROLE, Role.FOURNISSEUR])
def test_only_the_centre_de_gestion_reads_marches_and_suppliers(marche, client_de, role):
    autre = client_de(adherents.utilisateur(roles=[role]))
    for adresse in ("/marches/", f"/marches/{marche.id}", "/fournisseurs/", f"/marches/{marche.id}/bordereau"):
        assert autre.get(adresse).status_code == 403


def test_only_the_buyer_changes_them(marche, comptable):
    lot = marche.lots[0]
    for adresse in ("/marches/nouveau", "/fournisseurs/nouveau", f"/lots/{lot.id}/conditions"):
        assert comptable.get(adresse).status_code == 403
        assert comptable.post(adresse).status_code == 403


def test_a_stranger_number_is_a_404(acheteur):
    for adresse in ("/marches/99", "/fournisseurs/99", "/lots/99/conditions", "/catalogue/articles/99"):
        assert acheteur.get(adresse).status_code == 404


def test_the_page_of_a_marche_costs_the_same_whatever_its_lots(acheteur, sql):
    comptes = []
    for nombre in (2, 12):
        marche = fabriques.marche(lots=nombre)
        with sql() as envoyees:
            acheteur.get(f"/marches/{marche.id}")
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 12


def test_a_lot_must_have_a_ceiling_in_the_database_too(marche, session):
    with pytest.raises(Exception, match="plafond_positif|CHECK"):
        session.execute(db.update(Lot).values(plafond_ht=D("0.00")))
    session.rollback()
