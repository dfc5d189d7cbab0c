"""The pages of an audit: entering it with a thumb, reading it, and who may."""

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from groupement.adherents.states import Role
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from tests.fabriques import adherents
from tests.fabriques import etats_des_lieux as fabrique

RESERVE = {"formulaires": 12}


@pytest.fixture
def archiviste(app):
    """Julie measures."""
    return fabrique.archiviste()


@pytest.fixture
def chez(client_de, archiviste):
    """Her browser."""
    return client_de(archiviste)


def version(etat_id):
    """The version the next page will show."""
    return db.session.get(EtatDesLieux, etat_id).version


def texte(reponse):
    """What one reads, without tags, spaces brought together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reponse.get_data(as_text=True))).replace("\u00a0", " ")


def saisir(chez, etat_id, page, **valeurs):
    """Send a form of the audit as its page would."""
    return chez.post(f"/etats-des-lieux/{etat_id}/{page}", data={"version": version(etat_id), **valeurs})


def virgule(mm):
    """A length as it is typed."""
    return str(Decimal(mm) / 1000).replace(".", ",")


def test_the_town_of_1850_inhabitants_typed_page_by_page_needs_what_the_documentation_says(chez):
    fabrique.marche_du_bpu()
    ville = adherents.collectivite("Auxi-le-Château", population=1850)
    reponse = chez.post("/etats-des-lieux/nouveau", data={"collectivite": "Auxi-le-Château", "visite_le": "2026-11-03"})
    assert reponse.status_code == 303
    etat = db.session.scalars(select(EtatDesLieux).where(EtatDesLieux.collectivite_id == ville.id)).one()
    numero = etat.id
    assert saisir(chez, numero, "locaux", nom="Grenier", x_m="5,20", y_m="3,80").status_code == 303
    local = db.session.get(EtatDesLieux, numero).locaux[0].id
    rayonnage = {"rayonnage-travees": "4", "rayonnage-niveaux": "6", "rayonnage-longueur_m": "1,00"}
    rayonnage |= {"rayonnage-a_garder": "oui", "rayonnage-version": version(numero)}
    assert saisir(chez, numero, f"locaux/{local}/rayonnages", **rayonnage).status_code == 303
    for code, forme, *longueurs in fabrique.MESURES:
        champs = ("mesure", "eliminable", "temporaire", "definitif", "deja_boite_temporaire", "deja_boite_definitif")
        valeurs = {f"{nom}_ml": virgule(mm) for nom, mm in zip(champs, longueurs, strict=True)}
        reponse = saisir(chez, numero, "mesures", categorie=code, forme=forme, local=local, **valeurs)
        assert reponse.status_code == 303, texte(reponse)
    reglages = {
        "croissance_ml_an": "1,2",
        "horizon_ans": "10",
        "remplissage_pct": "90",
        "travee_ml": "6",
        "dos_mm": "100",
    }
    reglages |= {"feuillets_max": "200", "visite_le": "2026-11-03", "population": "1 850"}
    assert saisir(chez, numero, "croissance", **reglages).status_code == 303
    for serie, nombres in fabrique.FEUILLETS.items():
        suite = " ".join(str(nombre) for nombre in nombres)
        assert saisir(chez, numero, "reliures", serie=serie, annee="2021", feuillets=suite).status_code == 303
    lu = texte(chez.get(f"/etats-des-lieux/{numero}/besoins"))
    for attendu in ("50,95 ml", "8 travées", "89 boîtes", "244 boîtes", "2 568,50 €", "513,70 €", "3 082,20 €"):
        assert attendu in lu, attendu
    for reference in (
        "BTE-STD-10",
        "BTE-CON-10",
        "RF-100-35-220-D",
        "RF-100-35-220-S",
        "POS-TRA",
        "LIV-RAY",
        "RES-ENL",
    ):
        assert reference in lu, reference


def test_a_sum_that_is_wrong_is_said_with_its_figures_and_what_was_typed_stays(chez, archiviste):
    etat = fabrique.etat_des_lieux(par=archiviste)
    reponse = saisir(
        chez, etat.id, "mesures", categorie="T", forme="dossiers", local="",
        mesure_ml="14,00", eliminable_ml="1,40", temporaire_ml="0", definitif_ml="12,00",
    )  # fmt: skip
    assert reponse.status_code == 422
    assert "14,00 ml mesurés ≠ 1,40 + 0,00 + 12,00" in texte(reponse)
    assert 'value="12,00"' in reponse.get_data(as_text=True)
    assert not db.session.get(EtatDesLieux, etat.id).mesures


def test_an_empty_definitive_length_is_all_the_rest(chez, archiviste):
    etat = fabrique.etat_des_lieux(par=archiviste)
    saisir(chez, etat.id, "mesures", categorie="L", forme="habituelle", local="", mesure_ml="10", eliminable_ml="6")
    mesure = db.session.get(EtatDesLieux, etat.id).mesures[0]
    assert (mesure.eliminable_mm, mesure.temporaire_mm, mesure.definitif_mm) == (6000, 0, 4000)


def test_the_usual_share_is_only_a_word_of_advice(chez, archiviste):
    etat = fabrique.etat_des_lieux(par=archiviste)
    lu = texte(chez.get(f"/etats-des-lieux/{etat.id}/mesures/conseil?categorie=T&mesure_ml=14,00&eliminable_ml=5"))
    assert "10 % d’éliminable, ici 1,40 ml" in lu and "si vous laissez vide : 9,00 ml" in lu
    saisir(chez, etat.id, "mesures", categorie="T", forme="habituelle", local="", mesure_ml="14")
    assert db.session.get(EtatDesLieux, etat.id).mesures[0].eliminable_mm == 0


def test_two_archivists_at_once_lose_nothing(chez, archiviste):
    etat = fabrique.etat_des_lieux(par=archiviste)
    vieille = etat.version
    saisir(chez, etat.id, "mesures", categorie="T", forme="habituelle", local="", mesure_ml="14")
    reponse = chez.post(
        f"/etats-des-lieux/{etat.id}/mesures",
        data={"version": vieille, "categorie": "L", "forme": "habituelle", "local": "", "mesure_ml": "22,5"},
    )
    assert reponse.status_code == 409
    assert "modifié entre-temps par Julie Bernard" in texte(reponse)
    html = reponse.get_data(as_text=True)
    assert 'value="22,5"' in html and f'name="version" type="hidden" value="{version(etat.id)}"' in html
    assert len(db.session.get(EtatDesLieux, etat.id).mesures) == 1


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"nom": ""}, "Donnez un nom au local"),
        ({"x_m": "cinq"}, "Écrivez un nombre, par exemple 5,20."),
        ({"x_m": "0"}, "Indiquez des mètres, de 0,10 à 100."),
        ({"x_m": "5,2001"}, "Écrivez au plus 3 chiffres après la virgule."),
        ({"charge_admissible_kg_m2": "-1"}, "Indiquez de 1 à 10 000 kg/m²."),
    ],
)
def test_a_room_typed_wrong_is_refused_beside_its_field(chez, archiviste, valeurs, phrase):
    etat = fabrique.etat_des_lieux(par=archiviste)
    juste = {"nom": "Cave", "x_m": "5,2", "y_m": "3,8"}
    reponse = saisir(chez, etat.id, "locaux", **(juste | valeurs))
    assert reponse.status_code == 422 and phrase in texte(reponse)
    assert not db.session.get(EtatDesLieux, etat.id).locaux


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"feuillets": ""}, "Indiquez soit les feuillets de l’année, soit ceux de chaque séance."),
        ({"feuillets": "110", "seances": "80 70"}, "Indiquez soit les feuillets de l’année"),
        ({"feuillets": "cent"}, "Écrivez des nombres entiers séparés par des espaces"),
        ({"serie": "autre"}, "Choisissez une valeur de la liste."),
    ],
)
def test_a_year_typed_wrong_is_refused_beside_its_field(chez, archiviste, valeurs, phrase):
    etat = fabrique.etat_des_lieux(par=archiviste)
    juste = {"serie": "deliberations", "annee": "2021", "feuillets": "110"}
    reponse = saisir(chez, etat.id, "reliures", **(juste | valeurs))
    assert reponse.status_code == 422 and phrase in texte(reponse)


def test_sessions_are_kept_and_a_year_already_there_is_refused(chez, archiviste):
    etat = fabrique.etat_des_lieux(par=archiviste)
    seances = {"serie": "deliberations", "annee": "2022", "seances": "80 70 60"}
    assert saisir(chez, etat.id, "reliures", **seances).status_code == 303
    ligne = db.session.get(EtatDesLieux, etat.id).reliures[0]
    assert (ligne.feuillets, ligne.seances) == (210, [80, 70, 60])
    reponse = saisir(chez, etat.id, "reliures", serie="deliberations", annee="2020", feuillets="90 95 100")
    assert reponse.status_code == 422 and "cette année est déjà dans la liste" in texte(reponse)
    assert len(db.session.get(EtatDesLieux, etat.id).reliures) == 1


def test_an_unknown_body_is_refused_and_a_second_audit_too(chez, archiviste):
    ville = adherents.collectivite("Frévent")
    fabrique.etat_des_lieux(ville, archiviste)
    jour = {"visite_le": "2026-11-03"}
    reponse = chez.post("/etats-des-lieux/nouveau", data={"collectivite": "Nulle-Part", **jour})
    assert reponse.status_code == 422 and "Aucune collectivité ne porte ce nom" in texte(reponse)
    reponse = chez.post("/etats-des-lieux/nouveau", data={"collectivite": ville.siren, **jour})
    assert reponse.status_code == 422 and "déjà en cours" in texte(reponse)


def test_validated_then_sent_it_fills_the_list_of_the_body_and_writes_to_its_agent(chez, archiviste, client_de):
    fabrique.marche_du_bpu()
    ville = adherents.collectivite("Auxi-le-Château", population=1850)
    agent = adherents.utilisateur("Nathalie Caron", roles=[Role.AGENT], collectivite=ville)
    etat = fabrique.exemple(ville, archiviste)
    mairie = client_de(agent)
    assert mairie.get(f"/etats-des-lieux/{etat.id}").status_code == 404
    assert saisir(chez, etat.id, "validation").status_code == 303
    assert "cette liste : elle peut changer" in texte(mairie.get(f"/etats-des-lieux/{etat.id}"))
    assert saisir(chez, etat.id, "transmission").status_code == 303
    relu = db.session.get(EtatDesLieux, etat.id)
    assert relu.etat is EtatEtatDesLieux.SUIVI
    par_reference = {b.article.reference: (b.unites, b.unites_necessaires) for b in relu.besoins}
    assert par_reference["BTE-STD-10"] == (100, 89) and par_reference["BTE-CON-10"] == (250, 244)
    lettre = db.session.scalars(select(Courriel)).one()
    assert lettre.destinataire == agent.email and f"/etats-des-lieux/{etat.id}" in lettre.corps
    lu = texte(mairie.get(f"/etats-des-lieux/{etat.id}"))
    assert "Remplir mon panier" in lu and "2 568,50 €" in lu and "Ne jetez rien pour l’instant" in lu


def test_the_list_of_articles_is_the_archivists_own(chez, archiviste):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=archiviste)
    page = f"/etats-des-lieux/{etat.id}/besoins"
    assert saisir(chez, etat.id, "besoins", reference="bte-std-15", unites="50").status_code == 303
    articles = {b.article.reference: b.article_id for b in db.session.get(EtatDesLieux, etat.id).besoins}
    assert "BTE-STD-15" in articles and "RES-ENL" in articles
    assert "n’est plus celle du calcul" in texte(chez.get(page))
    cle = articles["BTE-CON-10"]
    refus = saisir(chez, etat.id, f"besoins/{cle}", **{f"a{cle}-unites": "260", f"a{cle}-version": version(etat.id)})
    assert refus.status_code == 422 and "250 (10 colis) ou 275 (11 colis)" in texte(refus)
    bon = saisir(chez, etat.id, f"besoins/{cle}", **{f"a{cle}-unites": "275", f"a{cle}-version": version(etat.id)})
    assert bon.status_code == 303
    assert saisir(chez, etat.id, f"besoins/{articles['LIV-RAY']}/retrait").status_code == 303
    restants = {b.article.reference: b.unites for b in db.session.get(EtatDesLieux, etat.id).besoins}
    assert restants["BTE-CON-10"] == 275 and "LIV-RAY" not in restants
    assert saisir(chez, etat.id, "besoins/proposition").status_code == 303
    assert "2 568,50 €" in texte(chez.get(page))


def test_an_unknown_reference_is_refused(chez, archiviste):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=archiviste)
    reponse = saisir(chez, etat.id, "besoins", reference="XYZ", unites="1")
    assert reponse.status_code == 422 and "Aucun article du marché ne porte la référence « XYZ »" in texte(reponse)


def test_nothing_is_measured_once_it_is_finished(chez, archiviste):
    etat = fabrique.exemple(par=archiviste, etat=EtatEtatDesLieux.VALIDE)
    assert chez.get(f"/etats-des-lieux/{etat.id}/mesures").status_code == 302
    reponse = saisir(chez, etat.id, "mesures", categorie="T", forme="habituelle", local="", mesure_ml="14")
    assert reponse.status_code == 422 and "reprenez-le" in texte(reponse)


@pytest.mark.parametrize("role", [Role.ACHETEUR, Role.COMPTABLE, Role.CONTROLE, Role.ADMINISTRATEUR])
def test_the_others_of_the_centre_and_the_archives_only_read(client_de, archiviste, role):
    etat = fabrique.exemple(par=archiviste)
    lecteur = client_de(adherents.utilisateur(roles=[role]))
    assert etat.collectivite.nom in texte(lecteur.get("/etats-des-lieux/"))
    assert lecteur.get(f"/etats-des-lieux/{etat.id}").status_code == 200
    for page in ("locaux", "mesures", "croissance", "reliures", "visa", "besoins"):
        assert lecteur.get(f"/etats-des-lieux/{etat.id}/{page}").status_code == 403
    assert lecteur.post(f"/etats-des-lieux/{etat.id}/validation").status_code == 403


def test_a_body_never_sees_the_audit_of_another(client_de, archiviste):
    etat = fabrique.exemple(par=archiviste, etat=EtatEtatDesLieux.VALIDE)
    voisine = client_de(adherents.utilisateur(roles=[Role.AGENT], collectivite=adherents.collectivite()))
    assert voisine.get(f"/etats-des-lieux/{etat.id}").status_code == 404
    assert voisine.get(f"/etats-des-lieux/{etat.id}.pdf").status_code == 404
    assert etat.collectivite.nom not in texte(voisine.get("/etats-des-lieux/"))


@pytest.mark.parametrize("page", ["", "/locaux", "/mesures", "/croissance", "/reliures", "/visa", "/besoins"])
def test_no_page_costs_more_than_twelve_statements(chez, archiviste, sql, page):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=archiviste)
    fabrique.local(etat, "Cave", ml=12)
    db.session.commit()
    with sql() as envoyees:
        assert chez.get(f"/etats-des-lieux/{etat.id}{page}").status_code == 200
    assert len(envoyees) <= RESERVE["formulaires"], "\n".join(envoyees)


def test_the_list_costs_the_same_for_one_audit_and_for_many(chez, archiviste, sql):
    fabrique.exemple(par=archiviste)
    db.session.commit()
    with sql() as pour_une:
        chez.get("/etats-des-lieux/")
    for _ in range(6):
        fabrique.etat_des_lieux(par=archiviste, mesures=4)
    db.session.commit()
    with sql() as pour_sept:
        assert "7 états des lieux" in texte(chez.get("/etats-des-lieux/"))
    assert len(pour_sept) == len(pour_une) <= 12


def test_the_list_is_filtered_and_taken_away(chez, archiviste):
    fabrique.exemple(adherents.collectivite("Guînes"), archiviste)
    fabrique.etat_des_lieux(adherents.collectivite("Étaples"), archiviste, etat=EtatEtatDesLieux.PLANIFIE)
    lu = texte(chez.get("/etats-des-lieux/?q=guines"))
    assert "Guînes" in lu and "Étaples" not in lu
    lu = texte(chez.get("/etats-des-lieux/?etat=planifie"))
    assert "Étaples" in lu and "Guînes" not in lu
    fichier = chez.get("/etats-des-lieux/?format=csv").get_data(as_text=True)
    assert "80.2" in fichier and "Guînes" in fichier


def test_the_visa_needs_its_number_and_its_date(chez, archiviste):
    etat = fabrique.exemple(par=archiviste)
    reponse = saisir(chez, etat.id, "visa", numero="2026-214")
    assert reponse.status_code == 422 and "vont ensemble" in texte(reponse)
    assert saisir(chez, etat.id, "visa", numero="2026-214", accorde_le="10/11/2026").status_code == 303
    assert db.session.get(EtatDesLieux, etat.id).visa_le == date(2026, 11, 10)
    assert "Élimination autorisée" in texte(chez.get(f"/etats-des-lieux/{etat.id}"))


def test_the_report_is_a_pdf(chez, archiviste):
    fabrique.marche_du_bpu()
    etat = fabrique.exemple(par=archiviste)
    reponse = chez.get(f"/etats-des-lieux/{etat.id}.pdf")
    assert reponse.content_type == "application/pdf" and reponse.get_data().startswith(b"%PDF-")


def test_the_room_is_drawn_with_the_door_supposed_or_the_one_told(chez, archiviste):
    etat = fabrique.exemple(par=archiviste)
    page = f"/etats-des-lieux/{etat.id}/locaux/{etat.locaux[0].id}/plan"
    reponse = chez.get(page)
    assert "96,00 ml" in texte(reponse) and "<svg" in reponse.get_data(as_text=True)
    assert chez.get(f"{page}?mur=O&decalage_m=1,45&ouverture=exterieur&juste_assez=oui").status_code == 200
    refus = chez.get(f"{page}?mur=O&decalage_m=3,50&ouverture=exterieur&juste_assez=non")
    assert refus.status_code == 422 and "n’y tient pas" in texte(refus)
