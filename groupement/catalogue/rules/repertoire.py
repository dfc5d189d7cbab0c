"""The articles of a marché held in memory to be searched: words, filters, counts, order. Pure: built from rows, no I/O.

A word is found anywhere in the text of an article, a number only whole. When a word is found nowhere, the nearest
known word is looked for in its place, and the correction is said.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from groupement.catalogue.rules import masques
from groupement.catalogue.rules.correction import mot_le_plus_proche, reference_la_plus_proche
from groupement.catalogue.rules.familles import famille as famille_de
from groupement.catalogue.rules.fiches import BORDEREAU, PERTINENCE, Facettes, FicheArticle, Filtres
from groupement.catalogue.rules.recherche import Demande, lire_demande, motif_de, normaliser

LOIN = 400  # the rank of a word found in the middle of another: after every word found at its beginning
PALIER_DE_RANG = 6  # characters: a word a few letters further is no less relevant


@dataclass(frozen=True, slots=True)
class Correction:
    """A word nobody wrote in the catalogue, and the one it was taken for."""

    saisi: str
    compris: str


@dataclass(frozen=True, slots=True)
class Mots:
    """What words gave: the articles, the patterns that found them, the corrections, and the spine understood."""

    masque: int
    motifs: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    dos_mm: int | None = None


class Repertoire:
    """The articles still sold of a marché, in the order of the BPU, ready to be searched."""

    def __init__(self, fiches: Sequence[FicheArticle]) -> None:
        """Read each article once."""
        self.fiches = tuple(fiches)
        self.tous = masques.tous(len(self.fiches))
        self._mots = _par_valeur(self.fiches, lambda fiche: set(fiche.recherche.split()))
        self._lots = self._masques(lambda fiche: (fiche.lot,))
        self._familles = self._masques(lambda fiche: (fiche.famille,))
        self._normes = self._masques(lambda fiche: fiche.normes)
        self._dos = self._masques(lambda fiche: (fiche.dos_mm,) if fiche.dos_mm else ())
        self._en_detail = self._masque_si(lambda fiche: fiche.en_detail)

    @cached_property
    def par_id(self) -> dict[int, FicheArticle]:
        """The articles by id."""
        return {fiche.id: fiche for fiche in self.fiches}

    def de_la_famille(self, *cles: str) -> Iterator[FicheArticle]:
        """The articles of these families, in the order of the BPU."""
        du_masque = 0
        for cle in cles:
            du_masque |= self._familles.get(cle, 0)
        return (self.fiches[rang] for rang in masques.rangs(du_masque))

    def connait(self, filtre: str, valeur: Any) -> bool:
        """Whether some article has this value: a filter on another value would mean nothing."""
        connus: dict[str, dict[Any, int]] = {
            "lot": self._lots, "famille": self._familles, "norme": self._normes, "dos": self._dos,
        }  # fmt: skip
        return valeur in connus[filtre]

    def masque_des_ids(self, ids: Collection[int]) -> int:
        """The mask of some articles by id."""
        return self._masque_si(lambda fiche: fiche.id in ids)

    def masque_des_lots(self, lot_ids: Collection[int] | None) -> int:
        """The mask of the articles of some lots; of all when None."""
        return self.tous if lot_ids is None else self._masque_si(lambda fiche: fiche.lot_id in lot_ids)

    # --- words -------------------------------------------------------------------------------------------------
    def lire(self, termes: str, parmi: int) -> Mots:
        """The articles of `parmi` that hold every word of `termes`, corrected where a word is found nowhere."""
        demande = lire_demande(termes)
        trouves = Mots(parmi, dos_mm=demande.dos_mm)
        if demande.dos_mm is not None:
            trouves = replace(trouves, masque=parmi & self._de_dos(demande.dos_mm))
        for motif in demande.motifs:
            trouves = self._ajouter(trouves, motif, parmi)
        return trouves

    def par_mot(self, termes: str, parmi: int) -> list[tuple[str, int]]:
        """How many articles each word finds alone: what to say when all of them together find none."""
        demande: Demande = lire_demande(termes)
        comptes = [(motif.strip(), (self._avec(motif) & parmi).bit_count()) for motif in demande.motifs]
        return [(mot, compte) for mot, compte in comptes if compte]

    def _ajouter(self, trouves: Mots, motif: str, parmi: int) -> Mots:
        """One word more to be found."""
        du_motif = self._avec(motif)
        if du_motif & parmi:
            return replace(trouves, masque=trouves.masque & du_motif, motifs=(*trouves.motifs, motif))
        morceaux = motif.split()
        serree, saisi = motif.replace(" ", ""), motif.strip().replace(" ", "-")
        reference = self._reference_proche(serree)
        if reference is not None:
            correction = Correction(saisi, reference) if serree not in self._references else None
            voulu = normaliser(reference)
        elif len(morceaux) > 1:
            for morceau in morceaux:
                trouves = self._ajouter(trouves, motif_de(morceau), parmi)
            return trouves
        else:
            proche = mot_le_plus_proche(motif, self._frequences)
            if proche is None:
                return replace(trouves, masque=0, motifs=(*trouves.motifs, motif))
            correction, voulu = Correction(motif, self._lisible(proche)), motif_de(proche)
        corrections = (*trouves.corrections, correction) if correction else trouves.corrections
        masque = trouves.masque & self._avec(voulu)
        return replace(trouves, masque=masque, motifs=(*trouves.motifs, voulu), corrections=corrections)

    def _avec(self, motif: str) -> int:
        """The articles whose text holds this pattern."""
        mot = motif.strip()
        if " " in mot:
            return self._masque_si(lambda fiche: motif in fiche.recherche)
        if motif != mot:
            return masques.masque(self._mots.get(mot, ()), len(self.fiches))
        trouves = [rangs for connu, rangs in self._mots.items() if mot in connu]
        return masques.masque((rang for rangs in trouves for rang in rangs), len(self.fiches))

    def _de_dos(self, dos_mm: int) -> int:
        """The boxes of that spine, and what speaks of it (« pour boîtes dos 10 »)."""
        centimetres, reste = divmod(dos_mm, 10)
        dit = 0 if reste else self._avec("dos") & self._avec(f" {centimetres} ")
        return self._dos.get(dos_mm, 0) | dit

    def _reference_proche(self, serree: str) -> str | None:
        """The reference somebody wrote without its separators, or mistyped by one sign."""
        proche = serree if serree in self._references else reference_la_plus_proche(serree, self._references.keys())
        return self._references[proche] if proche else None

    @cached_property
    def _references(self) -> dict[str, str]:
        """The references by what they are once their separators are gone."""
        return {normaliser(fiche.reference).replace(" ", ""): fiche.reference for fiche in self.fiches}

    @cached_property
    def _frequences(self) -> dict[str, int]:
        """The words made of letters, and how many articles hold each."""
        return {mot: len(rangs) for mot, rangs in self._mots.items() if mot.isalpha()}

    def _lisible(self, mot: str) -> str:
        """A known word as it is written, accents included: « boite » gives « boîte »."""
        fiche = self.fiches[self._mots[mot][0]]
        connue = famille_de(fiche.famille)
        ecrits = f"{fiche.designation} {connue.libelle} {connue.mots} {fiche.norme}".lower()
        separes = "".join(lettre if lettre.isalnum() else " " for lettre in ecrits).split()
        return next((ecrit for ecrit in separes if normaliser(ecrit) == mot), mot)

    # --- filters -----------------------------------------------------------------------------------------------
    def filtrer(self, mots: Mots, filtres: Filtres, favoris: Collection[int] = ()) -> tuple[int, Facettes]:
        """What passes every filter, and how many articles each value of each filter would leave."""
        des_favoris = self.masque_des_ids(favoris) if favoris else 0
        poses = self._poses(filtres, des_favoris)

        def sans(filtre: str) -> int:
            """What passes every other filter."""
            reste = mots.masque
            for nom, du_filtre in poses.items():
                reste &= self.tous if nom == filtre else du_filtre
            return reste

        return sans(""), Facettes(
            lots=_comptes(self._lots, sans("lot")),
            familles=_comptes(self._familles, sans("famille")),
            normes=_comptes(self._normes, sans("norme")),
            dos_mm=_comptes(self._dos, sans("dos")),
            en_detail=(sans("en_detail") & self._en_detail).bit_count(),
            favoris=(sans("favoris") & des_favoris).bit_count(),
        )

    def _poses(self, filtres: Filtres, des_favoris: int) -> dict[str, int]:
        """What each filter lets through; everything for one that is not set."""
        return {
            "lot": self.tous if filtres.lot is None else self._lots.get(filtres.lot, 0),
            "famille": self._familles.get(filtres.famille, 0) if filtres.famille else self.tous,
            "norme": self._normes.get(filtres.norme, 0) if filtres.norme else self.tous,
            "dos": self.tous if filtres.dos_mm is None else self._dos.get(filtres.dos_mm, 0),
            "prix": self._du_prix(filtres),
            "en_detail": self._en_detail if filtres.en_detail else self.tous,
            "favoris": des_favoris if filtres.favoris else self.tous,
        }

    def _du_prix(self, filtres: Filtres) -> int:
        """The articles whose base price is within bounds."""
        bas, haut = filtres.prix_min, filtres.prix_max
        if bas is None and haut is None:
            return self.tous
        return self._masque_si(
            lambda fiche: (
                fiche.prix is not None and (bas is None or fiche.prix >= bas) and (haut is None or fiche.prix <= haut)
            )
        )

    # --- order -------------------------------------------------------------------------------------------------
    def classer(self, du_masque: int, tri: str, mots: Mots) -> list[int]:
        """The ids of a mask in the order asked; the order of the BPU breaks ties."""
        fiches = [self.fiches[rang] for rang in masques.rangs(du_masque)]
        if tri == "nom":
            fiches.sort(key=lambda fiche: fiche.nom_de_tri)
        elif tri in ("prix", "-prix"):
            fiches.sort(key=lambda fiche: fiche.nom_de_tri)
            connus = [fiche for fiche in fiches if fiche.prix is not None]
            connus.sort(key=lambda fiche: fiche.prix or 0, reverse=tri == "-prix")
            fiches = connus + [fiche for fiche in fiches if fiche.prix is None]
        elif tri != BORDEREAU and (mots.motifs or mots.dos_mm):
            fiches.sort(key=lambda fiche: _eloignement(fiche, mots))
        return [fiche.id for fiche in fiches]

    def _masques(self, valeurs: Callable[[FicheArticle], Iterable[Any]]) -> dict[Any, int]:
        """The mask of each value."""
        par_valeur = _par_valeur(self.fiches, valeurs)
        return {valeur: masques.masque(rangs, len(self.fiches)) for valeur, rangs in par_valeur.items()}

    def _masque_si(self, condition: Callable[[FicheArticle], Any]) -> int:
        """The mask of the articles for which something holds."""
        return masques.masque((rang for rang, fiche in enumerate(self.fiches) if condition(fiche)), len(self.fiches))


def tri_par_defaut(termes: str) -> str:
    """Nearest to the words when there are some, else in the order of the BPU."""
    return PERTINENCE if termes else BORDEREAU


def _par_valeur(
    fiches: Sequence[FicheArticle], valeurs: Callable[[FicheArticle], Iterable[Any]]
) -> dict[Any, list[int]]:
    """The positions of the articles by value."""
    par_valeur: defaultdict[Any, list[int]] = defaultdict(list)
    for rang, fiche in enumerate(fiches):
        for valeur in valeurs(fiche):
            par_valeur[valeur].append(rang)
    return dict(par_valeur)


def _comptes(par_valeur: dict[Any, int], parmi: int) -> dict[Any, int]:
    """How many articles of `parmi` have each value, those that have none left out."""
    comptes = {valeur: (du_masque & parmi).bit_count() for valeur, du_masque in par_valeur.items()}
    return {valeur: compte for valeur, compte in comptes.items() if compte}


def _eloignement(fiche: FicheArticle, mots: Mots) -> int:
    """How far from what was asked an article is: the sooner its text says a word, the nearer; the right spine first."""
    debut, total = len(fiche.reference) + 1, 0
    for motif in mots.motifs:
        au_debut = fiche.recherche.find(f" {motif.strip()}")
        place = au_debut if au_debut >= 0 else LOIN
        total += max(0, place - debut) // PALIER_DE_RANG
    return total + (LOIN if mots.dos_mm is not None and fiche.dos_mm != mots.dos_mm else 0)
