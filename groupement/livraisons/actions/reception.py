"""What arrived, said by who was at the door: received whole, or signalled to the buyer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from groupement.commandes.models import BonDeCommande
from groupement.commandes.states import TRANSITIONS_BON
from groupement.documents.images import ImageVerifiee
from groupement.livraisons.actions.avis import prevenir_les_acheteurs
from groupement.livraisons.actions.constats import (
    Reserve,
    ecrire_les_parts,
    exiger_version,
    part_calculee,
    parts_ecrites,
)
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.queries.livraisons import articles_de, lignes_de
from groupement.livraisons.rules.arrivage import fautes_de_la_date
from groupement.livraisons.rules.decisions import Constat, fautes_du_constat
from groupement.livraisons.rules.delais import echeance_verification
from groupement.livraisons.states import TRANSITIONS_LIVRAISON, MotifDeRefus
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.fichiers import deposer
from groupement.socle.journal import Auteur, franchir, franchir_tous, noter
from groupement.socle.nombres import accorde

RIEN_N_EST_ARRIVE = (
    "Rien n’est arrivé\u00a0? Alors n’enregistrez rien\u00a0: la livraison reste attendue, et le Centre de gestion "
    "voit qu’elle est en retard."
)


@dataclass(frozen=True, slots=True)
class ConstatArticle:
    """What was seen of one article; `photo_id` keeps a photograph already there, `photo` brings a new one."""

    unites_livrees: int
    unites_refusees: int = 0
    motif: MotifDeRefus | None = None
    commentaire: str = ""
    photo: ImageVerifiee | None = None
    photo_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrivee:
    """A delivery as it came: the day, the supplier's slip, and each article by the id of its line in the bon."""

    livree_le: date
    constats: Mapping[int, ConstatArticle]
    bordereau: str = ""
    observations: str = field(default="")


def tout_est_arrive(livraison: Livraison) -> dict[int, ConstatArticle]:
    """Everything as expected, nothing refused."""
    return {article.ligne_bon_id: ConstatArticle(article.attendues) for article in articles_de(livraison.id)}


def receptionner(livraison: Livraison, arrivee: Arrivee, version: int, *, par: Auteur, le: datetime) -> None:
    """Write what arrived; the delivery is received, and signalled to the buyers when anything is missing or refused.

    Less than expected at the depot is shared over the bodies by the rule of the campagne; a person may change that
    before deciding. Comes from `livraison_visible(…, verrou=True)`. Raises RegleRefusee, nothing written.
    """
    exiger_version(livraison, version)
    lignes = _par_article(lignes_de(livraison.id))
    _refuser_l_impossible(livraison, arrivee, lignes, jour_a_paris(le))
    franchir(livraison, TRANSITIONS_LIVRAISON, "receptionner", par=par, le=le, resume=_resume(arrivee))
    _dater(livraison, arrivee, par)
    _ecrire_les_lignes(livraison, arrivee, lignes, le)
    articles = articles_de(livraison.id)
    _noter_le_constat(livraison, articles, par, le)
    _livrer_le_bon(livraison.bon, par, le)
    if any(article.livrees != article.attendues or article.refusees for article in articles):
        franchir(livraison, TRANSITIONS_LIVRAISON, "signaler", par=par, le=le, resume=_resume_des_ecarts(articles))
        prevenir_les_acheteurs(livraison, [a for a in articles if a.livrees - a.refusees < a.attendues], le=le)


def corriger(livraison: Livraison, version: int, *, par: Auteur, le: datetime) -> None:
    """Open the reception again, as long as nothing is decided: what was typed is kept, to be put right."""
    exiger_version(livraison, version)
    franchir(livraison, TRANSITIONS_LIVRAISON, "corriger", par=par, le=le)
    livraison.version += 1


def _par_article(lignes: Sequence[LigneLivraison]) -> dict[int, list[LigneLivraison]]:
    """The lines by article of the bon, in rank order."""
    groupes: dict[int, list[LigneLivraison]] = defaultdict(list)
    for ligne in lignes:
        groupes[ligne.affectation.ligne_bon_id or 0].append(ligne)
    return groupes


def _refuser_l_impossible(
    livraison: Livraison, arrivee: Arrivee, lignes: Mapping[int, Sequence[LigneLivraison]], le: date
) -> None:
    """Every article is spoken of, and its figures hold; something came, on a day that can be."""
    fautes = fautes_de_la_date(arrivee.livree_le, jour_a_paris(livraison.bon.emis_le), le)
    if arrivee.constats.keys() != lignes.keys():
        fautes.append("Cette page n’est plus à jour\u00a0: rouvrez la livraison, puis recommencez.")
    else:
        for ligne_bon_id, vu in arrivee.constats.items():
            attendues = sum(ligne.unites_attendues for ligne in lignes[ligne_bon_id])
            constat = Constat(attendues, vu.unites_livrees, vu.unites_refusees)
            fautes += fautes_du_constat(constat, motif=vu.motif is not None)
        if not any(vu.unites_livrees for vu in arrivee.constats.values()):
            fautes.append(RIEN_N_EST_ARRIVE)
    if fautes:
        raise RegleRefusee(" ".join(dict.fromkeys(fautes)))


def _dater(livraison: Livraison, arrivee: Arrivee, par: Auteur) -> None:
    """When it came, who says so, and until when it may be checked."""
    livraison.livree_le, livraison.receptionnee_par = arrivee.livree_le, par.nom
    livraison.bordereau, livraison.observations = arrivee.bordereau, arrivee.observations
    livraison.a_verifier_avant_le = echeance_verification(arrivee.livree_le, livraison.bon.lot.verification_jours)
    livraison.decidee_le = None
    livraison.version += 1


def _ecrire_les_lignes(
    livraison: Livraison, arrivee: Arrivee, lignes: Mapping[int, Sequence[LigneLivraison]], le: datetime
) -> None:
    """Share what came of each article over its lines, and write them all at once."""
    regle = livraison.bon.campagne.regle_reliquat
    parts: list[dict[str, Any]] = []
    for ligne_bon_id, vu in arrivee.constats.items():
        siennes = lignes[ligne_bon_id]
        reserve = Reserve(vu.motif, vu.commentaire, _photo(vu, le))
        bonnes = part_calculee(siennes, vu.unites_livrees - vu.unites_refusees, regle)
        parts += parts_ecrites(siennes, bonnes, vu.unites_refusees, reserve)
    ecrire_les_parts(parts)


def _photo(vu: ConstatArticle, le: datetime) -> int | None:
    """The photograph of an article, laid down when it is new."""
    if vu.photo is None:
        return vu.photo_id
    depose = deposer("photo.jpg", vu.photo.type_mime, vu.photo.jpeg, le=le, miniature=vu.photo.vignette)
    return depose.id


def _resume(arrivee: Arrivee) -> str:
    """One line for the journal."""
    livrees = sum(vu.unites_livrees for vu in arrivee.constats.values())
    refusees = sum(vu.unites_refusees for vu in arrivee.constats.values())
    refus = f", dont {accorde(refusees, 'refusée')}" if refusees else ""
    return accorde(livrees, "unité livrée", "unités livrées") + refus


def _resume_des_ecarts(articles: Sequence[Any]) -> str:
    """What is missing and what was refused, for the journal."""
    manquantes = sum(article.attendues - article.livrees for article in articles)
    refusees = sum(article.refusees for article in articles)
    morceaux = []
    if manquantes:
        morceaux.append(accorde(manquantes, "unité manquante", "unités manquantes"))
    if refusees:
        morceaux.append(accorde(refusees, "unité refusée", "unités refusées"))
    return ", ".join(morceaux)


def _noter_le_constat(livraison: Livraison, articles: Sequence[Any], par: Auteur, le: datetime) -> None:
    """The figures article by article, in the journal: a second presentation overwrites the lines, not this."""
    details = {
        article.reference: {
            "attendues": int(article.attendues),
            "livrees": int(article.livrees),
            "refusees": int(article.refusees),
            "motif": article.motif.value if article.motif else None,
            "commentaire": article.commentaire,
        }
        for article in articles
    }
    noter("livraison", livraison.id, "constater", par=par, le=le, details=details)


def _livrer_le_bon(bon: BonDeCommande, par: Auteur, le: datetime) -> None:
    """The first delivery received puts the bon on its way."""
    db.session.flush()
    if franchir_tous(BonDeCommande, BonDeCommande.id == bon.id, TRANSITIONS_BON, "livrer", par=par, le=le):
        db.session.refresh(bon, ["etat"])
