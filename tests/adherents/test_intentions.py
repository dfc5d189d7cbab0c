"""Enquêtes, letters, answers: what is written, for how many statements, and what is refused."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from groupement.adherents.actions import enquetes, import_limesurvey, intentions
from groupement.adherents.actions.doublons import MOTIF
from groupement.adherents.models import Adhesion, Collectivite, CorrespondanceLimeSurvey, Intention, Sollicitation
from groupement.adherents.queries.intentions import synthese
from groupement.adherents.rules.limesurvey import deviner, lire_fichier
from groupement.adherents.rules.reponses import lire_reponses
from groupement.adherents.securite.declarations import jeton_de_reponse
from groupement.adherents.states import EtatAdhesion, EtatEnquete, EtatIntention, Role
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.courriels import Courriel, fabriquer
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.adherents.test_rules_intentions import EXEMPLE
from tests.fabriques import intentions as fabrique
from tests.fabriques.adherents import adhesion, collectivite, convention, utilisateur

LE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
QUI = {"par": AUTOMATE, "le": LE}
VALEURS = {
    "participe": True,
    **dict.fromkeys(("veut_etat_des_lieux", "veut_archivage", "veut_sae"), False),
    "veut_groupement": True,
    "veut_autre": "",
    "archives_mm": 24_000,
    "boites": 40,
    "rayonnages_mm": None,
    "reliures": None,
    "repondant": "Claire Delattre",
    "qualite": "Secrétaire",
    "courriel": "claire@mairie.example.org",
    "commentaire": "",
}
FORMULAIRE = {
    "participe": "oui",
    "veut_groupement": "y",
    "boites": "40",
    "archives_mm": "24,5",
    "repondant": "Claire Delattre",
    "courriel": "claire@mairie.example.org",
    "version": "0",
}


def nombre(session, modele, *criteres):
    """How many rows meet the criteria."""
    return session.scalar(select(func.count()).select_from(modele).where(*criteres))


def peupler(combien):
    """So many bodies, one in ten without an address."""
    return [
        collectivite(f"Commune {n}", courriel="" if n % 10 == 0 else f"c{n}@mairie.example.org") for n in range(combien)
    ]


def test_letters_leave_by_mail_or_wait_for_the_printer_and_never_twice(session):
    peupler(20)
    enquete = enquetes.creer("Intentions", "Bonjour.", date(2026, 12, 15), 30, **QUI)
    envoi = enquetes.envoyer(enquete, "", "", "", **QUI)
    assert (envoi.courriels, envoi.papier) == (18, 2) and enquete.etat is EtatEnquete.OUVERTE
    courriel = session.scalars(select(Courriel).order_by(Courriel.id)).first()
    lettre = session.scalars(select(Sollicitation).where(Sollicitation.courriel == courriel.destinataire)).one()
    assert jeton_de_reponse(lettre.id) in courriel.corps
    assert fabriquer(courriel.pieces[0]).octets.startswith(b"%PDF")
    with pytest.raises(RegleRefusee, match="déjà reçu"):
        enquetes.envoyer(enquete, "", "", "", par=AUTOMATE, le=LE + timedelta(hours=1))


def test_letters_can_go_to_the_bodies_of_one_kind(session):
    epci = collectivite("CC", type="CC", courriel="cc@example.org")
    membre = collectivite("Dedans", siren_epci=epci.siren, courriel="a@example.org")
    adhesion(membre)
    collectivite("Dehors", courriel="b@example.org")
    enquete = enquetes.creer("Intentions", "Bonjour.", date(2026, 12, 15), 30, **QUI)
    assert enquetes.envoyer(enquete, "commune", epci.siren, "oui", **QUI).courriels == 1
    assert session.scalars(select(Sollicitation.collectivite_id)).all() == [membre.id]


def test_sending_reminding_and_importing_cost_the_same_for_10_and_for_1300_bodies(session, sql):
    comptes = []
    for combien in (10, 1300):
        corps = peupler(combien)
        enquete = enquetes.creer("Intentions", "Bonjour.", date(2026, 12, 31), 30, **QUI)
        session.flush()
        with sql() as envoi:
            enquetes.envoyer(enquete, "", "", "", **QUI)
        with sql() as relance:
            enquetes.relancer(enquete, par=AUTOMATE, le=LE + timedelta(days=8))
        lignes = "\n".join(f"{n};2026-11-20 10:00:00;{c.siren};Oui;10" for n, c in enumerate(corps))
        lu = lire_fichier(f"id;submitdate;SIREN;groupement de commandes;boites\n{lignes}".encode())
        lues = lire_reponses(lu, deviner(lu.entetes)).reponses
        with sql() as importation:
            apercu, _ = import_limesurvey.importer(enquete, f"{combien}00000", lues, **QUI)
        assert apercu.rattachees == combien
        une = convention()
        with sql() as conversion:
            assert intentions.convertir_toutes(enquete, une, **QUI) == (combien, combien)
        comptes.append([len(envoi), len(relance), len(importation), len(conversion)])
    assert comptes[0] == comptes[1], comptes
    assert max(comptes[0]) <= 11, comptes


def test_a_reminder_waits_a_week_and_forgets_those_who_answered(session):
    enquete = fabrique.enquete(echeance=date(2026, 12, 31))
    muette, repond = fabrique.sollicitation(enquete), fabrique.sollicitation(enquete)
    fabrique.sollicitation(enquete, courriel="")
    intentions.repondre(repond, VALEURS, 0, le=LE)
    session.flush()
    assert enquetes.relancer(enquete, **QUI) == 1
    session.refresh(muette)
    assert (muette.relances, muette.relancee_le, repond.relances) == (1, LE, 0)
    with pytest.raises(RegleRefusee, match="29/11/2026"):
        enquetes.relancer(enquete, par=AUTOMATE, le=LE + timedelta(days=3))
    enquetes.clore(enquete, **QUI)
    with pytest.raises(RegleRefusee, match="pas ouverte"):
        enquetes.relancer(enquete, par=AUTOMATE, le=LE + timedelta(days=9))


def test_an_enquete_closes_after_its_last_day_and_opens_again_with_a_later_one(session):
    enquete = fabrique.enquete(echeance=date(2026, 11, 22))
    assert enquetes.clore_les_echues(LE) == 0
    assert enquetes.clore_les_echues(LE + timedelta(days=1)) == 1 and enquete.etat is EtatEnquete.CLOSE
    with pytest.raises(RegleRefusee, match="échéance est passée"):
        enquetes.envoyer(enquete, "", "", "", par=AUTOMATE, le=LE + timedelta(days=1))
    with pytest.raises(RegleRefusee, match="au moins un jour"):
        enquetes.reporter(enquete, date(2026, 11, 20), **QUI)
    enquetes.reporter(enquete, date(2026, 12, 20), **QUI)
    assert (enquete.etat, enquete.echeance) == (EtatEnquete.OUVERTE, date(2026, 12, 20))


def test_an_answer_by_a_link_is_attached_confirmed_and_can_change(session):
    lettre = fabrique.sollicitation(fabrique.enquete(echeance=date(2026, 12, 15)))
    intention = intentions.repondre(lettre, VALEURS, 0, le=LE)
    assert (intention.etat, intention.rapprochee_par, intention.version) == (EtatIntention.RATTACHEE, "lien", 1)
    courriel = session.scalars(select(Courriel)).one()
    assert courriel.destinataire == VALEURS["courriel"] and "Boîtes : 40" in courriel.corps.replace("\u00a0", " ")
    intentions.repondre(lettre, VALEURS | {"boites": 60}, 1, le=LE + timedelta(days=1))
    assert nombre(session, Intention) == 1 and (intention.boites, intention.version) == (60, 2)
    with pytest.raises(ConflitDeVersion, match="même lien"):
        intentions.repondre(lettre, VALEURS, 1, le=LE + timedelta(days=1))
    with pytest.raises(RegleRefusee, match="close"):
        intentions.repondre(lettre, VALEURS, 2, le=datetime(2026, 12, 16, 9, tzinfo=UTC))


def test_the_latest_complete_answer_of_a_body_replaces_the_others(session):
    enquete, corps = fabrique.enquete(echeance=date(2026, 12, 15)), collectivite()
    vieille = fabrique.intention(enquete, corps, recue_le=LE - timedelta(days=9), etat=EtatIntention.CONVERTIE)
    inachevee = fabrique.intention(enquete, corps, complete=False)
    recente = intentions.repondre(fabrique.sollicitation(enquete, corps), VALEURS, 0, le=LE)
    for ancienne in (vieille, inachevee):
        session.refresh(ancienne)
        assert (ancienne.etat, ancienne.motif) == (EtatIntention.ECARTEE, MOTIF)
    assert recente.etat is EtatIntention.RATTACHEE
    assert nombre(session, Evenement, Evenement.verbe == "remplacer") == 2


def test_a_person_attaches_detaches_sets_aside_and_takes_back(session):
    enquete, corps = fabrique.enquete(), collectivite()
    intention = fabrique.intention(enquete)
    intentions.rattacher(intention, corps, **QUI)
    assert (intention.collectivite_id, intention.rapprochee_par) == (corps.id, "personne")
    intentions.detacher(intention, **QUI)
    assert intention.etat is EtatIntention.RECUE and intention.collectivite_id is None
    with pytest.raises(RegleRefusee, match="pourquoi"):
        intentions.ecarter(intention, "  ", **QUI)
    intentions.ecarter(intention, "Réponse d’essai", **QUI)
    with pytest.raises(TransitionInterdite):
        intentions.rattacher(intention, corps, **QUI)
    session.rollback()


def test_an_answer_becomes_an_adhesion_asked_for_once(session):
    enquete, une = fabrique.enquete(), convention()
    nouvelle, deja = fabrique.intention(enquete, collectivite()), fabrique.intention(enquete, collectivite())
    signee = adhesion(deja.collectivite, une)
    assert intentions.convertir(nouvelle, une, **QUI) and not intentions.convertir(deja, une, **QUI)
    demandee = session.scalars(select(Adhesion).where(Adhesion.collectivite_id == nouvelle.collectivite_id)).one()
    assert demandee.etat is EtatAdhesion.DEMANDEE and signee.etat is EtatAdhesion.SIGNEE
    with pytest.raises(RegleRefusee, match="jusqu’au bout"):
        intentions.convertir(fabrique.intention(enquete, collectivite(), complete=False), une, **QUI)


def test_all_that_want_the_groupement_ask_to_join_and_each_is_in_the_journal(session):
    enquete, une = fabrique.enquete(), convention()
    voulues = [fabrique.intention(enquete, collectivite()) for _ in range(3)]
    adhesion(voulues[0].collectivite, une)
    fabrique.intention(enquete, collectivite(), veut_groupement=False)
    fabrique.intention(enquete, collectivite(), complete=False)
    assert intentions.convertir_toutes(enquete, une, **QUI) == (3, 2)
    assert nombre(session, Adhesion, Adhesion.etat == EtatAdhesion.DEMANDEE) == 2
    lignes = session.scalars(select(Evenement).where(Evenement.verbe == "demander")).all()
    assert len(lignes) == 2 and all(ligne.objet == "adhesion" and ligne.objet_id for ligne in lignes)
    assert intentions.convertir_toutes(enquete, une, **QUI) == (0, 0)


def test_confirming_a_figure_leaves_nothing_to_confirm(session):
    intention = fabrique.intention(fabrique.enquete(), collectivite(), a_confirmer={"boites": "environ 100"})
    assert synthese(intention.enquete_id).a_confirmer == 1
    intentions.corriger(intention, {"boites": 90}, **QUI)
    assert intention.a_confirmer == {} and synthese(intention.enquete_id).a_confirmer == 0
    ecrit = session.scalars(select(Evenement).where(Evenement.verbe == "corriger")).one()
    assert ecrit.details == {"boites": [100, 90]}


def exemple(enquete, session):
    """Bring the sample file, the bodies it names being known."""
    fichier = lire_fichier(EXEMPLE.read_bytes())
    lues = lire_reponses(fichier, deviner(fichier.entetes)).reponses
    return import_limesurvey.importer(enquete, "482917", lues, **QUI)


def test_the_sample_file_brings_its_answers_once(session):
    collectivite("Lillers", siren="216205161", code_insee="62516")
    collectivite("Labourse", siren="216204800", code_insee="62480")
    enquete = fabrique.enquete()
    apercu, ecartees = exemple(enquete, session)
    assert (len(apercu.nouvelles), apercu.rattachees, len(apercu.incompletes), ecartees) == (140, 3, 12, 1)
    assert len(apercu.a_confirmer) == 23 and [d.collectivite for d in apercu.doublons] == ["Labourse"]
    seconde, _ = exemple(enquete, session)
    assert (len(seconde.nouvelles), seconde.connues, seconde.ailleurs) == (0, 140, 0)
    assert exemple(fabrique.enquete(), session)[0].ailleurs == 140
    assert nombre(session, Intention) == 140


@pytest.fixture
def acheteur(client_de, session):
    """The buyer's client."""
    return client_de(utilisateur("Hélène Vasseur", roles=[Role.ACHETEUR]))


def deposer(client, enquete, octets, nom="results-survey482917.csv", **champs):
    """Send the file."""
    envoi = {"fichier": (io.BytesIO(octets), nom), **champs}
    return client.post(f"/enquetes/{enquete.id}/importation", data=envoi)


def colonnes(page):
    """What the mapping screen proposes, as it would be sent."""
    choisies = {}
    for nom, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        choisies[nom] = re.search(r'<option value="([^"]*)" selected', options).group(1)
    return choisies


def test_a_file_is_mapped_shown_then_brought_and_its_columns_remembered(acheteur, session):
    collectivite("Lillers", siren="216205161", code_insee="62516")
    enquete = fabrique.enquete()
    reponse = deposer(acheteur, enquete, EXEMPLE.read_bytes())
    assert reponse.location.endswith("/importation/colonnes")
    proposees = colonnes(acheteur.get(reponse.location).text)
    assert sum(1 for champ in proposees.values() if champ) == 18
    assert acheteur.post(reponse.location, data=proposees).status_code == 303
    apercu = acheteur.get(f"/enquetes/{enquete.id}/importation/apercu").text
    assert "environ 59" in apercu and "Gouy-en-Ternois" in apercu and nombre(session, Intention) == 0
    suite = acheteur.post(f"/enquetes/{enquete.id}/importation/confirmation")
    assert suite.location.endswith("/rattachements") and nombre(session, Intention) == 140
    assert acheteur.post(f"/enquetes/{enquete.id}/importation/confirmation").status_code == 404
    deposer(acheteur, enquete, EXEMPLE.read_bytes())
    assert "Hélène Vasseur l’a dit" in acheteur.get(reponse.location).text
    assert "n’apprend rien de nouveau" in acheteur.get(f"/enquetes/{enquete.id}/importation/apercu").text


def test_a_mapping_that_cannot_do_is_refused_and_a_faulty_file_brings_nothing(acheteur, session):
    enquete = fabrique.enquete()
    deposer(acheteur, enquete, b"id;submitdate;nom\n1;hier;Ayette\n1;;Bapaume\n", numero="1")
    page = f"/enquetes/{enquete.id}/importation"
    vide = acheteur.post(f"{page}/colonnes", data={})
    assert vide.status_code == 422 and "rien ne peut être importé" in vide.text
    assert nombre(session, CorrespondanceLimeSurvey) == 0
    acheteur.post(f"{page}/colonnes", data=colonnes(acheteur.get(f"{page}/colonnes").text))
    apercu = acheteur.get(f"{page}/apercu")
    assert apercu.status_code == 422 and "Ligne 2" in apercu.text and "déjà à la ligne 2" in apercu.text
    assert acheteur.post(f"{page}/confirmation").status_code == 409 and nombre(session, Intention) == 0


@pytest.mark.parametrize("octets", [b"\x89PNG\r\n\x00\x00", b"", b"id;nom\n", b'id;nom\n1;"a\n'])
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(acheteur, session, octets):
    reponse = deposer(acheteur, fabrique.enquete(), octets)
    assert reponse.status_code == 422 and "Rien n’a été enregistré" in reponse.text
    assert nombre(session, Fichier) == 0


def test_a_survey_without_a_number_is_asked_for_it(acheteur, session):
    reponse = deposer(acheteur, fabrique.enquete(), EXEMPLE.read_bytes(), nom="reponses.csv")
    assert reponse.status_code == 422 and "numéro de l’enquête" in reponse.text


def ouverte(**valeurs):
    """A letter of an enquête one may answer today, and its address."""
    enquete = fabrique.enquete(echeance=aujourdhui() + timedelta(days=10), **valeurs)
    lettre = fabrique.sollicitation(enquete, collectivite("Ayette", courriel="mairie@ayette.example.org"))
    return lettre, f"/declaration-intention/{jeton_de_reponse(lettre.id)}"


def test_a_body_answers_without_an_account_and_reads_its_answer_again(client, session):
    lettre, adresse = ouverte()
    page = client.get(adresse)
    assert page.status_code == 200 and "Ayette" in page.text and lettre.courriel in page.text
    reponse = client.post(adresse, data=FORMULAIRE)
    assert reponse.status_code == 303
    merci = client.get(reponse.location).text
    assert "24,50" in merci and "claire@mairie.example.org" in merci
    assert session.scalars(select(Intention)).one().archives_mm == 24_500
    assert "Vous avez déjà répondu" in client.get(adresse).text
    seconde = client.post(adresse, data=FORMULAIRE | {"boites": "60"})  # the page of before: somebody answered since
    assert seconde.status_code == 422 and "même lien" in seconde.text and 'value="60"' in seconde.text
    assert client.post(adresse, data=FORMULAIRE | {"boites": "60", "version": "1"}).status_code == 303


def test_saying_no_takes_one_answer(client, session):
    _, adresse = ouverte()
    assert client.post(adresse, data=FORMULAIRE | {"participe": "non"}).status_code == 303
    intention = session.scalars(select(Intention)).one()
    assert (intention.participe, intention.veut_groupement, intention.boites) == (False, False, None)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"participe": ""}, "Répondez oui ou non"),
        ({"boites": "beaucoup"}, "nombre entier"),
        ({"boites": "-4"}, "0 ou plus"),
        ({"archives_mm": "999999999"}, "100000 au plus"),
        ({"courriel": "mairie"}, "adresse complète"),
        ({"repondant": ""}, "Indiquez votre nom"),
        ({"veut_groupement": ""}, "au moins un souhait"),
    ],
)
def test_what_is_wrong_in_an_answer_is_said_by_its_field(client, session, champs, phrase):
    _, adresse = ouverte()
    valeurs = {cle: valeur for cle, valeur in (FORMULAIRE | champs).items() if valeur}
    reponse = client.post(adresse, data=valeurs)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert nombre(session, Intention) == 0


def test_a_forged_link_opens_nothing(client, session):
    _, adresse = ouverte()
    racine, jeton = adresse.rsplit("/", 1)
    autre = f"{racine}/{'Mg' if not jeton.startswith('Mg') else 'Mw'}.{jeton.split('.')[1]}"  # another letter's number
    for faux in (autre, f"{racine}/x", f"{racine}/{jeton[::-1]}", f"{adresse}/merci"):
        reponse = client.get(faux)
        assert reponse.status_code == 404
    assert "recopiez-la en entier" in client.get("/declaration-intention/x").text
    assert client.post("/declaration-intention/x", data=FORMULAIRE).status_code == 404


def test_a_link_shows_its_answer_a_while_then_nothing_and_says_whom_to_write_to(client, session):
    lettre, adresse = ouverte()
    client.post(adresse, data=FORMULAIRE)
    lettre.enquete.echeance = aujourdhui() - timedelta(days=5)
    session.commit()
    page = client.get(adresse)
    assert page.status_code == 200 and "est close" in page.text and "Claire Delattre" in page.text
    assert client.post(adresse, data=FORMULAIRE | {"version": "1", "boites": "7"}).status_code == 409
    lettre.enquete.echeance = aujourdhui() - timedelta(days=40)
    session.commit()
    perime = client.get(adresse)
    assert perime.status_code == 410 and "groupement@cdg62" in perime.text and "Claire" not in perime.text
    assert session.scalars(select(Intention)).one().boites == 40


def test_the_public_form_keeps_its_token(client, session):
    _, adresse = ouverte()
    assert client.post(adresse, data=FORMULAIRE, csrf=False).status_code == 303  # back to the form, nothing written
    assert nombre(session, Intention) == 0


def test_the_public_form_is_limited(app, client, session):
    _, adresse = ouverte()
    limiteur = app.extensions["limiteur"]
    limiteur.enabled = True
    try:
        statuts = {client.get("/declaration-intention/x").status_code for _ in range(61)}
    finally:
        limiteur.enabled = False
        limiteur.reset()
    assert statuts == {404, 429} and adresse


def test_the_buyer_prepares_sends_prints_and_reminds(acheteur, session):
    collectivite("Ayette", courriel="mairie@ayette.example.org")
    collectivite("Bapaume", courriel="")
    fin = (aujourdhui() + timedelta(days=20)).isoformat()
    cree = acheteur.post(
        "/enquetes/nouvelle", data={"titre": "T", "texte": "Bonjour.", "echeance": fin, "grace_jours": "30"}
    )
    assert "Sans adresse connue" in acheteur.get(cree.location).text
    envoi = acheteur.post(cree.location, data={"type": "", "epci": "", "adhesion": ""})
    assert nombre(session, Sollicitation) == 2 and nombre(session, Courriel) == 1
    racine = envoi.location.removesuffix("/lettres")
    pdf = acheteur.get(f"{racine}/lettres-a-imprimer")
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF")
    assert acheteur.post(f"{racine}/relance").status_code == 409
    assert acheteur.post(f"{racine}/cloture").status_code == 303
    assert acheteur.post(f"{racine}/modification", data={}).status_code == 422


def test_a_body_is_chosen_by_its_proposal_or_its_name_and_never_by_chance(acheteur, session):
    corps, enquete = collectivite("Grigny"), fabrique.enquete()
    une, autre = fabrique.intention(enquete, nom_declare="GRIGNY"), fabrique.intention(enquete, nom_declare="?")
    assert "Grigny, même nom" in acheteur.get(f"/enquetes/{enquete.id}/rattachements").text
    rattacher = "/enquetes/reponses/{}/rattachement"
    assert acheteur.post(rattacher.format(une.id), data={"proposee": str(corps.id)}).status_code == 303
    assert acheteur.post(rattacher.format(autre.id), data={"collectivite": "Nulle part"}).status_code == 409
    assert acheteur.post(rattacher.format(autre.id), data={"collectivite": corps.siren}).status_code == 303
    assert une.etat is EtatIntention.ECARTEE or autre.etat is EtatIntention.ECARTEE


def test_the_list_of_answers_leaves_as_a_file(acheteur, session):
    enquete = fabrique.enquete()
    fabrique.intention(enquete, collectivite("Ayette"), commentaire="=SOMME(1;2)")
    csv = acheteur.get(f"/enquetes/{enquete.id}/reponses?format=csv").text
    assert "Ayette" in csv and "'=SOMME" in csv
    assert acheteur.get(f"/enquetes/{enquete.id}/reponses?format=xlsx").data.startswith(b"PK")
    assert session.scalars(select(Collectivite.nom)).all() == ["Ayette"] and maintenant()
