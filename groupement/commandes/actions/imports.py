"""Orders the buyer received on paper, entered in the bodies' names: all of a file or nothing, in a few statements.

A body without an order in the campagne gets one, committed (`validee`): the regroupement takes it. Lines are added to
an order that is there already, which keeps its state, its place and its way of delivery: a committed one stays
committed; a basket or an order awaiting its valideur is completed but *not* committed in the valideur's stead, since
it may hold what nobody decided yet. Its people get a mail, and the balance of the import names it to the buyer.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from groupement.catalogue.rules.conditionnement import colis_necessaires
from groupement.catalogue.rules.prix import palier_applicable
from groupement.commandes.actions.ecriture_import import (
    CommandeVoulue,
    a_valider,
    completer_les_commandes,
    creer_les_commandes,
    creer_les_lieux,
    ecrire_les_lignes,
    journaliser,
    numeros_des_commandes,
    prevenir,
)
from groupement.commandes.models import Campagne
from groupement.commandes.queries import commandes as queries
from groupement.commandes.queries.campagnes import campagne_verrouillee
from groupement.commandes.queries.imports import Situation, situation
from groupement.commandes.rules.controle_import import fautes_de_l_import
from groupement.commandes.rules.import_commandes import LigneImportee
from groupement.commandes.states import EtatCampagne, ModeDeRemise
from groupement.socle.argent import montant_ligne
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import verrouiller_ecriture
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur
from groupement.socle.lecture_csv import Faute

MODES = {mode.value: mode for mode in ModeDeRemise}


class ImportRefuse(RegleRefusee):
    """The file cannot be written; `fautes` says why, line by line."""

    def __init__(self, fautes: Sequence[Faute]) -> None:
        """Keep the faults; the message is all of them."""
        super().__init__(" ".join(faute.phrase() for faute in fautes))
        self.fautes = tuple(fautes)


@dataclass(frozen=True, slots=True)
class BilanImport:
    """What an import wrote. `a_valider`: bodies whose order was completed but still awaits its own valideur."""

    commandes_creees: int
    commandes_completees: int
    lignes: int
    unites: int
    lieux_crees: tuple[str, ...]
    a_valider: tuple[str, ...]
    total_ht: Decimal


def importer_commandes(
    campagne: Campagne,
    lignes_lues: Sequence[LigneImportee],
    *,
    par: Auteur,
    le: datetime,
    etats: Collection[EtatCampagne] = (EtatCampagne.OUVERTE,),
) -> BilanImport:
    """Write the orders of a file, file order being the rank; the number of statements does not depend on its length.

    Quantities need not be whole packs. The window may be past its last day, not closed: paper arrives late. `etats`:
    where its campagne may stand; a single sheet is entered until the regroupement.
    Raises RegleRefusee when it is elsewhere, ImportRefuse with every fault otherwise; nothing is written then.
    """
    campagne = _tenir(campagne.id, etats)
    avant = situation(campagne, jour_a_paris(le))
    if fautes := fautes_de_l_import(lignes_lues, avant.membres, avant.articles, campagne.lots):
        raise ImportRefuse(fautes)
    voulues = _par_membre(lignes_lues, avant, le)
    prix = _prix(avant, voulues)
    for voulue in voulues:
        voulue.total_ht = _total(voulue, avant, prix)
    lieux_crees = creer_les_lieux(voulues)
    points = queries.points_par_defaut()
    creer_les_commandes(campagne, voulues, points, par, le)
    completer_les_commandes(voulues, points, par, le)
    numeros = numeros_des_commandes(campagne)
    ecrire_les_lignes(voulues, avant, numeros, prix)
    journaliser(voulues, numeros, par, le)
    prevenir(voulues, le)
    return _bilan(lignes_lues, voulues, lieux_crees)


def _bilan(
    lignes_lues: Sequence[LigneImportee], voulues: Sequence[CommandeVoulue], lieux: Sequence[str]
) -> BilanImport:
    """What was written."""
    return BilanImport(
        commandes_creees=sum(voulue.commande is None for voulue in voulues),
        commandes_completees=sum(voulue.commande is not None for voulue in voulues),
        lignes=len(lignes_lues),
        unites=sum(ligne.unites for ligne in lignes_lues),
        lieux_crees=tuple(lieux),
        a_valider=tuple(voulue.membre.nom for voulue in a_valider(voulues)),
        total_ht=sum((voulue.total_ht for voulue in voulues), Decimal("0.00")),
    )


def _tenir(campagne_id: int, etats: Collection[EtatCampagne]) -> Campagne:
    """The campagne, held until the commit: nobody closes or regroups it, nor starts an order in it meanwhile."""
    verrouiller_ecriture()
    campagne = campagne_verrouillee(campagne_id)
    if campagne.etat not in etats:
        libelle = campagne.etat.libelle(coordonnateur=True)
        raise RegleRefusee(f"On n’importe que dans une campagne ouverte\u00a0: l’état est «\u00a0{libelle}\u00a0».")
    return campagne


def _par_membre(lignes_lues: Sequence[LigneImportee], avant: Situation, le: datetime) -> list[CommandeVoulue]:
    """The lines gathered by body, bodies in the order of the file; a microsecond between two lines keeps file order."""
    voulues: dict[str, CommandeVoulue] = {}
    for place, ligne in enumerate(lignes_lues):
        voulue = voulues.get(ligne.siren)
        if voulue is None:
            membre = avant.membres[ligne.siren]
            commande = avant.commandes.get(membre.collectivite_id)
            voulue = CommandeVoulue(membre, MODES[ligne.mode], commande, Counter(), Counter(), {})
            voulues[ligne.siren] = voulue
        article_id = avant.articles[ligne.reference].article_id
        assert article_id is not None
        voulue.unites[article_id] += ligne.unites
        voulue.en_plus[article_id] += ligne.unites_acceptees_en_plus
        voulue.rangs[article_id] = le + timedelta(microseconds=place)
    return list(voulues.values())


def _prix(avant: Situation, voulues: Iterable[CommandeVoulue]) -> dict[int, Decimal]:
    """The unit price (€ HT) each article reaches with these orders in, by article id."""
    total = avant.unites_comptees()
    for voulue in voulues:
        total.update(voulue.unites)
    return {
        article_id: palier_applicable(
            paliers, _en_colis(total[article_id], avant.unites_par_colis.get(article_id, 1))
        ).prix_unitaire_ht
        for article_id, paliers in avant.paliers.items()
    }


def _en_colis(unites: int, par_colis: int) -> int:
    """Pieces rounded up to whole packs."""
    return colis_necessaires(unites, par_colis) * par_colis


def _total(voulue: CommandeVoulue, avant: Situation, prix: dict[int, Decimal]) -> Decimal:
    """What the order comes to (€ HT) with the lines it had."""
    unites = Counter(voulue.unites)
    if voulue.commande is not None:
        for article_id, ligne in avant.lignes_de(voulue.commande.id).items():
            unites[article_id] += ligne.unites
    montants = (montant_ligne(nombre, prix[article_id]) for article_id, nombre in unites.items() if article_id in prix)
    return sum(montants, Decimal("0.00"))
