"""What the bon de commande and the bon de livraison say."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.documents.papiers.commun import ZERO, Adresse, Organisme, Signataire, Totaux, exiger, exiger_somme
from groupement.socle.argent import montant_ligne


@dataclass(frozen=True, kw_only=True)
class LigneBonPapier:
    """One article ordered from the supplier."""

    reference: str
    designation: str
    unite: str  # "pièce", "rouleau"…
    unites: int
    prix_unitaire_ht: Decimal
    tva_pct: Decimal
    montant_ht: Decimal
    unites_par_colis: int = 1
    colis: int | None = None  # None: the article is not ordered by whole packs
    precision: str = ""  # small line below: tier reached, price version…

    def __post_init__(self) -> None:
        """Refuse a line whose packs or whose amount contradict its pieces."""
        if self.colis is not None:
            contenu = self.colis * self.unites_par_colis
            exiger(contenu == self.unites, f"{self.reference} : {contenu} pièces en colis ≠ {self.unites} unités")
        attendu = montant_ligne(self.unites, self.prix_unitaire_ht)
        exiger(attendu == self.montant_ht, f"{self.reference} : {attendu} attendus, {self.montant_ht} annoncés")


@dataclass(frozen=True, kw_only=True)
class LigneLieuPapier:
    """What one place receives of one article."""

    reference: str
    designation: str
    unite: str
    unites: int
    unites_par_colis: int = 1
    colis: int | None = None  # None: the place receives pieces out of a pack opened for several


@dataclass(frozen=True, kw_only=True)
class LieuPapier:
    """A delivery place, who answers there, how a lorry reaches it, and what it receives."""

    collectivite: str
    adresse: Adresse
    lignes: tuple[LigneLieuPapier, ...]
    intitule: str = ""  # "Mairie", "Médiathèque", "Dépôt du CdG62"
    contact: str = ""
    telephone: str = ""
    courriel: str = ""
    horaires: str = ""
    acces: tuple[str, ...] = ()  # "Escalier, 2e étage", "Pas de quai", "Hayon nécessaire"
    commande: str = ""  # number of the member's order, to quote on the slip

    def __post_init__(self) -> None:
        """Refuse a place that receives nothing."""
        exiger(bool(self.lignes), f"{self.collectivite} : lieu de livraison sans ligne")


@dataclass(frozen=True, kw_only=True)
class BonDeCommandePapier:
    """The order sent to one supplier for one lot, with the list of what goes where."""

    numero: str
    emis_le: date
    marche: str  # number of the accord-cadre
    objet: str  # title of the accord-cadre
    lot: str  # "Lot 1 : boîtes et conditionnement"
    donneur_d_ordre: Organisme
    fournisseur: Organisme
    lignes: tuple[LigneBonPapier, ...]
    totaux: Totaux
    lieux: tuple[LieuPapier, ...]
    livraison_au_plus_tard: date
    calcul_du_delai: str  # how the date was counted, in one sentence
    facturation: Organisme
    signataire: Signataire
    port_ht: Decimal = ZERO
    port_precision: str = ""  # "Franco atteint", "Livraison d’une commande inférieure à 500 € HT"
    port_tva_pct: Decimal | None = None
    revision: int = 0  # 0: first issue
    fait_le: date | None = None  # the day of the revision or of the cancellation; None: the day of issue
    motif_revision: str = ""
    changements: tuple[str, ...] = ()  # what this revision changes, a sentence each
    perime: str = (
        ""  # "Annulé le …", "Remplacée par la révision 2": what is written across a paper that no longer holds
    )
    motif_perime: str = ""
    annule_le: date | None = None  # the day of the cancellation, on the paper that says it
    engagement: str = ""
    code_service: str = ""
    prix_en_vigueur_le: date | None = None
    consignes: tuple[str, ...] = ()

    @property
    def est_remplace(self) -> bool:
        """A revision that a later one replaces: kept to be read, nothing to be done by it."""
        return bool(self.perime) and self.annule_le is None

    def __post_init__(self) -> None:
        """Refuse a bon whose lines do not make its total, or whose places do not make its lines."""
        exiger(bool(self.lignes), f"bon {self.numero} sans ligne")
        montants = [*(ligne.montant_ht for ligne in self.lignes), self.port_ht]
        exiger_somme(montants, self.totaux.total_ht, f"bon {self.numero}")
        commandees: Counter[str] = Counter()
        livrees: Counter[str] = Counter()
        for ligne in self.lignes:
            commandees[ligne.reference] += ligne.unites
        for lieu in self.lieux:
            for livree in lieu.lignes:
                livrees[livree.reference] += livree.unites
        ecarts = sorted(ref for ref in commandees | livrees if commandees[ref] != livrees[ref])
        exiger(not ecarts, f"bon {self.numero} : lieux et lignes en désaccord pour {', '.join(ecarts)}")


@dataclass(frozen=True, kw_only=True)
class BonDeLivraisonPapier:
    """The slip of one place: what should arrive, to tick and sign when the lorry is there."""

    bon: str  # number of the bon de commande
    bon_emis_le: date
    marche: str
    lot: str
    donneur_d_ordre: Organisme
    fournisseur: Organisme
    lieu: LieuPapier
    livraison_au_plus_tard: date
    numero: str = ""  # supplier's or our own number of the delivery, when announced
    annonces: tuple[tuple[date, int | None], ...] = ()  # days announced by the supplier, and the pieces that day
    consignes: tuple[str, ...] = ()
