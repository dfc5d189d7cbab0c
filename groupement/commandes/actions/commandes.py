"""What becomes of an order as a whole: where it is delivered, sent to the valideur, committed, sent back, reopened.

Every act is given the version of the page it was decided on: a page that is out of date is told so, and nothing is
written. Orders come from `commande_visible(…, verrou=True)`: its campagne cannot close meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from groupement.adherents.models import PointDeLivraison, Utilisateur
from groupement.adherents.queries.membres import services_actifs
from groupement.adherents.states import Role
from groupement.commandes.actions.engagements import engager
from groupement.commandes.models import Commande
from groupement.commandes.queries import commandes as queries
from groupement.commandes.queries.estimations import estimer_lignes
from groupement.commandes.queries.fractions import lignes_en_fraction
from groupement.commandes.queries.paniers import fenetre_de, motif_de_ne_pas_commander
from groupement.commandes.rules.completude import ce_qui_manque
from groupement.commandes.rules.fractions import LigneEnFraction, refus_de_livrer
from groupement.commandes.rules.quantites import rang_apres
from groupement.commandes.states import TRANSITIONS_COMMANDE, EtatCommande, ModeDeRemise
from groupement.socle.calendrier import date_heure_fr, jour_a_paris
from groupement.socle.courriels import ecrire
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.nombres import entier_fr, euros_fr
from groupement.socle.web import ConflitDeVersion

ZERO = Decimal("0.00")
DEPANNAGE = "C’est un dépannage, servi par le dépôt\u00a0: suivez-le depuis la page «\u00a0Dépannage\u00a0»."


class CommandeIncomplete(RegleRefusee):
    """Something is missing before the order can leave; `manques` lists it."""

    def __init__(self, manques: list[str]) -> None:
        """Keep the sentences; the message is all of them."""
        super().__init__(" ".join(manques))
        self.manques = manques


class FractionsALivrer(RegleRefusee):
    """The order holds less than a pack of articles that are delivered by whole packs; `fractions` lists the lines."""

    def __init__(self, fractions: Sequence[LigneEnFraction]) -> None:
        """Keep the lines; the sentence names them."""
        super().__init__(refus_de_livrer([ligne.reference for ligne in fractions]))
        self.fractions = tuple(fractions)


def choisir_livraison(
    commande: Commande,
    mode: ModeDeRemise,
    point: PointDeLivraison | None,
    version: int,
    *,
    arrondir: bool = False,
    par: Auteur,
    le: datetime,
) -> None:
    """Say where the order goes: one of the body's places, or the depot.

    Leaving the depot, what only the depot can serve is refused (FractionsALivrer), or rounded up with `arrondir`.
    """
    exiger_version(commande, version)
    _exiger_fenetre(commande, le)
    if commande.etat is not EtatCommande.BROUILLON:
        raise RegleRefusee("Le lieu de livraison ne change plus une fois la commande envoyée.")
    if (commande.mode, mode) == (ModeDeRemise.DEPOT, ModeDeRemise.LIVRAISON):
        _quitter_le_depot(commande, arrondir, par, le)
    point_id = point.id if point is not None and mode is ModeDeRemise.LIVRAISON else None
    if (commande.mode, commande.point_de_livraison_id) == (mode, point_id):
        return
    commande.mode, commande.point_de_livraison, commande.point_de_livraison_id = mode, point, point_id
    marquer(commande, par, le)
    noter(
        "commande",
        commande.id,
        "choisir la livraison",
        par=par,
        le=le,
        resume=point.libelle if point_id and point else mode.libelle(),
    )


def _quitter_le_depot(commande: Commande, arrondir: bool, par: Auteur, le: datetime) -> None:
    """Round up what only the depot can serve. Raises FractionsALivrer when nobody asked for it."""
    fractions = lignes_en_fraction(commande, jour_a_paris(le))
    if fractions and not arrondir:
        raise FractionsALivrer(fractions)
    arrondies = {ligne.ligne_id: ligne.arrondie for ligne in fractions}
    for ligne in commande.lignes if fractions else ():
        if ligne.id in arrondies:
            ligne.rang = rang_apres(ligne.rang, ligne.unites, arrondies[ligne.id], le)
            ligne.unites, ligne.unites_acceptees_en_plus = arrondies[ligne.id], 0
    if fractions:
        resume = "Arrondi aux colis entiers\u00a0: " + ", ".join(
            f"{ligne.reference} {entier_fr(ligne.unites)} → {entier_fr(ligne.arrondie)}" for ligne in fractions
        )
        changees = {li.article_id: [0, li.unites] for li in commande.lignes if li.id in arrondies}
        noter("commande", commande.id, "remplir", par=par, le=le, resume=resume[:500], details={"lignes": changees})


def soumettre(commande: Commande, version: int, *, par: Auteur, le: datetime) -> list[Utilisateur]:
    """Send the order to the body's valideurs, by mail; returns them. What is announced of prices is kept on the lines.

    Raises CommandeIncomplete when something is missing.
    """
    exiger_version(commande, version)
    _exiger_fenetre(commande, le)
    total = _chiffrer(commande, le)
    resume = f"Estimation\u00a0: {euros_fr(total)} HT"
    lettre = ("Une commande attend votre validation", "commande_soumise")
    return confier_aux_valideurs(commande, resume, *lettre, par=par, le=le)


def confier_aux_valideurs(
    commande: Commande, resume: str, sujet: str, gabarit: str, *, par: Auteur, le: datetime
) -> list[Utilisateur]:
    """The order waits for its valideurs, who get a mail but for the one who acts; returns them."""
    franchir(commande, TRANSITIONS_COMMANDE, "soumettre", par=par, le=le, resume=resume)
    commande.soumise_le, commande.soumise_par, commande.renvoi_motif = le, par.nom, ""
    marquer(commande, par, le)
    valideurs = list(queries.personnes_de(commande.collectivite_id, [Role.VALIDEUR], jour_a_paris(le)))
    for valideur in valideurs:
        if valideur.id != par.utilisateur_id:
            _prevenir(valideur, sujet, gabarit, commande, le)
    return valideurs


def reprendre(commande: Commande, version: int, *, par: Auteur, le: datetime) -> None:
    """Take the order back from the valideur to change it."""
    exiger_version(commande, version)
    _exiger_fenetre(commande, le)
    franchir(commande, TRANSITIONS_COMMANDE, "reprendre", par=par, le=le)
    marquer(commande, par, le)


def renvoyer(commande: Commande, motif: str, version: int, *, par: Auteur, le: datetime) -> None:
    """The valideur refuses: back to the basket with a reason, which the agents get by mail."""
    exiger_version(commande, version)
    rendre_aux_agents(commande, motif, "Votre commande est à revoir", "commande_renvoyee", par=par, le=le)


def rendre_aux_agents(commande: Commande, motif: str, sujet: str, gabarit: str, *, par: Auteur, le: datetime) -> None:
    """The order is a basket again, with the reason, which its agents get by mail."""
    franchir(commande, TRANSITIONS_COMMANDE, "renvoyer", par=par, le=le, resume=motif)
    commande.renvoi_motif = motif
    marquer(commande, par, le)
    prevenir_les_agents(commande, sujet, gabarit, par, le)


def valider(
    commande: Commande, version: int, *, engagement: str = "", code_service: str = "", par: Auteur, le: datetime
) -> None:
    """Commit the money: the order is now taken by the regroupement. Its total is an estimate, frozen and said so.

    Raises RegleRefusee when the campagne is closed, even in the same second: its row is held.
    """
    exiger_version(commande, version)
    _exiger_fenetre(commande, le)
    exiger_engagement(commande, engagement, code_service)
    total = _chiffrer(commande, le)
    franchir(
        commande, TRANSITIONS_COMMANDE, "valider", par=par, le=le, resume=f"Engagement {engagement or 'sans numéro'}"
    )
    commande.engagement, commande.code_service = engagement, code_service
    commande.validee_le, commande.validee_par, commande.total_ht = le, par.nom, total
    marquer(commande, par, le)
    prevenir_les_agents(commande, "Votre commande est validée", "commande_validee", par, le)


def rouvrir(commande: Commande, version: int, *, par: Auteur, le: datetime) -> None:
    """The valideur takes the commitment back while the campagne is open: the order is a basket again."""
    exiger_version(commande, version)
    _exiger_fenetre(commande, le)
    franchir(commande, TRANSITIONS_COMMANDE, "rouvrir", par=par, le=le)
    commande.validee_le, commande.validee_par = None, ""
    marquer(commande, par, le)
    prevenir_les_agents(commande, "Votre commande est rouverte", "commande_rouverte", par, le)


def annuler(commande: Commande, version: int, *, par: Auteur, le: datetime) -> None:
    """Give the order up, while the campagne is open; the body may start another one."""
    exiger_version(commande, version)
    _exiger_fenetre(commande, le)
    franchir(commande, TRANSITIONS_COMMANDE, "annuler", par=par, le=le)
    marquer(commande, par, le)


def _chiffrer(commande: Commande, le: datetime) -> Decimal:
    """Keep on each line the price announced today and return the total HT. Raises CommandeIncomplete."""
    lignes = queries.lignes_affichees(commande.id)
    estimation = estimer_lignes(commande.campagne, lignes, jour_a_paris(le), commande)
    fenetre = fenetre_de(commande.campagne, commande.collectivite_id, jour_a_paris(le))
    manques = ce_qui_manque(
        nombre_de_lignes=len(lignes),
        mode=commande.mode,
        a_un_lieu=commande.point_de_livraison_id is not None,
        sans_prix=[ligne.article.reference for ligne in lignes if ligne.article_id in estimation.sans_prix],
        retires=[ligne.article.reference for ligne in lignes if not ligne.article.actif],
        hors_lots=fenetre.references_hors_lots(lignes),
    )
    if manques:
        raise CommandeIncomplete(manques)
    engager(commande, lignes, estimation)
    return estimation.total_ht


def exiger_engagement(commande: Commande, engagement: str, code_service: str) -> None:
    """Raise RegleRefusee when Chorus Pro will ask this body for a number it was not given."""
    if commande.collectivite.chorus_engagement_requis and not engagement:
        raise RegleRefusee("Indiquez le numéro d’engagement\u00a0: votre collectivité l’exige sur ses factures.")
    if commande.collectivite.chorus_service_requis and not code_service:
        raise RegleRefusee("Indiquez le code service\u00a0: votre collectivité l’exige sur ses factures.")
    codes = {service.code for service in services_actifs(commande.collectivite_id)} if code_service else set()
    if codes and code_service not in codes:
        raise RegleRefusee(
            f"Le service «\u00a0{code_service}\u00a0» n’est pas un de ceux de votre collectivité\u00a0: choisissez-en "
            "un de la liste."
        )


def exiger_version(commande: Commande, version: int) -> None:
    """Raise ConflitDeVersion, naming who changed the order, when the page is out of date."""
    if commande.version != version:
        raise ConflitDeVersion(
            f"Cette commande a été modifiée entre-temps par {commande.modifiee_par or 'une autre personne'} "
            f"({date_heure_fr(commande.modifiee_le)}). Rien n’a été enregistré\u00a0: relisez-la, puis recommencez."
        )


def _exiger_fenetre(commande: Commande, le: datetime) -> None:
    """Raise RegleRefusee when the campagne is over, or the body may not order in it; urgent orders go another way."""
    if commande.urgente:
        raise RegleRefusee(DEPANNAGE)
    if motif := motif_de_ne_pas_commander(commande.campagne, commande.collectivite_id, jour_a_paris(le)):
        raise RegleRefusee(motif)


def marquer(commande: Commande, par: Auteur, le: datetime) -> None:
    """Who changed the order last, and a new version."""
    commande.version += 1
    commande.modifiee_le, commande.modifiee_par = le, par.nom


def prevenir_les_agents(commande: Commande, sujet: str, gabarit: str, par: Auteur, le: datetime) -> None:
    """A mail to every agent of the body but the one who acts."""
    for agent in queries.personnes_de(commande.collectivite_id, [Role.AGENT], jour_a_paris(le)):
        if agent.id != par.utilisateur_id:
            _prevenir(agent, sujet, gabarit, commande, le)


def _prevenir(personne: Utilisateur, sujet: str, gabarit: str, commande: Commande, le: datetime) -> None:
    """One mail about the order."""
    objet = f"{sujet}\u00a0: {commande.collectivite.nom}"
    ecrire(personne.email, objet, gabarit, le=le, commande=commande, personne=personne)
