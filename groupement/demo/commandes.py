"""Orders of the demonstration: baskets as town halls fill them, by the size of the body, without any random draw."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from groupement.adherents.models import Collectivite
from groupement.commandes.actions import commandes
from groupement.commandes.actions.saisies import enregistrer_saisie
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.queries.commandes import commande_de
from groupement.commandes.queries.paniers import fenetre_de
from groupement.commandes.rules.saisie_rapide import LigneSaisie
from groupement.commandes.states import ModeDeRemise
from groupement.demo.decor import Decor, Signature
from groupement.socle.calendrier import jour_a_paris

# (reference, packs for a village, extra units accepted): what people of the field order together.
PANIERS = (
    (("BTE-STD-10", 2, 10), ("BTE-CON-10", 2, 5), ("REL-A4-100", 2, 0)),
    (("BTE-STD-10", 4, 0), ("BTE-STD-15", 1, 0), ("REL-A4-200", 3, 0), ("RES-ENL", 1, 0)),
    (("BTE-CON-10", 6, 10), ("RF-100-35-220-D", 1, 0), ("RF-100-35-220-S", 3, 0), ("LIV-RAY", 1, 0)),
    (("BTE-STD-08", 2, 0), ("PAP-A4-90", 6, 0), ("REG-V-100", 1, 0)),
    (("BTE-CON-10", 3, 0), ("REL-A4-100", 4, 0), ("REL-EC-100", 2, 0), ("RES-ENL", 1, 0)),
    (("BTE-STD-10", 3, 20), ("RF-120-35-220-D", 1, 0), ("RF-120-35-220-S", 2, 0), ("LIV-RAY", 1, 0)),
)
# What only some ask for: (every so many bodies, reference, packs). Their price can still fall.
RARETES = ((23, "BTE-PLN-10", 1), (29, "CHE-120", 1), (31, "POC-A4", 2))
SANS_ECHELLE = frozenset({"RES-ENL", "LIV-RAY", "BTE-PLN-10", "CHE-120", "POC-A4"})  # whatever the size of the body


def commander(decor: Decor, campagne: Campagne, membre: Collectivite, rang: int, le: datetime) -> Commande:
    """Fill the basket of a member, choose where it goes."""
    agent = Signature(f"Secrétariat de {membre.nom}")
    taille = 1 + min((membre.population or 0) // 2500, 8)
    saisies: list[LigneSaisie] = []
    rares = [(reference, colis, 0) for pas, reference, colis in RARETES if rang % pas == 5]
    for reference, colis, en_plus in (*PANIERS[rang % len(PANIERS)], *rares):
        article = decor.articles[reference]
        combien = colis if reference in SANS_ECHELLE else colis * taille
        unites = combien * article.unites_par_colis
        if article.fractionnable:
            unites -= 7 * rang % 23  # towns count what they need, to the box
        en_plus = en_plus if article.fractionnable else 0
        saisies.append(LigneSaisie(len(saisies) + 1, reference, str(unites), str(en_plus or "")))
    fenetre = fenetre_de(campagne, membre.id, jour_a_paris(le))
    commencee = commande_de(campagne.id, membre.id)
    version = commencee.version if commencee else 0
    enregistrer_saisie(fenetre, membre.id, saisies, version, remplacer=False, ecarter=False, par=agent, le=le)
    commande = commande_de(campagne.id, membre.id)
    assert commande is not None
    if rang % 9 == 4:
        commandes.choisir_livraison(commande, ModeDeRemise.DEPOT, None, commande.version, par=agent, le=le)
    return commande


def valider(commande: Commande, le: datetime) -> None:
    """The mayor commits the order the next morning."""
    commandes.valider(
        commande,
        commande.version,
        engagement=f"E{le.year}-{commande.id:05}" if commande.collectivite.chorus_engagement_requis else "",
        code_service="MAIRIE" if commande.collectivite.chorus_service_requis else "",
        par=Signature(f"Maire de {commande.collectivite.nom}"),
        le=le,
    )


def remplir(
    decor: Decor,
    campagne: Campagne,
    membres: Iterable[Collectivite],
    debut: datetime,
    jusqu_ou: Callable[[int], str],
) -> None:
    """One order a member, spread over the days after `debut`; `jusqu_ou(rank)` says how far it goes."""
    for rang, membre in enumerate(membres):
        # More on some days than on others, as when a reminder goes out.
        le = debut + timedelta(hours=rang % 8, minutes=rang % 50, days=rang * (rang + 3) // 2 % 16)
        commande = commander(decor, campagne, membre, rang, le)
        etape = jusqu_ou(rang)
        if etape != "brouillon":
            agent = Signature(f"Secrétariat de {membre.nom}")
            commandes.soumettre(commande, commande.version, par=agent, le=le + timedelta(hours=1))
        if etape == "validee":
            valider(commande, le + timedelta(days=1))
