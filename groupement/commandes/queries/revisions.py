"""A bon about to change: the locked door to it, and everything its revision is worked out from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.catalogue.models import Lot
from groupement.catalogue.rules.prix import Palier
from groupement.catalogue.states import PorteePalier
from groupement.commandes.models import Affectation, BonDeCommande, LigneBon, PartDePort
from groupement.commandes.queries.bons import bon_visible, lignes_du_bon
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.offres import deja_achetees
from groupement.commandes.queries.titulaires import prix_du_bon, titulaire_du_bon
from groupement.commandes.rules.bon_a_reviser import BonAReviser
from groupement.commandes.rules.demandes import TVA_DU_PORT_PCT
from groupement.commandes.rules.lignes_revisees import LigneAReviser, Part
from groupement.commandes.states import SANS_EFFET
from groupement.socle.argent import en_centimes
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture

AU_DEPOT = "Dépôt du Centre de gestion"


def bon_tenu(bon_id: int, contexte: Contexte) -> BonDeCommande:
    """The bon, held with its campagne and its lot (whose ceiling it engages) until the commit; 404 as `bon_visible`."""
    verrouiller_ecriture()
    bon = bon_visible(bon_id, contexte)
    campagne_verrouillee(bon.campagne_id)
    db.session.execute(select(Lot.id).where(Lot.id == bon.lot_id).with_for_update())
    return bon_visible(bon_id, contexte, verrou=True)


def autres_bons_ht(bon: BonDeCommande) -> Decimal:
    """What the other bons of the lot engage, € HT; cancelled ones do not count."""
    somme = select(func.sum(BonDeCommande.total_ht)).where(
        BonDeCommande.lot_id == bon.lot_id, BonDeCommande.id != bon.id, BonDeCommande.etat.not_in(SANS_EFFET)
    )
    return db.session.scalar(somme) or Decimal("0.00")


def bon_a_reviser(bon: BonDeCommande, retirables: Mapping[int, int] | None) -> BonAReviser:
    """The bon as the rule wants it; `retirables`: what can still be taken off, by affectation (None: everything).

    Nine statements at most, whatever the members.
    """
    parts = db.session.execute(_parts(bon.id)).all()
    ports = db.session.execute(
        select(PartDePort.collectivite_id, PartDePort.montant_ht, PartDePort.tva_pct, PartDePort.montant_facture_ht)
        .where(PartDePort.bon_id == bon.id)
        .order_by(PartDePort.id)
    ).all()
    return BonAReviser(
        revision=bon.revision,
        emis_le=jour_a_paris(bon.emis_le),
        a_livrer_avant_le=bon.a_livrer_avant_le,
        port_ht=bon.port_ht,
        tva_port_pct=ports[0].tva_pct if ports else TVA_DU_PORT_PCT,
        total_ht=bon.total_ht,
        plafond_ht=bon.lot.plafond_ht,
        autres_bons_ht=autres_bons_ht(bon),
        lignes=_lignes(bon, parts, retirables),
        ports={port.collectivite_id: en_centimes(port.montant_ht) for port in ports if port.montant_ht},
        noms=_noms(bon.id),
        lieux=_lieux(bon.id),
        port_facture=any(port.montant_facture_ht for port in ports),
        lieu=bon.lieu,
    )


def _parts(bon_id: int) -> Select[*tuple[Any, ...]]:
    """Every affectation of the bon, by article and rank, the depot's last."""
    return (
        select(
            *(Affectation.id, Affectation.ligne_bon_id, Affectation.collectivite_id, Affectation.unites),
            *(Affectation.point_de_livraison_id, Affectation.unites_en_plus, Affectation.montant_ht),
            *(Affectation.unites_admises, Affectation.unites_facturees),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == bon_id)
        .order_by(Affectation.ligne_bon_id, Affectation.collectivite_id.is_(None), Affectation.rang, Affectation.id)
    )


def _lignes(
    bon: BonDeCommande, parts: Sequence[Any], retirables: Mapping[int, int] | None
) -> tuple[LigneAReviser, ...]:
    """The articles of the bon with their parts, and the tiers of the day of issue."""
    par_ligne: dict[int, list[Any]] = defaultdict(list)
    for part in parts:
        par_ligne[part.ligne_bon_id].append(part)
    lignes = lignes_du_bon(bon.id)
    prix = prix_du_bon(bon, [ligne.article_id for ligne in lignes])
    deja = deja_achetees(bon.campagne, [bon.lot], {bon.lot_id: titulaire_du_bon(bon)})[bon.lot_id]
    par_bon = bon.lot.portee_palier is PorteePalier.BON
    return tuple(
        _ligne(
            ligne,
            par_ligne[ligne.id],
            retirables,
            prix.get(ligne.article_id, ()),
            0 if par_bon else deja.get(ligne.article_id, 0) - ligne.unites,
        )
        for ligne in lignes
    )


def _ligne(
    ligne: LigneBon, lues: Sequence[Any], retirables: Mapping[int, int] | None, paliers: tuple[Palier, ...], deja: int
) -> LigneAReviser:
    """An article as the rule wants it."""
    parts = [_part(lue, lue.unites if retirables is None else retirables.get(lue.id, 0)) for lue in lues]
    depot = [part for part in parts if part.collectivite_id is None]
    en_stock = any(lue.unites_admises for lue in lues if lue.collectivite_id is None)
    return LigneAReviser(
        *(ligne.id, ligne.reference, ligne.designation, ligne.unites_par_colis),
        *(ligne.unites_demandees, ligne.unites_du_stock, ligne.unites),
        *(ligne.prix_unitaire_ht, ligne.tva_pct, ligne.montant_ht),
        membres=tuple(part for part in parts if part.collectivite_id is not None),
        depot=depot[0] if depot else None,
        paliers=paliers,
        deja_achetees=deja,
        figee=en_stock or any(lue.unites_facturees for lue in lues),
        entamee=any(lue.unites_admises for lue in lues),
    )


def _part(lue: Any, retirables: int) -> Part:
    """What a body or the depot has of an article."""
    return Part(
        *(lue.id, lue.collectivite_id, lue.unites, lue.unites_en_plus, en_centimes(lue.montant_ht)),
        retirables=retirables,
        point_id=lue.point_de_livraison_id,
    )


def corps_du_bon(bon_id: int) -> Select[int | None]:
    """The bodies a bon serves."""
    return (
        select(Affectation.collectivite_id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == bon_id, Affectation.collectivite_id.is_not(None))
    )


def _noms(bon_id: int) -> dict[int, str]:
    """The names of the bodies, by name."""
    lignes = db.session.execute(
        select(Collectivite.id, Collectivite.nom)
        .where(Collectivite.id.in_(corps_du_bon(bon_id)))
        .order_by(Collectivite.nom_recherche, Collectivite.id)
    )
    return {corps: nom for corps, nom in lignes}


def _lieux(bon_id: int) -> dict[int, dict[int | None, str]]:
    """The places each body may take delivery at, the depot first; a closed one only where the bon still goes to it."""
    servis = (
        select(Affectation.point_de_livraison_id)
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .where(LigneBon.bon_id == bon_id, Affectation.point_de_livraison_id.is_not(None))
    )
    lignes = db.session.execute(
        select(PointDeLivraison.collectivite_id, PointDeLivraison.id, PointDeLivraison.libelle, PointDeLivraison.ville)
        .where(PointDeLivraison.collectivite_id.in_(corps_du_bon(bon_id)))
        .where(or_(PointDeLivraison.actif, PointDeLivraison.id.in_(servis)))
        .order_by(PointDeLivraison.id)
    )
    lieux: dict[int, dict[int | None, str]] = defaultdict(lambda: {None: AU_DEPOT})
    for corps, point_id, libelle, ville in lignes:
        lieux[corps][point_id] = f"{libelle}, {ville}"
    return lieux
