"""Gathering what the preview says of the titulaires: whom each lot goes to, who declined, what that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from groupement.catalogue.models import Lot, Titulaire
from groupement.commandes.actions.regroupement import Calcul, calculer
from groupement.commandes.models import Campagne, Desistement
from groupement.commandes.queries.chez_un_autre import chez_les_premiers
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules.changement_de_titulaire import ChangementDeTitulaire, comparer, offre_du_lot


@dataclass(frozen=True, slots=True)
class TitulaireVu:
    """A lot of several titulaires: whom its bons go to; who declined, and what that changes (None: nobody did)."""

    lot: Lot
    titulaire: Titulaire
    premier: Titulaire | None
    desistements: Sequence[Desistement]
    changement: ChangementDeTitulaire | None


def vue_de_la_cascade(
    campagne: Campagne, lue: Entree, calcul: Calcul, depuis_le_stock: bool, le: date
) -> list[TitulaireVu]:
    """The lots of the preview that have several titulaires, by number. Worked out twice only where one declined."""
    demandes = {bon.lot for bon in calcul.resultat.bons} | {refus.lot for refus in calcul.resultat.refus}
    desistements = lue.desistements
    premiers = chez_les_premiers(campagne, lue, le) if desistements else None
    avant = calculer(premiers, depuis_le_stock).resultat if premiers else None
    vus = []
    for numero, lot in sorted(lue.lots.items()):
        siens = [d for d in desistements if d.lot_id == lot.id]
        if (numero in demandes and len(lot.titulaires) > 1) or siens:
            offres = (offre_du_lot(r, numero) for r in (avant, calcul.resultat)) if avant and siens else None
            premier = premiers.titulaires[numero] if premiers and siens else None
            vus.append(TitulaireVu(lot, lue.titulaires[numero], premier, siens, comparer(*offres) if offres else None))
    return vus
