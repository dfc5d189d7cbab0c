"""Everything about one member on its page: what the upper floors know of it, for the sheet that adherents draws.

The sheet calls `vie_du_membre(collectivite, adhesions)`. A reader is told of a kind of object only when they may open
its list: rights are those of the routes, written once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, current_app, g, url_for

from groupement.adherents.models import Adhesion, Collectivite
from groupement.adherents.rules.adhesion import (
    FaitsAdhesion,
    motif_de_refus_de_commander,
    motif_de_refus_du_lot,
)
from groupement.catalogue.models import Lot, Marche
from groupement.commandes.states import EtatCommande
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.livraisons.states import EtatLivraison
from groupement.prestations.states import EtatMission, EtatPrestation
from groupement.refacturation.states import ETATS_DUS, EtatFacture
from groupement.socle.calendrier import aujourdhui, jour_a_paris
from groupement.socle.etats import EtatLibelle
from groupement.tableau_de_bord import annee
from groupement.tableau_de_bord import membre_lectures as lectures

bp = Blueprint("membre", __name__)


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of object: its list, its page, the name of the page's number, its states, what the section says."""

    index: str
    page: str
    numero: str
    etats: type[EtatLibelle]
    titre: str
    icone: str
    vide: str
    filtre: str = "siren"  # what the list is searched by, for the Centre de gestion


GENRES = {
    "commandes": Genre("commandes.index", "commandes.show", "commande_id", EtatCommande, "Commandes", "list-check",
                       "Aucune commande pour l’instant."),
    "livraisons": Genre("livraisons.index", "livraisons.show", "livraison_id", EtatLivraison, "Livraisons et bons",
                        "truck", "Rien n’a encore été commandé au fournisseur.", "nom"),
    "factures": Genre("factures.index", "factures.show", "facture_id", EtatFacture, "Factures", "receipt",
                      "Aucune facture pour l’instant."),
    "etats_des_lieux": Genre("etats_des_lieux.index", "etats_des_lieux.show", "etat_id", EtatEtatDesLieux,
                             "États des lieux", "rulers", "Aucun état des lieux pour l’instant."),
    "missions": Genre("missions.index", "missions.show", "mission_id", EtatMission, "Missions d’archiviste",
                      "calendar-check", "Aucune mission pour l’instant."),
    "sesam": Genre("adhesions_sesam.index", "", "", EtatPrestation, "Contributions SESAM", "archive",
                   "Aucune contribution appelée."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of object on the page: the latest ones, and the list of all of them."""

    cle: str
    genre: Genre
    url: str
    lignes: list[tuple[lectures.Ligne, EtatLibelle, str, bool]]  # (object, state, address, late)


@dataclass(frozen=True, slots=True)
class Droit:
    """May the body order of a lot of a marché; why not, when it may not."""

    marche: Marche
    refus: str | None
    lots: list[tuple[Lot, str | None]]


@dataclass(frozen=True, slots=True)
class Vie:
    """What the sheet shows above its own sections, and below."""

    chiffres: Any
    etapes: list[annee.Etape]
    prochaine: str
    droits: list[Droit]
    sections: list[Section]
    urls: dict[str, str]  # the list of each kind the reader may open


@bp.record
def _donner_la_vie(etat: Any) -> None:
    """The template of the sheet calls `vie_du_membre(collectivite, adhesions)`."""
    etat.app.jinja_env.globals["vie_du_membre"] = vie_du_membre


def vie_du_membre(collectivite: Collectivite, adhesions: Sequence[Adhesion]) -> Vie:
    """Four statements, whatever there is to show."""
    le = aujourdhui()
    conventions = [adhesion.convention_id for adhesion in adhesions]
    urls = {cle: _url(genre, collectivite) for cle, genre in GENRES.items() if _peut_ouvrir(genre.index)}
    droits = _droits(adhesions, lectures.marches_et_lots(conventions))
    chiffres = lectures.chiffres(collectivite.id, le)
    lignes = lectures.derniers(collectivite.id, list(urls))
    faits = _faits(collectivite, adhesions, chiffres, droits, lignes)
    return Vie(
        chiffres=chiffres,
        etapes=[replace(etape, url=urls.get(CHEMINS.get(etape.libelle, ""), "")) for etape in annee.etapes(faits)],
        prochaine=annee.prochaine_etape(faits, le),
        droits=droits,
        sections=[_section(cle, urls[cle], lignes, le) for cle in urls],
        urls=urls,
    )


CHEMINS = {
    "État des lieux": "etats_des_lieux",
    "Commande": "commandes",
    "Livraison": "livraisons",
    "Paiement": "factures",
}


def _peut_ouvrir(endpoint: str) -> bool:
    """The reader has one of the roles the route names."""
    vue: Any = current_app.view_functions[endpoint]
    return bool(g.contexte.a_role(*vue.roles))


def _url(genre: Genre, collectivite: Collectivite) -> str:
    """The list, narrowed to the body for whoever sees several."""
    if g.contexte.collectivite_id is not None:
        return url_for(genre.index)
    toutes: dict[str, Any] = {"vue": "toutes"} if genre.index == "livraisons.index" else {}
    return url_for(genre.index, q=getattr(collectivite, genre.filtre), **toutes)


def _section(cle: str, url: str, lignes: list[lectures.Ligne], le: date) -> Section:
    """The objects of a kind, each with its page and whether it is late."""
    genre = GENRES[cle]

    def adresse(ligne: lectures.Ligne) -> str:
        """The page of an object, for who may open it."""
        numero: dict[str, Any] = {genre.numero: ligne.id}
        return url_for(page, **numero) if page else ""

    page = genre.page if genre.page and _peut_ouvrir(genre.page) else ""
    siennes = [
        (
            ligne,
            genre.etats(ligne.etat),
            adresse(ligne),
            ligne.echeance is not None and ligne.echeance < le and ligne.etat in ETATS_DUS,
        )
        for ligne in lignes
        if ligne.genre == cle
    ]
    return Section(cle, genre, url, siennes)


def _droits(adhesions: Sequence[Adhesion], marches: Sequence[Any]) -> list[Droit]:
    """What the body may order, marché by marché and lot by lot, under the convention each rests on."""
    par_convention = {adhesion.convention_id: adhesion for adhesion in adhesions}
    droits: dict[int, Droit] = {}
    for marche, lot in marches:
        adhesion = par_convention[marche.convention_id]
        faits = FaitsAdhesion(adhesion.etat, adhesion.signee_le)
        refus = motif_de_refus_de_commander(faits, marche.consultation_le)
        droit = droits.setdefault(marche.id, Droit(marche, refus, []))
        droit.lots.append((lot, refus or motif_de_refus_du_lot(adhesion.lots, lot.numero, lot.intitule)))
    return list(droits.values())


def _faits(
    collectivite: Collectivite,
    adhesions: Sequence[Adhesion],
    chiffres: Any,
    droits: list[Droit],
    lignes: list[lectures.Ligne],
) -> annee.Faits:
    """What the year rests on."""
    adhesion = adhesions[0] if adhesions else None
    audit = next((ligne for ligne in lignes if ligne.genre == "etats_des_lieux"), None)
    derniere = lectures.derniere_campagne(collectivite.id, [a.convention_id for a in adhesions])
    campagne, commande = derniere if derniere is not None else (None, None)
    return annee.Faits(
        intention_le=jour_a_paris(chiffres.intention_le) if chiffres.intention_le else None,
        adhesion=adhesion.etat if adhesion else "",
        signee_le=adhesion.signee_le if adhesion else None,
        refus=next((d.refus for d in droits if campagne and d.marche.id == campagne.marche_id), None),
        audit=audit.etat if audit else "",
        audit_le=audit.jour if audit else None,
        campagne=campagne.intitule if campagne else "",
        campagne_etat=campagne.etat if campagne else "",
        campagne_au=campagne.au if campagne else None,
        commande=commande or "",
        **{nom: getattr(chiffres, nom) for nom in ("a_recevoir", "recues", "factures", "dues", "en_retard")},
        echeance_le=chiffres.echeance_le,
    )
