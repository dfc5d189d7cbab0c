"""Revise a bon: worked out, shown, then written in one transaction; what it said before stays readable.

The caller holds the bon (`queries.revisions.bon_tenu`) and commits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from groupement.commandes.actions import attentes
from groupement.commandes.actions.avis_des_bons import dire_la_revision
from groupement.commandes.actions.suites_des_commandes import commandes_du_bon, conclure
from groupement.commandes.actions.versions import archiver
from groupement.commandes.models import Affectation, BonDeCommande, LigneBon, PartDePort
from groupement.commandes.queries import revisions as queries
from groupement.commandes.queries.campagnes import histoire_de
from groupement.commandes.rules import fautes_de_revision, revision
from groupement.commandes.rules.bon_a_reviser import BonAReviser, Demande, Faute
from groupement.commandes.rules.lignes_revisees import LigneAReviser, LigneRevisee, Part
from groupement.commandes.rules.revision import BonRevise
from groupement.commandes.states import TRANSITIONS_BON, EtatBonDeCommande
from groupement.socle.argent import en_euros
from groupement.socle.calendrier import date_heure_fr
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite, etat_suivant
from groupement.socle.journal import Auteur, franchir
from groupement.socle.web import ConflitDeVersion


class RevisionRefusee(RegleRefusee):
    """The revision cannot be; `fautes` says why, field by field."""

    def __init__(self, fautes: Sequence[Faute]) -> None:
        """Keep the reasons; the sentence is all of them."""
        super().__init__(" ".join(faute.motif for faute in fautes))
        self.fautes = tuple(fautes)


def exiger_revision(bon: BonDeCommande, vue: int) -> None:
    """Raise ConflitDeVersion, naming who did it, when the bon was revised since the page was shown."""
    if bon.revision == vue:
        return
    derniers = histoire_de(bon.__tablename__, bon.id)
    qui = f" par {derniers[0].par} ({date_heure_fr(derniers[0].le)})" if derniers else ""
    raise ConflitDeVersion(
        f"Le bon {bon.numero} a été révisé entre-temps{qui}. Rien n’a été enregistré\u00a0: "
        "relisez-le, puis recommencez."
    )


def verbe_de_revision(bon: BonDeCommande) -> str:
    """How the bon is revised in its present state. Raises TransitionInterdite when it cannot be any more."""
    if bon.etat is EtatBonDeCommande.SOLDE:
        raise TransitionInterdite(f"Le bon {bon.numero} est entièrement livré\u00a0: il ne se révise plus.")
    verbe = "reviser_en_livraison" if bon.etat is EtatBonDeCommande.EN_LIVRAISON else "reviser"
    etat_suivant(bon.etat, TRANSITIONS_BON, verbe)
    return verbe


def lire(bon: BonDeCommande) -> BonAReviser:
    """The bon as it stands, with what can still be taken off it."""
    retirables = [attente.retirables(bon.id) for attente in attentes.branchees]
    return queries.bon_a_reviser(bon, retirables[0] if retirables else None)


def calculer(a_reviser: BonAReviser, demande: Demande) -> BonRevise:
    """What the revision would give. Writes nothing. Raises RevisionRefusee."""
    fautes = fautes_de_revision.fautes(a_reviser, demande)
    if fautes:
        raise RevisionRefusee(fautes)
    revise = revision.reviser(a_reviser, demande)
    motif = revision.refus(a_reviser, revise)
    if motif:
        raise RevisionRefusee([Faute("", motif)])
    if not revise.est_exact:
        raise AssertionError("parts et bon révisé diffèrent")
    return revise


def reviser(
    bon: BonDeCommande, demande: Demande, motif: str, *, vue: int, empreinte: str | None, par: Auteur, le: datetime
) -> BonRevise:
    """Write the revision, tell the supplier and the members concerned.

    `vue`: the revision the page showed; `empreinte`: that of the figures agreed to, None to agree to all.
    Raises ConflitDeVersion, TransitionInterdite, RevisionRefusee; nothing is written then.
    """
    exiger_revision(bon, vue)
    verbe = verbe_de_revision(bon)
    a_reviser = lire(bon)
    revise = calculer(a_reviser, demande)
    if empreinte is not None and empreinte != revise.empreinte:
        raise ConflitDeVersion(
            "Une livraison ou une quantité a changé depuis votre aperçu\u00a0: rien n’a été enregistré. "
            "Relisez les nouveaux chiffres, puis confirmez."
        )
    archiver(bon, motif, revise.changements, par=par, le=le)
    commandes = commandes_du_bon(bon.id)
    franchir(bon, TRANSITIONS_BON, verbe, par=par, le=le, resume=f"Révision {bon.revision + 1}\u00a0: {motif}"[:500])
    avant = bon.a_livrer_avant_le
    _ecrire_la_tete(bon, revise)
    _suivre_le_lieu(bon, a_reviser, revise)
    retirees = _ecrire_les_parts(bon, a_reviser, revise)
    _ecrire_les_ports(bon, a_reviser, revise)
    for attente in attentes.branchees:
        attente.suivre(bon.id, retirees, avant=avant, apres=revise.a_livrer_avant_le)
    conclure(bon, commandes, f"Bon {bon.numero} révisé\u00a0: {motif}"[:500], par=par, le=le)
    dire_la_revision(bon, motif, revise.changements, le=le)
    return revise


def _ecrire_la_tete(bon: BonDeCommande, revise: BonRevise) -> None:
    """The figures of the bon and of its lines; the supplier has to open and confirm it again."""
    bon.revision += 1
    bon.a_livrer_avant_le, bon.port_ht = revise.a_livrer_avant_le, revise.port_ht
    bon.total_ht, bon.total_tva, bon.total_ttc = revise.total_ht, revise.total_tva, revise.total_ttc
    bon.consulte_le = None
    if bon.etat is EtatBonDeCommande.MODIFIE:
        bon.accuse_le = None
    champs = ("unites_demandees", "colis", "unites", "unites_acceptees_en_plus", "surplus_au_depot")
    prix = ("prix_unitaire_ht", "montant_ht")
    db.session.execute(
        update(LigneBon),
        [{"id": li.ligne_id, **{champ: getattr(li, champ) for champ in (*champs, *prix)}} for li in revise.lignes],
    )


def _suivre_le_lieu(bon: BonDeCommande, a_reviser: BonAReviser, revise: BonRevise) -> None:
    """A bon of one place is known by the place it goes to from now on."""
    avant = {part.point_id for ligne in a_reviser.lignes for part in ligne.membres}
    apres = {(part.collectivite_id, part.point_id) for li in revise.lignes for part in li.membres if part.unites}
    if not bon.lieu or not apres or {point_id for _, point_id in apres} <= avant:
        return
    corps, point_id = next(iter(apres))
    nom = a_reviser.noms[corps or 0]
    bon.lieu = bon.campagne.depot.nom if point_id is None else f"{nom}, {a_reviser.lieux[corps or 0][point_id]}"[:300]


def _ecrire_les_parts(bon: BonDeCommande, a_reviser: BonAReviser, revise: BonRevise) -> dict[int, int]:
    """The affectations, as the revision leaves them; returns the pieces taken off each that changed or moved."""
    disparues: list[int] = []
    ecrites: list[dict[str, Any]] = []
    retirees: dict[int, int] = {}
    for avant, apres in zip(a_reviser.lignes, revise.lignes, strict=True):
        for ancienne, nouvelle in _paires(avant, apres):
            cle = ancienne.affectation_id
            if cle is None:
                continue
            if not nouvelle.unites:
                disparues.append(cle)
                continue
            if nouvelle != ancienne or apres.prix_unitaire_ht != avant.prix_unitaire_ht:
                ecrites.append(_valeurs(nouvelle, apres))
            if (nouvelle.unites, nouvelle.point_id) != (ancienne.unites, ancienne.point_id):
                retirees[cle] = ancienne.unites - nouvelle.unites
    _retirer(bon, disparues)
    if ecrites:
        db.session.execute(update(Affectation), ecrites)
    return retirees | _ajouter_les_surplus(bon, revise)


def _paires(avant: LigneAReviser, apres: LigneRevisee) -> list[tuple[Part, Part]]:
    """Each part before and after; the depot's only when it had one."""
    paires = list(zip(avant.membres, apres.membres, strict=True))
    return [*paires, (avant.depot, apres.depot)] if avant.depot and apres.depot else paires


def _valeurs(part: Part, ligne: LigneRevisee) -> dict[str, Any]:
    """An affectation to write, by its id."""
    return {
        "id": part.affectation_id,
        "unites": part.unites,
        "unites_en_plus": part.en_plus,
        "montant_ht": en_euros(part.centimes),
        "prix_unitaire_ht": ligne.prix_unitaire_ht,
        "point_de_livraison_id": part.point_id,
    }


def _retirer(bon: BonDeCommande, ids: Sequence[int]) -> None:
    """Affectations of which nothing is left: nothing is expected of them, and they go. Their version keeps them."""
    if not ids:
        return
    for attente in attentes.branchees:
        attente.oublier(bon.id, ids)
    parmi = Affectation.id.in_(bindparam(None, list(ids), expanding=True, literal_execute=True))
    db.session.execute(delete(Affectation).where(parmi), execution_options={"synchronize_session": False})


def _ajouter_les_surplus(bon: BonDeCommande, revise: BonRevise) -> dict[int, int]:
    """What is left of opened packs where the depot had nothing; returns them, to be expected."""
    nouveaux = {li.ligne_id: li for li in revise.lignes if li.depot and li.depot.affectation_id is None}
    if not nouveaux:
        return {}
    dernier = db.session.scalar(select(func.max(Affectation.rang)).where(Affectation.campagne_id == bon.campagne_id))
    lignes = [ligne for ligne in bon.lignes if ligne.id in nouveaux]
    ajoutes = [
        Affectation(
            campagne_id=bon.campagne_id,
            ligne_bon_id=ligne.id,
            article_id=ligne.article_id,
            rang=(dernier or 0) + 1,
            unites=depot.unites,
            montant_ht=en_euros(depot.centimes),
            prix_unitaire_ht=nouveaux[ligne.id].prix_unitaire_ht,
            tva_pct=ligne.tva_pct,
        )
        for ligne in lignes
        if (depot := nouveaux[ligne.id].depot)
    ]
    db.session.add_all(ajoutes)
    db.session.flush()
    return {affectation.id: -affectation.unites for affectation in ajoutes}


def _ecrire_les_ports(bon: BonDeCommande, a_reviser: BonAReviser, revise: BonRevise) -> None:
    """The shares of the shipping; one that is nil stays, as a facture may name it."""
    if revise.ports == a_reviser.ports:
        return
    connues = {part.collectivite_id: part for part in _parts_de_port(bon.id)}
    for corps, part in connues.items():
        part.montant_ht = en_euros(revise.ports.get(corps, 0))
    neuves = [
        {"bon_id": bon.id, "collectivite_id": corps, "montant_ht": en_euros(part), "tva_pct": a_reviser.tva_port_pct}
        for corps, part in revise.ports.items()
        if corps not in connues
    ]
    db.session.flush()
    if neuves:
        db.session.execute(insert(PartDePort), neuves)


def _parts_de_port(bon_id: int) -> Sequence[PartDePort]:
    """The shares there are."""
    return db.session.scalars(select(PartDePort).where(PartDePort.bon_id == bon_id).order_by(PartDePort.id)).all()
