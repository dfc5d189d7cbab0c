"""The filters of the catalogue, from the address to sentences and links: what is set, possible, or ignored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from groupement.catalogue.models import Lot
from groupement.catalogue.rules.dimensions import en_centimetres
from groupement.catalogue.rules.familles import choix_de_familles, famille
from groupement.catalogue.rules.fiches import Facettes, Filtres
from groupement.catalogue.rules.repertoire import Repertoire
from groupement.socle.affichage import avec
from groupement.socle.lecture_csv import nombre_lu
from groupement.socle.nombres import euros_fr

PRIX_MAX = Decimal(10_000_000)
TEXTE_MAX = 40  # characters of a value repeated in a sentence
ENTIER_LISIBLE = 9  # digits
OUI = "oui"
NOMS = {"lot": "lot", "famille": "famille", "norme": "norme", "dos": "largeur de dos"}
EN_DETAIL = "En quantité libre"
FAVORIS = "Mes favoris"


@dataclass(frozen=True, slots=True)
class Affinage:
    """The filters understood, a sentence for each that was not, and the prices as they were typed."""

    filtres: Filtres = Filtres()
    remarques: tuple[str, ...] = ()
    prix_saisis: tuple[str, str] = ("", "")
    faute_de_prix: str = ""

    @property
    def est_pose(self) -> bool:
        """Some filter is set."""
        return self.filtres != Filtres()


@dataclass(frozen=True, slots=True)
class Choix:
    """A value of a filter: its words, how many articles it leaves, the address that sets it (or takes it off)."""

    libelle: str
    compte: int
    adresse: str
    pose: bool = False


def lire_affinage(args: MultiDict[str, str], repertoire: Repertoire) -> Affinage:
    """The filters of the address; what this marché has no article for is ignored, and said."""
    lus: dict[str, Any] = {
        "lot": entier_lu(args.get("lot", "")),
        "famille": args.get("famille", ""),
        "norme": args.get("norme", ""),
        "dos": entier_lu(args.get("dos", "")),
    }
    inconnus = [cle for cle in lus if args.get(cle) and not repertoire.connait(cle, lus[cle])]
    gardes = {cle: None if cle in inconnus else valeur for cle, valeur in lus.items()}
    prix_saisis = (args.get("prix_min", "").strip()[:20], args.get("prix_max", "").strip()[:20])
    bas, haut, faute = lire_prix(*prix_saisis)
    filtres = Filtres(
        lot=gardes["lot"],
        famille=gardes["famille"] or "",
        norme=gardes["norme"] or "",
        dos_mm=gardes["dos"],
        prix_min=bas,
        prix_max=haut,
        en_detail=args.get("en_detail") == OUI,
        favoris=args.get("favoris") == OUI,
    )
    remarques = tuple(
        f"Aucun article de ce marché n’a pour {NOMS[cle]} «\u00a0{args[cle][:TEXTE_MAX]}\u00a0»\u00a0: ce filtre "
        "n’est pas appliqué."
        for cle in inconnus
    )
    return Affinage(filtres, remarques, prix_saisis, faute)


def lire_prix(bas: str, haut: str) -> tuple[Decimal | None, Decimal | None, str]:
    """The lowest and the highest price typed (€ HT), and what is wrong with them; with a fault, neither counts."""
    lus = [nombre_lu(texte.removesuffix("€").strip()) if texte else None for texte in (bas, haut)]
    for texte, lu in zip((bas, haut), lus, strict=True):
        if texte and (lu is None or not 0 <= lu <= PRIX_MAX):
            return None, None, f"«\u00a0{texte}\u00a0» n’est pas un prix\u00a0: écrivez par exemple 2,50."
    bas_lu, haut_lu = lus
    if bas_lu is not None and haut_lu is not None and bas_lu > haut_lu:
        bornes = f"le plus bas ({euros_fr(bas_lu)}) dépasse le plus haut ({euros_fr(haut_lu)})"
        return None, None, f"Le prix {bornes}\u00a0: inversez-les."
    return bas_lu, haut_lu, ""


def puces(args: MultiDict[str, str], affinage: Affinage, lots: Sequence[Lot]) -> list[Choix]:
    """What narrows the list, each with the address that takes it off."""
    filtres = affinage.filtres
    noms = {lot.numero: f"Lot {lot.numero}. {lot.intitule}" for lot in lots}
    poses = [
        ("lot", noms.get(filtres.lot or 0, "")),
        ("famille", famille(filtres.famille).libelle if filtres.famille else ""),
        ("norme", filtres.norme),
        ("dos", f"Dos de {en_centimetres(filtres.dos_mm)}" if filtres.dos_mm else ""),
        ("prix_min", f"Dès {euros_fr(filtres.prix_min)}" if filtres.prix_min is not None else ""),
        ("prix_max", f"Jusqu’à {euros_fr(filtres.prix_max)}" if filtres.prix_max is not None else ""),
        ("en_detail", EN_DETAIL if filtres.en_detail else ""),
        ("favoris", FAVORIS if filtres.favoris else ""),
    ]
    return [Choix(mots, 0, avec(args, **{cle: None, "page": None}), pose=True) for cle, mots in poses if mots]


def groupes_de_filtres(
    args: MultiDict[str, str], filtres: Filtres, facettes: Facettes, lots: Sequence[Lot]
) -> list[tuple[str, list[Choix]]]:
    """(title, values) of each filter that has something to offer."""
    noms, comptes = {lot.numero: f"{lot.numero}. {lot.intitule}" for lot in lots}, facettes.familles

    def choix(cle: str, pose: Any, valeurs: Iterable[tuple[Any, str, int]]) -> list[Choix]:
        """The links of a filter; one that is set is taken off."""
        voulues = ((valeur, None if valeur == pose else valeur, mots, compte) for valeur, mots, compte in valeurs)
        return [
            Choix(mots, compte, avec(args, **{cle: voulue, "page": None}), valeur == pose)
            for valeur, voulue, mots, compte in voulues
            if compte
        ]

    des_lots = [(numero, noms.get(numero, str(numero)), compte) for numero, compte in sorted(facettes.lots.items())]
    des_dos = [(dos, en_centimetres(dos), compte) for dos, compte in sorted(facettes.dos_mm.items())]
    autres = choix("favoris", OUI if filtres.favoris else None, [(OUI, FAVORIS, facettes.favoris)])
    autres += choix("en_detail", OUI if filtres.en_detail else None, [(OUI, EN_DETAIL, facettes.en_detail)])
    groupes = [
        ("Lot", choix("lot", filtres.lot, des_lots)),
        ("Famille", choix("famille", filtres.famille, [(c, n, comptes[c]) for c, n in choix_de_familles(comptes)])),
        ("Largeur du dos", choix("dos", filtres.dos_mm, des_dos)),
        ("Norme", choix("norme", filtres.norme, [(n, n, c) for n, c in sorted(facettes.normes.items())])),
        ("Autres choix", autres),
    ]
    return [(titre, valeurs) for titre, valeurs in groupes if valeurs]


def entier_lu(texte: str) -> int | None:
    """A number of the address, None when it is not one."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= ENTIER_LISIBLE else None
