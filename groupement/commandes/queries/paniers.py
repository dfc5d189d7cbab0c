"""What a body finds on the way to its basket: the open windows, its right to order, its needs, its last order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from groupement.adherents.models import Adhesion, Collectivite
from groupement.adherents.rules.adhesion import FaitsAdhesion, motif_de_refus_de_commander
from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.models import Article, Lot, Marche
from groupement.commandes.models import Campagne, CollectiviteAdmise, Commande, LigneCommande
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.queries.commandes import ENGAGEES
from groupement.commandes.rules.acces_campagne import Acces, motif_de_refus_d_acces, motif_de_refus_d_un_lot
from groupement.commandes.rules.fenetre import motif_de_fermeture
from groupement.commandes.states import EtatCampagne, NatureCampagne
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db

CACHEES = (EtatCampagne.PREPAREE, EtatCampagne.ANNULEE)
CORPS = (Adhesion, Collectivite.type, CollectiviteAdmise.collectivite_id)


@dataclass(frozen=True, slots=True)
class Fenetre:
    """A campagne as a body sees it: may it order there, and why not."""

    campagne: Campagne
    motif: str | None
    lots: Collection[int] | None = None  # the numbers it joined; None: all of them
    est_pour_d_autres: bool = False  # the buyer opened it to other members of the marché

    @property
    def est_ouverte(self) -> bool:
        """The body may order now."""
        return self.motif is None

    def motif_du_lot(self, numero: int, intitule: str) -> str | None:
        """Why the body may not order of this lot; None when it may."""
        return motif_de_refus_d_un_lot(self.campagne.lots, self.lots, numero, intitule)

    def motif_de_l_article(self, article: Article) -> str | None:
        """The same, of the lot of an article; the lot is read only when some are not open, or not joined."""
        tous = self.lots is None and self.campagne.lots is None
        return None if tous else self.motif_du_lot(article.lot.numero, article.lot.intitule)

    def references_hors_lots(self, lignes: Iterable[LigneCommande]) -> list[str]:
        """The references, among these lines, of lots the body may not order of."""
        return [ligne.article.reference for ligne in lignes if self.motif_de_l_article(ligne.article)]


def campagnes_ouvertes(le: date) -> Sequence[Campagne]:
    """The windows open on a day, the first to close first."""
    return db.session.scalars(
        select(Campagne)
        .where(FENETRES, Campagne.etat == EtatCampagne.OUVERTE, Campagne.du <= le, Campagne.au >= le)
        .order_by(Campagne.au, Campagne.id)
        .options(joinedload(Campagne.marche), joinedload(Campagne.depot))
    ).all()


def campagne_ouverte(le: date) -> Campagne | None:
    """The open window that closes first, if any."""
    return next(iter(campagnes_ouvertes(le)), None)


def prochaine_campagne(le: date, collectivite_id: int) -> Campagne | None:
    """The next window to open for this body, as far as it is prepared."""
    prochaines = (
        _avec_le_corps()
        .where(FENETRES, Campagne.etat.in_((EtatCampagne.PREPAREE, EtatCampagne.OUVERTE)), Campagne.du > le)
        .order_by(Campagne.du, Campagne.id)
    )
    for campagne, *corps in db.session.execute(prochaines, {"collectivite_id": collectivite_id}):
        if _motif_d_acces(campagne, _Corps(*corps)) is None:
            return campagne
    return None


def fenetres(collectivite_id: int, le: date) -> list[Fenetre]:
    """The windows open on a day, each with the reason why this body may not order there; one statement.

    Those where it may order come first, then by last day.
    """
    return [f for f in ouvertures(collectivite_id, le) if f.campagne.nature is NatureCampagne.FENETRE]


def ouvertures(collectivite_id: int, le: date) -> list[Fenetre]:
    """The same with the campagnes of urgent orders; whether the depot serves them now is for `queries.depannages`."""
    lignes = db.session.execute(_ouvertes_avec_adhesion(), {"collectivite_id": collectivite_id, "le": le})
    trouvees = [_fenetre(campagne, _Corps(*corps), le) for campagne, *corps in lignes]
    return sorted(trouvees, key=attrgetter("est_ouverte"), reverse=True)


def fenetre(campagne_id: int, collectivite_id: int, le: date) -> Fenetre:
    """A campagne as this body sees it on a day; 404 while it is being prepared, or once cancelled."""
    voulue = select(Campagne).where(Campagne.id == campagne_id, FENETRES, Campagne.etat.not_in(CACHEES))
    campagne: Campagne = db.one_or_404(
        voulue.options(joinedload(Campagne.marche)).execution_options(populate_existing=True)
    )
    return fenetre_de(campagne, collectivite_id, le)


def motif_de_ne_pas_commander(campagne: Campagne, collectivite_id: int, le: date) -> str | None:
    """Why a body may not order in this campagne on a day: the window, then its membership. None when it may."""
    return fenetre_de(campagne, collectivite_id, le).motif


def fenetre_de(campagne: Campagne, collectivite_id: int, le: date) -> Fenetre:
    """A campagne already read, as this body sees it on a day."""
    corps = db.session.execute(
        select(*CORPS)
        .select_from(Collectivite)
        .outerjoin(
            Adhesion,
            and_(Adhesion.collectivite_id == Collectivite.id, Adhesion.convention_id == campagne.marche.convention_id),
        )
        .outerjoin(CollectiviteAdmise, _admise_dans(campagne.id))
        .where(Collectivite.id == collectivite_id)
    ).one()
    return _fenetre(campagne, _Corps(*corps), le)


@cache
def _ouvertes_avec_adhesion() -> Select[*tuple[Any, ...]]:
    """The campagnes open on the day `le`; built once, for every page of a body."""
    le: BindParameter[date] = bindparam("le")
    ouvertes = _avec_le_corps().where(Campagne.etat == EtatCampagne.OUVERTE, Campagne.du <= le, Campagne.au >= le)
    return ouvertes.order_by(Campagne.au, Campagne.id)


@cache
def _avec_le_corps() -> Select[*tuple[Any, ...]]:
    """Campagnes with what is known of a body there: its membership under their convention, or None.

    It waits for a `collectivite_id`.
    """
    du_corps = Adhesion.collectivite_id == Collectivite.id
    return (
        select(Campagne, *CORPS)
        .join(Marche, Marche.id == Campagne.marche_id)
        .join(Collectivite, Collectivite.id == bindparam("collectivite_id"))
        .outerjoin(Adhesion, and_(Adhesion.convention_id == Marche.convention_id, du_corps))
        .outerjoin(CollectiviteAdmise, _admise_dans(Campagne.id))
        .options(contains_eager(Campagne.marche), joinedload(Campagne.depot))
    )


def _admise_dans(campagne_id: Any) -> ColumnElement[bool]:
    """The line of the body in the list of a campagne."""
    return and_(CollectiviteAdmise.collectivite_id == Collectivite.id, CollectiviteAdmise.campagne_id == campagne_id)


@dataclass(frozen=True, slots=True)
class _Corps:
    """What is known of a body about one campagne, in the order of `CORPS`."""

    adhesion: Adhesion | None
    genre: TypeCollectivite
    admise: int | None


def acces_de(campagne: Campagne) -> Acces:
    """For whom the campagne is, and for which lots."""
    return Acces(campagne.acces, campagne.types, campagne.lots)


def _fenetre(campagne: Campagne, corps: _Corps, le: date) -> Fenetre:
    """The reason of the window first: a body told « close » need not know about its membership."""
    adhesion = corps.adhesion
    close_le = jour_a_paris(campagne.close_le) if campagne.close_le else None
    fermee = motif_de_fermeture(
        campagne.etat, campagne.du, campagne.au, le, close_le, complement_au=campagne.complement_au
    )
    faits = FaitsAdhesion(adhesion.etat, adhesion.signee_le) if adhesion else None
    motif = fermee or motif_de_refus_de_commander(faits, campagne.marche.consultation_le)
    reservee = _motif_d_acces(campagne, corps)
    return Fenetre(campagne, motif or reservee, adhesion.lots if adhesion else None, not motif and bool(reservee))


def _motif_d_acces(campagne: Campagne, corps: _Corps) -> str | None:
    """Why a member of the marché may order nothing in this campagne; None when it may."""
    lots = corps.adhesion.lots if corps.adhesion else None
    return motif_de_refus_d_acces(
        acces_de(campagne), corps.genre, est_admise=corps.admise is not None, lots_rejoints=lots
    )


def article_de(campagne: Campagne, article_id: int) -> Article:
    """An article of the marché of the campagne, still sold; 404 otherwise."""
    voulu = select(Article).join(Article.lot).where(Article.id == article_id, Lot.marche_id == campagne.marche_id)
    article: Article = db.one_or_404(voulu.where(Article.actif).options(contains_eager(Article.lot)))
    return article


def besoins_transmis(collectivite_id: int, campagne: Campagne) -> Sequence[Besoin]:
    """The needs last sent to the body, for articles of the marché; none once ordered since, in another campagne."""
    valeurs = {"collectivite_id": collectivite_id, "campagne_id": campagne.id, "marche_id": campagne.marche_id}
    return db.session.scalars(_besoins(), valeurs).all()


@cache
def _besoins() -> Select[Besoin]:
    """The select of these needs, built once: it waits for a `collectivite_id`, a `campagne_id` and its `marche_id`."""
    collectivite_id: BindParameter[int] = bindparam("collectivite_id")
    commandee_depuis = exists().where(
        Commande.collectivite_id == collectivite_id,
        Commande.campagne_id != bindparam("campagne_id"),
        Commande.validee_le > EtatDesLieux.transmis_le,
        ~Commande.urgente,
        Commande.etat.in_(ENGAGEES),
    )
    dernier = select(func.max(EtatDesLieux.transmis_le)).where(
        EtatDesLieux.collectivite_id == collectivite_id, EtatDesLieux.etat == EtatEtatDesLieux.SUIVI
    )
    return (
        select(Besoin)
        .join(Besoin.etat_des_lieux)
        .join(Besoin.article)
        .join(Article.lot)
        .where(
            EtatDesLieux.collectivite_id == collectivite_id,
            EtatDesLieux.etat == EtatEtatDesLieux.SUIVI,
            EtatDesLieux.transmis_le == dernier.scalar_subquery(),
            Lot.marche_id == bindparam("marche_id"),
            Article.actif,
            ~commandee_depuis,
        )
        .order_by(Besoin.id)
        .options(
            contains_eager(Besoin.article).contains_eager(Article.lot),
            contains_eager(Besoin.etat_des_lieux).joinedload(EtatDesLieux.archiviste),
        )
    )


def commande_precedente(collectivite_id: int, campagne: Campagne) -> Commande | None:
    """The last committed order of the body in another window, if any."""
    return db.session.scalars(
        select(Commande)
        .join(Commande.campagne)
        .where(
            Commande.collectivite_id == collectivite_id,
            Commande.campagne_id != campagne.id,
            ~Commande.urgente,
            Commande.etat.in_(ENGAGEES),
        )
        .order_by(Campagne.du.desc(), Commande.id.desc())
        .limit(1)
        .options(contains_eager(Commande.campagne))
    ).one_or_none()


def lignes_a_reprendre(commande_id: int, campagne: Campagne) -> Sequence[Any]:
    """(line of an older order, its article, the article of the same reference in the campagne's marché or None)."""
    ancien, nouveau = aliased(Article), aliased(Article)
    du_marche = select(Lot.id).where(Lot.marche_id == campagne.marche_id)
    return db.session.execute(
        select(LigneCommande, ancien, nouveau)
        .join(ancien, ancien.id == LigneCommande.article_id)
        .outerjoin(
            nouveau, and_(nouveau.reference == ancien.reference, nouveau.lot_id.in_(du_marche), nouveau.actif.is_(True))
        )
        .where(LigneCommande.commande_id == commande_id)
        .order_by(LigneCommande.id, nouveau.id)
    ).all()
