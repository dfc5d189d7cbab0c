"""Loading a BPU in the database: what is written, what is refused, and in how many statements."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from groupement.catalogue import actions, queries
from groupement.catalogue.models import Article, PalierPrix, PrixArticle
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from tests.fabriques import catalogue as fabriques

D = Decimal
BPU = (Path(__file__).parents[2] / "groupement" / "demo" / "donnees" / "bpu.csv").read_bytes()
LE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DEBUT = date(2026, 1, 1)
REVISION = date(2026, 9, 1)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def marche(app):
    return fabriques.marche(lots=3)


def importer(marche, contenu=BPU, du=DEBUT, **options):
    lecture = lire_bordereau(contenu, [lot.numero for lot in marche.lots])
    return actions.importer_bordereau(marche, lecture, du=du, par=AUTOMATE, le=LE, **options)


def article(reference):
    return db.session.scalars(select(Article).where(Article.reference == reference)).one()


def test_the_whole_bpu_is_loaded_with_its_prices(marche, session):
    bilan = importer(marche)
    assert (bilan.nouveaux, bilan.prix, bilan.inchanges) == (88, 0, 0)
    assert queries.articles_par_lot(marche.id) == dict(zip((lot.id for lot in marche.lots), (34, 31, 23), strict=True))
    assert len(queries.prix_a_la_date(marche, DEBUT)) == 88
    assert session.scalar(select(func.count()).select_from(PalierPrix)) == BPU.count(b"|") + 88


def test_columns_are_deduced_from_the_dimensions(marche):
    importer(marche)
    boite, plate, baie = article("BTE-CON-10"), article("BTE-A3-10"), article("RF-100-35-220-D")
    assert (boite.dos_mm, boite.profondeur_mm, boite.hauteur_mm) == (100, 330, 250)
    assert (boite.poids_g, boite.capacite_mm, boite.fractionnable) == (260, 100, False)
    assert (plate.dos_mm, plate.profondeur_mm, plate.hauteur_mm) == (None, 320, 100)
    assert (baie.dos_mm, baie.profondeur_mm, baie.hauteur_mm) == (None, 350, 2200)
    assert article("BTE-REG-SM").dimensions == "sur mesure"


def test_the_same_bpu_again_changes_nothing(marche, session):
    importer(marche)
    avant = session.scalar(select(func.count()).select_from(PrixArticle))
    bilan = importer(marche, du=REVISION)
    assert bilan.inchanges == 88
    assert session.scalar(select(func.count()).select_from(PrixArticle)) == avant


def test_a_changed_price_starts_on_its_day_and_the_old_one_stays(marche):
    importer(marche)
    bilan = importer(marche, BPU.replace(b"20.00,25:1.74|250:1.61|1000:1.48", b"20.00,25:1.74|250:1.60"), REVISION)
    boite = article("BTE-CON-10")
    assert (bilan.prix, bilan.nouveaux, bilan.textes) == (1, 0, 0)
    assert queries.prix_a_la_date([boite.id], date(2026, 8, 31))[boite.id][1].prix_unitaire_ht == D("1.61")
    assert queries.prix_a_la_date([boite.id], REVISION)[boite.id][1].prix_unitaire_ht == D("1.60")


def test_two_prices_of_one_day_are_refused_unless_identical(marche, session):
    importer(marche)
    with pytest.raises(RegleRefusee, match="commence déjà ce jour-là"):
        importer(marche, BPU.replace(b"1000:1.48", b"1000:1.47"))
    assert importer(marche).inchanges == 88


def test_a_price_before_a_saved_one_is_refused(marche):
    importer(marche, du=REVISION)
    with pytest.raises(RegleRefusee, match="est plus récent"):
        importer(marche, BPU.replace(b"1000:1.48", b"1000:1.47"), date(2026, 5, 1))


def test_an_absent_article_is_taken_off_only_when_the_buyer_says_so(marche):
    importer(marche)
    sans_gants = b"\n".join(ligne for ligne in BPU.splitlines() if not ligne.startswith(b"1,GAN-NIT"))
    assert importer(marche, sans_gants, REVISION).retires == 0
    assert article("GAN-NIT").actif
    assert importer(marche, sans_gants, REVISION, retirer_les_absents=True).retires == 1
    assert not article("GAN-NIT").actif


def test_an_article_taken_off_comes_back_with_the_next_bpu(marche):
    importer(marche)
    article("GAN-NIT").actif = False
    assert importer(marche, du=REVISION).textes == 1
    assert article("GAN-NIT").actif


def test_a_changed_text_is_written_and_found_at_once(marche):
    importer(marche)
    bilan = importer(marche, BPU.replace("Gants nitrile non poudrés".encode(), b"Moufles de lecture"), REVISION)
    assert bilan.textes == 1
    assert "moufle" in article("GAN-NIT").recherche


def test_a_file_of_one_lot_makes_nothing_of_the_others_vanish(marche):
    importer(marche)
    lignes = BPU.splitlines()
    lot_1 = b"\n".join([lignes[0], *(ligne for ligne in lignes if ligne.startswith(b"1,"))])
    assert importer(marche, lot_1, REVISION, retirer_les_absents=True).retires == 0


def test_a_reference_of_another_lot_is_refused(marche):
    importer(marche)
    with pytest.raises(RegleRefusee, match="est déjà au lot 1"):
        importer(marche, BPU.replace(b"1,GAN-NIT", b"2,GAN-NIT"), REVISION)


def test_a_day_outside_the_marche_is_refused(marche):
    with pytest.raises(RegleRefusee, match="01/01/2026 et le 31/12/2029"):
        importer(marche, du=date(2030, 1, 1))


def test_a_faulty_reading_writes_nothing(marche, session):
    with pytest.raises(RegleRefusee, match="GAN-NIT|lot"):
        importer(marche, BPU.replace(b"1,GAN-NIT", b"7,GAN-NIT"))
    assert session.scalar(select(func.count()).select_from(Article)) == 0


def test_the_import_is_in_the_journal(marche, session):
    importer(marche, source="bpu.csv")
    ligne = session.scalars(select(Evenement).where(Evenement.verbe == "importer le bordereau")).one()
    assert (ligne.objet, ligne.objet_id, ligne.details["nouveaux"]) == ("marche", marche.id, 88)


def agrandi(nombre):
    """A BPU of `nombre` boxes in lot 1."""
    entete = BPU.splitlines()[0].decode()
    lignes = [
        f"1,REF-{n:04},Boîte {n},piece,50,0.52,20.00,50:0.52|500:0.48,330x250x80,0.17,,0.08,,boite,,"
        for n in range(nombre)
    ]
    return "\n".join([entete, *lignes]).encode()


@pytest.mark.parametrize("nombre", [88, 1_000])
def test_statements_do_not_depend_on_the_number_of_lines(marche, sql, nombre):
    with sql() as premiers:
        importer(marche, agrandi(nombre))
    contenu = agrandi(nombre).replace(b"0.52", b"0.55").replace("Boîte".encode(), b"Caisse")
    with sql() as suivants:
        bilan = importer(marche, contenu, REVISION, retirer_les_absents=True)
    assert (bilan.prix, bilan.textes) == (nombre, nombre)
    assert (len(premiers), len(suivants)) == (13, 13)


def test_a_renamed_article_keeps_its_prices_and_takes_the_words_of_its_line(marche):
    importer(marche)
    ancien = article("GAN-NIT").id
    contenu = BPU.replace(b"1,GAN-NIT,", b"1,GANT-2027,")
    bilan = importer(marche, contenu, REVISION, renommer=[ancien], retirer_les_absents=True)
    assert (bilan.nouveaux, bilan.prix, bilan.textes, bilan.retires) == (0, 0, 1, 0)
    assert article("GANT-2027").id == ancien and "gant 2027" in article("GANT-2027").recherche


def test_more_articles_than_a_statement_has_parameters_may_go(marche, session):
    importer(marche, agrandi(40_000))
    assert importer(marche, agrandi(1), REVISION, retirer_les_absents=True).retires == 39_999
