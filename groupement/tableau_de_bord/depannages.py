"""What urgent orders ask of people: of a body, and of the buyer who hands them over."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from flask import url_for

from groupement.adherents.acces import Contexte
from groupement.adherents.states import Role
from groupement.commandes.models import Commande, Depannage
from groupement.commandes.queries.depannages import combien_a_remettre, en_cours_de, guichets_parmi
from groupement.commandes.queries.paniers import Fenetre
from groupement.commandes.states import EtatCommande, ModeDeRemise
from groupement.tableau_de_bord.tache import Tache, plusieurs


def taches_du_corps(
    contexte: Contexte, ouvertes: Sequence[Fenetre], le: date, annonce: Callable[[], str]
) -> Iterator[Tache]:
    """The urgent orders of a body under way; else, when the depot serves it, where to ask. One statement."""
    assert contexte.collectivite_id is not None
    for commande, depannage in en_cours_de(contexte.collectivite_id):
        yield _tache(contexte, commande, depannage)
    if any(guichet.motif is None for guichet in guichets_parmi(ouvertes, le)):
        phrase = "Un besoin urgent\u00a0? Le dépôt peut vous servir avant la prochaine campagne"
        yield Tache("boxes", phrase, url_for("depannages.new"), "Voir ce qu’il a", annonce())


def _tache(contexte: Contexte, commande: Commande, depannage: Depannage) -> Tache:
    """Finish, commit, fetch, or just know where it stands."""
    voir = url_for("depannages.show", commande_id=commande.id)
    if commande.etat is EtatCommande.BROUILLON:
        motif = f"Le valideur l’a renvoyé\u00a0: {commande.renvoi_motif}" if commande.renvoi_motif else ""
        url = url_for("depannages.edit", commande_id=commande.id)
        return Tache("boxes", "Un dépannage est à compléter", url, "Le reprendre", motif, "", "attention")
    if commande.etat is EtatCommande.SOUMISE and contexte.a_role(Role.VALIDEUR):
        url, detail = (
            url_for("engagements.new", commande_id=commande.id),
            f"{commande.soumise_par}\u00a0: {depannage.motif}",
        )
        phrase = "Un dépannage attend votre validation"
        return Tache("pencil-square", phrase, url, "Relire et valider", detail, "", "attention")
    if commande.etat is EtatCommande.SOUMISE:
        return Tache("hourglass-split", "Votre dépannage attend le valideur", voir, "Voir la demande", depannage.motif)
    if commande.mode is ModeDeRemise.LIVRAISON:
        return Tache("truck", "Le dépôt vous apporte un dépannage", voir, "Voir le détail", depannage.motif)
    depot = commande.campagne.depot
    phrase = f"Un dépannage est à retirer au dépôt\u00a0: {depot.nom}"
    return Tache("boxes", phrase, voir, "Voir le détail", depot.horaires, "", "attention")


def taches_de_remise() -> Iterator[Tache]:
    """The urgent orders to prepare and hand over. One statement."""
    if combien := combien_a_remettre():
        phrase = f"{plusieurs(combien, 'dépannage', 'dépannages')} à remettre"
        detail = "Leurs articles sont sortis du stock, à mettre de côté pour la collectivité."
        yield Tache("boxes", phrase, url_for("remises.index"), "Préparer et remettre", detail, "", "attention")
