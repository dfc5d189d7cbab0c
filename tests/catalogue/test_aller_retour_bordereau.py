"""What goes out comes back in unchanged, whatever the BPU holds, as CSV and as XLSX, through the pages' own reading."""

from datetime import date
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groupement.catalogue import actions, documents
from groupement.catalogue.actions import imports_de_bordereau as imports
from groupement.catalogue.rules.bordereau import TAUX_DE_TVA, LectureBordereau, LigneBordereau
from groupement.catalogue.rules.prix import Palier
from groupement.socle.calendrier import maintenant
from groupement.socle.journal import AUTOMATE
from tests.fabriques import catalogue as fabriques

DU = date(2026, 1, 1)


def textes(longueur, minimum=0):
    """What somebody may have typed: any letters, signs that begin formulas, separators, quotes, line ends."""
    lettres = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")) | st.sampled_from(
        "\n=+-@'\";,"
    )
    return st.text(lettres, min_size=minimum, max_size=longueur).map(str.strip).filter(lambda t: len(t) >= minimum)


@st.composite
def lignes(dessiner, reference):
    """A line the rules accept."""
    colis = dessiner(st.integers(1, 500))
    combien = dessiner(st.integers(1, 4))
    pas = dessiner(st.lists(st.integers(1, 20), min_size=combien, max_size=combien))
    prix = sorted(dessiner(st.sets(st.integers(1, 10**9), min_size=combien, max_size=combien)), reverse=True)
    seuils = [colis * rang for rang in accumulate(pas)]
    grand = st.none() | st.integers(0, 10**6)
    return LigneBordereau(
        ligne=2,
        lot=dessiner(st.sampled_from((1, 2))),
        reference=reference,
        designation=dessiner(textes(60, 1)),
        unite=dessiner(textes(20, 1)),
        unites_par_colis=colis,
        tva_pct=dessiner(st.sampled_from(TAUX_DE_TVA)),
        paliers=tuple(Palier(s, Decimal(p) / 10_000) for s, p in zip(seuils, prix, strict=True)),
        dimensions=dessiner(st.sampled_from(("", "330x250x100", "sur mesure", "A4")) | textes(20)),
        poids_g=dessiner(grand),
        norme=dessiner(textes(30)),
        capacite_mm=dessiner(grand),
        charge_kg_par_tablette=dessiner(grand),
        type_element=dessiner(st.sampled_from(("boite", "autre", "depart"))),
        nb_tablettes=dessiner(grand),
        feuillets_max=dessiner(st.none() | st.integers(1, 1000)),
    )


REFERENCES = st.lists(textes(20, 1), min_size=1, max_size=5, unique=True)
BORDEREAUX = REFERENCES.flatmap(lambda noms: st.tuples(*(lignes(nom) for nom in noms)))


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@given(bordereau=BORDEREAUX)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_an_export_loaded_again_changes_nothing(app, format_, bordereau):
    marche = fabriques.marche(lots=2)
    actions.importer_bordereau(marche, LectureBordereau(bordereau, ()), du=DU, par=AUTOMATE, le=maintenant())
    octets, _ = documents.exporter_bordereau(marche, format_, DU)
    depot = imports.deposer_bordereau(marche, f"bpu.{format_}", octets, du=DU, par=AUTOMATE, le=maintenant())
    examen = imports.reexaminer(depot)
    assert depot.correspondance["exacte"] and examen.lecture.fautes == ()
    assert examen.comparaison.est_sans_effet and len(examen.comparaison.inchanges) == len(bordereau)
