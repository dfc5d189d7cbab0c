"""The rules of a basket: pack rule, extra units, window, what is missing, estimate, timeline."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.avancement import etapes
from groupement.commandes.rules.completude import ce_qui_manque
from groupement.commandes.rules.estimation import (
    ArticleDemande,
    estimer,
    estimer_ligne,
)
from groupement.commandes.rules.fenetre import motif_de_fermeture, motif_de_ne_pas_completer
from groupement.commandes.rules.phrases_du_prix import phrase_du_palier_suivant, phrases_de_la_ligne
from groupement.commandes.rules.quantites import (
    UNITES_MAX,
    phrase_du_surplus,
    rang_apres,
    refus_d_unites_en_plus,
    refus_de_quantite,
)
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.argent import montant_ligne

PALIERS = (Palier(50, Decimal("0.58")), Palier(500, Decimal("0.54")), Palier(2000, Decimal("0.50")))
DU, AU = date(2026, 11, 2), date(2026, 12, 11)
HIER, CE_JOUR = datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("unites", "par_colis", "fractionnable", "propositions"),
    [
        (50, 50, False, None),
        (1, 1, False, None),
        (30, 50, True, None),
        (25, 50, False, (50,)),
        (130, 50, False, (100, 150)),
        (0, 50, False, (50,)),
        (-5, 50, True, (50,)),
        (UNITES_MAX + 1, 1, False, ()),
    ],
)
def test_a_member_orders_whole_packs_unless_the_article_may_be_split(
    unites: int, par_colis: int, fractionnable: bool, propositions: tuple[int, ...] | None
) -> None:
    refus = refus_de_quantite(unites, par_colis, fractionnable=fractionnable)
    assert (refus.propositions if refus else None) == propositions


def test_the_buyer_is_free_of_the_pack_rule() -> None:
    assert refus_de_quantite(1234, 50, fractionnable=False, colis_entiers=False) is None


@given(st.integers(1, 5000), st.integers(1, 300))
def test_every_proposition_is_one_that_will_do(unites: int, par_colis: int) -> None:
    refus = refus_de_quantite(unites, par_colis, fractionnable=False)
    assert (refus is None) == (unites % par_colis == 0)
    for proposee in refus.propositions if refus else ():
        assert refus_de_quantite(proposee, par_colis, fractionnable=False) is None
        assert abs(proposee - unites) < par_colis


@pytest.mark.parametrize(
    ("en_plus", "par_colis", "fractionnable", "accepte"),
    [
        (0, 50, False, True),
        (49, 50, True, True),
        (50, 50, True, False),
        (1, 50, False, False),
        (1, 1, True, False),
        (-1, 50, True, False),
    ],
)
def test_extra_units_complete_a_pack_and_are_less_than_one(
    en_plus: int, par_colis: int, fractionnable: bool, accepte: bool
) -> None:
    assert (refus_d_unites_en_plus(en_plus, par_colis, fractionnable=fractionnable) is None) is accepte


def test_accepting_extra_is_said_in_plain_words() -> None:
    assert "entre 30 et 50 unités" in phrase_du_surplus(20, 30)
    assert phrase_du_surplus(0, 30) == "Vous recevrez exactement ce que vous commandez."


@pytest.mark.parametrize(
    ("avant", "apres", "rang"), [(0, 50, CE_JOUR), (50, 75, CE_JOUR), (50, 25, HIER), (50, 50, HIER)]
)
def test_only_a_rise_takes_a_new_rank(avant: int, apres: int, rang: datetime) -> None:
    assert rang_apres(HIER, avant, apres, CE_JOUR) == rang


@pytest.mark.parametrize(
    ("etat", "le", "close_le", "debut"),
    [
        (EtatCampagne.OUVERTE, DU, None, None),
        (EtatCampagne.OUVERTE, AU, None, None),
        (EtatCampagne.OUVERTE, date(2026, 12, 12), None, "La campagne est close depuis le 11 décembre 2026."),
        (EtatCampagne.CLOSE, AU, date(2026, 12, 1), "La campagne est close depuis le 1er décembre 2026."),
        (
            EtatCampagne.REGROUPEE,
            date(2027, 1, 5),
            date(2026, 12, 14),
            "La campagne est close depuis le 11 décembre 2026.",
        ),
        (EtatCampagne.OUVERTE, date(2026, 11, 1), None, "La campagne n’est pas encore ouverte"),
        (EtatCampagne.PREPAREE, AU, None, "La campagne n’est pas encore ouverte"),
        (EtatCampagne.ANNULEE, AU, None, "La campagne a été annulée"),
    ],
)
def test_a_window_says_why_it_is_closed(etat: EtatCampagne, le: date, close_le: date | None, debut: str | None) -> None:
    motif = motif_de_fermeture(etat, DU, AU, le, close_le)
    assert motif is None if debut is None else (motif or "").startswith(debut)


FIN = date(2026, 12, 18)


@pytest.mark.parametrize(
    ("etat", "fin", "le", "commander", "completer"),
    [
        (EtatCampagne.OUVERTE, FIN, AU, None, "La phase de complément n’a pas commencé"),
        (
            EtatCampagne.EN_COMPLEMENT,
            FIN,
            AU,
            "La campagne est close\u00a0; jusqu’au 18 décembre 2026, vous pouvez",
            None,
        ),
        (
            EtatCampagne.EN_COMPLEMENT,
            FIN,
            FIN,
            "La campagne est close\u00a0; jusqu’au 18 décembre 2026, vous pouvez",
            None,
        ),
        (
            EtatCampagne.EN_COMPLEMENT,
            FIN,
            date(2026, 12, 19),
            "La campagne est close depuis le 11 décembre 2026.",
            "La phase de complément est finie depuis le 18 décembre 2026.",
        ),
        (
            EtatCampagne.CLOSE,
            FIN,
            date(2026, 12, 14),
            "La campagne est close depuis le 11 décembre 2026.",
            "La phase de complément est finie",
        ),
        (EtatCampagne.CLOSE, None, FIN, "La campagne est close", "La campagne est close, sans phase de complément."),
    ],
)
def test_the_completion_phase_is_no_window_and_says_what_can_be_done(
    etat: EtatCampagne, fin: date | None, le: date, commander: str | None, completer: str | None
) -> None:
    motif = motif_de_fermeture(etat, DU, AU, le, complement_au=fin)
    assert motif is None if commander is None else (motif or "").startswith(commander)
    motif = motif_de_ne_pas_completer(etat, fin, le)
    assert motif is None if completer is None else (motif or "").startswith(completer)


def test_what_is_missing_is_said_before_the_order_leaves() -> None:
    rien = {"sans_prix": [], "retires": []}
    assert ce_qui_manque(nombre_de_lignes=1, mode=ModeDeRemise.DEPOT, a_un_lieu=False, **rien) == []
    assert len(ce_qui_manque(nombre_de_lignes=0, mode=ModeDeRemise.LIVRAISON, a_un_lieu=False, **rien)) == 2
    manques = ce_qui_manque(
        nombre_de_lignes=2, mode=ModeDeRemise.LIVRAISON, a_un_lieu=True, sans_prix=["A"], retires=["B"]
    )
    assert ["L’article A" in manques[0], "L’article B" in manques[1]] == [True, True]


def demande(unites: int, autres: int, **valeurs: object) -> ArticleDemande:
    """A line in packs of 50 at the tiers above."""
    defauts = {"article_id": 1, "unites_par_colis": 50, "tva_pct": Decimal(20), "paliers": PALIERS}
    return ArticleDemande(unites=unites, unites_des_autres=autres, **(defauts | valeurs))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unites", "autres", "deja", "prix", "manquantes"),
    [(50, 0, 0, "0.58", 450), (50, 434, 0, "0.54", 1500), (100, 1900, 0, "0.50", None), (50, 0, 450, "0.54", 1500)],
)
def test_the_price_is_that_of_the_tier_the_groupement_reaches_in_whole_packs(
    unites: int, autres: int, deja: int, prix: str, manquantes: int | None
) -> None:
    ligne = estimer_ligne(demande(unites, autres, deja_achetees=deja))
    assert ligne.prix_unitaire_ht == Decimal(prix)
    assert ligne.montant_ht == montant_ligne(unites, Decimal(prix))
    assert (ligne.suivant.unites_manquantes if ligne.suivant else None) == manquantes


def test_the_estimate_adds_vat_once_per_rate() -> None:
    estimation = estimer([demande(50, 0), demande(1, 0, article_id=2, tva_pct=Decimal("5.5"), unites_par_colis=1)])
    assert estimation.total_ht == Decimal("29.58")
    assert estimation.tva == {Decimal(20): Decimal("5.80"), Decimal("5.5"): Decimal("0.03")}
    assert estimation.total_ttc == Decimal("35.41")


def test_an_article_without_a_price_is_named_and_costs_nothing_yet() -> None:
    estimation = estimer([demande(50, 0, paliers=())])
    assert (estimation.sans_prix, estimation.total_ht, estimation.tva) == ([1], Decimal("0.00"), {})
    assert "pas de prix" in phrases_de_la_ligne(estimation.lignes[1])[0]
    assert estimation.lignes[1].gain_ht == 0 and estimation.lignes[1].suivant is None


def test_the_sentences_give_every_number_of_the_line() -> None:
    texte = " ".join(phrases_de_la_ligne(estimer_ligne(demande(60, 400, deja_achetees=100))))
    for nombre in ("460", "500", "100", "0,54", "0,58", "60 ×", "32,40", "1\u202f400"):
        assert nombre.replace("\u202f", "") in texte.replace("\u202f", "").replace("\u00a0", " ").replace(
            "1 400", "1400"
        ), nombre


def test_the_best_price_is_said_to_be_reached() -> None:
    assert phrase_du_palier_suivant(estimer_ligne(demande(50, 3000))) == "C’est le meilleur prix du marché."


@given(st.integers(1, 400), st.integers(0, 5000))
def test_ordering_together_never_costs_more(unites: int, autres: int) -> None:
    ligne = estimer_ligne(demande(unites, autres))
    assert ligne.gain_ht >= 0
    assert ligne.montant_ht <= estimer_ligne(demande(unites, 0)).montant_ht


@pytest.mark.parametrize(
    ("etat", "en_cours"),
    [
        (EtatCommande.BROUILLON, "Panier en préparation"),
        (EtatCommande.SOUMISE, "Validation"),
        (EtatCommande.VALIDEE, "Commande au fournisseur"),
        (EtatCommande.REGROUPEE, "Livraison"),
        (EtatCommande.SERVIE, "Facture"),
        (EtatCommande.SOLDEE, None),
    ],
)
def test_the_timeline_shows_the_present_step(etat: EtatCommande, en_cours: str | None) -> None:
    frise = etapes(etat, {EtatCommande.BROUILLON: HIER}, fin_de_campagne=AU, attendue_le=date(2027, 1, 20))
    presentes = [etape.libelle for etape in frise if etape.avancement == "en_cours"]
    assert presentes == ([en_cours] if en_cours else [])
    assert len(frise) == 6
    if etat is EtatCommande.REGROUPEE:
        assert frise[4].quand == "au plus tard le 20 janvier 2027"


def test_an_annulled_order_stops_where_it_was() -> None:
    frise = etapes(
        EtatCommande.ANNULEE,
        {EtatCommande.BROUILLON: HIER, EtatCommande.SOUMISE: CE_JOUR},
        fin_de_campagne=AU,
        annulee_le=CE_JOUR,
    )
    assert [(e.libelle, e.avancement) for e in frise] == [
        ("Panier préparé", "faite"),
        ("Envoyée au valideur", "faite"),
        ("Annulée", "arretee"),
    ]
