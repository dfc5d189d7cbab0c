"""Journey 4: everything admitted is billed in one action, and paid by transfer or by card; an avoir corrects."""

import re
from decimal import Decimal

from playwright.sync_api import expect
from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import Affectation, Campagne
from groupement.demo.personnes import AYETTE
from groupement.refacturation.models import Avoir, Encaissement, Facture, Refacturation
from groupement.refacturation.states import EtatFacture, MoyenEncaissement
from groupement.socle.affichage import euros
from groupement.socle.courriels import Courriel
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import entrer, menu, montant, titre

CAMPAGNE = "Campagne complémentaire"


def etiquette(page, libelle):
    """The value of a key figure, by its label."""
    return page.locator(".etiquette").filter(has_text=libelle).locator(".etiquette-valeur")


def en_euros(valeur):
    """As a person types it."""
    return str(valeur).replace(".", ",")


def test_everything_admitted_is_billed_in_one_action_then_paid_and_corrected(demo, nouvelle_page, session):
    page = nouvelle_page()
    entrer(page, "Philippe Caudron")
    menu(page, "Refacturation")
    page.get_by_role("row").filter(has_text=CAMPAGNE).get_by_role("link", name="Voir l’aperçu").click()
    titre(page, f"À facturer : {CAMPAGNE}")
    annoncees, ht = int(etiquette(page, "Factures à émettre").inner_text()), montant(etiquette(page, "Total HT"))
    expect(page.get_by_role("main")).to_contain_text("Les comptes tombent juste")
    expect(page.get_by_role("main")).to_contain_text(f"Somme des factures : {euros(ht)} HT")
    sans_faute_axe(page)
    page.locator(".entete-action summary").click()
    page.get_by_role("button", name="Oui, émettre").click()
    titre(page, re.compile("^Refacturation du"))
    expect(page.get_by_role("status").first).to_contain_text(f"{annoncees} factures émises")
    expect(page.get_by_role("main")).to_contain_text("Les comptes tombent juste")
    sans_faute_axe(page)

    emises = factures_de(session, CAMPAGNE)
    assert len(emises) == annoncees
    assert sum(facture.total_ht for facture in emises) == ht
    assert all(facture.total_ttc == facture.total_ht + facture.total_tva for facture in emises)
    les_numeros_se_suivent(session)
    tout_l_admis_est_facture(session)
    menu(page, "Refacturation")
    a_facturer = page.get_by_role("table", name="Campagnes à facturer")
    expect(a_facturer.get_by_role("row").filter(has_text=CAMPAGNE)).to_have_count(0)

    # A facture: its paper, its mail, the transfer that pays it.
    payee, corrigee = emises[0], emises[1]
    menu(page, "Factures")
    page.get_by_label("Collectivité, SIREN ou numéro").fill(payee.numero)
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("link", name=payee.numero).click()
    titre(page, f"Facture {payee.numero}")
    papier = page.request.get(page.get_by_role("link", name="Télécharger le PDF").get_attribute("href"))
    assert papier.body().startswith(b"%PDF")
    assert session.scalar(select(func.count()).where(Courriel.sujet.contains(payee.numero))) >= 1
    page.get_by_label("Montant reçu").fill(en_euros(payee.total_ttc + 1))
    page.get_by_label("Référence du virement").fill("VIR 2611 0042")
    page.get_by_role("button", name="Enregistrer le virement").click()
    expect(page.locator(".champ-en-erreur").get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Référence du virement")).to_have_value("VIR 2611 0042")
    sans_faute_axe(page)
    page.get_by_label("Montant reçu").fill(en_euros(payee.total_ttc))
    page.get_by_role("button", name="Enregistrer le virement").click()
    expect(page.get_by_role("status").first).to_contain_text("la facture est payée")
    assert montant(etiquette(page, "Reste à payer")) == 0

    # Another one is wrong: an avoir gives one unit back, at its part of the line.
    page.goto(f"/factures/{corrigee.id}")
    page.get_by_role("link", name="Faire un avoir").click()
    page.get_by_role("button", name="Émettre l’avoir").click()
    expect(page.get_by_role("alert").first).to_contain_text("Écrivez pourquoi")
    page.get_by_label("Pourquoi cet avoir").fill("Une boîte facturée deux fois.")
    page.get_by_label("Unités à créditer").first.fill("1")
    sans_faute_axe(page)
    page.get_by_role("button", name="Émettre l’avoir").click()
    titre(page, f"Facture {corrigee.numero}")
    expect(page.get_by_role("main")).to_contain_text("Une boîte facturée deux fois.")
    papier = page.request.get(page.get_by_role("link", name=re.compile(r"\(PDF\)")).get_attribute("href"))
    assert papier.body().startswith(b"%PDF")

    session.rollback()
    session.expire_all()
    encaisse = session.scalars(select(Encaissement).where(Encaissement.facture_id == payee.id)).one()
    assert (encaisse.montant_ttc, encaisse.moyen) == (payee.total_ttc, MoyenEncaissement.VIREMENT)
    assert payee.etat is EtatFacture.PAYEE
    avoir = session.scalars(select(Avoir).where(Avoir.facture_id == corrigee.id)).one()
    assert montant(etiquette(page, "Reste à payer")) == corrigee.total_ttc - avoir.total_ttc == corrigee.reste_du_ttc
    assert avoir.total_ttc > 0


def test_a_late_facture_is_paid_by_card_after_giving_up_once(demo, nouvelle_page, session):
    due = session.scalars(
        select(Facture)
        .join(Facture.collectivite)
        .where(Collectivite.siren == AYETTE, Facture.etat == EtatFacture.EMISE)
    ).one()
    numero, somme = due.id, due.reste_du_ttc
    page = nouvelle_page()
    entrer(page, "Nathalie Caron", pour="Ayette")
    tache = page.get_by_role("listitem").filter(has_text="facture à payer")
    expect(tache).to_contain_text("en retard")
    tache.get_by_role("link", name="Voir et payer").click()
    titre(page, "Vos factures")
    expect(page.get_by_role("row").filter(has_text=due.numero)).to_contain_text("En retard")
    page.get_by_role("link", name=due.numero).click()
    sans_faute_axe(page)
    for bouton, phrase in (("Abandonner", "Paiement abandonné"), (f"Payer {euros(somme)}", "Paiement reçu")):
        page.get_by_role("button", name=f"Payer {euros(somme)} par carte").click()
        titre(page, "Paiement par carte (démonstration)")
        page.get_by_role("button", name=bouton, exact=True).click()
        titre(page, f"Paiement de la facture {due.numero}")
        expect(page.get_by_role("main")).to_contain_text(phrase)
        sans_faute_axe(page)
        session.rollback()
        assert session.get_one(Facture, numero, populate_existing=True).reste_du_ttc == (
            somme if bouton == "Abandonner" else Decimal(0)
        )
        page.get_by_role("link", name="Retour à la facture").click()
    expect(page.get_by_role("button", name=re.compile("par carte"))).to_have_count(0)
    expect(etiquette(page, "État")).to_contain_text("Payée")
    menu(page, "Accueil")
    expect(page.get_by_role("main")).not_to_contain_text("facture à payer")
    recu = session.scalars(select(Encaissement).where(Encaissement.facture_id == numero)).one()
    assert (recu.montant_ttc, recu.moyen) == (somme, MoyenEncaissement.CARTE)

    # The Centre de gestion sees it too.
    comptable = nouvelle_page()
    entrer(comptable, "Philippe Caudron")
    comptable.goto(f"/factures/{numero}")
    expect(comptable.get_by_role("main")).to_contain_text("Carte")
    expect(etiquette(comptable, "État")).to_contain_text("Payée")


def factures_de(session, intitule):
    """The factures of a campagne, in the order of issue."""
    session.rollback()
    return session.scalars(
        select(Facture)
        .join(Facture.refacturation)
        .join(Refacturation.campagne)
        .where(Campagne.intitule == intitule)
        .order_by(Facture.id)
    ).all()


def les_numeros_se_suivent(session):
    """No gap in the numbers of any year."""
    suites = {}
    for texte in session.scalars(select(Facture.numero).order_by(Facture.id)):
        serie, rang = re.fullmatch(r"(.*?)(\d+)", texte).groups()
        suites.setdefault(serie, []).append(int(rang))
    assert all(rangs == list(range(1, len(rangs) + 1)) for rangs in suites.values()), suites


def tout_l_admis_est_facture(session):
    """Nothing admitted is left, nothing else is billed."""
    reste = session.scalar(
        select(func.count())
        .select_from(Affectation)
        .join(Affectation.ligne_bon)
        .where(Affectation.collectivite_id.is_not(None), Affectation.unites_facturees != Affectation.unites_admises)
    )
    assert reste == 0
