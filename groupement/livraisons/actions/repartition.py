"""Change by hand what the rule gave each body of a short delivery to the depot, and say why."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from groupement.livraisons.actions.constats import (
    Reserve,
    attendues_de,
    ecrire_les_parts,
    exiger_version,
    part_calculee,
    parts_ecrites,
)
from groupement.livraisons.models import Decision, Livraison
from groupement.livraisons.queries.livraisons import NON_DECIDEES, lignes_de
from groupement.livraisons.rules.repartition import fautes_de_la_modification
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter


def repartir(
    livraison: Livraison,
    ligne_bon_id: int,
    choisies: Mapping[int, int],
    motif: str,
    version: int,
    *,
    par: Auteur,
    le: datetime,
) -> None:
    """Give each line of an article (by its id) the pieces chosen; what the rule computed stays in the journal.

    Raises RegleRefusee when they do not sum to what came, when a line gets more than it expects, or without a reason.
    """
    exiger_version(livraison, version)
    if livraison.collectivite_id is not None or livraison.etat not in NON_DECIDEES:
        raise RegleRefusee("Cette livraison ne se répartit pas, ou plus\u00a0: elle est décidée.")
    lignes = lignes_de(livraison.id, [ligne_bon_id])
    bonnes = sum(ligne.unites_livrees - ligne.unites_refusees for ligne in lignes)
    refusees = sum(ligne.unites_refusees for ligne in lignes)
    calculees = part_calculee(lignes, bonnes, livraison.bon.campagne.regle_reliquat)
    voulues = [choisies.get(ligne.id, 0) for ligne in lignes]
    membres, depot = attendues_de(lignes)
    if fautes := fautes_de_la_modification([*membres, *depot], calculees, voulues, motif):
        raise RegleRefusee(" ".join(fautes))
    dite = next((ligne for ligne in lignes if ligne.motif or ligne.commentaire or ligne.photo_id), None)
    reserve = Reserve(dite.motif, dite.commentaire, dite.photo_id) if dite else Reserve()
    ecrire_les_parts(parts_ecrites(lignes, voulues, refusees, reserve))
    livraison.version += 1
    details = {
        "ligne_bon": ligne_bon_id,
        "regle": livraison.bon.campagne.regle_reliquat.value,
        "calculee": {str(ligne.affectation_id): part for ligne, part in zip(lignes, calculees, strict=True)},
        "choisie": {str(ligne.affectation_id): part for ligne, part in zip(lignes, voulues, strict=True)},
        "motif": motif,
    }
    noter("livraison", livraison.id, "repartir", par=par, le=le, resume=motif[:500], details=details)
    db.session.add(
        Decision(livraison_id=livraison.id, verbe="repartir", motif=motif, refaction_ht=Decimal(0), par=par.nom, le=le)
    )
