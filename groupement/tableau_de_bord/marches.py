"""What the buyer has to do about the marchés themselves: ceilings that come near, renewals, publications."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for

from groupement.catalogue.actions.reconductions import fenetre_de
from groupement.catalogue.models import Marche
from groupement.catalogue.queries.actes import publications_dues, reconductions_a_venir
from groupement.catalogue.queries.bordereaux import bordereaux_a_charger
from groupement.catalogue.rules.decp import a_publier_avant_le
from groupement.catalogue.states import ModeReconduction
from groupement.commandes.queries.suivi_marche import lots_au_seuil
from groupement.commandes.rules.plafond import SEUILS_D_ALERTE_PCT, NiveauPlafond, usage_plafond
from groupement.socle.affichage import euros
from groupement.socle.calendrier import maintenant
from groupement.tableau_de_bord.tache import Tache, avant_le, plusieurs

TROIS_MOIS = timedelta(days=92)  # a renewal is spoken of that long before its last day to decide


def taches_des_marches(le: date) -> Iterator[Tache]:
    """Prices to load, ceilings, renewals, publications. Five statements, whatever the marchés."""
    yield from _bordereaux(le)
    yield from _plafonds(le)
    yield from _reconductions(le)
    yield from _publications(le)


def _bordereaux(le: date) -> Iterator[Tache]:
    """Marchés whose prices are to be loaded, or were begun."""
    for marche, import_id in bordereaux_a_charger(maintenant(), le):
        phrase = f"Charger le bordereau des prix du marché {marche.numero}"
        if import_id is None:
            url = url_for("bordereaux.new", marche_id=marche.id)
            yield Tache("upload", phrase, url, "Charger", "Le catalogue reste vide jusque-là.", "", "attention")
            continue
        url = url_for("bordereaux.show", marche_id=marche.id, import_id=import_id)
        yield Tache("upload", phrase, url, "Continuer", "Le fichier est choisi, rien n’est encore enregistré.")


def _plafonds(le: date) -> Iterator[Tache]:
    """Lots whose bons have passed a threshold."""
    for lot, total in lots_au_seuil(SEUILS_D_ALERTE_PCT[0], le):
        usage = usage_plafond(lot.plafond_ht, total)
        part = "plafond atteint" if usage.niveau is NiveauPlafond.ATTEINT else f"{int(usage.pct)}\u00a0% du plafond"
        ton = "attention" if usage.niveau is NiveauPlafond.ATTENTION else "danger"
        url = url_for("suivi_marches.show", marche_id=lot.marche_id)
        detail = f"{lot.intitule}\u00a0: il reste {euros(usage.reste_ht)} HT à commander."
        yield Tache("graph-up", f"Lot {lot.numero}\u00a0: {part}", url, "Voir le plafond", detail, "", ton)


def _reconductions(le: date) -> Iterator[Tache]:
    """Renewals to decide soon."""
    for reconduction in reconductions_a_venir(le):
        fenetre = fenetre_de(reconduction)
        if le + TROIS_MOIS < fenetre.a_decider_avant_le:
            continue
        tacite = reconduction.mode is ModeReconduction.TACITE
        detail = "Sans décision contraire, il est reconduit." if tacite else "Sans décision, le marché s’arrête."
        url = url_for("reconductions.show", marche_id=reconduction.marche_id)
        phrase = f"Reconduire ou non le marché {reconduction.marche.numero}"
        echeance = avant_le(fenetre.a_decider_avant_le, le)
        yield Tache("calendar-event", phrase, url, "Décider", detail, echeance, "attention")


def _publications(le: date) -> Iterator[Tache]:
    """Essential data to publish."""
    for marche, lots, avenant_du in publications_dues(le):
        yield _publication(marche, lots, avenant_du, le)


def _publication(marche: Marche, lots: int, avenant_du: date | None, le: date) -> Tache:
    """The lots first, then the avenants."""
    limite = a_publier_avant_le(marche.notifie_le if lots or avenant_du is None else avenant_du)
    detail = plusieurs(lots, "lot à publier", "lots à publier") if lots else "Un avenant s’ajoute aux données publiées."
    url = url_for("decp.show", marche_id=marche.id)
    phrase = f"Publier les données essentielles du marché {marche.numero}"
    return Tache("send", phrase, url, "Publier", detail, avant_le(limite, le), "danger" if limite < le else "")
