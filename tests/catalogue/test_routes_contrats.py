"""The pages of a signed marché: duration, titulaires, clauses, papers, essential data; what they refuse."""

import io
import json
from datetime import date
from decimal import Decimal as D

import pytest

from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur, DocumentMarche, DonneesEssentielles
from groupement.catalogue.states import EtatReconduction, ModeReconduction, VisibiliteDocument
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from tests.fabriques import adherents, contrats
from tests.fabriques import catalogue as fabriques


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=2)


@pytest.fixture
def acheteur(client_de):
    return client_de(adherents.utilisateur("Bruno Lefebvre", roles=[Role.ACHETEUR]))


@pytest.fixture
def comptable(client_de):
    return client_de(adherents.utilisateur("Claire Caron", roles=[Role.COMPTABLE]))


def periodes(*lignes, raison=""):
    """The form of reconductions: (months, mode, notice)."""
    remplies = [*lignes, *[("", "tacite", "")] * (3 - len(lignes))]
    noms = ("mois", "mode", "preavis_mois")
    envoi = {f"periodes-{i}-{nom}": v for i, ligne in enumerate(remplies) for nom, v in zip(noms, ligne, strict=True)}
    return {**envoi, "justification_duree": raison}


def test_the_reconductions_of_the_contract_are_written_and_shown(marche, acheteur, comptable):
    marche.au = marche.fin_initiale = date(2026, 12, 31)
    db.session.commit()
    envoi = periodes(("12", "expresse", "2"), ("6", "tacite", "1"))
    assert acheteur.post(f"/marches/{marche.id}/reconductions", data=envoi).status_code == 303
    assert [(r.mois, r.mode, r.preavis_mois) for r in marche.reconductions] == [
        (12, ModeReconduction.EXPRESSE, 2),
        (6, ModeReconduction.TACITE, 1),
    ]
    page = comptable.get(f"/marches/{marche.id}/duree").text
    assert "31/10/2026" in page and "30/06/2028" in page and "Enregistrer la décision" not in page
    assert "Enregistrer la décision" in acheteur.get(f"/marches/{marche.id}/duree").text


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        (periodes(("12", "tacite", "1")), "L2125-1"),
        (periodes(("0", "tacite", "1"), raison="x"), "Entre 1 et 48 mois."),
        (periodes(("douze", "tacite", "1"), raison="x"), "Écrivez un nombre entier"),
        (periodes(("12", "tacite", ""), raison="x"), "Indiquez le préavis, ou 0."),
        (periodes(("12", "jamais", "1"), raison="x"), "Choisissez une valeur de la liste."),
    ],
)
def test_impossible_reconductions_are_refused_by_the_field(marche, acheteur, envoi, phrase):
    reponse = acheteur.post(f"/marches/{marche.id}/reconductions", data=envoi)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert marche.reconductions == []


def test_a_reconduction_is_decided_on_the_page_of_the_duration(marche, acheteur):
    reconduction = contrats.reconduction(marche, mode=ModeReconduction.EXPRESSE)
    marche.justification_duree = "Objet complexe."
    db.session.commit()
    adresse = f"/marches/reconductions/{reconduction.id}/decision"
    trop_tot = {"choix": "oui", "decidee_le": "2025-01-01", "motif": "Bien."}
    reponse = acheteur.post(adresse, data=trop_tot)
    assert reponse.status_code == 422 and "suit la notification" in reponse.text
    reponse = acheteur.post(adresse, data={"choix": "", "decidee_le": "", "motif": ""})
    assert reponse.status_code == 422 and "Choisissez une décision." in reponse.text
    assert reconduction.etat is EtatReconduction.PREVUE
    assert acheteur.post(adresse, data={**trop_tot, "decidee_le": f"{aujourdhui()}"}).status_code == 303
    assert marche.au == date(2030, 12, 31)
    assert acheteur.post(adresse, data={**trop_tot, "decidee_le": f"{aujourdhui()}"}).status_code in (409, 422)


# Titulaires


def titulaire_saisi(entreprise, **changes):
    return {"fournisseur": str(entreprise.id), "groupement": "seul", "cotraitants": "", **changes}


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"fournisseur": ""}, "Choisissez une entreprise."),
        ({"groupement": "conjoint"}, "Un groupement a au moins un cotraitant"),
        ({"cotraitants": "99999994900012 Scarpe"}, "Une entreprise seule"),
        ({"groupement": "conjoint", "cotraitants": "99999994900013 Scarpe"}, "Ligne 1\u00a0: ce SIRET n’existe pas"),
        ({"groupement": "conjoint", "cotraitants": "Scarpe"}, "ce SIRET n’existe pas"),
        ({"groupement": "conjoint", "cotraitants": "99999994900012"}, "écrivez le nom"),
        ({"groupement": "conjoint", "cotraitants": "99999994900012 A\n999 999 949 00012 B"}, "écrit deux fois"),
    ],
)
def test_an_impossible_titulaire_is_refused_by_the_field(marche, acheteur, changes, phrase):
    marche.notifie_le = date(2099, 1, 1)
    envoi = titulaire_saisi(fabriques.fournisseur(), **changes)
    db.session.commit()
    reponse = acheteur.post(f"/lots/{marche.lots[0].id}/titulaires", data=envoi)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert len(marche.lots[0].titulaires) == 1


def test_titulaires_are_ranked_before_the_notification_then_by_acts(marche, acheteur):
    lot, second = marche.lots[0], fabriques.fournisseur("Second (fictif)")
    marche.notifie_le = date(2099, 1, 1)
    db.session.commit()
    page = f"/lots/{lot.id}/titulaires"
    groupe = {"groupement": "solidaire", "cotraitants": "99999994900012 ; Transports de la Scarpe"}
    assert acheteur.post(page, data=titulaire_saisi(second, **groupe)).status_code == 303
    assert "Transports de la Scarpe" in acheteur.get(page).text
    reponse = acheteur.post(page, data=titulaire_saisi(second))
    assert reponse.status_code == 422 and "déjà titulaire de ce lot, au rang 2" in reponse.text
    titulaire = lot.titulaires[1]
    assert acheteur.post(f"/titulaires/{titulaire.id}/rang").status_code == 303
    db.session.refresh(titulaire)
    assert titulaire.rang == 1
    marche.notifie_le = date(2025, 12, 15)
    db.session.commit()
    assert acheteur.post(f"/titulaires/{titulaire.id}/retrait").status_code == 409
    acte = {"motif_du_changement": "defaillance", "remplacant": "", "numero": "T1", "motif": "Liquidation."}
    adresse = f"/titulaires/{titulaire.id}/changement"
    reponse = acheteur.post(adresse, data={**acte, "notifie_le": "2025-01-01"})
    assert reponse.status_code == 422 and "suit la notification" in reponse.text
    cession = {**acte, "motif_du_changement": "cession", "notifie_le": "2026-02-01"}
    assert "Choisissez l’entreprise qui reprend" in acheteur.post(adresse, data=cession).text
    assert acheteur.post(adresse, data={**acte, "notifie_le": "2026-02-01"}).status_code == 303
    historique = acheteur.get(f"/marches/{marche.id}/avenants").text
    assert "Second (fictif)" in historique and "Liquidation." in historique


# Clauses


def test_the_clauses_of_a_lot_are_shown_with_their_source_and_changed(marche, acheteur, comptable):
    lot = marche.lots[0]
    page = comptable.get(f"/lots/{lot.id}/clauses").text
    assert "CCAG-FCS, article 28.2" in page and "Modifier les clauses" not in page
    envoi = {"verification": "20", "verification_article": "8.2", "penalites_diviseur": "", "garantie": ""}
    assert acheteur.post(f"/lots/{lot.id}/clauses/modification", data=envoi).status_code == 303
    db.session.refresh(lot)
    assert lot.verification_jours == 20
    page = comptable.get(f"/lots/{lot.id}/clauses").text
    assert "CCAP, article 8.2" in page and "20 jours" in page.replace("\u00a0", " ")
    assert 'value="20"' in acheteur.get(f"/lots/{lot.id}/clauses/modification").text


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        ({"verification": "20"}, "quel article du CCAP"),
        ({"paiement": "45", "paiement_article": "12"}, "30 jours au plus"),
        ({"verification": "quinze"}, "Écrivez un nombre entier"),
    ],
)
def test_an_impossible_clause_is_refused_by_the_field(marche, acheteur, envoi, phrase):
    reponse = acheteur.post(f"/lots/{marche.lots[0].id}/clauses/modification", data=envoi)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert marche.lots[0].derogations == {}


# Papers


def depot(octets=None, **changes):
    contenu = contrats.pdf_d_une_page() if octets is None else octets
    valeurs = {
        "fichier": (io.BytesIO(contenu), "../ccap.pdf"), "nature": "ccap", "intitule": "CCAP signé", "lot": "",
        "signe_le": "2026-01-05", "visibilite": "centre_de_gestion",
    }  # fmt: skip
    return {**valeurs, **changes}


def deposer(client, marche, **changes):
    return client.post(
        f"/marches/{marche.id}/documents/nouveau", data=depot(**changes), content_type="multipart/form-data"
    )


def test_a_paper_is_kept_opened_and_taken_off_the_list(marche, acheteur, comptable):
    assert deposer(acheteur, marche).status_code == 303
    document = db.session.scalars(db.select(DocumentMarche)).one()
    assert "CCAP signé" in comptable.get(f"/marches/{marche.id}/documents").text
    fichier = comptable.get(f"/marches/documents/{document.id}")
    assert fichier.data.startswith(b"%PDF-") and fichier.headers["Content-Type"] == "application/pdf"
    assert fichier.headers["Content-Disposition"] == 'inline; filename="ccap-signe.pdf"'
    assert acheteur.post(f"/marches/documents/{document.id}/retrait").status_code == 303
    assert comptable.get(f"/marches/documents/{document.id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"octets": b"MZ un programme"}, "ni un PDF ni un classeur"),
        ({"fichier": (io.BytesIO(b""), "")}, "Choisissez le fichier"),
        ({"intitule": ""}, "Nommez le document"),
        ({"signe_le": "2099-01-01"}, "à venir"),
        ({"lot": "99"}, "Choisissez une valeur de la liste."),
    ],
)
def test_what_is_not_a_paper_is_refused_by_the_field(marche, acheteur, changes, phrase):
    reponse = deposer(acheteur, marche, **changes)
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalars(db.select(DocumentMarche)).all() == []


def test_each_reads_the_papers_meant_for_them(marche, client_de):
    lot, autre = marche.lots
    tous = contrats.document(lot, le=maintenant(), intitule="Pour tous")
    titulaires = contrats.document(
        lot, le=maintenant(), intitule="Aux titulaires", visibilite=VisibiliteDocument.TITULAIRES
    )
    prive = contrats.document(lot, le=maintenant(), intitule="Privé", visibilite=VisibiliteDocument.CENTRE_DE_GESTION)
    maison, voisine = (
        adherents.utilisateur("Marc", roles=[Role.FOURNISSEUR]),
        adherents.utilisateur("Denise", roles=[Role.FOURNISSEUR]),
    )
    for compte, tenu in ((maison, lot), (voisine, autre)):
        db.session.add(AccesFournisseur(utilisateur_id=compte.id, fournisseur_id=tenu.titulaire.id))
    corps = adherents.collectivite("Ayette")
    agent = adherents.utilisateur("Nathalie", roles=[Role.AGENT], collectivite=corps)
    db.session.commit()
    attendus = {maison: [200, 200, 404], voisine: [404, 404, 404], agent: [200, 404, 404]}
    for compte, codes in attendus.items():
        client = client_de(compte)
        vus = [client.get(f"/marches/documents/{d.id}").status_code for d in (tous, titulaires, prive)]
        assert vus == codes, compte.nom
        page = client.get(f"/marches/{marche.id}/documents")
        assert page.status_code == 200 and ("Privé" not in page.text)


def test_a_supplier_of_another_marche_knows_nothing_of_this_one(marche, client_de):
    ailleurs = fabriques.marche(lots=1)
    compte = adherents.utilisateur("Marc", roles=[Role.FOURNISSEUR])
    fournisseur = fabriques.fournisseur("Ailleurs")
    ailleurs.lots[0].titulaires[0].fournisseur = fournisseur
    db.session.add(AccesFournisseur(utilisateur_id=compte.id, fournisseur_id=fournisseur.id))
    db.session.commit()
    assert client_de(compte).get(f"/marches/{marche.id}/documents").status_code == 404


# Essential data


def decp(**changes):
    valeurs = {
        "identifiant": "2026ARCH0101", "code_cpv": "39131100-0", "procedure": "Appel d'offres ouvert",
        "offres_recues": "3", "ccag": "Fournitures courantes et services", "type_prix": "Définitif révisable",
        "lieu_type": "Code département", "lieu_code": "62", "considerations_sociales": ["Pas de considération sociale"],
        "considerations_environnementales": ["Clause environnementale"], "taux_avance_pct": "",
    }  # fmt: skip
    return {**valeurs, **changes}


def test_the_essential_data_are_completed_downloaded_and_published(marche, acheteur, comptable):
    page = comptable.get(f"/marches/{marche.id}/donnees-essentielles").text
    assert (
        "le code CPV" in page and "15/02/2026" in page and "En retard" in page and "Télécharger le fichier" not in page
    )
    assert comptable.get(f"/marches/{marche.id}/donnees-essentielles/fichier").status_code == 409
    for lot in marche.lots:
        envoi = decp(identifiant=f"2026ARCH010{lot.numero}")
        assert acheteur.post(f"/lots/{lot.id}/donnees-essentielles", data=envoi).status_code == 303
    adresse = f"/marches/{marche.id}/donnees-essentielles"
    fichier = comptable.get(f"{adresse}/fichier?format=json")
    assert [m["id"] for m in json.loads(fichier.data)["marches"]["marche"]] == ["2026ARCH0101", "2026ARCH0102"]
    assert b"<codeCPV>39131100-0</codeCPV>" in comptable.get(f"{adresse}/fichier?format=xml").data
    reponse = acheteur.post(f"{adresse}/publication", data={"publiee_le": "2025-01-01"})
    assert reponse.status_code == 422 and "suit la notification" in reponse.text
    assert acheteur.post(f"{adresse}/publication", data={"publiee_le": "2026-02-01"}).status_code == 303
    reponse = acheteur.post(f"/lots/{marche.lots[0].id}/donnees-essentielles", data=decp(code_cpv="30193700"))
    assert reponse.status_code == 422 and "ne changent plus" in reponse.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"code_cpv": "391"}, "huit chiffres"),
        ({"identifiant": "2026 é"}, "16 lettres ou chiffres"),
        ({"offres_recues": "0"}, "Entre 1 et 1 000 offres."),
        ({"procedure": "Au hasard"}, "Choisissez une valeur de la liste."),
        ({"considerations_sociales": ["Lune"]}, "Choisissez des valeurs de la liste."),
        ({"considerations_sociales": ["Clause sociale", "Pas de considération sociale"]}, "ne va pas avec"),
        ({"taux_avance_pct": "5"}, "Cochez"),
        ({"taux_avance_pct": "500", "avance": "y"}, "entre 0 et 100"),
    ],
)
def test_impossible_data_are_refused_by_the_field(marche, acheteur, changes, phrase):
    reponse = acheteur.post(f"/lots/{marche.lots[0].id}/donnees-essentielles", data=decp(**changes))
    assert reponse.status_code == 422 and phrase in reponse.text
    assert db.session.scalars(db.select(DonneesEssentielles)).all() == []


def test_small_marches_may_publish_but_need_not(marche, comptable):
    for lot in marche.lots:
        lot.plafond_ht = D("10000.00")
    db.session.commit()
    assert "Publication facultative" in comptable.get(f"/marches/{marche.id}/donnees-essentielles").text


@pytest.mark.parametrize("page", ["duree", "avenants", "suivi", "documents", "donnees-essentielles"])
def test_a_page_of_the_marche_asks_few_questions_whatever_the_lots(marche, comptable, sql, page):
    contrats.reconduction(marche)
    for _ in range(6):
        contrats.document(fabriques.lot(marche), le=maintenant())
    db.session.commit()
    with sql() as envoyees:
        assert comptable.get(f"/marches/{marche.id}/{page}").status_code == 200
    assert len(envoyees) <= 12
