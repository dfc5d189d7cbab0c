"""One object of each kind, by the name of the parameter that asks for it."""

from datetime import date
from typing import Any

from sqlalchemy import select

from groupement.adherents.models import (
    Adhesion,
    CorrespondanceLimeSurvey,
    Habilitation,
    Utilisateur,
)
from groupement.adherents.states import EtatEnquete, EtatIntention, Role
from groupement.commandes.states import EtatCampagne, EtatCommande, ModeDeRemise
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.livraisons.states import EtatLivraison
from groupement.prestations.actions.sesam import appeler_les_contributions
from groupement.prestations.models import Prestation
from groupement.refacturation.actions import depots
from groupement.refacturation.actions.avoirs import Demande, emettre_avoir
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture, PaiementEnLigne
from groupement.refacturation.queries.depots import Choix
from groupement.refacturation.states import Destination
from groupement.socle.courriels import Courriel
from groupement.socle.db import db
from groupement.socle.fichiers import deposer
from groupement.socle.journal import AUTOMATE
from tests.exemples.monde import Monde
from tests.exemples.personnes import Personne
from tests.fabriques import (
    adherents,
    ajustements,
    bordereaux,
    contrats,
    echanges,
    illustrations,
    intentions,
    prestations,
)
from tests.fabriques.desistements import desistement

COLLECTIVITES_CSV = b"siren,type,nom\n216200683,commune,Ayette\n"
REPONSES_CSV = b"id;submitdate;nom\n1;2026-11-20 10:00:00;AYETTE\n2;;BAPAUME\n"


def du_catalogue(monde: Monde) -> dict[str, Any]:
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


def des_commandes(monde: Monde) -> dict[str, Any]:
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
    validee.papier_recu_le, validee.papier_signe_par = monde.le.date(), "Jean Leroy, maire"
    validee.papier = deposer("bon.pdf", "application/pdf", b"%PDF-1.4", le=monde.le)
    a_completer = monde.campagne_a_completer()
    return {
        "campagne_id": ouverte.id,
        "complements:commande_id": a_completer.id,
        "complements:article_id": monde.boite.id,
        "phases_de_complement:campagne_id": a_completer.campagne_id,
        "commande_id": panier.id,
        "(commande)": {f"collectivite-{commande.collectivite_id}": commande.id for commande in (panier, voisin)},
        "lignes_du_panier:ligne_id": panier.lignes[0].id,
        "public": "inachevees",
        "par": "articles",
        "commandes.new_validation:commande_id": soumise.id,
        "commandes.create_validation:commande_id": soumise.id,
        "commandes.create_renvoi:commande_id": soumise.id,
        "commandes.create_reprise:commande_id": soumise.id,
        "commandes.create_reouverture:commande_id": validee.id,
        "papiers_de_commande:commande_id": validee.id,
        "commandes_papier:commande_id": validee.id,
        "annonces:genre": "j7",
        "campagnes.edit:campagne_id": preparee.id,
        "ouvertures.create:campagne_id": preparee.id,
        "ouvertures.edit_reouverture:campagne_id": close.id,
        "regroupements:campagne_id": close.id,
        "desistements:campagne_id": close.id,
        "desistement_id": desistement(monde.lot, de=close, le=monde.le).id,
        "ajustements:campagne_id": close.id,
        "ajustement_id": ajustements.ajustement(close, article_id=monde.chemise.id).id,
    }


def des_livraisons(monde: Monde) -> dict[str, Any]:
    """A bon and what it brings: to come, damaged, fetched at the depot."""
    attendue = monde.campagne_regroupee("Campagne de printemps")[0]
    abimee = monde.campagne_regroupee("Campagne abîmée")
    monde.recevoir(abimee, EtatLivraison.EN_VERIFICATION, abimees=3)
    au_depot = monde.campagne_regroupee("Campagne au dépôt", mode=ModeDeRemise.DEPOT, point_de_livraison_id=None)
    monde.recevoir(au_depot, EtatLivraison.ADMISE)
    arrivee = monde.campagne_regroupee("Campagne reçue au dépôt", mode=ModeDeRemise.DEPOT, point_de_livraison_id=None)
    monde.recevoir(arrivee, EtatLivraison.LIVREE)
    revise = monde.bon_revise()
    proposition, observation = echanges.repondu(attendue.bon, le=monde.le)
    return {
        "bon_id": attendue.bon_id,
        "proposition_id": proposition.id,
        "observation_id": observation.id,
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


def des_factures(monde: Monde) -> dict[str, Any]:
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


def des_audits(monde: Monde) -> dict[str, Any]:
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


def des_prestations(monde: Monde) -> dict[str, Any]:
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


def des_personnes(monde: Monde, personnes: tuple[Personne, ...]) -> dict[str, Any]:
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


def des_intentions(monde: Monde) -> dict[str, Any]:
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
