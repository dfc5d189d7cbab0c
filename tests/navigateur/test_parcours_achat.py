"""Journey 2: the buyer watches, closes, reads the regroupement, sends the bons; the supplier confirms."""

import re
from decimal import Decimal

from playwright.sync_api import expect
from sqlalchemy import func, select

from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, LigneBon, PartDePort
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.states import EtatBonDeCommande, EtatCampagne, EtatCommande
from groupement.socle.courriels import Courriel, EtatCourriel
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import entrer, menu, montant, titre


def etiquette(page, libelle):
    """A key figure, by its label."""
    return page.locator(".etiquette").filter(has_text=libelle)


def entier(lieu):
    """The number a figure shows."""
    return int(re.sub(r"\D", "", lieu.locator(".etiquette-valeur").inner_text()))


def test_the_buyer_closes_reads_the_proof_and_sends_the_bons(demo, nouvelle_page, session):
    campagne = session.scalars(select(Campagne).where(FENETRES, Campagne.etat == EtatCampagne.OUVERTE)).one()
    numero, validees = campagne.id, compter(session, campagne.id, EtatCommande.VALIDEE)
    page = nouvelle_page()
    entrer(page, "Hélène Vasseur")
    menu(page, "Campagnes")
    page.get_by_role("link", name=campagne.intitule).click()

    # Watch: members, amounts, ceiling, next tiers.
    titre(page, campagne.intitule)
    assert entier(etiquette(page, "Commandes validées")) == validees
    expect(page.get_by_role("heading", name="Montants et plafonds, lot par lot")).to_be_visible()
    expect(page.get_by_role("heading", name="Les prix les plus proches de baisser")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Plafond du lot")
    sans_faute_axe(page)

    # Close, though some orders are not validated: the page says which.
    page.get_by_role("link", name="Clore la campagne").click()
    expect(page.get_by_role("main")).to_contain_text("La campagne n’est pas finie")
    expect(page.get_by_role("heading", name="Ces commandes ne seront pas achetées")).to_be_visible()
    page.get_by_role("button", name="Clore la campagne").click()

    # Preview: nothing is written; the proof says members + depot = bon.
    titre(page, "Aperçu du regroupement")
    expect(page.get_by_role("status").first).to_contain_text("La campagne est close.")
    assert bons_de(session, numero) == []
    annonce_ht = montant(etiquette(page, "Total HT").locator(".etiquette-valeur"))
    preuve = page.locator(".tableau-preuve").first.locator("tbody tr")  # one row a lot, its bons below
    expect(preuve).to_have_count(3)
    for ligne in preuve.all():
        expect(ligne).to_contain_text("Exacte")
        parts, port, depot, bon = (montant(case) for case in ligne.locator("td").all()[3:7])
        assert parts + port + depot == bon
    sans_faute_axe(page)

    # Send: not without saying that one has read.
    page.get_by_role("button", name="Envoyer les bons de commande").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.locator("#confirmer").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Envoyer les bons de commande").click()
    titre(page, "Regroupement fait")
    assert montant(etiquette(page, "Total HT").locator(".etiquette-valeur")) == annonce_ht
    bons = bons_de(session, numero)
    assert sum(bon.total_ht for bon in bons) == annonce_ht
    les_parts_font_le_bon(session, bons)
    les_numeros_se_suivent(session)
    assert compter(session, numero, EtatCommande.REGROUPEE) == validees

    # The paper, and the mail that waits to leave with it.
    premier = next(bon for bon in bons if bon.lot.numero == 1)
    page.get_by_role("link", name=premier.numero, exact=True).click()
    titre(page, f"Bon de commande {premier.numero}")
    sans_faute_axe(page)
    papier = page.request.get(page.get_by_role("link", name="Ouvrir le PDF").get_attribute("href"))
    assert papier.body().startswith(b"%PDF")
    expect(page.get_by_role("main")).to_contain_text(premier.fournisseur.courriel)
    courriel = session.scalars(
        select(Courriel).where(Courriel.destinataire == premier.fournisseur.courriel).order_by(Courriel.id.desc())
    ).first()
    assert courriel.etat is EtatCourriel.EN_ATTENTE
    assert premier.numero in courriel.sujet
    assert courriel.pieces

    # The supplier reads it and confirms; the buyer sees it.
    fournisseur = nouvelle_page()
    entrer(fournisseur, "Marc Petit")
    menu(fournisseur, "Bons reçus")
    fournisseur.get_by_role("row", name=re.compile(premier.numero)).get_by_role("link").click()
    sans_faute_axe(fournisseur)
    fournisseur.get_by_role("button", name="Ouvrir le bon de commande").click()
    expect(fournisseur.locator("main .phrase").first).to_contain_text("À confirmer")
    sans_faute_axe(fournisseur)
    fournisseur.get_by_role("button", name="Confirmer la réception").click()
    expect(fournisseur.get_by_role("status").first).to_be_visible()
    expect(fournisseur.get_by_role("button", name="Confirmer la réception")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("list", name="Où en est le bon")).to_contain_text("Confirmé")
    session.rollback()
    session.refresh(premier)
    assert premier.etat is EtatBonDeCommande.ACCUSE
    autre = next(bon for bon in bons if bon.lot.numero == 2)
    fournisseur.surveillance.tolerer(404)
    assert fournisseur.goto(f"/fournisseur/bons/{autre.id}").status == 404


def bons_de(session, campagne_id):
    """The bons of the campagne, read afresh."""
    session.rollback()
    return session.scalars(select(BonDeCommande).where(BonDeCommande.campagne_id == campagne_id)).all()


def compter(session, campagne_id, etat):
    """How many orders of the campagne are in that state."""
    session.rollback()
    return session.scalar(
        select(func.count()).select_from(Commande).where(Commande.campagne_id == campagne_id, Commande.etat == etat)
    )


def les_parts_font_le_bon(session, bons):
    """Σ shares of members and depot = each bon, to the centime."""
    for bon in bons:
        articles = session.scalar(
            select(func.sum(Affectation.montant_ht))
            .join(LigneBon, Affectation.ligne_bon_id == LigneBon.id)
            .where(LigneBon.bon_id == bon.id)
        )
        port = session.scalar(select(func.sum(PartDePort.montant_ht)).where(PartDePort.bon_id == bon.id)) or Decimal(0)
        assert articles + port == bon.total_ht


def les_numeros_se_suivent(session):
    """No gap in the numbers of the year."""
    numeros = session.scalars(select(BonDeCommande.numero).order_by(BonDeCommande.id)).all()
    suites = {}
    for texte in numeros:
        serie, rang = re.fullmatch(r"(.*?)(\d+)", texte).groups()
        suites.setdefault(serie, []).append(int(rang))
    assert all(rangs == list(range(1, len(rangs) + 1)) for rangs in suites.values()), suites
