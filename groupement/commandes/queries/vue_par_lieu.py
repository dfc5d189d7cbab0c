"""A lot that gives one bon per place, as the buyer reads it before issuing them: each bon in a few words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules.bons import BonRegroupe, LigneRegroupee, Origine, ResultatRegroupement
from groupement.commandes.rules.demandes import DEPOT
from groupement.socle.nombres import accorde, euros_fr

DETAILLES = 100  # beyond that many bons, what each holds is read in the file


@dataclass(frozen=True, slots=True)
class BonVue:
    """The bon of one place: who it serves, its lines in sentences, and why it carries shipping."""

    lieu: str
    bon: BonRegroupe
    contenu: list[str]
    phrase_du_port: str


def contenu(bon: BonRegroupe) -> list[str]:
    """What a bon holds, a line an article."""
    return [
        f"{ligne.reference}\u00a0: {accorde(ligne.unites_achetees, 'unité')} "
        f"({accorde(ligne.colis, 'colis', 'colis')}) à {euros_fr(ligne.prix_unitaire_ht)}, soit "
        f"{euros_fr(ligne.montant_ht)}{_au_dela(ligne)}."
        for ligne in bon.lignes_a_commander
        if ligne.prix_unitaire_ht is not None
    ]


def _au_dela(ligne: LigneRegroupee) -> str:
    """What completes the packs."""
    mots = []
    if ligne.unites_acceptees_en_plus:
        mots.append(f"{accorde(ligne.unites_acceptees_en_plus, 'unité acceptée', 'unités acceptées')} en plus")
    if ligne.surplus_au_depot:
        mots.append(f"{accorde(ligne.surplus_au_depot, 'unité')} de surplus")
    return f", dont {' et '.join(mots)}" if mots else ""


def phrase_des_ports(bons: Sequence[BonRegroupe]) -> str:
    """What the bons carry of shipping, together."""
    avec = [bon for bon in bons if bon.port_ht]
    if not avec:
        return "Aucun de ces bons ne porte de frais de port."
    combien = accorde(len(avec), "bon porte", "bons portent")
    port = euros_fr(sum((bon.port_ht for bon in avec), Decimal(0)))
    return f"Port compté bon par bon\u00a0: {combien} des frais, {port} en tout, partagés entre ceux que le bon sert."


def phrases_des_prix(bons: Iterable[BonRegroupe]) -> dict[int, str]:
    """The prices of each article in a lot where each bon reaches its own tier."""
    prix = defaultdict(set)
    for bon in bons:
        for ligne in bon.lignes_a_commander:
            if ligne.prix_unitaire_ht is not None:
                prix[ligne.article_id].add(ligne.prix_unitaire_ht)
    return {
        article: f"Chaque bon atteint son propre palier\u00a0: {_etendue(connus)}." for article, connus in prix.items()
    }


def _etendue(prix: Collection[Decimal]) -> str:
    """One price, or the lowest and the highest."""
    if len(prix) == 1:
        return f"{euros_fr(min(prix))} l’unité dans tous"
    return f"de {euros_fr(min(prix))} à {euros_fr(max(prix))} l’unité"


def phrases_des_fractions(entree: Entree, resultat: ResultatRegroupement) -> dict[int, str]:
    """What is not a whole pack at its place and will be collected at the depot, and by whom, by article."""
    par_lieu = {lot.lot for lot in entree.lots_a_regrouper if lot.un_bon_par_lieu}
    if not par_lieu:
        return {}
    articles = {article.article_id for article in entree.articles_a_regrouper if article.lot in par_lieu}
    lieux = {d.ligne_id: d.lieu for d in entree.demandes if d.article_id in articles and d.lieu != DEPOT}
    retraits: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for a in resultat.affectations:
        if a.ligne_id in lieux and a.lieu == DEPOT and a.origine is Origine.BON:
            retraits[a.article_id].append((entree.lieux[lieux[a.ligne_id]], a.unites))
    return {article: _phrase_des_fractions(parts) for article, parts in retraits.items()}


def _phrase_des_fractions(parts: Sequence[tuple[str, int]]) -> str:
    """One article: how many pieces, for which places (the first five named)."""
    qui = [f"{lieu} ({unites})" for lieu, unites in parts[:5]]
    if len(parts) > len(qui):
        qui.append(f"{len(parts) - len(qui)} autres")
    return (
        f"{accorde(sum(unites for _, unites in parts), 'unité')} en dehors des colis entiers d’un lieu\u00a0: "
        f"achetées avec le bon du dépôt, à y retirer. {', '.join(qui)}."
    )
