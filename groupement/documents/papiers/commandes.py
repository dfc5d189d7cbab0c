"""What the order of a member says on paper: a draft, a commitment, or what was really bought of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from groupement.documents.papiers.commun import ZERO, Organisme, Totaux, exiger, exiger_somme


@dataclass(frozen=True, kw_only=True)
class LigneCommandePapier:
    """An article of the order: firm pieces, extra ones accepted, then what was bought. `montant_ht`: its share."""

    reference: str
    designation: str
    unite: str
    unites_par_colis: int
    demandees: int
    acceptees_en_plus: int
    commandees: int | None = None  # None: nothing is bought yet
    dont_en_plus: int = 0
    du_stock: int = 0
    prix_unitaire_ht: Decimal | None = None
    tva_pct: Decimal | None = None
    montant_ht: Decimal | None = None
    precision: str = ""  # small line below: the rank of the line

    @property
    def colis(self) -> int | None:
        """Whole packs firmly asked; None when a pack is opened, or when the article is sold one by one."""
        entiers, reste = divmod(self.demandees, self.unites_par_colis)
        return None if reste or self.unites_par_colis == 1 else entiers


@dataclass(frozen=True, kw_only=True)
class CommandePapier:
    """The order of a body in a campagne, as it stands on the day of the paper."""

    numero: str
    etat: str  # « Projet », « Validée », « Commandée au fournisseur »…
    est_projet: bool
    avertissement: str  # what this paper is worth, in one sentence
    etabli_le: date
    campagne: str
    marche: str
    coordonnateur: Organisme
    collectivite: Organisme
    remise: str  # « Livraison », « Retrait au dépôt »
    lieu: tuple[str, ...]
    prix: str  # « Prix estimés le … », « Prix définitifs »
    lignes: tuple[LigneCommandePapier, ...]
    totaux: Totaux | None  # None: nothing has a price yet
    port_ht: Decimal = ZERO
    port_precision: str = ""
    engagement: str = ""
    code_service: str = ""
    suivi: tuple[tuple[str, str], ...] = ()  # (« Validée par », « Hervé Duquesne, le … »)
    est_achetee: bool = False
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an order whose lines and shipping do not make its total, or that bought more than was allowed."""
        if self.totaux is not None:
            montants = [ligne.montant_ht or ZERO for ligne in self.lignes]
            exiger_somme([*montants, self.port_ht], self.totaux.total_ht, f"commande {self.numero}")
        for ligne in self.lignes:
            admises = ligne.demandees + ligne.acceptees_en_plus
            exiger((ligne.commandees or 0) <= admises, f"{ligne.reference} : {ligne.commandees} pour {admises} admises")
