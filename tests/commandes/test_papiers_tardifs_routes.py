"""The pages that lead to a late paper, ask for its reason, and show it: read on the day they are read."""

import re
from datetime import datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.actions.regroupement import regrouper
from groupement.commandes.models import Commande
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.papiers_tardifs import commandes_tardives
from groupement.commandes.states import EtatCampagne
from groupement.socle.calendrier import aujourdhui
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import LE
from tests.fabriques.papiers_tardifs import POSTE


@pytest.fixture
def bureau(app: Flask, client_de: Any) -> SimpleNamespace:
    """A window that ended yesterday, a body with an agent, a buyer at the desk."""
    jour = aujourdhui()
    marche = catalogue.marche(
        **{"lots": 1, "du": jour - timedelta(days=300), "au": jour + timedelta(days=300)},
        consultation_le=jour - timedelta(days=400),
    )
    campagne = fabrique.campagne(
        marche, du=jour - timedelta(days=30), au=jour - timedelta(days=1), etat=EtatCampagne.CLOSE
    )
    catalogue.article(marche.lots[0], reference="BTE-10", paliers="25:1.61")
    corps = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=corps)
    acheteur = adherents.utilisateur("Nadia Caron", roles=[Role.ACHETEUR])
    db.session.commit()
    return SimpleNamespace(
        **{"campagne": campagne, "corps": corps, "client": client_de(acheteur), "membre": client_de(agent)},
        **{"page": f"/campagnes/{campagne.id}", "au": campagne.au},
    )


def feuille(bureau: SimpleNamespace, **champs: Any) -> dict[str, Any]:
    """What the sheet says, as the form sends it."""
    return {
        **{"collectivite": f"Wissant ({bureau.corps.siren})", "recu_le": f"{bureau.au:%d/%m/%Y}"},
        **{"signe_par": "Jean Leroy, maire", "mode": "livraison", "lignes": "BTE-10\t30", "version": "0", **champs},
    }


def lue(reponse: Any) -> str:
    """The words of a page, spaces made plain."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reponse.text)).split())


def test_who_is_about_to_close_reads_that_papers_will_still_enter(bureau: Any) -> None:
    bureau.campagne.etat = EtatCampagne.OUVERTE
    db.session.commit()
    assert "se saisit encore, jusqu’au regroupement" in lue(bureau.client.get(f"{bureau.page}/cloture"))


@pytest.mark.parametrize("rubrique", ["", "/commandes", "/reouverture", "/regroupement"])
def test_every_page_of_a_closed_campagne_leads_there(bureau: Any, rubrique: str) -> None:
    page = bureau.client.get(bureau.page + rubrique)
    assert f"{bureau.page}/commandes-papier/nouvelle" in page.text
    assert "au plus tard le" in lue(page)
    bureau.campagne.etat = EtatCampagne.REGROUPEE
    db.session.commit()
    assert "commandes-papier" not in bureau.client.get(bureau.page).text


def test_the_day_it_arrived_is_asked_never_supposed(bureau: Any) -> None:
    page = bureau.client.get(f"{bureau.page}/commandes-papier/nouvelle")
    assert "Les membres ne commandent plus" in lue(page) and "Elle prend rang au moment de sa saisie" in lue(page)
    (champ,) = re.findall(r'<input[^>]*name="recu_le"[^>]*>', page.text)
    assert f"{aujourdhui():%Y-%m-%d}" not in champ and f"{aujourdhui():%d/%m/%Y}" not in champ


def test_a_late_paper_without_a_reason_is_told_by_the_field(bureau: Any) -> None:
    aujourd_hui = {"recu_le": f"{aujourdhui():%d/%m/%Y}"}
    page = bureau.client.post(f"{bureau.page}/commandes-papier/apercu", data=feuille(bureau, **aujourd_hui))
    assert page.status_code == 422 and "écrivez pourquoi il est accepté" in lue(page)
    page = bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau, **aujourd_hui, motif="non"))
    assert page.status_code == 422
    assert db.session.scalars(select(Commande)).all() == []


def test_the_reason_is_read_by_the_body_and_in_the_preview_and_after(bureau: Any) -> None:
    tard = {"recu_le": f"{aujourdhui():%d/%m/%Y}", "motif": POSTE}
    apercu = bureau.client.post(f"{bureau.page}/commandes-papier/apercu", data=feuille(bureau, **tard))
    assert f"Vous l’acceptez parce que : « {POSTE} »" in lue(apercu)
    assert bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau, **tard)).status_code == 303
    (commande,) = db.session.scalars(select(Commande))
    assert POSTE in lue(bureau.membre.get(f"/commandes/{commande.id}"))
    assert "après le dernier jour" in lue(bureau.client.get(f"{bureau.page}/commandes"))
    assert f"Accepté parce que : « {POSTE} »" in lue(bureau.client.get(f"{bureau.page}/regroupement"))
    regrouper(bureau.campagne.id, par=AUTOMATE, le=datetime.now(tz=LE.tzinfo))
    db.session.commit()
    assert POSTE in lue(bureau.client.get(f"{bureau.page}/regroupement"))


def test_once_regrouped_the_page_says_what_to_do_with_the_paper(bureau: Any) -> None:
    bureau.campagne.etat = EtatCampagne.REGROUPEE
    db.session.commit()
    for reponse in (
        bureau.client.get(f"{bureau.page}/commandes-papier/nouvelle"),
        bureau.client.post(f"{bureau.page}/commandes-papier/apercu", data=feuille(bureau)),
        bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau)),
    ):
        assert reponse.status_code == 409 and "Gardez-le pour la prochaine campagne" in lue(reponse)
    assert db.session.scalars(select(Commande)).all() == []


def test_the_preview_of_the_regroupement_reads_any_number_of_late_papers_at_once(bureau: Any, sql: Any) -> None:
    def lire() -> int:
        with sql() as envoyees:
            bureau.client.get(f"{bureau.page}/regroupement")
        return len(envoyees)

    bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau))
    peu = lire()
    for rang in range(8):
        autre = fabrique.membre(f"Commune {rang}", de=bureau.campagne)
        db.session.commit()
        bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau, collectivite=autre.siren))
    assert len(commandes_tardives(campagne_verrouillee(bureau.campagne.id))) == 9
    db.session.rollback()
    assert lire() == peu
