"""What the buyer decides of deliveries, or what the law decides when the time to check has run out.

One delivery or a thousand: the same statements, set by set. What is admitted can be billed, what is not never is;
what is still owed is either expected again, in a delivery of its own, or given up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, insert, literal, select, update

from groupement.livraisons.actions.avis import prevenir_le_fournisseur, prevenir_les_collectivites
from groupement.livraisons.actions.constats import exiger_version
from groupement.livraisons.actions.suites import (
    admettre_les_affectations,
    attendre_le_reste,
    entrer_en_stock,
    rafraichir,
    renoncer_au_reste,
    solder_et_servir,
)
from groupement.livraisons.models import Decision, LigneLivraison, Livraison
from groupement.livraisons.queries.compteurs import recue_sans_reserve, verification_echue
from groupement.livraisons.queries.livraisons import lignes_de, parmi, verrouiller_les_campagnes
from groupement.livraisons.rules.decisions import (
    fautes_de_la_refaction,
    partager_refaction,
    refaction_proportionnelle,
)
from groupement.livraisons.states import TRANSITIONS_LIVRAISON
from groupement.socle.argent import part_cumulee
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import DateHeure, Montant, db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee, etat_suivant
from groupement.socle.journal import AUTOMATE, Auteur, franchir_tous

ZERO = Decimal("0.00")
A_L_ECHEANCE_DU_BON = "echeance"


@dataclass(frozen=True, slots=True)
class Reste:
    """What becomes of the pieces missing or refused: expected for a day, or given up (`attendu_le` is None)."""

    attendu_le: date | None


@dataclass(frozen=True, slots=True)
class Refaction:
    """A cut on what is admitted: an amount (€ HT), or a percentage of it."""

    montant_ht: Decimal | None = None
    pct: Decimal | None = None


def admettre(livraison: Livraison, version: int, *, reste: Reste, motif: str = "", par: Auteur, le: datetime) -> None:
    """Accept what was delivered and not refused."""
    _preparer(livraison, version, "admettre", reste, le)
    _conclure([livraison.id], "admettre", motif=motif, reste=reste.attendu_le, par=par, le=le)
    _annoncer_la_decision(livraison, "decision_admise", "Livraison acceptée", motif, le)
    if _reliquat_attendu(livraison):
        prevenir_le_fournisseur(
            livraison, "decision_reliquat", "Livraison à compléter", le=le, reste_le=reste.attendu_le, motif=motif
        )


def refacter(
    livraison: Livraison, version: int, refaction: Refaction, motif: str, *, reste: Reste, par: Auteur, le: datetime
) -> Decimal:
    """Accept at a lower price: the cut is shared over the lines by what each admits. Returns the cut (€ HT)."""
    _preparer(livraison, version, "refacter", reste, le)
    lignes = [ligne for ligne in lignes_de(livraison.id) if ligne.unites_livrees > ligne.unites_refusees]
    valeurs = [_valeur_admise(ligne) for ligne in lignes]
    montant = refaction.montant_ht
    if montant is None:
        montant = refaction_proportionnelle(sum(valeurs, ZERO), refaction.pct or ZERO)
    if fautes := fautes_de_la_refaction(montant, sum(valeurs, ZERO), motif):
        raise RegleRefusee(" ".join(fautes))
    parts = partager_refaction(montant, valeurs)
    ecrites = [{"id": ligne.id, "refaction_ht": part} for ligne, part in zip(lignes, parts, strict=True)]
    db.session.execute(update(LigneLivraison), ecrites)
    _conclure([livraison.id], "refacter", motif=motif, reste=reste.attendu_le, refaction_ht=montant, par=par, le=le)
    _annoncer_la_decision(livraison, "decision_refaction", "Livraison acceptée avec un rabais", motif, le)
    prevenir_le_fournisseur(livraison, "decision_fournisseur", "Réfaction", le=le, montant_ht=montant, motif=motif)
    return montant


def rejeter(livraison: Livraison, version: int, motif: str, *, reste: Reste, par: Auteur, le: datetime) -> None:
    """Accept nothing of it: all of it is expected again, or given up."""
    _exiger_motif(motif, "Un rejet est motivé\u00a0: dites ce qui ne va pas.")
    _preparer(livraison, version, "rejeter", reste, le)
    _conclure([livraison.id], "rejeter", motif=motif, reste=reste.attendu_le, admet=False, par=par, le=le)
    _annoncer_la_decision(livraison, "decision_rejetee", "Livraison refusée", motif, le)
    prevenir_le_fournisseur(livraison, "decision_fournisseur", "Rejet", le=le, montant_ht=None, motif=motif)


def ajourner(livraison: Livraison, version: int, motif: str, *, par: Auteur, le: datetime) -> None:
    """Put off: the supplier presents the same delivery again, put right; the time to check starts afresh then."""
    _exiger_motif(motif, "Un ajournement est motivé\u00a0: dites ce que le fournisseur doit corriger.")
    _preparer(livraison, version, "ajourner", None, le)
    _ecrire_la_decision([livraison.id], "ajourner", motif, ZERO, par, le)
    rafraichir()
    _annoncer_la_decision(livraison, "decision_ajournee", "Livraison à représenter", motif, le)
    prevenir_le_fournisseur(livraison, "decision_fournisseur", "Ajournement", le=le, montant_ht=None, motif=motif)


def admettre_sans_reserve(*, par: Auteur, le: datetime) -> int:
    """Admit at once all the deliveries received whole and sound; returns how many."""
    ids = _tenir(recue_sans_reserve())
    if ids:
        _conclure(ids, "admettre", motif="Reçue sans réserve", reste=None, par=par, le=le)
        _prevenir_de_l_admission(ids, "Livraison acceptée", "Reçue sans réserve", le)
    return len(ids)


def admettre_tacitement_les_echues(le: datetime, par: Auteur = AUTOMATE) -> int:
    """Admit what nobody decided on in time (CCAG-FCS 28.2 and 30.1); returns how many deliveries.

    Pieces missing or refused at the door were never accepted: they are still owed, at the deadline of the bon.
    """
    ids = _tenir(verification_echue(jour_a_paris(le)))
    if ids:
        motif = "Aucune décision dans le délai de vérification\u00a0: admission réputée acquise (CCAG-FCS, 28.2)."
        _conclure(ids, "admettre_tacitement", motif=motif, reste=A_L_ECHEANCE_DU_BON, par=par, le=le)
        _prevenir_de_l_admission(ids, "Livraison acceptée, délai écoulé", motif, le)
    return len(ids)


def valeur_admissible(livraison: Livraison) -> Decimal:
    """What admitting the delivery as it stands is worth (€ HT), by the same parts as the factures."""
    return sum((_valeur_admise(ligne) for ligne in lignes_de(livraison.id)), ZERO)


def _tenir(condition: ColumnElement[bool]) -> list[int]:
    """The ids of the deliveries that meet it, their campagnes and themselves held until the commit."""
    verrouiller_ecriture()
    verrouiller_les_campagnes(condition)
    return list(
        db.session.scalars(select(Livraison.id).where(condition).order_by(Livraison.id).with_for_update(of=Livraison))
    )


def _preparer(livraison: Livraison, version: int, verbe: str, reste: Reste | None, le: datetime) -> None:
    """Refuse a stale page, a state the verb does not start from, a day that is past."""
    exiger_version(livraison, version)
    etat_suivant(livraison.etat, TRANSITIONS_LIVRAISON, verbe)
    if reste is not None and reste.attendu_le is not None and reste.attendu_le < jour_a_paris(le):
        raise RegleRefusee("Le reste est attendu un jour à venir\u00a0: choisissez une autre date.")


def _exiger_motif(motif: str, phrase: str) -> None:
    """A decision against the supplier says why."""
    if not motif.strip():
        raise RegleRefusee(phrase)


def _valeur_admise(ligne: LigneLivraison) -> Decimal:
    """What admitting the line adds to what its affectation is worth (€ HT): a difference of cumulated parts."""
    affectation = ligne.affectation
    apres = affectation.unites_admises + ligne.unites_livrees - ligne.unites_refusees
    total = affectation.montant_ht, affectation.unites
    return part_cumulee(total[0], apres, total[1]) - part_cumulee(total[0], affectation.unites_admises, total[1])


def _conclure(
    ids: Collection[int],
    verbe: str,
    *,
    motif: str,
    reste: date | str | None,
    par: Auteur,
    le: datetime,
    admet: bool = True,
    refaction_ht: Decimal = ZERO,
) -> None:
    """Decide on these deliveries and draw all that follows; as many statements for one as for a thousand.

    `reste`: the day the rest is expected, `A_L_ECHEANCE_DU_BON`, or None when it is given up.
    """
    _ecrire_la_decision(ids, verbe, motif, refaction_ht, par, le)
    if admet:
        admises = LigneLivraison.unites_livrees - LigneLivraison.unites_refusees
        _sans_relire(
            update(LigneLivraison).where(parmi(LigneLivraison.livraison_id, ids)).values(unites_admises=admises)
        )
        admettre_les_affectations(ids)
        entrer_en_stock(ids, par, le)
    if reste is None:
        renoncer_au_reste(ids)
    else:
        attendre_le_reste(ids, reste if isinstance(reste, date) else None)
    solder_et_servir(ids, par, le)
    rafraichir()


def _ecrire_la_decision(
    ids: Collection[int], verbe: str, motif: str, refaction_ht: Decimal, par: Auteur, le: datetime
) -> None:
    """The state, the journal, the decision and the new version of each delivery."""
    franchir_tous(Livraison, parmi(Livraison.id, ids), TRANSITIONS_LIVRAISON, verbe, par=par, le=le, resume=motif[:500])
    _sans_relire(update(Livraison).where(parmi(Livraison.id, ids)).values(decidee_le=le, version=Livraison.version + 1))
    valeurs = (literal(verbe, String), literal(motif, String), literal(refaction_ht, Montant))
    decisions = select(Livraison.id, *valeurs, literal(par.nom, String), literal(le, DateHeure))
    db.session.execute(
        insert(Decision).from_select(
            ("livraison_id", "verbe", "motif", "refaction_ht", "par", "le"),
            decisions.where(parmi(Livraison.id, ids)).order_by(Livraison.id),
        )
    )


def _sans_relire(ordre: Any) -> None:
    """Run an update by sets; `rafraichir` makes the objects at hand read themselves again."""
    db.session.execute(ordre, execution_options={"synchronize_session": False})


def _reliquat_attendu(livraison: Livraison) -> bool:
    """Whether the decision left something to come."""
    return bool(db.session.scalar(select(Livraison.id).where(Livraison.reliquat_de_id == livraison.id)))


def _annoncer_la_decision(livraison: Livraison, gabarit: str, sujet: str, motif: str, le: datetime) -> None:
    """Tell the body; bodies that fetch at the depot hear of it when something is ready for them."""
    _prevenir_de_l_admission([livraison.id], f"{sujet}\u00a0: bon {livraison.bon.numero}", motif, le, gabarit)


def _prevenir_de_l_admission(
    ids: Collection[int], sujet: str, motif: str, le: datetime, gabarit: str = "decision_admise"
) -> None:
    """Tell the bodies of all these deliveries."""
    prevenir_les_collectivites(ids, sujet, gabarit, au_depot="livraison_a_retirer", motif=motif, le=le)
