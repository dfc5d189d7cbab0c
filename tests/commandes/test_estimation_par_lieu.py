"""In a lot where each delivery place has its bon and each bon its tier, a basket announces what its bon charges."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, LigneCommande, PartDePort
from groupement.commandes.queries.commandes import lignes_affichees
from groupement.commandes.queries.complement import manques
from groupement.commandes.queries.panier_estime import estimer_le_panier
from groupement.commandes.rules.phrases_du_prix import nom_du_prix, phrase_du_gain_suivant, phrases_de_la_ligne
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre

D = Decimal
JOUR = jour_a_paris(LE)
DEPOT = {"mode": ModeDeRemise.DEPOT}


@pytest.fixture
def reliures(app: Any) -> SimpleNamespace:
    """Binders by 10 in two tiers, shipping below 300 €. Zutkerque has 60 delivered, Vimy 25 and accepts 5 more,
    Audresselles 15 on paper; Condette collects 24, so that the depot's bon has 29.
    """
    lot = catalogue.lot(franco_ht=D(300), port_ht=D("20.00"), portee_palier=PorteePalier.BON)
    lot.un_bon_par_lieu = True
    article = catalogue.article(lot, reference="REL-A4", unites_par_colis=10, paliers="1:10.00|50:8.00")
    de = campagne(lot.marche)
    for nom, unites, en_plus, ou in (
        ("Zutkerque", 60, 0, {}),
        ("Vimy", 25, 5, {}),
        ("Audresselles", 15, 0, {}),
        ("Condette", 24, 0, DEPOT),
    ):
        commande(de, membre(nom, de=de), [(article, unites, en_plus)], etat=EtatCommande.VALIDEE, **ou)
    db.session.commit()
    return SimpleNamespace(lot=lot, article=article, campagne=de, wissant=membre("Wissant", de=de))


def commander(reliures: SimpleNamespace, unites: int, en_plus: int = 0, *, depot: bool = False) -> Any:
    """The basket of Wissant."""
    ligne = (reliures.article, unites, en_plus)
    return commande(reliures.campagne, reliures.wissant, [ligne], **(DEPOT if depot else {}))


def regrouper(reliures: SimpleNamespace, panier: Any) -> tuple[Decimal, Decimal]:
    """The order leaves as it is and the bons are issued: what Wissant is charged for articles, and for shipping."""
    panier.etat, panier.soumise_le, panier.validee_le = EtatCommande.VALIDEE, LE, LE
    panier.soumise_par = panier.validee_par = "Claire Delattre"
    reliures.campagne.etat, reliures.campagne.close_le = EtatCampagne.CLOSE, APRES
    db.session.commit()
    regroupement.regrouper(reliures.campagne.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    siennes = select(func.sum(Affectation.montant_ht)).join(LigneCommande)
    ports = select(func.sum(PartDePort.montant_ht)).where(PartDePort.collectivite_id == reliures.wissant.id)
    charge = db.session.scalar(siennes.where(LigneCommande.commande_id == panier.id))
    return charge or D(0), db.session.scalar(ports) or D(0)


@pytest.mark.parametrize("portee", [PorteePalier.BON, PorteePalier.CAMPAGNE])
@pytest.mark.parametrize(
    ("unites", "depot", "par_bon", "port"),
    [
        (30, False, "300.00", "0.00"),  # 300 € at 10 €: its own bon reaches the franco, not the tier
        (20, False, "200.00", "20.00"),
        (50, False, "400.00", "0.00"),
        (10, True, "100.00", None),  # 39 pieces on the depot's bon
        (16, True, "128.00", None),  # 45 pieces, 50 in packs
    ],
)
def test_what_is_announced_is_what_the_bon_of_the_place_charges(
    reliures: SimpleNamespace, portee: PorteePalier, unites: int, depot: bool, par_bon: str, port: str | None
) -> None:
    reliures.lot.portee_palier = portee
    panier = commander(reliures, unites, depot=depot)
    estimation, (annonce,), _ = estimer_le_panier(panier, lignes_affichees(panier.id), JOUR)
    if portee is PorteePalier.BON:
        assert estimation.total_ht == D(par_bon)
        assert port is None or annonce.part_ht == D(port)
    assert regrouper(reliures, panier) == (estimation.total_ht, annonce.part_ht)


@pytest.mark.parametrize(
    ("unites", "montant"),
    [
        (55, "450.00"),  # 50 at its place, 5 with the 29 of the depot: 40 pieces in packs, at 10 €
        (45, "450.00"),
        (5, "50.00"),
    ],
)
def test_what_fills_no_pack_on_paper_has_the_price_of_the_depot(
    reliures: SimpleNamespace, unites: int, montant: str
) -> None:
    panier = commander(reliures, unites)
    estimation, *_ = estimer_le_panier(panier, lignes_affichees(panier.id), JOUR)
    assert estimation.total_ht == D(montant)
    assert regrouper(reliures, panier)[0] == D(montant)


def test_the_sentences_promise_nothing_of_what_others_ask(reliures: SimpleNamespace) -> None:
    livree = phrases(reliures, commander(reliures, 40))
    assert livree[1:4] == [
        "Dans ce lot, chaque lieu de livraison a son bon, et chaque bon son prix : pour ce qui vous est livré, seule "
        "votre commande compte, 40 unités.",
        "À cette quantité, c’est le prix de base : 10,00 € HT l’unité.",
        "40 × 10,00 € = 400,00 € HT.",
    ]
    assert livree[4:] == [
        "Encore 10 unités dans votre commande pour passer à 8,00 € HT.",
        "Vous y gagneriez 80,00 € HT.",
    ]
    assert livree[0] == "Le prix de votre livraison"
    assert "groupement" not in " ".join(livree)


def test_the_sentences_of_the_depot_count_what_is_collected_there(reliures: SimpleNamespace) -> None:
    nom, combien, *_, suivant, gain = phrases(reliures, commander(reliures, 6, depot=True))
    assert nom == "Le prix du retrait au dépôt"
    assert combien.endswith("35 unités à retirer au dépôt comptent ensemble à ce jour, les vôtres comprises, soit 40 "
                            "en colis entiers.")  # fmt: skip
    assert suivant == "Encore 10 unités à retirer au dépôt pour passer à 8,00 € HT."
    assert gain == "Tous les retraits y gagneraient 70,00 € HT, dont 12,00 € pour vous."


def test_a_line_in_two_parts_says_both(reliures: SimpleNamespace) -> None:
    dites = phrases(reliures, commander(reliures, 55))
    assert "50 × 8,00 € = 400,00 € HT." in dites
    assert dites[-3] == (
        "En plus des colis entiers, 5 unités à retirer au dépôt, avec le bon du dépôt : 5 × 10,00 € = 50,00 € HT."
    )


def phrases(reliures: SimpleNamespace, panier: Any) -> list[str]:
    """The name of the gauge, « D’où vient ce prix ? », what the next tier would spare; spaces made plain."""
    estimation, *_ = estimer_le_panier(panier, lignes_affichees(panier.id), JOUR)
    ligne = estimation.lignes[reliures.article.id]
    dites = [nom_du_prix(ligne), *phrases_de_la_ligne(ligne), phrase_du_gain_suivant(ligne)]
    return [phrase.replace("\u00a0", " ") for phrase in dites]


def test_only_packs_of_the_depot_are_completed_and_no_tier_is_within_reach(reliures: SimpleNamespace) -> None:
    """124 asked in all: nothing of it is one bon."""
    (manque,) = manques(reliures.campagne, JOUR)
    assert (manque.demande.fermes, manque.demande.acceptees_en_plus, manque.palier) == (29, 0, None)
    assert manque.colis is not None and manque.colis.unites_manquantes == 1
    reliures.lot.portee_palier = PorteePalier.CAMPAGNE
    (commun,) = manques(reliures.campagne, JOUR)
    assert (commun.demande.fermes, commun.colis and commun.colis.unites_manquantes) == (124, 1)


@pytest.mark.parametrize("depot", [False, True])
def test_it_costs_three_statements(reliures: SimpleNamespace, sql: Any, depot: bool) -> None:
    panier = commander(reliures, 30, depot=depot)
    lignes = lignes_affichees(panier.id)
    with sql() as envoyees:
        estimer_le_panier(panier, lignes, JOUR)
    assert len(envoyees) == 3, envoyees
