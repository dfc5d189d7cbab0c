"""What the buyer assumes of the years to come: read from the address, so that a recensement can be kept and sent."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from groupement.etats_des_lieux.rules.recensement import Hypotheses
from groupement.socle.forms import ChoixFr, DecimalFr, EntierFr, Entre, Formulaire, Saisi

GENRES = ("boite", "rayonnage", "reliure")
CHAMPS = ("annees", "croissance_pct", "marge_pct", "part_en_boites_pct", "boites_par_ml", "arrondi_ht")


class HypothesesForm(Formulaire):
    """Years, growth, margin, ratios, and the articles estimates are bought in."""

    class Meta(Formulaire.Meta):
        """Only reads: no token in the address."""

        csrf = False

    annees = EntierFr("Durée du marché", [Saisi("Indiquez une durée."), Entre(1, 8)])
    croissance_pct = DecimalFr(
        "Croissance par an", [Saisi("Indiquez une croissance."), Entre(Decimal(0), Decimal(100))]
    )
    marge_pct = DecimalFr("Marge", [Saisi("Indiquez une marge."), Entre(Decimal(0), Decimal(200))])
    part_en_boites_pct = DecimalFr(
        "Part des archives à mettre en boîtes", [Saisi("Indiquez une part."), Entre(Decimal(0), Decimal(100))]
    )
    boites_par_ml = EntierFr("Boîtes par mètre", [Saisi("Indiquez un nombre de boîtes."), Entre(1, 20)])
    arrondi_ht = DecimalFr("Arrondi du plafond", [Saisi("Indiquez un montant."), Entre(Decimal(1), Decimal(100_000))])
    boite = ChoixFr("Les boîtes estimées sont", coerce=int)
    rayonnage = ChoixFr("Les rayonnages estimés sont", coerce=int)
    reliure = ChoixFr("Les reliures estimées sont", coerce=int)

    def __init__(self, args: Any, choix: Mapping[str, Sequence[tuple[int, str]]]) -> None:
        """`choix`: the articles for each kind, the one proposed first. Without any value, the usual assumptions."""
        usuelles = Hypotheses()
        depart: dict[str, Any] = {champ: getattr(usuelles, champ) for champ in CHAMPS}
        depart |= {genre: choix[genre][0][0] if choix[genre] else 0 for genre in GENRES}
        donnees = args if any(champ in args for champ in (*CHAMPS, *GENRES)) else None
        super().__init__(formdata=donnees, data=depart)
        for genre in GENRES:
            self[genre].choices = list(choix[genre]) or [(0, "Aucun article au marché")]
        self._lues = donnees is not None

    def est_juste(self) -> bool:
        """The usual assumptions always are; those typed must be plausible."""
        return not self._lues or bool(self.validate())

    def hypotheses(self) -> Hypotheses:
        """The assumptions, for the rules."""
        return Hypotheses(**{champ: self[champ].data for champ in CHAMPS})

    def choisis(self) -> dict[str, int]:
        """The article of each kind."""
        return {genre: self[genre].data for genre in GENRES}
