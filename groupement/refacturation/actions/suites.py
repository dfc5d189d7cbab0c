"""What follows the issue of factures, in the same transaction: journal, mails, orders and campagne ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Integer, String, exists, insert, literal, select

from groupement.commandes.models import Affectation, Campagne, Commande, LigneCommande
from groupement.commandes.states import TRANSITIONS_CAMPAGNE, TRANSITIONS_COMMANDE, EtatCommande
from groupement.refacturation.actions.ecriture import FactureAEcrire
from groupement.refacturation.models import Facture, Refacturation
from groupement.refacturation.queries.personnes import destinataires
from groupement.refacturation.states import EtatFacture
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import DateHeure, db
from groupement.socle.journal import Auteur, Evenement, franchir_tous, noter
from groupement.socle.nombres import accorde, euros_fr

ZERO = Decimal("0.00")
CHIFFRES = ("total_ht", "total_tva", "total_ttc", "tva_fournisseur", "ecart_tva")


def journaliser(
    run: Refacturation, documents: Sequence[FactureAEcrire], par: Auteur, le: datetime, *, ecart_tva: Decimal = ZERO
) -> None:
    """One line for the run, with the difference of VAT if there is one, and one for each facture."""
    ht, ttc = run.preuves["total_ht"], run.preuves["total_ttc"]
    resume = f"{accorde(len(documents), 'facture')}, {ht} € HT, {ttc} € TTC"
    if ecart_tva:
        resume += f"\u00a0; écart de TVA {euros_fr(ecart_tva)} (adhérents moins fournisseur)"
    details = {cle: run.preuves[cle] for cle in CHIFFRES if cle in run.preuves}
    noter("refacturation", run.id, "refacturer", par=par, le=le, resume=resume, details=details)
    inscrire("emettre", Facture.refacturation_id == run.id, par, le, apres=EtatFacture.EMISE.value)


def inscrire(verbe: str, condition: ColumnElement[bool], par: Auteur, le: datetime, apres: str | None = None) -> None:
    """One line of the journal for every facture that meets `condition`: one statement."""
    lignes = select(
        literal(le, DateHeure),
        literal(par.nom, String),
        literal(par.utilisateur_id, Integer),
        literal(verbe, String),
        literal("facture", String),
        Facture.id,
        Facture.numero,
        literal(apres, String),
    ).where(condition)
    colonnes = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume", "apres")
    db.session.execute(insert(Evenement).from_select(colonnes, lignes.order_by(Facture.id)))


def annoncer(documents: Sequence[FactureAEcrire], numeros: Mapping[str, int], le: datetime) -> None:
    """A mail to the agents and valideurs of each body, its facture attached; they leave after the commit."""
    gens = destinataires({document.compte.membre for document in documents}, jour_a_paris(le))
    lettres = [
        (
            adresse,
            f"Facture {document.numero}",
            {"nom": nom, "document": document, "facture_id": numeros[document.numero], "pieces": [piece]},
        )
        for document in documents
        for piece in [f"facture:{numeros[document.numero]}"]
        for nom, adresse in gens.get(document.compte.membre, ())
    ]
    ecrire_plusieurs("facture_emise", lettres, le=le)


def solder(campagne_id: int, par: Auteur, le: datetime) -> None:
    """Orders of which all that was admitted is billed are done with; the campagne too when all its orders are."""
    reste_a_facturer = exists(
        select(Affectation.id)
        .join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
        .where(LigneCommande.commande_id == Commande.id, Affectation.unites_facturees < Affectation.unites_admises)
    )
    servies = (Commande.campagne_id == campagne_id) & (Commande.etat == EtatCommande.SERVIE)
    franchir_tous(Commande, servies & ~reste_a_facturer, TRANSITIONS_COMMANDE, "solder", par=par, le=le)
    en_cours = exists(
        select(Commande.id).where(
            Commande.campagne_id == campagne_id, Commande.etat.in_((EtatCommande.REGROUPEE, EtatCommande.SERVIE))
        )
    )
    finie = (Campagne.id == campagne_id) & ~en_cours
    franchir_tous(Campagne, finie, TRANSITIONS_CAMPAGNE, "solder", par=par, le=le)
