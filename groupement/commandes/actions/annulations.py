"""Cancel a bon nothing has come of: its number and lines stay, its units go to a new bon or are given up.

The caller holds the bon (`queries.revisions.bon_tenu`) and commits.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, select, update

from groupement.commandes.actions import attentes
from groupement.commandes.actions.avis_des_bons import dire_l_annulation
from groupement.commandes.actions.bons import envoyer_au_fournisseur
from groupement.commandes.actions.desistements import Annonce, decliner_un_bon
from groupement.commandes.actions.emission import FIGE_DU_FOURNISSEUR
from groupement.commandes.actions.regroupement import apres_emission
from groupement.commandes.actions.reprises import chiffrer_les_parts
from groupement.commandes.actions.revisions import exiger_revision
from groupement.commandes.actions.suites_des_commandes import commandes_du_bon, conclure
from groupement.commandes.actions.versions import archiver
from groupement.commandes.models import Affectation, BonDeCommande, LigneBon, PartDePort
from groupement.commandes.queries.desistements import Suite, peut_garder, suite_du_bon
from groupement.commandes.queries.revisions import autres_bons_ht
from groupement.commandes.queries.titulaires import termes_du_bon, titulaire_du_bon
from groupement.commandes.queries.versions import parts_des_membres
from groupement.commandes.rules.plafond import motif_depassement
from groupement.commandes.rules.revision import BonRevise
from groupement.commandes.states import TRANSITIONS_BON, EtatBonDeCommande
from groupement.socle.calendrier import date_fr, echeance_jours, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, noter
from groupement.socle.numerotation import numero, reserver
from groupement.socle.web import ConflitDeVersion

DE_LA_LIGNE = (
    *("article_id", "reference", "designation", "unite", "unites_par_colis", "unites_demandees", "unites_du_stock"),
    *("colis", "unites", "unites_acceptees_en_plus", "surplus_au_depot", "tva_pct"),
)


def annuler(
    bon: BonDeCommande,
    motif: str,
    titulaire_id: int | None,
    *,
    vue: int,
    par: Auteur,
    le: datetime,
    annonce: Annonce | None = None,
    empreinte: str | None = None,
) -> BonDeCommande | None:
    """Cancel the bon; the same demand goes at once to `titulaire_id` in a new one, returned, or is given up (None).

    `titulaire_id`: the same supplier, at the same prices, or the next in rank, at its own: the first has declined
    (`annonce`, else `motif`). `vue`: the revision the page showed; `empreinte`: the figures agreed to, None for all.
    Raises ConflitDeVersion, TransitionInterdite, or RegleRefusee when something is delivered or announced, or when the
    new bon cannot be issued; nothing is written then.
    """
    exiger_revision(bon, vue)
    franchir(bon, TRANSITIONS_BON, "annuler", par=par, le=le, resume=motif[:500])
    if motif_du_refus := empechement(bon):
        raise RegleRefusee(motif_du_refus)
    suite = _suite(bon, titulaire_id, jour_a_paris(le), empreinte) if titulaire_id else None
    version = archiver(bon, motif, [], par=par, le=le)
    parts, commandes = parts_des_membres(bon.id), commandes_du_bon(bon.id)
    for attente in attentes.branchees:
        attente.oublier(bon.id)
    nouveau = _reemettre(bon, suite, par, le) if titulaire_id else None
    if suite:
        declin = annonce or Annonce(motif, jour_a_paris(le))
        decliner_un_bon(bon, titulaire_du_bon(bon), declin, par=par, le=le)
    if nouveau is None:
        _liberer(bon)
        conclure(bon, commandes, f"Bon {bon.numero} annulé\u00a0: {motif}"[:500], par=par, le=le)
    dire_l_annulation(bon, version, parts, nouveau, le=le, montants=suite.reprise.changes if suite else None)
    return nouveau


def empechement(bon: BonDeCommande) -> str:
    """Why the bon can no longer be cancelled: something is delivered or on its way; empty when it can."""
    if bon.etat is not EtatBonDeCommande.EN_LIVRAISON and not _en_route(bon):
        return ""
    return (
        f"Une livraison du bon {bon.numero} est faite ou annoncée\u00a0: il ne s’annule plus. "
        "Révisez-le pour retirer ce qui ne l’est pas."
    )


def _en_route(bon: BonDeCommande) -> bool:
    """Whether the floors above know of goods delivered or announced."""
    return any(attente.est_en_route(bon.id) for attente in attentes.branchees)


def _suite(bon: BonDeCommande, titulaire_id: int, jour: date, empreinte: str | None) -> Suite | None:
    """The next titulaire and its bon; None when the same supplier keeps it. Raises RegleRefusee (CCP R2162-14)."""
    if titulaire_id == bon.fournisseur_id and peut_garder(bon, jour):
        return None
    suite = suite_du_bon(bon, jour)
    if suite is None:
        raise RegleRefusee(
            f"Aucun autre titulaire du lot {bon.lot.numero} ne peut prendre ce bon\u00a0: tous ont décliné."
        )
    if suite.titulaire.fournisseur_id != titulaire_id:
        raise RegleRefusee(
            f"Ce bon ne peut aller qu’au titulaire du lot dont c’est le rang\u00a0: {suite.titulaire.fournisseur.nom}."
        )
    if suite.reprise.refus:
        raise RegleRefusee(suite.reprise.refus)
    if empreinte is not None and empreinte != suite.reprise.repris.empreinte:
        raise ConflitDeVersion(
            "Un prix a changé depuis que cette page a été affichée\u00a0: rien n’a été enregistré. "
            "Relisez les nouveaux chiffres, puis confirmez."
        )
    return suite


def _reemettre(bon: BonDeCommande, suite: Suite | None, par: Auteur, le: datetime) -> BonDeCommande:
    """A new bon for the same pieces, its delivery time counted from today; at the prices of the next if it is his."""
    jour = jour_a_paris(le)
    repris = suite.reprise.repris if suite else None
    fournisseur = suite.titulaire.fournisseur if suite else bon.fournisseur
    termes = suite.titulaire.termes if suite else termes_du_bon(bon)
    _permettre(bon, repris.total_ht if repris else bon.total_ht, jour)
    nouveau = BonDeCommande(
        numero=numero("BC", jour.year, reserver("BC", jour.year, 1)[0]),
        campagne_id=bon.campagne_id,
        remplace_id=bon.id,
        lot=bon.lot,
        lieu=bon.lieu,
        fournisseur=fournisseur,
        emis_le=le,
        emis_par=par.nom,
        a_livrer_avant_le=echeance_jours(jour, termes.delai_livraison_jours),
        fournisseur_fige={cle: getattr(fournisseur, cle) for cle in FIGE_DU_FOURNISSEUR},
        **{champ: getattr(repris or bon, champ) for champ in ("port_ht", "total_ht", "total_tva", "total_ttc")},
        lignes=_lignes(bon, repris),
    )
    db.session.add(nouveau)
    db.session.flush()
    resume = f"{nouveau.numero}, remplace {bon.numero}"
    noter(nouveau.__tablename__, nouveau.id, "emettre", par=par, le=le, resume=resume, apres=nouveau.etat)
    _rattacher(bon, nouveau)
    if repris:
        chiffrer_les_parts(nouveau, repris)
    for apres in apres_emission:
        apres([nouveau], par, le)
    envoyer_au_fournisseur(nouveau, le)
    return nouveau


def _lignes(bon: BonDeCommande, repris: BonRevise | None) -> list[LigneBon]:
    """The lines of the new bon."""
    chiffrees = {ligne.ligne_id: ligne for ligne in repris.lignes} if repris else {}
    return [
        LigneBon(
            **{nom: getattr(ligne, nom) for nom in DE_LA_LIGNE},
            **{nom: getattr(chiffrees.get(ligne.id, ligne), nom) for nom in ("prix_unitaire_ht", "montant_ht")},
        )
        for ligne in bon.lignes
        if ligne.colis
    ]


def _permettre(bon: BonDeCommande, total_ht: Decimal, jour: date) -> None:
    """A bon is issued while its marché runs, and below the ceiling of its lot. Raises RegleRefusee."""
    marche = bon.campagne.marche
    if jour > marche.au:
        raise RegleRefusee(
            f"Le marché {marche.numero} a pris fin le {date_fr(marche.au)}\u00a0: aucun nouveau bon ne peut partir "
            "(CCP, article R2162-5). Annulez le bon sans le réémettre."
        )
    depassement = motif_depassement(bon.lot.plafond_ht, autres_bons_ht(bon), total_ht)
    if depassement:
        raise RegleRefusee(depassement)


def _rattacher(bon: BonDeCommande, nouveau: BonDeCommande) -> None:
    """Affectations and shares of shipping pass to the new bon: two statements."""
    suite = select(LigneBon.id).where(LigneBon.bon_id == nouveau.id, LigneBon.article_id == Affectation.article_id)
    db.session.execute(
        update(Affectation)
        .where(Affectation.ligne_bon_id.in_(select(LigneBon.id).where(LigneBon.bon_id == bon.id)))
        .values(ligne_bon_id=suite.scalar_subquery()),
        execution_options={"synchronize_session": False},
    )
    db.session.execute(
        update(PartDePort).where(PartDePort.bon_id == bon.id).values(bon_id=nouveau.id),
        execution_options={"synchronize_session": False},
    )


def _liberer(bon: BonDeCommande) -> None:
    """Nobody has anything of the bon any more; its version keeps who had what."""
    siennes = Affectation.ligne_bon_id.in_(select(LigneBon.id).where(LigneBon.bon_id == bon.id))
    sans = {"synchronize_session": False}
    db.session.execute(delete(Affectation).where(siennes), execution_options=sans)
    db.session.execute(delete(PartDePort).where(PartDePort.bon_id == bon.id), execution_options=sans)
