"""The mails of a campagne: those written down, whom each is for, and the windows that wait for the machine."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Select, and_, func, or_, select

from groupement.adherents.models import Collectivite
from groupement.commandes.models import Annonce, Campagne, Commande, LigneCommande
from groupement.commandes.queries.campagnes import FENETRES, adherents_de
from groupement.commandes.queries.complement import manques
from groupement.commandes.queries.relances import personnes_des
from groupement.commandes.rules.calendrier_campagne import AnnonceConnue, Horaire, connues, envois_dus, pas_du
from groupement.commandes.rules.complement import Manque
from groupement.commandes.states import EtatCampagne, EtatCommande, GenreAnnonce
from groupement.socle.db import db

VIVANTES = (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT)


def campagnes_a_avancer(le: datetime) -> list[int]:
    """The ids of the windows the machine owes something at `le`, in order. One statement."""
    en_attente = and_(Annonce.id.is_not(None), Annonce.reglee_le.is_(None))
    lignes = db.session.execute(
        select(Campagne, Annonce)
        .outerjoin(Annonce, Annonce.campagne_id == Campagne.id)
        .where(FENETRES, or_(Campagne.etat.in_(VIVANTES), en_attente))
        .order_by(Campagne.id, Annonce.id)
    )
    dues = []
    for numero, groupe in groupby(lignes, key=lambda ligne: ligne[0].id):
        rangees = list(groupe)
        horaire = horaire_de(rangees[0][0], [annonce for _, annonce in rangees if annonce is not None])
        if pas_du(horaire, le) or envois_dus(horaire, le):
            dues.append(numero)
    return dues


def annonces_de(campagne_id: int) -> Sequence[Annonce]:
    """The mails of a campagne written down, in the order of their moments."""
    return db.session.scalars(
        select(Annonce)
        .where(Annonce.campagne_id == campagne_id)
        .order_by(Annonce.prevue_le, Annonce.id)
        .execution_options(populate_existing=True)
    ).all()


def horaire_de(campagne: Campagne, annonces: Iterable[Annonce]) -> Horaire:
    """What the calendar of the campagne is made from."""
    return Horaire(
        etat=campagne.etat,
        du=campagne.du,
        au=campagne.au,
        s_ouvre_seule=campagne.s_ouvre_seule,
        coupees=frozenset(GenreAnnonce(genre) for genre in campagne.annonces_coupees),
        complement_au=campagne.complement_au,
        annonces=connues(
            AnnonceConnue(*(a.genre, a.au, a.prevue_le, a.id, a.reglee_le, a.non_envoyee), a.courriels, a.sans_adresse)
            for a in annonces
        ),
    )


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Somebody to write to, and one body it is for: its name, where its order stands (None: not begun)."""

    adresse: str
    corps: str
    collectivite_id: int
    etat: EtatCommande | None


@dataclass(frozen=True, slots=True)
class Public:
    """The bodies a mail may be for, each with where its order stands, and whoever reads for them."""

    etats: dict[int, EtatCommande | None]
    lecteurs: list[Lecteur]

    def seulement(self, retenues: Callable[[int, EtatCommande | None], bool]) -> "Public":
        """The same, of some bodies only."""
        etats = {numero: etat for numero, etat in self.etats.items() if retenues(numero, etat)}
        return Public(etats, [lecteur for lecteur in self.lecteurs if lecteur.collectivite_id in etats])

    @property
    def sans_adresse(self) -> int:
        """How many bodies nobody can be written for."""
        return len(self.etats.keys() - {lecteur.collectivite_id for lecteur in self.lecteurs})


def public_de(campagne: Campagne, le: date, *, avec_commande: bool = False) -> Public:
    """The bodies that may order, or those whose order holds something. Three statements."""
    corps = adherents_de(campagne).order_by(None)
    if avec_commande:
        remplies = _remplies(campagne.id).where(Commande.collectivite_id == Collectivite.id)
        corps = select(Collectivite).where(remplies.exists())
    etats = {numero: etat for numero, etat in db.session.execute(_remplies(campagne.id))}
    concernees = {numero: etats.get(numero) for numero in db.session.scalars(corps.with_only_columns(Collectivite.id))}
    lignes = personnes_des(corps, le)
    return Public(concernees, [Lecteur(adresse, nom, n, concernees.get(n)) for adresse, nom, n in lignes])


def _remplies(campagne_id: int) -> Select[int, EtatCommande]:
    """(body, state) of the orders that hold something: without a line, nothing is begun."""
    lignes = select(LigneCommande.id).where(LigneCommande.commande_id == Commande.id).exists()
    return select(Commande.collectivite_id, Commande.etat).where(
        Commande.campagne_id == campagne_id, Commande.etat != EtatCommande.ANNULEE, lignes
    )


@dataclass(frozen=True, slots=True)
class ACompleter:
    """What a body's order holds of an article that misses something."""

    unites: int
    manque: Manque


def a_completer(campagne: Campagne, le: date) -> dict[int, list[ACompleter]]:
    """By body, its articles whose pack is not full, or whose next tier is near. A fixed number of statements."""
    trouves = {m.demande.article_id: m for m in manques(campagne, le)}
    lignes = db.session.execute(
        select(Commande.collectivite_id, LigneCommande.article_id, func.sum(LigneCommande.unites))
        .join(LigneCommande, LigneCommande.commande_id == Commande.id)
        .where(
            Commande.campagne_id == campagne.id,
            Commande.etat != EtatCommande.ANNULEE,
            LigneCommande.article_id.in_(trouves),
        )
        .group_by(Commande.collectivite_id, LigneCommande.article_id)
        .order_by(Commande.collectivite_id, LigneCommande.article_id)
    )
    par_corps: dict[int, list[ACompleter]] = {}
    for corps, article_id, unites in lignes:
        par_corps.setdefault(corps, []).append(ACompleter(int(unites), trouves[article_id]))
    return par_corps
