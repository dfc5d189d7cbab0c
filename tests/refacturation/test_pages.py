"""The pages: what each role sees and does, the statements they cost, bad input."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from groupement.adherents.states import Role
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Avoir, Facture
from groupement.refacturation.queries.chaine import verifier_factures
from groupement.refacturation.states import EtatFacture
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents
from tests.fabriques import refacturation as fabrique
from tests.fabriques.refacturation import FACTUREE_LE

D = Decimal


@pytest.fixture
def comptable(app, client_de):
    """The comptable's browser."""
    return client_de(fabrique.comptable())


def test_the_comptable_previews_then_issues_everything_in_one_action(app, comptable):
    campagne = fabrique.campagne_admise(3)
    assert "Campagne d’automne 2026" in comptable.get("/refacturation/").text
    apercu = comptable.get(f"/refacturation/campagnes/{campagne.id}").text
    assert "Émettre les 3 factures" in apercu and "Les comptes tombent juste" in apercu
    lignes = comptable.get(f"/refacturation/campagnes/{campagne.id}/collectivites/1").text
    assert "Comment c’est calculé" in lignes
    reponse = comptable.post(f"/refacturation/campagnes/{campagne.id}/factures", data={"attendu_ht": "161.57"})
    assert (reponse.status_code, reponse.location) == (303, "/refacturation/1")
    page = comptable.get(reponse.location).text
    assert "Les comptes tombent juste" in page and "161,57" in page
    assert "Rien à facturer" in comptable.get("/refacturation/").text
    assert "Rien à facturer" in comptable.get(f"/refacturation/campagnes/{campagne.id}").text
    encore = comptable.post(f"/refacturation/campagnes/{campagne.id}/factures", data={"attendu_ht": "161.57"})
    assert encore.status_code == 409 and "il n’y a rien à facturer" in encore.text


def test_a_stale_preview_issues_nothing(app, comptable):
    campagne = fabrique.campagne_admise(3)
    reponse = comptable.post(f"/refacturation/campagnes/{campagne.id}/factures", data={"attendu_ht": "100.00"})
    assert reponse.status_code == 409 and "a changé pendant que vous lisiez" in reponse.text
    assert db.session.scalar(select(func.count(Facture.id))) == 0


def test_the_preview_is_searched_and_leaves_as_a_file(app, comptable):
    campagne = fabrique.campagne_admise(3)
    adresse = f"/refacturation/campagnes/{campagne.id}"
    assert "Calais" not in comptable.get(f"{adresse}?q=dainville").text.split("<tbody>", 2)[-1].split("</tbody>")[0]
    fichier = comptable.get(f"{adresse}?format=csv")
    assert fichier.status_code == 200 and "Béthune" in fichier.text and "À facturer HT" in fichier.text
    assert comptable.get(f"{adresse}?format=xlsx").data[:2] == b"PK"


@pytest.mark.parametrize("mode", ["B", "C"])
def test_the_preview_and_the_facture_tell_the_modes_apart(app, comptable, monkeypatch, mode):
    monkeypatch.setitem(app.config, "MODE_TVA", mode)
    campagne = fabrique.campagne_admise(2)
    assert f"mode {mode}" in comptable.get(f"/refacturation/campagnes/{campagne.id}").text
    assert f"En mode {mode}" in comptable.get(f"/refacturation/campagnes/{campagne.id}/collectivites/1").text
    facture = fabrique.factures_de(refacturer(campagne.id, par=AUTOMATE, le=FACTUREE_LE))[0]
    page = comptable.get(f"/factures/{facture.id}").text
    assert "coût exact" in page and "payée au fournisseur" in page
    assert comptable.get(f"/factures/{facture.id}.pdf").data.startswith(b"%PDF")


def test_a_page_costs_the_same_for_10_and_for_1300_members(app, comptable, sql):
    comptes = []
    for membres in (10, 1300):
        fabrique.refacturation(membres, articles=1, intitule=f"Campagne de {membres}")
        a_facturer = fabrique.campagne_admise(membres, articles=1, intitule=f"Suite de {membres}")
        facture = db.session.scalar(select(func.max(Facture.id)))
        releve = {}
        for adresse in (
            "/refacturation/",
            f"/refacturation/campagnes/{a_facturer.id}",
            "/refacturation/1",
            "/refacturation/integrite",
            "/factures/",
            f"/factures/{facture}",
            f"/factures/{facture}/avoirs/nouveau",
            "/paiements/",
            "/paiements/evenements",
        ):
            with sql() as envoyees:
                assert comptable.get(adresse).status_code == 200
            assert all(s.startswith(("SELECT", "WITH")) for s in envoyees)
            releve[adresse.replace(str(a_facturer.id), "n").replace(str(facture), "n")] = len(envoyees)
        comptes.append(list(releve.values()))
    assert comptes[0] == comptes[1]
    assert max(comptes[0]) <= 12, releve


def test_a_member_sees_its_own_factures_and_a_stranger_s_is_a_404(app, client_de):
    sienne, autre = fabrique.factures_de(fabrique.refacturation(2))
    agent = client_de(fabrique.personne_de(sienne, Role.AGENT))
    page = agent.get("/factures/").text
    assert sienne.numero in page and autre.numero not in page and "Reste à payer" in page
    assert "Payer" in agent.get(f"/factures/{sienne.id}").text
    assert "Enregistrer un virement" not in agent.get(f"/factures/{sienne.id}").text
    assert agent.get(f"/factures/{sienne.id}.pdf").data.startswith(b"%PDF")
    for adresse in (f"/factures/{autre.id}", f"/factures/{autre.id}.pdf", "/factures/999"):
        assert agent.get(adresse).status_code == 404
    export = agent.get("/factures/?format=csv").text
    assert sienne.numero in export and autre.numero not in export


def test_a_member_without_facture_is_told_when_one_comes(app, client_de):
    agent = client_de(
        adherents.utilisateur("Élodie Lemaire", roles=[Role.AGENT], collectivite=adherents.collectivite())
    )
    assert "Aucune facture pour l’instant" in agent.get("/factures/").text


def test_what_is_the_comptable_s_is_refused_to_the_others(app, client_de):
    facture = fabrique.facture()
    for personne in (
        fabrique.personne_de(facture, Role.VALIDEUR),
        adherents.utilisateur("Nadia Lefebvre", roles=[Role.ACHETEUR]),
        adherents.utilisateur("Hugo Caron", roles=[Role.ARCHIVISTE]),
    ):
        client = client_de(personne)
        assert client.get(f"/factures/{facture.id}/avoirs/nouveau").status_code == 403
        assert client.post(f"/factures/{facture.id}/avoirs", data={}).status_code == 403
        assert client.post(f"/factures/{facture.id}/virements", data={}).status_code == 403
        assert client.post("/factures/relances").status_code == 403
        assert client.post("/refacturation/campagnes/1/factures").status_code == 403
        assert client.get("/refacturation/integrite").status_code == 403


def test_a_comptable_cannot_pay_by_card_for_a_body(app, comptable):
    assert comptable.post(f"/factures/{fabrique.facture().id}/paiement").status_code == 403


def test_a_transfer_is_recorded_from_the_page_of_the_facture(app, comptable):
    facture = fabrique.facture(unites=(100,))
    donnees = {"montant_ttc": "20,00", "recu_le": "22/12/2026", "reference": "VIR 2026-118"}
    assert comptable.post(f"/factures/{facture.id}/virements", data=donnees).status_code == 409  # in the future
    facture = fabrique.factures_de(fabrique.refacturation(1, le=FACTUREE_LE.replace(month=9)))[0]
    donnees["recu_le"] = "2026-10-02"
    reponse = comptable.post(f"/factures/{facture.id}/virements", data=donnees)
    assert reponse.status_code == 303
    page = comptable.get(reponse.location).text
    assert "VIR 2026-118" in page and "il reste" in page
    assert db.session.get(Facture, facture.id).etat is EtatFacture.PARTIELLEMENT_PAYEE


@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("montant_ttc", "", "Indiquez le montant reçu."),
        ("montant_ttc", "vingt", "Écrivez un nombre"),
        ("montant_ttc", "-5", "plus grand que zéro"),
        ("montant_ttc", "1,234", "2 chiffres après la virgule"),
        ("montant_ttc", "99999", "est trop élevé"),
        ("recu_le", "32/13/2026", "Écrivez une date"),
        ("recu_le", "2026-01-01", "ne peut pas être arrivé avant"),
        ("reference", "", "Recopiez la référence"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_by_its_field_and_what_was_typed_stays(
    app, comptable, champ, valeur, phrase
):
    facture = fabrique.factures_de(fabrique.refacturation(1, le=FACTUREE_LE.replace(month=9)))[0]
    donnees = {"montant_ttc": "20,00", "recu_le": "2026-10-02", "reference": "VIR 118"} | {champ: valeur}
    reponse = comptable.post(f"/factures/{facture.id}/virements", data=donnees)
    assert reponse.status_code in (409, 422) and phrase in reponse.text
    assert "VIR 118" in reponse.text or champ == "reference"
    assert db.session.get(Facture, facture.id).paye_ttc == 0


def test_an_avoir_is_made_from_its_page(app, comptable):
    facture = fabrique.facture(unites=(100,))
    ligne = fabrique.lignes_de(facture)[0]
    assert "Lignes à créditer" in comptable.get(f"/factures/{facture.id}/avoirs/nouveau").text
    donnees = {"motif": "Colis écrasés", f"unites_{ligne.id}": "10", "a_refacturer": "y"}
    reponse = comptable.post(f"/factures/{facture.id}/avoirs", data=donnees)
    assert reponse.status_code == 303
    avoir = db.session.scalars(select(Avoir)).one()
    assert avoir.numero in comptable.get(reponse.location).text
    assert comptable.get(f"/factures/avoirs/{avoir.id}.pdf").data.startswith(b"%PDF")
    donnees = {"motif": "Tout est faux", "tout": "1"}
    assert comptable.post(f"/factures/{facture.id}/avoirs", data=donnees).status_code == 303
    assert db.session.get(Facture, facture.id).etat is EtatFacture.ANNULEE_PAR_AVOIR


@pytest.mark.parametrize(
    ("donnees", "phrase"),
    [
        ({"motif": ""}, "Écrivez pourquoi"),
        ({"motif": "x"}, "Indiquez ce qu’il faut créditer"),
        ({"motif": "x", "unites_1": "101"}, "100 au plus"),
        ({"motif": "x", "montant_1": "58,01"}, "58,00"),
        ({"motif": "x", "unites_1": "-1"}, "Indiquez 0 ou plus"),
        ({"motif": "x", "unites_1": "1,5"}, "nombre entier"),
    ],
)
def test_an_avoir_badly_asked_is_refused_where_it_was_typed(app, comptable, donnees, phrase):
    facture = fabrique.facture(unites=(100,))
    reponse = comptable.post(f"/factures/{facture.id}/avoirs", data=donnees)
    assert reponse.status_code in (409, 422) and phrase in reponse.text
    assert db.session.scalar(select(func.count(Avoir.id))) == 0


def test_the_list_filters_and_puts_the_late_ones_first(app, comptable):
    ancienne = fabrique.factures_de(fabrique.refacturation(1, le=FACTUREE_LE.replace(month=9)))[0]
    recente = fabrique.factures_de(fabrique.refacturation(1, intitule="Campagne d’hiver"))[0]
    page = comptable.get("/factures/").text
    assert page.index(ancienne.numero) < page.index(recente.numero)
    assert recente.numero not in comptable.get("/factures/?etat=retard").text
    assert recente.numero in comptable.get(f"/factures/?campagne={recente.refacturation.campagne_id}&etat=emise").text
    assert "Aucune facture ne correspond" in comptable.get("/factures/?q=zzz").text
    assert ancienne.numero in comptable.get(f"/factures/?q={ancienne.numero}").text
    assert comptable.get("/factures/?tri=-reste_du_ttc&page=7&etat=inconnu&campagne=x").status_code == 200
    assert (
        "Total TTC" in comptable.get("/factures/?format=csv").text
        or "total_ttc" in comptable.get("/factures/?format=csv").text
    )


def test_reminders_leave_from_the_list(app, comptable):
    facture = fabrique.factures_de(fabrique.refacturation(1, le=FACTUREE_LE.replace(month=9)))[0]
    reponse = comptable.post("/factures/relances")
    assert reponse.status_code == 303 and "1 facture relancée" in comptable.get(reponse.location).text.replace(
        "\u00a0", " "
    )
    assert comptable.post("/factures/relances").status_code == 409
    assert "Rappel envoyé" in comptable.get(f"/factures/{facture.id}").text


def _alterer(session, ordre):
    """Change a frozen row behind the guards, as a thief with the database's password would."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        session.execute(text("DROP TRIGGER ne_pas_modifier_facture"))
        session.execute(text("DROP TRIGGER ne_pas_modifier_ligne_facture"))
        session.execute(text("DROP TRIGGER ne_pas_supprimer_facture"))
    session.execute(text(ordre))
    session.commit()
    session.expire_all()


@pytest.mark.parametrize(
    ("ordre", "numero", "motif"),
    [
        (
            "UPDATE facture SET total_ht = total_ht + 1, total_ttc = total_ttc + 1 WHERE id = 2",
            "F-2026-00002",
            "total_ht",
        ),
        ("UPDATE ligne_facture SET montant_ht = montant_ht + 100 WHERE facture_id = 2", "F-2026-00002", "lignes"),
        ("UPDATE facture SET empreinte_precedente = empreinte WHERE id = 3", "F-2026-00003", "ne suit pas"),
    ],
)
def test_a_facture_changed_behind_the_application_s_back_shows(app, session, comptable, ordre, numero, motif):
    fabrique.refacturation(3)
    session.commit()
    assert verifier_factures().est_entiere
    _alterer(session, ordre)
    rupture = verifier_factures().rupture
    assert rupture.numero == numero and motif in rupture.motif
    assert f"rompue au document {numero}" in comptable.get("/refacturation/integrite").text


def test_the_page_of_a_changed_facture_says_so(app, session, comptable):
    facture = fabrique.factures_de(fabrique.refacturation(2))[1]
    assert "Empreinte vérifiée" in comptable.get(f"/factures/{facture.id}").text
    _alterer(
        session,
        f"UPDATE facture SET fige = (replace(CAST(fige AS TEXT), 'Calais', 'Berck')){_cast(session)} WHERE id = 2",
    )
    assert "Empreinte rompue" in comptable.get("/factures/2").text


def _cast(session):
    """PostgreSQL wants its JSON back as JSON."""
    return "::json" if session.get_bind().dialect.name == "postgresql" else ""
