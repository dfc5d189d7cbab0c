"""Depositing factures: which are to deposit, what a deposit writes and refuses, an error noted, the files to upload."""

import hashlib
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.refacturation.actions.depots import Depot, DepotRefuse, deposer, signaler
from groupement.refacturation.actions.encaissements import enregistrer_virement
from groupement.refacturation.models import ErreurDeTransmission, Facture, FactureTransmise, Transmission
from groupement.refacturation.queries import depots as queries
from groupement.refacturation.queries.depots import Choix
from groupement.refacturation.queries.factures import facture_verrouillee
from groupement.refacturation.rules.depots import ce_qui_manque, refus_de_date, refus_de_depot
from groupement.refacturation.states import Destination, EtatFacture
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents
from tests.fabriques import prestations as services
from tests.fabriques import refacturation as fabrique
from tests.fabriques.refacturation import FACTUREE_LE, factures_de

JOUR = FACTUREE_LE.date()
ESPACE = "\u00a0"


@pytest.fixture
def comptable(app, client_de):
    """The comptable's browser."""
    return client_de(fabrique.comptable())


def emises(combien=3, **options):
    """So many factures just issued."""
    run = fabrique.refacturation(combien, **options)
    db.session.commit()
    return factures_de(run)


def faire(*factures, attendues=None, reference="FLUX-1", le=FACTUREE_LE, jour=JOUR, **choix):
    """Deposit those factures (all when none is given) and commit."""
    voulu = Choix(factures=tuple(f.id for f in factures), **choix)
    combien = queries.resume(voulu).factures if attendues is None else attendues
    faite = deposer(voulu, Depot(Destination.CHORUS_PRO, jour, reference, combien), par=AUTOMATE, le=le)
    db.session.commit()
    db.session.expire_all()
    return faite


def signalees(transmission, facture=None, motif="Flux refusé"):
    """Note an error and commit."""
    tenue = queries.transmission_visible(transmission.id, verrou=True)
    combien = signaler(tenue, facture.id if facture else None, motif, par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    db.session.expire_all()
    return combien


def combien(modele):
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(modele))


def lignes_du_journal(verbe, objet="facture"):
    """The facts of the journal with that verb."""
    return db.session.scalars(select(Evenement).filter_by(verbe=verbe, objet=objet).order_by(Evenement.id)).all()


@pytest.mark.parametrize(
    ("trouvees", "attendues", "phrase"),
    [(3, 3, None), (0, 3, "Aucune de ces factures"), (0, 0, "Aucune"), (2, 3, "a changé"), (4, 3, "a changé")],
)
def test_a_deposit_is_of_the_factures_the_page_showed(trouvees, attendues, phrase):
    refus = refus_de_depot(trouvees, attendues)
    assert refus is None if phrase is None else phrase in refus


@given(trouvees=st.integers(0, 2000), attendues=st.integers(-1, 2000))
def test_nothing_but_the_same_number_is_accepted(trouvees, attendues):
    assert (refus_de_depot(trouvees, attendues) is None) == (trouvees == attendues > 0)


@given(depot=st.dates(date(2026, 1, 1), date(2027, 1, 1)), emission=st.dates(date(2026, 1, 1), JOUR))
def test_the_day_of_a_deposit_lies_between_the_issue_and_today(depot, emission):
    assert (refus_de_date(depot, emission, JOUR) is None) == (emission <= depot <= JOUR)


@pytest.mark.parametrize(
    ("siret", "service", "code", "exige", "engagement", "manques"),
    [
        ("21620068300018", False, "", False, "", []),
        ("", False, "", False, "", ["SIRET"]),
        ("21620068300018", True, "", True, "", ["code de service", "engagement"]),
        ("21620068300018", True, "MAIRIE", True, "E1", []),
        ("", True, "", True, "E1", ["SIRET", "code de service"]),
    ],
)
def test_what_chorus_pro_would_ask_for_is_said(siret, service, code, exige, engagement, manques):
    dit = ce_qui_manque(
        siret=siret, service_exige=service, code_service=code, engagement_exige=exige, engagement=engagement
    )
    assert dit == manques


def test_a_deposit_writes_its_rows_its_bordereau_and_a_line_of_the_journal_each(app):
    factures = emises(3)
    faite = faire(factures[0], factures[2])
    assert [f.etat for f in factures] == [EtatFacture.DEPOSEE, EtatFacture.EMISE, EtatFacture.DEPOSEE]
    assert (faite.factures, faite.total_ttc) == (2, factures[0].total_ttc + factures[2].total_ttc)
    journal = lignes_du_journal("deposer")
    assert [(e.objet_id, e.avant, e.apres) for e in journal] == [
        (f.id, "emise", "deposee") for f in (factures[0], factures[2])
    ]
    assert "FLUX-1" in journal[0].resume and len(lignes_du_journal("deposer", "transmission")) == 1
    octets = db.session.scalars(select(Fichier.octets).where(Fichier.id == faite.fichier_id)).one()
    assert hashlib.sha256(octets).hexdigest() == faite.sha256
    rangees = octets.decode().splitlines()
    assert rangees[0] == "Numéro,SIRET du destinataire,Code service,Engagement,Montant TTC"
    premiere, fige = factures[0], factures[0].fige
    attendu = [premiere.numero, fige["debiteur"]["siret"], "SECRETARIAT", fige["engagement"], str(premiere.total_ttc)]
    assert rangees[1] == ",".join(attendu) and len(rangees) == 3
    assert queries.combien_a_deposer() == 1


def test_a_facture_paid_in_part_is_deposited_and_keeps_its_state_a_paid_one_is_not(app):
    en_partie, payee, intacte = emises(3)
    enregistrer_virement(
        facture_verrouillee(en_partie.id), en_partie.total_ttc / 2, JOUR, "V1", par=AUTOMATE, le=FACTUREE_LE
    )
    enregistrer_virement(facture_verrouillee(payee.id), payee.total_ttc, JOUR, "V2", par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    faite = faire()
    assert faite.factures == 2 and queries.combien_a_deposer() == 0
    assert (en_partie.etat, payee.etat, intacte.etat) == (
        EtatFacture.PARTIELLEMENT_PAYEE,
        EtatFacture.PAYEE,
        EtatFacture.DEPOSEE,
    )
    assert {e.objet_id for e in lignes_du_journal("deposer")} == {en_partie.id, intacte.id}


def test_a_deposited_facture_is_paid_like_any_other(app):
    facture = emises(1)[0]
    faire()
    enregistrer_virement(facture_verrouillee(facture.id), facture.total_ttc, JOUR, "V1", par=AUTOMATE, le=FACTUREE_LE)
    assert facture.etat is EtatFacture.PAYEE


def test_the_same_facture_is_not_deposited_twice(app):
    factures = emises(2)
    faire(factures[0])
    with pytest.raises(DepotRefuse, match="Aucune de ces factures"):
        faire(factures[0], attendues=1)
    with pytest.raises(DepotRefuse, match="a changé"):
        faire(*factures, attendues=2)
    db.session.rollback()
    assert (combien(Transmission), combien(FactureTransmise)) == (1, 1)


@pytest.mark.parametrize(("jour", "phrase"), [(date(2026, 12, 23), "futur"), (date(2026, 12, 21), "émise après")])
def test_an_impossible_day_is_refused_and_nothing_is_written(app, jour, phrase):
    emises(1)
    with pytest.raises(DepotRefuse, match=phrase):
        faire(jour=jour)
    db.session.rollback()
    assert (combien(Transmission), combien(Fichier), len(lignes_du_journal("deposer"))) == (0, 0, 0)


def test_of_two_comptables_at_once_one_deposits(app, en_meme_temps):
    emises(4)

    def depot():
        return faire(attendues=4).factures

    assert sorted(str(r) for r in en_meme_temps(depot, depot))[0] == "4"
    assert (combien(Transmission), combien(FactureTransmise)) == (1, 4)


def test_an_error_noted_brings_the_factures_back_and_the_deposit_stays(app):
    factures = emises(3)
    faite = faire()
    assert signalees(faite, factures[1]) == 1
    assert [f.etat for f in factures] == [EtatFacture.DEPOSEE, EtatFacture.EMISE, EtatFacture.DEPOSEE]
    assert (queries.combien_a_deposer(), queries.combien_valables(faite.id, None)) == (1, 2)
    seconde = faire(reference="FLUX-2")
    assert seconde.factures == 1 and factures[1].etat is EtatFacture.DEPOSEE
    assert signalees(faite) == 2  # the rest of the first: the second deposit still counts
    assert [f.etat for f in factures] == [EtatFacture.EMISE, EtatFacture.DEPOSEE, EtatFacture.EMISE]
    journal = lignes_du_journal("signaler_un_depot")
    assert [e.objet_id for e in journal] == [factures[1].id, factures[0].id, factures[2].id]
    assert combien(ErreurDeTransmission) == 3 and combien(Transmission) == 2


def test_an_error_on_a_facture_paid_since_is_noted_and_its_state_stays(app):
    facture = emises(1)[0]
    faite = faire()
    enregistrer_virement(facture_verrouillee(facture.id), facture.total_ttc, JOUR, "V1", par=AUTOMATE, le=FACTUREE_LE)
    db.session.commit()
    assert signalees(faite) == 1 and facture.etat is EtatFacture.PAYEE
    assert len(lignes_du_journal("signaler_un_depot")) == 1 and queries.combien_a_deposer() == 0


def test_an_error_is_noted_once(app):
    facture = emises(1)[0]
    faite = faire()
    signalees(faite)
    with pytest.raises(RegleRefusee, match="déjà notée"):
        signalees(faite, facture)


@pytest.mark.parametrize("table", ["transmission", "facture_transmise", "erreur_de_transmission"])
def test_the_database_refuses_to_change_or_delete_a_deposit(app, table):
    emises(1)
    signalees(faire())
    for ordre in (f"UPDATE {table} SET id = id + 1", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="immuable"):
            db.session.execute(db.text(ordre))
        db.session.rollback()


def test_the_number_of_statements_is_the_same_for_10_and_for_1300_factures(app, sql):
    comptes = []
    for membres in (10, 1300):
        emises(membres)
        with sql() as envoyees:
            faite = faire()
        with sql() as au_retour:
            signalees(faite)
        comptes.append((len(envoyees), len(au_retour)))
        faire(reference="FLUX-3")
    assert comptes[0] == comptes[1]
    assert comptes[0][0] <= 18 and comptes[0][1] <= 10


def test_the_list_narrows_by_run_by_name_and_by_what_chorus_asks(app):
    factures = emises(3)
    services.mission_a_facturer(factures[0].collectivite)
    run = services.run()
    factures[0].collectivite.chorus_service_requis = True
    db.session.commit()

    def numeros(**choix):
        """The factures of a filtered list."""
        return [ligne.numero for ligne in db.session.execute(queries.lignes(queries.choisies(Choix(**choix))))]

    de_services = factures_de(run)[0].numero
    assert numeros(refacturation_id=run.id) == [de_services]
    assert numeros(recherche=factures[1].collectivite.nom) == [factures[1].numero]
    assert numeros(recherche=factures[2].numero) == [factures[2].numero]
    assert numeros(chorus="service") == [factures[0].numero, de_services]
    assert numeros(chorus="incomplete") == [de_services]  # a mission has no order, so no code of service
    assert queries.resume(Choix()).incompletes == 1


def test_archives_cut_a_long_list_without_losing_any(app, monkeypatch):
    monkeypatch.setattr(queries, "PAR_ARCHIVE", 2)
    factures = emises(5)
    morceaux = queries.archives(Choix())
    assert [(m.premiere, m.factures) for m in morceaux] == [
        (factures[i].numero, n) for i, n in ((0, 2), (2, 2), (4, 1))
    ]
    lues = [d.numero for m in morceaux for d in queries.documents(Choix(de=m.de, a=m.a))]
    assert lues == [f.numero for f in factures]


def test_the_comptable_downloads_deposits_and_finds_the_deposit_everywhere(app, comptable):
    factures = emises(2, le=maintenant())
    assert "2 factures à déposer" in comptable.get("/").text.replace(ESPACE, " ")
    liste = comptable.get("/factures/a-deposer").text
    assert factures[0].numero in liste and "Déposer les 2 factures de cette liste" in liste
    page = comptable.get("/factures/depots/nouveau?tout=1").text
    assert "Noter le dépôt de 2" in page and f"{factures[0].numero} à {factures[1].numero}" in page
    zip_ = comptable.get(f"/factures/depots/pieces?tout=1&de={factures[0].id}&a={factures[1].id}")
    with zipfile.ZipFile(io.BytesIO(zip_.data)) as archive:
        assert archive.namelist() == ["bordereau.csv", *(f"{f.numero}.pdf" for f in factures)]
        assert archive.read(f"{factures[0].numero}.pdf")[:5] == b"%PDF-" and archive.testzip() is None
        assert archive.read("bordereau.csv") == comptable.get("/factures/depots/bordereau?tout=1").data
    donnees = {"destination": "chorus_pro", "deposee_le": "", "reference": "FLUX-77", "attendues": "2"}
    vide = comptable.post("/factures/depots?tout=1", data=donnees)
    assert vide.status_code == 422 and "Indiquez le jour du dépôt" in vide.text and "FLUX-77" in vide.text
    jour = db.session.scalar(select(Facture.emise_le))
    reponse = comptable.post("/factures/depots?tout=1", data=donnees | {"deposee_le": jour.isoformat()})
    assert (reponse.status_code, reponse.location) == (303, "/factures/depots/1")
    assert (
        "FLUX-77" in comptable.get("/factures/depots/1").text and "FLUX-77" in comptable.get("/factures/depots/").text
    )
    assert comptable.get("/factures/depots/1/bordereau").data.startswith("Numéro,".encode())
    assert "Aucune facture à déposer" in comptable.get("/factures/a-deposer").text
    encore = comptable.post("/factures/depots?tout=1", data=donnees | {"deposee_le": jour.isoformat()})
    assert encore.status_code == 409 and "Aucune de ces factures" in encore.text
    fiche = comptable.get(f"/factures/{factures[0].id}").text
    assert "Chorus Pro, le" in fiche and "FLUX-77" in fiche and "Signaler une erreur sur ce dépôt" in fiche


def test_an_error_is_noted_from_its_page(app, comptable):
    factures = emises(2)
    faite = faire()
    adresse = f"/factures/depots/{faite.id}/erreurs"
    assert "2 factures reviendront" in comptable.get(f"{adresse}/nouvelle").text.replace(ESPACE, " ")
    assert comptable.post(f"{adresse}?facture={factures[0].id}", data={"motif": ""}).status_code == 422
    reponse = comptable.post(f"{adresse}?facture={factures[0].id}", data={"motif": "Code de service inconnu"})
    assert reponse.status_code == 303 and queries.combien_a_deposer() == 1
    assert "Code de service inconnu" in comptable.get(f"/factures/{factures[0].id}").text
    assert "Code de service inconnu" in comptable.get(f"/factures/depots/{faite.id}").text
    deux_fois = comptable.post(f"{adresse}?facture={factures[0].id}", data={"motif": "Encore"})
    assert deux_fois.status_code == 409 and "déjà notée" in deux_fois.text


def test_choosing_nothing_is_said(app, comptable):
    emises(1)
    reponse = comptable.get("/factures/depots/nouveau?q=a")
    assert (reponse.status_code, reponse.location) == (303, "/factures/a-deposer?q=a")
    assert "Cochez au moins une facture" in comptable.get(reponse.location).text


def test_a_member_reads_its_deposit_and_nothing_of_the_others(app, client_de):
    facture = emises(2)[0]
    faire()
    membre = client_de(fabrique.personne_de(facture))
    page = membre.get(f"/factures/{facture.id}").text
    assert "Déposée, à payer" in page and "FLUX-1" in page and "/factures/depots" not in page
    for adresse in (
        "/factures/a-deposer",
        "/factures/depots/",
        "/factures/depots/1",
        "/factures/depots/pieces?tout=1",
    ):
        assert membre.get(adresse).status_code == 403


def test_readers_see_the_list_but_choose_nothing(app, client_de):
    emises(1)
    lecteur = client_de(adherents.utilisateur(roles=[Role.ACHETEUR]))
    page = lecteur.get("/factures/a-deposer").text
    assert "F-2026-00001" in page and "checkbox" not in page and "Déposer la facture" not in page
    assert lecteur.get("/factures/depots/nouveau?tout=1").status_code == 403


def test_the_pages_cost_the_same_for_10_and_for_1300_factures(app, comptable, sql):
    comptes = []
    for membres in (10, 1300):
        emises(membres)
        faite = faire(refacturation_id=db.session.scalar(select(func.max(Facture.refacturation_id))))
        emises(membres)
        adresses = (
            "/factures/a-deposer",
            "/factures/depots/nouveau?tout=1",
            "/factures/depots/",
            f"/factures/depots/{faite.id}",
        )
        envois = []
        for adresse in adresses:
            with sql() as envoyees:
                assert comptable.get(adresse).status_code == 200
            envois.append(len(envoyees))
        comptes.append(envois)
    assert comptes[0] == comptes[1] and max(comptes[0]) <= 12
