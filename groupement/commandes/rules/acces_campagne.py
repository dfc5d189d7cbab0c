"""For whom a window is, among the bodies of the marché, and for which lots: the buyer's choice, and its sentences.

These are terms the members relied on: they are chosen while the window is prepared, and do not change once it opens.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from groupement.adherents.rules.adhesion import motif_de_refus_du_lot
from groupement.adherents.rules.identifiants import compacter, motif_de_refus_du_siren
from groupement.adherents.states import TypeCollectivite
from groupement.commandes.states import AccesCampagne
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import entier_fr

FIGE = (
    "Les lots ouverts et les collectivités admises ne changent plus une fois la campagne ouverte\u00a0: des commandes "
    "ont pu être passées, et d’autres collectivités ont été prévenues qu’elles ne pouvaient pas commander."
)
AUTRE_CAMPAGNE = "Pour commander, attendez une campagne qui lui est ouverte, ou écrivez au Centre de gestion."


@dataclass(frozen=True, slots=True)
class Acces:
    """What the buyer chose. `types`: stored values; `lots`: numbers, None for every lot of the marché."""

    acces: AccesCampagne = AccesCampagne.TOUS
    types: Collection[str] = ()
    lots: Collection[int] | None = None


def motif_de_refus_d_acces(
    regle: Acces, genre: TypeCollectivite, *, est_admise: bool, lots_rejoints: Collection[int] | None
) -> str | None:
    """Why a member of the marché may order nothing in this window; None when it may.

    `est_admise`: it stands on the list of the window. `lots_rejoints`: None for a body that joined every lot.
    """
    if regle.acces is AccesCampagne.TYPES and genre.value not in regle.types:
        ouverte = _enumerer([TypeCollectivite(valeur).libelle() for valeur in regle.types])
        return (
            f"Cette campagne est ouverte à certains types de collectivités ({ouverte})\u00a0: la vôtre est de type "
            f"«\u00a0{genre.libelle()}\u00a0». {AUTRE_CAMPAGNE}"
        )
    if regle.acces is AccesCampagne.LISTE and not est_admise:
        return (
            "Cette campagne est ouverte à une liste de collectivités choisies par le Centre de gestion, où "
            f"celle-ci n’est pas. {AUTRE_CAMPAGNE}"
        )
    if regle.lots is not None and lots_rejoints is not None and not set(regle.lots) & set(lots_rejoints):
        return (
            f"Cette campagne ne porte que sur {_les_lots(regle.lots)}, que cette collectivité n’a pas "
            f"{'rejoint' if len(regle.lots) == 1 else 'rejoints'}. {AUTRE_CAMPAGNE}"
        )
    return None


def motif_de_refus_d_un_lot(
    ouverts: Collection[int] | None, rejoints: Collection[int] | None, numero: int, intitule: str
) -> str | None:
    """Why a body that may order in the window may not order of this lot; None when it may."""
    if ouverts is not None and numero not in ouverts:
        return (
            f"Le lot {numero} ({intitule}) n’est pas ouvert dans cette campagne, qui porte sur {_les_lots(ouverts)}"
            "\u00a0: commandez cet article à une prochaine campagne."
        )
    return motif_de_refus_du_lot(rejoints, numero, intitule)


def lots_ouverts(coches: Collection[int], du_marche: Collection[int]) -> list[int] | None:
    """What is kept of the lots ticked: None for all of them. Raises ValueError when none of the marché is ticked."""
    choisis = set(coches) & set(du_marche)
    if du_marche and not choisis:
        raise ValueError("Cochez au moins un lot de ce marché\u00a0: sans lot ouvert, personne ne peut commander.")
    return None if choisis == set(du_marche) else sorted(choisis)


def lire_les_sirens(texte: str) -> tuple[dict[str, int], list[str]]:
    """(SIREN → its line, what is wrong), from SIRENs pasted one a line; what follows the number (a name) is left."""
    lignes: dict[str, int] = {}
    fautes = []
    for rang, brute in enumerate(texte.splitlines(), start=1):
        siren = compacter(_numero(brute))
        if not brute.strip():
            continue
        if motif := motif_de_refus_du_siren(siren):
            fautes.append(f"Ligne {entier_fr(rang)}, «\u00a0{brute.strip()[:40]}\u00a0»\u00a0: {motif}")
        elif siren in lignes:
            fautes.append(
                f"Ligne {entier_fr(rang)}\u00a0: {siren} est déjà à la ligne {entier_fr(lignes[siren])}, retirez-en un."
            )
        else:
            lignes[siren] = rang
    return lignes, fautes


def _numero(ligne: str) -> str:
    """What comes before the name: everything up to the first letter, semicolon or comma."""
    for place, caractere in enumerate(ligne):
        if caractere in ";,\t" or (caractere.isalpha() and any(c.isdigit() for c in ligne[:place])):
            return ligne[:place]
    return ligne


def fautes_de_la_liste(lignes: Mapping[str, int], motifs: Mapping[str, tuple[str, str | None]]) -> list[str]:
    """What is wrong with the bodies of a list; `motifs`: SIREN → (name, why it may not order on the marché)."""
    fautes = []
    for siren, rang in lignes.items():
        nom, motif = motifs.get(siren, ("", "aucune collectivité ne porte ce SIREN, vérifiez-le."))
        if motif:
            qui = f"{nom} ({siren})" if nom else siren
            fautes.append(f"Ligne {entier_fr(rang)}, {qui}\u00a0: {motif}")
    return fautes


def phrase_de_l_acces(regle: Acces, nombre: int) -> str:
    """For whom the window is, for the buyer's page; `nombre`: bodies on the list."""
    if regle.acces is AccesCampagne.TYPES:
        return f"{_enumerer([TypeCollectivite(valeur).libelle() for valeur in regle.types])}, adhérents du marché"
    if regle.acces is AccesCampagne.LISTE:
        return f"Une liste de {entier_fr(nombre)} collectivité{'s' if nombre > 1 else ''}"
    return "Toutes les collectivités qui peuvent commander sur ce marché"


def phrase_de_la_livraison(du: date | None, au: date | None) -> str:
    """« du 4 janvier 2027 au 29 janvier 2027 »; empty when nothing is announced."""
    if du and au:
        return f"du {date_fr(du)} au {date_fr(au)}"
    return f"à partir du {date_fr(du)}" if du else f"au plus tard le {date_fr(au)}" if au else ""


def _les_lots(numeros: Collection[int]) -> str:
    """« le lot 2 », « les lots 1 et 3 »."""
    rangs = [entier_fr(numero) for numero in sorted(numeros)]
    return f"le lot {rangs[0]}" if len(rangs) == 1 else f"les lots {_enumerer(rangs)}"


def _enumerer(mots: list[str]) -> str:
    """« a, b et c »."""
    return mots[0] if len(mots) == 1 else f"{', '.join(mots[:-1])} et {mots[-1]}" if mots else ""
