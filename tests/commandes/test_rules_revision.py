"""The rule of a revision: it only takes off, last in rank first, and every piece and centime stays somebody's."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.catalogue.rules.prix import Palier
from groupement.commandes.rules.bon_a_reviser import BonAReviser, Demande
from groupement.commandes.rules.fautes_de_revision import fautes
from groupement.commandes.rules.lignes_revisees import LigneAReviser, Part, retirer_par_la_fin, reviser_ligne
from groupement.commandes.rules.revision import refus, reviser
from groupement.socle.argent import en_centimes, montant_ligne, repartir_entier

PALIERS = (Palier(1, Decimal("0.58")), Palier(500, Decimal("0.54")))
EMIS = date(2026, 12, 14)


def ligne(*unites, colis=50, prix="0.58", en_plus=(), livrees=(), livrees_au_depot=0, ligne_id=1, **champs):
    """An article: what each member has, in rank order, and the depot what is left of the last pack."""
    achetees = -(-sum(unites) // colis) * colis
    surplus = achetees - sum(unites)
    montant = montant_ligne(achetees, Decimal(prix))
    *parts, du_depot = repartir_entier(en_centimes(montant), [*unites, surplus])
    plus, deja = dict(enumerate(en_plus)), dict(enumerate(livrees))
    membres = tuple(
        Part(100 * ligne_id + n, n + 1, u, plus.get(n, 0), parts[n], u - deja.get(n, 0), 10 + n)
        for n, u in enumerate(unites)
    )
    depot = Part(100 * ligne_id + 99, None, surplus, 0, du_depot, surplus - livrees_au_depot) if surplus else None
    return LigneAReviser(
        *(ligne_id, f"BTE-{ligne_id}", "Boîte", colis, sum(unites) - sum(en_plus), 0, achetees),
        *(Decimal(prix), Decimal(20), montant, membres, depot, PALIERS),
        **champs,
    )


def bon(*lignes, port="45.00", **champs):
    """A bon of these articles, its shipping on the first body."""
    total = sum((li.montant_ht for li in lignes), Decimal(0)) + Decimal(port)
    corps = {part.collectivite_id for li in lignes for part in li.membres}
    valeurs = {
        "autres_bons_ht": Decimal(0),
        "plafond_ht": Decimal(100000),
        "ports": {1: en_centimes(Decimal(port))} if Decimal(port) else {},
        "noms": {cle: f"Corps {cle}" for cle in corps},
        "lieux": {cle: {None: "Dépôt", 9 + cle: "Mairie", 70 + cle: "Médiathèque"} for cle in corps},
    }
    return BonAReviser(0, EMIS, date(2027, 1, 13), Decimal(port), Decimal(20), total, lignes=lignes, **valeurs | champs)


def demande(de, **champs):
    """Nothing but what is named."""
    rien = {"unites": {}, "garder": {}, "lieux": {}}
    return Demande(**{"a_livrer_avant_le": de.a_livrer_avant_le, "port_ht": de.port_ht, **rien, **champs})


@pytest.mark.parametrize(
    ("unites", "nouvelles", "attendu"),
    [
        ((120, 80), {101: 30}, (150, 3, 0, 50)),  # whole packs
        ((120, 80), {101: 50}, (200, 4, 30, 30)),  # the last pack stays, opened for the depot
        ((120, 80), {100: 0, 101: 0}, (0, 0, 0, 200)),
        ((120, 80), {}, (200, 4, 0, 0)),
    ],
)
def test_whole_packs_are_given_back_and_an_opened_one_is_the_depots(unites, nouvelles, attendu):
    revisee = reviser_ligne(ligne(*unites), nouvelles)
    assert (revisee.unites, revisee.colis, revisee.surplus_au_depot, revisee.liberees) == attendu
    assert revisee.est_exacte


def test_extra_units_are_given_up_before_firm_ones():
    revisee = reviser_ligne(ligne(60, 40, en_plus=(10,)), {100: 55})
    assert (revisee.membres[0].unites, revisee.membres[0].en_plus) == (55, 5)
    assert (revisee.unites_demandees, revisee.unites_acceptees_en_plus) == (90, 5)


def test_last_in_rank_gives_up_first_but_never_what_is_on_its_way():
    assert retirer_par_la_fin(ligne(50, 50, 50, livrees=(0, 0, 20)), 90) == {102: 20, 101: 20}


def test_what_the_depot_has_received_stays_bought():
    revisee = reviser_ligne(ligne(60, livrees_au_depot=40), {100: 10})
    assert (revisee.unites, revisee.surplus_au_depot) == (50, 40)


@pytest.mark.parametrize(("garde", "prix"), [(450, "0.58"), (500, "0.54")])
def test_the_tier_is_worked_out_again_only_when_asked(garde, prix):
    article = ligne(500, 50, prix="0.54")
    assert reviser_ligne(article, {100: garde - 50}).prix_unitaire_ht == Decimal("0.54")
    refaite = reviser_ligne(article, {100: garde - 50}, recalculer=True)
    assert (refaite.prix_unitaire_ht, refaite.est_exacte) == (Decimal(prix), True)
    admise = replace(article, entamee=True)
    assert reviser_ligne(admise, {100: garde - 50}, recalculer=True).prix_unitaire_ht == Decimal("0.54")


@pytest.mark.parametrize("unites", [121, 19, -1])
def test_outside_what_can_be_a_quantity_is_refused(unites):
    article = ligne(120, livrees=(20,))
    with pytest.raises(ValueError, match="entre 20 et 120"):
        reviser_ligne(article, {100: unites})
    entier = bon(article)
    (faute,) = fautes(entier, demande(entier, unites={100: unites}))
    assert faute.champ == "part-100"
    assert "entre 20 et 120" in faute.motif and "20\u00a0unités sont livrées ou annoncées" in faute.motif


CAS_DE_FAUTE = [
    ({"a_livrer_avant_le": date(2026, 12, 1)}, "date", "14 décembre 2026"),
    ({"port_ht": Decimal(-1)}, "port", "Indiquez 0"),
    ({"garder": {1: 300}}, "ligne-1", "entre 20 et 200"),
    ({"lieux": {2: 999}}, "lieu-2", "de la liste"),
    ({"lieux": {1: 71}}, "lieu-1", "faite ou annoncée"),
    ({"lieux": {5: 71}}, "lieu-5", "de la liste"),
]


@pytest.mark.parametrize(("champs", "champ", "mots"), CAS_DE_FAUTE)
def test_every_refusal_is_by_its_field(champs, champ, mots):
    entier = bon(ligne(120, 80, livrees=(20,)))
    (faute,) = fautes(entier, demande(entier, **champs))
    assert faute.champ == champ and mots in faute.motif


def test_what_is_billed_does_not_move():
    entier = bon(ligne(120, 80, figee=True), port_facture=True)
    trouvees = fautes(entier, demande(entier, unites={100: 50}, port_ht=Decimal(12)))
    assert [faute.champ for faute in trouvees] == ["port", "ligne-1"]


def test_a_revision_of_nothing_or_to_nothing_is_refused():
    entier = bon(ligne(120, 80))
    assert "Rien n’a changé" in refus(entier, reviser(entier, demande(entier)))
    assert "annulez-le" in refus(entier, reviser(entier, demande(entier, garder={1: 0})))


def test_dearer_shipping_stays_below_the_ceiling():
    entier = bon(ligne(120, 80), plafond_ht=Decimal("170.00"))
    cher = reviser(entier, demande(entier, port_ht=Decimal("60.00")))
    assert "Plafond du lot dépassé de 6,00" in refus(entier, cher)
    assert refus(replace(entier, plafond_ht=Decimal("176.00")), cher) is None


def test_a_billed_shipping_keeps_its_payers():
    entier = bon(ligne(120, 80), port_facture=True)
    assert "Corps 1" in refus(entier, reviser(entier, demande(entier, unites={100: 0})))


def test_what_changes_is_told_before_and_after():
    entier = bon(ligne(120, 80))
    revise = reviser(
        entier,
        demande(entier, unites={100: 70}, lieux={2: 72}, a_livrer_avant_le=date(2027, 2, 1), port_ht=Decimal(0)),
    )
    faits = [(c.genre, c.quoi, c.avant, c.apres) for c in revise.changements]
    assert faits == [
        ("bon", "Date limite de livraison", "13 janvier 2027", "1er février 2027"),
        ("bon", "Port HT", "45,00\u00a0€", "0,00\u00a0€"),
        ("ligne", "Boîte (BTE-1)", "200\u00a0unités", "150\u00a0unités"),
        ("part", "Corps 1, BTE-1", "120\u00a0unités", "70\u00a0unités"),
        ("lieu", "Corps 2, lieu de livraison", "Mairie", "Médiathèque"),
    ]
    assert revise.ports == {} and revise.est_exact


@st.composite
def revisions(draw):
    """A bon of one to three articles, and a request that holds."""
    lignes = []
    for rang in range(draw(st.integers(1, 3))):
        unites = draw(st.lists(st.integers(1, 400), min_size=1, max_size=8))
        livrees = [draw(st.integers(0, u)) for u in unites]
        prix = draw(st.sampled_from(["0.58", "0.54", "0.1181", "12.3456"]))
        lignes.append(
            ligne(*unites, colis=draw(st.sampled_from([1, 25, 50])), prix=prix, livrees=livrees, ligne_id=rang + 1)
        )
    entier = bon(*lignes, port=draw(st.sampled_from(["0.00", "45.00"])))
    unites = {
        part.affectation_id: draw(st.integers(part.plancher, part.unites))
        for li in lignes
        for part in li.membres
        if draw(st.booleans())
    }
    garder = {
        li.ligne_id: draw(st.integers(sum(p.plancher for p in li.membres), li.aux_membres))
        for li in lignes
        if draw(st.booleans())
    }
    port = draw(st.decimals(0, 100, places=2))
    return entier, demande(entier, unites=unites, garder=garder, port_ht=port, recalculer=draw(st.booleans()))


@given(revisions())
def test_units_asked_are_ordered_or_freed_and_every_centime_is_somebodys(cas):
    entier, voulu = cas
    assert fautes(entier, voulu) == []
    revise = reviser(entier, voulu)
    assert revise.est_exact
    for avant, apres in zip(entier.lignes, revise.lignes, strict=True):
        assert avant.aux_membres == sum(part.unites for part in apres.membres) + apres.liberees
        assert apres.unites <= avant.unites and apres.unites % avant.unites_par_colis == 0
        assert apres.unites == apres.unites_demandees + apres.unites_acceptees_en_plus + apres.surplus_au_depot
        for ancienne, nouvelle in zip(avant.membres, apres.membres, strict=True):
            assert ancienne.plancher <= nouvelle.unites <= ancienne.unites
            assert 0 <= nouvelle.en_plus <= nouvelle.unites and nouvelle.centimes >= 0
    sommes = sum(p.centimes for li in revise.lignes for p in (*li.membres, *([li.depot] if li.depot else [])))
    assert sommes + sum(revise.ports.values()) == en_centimes(revise.total_ht)


@pytest.mark.parametrize(
    ("unites", "lieux", "attendu"),
    [
        (
            {100: 60},
            {},
            "Ce bon ne va qu’à Wissant, en colis entiers\u00a0: gardez 50 ou 100\u00a0unités de BTE-1.",
        ),
        ({100: 50}, {}, None),
        ({}, {1: 71}, None),
        ({}, {1: None}, None),
        ({100: 60}, {1: None}, None),  # the depot opens packs
    ],
)
def test_a_bon_of_one_place_stays_of_one_place_in_whole_packs(unites, lieux, attendu):
    une = bon(ligne(100), lieu="Wissant")
    voulue = demande(une, unites=unites, lieux=lieux)
    assert fautes(une, voulue) == []
    assert refus(une, reviser(une, voulue)) == attendu


def test_the_bodies_of_a_bon_of_one_place_move_together():
    commun = ligne(100, 50)
    commun = replace(commun, membres=tuple(replace(part, point_id=None) for part in commun.membres))
    une = bon(commun, lieu="Dépôt de Bruay")
    voulue = demande(une, lieux={1: 71})
    assert refus(une, reviser(une, voulue)) == (
        "Ce bon ne va qu’à un lieu (Dépôt de Bruay)\u00a0: déplacez tous ceux qu’il sert, ou personne."
    )
