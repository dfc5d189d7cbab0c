"""An order received on paper, entered by the buyer in the name of its body, visibly.

It is written by the import of orders, of which it is the case of one body: committed when the body has no order yet,
since somebody signed the sheet; else added to the order that is there, which its own valideur still commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from groupement.adherents.models import Collectivite
from groupement.commandes.actions.commandes import exiger_engagement
from groupement.commandes.actions.imports import importer_commandes
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.commandes import commande_de, personnes_des
from groupement.commandes.rules.apercu_de_saisie import Apercu
from groupement.commandes.rules.import_commandes import LigneImportee
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.documents.pieces import PieceVerifiee
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import deposer
from groupement.socle.journal import Auteur, noter
from groupement.socle.web import ConflitDeVersion


@dataclass(frozen=True, slots=True)
class Papier:
    """What the sheet says beside its lines; `scan`: (name of the file, what it holds)."""

    recu_le: date
    signe_par: str
    mode: ModeDeRemise
    engagement: str = ""
    code_service: str = ""
    scan: tuple[str, PieceVerifiee] | None = None


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

    Raises ConflitDeVersion when the body's order changed since, RegleRefusee for a day to come, a line that cannot be
    written, or a number Chorus Pro will ask for; ImportRefuse when the body may not order.
    """
    if papier.recu_le > jour_a_paris(le):
        raise RegleRefusee("Le papier ne peut pas être arrivé dans l’avenir\u00a0: corrigez la date.")
    if apercu.fautives or not apercu.bonnes:
        raise RegleRefusee("Corrigez d’abord les lignes en rouge\u00a0: rien n’a été enregistré.")
    avant = commande_de(campagne.id, collectivite.id, verrou=True)
    if (avant.version if avant else 0) != version:
        raise ConflitDeVersion(
            "La commande de cette collectivité a changé entre-temps\u00a0: relisez l’aperçu, puis confirmez. "
            "Rien n’a été enregistré."
        )
    mode = avant.mode if avant else papier.mode
    importer_commandes(campagne, _lignes(collectivite.siren, apercu, mode), par=par, le=le)
    commande = commande_de(campagne.id, collectivite.id, verrou=True)
    assert commande is not None
    _marquer(commande, papier, nouvelle=avant is None, par=par, le=le)
    return commande


def _lignes(siren: str, apercu: Apercu, mode: ModeDeRemise) -> Sequence[LigneImportee]:
    """The lines of the preview, as the import takes them."""
    return [
        LigneImportee(ligne.saisie.numero, siren, ligne.article.reference, ligne.unites, ligne.en_plus, mode.value)
        for ligne in apercu.bonnes
        if ligne.article
    ]


def _marquer(commande: Commande, papier: Papier, *, nouvelle: bool, par: Auteur, le: datetime) -> None:
    """Say everywhere that the order came on paper; a new one is committed by the signature on the sheet."""
    commande.papier_recu_le, commande.papier_signe_par = papier.recu_le, papier.signe_par
    if papier.scan is not None:
        nom, piece = papier.scan
        commande.papier = deposer(nom, piece.type_mime, piece.octets, le=le)
    if nouvelle:
        exiger_engagement(commande, papier.engagement, papier.code_service)
        commande.engagement, commande.code_service = papier.engagement, papier.code_service
        commande.soumise_par = commande.validee_par = f"{papier.signe_par} (papier)"
    resume = f"Reçu le {date_fr(papier.recu_le)}, signé par {papier.signe_par}"
    noter("commande", commande.id, "saisir d’après papier", par=par, le=le, resume=resume, apres=commande.etat)
    if commande.etat is EtatCommande.VALIDEE:  # the import writes to those who still have to commit theirs
        _prevenir(commande, nouvelle, le)


def _prevenir(commande: Commande, nouvelle: bool, le: datetime) -> None:
    """The people of the body read what was entered in its name."""
    corps = commande.collectivite
    sujet = f"Votre commande papier est enregistrée\u00a0: {corps.nom}"
    valeurs = {"commande": commande, "nom": corps.nom, "nouvelle": nouvelle}
    lettres = [
        (personne.email, sujet, {**valeurs, "personne": personne})
        for _, personne in personnes_des([corps.id], jour_a_paris(le))
    ]
    ecrire_plusieurs("commande_papier", lettres, le=le)
