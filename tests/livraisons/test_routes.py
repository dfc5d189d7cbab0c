"""The pages: who sees which delivery, what is typed is kept, what is wrong is said by its line."""

import io
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.fichiers import Fichier
from tests.fabriques import adherents
from tests.fabriques.livraisons import campagne_regroupee, livraison, livraisons_de

pytestmark = pytest.mark.usefixtures("deux_jours_apres")


@pytest.fixture
def acheteur(client_de, app):
    return client_de(adherents.utilisateur("Gaëlle Vasseur", roles=[Role.ACHETEUR]))


@pytest.fixture
def agent(client_de, app):
    """`agent(livraison)`: a client for an agent of the body that receives it."""
    noms = iter(("Claire Delattre", "Damien Lefebvre", "Élodie Caron"))
    return lambda voulue: client_de(
        adherents.utilisateur(next(noms), roles=[Role.AGENT], collectivite=voulue.collectivite)
    )


def photo(largeur=900):
    sortie = io.BytesIO()
    Image.new("RGB", (largeur, 600), "sienna").save(sortie, "JPEG")
    return sortie.getvalue()


def saisie(voulue, **changes):
    """What the browser sends of the form left as it was shown, but for `changes`."""
    champs = {"version": str(voulue.version), "livree_le": "2026-12-15", "bordereau": "BL-77", "observations": ""}
    for place, ligne in enumerate(voulue.lignes):
        champs |= {
            f"lignes-{place}-article": str(ligne.affectation.ligne_bon_id),
            f"lignes-{place}-livrees": str(ligne.unites_attendues),
            f"lignes-{place}-refusees": "0",
            f"lignes-{place}-motif": "",
            f"lignes-{place}-commentaire": "",
        }
    return champs | changes


def texte(reponse):
    return reponse.text.replace("\u00a0", " ")


def test_the_form_is_filled_with_what_is_expected(app, agent):
    voulue = livraison()
    page = agent(voulue).get(f"/livraisons/{voulue.id}/reception").text
    assert 'name="lignes-0-livrees"' in page and 'value="30"' in page and 'value="100"' in page
    assert 'capture="environment"' in page and 'accept="image/*"' in page
    assert "Tout est arrivé, en bon état" in page


def test_one_click_says_that_all_is_well_whatever_was_typed(app, agent):
    voulue = livraison()
    client = agent(voulue)
    reponse = client.post(
        f"/livraisons/{voulue.id}/reception", data=saisie(voulue, tout="1", **{"lignes-0-livrees": "douze"})
    )
    assert reponse.status_code == 303
    assert voulue.etat is EtatLivraison.LIVREE
    assert voulue.bordereau == "BL-77"
    assert "Sans décision, la livraison sera acceptée d’office le mercredi 30 décembre 2026" in texte(
        client.get(f"/livraisons/{voulue.id}")
    )


def test_a_damaged_line_with_its_photograph(app, agent, acheteur):
    voulue = livraison()
    envoi = saisie(
        voulue,
        **{
            "lignes-0-livrees": "25",
            "lignes-0-refusees": "5",
            "lignes-0-motif": "abime",
            "lignes-0-commentaire": "Cartons mouillés",
            "lignes-0-photo": (io.BytesIO(photo(2400)), "IMG_0042.jpg"),
        },
    )
    client = agent(voulue)
    assert client.post(f"/livraisons/{voulue.id}/reception", data=envoi).status_code == 303
    assert voulue.etat is EtatLivraison.EN_VERIFICATION
    photo_id = voulue.lignes[0].photo_id
    for qui in (client, acheteur):
        vue = qui.get(f"/livraisons/photos/{photo_id}")
        assert (vue.status_code, vue.mimetype) == (200, "image/jpeg")
        assert vue.headers["X-Content-Type-Options"] == "nosniff"
        assert max(Image.open(io.BytesIO(vue.data)).size) == 1600
        assert max(Image.open(io.BytesIO(qui.get(f"/livraisons/photos/{photo_id}/miniature").data)).size) == 240
    autre = livraison()
    assert agent(autre).get(f"/livraisons/photos/{photo_id}").status_code == 404
    assert "Cartons mouillés" in acheteur.get(f"/livraisons/{voulue.id}/decision").text


def test_a_photograph_that_is_not_a_picture_is_said_beside_its_line_and_nothing_is_written(app, agent):
    voulue = livraison()
    envoi = saisie(
        voulue,
        bordereau="BL-99",
        **{
            "lignes-0-livrees": "28",
            "lignes-0-refusees": "3",
            "lignes-0-motif": "abime",
            "lignes-0-commentaire": "Angles écrasés",
            "lignes-0-photo": (io.BytesIO(b"#!/bin/sh\necho bonjour\n"), "photo.jpg"),
        },
    )
    reponse = agent(voulue).post(f"/livraisons/{voulue.id}/reception", data=envoi)
    assert reponse.status_code == 422
    page = texte(reponse)
    assert 'id="lignes-0-photo-erreur"' in page and "Ce fichier n’est pas une photo" in page
    assert 'value="28"' in page and 'value="Angles écrasés"' in page and 'value="BL-99"' in page
    assert voulue.etat is EtatLivraison.ANNONCEE
    assert db.session.scalar(select(func.count()).select_from(Fichier)) == 0


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"lignes-0-livrees": ""}, "Indiquez combien d’unités sont arrivées"),
        ({"lignes-0-livrees": "trente"}, "Écrivez un nombre entier"),
        ({"lignes-0-livrees": "31"}, "31 unités livrées pour 30 unités attendues"),
        ({"lignes-0-refusees": "-1"}, "ne peut pas être négative"),
        ({"lignes-0-refusees": "2"}, "Dites pourquoi vous refusez ces unités. (BTE-0001)"),
        ({"livree_le": "2026-12-17"}, "Cette date est à venir"),
        ({"livree_le": "2026-12-01"}, "Le bon de commande est du 14 décembre 2026"),
        ({"livree_le": "hier"}, "Écrivez une date"),
    ],
)
def test_each_fault_is_a_sentence_and_nothing_is_written(app, agent, changes, phrase):
    voulue = livraison()
    reponse = agent(voulue).post(f"/livraisons/{voulue.id}/reception", data=saisie(voulue, **changes))
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert voulue.etat is EtatLivraison.ANNONCEE


def test_the_second_of_two_people_keeps_what_was_typed(app, agent, acheteur):
    voulue = livraison()
    premier, second = saisie(voulue), saisie(voulue, observations="Livré sous la pluie", **{"lignes-0-livrees": "29"})
    assert agent(voulue).post(f"/livraisons/{voulue.id}/reception", data=premier).status_code == 303
    reponse = acheteur.post(f"/livraisons/{voulue.id}/reception", data=second)
    assert reponse.status_code == 409
    page = texte(reponse)
    assert "modifiée entre-temps par Claire Delattre" in page
    assert "Livré sous la pluie" in page and 'value="29"' in page
    assert voulue.lignes[0].unites_livrees == 30


def test_two_receptions_at_the_same_moment_make_one(app, agent, en_meme_temps):
    voulue = livraison()
    un, deux, numero = agent(voulue), agent(voulue), voulue.id
    envois = [saisie(voulue), saisie(voulue)]
    db.session.commit()

    def envoyer(client, envoi):
        return lambda: client.post(f"/livraisons/{numero}/reception", data=envoi).status_code

    assert sorted(en_meme_temps(envoyer(un, envois[0]), envoyer(deux, envois[1]))) == [303, 409]


def test_a_stranger_sees_nothing_of_it(app, agent, client):
    voulue, autre = livraison(recue=True), livraison()
    etrangere = agent(autre)
    for adresse in ("", "/reception", ".pdf"):
        assert etrangere.get(f"/livraisons/{voulue.id}{adresse}").status_code == 404
        assert client.get(f"/livraisons/{voulue.id}{adresse}").status_code == 302
    assert etrangere.post(f"/livraisons/{voulue.id}/reception", data={}).status_code == 404
    assert etrangere.post(f"/livraisons/{voulue.id}/correction", data={}).status_code == 404
    assert etrangere.get(f"/livraisons/{voulue.id}/decision").status_code == 403
    assert str(voulue.bon.numero) not in etrangere.get("/livraisons/?vue=toutes").text


def test_the_agent_corrects_then_the_buyer_decides(app, agent, acheteur):
    voulue = livraison(signalee=True)
    client = agent(voulue)
    assert client.post(f"/livraisons/{voulue.id}/correction", data={"version": "1"}).status_code == 303
    page = client.get(f"/livraisons/{voulue.id}/reception").text
    assert 'value="25"' in page and 'selected value="abime"' in page
    envoi = saisie(voulue, **{"lignes-0-livrees": "28"})
    assert client.post(f"/livraisons/{voulue.id}/reception", data=envoi).status_code == 303
    decision = {
        "version": str(voulue.version),
        "verbe": "admettre",
        "reste": "attendre",
        "attendu_le": "2027-01-05",
        "motif": "",
    }
    assert acheteur.post(f"/livraisons/{voulue.id}/decision", data=decision).status_code == 303
    assert voulue.etat is EtatLivraison.ADMISE
    suite = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == voulue.id)).one()
    assert [ligne.unites_attendues for ligne in suite.lignes] == [2]
    page = texte(client.get(f"/livraisons/{voulue.id}"))
    assert "Le complément attendu" in page and "Acceptée" in page
    assert "La livraison qu’elle complète" in texte(client.get(f"/livraisons/{suite.id}"))


@pytest.mark.parametrize(
    ("choix", "phrase"),
    [
        ({}, "Choisissez une décision."),
        ({"verbe": "payer"}, "Choisissez une décision de la liste."),
        ({"verbe": "refacter", "motif": "x"}, "Indiquez un montant, ou un pourcentage"),
        ({"verbe": "refacter", "motif": "x", "pct": "10", "montant_ht": "5"}, "mais pas les deux"),
        ({"verbe": "refacter", "pct": "10"}, "Écrivez le motif"),
        ({"verbe": "rejeter"}, "Écrivez le motif"),
        ({"verbe": "admettre", "attendu_le": "2026-12-01"}, "Indiquez un jour à venir."),
        ({"verbe": "admettre", "reste": "jeter"}, "Dites ce que devient le reste."),
    ],
)
def test_a_decision_that_lacks_something_says_what(app, acheteur, choix, phrase):
    voulue = livraison(signalee=True)
    envoi = {"version": "1", "reste": "attendre", "attendu_le": "2027-01-05"} | choix
    reponse = acheteur.post(f"/livraisons/{voulue.id}/decision", data=envoi)
    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert voulue.etat is EtatLivraison.EN_VERIFICATION


def test_a_cut_beyond_what_is_admitted_is_refused_and_the_page_keeps_it(app, acheteur):
    voulue = livraison(recue=True)
    envoi = {"version": "1", "verbe": "refacter", "montant_ht": "1 000,00", "motif": "Taches"}
    reponse = acheteur.post(f"/livraisons/{voulue.id}/decision", data=envoi)
    assert reponse.status_code == 409
    assert "dépasse ce qui est admis" in texte(reponse)
    assert "1 000,00" in texte(reponse)


def test_the_share_at_the_depot_is_changed_by_hand_with_a_reason(app, acheteur):
    bons = campagne_regroupee(0, au_depot=3, articles=1)
    voulue = livraisons_de(bons, depot=True)[0]
    lignes = list(voulue.lignes)
    ligne_bon = lignes[0].affectation.ligne_bon_id
    envoi = saisie(voulue, **{"lignes-0-livrees": "15"})
    envoi = {cle: valeur for cle, valeur in envoi.items() if not cle.startswith(("lignes-1", "lignes-2", "lignes-3"))}
    assert acheteur.post(f"/livraisons/{voulue.id}/reception", data=envoi).status_code == 303
    adresse = f"/livraisons/{voulue.id}/repartitions/{ligne_bon}"
    assert (
        "Par ordre de validation" in acheteur.get(adresse).text
        or "par ordre de validation" in acheteur.get(adresse).text
    )
    parts = {f"parts-{place}-ligne": str(ligne.id) for place, ligne in enumerate(lignes)}
    voulues = {f"parts-{place}-unites": nombre for place, nombre in enumerate(("5", "5", "5", "0"))}
    sans_motif = acheteur.post(adresse, data=parts | voulues | {"version": str(voulue.version)})
    assert sans_motif.status_code == 409 and "Dites pourquoi" in texte(sans_motif)
    trop = acheteur.post(
        adresse, data=parts | voulues | {"version": str(voulue.version), "motif": "x", "parts-0-unites": "6"}
    )
    assert "Vous répartissez 16 unités, mais 15 unités sont arrivées." in texte(trop)
    motif = {"version": str(voulue.version), "motif": "Chacun le même nombre"}
    assert acheteur.post(adresse, data=parts | voulues | motif).status_code == 303
    assert [ligne.unites_livrees for ligne in voulue.lignes] == [5, 5, 5, 0]
    assert "Chacun le même nombre" in acheteur.get(f"/livraisons/{voulue.id}").text


def test_goods_at_the_depot_are_listed_and_handed_over_once(app, acheteur, client_de):
    voulue = livraison(depot=True, recue=True)
    corps = voulue.lignes[0].affectation.collectivite
    agent = client_de(adherents.utilisateur("Élodie Delattre", roles=[Role.AGENT], collectivite=corps))
    adresse = f"/livraisons/{voulue.id}/retraits/{corps.id}"
    assert agent.get(adresse).status_code == 404  # nothing is ready yet
    envoi = {"version": "1", "verbe": "admettre"}
    assert acheteur.post(f"/livraisons/{voulue.id}/decision", data=envoi).status_code == 303
    assert corps.nom in acheteur.get("/livraisons/depot").text
    assert adresse in agent.get("/livraisons/").text
    assert agent.get(adresse).status_code == agent.get(adresse + ".pdf").status_code == 200
    assert agent.post(adresse, data={"retiree_par": "Moi"}).status_code == 403
    assert acheteur.post(adresse, data={"retiree_par": ""}).status_code == 422
    assert acheteur.post(adresse, data={"retiree_par": "Bruno Lemaire"}).status_code == 303
    assert "Bruno Lemaire" in agent.get(adresse).text
    assert acheteur.post(adresse, data={"retiree_par": "Un autre"}).status_code == 409
    assert "Rien à remettre" in acheteur.get("/livraisons/depot").text
    autre = livraison()
    etranger = adherents.utilisateur("Hervé Delattre", roles=[Role.AGENT], collectivite=autre.collectivite)
    assert client_de(etranger).get(adresse).status_code == 404


def test_a_supplier_announces_a_day_for_its_own_bons_only(app, client_de):
    voulue = livraison()
    voulue.collectivite.courriel = "mairie@example.org"
    personne = adherents.utilisateur("Fabrice Cordier", roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur_id=personne.id, fournisseur_id=voulue.bon.fournisseur_id))
    autre = adherents.utilisateur("Amélie Cordier", roles=[Role.FOURNISSEUR])
    client, etranger = client_de(personne), client_de(autre)
    adresse = f"/fournisseur/bons/{voulue.bon_id}/livraisons"
    assert client.get(adresse).status_code == 303  # the bon is to be opened first
    assert client.post(f"/fournisseur/bons/{voulue.bon_id}/ouverture").status_code == 303
    assert voulue.collectivite.nom in client.get(adresse).text
    assert etranger.get(adresse).status_code == 404
    assert etranger.post(adresse, data={"livraison": voulue.id, "jour": "2026-12-20"}).status_code == 404
    hier = client.post(adresse, data={"livraison": voulue.id, "jour": "2026-12-15", "bordereau": "BL-5", "revision": 0})
    assert hier.status_code == 409 and "un jour à venir" in texte(hier) and 'value="BL-5"' in hier.text
    assert client.post(adresse, data={"jour": "2026-12-20", "revision": 0}).status_code == 409
    assert "Écrivez une date" in texte(client.post(adresse, data={"jour": "demain"}))
    envoi = {"livraison": voulue.id, "jour": "2026-12-20", "bordereau": "BL-5", "revision": 0}
    assert client.post(adresse, data=envoi).status_code == 303
    assert (voulue.annoncee_pour, voulue.bordereau) == (date(2026, 12, 20), "BL-5")
    assert client.get(f"/livraisons/{voulue.id}.pdf").mimetype == "application/pdf"
    assert etranger.get(f"/livraisons/{voulue.id}.pdf").status_code == 404
    mail = db.session.scalars(select(Courriel).where(Courriel.destinataire == "mairie@example.org")).one()
    assert client.post(adresse, data={"toutes": "y", "jour": "2026-12-21", "revision": 0}).status_code == 303
    assert set(db.session.scalars(select(Livraison.annoncee_pour))) == {date(2026, 12, 21)}
    assert "dimanche 20 décembre 2026" in mail.corps


def test_the_buyer_admits_all_that_is_sound_in_one_click(app, acheteur):
    voulue = livraison(recue=True)
    assert "Admettre les livraisons sans réserve" in acheteur.get("/livraisons/?vue=sans-reserve").text
    assert acheteur.post("/livraisons/admissions").status_code == 303
    assert voulue.etat is EtatLivraison.ADMISE
    assert acheteur.post("/livraisons/admissions").status_code == 303


@pytest.mark.parametrize("requete", ["", "q=bethune", "q=BC-2026", "lieu=depot", "bon=1", "fournisseur=1", "bon=zz"])
def test_the_list_is_narrowed_and_leaves_as_a_spreadsheet(app, acheteur, requete):
    campagne_regroupee(3)
    for vue in ("a-recevoir", "en-retard", "a-decider", "sans-reserve", "terminees", "toutes", "inconnue"):
        assert acheteur.get(f"/livraisons/?vue={vue}&{requete}").status_code == 200
    fichier = acheteur.get(f"/livraisons/?{requete}&format=csv")
    assert fichier.mimetype == "text/csv"
    assert acheteur.get(f"/livraisons/?tri=-attendue_le&{requete}&format=xlsx").status_code == 200


def test_no_page_costs_more_for_many_members(app, acheteur, sql):
    couts = {}
    for combien in (3, 45):
        bons = campagne_regroupee(combien, au_depot=combien)
        depot = livraisons_de(bons, depot=True)[0]
        chez = livraisons_de(bons)[0]
        db.session.commit()
        for nom, adresse in {
            "liste": "/livraisons/",
            "page": f"/livraisons/{chez.id}",
            "depot": f"/livraisons/{depot.id}",
            "reception": f"/livraisons/{depot.id}/reception",
            "retraits": "/livraisons/depot",
        }.items():
            with sql() as envoyees:
                assert acheteur.get(adresse).status_code == 200
            couts.setdefault(nom, []).append(len(envoyees))
    assert all(peu == beaucoup <= 12 for peu, beaucoup in couts.values()), couts


def test_when_one_body_refuses_an_article_the_others_are_asked_to_look_at_theirs(app, agent):
    voulue, autre = livraisons_de(campagne_regroupee(2))
    client = agent(autre)
    assert "Regardez bien ces articles" not in client.get(f"/livraisons/{autre.id}/reception").text
    envoi = saisie(voulue, **{"lignes-0-refusees": "4", "lignes-0-motif": "abime"})
    assert agent(voulue).post(f"/livraisons/{voulue.id}/reception", data=envoi).status_code == 303
    for adresse in ("", "/reception"):
        page = texte(client.get(f"/livraisons/{autre.id}{adresse}"))
        assert "Regardez bien ces articles" in page and "4 unités refusées, abîmé" in page


def test_the_lines_of_a_delivery_and_its_pages_agree(app, acheteur):
    voulue = livraison(signalee=True)
    for adresse in ("", "/decision", ".pdf"):
        assert acheteur.get(f"/livraisons/{voulue.id}{adresse}").status_code == 200
    assert db.session.scalar(select(func.sum(LigneLivraison.unites_refusees))) == 5
