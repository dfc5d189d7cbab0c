"""The records of a marché for the open data portal: one a lot, from what the application knows and what was typed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.catalogue.models import Avenant, DonneesEssentielles, EffetAvenant, Lot, Marche, Titulaire
from groupement.catalogue.queries.actes import avenants_du_marche, effets_par_lot, saisie_de
from groupement.catalogue.rules.avenants import plafond_initial
from groupement.catalogue.rules.decp import SaisieDecp, ce_qui_manque, type_de_groupement
from groupement.catalogue.rules.periodes import PeriodePrevue, duree_en_mois, fenetres
from groupement.catalogue.states import FondementAvenant
from groupement.documents import decp
from groupement.documents.decp import MarcheDecp, ModificationDecp
from groupement.socle.etats import RegleRefusee


def exporter_decp(
    marche: Marche, lots: Sequence[Lot], donnees: dict[int, DonneesEssentielles], siret: str, format_: str, le: date
) -> bytes:
    """The file to deposit, its XML checked against the XSD before it leaves.

    Raises RegleRefusee when a lot lacks a field. `le`: the day of publication of what is not published yet.
    """
    incomplets = [lot.numero for lot in lots if ce_qui_manque(saisie_de(donnees.get(lot.id)))]
    if incomplets:
        quels = ", ".join(map(str, incomplets))
        raise RegleRefusee(f"Il manque des données aux lots {quels}\u00a0: complétez-les avant de télécharger.")
    avenants = avenants_du_marche(marche.id)
    records = [_record(marche, lot, donnees[lot.id], avenants, siret, le) for lot in lots]
    xml = decp.ecrire_xml(records)
    fautes = decp.fautes_xml(xml)
    if fautes:
        raise RegleRefusee(f"Le fichier ne respecte pas le schéma national\u00a0: {fautes[0]}")
    return xml if format_ == "xml" else decp.ecrire_json(records)


def _record(
    marche: Marche, lot: Lot, donnees: DonneesEssentielles, avenants: Sequence[Avenant], siret: str, le: date
) -> MarcheDecp:
    """A lot as it was notified, then what changed."""
    saisie = saisie_de(donnees)
    assert saisie is not None and saisie.offres_recues is not None
    actuels = _instantane(lot.titulaires)
    return MarcheDecp(
        acheteur_siret=siret,
        objet=f"{marche.objet}, lot {lot.numero} : {lot.intitule}"[:1000],
        duree_mois=_duree_initiale(marche, avenants),
        notifie_le=marche.notifie_le,
        publie_le=donnees.publiee_le or le,
        montant=plafond_initial(lot.plafond_ht, effets_par_lot(avenants).get(lot.id, ())),
        sirets=_sirets(_titulaires_initiaux(lot, avenants, actuels)),
        type_groupement=type_de_groupement(
            [ligne["groupement"] for ligne in _titulaires_initiaux(lot, avenants, actuels)]
        ),
        modifications=tuple(_modifications(marche, lot, avenants, le)),
        **_saisis(saisie),
    )


def _saisis(saisie: SaisieDecp) -> dict[str, Any]:
    """What was typed, under the names of the record."""
    return {
        "id": saisie.identifiant,
        "code_cpv": saisie.code_cpv,
        "procedure": saisie.procedure,
        "ccag": saisie.ccag,
        "offres_recues": saisie.offres_recues,
        "innovant": saisie.innovant,
        "sous_traitance": saisie.sous_traitance,
        "taux_avance": saisie.taux_avance_pct / Decimal(100) if saisie.avance else None,
        "lieu_code": saisie.lieu_code,
        "lieu_type": saisie.lieu_type,
        "type_prix": saisie.type_prix,
        "considerations_sociales": saisie.considerations_sociales,
        "considerations_environnementales": saisie.considerations_environnementales,
    }


def _duree_initiale(marche: Marche, avenants: Sequence[Avenant]) -> int:
    """Months of the first period and of every reconduction the contract foresees, as the schema wants them."""
    prevues = [PeriodePrevue(r.mois, r.mode, r.preavis_mois) for r in marche.reconductions]
    fin = fenetres(marche.fin_initiale, prevues)[-1].au if prevues else marche.fin_initiale
    return duree_en_mois(marche.du, fin)


def _modifications(marche: Marche, lot: Lot, avenants: Sequence[Avenant], le: date) -> list[ModificationDecp]:
    """What avenants changed in this lot, numbered from 1 in their order; typing errors are none."""
    modifications: list[ModificationDecp] = []
    for avenant in avenants:
        effet = next((e for e in avenant.effets if e.lot_id == lot.id), None)
        if avenant.fondement is FondementAvenant.ERREUR_DE_SAISIE or (effet is None and avenant.fin_apres is None):
            continue
        modifications.append(_modification(len(modifications) + 1, marche, avenant, effet, le))
    return modifications


def _modification(
    rang: int, marche: Marche, avenant: Avenant, effet: EffetAvenant | None, le: date
) -> ModificationDecp:
    """One avenant, what it changed only."""
    plafond_change = effet is not None and effet.plafond_apres_ht != effet.plafond_avant_ht
    return ModificationDecp(
        id=rang,
        notifiee_le=avenant.notifie_le,
        publiee_le=avenant.publie_le or le,
        duree_mois=duree_en_mois(marche.du, avenant.fin_apres) if avenant.fin_apres else None,
        montant=effet.plafond_apres_ht if effet is not None and plafond_change else None,
        sirets=_sirets(effet.titulaires_apres) if effet is not None and effet.titulaires_apres else None,
    )


def _titulaires_initiaux(lot: Lot, avenants: Sequence[Avenant], actuels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The titulaires before the first avenant that changed them, else those of today."""
    effets = (effet for avenant in avenants for effet in avenant.effets if effet.lot_id == lot.id)
    return next((effet.titulaires_avant for effet in effets if effet.titulaires_avant), actuels)


def _instantane(titulaires: Sequence[Titulaire]) -> list[dict[str, Any]]:
    """The titulaires of today, as an avenant keeps them."""
    return [
        {
            "siret": titulaire.fournisseur.siret,
            "groupement": titulaire.groupement.value,
            "cotraitants": [{"siret": c.siret} for c in titulaire.cotraitants],
        }
        for titulaire in titulaires
    ]


def _sirets(titulaires: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Every operator once, by rank, those of a group after the one that speaks for them."""
    tous = [s for ligne in titulaires for s in (ligne["siret"], *(c["siret"] for c in ligne["cotraitants"]))]
    return tuple(dict.fromkeys(tous))
