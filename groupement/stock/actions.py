"""Moving stock: every piece in or out is a line that nobody edits. Nothing here commits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select

from groupement.catalogue.models import Article
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.stock import queries
from groupement.stock.models import Depot, MouvementStock, ReserveDeStock
from groupement.stock.rules.valeur import CoutInconnu, Stock, StockInsuffisant, apres, valeur_du_mouvement

VIDE = Stock()


@dataclass(frozen=True, slots=True)
class Mouvement:
    """Pieces of an article in (+) or out (−). `valeur_ht` (€): what a way in cost; left out for a way out.

    A way in without a value takes the average cost of what lies there.
    """

    article_id: int
    unites: int
    valeur_ht: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lieu:
    """Where a depot is and who answers there."""

    nom: str
    adresse: str
    code_postal: str
    ville: str
    contact: str = ""
    telephone: str = ""
    horaires: str = ""
    livre: bool = False


def creer_depot(lieu: Lieu, *, par: Auteur, le: datetime) -> Depot:
    """Open a depot. Raises RegleRefusee when its name is taken."""
    _refuser_un_nom_pris(lieu.nom, None)
    depot = Depot(**asdict(lieu))
    db.session.add(depot)
    db.session.flush()
    noter("depot", depot.id, "creer", par=par, le=le, resume=depot.nom)
    return depot


def modifier_depot(depot: Depot, lieu: Lieu, *, par: Auteur, le: datetime) -> None:
    """Correct a depot; the journal keeps what changed. Raises RegleRefusee when its name is taken."""
    _refuser_un_nom_pris(lieu.nom, depot.id)
    changes = {
        champ: [getattr(depot, champ), valeur]
        for champ, valeur in asdict(lieu).items()
        if getattr(depot, champ) != valeur
    }
    for champ, (_, valeur) in changes.items():
        setattr(depot, champ, valeur)
    if changes:
        noter("depot", depot.id, "modifier", par=par, le=le, resume=depot.nom, details=changes)


def mouvementer(
    depot: Depot | int,
    article_id: int,
    unites: int,
    *,
    motif: str,
    par: Auteur,
    le: datetime,
    valeur_ht: Decimal | None = None,
    piece: str = "",
) -> Decimal:
    """Move one article; returns the signed value (€ HT) of the movement. See `mouvementer_plusieurs`."""
    ecrits = mouvementer_plusieurs(
        depot, [Mouvement(article_id, unites, valeur_ht)], motif=motif, par=par, le=le, piece=piece
    )
    return ecrits[0]


def mouvementer_plusieurs(
    depot: Depot | int, mouvements: Sequence[Mouvement], *, motif: str, par: Auteur, le: datetime, piece: str = ""
) -> list[Decimal]:
    """Write these movements in their order; the signed value (€ HT) of each. As many statements whatever their number.

    The depot is locked first, so that two people cannot take the same last box. Raises RegleRefusee, with the article
    in the sentence, when one would go below zero or come in at an unknown cost; nothing is written then.
    """
    depot_id = depot if isinstance(depot, int) else depot.id
    if not mouvements:
        return []
    verrouiller_depot(depot_id)
    valeurs = _valoriser(depot_id, mouvements)
    communs = {"depot_id": depot_id, "motif": motif, "piece": piece, "par": par.nom, "le": le}
    db.session.execute(
        insert(MouvementStock),
        [
            {"article_id": mouvement.article_id, "unites": mouvement.unites, "valeur_ht": valeur, **communs}
            for mouvement, valeur in zip(mouvements, valeurs, strict=True)
        ],
    )
    return valeurs


def inventorier(
    depot: Depot | int,
    comptes: Mapping[int, int],
    *,
    motif: str,
    par: Auteur,
    le: datetime,
    valeurs_ht: Mapping[int, Decimal] | None = None,
) -> dict[int, int]:
    """Write the differences between what was counted (pieces by article id) and what the books say, by article id.

    `valeurs_ht`: what pieces found cost together (€), needed for an article of which nothing was left.
    The books are read under the lock: what moved since the count sheet was printed is part of the difference.
    """
    depot_id = depot if isinstance(depot, int) else depot.id
    verrouiller_depot(depot_id)
    en_stock = queries.quantites_en_stock(depot_id, list(comptes))
    ecarts = {
        article_id: ecart
        for article_id, compte in comptes.items()
        if (ecart := compte - en_stock.get(article_id, (0, 0))[0])
    }
    connues = valeurs_ht or {}
    lignes = [
        Mouvement(article_id, ecart, connues.get(article_id) if ecart > 0 else None)
        for article_id, ecart in ecarts.items()
    ]
    mouvementer_plusieurs(depot_id, lignes, motif=f"Inventaire\u00a0: {motif}", par=par, le=le)
    return ecarts


def reserver_au_depot(depot_id: int, article_id: int, unites: int, *, par: Auteur, le: datetime) -> None:
    """Say how many pieces of an article the depot keeps for itself; 0 keeps none. Urgent orders take only the rest."""
    verrouiller_depot(depot_id)
    tenue = db.session.scalars(
        select(ReserveDeStock).where(ReserveDeStock.depot_id == depot_id, ReserveDeStock.article_id == article_id)
    ).one_or_none()
    avant = tenue.unites if tenue else 0
    if avant == unites:
        return
    if tenue is None:
        db.session.add(ReserveDeStock(depot_id=depot_id, article_id=article_id, unites=unites))
    elif unites:
        tenue.unites = unites
    else:
        db.session.delete(tenue)
    resume = f"{_reference(article_id)}\u00a0: {avant} → {unites}"
    noter("depot", depot_id, "fixer la réserve", par=par, le=le, resume=resume, details={"article": article_id})


def _refuser_un_nom_pris(nom: str, sauf_id: int | None) -> None:
    """One depot a name."""
    connu = db.session.scalars(select(Depot.id).where(Depot.nom == nom)).one_or_none()
    if connu not in (None, sauf_id):
        raise RegleRefusee("Un autre dépôt porte déjà ce nom.")


def verrouiller_depot(depot_id: int) -> None:
    """One at a time takes what lies there: SQLite's write lock, or the depot's row. Before reading quantities."""
    verrouiller_ecriture()
    db.session.execute(select(Depot.id).where(Depot.id == depot_id).with_for_update())


def _valoriser(depot_id: int, mouvements: Sequence[Mouvement]) -> list[Decimal]:
    """The value of each movement, several of one article following each other."""
    en_stock = queries.quantites_en_stock(depot_id, {mouvement.article_id for mouvement in mouvements})
    suivi = {article_id: Stock(unites, valeur) for article_id, (unites, valeur) in en_stock.items()}
    valeurs = []
    for mouvement in mouvements:
        stock = suivi.get(mouvement.article_id, VIDE)
        try:
            valeur = valeur_du_mouvement(stock, mouvement.unites, mouvement.valeur_ht)
        except (StockInsuffisant, CoutInconnu) as refus:
            raise RegleRefusee(f"{_reference(mouvement.article_id)}\u00a0: {refus}") from refus
        suivi[mouvement.article_id] = apres(stock, mouvement.unites, valeur)
        valeurs.append(valeur)
    return valeurs


def _reference(article_id: int) -> str:
    """How people name the article."""
    return db.session.scalars(select(Article.reference).where(Article.id == article_id)).one()
