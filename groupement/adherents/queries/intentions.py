"""Answers: the list, what they add up to, by EPCI and by population, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from groupement.adherents.models import Collectivite, Enquete, Intention, Sollicitation
from groupement.adherents.queries.enquetes import compte
from groupement.adherents.queries.listes import trouve_collectivite
from groupement.adherents.rules.enquete import TRANCHES, libelle_de_tranche
from groupement.adherents.rules.rapprochement import Annuaire, Corps
from groupement.adherents.rules.recherche import mots
from groupement.adherents.states import EtatIntention, TypeCollectivite
from groupement.socle.db import db

SOUHAITS = {
    "etat_des_lieux": (Intention.veut_etat_des_lieux, "État des lieux"),
    "archivage": (Intention.veut_archivage, "Prestation d’archivage"),
    "groupement": (Intention.veut_groupement, "Groupement de commandes"),
    "sae": (Intention.veut_sae, "SAE SESAM"),
    "autre": (Intention.veut_autre != "", "Autre souhait"),
}
ESTIMATIONS = {
    "archives": Intention.archives_mm,
    "boites": Intention.boites,
    "rayonnages": Intention.rayonnages_mm,
    "reliures": Intention.reliures,
}


def annuaire() -> Annuaire:
    """Every body, to be found by its numbers or its name. One statement."""
    c = Collectivite
    lignes = db.session.execute(select(c.id, c.nom, c.siren, c.siret, c.code_insee).order_by(c.nom_recherche, c.id))
    return Annuaire.de(
        Corps(ligne.id, ligne.nom, ligne.siren, ligne.siret or "", ligne.code_insee or "") for ligne in lignes
    )


def a_confirmer() -> ColumnElement[bool]:
    """Some figure was read from words, and nobody confirmed it."""
    return cast(Intention.a_confirmer, String) != "{}"


def reponses(enquete_id: int, recherche: str = "", etat: str = "", souhait: str = "", siren_epci: str = "") -> Any:
    """Answers with the name of their body and of its EPCI, the latest first: a select for a list.

    `etat` may also be « incomplete » or « a_confirmer ».
    """
    epci = aliased(Collectivite)
    requete = (
        select(Intention, Collectivite.nom.label("collectivite"), epci.nom.label("epci"))
        .select_from(Intention)
        .outerjoin(Collectivite, Collectivite.id == Intention.collectivite_id)
        .outerjoin(epci, epci.siren == Collectivite.siren_epci)
        .where(Intention.enquete_id == enquete_id)
        .order_by(Intention.recue_le.desc(), Intention.id.desc())
    )
    for mot in mots(recherche):
        requete = requete.where(or_(trouve_collectivite(mot), Intention.nom_declare.icontains(mot, autoescape=True)))
    if etat in set(EtatIntention):
        requete = requete.where(Intention.etat == etat)
    elif etat in ("incomplete", "a_confirmer"):
        requete = requete.where(~Intention.complete if etat == "incomplete" else a_confirmer())
    if souhait in SOUHAITS:
        requete = requete.where(SOUHAITS[souhait][0])
    if siren_epci:
        requete = requete.where(or_(Collectivite.siren_epci == siren_epci, Collectivite.siren == siren_epci))
    return requete


@dataclass(frozen=True, slots=True)
class Estimation:
    """A total, and how many answers it rests on. Lengths in mm."""

    total: int
    reponses: int


@dataclass(frozen=True, slots=True)
class Synthese:
    """An enquête in figures. `recues` counts the answers that count; `collectivites` the bodies they come from."""

    envoyees: int
    sur_papier: int
    repondues: int
    recues: int
    participent: int
    a_rattacher: int
    a_convertir: int
    converties: int
    ecartees: int
    incompletes: int
    a_confirmer: int
    souhaits: list[tuple[str, int]]
    estimations: dict[str, Estimation]


def synthese(enquete_id: int) -> Synthese:
    """The figures of an enquête. Two statements."""
    repond = aliased(Intention)
    bodies = select(repond.collectivite_id).where(
        repond.enquete_id == enquete_id, repond.complete, repond.etat != EtatIntention.ECARTEE
    )
    envoyees, sur_papier, repondues = db.session.execute(
        select(
            func.count(),
            func.count(case((Sollicitation.courriel == "", 1))),
            func.count(case((Sollicitation.collectivite_id.in_(bodies), 1))),
        ).where(Sollicitation.enquete_id == enquete_id)
    ).one()
    valeurs = db.session.execute(
        select(*(colonne.label(nom) for nom, colonne in _comptes().items())).where(Intention.enquete_id == enquete_id)
    ).one()
    return Synthese(
        envoyees=envoyees,
        sur_papier=sur_papier,
        repondues=repondues,
        **{nom: getattr(valeurs, nom) for nom in _simples()},
        souhaits=[(libelle, getattr(valeurs, f"veut_{cle}")) for cle, (_, libelle) in SOUHAITS.items()],
        estimations={
            cle: Estimation(int(getattr(valeurs, f"total_{cle}") or 0), getattr(valeurs, f"sur_{cle}"))
            for cle in ESTIMATIONS
        },
    )


def _si(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many answers meet the condition."""
    return func.count(case((condition, 1)))


def _simples() -> dict[str, ColumnElement[int]]:
    """The plain counts."""
    i, e = Intention, EtatIntention
    return {
        "recues": _si(compte()),
        "participent": _si(compte() & i.participe.is_(True)),
        "a_rattacher": _si(i.etat == e.RECUE),
        "a_convertir": _si(compte() & (i.etat == e.RATTACHEE) & i.veut_groupement),
        "converties": _si(i.etat == e.CONVERTIE),
        "ecartees": _si(i.etat == e.ECARTEE),
        "incompletes": _si(~i.complete & (i.etat != e.ECARTEE)),
        "a_confirmer": _si(compte() & a_confirmer()),
    }


def _comptes() -> dict[str, ColumnElement[Any]]:
    """Everything counted or summed over the answers of an enquête."""
    colonnes: dict[str, ColumnElement[Any]] = dict(_simples())
    colonnes |= {f"veut_{cle}": _si(compte() & voulu) for cle, (voulu, _) in SOUHAITS.items()}
    for cle, colonne in ESTIMATIONS.items():
        colonnes[f"total_{cle}"] = func.sum(case((compte(), colonne)))
        colonnes[f"sur_{cle}"] = _si(compte() & colonne.is_not(None))
    return colonnes


@dataclass(frozen=True, slots=True)
class Groupe:
    """Bodies of an EPCI or of a band of population: how many were asked, how many answered, what they estimate."""

    libelle: str
    sollicitees: int
    repondues: int
    boites: int
    rayonnages_mm: int
    reliures: int


def par_epci(enquete_id: int) -> list[Groupe]:
    """By intercommunalité, those that answered most first. One statement."""
    epci = aliased(Collectivite)
    lignes = _groupes(enquete_id, epci.nom).outerjoin(
        epci, epci.siren == func.coalesce(Collectivite.siren_epci, Collectivite.siren)
    )
    groupes = [_groupe(ligne, ligne.cle or "Sans intercommunalité") for ligne in db.session.execute(lignes)]
    return sorted(groupes, key=lambda g: (-g.repondues, -g.sollicitees, g.libelle))


def par_population(enquete_id: int) -> list[Groupe]:
    """Communes by band of population, then the other bodies. One statement."""
    tranche = case(
        (Collectivite.type != TypeCollectivite.COMMUNE, -1),
        *((Collectivite.population >= seuil, seuil) for seuil in reversed(TRANCHES)),
        else_=0,
    )
    lignes = sorted(db.session.execute(_groupes(enquete_id, tranche)), key=lambda ligne: (ligne.cle < 0, ligne.cle))
    libelles = {-1: "Intercommunalités et autres"}
    return [_groupe(ligne, libelles.get(ligne.cle) or libelle_de_tranche(ligne.cle)) for ligne in lignes]


def _groupes(enquete_id: int, cle: ColumnElement[Any] | Any) -> Any:
    """Bodies asked or having answered, by `cle`."""
    i = Intention
    sollicitees = select(Sollicitation.collectivite_id).where(Sollicitation.enquete_id == enquete_id)
    return (
        select(
            cle.label("cle"),
            func.count(case((Collectivite.id.in_(sollicitees), 1))).label("sollicitees"),
            func.count(i.id).label("repondues"),
            *(func.coalesce(func.sum(colonne), 0).label(nom) for nom, colonne in list(ESTIMATIONS.items())[1:]),
        )
        .select_from(Collectivite)
        .outerjoin(i, and_(i.collectivite_id == Collectivite.id, i.enquete_id == enquete_id, compte()))
        .where(or_(i.id.is_not(None), Collectivite.id.in_(sollicitees)))
        .group_by(cle)
    )


def _groupe(ligne: Any, libelle: str) -> Groupe:
    """One line of either table."""
    return Groupe(
        libelle, ligne.sollicitees, ligne.repondues, int(ligne.boites), int(ligne.rayonnages), int(ligne.reliures)
    )


def a_rattacher(enquete_id: int, limite: int) -> Sequence[Intention]:
    """The answers nobody attached yet, the oldest first."""
    return db.session.scalars(
        select(Intention)
        .where(Intention.enquete_id == enquete_id, Intention.etat == EtatIntention.RECUE)
        .order_by(Intention.nom_declare, Intention.id)
        .limit(limite)
    ).all()


def enquetes_a_rattacher() -> list[tuple[int, str, int]]:
    """(enquête, title, how many answers wait to be attached), for the home page."""
    lignes = db.session.execute(
        select(Enquete.id, Enquete.titre, func.count())
        .join(Intention, Intention.enquete_id == Enquete.id)
        .where(Intention.etat == EtatIntention.RECUE)
        .group_by(Enquete.id, Enquete.titre)
        .order_by(Enquete.id)
    )
    return [(numero, titre, combien) for numero, titre, combien in lignes]
