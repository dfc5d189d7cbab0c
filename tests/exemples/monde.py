"""The consortium in small."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image
from sqlalchemy import select

from groupement.adherents.models import (
    Collectivite,
    Habilitation,
    PointDeLivraison,
    Utilisateur,
)
from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur
from groupement.commandes.actions import regroupement
from groupement.commandes.actions.revisions import reviser
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.rules.bon_a_reviser import Demande as DemandeDeRevision
from groupement.commandes.states import EtatCampagne, EtatCommande
from groupement.documents.images import lire_image
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux, Local, Mesure, Rayonnage, RegistreARelier
from groupement.etats_des_lieux.states import EtatEtatDesLieux, Forme
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison, MotifDeRefus
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.fichiers import deposer
from groupement.socle.journal import AUTOMATE
from groupement.stock.actions import mouvementer
from tests.exemples.personnes import CORPS, MAISON, PERSONNE, Personne
from tests.fabriques import (
    adherents,
    catalogue,
    commandes,
)

CONTEXTES = {Role.CONTROLE: "controle", Role.FOURNISSEUR: "fournisseur"}


class Monde:
    """The consortium in small: two bodies, two suppliers, a marché, and a campagne in each of its states."""

    def __init__(self, le: datetime) -> None:
        """`le`: now; every date follows from it, so that the open campagnes are open."""
        self.le, self.jour = le, jour_a_paris(le)
        self.valeurs: dict[str, Any] = {}
        self._marche()
        self.ayette, self.bapaume = self._membre("Ayette"), self._membre("Bapaume")
        self.point = self._point_de(self.ayette)

    def _il_y_a(self, jours: int) -> date:
        """A day, so many days ago."""
        return self.jour - timedelta(days=jours)

    def _marche(self) -> None:
        """A marché of two lots, each held by its supplier; two articles in the first; a depot."""
        self.lys = catalogue.fournisseur("Cartonnages de la Lys (fictif)")
        self.canche = catalogue.fournisseur("Papeteries de la Canche (fictif)")
        dates = {"du": self._il_y_a(200), "au": self.jour + timedelta(days=700)}
        self.marche = catalogue.marche(consultation_le=self._il_y_a(300), notifie_le=self._il_y_a(220), **dates)
        plafond = Decimal("900000.00")
        self.lot = catalogue.lot(self.marche, titulaire=self.lys, plafond_ht=plafond, franco_ht=None)
        catalogue.lot(self.marche, titulaire=self.canche, plafond_ht=plafond)
        self.boite = catalogue.article(self.lot, fractionnable=True)
        self.chemise = catalogue.article(self.lot, designation="Chemise de conservation 24 × 32 cm")
        self.depot = catalogue.depot()
        entree = {"motif": "Inventaire d’ouverture", "valeur_ht": Decimal(60)}
        mouvementer(self.depot, self.boite.id, 40, par=AUTOMATE, le=self.le, **entree)

    def _membre(self, nom: str) -> Collectivite:
        """A body with its delivery place, that may order on the marché."""
        corps = adherents.collectivite(nom, avec_siret=True)
        adherents.point_de_livraison(corps)
        dates = {"deliberee_le": self._il_y_a(340), "signee_le": self._il_y_a(330)}
        adherents.adhesion(corps, self.marche.convention, **dates)
        return corps

    def _point_de(self, corps: Collectivite) -> PointDeLivraison:
        """Its delivery place."""
        return db.session.scalars(select(PointDeLivraison).filter_by(collectivite_id=corps.id)).one()

    def campagne(self, intitule: str, etat: EtatCampagne) -> Campagne:
        """A window on the marché in that state: open ones since ten days, the others over since ten days."""
        ouverte = etat in (EtatCampagne.OUVERTE, EtatCampagne.PREPAREE)
        du, au = (self._il_y_a(10), self._il_y_a(-10)) if ouverte else (self._il_y_a(40), self._il_y_a(10))
        return commandes.campagne(self.marche, intitule=intitule, etat=etat, du=du, au=au, depot=self.depot)

    def commande(self, de: Campagne, pour: Collectivite, etat: EtatCommande, **champs: Any) -> Commande:
        """Boxes and folders for a body."""
        lignes = [(self.boite, 30), (self.chemise, 100)]
        return commandes.commande(de, pour, lignes, etat=etat, rang=self.le - timedelta(days=5), **champs)

    def campagne_a_completer(self) -> Commande:
        """The order of Ayette in a campagne whose packs of boxes may still be filled."""
        fenetre = self.campagne("Campagne à compléter", EtatCampagne.EN_COMPLEMENT)
        fenetre.complement_au, fenetre.close_le = self._il_y_a(-5), None
        self.commande(fenetre, self.bapaume, EtatCommande.VALIDEE)
        return self.commande(fenetre, self.ayette, EtatCommande.VALIDEE)

    def campagne_regroupee(self, intitule: str, **champs: Any) -> list[Livraison]:
        """A campagne of the two bodies, regrouped: what is to be delivered, Ayette's (or the depot's) first."""
        fenetre = self.campagne(intitule, EtatCampagne.CLOSE)
        self.commande(fenetre, self.ayette, EtatCommande.VALIDEE, **champs)
        self.commande(fenetre, self.bapaume, EtatCommande.VALIDEE)
        bons = regroupement.regrouper(fenetre.id, par=AUTOMATE, le=self.le)[1]
        db.session.flush()
        attendues = select(Livraison).where(Livraison.bon_id == bons[0].id)
        rangs = {self.ayette.id: 0, None: 1, self.bapaume.id: 2}  # the depot's own comes first where Ayette fetches
        return sorted(db.session.scalars(attendues), key=lambda livraison: rangs[livraison.collectivite_id])

    def bon_revise(self) -> int:
        """A bon of the two bodies, of which a revision gave more time; its id."""
        bon = self.campagne_regroupee("Campagne révisée")[0].bon
        plus_tard = bon.a_livrer_avant_le + timedelta(days=7)
        demande = DemandeDeRevision(plus_tard, bon.port_ht, unites={}, garder={}, lieux={})
        reviser(bon, demande, "Le fournisseur manque de carton.", vue=0, empreinte=None, par=AUTOMATE, le=self.le)
        db.session.flush()
        return bon.id

    def recevoir(self, livraisons: list[Livraison], etat: EtatLivraison, *, abimees: int = 0) -> None:
        """Write that all came two days ago, `abimees` of it damaged and photographed; admitted when `etat` says so."""
        for livraison in livraisons:
            livraison.etat, livraison.livree_le = etat, self._il_y_a(2)
            livraison.receptionnee_par, livraison.bordereau = "Claire Delattre", "BL-0417"
            livraison.a_verifier_avant_le = self._il_y_a(-13)
            livraison.decidee_le = self.le if etat is EtatLivraison.ADMISE else None
            for ligne in livraison.lignes:
                self._recevoir_la_ligne(ligne, abimees, etat is EtatLivraison.ADMISE)
        db.session.flush()

    def _recevoir_la_ligne(self, ligne: LigneLivraison, abimees: int, admise: bool) -> None:
        """All of it came; some is damaged; the rest is admitted when it is decided."""
        ligne.unites_livrees = ligne.unites_attendues
        if abimees:
            ligne.unites_refusees, ligne.motif, ligne.photo = abimees, MotifDeRefus.ABIME, self._photo()
        if admise:
            ligne.unites_admises = ligne.affectation.unites_admises = ligne.unites_attendues

    def _photo(self) -> Any:
        """A small picture, as a phone would send it."""
        flux = io.BytesIO()
        Image.new("RGB", (64, 48), (160, 120, 80)).save(flux, "JPEG")
        image = lire_image(flux.getvalue())
        return deposer("carton.jpg", "image/jpeg", image.jpeg, le=self.le, miniature=image.vignette)

    def audit(self, etat: EtatEtatDesLieux) -> EtatDesLieux:
        """An audit of Ayette with a room, shelving, a measure, a year to bind and a need."""
        archiviste = db.session.scalars(
            select(Utilisateur).join(Habilitation).where(Habilitation.role == Role.ARCHIVISTE)
        ).one()
        visite = EtatDesLieux(
            collectivite_id=self.ayette.id, archiviste_id=archiviste.id, etat=etat, visite_le=self._il_y_a(8),
            population=1850, croissance_mm_an=1200, transmis_le=self.le if etat is EtatEtatDesLieux.SUIVI else None,
        )  # fmt: skip
        db.session.add(visite)
        local = Local(nom="Grenier", x_mm=5200, y_mm=3800, hauteur_mm=2600)
        local.rayonnages.append(Rayonnage(travees=4, niveaux=6, longueur_utile_mm=1000))
        visite.locaux.append(local)
        mesure = Mesure(categorie="T", forme=Forme.DOSSIERS, mesure_mm=14000, eliminable_mm=1400, definitif_mm=12600)
        visite.mesures.append(mesure)
        visite.reliures.append(RegistreARelier(serie="deliberations", annee=2021, feuillets=110))
        besoin = Besoin(article=self.boite, unites=50, unites_necessaires=42, raison="12,60 ml à mettre en boîtes.")
        visite.besoins.append(besoin)
        db.session.flush()
        return visite


def personnes(monde: Monde) -> tuple[Personne, ...]:
    """Somebody of each role, and the strangers."""

    def une(nom: str, role: Role, corps: Collectivite | None = None, de: frozenset[str] = frozenset()) -> Personne:
        compte = adherents.utilisateur(nom, roles=[role], collectivite=corps)
        contexte = f"collectivite-{corps.id}" if corps else CONTEXTES.get(role, "cdg")
        return Personne(nom, role, compte.id, contexte, de)

    chez_soi = frozenset({CORPS})
    membres = (
        une("Nathalie, agent d’Ayette", Role.AGENT, monde.ayette, chez_soi | {PERSONNE}),
        une("Michel, valideur d’Ayette", Role.VALIDEUR, monde.ayette, chez_soi),
        une("Karine, agent de Bapaume", Role.AGENT, monde.bapaume),
        une("Bruno, valideur de Bapaume", Role.VALIDEUR, monde.bapaume),
    )
    bureau = (
        une("Hélène, acheteur", Role.ACHETEUR),
        une("Philippe, comptable", Role.COMPTABLE),
        une("Julie, archiviste", Role.ARCHIVISTE),
        une("Thomas, administrateur", Role.ADMINISTRATEUR, de=frozenset({PERSONNE})),
        une("Anne, contrôle", Role.CONTROLE),
    )
    maisons = (
        une("Marc, de la Lys", Role.FOURNISSEUR, de=frozenset({MAISON})),
        une("Denise, de la Canche", Role.FOURNISSEUR),
    )
    for personne, maison in zip(maisons, (monde.lys, monde.canche), strict=True):
        db.session.add(AccesFournisseur(utilisateur_id=personne.utilisateur_id, fournisseur_id=maison.id))
    db.session.flush()
    return membres + bureau + maisons
