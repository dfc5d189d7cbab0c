"""The depot hands an urgent order over, whole or in part, or puts it back on its shelves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from groupement.adherents.models import Habilitation, Utilisateur
from groupement.adherents.queries import en_cours
from groupement.adherents.states import Role
from groupement.commandes.actions.avis_de_remise import dire_ce_qui_est_remis
from groupement.commandes.actions.commandes import marquer, prevenir_les_agents
from groupement.commandes.models import Affectation, Commande, Depannage, EcartDeRemise, LigneCommande
from groupement.commandes.queries.remises import lignes_a_remettre
from groupement.commandes.rules import remises as regle
from groupement.commandes.rules.remises import LigneRemise, Remis
from groupement.commandes.states import PERTES, TRANSITIONS_COMMANDE, EtatCommande
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee, TransitionInterdite
from groupement.socle.journal import Auteur, franchir
from groupement.stock.actions import Mouvement, mouvementer_plusieurs


def prevenir_les_acheteurs(commande: Commande, le: datetime) -> None:
    """The depot has an order to prepare."""
    adresses = db.session.scalars(
        select(Utilisateur.email)
        .join(Habilitation, Habilitation.utilisateur_id == Utilisateur.id)
        .where(Habilitation.role == Role.ACHETEUR, Utilisateur.active, en_cours(jour_a_paris(le)))
        .distinct()
        .order_by(Utilisateur.email)
    )
    unites = db.session.scalar(select(func.sum(LigneCommande.unites)).where(LigneCommande.commande_id == commande.id))
    sujet = f"Dépannage à préparer\u00a0: {commande.collectivite.nom}"
    valeurs = {"commande": commande, "unites": unites}
    ecrire_plusieurs("depannage_a_preparer", [(adresse, sujet, valeurs) for adresse in adresses], le=le)


class RemiseRefusee(RegleRefusee):
    """Some lines are typed wrong; `lignes` has a sentence for each, by line id."""

    def __init__(self, lignes: Mapping[int, str]) -> None:
        """Keep the sentences; the message is all of them."""
        super().__init__(" ".join(lignes.values()))
        self.lignes = dict(lignes)


def remettre(
    commande: Commande,
    depannage: Depannage,
    remis_a: str,
    remis: Mapping[int, Remis] | None = None,
    *,
    par: Auteur,
    le: datetime,
) -> list[LigneRemise]:
    """The body has its units: they are admitted, and can be billed; returns the lines, with what each misses.

    `remis`: what is handed over, by line id; a line that is not there is handed over whole. What is missing goes back
    to the stock for what it left at; what the depot has not, or cannot give, then leaves it as a loss.
    Raises TransitionInterdite when the order is handed over, or given up, already; RemiseRefusee for lines typed
    wrong; RegleRefusee when nothing at all is handed over.
    """
    _exiger_a_remettre(commande, depannage)
    lignes = _lignes_remises(commande, remis or {})
    verbe = "servir_en_partie" if regle.manquants(lignes) else "servir"
    franchir(commande, TRANSITIONS_COMMANDE, verbe, par=par, le=le, resume=regle.resume(remis_a, lignes))
    depannage.remis_le, depannage.remis_a = jour_a_paris(le), remis_a
    _ecrire_les_ecarts(lignes)
    _admettre(commande)
    _rendre_au_stock(commande, regle.manquants(lignes), par, le)
    marquer(commande, par, le)
    if regle.manquants(lignes):
        dire_ce_qui_est_remis(commande, depannage, lignes, le)
    return lignes


def _exiger_a_remettre(commande: Commande, depannage: Depannage) -> None:
    """Raise TransitionInterdite, saying who was faster, when it cannot be handed over any more."""
    if depannage.remis_le is not None:
        raise TransitionInterdite(
            f"Ces articles ont déjà été remis à {depannage.remis_a}\u00a0: rouvrez la page pour voir quand."
        )
    if commande.etat is EtatCommande.ANNULEE:
        raise TransitionInterdite(
            f"Ce dépannage a été annulé par {commande.modifiee_par}\u00a0: ses articles sont de nouveau au stock. "
            "Rien n’est enregistré."
        )


def _lignes_remises(commande: Commande, remis: Mapping[int, Remis]) -> list[LigneRemise]:
    """What is handed over, line by line. Raises RemiseRefusee, RegleRefusee."""
    a_remettre = lignes_a_remettre(commande.id)
    if set(remis) - {ligne.ligne_id for ligne in a_remettre}:
        raise RegleRefusee("Un de ces articles n’est pas de ce dépannage\u00a0: rouvrez la page, puis recommencez.")
    if refus := regle.refus_par_ligne(a_remettre, remis):
        raise RemiseRefusee(refus)
    lignes = regle.remettre(a_remettre, remis)
    if a_remettre and regle.est_vide(lignes):
        raise RegleRefusee(regle.RIEN_DE_REMIS)
    return lignes


def _ecrire_les_ecarts(lignes: Sequence[LigneRemise]) -> None:
    """One row a line that misses units."""
    ecarts = [
        {
            "ligne_commande_id": ligne.ligne.ligne_id,
            "unites": ligne.manquantes,
            "montant_ht": ligne.rendu_ht,
            "motif": ligne.motif,
            "precision": ligne.precision,
        }
        for ligne in regle.manquants(lignes)
    ]
    if ecarts:
        db.session.execute(insert(EcartDeRemise), ecarts)


def _admettre(commande: Commande) -> None:
    """Admit what was handed over, and close what was not: nothing of the order is to come. One statement."""
    manquantes = func.coalesce(
        select(EcartDeRemise.unites)
        .where(EcartDeRemise.ligne_commande_id == Affectation.ligne_commande_id)
        .scalar_subquery(),
        0,
    )
    db.session.execute(
        update(Affectation)
        .where(Affectation.ligne_commande_id.in_(_lignes(commande)))
        .values(unites_admises=Affectation.unites - manquantes, unites_refusees=manquantes),
        execution_options={"synchronize_session": False},
    )


def _rendre_au_stock(commande: Commande, manquants: Sequence[LigneRemise], par: Auteur, le: datetime) -> None:
    """What was not handed over is in the books again; what the depot has not leaves them at once, with its reason."""
    acte: dict[str, Any] = {"piece": f"commande:{commande.id}", "par": par, "le": le}
    depot_id, nom = commande.campagne.depot_id, commande.collectivite.nom
    retours = [Mouvement(m.ligne.article_id, m.manquantes, m.rendu_ht) for m in manquants]
    mouvementer_plusieurs(depot_id, retours, motif=f"Dépannage, non remis à {nom}"[:200], **acte)
    for motif in PERTES:
        pertes = [Mouvement(m.ligne.article_id, -m.manquantes) for m in manquants if m.motif is motif]
        texte = f"{motif.libelle(coordonnateur=True)}, constaté à la remise à {nom}"[:200]
        mouvementer_plusieurs(depot_id, pertes, motif=texte, **acte)


def remettre_en_stock(commande: Commande, motif: str, *, par: Auteur, le: datetime) -> None:
    """Give the order up before it is handed over: its units go back to the depot for what they left at."""
    if commande.etat is not EtatCommande.REGROUPEE:
        raise TransitionInterdite(
            f"Cette commande ne peut plus être annulée\u00a0: elle est «\u00a0{commande.etat_lu()}\u00a0»."
        )
    siennes = Affectation.ligne_commande_id.in_(_lignes(commande))
    parts = db.session.execute(
        select(Affectation.article_id, Affectation.unites, Affectation.montant_ht)
        .where(siennes)
        .order_by(Affectation.id)
    )
    retours = [Mouvement(article_id, unites, montant_ht) for article_id, unites, montant_ht in parts]
    texte = f"Dépannage annulé, {commande.collectivite.nom}"[:200]
    piece = f"commande:{commande.id}"
    mouvementer_plusieurs(commande.campagne.depot_id, retours, motif=texte, piece=piece, par=par, le=le)
    db.session.execute(delete(Affectation).where(siennes), execution_options={"synchronize_session": False})
    franchir(commande, TRANSITIONS_COMMANDE, "remettre_en_stock", par=par, le=le, resume=motif)
    commande.renvoi_motif = motif
    marquer(commande, par, le)
    prevenir_les_agents(commande, "Votre dépannage est annulé", "depannage_annule", par, le)


def _lignes(commande: Commande):
    """The ids of its lines."""
    return select(LigneCommande.id).where(LigneCommande.commande_id == commande.id)
