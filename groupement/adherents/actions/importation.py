"""Loading a file of bodies by sets: one reading, one insertion, one update, whatever the number of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from groupement.adherents.models import Collectivite
from groupement.adherents.rules.import_collectivites import CollectiviteLue
from groupement.adherents.rules.recherche import normaliser
from groupement.adherents.states import TypeCollectivite
from groupement.socle.db import db
from groupement.socle.journal import Auteur, noter

CHAMPS = ("type", "nom", "code_insee", "code_postal", "population", "siren_epci")


@dataclass(frozen=True, slots=True)
class Changement:
    """A body the file describes otherwise: field → (now, in the file)."""

    siren: str
    nom: str
    champs: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Bilan:
    """What a file does, or would do: nothing is ever erased, and what the file leaves blank stays as it is."""

    nouvelles: list[CollectiviteLue] = field(default_factory=list)
    changees: list[Changement] = field(default_factory=list)
    inchangees: int = 0
    absentes: int = 0

    def comptes(self) -> dict[str, int]:
        """The figures alone, for a script or the journal."""
        return {
            "nouvelles": len(self.nouvelles),
            "changees": len(self.changees),
            "inchangees": self.inchangees,
            "absentes": self.absentes,
        }


def comparer_collectivites(lignes: Sequence[CollectiviteLue]) -> Bilan:
    """What `importer_collectivites` would do, without doing it. One statement."""
    colonnes = [Collectivite.siren, *(getattr(Collectivite, champ) for champ in CHAMPS)]
    presentes = {ligne.siren: ligne for ligne in db.session.execute(select(*colonnes))}
    nouvelles, changees, inchangees = [], [], 0
    for lue in lignes:
        if lue.siren not in presentes:
            nouvelles.append(lue)
            continue
        champs = _differences(presentes[lue.siren], lue)
        if champs:
            changees.append(Changement(lue.siren, lue.nom, champs))
        else:
            inchangees += 1
    return Bilan(nouvelles, changees, inchangees, len(presentes.keys() - {lue.siren for lue in lignes}))


def importer_collectivites(lignes: Sequence[CollectiviteLue], *, par: Auteur, le: datetime) -> Bilan:
    """Create the new bodies and update the others; returns what was done. Four statements at most."""
    bilan = comparer_collectivites(lignes)
    if bilan.nouvelles:
        db.session.execute(insert(Collectivite.__table__), [_nouvelle(lue) for lue in bilan.nouvelles])
    if bilan.changees:
        _mettre_a_jour(bilan.changees, {lue.siren: lue for lue in lignes})
    comptes = bilan.comptes()
    resume = f"{comptes['nouvelles']} nouvelles, {comptes['changees']} changées, {comptes['inchangees']} inchangées"
    noter("collectivite", None, "importer", par=par, le=le, resume=resume, details=comptes)
    db.session.flush()
    db.session.expire_all()
    return bilan


def _differences(presente: Any, lue: CollectiviteLue) -> dict[str, tuple[Any, Any]]:
    """The fields the file gives and gives otherwise."""
    paires = {champ: (getattr(presente, champ), getattr(lue, champ)) for champ in CHAMPS}
    return {champ: (avant, apres) for champ, (avant, apres) in paires.items() if apres is not None and apres != avant}


def _valeurs(lue: CollectiviteLue) -> dict[str, Any]:
    """The columns a line gives, ready for the table."""
    return {champ: getattr(lue, champ) for champ in CHAMPS} | {"nom_recherche": normaliser(lue.nom)}


def _nouvelle(lue: CollectiviteLue) -> dict[str, Any]:
    """A row to insert; what the file does not hold is empty, to be asked later (SIRET first)."""
    vides: dict[str, Any] = {"siret": None, "adresse": "", "ville": "", "courriel": ""}
    if lue.type == TypeCollectivite.COMMUNE:
        vides["ville"] = lue.nom[:100]
    return {
        "siren": lue.siren,
        **_valeurs(lue),
        **vides,
        "chorus_service_requis": False,
        "chorus_engagement_requis": False,
    }


def _mettre_a_jour(changees: Iterable[Changement], lues: dict[str, CollectiviteLue]) -> None:
    """One statement for all: blank cells of the file keep the present value."""
    table = Collectivite.__table__
    colonnes = [*CHAMPS, "nom_recherche"]
    nouvelles = {c: db.func.coalesce(bindparam(f"n_{c}", type_=table.c[c].type), table.c[c]) for c in colonnes}
    nouvelles["version"] = table.c.version + 1
    ordre = update(table).where(table.c.siren == bindparam("n_siren")).values(nouvelles)
    lots = [
        {f"n_{colonne}": valeur for colonne, valeur in _valeurs(lues[changement.siren]).items()}
        | {"n_siren": changement.siren}
        for changement in changees
    ]
    db.session.connection().execute(ordre, lots)
