"""The completion phase of a committed order: pieces are added that fill a pack or reach a tier, and nothing else.

Nothing is ever lowered here. The order stays committed under its engagement number; its total is computed anew and
goes through the one door of `actions.engagements`. Two bodies may want the same last pieces: the article is held while
one is served, the other gets what is left and is told so. The line takes the rank of its rise (`rules.quantites`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from groupement.adherents.states import ROLES_COLLECTIVITE
from groupement.catalogue.models import Article
from groupement.commandes.actions.engagements import engager
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.commandes import lignes_affichees, personnes_de
from groupement.commandes.queries.complement import VERBE, manque_tenu
from groupement.commandes.queries.estimations import estimer_lignes
from groupement.commandes.queries.paniers import fenetre_de
from groupement.commandes.rules.ajouts import PLUS_RIEN, Ajout, ajout_sous_verrou
from groupement.commandes.rules.complement import Manque
from groupement.commandes.rules.fenetre import motif_de_ne_pas_completer
from groupement.commandes.rules.fractions import se_partage
from groupement.commandes.rules.quantites import Refus, rang_apres
from groupement.commandes.states import EtatCommande
from groupement.socle.calendrier import date_heure_fr, jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import entier_fr, euros_fr
from groupement.socle.web import ConflitDeVersion

PAS_VALIDEE = (
    "Seule une commande validée peut être complétée\u00a0: celle-ci n’était pas validée à la fin de la campagne."
)


class AjoutRefuse(RegleRefusee):
    """That many may not be added; `propositions` are the nearest numbers that may."""

    def __init__(self, refus: Refus) -> None:
        """Keep the rule's answer; the sentence is its reason."""
        super().__init__(refus.motif)
        self.propositions = refus.propositions


@dataclass(frozen=True, slots=True)
class PageVue:
    """What the person had before their eyes: the version of the order, what the group asked of the article."""

    version: int
    fermes: int


@dataclass(frozen=True, slots=True)
class Complement:
    """What was added, what the order came from and went to (€ HT), and what was cut down by others coming first."""

    unites: int
    avant_ht: Decimal
    apres_ht: Decimal
    reduction: str


def ajouter(
    commande: Commande, article: Article, unites: int, vue: PageVue, *, par: Auteur, le: datetime
) -> Complement:
    """Add `unites` of an article to a committed order (read with its lock), as many as are still missing.

    Raises RegleRefusee outside the phase, AjoutRefuse for a number that will not do, ConflitDeVersion on an old page.
    """
    lignes = list(lignes_affichees(commande.id))
    exiger_completable(commande, article, lignes, le)
    if commande.version != vue.version:
        raise ConflitDeVersion(
            f"Cette commande a été modifiée entre-temps par {commande.modifiee_par or 'une autre personne'} "
            f"({date_heure_fr(commande.modifiee_le)}). Rien n’a été ajouté\u00a0: relisez-la, puis recommencez."
        )
    ajout, _ = admettre(commande, article, lignes, unites, le, fermes_vues=vue.fermes)
    avant = commande.total_ht
    ligne = _relever(commande, article, lignes, ajout.unites, le)
    engager(commande, lignes, estimer_lignes(commande.campagne, lignes, jour_a_paris(le), commande))
    commande.version += 1
    commande.modifiee_le, commande.modifiee_par = le, par.nom
    complement = Complement(ajout.unites, avant, commande.total_ht, ajout.reduction)
    _noter(commande, article, ligne, complement, par, le)
    _prevenir(commande, article, ligne, complement, par, le)
    return complement


def exiger_completable(commande: Commande, article: Article, lignes: Sequence[LigneCommande], le: datetime) -> None:
    """Raise RegleRefusee unless the order may be completed now, and with this article."""
    campagne, jour = commande.campagne, jour_a_paris(le)
    if motif := motif_de_ne_pas_completer(campagne.etat, campagne.complement_au, jour):
        raise RegleRefusee(motif)
    if commande.etat is not EtatCommande.VALIDEE:
        raise RegleRefusee(PAS_VALIDEE)
    if ligne_de(lignes, article) is None:
        motif = fenetre_de(campagne, commande.collectivite_id, jour).motif_de_l_article(article)
        if motif:
            raise RegleRefusee(motif)


def ligne_de(lignes: Sequence[LigneCommande], article: Article) -> LigneCommande | None:
    """The line of the article, if the order has one."""
    return next((ligne for ligne in lignes if ligne.article_id == article.id), None)


def admettre(
    commande: Commande,
    article: Article,
    lignes: Sequence[LigneCommande],
    unites: int,
    le: datetime,
    *,
    fermes_vues: int | None = None,
) -> tuple[Ajout, Manque]:
    """What is let in, and what was missing; the article is held from here to the commit. Raises AjoutRefuse.

    `fermes_vues`: what the group asked when the page was shown; None refuses whatever cannot be served whole.
    """
    ligne, manque = ligne_de(lignes, article), manque_tenu(commande.campagne, article, jour_a_paris(le))
    if manque is None:
        raise AjoutRefuse(Refus(PLUS_RIEN))
    ajout = ajout_sous_verrou(
        manque,
        ligne.unites if ligne else 0,
        unites,
        manque.demande.fermes if fermes_vues is None else fermes_vues,
        se_partage=se_partage(article.fractionnable, commande.mode),
    )
    if isinstance(ajout, Refus):
        raise AjoutRefuse(ajout)
    return ajout, manque


def _relever(
    commande: Commande, article: Article, lignes: list[LigneCommande], unites: int, le: datetime
) -> LigneCommande:
    """Raise the line, or open one."""
    ligne = ligne_de(lignes, article)
    if ligne is None:
        ligne = LigneCommande(commande_id=commande.id, article_id=article.id, article=article, unites=unites, rang=le)
        db.session.add(ligne)
        lignes.append(ligne)
    else:
        ligne.rang = rang_apres(ligne.rang, ligne.unites, ligne.unites + unites, le)
        ligne.unites += unites
    db.session.flush()
    return ligne


def _noter(
    commande: Commande, article: Article, ligne: LigneCommande, complement: Complement, par: Auteur, le: datetime
) -> None:
    """Say in the journal what was added and what it changed."""
    noter(
        "commande",
        commande.id,
        VERBE,
        par=par,
        le=le,
        resume=f"{article.reference}\u00a0: {entier_fr(ligne.unites - complement.unites)} → {entier_fr(ligne.unites)}, "
        f"total {euros_fr(complement.avant_ht)} → {euros_fr(complement.apres_ht)} HT",
        avant=commande.etat,
        apres=commande.etat,
        details={
            "article_id": article.id,
            "unites": complement.unites,
            "avant_ht": str(complement.avant_ht),
            "apres_ht": str(complement.apres_ht),
        },
    )


def _prevenir(
    commande: Commande, article: Article, ligne: LigneCommande, complement: Complement, par: Auteur, le: datetime
) -> None:
    """A mail to the other people of the body, each person once."""
    personnes = personnes_de(commande.collectivite_id, sorted(ROLES_COLLECTIVITE), jour_a_paris(le))
    sujet = f"Commande complétée\u00a0: {commande.collectivite.nom}"
    valeurs = {"commande": commande, "article": article, "ligne": ligne, "complement": complement, "par": par.nom}
    lettres = [(p.email, sujet, valeurs | {"personne": p}) for p in personnes if p.id != par.utilisateur_id]
    ecrire_plusieurs("commande_completee_en_phase", lettres, le=le)
