"""An order received on paper: typed by the buyer, shown first, written in the body's name for everybody to see."""

import io
import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from groupement.adherents.states import Role
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.journal import Evenement
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import LE

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
PDF += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.fixture
def bureau(app, client_de) -> SimpleNamespace:
    """A window open today, a body with an agent, a buyer at the desk."""
    jour = aujourdhui()
    marche = catalogue.marche(
        lots=1,
        du=jour - timedelta(days=300),
        au=jour + timedelta(days=300),
        consultation_le=jour - timedelta(days=400),
    )
    campagne = fabrique.campagne(marche, du=jour - timedelta(days=9), au=jour + timedelta(days=9))
    article = catalogue.article(marche.lots[0], reference="BTE-10", paliers="25:1.61")
    corps = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=corps)
    acheteur = adherents.utilisateur("Nadia Caron", roles=[Role.ACHETEUR])
    db.session.commit()
    return SimpleNamespace(
        **{"campagne": campagne, "corps": corps, "article": article, "agent": agent},
        **{"client": client_de(acheteur), "client_de": client_de},
        page=f"/campagnes/{campagne.id}/commandes-papier",
    )


def feuille(bureau: SimpleNamespace, **champs: Any) -> dict[str, Any]:
    """What the sheet says, as the form sends it."""
    return {
        "collectivite": f"Wissant ({bureau.corps.siren})",
        "recu_le": f"{aujourdhui():%d/%m/%Y}",
        "signe_par": "Jean Leroy, maire",
        "mode": "livraison",
        "lignes": "BTE-10\t30",
        "version": "0",
        **champs,
    }


def lue(reponse: Any) -> str:
    """The words of a page, spaces made plain."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reponse.text)).split())


def test_the_preview_writes_nothing_and_says_what_it_would_write(bureau) -> None:
    page = bureau.client.post(f"{bureau.page}/apercu", data=feuille(bureau))
    assert page.status_code == 200
    assert "Rien n’est encore enregistré" in lue(page) and "48,30 €" in lue(page)
    assert db.session.scalars(db.select(Commande)).all() == []


def test_the_order_is_committed_by_the_signature_and_everybody_sees_it_came_on_paper(bureau) -> None:
    scan = (io.BytesIO(PDF), "bon.pdf")
    reponse = bureau.client.post(bureau.page, data=feuille(bureau, engagement="E-12", lettre=scan))
    assert reponse.status_code == 303
    (commande,) = db.session.scalars(db.select(Commande))
    assert (commande.etat, commande.engagement) == (EtatCommande.VALIDEE, "E-12")
    assert commande.validee_par == "Jean Leroy, maire (papier)" and commande.papier_recu_le == aujourdhui()
    assert [ligne.unites for ligne in commande.lignes] == [30]  # not a whole pack: paper says what it says
    membre = bureau.client_de(bureau.agent)
    assert "Saisie d’après un bon papier" in lue(membre.get(f"/commandes/{commande.id}"))
    papier = membre.get(f"/commandes/{commande.id}/papier")
    assert (papier.content_type, papier.data) == ("application/pdf", PDF)
    assert "reçue sur papier le" in lue(bureau.client.get(f"/campagnes/{bureau.campagne.id}/commandes"))
    verbes = db.session.scalars(db.select(Evenement.verbe).where(Evenement.objet == "commande")).all()
    assert verbes == ["importer", "saisir d’après papier"]
    (courriel,) = db.session.scalars(db.select(Courriel))
    assert courriel.destinataire == bureau.agent.email and "signé par Jean Leroy, maire" in courriel.corps


def test_lines_are_added_to_a_basket_that_its_valideur_still_commits(bureau) -> None:
    commande = fabrique.commande(bureau.campagne, bureau.corps, [(bureau.article, 25)], mode=ModeDeRemise.DEPOT)
    db.session.commit()
    page = bureau.client.post(f"{bureau.page}/apercu", data=feuille(bureau))
    assert "son valideur devra encore le valider" in lue(page)
    version = {"version": str(commande.version)}
    assert bureau.client.post(bureau.page, data=feuille(bureau, **version)).status_code == 303
    db.session.refresh(commande)
    assert (commande.etat, commande.mode) == (EtatCommande.BROUILLON, ModeDeRemise.DEPOT)
    assert [ligne.unites for ligne in commande.lignes] == [55]
    assert commande.papier_signe_par == "Jean Leroy, maire"


def test_an_order_that_moved_since_the_preview_is_shown_again(bureau) -> None:
    fabrique.commande(bureau.campagne, bureau.corps, [(bureau.article, 25)])
    db.session.commit()
    reponse = bureau.client.post(bureau.page, data=feuille(bureau, version="0"))
    assert reponse.status_code == 409 and "a changé entre-temps" in lue(reponse)
    assert db.session.scalars(db.select(LigneCommande.unites)).all() == [25]


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"collectivite": "Nulle-Part"}, "Choisissez une collectivité de la liste"),
        ({"signe_par": " "}, "qui a signé"),
        ({"recu_le": "hier"}, "hier"),
        ({"recu_le": f"{aujourdhui() + timedelta(days=1):%d/%m/%Y}"}, "dans l’avenir"),
        ({"recu_le": f"{aujourdhui() - timedelta(days=400):%d/%m/%Y}"}, "Vérifiez l’année"),
        ({"lignes": ""}, "référence et une quantité"),
    ],
)
def test_what_is_missing_is_said_by_its_field(bureau, champs: dict[str, str], phrase: str) -> None:
    page = bureau.client.post(f"{bureau.page}/apercu", data=feuille(bureau, **champs))
    assert page.status_code == 422 and phrase in page.text
    assert db.session.scalars(db.select(Commande)).all() == []


def test_an_article_nobody_sells_is_refused_with_nothing_written(bureau) -> None:
    reponse = bureau.client.post(bureau.page, data=feuille(bureau, lignes="BTE-99\t30"))
    assert reponse.status_code == 409 and "Corrigez d’abord les lignes" in lue(reponse)
    assert db.session.scalars(db.select(Commande)).all() == []


def test_a_body_whose_invoices_need_a_number_must_have_written_it(bureau) -> None:
    bureau.corps.chorus_engagement_requis = True
    db.session.commit()
    reponse = bureau.client.post(bureau.page, data=feuille(bureau))
    assert reponse.status_code == 409 and "numéro d’engagement" in lue(reponse)
    assert db.session.scalars(db.select(Commande)).all() == []


def test_a_body_that_may_not_order_is_refused_with_its_reason(bureau) -> None:
    tard = adherents.collectivite("Tardinghen")
    db.session.commit()
    reponse = bureau.client.post(bureau.page, data=feuille(bureau, collectivite=tard.siren))
    assert reponse.status_code == 409 and "Tardinghen" in lue(reponse)


def test_no_other_file_than_a_paper_is_kept(bureau) -> None:
    faux = (io.BytesIO(b"MZ\x90\x00"), "bon.pdf")
    reponse = bureau.client.post(bureau.page, data=feuille(bureau, lettre=faux))
    assert reponse.status_code == 422 and "ni un PDF ni une photo" in lue(reponse)


def test_the_number_of_statements_does_not_depend_on_the_bodies(bureau, sql) -> None:
    def poser(lignes: str) -> int:
        envoi = feuille(bureau, lignes=lignes)
        with sql() as envoyees:
            bureau.client.post(f"{bureau.page}/apercu", data=envoi)
        return len(envoyees)

    peu = poser("BTE-10\t30")
    for rang in range(30):
        fabrique.membre(f"Commune {rang}", de=bureau.campagne)
        catalogue.article(bureau.campagne.marche.lots[0], reference=f"CHE-{rang}")
    db.session.commit()
    assert poser("\n".join(f"CHE-{rang}\t{rang + 1}" for rang in range(30))) == peu


def test_a_paper_that_was_never_joined_is_said_so(bureau) -> None:
    commande = fabrique.commande(bureau.campagne, bureau.corps, [(bureau.article, 25)], papier_recu_le=LE.date())
    db.session.commit()
    reponse = bureau.client.get(f"/commandes/{commande.id}/papier")
    assert reponse.status_code == 409 and "Aucun papier" in lue(reponse)
