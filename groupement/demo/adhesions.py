"""The convention and who joined it: lots, délibérations received, signatures."""

from datetime import date, timedelta

from groupement.adherents.actions.adhesions import enregistrer_adhesion
from groupement.adherents.actions.conventions import Conditions, completer_convention
from groupement.adherents.models import Collectivite
from groupement.demo.contrats import PAGE
from groupement.demo.decor import Decor
from groupement.documents.pdf import Notice, composer
from groupement.documents.pieces import MIME_PDF
from groupement.socle.fichiers import Fichier, deposer

# Real bodies, fictitious lateness: Zoteux, Zouafques and Zudausques signed late; Wittes and Wizernes only deliberated;
# Wissant and Witternesse never answered.
SIGNEES_TROP_TARD = frozenset({"216209031", "216209049", "216209056"})
DELIBEREES_SEULEMENT = frozenset({"216209023", "216209015"})
SANS_REPONSE = frozenset({"216209007", "216208991"})
# The délibérations of Annequin and Arques name the first two lots only (fictitious).
DEUX_LOTS = frozenset({"216200345", "216200402"})
UN_PAPIER_SUR = 60  # one délibération in so many has its paper: enough to read some, without filling the database


def charger_adhesions(decor: Decor) -> None:
    """Nearly all have signed before the consultation; a few signed too late, or only deliberated, or never answered."""
    acheteur, debut = decor.pour("acheteur"), date(decor.an - 1, 9, 8)
    _completer_la_convention(decor)
    for rang, collectivite in enumerate(decor.collectivites.values()):
        if collectivite.siren in SANS_REPONSE:
            continue
        deliberee = debut + timedelta(days=rang % 60)
        signee: date | None = deliberee + timedelta(days=14)
        if collectivite.siren in SIGNEES_TROP_TARD:
            signee = date(decor.an, 6, 2)
        if collectivite.siren in DELIBEREES_SEULEMENT:
            signee = None
        papier = _deliberation(collectivite, deliberee, decor) if rang % UN_PAPIER_SUR == 3 else None
        enregistrer_adhesion(
            collectivite,
            decor.marche.convention,
            lots=[1, 2] if collectivite.siren in DEUX_LOTS else None,
            deliberation=papier,
            deliberation_numero=f"{deliberee.year}-{rang % 60 + 1:03}",
            deliberee_le=deliberee,
            signee_le=signee,
            par=acheteur,
            le=decor.jour(6, 10),
        )
        if signee and signee < decor.marche.consultation_le:
            decor.membres.append(collectivite)


def _completer_la_convention(decor: Decor) -> None:
    """Its lots, numbered as in the marché, and its text."""
    convention, le = decor.marche.convention, decor.jour(6, 9)
    lots = [{"numero": lot.numero, "intitule": lot.intitule} for lot in decor.marche.lots]
    titre = f"{convention.intitule}, version {convention.version}"
    texte = _papier(
        f"convention-{convention.version}.pdf", titre, "Convention constitutive", convention.adoptee_le, decor
    )
    completer_convention(convention, Conditions(lots=lots, texte=texte), par=decor.pour("acheteur"), le=le)


def _deliberation(collectivite: Collectivite, deliberee_le: date, decor: Decor) -> Fichier:
    """The paper of a town hall, as it would have sent it."""
    objet = f"Séance du {deliberee_le:%d/%m/%Y}\u00a0: adhésion au groupement de commandes d’archivage"
    titre = f"Délibération de {collectivite.nom}"
    return _papier(f"deliberation-{collectivite.siren}.pdf", titre, objet, deliberee_le, decor)


def _papier(nom: str, titre: str, objet: str, le: date, decor: Decor) -> Fichier:
    """A fictitious paper of one page."""
    notice = Notice(titre=titre, auteur="Démonstration", sujet=objet, le=le)
    octets = composer(PAGE.format(titre=titre, objet=objet), notice)
    return deposer(nom, MIME_PDF, octets, le=decor.jour(6, 10))
