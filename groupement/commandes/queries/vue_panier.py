"""Everything the basket page shows, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.adherents.models import PointDeLivraison
from groupement.adherents.queries import points_actifs
from groupement.catalogue.models import Lot
from groupement.commandes.models import Campagne, Commande, LigneCommande, LigneEcartee
from groupement.commandes.queries.commandes import commande_de, lignes_affichees
from groupement.commandes.queries.depannages import guichets_parmi
from groupement.commandes.queries.panier_estime import PanierEstime, estimer_le_panier
from groupement.commandes.queries.paniers import (
    Fenetre,
    besoins_transmis,
    commande_precedente,
    ouvertures,
    prochaine_campagne,
)
from groupement.commandes.queries.reports import reports_a_reprendre
from groupement.commandes.rules.acces_campagne import phrase_de_la_livraison
from groupement.commandes.rules.completude import ce_qui_manque
from groupement.commandes.rules.estimation import Estimation, estimer
from groupement.commandes.rules.minimum_estime import MinimumEstime
from groupement.commandes.rules.port_estime import PortEstime
from groupement.commandes.states import EtatCommande, ModeDeRemise, NatureCampagne
from groupement.etats_des_lieux.models import Besoin


@dataclass(frozen=True, slots=True)
class VuePanier:
    """The basket of a body in one open window; `fenetre` is None when no window is open."""

    fenetres: list[Fenetre]
    fenetre: Fenetre | None
    prochaine: Campagne | None
    commande: Commande | None
    lignes: Sequence[LigneCommande]
    estimation: Estimation
    points: Sequence[PointDeLivraison]
    besoins: Sequence[Besoin]
    precedente: Commande | None
    reports: Sequence[LigneEcartee] = ()
    ports: Sequence[PortEstime] = ()
    minimums: Sequence[MinimumEstime] = ()  # the lots whose bon would stay below the minimum order
    depannage: bool = False  # no window, but the depot serves urgent orders

    @property
    def livraison(self) -> str:
        """The delivery period announced for the window; empty when nothing is."""
        campagne = self.fenetre.campagne if self.fenetre else None
        return phrase_de_la_livraison(campagne.livraison_du, campagne.livraison_au) if campagne else ""

    @property
    def est_partie(self) -> bool:
        """The order is no more a basket."""
        return self.commande is not None and self.commande.etat is not EtatCommande.BROUILLON

    @property
    def besoins_a_ajouter(self) -> list[Besoin]:
        """The needs the basket does not hold yet, or holds too little of."""
        dedans = {ligne.article_id: ligne.unites for ligne in self.lignes}
        manquants = [besoin for besoin in self.besoins if dedans.get(besoin.article_id, 0) < besoin.unites]
        return [b for b in manquants if self.fenetre is None or not self.fenetre.motif_de_l_article(b.article)]

    @property
    def reports_a_montrer(self) -> list[LigneEcartee]:
        """What another campagne postponed, of the lots the body has joined."""
        if self.fenetre is None:
            return []
        return [r for r in self.reports if not self.fenetre.motif_de_l_article(r.ligne_commande.article)]

    @property
    def lieu_choisi(self) -> str:
        """The value of the delivery choice: the id of a place, « depot », or nothing yet."""
        if self.commande is None:
            return ""
        if self.commande.mode is ModeDeRemise.DEPOT:
            return "depot"
        return str(self.commande.point_de_livraison_id or "")

    @property
    def lots_sans_port(self) -> list[Lot]:
        """The lots its articles belong to whose titulaire ships for nothing, by number."""
        avec_port = {port.lot for port in self.ports}
        des_lignes = {ligne.article.lot for ligne in self.lignes}
        return sorted((lot for lot in des_lignes if lot.numero not in avec_port), key=lambda lot: lot.numero)

    @property
    def port_ht(self) -> Decimal:
        """What shipping would cost the body today."""
        return sum((port.part_ht for port in self.ports), Decimal("0.00"))

    @property
    def manques(self) -> list[str]:
        """What is missing before the order can leave."""
        return ce_qui_manque(
            nombre_de_lignes=len(self.lignes),
            mode=self.commande.mode if self.commande else ModeDeRemise.LIVRAISON,
            a_un_lieu=bool(self.commande and self.commande.point_de_livraison_id),
            sans_prix=[li.article.reference for li in self.lignes if li.article_id in self.estimation.sans_prix],
            retires=[li.article.reference for li in self.lignes if not li.article.actif],
            hors_lots=self.fenetre.references_hors_lots(self.lignes) if self.fenetre else [],
        )


def vue_panier(collectivite_id: int, le: date, campagne_id: int | None = None) -> VuePanier:
    """The basket of a body on a day: in the window asked, else in the one that closes first."""
    toutes = ouvertures(collectivite_id, le)
    ouvertes = [f for f in toutes if f.campagne.nature is NatureCampagne.FENETRE]
    voulues = [f for f in ouvertes if campagne_id in (None, f.campagne.id)]
    fenetre = voulues[0] if voulues else None
    if fenetre is None:
        rien: dict[str, Any] = {"commande": None, "lignes": (), "points": (), "besoins": (), "precedente": None}
        rien["depannage"] = any(guichet.motif is None for guichet in guichets_parmi(toutes, le))
        return VuePanier(ouvertes, None, prochaine_campagne(le, collectivite_id), estimation=estimer([]), **rien)
    campagne = fenetre.campagne
    commande = commande_de(campagne.id, collectivite_id)
    lignes = lignes_affichees(commande.id) if commande else ()
    estime = estimer_le_panier(commande, lignes, le) if commande else PanierEstime(estimer([]), [], [])
    return VuePanier(
        fenetres=ouvertes,
        fenetre=fenetre,
        prochaine=None,
        commande=commande,
        lignes=lignes,
        estimation=estime.estimation,
        ports=estime.ports,
        minimums=estime.minimums,
        points=points_actifs(collectivite_id),
        besoins=besoins_transmis(collectivite_id, campagne),
        precedente=commande_precedente(collectivite_id, campagne) if not lignes else None,
        reports=reports_a_reprendre(collectivite_id, campagne),
    )
