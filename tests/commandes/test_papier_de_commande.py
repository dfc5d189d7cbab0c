"""The order of a member on paper and in a spreadsheet: what it is worth is said, and its sums hold in every state."""

import csv
import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pikepdf
import pytest

from groupement.adherents.states import Role
from groupement.commandes.actions import regroupement
from groupement.commandes.documents.commandes import papier_de_commande
from groupement.commandes.models import Commande
from groupement.commandes.queries.vue_commande import vue_commande
from groupement.commandes.rules.papier_de_commande import avertissement, mot_de_l_etat
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.documents.papiers import CommandePapier, PapierIncoherent
from groupement.documents.papiers.commandes import LigneCommandePapier
from groupement.documents.rendu import rendre_commande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, AU, LE

JOUR = jour_a_paris(LE)


@pytest.fixture
def monde(app: Any, client_de: Any) -> SimpleNamespace:
    """Boxes by 50 with shipping below 1 000 €, a town hall and its agent."""
    lot = catalogue.lot(franco_ht=Decimal(1000), port_ht=Decimal("45.00"))
    boite = catalogue.article(
        lot, reference="BTE-10", unites_par_colis=50, fractionnable=True, paliers="50:0.58|500:0.54"
    )
    chemise = catalogue.article(lot, reference="CHE-1", unites_par_colis=1, tva_pct=Decimal("5.50"), paliers="1:0.11")
    campagne = fabrique.campagne(lot.marche)
    mairie = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    return SimpleNamespace(
        campagne=campagne, mairie=mairie, boite=boite, chemise=chemise, client=client_de(agent), client_de=client_de
    )


def commande(monde: SimpleNamespace, etat: EtatCommande, **champs: Any) -> Commande:
    """The town hall's order: 60 boxes, 40 more if that completes a pack, 10 folders."""
    return fabrique.commande(
        monde.campagne, monde.mairie, [(monde.boite, 60, 40), (monde.chemise, 10)], etat=etat, **champs
    )


def papier(de: Commande) -> CommandePapier:
    """What its paper says."""
    return papier_de_commande(vue_commande(de, JOUR), JOUR)


@pytest.mark.parametrize("etat", list(EtatCommande))
def test_every_state_says_what_the_paper_is_worth(etat: EtatCommande) -> None:
    assert mot_de_l_etat(etat) and avertissement(etat, AU).endswith(".")


def test_a_draft_says_projet_and_estimates(monde: SimpleNamespace) -> None:
    dit = papier(commande(monde, EtatCommande.BROUILLON))
    assert (dit.etat, dit.est_projet, dit.suivi) == ("PROJET", True, ())
    assert [(li.demandees, li.acceptees_en_plus, li.commandees) for li in dit.lignes] == [(60, 40, None), (10, 0, None)]
    assert dit.totaux is not None and dit.totaux.total_ht == Decimal("35.90")  # 60 × 0.58 + 10 × 0.11
    assert dit.prix.startswith("estimés") and "port non compris" in " ".join(dit.mentions)
    assert [tva.taux_pct for tva in dit.totaux.tvas] == [Decimal("20.00"), Decimal("5.50")]


def test_a_committed_order_says_who_engaged_what_and_the_rank_of_each_line(monde: SimpleNamespace) -> None:
    de = commande(
        monde, EtatCommande.VALIDEE, engagement="E-2026-41", code_service="CULTURE", total_ht=Decimal("35.90")
    )
    dit = papier(de)
    assert (dit.engagement, dit.code_service, dit.est_projet) == ("E-2026-41", "CULTURE", False)
    assert any("Hervé Duquesne" in valeur for _, valeur in dit.suivi)
    assert all(ligne.precision.startswith("rang") for ligne in dit.lignes)
    assert "35,90" in " ".join(dit.mentions)


def test_after_the_regroupement_it_says_what_was_bought_and_the_share_of_shipping(monde: SimpleNamespace) -> None:
    de = commande(monde, EtatCommande.VALIDEE)
    monde.campagne.etat = EtatCampagne.CLOSE
    db.session.commit()
    regroupement.regrouper(monde.campagne.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    db.session.refresh(de)
    dit = papier(de)
    boites = dit.lignes[0]
    assert (boites.demandees, boites.commandees, boites.dont_en_plus) == (60, 100, 40)
    assert boites.montant_ht == Decimal("58.00") and dit.port_ht == Decimal("45.00")
    assert dit.totaux is not None and dit.totaux.total_ht == Decimal("104.10") and dit.prix == "définitifs"


def test_the_pdf_holds_it_all_and_a_draft_is_named_so(monde: SimpleNamespace) -> None:
    de = commande(monde, EtatCommande.BROUILLON, mode=ModeDeRemise.DEPOT)
    reponse = monde.client.get(f"/commandes/{de.id}/pdf")
    assert reponse.status_code == 200 and reponse.mimetype == "application/pdf"
    assert f"projet-commande-{de.id}.pdf" in reponse.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(reponse.data)) as pdf:
        assert len(pdf.pages) == 1 and "Wissant" in str(pdf.docinfo["/Title"])


def test_the_same_order_gives_the_same_bytes(monde: SimpleNamespace) -> None:
    dit = papier(commande(monde, EtatCommande.SOUMISE))
    assert rendre_commande(dit) == rendre_commande(dit)


def test_the_spreadsheet_has_a_row_an_article(monde: SimpleNamespace) -> None:
    de = commande(monde, EtatCommande.SOUMISE)
    lignes = list(csv.DictReader(io.StringIO(monde.client.get(f"/commandes/{de.id}/lignes.csv").text)))
    assert [(li["Référence"], li["Demandé (ferme)"], li["Montant HT"]) for li in lignes] == [
        ("BTE-10", "60", "34.80"),
        ("CHE-1", "10", "1.10"),
    ]
    reponse = monde.client.get(f"/commandes/{de.id}/lignes.xlsx")
    feuille = openpyxl.load_workbook(io.BytesIO(reponse.data)).active
    assert feuille is not None and feuille.max_row == 3
    assert monde.client.get(f"/commandes/{de.id}/lignes.doc").status_code == 404


def test_the_papers_of_another_body_are_not_there(monde: SimpleNamespace) -> None:
    autre = fabrique.commande(monde.campagne, fabrique.membre("Licques", de=monde.campagne), [(monde.boite, 5)])
    for adresse in ("pdf", "lignes.csv", "lignes.xlsx"):
        assert monde.client.get(f"/commandes/{autre.id}/{adresse}").status_code == 404


def test_the_links_stand_where_people_look(monde: SimpleNamespace) -> None:
    de = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 60)])
    assert f"/commandes/{de.id}/pdf" in monde.client.get(f"/commandes/{de.id}").text
    assert f"/commandes/{de.id}/lignes.xlsx" in monde.client.get(f"/commandes/{de.id}").text


def test_a_paper_whose_lines_do_not_make_its_total_is_refused(monde: SimpleNamespace) -> None:
    dit = papier(commande(monde, EtatCommande.BROUILLON))
    ligne = dit.lignes[0]
    with pytest.raises(PapierIncoherent, match="n°"):
        CommandePapier(**{nom: getattr(dit, nom) for nom in dit.__dataclass_fields__} | {"lignes": (ligne,)})
    with pytest.raises(PapierIncoherent, match="120 pour 100 admises"):
        trop = {nom: getattr(ligne, nom) for nom in LigneCommandePapier.__dataclass_fields__} | {"commandees": 120}
        CommandePapier(
            **{nom: getattr(dit, nom) for nom in dit.__dataclass_fields__}
            | {"lignes": (LigneCommandePapier(**trop), *dit.lignes[1:])}
        )
