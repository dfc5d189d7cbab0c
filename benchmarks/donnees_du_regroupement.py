"""What the regroupement is measured on: bodies and their orders, written by the database itself, a million at ease."""

from decimal import Decimal
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, func, insert, literal, select
from stdnum import luhn

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.models import Article
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.socle.db import db
from tests.fabriques import catalogue
from tests.fabriques.catalogue import DU as DU_MARCHE
from tests.fabriques.commandes import AU, DU, LE


def charger_les_membres(combien: int, articles: int) -> dict[str, Any]:
    """A marché of three lots and that many bodies, each with its town hall."""
    marche, ids = catalogue.marche(), []
    for rang in range(3):
        termes = {"plafond_ht": Decimal(10**9), "franco_ht": Decimal(10**8), "port_ht": Decimal(450 + rang)}
        lot = catalogue.lot(marche, **termes)
        colis = (25, 50, 20)[rang]
        crees = [catalogue.article(lot, unites_par_colis=colis, du=DU_MARCHE) for _ in range(articles // 3)]
        ids += [article.id for article in crees]
    db.session.execute(insert(Collectivite), [_corps(rang) for rang in range(combien)])
    siens = select(
        Collectivite.id, literal("Mairie"), literal("1 place de la Mairie"), literal("62000"), Collectivite.nom
    )
    siens = siens.where(Collectivite.nom.like("Commune %"))
    colonnes = ("collectivite_id", "libelle", "adresse", "code_postal", "ville")
    db.session.execute(insert(PointDeLivraison).from_select(colonnes, siens))
    lieux = select(PointDeLivraison.id, PointDeLivraison.collectivite_id).order_by(PointDeLivraison.id)
    couples = [tuple(lieu) for lieu in db.session.execute(lieux)]
    return {"marche": marche.id, "depot": catalogue.depot().id, "lieux": couples, "articles": ids}


def _corps(rang: int) -> dict[str, Any]:
    """A body, with a SIREN no other has."""
    racine = f"30{rang:06}"
    nom = {"nom": f"Commune {rang}", "nom_recherche": f"commune {rang}"}
    return nom | {"siren": racine + luhn.calc_check_digit(racine), "type": TypeCollectivite.COMMUNE}


def charger_une_campagne(base: dict[str, Any], intitule: str) -> int:
    """A closed campagne where every body has a committed order of every article; returns its id."""
    campagne = Campagne(
        marche_id=base["marche"],
        depot_id=base["depot"],
        intitule=intitule,
        du=DU,
        au=AU,
        etat=EtatCampagne.CLOSE,
        close_le=LE,
    )
    db.session.add(campagne)
    db.session.flush()
    lieux = [lieu for lieu, _ in base["lieux"]]
    valeurs = {
        "campagne_id": literal(campagne.id),
        "collectivite_id": PointDeLivraison.collectivite_id,
        "point_de_livraison_id": PointDeLivraison.id,
        "mode": literal(ModeDeRemise.LIVRAISON.value),
        "etat": literal(EtatCommande.VALIDEE.value),
        "validee_le": literal(LE, Commande.validee_le.type),
        "modifiee_le": literal(LE, Commande.modifiee_le.type),
    }
    commandes = select(*valeurs.values()).where(PointDeLivraison.id.between(min(lieux), max(lieux)))
    db.session.execute(insert(Commande).from_select(list(valeurs), commandes.order_by(PointDeLivraison.id)))
    colonnes = ("commande_id", "article_id", "rang", "unites", "unites_acceptees_en_plus")
    db.session.execute(insert(LigneCommande).from_select(colonnes, _lignes(campagne.id, base["articles"])))
    db.session.commit()
    return campagne.id


def _lignes(campagne_id: int, articles: list[int]) -> Select[Any] | CompoundSelect[Any]:
    """Every order with every article, in quantities that differ; one body in five takes a little more."""
    i = (func.row_number().over(order_by=Commande.id) - 1).label("i")
    j = (func.row_number().over(order_by=Article.id) - 1).label("j")
    corps = select(Commande.id, i).where(Commande.campagne_id == campagne_id).subquery()
    choix = select(Article.id, j).where(Article.id.in_(articles)).subquery()
    i, j = corps.c.i, choix.c.j
    return (
        select(
            corps.c.id,
            choix.c.id,
            literal(LE, LigneCommande.rang.type),
            1 + (i * 37 + j * 11) % 240,
            case((i % 5 == 0, (i + j) % 7), else_=0),
        )
        .join_from(corps, choix, literal(True))
        .order_by(corps.c.id, choix.c.id)
    )
