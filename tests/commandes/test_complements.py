"""The completion phase through its actions: what may be added, what it changes, what the second body gets."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from groupement.commandes.actions.complements import AjoutRefuse, Complement, PageVue, ajouter
from groupement.commandes.actions.propositions_de_complement import proposer
from groupement.commandes.models import LigneCommande
from groupement.commandes.queries.commandes import commande_visible
from groupement.commandes.queries.complement import ajouts_faits, manques, manques_a_la_cloture
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Evenement
from groupement.socle.web import ConflitDeVersion
from tests.fabriques import catalogue
from tests.fabriques import commandes as fabrique
from tests.fabriques.complements import COMPLEMENT_AU, PENDANT, corps, phase

D = Decimal
JOUR = PENDANT.date()


@pytest.fixture
def monde(app: Any) -> SimpleNamespace:
    """Two bodies in a completion phase."""
    return phase()


def tenter(corps_: Any, article: Any, unites: int, *, fermes: int | None = None, le: Any = PENDANT) -> Complement:
    """Add to the body's order, as its valideur, from a page that is up to date but for `fermes`."""
    commande = commande_visible(corps_.commande.id, corps_.contexte, verrou=True)
    vues = next((m.demande.fermes for m in manques(commande.campagne, JOUR) if m.demande.article_id == article.id), 0)
    vue = PageVue(commande.version, vues if fermes is None else fermes)
    return ajouter(commande, article, unites, vue, par=corps_.contexte, le=le)


def ligne(corps_: Any, article: Any) -> LigneCommande | None:
    """The line of an article."""
    return db.session.scalars(
        select(LigneCommande).filter_by(commande_id=corps_.commande.id, article_id=article.id)
    ).one_or_none()


def ce_qui_manque(monde: SimpleNamespace) -> dict[str, tuple[int, int]]:
    """(missing to the pack, to the tier) by reference."""
    return {
        m.demande.reference: (
            m.colis.unites_manquantes if m.colis else 0,
            m.palier.unites_manquantes if m.palier else 0,
        )
        for m in manques(monde.campagne, JOUR)
    }


def test_what_is_missing_is_read_from_committed_orders(monde: SimpleNamespace) -> None:
    assert ce_qui_manque(monde) == {"BTE-50": (0, 50), "CHE-50": (12, 0)}
    corps(monde, "Tardinghen", [(monde.chemise, 12)], etat=EtatCommande.SOUMISE)
    assert ce_qui_manque(monde)["CHE-50"] == (12, 0)  # nobody will commit it any more
    monde.campagne.etat = EtatCampagne.OUVERTE
    assert "CHE-50" not in ce_qui_manque(monde)  # while the window is open, it counts as on every page
    assert [m.demande.reference for m in manques_a_la_cloture(monde.campagne, JOUR)] == ["BTE-50", "CHE-50"]


def test_extras_accepted_and_units_bought_before_count(monde: SimpleNamespace) -> None:
    corps(monde, "Tardinghen", [(monde.chemise, 2, 6)])
    assert ce_qui_manque(monde)["CHE-50"] == (4, 0)


def test_an_article_withdrawn_misses_nothing_that_could_be_bought(monde: SimpleNamespace) -> None:
    monde.chemise.actif = False
    assert "CHE-50" not in ce_qui_manque(monde)


def test_a_valideur_fills_the_pack_and_the_order_stays_committed(monde: SimpleNamespace) -> None:
    avant = ligne(monde.wissant, monde.chemise).rang
    fait = tenter(monde.wissant, monde.chemise, 12)
    completee, commande = ligne(monde.wissant, monde.chemise), monde.wissant.commande
    assert (fait.unites, completee.unites, fait.reduction) == (12, 30, "")
    assert completee.rang == PENDANT > avant  # the line takes the rank of its rise
    assert (commande.etat, commande.engagement, commande.version) == (EtatCommande.VALIDEE, "E-2026-41", 2)
    assert fait.apres_ht == commande.total_ht == D("12.00") + D("232.00") + D("6.00")
    assert "CHE-50" not in ce_qui_manque(monde)


def test_reaching_the_tier_lowers_what_everybody_ordered(monde: SimpleNamespace) -> None:
    fait = tenter(monde.wissant, monde.boite, 50)
    assert ligne(monde.wissant, monde.boite).prix_unitaire_ht == D("0.54")
    assert fait.apres_ht == D("7.20") + D("243.00") + D("6.00")


def test_the_journal_and_the_other_people_of_the_body_are_told(monde: SimpleNamespace) -> None:
    tenter(monde.wissant, monde.chemise, 12)
    fait = ajouts_faits(monde.campagne.id)[0]
    assert (fait.collectivite, fait.fait.par) == ("Wissant", "Hervé Duquesne")
    assert fait.fait.resume.startswith("CHE-50\u00a0: 18 → 30, total")
    assert fait.fait.details["unites"] == 12
    courriel = db.session.scalars(select(Courriel)).one()
    assert courriel.destinataire == "agent@wissant.example.org"
    assert "12 de plus, soit 30 en tout" in courriel.corps and "même engagement E-2026-41" in courriel.corps


def test_a_body_may_open_a_line_for_an_article_that_misses_something(monde: SimpleNamespace) -> None:
    tardinghen = corps(monde, "Tardinghen", [(monde.boite, 50)])
    tenter(tardinghen, monde.chemise, 12)
    assert ligne(tardinghen, monde.chemise).unites == 12


def test_a_body_at_the_depot_may_share_a_pack_of_any_article(monde: SimpleNamespace) -> None:
    corps(monde, "Tardinghen", [(monde.boite, 30)], mode=ModeDeRemise.DEPOT)  # 480: 20 are missing
    escalles = corps(monde, "Escalles", [(monde.boite, 0 + 10)], mode=ModeDeRemise.DEPOT)
    assert tenter(escalles, monde.boite, 10).unites == 10
    with pytest.raises(AjoutRefuse):
        tenter(monde.wissant, monde.boite, 10)


@pytest.mark.parametrize(
    ("article", "unites", "motif", "propositions"),
    [
        ("chemise", 13, "Il ne manque que 12\u00a0chemises", (12,)),
        ("chemise", 0, "Indiquez combien", (12,)),
        ("chemise", -12, "Indiquez combien", (12,)),
        ("boite", 20, "Livré chez vous, cet article va par colis entiers de 50", (50,)),
        ("etiquette", 1, "Il ne manque plus rien à cet article", ()),
    ],
)
def test_nothing_is_lowered_and_nothing_passes_what_is_missing(
    monde: SimpleNamespace, article: str, unites: int, motif: str, propositions: tuple[int, ...]
) -> None:
    with pytest.raises(AjoutRefuse, match=motif) as refus:
        tenter(monde.wissant, getattr(monde, article), unites)
    assert refus.value.propositions == propositions
    assert monde.wissant.commande.version == 1


def test_an_article_of_a_lot_the_body_has_not_joined_is_refused_unless_ordered(monde: SimpleNamespace) -> None:
    rayonnage = catalogue.article(catalogue.lot(monde.campagne.marche), reference="RAY-1", unites_par_colis=10)
    corps(monde, "Tardinghen", [(rayonnage, 8)], mode=ModeDeRemise.DEPOT)
    monde.campagne.lots = [1]
    monde.wissant.commande.mode = ModeDeRemise.DEPOT
    db.session.commit()
    with pytest.raises(RegleRefusee, match="n’est pas ouvert dans cette campagne"):
        tenter(monde.wissant, rayonnage, 2)


@pytest.mark.parametrize(
    ("etat", "fin", "le", "motif"),
    [
        (EtatCampagne.OUVERTE, COMPLEMENT_AU, PENDANT, "n’a pas commencé"),
        (EtatCampagne.CLOSE, COMPLEMENT_AU, PENDANT, "est finie"),
        (EtatCampagne.CLOSE, None, PENDANT, "sans phase de complément"),
        (EtatCampagne.EN_COMPLEMENT, COMPLEMENT_AU, PENDANT + timedelta(days=5), "finie depuis le 18 décembre 2026"),
    ],
)
def test_outside_the_phase_nothing_is_added(
    monde: SimpleNamespace, etat: EtatCampagne, fin: Any, le: Any, motif: str
) -> None:
    monde.campagne.etat, monde.campagne.complement_au = etat, fin
    db.session.commit()
    with pytest.raises(RegleRefusee, match=motif):
        tenter(monde.wissant, monde.chemise, 12, le=le)


def test_an_order_that_was_not_committed_in_time_is_not_completed(monde: SimpleNamespace) -> None:
    tardinghen = corps(monde, "Tardinghen", [(monde.chemise, 5)], etat=EtatCommande.SOUMISE)
    with pytest.raises(RegleRefusee, match="Seule une commande validée"):
        tenter(tardinghen, monde.chemise, 12)


def test_a_page_that_is_out_of_date_is_told_so(monde: SimpleNamespace) -> None:
    tenter(monde.wissant, monde.chemise, 5)
    commande = commande_visible(monde.wissant.commande.id, monde.wissant.contexte, verrou=True)
    with pytest.raises(ConflitDeVersion, match="Rien n’a été ajouté"):
        ajouter(commande, monde.chemise, 5, PageVue(1, 38), par=monde.wissant.contexte, le=PENDANT)


def test_the_second_body_gets_what_is_left(monde: SimpleNamespace) -> None:
    tenter(monde.wissant, monde.chemise, 5)
    fait = tenter(monde.audresselles, monde.chemise, 12, fermes=38)
    assert fait.unites == 7 and "il ne restait que 7\u00a0chemises" in fait.reduction
    with pytest.raises(AjoutRefuse, match="Rien n’a été ajouté"):
        tenter(monde.wissant, monde.chemise, 12, fermes=38)


def test_an_agent_proposes_and_the_valideur_gets_the_link(monde: SimpleNamespace) -> None:
    commande = commande_visible(monde.wissant.commande.id, monde.wissant.contexte_agent, verrou=True)
    valideurs = proposer(commande, monde.chemise, 12, par=monde.wissant.agent, le=PENDANT)
    assert [v.nom for v in valideurs] == ["Hervé Duquesne"]
    courriel = db.session.scalars(select(Courriel)).one()
    assert courriel.destinataire == "valideur@wissant.example.org"
    assert f"/commandes/{commande.id}/complements/{monde.chemise.id}?unites=12" in courriel.corps
    assert "Il manque 12\u00a0chemises pour compléter un colis de 50." in courriel.corps
    assert ligne(monde.wissant, monde.chemise).unites == 18  # nothing is committed
    with pytest.raises(RegleRefusee, match="Claire Delattre l’a déjà proposé"):
        proposer(commande, monde.chemise, 5, par=monde.wissant.agent, le=PENDANT)
    proposer(commande, monde.chemise, 5, par=monde.wissant.agent, le=PENDANT + timedelta(days=1))


def test_nobody_is_written_to_for_what_cannot_be_added(monde: SimpleNamespace) -> None:
    commande = commande_visible(monde.wissant.commande.id, monde.wissant.contexte_agent, verrou=True)
    with pytest.raises(AjoutRefuse):
        proposer(commande, monde.chemise, 13, par=monde.wissant.agent, le=PENDANT)
    with pytest.raises(AjoutRefuse):
        proposer(commande, monde.etiquette, 1, par=monde.wissant.agent, le=PENDANT)
    assert db.session.scalars(select(Courriel)).all() == []


def test_without_a_valideur_the_agent_is_told_whom_to_ask(monde: SimpleNamespace) -> None:
    mairie = fabrique.membre("Escalles", de=monde.campagne)
    commande = fabrique.commande(monde.campagne, mairie, [(monde.chemise, 1)], etat=EtatCommande.VALIDEE)
    with pytest.raises(RegleRefusee, match="n’a pas de valideur"):
        proposer(commande, monde.chemise, 1, par=monde.wissant.agent, le=PENDANT)
    assert not db.session.scalars(select(Evenement).filter_by(verbe="proposer un complément")).all()
