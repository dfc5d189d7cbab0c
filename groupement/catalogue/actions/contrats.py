"""Clauses of the lots, papers of the contract, essential data. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from groupement.catalogue.models import Avenant, DocumentMarche, DonneesEssentielles, Lot, Marche
from groupement.catalogue.queries.actes import saisie_de
from groupement.catalogue.rules.clauses import Clause, Derogation, en_clair, fautes_des_derogations
from groupement.catalogue.rules.decp import SaisieDecp, ce_qui_manque
from groupement.catalogue.states import NatureDocument, VisibiliteDocument
from groupement.documents.pieces import PieceVerifiee
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import deposer
from groupement.socle.journal import Auteur, noter


def deroger(lot: Lot, derogations: Mapping[Clause, Derogation], *, par: Auteur, le: datetime) -> None:
    """Write where the CCAP of a lot departs from the CCAG, in place of what was there; the journal keeps both."""
    fautes = fautes_des_derogations(derogations)
    if fautes:
        raise RegleRefusee(" ".join(fautes.values()))
    avant, apres = lot.derogations_saisies, en_clair(derogations)
    changes = {clause: [avant.get(clause), apres.get(clause)] for clause in {*avant, *apres}}
    changes = {clause: couple for clause, couple in changes.items() if couple[0] != couple[1]}
    if not changes:
        return
    lot.derogations_saisies = apres
    db.session.flush()
    noter("lot", lot.id, "deroger", par=par, le=le, resume=f"lot {lot.numero}, {lot.intitule}", details=changes)


@dataclass(frozen=True, slots=True)
class Depot:
    """What is said of a paper: which one, of which lot (None: the whole marché), signed when, who may open it."""

    nature: NatureDocument
    intitule: str
    lot: Lot | None
    signe_le: date | None
    visibilite: VisibiliteDocument


def deposer_document(
    marche: Marche, depot: Depot, nom: str, piece: PieceVerifiee, *, par: Auteur, le: datetime
) -> DocumentMarche:
    """Keep a signed paper with the marché."""
    if depot.signe_le and depot.signe_le > jour_a_paris(le):
        raise RegleRefusee("La date de signature est à venir\u00a0: corrigez-la.")
    fichier = deposer(nom, piece.type_mime, piece.octets, le=le)
    document = DocumentMarche(
        marche_id=marche.id,
        lot=depot.lot,
        nature=depot.nature,
        intitule=depot.intitule,
        signe_le=depot.signe_le,
        visibilite=depot.visibilite,
        fichier=fichier,
        depose_par=par.nom,
    )
    db.session.add(document)
    db.session.flush()
    noter("marche", marche.id, "deposer un document", par=par, le=le, resume=f"{marche.numero}, {depot.intitule}")
    return document


def retirer_document(document: DocumentMarche, *, par: Auteur, le: datetime) -> None:
    """Off the list; the file stays, as the archives want."""
    if document.retire_le is not None:
        raise RegleRefusee("Ce document est déjà retiré.")
    document.retire_le = le
    noter("marche", document.marche_id, "retirer un document", par=par, le=le, resume=document.intitule)


def enregistrer_donnees(lot: Lot, saisie: SaisieDecp, *, par: Auteur, le: datetime) -> DonneesEssentielles:
    """Keep what the essential data ask. Once published, they are final: modifications are appended."""
    donnees = db.session.get(DonneesEssentielles, lot.id)
    if donnees is not None and donnees.publiee_le is not None:
        raise RegleRefusee(
            f"Les données de ce lot sont publiées depuis le {date_fr(donnees.publiee_le)}\u00a0: elles ne changent "
            "plus. Un avenant s’y ajoute."
        )
    if donnees is None:
        donnees = DonneesEssentielles(lot_id=lot.id)
        db.session.add(donnees)
    for champ, valeur in asdict(saisie).items():
        setattr(donnees, champ, list(valeur) if isinstance(valeur, tuple) else valeur)
    db.session.flush()
    noter("lot", lot.id, "saisir les donnees essentielles", par=par, le=le, resume=f"lot {lot.numero}")
    return donnees


def declarer_publication(
    marche: Marche,
    donnees: Mapping[int, DonneesEssentielles],
    lots: list[Lot],
    avenants: list[Avenant],
    publiee_le: date,
    *,
    par: Auteur,
    le: datetime,
) -> None:
    """The file was deposited that day: its records are final, the avenants in it too."""
    incomplets = [lot.numero for lot in lots if ce_qui_manque(saisie_de(donnees.get(lot.id)))]
    if incomplets:
        quels = ", ".join(map(str, incomplets))
        raise RegleRefusee(f"Il manque des données aux lots {quels}\u00a0: complétez-les avant de publier.")
    if not marche.notifie_le <= publiee_le <= jour_a_paris(le):
        raise RegleRefusee(
            f"La publication suit la notification, le {date_fr(marche.notifie_le)}, et n’est pas à venir."
        )
    for ligne in donnees.values():
        ligne.publiee_le = ligne.publiee_le or publiee_le
    for avenant in avenants:
        if avenant.notifie_le <= publiee_le:
            avenant.publie_le = avenant.publie_le or publiee_le
    db.session.flush()
    noter("marche", marche.id, "publier les donnees essentielles", par=par, le=le, resume=marche.numero)
