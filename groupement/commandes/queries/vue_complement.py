"""What a body sees of the completion phase: a card an article, then what one addition changes. Fixed statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.adherents.models import Utilisateur
from groupement.adherents.states import Role
from groupement.catalogue.models import Article
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.commandes import lignes_affichees, personnes_de
from groupement.commandes.queries.complement import articles_du_marche, commandes_a_completer, manque_de, manques
from groupement.commandes.queries.estimations import estimer_dans, lire_le_groupement
from groupement.commandes.queries.paniers import Fenetre, fenetre_de
from groupement.commandes.queries.titulaires import LotsTenus, lots_tenus
from groupement.commandes.rules.ajouts import ajout_conseille, refus_d_ajout
from groupement.commandes.rules.complement import Manque
from groupement.commandes.rules.estimation import Estimation
from groupement.commandes.rules.fractions import se_partage
from groupement.commandes.rules.quantites import Refus
from groupement.socle.argent import montant_ligne


@dataclass(frozen=True, slots=True)
class Carte:
    """An article that misses something, for one body: what it ordered, what it may add, why not when it may not."""

    article: Article
    manque: Manque
    unites: int
    se_partage: bool
    motif: str | None

    @property
    def conseil(self) -> int:
        """The number offered first; 0 when nothing may be added."""
        return 0 if self.motif else ajout_conseille(self.manque, self.unites, se_partage=self.se_partage)

    @property
    def gain_ht(self) -> Decimal:
        """What the next tier would spare to this body."""
        return self.manque.palier.gain_pour(self.unites) if self.manque.palier else Decimal(0)

    def refus(self, voulues: int) -> Refus | None:
        """Why that many may not be added."""
        return refus_d_ajout(self.manque, self.unites, voulues, se_partage=self.se_partage)


@dataclass(frozen=True, slots=True)
class VueComplement:
    """The committed orders of a body that can be completed, and the cards of the one shown."""

    commandes: Sequence[Commande]
    commande: Commande | None
    cartes: list[Carte]
    valideurs: Sequence[Utilisateur]

    @property
    def siennes(self) -> list[Carte]:
        """The articles the body has ordered."""
        return [carte for carte in self.cartes if carte.unites]

    @property
    def autres(self) -> list[Carte]:
        """Those it has not, which would be new lines of its order; only what it may add."""
        return [carte for carte in self.cartes if not carte.unites and carte.conseil]


def vue_complement(collectivite_id: int, le: date, campagne_id: int | None = None) -> VueComplement:
    """The page of a body on a day: the campagne asked, else the one whose phase ends first."""
    commandes = commandes_a_completer(collectivite_id, le)
    commande = next((c for c in commandes if campagne_id in (None, c.campagne_id)), None)
    if commande is None:
        return VueComplement(commandes, None, [], ())
    valideurs = personnes_de(collectivite_id, [Role.VALIDEUR], le)
    return VueComplement(commandes, commande, cartes_de(commande, le), valideurs)


def cartes_de(commande: Commande, le: date) -> list[Carte]:
    """The articles that miss something in the campagne of an order, for its body."""
    trouves = manques(commande.campagne, le)
    articles = articles_du_marche(commande.campagne, [m.demande.article_id for m in trouves])
    unites = {ligne.article_id: ligne.unites for ligne in lignes_affichees(commande.id)}
    fenetre = fenetre_de(commande.campagne, commande.collectivite_id, le)
    return [_carte(commande, articles[m.demande.article_id], m, unites, fenetre) for m in trouves]


def _carte(
    commande: Commande, article: Article, manque: Manque, unites: Mapping[int, int], fenetre: Fenetre | None
) -> Carte:
    """A card. What the body has already ordered of an article needs no leave to be completed."""
    deja = unites.get(article.id, 0)
    motif = None if deja or fenetre is None else fenetre.motif_de_l_article(article)
    return Carte(article, manque, deja, se_partage(article.fractionnable, commande.mode), motif)


def lots_d_un_ajout(commande: Commande, article: Article, lignes: Iterable[LigneCommande], le: date) -> LotsTenus:
    """The lots of an order and of the article it is completed with: read once for the card and for its effect."""
    return lots_tenus(commande.campagne, le, {article.id, *(ligne.article_id for ligne in lignes)})


def carte_de(
    commande: Commande, article: Article, lignes: Iterable[LigneCommande], le: date, tenus: LotsTenus | None = None
) -> Carte | None:
    """The card of one article the order may be completed with; None when it misses nothing any more."""
    manque = manque_de(commande.campagne, article, le, tenus)
    unites = {ligne.article_id: ligne.unites for ligne in lignes}
    return _carte(commande, article, manque, unites, None) if manque else None


@dataclass(frozen=True, slots=True)
class LigneVoulue:
    """A line as it would be."""

    article: Article
    unites: int
    unites_acceptees_en_plus: int = 0


@dataclass(frozen=True, slots=True)
class Effet:
    """What an addition does to an order: the line, the total that was committed, that which would be."""

    ligne: LigneCommande | None
    unites: int
    engage_ht: Decimal
    apres: Estimation

    @property
    def ajout_ht(self) -> Decimal:
        """What the added pieces cost."""
        return montant_ligne(self.unites, self.prix_ht)

    @property
    def prix_ht(self) -> Decimal:
        """The unit price of the article once they are added; on the depot's bon when they fill no pack at a place."""
        ligne = self.apres.lignes[self.article_id]
        return (ligne.retiree or ligne).prix_unitaire_ht or Decimal(0)

    @property
    def article_id(self) -> int:
        """The article whose line changes: the last of the estimate when it is a new one."""
        return self.ligne.article_id if self.ligne else list(self.apres.lignes)[-1]

    @property
    def difference_ht(self) -> Decimal:
        """What more (or less) is committed."""
        return self.apres.total_ht - self.engage_ht

    @property
    def variation_des_prix_ht(self) -> Decimal:
        """What of the difference comes from prices alone, since the order was committed."""
        return self.difference_ht - self.ajout_ht


def effet_de_l_ajout(
    commande: Commande, article: Article, lignes: Sequence[LigneCommande], unites: int, tenus: LotsTenus
) -> Effet:
    """What adding `unites` of an article does to a committed order, at the prices of the day of `tenus`."""
    ligne = next((ligne for ligne in lignes if ligne.article_id == article.id), None)
    apres = [
        LigneVoulue(li.article, li.unites + (unites if li is ligne else 0), li.unites_acceptees_en_plus)
        for li in lignes
    ]
    if ligne is None:
        apres.append(LigneVoulue(article, unites))
    groupement = lire_le_groupement(tenus, [voulue.article.id for voulue in apres], commande.id)
    return Effet(ligne, unites, commande.total_ht, estimer_dans(groupement, apres, commande.mode))
