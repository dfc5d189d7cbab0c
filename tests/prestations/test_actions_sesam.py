"""SESAM in the database: members, one call a year whatever their number, CDG59's share never overpaid."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.models import Collectivite
from groupement.adherents.states import TypeCollectivite
from groupement.prestations.actions import prestations, sesam
from groupement.prestations.models import AdhesionSesam, Prestation, ReversementSesam
from groupement.prestations.queries import sesam as queries
from groupement.prestations.queries.appel import appel as appel_de
from groupement.prestations.rules.sesam import Reversement
from groupement.prestations.states import EtatPrestation
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents
from tests.fabriques import prestations as fabriques
from tests.fabriques.prestations import LE

D = Decimal
QUI = {"par": AUTOMATE, "le": LE}
pytestmark = pytest.mark.usefixtures("app")


def appelees(annee=2026):
    choix = select(Prestation).where(Prestation.annee_sesam == annee).order_by(Prestation.id)
    return db.session.scalars(choix).all()


def test_each_member_owes_what_its_band_says_split_in_two():
    fabriques.tarifs_sesam()
    for nom, population in (("Béthune", 25_000), ("Dainville", 499), ("Frévent", 500)):
        fabriques.membre_sesam(nom=nom, population=population)
    appel = sesam.appeler_les_contributions(2026, **QUI)
    assert (len(appel.appelables), appel.total_ht) == (3, D("390.37"))
    lignes = {ligne.collectivite.nom: ligne for ligne in appelees()}
    assert {nom: ligne.montant_ht for nom, ligne in lignes.items()} == {
        "Béthune": D("220.00"), "Dainville": D("60.00"), "Frévent": D("110.37"),
    }  # fmt: skip
    frevent = lignes["Frévent"]
    assert (frevent.part_cdg62_ht, frevent.part_cdg59_ht) == (D("38.63"), D("71.74"))
    assert (frevent.rendue_le, frevent.quantite, frevent.unite) == (date(2026, 1, 1), D(1), "an")
    assert all(ligne.part_cdg62_ht + ligne.part_cdg59_ht == ligne.montant_ht for ligne in lignes.values())
    journal = db.session.scalars(select(Evenement).filter_by(objet="prestation", verbe="appeler")).all()
    assert {ligne.objet_id for ligne in journal} == {ligne.id for ligne in lignes.values()}
    assert journal[0].apres == EtatPrestation.A_FACTURER and journal[0].par == AUTOMATE.nom


def test_who_cannot_be_called_is_listed_with_the_reason():
    fabriques.tarifs_sesam(tranches=((500, D("110.00")), (2000, D("220.00"))))
    fabriques.membre_sesam(nom="Syndicat des Eaux", population=None)
    fabriques.membre_sesam(nom="Dainville", population=200)
    fabriques.membre_sesam(nom="Calais", population=70_000)
    appel = appel_de(2026)
    assert [une.nom for une in appel.appelables] == ["Calais"]
    refus = {une.nom: une.refus for une in appel.refuses}
    assert "ne donne pas sa population" in refus["Syndicat des Eaux"] and "commence à 500" in refus["Dainville"]
    assert len(sesam.appeler_les_contributions(2026, **QUI).refuses) == 2
    assert [une.nom for une in appel_de(2026).membres] == ["Dainville", "Syndicat des Eaux"]
    with pytest.raises(RegleRefusee, match="Personne n’est à appeler"):
        sesam.appeler_les_contributions(2026, **QUI)


def test_only_members_of_the_year_are_called_and_only_once():
    fabriques.tarifs_sesam()
    parti, ancien, futur = fabriques.membre_sesam(), fabriques.membre_sesam(), fabriques.membre_sesam(depuis=2027)
    sesam.quitter(parti, 2025, **QUI)
    sesam.appeler_les_contributions(2026, **QUI)
    assert [ligne.collectivite_id for ligne in appelees()] == [ancien.collectivite_id]
    nouveau = fabriques.membre_sesam(depuis=2026)
    sesam.appeler_les_contributions(2026, **QUI)
    assert [ligne.collectivite_id for ligne in appelees()] == [ancien.collectivite_id, nouveau.collectivite_id]
    assert db.session.scalar(select(func.count()).select_from(Evenement).filter_by(verbe="appeler")) == 2
    with pytest.raises(RegleRefusee, match="n’a pas commencé"):
        sesam.appeler_les_contributions(2027, **QUI)
    assert futur.depuis == 2027


def test_the_rate_is_that_of_the_first_of_january():
    fabriques.tarifs_sesam()
    fabriques.tarifs_sesam(du=date(2026, 1, 2), tranches=((0, D("999.00")),))
    fabriques.membre_sesam(population=800)
    assert sesam.appeler_les_contributions(2026, **QUI).total_ht == D("110.37")


def test_a_withdrawn_contribution_may_be_called_again_and_says_so():
    fabriques.tarifs_sesam()
    fabriques.membre_sesam(population=100)
    sesam.appeler_les_contributions(2026, **QUI)
    prestations.retirer(appelees()[0], "Population à vérifier.", **QUI)
    db.session.flush()
    assert appel_de(2026).membres[0].retiree == "Population à vérifier."
    sesam.appeler_les_contributions(2026, **QUI)
    assert [ligne.etat for ligne in appelees()] == [EtatPrestation.RETIREE, EtatPrestation.A_FACTURER]


def test_a_list_that_changed_since_it_was_shown_is_not_called():
    fabriques.tarifs_sesam()
    fabriques.membre_sesam()
    with pytest.raises(ConflitDeVersion, match="relisez l’aperçu"):
        sesam.appeler_les_contributions(2026, attendues=2, **QUI)
    assert not appelees()


def membres(combien):
    """So many members at once, of every size."""
    corps = [
        {
            "siren": adherents.siren_fictif(90_000 - rang), "type": TypeCollectivite.COMMUNE, "nom": f"Commune {rang}",
            "nom_recherche": f"commune {rang:04}", "population": 100 + 7 * rang, "adresse": "", "ville": "",
            "courriel": "",
        }
        for rang in range(combien)
    ]  # fmt: skip
    db.session.execute(Collectivite.__table__.insert(), corps)
    ids = db.session.scalars(select(Collectivite.id).order_by(Collectivite.id)).all()
    db.session.execute(
        AdhesionSesam.__table__.insert(),
        [{"collectivite_id": numero, "depuis": 2025, "deliberation_numero": ""} for numero in ids],
    )
    db.session.commit()


@pytest.mark.parametrize("combien", [10, 1300])
def test_calling_costs_the_same_number_of_statements_for_ten_as_for_a_thousand(sql, combien):
    fabriques.tarifs_sesam()
    membres(combien)
    with sql() as envoyees:
        appel = sesam.appeler_les_contributions(2026, **QUI)
        db.session.commit()
    assert len(appel.appelables) == combien == len(appelees())
    lecture_et_ecriture = [une for une in envoyees if "verrou" not in une]
    assert len(lecture_et_ecriture) == 5  # members, rates, withdrawn ones; the rows, their journal
    with sql() as envoyees:
        compte = queries.compte(2026)
    assert (compte.membres, compte.appelees, compte.a_appeler) == (combien, combien, 0)
    assert compte.garde_ht + compte.du_cdg59_ht == compte.appele_ht == appel.total_ht
    assert len(envoyees) == 2


def test_the_account_of_a_year_says_what_is_billed_credited_and_left(session):
    fabriques.tarifs_sesam()
    membres(2)
    sesam.appeler_les_contributions(2026, **QUI)
    une, autre = appelees()
    fabriques.facturer(une)
    une.credite_ht = D("20.00")
    session.commit()
    compte = queries.compte(2026)
    assert (compte.facture_ht, compte.credite_ht, compte.net_ht) == (une.montant_ht, D("20.00"), une.montant_ht - 20)
    assert compte.garde_net_ht + compte.reversement.part_facturee_ht == compte.net_ht
    assert compte.appele_ht == une.montant_ht + autre.montant_ht


def test_two_people_call_the_same_year_only_once(session, en_meme_temps):
    fabriques.tarifs_sesam()
    fabriques.membre_sesam()
    session.commit()

    def appeler():
        sesam.appeler_les_contributions(2026, **QUI)
        db.session.commit()

    reponses = en_meme_temps(appeler, appeler)
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["NoneType", "RegleRefusee"]
    assert len(appelees()) == 1


def test_only_the_share_of_what_is_billed_is_paid_over_and_never_twice():
    fabriques.tarifs_sesam()
    for _ in range(2):
        fabriques.membre_sesam(population=100)
    sesam.appeler_les_contributions(2026, **QUI)
    versement = {"verse_le": date(2026, 11, 19), "reference": "Mandat 1207"}
    with pytest.raises(RegleRefusee, match="Rien n’est à reverser"):
        sesam.reverser(2026, D("10.00"), **versement, **QUI)
    fabriques.facturer(appelees()[0])
    assert queries.reversement(2026) == Reversement(D("39.00"), D("0.00"))
    with pytest.raises(RegleRefusee, match="Il reste 39,00"):
        sesam.reverser(2026, D("39.01"), **versement, **QUI)
    sesam.reverser(2026, D("20.00"), **versement, **QUI)
    with pytest.raises(RegleRefusee, match="Il reste 19,00"):
        sesam.reverser(2026, D("20.00"), **versement, **QUI)
    sesam.reverser(2026, D("19.00"), **versement, **QUI)
    with pytest.raises(RegleRefusee, match="dans le futur"):
        sesam.reverser(2026, D("1.00"), date(2026, 11, 21), "X", **QUI)
    assert queries.reversement(2026).reste_ht == D("0.00")
    assert [v.par for v in queries.reversements(2026)] == [AUTOMATE.nom, AUTOMATE.nom]
    assert queries.reversement(2025) == Reversement(D("0.00"), D("0.00"))


def test_two_people_never_pay_over_more_than_is_owed(session, en_meme_temps):
    fabriques.tarifs_sesam()
    fabriques.membre_sesam(population=100)
    sesam.appeler_les_contributions(2026, **QUI)
    fabriques.facturer(*appelees())
    session.commit()

    def reverser():
        sesam.reverser(2026, D("39.00"), date(2026, 11, 19), "Mandat", **QUI)
        db.session.commit()

    reponses = en_meme_temps(reverser, reverser)
    assert sorted(type(reponse).__name__ for reponse in reponses) == ["NoneType", "RegleRefusee"]


def test_what_was_paid_over_cannot_be_changed(session):
    db.session.add(
        ReversementSesam(annee=2026, montant_ht=D("5.00"), verse_le=date(2026, 11, 2), reference="M", par="X")
    )
    session.commit()
    for ordre in ("UPDATE reversement_sesam SET montant_ht = 9", "DELETE FROM reversement_sesam"):
        with pytest.raises(Exception, match="immuable"):
            session.execute(db.text(ordre))
        session.rollback()


def test_a_body_takes_part_once_at_a_time():
    bethune = adherents.collectivite("Béthune")
    premiere = fabriques.membre_sesam(bethune, 2024)
    with pytest.raises(RegleRefusee, match="adhère déjà à SESAM depuis 2024"):
        fabriques.membre_sesam(bethune, 2026)
    with pytest.raises(RegleRefusee, match="commence en 2024"):
        sesam.quitter(premiere, 2023, **QUI)
    sesam.quitter(premiere, 2025, **QUI)
    seconde = fabriques.membre_sesam(bethune, 2026)
    with pytest.raises(RegleRefusee, match="depuis 2026"):
        sesam.quitter(premiere, 2026, **QUI)
    assert (premiere.jusqu_en, seconde.jusqu_en) == (2025, None)
    verbes = db.session.scalars(select(Evenement.verbe).filter_by(objet="adhesion_sesam").order_by(Evenement.id)).all()
    assert verbes == ["adherer", "quitter", "adherer"]


def test_a_year_already_called_is_not_left_behind():
    fabriques.tarifs_sesam()
    adhesion = fabriques.membre_sesam()
    sesam.appeler_les_contributions(2026, **QUI)
    with pytest.raises(RegleRefusee, match="La contribution de 2026 est déjà appelée"):
        sesam.quitter(adhesion, 2025, **QUI)
    prestations.retirer(appelees()[0], "Départ fin 2025.", **QUI)
    sesam.quitter(adhesion, 2025, **QUI)
    assert adhesion.jusqu_en == 2025
