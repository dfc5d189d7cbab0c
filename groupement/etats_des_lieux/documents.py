"""The report of an audit: its rows and its needs, frozen into a paper."""

from datetime import date
from decimal import Decimal

from flask import current_app

from groupement.adherents.documents import organisme
from groupement.documents.papiers import (
    BesoinPapier,
    EtatDesLieuxPapier,
    LocalPapier,
    MesurePapier,
    RayonnagePapier,
    Totaux,
    TvaTaux,
    Visa,
    coordonnateur,
)
from groupement.documents.rendu import rendre_etat_des_lieux
from groupement.etats_des_lieux.models import EtatDesLieux, Local, Mesure, Rayonnage
from groupement.etats_des_lieux.queries import LigneChiffree, VueBesoins
from groupement.etats_des_lieux.rules.categories import categorie
from groupement.etats_des_lieux.rules.metres_lineaires import ecrire_ml
from groupement.socle.nombres import accorde, decimal_fr

UNITES = {"piece": "pièce", "travee": "travée", "unite": "unité"}  # as the BPU writes them, and as people do


def rendre(etat: EtatDesLieux, vue: VueBesoins, le: date) -> bytes:
    """The report as a PDF. `le`: the day it is made, whose prices the needs carry."""
    return rendre_etat_des_lieux(papier(etat, vue, le))


def papier(etat: EtatDesLieux, vue: VueBesoins, le: date) -> EtatDesLieuxPapier:
    """What the report says."""
    return EtatDesLieuxPapier(
        numero=f"EDL-{etat.visite_le.year}-{etat.id:03}",
        releve_le=etat.visite_le,
        etabli_le=le,
        coordonnateur=coordonnateur(current_app.config),
        collectivite=organisme(etat.collectivite),
        archiviste=etat.archiviste.nom,
        locaux=tuple(_local(etat, local) for local in etat.locaux),
        mesures=tuple(_mesure(mesure) for mesure in etat.mesures),
        total=_total(etat),
        besoins=tuple(_besoin(ligne) for ligne in vue.lignes),
        estimation=_estimation(vue),
        visa=Visa(numero=etat.visa_numero, accorde_le=etat.visa_le) if etat.visa_le else None,
        population=etat.population,
        accroissement_mm_par_an=etat.croissance_mm_an,
        horizon_ans=etat.horizon_ans,
        hypotheses=_hypotheses(etat),
        synthese=(*([etat.observations] if etat.observations else []), *vue.besoins.explications),
    )


def _hypotheses(etat: EtatDesLieux) -> tuple[str, ...]:
    """What the calculation counts with."""
    return (
        f"Horizon {accorde(etat.horizon_ans, 'an')}",
        f"tablettes remplies à {decimal_fr(etat.remplissage_pct)}\u00a0%",
        f"{ecrire_ml(etat.croissance_mm_an)} de plus par an",
        f"travée de {ecrire_ml(etat.travee_mm)}",
        f"boîtes de {decimal_fr(Decimal(etat.dos_mm) / 10)}\u00a0cm de dos",
    )


def _local(etat: EtatDesLieux, local: Local) -> LocalPapier:
    """A room, with the shelf that is taken and the shelf that is free."""
    occupe_mm = sum(mesure.mesure_mm for mesure in etat.mesures if mesure.local_id == local.id)
    offert_mm = sum(rayonnage.longueur_totale_mm for rayonnage in local.rayonnages)
    return LocalPapier(
        nom=local.nom,
        situation=local.niveau,
        longueur_mm=local.x_mm if local.hauteur_mm else None,
        largeur_mm=local.y_mm if local.hauteur_mm else None,
        hauteur_mm=local.hauteur_mm,
        occupe_mm=occupe_mm,
        libre_mm=max(0, offert_mm - occupe_mm),
        rayonnages=tuple(_rayonnage(rayonnage) for rayonnage in local.rayonnages),
        constats=_constats(local),
    )


def _constats(local: Local) -> tuple[str, ...]:
    """What was seen in a room, a sentence each."""
    phrases = []
    if not local.hauteur_mm:
        cotes = " × ".join(ecrire_ml(cote).replace("ml", "m") for cote in (local.x_mm, local.y_mm))
        phrases.append(f"{cotes} au sol, hauteur non mesurée.")
    phrases.append("Ferme à clé." if local.ferme_a_cle else "Ne ferme pas à clé.")
    if local.risques:
        phrases.append(f"Risques constatés\u00a0: {local.risques}.")
    if local.charge_admissible_kg_m2:
        phrases.append(f"Plancher donné pour {local.charge_admissible_kg_m2} kg/m².")
    return (*phrases, *([local.observations] if local.observations else []))


def _rayonnage(rayonnage: Rayonnage) -> RayonnagePapier:
    """Shelving that stands in a room."""
    utile = ecrire_ml(rayonnage.longueur_utile_mm).replace("ml", "m")
    niveaux = accorde(rayonnage.niveaux, "tablette")
    return RayonnagePapier(
        designation=f"{accorde(rayonnage.travees, 'travée')} de {niveaux} de {utile}",
        longueur_utile_mm=rayonnage.longueur_totale_mm,
        etat="À conserver" if rayonnage.a_garder else "À remplacer",
    )


def _mesure(mesure: Mesure) -> MesurePapier:
    """One measured line."""
    connue = categorie(mesure.categorie)
    return MesurePapier(
        categorie=connue.code,
        intitule=f"{connue.libelle}, {mesure.intitule}" if mesure.intitule else connue.libelle,
        mesure_mm=mesure.mesure_mm,
        eliminable_mm=mesure.eliminable_mm,
        temporaire_mm=mesure.temporaire_mm,
        definitif_mm=mesure.definitif_mm,
        forme=mesure.forme.libelle().lower(),
        deja_conditionne_mm=mesure.deja_boite_definitif_mm + mesure.deja_boite_temporaire_mm,
    )


def _total(etat: EtatDesLieux) -> MesurePapier:
    """The sum of the lines."""
    lignes = [_mesure(mesure) for mesure in etat.mesures]
    champs = ("mesure_mm", "eliminable_mm", "temporaire_mm", "definitif_mm", "deja_conditionne_mm")
    sommes = {champ: sum(getattr(ligne, champ) for ligne in lignes) for champ in champs}
    return MesurePapier(categorie="", intitule="Total", **sommes)


def _besoin(ligne: LigneChiffree) -> BesoinPapier:
    """One article to order, and why."""
    article = ligne.article
    return BesoinPapier(
        intitule=article.designation,
        unites=ligne.unites_necessaires,
        unite=UNITES.get(article.unite, article.unite),
        raisonnement=(ligne.raison,),
        reference=article.reference,
        colis=ligne.unites // article.unites_par_colis if article.unites_par_colis > 1 else None,
        unites_par_colis=article.unites_par_colis,
        unites_commandees=ligne.unites,
        montant_ht=ligne.montant_ht,
    )


def _estimation(vue: VueBesoins) -> Totaux | None:
    """What the list would cost; nothing when it is empty."""
    if not vue.lignes:
        return None
    montants = vue.tva_par_taux
    tvas = tuple(TvaTaux(taux_pct=taux, base_ht=base, montant=montants[taux]) for taux, base in vue.bases.items())
    return Totaux(total_ht=vue.total_ht, tvas=tvas, total_ttc=vue.total_ttc)
