"""Journey 3: at the door of the town hall, then at the buyer's desk; what is refused is not billed."""

import io
import re
from decimal import Decimal

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import BonDeCommande, Campagne
from groupement.demo.personnes import AYETTE
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.argent import arrondir
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import attendre, entrer, menu, montant, titre

CAMPAGNE = "Campagne complémentaire"
RAYONNAGES = "Rayonnages de l’Artois"
SUIVANT, DEPART = "RF-100-35-220-S", "RF-100-35-220-D"


@pytest.fixture
def livraison_d_ayette(demo, session):
    """The shelving that Ayette waits for: one first bay, three more, and the fitting."""

    def lire():
        session.rollback()
        session.expire_all()
        return next(
            livraison
            for livraison in session.scalars(
                select(Livraison)
                .join(Livraison.bon)
                .join(BonDeCommande.campagne)
                .join(Livraison.collectivite)
                .where(Campagne.intitule == CAMPAGNE, Collectivite.siren == AYETTE)
            )
            if RAYONNAGES in livraison.bon.fournisseur.nom
        )

    return lire


def par_reference(livraison):
    """The shares of the delivery, by the reference of the article."""
    return {ligne.affectation.article.reference: ligne.affectation for ligne in livraison.lignes}


def photo():
    """A picture as a phone takes it."""
    sortie = io.BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(sortie, "JPEG", quality=85)
    return {"name": "IMG_0117.jpg", "mimeType": "image/jpeg", "buffer": sortie.getvalue()}


TEXTE = {"name": "montant.jpg", "mimeType": "image/jpeg", "buffer": b"Ceci est un texte, pas une photo."}


def test_what_is_damaged_or_missing_is_decided_and_never_billed(nouvelle_page, livraison_d_ayette):
    agent = nouvelle_page()
    entrer(agent, "Nathalie Caron", pour="Ayette")
    agent.get_by_role("link", name="Dire ce qui est arrivé").click()
    titre(agent, "Vos livraisons")
    agent.get_by_role("row").filter(has_text=RAYONNAGES).get_by_role("link", name="J’ai reçu").click()
    titre(agent, "J’ai reçu la livraison")

    # One bay too few; one of the three others is bent. A text is no photo, and the rest stays typed.
    agent.get_by_label("Numéro du bon de livraison du transporteur").fill("BL-7781")
    agent.get_by_role("group", name=re.compile(DEPART)).get_by_label("Unités livrées").fill("0")
    tordu = agent.get_by_role("group", name=re.compile(SUIVANT))
    tordu.get_by_text("Un problème").click()
    tordu.get_by_label("Dont unités refusées").fill("1")
    tordu.get_by_label("Pourquoi les refusez-vous").select_option(label="Abîmé")
    tordu.get_by_label("Ce que vous avez vu").fill("Un montant est tordu.")
    tordu.get_by_label("Photo").set_input_files(TEXTE)
    agent.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    expect(tordu.get_by_role("alert")).to_contain_text("n’est pas une photo")
    expect(tordu.get_by_label("Dont unités refusées")).to_have_value("1")
    expect(tordu.get_by_label("Ce que vous avez vu")).to_have_value("Un montant est tordu.")
    expect(agent.get_by_label("Numéro du bon de livraison")).to_have_value("BL-7781")
    assert livraison_d_ayette().etat is EtatLivraison.ANNONCEE
    sans_faute_axe(agent)
    tordu.get_by_label("Photo").set_input_files(photo())
    agent.get_by_role("button", name="Enregistrer ce que j’ai reçu").click()
    titre(agent, re.compile("^Livraison du bon"))
    expect(agent.get_by_role("main")).to_contain_text("Le Centre de gestion est prévenu")
    attendre(agent, "[...document.images].every(image => image.complete && image.naturalWidth)")
    sans_faute_axe(agent)
    recue = livraison_d_ayette()
    assert (recue.etat, recue.receptionnee_par) == (EtatLivraison.EN_VERIFICATION, "Nathalie Caron")

    # The buyer finds it among what is to decide, looks at the photo, accepts the rest, waits for nothing.
    acheteur = nouvelle_page()
    entrer(acheteur, "Hélène Vasseur")
    menu(acheteur, "Livraisons")
    acheteur.get_by_role("navigation", name="Livraisons par étape").get_by_role(
        "link", name=re.compile("À décider")
    ).click()
    ligne = acheteur.get_by_role("row").filter(has_text="Ayette").filter(has_text=RAYONNAGES)
    ligne.get_by_role("link", name="Décider").click()
    titre(acheteur, "Décider de la livraison")
    article = acheteur.get_by_role("row").filter(has_text=SUIVANT)
    expect(article).to_contain_text("Un montant est tordu.")
    expect(article.get_by_role("img", name=re.compile("Photo"))).to_be_visible()
    image = acheteur.request.get(article.get_by_role("link", name=re.compile("Photo")).get_attribute("href"))
    assert Image.open(io.BytesIO(image.body())).format == "JPEG"
    sans_faute_axe(acheteur)
    acheteur.get_by_label("Accepter ce qui est arrivé en bon état").check()
    acheteur.get_by_label("Ne plus rien attendre").check()
    acheteur.get_by_label("Motif").fill("Le montant tordu et l’élément manquant seront recommandés.")
    acheteur.get_by_role("button", name="Enregistrer la décision").click()
    expect(acheteur.get_by_role("main")).to_contain_text("Livraison acceptée.")
    agent.reload()
    expect(agent.get_by_role("main")).to_contain_text("seront recommandés")
    decidee = livraison_d_ayette()
    parts = par_reference(decidee)
    assert decidee.etat is EtatLivraison.ADMISE
    assert (parts[SUIVANT].unites_admises, parts[SUIVANT].unites_refusees) == (2, 1)
    assert (parts[DEPART].unites_admises, parts[DEPART].unites_refusees) == (0, 1)

    # What the comptable would bill: two thirds of the bays, the fitting, nothing of what was refused.
    attendu = sum(arrondir(part.montant_ht * part.unites_admises / part.unites) for part in parts.values())
    comptable = nouvelle_page()
    entrer(comptable, "Philippe Caudron")
    menu(comptable, "Refacturation")
    comptable.get_by_role("link", name=CAMPAGNE, exact=True).click()
    expect(comptable.get_by_role("main")).to_contain_text("Les comptes tombent juste")
    comptable.get_by_label("Nom ou SIREN").fill("Ayette")
    comptable.get_by_role("button", name="Filtrer").click()
    comptable.get_by_role("link", name="Ayette", exact=True).click()
    titre(comptable, "Future facture : Ayette")
    expect(comptable.get_by_role("main")).not_to_contain_text(DEPART)
    assert montant(comptable.locator(".totaux > div").first) == attendu
    assert Decimal(0) < attendu < sum(part.montant_ht for part in parts.values())
    sans_faute_axe(comptable)
