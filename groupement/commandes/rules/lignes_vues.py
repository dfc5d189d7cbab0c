"""Two people on one line of a basket: what each saw, what was written meanwhile, and the sentence that says so.

Quantities are pieces. A line is never overwritten by somebody who had not seen what it had become.
"""

from dataclasses import dataclass
from datetime import datetime

from groupement.socle.calendrier import heure_ou_jour
from groupement.socle.nombres import entier_fr


@dataclass(frozen=True, slots=True)
class Quantites:
    """A line at one moment: units, and how many more are accepted."""

    unites: int
    en_plus: int = 0

    def texte(self) -> str:
        """« 20 », « 20 (jusqu’à 5 de plus) »."""
        return entier_fr(self.unites) + (f" (jusqu’à {entier_fr(self.en_plus)} de plus)" if self.en_plus else "")


@dataclass(frozen=True, slots=True)
class Main:
    """Who changed a line last, and when."""

    nom: str
    le: datetime

    def qui(self) -> str:
        """The name, or somebody."""
        return self.nom or "Une autre personne"


def a_change(vue: Quantites | None, actuelle: Quantites, voulue: Quantites | None) -> bool:
    """Whether a line must not be written over: it is no more what the page showed, nor yet what is wanted.

    `vue` None: the page showed nothing of it. `voulue` None: the line is to be taken out.
    """
    return vue is not None and actuelle not in (vue, voulue)


def phrase_de_changement(
    main: Main, vue: Quantites, actuelle: Quantites, voulue: Quantites | None, le: datetime
) -> str:
    """« Marie Dupont a mis 20 à 14 h 32 ; vous aviez 12 sous les yeux et demandiez 15. »"""
    demande = f"demandiez {voulue.texte()}" if voulue else "retiriez l’article"
    return (
        f"{main.qui()} a mis {actuelle.texte()} {heure_ou_jour(main.le, le)}\u00a0; "
        f"vous aviez {vue.texte()} sous les yeux et {demande}."
    )


def phrase_de_retrait(main: Main, article: str, voulue: Quantites, le: datetime) -> str:
    """« Marie Dupont a retiré BTE-10 du panier à 14 h 32 ; vous demandiez 15. »"""
    return (
        f"{main.qui()} a retiré {article} du panier {heure_ou_jour(main.le, le)}\u00a0; "
        f"vous demandiez {voulue.texte()}."
    )
