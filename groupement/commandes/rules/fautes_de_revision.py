"""Why a revision cannot be what was asked: sentences by the field they are about."""

from collections.abc import Iterable, Mapping

from groupement.commandes.rules.bon_a_reviser import BonAReviser, Demande, Faute
from groupement.commandes.rules.lignes_revisees import LigneAReviser
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import accorde, entier_fr


def fautes(bon: BonAReviser, demande: Demande) -> list[Faute]:
    """Everything that keeps `demande` from being written; empty when it can be worked out."""
    trouvees = [*_fautes_de_la_tete(bon, demande), *_fautes_des_lieux(bon, demande)]
    for ligne in bon.lignes:
        trouvees += _fautes_de_la_ligne(ligne, demande, bon.noms)
    return trouvees


def _fautes_de_la_tete(bon: BonAReviser, demande: Demande) -> Iterable[Faute]:
    """Date and shipping."""
    if demande.a_livrer_avant_le < bon.emis_le:
        yield Faute("date", f"Indiquez un jour à partir du {date_fr(bon.emis_le)}, jour d’émission du bon.")
    if demande.port_ht < 0:
        yield Faute("port", "Indiquez 0 s’il n’y a pas de port.")
    elif bon.port_facture and demande.port_ht != bon.port_ht:
        yield Faute("port", "Le port de ce bon est déjà facturé à des membres\u00a0: il ne change plus.")


def _fautes_des_lieux(bon: BonAReviser, demande: Demande) -> Iterable[Faute]:
    """A body moves to a place of its own, as long as nothing has come to it."""
    for corps, point_id in demande.lieux.items():
        parts = [part for ligne in bon.lignes for part in ligne.membres if part.collectivite_id == corps]
        if point_id not in bon.lieux.get(corps, {}) or not parts:
            yield Faute(f"lieu-{corps}", "Choisissez un lieu de la liste.")
        elif any(part.plancher and part.point_id != point_id for part in parts):
            yield Faute(
                f"lieu-{corps}",
                f"Une livraison de {bon.noms[corps]} est faite ou annoncée\u00a0: son lieu ne change plus sur ce bon.",
            )


def _fautes_de_la_ligne(ligne: LigneAReviser, demande: Demande, noms: Mapping[int, str]) -> Iterable[Faute]:
    """Quantities go down, never below what is delivered or announced."""
    touchees = [p for p in ligne.membres if demande.unites.get(p.affectation_id or 0, p.unites) != p.unites]
    garder = demande.garder.get(ligne.ligne_id)
    cle = f"ligne-{ligne.ligne_id}"
    if ligne.figee and (touchees or garder not in (None, ligne.aux_membres)):
        yield Faute(
            cle,
            f"{ligne.reference} est déjà facturé, ou entré au stock du dépôt\u00a0: sa quantité ne change plus. "
            "Ce qui ne viendra pas se décide à la livraison.",
        )
        return
    for part in touchees:
        voulues = demande.unites[part.affectation_id or 0]
        if not part.plancher <= voulues <= part.unites:
            yield Faute(f"part-{part.affectation_id}", _bornes(part.plancher, part.unites))
    plancher = sum(part.plancher for part in ligne.membres)
    if garder is not None and not plancher <= garder <= ligne.aux_membres:
        yield Faute(cle, _bornes(plancher, ligne.aux_membres))


def _bornes(plancher: int, plafond: int) -> str:
    """Between what is delivered and what is ordered."""
    livre = (
        f"{accorde(plancher, 'unité est livrée ou annoncée', 'unités sont livrées ou annoncées')}" if plancher else ""
    )
    motif = f"\u00a0: {livre}, et une révision n’ajoute rien" if livre else "\u00a0: une révision n’ajoute rien"
    return f"Indiquez entre {entier_fr(plancher)} et {entier_fr(plafond)}{motif}."
