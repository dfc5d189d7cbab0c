"""The list of articles an audit leads to order, as the archivist wants it. The first change writes the one proposed."""

from datetime import datetime

from groupement.catalogue.models import Article
from groupement.catalogue.rules.conditionnement import est_en_colis_entiers, phrase_conditionnement
from groupement.etats_des_lieux.actions.ecriture import exiger_version, marquer
from groupement.etats_des_lieux.models import Besoin, EtatDesLieux
from groupement.etats_des_lieux.queries import lignes_proposees
from groupement.etats_des_lieux.states import EtatEtatDesLieux
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur
from groupement.socle.nombres import entier_fr

UNITES_MAX = 1_000_000
AJOUT_A_LA_MAIN = "Ajouté par l’archiviste."


def ajouter_besoin(
    etat: EtatDesLieux, article: Article, unites: int, raison: str, version: int, *, par: Auteur, le: datetime
) -> Besoin:
    """Add an article the calculation did not propose. Raises RegleRefusee when it is already in the list."""
    _exiger_liste_ouverte(etat, version)
    ecrire_la_proposition(etat, le)
    if any(besoin.article_id == article.id for besoin in etat.besoins):
        raise RegleRefusee(f"{article.reference} est déjà dans la liste\u00a0: changez sa quantité.")
    _exiger_colis(article, unites)
    besoin = Besoin(article=article, unites=unites, unites_necessaires=unites, raison=raison or AJOUT_A_LA_MAIN)
    etat.besoins.append(besoin)
    marquer(etat, "ajouter", f"{entier_fr(unites)} × {article.reference}", par=par, le=le)
    return besoin


def modifier_besoin(
    etat: EtatDesLieux, article_id: int, unites: int, version: int, *, par: Auteur, le: datetime
) -> None:
    """Set how many pieces of an article to order."""
    _exiger_liste_ouverte(etat, version)
    ecrire_la_proposition(etat, le)
    besoin = _besoin(etat, article_id)
    _exiger_colis(besoin.article, unites)
    resume = f"{besoin.article.reference}\u00a0: {entier_fr(besoin.unites)} → {entier_fr(unites)}"
    besoin.unites = unites
    marquer(etat, "modifier", resume, par=par, le=le)


def retirer_besoin(etat: EtatDesLieux, article_id: int, version: int, *, par: Auteur, le: datetime) -> None:
    """Take an article out of the list, which keeps one at least: an empty one would be proposed anew."""
    _exiger_liste_ouverte(etat, version)
    ecrire_la_proposition(etat, le)
    besoin = _besoin(etat, article_id)
    if len(etat.besoins) == 1:
        raise RegleRefusee("C’est le dernier article de la liste\u00a0: ajoutez-en un autre avant de le retirer.")
    etat.besoins.remove(besoin)
    marquer(etat, "retirer", f"{entier_fr(besoin.unites)} × {besoin.article.reference}", par=par, le=le)


def reprendre_la_proposition(etat: EtatDesLieux, version: int, *, par: Auteur, le: datetime) -> None:
    """Forget what was changed in the list: it is again the one calculated."""
    _exiger_liste_ouverte(etat, version)
    etat.besoins.clear()
    db.session.flush()
    if etat.etat is EtatEtatDesLieux.VALIDE:
        ecrire_la_proposition(etat, le)
    marquer(etat, "reprendre la proposition", "Liste des articles recalculée", par=par, le=le)


def ecrire_la_proposition(etat: EtatDesLieux, le: datetime) -> None:
    """Write the lines proposed as rows, unless there is a list already."""
    if etat.besoins:
        return
    for ligne in lignes_proposees(etat, jour_a_paris(le)):
        etat.besoins.append(
            Besoin(
                article=ligne.article,
                unites=ligne.unites,
                unites_necessaires=ligne.unites_necessaires,
                raison=ligne.raison,
            )
        )
    db.session.flush()


def oublier_si_inchangee(etat: EtatDesLieux, le: datetime) -> None:
    """Drop a list that is exactly the one calculated, so that it follows the measures again."""
    calculee = {ligne.article.id: ligne.unites for ligne in lignes_proposees(etat, jour_a_paris(le))}
    if {besoin.article_id: besoin.unites for besoin in etat.besoins} == calculee:
        etat.besoins.clear()
        db.session.flush()


def _besoin(etat: EtatDesLieux, article_id: int) -> Besoin:
    """The line of an article. Raises RegleRefusee when the list has it no more."""
    for besoin in etat.besoins:
        if besoin.article_id == article_id:
            return besoin
    raise RegleRefusee("Cet article n’est plus dans la liste\u00a0: rechargez la page.")


def _exiger_liste_ouverte(etat: EtatDesLieux, version: int) -> None:
    """Raise once the needs have been sent, or when the page is out of date."""
    if etat.etat is EtatEtatDesLieux.SUIVI:
        raise RegleRefusee("Les besoins sont transmis à la collectivité\u00a0: la liste ne change plus.")
    exiger_version(etat, version)


def _exiger_colis(article: Article, unites: int) -> None:
    """Raise RegleRefusee, with the nearest quantities, unless the pieces make whole packs."""
    if not 1 <= unites <= UNITES_MAX:
        raise RegleRefusee(f"Indiquez de 1 à {entier_fr(UNITES_MAX)} unités, ou retirez l’article.")
    if not article.fractionnable and not est_en_colis_entiers(unites, article.unites_par_colis):
        raise RegleRefusee(phrase_conditionnement(unites, article.unites_par_colis))
