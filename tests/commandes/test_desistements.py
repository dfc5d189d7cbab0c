"""A titulaire declines: the next in rank, at its own prices, in the preview as in the bons, and nobody else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from groupement.adherents.states import Role
from groupement.catalogue.models import Lot
from groupement.catalogue.queries.prix import prix_a_la_date
from groupement.catalogue.states import PorteePalier
from groupement.commandes.actions import annulations, desistements, regroupement
from groupement.commandes.actions.desistements import Annonce
from groupement.commandes.models import Affectation, BonDeCommande, Campagne, Commande, Desistement, PartDePort
from groupement.commandes.queries import desistements as queries
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.chez_un_autre import chez_le_suivant
from groupement.commandes.queries.regroupement import engage_par_lot
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.rules.bons import CodeRefus
from groupement.commandes.rules.changement_de_titulaire import comparer, offre_du_lot
from groupement.commandes.states import EtatBonDeCommande, EtatCampagne, EtatCommande
from groupement.documents.pieces import PieceVerifiee
from groupement.livraisons.models import Livraison
from groupement.socle.calendrier import echeance_jours, jour_a_paris
from groupement.socle.courriels import Courriel
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Evenement
from groupement.socle.nombres import euros_fr
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre
from tests.fabriques.en_nombre import commandes_semblables
from tests.fabriques.livraisons import CDG

JOUR = jour_a_paris(APRES)
D = Decimal


class Affaire:
    """A closed campagne on a lot of three titulaires: 100 boxes and 40 folders asked by `membres` bodies in all."""

    def __init__(self, membres: int = 2, **champs) -> None:
        termes = {"franco_ht": D(100000), "port_ht": D("45.00"), "delai_livraison_jours": 30}
        self.lot = catalogue.lot(**(termes | champs))
        self.boite = catalogue.article(self.lot, reference="BTE-10", unites_par_colis=50, paliers="50:1.00|500:0.90")
        self.chemise = catalogue.article(self.lot, reference="CHE-1", unites_par_colis=20, paliers="20:2.00")
        self.premier = self.lot.titulaires[0]
        self.second = catalogue.titulaire(
            self.lot, "Papeterie Y (fictive)", {self.boite: "50:1.10|100:1.05", self.chemise: "20:1.90"},
            delai_livraison_jours=15, port_ht=D("30.00"),
        )  # fmt: skip
        self.troisieme = catalogue.titulaire(self.lot, "Papeterie Z (fictive)", {self.boite: "50:1.20"})
        self.campagne = campagne(self.lot.marche, etat=EtatCampagne.CLOSE, intitule=f"Campagne {self.lot.id}")
        for _ in range(2):
            corps = membre(de=self.campagne)
            adherents.utilisateur(roles=[Role.AGENT], collectivite=corps)
            lignes = [(self.boite, 30, 5), (self.chemise, 20)]
            derniere = commande(self.campagne, corps, lignes, etat=EtatCommande.VALIDEE)
        commandes_semblables(derniere, membres - 2, depuis=membres)
        db.session.commit()
        self.ids = self.campagne.id, self.lot.id, self.premier.fournisseur_id

    def decline(self, qui=None, motif="Rupture de carton.", du=JOUR, lettre=None):
        """As the buyer records it, committed."""
        campagne_id, lot_id, premier = self.ids
        verrouiller_ecriture()
        tenue = campagne_verrouillee(campagne_id)
        annonce = Annonce(motif, du, lettre)
        fait = desistements.decliner_la_campagne(
            tenue, db.session.get(Lot, lot_id), qui or premier, annonce, par=CDG, le=APRES
        )
        db.session.commit()
        return fait

    def apercu(self):
        return regroupement.previsualiser(self.campagne, le=JOUR)


@pytest.fixture
def affaire(app):
    return Affaire()


def prix_du(calcul):
    return {ligne.reference: ligne.prix_unitaire_ht for bon in calcul.resultat.bons for ligne in bon.lignes}


def test_the_first_titulaire_is_asked_first_at_the_prices_of_the_lot(affaire):
    calcul = affaire.apercu()
    assert calcul.entree.titulaires[1].rang == 1
    assert prix_du(calcul) == {"BTE-10": D("1.0000"), "CHE-1": D("2.0000")}
    assert calcul.resultat.bons[0].port_ht == D("45.00")


def test_once_it_declines_the_preview_is_at_the_prices_and_terms_of_the_second(affaire):
    affaire.decline()
    calcul = affaire.apercu()
    assert calcul.entree.titulaires[1].rang == 2
    assert prix_du(calcul) == {"BTE-10": D("1.0500"), "CHE-1": D("1.9000")}  # its own tier: 100 boxes
    assert (calcul.resultat.bons[0].port_ht, calcul.resultat.est_exact) == (D("30.00"), True)


def test_the_bon_goes_to_the_second_with_its_prices_its_delay_and_everybody_s_share(affaire):
    affaire.decline()
    attendu = affaire.apercu()
    _, (bon,), calcul = regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES, empreinte=attendu.empreinte)
    db.session.commit()
    assert calcul.resultat == attendu.resultat
    assert bon.fournisseur_id == affaire.second.fournisseur_id
    assert bon.fournisseur_fige["nom"] == "Papeterie Y (fictive)"
    assert {li.reference: li.prix_unitaire_ht for li in bon.lignes} == {"BTE-10": D("1.0500"), "CHE-1": D("1.9000")}
    assert bon.a_livrer_avant_le == echeance_jours(JOUR, 15)
    parts = db.session.scalar(select(func.sum(Affectation.montant_ht)))
    ports = db.session.scalar(select(func.sum(PartDePort.montant_ht)))
    assert (parts + ports, bon.port_ht) == (bon.total_ht, D("30.00"))


def test_members_are_told_who_delivers_and_what_it_changes_for_them(affaire):
    affaire.decline(motif="Rupture de carton jusqu’en mars.")
    regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
    db.session.commit()
    ecrits = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("Un autre titulaire"))).all()
    assert len(ecrits) == 2
    for courriel in ecrits:
        assert "Papeterie Y (fictive) livre ce lot" in courriel.corps
        assert "Rupture de carton jusqu’en mars." in courriel.corps
        assert "au lieu de" in courriel.corps
    payes = [
        sum(db.session.scalars(select(modele.montant_ht).where(modele.collectivite_id == corps)))
        for corps in db.session.scalars(select(Affectation.collectivite_id).distinct())
        if corps
        for modele in (Affectation, PartDePort)
    ]
    for articles_ht, port_ht in zip(payes[::2], payes[1::2], strict=True):
        assert any(f"paie {euros_fr(articles_ht + port_ht)} HT, port compris" in c.corps for c in ecrits)


def test_nobody_is_told_anything_when_nobody_declined(affaire):
    regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
    db.session.commit()
    assert not db.session.scalars(select(Courriel).where(Courriel.sujet.contains("Un autre titulaire"))).all()


def test_what_changes_is_shown_line_by_line_before_anything_is_recorded(affaire):
    lue = regroupement.lire(affaire.campagne, JOUR)
    suivant, chez_lui = chez_le_suivant(affaire.campagne, lue, 1, JOUR)
    avant, apres = (regroupement.calculer(entree, False).resultat for entree in (lue, chez_lui))
    changement = comparer(offre_du_lot(avant, 1), offre_du_lot(apres, 1))
    assert suivant.rang == 2
    assert [(li.reference, li.avant.montant_ht, li.apres.montant_ht) for li in changement.lignes] == [
        ("BTE-10", D("100.00"), D("105.00")),
        ("CHE-1", D("80.00"), D("76.00")),
    ]
    assert (changement.avant.total_ht, changement.apres.total_ht) == (D("225.00"), D("211.00"))
    affaire.decline()
    assert affaire.apercu().resultat == apres  # what was shown is what comes
    assert db.session.scalar(select(func.count()).select_from(BonDeCommande)) == 0


def test_ranks_follow_one_another_and_nobody_jumps_the_queue(affaire):
    with pytest.raises(RegleRefusee, match="relisez la page"):
        affaire.decline(affaire.troisieme.fournisseur_id)
    db.session.rollback()
    affaire.decline()
    affaire.decline(affaire.second.fournisseur_id)
    assert affaire.apercu().entree.titulaires[1].rang == 3


def test_the_last_one_cannot_decline_and_nothing_is_written(affaire):
    affaire.decline()
    affaire.decline(affaire.second.fournisseur_id)
    with pytest.raises(RegleRefusee, match="dernier titulaire"):
        affaire.decline(affaire.troisieme.fournisseur_id)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Desistement)) == 2


def test_an_article_the_next_does_not_sell_is_refused_by_name(affaire):
    affaire.decline()
    affaire.decline(affaire.second.fournisseur_id)
    (refus,) = affaire.apercu().resultat.refus
    assert (refus.code, refus.reference) == (CodeRefus.SANS_PRIX, "CHE-1")
    assert "Papeterie Z (fictive), titulaire de rang 3" in refus.motif


def test_the_ceiling_is_that_of_the_new_amount(affaire):
    affaire.lot.plafond_ht = D("200.00")  # 225 at the first, 211 at the second: neither fits
    db.session.commit()
    affaire.decline()
    with pytest.raises(regroupement.RegroupementRefuse, match="Plafond du lot dépassé"):
        regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
    db.session.rollback()
    affaire.lot.plafond_ht = D("212.00")
    db.session.commit()
    assert len(regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)[1]) == 1


def test_a_preview_agreed_to_before_the_titulaire_declined_is_out_of_date(affaire):
    for article in (affaire.boite, affaire.chemise):
        prix = prix_a_la_date([article.id], JOUR)[article.id]
        catalogue.prix(article, prix, du=date(2026, 6, 1), de=affaire.second.fournisseur)
    affaire.second.port_ht = affaire.lot.port_ht
    db.session.commit()
    vue = affaire.apercu().empreinte
    affaire.decline()
    with pytest.raises(regroupement.ApercuPerime):  # the very same figures, but to somebody else
        regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES, empreinte=vue)


def test_it_may_come_back_on_its_word_until_the_bons_leave(affaire):
    fait = affaire.decline()
    desistements.lever(fait, par=CDG, le=APRES)
    db.session.commit()
    assert affaire.apercu().entree.titulaires[1].rang == 1
    with pytest.raises(RegleRefusee, match="déjà été retiré par"):
        desistements.lever(fait, par=CDG, le=APRES)
    db.session.rollback()
    second = affaire.decline()  # and decline again
    regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="sont partis"):
        desistements.lever(db.session.get(Desistement, second.id), par=CDG, le=APRES)


@pytest.mark.parametrize(
    ("etat", "phrase"), [(EtatCampagne.OUVERTE, "Closez d’abord"), (EtatCampagne.REGROUPEE, "sont partis")]
)
def test_a_campagne_is_declined_between_its_last_order_and_its_bons(affaire, etat, phrase):
    affaire.campagne.etat = etat
    db.session.commit()
    with pytest.raises(RegleRefusee, match=phrase):
        affaire.decline()


def test_an_answer_is_not_to_come(affaire):
    with pytest.raises(RegleRefusee, match="à venir"):
        affaire.decline(du=JOUR + timedelta(days=1))


def test_two_buyers_at_once_record_one_desistement(affaire, en_meme_temps):
    issues = en_meme_temps(lambda: affaire.decline().id, lambda: affaire.decline().id)
    assert sorted(type(issue).__name__ for issue in issues) == ["RegleRefusee", "int"]
    assert db.session.scalar(select(func.count()).select_from(Desistement)) == 1


def test_one_declines_while_another_issues_the_bons_and_one_of_them_is_told(affaire, en_meme_temps):
    vue, campagne_id = affaire.apercu().empreinte, affaire.ids[0]
    db.session.commit()

    def emettre():
        _, (bon,), _ = regroupement.regrouper(campagne_id, par=CDG, le=APRES, empreinte=vue)
        db.session.commit()
        return bon.fournisseur_id

    declin, emission = en_meme_temps(lambda: affaire.decline().id, emettre)
    if isinstance(emission, int):  # the bons left first: to the first titulaire, and the decline is refused
        assert emission == affaire.ids[2] and isinstance(declin, RegleRefusee)
    else:
        assert isinstance(emission, regroupement.ApercuPerime) and isinstance(declin, int)


def test_for_good_the_catalogue_shows_the_prices_of_the_next_from_that_day_on(affaire):
    lot, boite = affaire.lot, affaire.boite
    le = JOUR + timedelta(days=3)
    desistements.decliner_pour_de_bon(lot, affaire.ids[2], Annonce("Cesse le carton.", le), par=CDG, le=APRES)
    db.session.commit()
    assert prix_a_la_date(lot, JOUR)[boite.id][0].prix_unitaire_ht == D("1.00")
    assert prix_a_la_date(lot, le)[boite.id][0].prix_unitaire_ht == D("1.10")
    assert lot.titulaire_le(JOUR).rang == 1 and lot.titulaire_le(le).rang == 2
    fait = db.session.scalars(select(Desistement)).one()
    desistements.lever(fait, par=CDG, le=APRES)
    db.session.commit()
    assert prix_a_la_date(lot, le)[boite.id][0].prix_unitaire_ht == D("1.00")


def test_for_good_leaves_somebody_to_each_closed_campagne(affaire):
    affaire.decline()
    affaire.decline(affaire.second.fournisseur_id)  # this campagne rests on the third alone
    for titulaire in (affaire.premier, affaire.second):
        titulaire.retire_du = JOUR
    db.session.commit()
    with pytest.raises(RegleRefusee, match="dernier titulaire"):
        desistements.decliner_pour_de_bon(
            affaire.lot, affaire.troisieme.fournisseur_id, Annonce("Ferme.", JOUR), par=CDG, le=APRES
        )


@pytest.fixture
def bon(affaire):
    _, (emis,), _ = regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
    db.session.commit()
    return emis


LENDEMAIN = APRES + timedelta(days=1)


def decliner_le_bon(bon_id, titulaire_id, **champs):
    """As the buyer would, and commit."""
    vue = champs.pop("vue", 0)
    nouveau = annulations.annuler(
        bon_tenu(bon_id, CDG), "Décline.", titulaire_id, vue=vue, par=CDG, le=LENDEMAIN, **champs
    )
    db.session.commit()
    return nouveau


def test_a_bon_declined_after_issue_passes_to_the_next_at_its_prices_of_the_day(affaire, bon):
    suite = queries.suite_du_bon(bon, jour_a_paris(LENDEMAIN))
    nouveau = decliner_le_bon(bon.id, affaire.second.fournisseur_id, empreinte=suite.reprise.repris.empreinte)
    assert (nouveau.total_ht, nouveau.port_ht) == (suite.reprise.changement.apres.total_ht, D("30.00"))
    assert nouveau.total_ht == D("211.00")
    assert nouveau.a_livrer_avant_le == echeance_jours(jour_a_paris(LENDEMAIN), 15)
    assert {li.reference: li.prix_unitaire_ht for li in nouveau.lignes} == {"BTE-10": D("1.05"), "CHE-1": D("1.90")}
    affectations = db.session.scalars(select(Affectation)).all()
    assert {a.ligne_bon_id for a in affectations} == {li.id for li in nouveau.lignes}
    assert {a.prix_unitaire_ht for a in affectations} == {D("1.05"), D("1.90")}
    ports = db.session.scalars(select(PartDePort)).all()
    assert {p.bon_id for p in ports} == {nouveau.id}
    assert sum(a.montant_ht for a in affectations) + sum(p.montant_ht for p in ports) == nouveau.total_ht
    assert sum(p.montant_ht for p in ports) == D("30.00")
    assert engage_par_lot(affaire.campagne.marche_id) == {affaire.lot.id: nouveau.total_ht}
    assert {li.bon_id for li in db.session.scalars(select(Livraison))} == {nouveau.id}
    assert nouveau.chiffre_le == nouveau.emis_le
    decline = db.session.scalars(select(Desistement)).one()
    assert (decline.bon_id, decline.fournisseur_id, decline.motif) == (bon.id, affaire.ids[2], "Décline.")
    with pytest.raises(RegleRefusee, match="ne se retire plus"):
        desistements.lever(decline, par=CDG, le=LENDEMAIN)


def test_each_member_reads_its_share_before_and_after(affaire, bon):
    parts = queries.suite_du_bon(bon, jour_a_paris(LENDEMAIN)).reprise.montants
    assert sum(avant for avant, _ in parts.values()) <= bon.total_ht
    decliner_le_bon(bon.id, affaire.second.fournisseur_id)
    ecrits = db.session.scalars(select(Courriel).where(Courriel.sujet.startswith("Un nouveau bon remplace"))).all()
    assert len(ecrits) == 2
    assert all("le titulaire suivant du marché" in c.corps and "Votre part passe de" in c.corps for c in ecrits)


def test_a_bon_passes_from_rank_to_rank_and_never_back(affaire, bon):
    catalogue.prix(affaire.chemise, "20:3.00", du=affaire.lot.marche.du, de=affaire.troisieme.fournisseur)
    db.session.commit()
    with pytest.raises(RegleRefusee, match="dont c’est le rang"):
        decliner_le_bon(bon.id, affaire.troisieme.fournisseur_id)
    db.session.rollback()
    deuxieme = decliner_le_bon(bon.id, affaire.second.fournisseur_id)
    assert queries.titulaire_suivant(deuxieme, JOUR).rang == 3
    troisieme = decliner_le_bon(deuxieme.id, affaire.troisieme.fournisseur_id)
    assert queries.titulaire_suivant(troisieme, JOUR) is None
    with pytest.raises(RegleRefusee, match="tous ont décliné"):
        decliner_le_bon(troisieme.id, affaire.ids[2])
    db.session.rollback()
    assert db.session.get(BonDeCommande, troisieme.id).etat is EtatBonDeCommande.EMIS


def test_the_next_without_a_price_cannot_have_the_bon(affaire, bon):
    affaire.second.retire_du = JOUR
    db.session.commit()
    with pytest.raises(RegleRefusee, match="Papeterie Z .fictive. ne donne pas de prix pour CHE-1"):
        decliner_le_bon(bon.id, affaire.troisieme.fournisseur_id)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Desistement)) == 0


def test_the_ceiling_and_the_minimum_of_the_next_are_checked_with_its_amount(affaire, bon):
    affaire.lot.plafond_ht = D("210.00")
    db.session.commit()
    with pytest.raises(RegleRefusee, match="Plafond du lot dépassé"):
        decliner_le_bon(bon.id, affaire.second.fournisseur_id)
    db.session.rollback()
    affaire.lot.plafond_ht, affaire.second.minimum_commande_ht = D("5000.00"), D("500.00")
    db.session.commit()
    with pytest.raises(RegleRefusee, match="n’accepte pas de bon de moins de"):
        decliner_le_bon(bon.id, affaire.second.fournisseur_id)


def test_figures_that_moved_since_the_page_are_shown_again(affaire, bon):
    vue = queries.suite_du_bon(bon, jour_a_paris(LENDEMAIN)).reprise.repris.empreinte
    catalogue.prix(affaire.boite, "50:1.30", du=jour_a_paris(LENDEMAIN), de=affaire.second.fournisseur)
    db.session.commit()
    with pytest.raises(ConflitDeVersion, match="Un prix a changé"):
        decliner_le_bon(bon.id, affaire.second.fournisseur_id, empreinte=vue)


def test_who_has_not_declined_may_be_sent_the_bon_again_at_the_same_prices(affaire, bon):
    nouveau = decliner_le_bon(bon.id, affaire.ids[2])
    assert (nouveau.fournisseur_id, nouveau.total_ht) == (affaire.ids[2], bon.total_ht)
    assert db.session.scalar(select(func.count()).select_from(Desistement)) == 0
    assert nouveau.chiffre_le == bon.emis_le


def test_what_the_first_sold_does_not_help_the_second_reach_its_tier(app):
    affaire = Affaire(portee_palier=PorteePalier.MARCHE)
    _, (premier,), _ = regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
    db.session.commit()
    suite = queries.suite_du_bon(premier, jour_a_paris(LENDEMAIN))
    (boite, _) = suite.reprise.repris.lignes
    assert boite.prix_unitaire_ht == D("1.05")  # 100 boxes of its own, not 200


def test_the_letter_is_kept_and_the_journal_says_it(affaire):
    piece = PieceVerifiee(b"%PDF-1.7 lettre", "application/pdf", "pdf")
    fait = affaire.decline(lettre=("refus.pdf", piece))
    assert (fait.lettre.nom, fait.lettre.octets) == ("refus.pdf", b"%PDF-1.7 lettre")
    desistements.lever(fait, par=CDG, le=APRES)
    db.session.commit()
    du_lot = select(Evenement).where(Evenement.verbe.contains("desistement")).order_by(Evenement.id)
    ecrits = db.session.scalars(du_lot).all()
    assert [e.verbe for e in ecrits] == ["enregistrer un desistement", "lever un desistement"]
    assert all("lot 1" in e.resume for e in ecrits)


def compter(sql, membres, faire):
    affaire = Affaire(membres)
    de_la_campagne = select(func.count()).where(Commande.campagne_id == affaire.ids[0])
    assert db.session.scalar(de_la_campagne) == membres
    affaire.decline()
    with sql() as envoyees:
        faire(affaire)
    db.session.commit()
    return len(envoyees)


@pytest.mark.parametrize(
    "faire",
    [
        lambda affaire: affaire.apercu(),
        lambda affaire: regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES),
    ],
    ids=["apercu", "regroupement"],
)
def test_statements_do_not_depend_on_the_number_of_members(app, sql, faire):
    assert compter(sql, 10, faire) == compter(sql, 1300, faire) <= 75


def test_a_bon_passed_on_costs_as_many_statements_for_many(app, sql):
    comptes = []
    for membres in (10, 1300):
        affaire = Affaire(membres)
        _, (emis,), _ = regroupement.regrouper(affaire.ids[0], par=AUTOMATE, le=APRES)
        db.session.commit()
        bon_id, suivant = emis.id, affaire.second.fournisseur_id
        db.session.expunge_all()
        with sql() as envoyees:
            decliner_le_bon(bon_id, suivant)
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 75


def test_a_campagne_of_another_marche_has_no_such_lot(affaire):
    autre = campagne()
    with pytest.raises(NotFound):
        queries.lot_de_la_campagne(db.session.get(Campagne, affaire.ids[0]), autre.marche.lots[0].id)
