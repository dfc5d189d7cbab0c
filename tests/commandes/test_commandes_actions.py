"""The basket and the order through their actions: pack rule, rank, versions, window, mails, concurrency of people."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.commandes.actions import commandes, paniers
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.commandes import commande_de, commande_visible, ligne_visible
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import adherents, catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.commandes import APRES, LE

UN_PEU_APRES = LE + timedelta(minutes=5)


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """An open window, a body that may order, its agent and valideur, a box in packs of 25, a fractionable folder."""
    campagne = fabrique.campagne()
    lot = campagne.marche.lots[0]
    mairie = fabrique.membre("Wissant", de=campagne)
    agent = adherents.utilisateur("Claire Delattre", roles=[Role.AGENT], collectivite=mairie)
    valideur = adherents.utilisateur("Hervé Duquesne", roles=[Role.VALIDEUR], collectivite=mairie)
    monde = SimpleNamespace(
        campagne=campagne,
        mairie=mairie,
        agent=agent,
        valideur=valideur,
        boite=catalogue.article(lot, reference="BTE-CON-10"),
        chemise=catalogue.article(
            lot, reference="CHE-120", unites_par_colis=250, fractionnable=True, paliers="250:0.118|2500:0.109"
        ),
        contexte=Contexte("c", "Wissant", agent, frozenset({Role.AGENT}), mairie),
    )
    db.session.commit()
    return monde


def ajouter(monde: SimpleNamespace, article: Any = None, unites: int = 50, le: Any = LE, **options: Any) -> Any:
    """Put an article in the body's basket, as its agent."""
    article = article or monde.boite
    return paniers.ajouter_article(monde.campagne, monde.mairie.id, article, unites, par=monde.agent, le=le, **options)


def panier(monde: SimpleNamespace) -> Commande:
    """The body's order, locked as a POST reads it."""
    commande = commande_de(monde.campagne.id, monde.mairie.id, verrou=True)
    assert commande is not None
    return commande


def soumise(monde: SimpleNamespace) -> Commande:
    """The body's order once its agent has sent it."""
    ajouter(monde, unites=100)
    commande = panier(monde)
    commandes.soumettre(commande, commande.version, par=monde.agent, le=LE)
    return commande


def validee(monde: SimpleNamespace) -> Commande:
    """The same once its valideur has committed it."""
    commande = soumise(monde)
    commandes.valider(commande, commande.version, engagement="E-2026-41", par=monde.valideur, le=LE)
    return commande


def test_the_first_article_opens_the_basket_at_the_body_s_place(monde: SimpleNamespace) -> None:
    ligne = ajouter(monde)
    assert ligne.unites == 50
    assert ligne.commande_id == panier(monde).id
    assert panier(monde).point_de_livraison.libelle == "Mairie"
    assert [e.verbe for e in db.session.scalars(select(Evenement).order_by(Evenement.id))] == ["commencer", "remplir"]


def test_adding_again_adds_to_the_line(monde: SimpleNamespace) -> None:
    ajouter(monde, unites=50)
    assert ajouter(monde, unites=25).unites == 75
    assert db.session.scalar(select(db.func.count()).select_from(LigneCommande)) == 1


def test_half_a_pack_is_refused_with_the_nearest_quantities(monde: SimpleNamespace) -> None:
    with pytest.raises(paniers.QuantiteRefusee, match="par colis de 25") as refus:
        ajouter(monde, unites=30)
    assert refus.value.propositions == (25, 50)
    assert commande_de(monde.campagne.id, monde.mairie.id) is None


def test_a_member_may_order_any_number_of_a_fractionable_article_and_accept_extra(monde: SimpleNamespace) -> None:
    ligne = ajouter(monde, monde.chemise, 30, unites_acceptees_en_plus=20)
    assert (ligne.unites, ligne.unites_acceptees_en_plus) == (30, 20)


def test_a_whole_pack_more_or_extra_on_whole_packs_is_refused(monde: SimpleNamespace) -> None:
    with pytest.raises(paniers.QuantiteRefusee, match="249 au plus"):
        ajouter(monde, monde.chemise, 30, unites_acceptees_en_plus=250)
    with pytest.raises(paniers.QuantiteRefusee, match="colis entiers"):
        ajouter(monde, monde.boite, 25, unites_acceptees_en_plus=5)


def test_the_rank_follows_the_last_rise_only(monde: SimpleNamespace) -> None:
    ligne = ajouter(monde, unites=50)
    assert ligne.rang == LE
    paniers.modifier_ligne(ligne, 25, par=monde.agent, le=UN_PEU_APRES)
    assert ligne.rang == LE
    paniers.modifier_ligne(ligne, 100, par=monde.agent, le=UN_PEU_APRES)
    assert ligne.rang == UN_PEU_APRES


def test_a_line_the_buyer_imported_keeps_its_odd_quantity_until_it_is_changed(monde: SimpleNamespace) -> None:
    commande = fabrique.commande(monde.campagne, monde.mairie, [(monde.boite, 1234)])
    ligne = ligne_visible(commande.lignes[0].id, monde.contexte, verrou=True)
    assert paniers.modifier_ligne(ligne, 1234, par=monde.agent, le=LE).unites == 1234
    assert ajouter(monde, unites=25).unites == 1259
    with pytest.raises(paniers.QuantiteRefusee):
        paniers.modifier_ligne(ligne, 1235, par=monde.agent, le=LE)


def test_submitting_keeps_the_price_announced_and_writes_to_the_valideurs(monde: SimpleNamespace) -> None:
    fabrique.commande(monde.campagne, None, [(monde.boite, 200)], etat=EtatCommande.VALIDEE)
    ajouter(monde, unites=50)
    commande = panier(monde)
    assert commandes.soumettre(commande, commande.version, par=monde.agent, le=LE) == [monde.valideur]
    assert commande.etat is EtatCommande.SOUMISE
    assert commande.lignes[0].prix_unitaire_ht == Decimal("1.61")  # 250 with the other body's
    assert commande.total_ht == Decimal("80.50")
    courriel = db.session.scalars(select(Courriel)).one()
    assert courriel.destinataire == monde.valideur.email
    assert "80,50" in courriel.corps and f"/commandes/{commande.id}/validation" in courriel.corps


def test_an_empty_basket_or_one_without_a_place_does_not_leave(monde: SimpleNamespace) -> None:
    ligne = ajouter(monde)
    commande = panier(monde)
    paniers.retirer_ligne(ligne_visible(ligne.id, monde.contexte, verrou=True), par=monde.agent, le=LE)
    commandes.choisir_livraison(commande, ModeDeRemise.LIVRAISON, None, commande.version, par=monde.agent, le=LE)
    with pytest.raises(commandes.CommandeIncomplete) as refus:
        commandes.soumettre(commande, commande.version, par=monde.agent, le=LE)
    assert refus.value.manques == [
        "Votre panier est vide\u00a0: ajoutez au moins un article.",
        "Choisissez où livrer votre commande.",
    ]


def test_the_depot_needs_no_place(monde: SimpleNamespace) -> None:
    ajouter(monde)
    commande = panier(monde)
    commandes.choisir_livraison(commande, ModeDeRemise.DEPOT, None, commande.version, par=monde.agent, le=LE)
    commandes.soumettre(commande, commande.version, par=monde.agent, le=LE)
    assert (commande.mode, commande.point_de_livraison_id) == (ModeDeRemise.DEPOT, None)


def test_committing_freezes_the_total_and_writes_to_the_agents(monde: SimpleNamespace) -> None:
    commande = validee(monde)
    assert (commande.etat, commande.engagement) == (EtatCommande.VALIDEE, "E-2026-41")
    assert (commande.validee_par, commande.total_ht) == ("Hervé Duquesne", Decimal("174.00"))
    courriels = db.session.scalars(select(Courriel).order_by(Courriel.id)).all()
    assert [c.destinataire for c in courriels] == [monde.valideur.email, monde.agent.email]


def test_a_body_whose_invoices_need_a_number_does_not_commit_without(monde: SimpleNamespace) -> None:
    monde.mairie.chorus_engagement_requis = monde.mairie.chorus_service_requis = True
    commande = soumise(monde)
    with pytest.raises(RegleRefusee, match="numéro d’engagement"):
        commandes.valider(commande, commande.version, par=monde.valideur, le=LE)
    with pytest.raises(RegleRefusee, match="code service"):
        commandes.valider(commande, commande.version, engagement="E1", par=monde.valideur, le=LE)
    commandes.valider(commande, commande.version, engagement="E1", code_service="ADM", par=monde.valideur, le=LE)
    assert commande.code_service == "ADM"


def test_a_basket_cannot_be_committed_before_it_is_sent(monde: SimpleNamespace) -> None:
    ajouter(monde)
    commande = panier(monde)
    with pytest.raises(TransitionInterdite):
        commandes.valider(commande, commande.version, par=monde.valideur, le=LE)


def test_an_order_sent_back_is_a_basket_again_with_its_reason(monde: SimpleNamespace) -> None:
    commande = soumise(monde)
    commandes.renvoyer(commande, "Trop de boîtes", commande.version, par=monde.valideur, le=LE)
    assert (commande.etat, commande.renvoi_motif) == (EtatCommande.BROUILLON, "Trop de boîtes")
    assert len(commande.lignes) == 1
    dernier = db.session.scalars(select(Courriel).order_by(Courriel.id.desc())).first()
    assert dernier is not None and dernier.destinataire == monde.agent.email and "Trop de boîtes" in dernier.corps


def test_a_sent_order_is_changed_only_once_taken_back(monde: SimpleNamespace) -> None:
    commande = soumise(monde)
    with pytest.raises(RegleRefusee, match="attend la validation"):
        ajouter(monde)
    commandes.reprendre(commande, commande.version, par=monde.agent, le=LE)
    assert ajouter(monde, unites=25).unites == 125


def test_a_committed_order_reopens_while_the_window_is_open(monde: SimpleNamespace) -> None:
    commande = validee(monde)
    with pytest.raises(RegleRefusee, match="rouvrir"):
        ajouter(monde)
    commandes.rouvrir(commande, commande.version, par=monde.valideur, le=LE)
    assert (commande.etat, commande.validee_le) == (EtatCommande.BROUILLON, None)


def test_an_annulled_order_leaves_room_for_another(monde: SimpleNamespace) -> None:
    commande = validee(monde)
    commandes.annuler(commande, commande.version, par=monde.valideur, le=LE)
    db.session.flush()
    assert ajouter(monde).commande_id != commande.id


def test_a_page_out_of_date_is_told_who_changed_the_order(monde: SimpleNamespace) -> None:
    ajouter(monde)
    vue = panier(monde).version
    ajouter(monde, monde.chemise, 10)
    with pytest.raises(ConflitDeVersion, match="entre-temps par Claire Delattre"):
        commandes.soumettre(panier(monde), vue, par=monde.agent, le=LE)
    assert panier(monde).etat is EtatCommande.BROUILLON


@pytest.mark.parametrize("acte", ["ajouter", "modifier", "retirer", "soumettre", "valider", "rouvrir", "livraison"])
def test_nothing_changes_once_the_last_day_is_over(monde: SimpleNamespace, acte: str) -> None:
    ligne = ajouter(monde, unites=100)
    commande = panier(monde)
    version = commande.version
    if acte in ("valider", "rouvrir"):
        commandes.soumettre(commande, version, par=monde.agent, le=LE)
    if acte == "rouvrir":
        commandes.valider(commande, commande.version, par=monde.valideur, le=LE)
    actes = {
        "ajouter": lambda: ajouter(monde, le=APRES),
        "modifier": lambda: paniers.modifier_ligne(ligne, 25, par=monde.agent, le=APRES),
        "retirer": lambda: paniers.retirer_ligne(ligne, par=monde.agent, le=APRES),
        "soumettre": lambda: commandes.soumettre(commande, commande.version, par=monde.agent, le=APRES),
        "valider": lambda: commandes.valider(commande, commande.version, par=monde.valideur, le=APRES),
        "rouvrir": lambda: commandes.rouvrir(commande, commande.version, par=monde.valideur, le=APRES),
        "livraison": lambda: commandes.choisir_livraison(
            commande, ModeDeRemise.DEPOT, None, commande.version, par=monde.agent, le=APRES
        ),
    }
    etat, unites = commande.etat, ligne.unites
    with pytest.raises(RegleRefusee, match="La campagne est close depuis le 11 décembre 2026"):
        actes[acte]()
    assert (commande.etat, ligne.unites) == (etat, unites)


def test_a_window_the_buyer_closed_early_says_since_when(monde: SimpleNamespace) -> None:
    commande = soumise(monde)
    monde.campagne.etat, monde.campagne.close_le = EtatCampagne.CLOSE, LE
    db.session.flush()
    with pytest.raises(RegleRefusee, match="close depuis le 24 novembre 2026"):
        commandes.valider(commande, commande.version, par=monde.valideur, le=UN_PEU_APRES)


def test_a_body_that_signed_too_late_does_not_order(monde: SimpleNamespace) -> None:
    tardive = adherents.collectivite("Licques")
    adherents.adhesion(
        tardive, monde.campagne.marche.convention, signee_le=monde.campagne.marche.consultation_le + timedelta(days=1)
    )
    with pytest.raises(RegleRefusee, match="R2162-6"):
        paniers.ajouter_article(monde.campagne, tardive.id, monde.boite, 25, par=monde.agent, le=LE)
    assert commande_de(monde.campagne.id, tardive.id) is None


def test_last_year_s_order_comes_back_in_whole_packs_and_names_what_is_sold_no_more(monde: SimpleNamespace) -> None:
    ancienne = fabrique.campagne(
        du=fabrique.DU.replace(year=2025), au=fabrique.AU.replace(year=2025), etat=EtatCampagne.SOLDEE
    )
    lot = ancienne.marche.lots[0]
    jadis = catalogue.article(lot, reference="BTE-CON-10", unites_par_colis=20)
    disparu = catalogue.article(lot, reference="VIEUX-1", designation="Boîte d’autrefois")
    passee = fabrique.commande(ancienne, monde.mairie, [(jadis, 60), (disparu, 25)], etat=EtatCommande.SOLDEE)
    posees, absents = paniers.reprendre_une_commande(monde.campagne, passee, par=monde.agent, le=LE)
    assert (posees, absents) == (
        ["75 × Boîte de conservation carton permanent cannelé dos 10 cm"],
        ["VIEUX-1 (Boîte d’autrefois)"],
    )
    assert paniers.reprendre_une_commande(monde.campagne, passee, par=monde.agent, le=LE) == ([], absents)


def test_an_order_of_another_body_is_not_there(monde: SimpleNamespace) -> None:
    autre = fabrique.commande(monde.campagne, None, [(monde.boite, 25)])
    for porte in (
        lambda: commande_visible(autre.id, monde.contexte),
        lambda: ligne_visible(autre.lignes[0].id, monde.contexte),
    ):
        with pytest.raises(Exception, match="404"):
            porte()
