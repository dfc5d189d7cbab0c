"""Marchés and the terms of their lots."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from groupement.catalogue.models import Article, Lot, Marche, Titulaire
from groupement.catalogue.rules.termes import TermesLot, TermesMarche, fautes_du_lot, fautes_du_marche
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter

CHAMPS_DU_LOT = tuple(champ.name for champ in fields(TermesLot) if champ.name not in ("fournisseur_id", "suivants"))


def creer_marche(termes: TermesMarche, lots: Sequence[TermesLot], *, par: Auteur, le: datetime) -> Marche:
    """Create a marché with its lots, numbered from 1 in their order, each with its titulaire.

    Raises RegleRefusee when a number is taken, a date is impossible, a ceiling is missing, or there is no lot.
    """
    if db.session.scalar(select(Marche.id).where(Marche.numero == termes.numero)) is not None:
        raise RegleRefusee(f"Le marché «\u00a0{termes.numero}\u00a0» existe déjà.")
    if not lots:
        raise RegleRefusee("Un marché a au moins un lot.")
    _refuser([*fautes_du_marche(termes).values(), *(faute for lot in lots for faute in fautes_du_lot(lot).values())])
    marche = Marche(**asdict(termes))
    for numero, termes_du_lot in enumerate(lots, start=1):
        lot = Lot(numero=numero, **_colonnes(termes_du_lot))
        for rang, fournisseur_id in enumerate((termes_du_lot.fournisseur_id, *termes_du_lot.suivants), start=1):
            lot.titulaires.append(Titulaire(fournisseur_id=fournisseur_id, rang=rang))
        marche.lots.append(lot)
    db.session.add(marche)
    db.session.flush()
    noter("marche", marche.id, "creer", par=par, le=le, resume=f"{marche.numero}, {len(lots)} lots")
    return marche


def modifier_lot(lot: Lot, termes: TermesLot, *, par: Auteur, le: datetime) -> None:
    """Change the terms of a lot; the journal keeps the old ones. Raises RegleRefusee for impossible terms.

    Once the marché is notified, its ceiling and its titulaire change by an avenant only.
    """
    _refuser(list(fautes_du_lot(termes).values()))
    _garder_ce_qui_est_signe(lot, termes, jour_a_paris(le))
    if termes.un_bon_par_lieu and not lot.un_bon_par_lieu:
        _exiger_des_colis_entiers(lot)
    avant, apres = _lisible(termes_du_lot(lot)), _lisible(termes)
    changes = {champ: [avant[champ], apres[champ]] for champ in avant if avant[champ] != apres[champ]}
    if not changes:
        return
    for champ, valeur in _colonnes(termes).items():
        setattr(lot, champ, valeur)
    lot.titulaires[0].fournisseur_id = termes.fournisseur_id
    db.session.flush()
    db.session.expire(lot.titulaires[0], ["fournisseur"])
    noter("lot", lot.id, "modifier", par=par, le=le, resume=f"lot {lot.numero}, {lot.intitule}", details=changes)


def _exiger_des_colis_entiers(lot: Lot) -> None:
    """Raise RegleRefusee while members may order less than a pack of something: a place is sent sealed packs."""
    partages = select(Article.reference).where(Article.lot_id == lot.id, Article.fractionnable).order_by(Article.id)
    references = db.session.scalars(partages).all()
    if references:
        raise RegleRefusee(
            f"Un bon par lieu ne livre que des colis entiers, et {', '.join(references[:5])} se commande à l’unité. "
            "Ouvrez chaque article au catalogue, choisissez «\u00a0Exiger des colis entiers\u00a0», puis revenez ici."
        )


def est_notifie(marche: Marche, le: date) -> bool:
    """Whether the contract binds: what it says is changed by acts from then on."""
    return le >= marche.notifie_le


def _garder_ce_qui_est_signe(lot: Lot, termes: TermesLot, le: date) -> None:
    """A signed lot keeps its ceiling and its first titulaire."""
    if not est_notifie(lot.marche, le):
        return
    if termes.plafond_ht != lot.plafond_ht:
        raise RegleRefusee("Le marché est notifié\u00a0: son plafond change par un avenant.")
    if termes.fournisseur_id != lot.titulaires[0].fournisseur_id:
        raise RegleRefusee(
            "Le marché est notifié\u00a0: son titulaire change par un acte daté, page «\u00a0Titulaires\u00a0»."
        )


def termes_du_lot(lot: Lot) -> TermesLot:
    """The terms a lot has now."""
    valeurs = {champ: getattr(lot, champ) for champ in CHAMPS_DU_LOT}
    return TermesLot(fournisseur_id=lot.titulaires[0].fournisseur_id, **valeurs)


def empreinte_du_lot(lot: Lot) -> str:
    """A short mark of the terms as they are, carried by the form: it tells whether somebody changed them meanwhile."""
    texte = json.dumps(_lisible(termes_du_lot(lot)), sort_keys=True)
    return hashlib.sha256(texte.encode()).hexdigest()[:16]


def _colonnes(termes: TermesLot) -> dict[str, Any]:
    """The terms as columns of `lot`."""
    return {champ: getattr(termes, champ) for champ in CHAMPS_DU_LOT}


def _lisible(termes: TermesLot) -> dict[str, str | None]:
    """The terms as text, for the journal: amounts with their centimes, however they were typed."""
    return {
        champ: None if valeur is None else f"{valeur:.2f}" if isinstance(valeur, Decimal) else str(valeur)
        for champ, valeur in asdict(termes).items()
    }


def _refuser(fautes: list[str]) -> None:
    """All that is wrong in one refusal."""
    if fautes:
        raise RegleRefusee(" ".join(fautes))
