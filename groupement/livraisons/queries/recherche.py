"""What the list of deliveries is narrowed to: one view, and filters read from the address."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, true

from groupement.adherents.models import Collectivite, PointDeLivraison
from groupement.adherents.rules.recherche import mots
from groupement.commandes.models import BonDeCommande
from groupement.livraisons.models import Livraison
from groupement.livraisons.queries.livraisons import est_en_retard
from groupement.livraisons.states import ETATS_ADMIS, EtatLivraison

VUES: Mapping[str, tuple[str, frozenset[EtatLivraison]]] = {
    "a-recevoir": ("À recevoir", frozenset({EtatLivraison.ANNONCEE, EtatLivraison.AJOURNEE})),
    "en-retard": ("En retard", frozenset({EtatLivraison.ANNONCEE})),
    "a-decider": ("À décider", frozenset({EtatLivraison.EN_VERIFICATION})),
    "sans-reserve": ("Reçues sans réserve", frozenset({EtatLivraison.LIVREE})),
    "terminees": ("Terminées", ETATS_ADMIS | {EtatLivraison.REJETEE}),
    "toutes": ("Toutes", frozenset(EtatLivraison)),
}


def conditions(vue: str, args: Mapping[str, str], le: date) -> list[ColumnElement[bool]]:
    """The conditions a view and the filters of the address ask for: q, bon, fournisseur, lieu."""
    voulues: list[ColumnElement[bool]] = []
    if vue != "toutes":
        voulues.append(Livraison.etat.in_(VUES[vue][1]))
    if cherche := args.get("q", "").strip()[:100]:
        voulues.append(_contient(cherche))
    for cle, colonne in (("bon", BonDeCommande.id), ("fournisseur", BonDeCommande.fournisseur_id)):
        if (texte := args.get(cle, "")).isascii() and texte.isdigit() and len(texte) < 10:
            voulues.append(colonne == int(texte))
    if args.get("lieu") == "depot":
        voulues.append(Livraison.collectivite_id.is_(None))
    elif args.get("lieu") == "membres":
        voulues.append(Livraison.collectivite_id.is_not(None))
    if vue == "en-retard":
        voulues.append(est_en_retard(le))
    return voulues


def collectivite_nommee(cherche: str) -> ColumnElement[bool]:
    """The name of the body holds all these words, whatever their accents and hyphens."""
    return and_(true(), *(Collectivite.nom_recherche.contains(mot) for mot in mots(cherche[:100])))


def _contient(cherche: str) -> ColumnElement[bool]:
    """The name of the body, of the place, or the number of the bon or slip holds what is looked for."""
    return or_(
        collectivite_nommee(cherche) if mots(cherche) else false(),
        PointDeLivraison.libelle.icontains(cherche, autoescape=True),
        BonDeCommande.numero.icontains(cherche, autoescape=True),
        Livraison.bordereau.icontains(cherche, autoescape=True),
    )
