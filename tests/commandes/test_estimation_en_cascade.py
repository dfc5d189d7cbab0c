"""What a basket announces is what the bons charge, once another titulaire takes them at its own prices and terms."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, Campagne, Commande, Desistement, LigneCommande, PartDePort
from groupement.commandes.queries.commandes import lignes_affichees
from groupement.commandes.queries.complement import manques
from groupement.commandes.queries.estimations import estimer_lignes
from groupement.commandes.queries.saisies import vue_saisie
from groupement.commandes.queries.suivi_campagne import suivi
from groupement.commandes.queries.vue_commande import vue_commande
from groupement.commandes.queries.vue_panier import VuePanier, vue_panier
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.estimation import ArticleDemande, estimer_ligne
from groupement.commandes.rules.phrases_du_prix import phrases_de_la_ligne
from groupement.commandes.rules.port_estime import montants_de_l_article, part_du_port
from groupement.commandes.rules.regroupement import regrouper
from groupement.commandes.rules.saisie_rapide import LigneSaisie
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.argent import en_centimes
from groupement.socle.calendrier import aujourdhui, jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, LE, campagne, commande, membre

D = Decimal
JOUR = jour_a_paris(LE)
SECOND = "Papeterie Y (fictive)"


class Reprise:
    """Tiers run over the marché: the first sold 900 boxes, the second 200 in a campagne the first declined.

    A window is open. Wissant wants 60 boxes, another body 100: four packs of 50, which with the 200 make 400 pieces
    for the tiers of the second.
    """

    def __init__(self, **termes: Any) -> None:
        self.lot = catalogue.lot(portee_palier=PorteePalier.MARCHE, franco_ht=D(1000), port_ht=D("45.00"))
        self.boite = catalogue.article(
            self.lot,
            reference="BTE-10",
            unites_par_colis=50,
            fractionnable=True,
            paliers="50:1.00|500:0.90|1000:0.80",
        )
        self.premier = self.lot.titulaires[0]
        propres = {"franco_ht": D(400), "port_ht": D("30.00")} | termes
        self.second = catalogue.titulaire(self.lot, SECOND, {self.boite: "50:1.10|300:1.05|1000:1.00"}, **propres)
        self.vendre("Campagne de printemps", 900)
        self.vendre("Campagne d’été", 200, decline=True)
        self.campagne = campagne(self.lot.marche)
        self.wissant = membre("Wissant", de=self.campagne)
        self.panier = commande(self.campagne, self.wissant, [(self.boite, 60)])
        commande(self.campagne, None, [(self.boite, 100)], etat=EtatCommande.VALIDEE)
        db.session.commit()

    def vendre(self, intitule: str, unites: int, *, decline: bool = False) -> None:
        """A campagne of before, whose bons are issued."""
        passee = campagne(self.lot.marche, intitule=intitule, etat=EtatCampagne.CLOSE)
        commande(passee, membre(de=passee), [(self.boite, unites)], etat=EtatCommande.VALIDEE)
        if decline:
            self.decliner(passee)
        db.session.commit()
        regroupement.regrouper(passee.id, par=AUTOMATE, le=APRES)
        db.session.commit()

    def decliner(self, quoi: Campagne) -> None:
        """The first declines a campagne."""
        declare = {"motif": "Rupture de carton.", "par": "Hélène Vasseur", "le": LE, "du": JOUR}
        db.session.add(Desistement(lot=self.lot, fournisseur=self.premier.fournisseur, campagne=quoi, **declare))
        db.session.flush()

    def changer_de_titulaire(self, pour_de_bon: bool) -> None:
        """The first declines: for good, or this campagne, which was reopened since."""
        if pour_de_bon:
            self.premier.retire_du = JOUR
        else:
            self.decliner(self.campagne)
        db.session.commit()
        db.session.expire_all()

    def vue(self) -> VuePanier:
        return vue_panier(self.wissant.id, JOUR, self.campagne.id)

    def regrouper(self) -> tuple[Affectation, list[PartDePort]]:
        """The order leaves as it is, the bons are issued: what Wissant is charged, its boxes and its shipping."""
        panier = db.session.get_one(Commande, self.panier.id)
        panier.etat, panier.soumise_le, panier.validee_le = EtatCommande.VALIDEE, LE, LE
        panier.soumise_par = panier.validee_par = "Claire Delattre"
        self.campagne.etat, self.campagne.close_le = EtatCampagne.CLOSE, APRES
        db.session.commit()
        regroupement.regrouper(self.campagne.id, par=AUTOMATE, le=APRES)
        db.session.commit()
        siennes = select(Affectation).join(LigneCommande).where(LigneCommande.commande_id == self.panier.id)
        ports = select(PartDePort).where(PartDePort.collectivite_id == self.wissant.id)
        return db.session.scalars(siennes).one(), list(db.session.scalars(ports))


@pytest.fixture(params=[True, False], ids=["for good", "this campagne"])
def pour_de_bon(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.mark.parametrize(
    ("franco", "port"),
    [
        ("400.00", "11.25"),  # 30 € × 63 € of the 168 € members order
        ("215.00", "11.25"),  # 210 € at the tier of 400 pieces; it would be reached at that of 200
        ("210.00", "0.00"),  # reached, though the lot's own is not
    ],
)
def test_a_basket_announces_what_the_bons_of_the_next_titulaire_charge(
    app: Any, pour_de_bon: bool, franco: str, port: str
) -> None:
    reprise = Reprise(franco_ht=D(franco))
    reprise.changer_de_titulaire(pour_de_bon)
    vue = reprise.vue()
    ligne, (annonce,) = vue.estimation.lignes[reprise.boite.id], vue.ports
    assert (ligne.prix_unitaire_ht, ligne.montant_ht) == (D("1.0500"), D("63.00"))
    assert (annonce.port_ht, annonce.franco_ht, annonce.marchandises_ht) == (D("30.00"), D(franco), D("210.00"))
    assert annonce.part_ht == D(port)
    part, ports = reprise.regrouper()
    assert (part.unites, part.montant_ht) == (60, ligne.montant_ht)
    assert part.ligne_bon is not None and part.ligne_bon.prix_unitaire_ht == ligne.prix_unitaire_ht
    assert sum((p.montant_ht for p in ports), D(0)) == annonce.part_ht
    assert part.ligne_bon.bon.fournisseur_id == reprise.second.fournisseur_id


def test_every_page_of_the_window_reads_the_same_price(app: Any, pour_de_bon: bool) -> None:
    reprise = Reprise()
    reprise.changer_de_titulaire(pour_de_bon)
    commande(reprise.campagne, None, [(reprise.boite, 10)], etat=EtatCommande.VALIDEE)  # a pack to complete
    saisie = vue_saisie(
        reprise.vue().fenetre, reprise.wissant.id, [LigneSaisie(1, "BTE-10", "60")], JOUR, remplacer=True
    )
    suivie = suivi(reprise.campagne, JOUR).articles[0]
    (manque,) = manques(reprise.campagne, JOUR)
    prix = {
        vue_commande(reprise.panier, JOUR).estimation.lignes[reprise.boite.id].prix_unitaire_ht,
        saisie.estimation.lignes[reprise.boite.id].prix_unitaire_ht,
        suivie.explication.prix_unitaire_ht,
        manque.demande.palier().prix_unitaire_ht,
    }
    assert prix == {D("1.0500")}


def test_the_basket_says_whose_prices_and_terms_they_are_and_counts_only_what_that_titulaire_sold(app: Any) -> None:
    reprise = Reprise()
    avant = reprise.vue()
    assert phrases(avant)[0].endswith("soit 200 en colis entiers ; 900 déjà achetées comptent aussi.")
    assert SECOND not in " ".join([*phrases(avant), avant.ports[0].phrase()])
    reprise.changer_de_titulaire(pour_de_bon=True)
    vue = reprise.vue()
    qui, combien, prix, _, meilleur = phrases(vue)
    assert qui == f"Un titulaire du lot a décliné : le suivant, {SECOND}, livre à ses propres prix et conditions."
    assert combien.endswith(f"soit 200 en colis entiers ; 200 déjà achetées chez {SECOND} comptent aussi.")
    assert prix == "À cette quantité, le prix est de 1,05 € HT l’unité au lieu de 1,10 €."
    assert meilleur == "Encore 600 unités dans le groupement pour passer à 1,00 € HT."
    assert vue.ports[0].phrase().replace("\u00a0", " ") == (
        "il manque 190,00 € HT à tout le groupement pour qu’il soit offert (à partir de 400,00 €). Aujourd’hui, ce "
        f"serait 30,00 € HT à partager, environ 11,25 € pour vous. Ce sont les conditions de {SECOND}, qui prend les "
        "bons du lot."
    )


def phrases(vue: VuePanier) -> list[str]:
    """« D’où vient ce prix ? », spaces made plain."""
    (ligne,) = vue.estimation.lignes.values()
    return [phrase.replace("\u00a0", " ") for phrase in phrases_de_la_ligne(ligne)]


def test_basket_order_and_quick_entry_name_that_titulaire_only_once_it_takes_the_bons(
    app: Any, client_de: Any, sql: Any
) -> None:
    reprise, jour = Reprise(), aujourdhui()
    reprise.campagne.du, reprise.campagne.au = jour - timedelta(days=3), jour + timedelta(days=3)
    db.session.commit()
    client = client_de(adherents.utilisateur(roles=[Role.AGENT], collectivite=reprise.wissant))
    chemin = f"/panier/{reprise.campagne.id}/saisie/apercu"

    def pages() -> list[str]:
        saisie = client.post(chemin, data={"collage": "BTE-10;60", "sens": "remplacer"})
        return [client.get("/panier").text, client.get(f"/commandes/{reprise.panier.id}").text, saisie.text]

    assert [SECOND in page for page in pages()] == [False] * 3
    reprise.premier.retire_du = jour
    db.session.commit()
    with sql() as envoyees:
        assert client.get("/panier").status_code == 200
    assert len(envoyees) <= 12, envoyees
    panier, commande, saisie = pages()
    for page in (panier, commande, saisie):
        assert f"le suivant, {SECOND}, livre à ses propres prix" in page and "63,00" in page
    assert f"Ce sont les conditions de {SECOND}" in panier


@pytest.mark.parametrize(
    ("du_lot", "du_second", "annonces"),
    [("0.00", "30.00", [D("30.00")]), ("45.00", "0.00", []), ("45.00", None, [D("45.00")])],
)
def test_shipping_is_that_of_the_titulaire_in_force_or_else_of_the_lot(
    app: Any, du_lot: str, du_second: str | None, annonces: list[Decimal]
) -> None:
    reprise = Reprise(port_ht=D(du_second) if du_second else None)
    reprise.lot.port_ht = D(du_lot)
    reprise.changer_de_titulaire(pour_de_bon=True)
    vue = reprise.vue()
    assert [port.port_ht for port in vue.ports] == annonces
    assert [lot.id for lot in vue.lots_sans_port] == ([] if annonces else [reprise.lot.id])
    _, ports = reprise.regrouper()
    assert sum((port.montant_ht for port in ports), D(0)) == vue.port_ht


def test_what_the_next_titulaire_does_not_price_has_no_price_and_no_shipping_in_the_basket(app: Any) -> None:
    reprise = Reprise()
    chemise = catalogue.article(reprise.lot, reference="CHE-1", paliers="1:2.00")
    db.session.add(LigneCommande(commande_id=reprise.panier.id, article_id=chemise.id, unites=200, rang=LE))
    reprise.changer_de_titulaire(pour_de_bon=True)
    vue = reprise.vue()
    assert vue.estimation.sans_prix == [chemise.id]
    assert (vue.estimation.total_ht, vue.ports[0].marchandises_ht) == (D("63.00"), D("210.00"))


def test_an_order_given_up_before_the_bons_does_not_count_twice_what_they_bought(app: Any) -> None:
    reprise = Reprise()
    annulee = commande(reprise.campagne, None, [(reprise.boite, 10)], etat=EtatCommande.ANNULEE)
    reprise.regrouper()
    estimation = vue_commande(annulee, JOUR).estimation
    assert estimation is not None
    explication = estimation.lignes[reprise.boite.id].explication
    assert explication is not None and (explication.unites_achetees, explication.unites_comptees) == (200, 1100)


@pytest.mark.parametrize("portee", PorteePalier)
def test_an_estimate_costs_the_same_whatever_the_lots_the_titulaires_and_the_members(
    app: Any, sql: Any, portee: PorteePalier
) -> None:
    reprise = Reprise()
    reprise.lot.portee_palier = portee
    reprise.changer_de_titulaire(pour_de_bon=False)
    for _ in range(8):
        lot = catalogue.lot(reprise.lot.marche, portee_palier=portee)
        article = catalogue.article(lot)
        catalogue.titulaire(lot, None, {article: "1:3.00"})
        commande(reprise.campagne, None, [(article, 5)], etat=EtatCommande.VALIDEE)
        db.session.add(LigneCommande(commande_id=reprise.panier.id, article_id=article.id, unites=5, rang=LE))
    db.session.commit()
    lignes = lignes_affichees(reprise.panier.id)
    with sql() as envoyees:
        estimation = estimer_lignes(reprise.campagne, lignes, JOUR, reprise.panier)
    assert len(estimation.lignes) == 9
    assert len(envoyees) == 3, envoyees  # lots with whom takes their bons, demand and what was sold before, prices


DEMANDES = st.lists(st.integers(1, 400), min_size=1, max_size=6)
PALIERS = st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(
    lambda crans: tuple(Palier(25 * cran, D(300 - cran) / 100) for cran in sorted(crans))
)


@given(DEMANDES, PALIERS, st.integers(1, 60), st.integers(0, 2000), st.integers(0, 60000))
def test_what_is_announced_is_what_the_rule_of_the_bons_charges(
    unites: list[int], paliers: tuple[Palier, ...], par_colis: int, deja: int, franco: int
) -> None:
    port, franco_ht = D("30.00"), D(franco) / 100
    lot = LotARegrouper(1, D(10**9), franco_ht=franco_ht, port_ht=port, unites_deja_achetees={7: deja})
    article = ArticleARegrouper(7, "BTE-10", 1, par_colis, D(20), paliers)
    demandes = [Demande(n, n, f"{n:09d}", 7, combien, 0, DEPOT, n) for n, combien in enumerate(unites, 1)]
    resultat = regrouper([lot], [article], demandes)
    (bon,), (premiere, *_) = resultat.bons, unites
    mien = estimer_ligne(ArticleDemande(7, premiere, sum(unites) - premiere, par_colis, D(20), paliers, deja))
    montants = montants_de_l_article(paliers, par_colis, sum(unites), deja)
    annonce = part_du_port(port, franco_ht, montants, mien_ht=mien.montant_ht)
    charge = sum((part.centimes for part in resultat.ports if part.collectivite_id == 1), 0)
    recu = sum(a.centimes for a in resultat.affectations if a.collectivite_id == 1)
    assert mien.prix_unitaire_ht == bon.lignes[0].prix_unitaire_ht
    assert montants.achetes_ht == bon.total_ht - bon.port_ht
    assert abs(en_centimes(mien.montant_ht) - recu) <= 1  # the shares of a line make it up exactly
    assert abs(en_centimes(annonce) - charge) <= 1
