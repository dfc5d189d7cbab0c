"""A backup holds everything and comes back whole, or not at all."""

import json
import zipfile

import pytest
from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import LigneCommande
from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import maintenant
from groupement.socle.db import Base, db
from groupement.socle.fichiers import Fichier, deposer
from groupement.socle.journal import AUTOMATE, noter
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import campagne, commande, membre


@pytest.fixture
def remplie(app):
    """A body, an order, a photo, a journal line, somebody."""
    window = campagne()
    boite = catalogue.article(window.marche.lots[0])
    commande(window, membre("Ayette", de=window), [(boite, 100)], etat=EtatCommande.VALIDEE)
    adherents.utilisateur("Claire Delattre", mot_de_passe="un mot de passe assez long")
    deposer("photo.jpg", "image/jpeg", bytes(range(256)), le=maintenant())
    noter("essai", 1, "essayer", par=AUTOMATE, le=maintenant(), details={"€": ["1,50", None]})
    db.session.commit()


def contenu(chemin):
    """Every file of a backup."""
    with zipfile.ZipFile(chemin) as archive:
        return {nom: archive.read(nom) for nom in archive.namelist()}


def test_what_is_restored_is_what_was_saved(groupement, remplie, tmp_path):
    avant, apres = tmp_path / "avant.zip", tmp_path / "apres.zip"
    assert groupement("sauvegarder", avant, "--json").json["lignes"] > 8
    db.session.execute(LigneCommande.__table__.update().values(unites=7))
    adherents.collectivite("Intruse")
    rendu = groupement("restaurer", avant, "--remplacer")
    assert rendu.code == 0, rendu.erreurs
    assert groupement("sauvegarder", apres).code == 0
    assert contenu(avant) == contenu(apres)
    assert db.session.scalars(select(LigneCommande.unites)).all() == [100]
    assert db.session.scalars(select(Fichier.octets)).one() == bytes(range(256))
    adherents.collectivite("Nouvelle")  # counters go on after what came back
    db.session.commit()


def test_every_table_is_saved(groupement, remplie, tmp_path):
    chemin = tmp_path / "tout.zip"
    groupement("sauvegarder", chemin)
    manifeste = json.loads(contenu(chemin)["manifeste.json"])
    assert set(manifeste["lignes"]) == set(Base.metadata.tables)


def test_guards_are_back_after_a_restoration(groupement, remplie, tmp_path):
    chemin = tmp_path / "tout.zip"
    groupement("sauvegarder", chemin)
    groupement("restaurer", chemin, "--remplacer")
    with pytest.raises(Exception, match="immuable"):
        db.session.execute(db.text("DELETE FROM evenement"))


def test_a_full_database_is_not_replaced_unless_asked(groupement, remplie, tmp_path):
    chemin = tmp_path / "tout.zip"
    groupement("sauvegarder", chemin)
    refus = groupement("restaurer", chemin)
    assert refus.code == 3 and "--remplacer" in refus.erreurs


def abimer(chemin, nom, octets):
    """Change one file of a backup."""
    fichiers = contenu(chemin) | {nom: octets}
    with zipfile.ZipFile(chemin, "w") as archive:
        for cle, valeur in fichiers.items():
            archive.writestr(cle, valeur)


def test_an_altered_backup_is_refused_and_nothing_changes(groupement, remplie, tmp_path):
    chemin = tmp_path / "tout.zip"
    groupement("sauvegarder", chemin)
    abimer(chemin, "collectivite.jsonl", b"")
    refus = groupement("restaurer", chemin, "--remplacer")
    assert refus.code == 3 and "abîmée" in refus.erreurs
    assert db.session.scalar(select(func.count()).select_from(Collectivite)) == 1


@pytest.mark.parametrize("octets", [b"", b"pas une archive", b"PK\x03\x04 tronqu"])
def test_what_is_not_a_backup_is_refused(groupement, remplie, tmp_path, octets):
    chemin = tmp_path / "autre.zip"
    chemin.write_bytes(octets)
    refus = groupement("restaurer", chemin, "--remplacer")
    assert refus.code == 3 and "sauvegarde" in refus.erreurs
    assert db.session.scalar(select(func.count()).select_from(Collectivite)) == 1


def test_a_missing_file_is_said(groupement, app, tmp_path):
    assert groupement("restaurer", tmp_path / "rien.zip").code == 2
