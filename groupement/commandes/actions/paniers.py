"""What fills a basket: articles, the needs an audit found, last year's order; and where it goes.

Each act touches its own line only, so several people of a body work on one order without losing anything: what the
page showed of the line travels with the act, and a line that somebody else changed meanwhile is not written over.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from groupement.catalogue.models import Article
from groupement.commandes.models import Campagne, Commande, LigneCommande
from groupement.commandes.queries import commandes as queries
from groupement.commandes.queries.lignes_changees import derniere_main
from groupement.commandes.queries.paniers import (
    besoins_transmis,
    fenetre_de,
    lignes_a_reprendre,
    motif_de_ne_pas_commander,
)
from groupement.commandes.rules.fractions import quantite_commandable, se_partage
from groupement.commandes.rules.lignes_vues import Quantites, a_change, phrase_de_changement
from groupement.commandes.rules.quantites import (
    Refus,
    rang_apres,
    refus_d_unites_en_plus,
    refus_de_quantite,
)
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import entier_fr

DEJA_PARTIE = {
    EtatCommande.SOUMISE: (
        "Votre commande attend la validation\u00a0: reprenez-la d’abord pour la modifier (page « Votre commande »)."
    ),
    EtatCommande.VALIDEE: "Votre commande est validée\u00a0: demandez à son valideur de la rouvrir pour la modifier.",
}


class QuantiteRefusee(RegleRefusee):
    """A quantity will not do; `champ` says which, `propositions` the nearest ones that will."""

    def __init__(self, champ: str, refus: Refus) -> None:
        """Keep the rule's answer; the sentence is its reason."""
        super().__init__(refus.motif)
        self.champ, self.propositions = champ, refus.propositions


class LigneChangee(RegleRefusee):
    """Somebody else changed the line since the page showed it; `actuelle` is what it holds, `voulue` what was asked."""

    def __init__(self, phrase: str, actuelle: Quantites, voulue: Quantites | None) -> None:
        """Keep both quantities; the sentence names who, when and how much."""
        super().__init__(phrase)
        self.actuelle, self.voulue = actuelle, voulue


def ajouter_article(
    campagne: Campagne,
    collectivite_id: int,
    article: Article,
    unites: int,
    unites_acceptees_en_plus: int = 0,
    *,
    par: Auteur,
    le: datetime,
) -> LigneCommande:
    """Put `unites` pieces of an article in the body's basket, on top of what is there; opens the basket if need be."""
    if motif := fenetre_de(campagne, collectivite_id, jour_a_paris(le)).motif_de_l_article(article):
        raise RegleRefusee(motif)
    tenue = queries.commande_de(campagne.id, collectivite_id, verrou=True)
    mode = tenue.mode if tenue else ModeDeRemise.LIVRAISON
    _exiger_quantites(article, unites, unites_acceptees_en_plus, mode)
    commande = panier_a_remplir(campagne, collectivite_id, par=par, le=le)
    ligne = _ligne(commande, article.id)
    deja = ligne.unites if ligne else 0
    en_plus = max(unites_acceptees_en_plus, ligne.unites_acceptees_en_plus if ligne else 0)
    return _poser(commande, article, ligne, deja + unites, en_plus, par=par, le=le)


def modifier_ligne(
    ligne: LigneCommande,
    unites: int,
    unites_acceptees_en_plus: int | None = None,
    *,
    vue: Quantites | None = None,
    par: Auteur,
    le: datetime,
) -> LigneCommande:
    """Set the quantity of a line (read with its lock); `None` keeps the extra units accepted.

    `vue`: what the page showed of it. Raises LigneChangee when it is something else by now, and not what is wanted.
    """
    _exiger_modifiable(ligne.commande, le)
    en_plus = ligne.unites_acceptees_en_plus if unites_acceptees_en_plus is None else unites_acceptees_en_plus
    _exiger_vue(ligne, vue, Quantites(unites, en_plus), le)
    if unites != ligne.unites or en_plus != ligne.unites_acceptees_en_plus:
        _exiger_quantites(ligne.article, unites, en_plus, ligne.commande.mode)
    return _poser(ligne.commande, ligne.article, ligne, unites, en_plus, par=par, le=le)


def retirer_ligne(ligne: LigneCommande, *, vue: Quantites | None = None, par: Auteur, le: datetime) -> None:
    """Take an article out of the basket. Raises LigneChangee when it is no more what the page showed."""
    _exiger_modifiable(ligne.commande, le)
    _exiger_vue(ligne, vue, None, le)
    resume = f"{ligne.article.reference} ({entier_fr(ligne.unites)})"
    marquer_panier(ligne.commande, "retirer", resume, {ligne.article_id: (ligne.unites, 0)}, par=par, le=le)
    db.session.delete(ligne)
    db.session.flush()


def remplir_des_besoins(campagne: Campagne, collectivite_id: int, *, par: Auteur, le: datetime) -> list[str]:
    """Bring the basket up to the needs the audit found: doing it twice adds nothing. Returns what was put in."""
    besoins = besoins_transmis(collectivite_id, campagne)
    return completer(campagne, collectivite_id, [(b.article, b.unites) for b in besoins], par=par, le=le)


def reprendre_une_commande(
    campagne: Campagne, ancienne: Commande, *, par: Auteur, le: datetime
) -> tuple[list[str], list[str]]:
    """Bring the basket up to an older order of the same body; returns (what was put in, what it may buy no more)."""
    fenetre = fenetre_de(campagne, ancienne.collectivite_id, jour_a_paris(le))
    trouves: dict[int, tuple[Article, int]] = {}
    absents = []
    for ligne, ancien, article in lignes_a_reprendre(ancienne.id, campagne):
        if article is None or fenetre.motif_de_l_article(article):
            absents.append(f"{ancien.reference} ({ancien.designation})")
        else:
            trouves.setdefault(ligne.id, (article, ligne.unites))
    return completer(campagne, ancienne.collectivite_id, trouves.values(), par=par, le=le), absents


def panier_a_remplir(campagne: Campagne, collectivite_id: int, *, par: Auteur, le: datetime) -> Commande:
    """The body's draft, locked; a new one when it has none. Raises RegleRefusee when it may not order now."""
    commande = queries.commande_de(campagne.id, collectivite_id, verrou=True)
    if commande is not None:
        _exiger_modifiable(commande, le)
        return commande
    _exiger_le_droit(campagne, collectivite_id, le)
    points = queries.points_par_defaut([collectivite_id])
    commande = Commande(
        campagne=campagne,
        collectivite_id=collectivite_id,
        point_de_livraison_id=points.get(collectivite_id),
        etat=EtatCommande.BROUILLON,
        version=0,
        modifiee_le=le,
    )
    db.session.add(commande)
    db.session.flush()
    noter("commande", commande.id, "commencer", par=par, le=le, apres=commande.etat)
    return commande


def completer(
    campagne: Campagne, collectivite_id: int, voulus: Iterable[tuple[Article, int]], *, par: Auteur, le: datetime
) -> list[str]:
    """Raise the lines that are below what is wanted, rounded up to what may be ordered; returns what was raised."""
    commande = panier_a_remplir(campagne, collectivite_id, par=par, le=le)
    fenetre = fenetre_de(campagne, collectivite_id, jour_a_paris(le))
    posees = []
    lignes = {ligne.article_id: ligne for ligne in queries.lignes_affichees(commande.id)}
    for article, unites in voulus:
        if fenetre.motif_de_l_article(article):
            continue
        ligne = lignes.get(article.id)
        partage = se_partage(article.fractionnable, commande.mode)
        visees = quantite_commandable(unites, article.unites_par_colis, fractionnable=partage)
        if ligne is None or ligne.unites < visees:
            lignes[article.id] = _poser(
                *(commande, article, ligne, visees, ligne.unites_acceptees_en_plus if ligne else 0), par=par, le=le
            )
            posees.append(f"{entier_fr(visees)} × {article.designation}")
    return posees


def _poser(
    commande: Commande,
    article: Article,
    ligne: LigneCommande | None,
    unites: int,
    en_plus: int,
    *,
    par: Auteur,
    le: datetime,
) -> LigneCommande:
    """Write a line at a quantity already checked, but for what no order may pass."""
    if refus := refus_de_quantite(unites, 1, fractionnable=True):
        raise QuantiteRefusee("unites", refus)
    avant = ligne.unites if ligne else 0
    if ligne is None:
        ligne = LigneCommande(commande_id=commande.id, article_id=article.id, article=article, unites=unites, rang=le)
        db.session.add(ligne)
    elif (ligne.unites, ligne.unites_acceptees_en_plus) == (unites, en_plus):
        return ligne
    ligne.rang = rang_apres(ligne.rang, avant, unites, le)
    ligne.unites, ligne.unites_acceptees_en_plus = unites, en_plus
    plus = f", jusqu’à {entier_fr(en_plus)} de plus" if en_plus else ""
    changement = f"{entier_fr(avant)} → {entier_fr(unites)}" if avant != unites else entier_fr(unites)
    resume = f"{article.reference}\u00a0: {changement}{plus}"
    marquer_panier(commande, "remplir", resume, {article.id: (avant, unites)}, par=par, le=le)
    db.session.flush()
    return ligne


def _exiger_quantites(article: Article, unites: int, en_plus: int, mode: ModeDeRemise) -> None:
    """Raise QuantiteRefusee with the nearest quantities when the pack rule says no."""
    colis: dict[str, Any] = {
        "unites_par_colis": article.unites_par_colis,
        "fractionnable": se_partage(article.fractionnable, mode),
    }
    if refus := refus_de_quantite(unites, **colis):
        raise QuantiteRefusee("unites", refus)
    if refus := refus_d_unites_en_plus(en_plus, **colis):
        raise QuantiteRefusee("unites_acceptees_en_plus", refus)


def _exiger_vue(ligne: LigneCommande, vue: Quantites | None, voulue: Quantites | None, le: datetime) -> None:
    """Raise LigneChangee rather than write over what the author has not seen."""
    actuelle = Quantites(ligne.unites, ligne.unites_acceptees_en_plus)
    if vue is not None and a_change(vue, actuelle, voulue):
        main = derniere_main(ligne.commande, ligne.article_id)
        raise LigneChangee(phrase_de_changement(main, vue, actuelle, voulue, le), actuelle, voulue)


def _ligne(commande: Commande, article_id: int) -> LigneCommande | None:
    """The line of an article, if the basket has one."""
    return db.session.scalars(
        db.select(LigneCommande)
        .filter_by(commande_id=commande.id, article_id=article_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _exiger_modifiable(commande: Commande, le: datetime) -> None:
    """Raise RegleRefusee unless the order is a draft of a window that is open for its body."""
    if commande.urgente:
        raise RegleRefusee("Modifiez cette demande sur la page «\u00a0Dépannage\u00a0».")
    _exiger_le_droit(commande.campagne, commande.collectivite_id, le)
    if commande.etat is not EtatCommande.BROUILLON:
        raise RegleRefusee(DEJA_PARTIE.get(commande.etat, "Cette commande ne peut plus être modifiée."))


def _exiger_le_droit(campagne: Campagne, collectivite_id: int, le: datetime) -> None:
    """Raise RegleRefusee when the body may not order in the campagne at that moment."""
    if motif := motif_de_ne_pas_commander(campagne, collectivite_id, jour_a_paris(le)):
        raise RegleRefusee(motif)


def marquer_panier(
    commande: Commande,
    verbe: str,
    resume: str,
    lignes: Mapping[int, tuple[int, int]],
    *,
    par: Auteur,
    le: datetime,
) -> None:
    """Say in the journal and on the order who changed it last; `lignes`: units before and after, by article id."""
    commande.version += 1
    commande.modifiee_le, commande.modifiee_par = le, par.nom
    details = {"lignes": {str(article_id): list(unites) for article_id, unites in lignes.items()}}
    noter("commande", commande.id, verbe, par=par, le=le, resume=resume[:500], details=details)
