"""What the buyer reads before issuing the bons: the calculation of a regroupement, put in the order of the page."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Fournisseur, Lot, Titulaire
from groupement.commandes.models import Campagne, Regroupement
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.queries.vue_par_lieu import (
    BonVue,
    contenu,
    phrase_des_ports,
    phrases_des_fractions,
    phrases_des_prix,
)
from groupement.commandes.rules.bons import (
    BonRegroupe,
    CodeRefus,
    LigneRegroupee,
    PreuveLot,
    Refus,
    ResultatRegroupement,
)
from groupement.commandes.rules.bons_reunis import reunir
from groupement.commandes.rules.demandes import LotARegrouper
from groupement.commandes.rules.paliers import phrases_palier
from groupement.commandes.rules.plafond import UsagePlafond, usage_plafond
from groupement.socle.db import db
from groupement.socle.nombres import accorde, euros_fr

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LigneVue:
    """An article of a bon, and the sentences that explain it."""

    article: Article
    ligne: LigneRegroupee
    destinations: list[str]
    paliers: list[str]
    lieu: str = ""  # of its bon, when the lot has one per place

    @property
    def conseil(self) -> str:
        """The sentence that says buying up to a higher tier costs less; empty otherwise. A person decides."""
        explication = self.ligne.explication
        vise = explication.conseil if explication else None
        if vise is None:
            return ""
        return (
            f"{self.ligne.reference}\u00a0: acheter {accorde(vise.unites_manquantes, 'unité')} de plus coûterait "
            f"{euros_fr(vise.economie_ht)} de moins ({accorde(vise.unites_a_acheter, 'unité')} "
            f"à {euros_fr(vise.prix_unitaire_ht)})."
        )


@dataclass(frozen=True, slots=True)
class LotVue:
    """A lot: its bon line by line, its supplier, its ceiling once the bon is issued, its proof.

    With one bon per place, `bon` and `lignes` are the sums of `bons`, and there are as many proofs.
    """

    lot: Lot
    titulaire: Titulaire
    bon: BonRegroupe
    lignes: list[LigneVue]
    preuves: list[PreuveLot]
    membres: int
    usage: UsagePlafond
    phrase_du_port: str
    bons: list[BonVue]
    lignes_des_bons: list[LigneVue]

    @property
    def a_emettre(self) -> int:
        """How many bons leave."""
        return sum(vue.bon.est_a_emettre for vue in self.bons) if self.bons else int(self.bon.est_a_emettre)

    @property
    def fournisseur(self) -> Fournisseur:
        """Whom the bon is sent to."""
        return self.titulaire.fournisseur

    @property
    def gain_ht(self) -> Decimal:
        """What the members spare together against ordering alone."""
        return sum((vue.ligne.gain_groupement_ht for vue in self.lignes), ZERO)


@dataclass(frozen=True, slots=True)
class ApercuVue:
    """The whole preview."""

    lots: list[LotVue]
    bloquants: list[Refus]  # nothing is issued while these stand
    a_cocher: list[Refus]  # left out if the buyer agrees
    touches: dict[str, int]  # how many bodies each refusal concerns, by its key
    membres: int
    a_du_stock: bool

    @property
    def conseils(self) -> list[str]:
        """Where buying more would cost less."""
        return [vue.conseil for lot in self.lots for vue in lot.lignes if vue.conseil]

    def total(self, champ: str) -> Decimal:
        """The sum of an amount over the bons."""
        return sum((getattr(lot.bon, champ) for lot in self.lots), ZERO)

    @property
    def gain_ht(self) -> Decimal:
        """What ordering together spares, all lots."""
        return sum((lot.gain_ht for lot in self.lots), ZERO)


def vue_de_l_apercu(entree: Entree, resultat: ResultatRegroupement) -> ApercuVue:
    """Put a calculation in the order of the page. No statement."""
    bons: dict[int, list[BonRegroupe]] = defaultdict(list)
    for bon in resultat.bons:
        bons[bon.lot].append(bon)
    lots_des_articles = {a.article_id: a.lot for a in entree.articles_a_regrouper}
    couples = {(lots_des_articles[d.article_id], d.lieu, d.collectivite_id) for d in entree.demandes}
    membres = Counter(lot for lot, _, _ in couples)
    aux_lieux = Counter((lot, lieu) for lot, lieu, _ in couples)
    par_article = Counter(d.article_id for d in entree.demandes)
    return ApercuVue(
        lots=[
            _lot(entree, resultat, lot, bons[lot.lot], membres[lot.lot])
            for lot in entree.lots_a_regrouper
            if lot.lot in bons
        ],
        bloquants=[refus for refus in resultat.refus if refus.code is CodeRefus.PLAFOND],
        a_cocher=[refus for refus in resultat.refus if refus.code is not CodeRefus.PLAFOND],
        touches={
            r.cle: par_article[r.article_id]
            if r.article_id is not None
            else membres[r.lot]
            if r.lieu is None
            else aux_lieux[r.lot, r.lieu]
            for r in resultat.refus
        },
        membres=len({d.collectivite_id for d in entree.demandes}),
        a_du_stock=any(a.stock_disponible for a in entree.articles_a_regrouper if a.article_id in par_article),
    )


def _lot(
    entree: Entree, resultat: ResultatRegroupement, lot: LotARegrouper, bons: Sequence[BonRegroupe], membres: int
) -> LotVue:
    """A lot of the preview; the sums of its bons where it has one per place."""
    articles = {a.article_id: a for a in entree.articles_a_regrouper if a.lot == lot.lot}
    bon = reunir(lot, articles, bons) if lot.un_bon_par_lieu else bons[0]
    titulaire = entree.titulaires[lot.lot]
    franco_ht = titulaire.termes.franco_ht
    plus = _en_plus(entree, resultat, lot, bons) if lot.un_bon_par_lieu else {}
    chacun_le_sien = lot.un_bon_par_lieu and lot.palier_par_bon
    lignes = [_ligne(entree, li, plus.get(li.article_id, []), sans_palier=chacun_le_sien) for li in bon.lignes]
    return LotVue(
        lot=entree.lots[lot.lot],
        titulaire=titulaire,
        bon=bon,
        lignes=lignes,
        preuves=[preuve for preuve in resultat.preuves if preuve.lot == lot.lot],
        membres=membres,
        usage=usage_plafond(lot.plafond_ht, lot.deja_engage_ht + bon.total_ht),
        phrase_du_port=phrase_des_ports(bons) if lot.un_bon_par_lieu else _phrase_du_port(franco_ht, bon),
        bons=[
            BonVue(entree.lieux[b.lieu], b, contenu(b), _phrase_du_port(franco_ht, b))
            for b in bons
            if b.lieu is not None
        ],
        lignes_des_bons=[
            _ligne(entree, li, [], entree.lieux[b.lieu]) for b in bons for li in b.lignes if b.lieu is not None
        ]
        or lignes,
    )


def _ligne(
    entree: Entree, ligne: LigneRegroupee, plus: list[str], lieu: str = "", *, sans_palier: bool = False
) -> LigneVue:
    """An article, with what explains it; `sans_palier`: several bons reach several tiers."""
    paliers = phrases_palier(ligne.explication) if ligne.explication and not sans_palier else []
    return LigneVue(entree.articles[ligne.article_id], ligne, destinations(ligne) + plus, paliers, lieu)


def _en_plus(
    entree: Entree, resultat: ResultatRegroupement, lot: LotARegrouper, bons: Sequence[BonRegroupe]
) -> dict[int, list[str]]:
    """What one bon per place changes for an article: its prices, and what is collected at the depot."""
    plus: dict[int, list[str]] = defaultdict(list)
    par_bon = lot.palier_par_bon
    for phrases in (phrases_des_prix(bons) if par_bon else {}, phrases_des_fractions(entree, resultat)):
        for article, phrase in phrases.items():
            plus[article].append(phrase)
    return plus


def destinations(ligne: LigneRegroupee) -> list[str]:
    """Where the pieces of an article come from and go to, in sentences."""
    phrases = []
    if ligne.unites_du_stock:
        phrases.append(
            f"{accorde(ligne.unites_du_stock, 'unité')} du stock du dépôt, pour {euros_fr(ligne.montant_stock_ht)}."
        )
    surplus = ligne.unites_acceptees_en_plus + ligne.surplus_au_depot
    if surplus:
        phrases.append(f"Colis complétés\u00a0: {accorde(surplus, 'unité')} au-delà de la demande.")
    if ligne.unites_acceptees_en_plus:
        phrases.append(f"{accorde(ligne.unites_acceptees_en_plus, 'unité')} aux membres qui en acceptaient plus.")
    if ligne.surplus_au_depot:
        phrases.append(f"{accorde(ligne.surplus_au_depot, 'unité')} au dépôt, pour {euros_fr(ligne.montant_depot_ht)}.")
    return phrases


def _phrase_du_port(franco_ht: Decimal | None, bon: BonRegroupe) -> str:
    """Why there is shipping, or none."""
    marchandises = bon.total_ht - bon.port_ht
    if not bon.est_a_emettre:
        return "Tout vient du stock\u00a0: aucun bon, aucun port."
    if bon.port_ht and franco_ht is not None:
        return (
            f"Port de {euros_fr(bon.port_ht)}\u00a0: {euros_fr(marchandises)} d’articles, sous le franco de "
            f"{euros_fr(franco_ht)} (il manque {euros_fr(franco_ht - marchandises)}). "
            f"Il est partagé entre les membres selon leur montant."
        )
    if franco_ht is not None:
        return f"Pas de port\u00a0: {euros_fr(marchandises)} d’articles, franco atteint ({euros_fr(franco_ht)})."
    if bon.port_ht:
        return f"Port de {euros_fr(bon.port_ht)}, dû quel que soit le montant, partagé entre les membres selon le leur."
    return "Pas de port\u00a0: ce lot est livré franco."


def regroupement_de(campagne: Campagne) -> Regroupement | None:
    """The regroupement of a campagne, once done."""
    return db.session.scalars(select(Regroupement).where(Regroupement.campagne_id == campagne.id)).one_or_none()


def preuves_gardees(regroupement: Regroupement | None) -> list[PreuveLot]:
    """The proofs written with the regroupement, as figures again."""
    preuves: list[dict[str, Any]] = regroupement.preuves["lots"] if regroupement else []
    return [PreuveLot(**{nom: _chiffre(nom, valeur) for nom, valeur in preuve.items()}) for preuve in preuves]


def _chiffre(nom: str, valeur: Any) -> Any:
    """An amount back from its text; the rest as it is."""
    return Decimal(valeur) if nom.endswith("_ht") else valeur


def noms_des_corps(corps: Sequence[int]) -> dict[int, str]:
    """The names of bodies by id: all of them, which a regroupement nearly is. One statement."""
    voulus = set(corps)
    lignes: Any = db.session.execute(select(Collectivite.id, Collectivite.nom))
    return {numero: nom for numero, nom in lignes if numero in voulus}
