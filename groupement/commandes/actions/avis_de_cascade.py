"""Tell the members whose lot another titulaire serves, and what that changes for them: mails written with the bons."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BindParameter, bindparam, select

from groupement.adherents.models import Collectivite
from groupement.catalogue.models import Titulaire
from groupement.commandes.models import Campagne, Desistement
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.queries.relances import personnes_des
from groupement.commandes.queries.titulaires import desistements_de_la_campagne
from groupement.commandes.rules.bons import ResultatRegroupement
from groupement.commandes.rules.parts import parts_par_lot
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.courriels import ecrire_plusieurs


@dataclass(frozen=True, slots=True)
class PartChangee:
    """A lot another titulaire serves, and the share of a body before and after (€ HT, shipping included)."""

    desistements: Collection[Desistement]
    titulaire: Titulaire
    avant_ht: Decimal
    apres_ht: Decimal


def dire_les_desistements(
    campagne: Campagne, entree: Entree, avant: ResultatRegroupement, apres: ResultatRegroupement, le: datetime
) -> None:
    """One mail a person of each body served by a titulaire that is not the first. Three statements.

    `avant`: what the first titulaires would have given.
    """
    declines: dict[int, list[Desistement]] = defaultdict(list)
    numeros = {lot.id: numero for numero, lot in entree.lots.items()}
    for desistement in desistements_de_la_campagne(campagne.id):
        declines[numeros[desistement.lot_id]].append(desistement)
    lots_des_articles = {article.article_id: article.lot for article in entree.articles_a_regrouper}
    d_avant, d_apres = parts_par_lot(avant, lots_des_articles), parts_par_lot(apres, lots_des_articles)
    a_dire: dict[int, list[PartChangee]] = defaultdict(list)
    for (corps, lot), montant in d_apres.items():
        if lot in declines:
            premier_ht = d_avant.get((corps, lot), Decimal("0.00"))
            a_dire[corps].append(PartChangee(declines[lot], entree.titulaires[lot], premier_ht, montant))
    if not a_dire:
        return
    ids: BindParameter[int] = bindparam(None, list(a_dire), expanding=True, literal_execute=True)
    personnes = personnes_des(select(Collectivite).where(Collectivite.id.in_(ids)), jour_a_paris(le))
    sujet = f"Un autre titulaire livre votre commande\u00a0: {campagne.intitule}"
    ecrire_plusieurs(
        "titulaire_suivant",
        [
            (adresse, sujet, {"campagne": campagne, "corps": nom, "parts": a_dire[corps]})
            for adresse, nom, corps in personnes
        ],
        le=le,
    )
