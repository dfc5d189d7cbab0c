"""Page, command line, real run and database give the same figures, on random campagnes that the buyer has changed."""

import csv
import io
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions.ajustements import ajuster
from groupement.commandes.models import BonDeCommande, LigneBon, PartDePort
from groupement.commandes.queries.ajustements import Cible
from groupement.commandes.queries.verification import verifier
from groupement.commandes.states import EtatCampagne, EtatCommande, GenreAjustement
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from groupement.stock.models import MouvementStock
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre

ECARTER, REPORTER, VISER, AJOUTER = GenreAjustement
POURQUOI = "Le fournisseur manque de carton."


def au_hasard(graine):
    """A random campagne: two lots, shipping, stock, extras, and decisions of every kind."""
    hasard = Random(graine)
    jour = aujourdhui()
    marche = catalogue.marche(du=jour.replace(month=1, day=1), au=jour.replace(year=jour.year + 2, month=1, day=1))
    lots = [
        catalogue.lot(marche, plafond_ht=Decimal(900_000), franco_ht=Decimal(5000), port_ht=Decimal("37.31"))
        for _ in range(2)
    ]
    articles = [
        catalogue.article(
            hasard.choice(lots),
            reference=f"ART-{n}",
            fractionnable=True,
            unites_par_colis=hasard.choice([1, 10, 25, 50]),
            paliers=catalogue.paliers("1:0.5837|300:0.5411|900:0.4999"),
        )
        for n in range(6)
    ]
    fenetre = campagne(marche, etat=EtatCampagne.CLOSE, du=jour, au=jour)
    for article in articles[:3]:
        entree = {"depot_id": fenetre.depot_id, "article_id": article.id, "unites": 40, "valeur_ht": Decimal("17.77")}
        db.session.add(MouvementStock(**entree, motif="Surplus", par="Amélie", le=APRES))
    commandes = [
        commande(
            fenetre,
            membre(de=fenetre),
            [(a, hasard.randint(1, 120), hasard.randint(0, 30)) for a in hasard.sample(articles, 4)],
            etat=EtatCommande.VALIDEE,
        )
        for _ in range(12)
    ]
    for genre, unites, cible in (
        (AJOUTER, 2 * articles[0].unites_par_colis, Cible(article=articles[0])),
        (VISER, 900, Cible(article=articles[1])),
        (REPORTER, 0, Cible(article=articles[2])),
        (ECARTER, 0, Cible(commande=commandes[3])),
        (REPORTER, 0, Cible(commande=commandes[5], article=commandes[5].lignes[0].article)),
    ):
        ajuster(fenetre.id, cible, genre, POURQUOI, unites, par=AUTOMATE, le=APRES)
    db.session.commit()
    return fenetre


def figures(document):
    """Of a document of the command line: amounts of each bon, share of each body and article, refusals."""
    bons = {bon["lot"]: (bon["port_ht"], bon["total_ht"], bon["total_ttc"]) for bon in document["bons"]}
    parts = {
        (part["siren"], ligne["reference"]): (ligne["unites"], Decimal(ligne["montant_ht"]))
        for part in document["parts"]
        for ligne in part["lignes"]
    }
    return bons, parts, document["refus"]


@pytest.mark.parametrize("graine", range(4))
def test_page_command_line_real_run_and_database_give_the_same_figures(app, client_de, groupement, graine):
    fenetre = au_hasard(graine)
    client = client_de(adherents.utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))
    db.session.commit()
    adresse = f"/campagnes/{fenetre.id}/regroupement/membres?format=csv&depuis_le_stock=1"
    page = list(csv.DictReader(io.StringIO(client.get(adresse).text)))
    options = ("regrouper", "--campagne", fenetre.id, "--depuis-le-stock", "--json")
    apercu = groupement(*options, "--previsualiser")
    reel = groupement(*options)
    assert apercu.code == reel.code == 0
    assert figures(apercu.json) == figures(reel.json)
    bons, parts, refus = figures(reel.json)
    assert len(refus) >= 3 and all(POURQUOI in refuse["motif"] for refuse in refus)
    du_bon = {
        (ligne["SIREN"], ligne["Référence"]): (int(ligne["Unités"]), Decimal(ligne["Montant HT"]))
        for ligne in page
        if ligne["Origine"] == "Bon de commande"
    }
    assert du_bon == parts
    db.session.expire_all()
    assert {str(total) for total in db.session.scalars(select(BonDeCommande.total_ht))} == {b[1] for b in bons.values()}
    assert verifier(fenetre).est_exacte
    _sums_of_the_database(page)


def _sums_of_the_database(page):
    """Units, amounts and shipping: the file of the page against the rows."""
    unites = sum(int(li["Unités"]) for li in page if li["Origine"] in ("Bon de commande", "Surplus"))
    montant = sum(Decimal(li["Montant HT"]) for li in page if li["Origine"] in ("Bon de commande", "Surplus"))
    ports = sum(Decimal(li["Montant HT"]) for li in page if li["Origine"] == "Port")
    assert db.session.execute(select(func.sum(LigneBon.unites), func.sum(LigneBon.montant_ht))).one() == (
        unites,
        montant,
    )
    assert db.session.scalar(select(func.sum(PartDePort.montant_ht))) == ports
