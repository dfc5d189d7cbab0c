"""Membership of the convention: asked, deliberated, signed, withdrawn. Nothing commits."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, insert, literal, select, update

from groupement.adherents.models import Adhesion, Collectivite, Convention
from groupement.adherents.queries import adhesion_de
from groupement.adherents.rules.adhesion import motif_de_refus_des_dates, motif_de_refus_du_retrait
from groupement.adherents.states import TRANSITIONS_ADHESION, EtatAdhesion
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import DateHeure, db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import Fichier
from groupement.socle.journal import Auteur, Evenement, franchir, franchir_tous, noter
from groupement.socle.web import ConflitDeVersion


def enregistrer_adhesion(
    collectivite: Collectivite,
    convention: Convention,
    *,
    deliberation_numero: str,
    deliberee_le: date | None,
    signee_le: date | None,
    lots: list[int] | None = None,
    deliberation: Fichier | None = None,
    par: Auteur,
    le: datetime,
) -> Adhesion:
    """Write what has arrived: the délibération, the signature, the lots joined (None: all), or a correction of them.

    `deliberation`: the paper itself; without one, that already kept stays.

    RegleRefusee when the dates cannot be, or when the body has withdrawn.
    """
    for motif in motif_de_refus_des_dates(deliberee_le, signee_le, jour_a_paris(le), convention.cloture_le).values():
        raise RegleRefusee(motif)
    adhesion = adhesion_de(collectivite.id, convention.id) or demander(collectivite, convention, par=par, le=le)
    if adhesion.etat is EtatAdhesion.RETIREE:
        raise RegleRefusee(f"{collectivite.nom} s’est retirée de cette convention\u00a0: elle adhérera à la suivante.")
    if adhesion.etat is EtatAdhesion.SIGNEE and signee_le is None:
        raise RegleRefusee("La convention est signée\u00a0: gardez sa date de signature, ou enregistrez un retrait.")
    if adhesion.etat is not EtatAdhesion.DEMANDEE and deliberee_le is None:
        raise RegleRefusee("La délibération est enregistrée\u00a0: corrigez sa date plutôt que de l’effacer.")
    nouveaux = {"deliberation_numero": deliberation_numero, "deliberee_le": deliberee_le, "signee_le": signee_le}
    papier = {"deliberation": deliberation} if deliberation else {}
    _corriger(adhesion, nouveaux | {"lots": lots} | papier, par, le)
    if adhesion.etat is EtatAdhesion.DEMANDEE and deliberee_le is not None:
        franchir(adhesion, TRANSITIONS_ADHESION, "deliberer", par=par, le=le, resume=collectivite.nom)
    if adhesion.etat is EtatAdhesion.DELIBEREE and signee_le is not None:
        franchir(adhesion, TRANSITIONS_ADHESION, "signer", par=par, le=le, resume=collectivite.nom)
    return adhesion


class RetraitRefuse(RegleRefusee):
    """The body may not leave now; `champ` says which field is wrong, if one is."""

    def __init__(self, champ: str, motif: str) -> None:
        """Keep the field; the sentence is the reason."""
        super().__init__(motif)
        self.champ = champ


def retirer_adhesion(
    adhesion: Adhesion,
    retiree_le: date,
    motif: str,
    commandes_en_cours: Collection[str] = (),
    *,
    par: Auteur,
    le: datetime,
) -> None:
    """The body leaves the groupement, from that day. RetraitRefuse while it has orders under way."""
    if refus := motif_de_refus_du_retrait(retiree_le, adhesion.signee_le, commandes_en_cours, jour_a_paris(le)):
        raise RetraitRefuse(*refus)
    resume = f"{adhesion.collectivite.nom}, au {retiree_le:%d/%m/%Y}\u00a0: {motif}"[:500]
    franchir(adhesion, TRANSITIONS_ADHESION, "retirer", par=par, le=le, resume=resume)
    adhesion.retiree_le, adhesion.retrait_motif = retiree_le, motif


def signer_plusieurs(
    convention: Convention, numeros: Collection[int], signee_le: date, *, par: Auteur, le: datetime
) -> int:
    """Record one date of signature for many adhesions deliberated; how many. Four statements, however many.

    RegleRefusee when the date cannot be, naming the bodies whose délibération is later; nothing is written then.
    """
    for refus in motif_de_refus_des_dates(signee_le, signee_le, jour_a_paris(le), convention.cloture_le).values():
        raise RegleRefusee(refus)
    choisies = (Adhesion.convention_id == convention.id) & Adhesion.id.in_(numeros)
    voulues = select(Adhesion.etat, Adhesion.deliberee_le, Collectivite.nom).join(Adhesion.collectivite).where(choisies)
    lues = db.session.execute(voulues.order_by(Adhesion.id).with_for_update(of=Adhesion)).all()
    if len(lues) < len(set(numeros)) or any(etat is not EtatAdhesion.DELIBEREE for etat, _, _ in lues):
        raise ConflitDeVersion(
            "Une de ces adhésions a changé entre-temps. Rien n’est enregistré\u00a0: relisez la liste, "
            "puis recommencez."
        )
    if tard := [nom for _, deliberee_le, nom in lues if deliberee_le is None or deliberee_le > signee_le]:
        raise RegleRefusee(
            f"La signature ne peut pas précéder la délibération. Décochez\u00a0: {', '.join(tard[:10])}"
            f"{', …' if len(tard) > 10 else ''}, ou choisissez une date plus tardive."
        )
    db.session.execute(
        update(Adhesion).where(choisies).values(signee_le=signee_le),
        execution_options={"synchronize_session": False},
    )
    resume = f"Signée le {signee_le:%d/%m/%Y}"
    return franchir_tous(Adhesion, choisies, TRANSITIONS_ADHESION, "signer", par=par, le=le, resume=resume)


def demander(collectivite: Collectivite, convention: Convention, *, par: Auteur, le: datetime) -> Adhesion:
    """The body asks to join."""
    adhesion = Adhesion(
        collectivite_id=collectivite.id,
        collectivite=collectivite,
        convention_id=convention.id,
        etat=EtatAdhesion.DEMANDEE,
        deliberation_numero="",
    )
    db.session.add(adhesion)
    db.session.flush()
    noter("adhesion", adhesion.id, "demander", par=par, le=le, resume=collectivite.nom, apres=adhesion.etat)
    return adhesion


def demander_plusieurs(collectivites: Select[int | None], convention: Convention, *, par: Auteur, le: datetime) -> int:
    """The bodies of the select that have no adhesion yet ask to join; how many. Three statements, however many."""
    deja = select(Adhesion.collectivite_id).where(Adhesion.convention_id == convention.id)
    nouvelles = list(
        db.session.scalars(
            select(Collectivite.id).where(Collectivite.id.in_(collectivites), Collectivite.id.not_in(deja))
        )
    )
    if not nouvelles:
        return 0
    valeurs = {"convention_id": convention.id, "etat": EtatAdhesion.DEMANDEE, "deliberation_numero": ""}
    db.session.execute(insert(Adhesion.__table__), [valeurs | {"collectivite_id": numero} for numero in nouvelles])
    faits = (
        select(
            *(literal(le, DateHeure), literal(par.nom), literal(par.utilisateur_id, Integer), literal("demander")),
            *(literal("adhesion"), Adhesion.id, Collectivite.nom, literal(EtatAdhesion.DEMANDEE.value)),
        )
        .join(Adhesion.collectivite)
        .where(Adhesion.convention_id == convention.id, Adhesion.collectivite_id.in_(nouvelles))
    )
    champs = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume", "apres")
    db.session.execute(insert(Evenement).from_select(champs, faits.order_by(Adhesion.id)))
    return len(nouvelles)


def _corriger(adhesion: Adhesion, nouveaux: Mapping[str, Any], par: Auteur, le: datetime) -> None:
    """Write number, dates, lots and paper; a change of what was already recorded is a line of the journal."""
    corrections = {
        champ: [lisible(getattr(adhesion, champ)), lisible(valeur)]
        for champ, valeur in nouveaux.items()
        if (getattr(adhesion, champ) or (champ == "lots" and adhesion.etat is not EtatAdhesion.DEMANDEE))
        and getattr(adhesion, champ) != valeur
    }
    for champ, valeur in nouveaux.items():
        setattr(adhesion, champ, valeur)
    if corrections:
        nom = adhesion.collectivite.nom
        noter("adhesion", adhesion.id, "corriger", par=par, le=le, resume=nom, details=corrections)


def lisible(valeur: Any) -> str:
    """A value as the journal keeps it: a file by its name, no list of lots as all of them."""
    return valeur.nom if isinstance(valeur, Fichier) else "" if valeur is None else str(valeur)
