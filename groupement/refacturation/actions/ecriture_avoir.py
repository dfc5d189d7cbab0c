"""Write an avoir: number it, freeze it, chain it, and give back what is to be billed again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from groupement.commandes.models import Affectation, PartDePort
from groupement.prestations.models import Prestation
from groupement.prestations.states import TRANSITIONS_PRESTATION
from groupement.refacturation.models import Avoir, Facture, LigneAvoir, LigneFacture
from groupement.refacturation.queries.chaine import derniere_empreinte
from groupement.refacturation.queries.reglages import reglages
from groupement.refacturation.rules.avoirs import Credit
from groupement.refacturation.rules.composition import AVEC_TVA, parts_de_tva
from groupement.refacturation.rules.document import document_avoir
from groupement.refacturation.rules.empreinte import empreinte
from groupement.refacturation.rules.prestations import mentions_de_tva
from groupement.refacturation.rules.tva import TotauxDocument
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import Auteur, franchir_tous
from groupement.socle.numerotation import numero, reserver

SERIE = "A"
SANS_SYNCHRONISER = {"synchronize_session": False}


def ecrire_l_avoir(
    facture: Facture, motif: str, credits: Sequence[Credit], totaux: TotauxDocument, par: Auteur, le: datetime
) -> Avoir:
    """The avoir and its lines; what it gives back to be billed again becomes billable."""
    jour = jour_a_paris(le)
    precedente = derniere_empreinte(Avoir)
    nom = numero(SERIE, jour.year, reserver(SERIE, jour.year, 1)[0])
    imprimees = lignes_creditees(facture.fige["mode_tva"], credits, totaux, _references(credits))
    fige = document_avoir(nom, jour, motif, facture.fige, imprimees, totaux, _mentions(credits))
    avoir = Avoir(
        numero=nom,
        facture_id=facture.id,
        emis_le=jour,
        motif=motif,
        total_ht=totaux.total_ht,
        total_tva=totaux.total_tva,
        total_ttc=totaux.total_ttc,
        fige=fige,
        empreinte_precedente=precedente,
        empreinte=empreinte(fige, precedente),
    )
    db.session.add(avoir)
    db.session.flush()
    db.session.execute(insert(LigneAvoir.__table__), [_ligne(avoir, credit) for credit in credits])
    _rendre_facturables(avoir)
    _crediter_les_prestations(avoir, par, le)
    return avoir


def _mentions(credits: Sequence[Credit]) -> list[str]:
    """Why services bear no VAT, as on their facture; where to complain."""
    choix = reglages()
    taux = [credit.ligne.tva_pct for credit in credits if credit.ligne.est_prestation]
    return [*mentions_de_tva(taux, choix.mention_prestations), choix.recours]


def _ligne(avoir: Avoir, credit: Credit) -> dict[str, Any]:
    """A row of what is taken off."""
    return {
        "avoir_id": avoir.id,
        "ligne_facture_id": credit.ligne.ligne_id,
        "unites": credit.unites,
        "montant_ht": credit.montant_ht,
        "refaction_ht": credit.refaction_ht,
        "a_refacturer": credit.a_refacturer,
    }


def _references(credits: Sequence[Credit]) -> Mapping[int, LigneFacture]:
    """The lines credited, as they were billed."""
    voulues = [credit.ligne.ligne_id for credit in credits]
    lignes = db.session.scalars(select(LigneFacture).where(LigneFacture.id.in_(voulues)))
    return {ligne.id: ligne for ligne in lignes}


def lignes_creditees(
    mode: str, credits: Sequence[Credit], totaux: TotauxDocument, billed: Mapping[int, LigneFacture]
) -> list[dict[str, Any]]:
    """The lines as the avoir prints them: positive amounts, HT with their rate in mode A, whole cost otherwise."""
    utiles = [credit for credit in credits if credit.montant_ht]
    parts = parts_de_tva([(credit.montant_ht, credit.ligne.tva_pct) for credit in utiles], totaux)
    imprimees: list[dict[str, Any]] = []
    for credit, tva in zip(utiles, parts, strict=True):
        ligne = billed[credit.ligne.ligne_id]
        entiere = credit.montant_ht == ligne.montant_ht
        service = {"quantite": str(ligne.quantite)} if ligne.quantite is not None and entiere else {}
        imprimees.append(
            {
                **service,
                "reference": ligne.reference,
                "designation": ligne.designation,
                "unite": ligne.unite if credit.unites or service else "",
                "unites": credit.unites or None,
                "prix_unitaire_ht": None,
                "bon": "",
                "calcul": {},
                "montant": str(credit.montant_ht if mode == AVEC_TVA else credit.montant_ht + tva),
                "tva_pct": str(credit.ligne.tva_pct) if mode == AVEC_TVA else None,
            }
        )
    return imprimees


def _rendre_facturables(avoir: Avoir) -> None:
    """Units to bill again leave what was billed on their share; so does a réfaction settled. Three statements."""
    lien = (LigneAvoir.ligne_facture_id == LigneFacture.id) & (LigneAvoir.avoir_id == avoir.id)
    for filtre, montant in (
        (LigneAvoir.a_refacturer.is_(True), LigneAvoir.montant_ht),
        (LigneAvoir.a_refacturer.is_(False) & (LigneAvoir.refaction_ht > 0), LigneAvoir.refaction_ht),
    ):
        db.session.execute(
            update(Affectation)
            .where(Affectation.id == LigneFacture.affectation_id, lien, filtre)
            .values(
                unites_facturees=Affectation.unites_facturees - LigneAvoir.unites,
                montant_facture_ht=Affectation.montant_facture_ht - montant,
            ),
            execution_options=SANS_SYNCHRONISER,
        )
    db.session.execute(
        update(PartDePort)
        .where(PartDePort.id == LigneFacture.part_de_port_id, lien, LigneAvoir.a_refacturer.is_(True))
        .values(montant_facture_ht=PartDePort.montant_facture_ht - LigneAvoir.montant_ht),
        execution_options=SANS_SYNCHRONISER,
    )


def _crediter_les_prestations(avoir: Avoir, par: Auteur, le: datetime) -> None:
    """Services to bill again wait for the next run; the others remember what was taken off. Three statements."""
    lien = (LigneAvoir.ligne_facture_id == LigneFacture.id) & (LigneAvoir.avoir_id == avoir.id)
    db.session.execute(
        update(Prestation)
        .where(Prestation.id == LigneFacture.prestation_id, lien, LigneAvoir.a_refacturer.is_(False))
        .values(credite_ht=Prestation.credite_ht + LigneAvoir.montant_ht),
        execution_options=SANS_SYNCHRONISER,
    )
    rendues = (
        select(LigneFacture.prestation_id)
        .join(LigneAvoir, LigneAvoir.ligne_facture_id == LigneFacture.id)
        .where(LigneAvoir.avoir_id == avoir.id, LigneAvoir.a_refacturer.is_(True))
    )
    franchir_tous(
        Prestation,
        Prestation.id.in_(rendues),
        TRANSITIONS_PRESTATION,
        "rendre_facturable",
        par=par,
        le=le,
        resume=f"Avoir {avoir.numero}",
    )
