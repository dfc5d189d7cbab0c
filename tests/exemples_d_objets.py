"""A small world holding one object of each kind, and who it belongs to: what the tests of every page walk through.

An address such as `/commandes/<int:commande_id>` needs an order to be tried. `exemples` gives the values to put in the
addresses, and the people who try them: everybody of Ayette owns what belongs to a body, Cartonnages de la Lys owns what
belongs to a supplier; Bapaume and Papeteries de la Canche are the strangers.

A new kind of object: make one in `monter`, name it in `Objets`, and say in `PROPRIETAIRES` whose it is.
A page that asks for an object in a given state: give that one under `blueprint.view:parameter` in `ENDROITS`.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, url_for
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from groupement.adherents.models import (
    Adhesion,
    Collectivite,
    CorrespondanceLimeSurvey,
    Habilitation,
    PointDeLivraison,
    Utilisateur,
)
from groupement.adherents.states import EtatEnquete, EtatIntention, Role
from groupement.catalogue.models import AccesFournisseur
from groupement.commandes.actions import regroupement
from groupement.commandes.actions.revisions import reviser
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.rules.bon_a_reviser import Demande as DemandeDeRevision
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.documents.images import lire_image
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux, Local, Mesure, Rayonnage, RegistreARelier
from groupement.etats_des_lieux.states import EtatEtatDesLieux, Forme
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.livraisons.states import EtatLivraison, MotifDeRefus
from groupement.prestations.actions.sesam import appeler_les_contributions
from groupement.prestations.models import Prestation
from groupement.refacturation.actions import depots
from groupement.refacturation.actions.avoirs import Demande, emettre_avoir
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture, PaiementEnLigne
from groupement.refacturation.queries.depots import Choix
from groupement.refacturation.states import Destination
from groupement.socle.calendrier import jour_a_paris, maintenant
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.fichiers import deposer
from groupement.socle.journal import AUTOMATE
from groupement.stock.actions import mouvementer
from tests.fabriques import (
    adherents,
    bordereaux,
    catalogue,
    commandes,
    contrats,
    illustrations,
    intentions,
    prestations,
)
from tests.outils.application import ClientDEssai

MODELE = "exemples"
CORPS, MAISON, PERSONNE = "collectivité", "fournisseur", "personne"

# Whose each object is. A body's: the people of other bodies must not see it; a supplier's: nor other suppliers.
# A person's (their mails): nobody else, but an administrateur. Absent: shared by all who may open the page.
PROPRIETAIRES: dict[str, tuple[str, ...]] = {
    "commande_id": (CORPS,),
    "commandes:ligne_id": (CORPS,),
    "paniers:ligne_id": (CORPS,),
    "collectivite_id": (CORPS,),
    "point_id": (CORPS,),
    "service_id": (CORPS,),
    "adhesion_id": (CORPS,),
    "facture_id": (CORPS,),
    "avoir_id": (CORPS,),
    "paiement_id": (CORPS,),
    "session_id": (CORPS,),
    "etat_id": (CORPS,),
    "mission_id": (CORPS,),
    "livraison_id": (CORPS, MAISON),
    "photo_id": (CORPS, MAISON),
    "bon_id": (MAISON,),
    "document_id": (MAISON,),  # a paper of a lot, shared with its titulaire and with every body
    "catalogue:article_id": (MAISON,),  # a supplier sees the articles of its own lots
    "favoris:article_id": (MAISON,),
    "illustrations:article_id": (MAISON,),
    "illustrations:photo_id": (MAISON,),
    "courriel_id": (PERSONNE,),
    "delegation_id": (PERSONNE,),  # who lends the role, and an administrateur
    "cle_id": (PERSONNE,),
}
CONTEXTES = {Role.CONTROLE: "controle", Role.FOURNISSEUR: "fournisseur"}
COLLECTIVITES_CSV = b"siren,type,nom\n216200683,commune,Ayette\n"
REPONSES_CSV = b"id;submitdate;nom\n1;2026-11-20 10:00:00;AYETTE\n2;;BAPAUME\n"


@dataclass(frozen=True)
class Personne:
    """Somebody who tries an address: an account, its role, for whom it acts, and what of the examples is theirs."""

    nom: str
    role: Role
    utilisateur_id: int
    contexte: str
    proprietaire_de: frozenset[str]
    en_session: dict[str, Any] = field(default_factory=dict)

    def voit(self, appartenances: tuple[str, ...]) -> bool:
        """Whether an object that belongs so is theirs to see; what concerns another kind of people stops nobody."""
        concerne = {Role.AGENT: CORPS, Role.VALIDEUR: CORPS, Role.FOURNISSEUR: MAISON}.get(self.role)
        if PERSONNE in appartenances:
            return PERSONNE in self.proprietaire_de
        return concerne not in appartenances or concerne in self.proprietaire_de


@dataclass(frozen=True)
class Exemples:
    """Values for the addresses, by `blueprint.view:parameter`, `blueprint:parameter` or `parameter`; and the people."""

    valeurs: dict[str, Any]
    personnes: tuple[Personne, ...]

    def formulaire(self, endpoint: str, personne: Personne) -> dict[str, Any]:
        """What a form must name to mean anything, where an empty one names an object that does not exist."""
        formulaires = {
            "tableau_de_bord.create_contexte": {"contexte": personne.contexte},
            "achats.create": {"article": self.valeurs["article_id"]},
            "paniers.create_reprise": {"commande": self.valeurs["(commande)"].get(personne.contexte)},
        }
        return formulaires.get(endpoint, {})

    def cle(self, endpoint: str, parametre: str) -> str | None:
        """Under which name the value of a parameter is found, the most precise first; None when nobody gave one."""
        blueprint = endpoint.rpartition(".")[0]
        noms = (f"{endpoint}:{parametre}", f"{blueprint}:{parametre}", parametre)
        return next((nom for nom in noms if nom in self.valeurs), None)

    def appartenances(self, endpoint: str, parametres: Any) -> tuple[str, ...]:
        """To whom the objects of an address belong."""
        blueprint = endpoint.rpartition(".")[0]
        return tuple(
            sorted({qui for p in parametres for qui in PROPRIETAIRES.get(f"{blueprint}:{p}", PROPRIETAIRES.get(p, ()))})
        )

    def pour(self, endpoint: str, parametres: Any) -> dict[str, Any]:
        """The values to build an address with."""
        cles = {parametre: self.cle(endpoint, parametre) for parametre in parametres}
        manquent = [parametre for parametre, cle in cles.items() if cle is None]
        assert not manquent, f"{endpoint} : dites quel objet va sous {manquent} dans tests/exemples_d_objets.py."
        return {parametre: self.valeurs[cle] for parametre, cle in cles.items() if cle is not None}


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


def _personnes(monde: Monde) -> tuple[Personne, ...]:
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


def monter(le: datetime) -> Exemples:
    """Build the world and say which object goes where; the caller commits."""
    monde = Monde(le)
    personnes = _personnes(monde)
    valeurs = (
        _du_catalogue(monde)
        | _des_commandes(monde)
        | _des_livraisons(monde)
        | _des_factures(monde)
        | _des_audits(monde)
        | _des_prestations(monde)
        | _des_personnes(monde, personnes)
        | _des_intentions(monde)
    )
    return Exemples(valeurs, tuple(_avec_session(personne, valeurs) for personne in personnes))


def _avec_session(personne: Personne, valeurs: dict[str, Any]) -> Personne:
    """Files just laid down, that only their own session may see: bodies (administrateur), answers (acheteur too)."""
    reponses = {"importation_limesurvey": valeurs["(fichier de réponses)"]}
    if personne.role is Role.ACHETEUR:
        return replace(personne, en_session=reponses)
    if personne.role is not Role.ADMINISTRATEUR:
        return personne
    depose = [valeurs["importation:fichier_id"], valeurs["(empreinte du fichier)"]]
    return replace(personne, en_session={"importation_collectivites": depose, **reponses})


def _du_catalogue(monde: Monde) -> dict[str, Any]:
    """What can be bought, and the stock."""
    feuille = {"Lot 1": [bordereaux.TITRES, bordereaux.BOITE, bordereaux.GRANDE]}
    bordereau = bordereaux.import_en_cours(monde.marche, monde.le, bordereaux.classeur_xlsx(feuille), lu=True)
    photo = illustrations.photo(monde.boite, le=monde.le)
    illustrations.fiche_technique(monde.boite, le=monde.le)
    return {
        "illustrations:photo_id": photo.id,
        "taille": "liste",
        "marche_id": monde.marche.id,
        "lot_id": monde.lot.id,
        "fournisseur_id": monde.lys.id,
        "article_id": monde.boite.id,
        "depot_id": monde.depot.id,
        "titulaire_id": monde.lot.titulaires[0].id,
        "(données essentielles)": [contrats.donnees(lot).lot_id for lot in monde.marche.lots],
        "reconduction_id": contrats.reconduction(monde.marche).id,
        "document_id": contrats.document(monde.lot, le=monde.le).id,
        "import_id": bordereau.id,
        "format_": "csv",
    }


def _des_commandes(monde: Monde) -> dict[str, Any]:
    """Windows in each state, and orders of Ayette as each page wants them."""
    ouverte = monde.campagne("Campagne d’automne", EtatCampagne.OUVERTE)
    seconde = monde.campagne("Campagne de rattrapage", EtatCampagne.OUVERTE)
    close = monde.campagne("Campagne à regrouper", EtatCampagne.CLOSE)
    preparee = monde.campagne("Campagne à venir", EtatCampagne.PREPAREE)
    panier = monde.commande(ouverte, monde.ayette, EtatCommande.BROUILLON)
    voisin = monde.commande(ouverte, monde.bapaume, EtatCommande.BROUILLON)
    soumise = monde.commande(seconde, monde.ayette, EtatCommande.SOUMISE)
    validee = monde.commande(close, monde.ayette, EtatCommande.VALIDEE)
    monde.commande(close, monde.bapaume, EtatCommande.VALIDEE)
    return {
        "campagne_id": ouverte.id,
        "commande_id": panier.id,
        "(commande)": {f"collectivite-{commande.collectivite_id}": commande.id for commande in (panier, voisin)},
        "paniers:ligne_id": panier.lignes[0].id,
        "public": "inachevees",
        "par": "articles",
        "commandes.new_validation:commande_id": soumise.id,
        "commandes.create_validation:commande_id": soumise.id,
        "commandes.create_renvoi:commande_id": soumise.id,
        "commandes.create_reprise:commande_id": soumise.id,
        "commandes.create_reouverture:commande_id": validee.id,
        "commandes.show_fiche:commande_id": validee.id,
        "campagnes.edit:campagne_id": preparee.id,
        "ouvertures.create:campagne_id": preparee.id,
        "ouvertures.edit_reouverture:campagne_id": close.id,
        "regroupements:campagne_id": close.id,
    }


def _des_livraisons(monde: Monde) -> dict[str, Any]:
    """A bon and what it brings: to come, damaged, fetched at the depot."""
    attendue = monde.campagne_regroupee("Campagne de printemps")[0]
    abimee = monde.campagne_regroupee("Campagne abîmée")
    monde.recevoir(abimee, EtatLivraison.EN_VERIFICATION, abimees=3)
    au_depot = monde.campagne_regroupee("Campagne au dépôt", mode=ModeDeRemise.DEPOT, point_de_livraison_id=None)
    monde.recevoir(au_depot, EtatLivraison.ADMISE)
    arrivee = monde.campagne_regroupee("Campagne reçue au dépôt", mode=ModeDeRemise.DEPOT, point_de_livraison_id=None)
    monde.recevoir(arrivee, EtatLivraison.LIVREE)
    revise = monde.bon_revise()
    return {
        "bon_id": attendue.bon_id,
        "bons.show_version:bon_id": revise,
        "bons_recus.show_version:bon_id": revise,
        "revision": 0,
        "livraison_id": attendue.id,
        "decisions:livraison_id": abimee[0].id,
        "receptions.create_correction:livraison_id": abimee[0].id,
        "photo_id": abimee[0].lignes[0].photo_id,
        "retraits:livraison_id": au_depot[0].id,
        "repartitions:livraison_id": arrivee[0].id,
        "ligne_bon_id": arrivee[0].lignes[0].affectation.ligne_bon_id,
    }


def _des_factures(monde: Monde) -> dict[str, Any]:
    """A campagne to bill, one that is billed, an avoir, a card payment begun."""
    a_facturer = monde.campagne_regroupee("Campagne à facturer")
    monde.recevoir(a_facturer, EtatLivraison.ADMISE)
    facturees = monde.campagne_regroupee("Campagne facturée")
    monde.recevoir(facturees, EtatLivraison.ADMISE)
    run = refacturer(facturees[0].bon.campagne_id, par=AUTOMATE, le=monde.le)
    db.session.flush()
    choix = select(Facture).filter_by(refacturation_id=run.id, collectivite_id=monde.ayette.id)
    facture = db.session.scalars(choix).one()
    ligne = facture.lignes[0]
    demande = Demande("Une boîte de trop", unites={ligne.id: 1})
    avoir = emettre_avoir(facture.id, demande, par=AUTOMATE, le=monde.le)
    paiement = PaiementEnLigne(
        facture_id=facture.id, session_id="cs_demo_1", montant_ttc=facture.reste_du_ttc, ouvert_le=monde.le,
        ouvert_par="Claire Delattre",
    )  # fmt: skip
    db.session.add(paiement)
    db.session.flush()
    prestations.mission_a_facturer(monde.ayette)
    prestations.sesam_a_facturer(monde.ayette)
    depot = depots.Depot(Destination.CHORUS_PRO, monde.jour, "FLUX-0001", 1)
    return {
        "transmission_id": depots.deposer(Choix(factures=(facture.id,)), depot, par=AUTOMATE, le=monde.le).id,
        "refacturation_id": run.id,
        "facture_id": facture.id,
        "avoir_id": avoir.id,
        "paiement_id": paiement.id,
        "session_id": paiement.session_id,
        "refacturations:campagne_id": a_facturer[0].bon.campagne_id,
        "refacturations.show_prestations_collectivite:collectivite_id": monde.ayette.id,
    }


def _des_audits(monde: Monde) -> dict[str, Any]:
    """An audit sent to Ayette, which may read it, and one still being entered."""
    transmis, en_cours = monde.audit(EtatEtatDesLieux.SUIVI), monde.audit(EtatEtatDesLieux.RELEVE)
    local = en_cours.locaux[0]
    saisie = ("besoins", "locaux", "plans", "mesures", "reliures", "reglages")
    etapes = ("validation", "reprise", "transmission")
    return {
        "etat_id": transmis.id,
        **{f"{blueprint}:etat_id": en_cours.id for blueprint in saisie},
        **{f"etats_des_lieux.create_{etape}:etat_id": en_cours.id for etape in etapes},
        "local_id": local.id,
        "rayonnage_id": local.rayonnages[0].id,
        "mesure_id": en_cours.mesures[0].id,
        "reliures:ligne_id": en_cours.reliures[0].id,
    }


def _des_prestations(monde: Monde) -> dict[str, Any]:
    """Missions of Ayette in each state, what one leaves to bill; a body called for SESAM, one still to call."""
    archiviste = db.session.scalars(
        select(Utilisateur).join(Habilitation).where(Habilitation.role == Role.ARCHIVISTE)
    ).one()
    annee = monde.jour.year
    prestations.tarif(du=date(annee - 2, 1, 1))
    prestations.tarifs_sesam(date(annee - 2, 1, 1))
    quand = {"du": monde._il_y_a(8), "au": monde._il_y_a(-10), "le": monde.le}
    prevue, en_cours, finie = (
        prestations.mission(monde.ayette, archiviste, **quand, **traits)
        for traits in ({}, {"journees": 2}, {"journees": 3, "terminee": True})
    )
    adhesion = prestations.membre_sesam(monde.ayette, annee - 1, le=monde.le)
    appeler_les_contributions(annee - 1, par=AUTOMATE, le=monde.le)
    prestations.membre_sesam(monde.bapaume, annee, le=monde.le)
    due = db.session.scalars(select(Prestation).filter_by(mission_id=finie.id)).one()
    return {
        "mission_id": finie.id,
        "journees:mission_id": en_cours.id,
        "intervention_id": en_cours.interventions[0].id,
        "etapes_de_mission:mission_id": en_cours.id,
        "etapes_de_mission.create_commencement:mission_id": prevue.id,
        "etapes_de_mission.create_reprise:mission_id": finie.id,
        "missions.edit:mission_id": en_cours.id,
        "prestation_id": due.id,
        "adhesion_sesam_id": adhesion.id,
        "annee": annee,
    }


def _des_personnes(monde: Monde, personnes: tuple[Personne, ...]) -> dict[str, Any]:
    """Who, and what they received."""
    agent = db.session.get_one(Utilisateur, personnes[0].utilisateur_id)
    courriel = Courriel(
        destinataire=agent.email, sujet="Votre commande est validée", corps="Bonjour,", pieces=[],
        ecrit_le=monde.le, prochain_essai_le=monde.le,
    )  # fmt: skip
    db.session.add(courriel)
    fichier = deposer("collectivites.csv", "text/csv", COLLECTIVITES_CSV, le=monde.le)
    role = db.session.scalars(select(Habilitation).filter_by(utilisateur_id=agent.id)).one()
    renfort = adherents.utilisateur("Ghislaine, en renfort")
    cle = adherents.cle_d_acces(agent)
    adhesion = db.session.scalars(select(Adhesion).filter_by(collectivite_id=monde.ayette.id)).one()
    adhesion.deliberation = deposer("deliberation.pdf", "application/pdf", b"%PDF-1.4", le=monde.le)
    adhesion.convention.texte = deposer("convention.pdf", "application/pdf", b"%PDF-1.4", le=monde.le)
    return {
        "delegation_id": adherents.deleguer(role, renfort, monde.jour, monde._il_y_a(-10)).id,
        "cle_id": cle.id,
        "collectivite_id": monde.ayette.id,
        "point_id": monde.point.id,
        "service_id": adherents.service_chorus(monde.ayette).id,
        "convention_id": monde.marche.convention_id,
        "adhesion_id": adhesion.id,
        "utilisateur_id": agent.id,
        "habilitation_id": role.id,
        "courriel_id": courriel.id,
        "importation:fichier_id": fichier.id,
        "(empreinte du fichier)": fichier.sha256,
    }


def _des_intentions(monde: Monde) -> dict[str, Any]:
    """An open enquête, its letters, and answers as each page wants them; a file of answers laid down."""
    enquete = intentions.enquete(echeance=monde._il_y_a(-30), creee_le=monde.le)
    preparee = intentions.enquete(etat=EtatEnquete.PREPAREE, echeance=monde._il_y_a(-30), creee_le=monde.le)
    lettre = intentions.sollicitation(enquete, monde.ayette)
    intentions.sollicitation(enquete, monde.bapaume, courriel="")
    rattachee = intentions.intention(enquete, monde.ayette, a_confirmer={"boites": "environ 100"})
    attente = intentions.intention(enquete, nom_declare="AYETTES", siren_declare="")
    ecartee = intentions.intention(enquete, nom_declare="Essai", etat=EtatIntention.ECARTEE, motif="Réponse d’essai.")
    colonnes = {"id": "numero_reponse", "submitdate": "recue_le", "nom": "nom"}
    db.session.add(
        CorrespondanceLimeSurvey(numero="654321", colonnes=colonnes, apprise_le=monde.le, apprise_par="Hélène")
    )
    fichier = deposer("results-survey654321.csv", "text/csv", REPONSES_CSV, le=monde.le)
    return {
        "enquete_id": enquete.id,
        "enquetes.edit:enquete_id": preparee.id,
        "sollicitation_id": lettre.id,
        "intention_id": rattachee.id,
        "intentions.show:intention_id": attente.id,
        "intentions.create_rattachement:intention_id": attente.id,
        "intentions.create_reprise:intention_id": ecartee.id,
        "(fichier de réponses)": [fichier.id, fichier.sha256, "654321"],
    }


@pytest.fixture(scope="session")
def _modele_exemples(app: Flask, base_d_essai: Any) -> Iterator[Exemples]:
    """Keep the small world as a model of database; the values stay true when it is put back."""
    base_d_essai.remettre(app)
    with app.app_context():
        exemples = monter(maintenant())
        db.session.commit()
    base_d_essai.garder(app, MODELE)
    yield exemples


@pytest.fixture
def exemples(_modele_exemples: Exemples, session: Any) -> Exemples:
    """The small world is in the database; the values for the addresses, and the people who try them."""
    return _modele_exemples


@pytest.fixture
def adresse(app: Flask, exemples: Exemples) -> Callable[[Rule], str]:
    """The address of a rule, its parameters filled with the objects of the examples."""

    def batir(regle: Rule) -> str:
        with app.test_request_context():
            return url_for(regle.endpoint, **exemples.pour(regle.endpoint, regle.arguments))

    return batir


@pytest.fixture
def clients(app: Flask, session: Any, exemples: Exemples) -> dict[str, ClientDEssai]:
    """Everybody, signed in."""
    return {
        p.nom: app.test_client().connecter(session.get_one(Utilisateur, p.utilisateur_id), **p.en_session)
        for p in exemples.personnes
    }
