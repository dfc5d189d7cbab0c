"""People: invited, given roles, closed, opened; their account; the journal and the mails."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.courriels import Courriel, EtatCourriel, ecrire
from groupement.socle.journal import AUTOMATE, Evenement, noter
from tests.fabriques.adherents import MOT_DE_PASSE, collectivite, connecter, habiliter, utilisateur


@pytest.fixture
def gaelle(session):
    """The administrateur."""
    return utilisateur("Gaëlle Hochart", roles=[Role.ADMINISTRATEUR])


@pytest.fixture
def admin(client_de, gaelle):
    """A client signed in as her."""
    return client_de(gaelle)


def verbes(session):
    """The journal, as verbs in order."""
    return session.scalars(select(Evenement.verbe).order_by(Evenement.id)).all()


def invitation(session):
    """The page the last mail leads to."""
    corps = session.scalars(select(Courriel.corps).order_by(Courriel.id.desc())).first()
    return urlsplit(re.search(r"http\S+/invitation/\S+", corps)[0]).path


def inviter(client, **champs):
    """Send the form of invitation."""
    return client.post("/personnes/nouvelle", data={"nom": "Jeanne Bacquet", "email": "j@mairie.example.org", **champs})


def test_somebody_invited_for_three_town_halls_chooses_a_password_and_enters(admin, client, session):
    mairies = [collectivite(nom) for nom in ("Dainville", "Étaples", "Frévent")]
    champs = {
        f"collectivite_{n}": nom for n, nom in enumerate(("dainville", f"Étaples ({mairies[1].siren})", "FRÉVENT"), 1)
    }
    reponse = inviter(admin, role_agent="y", role_valideur="y", **champs)
    jeanne = session.scalars(select(Utilisateur).where(Utilisateur.email == "j@mairie.example.org")).one()
    assert reponse.location == f"/personnes/{jeanne.id}"
    assert {(h.role, h.collectivite_id) for h in jeanne.habilitations} == {
        (role, c.id) for role in (Role.AGENT, Role.VALIDEUR) for c in mairies
    }
    assert verbes(session) == ["inviter"] + ["habiliter"] * 6
    lien = invitation(session)
    assert "Bienvenue, Jeanne Bacquet" in client.get(lien).text
    corps = {"mot_de_passe": "quatre mots bien choisis", "confirmation": "quatre mots bien choisis"}
    assert client.post(lien, data={**corps, "confirmation": "autre"}).status_code == 422
    assert "au moins 12" in client.post(lien, data={"mot_de_passe": "court", "confirmation": "court"}).text
    assert client.post(lien, data=corps).location == "/mon-compte"
    assert client.get("/ma-collectivite").status_code == 302
    assert urlsplit(client.get(lien).location).path == "/mot-de-passe-oublie"


def test_an_invitation_is_valid_seven_days(admin, client, app, session, monkeypatch):
    inviter(admin, role_archiviste="y")
    lien = invitation(session)
    instant = maintenant().timestamp()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: instant + timedelta(days=7).total_seconds() - 60)
    assert client.get(lien).status_code == 200
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: instant + timedelta(days=7).total_seconds() + 60)
    assert client.get(lien).status_code == 302


def test_a_forged_invitation_opens_nothing(client, session, gaelle):
    faux = URLSafeTimedSerializer("une autre clé", salt="invitation").dumps([gaelle.fs_uniquifier, ""])
    for jeton in (faux, "n’importe-quoi"):
        assert client.get(f"/invitation/{jeton}").status_code == 302
        assert client.post(f"/invitation/{jeton}", data={"mot_de_passe": MOT_DE_PASSE}).status_code == 302


def test_a_closed_account_cannot_use_its_invitation(admin, client, session):
    inviter(admin, role_archiviste="y")
    session.scalars(select(Utilisateur).where(Utilisateur.email == "j@mairie.example.org")).one().active = False
    assert client.get(invitation(session)).status_code == 302


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({}, "Cochez au moins un rôle"),
        ({"role_agent": "y"}, "Indiquez pour quelle collectivité"),
        ({"role_agent": "y", "collectivite_1": "Nulle-Part"}, "Aucune collectivité de ce nom"),
        ({"role_agent": "y", "collectivite_1": "Calais"}, "Plusieurs collectivités portent ce nom"),
        ({"role_acheteur": "y", "collectivite_2": "Dainville"}, "agent ou valideur"),
        ({"role_archiviste": "y", "email": "pas une adresse"}, "Écrivez une adresse complète"),
        ({"role_archiviste": "y", "nom": " "}, "Indiquez le nom"),
        ({"role_archiviste": "y", "email": "DEJA@mairie.example.org"}, "Un compte existe déjà"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(admin, session, champs, phrase):
    collectivite("Dainville"), collectivite("Calais"), collectivite("Calais")
    utilisateur("Déjà là", email="deja@mairie.example.org")
    avant = len(session.scalars(select(Utilisateur)).all())
    reponse = inviter(admin, **champs)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert len(session.scalars(select(Utilisateur)).all()) == avant
    assert not session.scalars(select(Courriel)).all()


def test_an_invitation_is_sent_again_until_a_password_is_chosen(admin, session):
    inviter(admin, role_archiviste="y")
    jeanne = session.scalars(select(Utilisateur).where(Utilisateur.email == "j@mairie.example.org")).one()
    assert admin.post(f"/personnes/{jeanne.id}/invitation").status_code == 303
    assert len(session.scalars(select(Courriel)).all()) == 2
    jeanne.password = "x"
    assert admin.post(f"/personnes/{jeanne.id}/invitation").status_code == 409


def test_a_role_is_given_and_taken_away_with_its_dates(admin, session):
    dainville = collectivite("Dainville")
    bruno = utilisateur("Bruno Lefebvre")
    donner = f"/personnes/{bruno.id}/habilitations"
    assert admin.post(donner, data={"role": "agent", "collectivite": "dainville"}).status_code == 303
    donnee = session.scalars(select(Habilitation).where(Habilitation.utilisateur_id == bruno.id)).one()
    assert (donnee.collectivite_id, donnee.du, donnee.au) == (dainville.id, aujourdhui(), None)
    assert admin.post(donner, data={"role": "agent", "collectivite": "dainville"}).status_code == 409
    donnee.du = aujourdhui() - timedelta(days=10)
    assert admin.post(f"/habilitations/{donnee.id}/fin").status_code == 303
    assert donnee.au == aujourdhui() - timedelta(days=1)
    assert admin.post(f"/habilitations/{donnee.id}/fin").status_code == 409
    assert admin.post(donner, data={"role": "agent", "collectivite": "dainville"}).status_code == 303
    assert (donnee.du, donnee.au) == (aujourdhui(), None)
    assert verbes(session) == ["habiliter", "retirer un rôle", "habiliter"]


def test_a_role_given_by_mistake_today_leaves_no_trace_but_the_journal(admin, session):
    bruno = utilisateur("Bruno Lefebvre")
    donnee = habiliter(bruno, Role.COMPTABLE, du=aujourdhui())
    admin.post(f"/habilitations/{donnee.id}/fin")
    assert not session.scalars(select(Habilitation).where(Habilitation.utilisateur_id == bruno.id)).all()


def test_a_role_that_has_ended_opens_nothing(admin, client_de, session):
    bruno = utilisateur("Bruno Lefebvre", roles=[Role.COMPTABLE])
    client = client_de(bruno)
    assert client.get("/collectivites").status_code == 200
    admin.post(f"/habilitations/{bruno.habilitations[0].id}/fin")
    assert client.get("/collectivites").status_code == 403


def test_an_administrateur_keeps_their_own_role_and_account(admin, gaelle, session):
    sienne = session.scalars(select(Habilitation).where(Habilitation.utilisateur_id == gaelle.id)).one()
    refus = admin.post(f"/habilitations/{sienne.id}/fin")
    assert refus.status_code == 409 and "Vous ne pouvez pas vous retirer le rôle d’administrateur" in refus.text
    refus = admin.post(f"/personnes/{gaelle.id}/desactivation")
    assert refus.status_code == 409 and "votre propre compte" in refus.text
    assert sienne.au is None and gaelle.active and not verbes(session)
    page = admin.get(f"/personnes/{gaelle.id}").text
    assert "Fermer le compte" not in page and f"/habilitations/{sienne.id}/fin" not in page


def test_a_closed_account_is_out_at_its_next_page_and_may_come_back(admin, client_de, session):
    bruno = utilisateur("Bruno Lefebvre", roles=[Role.COMPTABLE])
    client = client_de(bruno)
    admin.post(f"/personnes/{bruno.id}/desactivation")
    assert client.get("/collectivites").status_code == 302
    admin.post(f"/personnes/{bruno.id}/reactivation")
    assert client.get("/collectivites").status_code == 200
    assert verbes(session) == ["désactiver", "réactiver"]


def test_an_account_is_unlocked_and_its_telephone_forgotten(admin, session):
    bruno = utilisateur("Bruno", tf_primary_method="authenticator", tf_totp_secret="x", mf_recovery_codes=["a"])
    bruno.verrouille_jusqu_au = maintenant() + timedelta(minutes=10)
    assert "Verrouillé" in admin.get(f"/personnes/{bruno.id}").text
    admin.post(f"/personnes/{bruno.id}/deverrouillage")
    admin.post(f"/personnes/{bruno.id}/retrait-du-second-facteur")
    assert bruno.verrouille_jusqu_au is None
    assert (bruno.tf_primary_method, bruno.tf_totp_secret) == (None, None) and not bruno.mf_recovery_codes
    assert admin.post(f"/personnes/{bruno.id}/retrait-du-second-facteur").status_code == 409


def test_people_are_found_by_name_address_body_role_and_access(admin, session):
    utilisateur("Élodie Roussel", roles=[Role.AGENT], collectivite=collectivite("Étaples"), password="x")
    utilisateur("Bruno Lefebvre", roles=[Role.COMPTABLE], email="compta@cdg.example.org", active=False, password="x")

    def noms(**filtres):
        texte = admin.get("/personnes", query_string=filtres).text
        return {nom for nom in ("Élodie Roussel", "Bruno Lefebvre", "Gaëlle Hochart") if f">{nom}</a>" in texte}

    assert noms(q="elodie") == noms(q="étaples") == noms(role="agent") == {"Élodie Roussel"}
    assert noms(q="compta@") == noms(etat="ferme") == {"Bruno Lefebvre"}
    assert noms(etat="invite") == {"Gaëlle Hochart"}
    assert noms() == {"Élodie Roussel", "Bruno Lefebvre", "Gaëlle Hochart"}


def test_names_are_sorted_without_their_accents(admin, session):
    utilisateur("Zoé"), utilisateur("Élodie Roussel"), utilisateur("Fabrice")
    texte = admin.get("/personnes").text
    assert texte.index(">Élodie Roussel</a>") < texte.index(">Fabrice</a>") < texte.index(">Zoé</a>")


def test_only_an_administrateur_acts_on_people(client_de, gaelle, session):
    for role in set(Role) - {Role.ADMINISTRATEUR}:
        client = client_de(utilisateur(roles=[role]))
        assert client.post(f"/personnes/{gaelle.id}/desactivation").status_code == 403
        assert inviter(client, role_administrateur="y").status_code == 403
    assert gaelle.active


def test_everybody_keeps_their_own_name_and_telephone(client_de, session):
    amelie = utilisateur("Amélie Caron", roles=[Role.AGENT])
    client = client_de(amelie)
    assert (
        client.post("/mon-compte", data={"nom": "Amélie Caron-Duval", "telephone": "03 21 55 66 77"}).status_code == 303
    )
    assert (amelie.nom, amelie.nom_recherche, amelie.telephone) == (
        "Amélie Caron-Duval",
        "amelie caron duval",
        "03 21 55 66 77",
    )
    assert client.post("/mon-compte", data={"nom": "", "telephone": "bonjour"}).status_code == 422
    assert verbes(session) == ["modifier"]


def test_the_journal_reads_in_french_and_is_filtered(admin, gaelle, session):
    noter("commande", 12, "valider", par=gaelle, le=maintenant(), resume="Dainville, 120 boîtes")
    noter("bon_de_commande", 3, "emettre", par=AUTOMATE, le=maintenant() - timedelta(days=40), resume="BC-2026-0003")

    def lignes(**filtres):
        texte = admin.get("/journal", query_string=filtres).text
        return {phrase for phrase in ("Commande validée", "Bon de commande émis") if phrase in texte}

    assert lignes() == {"Commande validée", "Bon de commande émis"}
    assert lignes(q="dainville") == lignes(objet="commande") == lignes(personne=gaelle.id) == {"Commande validée"}
    assert lignes(du=aujourdhui().isoformat()) == {"Commande validée"}
    assert lignes(au=(aujourdhui() - timedelta(days=1)).isoformat()) == {"Bon de commande émis"}
    assert lignes(du="hier", personne="x") == {"Commande validée", "Bon de commande émis"}
    assert "Commande validée" in admin.get("/journal?format=csv").data.decode("utf-8-sig")


def courriel_a(adresse, session, **valeurs):
    """A mail in the queue."""
    ecrit = ecrire(adresse, "Bonjour", "mot_de_passe_change", le=maintenant(), nom="Amélie", accueil="http://x/")
    for champ, valeur in valeurs.items():
        setattr(ecrit, champ, valeur)
    session.commit()
    return ecrit


def test_the_administrateur_sees_every_mail_and_sends_again_what_failed(app, admin, session):
    with app.test_request_context():
        perdu = courriel_a("a@b.example.org", session, etat=EtatCourriel.ABANDONNE, essais=8, derniere_erreur="refusé",
                           pieces=["bon_de_commande:12"])  # fmt: skip
        parti = courriel_a("c@d.example.org", session, etat=EtatCourriel.ENVOYE, envoye_le=maintenant())
    assert "a@b.example.org" in admin.get("/courriels?etat=abandonne").text
    assert "a@b.example.org" not in admin.get("/courriels?q=c@d").text
    page = admin.get(f"/courriels/{perdu.id}").text
    assert "refusé" in page and "Bon de commande n°\u00a012" in page
    assert admin.post(f"/courriels/{perdu.id}/nouvel-essai").status_code == 303
    assert (perdu.etat, perdu.essais) == (EtatCourriel.EN_ATTENTE, 0)
    assert admin.post(f"/courriels/{parti.id}/nouvel-essai").status_code == 409


def test_in_the_demonstration_everybody_reads_their_own_mails_and_no_others(app, client_de, session):
    amelie = utilisateur("Amélie", roles=[Role.AGENT], email=f"amelie@{DOMAINE_DEMONSTRATION}")
    with app.test_request_context():
        sien, autre = courriel_a(amelie.email, session), courriel_a("autre@b.example.org", session)
    client = client_de(amelie)
    page = client.get("/courriels").text
    assert f"/courriels/{sien.id}" in page and f"/courriels/{autre.id}" not in page
    assert client.get(f"/courriels/{sien.id}").status_code == 200
    assert client.get(f"/courriels/{autre.id}").status_code == 404
    assert client.post(f"/courriels/{sien.id}/nouvel-essai").status_code == 403


def test_in_production_a_mail_that_opens_a_door_is_not_read_by_the_administrateur(production, session):
    gaelle = utilisateur("Gaëlle", roles=[Role.ADMINISTRATEUR], tf_primary_method="authenticator", tf_totp_secret="x")
    session.commit()
    client = connecter(production.test_client(), gaelle)
    client.post("/personnes/nouvelle", data={"nom": "J", "email": "j@m.example.org", "role_archiviste": "y"})
    courriel = session.scalars(select(Courriel)).one()
    page = client.get(f"/courriels/{courriel.id}").text
    assert "Texte réservé" in page and "/invitation/" not in page
