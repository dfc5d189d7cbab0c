"""What the sheet of a body shows of this floor, and how the bodies divide up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from groupement.adherents.models import Adhesion, Collectivite, Convention, ServiceChorus
from groupement.adherents.queries import Demandeur, perimetre
from groupement.adherents.rules.enquete import TRANCHES, libelle_de_tranche
from groupement.adherents.states import EtatAdhesion, TypeCollectivite
from groupement.socle.db import db

PAS_UNE_COMMUNE = -1


def fiche_visible(collectivite_id: int, contexte: Demandeur) -> tuple[Collectivite, str | None]:
    """The body and the name of its EPCI, if this person may look at it; 404 otherwise. One statement."""
    epci = aliased(Collectivite)
    trouvee = db.session.execute(
        select(Collectivite, epci.nom)
        .outerjoin(epci, epci.siren == Collectivite.siren_epci)
        .where(Collectivite.id == collectivite_id, perimetre(contexte))
    ).one_or_none()
    if trouvee is None:
        raise NotFound
    return trouvee[0], trouvee[1]


def services_de(collectivite_id: int) -> Sequence[ServiceChorus]:
    """The Chorus services of a body, those in use first."""
    return db.session.scalars(
        select(ServiceChorus)
        .where(ServiceChorus.collectivite_id == collectivite_id)
        .order_by(ServiceChorus.actif.desc(), ServiceChorus.code)
    ).all()


def services_actifs(collectivite_id: int) -> list[ServiceChorus]:
    """Those an order may name."""
    return [service for service in services_de(collectivite_id) if service.actif]


def service_visible(service_id: int, contexte: Demandeur, *, verrou: bool = False) -> ServiceChorus:
    """The service, if its body may be looked at; 404 otherwise."""
    voulu = select(ServiceChorus).join(Collectivite).where(ServiceChorus.id == service_id, perimetre(contexte))
    service: ServiceChorus = db.one_or_404(voulu.with_for_update(of=ServiceChorus) if verrou else voulu)
    return service


def convention_visible(convention_id: int, *, verrou: bool = False) -> Convention:
    """A version of the convention: every member may read it; 404 when there is none of that number."""
    voulue = select(Convention).where(Convention.id == convention_id)
    convention: Convention = db.one_or_404(voulue.with_for_update() if verrou else voulue)
    return convention


def effectifs(convention_id: int) -> dict[EtatAdhesion, int]:
    """How many adhesions of a convention are in each state."""
    comptes = select(Adhesion.etat, func.count()).where(Adhesion.convention_id == convention_id).group_by(Adhesion.etat)
    return {etat: combien for etat, combien in db.session.execute(comptes)}


def a_signer(convention_id: int) -> Select[Adhesion]:
    """The adhesions deliberated and not signed, by body: a select to run."""
    return (
        select(Adhesion)
        .join(Adhesion.collectivite)
        .options(joinedload(Adhesion.collectivite, innerjoin=True))
        .where(Adhesion.convention_id == convention_id, Adhesion.etat == EtatAdhesion.DELIBEREE)
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Bodies of an EPCI or of a size: how many there are, have signed, are on their way."""

    libelle: str
    collectivites: int
    signees: int
    en_cours: int

    @property
    def part_pct(self) -> int:
        """Signed, out of a hundred, rounded down."""
        return 100 * self.signees // self.collectivites if self.collectivites else 0


def par_epci(convention_id: int | None) -> list[Part]:
    """By intercommunalité, those with most members first. One statement."""
    epci = aliased(Collectivite)
    lignes = _parts(convention_id, epci.nom).outerjoin(
        epci, epci.siren == func.coalesce(Collectivite.siren_epci, Collectivite.siren)
    )
    parts = [Part(nom or "Sans intercommunalité", *nombres) for nom, *nombres in db.session.execute(lignes)]
    return sorted(parts, key=lambda part: (-part.signees, -part.collectivites, part.libelle))


def par_population(convention_id: int | None) -> list[Part]:
    """Communes by band of population, then the other bodies. One statement."""
    lignes = sorted(db.session.execute(_parts(convention_id, tranche())), key=lambda ligne: (ligne[0] < 0, ligne[0]))
    libelles = {PAS_UNE_COMMUNE: "Intercommunalités et autres"}
    return [Part(libelles.get(cle) or libelle_de_tranche(cle), *nombres) for cle, *nombres in lignes]


def tranche() -> ColumnElement[int]:
    """Where the band of population of a commune begins; PAS_UNE_COMMUNE for the other bodies."""
    return case(
        (Collectivite.type != TypeCollectivite.COMMUNE, PAS_UNE_COMMUNE),
        *((Collectivite.population >= seuil, seuil) for seuil in reversed(TRANCHES)),
        else_=0,
    )


def _parts(convention_id: int | None, cle: Any) -> Any:
    """Bodies, those signed and those on their way, by `cle`."""
    en_cours = Adhesion.etat.in_((EtatAdhesion.DEMANDEE, EtatAdhesion.DELIBEREE))
    return (
        select(
            cle.label("cle"),
            func.count(Collectivite.id),
            func.count(case((Adhesion.etat == EtatAdhesion.SIGNEE, 1))),
            func.count(case((en_cours, 1))),
        )
        .select_from(Collectivite)
        .outerjoin(Adhesion, and_(Adhesion.collectivite_id == Collectivite.id, Adhesion.convention_id == convention_id))
        .group_by(cle)
    )
