"""The selects behind the list pages, each ending its order on a unique column."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from groupement.adherents.models import Adhesion, Collectivite, Convention, Habilitation, Utilisateur
from groupement.adherents.queries import delegant_au_passage, en_cours
from groupement.adherents.queries.membres import PAS_UNE_COMMUNE, tranche
from groupement.adherents.rules.enquete import TRANCHES
from groupement.adherents.rules.recherche import mots, normaliser
from groupement.adherents.states import EtatAdhesion, Role, TypeCollectivite
from groupement.socle.courriels import Courriel, EtatCourriel
from groupement.socle.db import db
from groupement.socle.journal import Evenement

TAILLES = tuple(str(debut) for debut in (0, *TRANCHES, PAS_UNE_COMMUNE))


def convention_en_vigueur() -> Select[int]:
    """The number of the convention adopted last: the one that counts today."""
    return select(Convention.id).order_by(Convention.adoptee_le.desc(), Convention.id.desc()).limit(1)


def trouve_collectivite(mot: str) -> ColumnElement[bool]:
    """A body whose name holds the word, or whose SIREN, post code or INSEE code starts with it."""
    if any(chiffre.isdigit() for chiffre in mot):
        return or_(
            Collectivite.siren.startswith(mot),
            Collectivite.siret.startswith(mot),
            Collectivite.code_postal.startswith(mot),
            Collectivite.code_insee.startswith(mot.upper()),
            Collectivite.nom_recherche.contains(mot),
        )
    return Collectivite.nom_recherche.contains(mot)


def collectivites(
    recherche: str = "", type_: str = "", siren_epci: str = "", adhesion: str = "", taille: str = ""
) -> Any:
    """Bodies with the state of their membership of the present convention and the name of their EPCI, by name.

    `adhesion` is « oui » (signed), « en_cours » (asked or deliberated), « non » (not signed), or empty.
    `taille`: where a band of population begins, « 500 »; empty for all.
    """
    epci = aliased(Collectivite)
    requete = (
        select(Collectivite, Adhesion.etat.label("etat_adhesion"), epci.nom.label("epci"))
        .add_columns(
            Adhesion.deliberation_numero,
            Adhesion.deliberee_le,
            Adhesion.signee_le,
            cast(Adhesion.lots, String).label("lots"),
        )
        .select_from(Collectivite)
        .outerjoin(
            Adhesion,
            and_(
                Adhesion.collectivite_id == Collectivite.id,
                Adhesion.convention_id == convention_en_vigueur().scalar_subquery(),
            ),
        )
        .outerjoin(epci, epci.siren == Collectivite.siren_epci)
        .where(*[trouve_collectivite(mot) for mot in mots(recherche)])
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )
    if type_ in set(TypeCollectivite):
        requete = requete.where(Collectivite.type == type_)
    if siren_epci:
        requete = requete.where(or_(Collectivite.siren_epci == siren_epci, Collectivite.siren == siren_epci))
    if taille in TAILLES:
        requete = requete.where(tranche() == int(taille))
    return _selon_l_adhesion(requete, adhesion)


def _selon_l_adhesion(requete: Any, adhesion: str) -> Any:
    """The bodies that have signed, are on their way, or have not signed."""
    signee = Adhesion.etat == EtatAdhesion.SIGNEE
    if adhesion == "oui":
        requete = requete.where(signee)
    elif adhesion == "non":
        requete = requete.where(or_(Adhesion.id.is_(None), ~signee))
    elif adhesion == "en_cours":
        requete = requete.where(Adhesion.etat.in_((EtatAdhesion.DEMANDEE, EtatAdhesion.DELIBEREE)))
    return requete


def choix_d_epci() -> list[tuple[str, str]]:
    """The EPCI that have members here, for a list: (SIREN, name)."""
    membre = aliased(Collectivite)
    requete = (
        select(Collectivite.siren, Collectivite.nom)
        .where(Collectivite.siren.in_(select(membre.siren_epci).where(membre.siren_epci.is_not(None))))
        .order_by(Collectivite.nom_recherche)
    )
    return [(siren, nom) for siren, nom in db.session.execute(requete)]


# What the list of people may be narrowed to.
ACCES: dict[str, ColumnElement[bool]] = {
    "ouvert": Utilisateur.active.is_(True),
    "ferme": Utilisateur.active.is_(False),
    "invite": Utilisateur.password.is_(None),
}


def personnes(recherche: str = "", role: str = "", etat: str = "", le: date | None = None) -> Select[Utilisateur]:
    """People with their habilitations, by name; words are looked for in names, addresses and bodies."""
    assert le is not None
    requete = (
        select(Utilisateur)
        .options(
            selectinload(Utilisateur.habilitations).options(
                joinedload(Habilitation.collectivite), delegant_au_passage()
            )
        )
        .order_by(Utilisateur.nom_recherche, Utilisateur.id)
    )
    for mot in recherche.split()[:8]:
        corps = exists().where(
            Habilitation.utilisateur_id == Utilisateur.id,
            Habilitation.collectivite_id == Collectivite.id,
            Collectivite.nom_recherche.contains(normaliser(mot)),
        )
        requete = requete.where(
            or_(
                Utilisateur.nom_recherche.contains(normaliser(mot)),
                Utilisateur.email.icontains(mot, autoescape=True),
                corps,
            )
        )
    if role in set(Role):
        tenu = exists().where(Habilitation.utilisateur_id == Utilisateur.id, Habilitation.role == role, en_cours(le))
        requete = requete.where(tenu)
    return requete.where(ACCES[etat]) if etat in ACCES else requete


def evenements(
    recherche: str = "",
    objet: str = "",
    utilisateur_id: int | None = None,
    du: datetime | None = None,
    au: datetime | None = None,
) -> Select[Evenement]:
    """Lines of the journal, the latest first. `du` included, `au` not."""
    requete = select(Evenement).order_by(Evenement.le.desc(), Evenement.id.desc())
    for mot in recherche.split()[:8]:
        requete = requete.where(
            or_(
                Evenement.resume.icontains(mot, autoescape=True),
                Evenement.par.icontains(mot, autoescape=True),
                Evenement.verbe.icontains(mot, autoescape=True),
            )
        )
    if objet:
        requete = requete.where(Evenement.objet == objet)
    if utilisateur_id is not None:
        requete = requete.where(Evenement.utilisateur_id == utilisateur_id)
    if du is not None:
        requete = requete.where(Evenement.le >= du)
    return requete if au is None else requete.where(Evenement.le < au)


def evenements_de(objet: str, objet_id: int, limite: int = 20) -> list[Evenement]:
    """The last lines of the journal about one thing, the latest first: for the page of that thing."""
    requete = evenements(objet=objet).where(Evenement.objet_id == objet_id).limit(limite)
    return list(db.session.scalars(requete))


def auteurs_du_journal() -> list[tuple[int, str]]:
    """People who wrote in the journal, for a list: (number, name)."""
    requete = (
        select(Utilisateur.id, Utilisateur.nom)
        .where(Utilisateur.id.in_(select(Evenement.utilisateur_id).distinct()))
        .order_by(Utilisateur.nom, Utilisateur.id)
    )
    return [(numero, nom) for numero, nom in db.session.execute(requete)]


def objets_du_journal() -> list[str]:
    """Kinds of things the journal speaks of."""
    return list(db.session.scalars(select(Evenement.objet).distinct().order_by(Evenement.objet)))


def courriels(recherche: str = "", etat: str = "", destinataire: str | None = None) -> Select[Courriel]:
    """Mails, the latest first; `destinataire` keeps those of one address."""
    requete = select(Courriel).order_by(Courriel.ecrit_le.desc(), Courriel.id.desc())
    for mot in recherche.split()[:8]:
        requete = requete.where(
            or_(Courriel.sujet.icontains(mot, autoescape=True), Courriel.destinataire.icontains(mot, autoescape=True))
        )
    if etat in set(EtatCourriel):
        requete = requete.where(Courriel.etat == etat)
    return requete if destinataire is None else requete.where(Courriel.destinataire == destinataire)
