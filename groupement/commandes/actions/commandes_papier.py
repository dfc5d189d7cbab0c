"""An order received on paper, entered by the buyer in the name of its body, visibly.

It is written by the import of orders, of which it is the case of one body: committed when the body has no order yet,
since somebody signed the sheet; else added to the order that is there, which its own valideur still commits.

Once the window is over, until the regroupement, it is a late entry (`rules/papier_tardif`): nothing opens again and
only the body is written to. A basket nobody can commit any more gives way to the signed sheet, and stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from groupement.adherents.models import Collectivite
from groupement.commandes.actions.commandes import exiger_engagement, marquer
from groupement.commandes.actions.imports import importer_commandes
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.commandes import commande_de, personnes_des
from groupement.commandes.rules.apercu_de_saisie import Apercu
from groupement.commandes.rules.import_commandes import LigneImportee
from groupement.commandes.rules.papier_tardif import (
    SAISIR_APRES,
    SAISISSABLES,
    PapierTardif,
    est_apres_la_fin,
    est_arrive_apres,
    motif_de_ne_pas_saisir,
    motif_ecrit,
    phrase_du_rang,
    refus_de_la_date,
    refus_du_papier,
)
from groupement.commandes.states import TRANSITIONS_COMMANDE, EtatCommande, ModeDeRemise
from groupement.documents.pieces import PieceVerifiee
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import deposer
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.web import ConflitDeVersion

REMPLACE = "Non validée à temps, remplacée par le bon papier signé"


@dataclass(frozen=True, slots=True)
class Papier:
    """What the sheet says beside its lines; `scan`: (name of the file, what it holds).

    `motif`: why it is taken although it arrived after the last day.
    """

    recu_le: date
    signe_par: str
    mode: ModeDeRemise
    engagement: str = ""
    code_service: str = ""
    scan: tuple[str, PieceVerifiee] | None = None
    motif: str = ""


def saisir(
    campagne: Campagne,
    collectivite: Collectivite,
    apercu: Apercu,
    papier: Papier,
    version: int,
    *,
    par: Auteur,
    le: datetime,
) -> Commande:
    """Write the order as its preview showed it; the caller commits.

    Raises ConflitDeVersion when the body's order changed since, RegleRefusee for a campagne that takes no paper (any
    more), a day to come, a paper that needs a reason, a line that cannot be written, or a number Chorus Pro will ask
    for; ImportRefuse when the body may not order.
    """
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne.id)  # a regroupement of the same second has it in, or it is refused here
    _exiger_recevable(campagne, apercu, papier, le)
    avant = commande_de(campagne.id, collectivite.id, verrou=True)
    if (avant.version if avant else 0) != version:
        raise ConflitDeVersion(
            "La commande de cette collectivité a changé entre-temps\u00a0: relisez l’aperçu, puis confirmez. "
            "Rien n’a été enregistré."
        )
    tardif = _tardif(campagne, papier, avant, par, le)
    if avant and tardif and tardif.remplace:
        _remplacer(avant, par, le)
        avant = None
    mode = avant.mode if avant else papier.mode
    importer_commandes(campagne, _lignes(collectivite.siren, apercu, mode), par=par, le=le, etats=SAISISSABLES)
    commande = commande_de(campagne.id, collectivite.id, verrou=True)
    assert commande is not None
    _marquer(commande, papier, tardif, nouvelle=avant is None, par=par, le=le)
    return commande


def _exiger_recevable(campagne: Campagne, apercu: Apercu, papier: Papier, le: datetime) -> None:
    """Raise RegleRefusee when this paper cannot be entered now, or as it was typed."""
    if motif := motif_de_ne_pas_saisir(campagne.etat):
        raise RegleRefusee(motif)
    if refus := refus_de_la_date(papier.recu_le, campagne.du, jour_a_paris(le)):
        raise RegleRefusee(refus)
    if refus := refus_du_papier(papier.recu_le, campagne.au, papier.motif):
        raise RegleRefusee(refus)
    if apercu.fautives or not apercu.bonnes:
        raise RegleRefusee("Corrigez d’abord les lignes en rouge\u00a0: rien n’a été enregistré.")


def _tardif(
    campagne: Campagne, papier: Papier, avant: Commande | None, par: Auteur, le: datetime
) -> PapierTardif | None:
    """What the journal keeps of a paper entered once the window is over; None before. No reason is kept unasked."""
    if not est_apres_la_fin(campagne.etat, campagne.au, jour_a_paris(le)):
        return None
    motif = motif_ecrit(papier.motif) if est_arrive_apres(papier.recu_le, campagne.au) else ""
    remplace = avant is not None and avant.etat is not EtatCommande.VALIDEE
    return PapierTardif(papier.recu_le, papier.signe_par, campagne.au, motif, le, par.nom, remplace=remplace)


def _remplacer(panier: Commande, par: Auteur, le: datetime) -> None:
    """Nobody can commit this basket any more: it is given up for the sheet somebody signed, and stays readable."""
    franchir(panier, TRANSITIONS_COMMANDE, "annuler", par=par, le=le, resume=REMPLACE)
    marquer(panier, par, le)
    db.session.flush()


def _lignes(siren: str, apercu: Apercu, mode: ModeDeRemise) -> Sequence[LigneImportee]:
    """The lines of the preview, as the import takes them."""
    return [
        LigneImportee(ligne.saisie.numero, siren, ligne.article.reference, ligne.unites, ligne.en_plus, mode.value)
        for ligne in apercu.bonnes
        if ligne.article
    ]


def _marquer(
    commande: Commande, papier: Papier, tardif: PapierTardif | None, *, nouvelle: bool, par: Auteur, le: datetime
) -> None:
    """Say everywhere that the order came on paper; a new one is committed by the signature on the sheet."""
    commande.papier_recu_le, commande.papier_signe_par = papier.recu_le, papier.signe_par
    if papier.scan is not None:
        nom, piece = papier.scan
        commande.papier = deposer(nom, piece.type_mime, piece.octets, le=le)
    if nouvelle:
        exiger_engagement(commande, papier.engagement, papier.code_service)
        commande.engagement, commande.code_service = papier.engagement, papier.code_service
        commande.soumise_par = commande.validee_par = f"{papier.signe_par} (papier)"
    _journaliser(commande, papier, tardif, par, le)
    if commande.etat is EtatCommande.VALIDEE:  # the import writes to those who still have to commit theirs
        _prevenir(commande, tardif, nouvelle, le)


def _journaliser(commande: Commande, papier: Papier, tardif: PapierTardif | None, par: Auteur, le: datetime) -> None:
    """Which sheet, and why it was taken: the journal keeps each of them, however many complete one order."""
    resume = f"Reçu le {date_fr(papier.recu_le)}, signé par {papier.signe_par}"
    if tardif is None:
        noter("commande", commande.id, "saisir d’après papier", par=par, le=le, resume=resume, apres=commande.etat)
        return
    resume += f". Accepté après le dernier jour\u00a0: {tardif.motif}" if tardif.motif else ""
    details = tardif.details()
    noter("commande", commande.id, SAISIR_APRES, par=par, le=le, resume=resume, apres=commande.etat, details=details)


def _prevenir(commande: Commande, tardif: PapierTardif | None, nouvelle: bool, le: datetime) -> None:
    """The people of the body, and nobody else, read what was entered in its name."""
    corps = commande.collectivite
    sujet = f"Votre commande papier est enregistrée\u00a0: {corps.nom}"
    valeurs = {"commande": commande, "nom": corps.nom, "nouvelle": nouvelle, "tardif": tardif}
    valeurs["rang"] = phrase_du_rang(commande.campagne.regle_reliquat)
    lettres = [
        (personne.email, sujet, {**valeurs, "personne": personne})
        for _, personne in personnes_des([corps.id], jour_a_paris(le))
    ]
    ecrire_plusieurs("commande_papier", lettres, le=le)
