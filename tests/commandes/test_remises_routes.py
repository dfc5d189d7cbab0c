"""The hand-over of an urgent order on its page: whole with a name, in part with a number and a reason by line."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.commandes.models import Affectation, EcartDeRemise
from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import maintenant
from groupement.socle.db import db
from tests.commandes.test_depannages_routes import monde as _monde
from tests.fabriques import adherents, catalogue, depannages

monde_de_base = _monde


@pytest.fixture
def monde(monde_de_base: SimpleNamespace) -> SimpleNamespace:
    """The same, with folders, and an order of both to hand over."""
    monde_de_base.chemise = catalogue.article(monde_de_base.lot, reference="CHE-120", designation="Chemise à rabats")
    depannages.stocker(monde_de_base.annee, monde_de_base.chemise, 40, "4.72", le=monde_de_base.le)
    voulu = {monde_de_base.boite: 6, monde_de_base.chemise: 4}
    monde_de_base.commande = depannages.engage(monde_de_base.annee, monde_de_base.mairie, voulu, le=maintenant())
    db.session.commit()
    monde_de_base.page = f"/depannage/{monde_de_base.commande.id}"
    monde_de_base.url = f"/depannages/{monde_de_base.commande.id}/remise"
    return monde_de_base


def saisie(monde: SimpleNamespace, *lignes: tuple[str, str]) -> dict[str, Any]:
    """What the form sends: (units, reason) line after line."""
    champs: dict[str, Any] = {"remis_a": "Claire Delattre", "version": monde.commande.version}
    for n, ((unites, motif), ligne) in enumerate(zip(lignes, monde.commande.lignes, strict=False)):
        champs |= {f"lignes-{n}-ligne_id": ligne.id, f"lignes-{n}-unites": unites, f"lignes-{n}-motif": motif}
    return champs


def texte(reponse: Any) -> str:
    """The page with plain spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", reponse.text)


def test_the_form_offers_every_line_whole(monde):
    page = monde.acheteur.get(monde.page).text
    champs = re.findall(r'name="(lignes-\d-unites)"[^>]*value="(\d+)"', page)
    assert champs == [("lignes-0-unites", "6"), ("lignes-1-unites", "4")]
    assert (
        'Unités remises<span class="visually-hidden">, Chemise à rabats</span>' in page
        and "Tout n’est pas remis" in page
    )
    assert "lignes-0-unites" not in monde.agent.get(monde.page).text


def test_in_part_the_page_the_slip_the_list_and_the_journal_say_so(monde):
    assert monde.acheteur.post(monde.url, data=saisie(monde, ("4", "abime"), ("4", ""))).status_code == 303
    assert "8 unités à facturer, 2 non remises" in texte(monde.acheteur.get("/depannages/"))
    assert db.session.scalars(select(Affectation.unites_admises).order_by(Affectation.id)).all() == [4, 4]
    for page in (monde.page, f"{monde.page}/fiche"):
        lue = texte(monde.agent.get(page))
        assert "2 en moins : abîmé au dépôt" in lue and "emis en partie" in lue, page
    assert "Vous ne payez que ce qui a été remis : 4,48 € HT sur 6,48 € HT" in texte(monde.agent.get(monde.page))
    assert "dont 2 non remises" in texte(monde.acheteur.get("/depannages/?etat=remises"))
    lignes = monde.acheteur.get("/depannages/?etat=remises&format=csv").text.splitlines()
    assert "Non remises" in lignes[0] and ",10,2,4.48" in lignes[1], lignes


def test_the_slip_to_sign_has_a_column_to_write_in_before_the_hand_over(monde):
    fiche = monde.acheteur.get(f"{monde.page}/fiche").text
    assert fiche.count('data-label="Remis"></td>') == 2
    monde.acheteur.post(monde.url, data=saisie(monde))
    assert 'data-label="Remis">6</td>' in monde.acheteur.get(f"{monde.page}/fiche").text


def test_without_a_word_of_the_lines_all_is_handed_over(monde):
    assert monde.acheteur.post(monde.url, data={"remis_a": "Claire"}).status_code == 303
    assert db.session.scalars(select(EcartDeRemise)).all() == []
    assert "emis en partie" not in monde.agent.get(monde.page).text


@pytest.mark.parametrize(
    ("lignes", "attendu"),
    [
        ([("7", "")], "6 unités engagées, vous en remettez 7 : indiquez 6 au plus."),
        ([("4", "")], "Il en manque 2 : choisissez pourquoi."),
        ([("6", "abime")], "Tout est remis, mais une raison est choisie"),
        ([("", "")], "Indiquez combien sont remises, 0 s’il n’y en a aucune."),
        ([("quatre", "abime")], "Écrivez un nombre entier"),
        ([("-1", "abime")], "Indiquez un nombre entier, 0 si rien n’est remis."),
        ([("4", "vol")], "Choisissez une valeur de la liste."),
        ([("0", "abime"), ("0", "pas_pris")], "Annulez plutôt ce dépannage"),
    ],
)
def test_what_is_wrong_is_said_nothing_is_written_and_what_was_typed_stays(monde, lignes, attendu):
    reponse = monde.acheteur.post(monde.url, data=saisie(monde, *lignes))
    lue = texte(reponse)
    assert reponse.status_code == 422 and attendu in lue
    assert '<details class="renvoi" open>' in lue and 'value="Claire Delattre"' in lue
    assert "lignes-1-unites" in lue  # a line the form did not send is there again
    db.session.expire_all()
    assert monde.commande.etat is EtatCommande.REGROUPEE and not db.session.scalars(select(EcartDeRemise)).all()


def test_a_name_is_asked_and_the_numbers_typed_stay(monde):
    champs = saisie(monde, ("4", "abime"), ("4", "")) | {"remis_a": ""}
    lue = monde.acheteur.post(monde.url, data=champs).text
    assert "Indiquez qui a reçu les articles." in lue
    assert re.search(r'name="lignes-0-unites"[^>]*value="4"', lue)
    assert '<option selected value="abime">' in lue


def test_a_line_of_another_order_is_refused(monde):
    autre = depannages.engage(monde.annee, monde.mairie, {monde.boite: 1}, le=maintenant())
    db.session.commit()
    champs = saisie(monde) | {"lignes-0-ligne_id": autre.lignes[0].id, "lignes-0-unites": "1"}
    reponse = monde.acheteur.post(monde.url, data=champs)
    assert reponse.status_code == 422 and "n’est pas de ce dépannage" in reponse.text


def test_the_second_buyer_is_told_who_has_it(monde):
    champs = saisie(monde, ("4", "abime"))
    assert monde.acheteur.post(monde.url, data=champs).status_code == 303
    reponse = monde.acheteur.post(monde.url, data=champs)
    assert reponse.status_code == 409 and "déjà été remis à Claire Delattre" in reponse.text


@pytest.mark.parametrize("role", [Role.COMPTABLE, Role.ARCHIVISTE])
def test_only_the_buyer_hands_over(monde, client_de, role):
    autre = client_de(adherents.utilisateur("Autre", roles=[role]))
    assert autre.post(monde.url, data=saisie(monde)).status_code == 403
    assert monde.agent.post(monde.url, data=saisie(monde)).status_code == 403
    assert "Tout n’est pas remis" not in autre.get(monde.page).text


def test_the_page_costs_the_same_whatever_the_number_of_lines(monde, sql):
    comptes = []
    for combien in (3, 50):
        articles = [catalogue.article(monde.lot, paliers=None) for _ in range(combien)]
        for article in articles:
            depannages.stocker(monde.annee, article, 5, "5.00", le=monde.le)
        commande = depannages.engage(monde.annee, monde.mairie, dict.fromkeys(articles, 3), le=maintenant())
        db.session.commit()
        monde.commande = commande
        mesure = []
        for remise in (False, True):
            if remise:
                url = f"/depannages/{commande.id}/remise"
                assert monde.acheteur.post(url, data=saisie(monde, *[("1", "abime")] * combien)).status_code == 303
            page = f"/depannage/{commande.id}"
            with sql() as envoyees:
                assert monde.acheteur.get(page).status_code == 200
            mesure.append(len(envoyees))
        comptes.append(mesure)
    assert comptes[0] == comptes[1] and max(comptes[0]) <= 12, comptes
