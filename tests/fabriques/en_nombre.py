"""Many bodies with the order of one, many articles as one: copied in bulk, for tests that count statements."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from groupement.adherents.models import Adhesion, Collectivite, Habilitation, PointDeLivraison, Utilisateur
from groupement.catalogue.models import Article
from groupement.commandes.models import Affectation, Commande, Depannage, LigneCommande
from groupement.socle.db import db
from groupement.stock.models import MouvementStock
from tests.fabriques.adherents import siren_fictif

PREMIER = 60_000  # ranks of the SIREN no other factory reaches
Cles = Mapping[tuple[int, int], int]  # (id of the row copied, which copy) -> id of the copy


def commandes_semblables(modele: Commande, combien: int, *, depuis: int = 0) -> None:
    """`combien` more bodies, each with its place, adhesion and agents, that asked and got what `modele` did.

    `depuis`: how many were copied before in the same test, since a SIREN is of one body only.
    """
    if not combien:
        return
    db.session.flush()
    corps = {"collectivite_id": _corps(modele.collectivite_id, combien, depuis)}
    lieux = corps | {"point_de_livraison_id": _copier(PointDeLivraison, corps, combien)}
    _copier(Adhesion, corps, combien)
    _agents(modele.collectivite_id, corps, combien, depuis)
    commandes = {"commande_id": _copier(Commande, lieux, combien, id=modele.id)}
    lignes = {"ligne_commande_id": _copier(LigneCommande, commandes, combien)}
    _copier(Depannage, commandes, combien)
    _copier(Affectation, lieux | lignes, combien)


def _corps(numero: int, combien: int, depuis: int) -> Cles:
    """The bodies, each with a SIREN and a name of its own."""
    colonnes = _lire(Collectivite, Collectivite.id == numero)[0]
    rangs = range(depuis, depuis + combien)
    copies = [
        colonnes | {"siren": siren_fictif(PREMIER + n), "siret": None, "nom": f"{colonnes['nom']} {n}"} for n in rangs
    ]
    return _inserer(Collectivite, [(numero, rang, copie) for rang, copie in enumerate(copies)])


def _agents(numero: int, corps: Mapping[str, Cles], combien: int, depuis: int) -> None:
    """As many people as the body has, with the same roles."""
    gens = db.session.execute(
        select(Utilisateur.id, Utilisateur.nom, Utilisateur.email)
        .join(Habilitation, Habilitation.utilisateur_id == Utilisateur.id)
        .where(Habilitation.collectivite_id == numero)
        .distinct()
    ).all()
    a_creer = [
        (cle, rang, _personne(nom, f"{depuis + rang}-{email}")) for cle, nom, email in gens for rang in range(combien)
    ]
    if a_creer:
        _copier(Habilitation, corps | {"utilisateur_id": _inserer(Utilisateur, a_creer)}, combien)


def _personne(nom: str, courriel: str) -> dict[str, Any]:
    """Somebody with an address of their own."""
    return {"nom": nom, "email": courriel, "fs_uniquifier": courriel[:64], "active": True}


def _copier(modele: Any, vers: Mapping[str, Cles], combien: int, **valeurs: Any) -> Cles:
    """Copies of the rows that point to what was copied, each to its own copy."""
    champs = {nom: cles for nom, cles in vers.items() if hasattr(modele, nom)}
    conditions = [getattr(modele, nom) == valeur for nom, valeur in valeurs.items()]
    if not conditions:
        nom, cles = next(reversed(champs.items()))
        conditions = [getattr(modele, nom).in_({origine for origine, _ in cles})]
    a_inserer = []
    for ligne in _lire(modele, *conditions):
        for rang in range(combien):
            siens = {nom: cles[ligne[nom], rang] for nom, cles in champs.items() if ligne[nom] is not None}
            a_inserer.append((ligne.get("id", 0), rang, ligne | siens))
    return _inserer(modele, a_inserer)


def _lire(modele: Any, *conditions: Any) -> list[dict[str, Any]]:
    """The rows, as Python values by attribute."""
    return [dict(ligne._mapping) for ligne in db.session.execute(select(*modele.__table__.c).where(*conditions))]


def _inserer(modele: Any, a_inserer: list[tuple[int, int, dict[str, Any]]]) -> Cles:
    """Insert the copies; their ids by what they copy."""
    lignes = [{nom: valeur for nom, valeur in ligne.items() if nom != "id"} for _, _, ligne in a_inserer]
    if not lignes:
        return {}
    if "id" not in modele.__table__.c:
        db.session.execute(insert(modele.__table__), lignes)
        return {}
    table = modele.__table__
    ids = db.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), lignes).all()
    return {(origine, rang): cle for (origine, rang, _), cle in zip(a_inserer, ids, strict=True)}


def articles_semblables(modele: Article, combien: int, *, depuis: int = 0) -> list[Article]:
    """`combien` more articles of its lot, as many of each in the depots, without a price; in the order of their ids."""
    db.session.flush()
    (colonnes,) = _lire(Article, Article.id == modele.id)
    rangs = range(depuis, depuis + combien)
    copies = [(modele.id, n, colonnes | {"reference": f"{colonnes['reference']}-{n}"}) for n in rangs]
    numeros = {(modele.id, rang - depuis): cle for (_, rang), cle in _inserer(Article, copies).items()}
    _copier(MouvementStock, {"article_id": numeros}, combien)
    nouveaux = select(Article).where(Article.id.in_(list(numeros.values()))).order_by(Article.id)
    return list(db.session.scalars(nouveaux))
