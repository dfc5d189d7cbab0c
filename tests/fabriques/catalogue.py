"""Suppliers, marchés, lots, articles with their prices, depots. Each function writes and flushes; the test commits.

Whatever a test does not say gets a plausible value; numbers follow the rows already there, so nothing collides.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from groupement.adherents.models import Convention
from groupement.catalogue.models import Article, Fournisseur, Lot, Marche, PalierPrix, PrixArticle, Titulaire
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.rules.recherche import texte_de_recherche
from groupement.socle.db import db
from groupement.stock.models import Depot

DU = date(2026, 1, 1)
AU = date(2029, 12, 31)
MAISONS = ("Cartonnages de la Lys", "Rayonnages de l’Artois", "Reliures du Ternois", "Papeteries de la Canche")
VILLES = (("62400", "Béthune"), ("62000", "Arras"), ("62130", "Saint-Pol-sur-Ternoise"), ("62140", "Hesdin"))
INTITULES = ("Boîtes et conditionnement", "Rayonnages", "Reliures et registres")


def _compte(modele: type[Any]) -> int:
    """How many rows there are, to number the next one."""
    return db.session.scalar(select(func.count()).select_from(modele)) or 0


def _ecrire(objet: Any) -> Any:
    """Add and flush, so that the object has its id."""
    db.session.add(objet)
    db.session.flush()
    return objet


def siret_fictif(rang: int) -> str:
    """A SIRET with right check digits that no body holds: 999 …"""
    siren = _avec_cle(f"999{rang:05d}")
    return _avec_cle(f"{siren}0001")


def _avec_cle(chiffres: str) -> str:
    """`chiffres` and the Luhn digit that closes them."""
    doubles = [int(c) * (2 if rang % 2 == 0 else 1) for rang, c in enumerate(reversed(chiffres))]
    return chiffres + str(-sum(d - 9 if d > 9 else d for d in doubles) % 10)


def paliers(texte: str) -> tuple[Palier, ...]:
    """Tiers as the BPU writes them: `25:1.74|250:1.61`."""
    couples = (morceau.split(":") for morceau in texte.split("|"))
    return tuple(Palier(int(seuil), Decimal(prix)) for seuil, prix in couples)


def convention_du_catalogue() -> Convention:
    """The convention marchés rest on: the first there is, or a new one."""
    existante = db.session.scalars(select(Convention).order_by(Convention.id).limit(1)).one_or_none()
    return existante or _ecrire(
        Convention(intitule="Convention constitutive du groupement", version="2025-1", adoptee_le=date(2025, 3, 1))
    )


def fournisseur(nom: str | None = None, **champs: Any) -> Fournisseur:
    """A fictitious supplier of Pas-de-Calais."""
    rang = _compte(Fournisseur)
    code_postal, ville = VILLES[rang % len(VILLES)]
    valeurs = {
        "nom": nom or f"{MAISONS[rang % len(MAISONS)]} (fictif)",
        "siret": siret_fictif(rang),
        "courriel": f"commandes{rang}@fournisseur.example.org",
        "adresse": f"{rang + 1} rue du Beffroi",
        "code_postal": code_postal,
        "ville": ville,
    }
    return _ecrire(Fournisseur(**{**valeurs, **champs}))


def marche(*, lots: int = 0, convention: Convention | None = None, **champs: Any) -> Marche:
    """A marché running 2026–2029, without lots unless `lots` says how many."""
    rang = _compte(Marche) + 1
    valeurs = {
        "numero": f"2026-ARCH-{rang:02d}",
        "objet": "Fournitures d’archivage, rayonnages et reliures",
        "consultation_le": date(2025, 9, 1),
        "notifie_le": date(2025, 12, 15),
        "du": DU,
        "au": AU,
    }
    cree = _ecrire(Marche(convention=convention or convention_du_catalogue(), **{**valeurs, **champs}))
    for _ in range(lots):
        lot(cree)
    return cree


def lot(marche_du_lot: Marche | None = None, *, titulaire: Fournisseur | None = None, **champs: Any) -> Lot:
    """A lot with its titulaire; numbered after the lots of its marché."""
    marche_du_lot, titulaire = marche_du_lot or marche(), titulaire or fournisseur()
    rang = db.session.scalar(select(func.count()).where(Lot.marche_id == marche_du_lot.id)) or 0
    valeurs = {
        "numero": rang + 1,
        "intitule": INTITULES[rang % len(INTITULES)],
        "plafond_ht": Decimal("200000.00"),
    }
    cree = Lot(marche=marche_du_lot, **{**valeurs, **champs})
    cree.titulaires.append(Titulaire(fournisseur=titulaire, rang=1))
    return _ecrire(cree)


def article(
    lot_de_l_article: Lot | None = None,
    *,
    paliers: str | Iterable[Palier] | None = "25:1.74|250:1.61|1000:1.48",
    du: date | None = None,
    **champs: Any,
) -> Article:
    """A conservation box of 10 cm in packs of 25, at these prices from `du` (the start of the marché) on.

    `paliers=None`: an article without a price.
    """
    lot_de_l_article = lot_de_l_article or lot()
    rang = _compte(Article) + 1
    valeurs: dict[str, Any] = {
        "reference": f"BTE-{rang:04d}",
        "designation": "Boîte de conservation carton permanent cannelé dos 10 cm",
        "famille": "boite",
        "unite": "piece",
        "unites_par_colis": 25,
        "tva_pct": Decimal("20.00"),
        "dimensions": "330x250x100",
        "dos_mm": 100,
        "profondeur_mm": 330,
        "hauteur_mm": 250,
        "poids_g": 260,
        "norme": "ISO 16245-A; ISO 9706",
        "capacite_mm": 100,
        **champs,
    }
    trouve_par = (valeurs[champ] for champ in ("reference", "designation", "famille", "norme"))
    valeurs.setdefault("recherche", texte_de_recherche(*trouve_par))
    cree = _ecrire(Article(lot=lot_de_l_article, **valeurs))
    if paliers is not None:
        prix(cree, paliers, du=du or lot_de_l_article.marche.du)
    return cree


def titulaire(
    lot_du_titulaire: Lot, nom: str | None = None, prix_de: Mapping[Article, str] | None = None, **termes: Any
) -> Titulaire:
    """One more titulaire, last in rank, with its own prices since the start of the marché: `{boite: "25:1.80"}`."""
    rang = len(lot_du_titulaire.titulaires) + 1
    cree = Titulaire(lot=lot_du_titulaire, fournisseur=fournisseur(nom), rang=rang, **termes)
    _ecrire(cree)
    db.session.expire(lot_du_titulaire, ["titulaires"])
    for article_vendu, tiers in (prix_de or {}).items():
        prix(article_vendu, tiers, du=lot_du_titulaire.marche.du, de=cree.fournisseur)
    return cree


def prix(
    article_du_prix: Article, tiers: str | Iterable[Palier], *, du: date, de: Fournisseur | None = None
) -> PrixArticle:
    """New prices of an article from a day on; `de`: the titulaire of another rank whose own they are."""
    echelons = paliers(tiers) if isinstance(tiers, str) else tuple(tiers)
    lignes = [PalierPrix(a_partir_de=p.a_partir_de, prix_unitaire_ht=p.prix_unitaire_ht) for p in echelons]
    return _ecrire(
        PrixArticle(
            article_id=article_du_prix.id, fournisseur_id=de.id if de else None, du=du, source="essai", paliers=lignes
        )
    )


def depot(nom: str | None = None, **champs: Any) -> Depot:
    """Where the Centre de gestion keeps stock."""
    valeurs = {
        "nom": nom or f"Dépôt {_compte(Depot) + 1} de Bruay-la-Buissière",
        "adresse": "Allée du Château, Labuissière",
        "code_postal": "62700",
        "ville": "Bruay-la-Buissière",
    }
    return _ecrire(Depot(**{**valeurs, **champs}))
