"""Who is written to for each mail of the calendar, and with what: one letter a person, all their bodies in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from groupement.commandes.models import Campagne
from groupement.commandes.queries.annonces import Lecteur, Public, a_completer, public_de
from groupement.commandes.queries.commandes import ENGAGEES
from groupement.commandes.queries.complement import a_completer_en_phase, manques
from groupement.commandes.rules.acces_campagne import phrase_de_la_livraison
from groupement.commandes.rules.phrases_du_complement import phrase_du_depot, phrase_du_gain, phrases_du_manque
from groupement.commandes.states import EtatCommande, GenreAnnonce
from groupement.socle.calendrier import date_fr, jour_a_paris, temps_restant

Lettre = tuple[str, str, Mapping[str, Any]]  # address, subject, values of the template
ATTENTES = ("sans_commande", "a_terminer", "a_valider")
CAS = {None: "sans_commande", EtatCommande.BROUILLON: "a_terminer", EtatCommande.SOUMISE: "a_valider"}


@dataclass(frozen=True, slots=True)
class Lettres:
    """The letters of a mail of the calendar, their template, how many bodies nobody can be written for."""

    gabarit: str
    lettres: Sequence[Lettre]
    sans_adresse: int


def lettres_de(campagne: Campagne, genre: GenreAnnonce, le: datetime, motif: str = "") -> Lettres:
    """The letters of that kind, as they would leave at `le`; a fixed number of statements."""
    return REDACTEURS[genre](campagne, le, motif)


def _a_tous(gabarit: str, sujet: str) -> Callable[[Campagne, datetime, str], Lettres]:
    """A mail to all who may order; `sujet` may name the last day."""

    def rediger(campagne: Campagne, le: datetime, motif: str) -> Lettres:
        public = public_de(campagne, jour_a_paris(le))
        valeurs = _communes(campagne) | {"motif": motif}
        titre = sujet.format(nom=campagne.intitule, au=date_fr(campagne.au))
        lettres = [
            (adresse, titre, valeurs | {"corps": [lu.corps for lu in lus]}) for adresse, lus in _par_adresse(public)
        ]
        return Lettres(gabarit, lettres, public.sans_adresse)

    return rediger


def _rappel(campagne: Campagne, le: datetime, motif: str) -> Lettres:
    """To who may order and has nothing committed, case by case."""
    public = public_de(campagne, jour_a_paris(le)).seulement(lambda _, etat: etat in CAS)
    restant = temps_restant(campagne.au, le)
    sujet = f"{campagne.intitule}\u00a0: {'dernier jour' if restant == 'dernier jour' else f'encore {restant}'}"
    valeurs = _communes(campagne) | {"restant": restant}
    lettres = [(adresse, sujet, valeurs | _par_cas(lus)) for adresse, lus in _par_adresse(public)]
    return Lettres("campagne_rappel", lettres, public.sans_adresse)


def _par_cas(lus: Iterable[Lecteur]) -> dict[str, list[str]]:
    """The names of the bodies, by what they have left to do."""
    cas: dict[str, list[str]] = {attente: [] for attente in ATTENTES}
    for lu in lus:
        cas[CAS[lu.etat]].append(lu.corps)
    return cas


def _colis(campagne: Campagne, le: datetime, motif: str) -> Lettres:
    """To who ordered an article whose pack is not full, or whose next price is near."""
    jour = jour_a_paris(le)
    incomplets = a_completer(campagne, jour)
    public = public_de(campagne, jour, avec_commande=True).seulement(lambda numero, _: numero in incomplets)
    phrases = {
        numero: [(a.manque.demande.designation, a.unites, phrases_du_manque(a.manque)) for a in articles]
        for numero, articles in incomplets.items()
    }
    sujet = f"{campagne.intitule}\u00a0: des colis à compléter avant le {date_fr(campagne.au)}"
    lettres = [
        (
            adresse,
            sujet,
            _communes(campagne) | {"corps": [(lu.corps, lu.etat, phrases[lu.collectivite_id]) for lu in lus]},
        )
        for adresse, lus in _par_adresse(public)
    ]
    return Lettres("campagne_colis", lettres, public.sans_adresse)


def _complement(campagne: Campagne, le: datetime, motif: str) -> Lettres:
    """To who committed an order that holds an article with something missing: what each spares by filling it."""
    jour = jour_a_paris(le)
    trouves = manques(campagne, jour)
    incomplets: dict[int, list[tuple[str, int, list[str]]]] = {}
    for corps, manque, unites in a_completer_en_phase(campagne, trouves):
        phrases = [*phrases_du_manque(manque), phrase_du_depot(manque), phrase_du_gain(manque, unites)]
        incomplets.setdefault(corps, []).append((manque.demande.designation, unites, [p for p in phrases if p]))
    public = public_de(campagne, jour, avec_commande=True).seulement(lambda numero, _: numero in incomplets)
    fin = campagne.complement_au or campagne.au
    sujet = f"{campagne.intitule}\u00a0: des colis à compléter jusqu’au {date_fr(fin)}"
    lettres = [
        (adresse, sujet, _communes(campagne) | {"corps": [(lu.corps, incomplets[lu.collectivite_id]) for lu in lus]})
        for adresse, lus in _par_adresse(public)
    ]
    return Lettres("campagne_complement", lettres, public.sans_adresse)


def _cloture(campagne: Campagne, le: datetime, motif: str) -> Lettres:
    """To who ordered: what happens next; to who did not finish: what was not ordered."""
    public = public_de(campagne, jour_a_paris(le), avec_commande=True)
    lettres = []
    for adresse, lus in _par_adresse(public):
        validees = [lu.corps for lu in lus if lu.etat in ENGAGEES]
        inachevees = [lu.corps for lu in lus if lu.etat not in ENGAGEES]
        suite = "la suite de votre commande" if validees else "votre commande n’a pas été validée"
        sujet = f"{campagne.intitule} est close\u00a0: {suite}"
        lettres.append((adresse, sujet, _communes(campagne) | {"validees": validees, "inachevees": inachevees}))
    return Lettres("campagne_close", lettres, public.sans_adresse)


def _communes(campagne: Campagne) -> dict[str, Any]:
    """What several mails say: the lots open when some are not, the delivery announced."""
    lots = [lot for lot in campagne.marche.lots if campagne.lots is None or lot.numero in campagne.lots]
    return {
        "campagne": campagne,
        "lots": lots,
        "livraison": phrase_de_la_livraison(campagne.livraison_du, campagne.livraison_au),
    }


def _par_adresse(public: Public) -> Iterable[tuple[str, list[Lecteur]]]:
    """Whoever is written to, with the bodies they read for."""
    lus: dict[str, list[Lecteur]] = {}
    for lecteur in public.lecteurs:
        lus.setdefault(lecteur.adresse, []).append(lecteur)
    return lus.items()


REDACTEURS: dict[GenreAnnonce, Callable[[Campagne, datetime, str], Lettres]] = {
    GenreAnnonce.OUVERTURE: _a_tous("campagne_ouverte", "{nom}\u00a0: commandez jusqu’au {au}"),
    GenreAnnonce.J7: _rappel,
    GenreAnnonce.J1: _rappel,
    GenreAnnonce.COLIS: _colis,
    GenreAnnonce.REPORT: _a_tous("campagne_reportee", "{nom}\u00a0: vous pouvez commander jusqu’au {au}"),
    GenreAnnonce.COMPLEMENT: _complement,
    GenreAnnonce.CLOTURE: _cloture,
    GenreAnnonce.REOUVERTURE: _a_tous("campagne_rouverte", "{nom} est rouverte jusqu’au {au}"),
    GenreAnnonce.ANNULATION: _a_tous("campagne_annulee", "{nom} est annulée"),
}
