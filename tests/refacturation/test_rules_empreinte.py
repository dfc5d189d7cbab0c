"""The chain of hashes: what was issued cannot change unseen."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupement.refacturation.rules.empreinte import ORIGINE, Maillon, empreinte, json_canonique, verifier_chaine
from groupement.refacturation.states import EtatFacture

D = Decimal


def chaine(*contenus):
    maillons, precedente = [], ORIGINE
    for rang, contenu in enumerate(contenus, 1):
        maillons.append(Maillon(f"F-{rang}", contenu, precedente, empreinte(contenu, precedente)))
        precedente = maillons[-1].empreinte
    return maillons


def test_the_link_is_sha256_over_the_previous_one_and_the_canonical_json():
    contenu = {"numero": "F-1", "total": D("12.50"), "le": date(2026, 11, 22), "lignes": [1, None, True], "é": "œ"}
    texte = '{"le":"2026-11-22","lignes":[1,null,true],"numero":"F-1","total":"12.50","é":"œ"}'
    assert json_canonique(contenu) == texte
    assert empreinte(contenu) == hashlib.sha256(f"{'0' * 64}\n{texte}".encode()).hexdigest()


def test_a_snapshot_hashes_alike_before_and_after_it_was_stored():
    contenu = {"total": D("1E+2"), "le": datetime(2026, 11, 22, 9, tzinfo=UTC), "tuple": (1, "2")}
    assert json_canonique(json.loads(json_canonique(contenu))) == json_canonique(contenu)


@pytest.mark.parametrize("contenu", [{"x": 1.5}, {1: "x"}, {"x": {2: 3}}, {"x": object()}, {"x": {"y": [0.0]}}])
def test_what_has_no_certain_writing_is_refused(contenu):
    with pytest.raises(TypeError):
        json_canonique(contenu)


def test_a_whole_chain_has_no_break():
    assert verifier_chaine(chaine({"a": "1"}, {"a": "2"}, {"a": "3"})) is None
    assert verifier_chaine([]) is None


def test_the_end_of_a_chain_can_be_checked_from_a_known_link():
    maillons = chaine({"a": "1"}, {"a": "2"}, {"a": "3"})
    assert verifier_chaine(maillons[1:], origine=maillons[0].empreinte) is None


CONTENUS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers()), min_size=2, max_size=8)


@given(CONTENUS, st.data())
def test_a_changed_document_is_the_one_named(contenus, data):
    maillons = chaine(*contenus)
    rang = data.draw(st.integers(0, len(maillons) - 1))
    change = {**maillons[rang].contenu, "ajout": "x", "unique": str(rang)}
    maillons[rang] = Maillon(
        maillons[rang].numero, change, maillons[rang].empreinte_precedente, maillons[rang].empreinte
    )
    rupture = verifier_chaine(maillons)
    assert (rupture.rang, rupture.numero) == (rang + 1, f"F-{rang + 1}")
    assert "modifié" in rupture.motif


@given(CONTENUS, st.data())
def test_a_missing_document_shows_at_the_next_one(contenus, data):
    maillons = chaine(*contenus)
    rang = data.draw(st.integers(0, len(maillons) - 2))
    rupture = verifier_chaine(maillons[:rang] + maillons[rang + 1 :])
    assert (rupture.rang, rupture.numero) == (rang + 1, f"F-{rang + 2}")
    assert "ne suit pas" in rupture.motif


def test_a_document_rewritten_with_its_own_hash_shows_at_the_next_one():
    maillons = chaine({"a": "1"}, {"a": "2"}, {"a": "3"})
    faux = {"a": "9"}
    maillons[1] = Maillon("F-2", faux, maillons[0].empreinte, empreinte(faux, maillons[0].empreinte))
    assert verifier_chaine(maillons).numero == "F-3"


def test_a_state_is_written_as_its_stored_value():
    assert json_canonique({"etat": EtatFacture.EMISE}) == '{"etat":"emise"}'
