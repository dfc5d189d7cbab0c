"""What a BPU changes, as a pure comparison."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.catalogue.rules.comparaison import TEXTES, ArticleConnu, comparer, renommer, valeurs_article
from groupement.catalogue.rules.prix import Palier

D = Decimal
DU = date(2026, 9, 1)
ENTETE = "lot,reference,designation,unite,conditionnement,prix_unitaire_ht,tva,paliers,dims,capacite_ml,type_element"
BOITE = "1,BTE,Boîte dos 10,piece,25,1.74,20.00,25:1.74|250:1.61,330x250x100,0.10,boite"


def lignes(*textes):
    lecture = lire_bordereau("\n".join([ENTETE, *textes]).encode(), (1, 2))
    assert not lecture.fautes
    return lecture.lignes


def connu(ligne, article_id=1, **changes):
    valeurs = valeurs_article(ligne)
    article = ArticleConnu(
        *(article_id, ligne.lot, ligne.reference, True, {champ: valeurs[champ] for champ in TEXTES}),
        *(ligne.paliers, date(2026, 1, 1)),
    )
    return replace(article, **changes)


def test_the_same_lines_change_nothing():
    (boite,) = lignes(BOITE)
    comparaison = comparer([connu(boite)], [boite], DU)
    assert comparaison.est_sans_effet and len(comparaison.inchanges) == 1


def test_an_unknown_reference_is_new():
    (boite,) = lignes(BOITE)
    comparaison = comparer([], [boite], DU)
    assert comparaison.nouveaux == (boite,) and not comparaison.est_sans_effet


def test_old_and_new_prices_stand_side_by_side():
    avant, apres = *lignes(BOITE), *lignes(BOITE.replace("1.74", "1.80"))
    (change,) = comparer([connu(avant)], [apres], DU).prix
    assert change.article.paliers[0] == Palier(25, D("1.74"))
    assert change.ligne.paliers[0] == Palier(25, D("1.80"))
    assert change.ecart_pct.quantize(D("0.01")) == D("3.45")


def test_a_price_that_did_not_exist_has_no_change_in_percent():
    (boite,) = lignes(BOITE)
    (change,) = comparer([connu(boite, paliers=(), dernier_prix_du=None)], [boite], DU).prix
    assert change.ecart_pct is None


def test_a_changed_text_says_what_it_was_and_what_it_becomes():
    avant, apres = *lignes(BOITE), *lignes(BOITE.replace("Boîte dos 10", "Boîte archives"))
    (change,) = comparer([connu(avant)], [apres], DU).textes
    assert change.ecarts == (("désignation", "Boîte dos 10", "Boîte archives"),)


def test_an_article_taken_off_that_comes_back_is_a_change():
    (boite,) = lignes(BOITE)
    (change,) = comparer([connu(boite, actif=False)], [boite], DU).textes
    assert change.ecarts == (("au catalogue", "non", "oui"),)


def test_only_articles_still_sold_of_the_lots_in_the_file_vanish():
    boite, gants, baie = lignes(BOITE, BOITE.replace("BTE", "GAN"), BOITE.replace("1,BTE", "2,BAIE"))
    connus = [connu(boite), connu(gants, 2), connu(baie, 3), connu(replace(gants, reference="X"), 4, actif=False)]
    assert [article.reference for article in comparer(connus, [boite], DU).disparus] == ["GAN"]


@pytest.mark.parametrize(
    ("dernier", "phrase"),
    [
        (DU, "commence déjà ce jour-là (à partir du 01/09/2026)"),
        (date(2027, 1, 1), "est plus récent (à partir du 01/01/2027)"),
    ],
)
def test_a_price_already_saved_is_never_rewritten(dernier, phrase):
    avant, apres = *lignes(BOITE), *lignes(BOITE.replace("1.74", "1.80"))
    (refus,) = comparer([connu(avant, dernier_prix_du=dernier)], [apres], DU).refus
    assert (refus.ligne, refus.colonne) == (2, "prix_unitaire_ht") and phrase in refus.attendu


def test_an_identical_price_of_the_same_day_is_accepted():
    (boite,) = lignes(BOITE)
    assert not comparer([connu(boite, dernier_prix_du=DU)], [boite], DU).refus


def test_an_article_does_not_change_lots():
    boite, ailleurs = *lignes(BOITE), *lignes(BOITE.replace("1,BTE", "2,BTE"))
    (refus,) = comparer([connu(boite)], [ailleurs], DU).refus
    assert (refus.colonne, refus.valeur) == ("lot", "2") and "déjà au lot 1" in refus.attendu


def test_the_mark_of_a_comparison_tells_any_change_apart():
    avant, apres = *lignes(BOITE), *lignes(BOITE.replace("1.74", "1.80"))
    marques = {
        comparer([connu(avant)], [apres], DU).empreinte,
        comparer([connu(avant)], [apres], date(2026, 10, 1)).empreinte,
        comparer([connu(avant)], [avant], DU).empreinte,
        comparer([connu(avant), connu(replace(avant, reference="GAN"), 2)], [avant], DU).empreinte,
        comparer([connu(avant)], [replace(avant, designation="Autre")], DU).empreinte,
    }
    assert len(marques) == 5
    assert comparer([connu(avant)], [apres], DU).empreinte in marques


def test_the_same_article_under_another_reference_is_proposed_as_renamed():
    (boite,) = lignes(BOITE)
    neuve = replace(boite, reference="NEO", designation="BOÎTE dos 10.", paliers=(Palier(25, D(2)),))
    comparaison = comparer([connu(boite)], [neuve], DU)
    ((article, ligne),) = ((r.article, r.ligne) for r in comparaison.renommages)
    assert (article.reference, ligne.reference) == ("BTE", "NEO")
    renommee = renommer(comparaison, [1])
    assert (renommee.nouveaux, renommee.disparus, renommee.renommages) == ((), (), ())
    assert renommee.textes[0].ecarts[0] == ("référence", "BTE", "NEO") and len(renommee.prix) == 1
    assert renommer(comparaison, []) == comparaison


@pytest.mark.parametrize("changes", [{"designation": "Autre"}, {"dimensions": "1x2x3"}, {"lot": 2}])
def test_what_differs_is_not_a_renaming(changes):
    boite, baie = lignes(BOITE, BOITE.replace("1,BTE", "2,BAIE"))
    assert comparer([connu(boite)], [replace(boite, reference="NEO", **changes), baie], DU).renommages == ()


def test_two_that_look_alike_are_not_a_renaming():
    (boite,) = lignes(BOITE)
    neuves = [replace(boite, reference=reference) for reference in ("N1", "N2")]
    assert comparer([connu(boite)], neuves, DU).renommages == ()
    anciens = [connu(boite), connu(replace(boite, reference="BTE-2"), 2)]
    assert comparer(anciens, neuves[:1], DU).renommages == ()


def test_a_renaming_that_was_not_proposed_is_an_error():
    (boite,) = lignes(BOITE)
    with pytest.raises(ValueError):
        renommer(comparer([connu(boite)], [boite], DU), [1])


def test_what_the_table_has_no_column_for_stays_as_it_is():
    (boite,) = lignes(BOITE)
    muette = replace(
        boite, dimensions="", capacite_mm=None, type_element="", absentes=("dims", "capacite_ml", "type_element")
    )
    assert comparer([connu(boite)], [muette], DU).est_sans_effet
    assert not comparer([connu(boite)], [replace(muette, absentes=())], DU).est_sans_effet
    renommage = comparer([connu(boite)], [replace(muette, reference="NEO")], DU)
    assert renommer(renommage, [1]).textes[0].ligne.dimensions == "330x250x100"


def test_an_article_without_a_price_on_the_day_does_not_vanish():
    boite, gants = lignes(BOITE, BOITE.replace("BTE", "GAN"))
    assert comparer([connu(boite), connu(gants, 2, paliers=())], [boite], DU).disparus == ()
