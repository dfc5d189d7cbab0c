"""What is done to a signed marché: reconductions, titulaires, clauses, papers, essential data, avenants."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal as D
from pathlib import Path

import jsonschema
import pikepdf
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from groupement.catalogue.actions import contrats, reconductions
from groupement.catalogue.actions.avenants import EnTete, enregistrer_avenant
from groupement.catalogue.actions.contrats import Depot
from groupement.catalogue.actions.titulaires import (
    Groupement,
    ajouter_titulaire,
    changer_titulaire,
    monter_titulaire,
    retirer_titulaire,
)
from groupement.catalogue.documents.decp import exporter_decp
from groupement.catalogue.models import Lot, Titulaire
from groupement.catalogue.queries.actes import avenants_du_marche, donnees_du_marche, effets_par_lot
from groupement.catalogue.rules.avenants import LotAModifier, MarcheAModifier, TermesAvenant, plafond_au
from groupement.catalogue.rules.clauses import Clause, Derogation
from groupement.catalogue.rules.decp import SANS_SOCIALE, SaisieDecp
from groupement.catalogue.rules.periodes import PeriodePrevue
from groupement.catalogue.states import (
    EtatReconduction,
    FondementAvenant,
    ModeReconduction,
    MotifDeChangement,
    NatureDocument,
    TypeGroupement,
    VisibiliteDocument,
)
from groupement.documents.decp import SCHEMA_JSON, fautes_xml
from groupement.documents.pieces import OCTETS_MAX, PieceRefusee, lire_piece
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import catalogue as fabriques
from tests.fabriques.contrats import pdf_d_une_page

LE = datetime(2026, 11, 22, 9, tzinfo=UTC)
SIRET = "28629999500014"


@pytest.fixture
def marche(app):
    """One year from January, and two lots."""
    return fabriques.marche(lots=2, du=date(2026, 1, 1), au=date(2026, 12, 31))


def prevoir(marche, *modes, preavis=1):
    periodes = [PeriodePrevue(12, mode, preavis) for mode in modes]
    reconductions.prevoir(marche, periodes, "", par=AUTOMATE, le=LE)
    return marche.reconductions


def decider(reconduction, reconduire=True, jour=date(2026, 11, 20)):
    reconductions.decider(
        reconduction, reconduire=reconduire, decidee_le=jour, motif="Satisfaisant.", par=AUTOMATE, le=LE
    )


def test_the_end_of_the_marche_follows_the_decisions(marche):
    premiere, seconde = prevoir(marche, ModeReconduction.EXPRESSE, ModeReconduction.EXPRESSE)
    assert (marche.au, marche.fin_initiale) == (date(2026, 12, 31), date(2026, 12, 31))
    decider(premiere)
    assert (marche.au, marche.fin_initiale) == (date(2027, 12, 31), date(2026, 12, 31))
    assert (premiere.au, premiere.decidee_le, premiere.decidee_par) == (
        date(2027, 12, 31), date(2026, 11, 20), "Application",
    )  # fmt: skip
    assert reconductions.fenetre_de(premiere).du == date(2027, 1, 1)
    decider(seconde, reconduire=False)
    assert marche.au == date(2027, 12, 31) and seconde.etat is EtatReconduction.NON_RECONDUITE
    verbes = db.session.scalars(select(Evenement.verbe).where(Evenement.objet == "reconduction")).all()
    assert verbes == ["reconduire", "ne pas reconduire"]


def test_what_is_decided_is_not_decided_again_nor_foreseen_anew(marche):
    premiere, seconde = prevoir(marche, ModeReconduction.EXPRESSE, ModeReconduction.EXPRESSE)
    with pytest.raises(RegleRefusee, match="d’abord"):
        decider(seconde)
    decider(premiere)
    with pytest.raises(RegleRefusee):
        decider(premiere)
    with pytest.raises(RegleRefusee, match="ne changent plus"):
        prevoir(marche, ModeReconduction.TACITE)


def test_silence_renews_tacit_periods_only_once_the_notice_has_passed(marche):
    fabriques.marche(lots=1)  # without reconduction: nothing happens to it
    prevoir(marche, ModeReconduction.TACITE, ModeReconduction.TACITE)
    assert reconductions.reconduire_les_acquises(datetime(2026, 11, 30, 12, tzinfo=UTC)) == 0
    assert reconductions.reconduire_les_acquises(datetime(2026, 12, 1, 12, tzinfo=UTC)) == 1
    assert marche.au == date(2027, 12, 31)
    assert "aucune décision contraire" in marche.reconductions[0].motif
    assert reconductions.reconduire_les_acquises(datetime(2026, 12, 2, 12, tzinfo=UTC)) == 0


def test_an_expresse_period_waits_for_somebody(marche):
    prevoir(marche, ModeReconduction.EXPRESSE)
    assert reconductions.reconduire_les_acquises(datetime(2027, 6, 1, tzinfo=UTC)) == 0
    assert marche.au == date(2026, 12, 31)


# Titulaires


def a_notifier(marche):
    marche.notifie_le = date(2099, 1, 1)
    db.session.flush()
    return marche.lots[0]


def rangs(lot):
    db.session.expire(lot, ["titulaires"])
    return [(titulaire.rang, titulaire.fournisseur.nom) for titulaire in lot.titulaires]


SEUL = Groupement()


def ajouter(lot, nom, groupement=SEUL):
    return ajouter_titulaire(lot, fabriques.fournisseur(nom), groupement, par=AUTOMATE, le=LE)


def test_titulaires_are_added_ranked_and_taken_off_before_the_notification(marche):
    lot = a_notifier(marche)
    premier = lot.titulaires[0].fournisseur.nom
    deuxieme = ajouter(lot, "Lys")
    troisieme = ajouter(lot, "Canche", Groupement(TypeGroupement.SOLIDAIRE, (("Scarpe", "99999994900012"),)))
    assert [c.siret for c in troisieme.cotraitants] == ["99999994900012"]
    monter_titulaire(troisieme, par=AUTOMATE, le=LE)
    assert rangs(lot) == [(1, premier), (2, "Canche"), (3, "Lys")]
    retirer_titulaire(lot.titulaires[0], par=AUTOMATE, le=LE)
    assert rangs(lot) == [(1, "Canche"), (2, "Lys")]
    with pytest.raises(RegleRefusee, match="déjà titulaire de ce lot, au rang 2"):
        ajouter_titulaire(lot, deuxieme.fournisseur, Groupement(), par=AUTOMATE, le=LE)


def test_the_last_titulaire_cannot_be_taken_off(marche):
    lot = a_notifier(marche)
    with pytest.raises(RegleRefusee, match="plus de titulaire"):
        retirer_titulaire(lot.titulaires[0], par=AUTOMATE, le=LE)


def test_a_signed_lot_changes_hands_by_a_dated_act_only(marche):
    lot = marche.lots[0]
    with pytest.raises(RegleRefusee, match="acte daté"):
        ajouter(lot, "Lys")
    with pytest.raises(RegleRefusee, match="acte daté"):
        monter_titulaire(lot.titulaires[0], par=AUTOMATE, le=LE)


def entete(jour=date(2026, 6, 1)):
    return EnTete("T1", "Transfert", FondementAvenant.TITULAIRE, "Fusion absorption.", jour)


def test_a_cession_puts_another_company_at_the_same_rank(marche):
    lot, repreneur = marche.lots[0], fabriques.fournisseur("Repreneur")
    ancien = lot.titulaires[0].fournisseur.nom
    avenant = changer_titulaire(lot.titulaires[0], MotifDeChangement.CESSION, repreneur, entete(), par=AUTOMATE, le=LE)
    assert lot.titulaire is repreneur
    effet = avenant.effets[0]
    assert [t["nom"] for t in effet.titulaires_avant] == [ancien]
    assert [t["siret"] for t in effet.titulaires_apres] == [repreneur.siret]
    with pytest.raises(RegleRefusee, match="reprend le lot"):
        changer_titulaire(lot.titulaires[0], MotifDeChangement.CESSION, None, entete(), par=AUTOMATE, le=LE)


def test_after_a_defaillance_the_next_in_rank_takes_the_place(marche):
    lot = marche.lots[0]
    db.session.add(Titulaire(lot_id=lot.id, fournisseur=fabriques.fournisseur("Second"), rang=2))
    db.session.flush()
    db.session.expire(lot, ["titulaires"])
    changer_titulaire(lot.titulaires[0], MotifDeChangement.DEFAILLANCE, None, entete(), par=AUTOMATE, le=LE)
    assert rangs(lot) == [(1, "Second")]
    with pytest.raises(RegleRefusee, match="plus de titulaire"):
        changer_titulaire(lot.titulaires[0], MotifDeChangement.DEFAILLANCE, None, entete(), par=AUTOMATE, le=LE)


def test_an_act_before_the_notification_is_refused(marche):
    with pytest.raises(RegleRefusee, match="15 décembre 2025"):
        changer_titulaire(
            marche.lots[0].titulaires[0], MotifDeChangement.CESSION, fabriques.fournisseur("Autre"),
            entete(date(2025, 12, 14)), par=AUTOMATE, le=LE,
        )  # fmt: skip


# Clauses and avenants


def test_a_lot_checks_its_deliveries_in_the_time_its_ccap_gives(marche):
    lot = marche.lots[0]
    assert lot.verification_jours == 15
    contrats.deroger(lot, {Clause.VERIFICATION: Derogation(D(20), "8.2")}, par=AUTOMATE, le=LE)
    db.session.expire_all()
    assert db.session.get_one(Lot, lot.id).verification_jours == 20
    details = db.session.scalars(select(Evenement.details).where(Evenement.verbe == "deroger")).one()
    assert details == {"verification": [None, {"valeur": "20", "article": "8.2"}]}
    contrats.deroger(lot, {Clause.VERIFICATION: Derogation(D(20), "8.2")}, par=AUTOMATE, le=LE)
    assert len(db.session.scalars(select(Evenement).where(Evenement.verbe == "deroger")).all()) == 1


def passer(marche, plafond, numero="1", jour=date(2026, 6, 1), commande=D(0), **changes):
    lot = marche.lots[0]
    termes = TermesAvenant(numero, "Hausse", FondementAvenant.FAIBLE_MONTANT, "", jour, {lot.id: D(plafond)}, **changes)
    avenants = avenants_du_marche(marche.id)
    dernier = avenants[-1].notifie_le if avenants else None
    situation = MarcheAModifier(marche.notifie_le, marche.du, marche.au, dernier, None)
    effets = effets_par_lot(avenants).get(lot.id, ())
    a_modifier = [LotAModifier(lot.id, 1, lot.plafond_ht, lot.minimum_ht, commande, effets)]
    return enregistrer_avenant(marche, marche.lots, termes, situation, a_modifier, par=AUTOMATE, le=LE)


def test_avenants_raise_the_ceiling_and_keep_its_history(marche):
    lot = marche.lots[0]
    passer(marche, "212000")
    passer(marche, "219800", "2", date(2026, 7, 1), nouvelle_fin=date(2027, 6, 30))
    assert (lot.plafond_ht, marche.au, marche.fin_initiale) == (D(219800), date(2027, 6, 30), date(2026, 12, 31))
    effets = effets_par_lot(avenants_du_marche(marche.id))[lot.id]
    au = {jour: plafond_au(lot.plafond_ht, effets, jour) for jour in (date(2026, 1, 1), date(2026, 6, 15))}
    assert list(au.values()) == [D(200000), D(212000)]
    with pytest.raises(RegleRefusee, match="R2194-8"):
        passer(marche, "220000", "3", date(2026, 8, 1))
    with pytest.raises(RegleRefusee, match="déjà"):
        passer(marche, "210000", "3", date(2026, 8, 1), commande=D("215000.00"))
    assert lot.plafond_ht == D(219800)


def test_an_avenant_is_never_rewritten_but_for_its_publication(marche):
    avenant = passer(marche, "212000")
    avenant.publie_le = date(2026, 7, 1)
    db.session.commit()
    for ordre in ("UPDATE avenant SET objet = 'autre'", "UPDATE effet_avenant SET plafond_apres_ht = 1"):
        with pytest.raises(DatabaseError, match="immuable"):
            db.session.execute(db.text(ordre))
        db.session.rollback()


# Papers


def classeur(*noms, taille=10):
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom in noms:
            archive.writestr(nom, b"0" * taille)
    return flux.getvalue()


def pdf_protege():
    flux = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(flux, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return flux.getvalue()


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b"MZ\x90\x00 un programme nomme ccap.pdf", "ni un PDF ni un classeur"),
        (b"%PDF-1.7\nabime", "abîmé"),
        (b"%PDF-1.7" + b"0" * OCTETS_MAX, "20\u00a0Mo"),
        (b"PK\x03\x04abime", "abîmé"),
        (classeur("word/document.xml"), "ni un PDF ni un classeur"),
        (classeur("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (classeur("xl/workbook.xml", "xl/bombe.xml", taille=201 * 1024 * 1024), "trop grand"),
        (pdf_protege(), "mot de passe"),
    ],
    ids=["vide", "programme", "pdf-coupe", "lourd", "zip-coupe", "word", "macros", "bombe", "protege"],
)
def test_what_is_not_a_paper_is_refused_with_a_sentence(octets, phrase):
    with pytest.raises(PieceRefusee, match=phrase):
        lire_piece(octets)


def test_a_paper_is_known_by_its_content():
    assert lire_piece(pdf_d_une_page()).extension == "pdf"
    assert lire_piece(classeur("xl/workbook.xml")).extension == "xlsx"


def test_a_paper_is_kept_then_taken_off_the_list(marche):
    depot = Depot(NatureDocument.CCAP, "CCAP signé", None, date(2026, 1, 5), VisibiliteDocument.TOUS)
    piece = lire_piece(pdf_d_une_page())
    document = contrats.deposer_document(marche, depot, "ccap.pdf", piece, par=AUTOMATE, le=LE)
    assert (document.fichier.octets, document.fichier.type_mime) == (piece.octets, "application/pdf")
    contrats.retirer_document(document, par=AUTOMATE, le=LE)
    assert document.retire_le == LE
    with pytest.raises(RegleRefusee, match="déjà retiré"):
        contrats.retirer_document(document, par=AUTOMATE, le=LE)
    demain = Depot(NatureDocument.CCAP, "CCAP signé", None, date(2026, 11, 23), VisibiliteDocument.TOUS)
    with pytest.raises(RegleRefusee, match="à venir"):
        contrats.deposer_document(marche, demain, "ccap.pdf", piece, par=AUTOMATE, le=LE)


# Essential data


def saisie(**changes):
    valeurs = {
        "identifiant": "2026ARCH0101", "code_cpv": "39131100-0", "procedure": "Appel d'offres ouvert",
        "ccag": "Fournitures courantes et services", "offres_recues": 3, "type_prix": "Définitif révisable",
        "innovant": False, "sous_traitance": True, "avance": True, "taux_avance_pct": D("5.00"), "lieu_code": "62",
        "lieu_type": "Code département", "considerations_sociales": (SANS_SOCIALE,),
        "considerations_environnementales": ("Clause environnementale", "Critère environnemental"),
    }  # fmt: skip
    return SaisieDecp(**{**valeurs, **changes})


def completer(marche):
    for lot in marche.lots:
        contrats.enregistrer_donnees(lot, saisie(identifiant=f"2026ARCH010{lot.numero}"), par=AUTOMATE, le=LE)


def publier(marche, jour):
    donnees, avenants = donnees_du_marche(marche.id), list(avenants_du_marche(marche.id))
    contrats.declarer_publication(marche, donnees, list(marche.lots), avenants, jour, par=AUTOMATE, le=LE)


def exporter(marche, format_="json"):
    return exporter_decp(marche, marche.lots, donnees_du_marche(marche.id), SIRET, format_, date(2026, 11, 22))


def test_the_export_obeys_both_national_schemas_with_modifications_appended(marche):
    prevoir(marche, ModeReconduction.TACITE, ModeReconduction.TACITE)
    completer(marche)
    passer(marche, "219999.99", nouvelle_fin=date(2027, 6, 30))
    changer_titulaire(
        marche.lots[0].titulaires[0], MotifDeChangement.CESSION, fabriques.fournisseur("Repreneur"),
        entete(date(2026, 8, 1)), par=AUTOMATE, le=LE,
    )  # fmt: skip
    fichier = json.loads(exporter(marche))
    jsonschema.validate(fichier, json.loads(Path(SCHEMA_JSON).read_text()))
    assert fautes_xml(exporter(marche, "xml")) == []
    premier, second = fichier["marches"]["marche"]
    assert (premier["montant"], premier["dureeMois"], premier["tauxAvance"]) == (200000, 36, 0.05)
    assert premier["acheteur"] == {"id": SIRET}
    modifications = [m["modification"] for m in premier["modifications"]]
    assert [(m["id"], m.get("montant"), m.get("dureeMois")) for m in modifications] == [
        (1, 219999.99, 18),
        (2, None, None),
    ]
    assert premier["titulaires"] != modifications[1]["titulaires"]
    assert [m["modification"].get("montant") for m in second["modifications"]] == [None]  # its duration changed too


def test_a_file_the_schema_refuses_is_told(marche):
    assert fautes_xml(b"<marches><marche><id>1</id></marche></marches>")


def test_nothing_leaves_while_something_is_missing(marche):
    contrats.enregistrer_donnees(marche.lots[0], saisie(), par=AUTOMATE, le=LE)
    for faire in (lambda: exporter(marche), lambda: publier(marche, date(2026, 3, 1))):
        with pytest.raises(RegleRefusee, match="aux lots 2"):
            faire()


def test_what_is_published_is_final_and_avenants_follow(marche):
    completer(marche)
    publier(marche, date(2026, 2, 1))
    with pytest.raises(RegleRefusee, match="publiées depuis le 1er février 2026"):
        contrats.enregistrer_donnees(marche.lots[0], saisie(code_cpv="30193700-5"), par=AUTOMATE, le=LE)
    avenant = passer(marche, "212000")
    publier(marche, date(2026, 7, 1))
    assert avenant.publie_le == date(2026, 7, 1)
    assert {d.publiee_le for d in donnees_du_marche(marche.id).values()} == {date(2026, 2, 1)}
    record = json.loads(exporter(marche))["marches"]["marche"][0]
    assert record["datePublicationDonnees"] == "2026-02-01"
    assert record["modifications"][0]["modification"]["datePublicationDonneesModification"] == "2026-07-01"


@pytest.mark.parametrize("jour", [date(2025, 12, 14), date(2026, 11, 23)])
def test_a_publication_is_after_the_notification_and_not_tomorrow(marche, jour):
    completer(marche)
    with pytest.raises(RegleRefusee, match="suit la notification"):
        publier(marche, jour)
