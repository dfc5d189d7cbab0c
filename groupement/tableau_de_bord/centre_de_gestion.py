"""What the people of the Centre de gestion, the Archives and the suppliers have to do."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import chain

from flask import url_for
from sqlalchemy import ColumnElement, Select, case, func, select

from groupement.adherents.acces import Contexte
from groupement.adherents.models import Utilisateur
from groupement.adherents.queries.intentions import enquetes_a_rattacher
from groupement.adherents.states import Role
from groupement.catalogue.models import AccesFournisseur
from groupement.commandes.models import BonDeCommande, Campagne, Commande
from groupement.commandes.queries.campagnes import FENETRES
from groupement.commandes.states import A_CONFIRMER, EtatBonDeCommande, EtatCampagne, EtatCommande
from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.livraisons.queries import compteurs
from groupement.prestations.queries.appel import combien_a_appeler
from groupement.prestations.queries.missions import missions_a_suivre
from groupement.prestations.states import EtatMission
from groupement.refacturation.queries import depots, montants, prestations
from groupement.refacturation.queries.factures import sommes
from groupement.socle.affichage import euros
from groupement.socle.courriels import Courriel, EtatCourriel
from groupement.socle.db import db
from groupement.tableau_de_bord.depannages import taches_de_remise
from groupement.tableau_de_bord.fournisseurs import reponses_attendues
from groupement.tableau_de_bord.marches import taches_des_marches
from groupement.tableau_de_bord.tache import Tache, avant_le, plusieurs

EN_COURS = (EtatCampagne.PREPAREE, EtatCampagne.OUVERTE, EtatCampagne.EN_COMPLEMENT, EtatCampagne.CLOSE)


def taches(contexte: Contexte, le: date, maintenant: datetime) -> list[Tache]:
    """The to-do list of every role this person has here."""
    par_role = (
        (Role.ACHETEUR, lambda: _acheteur(le)),
        (Role.COMPTABLE, lambda: _comptable(contexte, le)),
        (Role.ARCHIVISTE, lambda: chain(_missions(contexte, le), _archiviste(le))),
        (Role.ADMINISTRATEUR, lambda: _administrateur(maintenant)),
        (Role.CONTROLE, _controle),
        (Role.FOURNISSEUR, lambda: _fournisseur(contexte, le)),
    )
    return [tache for role, faire in par_role if contexte.a_role(role) for tache in faire()]


def _acheteur(le: date) -> Iterator[Tache]:
    """Windows to watch, close, combine; deliveries to decide on."""
    for campagne, validees, en_attente in _campagnes_en_cours():
        yield _tache_de_campagne(campagne, validees, en_attente, le)
    yield from taches_de_remise()
    yield from reponses_attendues(le)
    livraisons = compteurs.a_faire(le)
    url = url_for("livraisons.index")
    if a_decider := livraisons["a-decider"]:
        phrase = f"{plusieurs(a_decider, 'livraison', 'livraisons')} avec un problème signalé"
        detail = "Il manque quelque chose, ou des articles sont abîmés\u00a0: décidez de la suite."
        yield Tache("exclamation-triangle", phrase, f"{url}?etat=en_verification", "Décider", detail, "", "attention")
    if sans_reserve := livraisons["admissibles"]:
        phrase = f"{plusieurs(sans_reserve, 'livraison reçue', 'livraisons reçues')} sans réserve"
        yield Tache("clipboard-check", phrase, f"{url}?etat=livree", "Admettre", "Un seul clic les admet toutes.")
    yield from _intentions()
    if en_retard := livraisons["en-retard"]:
        phrase = f"{plusieurs(en_retard, 'livraison', 'livraisons')} en retard"
        yield Tache("clock-history", phrase, url, "Voir lesquelles", "", "", "danger")
    yield from taches_des_marches(le)


def _intentions() -> Iterator[Tache]:
    """Answers to an enquête that nobody attached to a body yet."""
    for enquete_id, titre, combien in enquetes_a_rattacher():
        url = url_for("intentions.index_rattachements", enquete_id=enquete_id)
        phrase = f"{plusieurs(combien, 'réponse', 'réponses')} à rattacher\u00a0: {titre}"
        yield Tache("link-45deg", phrase, url, "Dire de quelle collectivité", "", "", "attention")


def _campagnes_en_cours() -> list[tuple[Campagne, int, int]]:
    """Open and closed windows, with how many orders are committed and how many still wait in each."""

    lignes = db.session.execute(_campagnes_et_commandes())
    return [(campagne, int(validees), int(attente)) for campagne, validees, attente in lignes]


@cache
def _campagnes_et_commandes() -> Select[Campagne, int, int]:
    """The select of these windows, built once."""

    def combien(*etats: EtatCommande) -> ColumnElement[int]:
        """How many orders are in these states."""
        return func.coalesce(func.sum(case((Commande.etat.in_(etats), 1), else_=0)), 0)

    return (
        select(Campagne, combien(EtatCommande.VALIDEE), combien(EtatCommande.BROUILLON, EtatCommande.SOUMISE))
        .outerjoin(Commande, Commande.campagne_id == Campagne.id)
        .where(FENETRES, Campagne.etat.in_(EN_COURS))
        .group_by(Campagne.id)
        .order_by(Campagne.au, Campagne.id)
    )


def _tache_de_campagne(campagne: Campagne, validees: int, en_attente: int, le: date) -> Tache:
    """Watch an open window, close it once its last day is past, combine a closed one."""
    url = url_for("campagnes.show", campagne_id=campagne.id)
    chiffres = (
        f"{plusieurs(validees, 'commande validée', 'commandes validées')}, "
        f"{plusieurs(en_attente, 'panier ou commande', 'paniers ou commandes')} pas encore validés."
    )
    if campagne.etat is EtatCampagne.CLOSE:
        regrouper = url_for("regroupements.show", campagne_id=campagne.id)
        return Tache(
            "boxes", f"À regrouper\u00a0: {campagne.intitule}", regrouper, "Voir l’aperçu", chiffres, "", "attention"
        )
    if campagne.etat is EtatCampagne.EN_COMPLEMENT and campagne.complement_au and campagne.complement_au >= le:
        manques = url_for("phases_de_complement.show", campagne_id=campagne.id)
        phrase, fin = f"Colis à compléter\u00a0: {campagne.intitule}", avant_le(campagne.complement_au, le)
        return Tache("boxes", phrase, manques, "Voir ce qui manque", chiffres, fin)
    if campagne.etat is EtatCampagne.PREPAREE:
        phrase = f"À ouvrir\u00a0: {campagne.intitule}"
        return Tache("calendar-event", phrase, url, "Ouvrir", "", avant_le(campagne.du, le))
    if campagne.au < le:
        phrase = f"À clore\u00a0: {campagne.intitule}"
        return Tache("lock", phrase, url, "Clore", chiffres, avant_le(campagne.au, le), "attention")
    return Tache("graph-up", f"Suivre\u00a0: {campagne.intitule}", url, "Suivre", chiffres, avant_le(campagne.au, le))


def _comptable(contexte: Contexte, le: date) -> Iterator[Tache]:
    """What can be billed, and what is late."""
    total, membres = db.session.execute(montants.total_facturable()).one()
    if membres and total:
        phrase = f"À refacturer\u00a0: {euros(total)} HT, à {plusieurs(membres, 'collectivité', 'collectivités')}"
        yield Tache(
            "receipt-cutoff", phrase, url_for("refacturations.index"), "Refacturer", "Admis, pas encore facturé."
        )
    if a_appeler := combien_a_appeler(le.year):
        phrase = f"Contributions SESAM {le.year} à appeler\u00a0: {plusieurs(a_appeler, 'membre', 'membres')}"
        yield Tache("send", phrase, url_for("sesam.new_appel", annee=le.year), "Voir l’aperçu")
    services = prestations.a_facturer()
    if services.prestations:
        phrase = f"À facturer\u00a0: {euros(services.total_ht)} HT de missions et de SESAM"
        detail = f"À {plusieurs(services.membres, 'collectivité', 'collectivités')}."
        yield Tache("receipt-cutoff", phrase, url_for("refacturations.show_prestations"), "Facturer", detail)
    yield from _a_deposer()
    somme = sommes(contexte, le)
    url = url_for("factures.index")
    if somme.en_retard:
        phrase = f"{plusieurs(somme.en_retard, 'facture', 'factures')} en retard\u00a0: {euros(somme.retard_ttc)} TTC"
        yield Tache("clock-history", phrase, f"{url}?etat=retard", "Voir et relancer", "", "", "danger")
    attendu = somme.a_payer - somme.en_retard
    if attendu:
        phrase = f"{plusieurs(attendu, 'facture', 'factures')} à encaisser"
        yield Tache("cash-coin", phrase, f"{url}?etat=a_payer", "Enregistrer un virement")


def _a_deposer() -> Iterator[Tache]:
    """Factures issued that nobody deposited yet."""
    if combien := depots.combien_a_deposer():
        phrase = f"{plusieurs(combien, 'facture', 'factures')} à déposer"
        detail = "Sur Chorus Pro, ou dans le logiciel financier."
        yield Tache("upload", phrase, url_for("depots.index"), "Déposer", detail)


def _missions(contexte: Contexte, le: date) -> Iterator[Tache]:
    """Their own missions: the day to note, the ones past their last day."""
    for mission in missions_a_suivre(contexte.utilisateur_id, le):
        ou = f"{mission.collectivite.nom}, {mission.objet}"
        if mission.au < le:
            url = url_for("etapes_de_mission.new_fin", mission_id=mission.id)
            echeance = avant_le(mission.au, le)
            yield Tache("check-circle", f"Mission à terminer\u00a0: {ou}", url, "Terminer", "", echeance, "attention")
        else:
            url = url_for("missions.show", mission_id=mission.id)
            verbe = "Noter la journée" if mission.etat is EtatMission.EN_COURS else "Commencer"
            yield Tache("calendar-check", f"Mission du jour\u00a0: {ou}", url, verbe)


def _archiviste(le: date) -> Iterator[Tache]:
    """Visits to make, audits to finish, needs to send."""
    url = url_for("etats_des_lieux.index")
    verbes = {
        EtatEtatDesLieux.PLANIFIE: ("geo-alt", "Visite à faire", "Visites à faire", "Commencer le relevé"),
        EtatEtatDesLieux.RELEVE: ("rulers", "Relevé à terminer", "Relevés à terminer", "Continuer"),
        EtatEtatDesLieux.VALIDE: ("send", "Besoins à transmettre", "Besoins à transmettre", "Transmettre"),
    }
    comptes = db.session.execute(
        select(EtatDesLieux.etat, func.count(), func.min(EtatDesLieux.visite_le))
        .where(EtatDesLieux.etat.in_(verbes))
        .group_by(EtatDesLieux.etat)
    ).all()
    for etat, combien, premiere in sorted(comptes, key=lambda ligne: list(verbes).index(ligne[0])):
        icone, un, plusieurs_, action = verbes[etat]
        echeance = avant_le(premiere, le) if etat is EtatEtatDesLieux.PLANIFIE else ""
        yield Tache(
            icone, f"{un if combien == 1 else plusieurs_}\u00a0: {combien}", f"{url}?etat={etat}", action, "", echeance
        )


def _administrateur(maintenant: datetime) -> Iterator[Tache]:
    """People who never came in, people locked out, mails that do not leave."""
    jamais, bloques = db.session.execute(
        select(
            func.count(case((Utilisateur.password.is_(None), 1))),
            func.count(case((Utilisateur.verrouille_jusqu_au > maintenant, 1))),
        ).where(Utilisateur.active)
    ).one()
    url = url_for("personnes.index")
    if bloques:
        yield Tache(
            "lock", f"{plusieurs(bloques, 'compte bloqué', 'comptes bloqués')}", url, "Débloquer", "", "", "attention"
        )
    if jamais:
        yield Tache("envelope", f"{plusieurs(jamais, 'invitation', 'invitations')} sans réponse", url, "Relancer")
    perdus = db.session.scalar(
        select(func.count()).select_from(Courriel).where(Courriel.etat == EtatCourriel.ABANDONNE)
    )
    if perdus:
        phrase = f"{plusieurs(perdus, 'courriel', 'courriels')} non remis"
        yield Tache("envelope", phrase, url_for("courriels.index"), "Réessayer", "", "", "danger")


def _controle() -> Iterator[Tache]:
    """Audits whose proposed eliminations have no visa yet."""
    combien = db.session.scalar(
        select(func.count())
        .select_from(EtatDesLieux)
        .where(EtatDesLieux.visa_le.is_(None), EtatDesLieux.etat.in_((EtatEtatDesLieux.VALIDE, EtatEtatDesLieux.SUIVI)))
    )
    if combien:
        phrase = f"{plusieurs(combien, 'état des lieux', 'états des lieux')} sans visa d’élimination"
        yield Tache(
            "patch-check", phrase, url_for("etats_des_lieux.index"), "Lire", "Les éliminations y sont proposées."
        )


def _fournisseur(contexte: Contexte, le: date) -> Iterator[Tache]:
    """Bons to confirm, bons to deliver."""
    miens = select(AccesFournisseur.fournisseur_id).where(AccesFournisseur.utilisateur_id == contexte.utilisateur_id)
    a_livrer = (EtatBonDeCommande.ACCUSE, EtatBonDeCommande.EN_LIVRAISON)
    nouveaux, en_cours, premiere = db.session.execute(
        select(
            func.count(case((BonDeCommande.etat.in_(A_CONFIRMER), 1))),
            func.count(case((BonDeCommande.etat.in_(a_livrer), 1))),
            func.min(case((BonDeCommande.etat.in_(a_livrer), BonDeCommande.a_livrer_avant_le))),
        ).where(BonDeCommande.fournisseur_id.in_(miens))
    ).one()
    url = url_for("bons_recus.index")
    if nouveaux:
        phrase = f"{plusieurs(nouveaux, 'bon de commande', 'bons de commande')} à confirmer"
        yield Tache("file-earmark-check", phrase, url, "Confirmer", "", "", "attention")
    if en_cours:
        phrase = f"{plusieurs(en_cours, 'bon', 'bons')} à livrer"
        yield Tache("truck", phrase, url, "Annoncer une livraison", "", avant_le(premiere, le))
