"""Correct a facture by an avoir: numbered, frozen and chained like it; never more than what is left of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from groupement.commandes.models import Affectation, PartDePort
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.refacturation.models import Avoir, Facture, LigneAvoir, LigneFacture, Refacturation
from groupement.refacturation.queries.avoirs import lignes_creditables
from groupement.refacturation.queries.chaine import derniere_empreinte
from groupement.refacturation.queries.factures import avoirs_de, facture_verrouillee
from groupement.refacturation.queries.personnes import destinataires
from groupement.refacturation.queries.reglages import reglages
from groupement.refacturation.rules import avoirs as regle
from groupement.refacturation.rules.avoirs import Credit, LigneCreditable
from groupement.refacturation.rules.composition import AVEC_TVA, parts_de_tva
from groupement.refacturation.rules.document import document_avoir, totaux_lus
from groupement.refacturation.rules.empreinte import empreinte
from groupement.refacturation.rules.encaissements import verbe_apres
from groupement.refacturation.rules.tva import TotauxDocument
from groupement.refacturation.states import ETATS_DUS, TRANSITIONS_FACTURE
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.nombres import euros_fr
from groupement.socle.numerotation import numero, reserver

SERIE = "A"
SANS_SYNCHRONISER = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Demande:
    """What the comptable asks to credit: everything, or units and amounts by line id."""

    motif: str
    tout: bool = False
    unites: Mapping[int, int] | None = None
    montants_ht: Mapping[int, Decimal] | None = None
    a_refacturer: bool = False


class AvoirRefuse(RegleRefusee):
    """The avoir cannot be issued; `ligne_id` says for which line, if one."""

    def __init__(self, message: str, ligne_id: int | None = None) -> None:
        """Keep the line."""
        super().__init__(message)
        self.ligne_id = ligne_id


def emettre_avoir(facture_id: int, demande: Demande, *, par: Auteur, le: datetime) -> Avoir:
    """Issue the avoir asked on a facture; the caller commits. Raises AvoirRefuse, and nothing is written.

    The campagne is locked before the facture, as a run does: what becomes billable again is billed by one run only.
    """
    verrouiller_ecriture()
    campagne_id = db.session.scalar(
        select(Refacturation.campagne_id)
        .join(Facture, Facture.refacturation_id == Refacturation.id)
        .where(Facture.id == facture_id)
    )
    if campagne_id is None:
        raise AvoirRefuse(f"La facture {facture_id} n’existe pas.")
    campagne_verrouillee(campagne_id)
    facture = facture_verrouillee(facture_id)
    credits = _credits(facture, demande, lignes_creditables(facture, campagne_id))
    deja = [totaux_lus(avoir.fige) for avoir in avoirs_de(facture_id)]
    mode = facture.fige["mode_tva"]
    totaux = regle.totaux_de_l_avoir(mode, totaux_lus(facture.fige), credits, deja)
    _verifier_le_reste(facture, totaux)
    avoir = _ecrire(facture, demande, credits, totaux, le)
    _rendre_facturables(avoir)
    _imputer(facture, avoir, par, le)
    _annoncer(facture, avoir, le)
    return avoir


def _credits(facture: Facture, demande: Demande, lignes: Sequence[LigneCreditable]) -> list[Credit]:
    """What is taken off each line."""
    if facture.etat not in ETATS_DUS:
        raise AvoirRefuse(
            f"La facture {facture.numero} est « {facture.etat.libelle()} »\u00a0: il ne reste rien à créditer."
        )
    if not demande.motif.strip():
        raise AvoirRefuse("Écrivez pourquoi cet avoir est émis\u00a0: le motif figure sur le document.")
    if demande.tout:
        credits = regle.tout_crediter(lignes, a_refacturer=demande.a_refacturer)
    else:
        credits = [credit for ligne in lignes for credit in _credit_de(ligne, demande)]
    if not any(credit.montant_ht for credit in credits):
        raise AvoirRefuse("Indiquez ce qu’il faut créditer\u00a0: des unités ou un montant, sur une ligne au moins.")
    return credits


def _credit_de(ligne: LigneCreditable, demande: Demande) -> list[Credit]:
    """The units or the amount asked on a line, if any."""
    unites = (demande.unites or {}).get(ligne.ligne_id) or 0
    montant = (demande.montants_ht or {}).get(ligne.ligne_id) or Decimal(0)
    if unites and montant:
        raise AvoirRefuse("Indiquez des unités ou un montant, pas les deux.", ligne.ligne_id)
    try:
        if unites:
            return [regle.crediter_unites(ligne, unites, a_refacturer=demande.a_refacturer)]
        return [regle.crediter_montant(ligne, montant)] if montant else []
    except ValueError:
        reste = f"{ligne.unites_restantes} au plus" if unites else f"{euros_fr(ligne.reste_ht)} HT au plus"
        raise AvoirRefuse(
            f"Il ne reste pas autant à créditer sur cette ligne\u00a0: {reste}.", ligne.ligne_id
        ) from None


def _verifier_le_reste(facture: Facture, totaux: TotauxDocument) -> None:
    """An avoir never passes what is still owed."""
    if totaux.total_ttc > facture.reste_du_ttc:
        raise AvoirRefuse(
            f"Cet avoir ferait {euros_fr(totaux.total_ttc)}, et il ne reste que {euros_fr(facture.reste_du_ttc)} à "
            f"payer sur la facture {facture.numero}\u00a0: créditez moins."
        )


def _ecrire(
    facture: Facture, demande: Demande, credits: Sequence[Credit], totaux: TotauxDocument, le: datetime
) -> Avoir:
    """The avoir and its lines."""
    jour = jour_a_paris(le)
    precedente = derniere_empreinte(Avoir)
    nom = numero(SERIE, jour.year, reserver(SERIE, jour.year, 1)[0])
    motif = demande.motif.strip()
    imprimees = lignes_creditees(facture.fige["mode_tva"], credits, totaux, _references(credits))
    fige = document_avoir(nom, jour, motif, facture.fige, imprimees, totaux, [reglages().recours])
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
    return avoir


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
        imprimees.append(
            {
                "reference": ligne.reference,
                "designation": ligne.designation,
                "unite": ligne.unite if credit.unites else "",
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


def _imputer(facture: Facture, avoir: Avoir, par: Auteur, le: datetime) -> None:
    """Take the avoir off what is owed; the state follows, the journal says it."""
    facture.avoirs_ttc += avoir.total_ttc
    resume = f"{avoir.numero} sur {facture.numero}\u00a0: {euros_fr(avoir.total_ttc)}, {avoir.motif}"[:500]
    noter("avoir", avoir.id, "emettre", par=par, le=le, resume=resume)
    verbe = verbe_apres(facture.reste_du_ttc, facture.avoirs_ttc, facture.total_ttc, paiement=False)
    if verbe is None:
        noter("facture", facture.id, "crediter", par=par, le=le, resume=resume)
    else:
        franchir(facture, TRANSITIONS_FACTURE, verbe, par=par, le=le, resume=resume)


def _annoncer(facture: Facture, avoir: Avoir, le: datetime) -> None:
    """A mail to the people of the body, the avoir attached."""
    gens = destinataires([facture.collectivite_id], jour_a_paris(le)).get(facture.collectivite_id, ())
    valeurs = {"avoir": avoir, "facture": facture, "pieces": [f"avoir:{avoir.id}"]}
    lettres = [(adresse, f"Avoir {avoir.numero}", {"nom": nom, **valeurs}) for nom, adresse in gens]
    ecrire_plusieurs("avoir_emis", lettres, le=le)
