"""Campagnes and members' orders. Each function writes and flushes; the test commits.

The window runs in November and December 2026 and `LE` is a working morning inside it: actions get that moment.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.catalogue.models import Article, Marche
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.socle.db import db
from tests.fabriques import adherents, catalogue

DU = date(2026, 11, 2)
AU = date(2026, 12, 11)
LE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
APRES = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)  # the window is over
ENGAGES = (EtatCommande.VALIDEE, EtatCommande.REGROUPEE, EtatCommande.SERVIE, EtatCommande.SOLDEE)
Ligne = tuple[Article, int] | tuple[Article, int, int]


def campagne(marche: Marche | None = None, **champs: Any) -> Campagne:
    """An open window on `marche` (a new one with a lot when absent); `etat=`, `du=`, `au=` change it."""
    marche = marche or catalogue.marche(lots=1)
    valeurs: dict[str, Any] = {"intitule": "Campagne d’automne 2026", "du": DU, "au": AU, "etat": EtatCampagne.OUVERTE}
    valeurs |= champs
    valeurs.setdefault("depot_id", catalogue.depot().id if "depot" not in champs else champs["depot"].id)
    if valeurs["etat"] not in (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE):
        valeurs.setdefault(
            "close_le", datetime(valeurs["au"].year, valeurs["au"].month, valeurs["au"].day, 17, tzinfo=UTC)
        )
    creee = Campagne(marche_id=marche.id, **valeurs)
    db.session.add(creee)
    db.session.flush()
    return creee


def membre(nom: str | None = None, *, de: Campagne | None = None, **champs: Any) -> Collectivite:
    """A body with its town hall as delivery place; it may order on the marché of the campagne `de`."""
    creee = adherents.collectivite(nom, **champs)
    adherents.point_de_livraison(creee)
    if de is not None:
        adherents.adhesion(creee, de.marche.convention, signee_le=de.marche.consultation_le - timedelta(days=30))
    return creee


def commande(
    de: Campagne | None = None,
    pour: Collectivite | None = None,
    lignes: Iterable[Ligne] = (),
    *,
    etat: EtatCommande = EtatCommande.BROUILLON,
    rang: datetime = LE - timedelta(days=7),
    **champs: Any,
) -> Commande:
    """The order of `pour` in the campagne `de` (both made when absent): `lignes=[(boite, 100), (chemise, 250, 40)]`.

    A line is (article, units) or (article, units, extra units accepted); lines take ranks a second apart from `rang`.
    `etat=` gives the dates that state asks for. The delivery place is the first of the body.
    """
    de = de or campagne()
    pour = pour or membre(de=de)
    valeurs: dict[str, Any] = {"modifiee_le": rang, "modifiee_par": "Claire Delattre", **_dates(etat, rang)}
    if champs.get("mode") is None and "point_de_livraison_id" not in champs:
        valeurs["point_de_livraison_id"] = _premier_point(pour)
    creee = Commande(campagne_id=de.id, collectivite_id=pour.id, etat=etat, **(valeurs | champs))
    creee.lignes.extend(_lignes(list(lignes), rang))
    db.session.add(creee)
    db.session.flush()
    return creee


def _dates(etat: EtatCommande, rang: datetime) -> dict[str, Any]:
    """When and by whom the order was submitted and committed, as far as its state says so."""
    soumise = {"soumise_le": rang + timedelta(hours=1), "soumise_par": "Claire Delattre"}
    validee = {"validee_le": rang + timedelta(days=1), "validee_par": "Hervé Duquesne"}
    if etat in ENGAGES:
        return soumise | validee
    return soumise if etat is EtatCommande.SOUMISE else {}


def _premier_point(pour: Collectivite) -> int | None:
    """The first delivery place of the body, if any."""
    requete = db.select(PointDeLivraison.id).filter_by(collectivite_id=pour.id).order_by(PointDeLivraison.id).limit(1)
    return db.session.scalar(requete)


def _lignes(lignes: Sequence[Ligne], rang: datetime) -> list[LigneCommande]:
    """The lines, each a second after the one before."""
    return [
        LigneCommande(
            article_id=article.id,
            unites=unites,
            unites_acceptees_en_plus=en_plus[0] if en_plus else 0,
            rang=rang + timedelta(seconds=place),
        )
        for place, (article, unites, *en_plus) in enumerate(lignes)
    ]
