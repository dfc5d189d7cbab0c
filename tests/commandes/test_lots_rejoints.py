"""What a body joined, met by its orders: lots, Chorus services, and a withdrawal while orders are under way."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.models import Adhesion
from groupement.adherents.states import EtatAdhesion, Role
from groupement.commandes.actions import commandes
from groupement.commandes.actions.commandes import CommandeIncomplete
from groupement.commandes.actions.imports import ImportRefuse
from groupement.commandes.actions.paniers import ajouter_article, reprendre_une_commande
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.achats import achat_possible
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from tests.commandes.test_commandes_imports import importer
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import LE


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """An open window of two lots, an article in each, and a body that joined the first lot only."""
    marche = catalogue.marche(lots=2)
    campagne = fabrique.campagne(marche)
    mairie = fabrique.membre("Wissant", de=campagne)
    adhesion = db.session.scalars(select(Adhesion)).one()
    adhesion.lots = [1]
    boite, rayonnage = (catalogue.article(lot, unites_par_colis=25) for lot in marche.lots)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT, Role.VALIDEUR], collectivite=mairie)
    db.session.commit()
    return SimpleNamespace(
        campagne=campagne, mairie=mairie, adhesion=adhesion, boite=boite, rayonnage=rayonnage, agent=agent
    )


def test_an_article_of_a_lot_not_joined_is_refused_with_the_sentence(monde: SimpleNamespace) -> None:
    with pytest.raises(RegleRefusee, match="n’a pas rejoint le lot 2"):
        ajouter_article(monde.campagne, monde.mairie.id, monde.rayonnage, 25, par=monde.agent, le=LE)
    assert not db.session.scalars(select(Commande)).all()
    ajouter_article(monde.campagne, monde.mairie.id, monde.boite, 25, par=monde.agent, le=LE)
    assert [ligne.article_id for ligne in db.session.scalars(select(LigneCommande))] == [monde.boite.id]


def test_the_catalogue_says_so_instead_of_the_buying_form(monde: SimpleNamespace) -> None:
    articles = achat_possible(monde.mairie.id, LE.date()).articles
    assert articles[monde.boite.id].hors_lot is None
    assert "lot 2" in (articles[monde.rayonnage.id].hors_lot or "")


def test_a_line_of_a_lot_left_since_keeps_the_order_from_leaving(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25), (monde.rayonnage, 25)])
    with pytest.raises(CommandeIncomplete, match=f"lot de l’article {monde.rayonnage.reference}"):
        commandes.soumettre(commande, commande.version, par=monde.agent, le=LE)


def test_last_year_s_order_comes_back_without_the_lots_not_joined(monde: SimpleNamespace) -> None:
    passee = fabrique.campagne(monde.campagne.marche, intitule="Printemps", etat=EtatCampagne.SOLDEE)
    lignes = [(monde.boite, 50), (monde.rayonnage, 25)]
    ancienne = fabrique.commande(passee, monde.mairie, lignes, etat=EtatCommande.SOLDEE)
    posees, absents = reprendre_une_commande(monde.campagne, ancienne, par=monde.agent, le=LE)
    assert len(posees) == 1 and monde.rayonnage.reference in absents[0]


def test_an_import_refuses_the_line_of_a_lot_not_joined(monde: SimpleNamespace) -> None:
    with pytest.raises(ImportRefuse) as refus:
        importer(monde.campagne, f"{monde.mairie.siren} {monde.boite.reference} 25",
                 f"{monde.mairie.siren} {monde.rayonnage.reference} 25")  # fmt: skip
    assert [(faute.ligne, faute.colonne) for faute in refus.value.fautes] == [(3, "reference")]
    assert not db.session.scalars(select(Commande)).all()


@pytest.mark.parametrize(("code", "accepte"), [("FIN", True), ("ARCHIVE", False), ("VIEUX", False), ("", True)])
def test_an_order_names_a_service_of_its_body(monde: SimpleNamespace, code: str, accepte: bool) -> None:
    adherents.service_chorus(monde.mairie, code="FIN")
    adherents.service_chorus(monde.mairie, code="VIEUX", actif=False)
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)], etat=EtatCommande.SOUMISE)
    if accepte:
        commandes.valider(commande, commande.version, code_service=code, par=monde.agent, le=LE)
        assert commande.code_service == code
    else:
        with pytest.raises(RegleRefusee, match="n’est pas un de ceux"):
            commandes.valider(commande, commande.version, code_service=code, par=monde.agent, le=LE)


@pytest.mark.parametrize(
    ("etat", "statut"),
    [
        (EtatCommande.BROUILLON, 303),
        (EtatCommande.SOUMISE, 422),
        (EtatCommande.VALIDEE, 422),
        (EtatCommande.REGROUPEE, 422),
        (EtatCommande.SERVIE, 303),
        (EtatCommande.ANNULEE, 303),
    ],
)
def test_a_body_leaves_once_nothing_is_under_way(
    monde: SimpleNamespace, client_de: Any, etat: EtatCommande, statut: int
) -> None:
    fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 25)], etat=etat)
    acheteur = client_de(adherents.utilisateur("Damien Vasseur", roles=[Role.ACHETEUR]))
    adresse = f"/adhesions/{monde.adhesion.id}/retrait"
    reponse = acheteur.post(adresse, data={"retiree_le": "2026-06-30", "motif": "Délibération 2026-41"})
    assert reponse.status_code == statut, reponse.text
    db.session.refresh(monde.adhesion)
    if statut == 303:
        assert (monde.adhesion.etat, monde.adhesion.retiree_le) == (EtatAdhesion.RETIREE, date(2026, 6, 30))
    else:
        assert "L2113-7" in reponse.text and monde.adhesion.etat is EtatAdhesion.SIGNEE
