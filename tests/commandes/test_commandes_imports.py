"""Orders entered by the buyer from a file: what is written, what is refused, what nobody loses, how many statements."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.models import PointDeLivraison
from groupement.adherents.states import Role
from groupement.commandes.actions.imports import ImportRefuse, importer_commandes
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.rules.import_commandes import LigneImportee
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, LE


@pytest.fixture
def campagne(app: Any) -> Campagne:
    """An open window that sells a box in packs of 50 and a folder in packs of 250."""
    campagne = fabrique.campagne()
    lot = campagne.marche.lots[0]
    catalogue.article(lot, reference="BTE-STD-10", unites_par_colis=50, paliers="50:0.58|500:0.54|2000:0.50")
    catalogue.article(lot, reference="CHE-120", unites_par_colis=250, paliers="250:0.118")
    return campagne


def lignes(*textes: str) -> list[LigneImportee]:
    """`siren reference unites [en_plus] [mode]`, numbered as in a file."""
    lues = []
    for numero, texte in enumerate(textes, 2):
        siren, reference, unites, *reste = texte.split()
        en_plus, mode = (reste + ["0", "livraison"][len(reste) :])[:2] if len(reste) < 2 else reste
        lues.append(LigneImportee(numero, siren, reference, int(unites), int(en_plus), mode))
    return lues


def importer(campagne: Campagne, *textes: str, le: datetime = LE) -> Any:
    """Import these lines."""
    return importer_commandes(campagne, lignes(*textes), par=AUTOMATE, le=le)


def commande_de(collectivite: Any) -> Commande:
    """The body's order, read afresh."""
    return db.session.scalars(
        select(Commande).filter_by(collectivite_id=collectivite.id).execution_options(populate_existing=True)
    ).one()


def test_a_body_without_an_order_gets_one_committed_at_the_tier_of_all(campagne: Campagne) -> None:
    un, deux = fabrique.membre("Wissant", de=campagne), fabrique.membre("Licques", de=campagne)
    bilan = importer(campagne, f"{un.siren} BTE-STD-10 434 10", f"{deux.siren} BTE-STD-10 60", f"{un.siren} CHE-120 30")
    assert (bilan.commandes_creees, bilan.commandes_completees, bilan.lignes, bilan.unites) == (2, 0, 3, 524)
    commande = commande_de(un)
    assert (commande.etat, commande.mode, commande.validee_par) == (
        *(EtatCommande.VALIDEE, ModeDeRemise.LIVRAISON),
        AUTOMATE.nom,
    )
    assert commande.point_de_livraison is not None and commande.validee_le == LE
    # 434 + 60 = 494, in packs 500: the second tier, for both bodies
    assert {(li.unites, li.unites_acceptees_en_plus, li.prix_unitaire_ht) for li in commande.lignes} == {
        (434, 10, Decimal("0.54")),
        (30, 0, Decimal("0.118")),
    }
    assert commande.total_ht == Decimal("237.90")
    faits = db.session.scalars(select(Evenement)).all()
    assert [(f.verbe, f.par, f.apres) for f in faits] == [("importer", AUTOMATE.nom, "validee")] * 2


def test_file_order_is_the_rank(campagne: Campagne) -> None:
    corps = [fabrique.membre(de=campagne) for _ in range(3)]
    importer(campagne, *(f"{c.siren} BTE-STD-10 50" for c in reversed(corps)))
    rangees = db.session.scalars(
        select(Commande.collectivite_id)
        .join(LigneCommande, LigneCommande.commande_id == Commande.id)
        .order_by(LigneCommande.rang)
    ).all()
    assert rangees == [c.id for c in reversed(corps)]


def test_lines_are_added_to_a_committed_order_which_stays_committed(campagne: Campagne) -> None:
    corps = fabrique.membre(de=campagne)
    importer(campagne, f"{corps.siren} BTE-STD-10 100 5")
    bilan = importer(campagne, f"{corps.siren} BTE-STD-10 34", f"{corps.siren} CHE-120 250", le=LE + timedelta(days=1))
    commande = commande_de(corps)
    assert (bilan.commandes_creees, bilan.commandes_completees, bilan.a_valider) == (0, 1, ())
    assert (commande.etat, commande.version) == (EtatCommande.VALIDEE, 2)
    assert [(li.unites, li.unites_acceptees_en_plus) for li in commande.lignes] == [(134, 5), (250, 0)]
    assert commande.lignes[0].rang == LE + timedelta(days=1)
    assert commande.total_ht == Decimal("107.22")


@pytest.mark.parametrize("etat", [EtatCommande.BROUILLON, EtatCommande.SOUMISE])
def test_a_basket_is_completed_but_not_committed_in_the_valideur_s_stead(
    campagne: Campagne, etat: EtatCommande
) -> None:
    corps = fabrique.membre("Wissant", de=campagne)
    adherents.utilisateur("Claire Delattre", roles=[Role.AGENT, Role.VALIDEUR], collectivite=corps)
    boite = campagne.marche.lots[0]
    article = db.session.scalars(db.select(fabrique.Article).filter_by(lot_id=boite.id, reference="BTE-STD-10")).one()
    fabrique.commande(campagne, corps, [(article, 50)], etat=etat, mode=ModeDeRemise.DEPOT)
    bilan = importer(campagne, f"{corps.siren} BTE-STD-10 30", f"{corps.siren} CHE-120 250")
    commande = commande_de(corps)
    assert (commande.etat, commande.mode, bilan.a_valider) == (etat, ModeDeRemise.DEPOT, ("Wissant",))
    assert sorted(li.unites for li in commande.lignes) == [80, 250]
    courriel = db.session.scalars(select(Courriel)).one()
    assert "pas encore validée" in courriel.corps and "Wissant" in courriel.corps


def test_a_body_without_a_place_gets_its_town_hall(campagne: Campagne) -> None:
    corps = adherents.collectivite("Licques", code_postal="62850", adresse="", ville="")
    adherents.adhesion(corps, campagne.marche.convention, signee_le=campagne.marche.consultation_le)
    assert importer(campagne, f"{corps.siren} BTE-STD-10 50").lieux_crees == ("Licques",)
    lieu = db.session.scalars(select(PointDeLivraison).filter_by(collectivite_id=corps.id)).one()
    assert (lieu.libelle, lieu.adresse, lieu.code_postal, lieu.ville) == ("Mairie", "Licques", "62850", "Licques")
    assert commande_de(corps).point_de_livraison_id == lieu.id


def test_the_depot_needs_no_place(campagne: Campagne) -> None:
    corps = adherents.collectivite("Licques", code_postal=None)
    adherents.adhesion(corps, campagne.marche.convention, signee_le=campagne.marche.consultation_le)
    importer(campagne, f"{corps.siren} BTE-STD-10 50 0 depot")
    assert (commande_de(corps).mode, commande_de(corps).point_de_livraison_id) == (ModeDeRemise.DEPOT, None)


def test_every_fault_is_named_by_line_and_nothing_is_written(campagne: Campagne) -> None:
    bon = fabrique.membre("Wissant", de=campagne)
    sans_lieu = adherents.collectivite("Licques", code_postal=None)
    adherents.adhesion(sans_lieu, campagne.marche.convention, signee_le=campagne.marche.consultation_le)
    sans_adhesion = adherents.collectivite("Bayenghem")
    autre = catalogue.article(catalogue.lot(), reference="AUTRE-1")
    catalogue.article(campagne.marche.lots[0], reference="SANS-PRIX", paliers=None)
    with pytest.raises(ImportRefuse) as refus:
        importer(
            campagne,
            f"{bon.siren} BTE-STD-10 50",
            "999999998 BTE-STD-10 50",
            f"{bon.siren} {autre.reference} 50",
            f"{sans_adhesion.siren} BTE-STD-10 50",
            f"{sans_lieu.siren} BTE-STD-10 50",
            f"{bon.siren} CHE-120 250 0 depot",
            f"{bon.siren} SANS-PRIX 5",
            f"{bon.siren} CHE-120 99999999",
        )
    attendues = [(f.ligne, f.colonne) for f in refus.value.fautes]
    assert attendues == [
        (3, "siren"),
        (4, "reference"),
        (5, "siren"),
        (6, "mode"),
        (7, "mode"),
        (8, "reference"),
        (9, "unites"),
    ]
    assert "Bayenghem" in refus.value.fautes[2].phrase() and "adhéré" in refus.value.fautes[2].phrase()
    assert not db.session.scalars(select(Commande)).all()


def test_a_closed_campagne_takes_nothing_but_late_paper_still_enters_an_open_one(campagne: Campagne) -> None:
    corps = fabrique.membre(de=campagne)
    assert importer(campagne, f"{corps.siren} BTE-STD-10 50", le=APRES).commandes_creees == 1
    campagne.etat, campagne.close_le = EtatCampagne.CLOSE, APRES
    db.session.flush()
    with pytest.raises(RegleRefusee, match="campagne ouverte"):
        importer(campagne, f"{corps.siren} BTE-STD-10 50", le=APRES)


def test_the_statements_do_not_depend_on_the_number_of_bodies(app: Any, sql: Any) -> None:
    comptes = []
    for nombre in (10, 1300):
        campagne = fabrique.campagne()
        article = catalogue.article(campagne.marche.lots[0], reference=f"R{nombre}", unites_par_colis=50)
        corps = _corps(campagne, nombre)
        deja = corps[: nombre // 2]
        importer(campagne, *(f"{siren} {article.reference} 50" for siren in deja))
        db.session.expire_all()
        campagne = db.session.get_one(Campagne, campagne.id)
        with sql() as envoyees:
            importer(campagne, *(f"{siren} {article.reference} 50" for siren in corps))
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 20, comptes


def _corps(campagne: Campagne, nombre: int) -> list[str]:
    """`nombre` bodies that may order, made in bulk; their SIREN."""
    premiers = [
        {
            "siren": f"{nombre:04}{rang:05}",
            "type": "commune",
            "nom": f"Commune {rang}",
            "nom_recherche": f"commune {rang}",
        }
        for rang in range(nombre)
    ]
    complement = {"code_postal": "62000", "adresse": "", "ville": "", "courriel": ""}
    flags = {"chorus_service_requis": False, "chorus_engagement_requis": False}
    db.session.execute(db.insert(adherents.Collectivite.__table__), [p | complement | flags for p in premiers])
    sirens = [p["siren"] for p in premiers]
    ids = db.session.scalars(select(adherents.Collectivite.id).where(adherents.Collectivite.siren.in_(sirens)))
    signee = campagne.marche.consultation_le
    db.session.execute(
        db.insert(adherents.Adhesion.__table__),
        [
            {
                "convention_id": campagne.marche.convention_id,
                "collectivite_id": i,
                "etat": "signee",
                "signee_le": signee,
            }
            | {"deliberation_numero": ""}
            for i in ids
        ],
    )
    return sirens
