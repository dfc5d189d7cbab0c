"""Campagnes ready to be billed and factures, made as the application makes them; each function flushes.

`FACTUREE_LE` is the morning after the admissions; `ECHUE_LE` a day after the factures of that morning are due.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from groupement.adherents.states import Role
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation, Campagne, Commande
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from groupement.stock.actions import Mouvement, mouvementer_plusieurs
from tests.fabriques import adherents, catalogue
from tests.fabriques.commandes import APRES, campagne, commande, membre

LIVREE_LE = date(2026, 12, 18)
ADMISE_LE = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
FACTUREE_LE = datetime(2026, 12, 22, 8, 30, tzinfo=UTC)
ECHUE_LE = datetime(2027, 1, 25, 9, 0, tzinfo=UTC)
NOMS = ("Béthune", "Calais", "Dainville", "Étaples", "Frévent", "Guînes", "Hesdin", "Isbergues")


def campagne_regroupee(
    combien: int = 3,
    *,
    articles: int = 2,
    port_ht: str | None = "45.00",
    unites: tuple[int, ...] = (30, 120, 17),
    en_stock: int = 0,
    **champs: Any,
) -> Campagne:
    """Bons issued for `combien` members who ask boxes (0,58 €, packs of 50) and folders (0,118 €, packs of 100, 5,5 %).

    The quantities asked turn over `unites`; shipping of 45 € is shared unless `port_ht` says otherwise; `en_stock`
    boxes at 0,50 € are served first.
    """
    port = {"franco_ht": Decimal("1000000.00"), "port_ht": Decimal(port_ht)} if port_ht else {"franco_ht": None}
    lot = catalogue.lot(plafond_ht=Decimal("10000000.00"), **port)
    lignes = [catalogue.article(lot, unites_par_colis=50, paliers=catalogue.paliers("50:0.58"))]
    for rang in range(articles - 1):
        lignes.append(
            catalogue.article(
                lot,
                designation=f"Chemise de conservation, modèle {rang + 1}",
                unites_par_colis=100,
                tva_pct=Decimal("5.50"),
                paliers=catalogue.paliers("100:0.118"),
            )
        )
    fenetre = campagne(lot.marche, etat=EtatCampagne.CLOSE, **champs)
    for rang in range(combien):
        nom = NOMS[rang] if rang < len(NOMS) else f"Commune {rang + 1:04d}"
        demandes = [(article, unites[(rang + place) % len(unites)]) for place, article in enumerate(lignes)]
        numeros = {"engagement": f"EJ-2026-{rang + 1:04d}", "code_service": "SECRETARIAT"}
        commande(fenetre, membre(nom, de=fenetre, avec_siret=True), demandes, etat=EtatCommande.VALIDEE, **numeros)
    if en_stock:
        entree = [Mouvement(lignes[0].id, en_stock, Decimal("0.50") * en_stock)]
        mouvementer_plusieurs(fenetre.depot_id, entree, motif="Reprise", piece="", par=AUTOMATE, le=APRES)
    regroupement.regrouper(fenetre.id, par=AUTOMATE, le=APRES, depuis_le_stock=en_stock > 0)
    db.session.flush()
    db.session.expire_all()
    return fenetre


def admettre(de: Campagne, *, part: tuple[int, int] = (1, 1), servir: bool = True) -> None:
    """Admit `part` (a fraction) of every affectation, rounded down, and serve the orders. Four updates."""
    fois, sur = part
    admises = Affectation.unites * fois // sur
    livrees = select(Livraison.id).join(Livraison.bon).where(Livraison.bon.has(campagne_id=de.id))
    sans = {"synchronize_session": False}
    db.session.execute(
        update(Affectation)
        .where(Affectation.campagne_id == de.id, Affectation.ligne_bon_id.is_not(None))
        .values(unites_admises=admises),
        execution_options=sans,
    )
    db.session.execute(
        update(LigneLivraison)
        .where(LigneLivraison.livraison_id.in_(livrees))
        .values(
            unites_livrees=LigneLivraison.unites_attendues,
            unites_admises=LigneLivraison.unites_attendues * fois // sur,
        ),
        execution_options=sans,
    )
    db.session.execute(
        update(Livraison)
        .where(Livraison.id.in_(livrees))
        .values(etat=EtatLivraison.ADMISE, livree_le=LIVREE_LE, decidee_le=ADMISE_LE),
        execution_options=sans,
    )
    if servir:
        db.session.execute(
            update(Commande)
            .where(Commande.campagne_id == de.id, Commande.etat == EtatCommande.REGROUPEE)
            .values(etat=EtatCommande.SERVIE),
            execution_options=sans,
        )
    db.session.expire_all()


def campagne_admise(combien: int = 3, **champs: Any) -> Campagne:
    """A campagne of which everything is admitted and nothing billed."""
    creee = campagne_regroupee(combien, **champs)
    admettre(creee)
    return creee


def refacturation(combien: int = 3, *, le: datetime = FACTUREE_LE, **champs: Any) -> Refacturation:
    """A run: one facture for each of `combien` members."""
    run = refacturer(campagne_admise(combien, **champs).id, par=AUTOMATE, le=le)
    db.session.flush()
    return run


def factures_de(run: Refacturation) -> list[Facture]:
    """The factures of a run, in the order of their numbers."""
    return list(db.session.scalars(select(Facture).filter_by(refacturation_id=run.id).order_by(Facture.id)))


def facture(**champs: Any) -> Facture:
    """A facture of a run of one member."""
    return factures_de(refacturation(1, **champs))[0]


def lignes_de(de: Facture) -> list[LigneFacture]:
    """Its lines."""
    return list(db.session.scalars(select(LigneFacture).filter_by(facture_id=de.id).order_by(LigneFacture.id)))


def comptable(nom: str = "Sylvie Caron") -> Any:
    """The comptable of the Centre de gestion."""
    return adherents.utilisateur(nom, roles=[Role.COMPTABLE])


def personne_de(de: Facture, *roles: Role, nom: str | None = None) -> Any:
    """Somebody of the body billed, valideur unless said otherwise."""
    return adherents.utilisateur(nom, roles=roles or (Role.VALIDEUR,), collectivite=de.collectivite)
