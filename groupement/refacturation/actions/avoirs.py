"""Correct a facture by an avoir: numbered, frozen and chained like it; never more than what is left of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.prestations.models import Prestation
from groupement.refacturation.actions.ecriture_avoir import ecrire_l_avoir
from groupement.refacturation.models import Avoir, Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.avoirs import lignes_creditables
from groupement.refacturation.queries.factures import avoirs_de, facture_verrouillee
from groupement.refacturation.queries.personnes import destinataires
from groupement.refacturation.rules import avoirs as regle
from groupement.refacturation.rules.avoirs import Credit, CreditPartiel, LigneCreditable
from groupement.refacturation.rules.document import totaux_lus
from groupement.refacturation.rules.encaissements import verbe_apres
from groupement.refacturation.states import TRANSITIONS_FACTURE, EtatFacture
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.nombres import euros_fr


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
    """Issue the avoir asked on a facture; the caller commits. Raises AvoirRefuse, and nothing is written."""
    facture = _verrouiller(facture_id)
    credits = _credits(facture, demande, lignes_creditables(facture))
    deja = [totaux_lus(avoir.fige) for avoir in avoirs_de(facture_id)]
    mode = facture.fige["mode_tva"]
    totaux = regle.totaux_de_l_avoir(mode, totaux_lus(facture.fige), credits, deja)
    avoir = ecrire_l_avoir(facture, demande.motif.strip(), credits, totaux, par, le)
    _imputer(facture, avoir, par, le)
    _annoncer(facture, avoir, le)
    return avoir


def _verrouiller(facture_id: int) -> Facture:
    """The facture, held until the commit, after what it bills: its campagne, or its services.

    A run takes them in the same order, so that nobody waits for ever, and what becomes billable again is billed by
    one run only.
    """
    verrouiller_ecriture()
    run = db.session.scalars(
        select(Refacturation)
        .join(Facture, Facture.refacturation_id == Refacturation.id)
        .where(Facture.id == facture_id)
    ).one_or_none()
    if run is None:
        raise AvoirRefuse(f"La facture {facture_id} n’existe pas.")
    if run.campagne_id is not None:
        campagne_verrouillee(run.campagne_id)
    else:
        billed = select(LigneFacture.prestation_id).where(LigneFacture.facture_id == facture_id)
        db.session.execute(
            select(Prestation.id).where(Prestation.id.in_(billed)).order_by(Prestation.id).with_for_update()
        )
    return facture_verrouillee(facture_id)


def _credits(facture: Facture, demande: Demande, lignes: Sequence[LigneCreditable]) -> list[Credit]:
    """What is taken off each line."""
    if facture.etat is EtatFacture.ANNULEE_PAR_AVOIR:
        raise AvoirRefuse(
            f"La facture {facture.numero} est « {facture.etat.libelle()} »\u00a0: il ne reste rien à créditer."
        )
    if not demande.motif.strip():
        raise AvoirRefuse("Écrivez pourquoi cet avoir est émis\u00a0: le motif figure sur le document.")
    try:
        if demande.tout:
            credits = regle.tout_crediter(lignes, a_refacturer=demande.a_refacturer)
        else:
            credits = [credit for ligne in lignes for credit in _credit_de(ligne, demande)]
    except CreditPartiel as partiel:
        raise _refus_partiel(partiel.ligne) from None
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
        if montant and ligne.est_prestation:
            return [regle.crediter_prestation(ligne, montant, a_refacturer=demande.a_refacturer)]
        return [regle.crediter_montant(ligne, montant)] if montant else []
    except CreditPartiel:
        raise
    except ValueError:
        reste = f"{ligne.unites_restantes} au plus" if unites else f"{euros_fr(ligne.reste_ht)} HT au plus"
        raise AvoirRefuse(
            f"Il ne reste pas autant à créditer sur cette ligne\u00a0: {reste}.", ligne.ligne_id
        ) from None


def _refus_partiel(ligne: LigneCreditable) -> AvoirRefuse:
    """A service goes back whole to be billed again."""
    if ligne.montant_credite_ht:
        phrase = "Une partie de cette prestation est déjà créditée\u00a0: elle ne peut plus être refacturée. Décochez"
        return AvoirRefuse(f"{phrase} « À refacturer ».", ligne.ligne_id)
    return AvoirRefuse(
        f"Pour refacturer cette prestation, créditez-la en entier\u00a0: {euros_fr(ligne.montant_ht)} HT. Sinon, "
        "décochez « À refacturer ».",
        ligne.ligne_id,
    )


def _imputer(facture: Facture, avoir: Avoir, par: Auteur, le: datetime) -> None:
    """Take the avoir off what is owed; what was paid beyond is to be given back. The state follows, and the journal."""
    facture.avoirs_ttc += avoir.total_ttc
    resume = f"{avoir.numero} sur {facture.numero}\u00a0: {euros_fr(avoir.total_ttc)}, {avoir.motif}"[:500]
    noter("avoir", avoir.id, "emettre", par=par, le=le, resume=resume)
    payee = facture.etat is EtatFacture.PAYEE
    verbe = verbe_apres(facture.reste_du_ttc, facture.avoirs_ttc, facture.total_ttc, paiement=False, payee=payee)
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
