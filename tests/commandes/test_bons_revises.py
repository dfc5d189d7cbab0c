"""A bon revised: same number, what it said before stays readable, deliveries and proofs follow."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur
from groupement.commandes import documents
from groupement.commandes.actions import revisions as actions
from groupement.commandes.actions.revisions import RevisionRefusee
from groupement.commandes.models import (
    Affectation,
    BonDeCommande,
    Commande,
    LigneBon,
    LigneDeVersion,
    PartDePort,
    VersionDeBon,
)
from groupement.commandes.queries.revisions import bon_tenu
from groupement.commandes.queries.versions import versions_de
from groupement.commandes.rules.bon_a_reviser import Demande
from groupement.commandes.states import EtatBonDeCommande, EtatCommande
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.refacturation.queries.preuves import preuves_des_bons
from groupement.socle.calendrier import aujourdhui
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import TransitionInterdite
from groupement.socle.web import ConflitDeVersion
from tests.commandes.test_bons_annules import LE, bon_de
from tests.fabriques import adherents
from tests.fabriques.livraisons import CDG

FIN = date(2027, 2, 12)


@pytest.fixture
def bon(app):
    """A bon of two bodies (30 boxes each), one that fetches 20 at the depot, 20 of surplus, 45 € of shipping."""
    return bon_de()


def reviser(bon_id, *, vue=0, empreinte=None, motif="Article retiré du catalogue.", **champs):
    """Revise as the buyer would, and commit."""
    tenu = bon_tenu(bon_id, CDG)
    rien = {
        "a_livrer_avant_le": tenu.a_livrer_avant_le,
        "port_ht": tenu.port_ht,
        "unites": {},
        "garder": {},
        "lieux": {},
    }
    demande = Demande(**rien | champs)
    revise = actions.reviser(tenu, demande, motif, vue=vue, empreinte=empreinte, par=CDG, le=LE)
    db.session.commit()
    return revise


def affectations(bon_id):
    """The members' and the depot's, by rank."""
    return db.session.scalars(
        select(Affectation)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == bon_id)
        .order_by(Affectation.rang)
        .execution_options(populate_existing=True)
    ).all()


def tout_est_juste(bon_id):
    """Lines, parts, shipping, deliveries and proofs say the same."""
    relu = db.session.get(BonDeCommande, bon_id, populate_existing=True)
    parts, ports = affectations(bon_id), db.session.scalars(select(PartDePort).where(PartDePort.bon_id == bon_id)).all()
    for ligne in relu.lignes:
        siennes = [part for part in parts if part.ligne_bon_id == ligne.id]
        assert sum(part.unites for part in siennes) == ligne.unites
        assert sum(part.montant_ht for part in siennes) == ligne.montant_ht
    assert sum(part.montant_ht for part in parts) + sum(port.montant_ht for port in ports) == relu.total_ht
    attendues = db.session.execute(
        select(LigneLivraison.affectation_id, func.sum(LigneLivraison.unites_attendues)).group_by(
            LigneLivraison.affectation_id
        )
    ).all()
    assert {(cle, int(unites)) for cle, unites in attendues} == {(part.id, part.unites) for part in parts}
    for ligne in db.session.scalars(select(LigneLivraison)):
        assert ligne.livraison.point_de_livraison_id == ligne.affectation.point_de_livraison_id
    (preuve,) = preuves_des_bons(relu.campagne_id)
    assert preuve.est_exacte
    return relu


def test_a_revision_keeps_the_number_and_freezes_what_the_bon_said(bon):
    premiere = affectations(bon.id)[0]
    ancien = (bon.numero, bon.total_ht, bon.lignes[0].unites)
    reviser(bon.id, unites={premiere.id: 0}, a_livrer_avant_le=FIN)
    relu = tout_est_juste(bon.id)
    assert (relu.numero, relu.revision, relu.etat, relu.accuse_le) == (ancien[0], 1, EtatBonDeCommande.MODIFIE, None)
    (version,) = versions_de(bon.id)
    assert (version.revision, version.total_ht, version.motif) == (0, ancien[1], "Article retiré du catalogue.")
    assert db.session.scalars(select(LigneDeVersion.unites)).all() == [ancien[2]]
    assert documents.papier_du_bon(relu, 0).totaux.total_ht == ancien[1]
    assert documents.papier_du_bon(relu, 0).perime.startswith("Remplacé le")


def test_a_body_with_nothing_left_is_cancelled_and_told(bon):
    premiere = affectations(bon.id)[0]
    commande_id = premiere.ligne_commande.commande_id
    reviser(bon.id, unites={premiere.id: 0})
    tout_est_juste(bon.id)
    assert db.session.get(Commande, commande_id, populate_existing=True).etat is EtatCommande.ANNULEE
    ecrits = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("Votre commande change"))).all()
    assert len(ecrits) == 1 and "30\u00a0unités → 0\u00a0unité" in ecrits[0].corps
    fournisseur = db.session.scalars(select(Courriel).where(Courriel.sujet.contains("révision 1"))).one()
    assert fournisseur.pieces == [f"bon_de_commande:{bon.id}"]


def test_the_depot_gets_what_is_left_of_a_pack_and_expects_it(bon):
    toutes = affectations(bon.id)
    reviser(bon.id, unites={toutes[0].id: 10})
    relu = tout_est_juste(bon.id)
    assert relu.lignes[0].unites == 100 and affectations(bon.id)[-1].unites == 40


def test_a_place_moves_with_its_delivery(bon):
    premiere = affectations(bon.id)[0]
    nouveau = adherents.point_de_livraison(premiere.collectivite, libelle="Médiathèque")
    db.session.commit()
    reviser(bon.id, lieux={premiere.collectivite_id: nouveau.id}, a_livrer_avant_le=FIN)
    tout_est_juste(bon.id)
    lieux = db.session.execute(select(Livraison.point_de_livraison_id, Livraison.attendue_le)).all()
    assert (nouveau.id, FIN) in [tuple(lieu) for lieu in lieux]
    assert len(lieux) == 3 and {jour for _, jour in lieux} == {FIN}
    reviser(bon.id, vue=1, lieux={premiere.collectivite_id: None})
    tout_est_juste(bon.id)
    assert db.session.scalar(select(func.count()).select_from(Livraison)) == 2


def test_shipping_is_shared_again(bon):
    reviser(bon.id, port_ht=Decimal("20.01"))
    relu = tout_est_juste(bon.id)
    assert relu.port_ht == Decimal("20.01") and relu.total_ttc == relu.total_ht + relu.total_tva
    reviser(bon.id, vue=1, port_ht=Decimal("0.00"))
    tout_est_juste(bon.id)


def test_nothing_goes_below_what_is_delivered(bon):
    premiere = affectations(bon.id)[0]
    sienne = db.session.scalars(select(LigneLivraison).where(LigneLivraison.affectation_id == premiere.id)).one()
    sienne.livraison.etat, sienne.livraison.livree_le = EtatLivraison.LIVREE, LE.date()
    sienne.unites_livrees = 30
    db.session.get(BonDeCommande, bon.id).etat = EtatBonDeCommande.EN_LIVRAISON
    db.session.commit()
    with pytest.raises(RevisionRefusee, match="30\u00a0unités sont livrées ou annoncées"):
        reviser(bon.id, unites={premiere.id: 10})
    db.session.rollback()
    reviser(bon.id, garder={bon.lignes[0].id: 30})
    relu = tout_est_juste(bon.id)
    assert (relu.etat, relu.lignes[0].unites) == (EtatBonDeCommande.EN_LIVRAISON, 50)
    assert db.session.scalars(select(VersionDeBon)).one().bon_id == bon.id


def test_what_the_supplier_announced_stays(bon):
    for livraison in db.session.scalars(select(Livraison)):
        livraison.annoncee_pour = LE.date()
    db.session.commit()
    with pytest.raises(RevisionRefusee, match="une révision n’ajoute rien"):
        reviser(bon.id, garder={bon.lignes[0].id: 0})


def test_the_figures_agreed_to_are_those_written(bon):
    with pytest.raises(ConflitDeVersion, match="depuis votre aperçu"):
        reviser(bon.id, empreinte="autre", port_ht=Decimal(1))
    db.session.rollback()
    with pytest.raises(ConflitDeVersion, match="révisé entre-temps"):
        reviser(bon.id, vue=3, port_ht=Decimal(1))


@pytest.mark.parametrize("etat", [EtatBonDeCommande.SOLDE, EtatBonDeCommande.ANNULE])
def test_a_bon_that_is_over_is_not_revised(bon, etat):
    bon.etat = etat
    db.session.commit()
    with pytest.raises(TransitionInterdite):
        reviser(bon.id, port_ht=Decimal(1))


def test_of_two_buyers_at_once_one_is_told(app, bon, en_meme_temps):
    bon_id = bon.id
    issues = en_meme_temps(
        lambda: bool(reviser(bon_id, port_ht=Decimal(10))), lambda: bool(reviser(bon_id, port_ht=Decimal(12)))
    )
    assert sorted(type(issue).__name__ for issue in issues) == ["ConflitDeVersion", "bool"]
    assert tout_est_juste(bon_id).revision == 1


def test_killed_half_way_nothing_is_written(bon, monkeypatch):
    def tomber(*_args, **_valeurs):
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "dire_la_revision", tomber)
    with pytest.raises(KeyboardInterrupt):
        reviser(bon.id, unites={affectations(bon.id)[0].id: 0}, port_ht=Decimal(3))
    db.session.rollback()
    assert tout_est_juste(bon.id).revision == 0
    assert db.session.scalar(select(func.count()).select_from(VersionDeBon)) == 0


def test_statements_do_not_depend_on_the_number_of_bodies(app, sql):
    comptes = []
    for membres in (2, 40):
        emis = bon_de(membres)
        bon_id, ligne_id = emis.id, emis.lignes[0].id
        db.session.expunge_all()
        with sql() as envoyees:
            reviser(bon_id, garder={ligne_id: 31}, a_livrer_avant_le=FIN, port_ht=Decimal(7))
        comptes.append(len(envoyees))
    assert comptes[0] == comptes[1] <= 60


@pytest.fixture
def acheteur(app, client_de):
    """The buyer's client."""
    return client_de(adherents.utilisateur("Sandrine Lefebvre", roles=[Role.ACHETEUR]))


def champs(bon, **autres):
    """The form as the page would send it."""
    ligne = bon.lignes[0]
    fixes = {"revision": "0", "a_livrer_avant_le": "2027-02-12", "port_ht": "45,00", "motif": "Rupture."}
    return fixes | {"articles-0-cle": str(ligne.id), "articles-0-garder": "", **autres}


def test_the_buyer_sees_the_figures_before_they_leave(bon, acheteur):
    page = acheteur.get(f"/bons/{bon.id}/revision").text
    assert "Voir ce que cela donne" in page
    apercu = acheteur.post(f"/bons/{bon.id}/revision/apercu", data=champs(bon, **{"articles-0-garder": "50"})).text
    assert "100\u00a0unités" in apercu and "50\u00a0unités" in apercu and "Envoyer la révision" in apercu
    assert db.session.get(BonDeCommande, bon.id, populate_existing=True).revision == 0
    empreinte = apercu.split('name="empreinte"')[1].split('value="')[1].split('"')[0]
    envoi = champs(bon, **{"articles-0-garder": "50", "empreinte": empreinte})
    assert acheteur.post(f"/bons/{bon.id}/revision", data=envoi).status_code == 303
    relu = tout_est_juste(bon.id)
    assert (relu.revision, relu.lignes[0].unites) == (1, 50)
    page = acheteur.get(f"/bons/{bon.id}").text
    assert "Révision 1" in page and "Rupture." in page and "Bon d’origine" in page
    assert acheteur.get(f"/bons/{bon.id}/revisions/0.pdf").data.startswith(b"%PDF")
    assert acheteur.get(f"/bons/{bon.id}/revisions/7.pdf").status_code == 404
    assert acheteur.post(f"/bons/{bon.id}/revision", data=envoi).status_code == 409


def test_a_body_is_brought_in_and_its_part_changed(bon, acheteur):
    premiere = affectations(bon.id)[0]
    corps = str(premiere.collectivite_id)
    page = acheteur.post(f"/bons/{bon.id}/revision/apercu", data=champs(bon, faire="corps", ajouter=corps, motif=""))
    assert page.status_code == 200 and "30\u00a0unités" in page.text and premiere.collectivite.nom in page.text
    bloc = {
        "corps-0-cle": corps,
        "corps-0-lieu": str(premiere.point_de_livraison_id),
        "corps-0-parts-0-cle": str(premiere.id),
    }
    trop = acheteur.post(
        f"/bons/{bon.id}/revision/apercu", data=champs(bon, **bloc, **{"corps-0-parts-0-garder": "31"})
    )
    assert trop.status_code == 422 and "une révision n’ajoute rien" in trop.text
    page = acheteur.post(f"/bons/{bon.id}/revision/apercu", data=champs(bon, **bloc, **{"corps-0-parts-0-garder": "0"}))
    assert "Envoyer la révision" in page.text
    etranger = champs(bon, **{**bloc, "corps-0-cle": "999"})
    assert acheteur.post(f"/bons/{bon.id}/revision/apercu", data=etranger).status_code == 409


def test_the_buyer_cancels_with_a_reason_and_a_choice(bon, acheteur):
    adresse = f"/bons/{bon.id}/annulation"
    assert "Annuler le bon" in acheteur.get(adresse).text
    assert acheteur.post(adresse, data={"revision": "0", "motif": "", "suite": ""}).status_code == 422
    donnees = {"revision": "0", "motif": "Décline.", "suite": str(bon.fournisseur_id)}
    reponse = acheteur.post(adresse, data=donnees)
    assert reponse.status_code == 303
    nouveau = db.session.scalars(select(BonDeCommande).where(BonDeCommande.remplace_id == bon.id)).one()
    assert reponse.location.endswith(f"/bons/{nouveau.id}")
    page = acheteur.get(f"/bons/{bon.id}").text
    assert "Bon annulé le" in page and nouveau.numero in page and "Décline." in page
    assert f"Remplace le bon {bon.numero}" in acheteur.get(f"/bons/{nouveau.id}").text
    assert acheteur.get(f"/bons/{bon.id}.pdf").status_code == 200
    assert acheteur.post(adresse, data=donnees).status_code == 409


def test_the_supplier_confirms_a_revision_again(bon, client_de):
    reviser(bon.id, port_ht=Decimal(1))
    personne = adherents.utilisateur("Marc Caron", roles=[Role.FOURNISSEUR])
    db.session.add(AccesFournisseur(utilisateur_id=personne.id, fournisseur_id=bon.fournisseur_id))
    client = client_de(personne)
    assert "Ouvrir la révision 1" in client.get(f"/fournisseur/bons/{bon.id}").text
    assert client.post(f"/fournisseur/bons/{bon.id}/ouverture").status_code == 303
    page = client.get(f"/fournisseur/bons/{bon.id}").text
    assert "Révision 1" in page and "Confirmer la réception" in page
    assert client.get(f"/fournisseur/bons/{bon.id}/revisions/0.pdf").status_code == 200
    assert client.post(f"/fournisseur/bons/{bon.id}/accuse", data={"revision": "0"}).status_code == 409
    assert client.post(f"/fournisseur/bons/{bon.id}/accuse", data={"revision": "1"}).status_code == 303
    assert db.session.get(BonDeCommande, bon.id, populate_existing=True).etat is EtatBonDeCommande.ACCUSE


def test_the_register_finds_what_is_late_and_shows_the_ceilings(bon, acheteur):
    assert "Plafond des lots" in acheteur.get("/bons/").text
    assert bon.numero not in acheteur.get("/bons/?retard=1").text
    bon.a_livrer_avant_le = aujourdhui() - timedelta(days=1)
    db.session.commit()
    assert bon.numero in acheteur.get("/bons/?retard=1").text
