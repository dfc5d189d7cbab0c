"""What an address of the preview asks to decide: the kind, the target, how many pieces."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from groupement.commandes.actions import regroupement as calculs
from groupement.commandes.models import Campagne
from groupement.commandes.queries.ajustements import Cible, cible_visible
from groupement.commandes.queries.regroupement import Entree
from groupement.commandes.rules.ajustements import SORTANTS, Decision
from groupement.commandes.rules.comparaison import Comparaison, comparer
from groupement.commandes.states import GenreAjustement
from groupement.socle.nombres import accorde, entier_fr

TITRES = {
    GenreAjustement.ECARTER: "Laisser de côté",
    GenreAjustement.REPORTER: "Reporter à la prochaine campagne",
}
PHRASES = {
    GenreAjustement.ECARTER: "Ce qui est laissé de côté n’est pas commandé. Les collectivités concernées reçoivent "
    "votre motif par courriel quand les bons partent.",
    GenreAjustement.REPORTER: "Ce qui est reporté n’est pas commandé maintenant. Les collectivités concernées en "
    "reçoivent le motif par courriel, et le retrouvent dans leur prochain panier.",
    GenreAjustement.VISER: "Les unités achetées en plus vont d’abord aux membres qui en acceptaient, par ordre de "
    "rang\u00a0; le reste va au dépôt, qui le paie au même prix.",
}
GENRES = {genre.value: genre for genre in GenreAjustement}


@dataclass(frozen=True, slots=True)
class DecisionDemandee:
    """A decision not taken yet."""

    genre: GenreAjustement
    cible: Cible
    unites: int
    args: dict[str, Any]  # its address

    @property
    def titre(self) -> str:
        """The title of its page."""
        if self.genre is GenreAjustement.VISER:
            return f"Acheter jusqu’au palier de {entier_fr(self.unites)}"
        if self.genre is GenreAjustement.AJOUTER:
            return f"Acheter {accorde(self.colis, 'colis', 'colis')} de plus"
        return TITRES[self.genre]

    @property
    def phrase(self) -> str:
        """What it does, in a sentence."""
        return PHRASES.get(self.genre, PHRASES[GenreAjustement.VISER])

    @property
    def colis(self) -> int:
        """How many packs more."""
        return self.unites // self.cible.article.unites_par_colis if self.cible.article else 0

    def essayer(self, lue: Entree, depuis_le_stock: bool) -> Comparaison:
        """The figures without it, and with it."""
        cible = self.cible
        decision = Decision(
            0,
            self.genre,
            "",
            lot=cible.lot.numero if cible.lot else None,
            article_id=cible.article.id if cible.article else None,
            collectivite_id=cible.commande.collectivite_id if cible.commande else None,
            unites=self.unites,
        )
        avec = replace(lue, decisions=[*lue.decisions, decision])
        return comparer(
            calculs.calculer(lue, depuis_le_stock).resultat, calculs.calculer(avec, depuis_le_stock).resultat
        )


def decision_demandee(campagne: Campagne, args: Mapping[str, str]) -> DecisionDemandee | None:
    """The decision an address asks for; None when it names none, 404 when it is of something else."""
    genre = GENRES.get(args.get("genre", ""))
    noms = {nom: _nombre(args, nom) for nom in ("lot", "article", "commande")}
    if genre is None or not any(noms.values()):
        return None
    cible = cible_visible(campagne, **noms)
    if genre not in SORTANTS and (cible.article is None or cible.commande is not None):
        return None
    unites = 0
    if genre is GenreAjustement.VISER:
        unites = _nombre(args, "unites")
    elif genre is GenreAjustement.AJOUTER and cible.article:
        unites = max(_nombre(args, "colis"), 1) * cible.article.unites_par_colis
    if genre is GenreAjustement.VISER and not unites:
        return None
    gardes = ("genre", "lot", "article", "commande", "unites", "colis", "depuis_le_stock")
    return DecisionDemandee(genre, cible, unites, {nom: args[nom] for nom in gardes if args.get(nom)})


def _nombre(args: Mapping[str, str], nom: str) -> int:
    """A number of the address; 0 for anything else, or for what no column could hold."""
    texte = args.get(nom, "")
    return int(texte) if texte.isascii() and texte.isdecimal() and len(texte) < 8 else 0
