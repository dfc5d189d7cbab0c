"""What the comptable sees before and after a run: campagnes with something to bill, the preview, the runs done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Marche
from groupement.commandes.models import Affectation, Campagne
from groupement.commandes.states import NatureCampagne
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.montants import (
    a_crediter_membres,
    bases,
    bases_par_commande,
    en_montant,
    lignes_facturables,
    sommes,
)
from groupement.refacturation.queries.preuves import preuves_des_bons
from groupement.refacturation.rules.partage import BasesMembre, PartageTva, partager_tva
from groupement.refacturation.rules.preuve import Preuve
from groupement.refacturation.rules.tva import LigneTva
from groupement.refacturation.states import ModeTva
from groupement.socle.db import db

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Apercu:
    """What the next run of a campagne would bill, and its proof. `exact` is what modes B and C would bill.

    `membres` counts the factures: one a body, or one an order for urgent ones.
    """

    campagne: Campagne
    mode: ModeTva
    membres: int
    partage: PartageTva
    exact: PartageTva
    preuve: Preuve
    tva: tuple[LigneTva, ...]
    a_crediter: Sequence[Any]

    @property
    def total_ht(self) -> Decimal:
        """The factures together, before tax."""
        return self.preuve.factures_ht

    @property
    def total_ttc(self) -> Decimal:
        """The factures together."""
        return self.total_ht + self.partage.tva_membres


def campagnes_a_facturer() -> Sequence[Any]:
    """Campagnes with something to bill: amount HT and number of bodies, the oldest first. One statement."""
    return db.session.execute(_campagnes_a_facturer()).all()


@cache
def _campagnes_a_facturer() -> Select[*tuple[Any, ...]]:
    """The select of these campagnes, built once."""
    lignes = lignes_facturables()
    somme = sommes(lignes)
    par_corps = (
        select(lignes.c.campagne_id, lignes.c.collectivite_id, somme["total"].label("total"))
        .group_by(lignes.c.campagne_id, lignes.c.collectivite_id)
        .having(somme["total"] > 0)
        .subquery("comptes")
    )
    return (
        select(
            Campagne,
            func.count(par_corps.c.collectivite_id).label("membres"),
            en_montant(func.sum(par_corps.c.total), "total_ht"),
        )
        .join(par_corps, par_corps.c.campagne_id == Campagne.id)
        .group_by(Campagne.id)
        .order_by(Campagne.du, Campagne.id)
    )


def campagne_facturable(campagne_id: int) -> Campagne:
    """The campagne with its marché; 404 when there is none. Only the Centre de gestion comes here."""
    marche = joinedload(Campagne.marche).joinedload(Marche.convention)
    return db.one_or_404(select(Campagne).where(Campagne.id == campagne_id).options(marche))


def apercu(campagne: Campagne, mode: ModeTva) -> Apercu:
    """What a run would bill now, from sums made by the database: seven statements, however many members."""
    par_membre: dict[int, dict[Decimal, Decimal]] = defaultdict(dict)
    des_comptes = bases_par_commande if campagne.nature is NatureCampagne.DEPANNAGE else bases
    for compte, taux, base in db.session.execute(des_comptes(campagne.id)):
        par_membre[compte][taux] = base
    membres = [BasesMembre(m, lues) for m, lues in par_membre.items() if sum(lues.values(), ZERO) > 0]
    partage = partager_tva(mode.value, membres)
    factures_ht = sum((total.total_ht for total in partage.membres), ZERO)
    return Apercu(
        campagne=campagne,
        mode=mode,
        membres=len(membres),
        partage=partage,
        exact=partager_tva(ModeTva.C.value, membres),
        preuve=Preuve(preuves_des_bons(campagne.id), factures_ht),
        tva=tva_cumulee(partage),
        a_crediter=a_crediter(campagne.id),
    )


def tva_cumulee(partage: PartageTva) -> tuple[LigneTva, ...]:
    """VAT of all the factures, rate by rate, highest first."""
    cumul: dict[Decimal, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for tva in (ligne for total in partage.membres for ligne in total.tva):
        cumul[tva.taux_pct][0] += tva.base_ht
        cumul[tva.taux_pct][1] += tva.montant
    return tuple(LigneTva(taux, base, montant) for taux, (base, montant) in sorted(cumul.items(), reverse=True))


def a_crediter(campagne_id: int) -> Sequence[Any]:
    """Réfactions that no facture can take off any more, with the last facture that billed their pieces."""
    lignes = a_crediter_membres()
    derniere = (
        select(LigneFacture.affectation_id, func.max(LigneFacture.facture_id).label("facture_id"))
        .group_by(LigneFacture.affectation_id)
        .subquery("derniere")
    )
    requete = (
        select(
            Collectivite.nom,
            Article.designation,
            en_montant(-lignes.c.net, "montant_ht"),
            Facture.id.label("facture_id"),
            Facture.numero,
        )
        .join(Affectation, Affectation.id == lignes.c.affectation_id)
        .join(Article, Article.id == Affectation.article_id)
        .join(Collectivite, Collectivite.id == lignes.c.collectivite_id)
        .outerjoin(derniere, derniere.c.affectation_id == lignes.c.affectation_id)
        .outerjoin(Facture, Facture.id == derniere.c.facture_id)
        .where(lignes.c.campagne_id == campagne_id)
        .order_by(Collectivite.nom_recherche, Affectation.id)
    )
    return db.session.execute(requete).all()


def refacturations(limite: int = 20) -> Sequence[Refacturation]:
    """The last runs, newest first."""
    return db.session.scalars(
        select(Refacturation)
        .options(joinedload(Refacturation.campagne))
        .order_by(Refacturation.id.desc())
        .limit(limite)
    ).all()


def refacturation_visible(refacturation_id: int) -> Refacturation:
    """The run; 404 when there is none. Only the Centre de gestion comes here."""
    return db.one_or_404(
        select(Refacturation)
        .where(Refacturation.id == refacturation_id)
        .options(joinedload(Refacturation.campagne).joinedload(Campagne.marche))
    )


def en_json(run: Refacturation) -> dict[str, Any]:
    """The run for machines: its campagne, its factures, its totals and its proof; amounts as text. One statement."""
    factures = db.session.execute(
        select(Facture.numero, Collectivite.siren, Facture.total_ht, Facture.total_tva, Facture.total_ttc)
        .join(Collectivite, Collectivite.id == Facture.collectivite_id)
        .where(Facture.refacturation_id == run.id)
        .order_by(Facture.id)
    )
    totaux = ("total_ht", "total_tva", "total_ttc")
    return {
        "campagne": {"id": run.campagne_id, "intitule": run.intitule},
        "mode_tva": run.mode_tva.value,
        "factures": [
            {"numero": f.numero, "siren": f.siren, **{nom: str(getattr(f, nom)) for nom in totaux}} for f in factures
        ],
        "totaux": {nom: run.preuves[nom] for nom in totaux},
        "ecart_tva": run.preuves["ecart_tva"],
        "preuve": run.preuves["preuve"],
    }
