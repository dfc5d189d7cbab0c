"""The bons de commande: who sees them, what their paper and list say, what the supplier confirms."""

import csv
import io
from decimal import Decimal

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur
from groupement.commandes import documents
from groupement.commandes.actions import regroupement
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries import bons as queries
from groupement.commandes.states import EtatBonDeCommande, EtatCampagne, EtatCommande
from groupement.socle.courriels import Courriel, fabriquer
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre


@pytest.fixture
def bon(app):
    """A bon for two town halls, one of which collects at the depot, with a surplus and its shipping."""
    lot = catalogue.lot(franco_ht=Decimal(1000), port_ht=Decimal("45.00"))
    boite = catalogue.article(lot, reference="BTE-10", unites_par_colis=50, paliers="50:0.58|500:0.54")
    chemise = catalogue.article(lot, reference="CHE-1", unites_par_colis=100, tva_pct=Decimal("5.50"), paliers="1:0.11")
    close = campagne(lot.marche, etat=EtatCampagne.CLOSE)
    commande(close, membre("Azincourt", de=close), [(boite, 120), (chemise, 200)], etat=EtatCommande.VALIDEE)
    commande(close, membre("Blangy", de=close), [(boite, 20)], etat=EtatCommande.VALIDEE, point_de_livraison_id=None)
    _, (emis,), _ = regroupement.regrouper(close.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    return emis


@pytest.fixture
def acheteur(app, client_de):
    """The buyer's client."""
    return client_de(adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR]))


def fournisseur_de(bon, client_de):
    """A client of somebody who acts for the supplier of the bon."""
    personne = adherents.utilisateur("Marc Caron", roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur_id=personne.id, fournisseur_id=bon.fournisseur_id))
    return client_de(personne)


def test_the_paper_sends_every_piece_somewhere(bon):
    papier = documents.papier_du_bon(bon)
    assert [(lieu.collectivite, [ligne.unites for ligne in lieu.lignes]) for lieu in papier.lieux] == [
        ("Azincourt", [120, 200]),
        ("Centre de gestion", [30]),  # 20 collected by Blangy, 10 of surplus
    ]
    assert papier.totaux.total_ht == bon.total_ht == Decimal("154.00")
    assert [(tva.taux_pct, tva.base_ht) for tva in papier.totaux.tvas] == [
        (20, Decimal("132.00")),
        (Decimal("5.5"), 22),
    ]
    assert papier.port_ht == Decimal("45.00") and "inférieure au franco" in papier.port_precision


def test_the_mail_carries_the_paper(bon):
    (nom,) = db.session.scalars(select(Courriel)).one().pieces
    piece = fabriquer(nom)
    assert (piece.nom, piece.type_mime) == (f"{bon.numero}.pdf", "application/pdf")
    assert piece.octets.startswith(b"%PDF-1.")


def test_the_list_of_places_is_a_table(bon, acheteur):
    reponse = acheteur.get(f"/bons/{bon.id}/lieux.csv")
    lignes = list(csv.DictReader(io.StringIO(reponse.text)))
    assert [(ligne["Collectivité"], ligne["Référence"], ligne["Unités"], ligne["Colis"]) for ligne in lignes] == [
        ("Azincourt", "BTE-10", "120", ""),
        ("Azincourt", "CHE-1", "200", "2"),
        ("Centre de gestion", "BTE-10", "30", ""),
    ]
    assert acheteur.get(f"/bons/{bon.id}/lieux.xlsx").data.startswith(b"PK")
    assert acheteur.get(f"/bons/{bon.id}.pdf").content_type == "application/pdf"


def test_the_register_is_filtered(bon, acheteur):
    assert bon.numero in acheteur.get("/bons/").text
    for vide in ("?q=introuvable", "?lot=999", "?fournisseur=999", "?campagne=999", "?etat=solde"):
        assert bon.numero not in acheteur.get(f"/bons/{vide}").text
    for plein in (
        f"?q={bon.numero[3:]}",
        f"?lot={bon.lot_id}",
        f"?campagne={bon.campagne_id}",
        "?etat=emis",
        "?etat=x",
    ):
        assert bon.numero in acheteur.get(f"/bons/{plein}").text
    assert bon.numero in acheteur.get("/bons/?format=csv").text


def test_the_page_of_a_bon_says_when_where_and_how_much(bon, acheteur):
    page = acheteur.get(f"/bons/{bon.id}").text
    for attendu in (
        bon.numero,
        "154,00\u00a0€",
        "2\u00a0lieux",
        "Azincourt",
        "À envoyer",
        "13 janvier 2027",
        "30\u00a0jours",
    ):
        assert attendu in page
    cherchee = acheteur.get(f"/bons/{bon.id}?q=azin").text
    assert "Azincourt" in cherchee and "dépôt du Centre de gestion" not in cherchee


def test_a_bon_is_sent_again_to_the_present_address(bon, acheteur):
    bon.fournisseur.courriel = "neuve@fournisseur.example.org"
    assert acheteur.post(f"/bons/{bon.id}/envoi").status_code == 303
    assert [c.destinataire for c in queries.courriels_du_bon(bon.id)][0] == "neuve@fournisseur.example.org"


def test_a_supplier_reads_and_confirms_its_own_bon_once(bon, client_de):
    client = fournisseur_de(bon, client_de)
    assert bon.numero in client.get("/fournisseur/bons").text
    assert client.get(f"/fournisseur/bons/{bon.id}.pdf").status_code == 303  # to be opened first, in a click
    assert client.post(f"/fournisseur/bons/{bon.id}/ouverture").status_code == 303
    assert "Confirmer la réception" in client.get(f"/fournisseur/bons/{bon.id}").text
    assert client.get(f"/fournisseur/bons/{bon.id}.pdf").status_code == 200
    assert client.get(f"/fournisseur/bons/{bon.id}/lieux.csv").status_code == 200
    assert client.post(f"/fournisseur/bons/{bon.id}/accuse", data={"revision": "0"}).status_code == 303
    assert db.session.get(BonDeCommande, bon.id).etat is EtatBonDeCommande.ACCUSE
    assert client.post(f"/fournisseur/bons/{bon.id}/accuse", data={"revision": "0"}).status_code == 409
    assert "Confirmer la réception" not in client.get(f"/fournisseur/bons/{bon.id}").text


def test_another_supplier_is_told_there_is_nothing(bon, client_de):
    autre = adherents.utilisateur(roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur_id=autre.id, fournisseur_id=catalogue.fournisseur().id))
    client = client_de(autre)
    for suite in ("", ".pdf", "/lieux.csv"):
        assert client.get(f"/fournisseur/bons/{bon.id}{suite}").status_code == 404
    assert client.post(f"/fournisseur/bons/{bon.id}/accuse").status_code == 404
    assert bon.numero not in client.get("/fournisseur/bons").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.CONTROLE, Role.FOURNISSEUR])
def test_the_register_is_for_the_centre_de_gestion(bon, client_de, role):
    client = client_de(adherents.utilisateur(roles=[role]))
    for adresse in ("/bons/", f"/bons/{bon.id}", f"/bons/{bon.id}.pdf", "/campagnes/"):
        assert client.get(adresse).status_code == 403
