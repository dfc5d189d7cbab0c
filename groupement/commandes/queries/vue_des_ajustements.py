"""The decisions of the buyer on the page of the preview, each with what it changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from groupement.commandes.models import Ajustement
from groupement.commandes.queries.ajustements import cible_de
from groupement.commandes.rules.ajustements import SORTANTS, DemandesAjustees
from groupement.commandes.rules.bons import LigneRegroupee, ResultatRegroupement
from groupement.commandes.states import GenreAjustement
from groupement.socle.nombres import accorde, entier_fr, euros_fr

SANS_EFFET = "Sans effet aujourd’hui\u00a0: personne n’en demande."


@dataclass(frozen=True, slots=True)
class AjustementVu:
    """A decision in force: what it bears on, what is decided, what this changes."""

    ajustement: Ajustement
    nom: str
    decision: str
    effet: str

    @property
    def article_id(self) -> int | None:
        """The article whose row of the preview it marks, whoever's order it is of."""
        return self.ajustement.article_id


def ajustements_vus(
    ajustements: Sequence[Ajustement], resultat: ResultatRegroupement, ajustees: DemandesAjustees
) -> Sequence[AjustementVu]:
    """Each decision with its effect. No statement."""
    lignes = Counter(ecartee.decision.decision_id for ecartee in ajustees.ecartees)
    unites: Counter[int] = Counter()
    for ecartee in ajustees.ecartees:
        unites[ecartee.decision.decision_id] += ecartee.demande.unites
    achats: dict[int, list[LigneRegroupee]] = {}
    for ligne in (ligne for bon in resultat.bons for ligne in bon.lignes):
        achats.setdefault(ligne.article_id, []).append(ligne)
    return [
        AjustementVu(
            *(ajustement, cible_de(ajustement).nom, decision_en_clair(ajustement)),
            effet_d_une_sortie(lignes[ajustement.id], unites[ajustement.id])
            if ajustement.genre in SORTANTS
            else effet_d_un_achat(achats.get(ajustement.article_id or 0, [])),
        )
        for ajustement in ajustements
    ]


def decision_en_clair(ajustement: Ajustement) -> str:
    """What is decided, in a few words."""
    if ajustement.genre is GenreAjustement.VISER:
        return f"Acheter jusqu’au palier de {entier_fr(ajustement.unites)}"
    if ajustement.genre is GenreAjustement.AJOUTER:
        return f"Acheter {accorde(ajustement.unites, 'unité')} de plus"
    return ajustement.genre.libelle(coordonnateur=True)


def effet_d_une_sortie(lignes: int, unites: int) -> str:
    """How much is not ordered."""
    if not lignes:
        return SANS_EFFET
    return f"{accorde(lignes, 'ligne')} de commande, {accorde(unites, 'unité')}\u00a0: pas commandées."


def effet_d_un_achat(lignes: Sequence[LigneRegroupee]) -> str:
    """How much is bought beyond the demand, and whose it is."""
    achetees = sum(ligne.unites_achetees for ligne in lignes)
    if not achetees:
        return SANS_EFFET if not lignes else "Sans effet aujourd’hui\u00a0: tout vient du stock du dépôt."
    membres = sum(ligne.unites_acceptees_en_plus for ligne in lignes)
    depot = sum(ligne.surplus_au_depot for ligne in lignes)
    cout = sum((ligne.montant_depot_ht for ligne in lignes[1:]), lignes[0].montant_depot_ht)
    return (
        f"{accorde(achetees, 'unité')} achetées, dont {entier_fr(membres)} aux membres qui en acceptaient plus "
        f"et {entier_fr(depot)} au dépôt ({euros_fr(cout)})."
    )
