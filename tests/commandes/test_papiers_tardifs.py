"""A paper order that the post brings after the last day: it enters until the regroupement, and nobody else is told."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.commandes.actions.commandes_papier import Papier, saisir
from groupement.commandes.actions.imports import ImportRefuse
from groupement.commandes.actions.regroupement import ApercuPerime, previsualiser, regrouper
from groupement.commandes.documents import pdf_de_commande
from groupement.commandes.models import Affectation, Campagne, Commande
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.commandes_papier import vue_commande_papier
from groupement.commandes.queries.papiers_tardifs import commandes_tardives
from groupement.commandes.queries.vue_commande import vue_commande
from groupement.commandes.rules.papier_tardif import SAISIR_APRES
from groupement.commandes.rules.saisie_rapide import lire_collage
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import aujourdhui, jour_a_paris
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, AU, LE

POSTE = "Posté le 9 décembre, cachet de la poste"


@pytest.fixture
def monde(app: Flask) -> SimpleNamespace:
    """A closed window that Ayette ordered in; Wissant, with an agent, did not."""
    marche = catalogue.marche(lots=1)
    article = catalogue.article(marche.lots[0], reference="BTE-10", unites_par_colis=1, paliers="1:2.00")
    campagne = fabrique.campagne(marche, etat=EtatCampagne.CLOSE)
    ayette, wissant = fabrique.membre("Ayette", de=campagne), fabrique.membre("Wissant", de=campagne)
    for nom, corps in (("Denis Leroy", ayette), ("Claire Delattre", wissant)):
        adherents.utilisateur(nom, roles=[Role.AGENT], collectivite=corps)
    premiere = fabrique.commande(campagne, ayette, [(article, 40)], etat=EtatCommande.VALIDEE)
    db.session.commit()
    return SimpleNamespace(campagne=campagne, article=article, ayette=ayette, wissant=wissant, premiere=premiere)


def poster(
    monde: SimpleNamespace,
    corps: Any = None,
    *,
    recu_le: date = AU,
    motif: str = "",
    version: int | None = None,
    le: datetime = APRES,
) -> Commande:
    """What the buyer enters: thirty boxes for Wissant, from the preview of that moment."""
    corps = corps or monde.wissant
    vue = vue_commande_papier(monde.campagne, corps, lire_collage("BTE-10\t30"), jour_a_paris(le))
    papier = Papier(recu_le, "Jean Leroy, maire", ModeDeRemise.LIVRAISON, motif=motif)
    voulue = vue.version if version is None else version
    return saisir(monde.campagne, corps, vue.apercu, papier, voulue, par=AUTOMATE, le=le)


def rien_n_est_ecrit() -> bool:
    """Only the order that was there."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Commande)) == 1


@pytest.mark.parametrize("etat", [EtatCampagne.CLOSE, EtatCampagne.EN_COMPLEMENT])
def test_a_paper_that_came_in_time_enters_quietly_and_is_bought(monde: Any, etat: EtatCampagne) -> None:
    monde.campagne.etat, monde.campagne.complement_au = etat, AU + timedelta(days=9)
    db.session.commit()
    commande = poster(monde)
    db.session.commit()
    assert (commande.etat, commande.total_ht) == (EtatCommande.VALIDEE, 60)
    assert (monde.campagne.etat, monde.campagne.au) == (etat, AU)  # nothing opens again
    (courriel,) = db.session.scalars(select(Courriel))  # and nobody else is written to
    assert "Claire Delattre" in courriel.corps and "vous ne pouvez plus la changer" in courriel.corps
    assert "arrivé à temps" in courriel.corps and "peut la rouvrir" not in courriel.corps
    monde.campagne.etat = EtatCampagne.CLOSE
    regrouper(monde.campagne.id, par=AUTOMATE, le=APRES + timedelta(hours=1))
    assert sum(db.session.scalars(select(Affectation.unites))) == 70


def test_it_takes_the_rank_of_its_entry_not_that_of_the_day_somebody_typed(monde: Any) -> None:
    commande = poster(monde, recu_le=LE.date() - timedelta(days=60))
    assert [ligne.rang for ligne in commande.lignes] == [APRES]
    assert commande.validee_le == APRES
    demandes = previsualiser(monde.campagne, le=jour_a_paris(APRES)).entree.demandes
    assert [demande.collectivite_id for demande in demandes] == [monde.ayette.id, monde.wissant.id]


def test_a_paper_that_came_after_the_last_day_says_why_it_is_taken_everywhere(monde: Any) -> None:
    with pytest.raises(RegleRefusee, match="écrivez pourquoi il est accepté"):
        poster(monde, recu_le=AU + timedelta(days=1), motif="ok")
    assert rien_n_est_ecrit()
    commande = poster(monde, recu_le=AU + timedelta(days=1), motif=f" {POSTE}\n")
    db.session.commit()
    (fait,) = db.session.scalars(select(Evenement).where(Evenement.verbe == SAISIR_APRES))
    assert fait.resume.endswith(f"Accepté après le dernier jour\u00a0: {POSTE}")
    assert fait.details == {
        **{"recu_le": "2026-12-12", "fin": "2026-12-11", "signe_par": "Jean Leroy, maire"},
        **{"motif": POSTE, "remplace": False},
    }
    (courriel,) = db.session.scalars(select(Courriel))
    assert POSTE in courriel.corps
    (tardive,) = commandes_tardives(monde.campagne)
    assert tardive.commande is commande and tardive.papier.motif == POSTE
    vue = vue_commande(commande, jour_a_paris(APRES))
    assert [papier.motif for papier in vue.papiers_tardifs] == [POSTE]
    assert pdf_de_commande(vue, jour_a_paris(APRES)).startswith(b"%PDF")


def test_no_reason_is_kept_of_a_paper_that_needed_none(monde: Any) -> None:
    poster(monde, motif="Une raison de trop, écrite quand même")
    assert [tardive.papier.motif for tardive in commandes_tardives(monde.campagne)] == [""]


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [
        (EtatCampagne.PREPAREE, "n’est pas encore ouverte"),
        (EtatCampagne.REGROUPEE, "les bons sont partis"),
        (EtatCampagne.SOLDEE, "terminée"),
        (EtatCampagne.ANNULEE, "annulée"),
    ],
)
def test_no_paper_enters_elsewhere(monde: Any, etat: EtatCampagne, phrase: str) -> None:
    monde.campagne.etat = etat
    db.session.commit()
    with pytest.raises(RegleRefusee, match=phrase):
        poster(monde)
    assert rien_n_est_ecrit()


def test_a_campagne_regrouped_since_the_page_was_read_is_told(monde: Any) -> None:
    regrouper(monde.campagne.id, par=AUTOMATE, le=APRES)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="les bons sont partis, ce papier n’y est pas"):
        poster(monde)
    assert rien_n_est_ecrit()


def test_figures_agreed_to_before_a_paper_entered_are_not_those_that_leave(monde: Any) -> None:
    lue = previsualiser(monde.campagne, le=jour_a_paris(APRES)).empreinte
    poster(monde)
    db.session.commit()
    with pytest.raises(ApercuPerime, match="Une commande"):
        regrouper(monde.campagne.id, par=AUTOMATE, le=APRES, empreinte=lue)


def test_a_body_that_may_not_order_is_refused_as_it_was_in_the_window(monde: Any) -> None:
    etrangere = fabrique.membre("Tardinghen")
    db.session.commit()
    with pytest.raises(ImportRefuse, match="Tardinghen"):
        poster(monde, etrangere)
    assert rien_n_est_ecrit()


def test_a_day_to_come_is_refused(monde: Any) -> None:
    with pytest.raises(RegleRefusee, match="dans l’avenir"):
        poster(monde, recu_le=APRES.date() + timedelta(days=1), motif=POSTE)


@pytest.mark.parametrize("etat", [EtatCommande.BROUILLON, EtatCommande.SOUMISE])
def test_a_basket_nobody_can_commit_any_more_gives_way_to_the_signed_sheet(monde: Any, etat: EtatCommande) -> None:
    panier = fabrique.commande(monde.campagne, monde.wissant, [(monde.article, 7)], etat=etat)
    db.session.commit()
    version = panier.version
    with pytest.raises(ConflitDeVersion):
        poster(monde, version=version + 1)
    db.session.rollback()
    commande = poster(monde)
    db.session.commit()
    assert (panier.etat, [ligne.unites for ligne in panier.lignes]) == (EtatCommande.ANNULEE, [7])
    assert panier.version == version + 1
    assert (commande.etat, [ligne.unites for ligne in commande.lignes]) == (EtatCommande.VALIDEE, [30])
    motifs = select(Evenement.resume).where(Evenement.objet == "commande", Evenement.objet_id == panier.id)
    assert db.session.scalars(motifs).all() == ["Non validée à temps, remplacée par le bon papier signé"]
    (courriel,) = db.session.scalars(select(Courriel))
    assert "remplace un panier qui n’avait pas été validé à temps" in courriel.corps


def test_two_papers_complete_a_committed_order_and_each_is_kept(monde: Any) -> None:
    poster(monde, monde.ayette)
    apres = APRES + timedelta(hours=1)
    commande = poster(monde, monde.ayette, recu_le=AU + timedelta(days=2), motif=POSTE, le=apres)
    db.session.commit()
    assert commande.id == monde.premiere.id and [ligne.unites for ligne in commande.lignes] == [100]
    assert [ligne.rang for ligne in commande.lignes] == [apres]
    assert [t.papier.motif for t in commandes_tardives(monde.campagne)] == ["", POSTE]


def test_what_nobody_committed_no_longer_lowers_the_price_said(monde: Any) -> None:
    seuil = catalogue.article(monde.campagne.marche.lots[0], reference="SEUIL", paliers="1:2.00|100:1.00")
    soumise = fabrique.membre("Audresselles", de=monde.campagne)
    fabrique.commande(monde.campagne, soumise, [(seuil, 100)], etat=EtatCommande.SOUMISE)
    db.session.commit()
    vue = vue_commande_papier(monde.campagne, monde.wissant, lire_collage("SEUIL\t25"), APRES.date())
    assert vue.estimation.total_ht == 50


def test_members_themselves_still_cannot_order(monde: Any, client_de: Any) -> None:
    commande = poster(monde)
    db.session.commit()
    valideur = adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=monde.wissant)
    db.session.commit()
    refus = client_de(valideur).post(f"/commandes/{commande.id}/reouverture", data={"version": commande.version})
    assert refus.status_code == 409 and "close depuis" in unescape(refus.text)


def entrer(monde: SimpleNamespace) -> Any:
    """The buyer's click, committed: the campagne held first, as the route does."""
    campagne_id, corps_id = monde.campagne.id, monde.wissant.id

    def agir() -> str:
        campagne = db.session.get_one(Campagne, campagne_id)
        corps = db.session.get_one(type(monde.wissant), corps_id)
        try:
            poster(SimpleNamespace(campagne=campagne, wissant=corps))
            db.session.commit()
            return "saisie"
        finally:
            db.session.rollback()

    return agir


def combiner(campagne_id: int) -> Any:
    """The regroupement of the same second, committed."""

    def agir() -> str:
        try:
            regrouper(campagne_id, par=AUTOMATE, le=APRES)
            db.session.commit()
            return "regroupée"
        finally:
            db.session.rollback()

    return agir


def test_at_the_second_of_the_regroupement_a_paper_is_in_or_told(monde: Any, en_meme_temps: Any) -> None:
    fait, saisie = en_meme_temps(combiner(monde.campagne.id), entrer(monde))
    assert fait == "regroupée"
    achetees = sum(db.session.scalars(select(Affectation.unites)))
    etats = set(db.session.scalars(select(Commande.etat)))
    assert etats == {EtatCommande.REGROUPEE}  # never a committed order left behind the bons
    if saisie == "saisie":
        assert achetees == 70
    else:
        assert isinstance(saisie, RegleRefusee) and "les bons sont partis" in str(saisie), saisie
        assert achetees == 40


def test_the_same_paper_entered_twice_at_once_is_written_once(monde: Any, en_meme_temps: Any) -> None:
    issues = en_meme_temps(entrer(monde), entrer(monde))
    assert sorted(map(str, issues))[1] == "saisie"
    assert sum(isinstance(issue, ConflitDeVersion) for issue in issues) == 1
    assert sum(db.session.scalars(select(Commande.total_ht).where(Commande.collectivite_id == monde.wissant.id))) == 60


# The pages, on the day they are read.


@pytest.fixture
def bureau(app: Flask, client_de: Any) -> SimpleNamespace:
    """A window that ended yesterday, a body with an agent, a buyer at the desk."""
    jour = aujourdhui()
    marche = catalogue.marche(
        **{"lots": 1, "du": jour - timedelta(days=300), "au": jour + timedelta(days=300)},
        consultation_le=jour - timedelta(days=400),
    )
    campagne = fabrique.campagne(
        marche, du=jour - timedelta(days=30), au=jour - timedelta(days=1), etat=EtatCampagne.CLOSE
    )
    catalogue.article(marche.lots[0], reference="BTE-10", paliers="25:1.61")
    corps = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=corps)
    acheteur = adherents.utilisateur("Nadia Caron", roles=[Role.ACHETEUR])
    db.session.commit()
    return SimpleNamespace(
        **{"campagne": campagne, "corps": corps, "client": client_de(acheteur), "membre": client_de(agent)},
        **{"page": f"/campagnes/{campagne.id}", "au": campagne.au},
    )


def feuille(bureau: SimpleNamespace, **champs: Any) -> dict[str, Any]:
    """What the sheet says, as the form sends it."""
    return {
        **{"collectivite": f"Wissant ({bureau.corps.siren})", "recu_le": f"{bureau.au:%d/%m/%Y}"},
        **{"signe_par": "Jean Leroy, maire", "mode": "livraison", "lignes": "BTE-10\t30", "version": "0", **champs},
    }


def lue(reponse: Any) -> str:
    """The words of a page, spaces made plain."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reponse.text)).split())


@pytest.mark.parametrize("rubrique", ["", "/commandes", "/reouverture", "/regroupement"])
def test_every_page_of_a_closed_campagne_leads_there(bureau: Any, rubrique: str) -> None:
    page = bureau.client.get(bureau.page + rubrique)
    assert f"{bureau.page}/commandes-papier/nouvelle" in page.text
    assert "au plus tard le" in lue(page)
    bureau.campagne.etat = EtatCampagne.REGROUPEE
    db.session.commit()
    assert "commandes-papier" not in bureau.client.get(bureau.page).text


def test_the_day_it_arrived_is_asked_never_supposed(bureau: Any) -> None:
    page = bureau.client.get(f"{bureau.page}/commandes-papier/nouvelle")
    assert "Les membres ne commandent plus" in lue(page) and "Elle prend rang au moment de sa saisie" in lue(page)
    (champ,) = re.findall(r'<input[^>]*name="recu_le"[^>]*>', page.text)
    assert f"{aujourdhui():%Y-%m-%d}" not in champ and f"{aujourdhui():%d/%m/%Y}" not in champ


def test_a_late_paper_without_a_reason_is_told_by_the_field(bureau: Any) -> None:
    aujourd_hui = {"recu_le": f"{aujourdhui():%d/%m/%Y}"}
    page = bureau.client.post(f"{bureau.page}/commandes-papier/apercu", data=feuille(bureau, **aujourd_hui))
    assert page.status_code == 422 and "écrivez pourquoi il est accepté" in lue(page)
    page = bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau, **aujourd_hui, motif="non"))
    assert page.status_code == 422
    assert db.session.scalars(select(Commande)).all() == []


def test_the_reason_is_read_by_the_body_and_in_the_preview_and_after(bureau: Any) -> None:
    tard = {"recu_le": f"{aujourdhui():%d/%m/%Y}", "motif": POSTE}
    apercu = bureau.client.post(f"{bureau.page}/commandes-papier/apercu", data=feuille(bureau, **tard))
    assert f"Vous l’acceptez parce que : « {POSTE} »" in lue(apercu)
    assert bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau, **tard)).status_code == 303
    (commande,) = db.session.scalars(select(Commande))
    assert POSTE in lue(bureau.membre.get(f"/commandes/{commande.id}"))
    assert "après le dernier jour" in lue(bureau.client.get(f"{bureau.page}/commandes"))
    assert f"Accepté parce que : « {POSTE} »" in lue(bureau.client.get(f"{bureau.page}/regroupement"))
    regrouper(bureau.campagne.id, par=AUTOMATE, le=datetime.now(tz=LE.tzinfo))
    db.session.commit()
    assert POSTE in lue(bureau.client.get(f"{bureau.page}/regroupement"))


def test_once_regrouped_the_page_says_what_to_do_with_the_paper(bureau: Any) -> None:
    bureau.campagne.etat = EtatCampagne.REGROUPEE
    db.session.commit()
    for reponse in (
        bureau.client.get(f"{bureau.page}/commandes-papier/nouvelle"),
        bureau.client.post(f"{bureau.page}/commandes-papier/apercu", data=feuille(bureau)),
        bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau)),
    ):
        assert reponse.status_code == 409 and "Gardez-le pour la prochaine campagne" in lue(reponse)
    assert db.session.scalars(select(Commande)).all() == []


def test_the_preview_of_the_regroupement_reads_any_number_of_late_papers_at_once(bureau: Any, sql: Any) -> None:
    def lire() -> int:
        with sql() as envoyees:
            bureau.client.get(f"{bureau.page}/regroupement")
        return len(envoyees)

    bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau))
    peu = lire()
    for rang in range(8):
        autre = fabrique.membre(f"Commune {rang}", de=bureau.campagne)
        db.session.commit()
        bureau.client.post(f"{bureau.page}/commandes-papier", data=feuille(bureau, collectivite=autre.siren))
    assert len(commandes_tardives(campagne_verrouillee(bureau.campagne.id))) == 9
    db.session.rollback()
    assert lire() == peu
