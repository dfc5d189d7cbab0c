"""The two doors of a supplier to one of its bons: its account, or the signed link of the mail.

Behind either are the same pages and acts. `Porte` says where these pages are, who acts, and whether one may act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, session, url_for

from groupement.adherents.states import Role
from groupement.commandes.models import BonDeCommande
from groupement.commandes.queries.bons import bon_visible
from groupement.commandes.queries.liens import LienRefuse, bon_du_lien
from groupement.commandes.rules.liens import AuteurDuLien
from groupement.commandes.states import EN_COURS_D_EXECUTION
from groupement.socle.calendrier import aujourdhui
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur

NOM_RETENU = "nom_du_fournisseur"  # in the session: the name typed last, to propose it again


@dataclass(frozen=True, slots=True)
class Porte:
    """A bon, and where its pages are for whoever came in. `cle`: what names the bon in their addresses."""

    bon: BonDeCommande
    blueprint: str
    livraisons: str
    cle: Mapping[str, Any]
    par_lien: bool = False
    lecture_seule: bool = False  # somebody signed in as another than the supplier holds the link

    def url(self, nom: str, /, **valeurs: Any) -> str:
        """A page of the bon."""
        return url_for(f"{self.blueprint}.{nom}", **self.cle, **valeurs)

    def url_livraisons(self, nom: str = "index", /, **valeurs: Any) -> str:
        """A page of its deliveries."""
        return url_for(f"{self.livraisons}.{nom}", **self.cle, **valeurs)

    @property
    def a_ouvrir(self) -> bool:
        """Whether the supplier has still to open this revision: a click of its own, which no mail filter makes."""
        return self.bon.consulte_le is None and self.bon.etat in EN_COURS_D_EXECUTION and not self.lecture_seule

    def auteur(self, nom: str = "") -> Auteur:
        """Who acts: the account, or the supplier and the name typed, kept for the next time."""
        if not self.par_lien:
            return g.contexte
        if self.lecture_seule:
            raise RegleRefusee(
                f"Vous êtes connecté ({g.contexte.intitule})\u00a0: seul le fournisseur agit par ce lien. "
                "Déconnectez-vous pour l’essayer à sa place."
            )
        if nom:
            session[NOM_RETENU] = nom
        return AuteurDuLien(self.bon.fournisseur_fige["nom"], nom)


def par_compte(bon_id: int, *, verrou: bool = False) -> Porte:
    """The bon of a supplier signed in; 404 for another's."""
    bon = bon_visible(bon_id, g.contexte, verrou=verrou)
    return Porte(bon, "bons_recus", "livraisons_du_fournisseur", {"bon_id": bon_id})


def par_lien(jeton: str, *, verrou: bool = False) -> Porte:
    """The bon a signed link names. Raises LienRefuse."""
    bon = bon_du_lien(jeton, aujourdhui(), verrou=verrou)
    autre = g.contexte is not None and not g.contexte.a_role(Role.FOURNISSEUR)
    return Porte(bon, "bon_par_lien", "livraisons_par_lien", {"jeton": jeton}, par_lien=True, lecture_seule=autre)


def page_du_lien_refuse(refus: LienRefuse) -> tuple[str, int]:
    """What somebody reads whose link opens nothing: why, and what to do."""
    return render_template("commandes/lien_refuse.html", motif=refus.motif), refus.code
