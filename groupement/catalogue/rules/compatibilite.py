"""What goes with an article: boxes and shelving by their measures, folders in boxes, bays that stand together.

Every proposal carries its reason, figures included. What has no measures in the BPU is proposed to nobody.
Sources: `rangement` for boxes on shelves; one box holds about five folders (docs/besoins.md).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from groupement.catalogue.rules.dimensions import en_centimetres
from groupement.catalogue.rules.familles import BAIES
from groupement.catalogue.rules.fiches import FicheArticle
from groupement.catalogue.rules.rangement import Boite, Rangement, Tablettes, ranger
from groupement.catalogue.rules.repertoire import Repertoire
from groupement.socle.nombres import accorde, decimal_fr, entier_fr

PAR_GROUPE = 4  # proposals of a kind: beyond, the catalogue's own search does better
DOUBLES = ("depart_double", "suivant_double", "mobile_double")
RAYONNAGES = (*BAIES, "tablette")
BOITES, CHEMISES = ("boite",), ("chemise", "sous_chemise")
COTES = re.compile(r"(\d+)x(\d+)(?:x(\d+))?")


@dataclass(frozen=True, slots=True)
class Accord:
    """An article that goes with the one shown, why, and how well: the smallest figure first."""

    fiche: FicheArticle
    raison: str
    ordre: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Accords:
    """Articles of a kind that go with the one shown; `autres`: how many more there are."""

    titre: str
    proposes: tuple[Accord, ...]
    autres: int = 0


Voisin = Callable[[FicheArticle, FicheArticle], Accord | None]


def accords(fiche: FicheArticle, repertoire: Repertoire, lots: Collection[int] | None = None) -> list[Accords]:
    """What goes with `fiche` among the articles of its marché, by kind; kinds without any left out.

    `lots`: the ids of the only lots to look in, for who may not see the others.
    """

    def parmi(familles: tuple[str, ...]) -> Iterator[FicheArticle]:
        """The other articles of these families."""
        trouvees = (autre for autre in repertoire.de_la_famille(*familles) if autre.id != fiche.id)
        return (autre for autre in trouvees if lots is None or autre.lot_id in lots)

    groupes = [
        _groupe(titre, (voisin(fiche, autre) for autre in parmi(familles)))
        for titre, familles, voisin in _voisinages(fiche.famille)
    ]
    return [groupe for groupe in groupes if groupe.proposes]


def _voisinages(famille: str) -> list[tuple[str, tuple[str, ...], Voisin]]:
    """For a family: the kinds of neighbours to look for, in which families, and the rule that accepts one."""
    if famille in BOITES:
        return [
            ("Rayonnages où elle se range", RAYONNAGES, _rayonnage_de_la_boite),
            ("À glisser dedans", CHEMISES, _chemise_de_la_boite),
            ("Pour la transporter", ("conteneur",), _conteneur_de_la_boite),
            ("Pour l’identifier", ("etiquette",), _etiquette_de_la_boite),
        ]
    voisinages: list[tuple[str, tuple[str, ...], Voisin]] = []
    if famille in RAYONNAGES:
        voisinages = [
            ("Boîtes qui s’y rangent", BOITES, _boite_du_rayonnage),
            ("Éléments de la même rangée", BAIES, _element_de_la_rangee),
            ("Tablettes à ajouter", ("tablette",), _tablette_de_la_travee),
        ]
    elif famille in CHEMISES:
        voisinages = [("Boîtes qui la reçoivent", BOITES, _boite_de_la_chemise)]
    elif famille == "conteneur":
        voisinages = [("Boîtes à y transporter", BOITES, _boite_du_conteneur)]
    elif famille in ("reliure", "reliure_ec"):
        voisinages = [("Options de reliure", ("option",), _option_de_la_reliure)]
    return voisinages


def _groupe(titre: str, trouves: Iterable[Accord | None]) -> Accords:
    """The best of a kind; among equals the order of the BPU."""
    gardes = sorted((trouve for trouve in trouves if trouve is not None), key=lambda accord: accord.ordre)
    return Accords(titre, tuple(gardes[:PAR_GROUPE]), max(0, len(gardes) - PAR_GROUPE))


# --- boxes and shelving --------------------------------------------------------------------------------------------
def boite_de(fiche: FicheArticle) -> Boite | None:
    """The box an article is, when it stands on a shelf and its measures are known."""
    if fiche.famille not in BOITES or not (fiche.dos_mm and fiche.profondeur_mm and fiche.hauteur_mm):
        return None
    return Boite(fiche.profondeur_mm, fiche.hauteur_mm, fiche.dos_mm)


def tablettes_de(fiche: FicheArticle) -> Tablettes | None:
    """The shelves an article is, when their measures are known. The useful length is what each shelf really offers."""
    connues = fiche.capacite_mm and fiche.nb_tablettes and fiche.profondeur_mm
    if fiche.famille not in RAYONNAGES or not connues:
        return None
    assert fiche.capacite_mm and fiche.nb_tablettes and fiche.profondeur_mm
    utile = fiche.capacite_mm // fiche.nb_tablettes
    faces = 2 if fiche.famille in DOUBLES else 1
    cotes = _cotes(fiche)
    travees = max(1, cotes[0] // utile) if cotes and utile else 1
    return Tablettes(
        longueur_utile_mm=utile,
        profondeur_mm=fiche.profondeur_mm // faces,
        par_face=max(1, fiche.nb_tablettes // (faces * travees)),
        charge_kg=fiche.charge_kg_par_tablette,
        hauteur_mm=None if fiche.famille == "tablette" else fiche.hauteur_mm,
        faces=faces,
        travees=travees,
    )


def _rangement(boite: FicheArticle, rayonnage: FicheArticle) -> tuple[Rangement, Tablettes] | None:
    """How a box stands on shelves; None when it does not, or when nobody knows."""
    mesuree, tablettes = boite_de(boite), tablettes_de(rayonnage)
    range_ = ranger(mesuree, tablettes) if mesuree and tablettes else None
    return (range_, tablettes) if range_ and tablettes else None


def _rayonnage_de_la_boite(boite: FicheArticle, rayonnage: FicheArticle) -> Accord | None:
    """Shelving for a box: the least depth lost first, laid boxes before standing ones, whole bays before shelves."""
    trouve = _rangement(boite, rayonnage)
    if trouve is None:
        return None
    seule = rayonnage.famille == "tablette"
    ordre = (int(seule), trouve[0].perdu_mm, int(trouve[0].pose == "debout"))
    return Accord(rayonnage, raison_du_rangement(boite.dos_mm or 0, *trouve, seule=seule), ordre)


def _boite_du_rayonnage(rayonnage: FicheArticle, boite: FicheArticle) -> Accord | None:
    """Boxes for shelving: those that lose the least depth first."""
    trouve = _rangement(boite, rayonnage)
    if trouve is None:
        return None
    raison = raison_du_rangement(boite.dos_mm or 0, *trouve, seule=rayonnage.famille == "tablette")
    return Accord(boite, raison, (trouve[0].perdu_mm, int(trouve[0].pose == "debout")))


@lru_cache(maxsize=4096)
def raison_du_rangement(dos_mm: int, rangement: Rangement, tablettes: Tablettes, *, seule: bool) -> str:
    """How boxes of a spine stand, how many, what that weighs, in two sentences. `seule`: a shelf without its bay."""
    pose = "Posée sur son long côté" if rangement.pose == "sur chant" else "Posée debout"
    profondeurs = (
        f"{pose}, elle prend {en_centimetres(rangement.profondeur_boite_mm)} des "
        f"{en_centimetres(tablettes.profondeur_mm)} de profondeur"
    )
    compte = [f"{accorde(rangement.par_tablette, 'boîte')} par tablette"]
    if not seule:
        fournies = f" sur {entier_fr(tablettes.par_face)} tablettes" if rangement.niveaux < tablettes.par_face else ""
        faces = " sur les deux faces" if tablettes.faces == 2 else ""
        metres = decimal_fr(Decimal(rangement.boites * dos_mm) / 1000, 2)
        compte += [
            f"{accorde(rangement.niveaux, 'niveau utile', 'niveaux utiles')}{fournies}",
            f"{accorde(rangement.boites, 'boîte')} en tout{faces} ({metres}\u00a0ml)",
        ]
    return f"{profondeurs}\u00a0: {', '.join(compte)}. {_poids(rangement, tablettes)}"


def _poids(rangement: Rangement, tablettes: Tablettes) -> str:
    """What full boxes weigh on a shelf, against what it carries."""
    if tablettes.charge_kg is None:
        return f"Pleines, elles pèsent environ {rangement.poids_kg}\u00a0kg par tablette."
    limite = " C’est le poids, et non la place, qui limite leur nombre." if rangement.par_poids else ""
    return (
        f"Pleines, elles pèsent environ {rangement.poids_kg}\u00a0kg par tablette, qui en porte "
        f"{tablettes.charge_kg}.{limite}"
    )


def _element_de_la_rangee(fiche: FicheArticle, autre: FicheArticle) -> Accord | None:
    """Bays that stand in one row: same depth, same height, same faces; a first one and the following ones."""
    ici, la = tablettes_de(fiche), tablettes_de(autre)
    if ici is None or la is None or fiche.famille == autre.famille or "mobile_double" in (fiche.famille, autre.famille):
        return None
    memes = (ici.profondeur_mm, ici.hauteur_mm, ici.faces, ici.par_face) == (
        *(la.profondeur_mm, la.hauteur_mm, la.faces, la.par_face),
    )
    if not memes or ici.hauteur_mm is None:
        return None
    suite = "il partage un montant avec sa voisine" if autre.famille.startswith("suivant") else "il commence la rangée"
    cotes = f"même profondeur ({en_centimetres(ici.profondeur_mm)}) et même hauteur ({en_centimetres(ici.hauteur_mm)})"
    utile = f"longueur utile {en_centimetres(la.longueur_utile_mm)}"
    raison = f"{cotes.capitalize()}, {utile}\u00a0: {suite}."
    return Accord(autre, raison, (abs(la.longueur_utile_mm - ici.longueur_utile_mm),))


def _tablette_de_la_travee(travee: FicheArticle, tablette: FicheArticle) -> Accord | None:
    """A shelf to add to a bay: same useful length, same depth."""
    ici, la = tablettes_de(travee), tablettes_de(tablette)
    if ici is None or la is None or travee.famille == "tablette":
        return None
    if (ici.longueur_utile_mm, ici.profondeur_mm) != (la.longueur_utile_mm, la.profondeur_mm):
        return None
    cotes = f"{en_centimetres(la.longueur_utile_mm)} × {en_centimetres(la.profondeur_mm)}"
    return Accord(tablette, f"Mêmes mesures ({cotes})\u00a0: elle ajoute un niveau à une travée.")


# --- what goes in a box, and what a box goes in --------------------------------------------------------------------
def _chemise_de_la_boite(boite: FicheArticle, chemise: FicheArticle) -> Accord | None:
    """A folder that enters a box."""
    trouve = _dedans(boite, chemise)
    return Accord(chemise, *trouve) if trouve else None


def _boite_de_la_chemise(chemise: FicheArticle, boite: FicheArticle) -> Accord | None:
    """A box a folder enters."""
    trouve = _dedans(boite, chemise)
    return Accord(boite, *trouve) if trouve else None


def _dedans(boite: FicheArticle, chemise: FicheArticle) -> tuple[str, tuple[int, ...]] | None:
    """Why a folder enters a box, and how much room it leaves; both laid on their long side."""
    mesuree, cotes = boite_de(boite), _cotes(chemise)
    if mesuree is None or cotes is None:
        return None
    long_, court = max(cotes[:2]), min(cotes[:2])
    jeu = (mesuree.profondeur_mm - long_, mesuree.hauteur_mm - court)
    if min(jeu) < 0:
        return None
    boite_lisible = f"{en_centimetres(mesuree.hauteur_mm)} × {en_centimetres(mesuree.profondeur_mm)}"
    raison = f"{en_centimetres(court)} × {en_centimetres(long_)}\u00a0: elle entre dans la boîte ({boite_lisible})."
    if chemise.famille == "chemise":
        raison += f" Comptez environ {accorde(max(1, mesuree.dos_mm // 20), 'chemise')} par boîte."
    return raison, (sum(jeu),)


def _conteneur_de_la_boite(boite: FicheArticle, conteneur: FicheArticle) -> Accord | None:
    """A container a box travels in."""
    raison = _transport(boite, conteneur)
    return Accord(conteneur, raison) if raison else None


def _boite_du_conteneur(conteneur: FicheArticle, boite: FicheArticle) -> Accord | None:
    """A box that travels in a container."""
    raison = _transport(boite, conteneur)
    return Accord(boite, raison) if raison else None


def _transport(boite: FicheArticle, conteneur: FicheArticle) -> str:
    """How many boxes travel together; empty when none enters."""
    mesuree, cotes = boite_de(boite), _cotes(conteneur)
    if mesuree is None or cotes is None or not cotes[2]:
        return ""
    combien = cotes[0] // mesuree.dos_mm
    if not combien or mesuree.profondeur_mm > cotes[1] or mesuree.hauteur_mm > cotes[2]:
        return ""
    return f"Un conteneur transporte {accorde(combien, 'boîte')} de {en_centimetres(mesuree.dos_mm)} de dos."


def _etiquette_de_la_boite(boite: FicheArticle, etiquette: FicheArticle) -> Accord | None:
    """A label as narrow as the spine."""
    cotes = _cotes(etiquette)
    if cotes is None or not boite.dos_mm or min(cotes[:2]) > boite.dos_mm:
        return None
    large, dos = en_centimetres(min(cotes[:2])), en_centimetres(boite.dos_mm)
    return Accord(etiquette, f"{large} de large\u00a0: elle tient sur un dos de {dos}.")


def _option_de_la_reliure(reliure: FicheArticle, option: FicheArticle) -> Accord | None:
    """An option of the same lot."""
    meme_lot = option.lot == reliure.lot
    return Accord(option, "S’ajoute au prix de la reliure, si vous en avez besoin.") if meme_lot else None


def _cotes(fiche: FicheArticle) -> tuple[int, int, int] | None:
    """The figures of the dimensions, the third 0 when there are two."""
    trouve = COTES.fullmatch(fiche.dimensions)
    return (int(trouve[1]), int(trouve[2]), int(trouve[3] or 0)) if trouve else None
