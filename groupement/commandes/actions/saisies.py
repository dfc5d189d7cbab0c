"""A quick entry goes in the basket: all of its lines or none, in as many statements whatever their number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from groupement.commandes.actions.paniers import marquer_panier, panier_a_remplir
from groupement.commandes.models import Commande, LigneCommande
from groupement.commandes.queries.paniers import Fenetre
from groupement.commandes.queries.saisies import articles_offerts
from groupement.commandes.rules.apercu_de_saisie import Apercu, LigneApercue, apercevoir
from groupement.commandes.rules.quantites import rang_apres
from groupement.commandes.rules.saisie_rapide import LigneSaisie
from groupement.socle.calendrier import date_heure_fr
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur
from groupement.socle.nombres import accorde
from groupement.socle.web import ConflitDeVersion


class SaisieRefusee(RegleRefusee):
    """Some lines cannot be written, and nobody said to leave them out."""

    def __init__(self, apercu: Apercu) -> None:
        """Say how many, and what to do."""
        nombre = accorde(len(apercu.fautives), "ligne ne peut", "lignes ne peuvent")
        super().__init__(
            f"{nombre} pas être enregistrée{'s' if len(apercu.fautives) > 1 else ''}\u00a0: corrigez, ou cochez "
            "«\u00a0Laisser de côté les lignes en rouge\u00a0». Rien n’a été enregistré."
        )


def enregistrer_saisie(
    fenetre: Fenetre,
    collectivite_id: int,
    saisies: Sequence[LigneSaisie],
    version: int,
    *,
    remplacer: bool,
    ecarter: bool,
    par: Auteur,
    le: datetime,
) -> Apercu:
    """Write the lines as their preview showed them; `ecarter` leaves the faulty ones out.

    Raises ConflitDeVersion when the basket is no more at `version` (0: there was none), SaisieRefusee for a fault.
    """
    commande = panier_a_remplir(fenetre.campagne, collectivite_id, par=par, le=le)
    if commande.version != version:
        raise ConflitDeVersion(
            f"{commande.modifiee_par or 'Une autre personne'} a changé le panier entre-temps "
            f"({date_heure_fr(commande.modifiee_le)})\u00a0: relisez l’aperçu, puis confirmez. Rien n’a été enregistré."
        )
    apercu = apercevoir(saisies, articles_offerts(fenetre, commande), remplacer=remplacer)
    if not apercu.bonnes:
        raise RegleRefusee("Aucune ligne ne peut aller dans le panier\u00a0: corrigez-les d’abord.")
    if apercu.fautives and not ecarter:
        raise SaisieRefusee(apercu)
    _ecrire(commande, [ligne for ligne in apercu.bonnes if ligne.change], apercu.bilan, par, le)
    return apercu


def _ecrire(commande: Commande, lignes: Sequence[LigneApercue], bilan: str, par: Auteur, le: datetime) -> None:
    """New lines in one statement, changed ones in another, one line of the journal."""
    if not lignes:
        return
    presentes = select(LigneCommande.article_id, LigneCommande.id, LigneCommande.rang)
    connues = db.session.execute(presentes.where(LigneCommande.commande_id == commande.id))
    deja = {article_id: (numero, rang) for article_id, numero, rang in connues}
    nouvelles: list[dict[str, Any]] = []
    changees: list[dict[str, Any]] = []
    changements: dict[int, tuple[int, int]] = {}
    for ligne in lignes:
        assert ligne.article is not None
        valeurs = {"unites": ligne.apres, "unites_acceptees_en_plus": ligne.en_plus_apres}
        changements[ligne.article.id] = (ligne.avant, ligne.apres)
        if ligne.article.id in deja:
            numero, rang = deja[ligne.article.id]
            changees.append({"id": numero, "rang": rang_apres(rang, ligne.avant, ligne.apres, le), **valeurs})
        else:
            nouvelles.append({"commande_id": commande.id, "article_id": ligne.article.id, "rang": le, **valeurs})
    if nouvelles:
        db.session.execute(insert(LigneCommande), nouvelles)
    if changees:
        db.session.execute(update(LigneCommande), changees)
    marquer_panier(commande, "remplir", f"Saisie rapide\u00a0: {bilan}", changements, par=par, le=le)
    db.session.flush()
    db.session.expire(commande, ["lignes"])
