"""What the demonstration stands on: bodies, people, marché, suppliers, members and their delivery places."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from groupement.adherents.actions.collectivites import ajouter_point, modifier_collectivite
from groupement.adherents.actions.importation import importer_collectivites
from groupement.adherents.actions.personnes import choisir_mot_de_passe, inviter
from groupement.adherents.actions.services_chorus import ajouter_service
from groupement.adherents.models import Collectivite, Convention, PointDeLivraison, Utilisateur
from groupement.adherents.rules.import_collectivites import lire_collectivites
from groupement.adherents.states import TypeCollectivite
from groupement.catalogue.actions.articles import permettre_le_fractionnement
from groupement.catalogue.actions.bordereaux import importer_bordereau
from groupement.catalogue.actions.fournisseurs import Coordonnees, creer_fournisseur
from groupement.catalogue.actions.marches import creer_marche
from groupement.catalogue.models import AccesFournisseur, Article, Marche
from groupement.catalogue.rules.bordereau import lire_bordereau
from groupement.catalogue.rules.termes import TermesLot, TermesMarche
from groupement.catalogue.states import PorteePalier
from groupement.demo.personnes import MOT_DE_PASSE, PORTES
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from groupement.stock.models import Depot

DONNEES = Path(__file__).parent / "donnees"
SERVICES = (("MAIRIE", "Secrétariat de mairie"), ("FINANCES", "Service des finances"))
RUES = ("1 place de la Mairie", "12 rue de l’Église", "3 rue du Général-de-Gaulle", "25 Grand-Rue", "8 rue des Écoles")
HORAIRES = (
    "lundi, mardi et jeudi, 9 h à 12 h",
    "mardi et vendredi, 14 h à 17 h",
    "du lundi au vendredi, 8 h 30 à 12 h",
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody of a town hall who has no account in the demonstration."""

    nom: str
    utilisateur_id: int | None = None


@dataclass(slots=True)
class Decor:
    """What the steps of the loading pass on to one another. `le`: the moment of the loading; dates count from it."""

    le: datetime
    personnes: dict[str, Utilisateur] = field(default_factory=dict)
    collectivites: dict[str, Collectivite] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    membres: list[Collectivite] = field(default_factory=list)
    points: dict[int, PointDeLivraison] = field(default_factory=dict)
    marche: Marche = None  # type: ignore[assignment]
    depot: Depot = None  # type: ignore[assignment]

    @property
    def an(self) -> int:
        """Last year, when the marché began."""
        return jour_a_paris(self.le).year - 1

    def jour(self, mois: int, quantieme: int, heure: int = 9) -> datetime:
        """A working morning of last year."""
        return datetime(self.an, mois, quantieme, heure, 30, tzinfo=UTC)

    def pour(self, role: str) -> Utilisateur:
        """The person who signs in as that role."""
        return self.personnes[role]


def charger_collectivites(decor: Decor) -> None:
    """The real bodies of the department, from open data."""
    lecture = lire_collectivites((DONNEES / "collectivites-62.csv").read_bytes(), set(TypeCollectivite))
    importer_collectivites(lecture.lignes, par=AUTOMATE, le=decor.jour(1, 6))
    decor.collectivites = {c.siren: c for c in db.session.scalars(select(Collectivite).order_by(Collectivite.siren))}


def charger_personnes(decor: Decor) -> None:
    """The people, each with the same password, as if they had answered their invitation."""
    for porte in PORTES:
        roles = [(role, decor.collectivites[siren].id if siren else None) for role, siren in porte.roles]
        personne = inviter(porte.nom, porte.email, roles, par=AUTOMATE, le=decor.jour(1, 6))
        choisir_mot_de_passe(personne, MOT_DE_PASSE, par=personne, le=decor.jour(1, 7))
        decor.personnes[porte.adresse] = personne


def charger_marche(decor: Decor) -> None:
    """One marché of three lots, its suppliers, its BPU, and the depot."""
    acheteur = decor.pour("acheteur")
    convention = Convention(
        intitule="Convention constitutive du groupement",
        version=f"{decor.an - 1}-1",
        adoptee_le=date(decor.an - 1, 9, 2),
    )
    decor.depot = Depot(**DEPOT)
    db.session.add_all([convention, decor.depot])
    db.session.flush()
    titulaires = [creer_fournisseur(maison, par=acheteur, le=decor.jour(4, 15)).id for maison in FOURNISSEURS]
    termes = TermesMarche(
        numero=f"{decor.an}-ARCH-01",
        objet="Fournitures d’archivage, rayonnages et reliures pour les collectivités du Pas-de-Calais",
        convention_id=convention.id,
        consultation_le=date(decor.an, 1, 20),
        notifie_le=date(decor.an, 4, 15),
        du=date(decor.an, 5, 1),
        au=date(decor.an + 1, 4, 30),  # three times renewable: groupement.demo.contrats
    )
    lots = [_lot(rang, fournisseur_id) for rang, fournisseur_id in enumerate(titulaires)]
    decor.marche = creer_marche(termes, lots, par=acheteur, le=decor.jour(4, 15))
    db.session.add(AccesFournisseur(utilisateur_id=decor.pour("fournisseur").id, fournisseur_id=titulaires[0]))


def charger_bordereau(decor: Decor) -> None:
    """The prices of the contract, from the first day of the marché."""
    acheteur, contenu = decor.pour("acheteur"), (DONNEES / "bpu.csv").read_bytes()
    importer_bordereau(
        decor.marche,
        lire_bordereau(contenu, {1, 2, 3}),
        du=decor.marche.du,
        par=acheteur,
        le=decor.jour(4, 20),
        source="BPU de l’offre retenue",
    )
    decor.articles = {article.reference: article for article in db.session.scalars(select(Article))}
    for reference in FRACTIONNABLES:
        permettre_le_fractionnement(decor.articles[reference], True, par=acheteur, le=decor.jour(4, 21))


DEPOT = {
    "nom": "Dépôt de Bruay-la-Buissière",
    "adresse": "Rue du Commerce, bâtiment B",
    "code_postal": "62700",
    "ville": "Bruay-la-Buissière",
    "contact": "Service archives",
    "telephone": "03 21 00 00 62",
    "horaires": "du lundi au vendredi, 9 h à 16 h",
}
FRACTIONNABLES = ("BTE-STD-10", "BTE-STD-15", "BTE-CON-10")  # packs are opened at the depot for these
FOURNISSEURS = (
    Coordonnees(
        nom="Cartonnages de la Lys (fournisseur fictif)",
        siret="99999991500012",
        courriel="commandes@cartonnages.example.org",
        adresse="4 rue des Papetiers",
        code_postal="62120",
        ville="Aire-sur-la-Lys",
        telephone="03 21 00 01 01",
    ),
    Coordonnees(
        nom="Rayonnages de l’Artois (fournisseur fictif)",
        siret="99999992300016",
        courriel="commandes@rayonnages.example.org",
        adresse="Zone artisanale, lot 7",
        code_postal="62000",
        ville="Arras",
        telephone="03 21 00 02 02",
    ),
    Coordonnees(
        nom="Reliures du Ternois (fournisseur fictif)",
        siret="99999993100019",
        courriel="commandes@reliures.example.org",
        adresse="11 rue des Relieurs",
        code_postal="62130",
        ville="Saint-Pol-sur-Ternoise",
        telephone="03 21 00 03 03",
    ),
)
MINIMUM_DU_LOT_2 = 100_000
LOTS = (
    ("Boîtes et conditionnement", "240000", "250", "1500", "95", 30),
    ("Rayonnages et équipement", "500000", "0", None, "0", 60),
    ("Reliures et registres", "180000", "150", "800", "60", 90),
)


def _lot(rang: int, fournisseur_id: int) -> TermesLot:
    """The terms of a lot, from the table above."""
    intitule, plafond, minimum, franco, port, delai = LOTS[rang]
    return TermesLot(
        intitule=intitule,
        fournisseur_id=fournisseur_id,
        plafond_ht=Decimal(plafond),
        minimum_ht=Decimal(MINIMUM_DU_LOT_2) if rang == 1 else Decimal(0),
        minimum_commande_ht=Decimal(minimum),
        franco_ht=Decimal(franco) if franco else None,
        port_ht=Decimal(port),
        delai_livraison_jours=delai,
        # Shelving is assembled on the spot: each place has its bon, and all of them reach the tiers together.
        un_bon_par_lieu=rang == 1,
        portee_palier=PorteePalier.CAMPAGNE if rang == 1 else PorteePalier.BON,
    )


def charger_lieux(decor: Decor) -> None:
    """A delivery place for each member: its town hall, or its head office."""
    for rang, membre in enumerate(decor.membres):
        rue = RUES[rang % len(RUES)]
        valeurs = {
            "libelle": "Mairie" if membre.type is TypeCollectivite.COMMUNE else "Siège",
            "adresse": rue,
            "code_postal": membre.code_postal or "62000",
            "ville": membre.nom,
            "contact": "Secrétariat",
            "telephone": f"03 21 00 {rang // 100:02} {rang % 100:02}",
            "horaires": HORAIRES[rang % len(HORAIRES)],
            "escalier": rang % 7 == 3,
            "hayon": rang % 11 == 5,
            "quai": rang % 13 == 6,
            "consignes": "Sonner à l’arrière, cour de l’école." if rang % 17 == 4 else "",
        }
        decor.points[membre.id] = ajouter_point(membre, valeurs, par=AUTOMATE, le=decor.jour(6, 12))
        exigences = {"chorus_engagement_requis": rang % 5 == 2, "chorus_service_requis": rang % 29 == 7}
        if exigences["chorus_service_requis"]:
            for code, nom in SERVICES:
                ajouter_service(membre, code, nom, par=AUTOMATE, le=decor.jour(6, 12))
        adresse = {"adresse": rue, "ville": membre.nom, "courriel": f"mairie.{membre.siren}@collectivite.example.org"}
        modifier_collectivite(membre, exigences | adresse, par=AUTOMATE, le=decor.jour(6, 12))
