"""A lot that wants one bon per delivery place: who is served where, in whole packs, then one bon for each place.

The depot is one place: what members collect there, what its stock serves, the surplus. A place receives sealed packs:
what its members ask, completed by the extra they accept; what would open a pack there is bought with the depot's bon
and collected at the depot, so that one pack an article is opened and no surplus lies at a member's. A tier is reached
by one bon or by all of them, as the lot says; minimum, franco and shipping are each bon's, the ceiling is theirs
together. Why: docs/decisions/0025-un-bon-par-lieu.md. Quantities are pieces.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from groupement.commandes.rules.bons import Affectation, BonRegroupe, LigneRegroupee
from groupement.commandes.rules.demandes import DEPOT, ArticleARegrouper, Demande, LotARegrouper
from groupement.commandes.rules.lignes import Service, a_servir, chiffrer, prendre_au_stock, servir
from groupement.commandes.rules.paliers import cout_isole
from groupement.commandes.rules.totaux_du_bon import (
    LotRegroupe,
    former_le_bon,
    partager_le_port,
    premiers_rangs,
    prouver,
    refus_du_minimum,
    refus_du_plafond,
    refus_sans_prix,
)
from groupement.socle.argent import en_centimes, en_euros, repartir_entier

NOM_DU_DEPOT = "Dépôt du Centre de gestion"


@dataclass(slots=True)
class _Groupe:
    """What one place asks of an article: the demands, or the parts of them served there; their ranks and stock."""

    demandes: list[Demande] = field(default_factory=list)
    du_stock: list[int] = field(default_factory=list)
    rangs: list[int] = field(default_factory=list)
    cout_isole: int = 0  # centimes: what these pieces cost, each body alone

    def ajouter(self, demande: Demande, du_stock: int, rang: int, cout_isole: int) -> None:
        """One more demand."""
        self.demandes.append(demande)
        self.du_stock.append(du_stock)
        self.rangs.append(rang)
        self.cout_isole += cout_isole


@dataclass(slots=True)
class _Essai:
    """The lot worked out for some of the places: lines and affectations by place, articles without a price."""

    lignes: dict[int, list[LigneRegroupee]]
    affectations: dict[int, list[Affectation]]
    demandes: dict[int, list[Demande]]
    sans_prix: list[ArticleARegrouper]


def regrouper_par_lieu(
    lot: LotARegrouper,
    articles: Sequence[ArticleARegrouper],
    par_article: Mapping[int, list[Demande]],
    depuis_le_stock: bool,
    lieux: Mapping[int, str],
) -> LotRegroupe:
    """One bon per place, in the order of `lieux`, the depot last; or refusals.

    A place whose bon is below the minimum is left out with all it asks of the lot, its stock units included, and the
    rest is worked out again without it: what it does not buy reaches no tier.
    """
    ecartes: set[int] = set()
    refus = []
    while True:
        essai = _essayer(lot, articles, par_article, depuis_le_stock, ecartes)
        bons = [former_le_bon(lot, essai.lignes[lieu], lieu) for lieu in _dans_l_ordre(essai.lignes, lieux)]
        trop_petits = [r for bon in bons if (r := refus_du_minimum(lot, bon, _nom(bon, lieux)))]
        if not trop_petits:
            break
        refus += trop_petits
        ecartes.update(r.lieu for r in trop_petits if r.lieu is not None)
    refus = [*map(refus_sans_prix, essai.sans_prix), *refus]
    plafond = refus_du_plafond(lot, bons)
    return LotRegroupe(refus=[*refus, plafond]) if plafond else _conclure(bons, essai, lieux, LotRegroupe(refus=refus))


def _conclure(bons: Sequence[BonRegroupe], essai: _Essai, lieux: Mapping[int, str], calcul: LotRegroupe) -> LotRegroupe:
    """Share the shipping of each bon among the bodies of that bon, and prove it."""
    for bon in bons:
        siennes = essai.affectations[bon.lieu or DEPOT]
        ports = []
        if bon.port_ht:
            ports = partager_le_port(bon, siennes, premiers_rangs(essai.demandes[bon.lieu or DEPOT]))
        calcul.bons.append(bon)
        calcul.affectations += siennes
        calcul.ports += ports
        calcul.preuves.append(prouver(bon, siennes, ports, _nom(bon, lieux)))
    return calcul


def _dans_l_ordre(connus: Iterable[int], lieux: Mapping[int, str]) -> list[int]:
    """Places in the order given, then those nobody named, the depot last."""
    places = {lieu: place for place, lieu in enumerate(lieux)}
    return sorted(connus, key=lambda lieu: (lieu == DEPOT, places.get(lieu, len(places)), lieu))


def _nom(bon: BonRegroupe, lieux: Mapping[int, str]) -> str:
    """How people know the place of a bon."""
    return lieux.get(bon.lieu or DEPOT, NOM_DU_DEPOT if bon.lieu == DEPOT else f"Lieu n°\u00a0{bon.lieu}")


def _essayer(
    lot: LotARegrouper,
    articles: Iterable[ArticleARegrouper],
    par_article: Mapping[int, list[Demande]],
    depuis_le_stock: bool,
    ecartes: set[int],
) -> _Essai:
    """The lot without the places left out."""
    essai = _Essai(defaultdict(list), defaultdict(list), defaultdict(list), [])
    for voulu in articles:
        article = voulu if DEPOT not in ecartes else replace(voulu, palier_vise=0, colis_en_plus=0)
        demandes = [demande for demande in par_article[article.article_id] if demande.lieu not in ecartes]
        groupes = _par_lieu(article, demandes, depuis_le_stock, depot=DEPOT not in ecartes)
        if not _chiffrer_l_article(lot, article, groupes, essai):
            essai.sans_prix.append(article)
    return essai


def _par_lieu(
    article: ArticleARegrouper, demandes: Sequence[Demande], depuis_le_stock: bool, *, depot: bool
) -> dict[int, _Groupe]:
    """Who is served where: stock by rank over all the places, then sealed packs at each, and the rest at the depot.

    Without `depot` nothing is bought for it: what would open a pack is left out.
    """
    pris = prendre_au_stock(article, demandes) if depuis_le_stock else [0] * len(demandes)
    livrees, en_plus = _livrer(article, demandes, pris)
    groupes: dict[int, _Groupe] = defaultdict(_Groupe)
    for indice, demande in enumerate(demandes):
        au_depot = demande.unites - livrees[indice] if depot else pris[indice]
        isoles = _couts_isoles(article, demande, livrees[indice], au_depot)
        if livrees[indice] or en_plus[indice]:
            livree = demande._replace(unites=livrees[indice], unites_acceptees_en_plus=en_plus[indice])
            groupes[demande.lieu].ajouter(livree, 0, indice + 1, isoles[0])
        if au_depot:
            a_ouvrir = au_depot > pris[indice] or demande.lieu == DEPOT
            extra = demande.unites_acceptees_en_plus if a_ouvrir else 0
            retiree = demande._replace(unites=au_depot, unites_acceptees_en_plus=extra, lieu=DEPOT)
            groupes[DEPOT].ajouter(retiree, pris[indice], indice + 1, isoles[1])
    if depot and (article.palier_vise or article.colis_en_plus):
        groupes[DEPOT]  # what the buyer wants beyond the demand is the depot's
    return groupes


def _livrer(
    article: ArticleARegrouper, demandes: Sequence[Demande], pris: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The asked pieces each demand receives at its own place, and the extra ones that complete a pack there.

    A last pack is sent when the place's members accept what is left of it; otherwise it is not opened for them.
    """
    livrees, en_plus = [0] * len(demandes), [0] * len(demandes)
    par_lieu: dict[int, list[int]] = defaultdict(list)
    for indice, demande in enumerate(demandes):
        if demande.lieu != DEPOT:
            par_lieu[demande.lieu].append(indice)
    for indices in par_lieu.values():
        reste = sum(demandes[i].unites - pris[i] for i in indices)
        acceptees = sum(demandes[i].unites_acceptees_en_plus for i in indices)
        a_livrer = unites_livrees(reste, acceptees, article.unites_par_colis)
        a_donner = -reste % article.unites_par_colis if a_livrer == reste else 0
        for i in indices:
            livrees[i] = min(demandes[i].unites - pris[i], a_livrer)
            en_plus[i] = min(demandes[i].unites_acceptees_en_plus, a_donner)
            a_livrer -= livrees[i]
            a_donner -= en_plus[i]
    return livrees, en_plus


def unites_livrees(demandees: int, acceptees: int, unites_par_colis: int) -> int:
    """The pieces a place that asks for that many receives in sealed packs; the others are collected at the depot."""
    complet = -demandees % unites_par_colis <= acceptees
    return demandees if complet else demandees - demandees % unites_par_colis


def _couts_isoles(article: ArticleARegrouper, demande: Demande, livrees: int, au_depot: int) -> list[int]:
    """What the demand would cost alone, in centimes, over its pieces at its place and at the depot."""
    if not article.paliers:
        return [0, 0]
    seul = en_centimes(cout_isole(article.paliers, article.unites_par_colis, demande.unites))
    return repartir_entier(seul, [livrees, au_depot]) if livrees or au_depot else [0, 0]


def _chiffrer_l_article(
    lot: LotARegrouper, article: ArticleARegrouper, groupes: Mapping[int, _Groupe], essai: _Essai
) -> bool:
    """Add the lines of an article to those of the places; False when it must be bought and has no price."""
    deja = lot.unites_deja_achetees.get(article.article_id, 0)
    services = _servir_les_lieux(lot, article, groupes, deja)
    achetees = sum(service.achetees for service in services.values())
    if achetees and not article.paliers:
        return False
    for lieu, service in services.items():
        groupe = groupes[lieu]
        ailleurs = 0 if lot.palier_par_bon else achetees - service.achetees
        isole = en_euros(groupe.cout_isole) if groupe.cout_isole else Decimal(0)
        ligne, affectations = chiffrer(article, groupe.demandes, service, groupe.rangs, deja + ailleurs, isole)
        essai.lignes[lieu].append(ligne)
        essai.affectations[lieu] += affectations
        essai.demandes[lieu] += groupe.demandes
    return True


def _servir_les_lieux(
    lot: LotARegrouper, article: ArticleARegrouper, groupes: Mapping[int, _Groupe], deja: int
) -> dict[int, Service]:
    """The packs of each place, then those of the depot, which buys what the buyer wants beyond the demand."""
    services, livrees = {}, 0
    for lieu, groupe in groupes.items():
        if lieu != DEPOT:
            extras = sum(demande.unites_acceptees_en_plus for demande in groupe.demandes)
            services[lieu] = servir(groupe.demandes, groupe.du_stock, extras)
            livrees += services[lieu].achetees
    if DEPOT in groupes:
        depot = groupes[DEPOT]
        reste = a_servir(depot.demandes, depot.du_stock)
        a_acheter = _packs_du_depot(lot, article, reste, livrees, deja)
        if depot.demandes or a_acheter:
            services[DEPOT] = servir(depot.demandes, depot.du_stock, a_acheter - reste)
    return services


def _packs_du_depot(lot: LotARegrouper, article: ArticleARegrouper, reste: int, livrees: int, deja: int) -> int:
    """Pieces on the depot's bon, in whole packs; what the places receive counts where the tiers are common."""
    if not lot.palier_par_bon:
        return article.unites_a_acheter(reste + livrees, deja) - livrees
    if not reste and livrees:
        return article.colis_en_plus * article.unites_par_colis
    return article.unites_a_acheter(reste, deja)
