"""Journey 6: the administrator invites somebody, gives roles, reads the journal; the invited person enters."""

import re

from playwright.sync_api import expect
from sqlalchemy import select

from groupement.adherents.models import Utilisateur
from groupement.adherents.rules.verrouillage import ESSAIS_PERMIS
from groupement.adherents.states import Role
from groupement.demo.personnes import MOT_DE_PASSE, PORTES
from groupement.socle.courriels import Courriel
from tests.outils.navigateur import sans_faute_axe
from tests.outils.parcours import entrer, menu, titre

ADRESSE = "amelie.wattel@mairie-ayette.example.org"
QUATRE_MOTS = "quatre mots pour Ayette"


def se_connecter(page, adresse, mot_de_passe):
    """By the form, not by the door of the demonstration."""
    page.goto("/connexion")
    page.get_by_label("Adresse de courriel").fill(adresse)
    page.get_by_label("Mot de passe", exact=True).fill(mot_de_passe)
    page.get_by_label("Mot de passe", exact=True).press("Enter")


def lien_recu(session, adresse):
    """The path of the only link of the last mail written to `adresse`."""
    session.rollback()
    corps = session.scalars(
        select(Courriel.corps).where(Courriel.destinataire == adresse).order_by(Courriel.id.desc()).limit(1)
    ).one()
    return re.search(r"https?://[^/\s]+(/invitation/\S+)", corps).group(1)


def test_an_administrator_invites_somebody_who_enters_and_the_journal_tells(demo, nouvelle_page, session):
    admin, invitee = nouvelle_page(), nouvelle_page()
    entrer(admin, "Thomas Leroy")
    menu(admin, "Personnes")
    admin.get_by_role("link", name="Inviter une personne").click()
    admin.get_by_label("Prénom et nom").fill("Amélie Wattel")
    admin.get_by_label("Adresse de courriel").fill(ADRESSE)
    admin.get_by_role("button", name="Envoyer l’invitation").click()
    expect(admin.get_by_role("alert").first).to_contain_text("Cochez au moins un rôle.")
    expect(admin.get_by_label("Prénom et nom")).to_have_value("Amélie Wattel")
    admin.get_by_label("Agent (prépare les commandes)").check()
    admin.get_by_label("Collectivité 1").fill("Ayette")
    sans_faute_axe(admin)
    admin.get_by_role("button", name="Envoyer l’invitation").click()
    titre(admin, "Amélie Wattel")
    expect(admin.get_by_role("status").first).to_contain_text("vient de recevoir un courriel")
    expect(admin.get_by_role("row", name=re.compile("Agent"))).to_contain_text("Ayette")
    expect(admin.get_by_role("region", name="Accès")).to_contain_text("Pas encore choisi")

    # One more role, for another body.
    admin.get_by_label("Rôle", exact=True).select_option(label=Role.VALIDEUR.libelle())
    admin.get_by_label("Collectivité", exact=True).fill("Achiet-le-Petit")
    admin.get_by_role("button", name="Donner ce rôle").click()
    expect(admin.get_by_role("row", name=re.compile("Valideur"))).to_contain_text("Achiet-le-Petit")
    sans_faute_axe(admin)

    # She follows the link of the mail, is told that her password is too short, chooses another one, and is in.
    lien = lien_recu(session, ADRESSE)
    invitee.goto(lien)
    titre(invitee, "Bienvenue, Amélie Wattel")
    for mot_de_passe in ("court", QUATRE_MOTS):
        invitee.get_by_label("Votre mot de passe").fill(mot_de_passe)
        invitee.get_by_label("Le même, une seconde fois").fill(mot_de_passe)
        invitee.get_by_role("button", name="Enregistrer et entrer").click()
        if mot_de_passe == "court":
            expect(invitee.get_by_role("alert").first).to_contain_text("au moins 12 caractères")
            sans_faute_axe(invitee)
    titre(invitee, "Mon compte")
    for corps in ("Achiet-le-Petit", "Ayette"):
        expect(invitee.get_by_role("main")).to_contain_text(corps)
    ailleurs = nouvelle_page()
    ailleurs.goto(lien)
    expect(ailleurs.get_by_role("main")).to_contain_text("Ce lien n’est plus valable")
    se_connecter(ailleurs, ADRESSE, QUATRE_MOTS)
    titre(ailleurs, "Bonjour Amélie Wattel")

    # The journal tells all of it, by sentences.
    menu(admin, "Journal")
    admin.get_by_label("Mots").fill("Wattel")
    admin.get_by_role("button", name="Filtrer").click()
    expect(admin.get_by_role("row").filter(has_text="Thomas Leroy").first).to_be_visible()
    expect(admin.get_by_role("row").filter(has_text="Amélie Wattel").first).to_be_visible()
    sans_faute_axe(admin)

    session.rollback()
    amelie = session.scalars(select(Utilisateur).where(Utilisateur.email == ADRESSE)).one()
    assert amelie.password
    assert amelie.password != QUATRE_MOTS
    assert {(h.role, h.collectivite.nom) for h in amelie.habilitations} == {
        (Role.AGENT, "Ayette"),
        (Role.VALIDEUR, "Achiet-le-Petit"),
    }


def test_five_wrong_passwords_lock_the_account_and_an_administrator_unlocks_it(demo, nouvelle_page, session):
    michel = next(porte.email for porte in PORTES if porte.nom == "Michel Dubois")
    page, admin = nouvelle_page(), nouvelle_page()
    for _ in range(ESSAIS_PERMIS):
        se_connecter(page, michel, "ce n’est pas le bon")
        expect(page.get_by_role("alert").first).to_be_visible()
    se_connecter(page, michel, MOT_DE_PASSE)
    expect(page.get_by_role("main")).to_contain_text(
        "Trop d’essais ont échoué pour cette adresse. Réessayez à partir de"
    )
    sans_faute_axe(page)
    entrer(admin, "Thomas Leroy")
    menu(admin, "Personnes")
    admin.get_by_role("link", name="Michel Dubois").click()
    admin.get_by_role("button", name="Déverrouiller").click()
    expect(admin.get_by_role("status").first).to_be_visible()
    se_connecter(page, michel, MOT_DE_PASSE)
    titre(page, "Bonjour Michel Dubois")
    session.rollback()
    assert session.scalars(select(Utilisateur).where(Utilisateur.email == michel)).one().echecs_de_connexion == 0
