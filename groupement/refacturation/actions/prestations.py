"""Bill the bodies the services not billed yet: archivists' missions and SESAM contributions, once and to the centime.

One transaction that holds the services: two runs at once bill once. The number of statements does not depend on the
number of bodies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from groupement.adherents.models import Collectivite
from groupement.prestations.models import Prestation
from groupement.prestations.states import TRANSITIONS_PRESTATION
from groupement.refacturation.actions.ecriture import (
    FactureAEcrire,
    RienAFacturer,
    ecrire_les_factures,
    numeroter,
    verifier_l_attendu,
)
from groupement.refacturation.actions.suites import annoncer, journaliser
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.queries import prestations as queries
from groupement.refacturation.queries.a_facturer import identite
from groupement.refacturation.queries.reglages import Reglages, emetteur, reglages
from groupement.refacturation.rules.composition import AVEC_TVA, CompteMembre, composer
from groupement.refacturation.rules.document import Debiteur, Emission, totaux_json
from groupement.refacturation.rules.prestations import (
    factures_par_nature,
    mentions_de_tva,
    objet_des_prestations,
    preuve_json,
)
from groupement.refacturation.rules.tva import totaux_du_document
from groupement.refacturation.states import ModeTva
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir_tous

ZERO = Decimal("0.00")


def facturer_les_prestations(*, par: Auteur, le: datetime, attendu_ht: Decimal | None = None) -> Refacturation:
    """Issue one facture a body for all its services to bill; the caller commits.

    `attendu_ht`: the total the person was shown; when it is another by now, nothing is written.
    Raises RienAFacturer, or RegleRefusee with the sentence to show.
    """
    verrouiller_ecriture()
    dues = queries.lignes_dues(verrou=True)
    if not dues:
        raise RienAFacturer("Toutes les prestations sont déjà facturées\u00a0: il n’y a rien à facturer.")
    corps = {un.id: un for un in queries.corps_dans_l_ordre(list(dues))}
    comptes, _ = composer(AVEC_TVA, {membre: dues[membre] for membre in corps})
    verifier_l_attendu(attendu_ht, sum((compte.totaux.total_ht for compte in comptes), ZERO))
    run = _ouvrir(comptes, par, le)
    documents = _documents(comptes, corps, le)
    numeros = ecrire_les_factures(run, documents)
    _prouver(run, comptes)
    _marquer(run, par, le)
    journaliser(run, documents, par, le)
    annoncer(documents, numeros, le)
    return run


def _ouvrir(comptes: Sequence[CompteMembre], par: Auteur, le: datetime) -> Refacturation:
    """The row of the run, with its totals: VAT is that of the factures, rounded on each."""
    lignes = [ligne for compte in comptes for ligne in compte.lignes]
    tva = sum((compte.totaux.total_tva for compte in comptes), ZERO)
    totaux = totaux_du_document((ligne.montant_ht, ligne.tva_pct) for ligne in lignes)
    preuves = {
        "factures": len(comptes),
        "lignes": len(lignes),
        **totaux_json(totaux),
        "total_tva": str(tva),
        "total_ttc": str(totaux.total_ht + tva),
    }
    run = Refacturation(campagne_id=None, le=le, par=par.nom, mode_tva=ModeTva.A, preuves=preuves)
    db.session.add(run)
    db.session.flush()
    return run


def _documents(
    comptes: Sequence[CompteMembre], corps: Mapping[int, Collectivite], le: datetime
) -> list[FactureAEcrire]:
    """The factures, each with what it is for and what it must say of VAT."""
    choix, jour = reglages(), jour_a_paris(le)
    commune = Emission(
        emetteur=choix.emetteur,
        objet="",
        marche="",
        convention="",
        mode_tva=AVEC_TVA,
        mentions=(),
        paiement=choix.paiement,
        le=jour,
    )

    def parties(compte: CompteMembre) -> tuple[Emission, Debiteur]:
        """The issue of one body."""
        propre = replace(
            commune,
            emetteur=emetteur(avec_tva=compte.totaux.total_tva > 0),
            objet=objet_des_prestations(compte.lignes),
            mentions=_mentions(choix, compte),
        )
        return propre, Debiteur(identite(corps[compte.membre]), "", "", ())

    return numeroter(comptes, parties, jour, choix.delai_jours)


def _mentions(choix: Reglages, compte: CompteMembre) -> tuple[str, ...]:
    """Who issues it, what of VAT, where to complain."""
    de_tva = mentions_de_tva((ligne.tva_pct for ligne in compte.lignes), choix.mention_prestations)
    return (choix.emise_par, *de_tva, choix.recours)


def _prouver(run: Refacturation, comptes: Sequence[CompteMembre]) -> None:
    """Keep the proof with the run; refuse factures that do not make the services they bill."""
    factures = factures_par_nature(ligne for compte in comptes for ligne in compte.lignes)
    preuve = queries.preuve_du_run(run, factures)
    if not preuve.est_exacte:
        faux = ", ".join(n.nature.libelle() for n in preuve.natures if not n.est_exacte) or "les totaux"
        raise RegleRefusee(
            f"Les factures et les prestations diffèrent ({faux})\u00a0: rien n’a été émis. Signalez-le à "
            "l’administrateur, avec cette phrase."
        )
    run.preuves = {**run.preuves, "preuve": preuve_json(preuve)}


def _marquer(run: Refacturation, par: Auteur, le: datetime) -> None:
    """The services the run bills are billed. Two statements."""
    du_run = select(LigneFacture.prestation_id).join(Facture).where(Facture.refacturation_id == run.id)
    franchir_tous(Prestation, Prestation.id.in_(du_run), TRANSITIONS_PRESTATION, "facturer", par=par, le=le)
