"""A body answers for what was postponed: back in its basket, or not wanted any more. The caller commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from groupement.commandes.actions.paniers import completer, panier_a_remplir
from groupement.commandes.models import Campagne, LigneEcartee
from groupement.commandes.queries.paniers import fenetre_de
from groupement.commandes.queries.reports import reports_a_reprendre
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import accorde


def remettre(campagne: Campagne, collectivite_id: int, *, par: Auteur, le: datetime) -> list[str]:
    """Bring the basket up to what was postponed: doing it twice adds nothing. Returns what was put in.

    What the body may not order here (a lot it has not joined) goes on waiting.
    """
    verrouiller_ecriture()
    panier_a_remplir(campagne, collectivite_id, par=par, le=le)  # held: two people of the body answer once
    fenetre = fenetre_de(campagne, collectivite_id, jour_a_paris(le))
    lignes = [
        report
        for report in reports_a_reprendre(collectivite_id, campagne)
        if not fenetre.motif_de_l_article(report.ligne_commande.article)
    ]
    voulus = [(report.ligne_commande.article, report.ligne_commande.unites) for report in lignes]
    posees = completer(campagne, collectivite_id, voulus, par=par, le=le) if voulus else []
    _conclure(lignes, reprise=True, par=par, le=le)
    return posees


def decliner(campagne: Campagne, collectivite_id: int, *, par: Auteur, le: datetime) -> int:
    """Give up what was postponed: it is not offered again. Returns how many lines."""
    verrouiller_ecriture()
    lignes = reports_a_reprendre(collectivite_id, campagne)
    _conclure(lignes, reprise=False, par=par, le=le)
    return len(lignes)


def _conclure(lignes: Sequence[LigneEcartee], *, reprise: bool, par: Auteur, le: datetime) -> None:
    """Write the answer on the lines, and in the journal of the orders they come from."""
    if not lignes:
        return
    db.session.execute(
        update(LigneEcartee)
        .where(LigneEcartee.id.in_([ligne.id for ligne in lignes]), LigneEcartee.suite_le.is_(None))
        .values(reprise=reprise, suite_le=le)
    )
    verbe = "remettre un report" if reprise else "décliner un report"
    for commande_id in sorted({ligne.ligne_commande.commande_id for ligne in lignes}):
        combien = sum(ligne.ligne_commande.commande_id == commande_id for ligne in lignes)
        noter(
            "commande",
            commande_id,
            verbe,
            par=par,
            le=le,
            resume=accorde(combien, "article reporté", "articles reportés"),
        )
