"""The answers of a LimeSurvey file: what it would bring, then all of it or nothing. Nothing commits.

An answer is known by the number of its survey and its own: a file brought twice brings nothing the second time, and an
answer already here is never written over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from groupement.adherents.actions.doublons import ecarter_les_doublons
from groupement.adherents.models import CorrespondanceLimeSurvey, Enquete, Intention
from groupement.adherents.queries.intentions import annuaire
from groupement.adherents.rules.limesurvey import motifs_de_refus
from groupement.adherents.rules.rapprochement import Annuaire, Declare, Rapprochement, rapprocher
from groupement.adherents.rules.reponses import ReponseLue
from groupement.adherents.states import (
    TRANSITIONS_ENQUETE,
    TRANSITIONS_INTENTION,
    EtatEnquete,
    EtatIntention,
    OrigineIntention,
)
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, franchir_tous, noter


@dataclass(frozen=True, slots=True)
class Rapprochee:
    """An answer of the file, the body found for it, and the more recent answer of the file that replaces it."""

    lue: ReponseLue
    rapprochement: Rapprochement
    collectivite: str = ""
    remplacee_par: str = ""


@dataclass(frozen=True, slots=True)
class Apercu:
    """What a file would bring. `connues`: already here; `ailleurs`: already here, but under another enquête."""

    nouvelles: Sequence[Rapprochee]
    connues: int
    ailleurs: int

    @property
    def rattachees(self) -> int:
        """New answers whose numbers say the body."""
        return sum(1 for n in self.nouvelles if n.rapprochement.collectivite_id)

    @property
    def a_choisir(self) -> list[Rapprochee]:
        """New answers a person must attach."""
        return [n for n in self.nouvelles if not n.rapprochement.collectivite_id]

    @property
    def incompletes(self) -> list[Rapprochee]:
        """New answers never sent."""
        return [n for n in self.nouvelles if not n.lue.complete]

    @property
    def a_confirmer(self) -> list[Rapprochee]:
        """New answers with a figure read from words."""
        return [n for n in self.nouvelles if n.lue.a_confirmer]

    @property
    def doublons(self) -> list[Rapprochee]:
        """New answers a more recent one of the file replaces."""
        return [n for n in self.nouvelles if n.remplacee_par]


def correspondance(numero: str) -> CorrespondanceLimeSurvey | None:
    """The mapping learnt for that survey, if any."""
    return db.session.scalars(
        select(CorrespondanceLimeSurvey).where(CorrespondanceLimeSurvey.numero == numero)
    ).one_or_none()


def retenir_la_correspondance(numero: str, colonnes: Mapping[str, str], *, par: Auteur, le: datetime) -> None:
    """Remember which column answers which question, for the next file of that survey. RegleRefusee if it cannot do."""
    for motif in motifs_de_refus(colonnes):
        raise RegleRefusee(motif)
    apprise = correspondance(numero) or CorrespondanceLimeSurvey(numero=numero)
    apprise.colonnes = {entete: champ for entete, champ in colonnes.items() if champ}
    apprise.apprise_le, apprise.apprise_par = le, par.nom
    db.session.add(apprise)
    db.session.flush()


def apercevoir(enquete: Enquete, numero: str, lues: Iterable[ReponseLue]) -> Apercu:
    """What `importer` would do, without doing it. Two statements."""
    lues = list(lues)
    connus = select(Intention.numero_reponse, Intention.enquete_id).where(Intention.numero_limesurvey == numero)
    presentes = {reponse: numero_d_enquete for reponse, numero_d_enquete in db.session.execute(connus)}
    tous = annuaire()
    nouvelles = [_rapprocher(lue, tous) for lue in lues if lue.numero_reponse not in presentes]
    connues = [presentes[lue.numero_reponse] for lue in lues if lue.numero_reponse in presentes]
    ailleurs = sum(1 for numero_d_enquete in connues if numero_d_enquete != enquete.id)
    return Apercu(_avec_les_doublons(nouvelles), len(connues), ailleurs)


def _rapprocher(lue: ReponseLue, tous: Annuaire) -> Rapprochee:
    """The answer with its body, if its numbers say it."""
    declare = Declare(lue.textes["nom"], lue.textes["siret"], lue.textes["siren"], lue.textes["insee"])
    trouve = rapprocher(declare, tous)
    nom = tous.par_id[trouve.collectivite_id].nom if trouve.collectivite_id else ""
    return Rapprochee(lue, trouve, nom)


def _avec_les_doublons(reponses: Sequence[Rapprochee]) -> list[Rapprochee]:
    """Each answer with the one of the same body that replaces it: complete first, then the latest, then the last."""
    gagnantes: dict[int, Rapprochee] = {}
    for rapprochee in reponses:
        numero = rapprochee.rapprochement.collectivite_id
        if numero is not None and (numero not in gagnantes or _rang(rapprochee) > _rang(gagnantes[numero])):
            gagnantes[numero] = rapprochee
    marquees = []
    for r in reponses:
        gagnante = gagnantes.get(r.rapprochement.collectivite_id or 0, r)
        par = "" if gagnante is r else gagnante.lue.numero_reponse
        marquees.append(Rapprochee(r.lue, r.rapprochement, r.collectivite, par))
    return marquees


def _rang(rapprochee: Rapprochee) -> tuple[bool, str, int]:
    """What makes an answer win over another of its body."""
    lue = rapprochee.lue
    return lue.complete, lue.recue_le.isoformat() if lue.recue_le else "", lue.ligne


def importer(
    enquete: Enquete, numero: str, lues: Iterable[ReponseLue], *, par: Auteur, le: datetime
) -> tuple[Apercu, int]:
    """Keep the new answers of a file, attach those whose numbers say the body, set aside the duplicates.

    Returns what was brought, and how many answers were set aside. Eleven statements at most, however many answers.
    """
    apercu = apercevoir(enquete, numero, lues)
    if apercu.nouvelles:
        db.session.execute(
            insert(Intention.__table__), [_valeurs(enquete, numero, nouvelle, le) for nouvelle in apercu.nouvelles]
        )
    table = Intention.__table__.c
    trouvees = (
        (table.enquete_id == enquete.id)
        & (table.numero_limesurvey == numero)
        & table.collectivite_id.is_not(None)
        & (table.etat == EtatIntention.RECUE)
    )
    franchir_tous(Intention, trouvees, TRANSITIONS_INTENTION, "rattacher", par=par, le=le, resume=f"Enquête {numero}")
    ecartees = ecarter_les_doublons(enquete.id, par=par, le=le)
    if enquete.etat is EtatEnquete.PREPAREE and enquete.echeance < jour_a_paris(le):  # run elsewhere, and over
        franchir(enquete, TRANSITIONS_ENQUETE, "clore", par=par, le=le, resume=enquete.titre)
    resume = f"{enquete.titre}\u00a0: {len(apercu.nouvelles)} réponses de l’enquête LimeSurvey {numero}"
    details = {"nouvelles": len(apercu.nouvelles), "connues": apercu.connues, "doublons": ecartees}
    noter("enquete", enquete.id, "importer", par=par, le=le, resume=resume, details=details)
    db.session.flush()
    return apercu, ecartees


def _valeurs(enquete: Enquete, numero: str, rapprochee: Rapprochee, le: datetime) -> dict[str, Any]:
    """The row of an answer, not attached yet: its body is written, its state changes through the table."""
    lue, textes = rapprochee.lue, rapprochee.lue.textes
    return {
        "enquete_id": enquete.id,
        "origine": OrigineIntention.LIMESURVEY,
        "numero_limesurvey": numero,
        "numero_reponse": lue.numero_reponse,
        "collectivite_id": rapprochee.rapprochement.collectivite_id,
        "rapprochee_par": rapprochee.rapprochement.par,
        "etat": EtatIntention.RECUE,
        "motif": "",
        "nom_declare": textes["nom"],
        "siret_declare": textes["siret"],
        "siren_declare": textes["siren"],
        "insee_declare": textes["insee"],
        "participe": lue.participe,
        **{champ: textes[champ] for champ in ("repondant", "qualite", "courriel", "veut_autre", "commentaire")},
        **lue.souhaits,
        **lue.nombres,
        "a_confirmer": dict(lue.a_confirmer),
        "complete": lue.complete,
        "recue_le": lue.recue_le or le,
        "version": 1,
    }
