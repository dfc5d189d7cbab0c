"""What a run reads: the admitted lines, the shipping due, the bodies with their orders, the deliveries to quote."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Article, Marche
from groupement.catalogue.rules.unites import unite_lisible
from groupement.commandes.models import (
    Affectation,
    BonDeCommande,
    Campagne,
    Commande,
    Depannage,
    LigneBon,
    LigneCommande,
    PartDePort,
)
from groupement.commandes.states import EtatCommande, NatureCampagne
from groupement.livraisons.models import LigneLivraison, Livraison
from groupement.refacturation.models import LigneAvoir, LigneFacture
from groupement.refacturation.queries.montants import en_montant, port_du, refactions
from groupement.refacturation.rules.composition import STOCK, LigneDue, est_facturable
from groupement.refacturation.rules.document import Debiteur
from groupement.refacturation.rules.partage import AffectationAFacturer, a_facturer
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee

PORT = "PORT"
ZERO = Decimal("0.00")


def campagne_et_marche(campagne_id: int) -> Campagne | None:
    """The campagne with its marché and the convention they rest on."""
    return db.session.scalars(
        select(Campagne)
        .where(Campagne.id == campagne_id)
        .options(joinedload(Campagne.marche).joinedload(Marche.convention))
    ).one_or_none()


def refactions_facturees(campagne_id: int) -> Mapping[int, Decimal]:
    """Réfactions already taken off, by affectation: on factures, plus or minus what avoirs changed. Two statements."""
    de_la_campagne = select(Affectation.id).where(Affectation.campagne_id == campagne_id)
    sur_factures = (
        select(LigneFacture.affectation_id, func.sum(LigneFacture.refaction_ht))
        .where(LigneFacture.refaction_ht > 0, LigneFacture.affectation_id.in_(de_la_campagne))
        .group_by(LigneFacture.affectation_id)
    )
    par_avoirs = (
        select(LigneFacture.affectation_id, func.sum(LigneAvoir.refaction_ht))
        .join(LigneFacture, LigneFacture.id == LigneAvoir.ligne_facture_id)
        .where(LigneAvoir.refaction_ht != 0, LigneFacture.affectation_id.in_(de_la_campagne))
        .group_by(LigneFacture.affectation_id)
    )
    cumul: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for requete in (sur_factures, par_avoirs):
        for affectation_id, montant in db.session.execute(requete):
            cumul[affectation_id or 0] += montant
    return cumul


def _affectations(campagne_id: int, collectivite_id: int | None, par_commande: bool) -> Any:
    """The members' affectations with pieces admitted and not billed yet, by body (or order), bon and article."""
    decidees = refactions()
    compte = LigneCommande.commande_id if par_commande else Affectation.collectivite_id
    lignes = (
        select(
            *(Affectation.id, Affectation.collectivite_id, Affectation.unites, Affectation.unites_admises),
            *(Affectation.unites_facturees, Affectation.montant_ht, Affectation.montant_facture_ht),
            *(Affectation.prix_unitaire_ht, Affectation.tva_pct, BonDeCommande.numero.label("bon")),
            func.coalesce(LigneBon.reference, Article.reference).label("reference"),
            func.coalesce(LigneBon.designation, Article.designation).label("designation"),
            func.coalesce(LigneBon.unite, Article.unite).label("unite"),
            en_montant(func.coalesce(decidees.c.refaction, 0), "refaction_ht"),
            compte.label("compte"),
        )
        .join(Article, Article.id == Affectation.article_id)
        .outerjoin(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .outerjoin(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .outerjoin(decidees, decidees.c.affectation_id == Affectation.id)
        .where(Affectation.campagne_id == campagne_id, Affectation.collectivite_id.is_not(None))
        .where(Affectation.unites_admises > Affectation.unites_facturees)
        .order_by(BonDeCommande.id.nulls_last(), Affectation.id)
    )
    if par_commande:
        lignes = lignes.join(LigneCommande, LigneCommande.id == Affectation.ligne_commande_id)
    return lignes if collectivite_id is None else lignes.where(Affectation.collectivite_id == collectivite_id)


def lignes_dues(
    campagne_id: int, collectivite_id: int | None = None, *, par_commande: bool = False
) -> dict[int, list[LigneDue]]:
    """What each body owes now, goods then shipping: the rule applied to each affectation. Four statements.

    `par_commande`: what is owed of each order instead, by its id; urgent orders each have their engagement.
    """
    facturees = refactions_facturees(campagne_id)
    dues: dict[int, list[LigneDue]] = defaultdict(list)
    for ligne in db.session.execute(_affectations(campagne_id, collectivite_id, par_commande)):
        due = _ligne_de_biens(ligne, facturees.get(ligne.id, ZERO))
        if due is not None:
            dues[ligne.compte].append(due)
    for part in db.session.execute(_ports(campagne_id, collectivite_id)):
        dues[part.collectivite_id].append(_ligne_de_port(part))
    return dues


def _ligne_de_biens(ligne: Any, refaction_facturee: Decimal) -> LigneDue | None:
    """The line of a facture for an affectation, None when it must wait for an avoir."""
    vue = AffectationAFacturer(
        *(ligne.unites, ligne.montant_ht, ligne.unites_admises, ligne.unites_facturees, ligne.montant_facture_ht),
        *(ligne.refaction_ht, refaction_facturee),
    )
    try:
        due = a_facturer(vue)
    except ValueError as erreur:
        raise RegleRefusee(
            f"La réfaction décidée sur « {ligne.designation} » dépasse la valeur de ce qui est admis\u00a0: corrigez "
            "la décision de livraison, puis recommencez."
        ) from erreur
    if not est_facturable(due):
        return None
    return LigneDue(
        affectation_id=ligne.id,
        part_de_port_id=None,
        bon=ligne.bon or STOCK,
        reference=ligne.reference,
        designation=ligne.designation,
        unite=unite_lisible(ligne.unite),
        unites=due.unites,
        prix_unitaire_ht=ligne.prix_unitaire_ht,
        tva_pct=ligne.tva_pct,
        montant_ht=due.montant_ht,
        refaction_ht=due.refaction_ht,
        calcul=_calcul(ligne),
    )


def _calcul(ligne: Any) -> dict[str, str]:
    """The figures the amount was found from, kept with the line."""
    return {
        "commandees": str(ligne.unites),
        "part_ht": str(ligne.montant_ht),
        "admises": str(ligne.unites_admises),
        "deja_unites": str(ligne.unites_facturees),
        "deja_ht": str(ligne.montant_facture_ht),
    }


def _ports(campagne_id: int, collectivite_id: int | None) -> Any:
    """The shares of shipping due with the first goods of their bon."""
    parts = (
        select(
            *(PartDePort.id, PartDePort.collectivite_id, PartDePort.montant_ht, PartDePort.montant_facture_ht),
            *(PartDePort.tva_pct, BonDeCommande.numero.label("bon"), BonDeCommande.port_ht),
        )
        .join(BonDeCommande, BonDeCommande.id == PartDePort.bon_id)
        .where(BonDeCommande.campagne_id == campagne_id, port_du())
        .order_by(PartDePort.bon_id, PartDePort.id)
    )
    return parts if collectivite_id is None else parts.where(PartDePort.collectivite_id == collectivite_id)


def _ligne_de_port(part: Any) -> LigneDue:
    """The line of a facture for a share of shipping."""
    reste = part.montant_ht - part.montant_facture_ht
    return LigneDue(
        affectation_id=None,
        part_de_port_id=part.id,
        bon=part.bon,
        reference=PORT,
        designation=f"Part des frais de livraison du bon {part.bon}",
        unite="forfait",
        unites=1,
        prix_unitaire_ht=reste,
        tva_pct=part.tva_pct,
        montant_ht=reste,
        calcul={"port_ht": str(part.port_ht)},
    )


def membres_dans_l_ordre(campagne_id: int) -> Sequence[Any]:
    """The bodies of a campagne with the numbers of their orders, by name: the order of the factures."""
    requete = (
        select(Collectivite, Commande.engagement, Commande.code_service, Commande.id.label("commande_id"))
        .join(Commande, Commande.collectivite_id == Collectivite.id)
        .where(Commande.campagne_id == campagne_id, Commande.etat != EtatCommande.ANNULEE)
        .order_by(Collectivite.nom_recherche, Collectivite.id, Commande.id)
    )
    return db.session.execute(requete).all()


def _remises(campagne: Campagne) -> dict[int, list[dict[str, str]]]:
    """By urgent order, the day the depot handed it over, as `references` says it of a bon. One statement."""
    requete = (
        select(Depannage.commande_id, Depannage.remis_le)
        .join(Commande, Commande.id == Depannage.commande_id)
        .where(Commande.campagne_id == campagne.id, Depannage.remis_le.is_not(None))
    )
    jours = {commande_id: remis_le.isoformat() for commande_id, remis_le in db.session.execute(requete) if remis_le}
    return {cle: [{"bon": STOCK, "livree_le": jour, "admise_le": jour}] for cle, jour in jours.items()}


def references(campagne: Campagne) -> dict[int, list[dict[str, str]]]:
    """By body, the bons with what was delivered and admitted, and when; one row a bon. One statement.

    By order for urgent ones, which no bon delivered: the day they were handed over.
    """
    if campagne.nature is NatureCampagne.DEPANNAGE:
        return _remises(campagne)
    requete = (
        select(
            *(Affectation.collectivite_id, BonDeCommande.id, BonDeCommande.numero),
            func.max(Livraison.livree_le).label("livree_le"),
            func.max(Livraison.decidee_le).label("decidee_le"),
        )
        .join(LigneBon, LigneBon.id == Affectation.ligne_bon_id)
        .join(BonDeCommande, BonDeCommande.id == LigneBon.bon_id)
        .outerjoin(
            LigneLivraison,
            (LigneLivraison.affectation_id == Affectation.id) & (LigneLivraison.unites_admises > 0),
        )
        .outerjoin(Livraison, Livraison.id == LigneLivraison.livraison_id)
        .where(Affectation.campagne_id == campagne.id, Affectation.collectivite_id.is_not(None))
        .where(Affectation.unites_admises > 0)
        .group_by(Affectation.collectivite_id, BonDeCommande.id, BonDeCommande.numero)
        .order_by(BonDeCommande.id)
    )
    trouvees: dict[int, list[dict[str, str]]] = defaultdict(list)
    for ligne in db.session.execute(requete):
        admise, livree = jour_a_paris(ligne.decidee_le) if ligne.decidee_le else None, ligne.livree_le
        jours = {"livree_le": livree.isoformat() if livree else "", "admise_le": admise.isoformat() if admise else ""}
        trouvees[ligne.collectivite_id].append({"bon": ligne.numero, **jours})
    return trouvees


def debiteur(membre: Any, livrees: Sequence[Mapping[str, str]], bons: set[str]) -> Debiteur:
    """The body as its facture names it, with the deliveries of the bons billed."""
    concernees = [reference for reference in livrees if reference["bon"] in bons]
    return Debiteur(identite(membre.Collectivite), membre.engagement, membre.code_service, concernees)


def identite(corps: Collectivite) -> dict[str, str]:
    """The body as a paper names it."""
    return {
        "nom": corps.nom,
        "siren": corps.siren,
        "siret": corps.siret or "",
        "adresse": corps.adresse,
        "code_postal": corps.code_postal or "",
        "ville": corps.ville or "",
    }
