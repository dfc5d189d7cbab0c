"""Who tries an address, what of the examples is theirs, and the values to put in the addresses."""

from dataclasses import dataclass, field
from typing import Any

from groupement.adherents.states import Role

CORPS, MAISON, PERSONNE = "collectivité", "fournisseur", "personne"

# Whose each object is. A body's: the people of other bodies must not see it; a supplier's: nor other suppliers.
# A person's (their mails): nobody else, but an administrateur. Absent: shared by all who may open the page.
PROPRIETAIRES: dict[str, tuple[str, ...]] = {
    "commande_id": (CORPS,),
    "commandes:ligne_id": (CORPS,),
    "lignes_du_panier:ligne_id": (CORPS,),
    "collectivite_id": (CORPS,),
    "point_id": (CORPS,),
    "service_id": (CORPS,),
    "adhesion_id": (CORPS,),
    "facture_id": (CORPS,),
    "avoir_id": (CORPS,),
    "paiement_id": (CORPS,),
    "session_id": (CORPS,),
    "etat_id": (CORPS,),
    "mission_id": (CORPS,),
    "livraison_id": (CORPS, MAISON),
    "photo_id": (CORPS, MAISON),
    "bon_id": (MAISON,),
    "document_id": (MAISON,),  # a paper of a lot, shared with its titulaire and with every body
    "catalogue:article_id": (MAISON,),  # a supplier sees the articles of its own lots
    "favoris:article_id": (MAISON,),
    "illustrations:article_id": (MAISON,),
    "illustrations:photo_id": (MAISON,),
    "courriel_id": (PERSONNE,),
    "delegation_id": (PERSONNE,),  # who lends the role, and an administrateur
    "cle_id": (PERSONNE,),
}


@dataclass(frozen=True)
class Personne:
    """Somebody who tries an address: an account, its role, for whom it acts, and what of the examples is theirs."""

    nom: str
    role: Role
    utilisateur_id: int
    contexte: str
    proprietaire_de: frozenset[str]
    en_session: dict[str, Any] = field(default_factory=dict)

    def voit(self, appartenances: tuple[str, ...]) -> bool:
        """Whether an object that belongs so is theirs to see; what concerns another kind of people stops nobody."""
        concerne = {Role.AGENT: CORPS, Role.VALIDEUR: CORPS, Role.FOURNISSEUR: MAISON}.get(self.role)
        if PERSONNE in appartenances:
            return PERSONNE in self.proprietaire_de
        return concerne not in appartenances or concerne in self.proprietaire_de


@dataclass(frozen=True)
class Exemples:
    """Values for the addresses, by `blueprint.view:parameter`, `blueprint:parameter` or `parameter`; and the people."""

    valeurs: dict[str, Any]
    personnes: tuple[Personne, ...]

    def formulaire(self, endpoint: str, personne: Personne) -> dict[str, Any]:
        """What a form must name to mean anything, where an empty one names an object that does not exist."""
        formulaires = {
            "tableau_de_bord.create_contexte": {"contexte": personne.contexte},
            "achats.create": {"article": self.valeurs["article_id"]},
            "remises.create_ouverture": {"marche": self.valeurs["(marché servi)"], "depot": self.valeurs["depot_id"]},
            "paniers.create_reprise": {"commande": self.valeurs["(commande)"].get(personne.contexte)},
        }
        return formulaires.get(endpoint, {})

    def cle(self, endpoint: str, parametre: str) -> str | None:
        """Under which name the value of a parameter is found, the most precise first; None when nobody gave one."""
        blueprint = endpoint.rpartition(".")[0]
        noms = (f"{endpoint}:{parametre}", f"{blueprint}:{parametre}", parametre)
        return next((nom for nom in noms if nom in self.valeurs), None)

    def appartenances(self, endpoint: str, parametres: Any) -> tuple[str, ...]:
        """To whom the objects of an address belong."""
        blueprint = endpoint.rpartition(".")[0]
        return tuple(
            sorted({qui for p in parametres for qui in PROPRIETAIRES.get(f"{blueprint}:{p}", PROPRIETAIRES.get(p, ()))})
        )

    def pour(self, endpoint: str, parametres: Any) -> dict[str, Any]:
        """The values to build an address with."""
        cles = {parametre: self.cle(endpoint, parametre) for parametre in parametres}
        manquent = [parametre for parametre, cle in cles.items() if cle is None]
        assert not manquent, f"{endpoint} : dites quel objet va sous {manquent} dans tests/exemples/objets.py."
        return {parametre: self.valeurs[cle] for parametre, cle in cles.items() if cle is not None}
