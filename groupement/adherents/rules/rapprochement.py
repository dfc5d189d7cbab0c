"""Which body answered: by SIRET, then SIREN, then code INSEE; by its name, a person always confirms.

Identifiers that disagree with each other, or with the name, decide nothing either: the bodies they point at are
proposed with the reason, and somebody chooses.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from groupement.adherents.rules.recherche import normaliser

PROPOSITIONS_MAX = 4
RESSEMBLANCE_MIN = 70  # out of 100: below, a name is not worth proposing
NOM_PLAUSIBLE = 65  # below, the name contradicts the identifier
ARTICLES = re.compile(r"^(?:(?:commune|mairie|ville|village|municipalite) (?:de |du |des |d |de la |de l )?)")


@dataclass(frozen=True, slots=True)
class Corps:
    """What of a body tells it from the others."""

    id: int
    nom: str
    siren: str
    siret: str
    code_insee: str


@dataclass(frozen=True, slots=True)
class Declare:
    """Who an answer says it comes from."""

    nom: str
    siret: str = ""
    siren: str = ""
    insee: str = ""


@dataclass(frozen=True, slots=True)
class Proposition:
    """A body it may be, and why."""

    collectivite_id: int
    nom: str
    raison: str


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """The body, when identifiers say it (`par`: siret, siren or insee); else what to choose from, and why."""

    collectivite_id: int | None = None
    par: str = ""
    propositions: tuple[Proposition, ...] = ()
    alerte: str = ""


@dataclass(slots=True)
class Annuaire:
    """The bodies, found by each identifier and by name."""

    par_id: dict[int, Corps] = field(default_factory=dict)
    siret: dict[str, Corps] = field(default_factory=dict)
    siren: dict[str, Corps] = field(default_factory=dict)
    insee: dict[str, list[Corps]] = field(default_factory=dict)
    noms: dict[int, str] = field(default_factory=dict)

    @classmethod
    def de(cls, corps: Iterable[Corps]) -> "Annuaire":
        """The directory of these bodies."""
        annuaire = cls()
        for un in corps:
            annuaire.par_id[un.id] = un
            annuaire.siren[un.siren] = un
            annuaire.noms[un.id] = sans_article(un.nom)
            if un.siret:
                annuaire.siret[un.siret] = un
            if un.code_insee:
                annuaire.insee.setdefault(un.code_insee, []).append(un)
        return annuaire


def sans_article(nom: str) -> str:
    """A name as it is compared: « Commune de Bléquin », « BLEQUIN » → « blequin »."""
    return ARTICLES.sub("", normaliser(nom))


def rapprocher(declare: Declare, annuaire: Annuaire) -> Rapprochement:
    """The body that answered, or what a person must choose from."""
    designes = _par_identifiants(declare, annuaire)
    if not designes:
        return Rapprochement(propositions=_par_le_nom(declare.nom, annuaire))
    corps = list({un.id: un for un, _ in designes}.values())
    propositions = tuple(Proposition(un.id, un.nom, f"désignée par son {_NOMS[par]}") for un, par in designes)
    if len(corps) > 1:
        alerte = "Les numéros donnés désignent des collectivités différentes."
        return Rapprochement(propositions=_sans_doublon(propositions), alerte=alerte)
    trouve, par = designes[0]
    if declare.nom and _ressemblance(declare.nom, trouve.nom) < NOM_PLAUSIBLE:
        alerte = f"Le {_NOMS[par]} est celui de {trouve.nom}, mais la réponse est au nom de {declare.nom}."
        propositions = (propositions[0], *_par_le_nom(declare.nom, annuaire))
        return Rapprochement(propositions=_sans_doublon(propositions), alerte=alerte)
    return Rapprochement(trouve.id, par)


_NOMS = {"siret": "SIRET", "siren": "SIREN", "insee": "code INSEE"}


def _par_identifiants(declare: Declare, annuaire: Annuaire) -> list[tuple[Corps, str]]:
    """The bodies the numbers point at, the surest number first; two bodies may share a code INSEE."""
    trouves = []
    if un := annuaire.siret.get(declare.siret):
        trouves.append((un, "siret"))
    elif len(declare.siret) == 14 and (un := annuaire.siren.get(declare.siret[:9])):
        trouves.append((un, "siren"))
    if un := annuaire.siren.get(declare.siren):
        trouves.append((un, "siren"))
    memes = annuaire.insee.get(declare.insee.upper(), []) if declare.insee else []
    connus = {un.id for un, _ in trouves}
    if not (connus & {un.id for un in memes}):  # a CCAS shares the code of its commune: its SIREN is enough
        trouves += [(un, "insee") for un in memes]
    return trouves


def _par_le_nom(nom: str, annuaire: Annuaire) -> tuple[Proposition, ...]:
    """The bodies of nearly that name, the nearest first."""
    cherche = sans_article(nom)
    if not cherche:
        return ()
    proches = process.extract(
        cherche, annuaire.noms, scorer=fuzz.token_sort_ratio, score_cutoff=RESSEMBLANCE_MIN, limit=PROPOSITIONS_MAX
    )
    return tuple(
        Proposition(
            numero, annuaire.par_id[numero].nom, "même nom" if trouve == cherche else f"nom proche à {int(note)}\u00a0%"
        )
        for trouve, note, numero in proches
    )


def _ressemblance(declare: str, connu: str) -> int:
    """How near two names are, out of 100, whatever the order of their words."""
    return int(fuzz.token_set_ratio(sans_article(declare), sans_article(connu)))


def _sans_doublon(propositions: tuple[Proposition, ...]) -> tuple[Proposition, ...]:
    """Each body once, at its first reason."""
    return tuple({p.collectivite_id: p for p in reversed(propositions)}.values())[::-1]
